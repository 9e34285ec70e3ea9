//! Writing a private key: PKCS#1 (RFC 8017 A.1.2) and PKCS#8 (RFC 5958), DER and PEM (RFC 7468 10 and 13).

use zeroize::Zeroize;

use super::der_writer::{DerWriter, OCTET_STRING, SEQUENCE};
use super::exponents::{inverse_of_exponent, totient};
use super::pem_writer::{PemWriter, pem_len};
use crate::bytes::sink::Sink;
use crate::error::Error;
use crate::error::slice_sink::SliceSink;
use crate::keys::algorithm::RSA_ENCRYPTION;
use crate::rsa::limb::Limb;
use crate::rsa::private_key::PrivateKey;
use crate::rsa::private_operation::Numbers;
use crate::rsa::public_key::EMPTY_KEY;
use crate::rsa::scratch::{Carver, NoRoom, with_public_scratch};

/// How a private key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFormat {
    /// PKCS#1, binary.
    Pkcs1Der,
    /// PKCS#1, `BEGIN RSA PRIVATE KEY`.
    Pkcs1Pem,
    /// PKCS#8, binary.
    Pkcs8Der,
    /// PKCS#8, `BEGIN PRIVATE KEY`.
    Pkcs8Pem,
}

impl KeyFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Pkcs1Der,
        Self::Pkcs1Pem,
        Self::Pkcs8Der,
        Self::Pkcs8Pem,
    ];

    const fn is_pkcs8(self) -> bool {
        matches!(self, Self::Pkcs8Der | Self::Pkcs8Pem)
    }

    /// The label of its PEM; DER has none.
    const fn label(self) -> Option<&'static str> {
        match self {
            Self::Pkcs1Der | Self::Pkcs8Der => None,
            Self::Pkcs1Pem => Some("RSA PRIVATE KEY"),
            Self::Pkcs8Pem => Some("PRIVATE KEY"),
        }
    }

    /// The length of a file of so many bytes of DER.
    const fn file_len(self, der_len: usize) -> usize {
        match self.label() {
            None => der_len,
            Some(label) => pem_len(label, der_len),
        }
    }
}

/// The greatest length that a private key of `bits` bits, with primes of half of that, can have in this
/// format: room for [`PrivateKey::write`], such as 1222 bytes for 2048 bits as [`KeyFormat::Pkcs8Der`].
#[must_use]
pub const fn private_key_file_len(bits: usize, format: KeyFormat) -> usize {
    /// The version, 0, as an INTEGER.
    const VERSION: usize = 3;
    /// AlgorithmIdentifier of rsaEncryption.
    const ALGORITHM: usize = 15;
    /// e, which has 32 bits at most.
    const EXPONENT: usize = element(5);
    // With the byte that keeps a number with its highest bit set positive.
    let whole = element((bits / 8).saturating_add(1));
    let half = element((bits / 16).saturating_add(1));
    let numbers = whole
        .saturating_mul(2)
        .saturating_add(half.saturating_mul(5));
    let pkcs1 = element(numbers.saturating_add(VERSION + EXPONENT));
    format.file_len(if format.is_pkcs8() {
        element(element(pkcs1).saturating_add(VERSION + ALGORITHM))
    } else {
        pkcs1
    })
}

/// The length of an element with contents of so many bytes.
const fn element(contents: usize) -> usize {
    let header = match contents {
        0..=0x7F => 2,
        0x80..=0xFF => 3,
        _ => 4,
    };
    contents.saturating_add(header)
}

impl PrivateKey {
    /// Writes the key at the start of `out`, which is all secret from then on; what was written is
    /// given back.
    ///
    /// The private exponent d, which no signature needs, is not kept with a key but made anew: as e⁻¹ modulo
    /// (p − 1) · (q − 1), as in the first PKCS#1 (RFC 2313 6.3). A program that makes it modulo the least
    /// common multiple of p − 1 and q − 1, as RFC 8017 3.2 has it too, may write another d for the same key;
    /// each is as good. The least common multiple would need a division that takes time by the primes.
    ///
    /// Constant time: it depends on the numbers' lengths only, as that of the file does.
    ///
    /// ```
    /// # const FILE: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
    /// use daxsign_core::{KeyFormat, PrivateKey, private_key_file_len};
    /// let key = PrivateKey::from_bytes(FILE)?;
    /// let mut file = [0; private_key_file_len(2048, KeyFormat::Pkcs8Pem)];
    /// let written = key.write(KeyFormat::Pkcs8Pem, &mut file)?;
    /// assert!(written.starts_with(b"-----BEGIN PRIVATE KEY-----\n"));
    /// assert_eq!(PrivateKey::from_bytes(written)?.public_key(), key.public_key());
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`] with the length needed, and `out` zeroed; [`Error::InvalidKey`] if no key
    /// was loaded or made.
    pub fn write<'o>(&self, format: KeyFormat, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let mut sink = SliceSink::new(&mut *out);
        let result = self.with_private_exponent(|numbers, d| {
            self.write_file(format, numbers, d, &mut sink);
        });
        match result.and_then(|()| sink.finish().map(|written| written.len())) {
            Ok(len) => Ok(out.get(..len).unwrap_or_default()),
            Err(error) => {
                // It may hold a part of the key.
                out.zeroize();
                Err(error)
            }
        }
    }

    /// The exact length of what [`write`](Self::write) writes.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if no key was loaded or made.
    pub fn written_len(&self, format: KeyFormat) -> Result<usize, Error> {
        self.with_private_exponent(|numbers, d| {
            let der = DerWriter::count(&|der| self.write_der(format, numbers, d, der));
            format.file_len(der)
        })
    }

    fn with_private_exponent<T>(
        &self,
        then: impl FnOnce(&Numbers<'_>, &[Limb]) -> T,
    ) -> Result<T, Error> {
        let public = self.public_key();
        if public.modulus_len() == 0 {
            return Err(EMPTY_KEY);
        }
        let numbers = self.sound().ok_or(Error::InternalFault)?;
        let result = with_public_scratch(public.modulus_bits(), |scratch| {
            let mut carver = Carver::new(scratch);
            let d = carver.take(public.limbs().len())?;
            private_exponent(self, d, carver.rest())?;
            Ok::<_, NoRoom>(then(&numbers, d))
        });
        public.registers().clear();
        Ok(result?)
    }

    fn write_file(
        &self,
        format: KeyFormat,
        numbers: &Numbers<'_>,
        d: &[Limb],
        sink: &mut dyn Sink,
    ) {
        let contents = |der: &mut DerWriter<'_>| self.write_der(format, numbers, d, der);
        let Some(label) = format.label() else {
            DerWriter::write(sink, &contents);
            return;
        };
        let mut pem = PemWriter::new(label, sink);
        DerWriter::write(&mut pem, &contents);
        pem.finish();
    }

    fn write_der(
        &self,
        format: KeyFormat,
        numbers: &Numbers<'_>,
        d: &[Limb],
        der: &mut DerWriter<'_>,
    ) {
        if !format.is_pkcs8() {
            self.write_pkcs1(numbers, d, der);
            return;
        }
        der.element(SEQUENCE, |der| {
            der.integer(&[0]);
            der.rsa_algorithm(RSA_ENCRYPTION);
            der.element(OCTET_STRING, |der| self.write_pkcs1(numbers, d, der));
        });
    }

    fn write_pkcs1(&self, numbers: &Numbers<'_>, d: &[Limb], der: &mut DerWriter<'_>) {
        der.element(SEQUENCE, |der| {
            let public = self.public_key();
            der.integer(&[0]);
            der.number(public.limbs());
            der.integer(&public.exponent().to_be_bytes());
            for number in [
                d,
                numbers.p,
                numbers.q,
                numbers.d_p,
                numbers.d_q,
                numbers.q_inv,
            ] {
                der.number(number);
            }
        });
    }
}

/// `d = e⁻¹ mod (p − 1) · (q − 1)`, of n's length; the scratch has twice that.
pub(super) fn private_exponent(
    key: &PrivateKey,
    d: &mut [Limb],
    scratch: &mut [Limb],
) -> Result<(), NoRoom> {
    let n = key.public_key().limbs();
    let numbers = key.numbers().ok_or(NoRoom)?;
    let mut carver = Carver::new(scratch);
    let phi = carver.take(n.len())?;
    totient(phi, n, [numbers.p, numbers.q], carver.take(n.len())?);
    inverse_of_exponent(d, phi, key.public_key().exponent());
    Ok(())
}
