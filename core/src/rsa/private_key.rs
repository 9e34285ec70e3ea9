//! The private key: its numbers and the signature made with them (RFC 8017 3.2, 5.2.1, 8.2.1).

use zeroize::Zeroize;

use super::key_check;
use super::limb::{LIMB_BYTES, Limb, bit_length, limbs_for_bits};
use super::portable::multiply_wide;
use super::power::Progress;
use super::private_operation::{self, Numbers, Withheld};
use super::public_key::{EMPTY_KEY, PublicKey};
use super::scratch::{Carver, NoRoom, with_private_scratch};
use super::sizes::{MAX_ROUNDING_LIMBS, MIN_PRIME_SHARE, SECRET_LIMBS};
use crate::bytes::digest::Digest;
use crate::error::key_refusal::KeyRefusal;
use crate::error::{EncodingProblem, Error, KeyProblem};
use crate::machine::choice::Kernel;
use crate::machine::secrecy::declassify_words;

/// An RSA private key: 2048 bits up to [`MAX_MODULUS_BITS`](crate::MAX_MODULUS_BITS), two primes.
/// Read from PKCS#1 or PKCS#8, in PEM or DER.
///
/// Its numbers are checked against each other on loading, never printed, and wiped on drop. A
/// value that is moved leaves its old place as it was: to have no copy, make it where it is to
/// stay with [`PrivateKey::empty`] and fill it with [`load`](Self::load).
///
/// Signing takes time that depends on the key's size only.
pub struct PrivateKey {
    public: PublicKey,
    /// p, q, dP, dQ, qInv one behind the other; dP and qInv have p's length, dQ has q's.
    secret: [Limb; SECRET_LIMBS],
    p_len: usize,
    q_len: usize,
}

/// Which secret number is read next.
#[derive(Clone, Copy)]
pub(crate) enum Secret {
    P,
    Q,
    DP,
    DQ,
    QInv,
}

impl PrivateKey {
    /// A place for a key, to be filled with [`load`](Self::load). Signing with it before that is
    /// [`Error::InvalidKey`]. Every byte of it is zero, so memory that was zeroed is such a place.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            public: PublicKey::EMPTY,
            secret: [0; SECRET_LIMBS],
            p_len: 0,
            q_len: 0,
        }
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Works with another kernel from now on: see [`PublicKey::use_kernel`].
    pub fn use_kernel(&mut self, kernel: Kernel) -> bool {
        self.public.use_kernel(kernel)
    }

    /// Overwrites all numbers; the place is then as [`empty`](Self::empty). Dropping does this too.
    pub fn wipe(&mut self) {
        self.secret.zeroize();
        self.public = PublicKey::EMPTY;
        self.p_len = 0;
        self.q_len = 0;
    }

    /// Signs an already made SHA-256 with RSASSA-PKCS1-v1_5. `signature` has the modulus's length.
    ///
    /// The result is verified with the public key before it is written; a fault in the computation
    /// (or a damaged key) returns [`Error::SigningFault`] and a zeroed `signature`, never a faulty
    /// signature, from which the primes could be computed.
    ///
    /// `progress` is called after each modular multiplication.
    pub(crate) fn sign(
        &self,
        digest: &Digest,
        signature: &mut [u8],
        progress: Progress<'_>,
    ) -> Result<(), Error> {
        let found = signature.len();
        self.try_sign(digest, signature, progress)
            .map_err(|withheld| self.told(withheld, found))
    }

    /// The error for a signature of so many bytes that was withheld.
    #[cold]
    pub(crate) const fn told(&self, withheld: Withheld, found: usize) -> Error {
        match withheld {
            Withheld::Empty => EMPTY_KEY,
            Withheld::Length => Error::InvalidSignatureEncoding {
                expected: self.public.modulus_len(),
                found,
                problem: EncodingProblem::Bytes,
            },
            Withheld::Mismatch => Error::SigningFault,
            Withheld::NoRoom => Error::InternalFault,
        }
    }

    /// The same with an error that comes in a register.
    fn try_sign(
        &self,
        digest: &Digest,
        signature: &mut [u8],
        progress: Progress<'_>,
    ) -> Result<(), Withheld> {
        // Looked at where it is: as a part of a tuple it would be moved.
        let sound = self.sound();
        let result = match (self.public.modulus_len(), &sound) {
            (0, _) => Err(Withheld::Empty),
            (expected, _) if signature.len() != expected => Err(Withheld::Length),
            (_, None) => Err(Withheld::Mismatch),
            (_, Some(numbers)) => with_private_scratch(self.public.modulus_bits(), |scratch| {
                private_operation::sign(&self.public, numbers, digest, signature, scratch, progress)
            }),
        };
        self.public.registers().clear();
        if result.is_err() {
            signature.fill(0);
        }
        result
    }

    /// Room for a secret number of `byte_len` bytes; the primes come first and set the lengths.
    pub(crate) fn slot(
        &mut self,
        which: Secret,
        byte_len: usize,
    ) -> Result<&mut [Limb], KeyProblem> {
        let bits = byte_len.saturating_mul(8);
        let len = limbs_for_bits(bits);
        if matches!(which, Secret::P | Secret::Q) && self.is_too_short(bits) {
            return Err(KeyProblem::Primes);
        }
        match which {
            Secret::P => self.p_len = len,
            Secret::Q => self.q_len = len,
            Secret::DP | Secret::DQ | Secret::QInv => {}
        }
        let (p, q) = (self.p_len, self.q_len);
        let (start, room, problem) = match which {
            Secret::P => (0, p, KeyProblem::Primes),
            Secret::Q => (p, q, KeyProblem::Primes),
            Secret::DP => (p.saturating_add(q), p, KeyProblem::DP),
            Secret::DQ => (p.saturating_mul(2).saturating_add(q), q, KeyProblem::DQ),
            Secret::QInv => (p.saturating_add(q).saturating_mul(2), p, KeyProblem::QInv),
        };
        let end = start.saturating_add(room);
        // The primes' lengths are checked before anything is put behind them.
        if len > room || p.saturating_add(q) > self.public.limbs().len().saturating_add(1) {
            return Err(problem);
        }
        self.secret.get_mut(start..end).ok_or(problem)
    }

    /// Whether a prime of this size could be found as a small factor of n.
    const fn is_too_short(&self, prime_bits: usize) -> bool {
        prime_bits.saturating_mul(MIN_PRIME_SHARE) < self.public.modulus_bits()
    }

    /// The numbers; `None` before they are loaded.
    pub(crate) fn numbers(&self) -> Option<Numbers<'_>> {
        let (p, rest) = self.secret.split_at_checked(self.p_len)?;
        let (q, rest) = rest.split_at_checked(self.q_len)?;
        let (d_p, rest) = rest.split_at_checked(self.p_len)?;
        let (d_q, rest) = rest.split_at_checked(self.q_len)?;
        let (q_inv, _) = rest.split_at_checked(self.p_len)?;
        Some(Numbers {
            p,
            q,
            d_p,
            d_q,
            q_inv,
        })
    }

    /// The numbers, if their lengths are such as loading takes: others mean that the key was damaged
    /// since.
    pub(crate) fn sound(&self) -> Option<Numbers<'_>> {
        let least = self.public.limbs().len();
        let most = least.saturating_add(MAX_ROUNDING_LIMBS);
        self.numbers()
            .filter(|numbers| (least..=most).contains(&numbers.len()))
    }

    /// Checks the numbers against each other. `d` is the private exponent, which is not kept.
    /// `progress` is called on the way.
    pub(crate) fn check(
        &self,
        d: &[Limb],
        scratch: &mut [Limb],
        progress: impl FnMut(),
    ) -> Result<(), KeyRefusal> {
        let numbers = self.numbers().ok_or(NoRoom)?;
        let shortest = bit_length(numbers.p).min(bit_length(numbers.q));
        if self.is_too_short(shortest) {
            return Err(KeyProblem::Primes.into());
        }
        key_check::check(&self.public, &numbers, d, scratch, progress)
    }

    /// The limbs of p, q, dP, dQ and qInv, one behind the other, for a test that damages them.
    #[cfg(daxsign_faults)]
    #[doc(hidden)]
    pub fn secret_limbs(&mut self) -> &mut [Limb] {
        let used = self.numbers().map_or(0, |numbers| {
            numbers.len().saturating_mul(2).saturating_add(self.p_len)
        });
        self.secret.get_mut(..used).unwrap_or_default()
    }

    /// How many limbs p and q have, for a test that damages it.
    #[cfg(daxsign_faults)]
    #[doc(hidden)]
    pub fn prime_lengths(&mut self) -> [&mut usize; 2] {
        [&mut self.p_len, &mut self.q_len]
    }

    /// The limbs of n, for a test that damages them.
    #[cfg(daxsign_faults)]
    #[doc(hidden)]
    pub fn modulus_limbs(&mut self) -> &mut [Limb] {
        self.public.limbs_mut()
    }

    /// Places for the numbers of a key whose primes have `len` limbs each, in the order p, q, dP, dQ, qInv.
    pub(crate) fn places(&mut self, len: usize) -> Result<[&mut [Limb]; 5], NoRoom> {
        (self.p_len, self.q_len) = (len, len);
        let mut carver = Carver::new(&mut self.secret);
        let mut take = || carver.take(len);
        Ok([take()?, take()?, take()?, take()?, take()?])
    }

    /// The public half of the p and q that stand in their places: their product and e.
    pub(crate) fn load_public(&mut self, e: u32) -> Result<(), Error> {
        let (p, rest) = self.secret.split_at_checked(self.p_len).ok_or(NoRoom)?;
        let (q, _) = rest.split_at_checked(self.q_len).ok_or(NoRoom)?;
        let len = p.len().saturating_add(q.len());
        self.public
            .load_modulus(len.saturating_mul(LIMB_BYTES), |n| {
                let n = n.get_mut(..len).ok_or(NoRoom)?;
                multiply_wide(n, p, q);
                declassify_words(n);
                Ok(())
            })?;
        Ok(self.public.load_exponent(e)?)
    }

    pub(crate) const fn public_mut(&mut self) -> &mut PublicKey {
        &mut self.public
    }
}

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl core::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PrivateKey")
            .field("bits", &self.public.modulus_bits())
            .finish_non_exhaustive()
    }
}
