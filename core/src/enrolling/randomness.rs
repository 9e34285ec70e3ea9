//! Where randomness comes from, and the test of it that needs no knowledge of the source.

use zeroize::Zeroize;

use super::error::EnrolError;
use crate::machine::secrecy::declassify;
use crate::rsa::limb::{LIMB_BYTES, Limb, set_byte};

/// Random bytes from the caller: the core has none of its own.
///
/// They have to be unpredictable, each bit of them: from the operating system, or from a generator
/// (NIST SP 800-90A) that was seeded with enough entropy. Asked for are 32 bytes at a time, for a key of
/// 2048 bits about 3 400 times, for one of 4096 bits about 12 500 times: a slow source should seed a
/// generator rather than answer itself.
///
/// Every `FnMut(&mut [u8]) -> Result<(), RandomnessFailed>` is a source:
///
/// ```
/// use daxsign_core::{Randomness, RandomnessFailed};
/// # struct Chip; impl Chip { fn random(&mut self) -> Option<u32> { Some(4) } }
/// # let mut chip = Chip;
/// let mut source = |bytes: &mut [u8]| {
///     for word in bytes.chunks_mut(4) {
///         let number = chip.random().ok_or(RandomnessFailed)?;
///         word.copy_from_slice(&number.to_le_bytes()[..word.len()]);
///     }
///     Ok(())
/// };
/// source.fill(&mut [0; 32])?;
/// # Ok::<(), RandomnessFailed>(())
/// ```
pub trait Randomness {
    /// Fills all of `bytes`, or says that it cannot: then no key is made.
    ///
    /// # Errors
    /// [`RandomnessFailed`] if not all of them could be had.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomnessFailed>;
}

/// A source of randomness has none to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RandomnessFailed;

impl core::fmt::Display for RandomnessFailed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the source of randomness failed")
    }
}

impl core::error::Error for RandomnessFailed {}

impl<F: FnMut(&mut [u8]) -> Result<(), RandomnessFailed>> Randomness for F {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
        self(bytes)
    }
}

/// Bytes that are asked for at a time.
pub(super) const BLOCK: usize = 32;

/// What is drawn anew is so with less than half of the draws. More than so many in a row, and what draws is
/// not random: 2^-160.
pub(super) const MAX_REDRAWS: usize = 160;

/// Bytes of a sample of the test: see [`Source::block`].
const SAMPLE: usize = 8;

pub(super) type Block = [u8; BLOCK];

/// A caller's source, watched. What it remembers is wiped on drop.
pub(super) struct Source<'r> {
    random: &'r mut dyn Randomness,
    last: Block,
}

impl<'r> Source<'r> {
    pub(super) const fn new(random: &'r mut dyn Randomness) -> Self {
        Self {
            random,
            last: [0; BLOCK],
        }
    }

    /// The next bytes.
    ///
    /// Two samples in a row that are equal are refused: the repetition count test of NIST SP 800-90B
    /// 4.4.1, with samples of 64 bits whose entropy H is 64 bits as well, as a source for keys has to
    /// promise, and a cutoff C = 1 + ⌈−log2 α / H⌉ = 2 for every α of 2^-64 and more, the chance that a
    /// good source is refused. So is a sample that equals the one at its place of the block before: a
    /// pattern that repeats itself with each call, or an end of the block that is never filled, which stays 0.
    pub(super) fn block(&mut self, out: &mut Block) -> Result<(), EnrolError> {
        out.fill(0);
        self.random
            .fill(out)
            .map_err(|RandomnessFailed| EnrolError::RandomnessFailed)?;
        let (samples, _) = out.as_chunks::<SAMPLE>();
        let (before, _) = self.last.as_chunks::<SAMPLE>();
        let mut previous = number(before.last());
        let mut stuck = false;
        for (sample, before) in samples.iter().zip(before) {
            let sample = number(Some(sample));
            stuck |= (sample == previous) | (sample == number(Some(before)));
            previous = sample;
        }
        self.last = *out;
        if declassify(stuck) {
            out.zeroize();
            return Err(EnrolError::RandomnessStuck);
        }
        Ok(())
    }
}

/// A sample as a number.
fn number(sample: Option<&[u8; SAMPLE]>) -> u64 {
    u64::from_ne_bytes(sample.copied().unwrap_or_default())
}

impl Source<'_> {
    /// A random number of as many bits as `number` has room for, from its highest byte down. Its first
    /// block is drawn anew until `is_wanted`, which may change it.
    pub(super) fn number(
        &mut self,
        number: &mut [Limb],
        is_wanted: fn(&mut Block) -> bool,
    ) -> Result<(), EnrolError> {
        let mut block = [0; BLOCK];
        let result = self.fill_number(number, is_wanted, &mut block);
        block.zeroize();
        result
    }

    fn fill_number(
        &mut self,
        number: &mut [Limb],
        is_wanted: fn(&mut Block) -> bool,
        block: &mut Block,
    ) -> Result<(), EnrolError> {
        let mut redraws = 0..MAX_REDRAWS;
        self.block(block)?;
        while !is_wanted(block) {
            redraws.next().ok_or(EnrolError::RandomnessStuck)?;
            self.block(block)?;
        }
        number.fill(0);
        let mut position = number.len().saturating_mul(LIMB_BYTES);
        loop {
            for byte in *block {
                position = position.saturating_sub(1);
                set_byte(number, position, byte);
            }
            if position == 0 {
                return Ok(());
            }
            self.block(block)?;
        }
    }
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        self.last.zeroize();
    }
}
