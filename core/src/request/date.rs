//! Dates: reading the `Date` field (S-DATE) and writing one.

use crate::error::diagnosing::DIAGNOSES;
use crate::error::{DateProblem, Error};

/// The length of the longest date that [`Timestamp::parse`] reads:
/// `2024-02-29T23:59:59.000000001-11:30`.
pub(crate) const MAX_DATE_LEN: usize = 35;
/// The length of the date that [`Timestamp::format`] writes: `2024-02-29T23:59:59.0000000Z`.
pub const DATE_LEN: usize = 28;

const NANOS_PER_SECOND: u32 = 1_000_000_000;
/// What seven fraction digits (.NET's tick) are counted in.
const NANOS_PER_TICK: u32 = 100;
pub(crate) const SECONDS_PER_DAY: i64 = 86_400;
const SECONDS_PER_HOUR: u32 = 3_600;
const SECONDS_PER_MINUTE: u32 = 60;
/// Days from 0001-01-01 to 1970-01-01 in the Gregorian calendar.
const DAYS_TO_1970: u32 = 719_162;
/// Days from 0001-01-01 to 10000-01-01.
const DAYS_TO_10000: u32 = 3_652_059;
const DAYS_PER_400_YEARS: u32 = 146_097;
const DAYS_PER_100_YEARS: u32 = 36_524;
const DAYS_PER_4_YEARS: u32 = 1_461;
const DAYS_PER_YEAR: u32 = 365;

/// A point in time: seconds since 1970-01-01T00:00:00Z (no leap seconds) and nanoseconds.
///
/// The core has no clock; a caller makes one from its own: `Timestamp::from_unix(seconds, nanos)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

/// A date's text, as [`Timestamp::format`] writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateText([u8; DATE_LEN]);

impl DateText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl AsRef<[u8]> for DateText {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl core::fmt::Display for DateText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub(crate) const EPOCH: Self = Self {
        seconds: 0,
        nanoseconds: 0,
    };

    /// The time `seconds` after (below zero: before) 1970 and `nanoseconds` into that second.
    ///
    /// # Errors
    /// [`Error::InvalidDate`] unless `nanoseconds` is below 1 000 000 000.
    pub const fn from_unix(seconds: i64, nanoseconds: u32) -> Result<Self, Error> {
        if nanoseconds >= NANOS_PER_SECOND {
            return Err(Error::InvalidDate {
                problem: DateProblem::Fraction,
            });
        }
        Ok(Self {
            seconds,
            nanoseconds,
        })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds into the second, below 1 000 000 000.
    #[must_use]
    pub const fn nanoseconds(&self) -> u32 {
        self.nanoseconds
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS`, optionally `.` and 1 to 9 digits, then `Z` or `±hh:mm`
    /// (S-DATE). Years run from 0001 to 9999, zones to ±23:59.
    ///
    /// ```
    /// use daxsign_core::Timestamp;
    /// let date = Timestamp::parse("2020-05-17T14:44:30.5+02:00")?;
    /// assert_eq!((date.seconds(), date.nanoseconds()), (1_589_719_470, 500_000_000));
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidDate`], which says what is expected.
    pub fn parse<T: AsRef<[u8]> + ?Sized>(text: &T) -> Result<Self, Error> {
        parse(text.as_ref()).map_err(|problem| Error::InvalidDate { problem })
    }

    /// Writes the time as `YYYY-MM-DDTHH:MM:SS.fffffffZ`, .NET's round-trip format; what is below
    /// 100 ns is cut off.
    ///
    /// ```
    /// use daxsign_core::Timestamp;
    /// let date = Timestamp::from_unix(1_589_719_470, 243_745_799)?;
    /// assert_eq!(date.format()?.as_str(), "2020-05-17T12:44:30.2437457Z");
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidDate`] for years outside 0001 to 9999.
    pub fn format(&self) -> Result<DateText, Error> {
        let day = self
            .seconds
            .div_euclid(SECONDS_PER_DAY)
            .checked_add(i64::from(DAYS_TO_1970))
            .and_then(|day| u32::try_from(day).ok())
            .filter(|day| *day < DAYS_TO_10000)
            .ok_or(out_of_range("year"))?;
        let second = u32::try_from(self.seconds.rem_euclid(SECONDS_PER_DAY)).unwrap_or_default();
        let (year, month, day) = civil_from_days(day);
        let mut text = *b"YYYY-MM-DDTHH:MM:SS.fffffffZ";
        let fields = [
            (0, 4, year),
            (5, 2, month),
            (8, 2, day),
            (11, 2, second / SECONDS_PER_HOUR),
            (14, 2, second / SECONDS_PER_MINUTE % 60),
            (17, 2, second % SECONDS_PER_MINUTE),
            (20, 7, self.nanoseconds / NANOS_PER_TICK),
        ];
        for (start, width, value) in fields {
            write_digits(&mut text, start, width, value);
        }
        Ok(DateText(text))
    }

    /// This time moved by whole seconds; the ends of the range stay.
    pub(crate) const fn saturating_add(self, seconds: i64) -> Self {
        Self {
            seconds: self.seconds.saturating_add(seconds),
            nanoseconds: self.nanoseconds,
        }
    }

    /// Whole seconds from `earlier` to this time; 0 if it is not earlier.
    pub(crate) fn seconds_since(self, earlier: Self) -> u64 {
        let borrow = i64::from(self.nanoseconds < earlier.nanoseconds);
        let seconds = self
            .seconds
            .saturating_sub(earlier.seconds)
            .saturating_sub(borrow);
        u64::try_from(seconds).unwrap_or_default()
    }

    /// Year, month and day, counted from 1; `None` outside the years 0001 to 9999.
    pub(crate) fn from_civil(
        (year, month, day): (u32, u32, u32),
        (hour, minute, second): (u32, u32, u32),
        nanoseconds: u32,
    ) -> Result<Self, DateProblem> {
        let range = |field| Err(DateProblem::Range { field });
        if !(1..=9999).contains(&year) {
            return range("year");
        }
        let Some(days_in_month) = days_in_month(year, month) else {
            return range("month");
        };
        if !(1..=days_in_month).contains(&day) {
            return range("day");
        }
        if hour > 23 {
            return range("hour");
        }
        if minute > 59 {
            return range("minute");
        }
        if second > 59 {
            return range("second");
        }
        let days =
            i64::from(days_from_civil(year, month, day)).wrapping_sub(i64::from(DAYS_TO_1970));
        // At most 86 399, and days are at most seven digits: nothing wraps.
        let second = hour
            .wrapping_mul(SECONDS_PER_HOUR)
            .wrapping_add(minute.wrapping_mul(SECONDS_PER_MINUTE))
            .wrapping_add(second);
        Ok(Self {
            seconds: days
                .wrapping_mul(SECONDS_PER_DAY)
                .wrapping_add(i64::from(second)),
            nanoseconds,
        })
    }
}

const fn out_of_range(field: &'static str) -> Error {
    Error::InvalidDate {
        problem: DateProblem::Range { field },
    }
}

fn parse(text: &[u8]) -> Result<Timestamp, DateProblem> {
    const SHAPE: &[u8; 19] = b"dddd-dd-ddTdd:dd:dd";
    let fits = |byte: u8, shape: u8| match shape {
        b'd' => byte.is_ascii_digit(),
        literal => byte == literal,
    };
    let same = text
        .iter()
        .zip(SHAPE)
        .take_while(|(byte, shape)| fits(**byte, **shape))
        .count();
    let Some((head, tail)) = text.split_at_checked(SHAPE.len()) else {
        return Err(wrong_format(text, same));
    };
    if same < SHAPE.len() {
        return Err(wrong_format(text, same));
    }
    let field = |start: usize, len: usize| digits(head.get(start..).unwrap_or_default(), len);
    let (nanoseconds, zone) = parse_fraction(tail)?;
    let local = Timestamp::from_civil(
        (field(0, 4), field(5, 2), field(8, 2)),
        (field(11, 2), field(14, 2), field(17, 2)),
        nanoseconds,
    )?;
    Ok(local.saturating_add(parse_zone(zone)?))
}

/// The first byte that differs from the format, or that it is another well-known one.
fn wrong_format(text: &[u8], offset: usize) -> DateProblem {
    match text {
        [a, b, c, b',', ..] if [a, b, c].iter().all(|byte| byte.is_ascii_alphabetic()) => {
            DateProblem::Rfc1123
        }
        _ => DateProblem::Format { offset },
    }
}

/// The value of the first `len` bytes of `text`, which are digits.
pub(crate) fn digits(text: &[u8], len: usize) -> u32 {
    text.iter().take(len).fold(0_u32, |value, byte| {
        value
            .wrapping_mul(10)
            .wrapping_add(u32::from(byte.wrapping_sub(b'0')))
    })
}

/// Nanoseconds of an optional fraction, and what follows it.
fn parse_fraction(tail: &[u8]) -> Result<(u32, &[u8]), DateProblem> {
    const MAX_DIGITS: usize = 9;
    let fraction = match tail {
        [b'.', fraction @ ..] => fraction,
        [b',', ..] if DIAGNOSES => return Err(DateProblem::DecimalComma),
        _ => return Ok((0, tail)),
    };
    let len = fraction
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if len == 0 || len > MAX_DIGITS {
        return Err(DateProblem::Fraction);
    }
    let scaled = (len..MAX_DIGITS).fold(digits(fraction, len), |value, _| value.wrapping_mul(10));
    Ok((scaled, fraction.get(len..).unwrap_or_default()))
}

/// The seconds to add to local time for UTC.
fn parse_zone(zone: &[u8]) -> Result<i64, DateProblem> {
    let &[sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = zone else {
        return match zone {
            b"Z" => Ok(0),
            _ => Err(wrong_zone(zone)),
        };
    };
    if ![h1, h2, m1, m2].iter().all(u8::is_ascii_digit) {
        return Err(DateProblem::Zone);
    }
    let (hours, minutes) = (digits(&[h1, h2], 2), digits(&[m1, m2], 2));
    if hours > 23 || minutes > 59 {
        return Err(DateProblem::Range { field: "zone" });
    }
    let offset = i64::from(
        hours
            .wrapping_mul(SECONDS_PER_HOUR)
            .wrapping_add(minutes.wrapping_mul(SECONDS_PER_MINUTE)),
    );
    Ok(if sign == b'+' {
        offset.wrapping_neg()
    } else {
        offset
    })
}

/// What is wrong with the end of a date that is none.
#[cold]
fn wrong_zone(zone: &[u8]) -> DateProblem {
    if !DIAGNOSES {
        return DateProblem::Zone;
    }
    let [sign, rest @ ..] = zone else {
        return DateProblem::Zone;
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match (sign, rest) {
        (b'Z', _) => DateProblem::AfterZone,
        (b'+' | b'-', _) if digits == 4 || (digits == 2 && rest.len() == 2) => {
            DateProblem::ZoneColon
        }
        (b'+' | b'-', [_, _, b':', m1, m2, ..])
            if digits == 2 && m1.is_ascii_digit() && m2.is_ascii_digit() =>
        {
            DateProblem::AfterZone
        }
        _ => DateProblem::Zone,
    }
}

const fn is_leap_year(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// The days of a month counted from 1; `None` for no such month.
fn days_in_month(year: u32, month: u32) -> Option<u32> {
    match month {
        2 => Some(28_u32.wrapping_add(is_leap_year(year).into())),
        // Every second month has 31, beginning with January and once more with August.
        1..=12 => Some(30_u32.wrapping_add((month ^ (month >> 3)) & 1)),
        _ => None,
    }
}

/// Days from 0001-01-01 to the date, which exists and lies in 0001 to 9999: nothing wraps.
fn days_from_civil(year: u32, month: u32, day: u32) -> u32 {
    let years = year.wrapping_sub(1);
    let leap_days = (years / 4)
        .wrapping_sub(years / 100)
        .wrapping_add(years / 400);
    // 30.58 days for each month come out as whole days where February has 30.
    let february = match month {
        ..=2 => 0,
        _ if is_leap_year(year) => 1,
        _ => 2,
    };
    let months = (month.wrapping_mul(367).wrapping_sub(362) / 12).wrapping_sub(february);
    years
        .wrapping_mul(DAYS_PER_YEAR)
        .wrapping_add(leap_days)
        .wrapping_add(months)
        .wrapping_add(day.wrapping_sub(1))
}

/// Year, month and day of a day counted from 0001-01-01, below [`DAYS_TO_10000`].
fn civil_from_days(days: u32) -> (u32, u32, u32) {
    let (centuries4, rest) = (days / DAYS_PER_400_YEARS, days % DAYS_PER_400_YEARS);
    // The last day of 400 and of 4 years is one more than the division allows for.
    let centuries = (rest / DAYS_PER_100_YEARS).min(3);
    let rest = rest.wrapping_sub(centuries.wrapping_mul(DAYS_PER_100_YEARS));
    let (years4, rest) = (rest / DAYS_PER_4_YEARS, rest % DAYS_PER_4_YEARS);
    let years = (rest / DAYS_PER_YEAR).min(3);
    let mut rest = rest.wrapping_sub(years.wrapping_mul(DAYS_PER_YEAR));
    let year = centuries4
        .wrapping_mul(400)
        .wrapping_add(centuries.wrapping_mul(100))
        .wrapping_add(years4.wrapping_mul(4))
        .wrapping_add(years)
        .wrapping_add(1);
    for month in 1..=12 {
        match rest.checked_sub(days_in_month(year, month).unwrap_or_default()) {
            Some(left) => rest = left,
            None => return (year, month, rest.wrapping_add(1)),
        }
    }
    (year, 12, 31)
}

/// Writes the last `width` decimal digits of `value` at `start`.
fn write_digits(text: &mut [u8], start: usize, width: usize, mut value: u32) {
    let field = text.get_mut(start..).unwrap_or_default();
    for slot in field.iter_mut().take(width).rev() {
        *slot = b'0'.wrapping_add(u8::try_from(value % 10).unwrap_or_default());
        value /= 10;
    }
}
