//! What an accepted message is recognised by when it comes again (X-REPLAY).

use daxsign_core::{Sha256, Sink, Timestamp};
use uuid::Uuid;

use crate::record::leaf::leaf::HASH_LEN;

/// Keys are kept by the hour of the signed date, and dropped an hour at a time.
const SECONDS_PER_HOUR: i64 = 3_600;

/// A message's key: of one instance, one signing string, and for GET one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReplayKey {
    /// SHA-256 over instance, signing string's hash, and the target behind its length.
    pub(crate) digest: [u8; HASH_LEN],
    /// The hour of the signed date, since 1970.
    pub(crate) hour: i64,
}

impl ReplayKey {
    /// The key of a message that `instance` signed with the date `signed`: `string_hash` is the SHA-256 of its
    /// signing string. `target` is the full target of a GET, whose query is not signed under the interop
    /// rules; `None` for others.
    #[must_use]
    pub fn new(
        instance: Uuid,
        string_hash: &[u8; HASH_LEN],
        target: Option<&[u8]>,
        signed: Timestamp,
    ) -> Self {
        let mut hash = Sha256::default();
        hash.write(instance.as_bytes());
        hash.write(string_hash);
        if let Some(target) = target {
            hash.write(b"GET");
            hash.write(target);
        }
        Self {
            digest: hash.finish(),
            hour: hour_of(signed),
        }
    }

    /// What it is found by.
    #[must_use]
    pub const fn digest(&self) -> &[u8; HASH_LEN] {
        &self.digest
    }

    /// The hour of the signed date, since 1970: keys of one hour are dropped together.
    #[must_use]
    pub const fn hour(&self) -> i64 {
        self.hour
    }
}

/// The hour that a time lies in, counted from 1970.
pub(crate) const fn hour_of(time: Timestamp) -> i64 {
    time.seconds().div_euclid(SECONDS_PER_HOUR)
}
