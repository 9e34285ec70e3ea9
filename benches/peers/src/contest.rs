//! How long a contest lasts, and the line that comes of it.

use std::time::Duration;

use daxsign_benches::run::Row;
use daxsign_benches::turns::Contestant;

/// How long one contest lasts: hundreds of rounds for most, and all of them in about a minute.
pub(crate) const GROUP_TIME: Duration = Duration::from_secs(6);

/// A line of the result.
pub(crate) fn row(
    operation: &str,
    peer: &str,
    ours: &Contestant<'_>,
    theirs: &Contestant<'_>,
) -> Row {
    let ratio = theirs.over(ours);
    Row {
        operation: operation.to_owned(),
        peer: peer.to_owned(),
        ratio: ratio.median,
        ratio_low: ratio.low,
        ratio_high: ratio.high,
        our_microseconds: ours.microseconds(),
        peer_microseconds: theirs.microseconds(),
    }
}
