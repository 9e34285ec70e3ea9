//! Do the numbers of a private key belong together (RFC 8017 3.2)? Constant time in the numbers;
//! which check failed is told.

use super::limb::{Limb, copy, equal, equal_mask, is_odd, less_than, reduce_once, shift_in};
use super::modulus::Modulus;
use super::portable::multiply_wide;
use super::private_operation::Numbers;
use super::public_key::PublicKey;
use super::scratch::Carver;
use crate::error::KeyProblem;

/// All checks. That p and q are primes is not tested: numbers that are none make signatures that
/// do not verify, and those are never given out.
pub(crate) fn check(
    public: &PublicKey,
    numbers: &Numbers<'_>,
    d: &[Limb],
    scratch: &mut [Limb],
) -> Result<(), KeyProblem> {
    let Numbers {
        p,
        q,
        d_p,
        d_q,
        q_inv,
    } = *numbers;
    if !is_odd(p) || !is_odd(q) {
        return Err(KeyProblem::Primes);
    }
    if equal(p, q) {
        return Err(KeyProblem::PrimesEqual);
    }
    check_product(public, p, q, scratch)?;
    check_exponent(public, p, d_p, d, scratch, KeyProblem::DP)?;
    check_exponent(public, q, d_q, d, scratch, KeyProblem::DQ)?;
    check_coefficient(public, [p, q, q_inv], scratch)
}

/// The error where the scratch is too short, which its size rules out.
const NO_ROOM: KeyProblem = KeyProblem::Primes;

/// p · q = n.
fn check_product(
    public: &PublicKey,
    p: &[Limb],
    q: &[Limb],
    scratch: &mut [Limb],
) -> Result<(), KeyProblem> {
    let len = p.len().saturating_add(q.len());
    let product = scratch.get_mut(..len).ok_or(NO_ROOM)?;
    multiply_wide(product, p, q);
    let n = public.limbs();
    let (low, high) = product
        .split_at_checked(n.len())
        .ok_or(KeyProblem::Product)?;
    if equal(low, n) & is_zero(high) {
        Ok(())
    } else {
        Err(KeyProblem::Product)
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
) -> Result<(), KeyProblem> {
    let len = prime.len();
    let mut carver = Carver::new(scratch);
    let less_one = carver.take(len).ok_or(NO_ROOM)?;
    let remainder = carver.take(len).ok_or(NO_ROOM)?;
    let product = carver.take(len.saturating_add(1)).ok_or(NO_ROOM)?;
    copy(less_one, prime);
    // The prime is odd.
    if let Some(limb) = less_one.first_mut() {
        *limb ^= 1;
    }
    multiply_wide(product, exponent, &[public.exponent().into()]);
    remainder_of(remainder, product, less_one);
    if !(less_than(exponent, less_one) & is_one(remainder)) {
        return Err(problem);
    }
    remainder_of(remainder, d, less_one);
    if equal(remainder, exponent) {
        Ok(())
    } else {
        Err(KeyProblem::D)
    }
}

/// qInv is below p and q · qInv = 1 modulo p.
fn check_coefficient(
    public: &PublicKey,
    [p, q, q_inv]: [&[Limb]; 3],
    scratch: &mut [Limb],
) -> Result<(), KeyProblem> {
    let len = p.len();
    let modulus = Modulus::new(p, public.choice());
    let mut carver = Carver::new(scratch);
    let mut take = |len| carver.take(len).ok_or(NO_ROOM);
    let (r_squared, chunk) = (take(len)?, take(len)?);
    let q_form = take(len)?;
    let wide = take(len.saturating_mul(2))?;
    modulus.r_squared(r_squared, wide);
    modulus.reduce(q_form, q, r_squared, [chunk, wide]);
    // The Montgomery form of q times plain qInv is in no Montgomery form.
    modulus.multiply(q_form, q_inv, wide);
    if less_than(q_inv, p) & is_one(q_form) {
        Ok(())
    } else {
        Err(KeyProblem::QInv)
    }
}

/// `out = x mod m` for any m with its top bit anywhere, bit by bit: m may be even.
fn remainder_of(out: &mut [Limb], x: &[Limb], m: &[Limb]) {
    out.fill(0);
    for limb in x.iter().rev() {
        let mut limb = limb.reverse_bits();
        for _ in 0..Limb::BITS {
            // out < m, so 2 · out + 1 < 2 · m.
            let carry = shift_in(out, limb & 1 == 1);
            reduce_once(out, m, carry);
            limb >>= 1;
        }
    }
}

fn is_zero(a: &[Limb]) -> bool {
    equal_mask(a.iter().fold(0, |all, limb| all | limb), 0) != 0
}

fn is_one(a: &[Limb]) -> bool {
    a.split_first()
        .is_some_and(|(low, high)| (equal_mask(*low, 1) != 0) & is_zero(high))
}
