//! A wire within this process: each party a channel.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::inlet::{Inlet, NoRoom};
use super::wire::{Parcel, Report, Wire};
use crate::party::Party;

/// A wire within this process. Its clones are the same wire.
#[derive(Clone)]
pub struct LocalWire {
    inlet: Inlet,
    parties: Arc<Mutex<BTreeMap<Party, SyncSender<Vec<u8>>>>>,
}

/// A party that is attached: it gets its messages here, and answers here.
pub struct Attached {
    party: Party,
    inlet: Inlet,
    messages: Receiver<Vec<u8>>,
}

impl LocalWire {
    /// With nobody attached.
    #[must_use]
    pub fn new(inlet: Inlet) -> Self {
        Self {
            inlet,
            parties: Arc::default(),
        }
    }

    /// Attaches a party, for which so many messages may wait.
    #[must_use]
    pub fn attach(&self, party: Party, room: usize) -> Attached {
        let (sender, messages) = sync_channel(room);
        self.parties().insert(party, sender);
        self.inlet.report(Report::Reach(party, true));
        Attached {
            party,
            inlet: self.inlet.clone(),
            messages,
        }
    }

    fn parties(&self) -> MutexGuard<'_, BTreeMap<Party, SyncSender<Vec<u8>>>> {
        self.parties.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wire for LocalWire {
    fn send(&mut self, parcel: Parcel) {
        let (id, attempt) = (parcel.correlation, parcel.attempt);
        let sender = self.parties().get(&parcel.receiver).cloned();
        let sent = sender.map(|sender| sender.try_send(parcel.bytes));
        match sent {
            Some(Ok(())) => self.inlet.report(Report::Sent(id, attempt)),
            Some(Err(TrySendError::Full(_))) => {
                // It takes messages, and more when it has read one.
                self.inlet.report(Report::Unsent(id, attempt));
                self.inlet
                    .report_later(Report::Reach(parcel.receiver, true));
            }
            Some(Err(TrySendError::Disconnected(_))) | None => {
                self.parties().remove(&parcel.receiver);
                self.inlet.report(Report::Unsent(id, attempt));
            }
        }
    }
}

impl Attached {
    /// The next message; `None` once the exchange is gone.
    #[must_use]
    pub fn next(&self) -> Option<Vec<u8>> {
        self.messages.recv().ok()
    }

    /// The next message, if one waits.
    #[must_use]
    pub fn try_next(&self) -> Option<Vec<u8>> {
        self.messages.try_recv().ok()
    }

    /// Sends the exchange an answer.
    ///
    /// # Errors
    /// [`NoRoom`]: try again.
    pub fn answer(&self, bytes: Vec<u8>) -> Result<(), NoRoom> {
        self.inlet.message(self.party, bytes)
    }
}
