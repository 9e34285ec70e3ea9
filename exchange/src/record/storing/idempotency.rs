//! A key that the sender chose, so that a retry does not act twice (X-ID).

use daxsign_core::{Sha256, Sink};
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::record::leaf::content::Unfit;
use crate::record::leaf::leaf::HASH_LEN;

/// The longest key.
pub const MAX_IDEMPOTENCY_KEY_LEN: usize = 64;
/// How long a key is kept from its request on: 24 hours.
pub const IDEMPOTENCY_SECONDS: i64 = 24 * 60 * 60;

/// A key of an instance, with what its request was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub(crate) instance: Uuid,
    pub(crate) key: String,
    pub(crate) request: [u8; HASH_LEN],
}

/// What a request with a known key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// The same request, which was answered: the same answer, which is [kept](super::store::Store::answer).
    Answered(CorrelationId),
    /// The same request, which went to several receivers: the answer that is made of [theirs](super::store::Store::fan).
    Several(CorrelationId),
    /// The same request, which ended without an answer that can be given: its answer did not verify.
    Refused(CorrelationId),
    /// Another request under the same key: 409.
    Different(CorrelationId),
    /// The same request is still in work: 409.
    InWork(CorrelationId),
    /// The same request expired: 504. Whether it may have left, its [outcome](super::store::Store::outcome) tells.
    Expired(CorrelationId),
    /// Nobody knows whether the same request was carried out: 504.
    Unknown(CorrelationId),
    /// The same request was answered, and the answer is erased: 410.
    Erased(CorrelationId),
}

impl IdempotencyKey {
    /// The key `key` of `instance`, for a request with that method, full target, content type and body.
    ///
    /// # Errors
    /// [`Unfit::IdempotencyKey`] unless it has 1 to [`MAX_IDEMPOTENCY_KEY_LEN`] visible ASCII characters.
    pub fn new(
        instance: Uuid,
        key: &str,
        [method, target, content_type, body]: [&[u8]; 4],
    ) -> Result<Self, Unfit> {
        let fits = (1..=MAX_IDEMPOTENCY_KEY_LEN).contains(&key.len());
        if !fits || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Unfit::IdempotencyKey);
        }
        let mut hash = Sha256::default();
        for part in [method, target, content_type, body] {
            hash.write(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.write(part);
        }
        Ok(Self {
            instance,
            key: key.to_owned(),
            request: hash.finish(),
        })
    }

    /// Whose key it is.
    #[must_use]
    pub const fn instance(&self) -> Uuid {
        self.instance
    }

    /// The key as the sender chose it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// SHA-256 over what the request was.
    #[must_use]
    pub const fn request(&self) -> &[u8; HASH_LEN] {
        &self.request
    }
}
