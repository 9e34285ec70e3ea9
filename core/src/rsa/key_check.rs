//! Do the numbers of a private key belong together (RFC 8017 3.2)? Constant time in the numbers;
//! which check failed is told.

use super::limb::{LIMB_BITS, Limb, add_masked, copy, equal, equal_mask, is_odd, less_than};
use super::modulus::Modulus;
use super::portable::{add_rows, multiply_wide};
use super::private_operation::Numbers;
use super::public_key::PublicKey;
use super::scratch::{Carver, NoRoom};
use crate::error::KeyProblem;
use crate::error::key_refusal::KeyRefusal;
use crate::machine::secrecy::declassify;

/// All checks. That p and q are primes is not tested: numbers that are none make signatures that
/// do not verify, and those are never given out. `progress` is called between them.
pub(crate) fn check(
    public: &PublicKey,
    numbers: &Numbers<'_>,
    d: &[Limb],
    scratch: &mut [Limb],
    mut progress: impl FnMut(),
) -> Result<(), KeyRefusal> {
    let Numbers {
        p,
        q,
        d_p,
        d_q,
        q_inv,
    } = *numbers;
    if !declassify(is_odd(p) & is_odd(q)) {
        return Err(KeyProblem::Primes.into());
    }
    if declassify(equal(p, q)) {
        return Err(KeyProblem::PrimesEqual.into());
    }
    check_product(public, p, q, scratch)?;
    progress();
    check_exponent(public, p, d_p, d, scratch, KeyProblem::DP)?;
    progress();
    check_exponent(public, q, d_q, d, scratch, KeyProblem::DQ)?;
    progress();
    check_coefficient(public, [p, q, q_inv], scratch)
}

/// p · q = n.
#[expect(clippy::inline_always, reason = "as in the modulus")]
#[inline(always)]
fn check_product(
    public: &PublicKey,
    p: &[Limb],
    q: &[Limb],
    scratch: &mut [Limb],
) -> Result<(), KeyRefusal> {
    let len = p.len().saturating_add(q.len());
    let product = scratch.get_mut(..len).ok_or(NoRoom)?;
    multiply_wide(product, p, q);
    let n = public.limbs();
    let (low, high) = product
        .split_at_checked(n.len())
        .ok_or(KeyProblem::Product)?;
    if declassify(equal(low, n) & is_zero(high)) {
        Ok(())
    } else {
        Err(KeyProblem::Product.into())
    }
}

/// For one prime: its exponent is below prime − 1, e · exponent = 1 and d = exponent, both modulo
/// prime − 1.
fn check_exponent(
    public: &PublicKey,
    prime: &[Limb],
    exponent: &[Limb],
    d: &[Limb],
    scratch: &mut [Limb],
    problem: KeyProblem,
) -> Result<(), KeyRefusal> {
    let len = prime.len().saturating_add(1);
    let mut carver = Carver::new(scratch);
    let mut take = |len| carver.take(len);
    let (less_one, fold, remainder) = (take(len)?, take(len)?, take(len)?);
    let wide = take(d.len().max(len))?;
    copy(less_one, prime);
    // The prime is odd.
    if let Some(limb) = less_one.first_mut() {
        *limb ^= 1;
    }
    let product = wide.get_mut(..len).ok_or(NoRoom)?;
    multiply_wide(product, exponent, &[public.exponent().into()]);
    remainder_of(remainder, product, less_one);
    if !declassify(less_than(exponent, less_one) & is_one(remainder)) {
        return Err(problem.into());
    }
    copy(wide, d);
    power_remainder(fold, less_one);
    fold_down(wide, fold);
    remainder_of(remainder, wide.get(..len).ok_or(NoRoom)?, less_one);
    let (remainder, _) = remainder.split_at_checked(prime.len()).ok_or(NoRoom)?;
    if declassify(equal(remainder, exponent)) {
        Ok(())
    } else {
        Err(KeyProblem::D.into())
    }
}

/// qInv is below p and q · qInv = 1 modulo p.
#[expect(clippy::inline_always, reason = "as in the modulus")]
#[inline(always)]
fn check_coefficient(
    public: &PublicKey,
    [p, q, q_inv]: [&[Limb]; 3],
    scratch: &mut [Limb],
) -> Result<(), KeyRefusal> {
    let len = p.len();
    let modulus = Modulus::new(p, public.choice());
    let mut carver = Carver::new(scratch);
    let mut take = |len| carver.take(len);
    let (r_squared, chunk) = (take(len)?, take(len)?);
    let q_form = take(len)?;
    let wide = take(len.saturating_mul(2))?;
    modulus.r_squared(r_squared, wide);
    modulus.reduce(q_form, q, r_squared, [chunk, wide]);
    // The Montgomery form of q times plain qInv is in no Montgomery form.
    modulus.multiply(q_form, q_inv, wide);
    if declassify(less_than(q_inv, p) & is_one(q_form)) {
        Ok(())
    } else {
        Err(KeyProblem::QInv.into())
    }
}

// Remainders modulo m = prime − 1, which is even and so has no Montgomery form. m has L limbs, the
// highest not 0, and a zero limb above them, L + 1 in all; B is 2^(limb bits).

/// Replaces a number by one that is the same modulo m and has L + 1 limbs, the lowest of `x`; what
/// stands above them does not count any more. `fold` is at most B^L − 1 and the same as B^(L + 1)
/// modulo m; it has L + 1 limbs.
///
/// Each step clears the top limb t of the L + 2 limbs s + t · B^(L + 1) with s + t · fold, where
/// t · fold ≤ (B − 1) · (B^L − 1). That is below 2 · B^(L + 1). Where it carries, what is left is
/// below t · fold, and with one fold more for the carry at most B · (B^L − 1): no second carry.
fn fold_down(x: &mut [Limb], fold: &[Limb]) {
    let len = fold.len();
    for start in (0..x.len().saturating_sub(len)).rev() {
        let window = x.get_mut(start..).unwrap_or_default();
        let Some((window, _)) = window.split_at_mut_checked(len.saturating_add(1)) else {
            return;
        };
        let top = window.last().copied().unwrap_or_default();
        add_rows(window, fold, &[top]);
        let carry = window.last().copied().unwrap_or_default();
        add_masked(window, fold, equal_mask(carry, 1));
    }
}

/// `out = x mod m` for x of L + 1 limbs.
// One copy for its two users.
#[inline(never)]
fn remainder_of(out: &mut [Limb], x: &[Limb], m: &[Limb]) {
    debug_assert_eq!([out.len(), x.len()], [m.len(); 2]);
    let Some((low, high)) = x.split_at_checked(2) else {
        return;
    };
    // Below B^(L − 1), so below m.
    copy(out, high);
    append(out, low, m);
}

/// `out = B^(L + 1) mod m`; m where it should be 0.
fn power_remainder(out: &mut [Limb], m: &[Limb]) {
    out.fill(0);
    // B^(L − 1), at most m; where it is m, it stays so.
    if let Some(limb) = out.iter_mut().rev().nth(1) {
        *limb = 1;
    }
    append(out, &[0; 2], m);
}

/// `r = r · B^k + low mod m` for `r < m` and k limbs.
///
/// Bit by bit, with a remainder of either sign so that each bit takes one pass: for −m ≤ r < m, both
/// 2 · r + bit − m where r ≥ 0, and 2 · r + bit + m where r < 0, are at least −m and below m.
fn append(r: &mut [Limb], low: &[Limb], m: &[Limb]) {
    for &limb in low.iter().rev() {
        let mut bits = limb;
        for _ in 0..LIMB_BITS {
            let subtract = !sign_mask(r);
            // −m is !m + 1.
            let (mut bit, mut carry) = (bits >> (LIMB_BITS - 1), subtract & 1 == 1);
            for (r_j, m_j) in r.iter_mut().zip(m) {
                let doubled = (*r_j << 1) | bit;
                bit = *r_j >> (LIMB_BITS - 1);
                (*r_j, carry) = doubled.carrying_add(m_j ^ subtract, carry);
            }
            bits <<= 1;
        }
    }
    let negative = sign_mask(r);
    add_masked(r, m, negative);
}

/// All ones for a number below 0 (two's complement), else zero.
fn sign_mask(a: &[Limb]) -> Limb {
    let top = a.last().copied().unwrap_or_default();
    equal_mask(top >> (LIMB_BITS - 1), 1)
}

fn is_zero(a: &[Limb]) -> bool {
    equal_mask(a.iter().fold(0, |all, limb| all | limb), 0) != 0
}

fn is_one(a: &[Limb]) -> bool {
    a.split_first()
        .is_some_and(|(low, high)| (equal_mask(*low, 1) != 0) & is_zero(high))
}
