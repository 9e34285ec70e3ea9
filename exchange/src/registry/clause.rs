//! Clauses as data (X-CLAUSE).

use serde::{Deserialize, Serialize};

use super::quota::{Period, Quota};
use super::resource::Resource;

/// How many clauses a contract has at most.
pub const MAX_CLAUSES: usize = 64;
/// How long each of a clause's texts is at most.
const MAX_TEXT_LEN: usize = 128;

/// What a clause that allows operations is called, and its property.
const OPERATION: (&str, &str) = ("OperationClause", "Operation");
/// What limits the cards of one request.
const CARDS: (&str, &str) = ("AddCardsClause", "MaxCardsInOneRequest");
/// How long what is said under the contract is kept.
const KEPT: (&str, &str) = ("RetentionClause", "MaxDaysKept");
/// The longest that it may be kept, in days: as an operator may set it.
const MAX_DAYS_KEPT: u64 = 36_500;
/// What limits requests per period; the property names the period.
const REQUESTS: &str = "RequestsClause";

/// A clause as the parties signed it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// `OperationClause`, `AddCardsClause`, `RequestsClause`, `RetentionClause`.
    pub clause: String,
    /// `Operation`, `MaxCardsInOneRequest`, `MaxRequestsPerDay`, …
    pub property: String,
    /// An operation, a resource, `*`; a number.
    pub value: String,
}

/// What a clause means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyClause<'c> {
    /// It allows this; one of them must.
    Allows(&'c str),
    /// It limits something; all of them must hold.
    Limits(Limit),
    /// What is said in its exchanges is erased after so many days.
    Kept(u64),
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Cards that one request adds, to be at most this many.
    Cards(u64),
    /// Requests in a period, to be at most this many.
    Requests(Quota),
}

impl Clause {
    /// What it means; `None` for one that this program does not understand, which is never passed over.
    #[must_use]
    pub fn meaning(&self) -> Option<AnyClause<'_>> {
        let named = (self.clause.as_str(), self.property.as_str());
        if named == OPERATION {
            return Some(AnyClause::Allows(&self.value))
                .filter(|_| Resource::is_known(&self.value));
        }
        if named == CARDS {
            return Some(AnyClause::Limits(Limit::Cards(self.number()?)));
        }
        if named == KEPT {
            let days = self.number()?;
            return (1..=MAX_DAYS_KEPT)
                .contains(&days)
                .then_some(AnyClause::Kept(days));
        }
        let period = Period::from_property(&self.property).filter(|_| self.clause == REQUESTS)?;
        let max = self.number()?;
        Some(AnyClause::Limits(Limit::Requests(Quota { period, max })))
    }

    /// The value as a number in decimal digits and nothing else.
    fn number(&self) -> Option<u64> {
        let digits = self.value.bytes().all(|byte| byte.is_ascii_digit());
        self.value.parse().ok().filter(|_| digits)
    }

    /// Whether its texts are short enough to be kept.
    pub(super) fn is_short(&self) -> bool {
        let texts = [&self.clause, &self.property, &self.value];
        texts.iter().all(|text| text.len() <= MAX_TEXT_LEN)
    }

    /// A clause that allows an operation, a resource, or everything (`*`).
    #[must_use]
    pub fn allowing(what: &str) -> Self {
        let (clause, property) = OPERATION;
        Self {
            clause: clause.into(),
            property: property.into(),
            value: what.into(),
        }
    }
}

impl core::fmt::Display for Clause {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            formatter,
            "{}/{}/{}",
            self.clause, self.property, self.value
        )
    }
}
