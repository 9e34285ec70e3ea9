//! How long to wait before a request is sent again.

use std::time::Duration;

use daxsign_core::Timestamp;

use crate::protocol::answer::Answer;
use crate::protocol::http_date;

/// The first pause before a failed request is sent again; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// By what pauses differ, so that many clients do not come back at once.
const SPREAD_MS: u32 = 100;
/// How long a limit lasts that a server does not tell.
const UNTOLD_LIMIT: Duration = Duration::from_secs(1);
/// The end of the year 9999, for limits that last longer.
const LAST_SECOND: i64 = 253_402_300_799;

/// The pause before the attempt after `failed` failed ones.
pub(crate) fn retry_pause(failed: u8, now: Timestamp) -> Duration {
    let factor = 4_u32.saturating_pow(u32::from(failed));
    let spread = (now.nanoseconds() / 1_000) % SPREAD_MS;
    FIRST_PAUSE.saturating_mul(factor) + Duration::from_millis(spread.into())
}

/// Milliseconds since 1970.
fn milliseconds(time: Timestamp) -> i64 {
    let fraction = i64::from(time.nanoseconds() / 1_000_000);
    time.seconds()
        .saturating_mul(1_000)
        .saturating_add(fraction)
}

/// Until when a server that lets nothing more through asks to wait: `Retry-After`, else the time at
/// which the next window begins. The window itself (`7d`) is no time to wait.
pub(crate) fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let after = |pause: Duration| {
        let seconds = i64::try_from(pause.as_secs()).unwrap_or(i64::MAX);
        let end = now.seconds().saturating_add(seconds);
        Timestamp::from_unix(end, now.nanoseconds())
            .or_else(|_| Timestamp::from_unix(LAST_SECOND, 0))
            .unwrap_or(now)
    };
    let asked = answer.field("retry-after").and_then(|text| {
        let seconds = text.trim().parse().ok().map(Duration::from_secs);
        seconds.map(after).or_else(|| http_date::parse(text))
    });
    let reset = || answer.rate_limit()?.reset?.timestamp();
    asked.or_else(reset).unwrap_or_else(|| after(UNTOLD_LIMIT))
}

/// How long that is.
pub(crate) fn limit_pause(answer: &Answer, now: Timestamp) -> Duration {
    let left = milliseconds(limit_end(answer, now)).saturating_sub(milliseconds(now));
    Duration::from_millis(u64::try_from(left).unwrap_or_default())
}
