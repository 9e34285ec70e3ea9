//! When a callback is tried again, and when it is given up.

use crate::correlation::CorrelationId;

/// How many seconds behind the beginning each attempt is due: soon again where a receiver starts anew, then through a night.
const DUE: [u32; 10] = [
    0,
    10,
    60,
    5 * 60,
    15 * 60,
    60 * 60,
    3 * 60 * 60,
    6 * 60 * 60,
    12 * 60 * 60,
    24 * 60 * 60,
];
/// How many attempts there are: fewer than heads are kept of one exchange.
pub const ATTEMPTS: u32 = 10;
/// How many seconds behind its beginning a callback is given up in any case: its deadline, which the receiver sees.
pub const GIVEN_UP_AFTER: i64 = 27 * 60 * 60;

/// How many seconds behind the beginning the next attempt is due once there were so many; `None` where there is none. Up to a
/// tenth later, for each delivery otherwise and always the same, so that not all that failed together come together.
#[must_use]
pub fn due_after(attempts: u32, delivery: CorrelationId) -> Option<i64> {
    let due = DUE.get(usize::try_from(attempts).ok()?)?;
    let [chance, ..] = delivery.as_bytes();
    let later = u64::from(*due).saturating_mul(u64::from(*chance)) / (10 * 256);
    i64::try_from(u64::from(*due).saturating_add(later)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_further_and_further_apart_and_end_before_the_deadline() {
        for byte in [0, 17, 255] {
            let id = CorrelationId::from_bytes([byte; 16]);
            let due: Vec<i64> = (0..ATTEMPTS).map(|n| due_after(n, id).unwrap()).collect();
            assert_eq!(due[0], 0);
            let gaps: Vec<i64> = due.windows(2).map(|two| two[1] - two[0]).collect();
            assert!(gaps.windows(2).all(|two| two[1] >= two[0]), "{due:?}");
            assert!(due[9] < GIVEN_UP_AFTER);
            assert_eq!(due_after(ATTEMPTS, id), None);
            assert_eq!(due_after(u32::MAX, id), None);
        }
    }
}
