//! What happened in an Alliera, told the exchange: who registered a callback for it gets one (X-CALLBACK).

use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use daxsign_core::{PrivateKey, Profile};
use serde_json::Value;

use crate::alliera::{Alliera, Announced, Event, Happened as Kept, Said, Teller};
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
    /// Tells what it was not told yet; the console hears what will never be told.
    pub(super) fn tell(
        &self,
        teller: &mut Teller,
        alliera: &Mutex<Alliera>,
        mut console: impl FnMut(&Event),
    ) {
        let say = |one: &Kept| self.say(one).unwrap_or_else(Said::Nothing);
        teller.tell(alliera, say, |announced| match announced {
            Announced::SetAside(event) => console(&event),
            Announced::Trouble(trouble) => tracing::warn!(party = %self.party, "{trouble}"),
        });
    }

    /// The exchange's answer; why there is none.
    fn say(&self, kept: &Kept) -> Result<Said, String> {
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
        let correlation = CorrelationId::fresh();
        let (sender, answered) = sync_channel(1);
        let taken = self.inlet.request(Incoming {
            correlation: correlation.ok_or("the system gives no randomness")?,
            sender: self.party,
            bytes: signed.map_err(|error| error.to_string())?,
            // Where nobody waits any more nobody is told.
            reply: Box::new(move |told| {
                let _ = sender.send((told.status, message(&told.body)));
            }),
        });
        taken.map_err(|error| error.to_string())?;
        let answer = answered.recv_timeout(PATIENCE);
        match answer.map_err(|_| format!("no answer within {PATIENCE:?}"))? {
            // That the clock or the certificate is wrong says nothing of what happened.
            (401, why) => Ok(Said::Nothing(why)),
            (status, why) => Ok(Said::Answer(status, why)),
        }
    }
}

/// What an answer says to people.
fn message(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let message = body.get("message").and_then(Value::as_str);
    message.unwrap_or_default().to_owned()
}
