//! What happened in an Alliera, told the exchange: who registered a callback for it gets one (X-CALLBACK).

use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use daxsign_core::{PrivateKey, Profile};

use crate::alliera::{Alliera, Happened as Kept};
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
    /// Tells what it was not told yet, in its order. What it does not take now it is told the next time.
    pub(super) fn tell(&self, alliera: &Mutex<Alliera>) {
        let open = || alliera.lock().unwrap_or_else(PoisonError::into_inner);
        let happened = open().happened().unwrap_or_default();
        for one in &happened {
            if self.one(one) != Some(200) {
                tracing::warn!(
                    event = one.event_type,
                    "the exchange does not take what happened"
                );
                return;
            }
            if open().told(one.number).is_err() {
                return;
            }
        }
    }

    /// The status of the exchange's answer, if there is one.
    fn one(&self, kept: &Kept) -> Option<u16> {
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
                let _ = sender.send(told.status);
            }),
        });
        taken.ok()?;
        answered.recv_timeout(PATIENCE).ok()
    }
}
