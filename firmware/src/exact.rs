//! Instructions to the instruction, with a counter that counts ticks of many of them.

use crate::board::Counter;

/// Instructions of the loop that waits for the counter's next tick.
const WAIT: u32 = Counter::WAIT_LOOP;

/// What an operation took: equal if and only if the instructions were as many.
///
/// Each entry is from one run, a little later each time: the ticks, and the turns of a loop until
/// the next one. The delays are different modulo the loop's length, so that an instruction more
/// moves one of the entries.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Count([(u64, u32); WAIT as usize]);

impl Count {
    /// Roughly, for people.
    #[must_use]
    pub fn instructions(&self) -> u64 {
        let (ticks, turns) = self.0[0];
        Counter.instructions(0, ticks + 1) - u64::from(turns * WAIT)
    }
}

/// Runs `operation` a few times and counts. It must take less than a turn of the counter.
pub fn count(mut operation: impl FnMut()) -> Count {
    let mut count = Count::default();
    for (delay, entry) in (1..).zip(&mut count.0) {
        *entry = once(delay, &mut operation);
    }
    count
}

/// Of its own, so that what comes before and behind the operation is the same for all.
#[inline(never)]
fn once(delay: u32, operation: &mut dyn FnMut()) -> (u64, u32) {
    // From here on ticks come at fixed distances.
    let counter = Counter::start();
    counter.known_loop(delay);
    operation();
    let ticks = counter.now();
    (ticks, counter.wait(ticks))
}
