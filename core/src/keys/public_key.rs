//! Public keys out of the files that hold them.

use super::certificate::read_certificate;
use super::der::Reader;
use super::spki::{read_pkcs1, read_spki};
use super::{KeyKind, open, open_der, open_pem};
use crate::error::Error;
use crate::error::key_refusal::KeyRefusal;
use crate::rsa::public_key::PublicKey;

impl PublicKey {
    /// Reads a public key: SPKI, PKCS#1 or an X.509 certificate, in PEM or DER. Of several PEM
    /// blocks the first public one counts.
    ///
    /// ```
    /// # const FILE: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.spki.pem");
    /// use daxsign_core::PublicKey;
    /// let key = PublicKey::from_bytes(FILE)?;
    /// assert_eq!((key.modulus_bits(), key.exponent()), (2048, 65537));
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidKey`], [`Error::KeyTooSmall`], or [`Error::UnsupportedKey`] for anything
    /// else than an RSA public key that this build can hold.
    pub fn from_bytes(file: &[u8]) -> Result<Self, Error> {
        read(open(file, is_public)?)
    }

    /// As [`from_bytes`](Self::from_bytes), PEM only.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        read(open_pem(pem, is_public)?)
    }

    /// As [`from_bytes`](Self::from_bytes), DER only.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        read(open_der(der, is_public)?)
    }

    /// As [`from_bytes`](Self::from_bytes), into the place where the key is to stay.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes); the place is then empty, whatever it held before.
    pub fn load(&mut self, file: &[u8]) -> Result<(), Error> {
        *self = Self::EMPTY;
        let result = open(file, is_public).and_then(|opened| Ok(read_into(self, opened)?));
        if result.is_err() {
            *self = Self::EMPTY;
        }
        Ok(result?)
    }
}

fn is_public(kind: KeyKind) -> bool {
    !kind.is_private()
}

fn read(opened: (KeyKind, Reader<'_>)) -> Result<PublicKey, Error> {
    let mut key = PublicKey::EMPTY;
    read_into(&mut key, opened)?;
    Ok(key)
}

fn read_into(
    key: &mut PublicKey,
    (kind, mut reader): (KeyKind, Reader<'_>),
) -> Result<(), KeyRefusal> {
    match kind {
        KeyKind::Spki => read_spki(&mut reader, key),
        KeyKind::Certificate => read_certificate(&mut reader, key).map(|_| ()),
        KeyKind::Pkcs1Public | KeyKind::Pkcs1Private | KeyKind::Pkcs8Private => {
            read_pkcs1(&mut reader, key)
        }
    }?;
    reader.finish()
}
