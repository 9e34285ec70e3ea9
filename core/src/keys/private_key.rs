//! Private keys: PKCS#1 (RFC 8017 A.1.2) and PKCS#8 (RFC 5958).

use super::algorithm::read_rsa_encryption;
use super::der::{OCTET_STRING, Reader, SEQUENCE};
use super::spki::read_numbers;
use super::{KeyKind, open, open_der, open_pem};
use crate::error::key_refusal::KeyRefusal;
use crate::error::{Error, KeyProblem};
use crate::rsa::limb::Limb;
use crate::rsa::private_key::{PrivateKey, Secret};
use crate::rsa::scratch::{Carver, with_private_scratch};

impl PrivateKey {
    /// Reads a private key: PKCS#1 or PKCS#8, in PEM or DER, and checks its numbers. Of several
    /// PEM blocks the first private key counts.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] for a damaged file or numbers that do not belong together;
    /// [`Error::KeyTooSmall`]; [`Error::UnsupportedKey`] for anything else than an unencrypted RSA
    /// private key of two primes that this build can hold.
    pub fn from_bytes(file: &[u8]) -> Result<Self, Error> {
        let mut key = Self::empty();
        key.load(file)?;
        Ok(key)
    }

    /// As [`from_bytes`](Self::from_bytes), PEM only.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        let mut key = Self::empty();
        key.read(open_pem(pem, KeyKind::is_private)?)?;
        Ok(key)
    }

    /// As [`from_bytes`](Self::from_bytes), DER only.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut key = Self::empty();
        key.read(open_der(der, KeyKind::is_private)?)?;
        Ok(key)
    }

    /// Reads a private key into this place, so that no copy of its numbers is made elsewhere.
    ///
    /// ```
    /// # const FILE: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
    /// use daxsign_core::PrivateKey;
    /// let mut key = PrivateKey::empty();
    /// key.load(FILE)?;
    /// assert_eq!(key.public_key().modulus_bits(), 2048);
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes); the place is then empty, whatever it held before.
    pub fn load(&mut self, file: &[u8]) -> Result<(), Error> {
        self.wipe();
        Ok(self.read(open(file, KeyKind::is_private)?)?)
    }

    fn read(&mut self, (kind, mut reader): (KeyKind, Reader<'_>)) -> Result<(), KeyRefusal> {
        let result = match kind {
            KeyKind::Pkcs8Private => self.read_pkcs8(&mut reader),
            _ => self.read_pkcs1(&mut reader),
        };
        let result = result.and_then(|()| reader.finish());
        let registers = self.public_key().registers();
        if result.is_err() {
            self.wipe();
        }
        registers.clear();
        result
    }

    /// OneAsymmetricKey ::= SEQUENCE { version, AlgorithmIdentifier, OCTET STRING, attributes and
    /// public key optional }.
    fn read_pkcs8(&mut self, reader: &mut Reader<'_>) -> Result<(), KeyRefusal> {
        let outer = reader.enter(SEQUENCE)?;
        if !matches!(reader.small_integer()?, Some(0 | 1)) {
            return Err(reader.malformed());
        }
        read_rsa_encryption(reader)?;
        let octets = reader.enter(OCTET_STRING)?;
        self.read_pkcs1(reader)?;
        reader.leave(octets)?;
        reader.leave_early(outer)
    }

    /// RSAPrivateKey ::= SEQUENCE { version 0, n, e, d, p, q, dP, dQ, qInv }.
    fn read_pkcs1(&mut self, reader: &mut Reader<'_>) -> Result<(), KeyRefusal> {
        let outer = reader.enter(SEQUENCE)?;
        match reader.small_integer()? {
            Some(0) => {}
            Some(1) => return Err(KeyRefusal::MORE_PRIMES),
            _ => return Err(reader.malformed()),
        }
        read_numbers(reader, self.public_mut())?;
        with_private_scratch(self.public_key().modulus_bits(), |scratch| {
            self.read_secrets(reader, scratch)
        })?;
        reader.leave(outer)
    }

    /// d, p, q, dP, dQ, qInv, which are then checked.
    fn read_secrets(
        &mut self,
        reader: &mut Reader<'_>,
        scratch: &mut [Limb],
    ) -> Result<(), KeyRefusal> {
        let mut carver = Carver::new(scratch);
        let d = carver.take(self.public_key().limbs().len())?;
        let d_len = reader.integer_len()?;
        if d_len > self.public_key().modulus_len() {
            return Err(KeyProblem::D.into());
        }
        reader.magnitude(d_len, d)?;
        for which in [Secret::P, Secret::Q, Secret::DP, Secret::DQ, Secret::QInv] {
            let len = reader.integer_len()?;
            let slot = self.slot(which, len)?;
            reader.magnitude(len, slot)?;
        }
        self.check(d, carver.rest(), || ())
    }
}
