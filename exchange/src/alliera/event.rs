//! What happens in an Alliera that others see: on its console, or as a callback.

use core::fmt;

use serde_json::Value;

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
    /// A callback is to be delivered.
    Callback {
        /// Its id.
        callback: String,
        /// Where to.
        url: String,
        /// The token to send, if one was registered.
        bearer: Option<Hidden>,
        /// Fields to send, each with its value.
        headers: Vec<(String, Hidden)>,
        /// What is told.
        payload: Value,
    },
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hidden")
    }
}
