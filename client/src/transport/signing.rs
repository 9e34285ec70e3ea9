//! Threads that sign for tasks: RSA takes longer than a task may. Each takes what waits, and never waits
//! for more: several at once where that is faster, else one.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use daxsign_core::{Digest, PrivateKey, Signer};
use tokio::sync::oneshot;

use crate::error::Error;
use crate::protocol::call::Call;
use crate::protocol::session::Session;
use crate::protocol::signed::{OutgoingRequest, Prepared};
use crate::protocol::tokens::Token;
use crate::transport::Clock;

/// How many are signed at once at most: as many as [`PrivateKey::sign_batch`] computes together.
const MOST_TOGETHER: usize = 8;

/// A call with its next request, signed.
pub(crate) type Signed = (Call, OutgoingRequest);

/// The threads of one session, whose key is here. They end with it.
pub(crate) struct SigningThreads {
    shared: Arc<Shared>,
    /// One for each core.
    most: usize,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    session: Arc<Session>,
    /// From how many on signing them at once is faster.
    together_from: Option<usize>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    threads: usize,
    idle: usize,
    ended: bool,
}

/// A call that waits for its signature.
struct Job {
    call: Call,
    token: Option<Token>,
    reply: oneshot::Sender<Result<Signed, Error>>,
}

impl SigningThreads {
    /// None yet: they come as they are needed. `None` for a key that is elsewhere.
    pub(crate) fn new(session: &Arc<Session>) -> Option<Self> {
        let together_from = session.key().here()?.signs_together_from();
        let most = std::thread::available_parallelism().map_or(1, NonZero::get);
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            wake: Condvar::new(),
            session: Arc::clone(session),
            together_from,
        });
        Some(Self { shared, most })
    }

    /// Signs the call's next request.
    pub(crate) async fn sign(&self, call: Call, token: Option<Token>) -> Result<Signed, Error> {
        let (reply, signed) = oneshot::channel();
        self.add(Job { call, token, reply })?;
        let gone = |_| Err(Error::signer_failed("what signs panicked"));
        signed.await.unwrap_or_else(gone)
    }

    fn add(&self, job: Job) -> Result<(), Error> {
        let mut state = self.shared.state();
        state.waiting.push_back(job);
        if state.idle == 0 && state.threads < self.most {
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name("daxsign-sign".to_owned());
            match thread.spawn(move || shared.work()) {
                Ok(_) => state.threads = state.threads.saturating_add(1),
                // With others it takes longer; without any it never comes.
                Err(error) if state.threads == 0 => {
                    state.waiting.pop_back();
                    let why = format!("no thread to sign on: {error}");
                    return Err(Error::signer_failed(why));
                }
                Err(_) => {}
            }
        }
        drop(state);
        self.shared.wake.notify_one();
        Ok(())
    }
}

impl Drop for SigningThreads {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.wake.notify_all();
    }
}

/// One thread fewer, also if it panicked.
struct Working<'s>(&'s Shared);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.threads = state.threads.saturating_sub(1);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let _working = Working(self);
        while let Some(jobs) = self.take() {
            self.sign(jobs);
        }
    }

    /// What is signed next; `None` at the end.
    fn take(&self) -> Option<Vec<Job>> {
        let mut state = self.state();
        loop {
            // Those who no longer wait take no time.
            state.waiting.retain(|job| !job.reply.is_closed());
            let waiting = state.waiting.len();
            let together = self.together_from.is_some_and(|least| waiting >= least);
            let count = if together { MOST_TOGETHER } else { 1 }.min(waiting);
            if count > 0 {
                return Some(state.waiting.drain(..count).collect());
            }
            if state.ended {
                return None;
            }
            state.idle = state.idle.saturating_add(1);
            let woken = self.wake.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
            state.idle = state.idle.saturating_sub(1);
        }
    }

    fn sign(&self, jobs: Vec<Job>) {
        let mut prepared = Vec::with_capacity(jobs.len());
        for mut job in jobs {
            let now = Clock::now();
            let request = now.and_then(|now| {
                let token = job.token.as_ref();
                job.call.prepared(&self.session, token, now)
            });
            match request {
                Ok(request) => prepared.push((job, request)),
                Err(error) => job.answer(Err(error)),
            }
        }
        let key = self.session.key();
        let digests: Vec<_> = prepared.iter().map(|(_, request)| request.digest).collect();
        let at_once = self
            .together_from
            .is_some_and(|least| digests.len() >= least);
        let signatures = key.here().filter(|_| at_once);
        let signatures = signatures.map(|key| together(key, &digests));
        for (index, (job, request)) in prepared.into_iter().enumerate() {
            let signed = match &signatures {
                None => request.sign(key),
                Some(Ok(all)) => with_signature(request, all, key.modulus_len(), index),
                Some(Err(error)) => Err(Error::signer_failed(error)),
            };
            job.signed(signed);
        }
    }
}

/// All signatures, one behind the other.
fn together(key: &PrivateKey, digests: &[Digest]) -> Result<Vec<u8>, daxsign_core::Error> {
    let len = Signer::modulus_len(key).saturating_mul(digests.len());
    let mut signatures = vec![0; len];
    key.sign_batch(digests, &mut signatures)?;
    Ok(signatures)
}

/// The request with its one among the signatures.
fn with_signature(
    request: Prepared,
    all: &[u8],
    len: usize,
    index: usize,
) -> Result<OutgoingRequest, Error> {
    let start = len.saturating_mul(index);
    let own = all.get(start..start.saturating_add(len));
    request.sign(&Made(own.unwrap_or_default()))
}

/// A signature that is there already.
struct Made<'s>(&'s [u8]);

impl Signer for Made<'_> {
    type Error = daxsign_core::Error;

    fn modulus_len(&self) -> usize {
        self.0.len()
    }

    fn sign_digest(&self, _: &Digest, signature: &mut [u8]) -> Result<(), Self::Error> {
        if signature.len() != self.0.len() {
            return Err(daxsign_core::Error::InternalFault);
        }
        signature.copy_from_slice(self.0);
        Ok(())
    }
}

impl Job {
    fn signed(mut self, signed: Result<OutgoingRequest, Error>) {
        match signed {
            Ok(request) => {
                self.call.sends(&request);
                // Whoever is gone needs no answer.
                let _ = self.reply.send(Ok((self.call, request)));
            }
            Err(error) => self.answer(Err(error)),
        }
    }

    fn answer(self, answer: Result<Signed, Error>) {
        let _ = self.reply.send(answer);
    }
}

impl core::fmt::Debug for SigningThreads {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SigningThreads({})", self.shared.state().threads)
    }
}
