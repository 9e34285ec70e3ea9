//! What all checks use, and how they tell what they found.

use core::ffi::CStr;

use daxsign_core::PrivateKey;
use daxsign_firmware::measure::Cost;
use daxsign_firmware::{board, report};

/// The board's counter, the key that is loaded, room for a field, and whether all went well so far.
pub struct Bench {
    pub counter: board::Counter,
    pub key: &'static mut PrivateKey,
    pub field: &'static mut [u8],
    pub good: bool,
}

impl Bench {
    /// Prints an operation's line and remembers whether it went well.
    pub fn line(&mut self, operation: &CStr, bits: usize, cost: Cost, good: bool) {
        self.line_with(operation, bits, cost, || (), good);
    }

    /// As [`line`](Self::line), with fields of its own.
    pub fn line_with(
        &mut self,
        operation: &CStr,
        bits: usize,
        cost: Cost,
        more: impl FnOnce(),
        good: bool,
    ) {
        self.good &= good;
        report::line(operation, bits, cost, more, good);
    }
}
