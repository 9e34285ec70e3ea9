//! The exchange, as far as operators ask it.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use daxsign_core::Timestamp;
use daxsign_hosting::health::Check;

use super::backup_writer::BackUp;
use crate::doors::bus::Connected;
use crate::faults::Board;
use crate::identity::Authority;
use crate::judging::SharedRegistry;
use crate::record::SqliteStore;
use crate::running::{Clock, MovableClock, Running};

/// What is known at the moment it is asked for; nothing is tried for it.
pub trait Facts: Send + Sync {
    /// What must be well before requests are served.
    fn checks(&self) -> Vec<Check>;
    /// What was counted and timed, in Prometheus's text format.
    fn metrics(&self) -> String;
    /// Who is connected.
    fn receivers(&self) -> Vec<Connected>;
}

/// A running exchange until it is stopped.
pub struct Kept(RwLock<Option<Running<SqliteStore>>>);

impl Kept {
    /// This one.
    #[must_use]
    pub fn new(running: Running<SqliteStore>) -> Self {
        Self(RwLock::new(Some(running)))
    }

    /// Asks the record, on its thread; `None` once it has ended.
    pub fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut SqliteStore) -> T + Send + 'static,
    ) -> Option<T> {
        let running = self.0.read().unwrap_or_else(PoisonError::into_inner);
        running.as_ref()?.ask(question)
    }

    /// Works with it; `None` once it was taken.
    pub fn with<T>(&self, work: impl FnOnce(&Running<SqliteStore>) -> T) -> Option<T> {
        let running = self.0.read().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(work)
    }

    /// Takes it out, to stop it; what asks it meanwhile is answered first.
    #[must_use]
    pub fn take(&self) -> Option<Running<SqliteStore>> {
        let mut running = self.0.write().unwrap_or_else(PoisonError::into_inner);
        running.take()
    }
}

/// What the management door works on.
pub struct Managed {
    /// Its folder.
    pub folder: PathBuf,
    /// Where parties ask: `https://…`.
    pub rest: String,
    /// Who takes part.
    pub registry: Arc<SharedRegistry>,
    /// The exchange.
    pub kept: Arc<Kept>,
    /// Whose certificates are taken.
    pub authority: Arc<RwLock<Authority>>,
    /// The exchange's own certificates, DER: the one that it signs with, and earlier ones.
    pub own: Vec<Vec<u8>>,
    /// The time.
    pub clock: Clock,
    /// Faults to order; in a sandbox alone.
    pub faults: Option<Arc<Board>>,
    /// The same, where operators may move it; in a sandbox alone.
    pub movable: Option<MovableClock>,
    /// Health, metrics, receivers.
    pub facts: Arc<dyn Facts>,
    /// Writes a backup.
    pub back_up: BackUp,
}

impl Managed {
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
