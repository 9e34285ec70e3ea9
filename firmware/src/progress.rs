//! A watchdog is fed while the key signs: how long is the longest wait?

use core::cell::Cell;

use daxsign_core::Profile;
use daxsign_firmware::board::Counter;
use daxsign_firmware::measure::measure;
use daxsign_firmware::report;

use crate::bench::Bench;
use crate::controller::{CARD_EVENT_FIELDS, card_event, sign_message};

/// Measures a signature whose key calls back: `calls` and the most instructions between two,
/// `gap`. More than a hundredth of the signature is a failure.
pub fn longest_gap(bench: &mut Bench, bits: usize) {
    let Bench {
        counter,
        key,
        field,
        ..
    } = &mut *bench;
    let counter: &Counter = counter;
    let (last, gap, calls) = (Cell::new(None), Cell::new(0), Cell::new(0));
    let feed = || {
        let now = counter.now();
        if let Some(last) = last.replace(Some(now)) {
            gap.set(gap.get().max(counter.instructions(last, now)));
        }
        calls.set(calls.get() + 1);
    };
    let calling = key.with_progress(feed);
    let (signed, cost) = measure(counter, || {
        // The wait starts with the signature and ends with it.
        last.set(Some(counter.now()));
        let signed = sign_message(
            &calling,
            &card_event(&CARD_EVENT_FIELDS),
            Profile::Documented,
            field,
        )
        .is_ok();
        if let Some(last) = last.get() {
            gap.set(gap.get().max(counter.instructions(last, counter.now())));
        }
        signed
    });
    let (gap, calls) = (gap.get(), calls.get());
    let good = signed && calls > bits && gap <= cost.instructions / 100;
    let more = || {
        report::field(c" calls=", calls);
        report::field(c" gap=", gap as usize);
    };
    bench.line_with(c"yield", bits, cost, more, good);
}
