//! The callbacks of a running exchange.

use core::fmt;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::connecting::Connecting;
use super::delivering::Delivering;
use super::not_made::NotMade;
use super::settings::CallbackSettings;
use super::shared::{Shared, locked};
use crate::record::SqliteStore;
use crate::running::{Clock, Desk};

/// How long it is waited for what is under way.
const MOMENT: Duration = Duration::from_secs(1);

/// The callbacks of an exchange: who judges asks here, and a thread delivers.
pub struct Callbacks {
    shared: Arc<Shared>,
    connecting: Arc<Connecting>,
    desk: Mutex<Option<Desk<SqliteStore>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Callbacks {
    /// Delivers nothing before it is [connected](Self::connect): until then what is asked for is dropped, and told so.
    ///
    /// # Errors
    /// [`NotMade`]: there is nothing that receivers' certificates could lead to.
    pub fn new(settings: CallbackSettings, clock: Clock) -> Result<Arc<Self>, NotMade> {
        Ok(Arc::new(Self {
            shared: Arc::new(Shared::new(clock)),
            connecting: Arc::new(Connecting::new(settings)?),
            desk: Mutex::new(None),
            thread: Mutex::new(None),
        }))
    }

    /// Goes on with what the record of this exchange has open, on a thread of its own.
    ///
    /// # Errors
    /// [`NotMade`]: the system gives no thread.
    pub fn connect(&self, desk: Desk<SqliteStore>) -> Result<(), NotMade> {
        let not = |error: std::io::Error| NotMade(format!("the system gives no thread: {error}"));
        let settings = self.connecting.settings();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(settings.at_once.max(1))
            .thread_name("daxsign-names")
            .build()
            .map_err(not)?;
        let delivering = Delivering {
            shared: Arc::clone(&self.shared),
            connecting: Arc::clone(&self.connecting),
            desk: desk.clone(),
            under_way: Arc::new(AtomicUsize::new(0)),
        };
        *locked(&self.desk) = Some(desk);
        let thread = std::thread::Builder::new().name("daxsign-callback".to_owned());
        let thread = thread.spawn(move || {
            runtime.block_on(delivering.run());
            // A name that is still asked for is not waited for.
            runtime.shutdown_timeout(MOMENT);
        });
        *locked(&self.thread) = Some(thread.map_err(not)?);
        Ok(())
    }

    /// Begins nothing more. What is under way is on record as that, and the next start goes on with all that is open.
    pub fn stop(&self) {
        self.shared.stop();
        *locked(&self.desk) = None;
        if let Some(thread) = locked(&self.thread).take() {
            // One that panicked delivers nothing any more.
            let _ = thread.join();
        }
    }

    /// How many callbacks are to be delivered.
    #[must_use]
    pub fn open(&self) -> usize {
        self.shared.agenda().len()
    }

    /// How many attempts came to what: the name and the count of each.
    #[must_use]
    pub fn attempts(&self) -> [(&'static str, u64); 4] {
        self.shared.counts()
    }

    pub(super) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Asks the record, without waiting.
    pub(super) fn ask(&self, question: impl FnOnce(&mut SqliteStore) + Send + 'static) {
        if let Some(desk) = locked(&self.desk).as_ref() {
            desk.ask(question);
        }
    }
}

impl Drop for Callbacks {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Callbacks({})", self.open())
    }
}
