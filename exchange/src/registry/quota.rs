//! How often something may be asked for in a period, by UTC.

use daxsign_core::Timestamp;

/// The periods that a clause can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day, from midnight UTC.
    Day,
}

/// At most so many in each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Which period.
    pub period: Period,
    /// How many.
    pub max: u64,
}

/// How many requests a contract has seen, as the store counts them.
pub trait Used {
    /// In the period that began at this second since 1970.
    fn used(&self, contract: uuid::Uuid, period: Period, begin: i64) -> u64;
}

/// Nothing: where the store decides, when a request is counted.
#[derive(Clone, Copy, Debug)]
pub struct Uncounted;

impl Used for Uncounted {
    fn used(&self, _contract: uuid::Uuid, _period: Period, _begin: i64) -> u64 {
        0
    }
}

impl Period {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// The property of a clause that limits it.
    #[must_use]
    pub const fn property(self) -> &'static str {
        match self {
            Self::Minute => "MaxRequestsPerMinute",
            Self::Hour => "MaxRequestsPerHour",
            Self::Day => "MaxRequestsPerDay",
        }
    }

    /// What a property limits.
    #[must_use]
    pub fn from_property(property: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|period| period.property() == property)
    }

    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }

    /// The second since 1970 at which the period that `now` lies in began.
    #[must_use]
    pub const fn begin(self, now: Timestamp) -> i64 {
        let within = now.seconds().rem_euclid(self.seconds());
        now.seconds().saturating_sub(within)
    }
}
