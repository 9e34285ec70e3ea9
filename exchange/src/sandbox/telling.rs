//! What happened in an Alliera, told the exchange: who registered a callback for it gets one (X-CALLBACK).

use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use daxsign_core::{PrivateKey, Profile};
use serde_json::Value;

use crate::alliera::{Alliera, Event, Happened as Kept, Verdict};
use crate::callbacks::{Happened, To};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::running::{Clock, Incoming, Inlet};

/// How long the exchange may take to have it on disk.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells the exchange what happened, as its party.
pub(super) struct Telling {
    pub(super) inlet: Inlet,
    pub(super) party: Party,
    pub(super) key: Box<PrivateKey>,
    pub(super) clock: Clock,
}

impl Telling {
    /// Tells what it was not told yet, in its order; what will never be told, for the console. What it does not take now it is
    /// told the next time.
    pub(super) fn tell(&self, alliera: &Mutex<Alliera>) -> Vec<Event> {
        let open = || alliera.lock().unwrap_or_else(PoisonError::into_inner);
        let happened = open().happened().unwrap_or_default();
        let mut events = Vec::new();
        for one in &happened {
            let answered = self.one(one);
            let verdict = answered.as_ref().map(|(status, _)| Verdict::of(*status));
            let why = answered.map(|(_, why)| why).unwrap_or_default();
            let kept = match verdict {
                Some(Verdict::Taken) => open().told(one.number),
                Some(Verdict::Refused) => open().set_aside(one.number, &why),
                Some(Verdict::Later) | None => {
                    tracing::warn!(
                        event = one.event_type,
                        "the exchange does not take what happened now: {why}"
                    );
                    break;
                }
            };
            if kept.is_err() {
                break;
            }
            if verdict == Some(Verdict::Refused) {
                events.push(one.not_told(why));
            }
        }
        events
    }

    /// The status of the exchange's answer, and what it says, if there is one.
    fn one(&self, kept: &Kept) -> Option<(u16, String)> {
        let happened = Happened {
            domain: kept.domain.to_owned(),
            event_type: kept.event_type.clone(),
            to: Some(To {
                partner: kept.to.partner,
                instance: Some(kept.to.instance),
            }),
            data: kept.data.clone(),
        };
        let signed = happened.signed(&self.key, Profile::VendorSdk, (self.clock)());
        let (sender, answered) = sync_channel(1);
        let taken = self.inlet.request(Incoming {
            correlation: CorrelationId::fresh()?,
            sender: self.party,
            bytes: signed.ok()?,
            // Where nobody waits any more nobody is told.
            reply: Box::new(move |told| {
                let _ = sender.send((told.status, message(&told.body)));
            }),
        });
        taken.ok()?;
        answered.recv_timeout(PATIENCE).ok()
    }
}

/// What an answer says to people.
fn message(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let message = body.get("message").and_then(Value::as_str);
    message.unwrap_or_default().to_owned()
}
