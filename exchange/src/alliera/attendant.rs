//! An Alliera as a party of an exchange: it takes what the exchange signed, and signs its answers.

use core::fmt;

use daxsign_core::{PrivateKey, PublicKey, Timestamp};

use super::event::Event;
use super::replying::{Asked, answered, reply};
use super::stand_in::{Alliera, REMEMBERED_SECONDS};
use crate::message::{ForwardRead, Message, Refusal, Unfit};
use crate::party::Party;
use crate::receiving::{Arrival, Inbox};

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;

/// An Alliera with its key and those of the exchange.
pub struct Attendant {
    alliera: Alliera,
    party: Party,
    key: PrivateKey,
    exchange: Vec<PublicKey>,
    inbox: Inbox,
}

/// A message that gets no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unanswered {
    /// It does not verify.
    Refused(Refusal),
    /// The inbox is full, or the answer to it is being made.
    Busy,
    /// The answer cannot be signed.
    Unsigned(Unfit),
}

impl Attendant {
    /// Answers with this key what holds under one of the exchange's.
    #[must_use]
    pub fn new(alliera: Alliera, key: PrivateKey, exchange: Vec<PublicKey>) -> Self {
        Self {
            party: alliera.settings.party,
            alliera,
            key,
            exchange,
            inbox: Inbox::new(REMEMBERED, REMEMBERED_SECONDS),
        }
    }

    /// The Alliera, for its console.
    pub const fn alliera(&mut self) -> &mut Alliera {
        &mut self.alliera
    }

    /// The signed answer to what the exchange sent, and what happened.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn message(
        &mut self,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<(Vec<u8>, Vec<Event>), Unanswered> {
        let message = Message::read(bytes).map_err(Unanswered::Refused)?;
        let keys: Vec<&PublicKey> = self.exchange.iter().collect();
        let read = ForwardRead::verify(&message, &keys, &self.party, now);
        let read = read.map_err(Unanswered::Refused)?;
        let arrival = self.inbox.arrived(read.correlation, read.deadline, now);
        let (reply, events) = match arrival.map_err(|_| Unanswered::Busy)? {
            Arrival::InWork => return Err(Unanswered::Busy),
            Arrival::Again(reply) => (reply, Vec::new()),
            Arrival::First => {
                let asked = Asked {
                    correlation: read.correlation,
                    sender: read.sender,
                    method: read.method,
                    target: read.target,
                    body: read.body,
                };
                let (answer, _) = answered(&mut self.alliera, &asked, now);
                let reply = reply(&answer);
                if read.method == "GET" {
                    // It is read again when it comes again (X-ONCE): a day's pages would take all memory.
                    self.inbox.forgotten(read.correlation);
                } else {
                    self.inbox.answered(read.correlation, &reply);
                }
                (reply, answer.events)
            }
        };
        let unsigned = reply.to(&read).dated(now).map_err(Unanswered::Unsigned)?;
        let signed = unsigned.sign(&self.key);
        let signed = signed.map_err(|error| Unanswered::Unsigned(Unfit::Rule(error)))?;
        Ok((signed.to_bytes(), events))
    }
}

impl fmt::Debug for Attendant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Attendant({})", self.party)
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(formatter),
            Self::Busy => formatter.write_str("no more requests can be taken now"),
            Self::Unsigned(unfit) => unfit.fmt(formatter),
        }
    }
}

impl std::error::Error for Unanswered {}
