//! For tests on a board, with `--cfg daxsign_row_check`: what multiplies rows of limbs there, against
//! products put together here, for operands that carry much or not at all, in all sorts of lengths.

use super::limb::{Limb, copy};
use super::portable::{add_rows, clear_low, multiply_wide, square_wide};

/// Around the lengths that kernels take at a time, and the length of a prime of 1024 bits.
const LENGTHS: [usize; 12] = [1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 31, 32];
const MAX_LEN: usize = 32;
type Number = [Limb; MAX_LEN];
type Wide = [Limb; 2 * MAX_LEN];

/// Limbs of six kinds.
const KINDS: u32 = 6;

fn fill(number: &mut [Limb], kind: u32, seed: u32) {
    let mut state = seed.wrapping_mul(0x9E37_79B9) | 1;
    for (index, limb) in number.iter_mut().enumerate() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        *limb = match kind {
            0 => 0,
            1 => Limb::MAX,
            2 if index.is_multiple_of(2) => Limb::MAX,
            3 => Limb::MAX << 16,
            4 if index == 0 => 1,
            5 => state,
            _ => 0,
        };
    }
}

/// `sum += a · b` from products of two words; returns what is carried out.
fn add_reference(sum: &mut [Limb], a: &[Limb], b: Limb) -> Limb {
    let mut carry: u64 = 0;
    for (limb, a_j) in sum.iter_mut().zip(a) {
        let product = u64::from(*a_j).wrapping_mul(u64::from(b));
        let all = product.wrapping_add(u64::from(*limb)).wrapping_add(carry);
        *limb = low(all);
        carry = all >> 32;
    }
    low(carry)
}

fn low(value: u64) -> Limb {
    Limb::try_from(value & u64::from(Limb::MAX)).unwrap_or_default()
}

fn product_reference(wide: &mut [Limb], a: &[Limb], b: &[Limb]) {
    for (index, b_i) in b.iter().enumerate() {
        let row = wide.get_mut(index..).unwrap_or_default();
        let Some((sum, [top, ..])) = row.split_at_mut_checked(a.len()) else {
            return;
        };
        *top = add_reference(sum, a, *b_i);
    }
}

/// The high half of `wide` with the multiple of m added that clears the low half, and the carry.
fn reduction_reference(wide: &mut [Limb], m: &[Limb], neg_inv: Limb) -> bool {
    let mut carry = 0;
    for index in 0..m.len() {
        let row = wide.get_mut(index..).unwrap_or_default();
        let multiplier = row
            .first()
            .copied()
            .unwrap_or_default()
            .wrapping_mul(neg_inv);
        let Some((sum, [top, ..])) = row.split_at_mut_checked(m.len()) else {
            return false;
        };
        let above = add_reference(sum, m, multiplier);
        let all = u64::from(*top)
            .wrapping_add(u64::from(above))
            .wrapping_add(carry);
        *top = low(all);
        carry = all >> 32;
    }
    carry != 0
}

/// How many cases came out right, and whether all did.
#[must_use]
pub fn check_rows() -> (usize, bool) {
    let (mut cases, mut good) = (0_usize, true);
    let mut count = |right: bool| {
        cases = cases.saturating_add(1);
        good &= right;
    };
    for a_len in LENGTHS {
        for kind in 0..KINDS {
            let mut number: Number = [0; MAX_LEN];
            let a = number.get_mut(..a_len).unwrap_or_default();
            fill(a, kind, 1);
            for b_len in LENGTHS {
                for b_kind in 0..KINDS {
                    count(product(a, b_len, b_kind));
                }
            }
            count(square(a));
            for low_kind in 0..KINDS {
                count(reduction(a, low_kind));
            }
        }
    }
    (cases, good)
}

/// `a · b`, and that added to a number of a's length with all bits set.
fn product(a: &[Limb], b_len: usize, b_kind: u32) -> bool {
    let mut number: Number = [0; MAX_LEN];
    let b = number.get_mut(..b_len).unwrap_or_default();
    fill(b, b_kind, 2);
    let (mut found, mut expected): (Wide, Wide) = ([Limb::MAX; _], [0; _]);
    let len = a.len().saturating_add(b_len);
    let (Some(found), Some(expected)) = (found.get_mut(..len), expected.get_mut(..len)) else {
        return false;
    };
    add_rows(found, a, b);
    expected
        .iter_mut()
        .zip(a)
        .for_each(|(limb, _)| *limb = Limb::MAX);
    product_reference(expected, a, b);
    let sum_good = found == expected;
    multiply_wide(found, a, b);
    expected.fill(0);
    product_reference(expected, a, b);
    sum_good && found == expected
}

fn square(a: &[Limb]) -> bool {
    let (mut found, mut expected): (Wide, Wide) = ([Limb::MAX; _], [0; _]);
    let len = a.len().saturating_mul(2);
    let (Some(found), Some(expected)) = (found.get_mut(..len), expected.get_mut(..len)) else {
        return false;
    };
    square_wide(found, a);
    product_reference(expected, a, a);
    found == expected
}

/// a with its lowest bit set as the modulus.
fn reduction(a: &[Limb], low_kind: u32) -> bool {
    let mut m: Number = [0; MAX_LEN];
    let (mut found, mut expected): (Wide, Wide) = ([0; _], [0; _]);
    let len = a.len().saturating_mul(2);
    let (Some(m), Some(found), Some(expected)) = (
        m.get_mut(..a.len()),
        found.get_mut(..len),
        expected.get_mut(..len),
    ) else {
        return false;
    };
    copy(m, a);
    let Some(lowest) = m.first_mut() else {
        return false;
    };
    *lowest |= 1;
    let neg_inv = super::modulus::negated_inverse(*lowest);
    fill(found, low_kind, 3);
    copy(expected, found);
    let carry = clear_low(found, m, neg_inv);
    let expected_carry = reduction_reference(expected, m, neg_inv);
    carry == expected_carry && found.get(a.len()..) == expected.get(a.len()..)
}
