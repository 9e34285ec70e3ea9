//! The log's own key: Ed25519, with a name, as signed notes have it (C2SP signed-note).

use core::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use signed_note::{StandardSigner, is_key_name_valid, key_id};
use zeroize::Zeroizing;

/// The length of the seed that an Ed25519 key is made from (RFC 8032).
pub const SEED_LEN: usize = 32;
/// The longest name of a log.
pub const MAX_LOG_NAME_LEN: usize = 128;

/// The algorithm's number in a signed note.
const ED25519: u8 = 1;

/// Signs checkpoints of one log.
pub struct LogKey {
    name: String,
    signer: StandardSigner,
    verifier: String,
}

/// A log's name is 1 to 128 characters, no white space and no `+`; its seed is one of Ed25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogKeyProblem;

impl LogKey {
    /// The key made of `seed`, for the log called `name`, such as `dax.example.com/record`.
    ///
    /// # Errors
    /// [`LogKeyProblem`] for a name that no signed note can have.
    pub fn from_seed(name: &str, seed: &[u8; SEED_LEN]) -> Result<Self, LogKeyProblem> {
        if !is_key_name_valid(name)
            || name.len() > MAX_LOG_NAME_LEN
            || name.contains(char::is_control)
        {
            return Err(LogKeyProblem);
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| LogKeyProblem)?;
        let public = tagged(pair.public_key().as_ref());
        let id = key_id(name, &public);
        let private = Zeroizing::new(BASE64_STANDARD.encode(&*Zeroizing::new(tagged(seed))));
        let text = Zeroizing::new(format!("PRIVATE+KEY+{name}+{id:08x}+{}", *private));
        Ok(Self {
            name: name.to_owned(),
            signer: StandardSigner::new(&text).map_err(|_| LogKeyProblem)?,
            verifier: format!("{name}+{id:08x}+{}", BASE64_STANDARD.encode(&public)),
        })
    }

    /// The log's name: the origin of its checkpoints.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What verifies its checkpoints, as text: `<name>+<id>+<key>`.
    #[must_use]
    pub fn verifier(&self) -> &str {
        &self.verifier
    }

    pub(crate) const fn signer(&self) -> &StandardSigner {
        &self.signer
    }
}

fn tagged(key: &[u8]) -> Vec<u8> {
    let mut bytes = vec![ED25519];
    bytes.extend(key);
    bytes
}

impl fmt::Debug for LogKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LogKey")
            .field("verifier", &self.verifier)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for LogKeyProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "a log's name has 1 to {MAX_LOG_NAME_LEN} bytes, without white space and without +"
        )
    }
}

impl std::error::Error for LogKeyProblem {}
