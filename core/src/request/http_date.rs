//! HTTP's own dates (RFC 9110 5.6.7), which DAX does not take: a controller without a clock reads one
//! in an answer.

use crate::error::{DateProblem, Error};
use crate::request::date::{SECONDS_PER_DAY, Timestamp, digits};

/// 1970-01-01 was a Thursday.
const DAYS: [&[u8; 3]; 7] = [b"Thu", b"Fri", b"Sat", b"Sun", b"Mon", b"Tue", b"Wed"];
const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
/// `a` for a letter and `d` for a digit; the rest stands for itself.
const SHAPE: &[u8; 29] = b"aaa, dd aaa dddd dd:dd:dd GMT";
/// Where the parts start.
const DAY: usize = 5;
const MONTH: usize = 8;
const YEAR: usize = 12;
const TIME: usize = 17;

impl Timestamp {
    /// Reads the date of an HTTP message, such as the `Date` field of a server's answer, in the format
    /// that RFC 9110 5.6.7 has for all senders (IMF-fixdate, as in RFC 1123): always 29 characters and GMT.
    ///
    /// ```
    /// use daxsign_core::Timestamp;
    /// let date = Timestamp::parse_http("Sun, 17 May 2020 12:44:30 GMT")?;
    /// assert_eq!(date.format()?.as_str(), "2020-05-17T12:44:30.0000000Z");
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidDate`] with where the text differs: also for a day that does not exist, a weekday
    /// that is not the date's, a leap second, and the two obsolete formats.
    pub fn parse_http<T: AsRef<[u8]> + ?Sized>(text: &T) -> Result<Self, Error> {
        parse(text.as_ref()).map_err(|offset| Error::InvalidDate {
            problem: DateProblem::NotHttp { offset },
        })
    }

    /// Writes the time in that format.
    pub(crate) fn format_rfc1123(&self) -> Result<[u8; 29], Error> {
        let iso = self.format()?;
        let &[y1, y2, y3, y4, _, m1, m2, _, d1, d2, _, ref time @ ..] = iso.as_ref() else {
            return Ok(*SHAPE);
        };
        let month = digits(&[m1, m2], 2).wrapping_sub(1);
        let month = usize::try_from(month).unwrap_or_default();
        let mut text = *b"Day, dd Mon YYYY HH:MM:SS GMT";
        let parts: [(usize, &[u8]); 5] = [
            (0, weekday(self.seconds())),
            (DAY, &[d1, d2]),
            (MONTH, MONTHS.get(month).copied().unwrap_or(b"???")),
            (YEAR, &[y1, y2, y3, y4]),
            (TIME, time.get(..8).unwrap_or_default()),
        ];
        for (start, part) in parts {
            let field = text.get_mut(start..).unwrap_or_default();
            for (slot, byte) in field.iter_mut().zip(part) {
                *slot = *byte;
            }
        }
        Ok(text)
    }
}

fn weekday(seconds: i64) -> &'static [u8; 3] {
    let day = seconds.div_euclid(SECONDS_PER_DAY).rem_euclid(7);
    let day = usize::try_from(day).unwrap_or_default();
    DAYS.get(day).copied().unwrap_or(b"???")
}

/// The time, or the first byte that differs.
fn parse(text: &[u8]) -> Result<Timestamp, usize> {
    let fits = |byte: u8, shape: u8| match shape {
        b'a' => byte.is_ascii_alphabetic(),
        b'd' => byte.is_ascii_digit(),
        literal => byte == literal,
    };
    let same = text
        .iter()
        .zip(SHAPE)
        .take_while(|(byte, shape)| fits(**byte, **shape))
        .count();
    if same < SHAPE.len() || text.len() > SHAPE.len() {
        return Err(same);
    }
    let part = |start: usize| text.get(start..).unwrap_or_default();
    let number = |start: usize, len: usize| digits(part(start), len);
    let month = MONTHS
        .iter()
        .zip(1..)
        .find_map(|(name, month)| part(MONTH).starts_with(*name).then_some(month))
        .ok_or(MONTH)?;
    let date = (number(YEAR, 4), month, number(DAY, 2));
    let time = (number(17, 2), number(20, 2), number(23, 2));
    let found = Timestamp::from_civil(date, time, 0).map_err(offset_of)?;
    if part(0).starts_with(weekday(found.seconds())) {
        Ok(found)
    } else {
        Err(0)
    }
}

/// Where the number stands that is out of range.
fn offset_of(problem: DateProblem) -> usize {
    let DateProblem::Range { field } = problem else {
        return 0;
    };
    match field {
        "day" => DAY,
        "year" => YEAR,
        "hour" => TIME,
        "minute" => 20,
        _ => 23,
    }
}
