//! How many requests an instance may send in a window of time (X-OVERLOAD).

use std::collections::BTreeMap;

use daxsign_core::Timestamp;
use uuid::Uuid;

/// What is left to an instance; it stands in `X-Rate-Limit-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The window's length in seconds.
    pub window: u32,
    /// How many requests are left in it.
    pub remaining: u32,
    /// The second since 1970 at which the next one begins.
    pub reset: i64,
}

/// Counts the requests of instances. Only those that are registered come here, so that there are no more entries
/// than instances.
#[derive(Debug)]
pub struct Rates {
    max: u32,
    window: u32,
    /// In which window, and how many in it.
    counts: BTreeMap<Uuid, (i64, u32)>,
}

impl Rates {
    /// At most `max` requests in each window of so many seconds; 1 second at least.
    #[must_use]
    pub fn new(max: u32, window: u32) -> Self {
        Self {
            max,
            window: window.max(1),
            counts: BTreeMap::new(),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// What is left, which is nothing.
    pub fn take(&mut self, instance: Uuid, now: Timestamp) -> Result<Rate, Rate> {
        let window = i64::from(self.window);
        let within = now.seconds().checked_rem_euclid(window).unwrap_or_default();
        let begin = now.seconds().saturating_sub(within);
        let entry = self.counts.entry(instance).or_insert((begin, 0));
        // A clock that was set back opens no second window.
        if begin > entry.0 {
            *entry = (begin, 0);
        }
        let used = entry.1;
        let left = |used: u32| Rate {
            window: self.window,
            remaining: self.max.saturating_sub(used),
            reset: entry.0.saturating_add(window),
        };
        if used >= self.max {
            return Err(left(used));
        }
        let used = used.saturating_add(1);
        let rate = left(used);
        entry.1 = used;
        Ok(rate)
    }
}

impl Rate {
    /// The three fields: the window's length as `7d`, `15m` or `30s`; a count; a time with seven digits.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, String); 3] {
        let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
        let whole = |(seconds, unit): &(u32, &str)| {
            let count = self.window.checked_div(*seconds)?;
            let fits = count.checked_mul(*seconds) == Some(self.window) && count > 0;
            fits.then(|| format!("{count}{unit}"))
        };
        let window = units.iter().find_map(whole).unwrap_or_default();
        let reset = Timestamp::from_unix(self.reset, 0).and_then(|reset| reset.format());
        [
            ("X-Rate-Limit-Limit", window),
            ("X-Rate-Limit-Remaining", self.remaining.to_string()),
            (
                "X-Rate-Limit-Reset",
                reset.map(|text| text.to_string()).unwrap_or_default(),
            ),
        ]
    }
}
