//! Who is connected, and what is told of it.
//!
//! All reports but `Sent` are made under the book's lock, so that they come in their order: after each `Unsent` and `Cut`
//! a party counts as away, and that it is there is told again where a connection of it is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::connection::Connection;
use super::settings::BusSettings;
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::running::{Clock, Inlet, Parcel, Report};
use crate::websocket::Closing;

/// What wire, door and connections share.
pub(super) struct Book {
    pub(super) inlet: Inlet,
    pub(super) clock: Clock,
    pub(super) settings: BusSettings,
    parties: Mutex<Parties>,
}

#[derive(Default)]
struct Parties {
    connections: BTreeMap<Party, Arc<Connection>>,
    /// No more are taken.
    is_refusing: bool,
}

/// Why nobody more is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoEntry {
    /// As many are connected as may be.
    Full,
    /// This end stops.
    Stopping,
}

impl Book {
    pub(super) fn new(inlet: Inlet, clock: Clock, settings: BusSettings) -> Self {
        Self {
            inlet,
            clock,
            settings,
            parties: Mutex::default(),
        }
    }

    /// Lets a party in; its older connection is closed.
    pub(super) fn enter(&self, connection: &Arc<Connection>) -> Result<(), NoEntry> {
        let mut parties = self.parties();
        self.has_room(&parties, connection.party)?;
        let party = connection.party;
        let older = parties.connections.insert(party, Arc::clone(connection));
        if let Some(older) = older {
            older.close(Closing::Replaced);
        }
        self.inlet.report(Report::Reach(party, true));
        Ok(())
    }

    /// Whether a party could be let in.
    pub(super) fn would_enter(&self, party: Party) -> Result<(), NoEntry> {
        self.has_room(&self.parties(), party)
    }

    fn has_room(&self, parties: &Parties, party: Party) -> Result<(), NoEntry> {
        if parties.is_refusing {
            return Err(NoEntry::Stopping);
        }
        let full = parties.connections.len() >= self.settings.connections;
        if full && !parties.connections.contains_key(&party) {
            return Err(NoEntry::Full);
        }
        Ok(())
    }

    /// A connection ended: what waited was not sent, what was being sent may have arrived.
    pub(super) fn leave(&self, connection: &Arc<Connection>, cut: Option<(CorrelationId, u32)>) {
        let mut parties = self.parties();
        let party = connection.party;
        if let Some((correlation, attempt)) = cut {
            self.inlet.report(Report::Cut {
                correlation,
                attempt,
                // An answer is paired by what it answers, whichever way it comes.
                answer_can_come: true,
            });
        }
        let waiting = core::mem::take(&mut connection.queue().parcels);
        for parcel in waiting {
            self.unsent(&parcel);
        }
        match parties.connections.get(&party) {
            Some(present) if !Arc::ptr_eq(present, connection) => {
                self.inlet.report(Report::Reach(party, true));
            }
            _ => {
                parties.connections.remove(&party);
                self.inlet.report(Report::Reach(party, false));
            }
        }
    }

    /// Hands a parcel to its receiver's connection.
    pub(super) fn send(&self, parcel: Parcel) {
        let parties = self.parties();
        // One that ends is not given anything more; `leave` empties its queue once.
        let connection = parties.connections.get(&parcel.receiver);
        let Some(connection) = connection.filter(|open| open.closing().is_none()) else {
            return self.unsent(&parcel);
        };
        let mut queue = connection.queue();
        if queue.parcels.len() >= self.settings.room {
            queue.is_short = true;
            return self.unsent(&parcel);
        }
        queue.parcels.push_back(parcel);
        drop(queue);
        connection.wake.notify_one();
    }

    /// What is sent next over a connection.
    pub(super) fn take(&self, connection: &Connection) -> Option<Parcel> {
        let _parties = self.parties();
        let mut queue = connection.queue();
        let parcel = queue.parcels.pop_front();
        queue.is_sending = parcel.is_some();
        if parcel.is_some() && core::mem::take(&mut queue.is_short) {
            self.inlet.report(Report::Reach(connection.party, true));
        }
        parcel
    }

    fn unsent(&self, parcel: &Parcel) {
        let report = Report::Unsent(parcel.correlation, parcel.attempt);
        self.inlet.report(report);
    }

    /// Lets nobody in any more.
    pub(super) fn refuse(&self) {
        self.parties().is_refusing = true;
    }

    pub(super) fn connections(&self) -> Vec<Arc<Connection>> {
        self.parties().connections.values().cloned().collect()
    }

    pub(super) fn find(&self, party: &Party) -> Option<Arc<Connection>> {
        self.parties().connections.get(party).cloned()
    }

    fn parties(&self) -> MutexGuard<'_, Parties> {
        self.parties.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
