//! The threads that hash passwords, so that none that serves others does (X-TOKEN).

use std::io;
use std::net::IpAddr;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use daxsign_core::Timestamp;
use tokio::sync::oneshot;

use super::arrival;
use crate::identity::{Denied, Gate, Granted, MAX_HASHES, Moment, Permit, SignIn, TokenRequest};
use crate::judging::{Entrance, SharedRegistry};

/// A request for a token that has a place.
struct Job {
    request: TokenRequest,
    moment: Moment,
    told: oneshot::Sender<Result<Granted, Denied>>,
    _place: Permit,
}

/// The threads that hash passwords: as many as hash at a time, and no more wait than that.
pub(super) struct SignIns {
    jobs: SyncSender<Job>,
    gate: Gate,
    began: Instant,
}

impl SignIns {
    /// Starts them. They end with this.
    pub(super) fn start(
        entrance: &Arc<Entrance>,
        registry: &Arc<SharedRegistry>,
    ) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel::<Job>(MAX_HASHES);
        let waiting = Arc::new(Mutex::new(waiting));
        let sign_in = Arc::new(SignIn::default());
        for _ in 0..MAX_HASHES {
            let (waiting, sign_in) = (Arc::clone(&waiting), Arc::clone(&sign_in));
            let (entrance, registry) = (Arc::clone(entrance), Arc::clone(registry));
            let thread = thread::Builder::new().name("daxsign-sign-in".to_owned());
            thread.spawn(move || work(&waiting, &sign_in, &entrance, &registry))?;
        }
        Ok(Self {
            jobs,
            gate: Gate::default(),
            began: Instant::now(),
        })
    }

    /// Judges a request for a token.
    pub(super) async fn grant(
        &self,
        request: TokenRequest,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<Granted, Denied> {
        let place = self.gate.enter().ok_or(Denied::Busy)?;
        let (told, answer) = oneshot::channel();
        let job = Job {
            request,
            moment: Moment {
                now,
                elapsed: self.began.elapsed(),
                from,
                nonce: arrival::random().map_err(|_| Denied::Busy)?,
            },
            told,
            _place: place,
        };
        self.jobs.try_send(job).map_err(|_| Denied::Busy)?;
        answer.await.unwrap_or(Err(Denied::Busy))
    }
}

fn work(
    waiting: &Mutex<Receiver<Job>>,
    sign_in: &SignIn,
    entrance: &Entrance,
    registry: &SharedRegistry,
) {
    loop {
        let job = {
            let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.recv()
        };
        let Ok(job) = job else {
            return;
        };
        let granted = match registry.confirmed() {
            Ok(registry) => sign_in.grant(&job.request, &registry, entrance.tokens(), &job.moment),
            Err(_) => Err(Denied::Busy),
        };
        // Who asked may be gone.
        let _ = job.told.send(granted);
    }
}
