//! What all connections of a door share.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use daxsign_core::Timestamp;
use daxsign_pki::tls::TlsServer;
use tokio::sync::watch;

use super::counters::Counters;
use super::hashing::SignIns;
use super::places::Places;
use super::settings::Settings;
use crate::doors::bus::BusDoor;
use crate::faults::Board;
use crate::judging::Entrance;
use crate::running::{Clock, Inlet};

/// What all connections of a door share.
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) tls: Option<TlsServer>,
    pub(super) places: Arc<Places>,
    pub(super) counters: Arc<Counters>,
    pub(super) entrance: Arc<Entrance>,
    pub(super) sign_ins: SignIns,
    pub(super) inlet: Inlet,
    pub(super) clock: Clock,
    pub(super) bus: Option<Arc<BusDoor>>,
    pub(super) faults: Option<Arc<Board>>,
    pub(super) ready: AtomicBool,
    /// Whether it stops.
    pub(super) stop: watch::Sender<bool>,
}

impl Shared {
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Waits until it stops.
    pub(super) async fn stopped(&self) {
        // It ends with the sender only, which is here.
        let _ = self.stop.subscribe().wait_for(|stopped| *stopped).await;
    }

    pub(super) fn stops(&self) -> bool {
        *self.stop.borrow()
    }
}
