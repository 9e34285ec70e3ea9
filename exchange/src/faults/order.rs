//! Which fault, for whom, how often.

use uuid::Uuid;

use super::kind::Kind;
use crate::correlation::CorrelationId;

/// How many seconds a fault that waits may take.
pub(super) const MAX_SECONDS: u16 = 120;

/// Which fault, for whom, how often. What is not said holds for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which fault.
    pub kind: Kind,
    /// Whose requests: the instance that sends them.
    pub instance: Option<Uuid>,
    /// Which requests: the name of an operation, as `open_card_owner_door`.
    pub operation: Option<String>,
    /// How many still get it; `None`: until it is cancelled.
    pub count: Option<u32>,
    /// Of a hundred that could get it so many do.
    pub percent: u8,
    /// How long, where it waits: at most 120 s.
    pub seconds: u16,
}

impl Order {
    /// For the next request.
    #[must_use]
    pub const fn once(kind: Kind) -> Self {
        Self {
            kind,
            instance: None,
            operation: None,
            count: Some(1),
            percent: 100,
            seconds: 2,
        }
    }

    pub(super) fn fits(&self, asked: &Asked<'_>) -> bool {
        self.instance.is_none_or(|wanted| wanted == asked.instance)
            && self
                .operation
                .as_deref()
                .is_none_or(|wanted| Some(wanted) == asked.operation)
    }
}

/// Whose request it is, and which.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its id.
    pub correlation: CorrelationId,
    /// Who sent it.
    pub instance: Uuid,
    /// The name of its operation, where it is one.
    pub operation: Option<&'a str>,
}

/// An order with its number.
pub type Orders = Vec<(u32, Order)>;
