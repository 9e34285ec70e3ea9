//! The machine word that numbers are made of, and numbers as rows of limbs, least significant
//! first. All lengths here are public; the limbs' values may be secret, so nothing branches on
//! them and no index depends on them.

use crate::bytes::rounding::div_ceil;
use crate::machine::secrecy::declassify_byte;

#[cfg(all(target_pointer_width = "64", not(daxsign_limb_32)))]
pub(crate) type Limb = u64;
/// On hosts too with `--cfg daxsign_limb_32`, so that tests there run what microcontrollers run.
#[cfg(not(all(target_pointer_width = "64", not(daxsign_limb_32))))]
pub(crate) type Limb = u32;

/// Bytes in a limb.
pub(crate) const LIMB_BYTES: usize = size_of::<Limb>();
/// Bits in a limb.
pub(crate) const LIMB_BITS: usize = LIMB_BYTES * 8;

/// How many limbs hold `bits` bits.
pub(crate) const fn limbs_for_bits(bits: usize) -> usize {
    div_ceil(bits, LIMB_BITS)
}

/// All ones for 1, zero for 0. The black box keeps the compiler from turning the mask back into a
/// branch.
pub(crate) fn mask(bit: bool) -> Limb {
    core::hint::black_box(Limb::from(bit).wrapping_neg())
}

/// All ones if `a == b`, else zero.
pub(crate) fn equal_mask(a: Limb, b: Limb) -> Limb {
    let difference = a ^ b;
    // The top bit of x | -x is set for every x but 0.
    let differs = (difference | difference.wrapping_neg()) >> (LIMB_BITS - 1);
    core::hint::black_box(differs.wrapping_sub(1))
}

/// Whether two numbers of the same length are equal, in constant time.
pub(crate) fn equal(a: &[Limb], b: &[Limb]) -> bool {
    let difference = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && equal_mask(difference, 0) != 0
}

/// Whether `a < b`, in constant time.
pub(crate) fn less_than(a: &[Limb], b: &[Limb]) -> bool {
    a.iter()
        .zip(b)
        .fold(false, |borrow, (a, b)| a.borrowing_sub(*b, borrow).1)
}

/// `a += b`; returns the carry.
pub(crate) fn add(a: &mut [Limb], b: &[Limb]) -> bool {
    debug_assert_eq!(a.len(), b.len());
    a.iter_mut().zip(b).fold(false, |carry, (a, b)| {
        let (sum, carry) = a.carrying_add(*b, carry);
        *a = sum;
        carry
    })
}

/// `a -= b & mask`; returns the borrow.
pub(crate) fn subtract_masked(a: &mut [Limb], b: &[Limb], mask: Limb) -> bool {
    debug_assert_eq!(a.len(), b.len());
    a.iter_mut().zip(b).fold(false, |borrow, (a, b)| {
        let (difference, borrow) = a.borrowing_sub(b & mask, borrow);
        *a = difference;
        borrow
    })
}

/// `a += b & mask`, in b's length; the carry is dropped.
pub(crate) fn add_masked(a: &mut [Limb], b: &[Limb], mask: Limb) {
    debug_assert!(b.len() <= a.len(), "{} onto {}", b.len(), a.len());
    a.iter_mut().zip(b).fold(false, |carry, (a, b)| {
        let (sum, carry) = a.carrying_add(b & mask, carry);
        *a = sum;
        carry
    });
}

/// `a -= m` if `carry · 2^bits(a) + a >= m`, for a value below `2 · m`.
pub(crate) fn reduce_once(a: &mut [Limb], m: &[Limb], carry: bool) {
    let subtract = mask(carry) | mask(!less_than(a, m));
    subtract_masked(a, m, subtract);
}

/// `a = 2 · a + bit`; returns the bit shifted out.
pub(crate) fn shift_in(a: &mut [Limb], bit: bool) -> bool {
    let out = a.iter_mut().fold(Limb::from(bit), |low, limb| {
        let out = *limb >> (LIMB_BITS - 1);
        *limb = (*limb << 1) | low;
        out
    });
    out != 0
}

/// The number of significant bits. It depends on the highest byte that is not 0 and looks at none
/// below it, so that nothing else of a secret number shows.
pub(crate) fn bit_length(a: &[Limb]) -> usize {
    let len = a.len().saturating_mul(LIMB_BYTES);
    let bytes = be_bytes(a, len).map(declassify_byte);
    let zeros = bytes.take_while(|byte| *byte == 0).count();
    let used = len.saturating_sub(zeros);
    let top = declassify_byte(be_bytes(a, used).next().unwrap_or_default());
    let leading = usize::try_from(top.leading_zeros()).unwrap_or_default();
    used.saturating_mul(8).saturating_sub(leading)
}

/// Whether the number is odd.
pub(crate) fn is_odd(a: &[Limb]) -> bool {
    a.first().is_some_and(|limb| limb & 1 == 1)
}

/// Copies `from`, with zeros above it.
pub(crate) fn copy(to: &mut [Limb], from: &[Limb]) {
    debug_assert!(from.len() <= to.len(), "{} into {}", from.len(), to.len());
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
    to.iter_mut().skip(from.len()).for_each(|limb| *limb = 0);
}

/// Sets byte `position`, counted from the least significant one, of a number whose byte there is 0.
pub(crate) fn set_byte(a: &mut [Limb], position: usize, byte: u8) {
    if let Some(limb) = a.get_mut(position / LIMB_BYTES) {
        *limb |= Limb::from(byte) << (position % LIMB_BYTES).wrapping_mul(8);
    }
}

/// Reads big-endian bytes. `a` must have room for them.
pub(crate) fn from_be_bytes(a: &mut [Limb], bytes: &[u8]) {
    debug_assert!(
        limbs_for_bits(bytes.len().saturating_mul(8)) <= a.len(),
        "{} bytes into {} limbs",
        bytes.len(),
        a.len()
    );
    a.fill(0);
    for (position, byte) in bytes.iter().rev().enumerate() {
        set_byte(a, position, *byte);
    }
}

/// The number's big-endian bytes, the most significant first: `len` of them.
pub(crate) fn be_bytes(a: &[Limb], len: usize) -> impl Iterator<Item = u8> {
    (0..len).rev().map(|position| {
        let limb = a.get(position / LIMB_BYTES).copied().unwrap_or_default();
        limb.to_le_bytes()
            .get(position % LIMB_BYTES)
            .copied()
            .unwrap_or_default()
    })
}
