//! What happens in an Alliera that others see: on its console, or because the exchange tells them.

use core::fmt;

use serde_json::{Value, json};

use crate::party::Party;

/// Text that is not shown: PINs, tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A door stands open.
    DoorOpened {
        /// Which: its id.
        door: String,
        /// What it is called.
        name: String,
        /// Who opened it: its id.
        owner: String,
    },
    /// Somebody is told the PIN of a compartment.
    PinSent {
        /// The reservation's id.
        reservation: String,
        /// An address, or a number.
        to: Hidden,
        /// The PIN.
        pin: Hidden,
    },
    /// The exchange will never take something that happened: it is set aside, and nobody is called.
    NotTold {
        /// What: `Delivery Created`.
        what: String,
        /// Why the exchange does not take it.
        why: String,
    },
}

/// What the exchange is to be told, which tells those who registered for it (X-CALLBACK).
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// By it [`told`](super::Alliera::told) knows which one; a later one has a greater number.
    pub number: i64,
    /// In which domain.
    pub domain: &'static str,
    /// What: `Created`, `Pickup`.
    pub event_type: String,
    /// Whom it concerns.
    pub to: Party,
    /// What is told.
    pub data: Value,
}

impl Happened {
    /// By which the exchange is told: the body of `POST /exchange/v1/events`.
    #[must_use]
    pub fn to_body(&self) -> Value {
        let Party { partner, instance } = self.to;
        json!({
            "domain": self.domain,
            "eventType": self.event_type,
            "to": {"partnerId": partner.to_string(), "instanceId": instance.to_string()},
            "data": self.data,
        })
    }

    /// That it will never be told, and why.
    #[must_use]
    pub fn not_told(&self, why: String) -> Event {
        Event::NotTold {
            what: format!("{} {}", self.domain, self.event_type),
            why,
        }
    }
}

/// As a console shows it: with a PIN that is sent, since nobody else here receives it.
impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoorOpened { door, name, owner } => write!(
                formatter,
                "the door {name:?} ({door}) stands open for card owner {owner}"
            ),
            Self::PinSent {
                reservation,
                to,
                pin,
            } => write!(
                formatter,
                "{:?} is sent the PIN {} of reservation {reservation}",
                to.0, pin.0
            ),
            Self::NotTold { what, why } => write!(
                formatter,
                "{what} is set aside, and nobody is called for it: {why}"
            ),
        }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hidden")
    }
}
