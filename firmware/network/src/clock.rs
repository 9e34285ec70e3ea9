//! The time: the host's at the start, and then the Ethernet controller's counter.

use daxsign_core::{Error, Timestamp};

use crate::{host, lan9118};

/// Ticks of the counter in a millisecond and in a second: it runs at 25 MHz.
const PER_MILLISECOND: u64 = 25_000;
const PER_SECOND: u64 = 25_000_000;

/// A clock. It must be looked at before the counter has turned around, which takes 171 s.
pub struct Clock {
    /// Seconds since 1970 at the start.
    started: u32,
    last: u32,
    ticks: u64,
}

impl Clock {
    /// Starts it. The controller must run.
    pub fn start() -> Self {
        Self {
            started: host::time(),
            last: lan9118::counter(),
            ticks: 0,
        }
    }

    /// Milliseconds since the start.
    pub fn milliseconds(&mut self) -> u64 {
        self.tick() / PER_MILLISECOND
    }

    /// The time of day, to the second.
    pub fn now(&mut self) -> Result<Timestamp, Error> {
        let passed = self.tick() / PER_SECOND;
        Timestamp::from_unix(u64::from(self.started).saturating_add(passed) as i64, 0)
    }

    fn tick(&mut self) -> u64 {
        let now = lan9118::counter();
        self.ticks = self.ticks.wrapping_add(now.wrapping_sub(self.last).into());
        self.last = now;
        self.ticks
    }
}
