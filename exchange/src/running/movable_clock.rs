//! A clock that can be moved: for a sandbox, and for nothing else.

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use daxsign_core::Timestamp;

use super::clock::Clock;

/// How far it may be moved: a hundred years.
pub const MAX_AHEAD_SECONDS: i64 = 100 * 366 * 86_400;

/// A clock that is so many seconds ahead of another, or behind it. Its clones are the same one.
#[derive(Clone)]
pub struct MovableClock(Arc<Inner>);

struct Inner {
    base: Clock,
    ahead: AtomicI64,
    /// Held while it is moved. Who asks for the time does not wait for that.
    moving: Mutex<()>,
    /// Where it is kept over an end.
    file: Option<PathBuf>,
}

/// Why it is not moved.
#[derive(Debug)]
pub enum NotMoved {
    /// Further than it may be.
    TooFar,
    /// What it would be cannot be kept.
    File(io::Error),
}

impl MovableClock {
    /// One that shows what another does, until it is moved.
    #[must_use]
    pub fn new(base: Clock) -> Self {
        Self::ahead_of(base, 0, None)
    }

    /// The same; how far it is ahead is kept in a file, and read from it where it is there.
    ///
    /// # Errors
    /// The system's; `InvalidData` for a file with anything else in it.
    pub fn kept_in(file: &Path, base: Clock) -> io::Result<Self> {
        let ahead = match std::fs::read_to_string(file) {
            Ok(text) => read(&text).ok_or(io::ErrorKind::InvalidData)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self::ahead_of(base, ahead, Some(file.to_owned())))
    }

    fn ahead_of(base: Clock, ahead: i64, file: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            base,
            ahead: AtomicI64::new(ahead),
            moving: Mutex::new(()),
            file,
        }))
    }

    /// The clock, to be handed in.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let own = self.clone();
        Arc::new(move || own.now())
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        later((self.0.base)(), self.ahead())
    }

    /// By how many seconds it is ahead of the other one.
    #[must_use]
    pub fn ahead(&self) -> i64 {
        self.0.ahead.load(Ordering::Acquire)
    }

    /// Sets how far it is ahead; how far it then is.
    ///
    /// # Errors
    /// [`NotMoved`]: it stays as it is.
    pub fn set_ahead(&self, seconds: i64) -> Result<i64, NotMoved> {
        self.change(|_| Some(seconds))
    }

    /// Moves it by so many seconds, back where they are negative; how far it is ahead then.
    ///
    /// # Errors
    /// [`NotMoved`]: it stays as it is.
    pub fn move_by(&self, seconds: i64) -> Result<i64, NotMoved> {
        self.change(|ahead| ahead.checked_add(seconds))
    }

    fn change(&self, to: impl FnOnce(i64) -> Option<i64>) -> Result<i64, NotMoved> {
        let moving = &self.0.moving;
        let _moving = moving.lock().unwrap_or_else(PoisonError::into_inner);
        let may = -MAX_AHEAD_SECONDS..=MAX_AHEAD_SECONDS;
        let new = to(self.ahead()).filter(|new| may.contains(new));
        let new = new.ok_or(NotMoved::TooFar)?;
        if let Some(file) = &self.0.file {
            std::fs::write(file, format!("{new}\n")).map_err(NotMoved::File)?;
        }
        self.0.ahead.store(new, Ordering::Release);
        Ok(new)
    }
}

fn read(text: &str) -> Option<i64> {
    let may = -MAX_AHEAD_SECONDS..=MAX_AHEAD_SECONDS;
    text.trim().parse().ok().filter(|ahead| may.contains(ahead))
}

/// Where there is no such time it stands still.
fn later(time: Timestamp, seconds: i64) -> Timestamp {
    let sum = time.seconds().saturating_add(seconds);
    Timestamp::from_unix(sum, time.nanoseconds()).unwrap_or(time)
}

impl fmt::Debug for MovableClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MovableClock({} s ahead)", self.ahead())
    }
}

impl fmt::Display for NotMoved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFar => formatter.write_str("a clock is moved by a hundred years at most"),
            Self::File(error) => {
                write!(formatter, "where the clock stands cannot be kept: {error}")
            }
        }
    }
}

impl std::error::Error for NotMoved {}
