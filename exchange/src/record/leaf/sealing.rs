//! How content lies beside its leaf: encrypted under a key of its exchange's own, which can be deleted (X-ERASE).

use core::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroize;

use crate::record::leaf::commitment::{SALT_LEN, tag_bytes};

/// The length of a key.
pub(crate) const KEY_LEN: usize = 32;

/// What salts are derived under.
const SALT_LABEL: &[u8] = b"daxsign-exchange salt 1\n";

/// What erasing an exchange deletes: its key, and what the salts of its leaves are made of.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    pub(crate) key: [u8; KEY_LEN],
    pub(crate) salts: [u8; SALT_LEN],
}

/// The system gives no randomness, or the cipher does not work: nothing can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CannotSeal;

/// What one sealed piece is of, so that none can stand in another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The leaf beside which it lies.
    pub(crate) leaf: u64,
    /// Which piece: 0 the leaf's content, others what the exchange sent.
    pub(crate) piece: u8,
    /// Counts attempts.
    pub(crate) attempt: u32,
}

impl Secret {
    pub(crate) fn random() -> Result<Self, CannotSeal> {
        let mut secret = Self {
            key: [0; KEY_LEN],
            salts: [0; SALT_LEN],
        };
        fill(&mut secret.key)?;
        fill(&mut secret.salts)?;
        Ok(secret)
    }

    /// The salt of a leaf: another for each, so that showing one tells nothing of the others.
    pub(crate) fn salt(&self, leaf: u64) -> [u8; SALT_LEN] {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &self.salts));
        context.update(SALT_LABEL);
        context.update(&leaf.to_be_bytes());
        tag_bytes(&context.sign())
    }

    /// Encrypts with AES-256-GCM: nonce, ciphertext, tag.
    pub(crate) fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>, CannotSeal> {
        let mut nonce = [0; NONCE_LEN];
        fill(&mut nonce)?;
        let mut sealed = plain.to_vec();
        let aad = Aad::from(place.to_bytes());
        let tag = self
            .cipher()?
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| CannotSeal)?;
        let mut whole = nonce.to_vec();
        whole.append(&mut sealed);
        whole.extend(tag.as_ref());
        Ok(whole)
    }

    /// Decrypts what was sealed at this place under this key; else `None`.
    pub(crate) fn open(&self, place: Place, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let mut plain = rest.to_vec();
        let aad = Aad::from(place.to_bytes());
        let len = self
            .cipher()
            .ok()?
            .open_in_place(nonce, aad, &mut plain)
            .ok()?
            .len();
        plain.truncate(len);
        Some(plain)
    }

    fn cipher(&self) -> Result<LessSafeKey, CannotSeal> {
        let key = UnboundKey::new(&AES_256_GCM, &self.key).map_err(|_| CannotSeal)?;
        Ok(LessSafeKey::new(key))
    }
}

impl Place {
    fn to_bytes(self) -> [u8; 13] {
        let mut bytes = [self.piece; 13];
        let numbers = self
            .leaf
            .to_be_bytes()
            .into_iter()
            .chain(self.attempt.to_be_bytes());
        for (to, from) in bytes.iter_mut().zip(numbers) {
            *to = from;
        }
        bytes
    }
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), CannotSeal> {
    SystemRandom::new().fill(bytes).map_err(|_| CannotSeal)
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.key.zeroize();
        self.salts.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
