//! The public key and the public operation (RFC 8017 5.2.2, 8.2.2).

use super::encoding::encode;
use super::limb::{
    Limb, be_bytes, bit_length, from_be_bytes, is_odd, less_than, limbs_for_bits, reduce_once,
};
use super::modulus::Modulus;
use super::power::{Progress, power_public};
use super::scratch::{Carver, NoRoom, with_public_scratch};
use super::sizes::MODULUS_LIMBS;
use crate::bytes::digest::Digest;
use crate::bytes::rounding::div_ceil;
use crate::bytes::sink::Sink;
use crate::error::key_refusal::KeyRefusal;
use crate::error::key_sizes::{MAX_MODULUS_BITS, MIN_MODULUS_BITS};
use crate::error::{EncodingProblem, Error, KeyProblem};
use crate::machine::choice::{self, Choice, Kernel};
use crate::machine::ifma;
use crate::machine::registers::Registers;

/// The smallest public exponent (RFC 8017 3.1).
const MIN_EXPONENT: u32 = 3;

/// An RSA public key: 2048 bits up to [`MAX_MODULUS_BITS`], an odd public exponent from 3 to
/// 2^32 − 1. Read from SPKI, PKCS#1 or an X.509 certificate, in PEM or DER.
///
/// It holds nothing secret; operations with it take time that depends on the key's size and
/// exponent only.
#[derive(Clone)]
pub struct PublicKey {
    n: [Limb; MODULUS_LIMBS],
    /// R² mod n.
    r_squared: [Limb; MODULUS_LIMBS],
    bits: usize,
    e: u32,
    choice: Choice,
    registers: Registers,
}

impl PublicKey {
    /// The key before it is loaded.
    pub(crate) const EMPTY: Self = Self {
        n: [0; MODULUS_LIMBS],
        r_squared: [0; MODULUS_LIMBS],
        bits: 0,
        e: 0,
        choice: Choice::Portable,
        registers: Registers::LEAST,
    };

    /// A place for a key, to be filled with [`load`](Self::load). Verifying with it before that is
    /// [`Error::InvalidKey`]. Every byte of it is zero, so memory that was zeroed is such a place.
    #[must_use]
    pub const fn empty() -> Self {
        Self::EMPTY
    }

    /// The modulus's size in bits.
    #[must_use]
    pub const fn modulus_bits(&self) -> usize {
        self.bits
    }

    /// The modulus's length in bytes, which is the length of a signature.
    #[must_use]
    pub const fn modulus_len(&self) -> usize {
        div_ceil(self.bits, 8)
    }

    /// The kernel that this key works with.
    #[must_use]
    pub const fn kernel(&self) -> Kernel {
        self.choice.kernel()
    }

    pub(crate) const fn choice(&self) -> Choice {
        self.choice
    }

    /// What is cleared after an operation with the private key.
    pub(crate) const fn registers(&self) -> Registers {
        self.registers
    }

    /// Works with another kernel from now on, for tests and comparisons. Returns `false` and changes
    /// nothing where this machine cannot run it.
    pub fn use_kernel(&mut self, kernel: Kernel) -> bool {
        let choice = Choice::for_kernel(kernel);
        if let Some(choice) = choice {
            self.choice = choice;
        }
        choice.is_some()
    }

    /// The public exponent.
    #[must_use]
    pub const fn exponent(&self) -> u32 {
        self.e
    }

    /// Writes the modulus in big-endian bytes, [`modulus_len`](Self::modulus_len) of them.
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`] with the length needed.
    pub fn write_modulus<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let needed = self.modulus_len();
        let bytes = out
            .get_mut(..needed)
            .ok_or(Error::BufferTooSmall { needed })?;
        for (slot, byte) in bytes.iter_mut().zip(be_bytes(self.limbs(), needed)) {
            *slot = byte;
        }
        Ok(bytes)
    }

    /// Writes what tells this key from every other: the exponent, then the modulus.
    pub(crate) fn write_numbers(&self, sink: &mut dyn Sink) {
        /// Pieces on the stack, so that a hash takes whole runs rather than single bytes.
        const PIECE: usize = 32;
        sink.write(&self.e.to_be_bytes());
        let mut bytes = be_bytes(self.limbs(), self.modulus_len());
        let mut left = self.modulus_len();
        while left > 0 {
            let len = left.min(PIECE);
            let mut piece = [0; PIECE];
            for (slot, byte) in piece.iter_mut().zip(&mut bytes) {
                *slot = byte;
            }
            sink.write(piece.get(..len).unwrap_or_default());
            left = left.saturating_sub(len);
        }
    }

    /// Checks an RSASSA-PKCS1-v1_5 signature over an already made SHA-256 (V-SIG): the expected
    /// encoding is built and compared whole; no padding is parsed.
    ///
    /// # Errors
    /// [`Error::SignatureMismatch`]; [`Error::InvalidSignatureEncoding`] if the length is not that
    /// of the modulus; [`Error::InvalidKey`] if no key was loaded.
    pub fn verify_digest(&self, digest: &Digest, signature: &[u8]) -> Result<(), Error> {
        self.open(signature, |message| {
            let expected = encode(self.modulus_len(), digest);
            let message = be_bytes(message, self.modulus_len());
            let difference = message
                .zip(expected)
                .fold(0, |all, (found, expected)| all | (found ^ expected));
            if difference == 0 {
                Ok(())
            } else {
                Err(Error::SignatureMismatch)
            }
        })?
    }

    /// Calls `judge` with signature^e mod n.
    pub(crate) fn open<T>(
        &self,
        signature: &[u8],
        judge: impl FnOnce(&[Limb]) -> T,
    ) -> Result<T, Error> {
        let len = self.limbs().len();
        if len == 0 {
            return Err(EMPTY_KEY);
        }
        if signature.len() != self.modulus_len() {
            return Err(Error::InvalidSignatureEncoding {
                expected: self.modulus_len(),
                found: signature.len(),
                problem: EncodingProblem::Bytes,
            });
        }
        with_public_scratch(self.bits, |scratch| {
            let mut carver = Carver::new(scratch);
            let s = carver.take(len)?;
            let message = carver.take(len)?;
            from_be_bytes(s, signature);
            if !less_than(s, self.limbs()) {
                return Err(Error::SignatureMismatch);
            }
            self.power(message, s, carver.rest(), &mut || ())?;
            Ok(judge(message))
        })
    }

    /// `out = base^e mod n` for `base < n`, with a scratch of three lengths of the modulus.
    pub(crate) fn power(
        &self,
        out: &mut [Limb],
        base: &[Limb],
        scratch: &mut [Limb],
        progress: Progress<'_>,
    ) -> Result<(), NoRoom> {
        if self.power_by_vectors(out, base, progress).is_some() {
            return Ok(());
        }
        let len = self.limbs().len();
        let mut carver = Carver::new(scratch);
        let base_form = carver.take(len)?;
        let wide = carver.take(len.saturating_mul(2))?;
        let r_squared = self.r_squared();
        let modulus = Modulus::new(self.limbs(), self.choice);
        power_public(
            &modulus,
            out,
            base,
            self.e,
            r_squared,
            (base_form, wide),
            progress,
        );
        Ok(())
    }

    /// The same with vectors: `None` where the machine or the key is not made for it.
    fn power_by_vectors(
        &self,
        out: &mut [Limb],
        base: &[Limb],
        progress: Progress<'_>,
    ) -> Option<()> {
        let token = self.choice.ifma()?;
        if !ifma::opens(self.bits) {
            return None;
        }
        let numbers = [self.limbs(), self.r_squared(), base];
        let carry = ifma::open(token, out, numbers, self.e, progress)?;
        reduce_once(out, self.limbs(), carry);
        Some(())
    }

    /// R² modulo the modulus.
    pub(crate) fn r_squared(&self) -> &[Limb] {
        let used = limbs_for_bits(self.bits);
        self.r_squared.get(..used).unwrap_or_default()
    }

    /// The modulus.
    pub(crate) fn limbs(&self) -> &[Limb] {
        let used = limbs_for_bits(self.bits);
        self.n.get(..used).unwrap_or_default()
    }

    #[cfg(daxsign_faults)]
    pub(crate) fn limbs_mut(&mut self) -> &mut [Limb] {
        let used = limbs_for_bits(self.bits);
        self.n.get_mut(..used).unwrap_or_default()
    }

    /// Takes the modulus from a reader that fills big-endian bytes into limbs, and checks it.
    pub(crate) fn load_modulus(
        &mut self,
        byte_len: usize,
        read: impl FnOnce(&mut [Limb]) -> Result<(), KeyRefusal>,
    ) -> Result<(), KeyRefusal> {
        *self = Self::EMPTY;
        if byte_len > MAX_MODULUS_BITS / 8 {
            return Err(KeyRefusal::LONG_MODULUS);
        }
        read(&mut self.n)?;
        let bits = bit_length(&self.n);
        if bits < MIN_MODULUS_BITS {
            return Err(KeyRefusal::too_small(bits));
        }
        if !is_odd(&self.n) {
            return Err(KeyProblem::Modulus.into());
        }
        self.bits = bits;
        (self.choice, self.registers) = choice::best();
        Ok(())
    }

    /// Takes the public exponent, which completes the key.
    pub(crate) fn load_exponent(&mut self, e: u32) -> Result<(), KeyRefusal> {
        if e < MIN_EXPONENT || e.is_multiple_of(2) {
            return Err(KeyProblem::PublicExponent.into());
        }
        self.e = e;
        with_public_scratch(self.bits, |scratch| {
            let used = limbs_for_bits(self.bits);
            let mut carver = Carver::new(scratch);
            let wide = carver.take(used.saturating_mul(2))?;
            let n = self.n.get(..used).ok_or(NoRoom)?;
            let r_squared = self.r_squared.get_mut(..used).ok_or(NoRoom)?;
            Modulus::new(n, self.choice).r_squared(r_squared, wide);
            Ok(())
        })
    }
}

/// The error for an operation with a key that was not loaded.
pub(crate) const EMPTY_KEY: Error = Error::InvalidKey {
    problem: KeyProblem::Empty,
};

impl core::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PublicKey")
            .field("bits", &self.bits)
            .field("e", &self.e)
            .finish_non_exhaustive()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.n == other.n && self.e == other.e
    }
}

impl Eq for PublicKey {}
