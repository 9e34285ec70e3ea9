//! What a sender or a receiver should know about a request that keeps every rule.

use daxsign_core::{DEFAULT_WINDOW, Request, Timestamp};
use daxsign_http::RawRequest;

const SECONDS_PER_MINUTE: u64 = 60;
const SECONDS_PER_HOUR: u64 = 3_600;
const SECONDS_PER_DAY: u64 = 86_400;
/// A mean year of the Gregorian calendar.
const SECONDS_PER_YEAR: u64 = 31_556_952;
/// Zones lie whole quarter-hours from UTC, and none more than 14 hours.
const QUARTER_HOUR: u64 = 900;
const FARTHEST_ZONE: u64 = 14 * SECONDS_PER_HOUR;
/// How long a request may have been on its way, in seconds, for its date still to lie a zone away.
const ON_THE_WAY: u64 = 90;

/// Of a request that was just signed; of its date nothing where the present is not known.
pub(crate) fn for_sender(
    raw: &RawRequest<'_>,
    request: &Request<'_>,
    now: Option<Timestamp>,
) -> Vec<String> {
    let date = request
        .field("date")
        .next()
        .unwrap_or_default()
        .trim_ascii();
    let date = Timestamp::parse(date).ok();
    let notes = [
        date.zip(now).and_then(|(date, now)| far_date(date, now)),
        fragment(request),
        nul(request),
        line_ends(raw),
    ];
    notes.into_iter().flatten().collect()
}

/// Lines of the head that end in LF and in CRLF.
pub(crate) fn line_ends(raw: &RawRequest<'_>) -> Option<String> {
    let line = raw.other_line_end?;
    Some(format!(
        "the head's lines end in \\r\\n and in \\n (line {line} differs from the first): some readers \
         on the way take a lone \\n for part of a value, so end all of them in \\r\\n"
    ))
}

/// Where a zone explains how far a date lies from the present.
pub(crate) fn zone_hint(seconds: u64) -> Option<String> {
    let quarters = seconds.saturating_add(ON_THE_WAY) / QUARTER_HOUR;
    let off = seconds.abs_diff(quarters.saturating_mul(QUARTER_HOUR));
    let is_zone = quarters > 0 && off <= ON_THE_WAY && seconds <= FARTHEST_ZONE + ON_THE_WAY;
    is_zone.then(|| {
        let zone = quarters.saturating_mul(QUARTER_HOUR);
        format!(
            "the date lies {} from the present, as a zone does: was local time marked Z? Write UTC \
             with Z, or local time with its zone such as +01:00",
            length(zone)
        )
    })
}

/// A length of time in its largest unit, or in hours and minutes.
fn length(seconds: u64) -> String {
    let count = |unit_seconds: u64, unit: &str| {
        let count = seconds / unit_seconds;
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {unit}{plural}")
    };
    match seconds {
        SECONDS_PER_YEAR.. => count(SECONDS_PER_YEAR, "year"),
        SECONDS_PER_DAY.. => count(SECONDS_PER_DAY, "day"),
        _ => {
            let minutes = seconds / SECONDS_PER_MINUTE;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

/// A date that no verifier with the default window accepts at present.
fn far_date(date: Timestamp, now: Timestamp) -> Option<String> {
    let distance = date.seconds().abs_diff(now.seconds());
    if distance <= DEFAULT_WINDOW.into() {
        return None;
    }
    if let Some(hint) = zone_hint(distance) {
        return Some(hint);
    }
    let question = if distance >= SECONDS_PER_YEAR {
        "is the sender's clock set?"
    } else {
        "sign again when it is sent."
    };
    Some(format!(
        "the date lies {} from now: {question} A verifier allows {DEFAULT_WINDOW} s",
        length(distance)
    ))
}

/// What follows a `#` never goes over the wire (RFC 3986 3.5, RFC 9110 4.2.5).
fn fragment(request: &Request<'_>) -> Option<String> {
    let offset = request.target.iter().position(|byte| *byte == b'#')?;
    Some(format!(
        "the target has a # at byte {offset}: from there on it is a fragment, which HTTP clients never \
         send, so the signature would not fit what arrives; cut it off, or write %23"
    ))
}

fn nul(request: &Request<'_>) -> Option<String> {
    let offset = request.body.iter().position(|byte| *byte == 0)?;
    Some(format!(
        "the body has a NUL at byte {offset}: is it UTF-16, or a buffer that was signed whole?"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_quarter_hours_are_a_zone() {
        for (seconds, length) in [
            (900, Some("0 h 15 min")),
            (3_600, Some("1 h 0 min")),
            (3_600 - 90, Some("1 h 0 min")),
            (3_600 + 90, Some("1 h 0 min")),
            (20_700, Some("5 h 45 min")),
            (50_400 + 90, Some("14 h 0 min")),
            (0, None),
            (90, None),
            (300, None),
            (3_600 - 91, None),
            (3_600 + 91, None),
            (51_300, None),
            (u64::MAX, None),
        ] {
            let hint = zone_hint(seconds);
            assert_eq!(hint.is_some(), length.is_some(), "{seconds}");
            let said = hint.unwrap_or_default();
            assert!(said.contains(length.unwrap_or_default()), "{said}");
        }
    }

    #[test]
    fn a_length_is_told_in_its_largest_unit() {
        assert_eq!(length(59), "0 h 0 min");
        assert_eq!(length(86_399), "23 h 59 min");
        assert_eq!(length(86_400), "1 day");
        assert_eq!(length(172_800), "2 days");
        assert_eq!(length(SECONDS_PER_YEAR), "1 year");
        assert_eq!(length(1_795_000_000), "56 years");
    }
}
