//! Pauses between attempts.

use std::time::Duration;

use super::backoff::Backoff;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);

#[test]
fn pauses_grow_and_are_never_longer_than_may_be() {
    let mut backoff = Backoff::new(FIRST, LONGEST);
    let mut most = FIRST;
    for random in [0, u64::MAX, 7, 1 << 40, 12_345, 99, 3, 5, 8, 13] {
        let pause = backoff.pause(random);
        assert!(pause >= most / 2 && pause <= most, "{pause:?} of {most:?}");
        most = (most * 2).min(LONGEST);
    }
    assert_eq!(most, LONGEST);
}

#[test]
fn chance_spreads_them() {
    let pauses: std::collections::BTreeSet<_> = (0..1000)
        .map(|random| Backoff::new(FIRST, LONGEST).pause(random * 104_729))
        .collect();
    assert!(pauses.len() > 900, "{}", pauses.len());
    let (first, last) = (*pauses.first().unwrap(), *pauses.last().unwrap());
    assert!(last > first + FIRST * 4 / 10, "{first:?} to {last:?}");
}

/// One that lived for a while starts from the beginning; one that was thrown out at once does not.
#[test]
fn only_a_connection_that_lived_starts_from_the_beginning() {
    let mut backoff = Backoff::new(FIRST, LONGEST);
    for _ in 0..5 {
        let _ = backoff.pause(0);
        backoff.lived(Duration::from_secs(1));
    }
    assert!(backoff.pause(0) > FIRST);
    backoff.lived(Duration::from_secs(10));
    assert_eq!(backoff.pause(0), FIRST / 2);
    assert!(backoff.long_pause(0) >= LONGEST / 2);
}
