//! A date as another signer writes it.

use super::deviation::Deviation;
use super::kind::Kind;
use crate::bytes::sink::{Sink, write_decimal};
use crate::request::date::{DateText, Timestamp};

/// The length of `YYYY-MM-DDTHH:MM:SS`.
const SECONDS_LEN: usize = 19;
/// The place of the T.
const TIME_MARK: usize = 10;
const SECONDS_PER_HOUR: i64 = 3_600;
/// Digits of a nanosecond.
const NANO_DIGITS: usize = 9;

/// A date as it was sent.
struct Sent<'a> {
    time: Timestamp,
    /// `YYYY-MM-DDTHH:MM:SS`, in the zone that was sent.
    local: &'a [u8],
    /// Digits of the fraction.
    digits: usize,
    /// What stands behind the fraction.
    zone: &'a [u8],
}

/// Writes a sent date in another form; false if it cannot be read or is signed as it was sent.
pub(crate) fn write_date(
    sent: &[u8],
    date: Option<Deviation>,
    fraction: Option<Deviation>,
    sink: &mut dyn Sink,
) -> bool {
    if date.is_none() && fraction.is_none() {
        return false;
    }
    let Some(time) = Timestamp::parse(sent).ok().or_else(|| rfc1123(sent)) else {
        return false;
    };
    let Ok(utc) = time.format() else {
        return false;
    };
    let sent = Sent::read(sent, time, &utc);
    let digits = match fraction {
        Some(chosen) => usize::from(chosen.number()),
        None => sent.digits,
    };
    match date {
        None => write_local(&sent, b"T", digits, sent.zone, sink),
        Some(date) => write_kind(&sent, &utc, date, digits, sink),
    }
    true
}

fn write_kind(
    sent: &Sent<'_>,
    utc: &DateText,
    date: Deviation,
    digits: usize,
    sink: &mut dyn Sink,
) {
    let nanos = sent.time.nanoseconds();
    match date.kind() {
        Kind::DateUtcFraction => sink.write(utc.as_ref()),
        Kind::DateRfc1123 => sink.write(&sent.time.format_rfc1123().unwrap_or([b'?'; 29])),
        Kind::DatePlusZero => write_utc(sent.time, digits, b"+00:00", sink),
        Kind::DateZoneZ => write_utc(sent.time, digits, b"Z", sink),
        Kind::DateWithoutZone => write_local(sent, b"T", digits, b"", sink),
        Kind::DateWithSpace => write_local(sent, b" ", digits, sent.zone, sink),
        Kind::DateZoneHours => {
            let hours = date.number();
            let zone = [b'+', b'0', b'0'.wrapping_add(hours), b':', b'0', b'0'];
            let ahead = SECONDS_PER_HOUR.saturating_mul(hours.into());
            write_utc(sent.time.saturating_add(ahead), digits, &zone, sink);
        }
        Kind::DateUnix | Kind::DateUnixMillis => {
            let seconds = u64::try_from(sent.time.seconds()).unwrap_or_default();
            write_decimal(seconds, &mut |digits: &[u8]| sink.write(digits));
            if date.kind() == Kind::DateUnixMillis {
                sink.write(nano_digits(nanos).get(..3).unwrap_or_default());
            }
        }
        _ => write_utc(sent.time, 0, b"Z", sink),
    }
}

/// In UTC.
fn write_utc(time: Timestamp, digits: usize, zone: &[u8], sink: &mut dyn Sink) {
    let Ok(text) = time.format() else { return };
    let seconds = text.as_ref().get(..SECONDS_LEN).unwrap_or_default();
    sink.write(seconds);
    write_fraction(time, digits, sink);
    sink.write(zone);
}

/// In the zone that was sent.
fn write_local(sent: &Sent<'_>, mark: &[u8], digits: usize, zone: &[u8], sink: &mut dyn Sink) {
    let (day, time) = sent.local.split_at_checked(TIME_MARK).unwrap_or_default();
    sink.write(day);
    sink.write(mark);
    sink.write(time.get(1..).unwrap_or_default());
    write_fraction(sent.time, digits, sink);
    sink.write(zone);
}

fn write_fraction(time: Timestamp, digits: usize, sink: &mut dyn Sink) {
    if digits > 0 {
        sink.write(b".");
        let all = nano_digits(time.nanoseconds());
        sink.write(all.get(..digits).unwrap_or(&all));
    }
}

fn nano_digits(nanos: u32) -> [u8; NANO_DIGITS] {
    let mut text = [b'0'; NANO_DIGITS];
    let mut rest = nanos;
    for slot in text.iter_mut().rev() {
        *slot = b'0'.wrapping_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
    }
    text
}

impl<'a> Sent<'a> {
    /// A text that was read as `time`: an ISO date, or an RFC 1123 one, which is as good as `utc`.
    fn read(text: &'a [u8], time: Timestamp, utc: &'a DateText) -> Self {
        let utc = utc.as_ref();
        let seconds = utc.get(..SECONDS_LEN).unwrap_or_default();
        let Some((local, rest)) = text
            .split_at_checked(SECONDS_LEN)
            .filter(|(local, _)| local.get(TIME_MARK) == Some(&b'T'))
        else {
            return Self {
                time,
                local: seconds,
                digits: 0,
                zone: b"Z",
            };
        };
        let fraction = rest.strip_prefix(b".").unwrap_or_default();
        let digits = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let zone = if digits == 0 {
            rest
        } else {
            fraction.get(digits..).unwrap_or_default()
        };
        Self {
            time,
            local,
            digits,
            zone,
        }
    }
}

/// Reads `Sat, 28 Nov 2026 12:00:00 GMT` (RFC 9110 5.6.7); the day's name is not looked at.
fn rfc1123(text: &[u8]) -> Option<Timestamp> {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let [
        _,
        _,
        _,
        b',',
        b' ',
        d1,
        d2,
        b' ',
        month @ ..,
        zone_space,
        b'G',
        b'M',
        b'T',
    ] = text
    else {
        return None;
    };
    let [m1, m2, m3, b' ', y1, y2, y3, y4, b' ', time @ ..] = month else {
        return None;
    };
    let (&[h1, h2, b':', n1, n2, b':', s1, s2], b' ') = (time, *zone_space) else {
        return None;
    };
    let (names, _) = MONTHS.as_chunks::<3>();
    let index = names.iter().position(|name| *name == [*m1, *m2, *m3])?;
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |value, digit| {
            let digit = digit.is_ascii_digit().then(|| digit.wrapping_sub(b'0'))?;
            value.checked_mul(10)?.checked_add(digit.into())
        })
    };
    let month = u32::try_from(index).ok()?.checked_add(1)?;
    let day = (number(&[*y1, *y2, *y3, *y4])?, month, number(&[*d1, *d2])?);
    let time = (number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?);
    Timestamp::from_civil(day, time, 0).ok()
}
