//! Which of two ways to the same result takes less time.

use std::time::{Duration, Instant};

/// How often both are timed at least, so that neither is judged by a disturbed round.
const ROUNDS: usize = 20;
/// How long both are timed at most. The same core may run something else at the same time on its other thread: what
/// wants the same multiplier makes two ways take equally long, for as long as it runs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Compares the best times: one way must take a tenth less than the other.
///
/// # Panics
/// If it does not.
pub fn assert_faster(what: &str, mut fast: impl FnMut(), mut slow: impl FnMut()) {
    let time = |best: &mut Duration, operation: &mut dyn FnMut()| {
        let start = Instant::now();
        operation();
        *best = start.elapsed().min(*best);
    };
    let (mut best_of_fast, mut best_of_slow) = (Duration::MAX, Duration::MAX);
    let start = Instant::now();
    for round in 0.. {
        time(&mut best_of_fast, &mut fast);
        time(&mut best_of_slow, &mut slow);
        if round >= ROUNDS && best_of_fast * 10 < best_of_slow * 9 {
            return;
        }
        if start.elapsed() > PATIENCE {
            break;
        }
    }
    panic!("{what}: {best_of_fast:?}, and the slower way {best_of_slow:?}");
}
