//! A way for tests to what no key leads to, and to what only other machines run: in no build but with
//! `--cfg daxsign_inner`.

use crate::machine::choice::{Choice, Kernel};
use crate::rsa::limb::{self, Limb, be_bytes, from_be_bytes};
use crate::rsa::modulus::Modulus;

/// Bytes in a limb.
pub const LIMB_BYTES: usize = limb::LIMB_BYTES;

/// Bytes of the longest numbers.
pub const MAX_BYTES: usize = 512;
/// Limbs of them.
const MAX_LIMBS: usize = MAX_BYTES / LIMB_BYTES;

/// `a = a · b · R⁻¹ mod m`, or `a = a² · R⁻¹ mod m` without b, loosely reduced, with big-endian
/// numbers of the same length, a multiple of [`LIMB_BYTES`]; R is what does not fit that length.
/// That many times, each with what the one before gave: finding out what the machine can takes far longer
/// than a product where it is a virtual one, since its processor is asked through what runs it.
/// `None` if this machine cannot run the kernel, or if a length is another one.
pub fn montgomery(
    kernel: Kernel,
    a: &mut [u8],
    b: Option<&[u8]>,
    m: &[u8],
    times: usize,
) -> Option<()> {
    let choice = Choice::for_kernel(kernel)?;
    let len = m.len();
    if a.len() != len || b.is_some_and(|b| b.len() != len) || !len.is_multiple_of(LIMB_BYTES) {
        return None;
    }
    let limbs = len / LIMB_BYTES;
    // What stood there before does not count.
    let mut memory = [Limb::MAX; 5 * MAX_LIMBS];
    let (m_limbs, rest) = memory.split_at_mut_checked(limbs)?;
    let (a_limbs, rest) = rest.split_at_mut_checked(limbs)?;
    let (b_limbs, rest) = rest.split_at_mut_checked(limbs)?;
    let wide = rest.get_mut(..limbs.checked_mul(2)?)?;
    from_be_bytes(m_limbs, m);
    from_be_bytes(a_limbs, a);
    let modulus = Modulus::new(m_limbs, choice);
    if let Some(b) = b {
        from_be_bytes(b_limbs, b);
    }
    for _ in 0..times {
        if b.is_some() {
            modulus.multiply_loosely(a_limbs, b_limbs, wide);
        } else {
            modulus.square_loosely(a_limbs, wide);
        }
    }
    for (byte, result) in a.iter_mut().zip(be_bytes(a_limbs, len)) {
        *byte = result;
    }
    Some(())
}

/// Where bytes stop being UTF-8, as microcontrollers check it.
pub fn utf8_up_to(bytes: &[u8]) -> Result<(), usize> {
    crate::bytes::utf8::check_by_character(bytes)
}
