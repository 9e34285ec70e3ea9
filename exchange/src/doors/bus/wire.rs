//! The wire.

use std::io;
use std::sync::Arc;

use super::book::Book;
use super::connection::Connected;
use super::door::BusDoor;
use super::members::Members;
use super::settings::BusSettings;
use crate::party::Party;
use crate::running::{Clock, Inlet, Parcel, Wire};

/// A [`Wire`] to the parties that are connected. Its clones are the same wire.
#[derive(Clone)]
pub struct BusWire(pub(super) Arc<Book>);

impl BusWire {
    /// With nobody connected. `settings.room` is at least what [`Limits`](crate::relay::Limits) allow for one receiver,
    /// so that none is signed for nothing.
    #[must_use]
    pub fn new(inlet: Inlet, clock: Clock, settings: BusSettings) -> Self {
        Self(Arc::new(Book::new(inlet, clock, settings)))
    }

    /// The door that lets parties in. It has a thread, which ends with it.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn door(&self, members: impl Members) -> io::Result<BusDoor> {
        BusDoor::open(Arc::clone(&self.0), Arc::new(members))
    }

    /// Everybody who is connected, in the order of their ids.
    #[must_use]
    pub fn connected(&self) -> Vec<Connected> {
        let connections = self.0.connections();
        connections.iter().map(|open| open.shown()).collect()
    }

    /// Whether a party is connected.
    #[must_use]
    pub fn find(&self, party: &Party) -> Option<Connected> {
        self.0.find(party).map(|open| open.shown())
    }
}

impl Wire for BusWire {
    fn send(&mut self, parcel: Parcel) {
        self.0.send(parcel);
    }
}

impl core::fmt::Debug for BusWire {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "BusWire({})", self.0.connections().len())
    }
}
