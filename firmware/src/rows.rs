//! What multiplies rows of limbs on this board, against plain products.

use daxsign_core::check_rows;
use daxsign_firmware::measure::measure;
use daxsign_firmware::report;

use crate::bench::Bench;
use crate::keys::SMALL;

/// Products, squares and reductions of operands that carry much or not at all, in many lengths.
pub fn all(bench: &mut Bench) {
    let ((cases, good), cost) = measure(&bench.counter, check_rows);
    let more = || report::field(c" cases=", cases);
    bench.line_with(c"rows", SMALL.bits, cost, more, good);
}
