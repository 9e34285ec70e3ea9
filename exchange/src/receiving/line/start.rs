//! Starting, asking, stopping.

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::desk::{Desk, Owned};
use super::keeping::keep;
use super::request::{Answers, Request};
use super::settings::LineParts;
use super::state::LineState;
use crate::signing::{Key, SigningThreads};

/// A connection that is kept open, on threads of its own: one for it, one that signs. Dropping it closes it.
pub struct Line {
    answers: Answers,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// Starts, with the key that answers are signed with; whether it connects is to be seen in its [`state`](Self::state).
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(parts: LineParts, key: impl Key) -> io::Result<Self> {
        let desk = Arc::new(Desk::new(&parts.settings));
        let signing = SigningThreads::start(key, NonZero::<usize>::MIN)?;
        let answers = Answers {
            desk,
            signing: Arc::new(signing),
            clock: Arc::clone(&parts.clock),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let of_thread = answers.clone();
        let thread = std::thread::Builder::new().name("daxsign-line".to_owned());
        let thread = thread.spawn(move || runtime.block_on(keep(parts, of_thread)))?;
        Ok(Self {
            answers,
            thread: Some(thread),
        })
    }

    /// The next request, once there is one; several threads may ask. `None` once it was [ended](Self::end).
    #[must_use]
    pub fn next(&self) -> Option<Request> {
        self.answers
            .desk
            .next(None)
            .map(|owned| self.request(owned))
    }

    /// Whether it was [ended](Self::end), and nothing waits.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.answers.desk.has_ended()
    }

    /// The next request, if one comes within this time; `None` too once it [has ended](Self::has_ended).
    #[must_use]
    pub fn next_within(&self, time: Duration) -> Option<Request> {
        let next = self.answers.desk.next(Some(time));
        next.map(|owned| self.request(owned))
    }

    fn request(&self, owned: Arc<Owned>) -> Request {
        Request {
            owned,
            answers: self.answers.clone(),
            is_answered: false,
        }
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> LineState {
        self.answers.desk.state()
    }

    /// Closes the connection. What waits can still be taken, and is not answered any more.
    pub fn end(&self) {
        self.answers.desk.end();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            // One that panicked has closed its connection.
            let _ = thread.join();
        }
    }
}

impl core::fmt::Debug for Line {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Line({:?})", self.state())
    }
}
