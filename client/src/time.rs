//! The two kinds of time in answers: the exchange's, and an Alliera's own.
//!
//! Both keep the text as it came, so that what cannot be read is not lost and goes back unchanged.

use core::fmt;

use daxsign_core::Timestamp;

use crate::error::Error;

/// How long a date without fraction and zone is: `2020-01-01T01:02:03`.
const PLAIN_LEN: usize = 19;

/// A time in UTC: the exchange's own (contracts, reservations, rate limits).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UtcTime(String);

/// A time as the clocks at the target Alliera show it, without a zone: of card owners, cards,
/// grants and logs. Which zone that is, the API does not say; it never becomes a [`UtcTime`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LocalTime(String);

/// Date and time with `T` between them, then the fraction, then the zone; the last two may be empty.
fn parts(text: &str) -> Option<(String, &str, &str)> {
    let (plain, rest) = text.split_at_checked(PLAIN_LEN)?;
    let (date, time) = plain.split_at_checked(10)?;
    let time = time.strip_prefix(['T', ' '])?;
    let fraction_len = rest.strip_prefix('.').map_or(0, |digits| {
        1 + digits.bytes().take_while(u8::is_ascii_digit).count()
    });
    let (fraction, zone) = rest.split_at_checked(fraction_len)?;
    Some((format!("{date}T{time}"), fraction, zone))
}

impl UtcTime {
    /// Reads `YYYY-MM-DDTHH:MM:SS`, with `T` or a space, a fraction or none; without a zone it is
    /// taken as UTC.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let time = Self(text.to_owned());
        match time.timestamp() {
            Some(_) => Ok(time),
            None => Err(Error::invalid(format!(
                "\"{text}\" is no time: write it as 2020-01-01T01:02:03Z"
            ))),
        }
    }

    /// The point in time; `None` for a text that is none.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let (plain, fraction, zone) = parts(&self.0)?;
        let zone = if zone.is_empty() { "Z" } else { zone };
        Timestamp::parse(&format!("{plain}{fraction}{zone}")).ok()
    }
}

impl From<Timestamp> for UtcTime {
    /// `YYYY-MM-DDTHH:MM:SS.fffffffZ`.
    fn from(time: Timestamp) -> Self {
        Self(
            time.format()
                .map(|text| text.to_string())
                .unwrap_or_default(),
        )
    }
}

impl LocalTime {
    /// Reads `YYYY-MM-DDTHH:MM:SS`, with `T` or a space, a fraction or none, and no zone.
    ///
    /// ```
    /// use daxsign_client::LocalTime;
    /// assert!(LocalTime::parse("2020-01-01T01:02:03").is_ok());
    /// let refused = LocalTime::parse("2020-01-01T01:02:03+01:00").unwrap_err();
    /// assert!(refused.to_string().contains("without a zone"));
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for anything else, a zone above all.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let time = Self(text.to_owned());
        match (time.as_if_utc(), parts(text)) {
            (Some(_), Some((_, _, ""))) => Ok(time),
            (Some(_), _) => Err(Error::invalid(format!(
                "\"{text}\" has a zone: times of card owners, cards, grants and logs are local \
                 time at the target, written without a zone"
            ))),
            (None, _) => Err(Error::invalid(format!(
                "\"{text}\" is no time: write it as 2020-01-01T01:02:03"
            ))),
        }
    }

    /// Year, month, day, hour, minute and second; `None` for a text that is no time. The `Z` that
    /// some answers put behind a local time says nothing and is passed over.
    #[must_use]
    pub fn fields(&self) -> Option<[u16; 6]> {
        self.as_if_utc()?;
        let (plain, _, _) = parts(&self.0)?;
        let mut fields = [0; 6];
        for (slot, text) in fields.iter_mut().zip(plain.split(['-', 'T', ':'])) {
            *slot = text.parse().ok()?;
        }
        Some(fields)
    }

    /// Checks the text. The value means nothing: it is not UTC.
    fn as_if_utc(&self) -> Option<Timestamp> {
        let (plain, fraction, _) = parts(&self.0)?;
        Timestamp::parse(&format!("{plain}{fraction}Z")).ok()
    }
}

/// What both are beside a time: a text.
macro_rules! text {
    ($type:ty) => {
        impl $type {
            pub(crate) fn as_received(text: String) -> Self {
                Self(text)
            }

            /// The text as it came or was made.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self.0)
            }
        }
    };
}

text!(UtcTime);
text!(LocalTime);
