//! Threads that sign. Each takes what waits, and never waits for more: several at once where that is faster, else
//! one.

use std::collections::VecDeque;
use std::io;
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use daxsign_core::Digest;

use super::key::{Key, NotSigned};

/// How many are signed at once at most: as many as `PrivateKey::sign_batch` computes together.
const MOST_TOGETHER: usize = 8;

/// Something that waits for its signature.
pub trait Job: Send + 'static {
    /// What is to be signed, made when its turn has come, so that its date is that of the signature (X-SIGN-LATE);
    /// `None` where nothing is any more.
    fn digest(&mut self) -> Option<Digest>;

    /// It is signed, or is not; also after a `digest` of `None`.
    fn signed(self, signature: Result<&[u8], NotSigned>);
}

/// The threads, which own the key. Dropping them waits until what waits is signed; then the key is gone, and a
/// `PrivateKey` wiped.
pub struct SigningThreads<J: Job> {
    shared: Arc<Shared<J>>,
    key: Arc<dyn Key>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared<J> {
    state: Mutex<State<J>>,
    wake: Condvar,
}

struct State<J> {
    waiting: VecDeque<J>,
    ended: bool,
}

impl<J: Job> SigningThreads<J> {
    /// So many threads: one for each core that is to sign.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(key: impl Key, threads: NonZero<usize>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                ended: false,
            }),
            wake: Condvar::new(),
        });
        let key: Arc<dyn Key> = Arc::new(key);
        let mut started = Self {
            shared,
            key,
            threads: Vec::new(),
        };
        for _ in 0..threads.get() {
            let (shared, key) = (Arc::clone(&started.shared), Arc::clone(&started.key));
            let thread = std::thread::Builder::new().name("daxsign-sign".to_owned());
            started
                .threads
                .push(thread.spawn(move || shared.work(&*key))?);
        }
        Ok(started)
    }

    /// Signs it when its turn has come. How many wait is for the caller to bound.
    pub fn sign(&self, job: J) {
        self.shared.state().waiting.push_back(job);
        self.shared.wake.notify_one();
    }

    /// Whether a thread that others wait for may [sign itself](Self::sign_here).
    #[must_use]
    pub fn is_quick(&self) -> bool {
        self.key.is_quick()
    }

    /// Signs it on the caller's thread: for one who has nothing else to do until it is signed, since waking one of these
    /// up and being woken up costs a good part of a signature.
    pub fn sign_here(&self, job: J) {
        sign(&*self.key, vec![job]);
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.state().waiting.len()
    }
}

impl<J: Job> Drop for SigningThreads<J> {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.wake.notify_all();
        for thread in self.threads.drain(..) {
            // One that panicked has nothing more to say.
            let _ = thread.join();
        }
    }
}

impl<J: Job> Shared<J> {
    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, key: &dyn Key) {
        while let Some(jobs) = self.take(key.together_from()) {
            sign(key, jobs);
        }
    }

    /// What is signed next; `None` at the end.
    fn take(&self, together_from: Option<usize>) -> Option<Vec<J>> {
        let mut state = self.state();
        loop {
            let waiting = state.waiting.len();
            let together = together_from.is_some_and(|least| waiting >= least);
            let count = if together { MOST_TOGETHER } else { 1 }.min(waiting);
            if count > 0 {
                return Some(state.waiting.drain(..count).collect());
            }
            if state.ended {
                return None;
            }
            state = self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn sign<J: Job>(key: &dyn Key, jobs: Vec<J>) {
    let mut digests = Vec::with_capacity(jobs.len());
    let mut wanted = Vec::with_capacity(jobs.len());
    for mut job in jobs {
        match job.digest() {
            Some(digest) => {
                digests.push(digest);
                wanted.push(job);
            }
            None => job.signed(Err(NotSigned("it is not wanted any more".to_owned()))),
        }
    }
    let len = key.modulus_len();
    let mut signatures = vec![0; len.saturating_mul(digests.len())];
    let result = key.sign(&digests, &mut signatures);
    for (job, signature) in wanted.into_iter().zip(signatures.chunks(len.max(1))) {
        job.signed(result.clone().map(|()| signature));
    }
}

impl<J: Job> core::fmt::Debug for SigningThreads<J> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "SigningThreads({})", self.threads.len())
    }
}
