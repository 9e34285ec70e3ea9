//! Many signatures with one key.

#[cfg(daxsign_ifma)]
use super::lanes;
use super::private_key::PrivateKey;
use super::public_key::EMPTY_KEY;
use crate::bytes::digest::Digest;
use crate::error::{EncodingProblem, Error};

/// How many digests are signed together, at most: the lanes of the machine that has most.
const GROUP: usize = 8;

impl PrivateKey {
    /// From how many digests on [`sign_batch`](Self::sign_batch) computes several at once, on this machine
    /// with this key; `None` where it always signs one by one, so that nothing is gained by handing over
    /// many.
    ///
    /// ```
    /// # const FILE: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
    /// use daxsign_core::PrivateKey;
    /// let key = PrivateKey::from_bytes(FILE)?;
    /// let waiting = 7;
    /// let together = key.signs_together_from().is_some_and(|least| waiting >= least);
    /// let taken = if together { waiting.min(8) } else { 1 };
    /// # assert!(taken == 1 || taken == 7);
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    #[must_use]
    pub fn signs_together_from(&self) -> Option<usize> {
        #[cfg(daxsign_ifma)]
        {
            let public = self.public_key();
            let (_, numbers) = (public.choice().ifma()?, self.sound()?);
            lanes::fits(public, &numbers, lanes::MIN_LANES).then_some(lanes::MIN_LANES)
        }
        #[cfg(not(daxsign_ifma))]
        None
    }

    /// Signs already made SHA-256s with RSASSA-PKCS1-v1_5, all with this key: for hosts that relay
    /// many messages.
    ///
    /// `signatures` has the modulus's length for each digest; the signatures stand one behind the
    /// other in the digests' order, each the one that [`Signer::sign_digest`](crate::Signer) makes.
    /// There may be any number of digests, none too.
    ///
    /// On x86-64 with AVX-512 IFMA, with keys of 2048, 3072 or 4096 bits whose primes have half of
    /// that, eight are computed at once in about two thirds of the time of one by one; hand over
    /// multiples of eight. Up to five that are left over, other keys and other machines sign one by
    /// one. Eight at once take 46 KB of stack with 2048 bits, 66 KB with 3072 and 87 KB with 4096.
    ///
    /// ```
    /// # const FILE: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
    /// use daxsign_core::{Digest, PrivateKey, Sha256};
    /// let key = PrivateKey::from_bytes(FILE)?;
    /// let digests = [0, 1, 2, 3, 4, 5, 6, 7].map(|i| Digest(Sha256::digest(&[i])));
    /// let len = key.public_key().modulus_len();
    /// let mut signatures = vec![0; digests.len() * len];
    /// key.sign_batch(&digests, &mut signatures)?;
    /// for (digest, signature) in digests.iter().zip(signatures.chunks(len)) {
    ///     key.public_key().verify_digest(digest, signature)?;
    /// }
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// Constant time: it depends on the key's size and the number of digests only. Every signature
    /// is verified before it is written.
    ///
    /// # Errors
    /// [`Error::SigningFault`] if a signature does not verify; [`Error::BufferTooSmall`] with the
    /// length needed, and [`Error::InvalidSignatureEncoding`] with that of one signature, if
    /// `signatures` is shorter or longer; [`Error::InvalidKey`] if no key was loaded. All of
    /// `signatures` is then zeroed.
    pub fn sign_batch(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), Error> {
        let result = self.sign_groups(digests, signatures);
        if result.is_err() {
            signatures.fill(0);
        }
        result
    }

    fn sign_groups(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), Error> {
        let len = self.public_key().modulus_len();
        if len == 0 {
            return Err(EMPTY_KEY);
        }
        let needed = digests.len().saturating_mul(len);
        if signatures.len() < needed {
            return Err(Error::BufferTooSmall { needed });
        }
        if signatures.len() > needed {
            return Err(Error::InvalidSignatureEncoding {
                expected: len,
                found: signatures.len(),
                problem: EncodingProblem::Bytes,
            });
        }
        let groups = signatures.chunks_mut(len.saturating_mul(GROUP).max(1));
        for (digests, signatures) in digests.chunks(GROUP).zip(groups) {
            #[cfg(daxsign_ifma)]
            if let Some(result) = self.sign_together(digests, signatures) {
                result?;
                continue;
            }
            for (digest, signature) in digests.iter().zip(signatures.chunks_mut(len)) {
                self.sign(digest, signature, &mut || ())?;
            }
        }
        Ok(())
    }

    /// Signs a group at once; `None` where one by one is all there is, or faster.
    #[cfg(daxsign_ifma)]
    fn sign_together(
        &self,
        digests: &[Digest],
        signatures: &mut [u8],
    ) -> Option<Result<(), Error>> {
        let public = self.public_key();
        let (ifma, numbers) = (public.choice().ifma()?, self.sound()?);
        if !lanes::fits(public, &numbers, digests.len()) {
            return None;
        }
        let signed = lanes::sign(ifma, public, &numbers, digests, signatures);
        Some(signed.map_err(|withheld| self.told(withheld, 0)))
    }
}
