//! The key that signs: a file, or whatever signs for it.

use std::path::Path;
use std::sync::Arc;

use daxsign_core::{Digest, PrivateKey, Signer, Timestamp};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::protocol::dates::Dates;

/// The caller's key. Cloning shares it, and the dates that were signed with it: sessions with clones
/// of one key never use a date twice. Keys that were read twice know nothing of each other.
#[derive(Clone)]
pub struct Key {
    owner: Owner,
    dates: Arc<Dates>,
}

/// Who has the key.
#[derive(Clone)]
enum Owner {
    /// This process: it signs as fast as the processor can.
    Here(Arc<PrivateKey>),
    /// Somebody else, who may take long.
    Elsewhere(Arc<dyn Sign + Send + Sync>),
}

/// [`Signer`] with one error, so that any can stand behind a pointer.
trait Sign {
    fn modulus_len(&self) -> usize;
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), String>;
}

impl<S> Sign for S
where
    S: Signer,
    S::Error: core::fmt::Display,
{
    fn modulus_len(&self) -> usize {
        Signer::modulus_len(self)
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), String> {
        Signer::sign_digest(self, digest, signature).map_err(|error| error.to_string())
    }
}

/// What the key's owner said, or a rule of the core.
#[derive(Clone, Debug)]
pub enum SignError {
    /// A rule.
    Core(daxsign_core::Error),
    /// The key.
    Key(String),
}

impl From<daxsign_core::Error> for SignError {
    fn from(error: daxsign_core::Error) -> Self {
        Self::Core(error)
    }
}

impl core::fmt::Display for SignError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::Key(said) => write!(f, "the key does not sign: {said}"),
        }
    }
}

impl Key {
    /// The private key in a file's bytes: PKCS#1 or PKCS#8, PEM or DER.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) with what is wrong with the key.
    pub fn from_bytes(file: &[u8]) -> Result<Self, Error> {
        let mut key = Arc::new(PrivateKey::empty());
        // In place, so that no copy of the numbers stays on the stack.
        if let Some(place) = Arc::get_mut(&mut key) {
            place
                .load(file)
                .map_err(|error| Error::invalid(format!("the private key: {error}")))?;
        }
        Ok(Self::of(Owner::Here(key)))
    }

    fn of(owner: Owner) -> Self {
        let dates = Arc::default();
        Self { owner, dates }
    }

    /// The same key, which uses no date that `earlier` used: where a key is read anew while requests
    /// of the old one are still under way.
    #[must_use]
    pub fn after(self, earlier: &Self) -> Self {
        let dates = Arc::clone(&earlier.dates);
        Self { dates, ..self }
    }

    /// The date for a request sent at `now`, which no other request of this key has.
    pub(crate) fn next_date(&self, now: Timestamp) -> Timestamp {
        self.dates.next(now)
    }

    /// The private key in the file at `path`.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes), and for a file that cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let file = std::fs::read(path)
            .map_err(|error| Error::invalid(format!("{}: {error}", path.display())))?;
        Self::from_bytes(&Zeroizing::new(file))
    }

    /// A key that stays where it is: in a secure element, a TPM, a key store.
    pub fn from_signer<S>(signer: S) -> Self
    where
        S: Signer + Send + Sync + 'static,
        S::Error: core::fmt::Display,
    {
        Self::of(Owner::Elsewhere(Arc::new(signer)))
    }

    /// The key itself, if this process has it.
    #[cfg(feature = "async")]
    pub(crate) fn here(&self) -> Option<&PrivateKey> {
        match &self.owner {
            Owner::Here(key) => Some(key),
            Owner::Elsewhere(_) => None,
        }
    }
}

impl Signer for Key {
    type Error = SignError;

    fn modulus_len(&self) -> usize {
        match &self.owner {
            Owner::Here(key) => Signer::modulus_len(&**key),
            Owner::Elsewhere(signer) => signer.modulus_len(),
        }
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), SignError> {
        let signed = match &self.owner {
            Owner::Here(key) => Sign::sign_digest(&**key, digest, signature),
            Owner::Elsewhere(signer) => signer.sign_digest(digest, signature),
        };
        signed.map_err(SignError::Key)
    }
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "Key({} bits)",
            Signer::modulus_len(self).saturating_mul(8)
        )
    }
}
