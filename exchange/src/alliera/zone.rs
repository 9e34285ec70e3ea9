//! Local times: those of an Alliera have no zone in their text, and one that is known to it alone.

use core::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A zone of the IANA database, across every change of its clocks.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

/// There is no zone of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone(String);

/// Why a text is no local time here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTime {
    /// It is not written as one.
    Form,
    /// The clocks were put forward over it.
    Skipped,
}

impl Zone {
    /// By its name: `Europe/Stockholm`.
    ///
    /// # Errors
    /// [`UnknownZone`].
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(name);
        zone.map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The local time of a second of Unix time: `2026-11-29T09:00:00`.
    pub(super) fn local(&self, seconds: i64) -> String {
        let timestamp = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        written(self.0.to_datetime(timestamp))
    }

    /// A local time as it is kept: whole seconds, with `T`.
    pub(super) fn kept(&self, text: &str) -> Result<String, NoTime> {
        let time = read(text)?;
        self.between(time)?;
        Ok(written(time))
    }

    /// The first and the last second of Unix time at which the clocks show that: two where they were put back.
    pub(super) fn seconds(&self, text: &str) -> Result<(i64, i64), NoTime> {
        self.between(read(text)?)
    }

    fn between(&self, time: DateTime) -> Result<(i64, i64), NoTime> {
        let ambiguous = self.0.to_ambiguous_timestamp(time);
        let first = ambiguous.earlier().map_err(|_| NoTime::Form)?.as_second();
        let last = ambiguous.later().map_err(|_| NoTime::Form)?.as_second();
        // In a gap the clocks never show it.
        if self.local(first) == written(time) {
            Ok((first, last))
        } else {
            Err(NoTime::Skipped)
        }
    }
}

/// With `T` or a space; parts of a second are cut off.
fn read(text: &str) -> Result<DateTime, NoTime> {
    let whole = text.split('.').next().unwrap_or_default();
    let time: DateTime = whole
        .replacen(' ', "T", 1)
        .parse()
        .map_err(|_| NoTime::Form)?;
    Ok(time)
}

fn written(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

impl fmt::Display for NoTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Form => "is no local time: write 2026-01-31T23:59:59, without a zone",
            Self::Skipped => "never comes here: the clocks are put forward over it",
        })
    }
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no time zone {:?}", self.0)
    }
}

impl std::error::Error for UnknownZone {}
