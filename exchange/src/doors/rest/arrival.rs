//! The first byte of a request: when it came, and the id that is made then (X-ID).

use std::io;
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::correlation::CorrelationId;

/// The first byte of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) correlation: CorrelationId,
    since: Instant,
}

impl Arrival {
    /// It came then.
    pub(super) fn of(since: Instant) -> io::Result<Self> {
        Ok(Self {
            correlation: CorrelationId::from_random(random()?),
            since,
        })
    }

    /// How long ago that is.
    pub(super) fn took(&self) -> Duration {
        self.since.elapsed()
    }
}

/// Fresh random bytes.
pub(super) fn random() -> io::Result<[u8; 16]> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| io::Error::other("the system gives no random bytes"))?;
    Ok(bytes)
}
