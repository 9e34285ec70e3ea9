//! The private operation with the Chinese remainder theorem (RFC 8017 5.1.2 2.b and 5.2.1), and
//! the check of its result. The step numbers are those of 5.2.1.

use super::encoding::encode_number;
use super::fault::{Place, strike};
use super::limb::{Limb, be_bytes, bit_length, copy, equal, less_than, reduce_once};
use super::modulus::Modulus;
use super::portable::add_rows;
use super::power::{PowerScratch, Progress, power_secret};
use super::public_key::PublicKey;
use super::scratch::{Carver, NoRoom};
use crate::bytes::digest::Digest;
use crate::machine::ifma;
use crate::machine::secrecy::declassify;

/// The private numbers. p and q have no zero limb on top.
pub(crate) struct Numbers<'k> {
    pub(crate) p: &'k [Limb],
    pub(crate) q: &'k [Limb],
    pub(crate) d_p: &'k [Limb],
    pub(crate) d_q: &'k [Limb],
    pub(crate) q_inv: &'k [Limb],
}

impl Numbers<'_> {
    /// Limbs of p and q together.
    pub(crate) const fn len(&self) -> usize {
        self.p.len().saturating_add(self.q.len())
    }
}

/// Why no signature was given out.
#[derive(Clone, Copy)]
pub(crate) enum Withheld {
    /// What was computed does not verify.
    Mismatch,
    /// The scratch is too short, which its size rules out.
    NoRoom,
    /// No key was loaded.
    Empty,
    /// The place for it has another length than the modulus.
    Length,
}

impl From<NoRoom> for Withheld {
    fn from(NoRoom: NoRoom) -> Self {
        Self::NoRoom
    }
}

/// Scratch of a computation modulo one prime of L limbs: `entry` has L, `wide` 2 · L.
struct Workspace<'s> {
    entry: &'s mut [Limb],
    wide: &'s mut [Limb],
    /// What is left: the table of the powers; before and after that other numbers stand there.
    table: &'s mut [Limb],
}

impl<'s> Workspace<'s> {
    fn carve(mut carver: Carver<'s>, len: usize) -> Result<Self, NoRoom> {
        Ok(Self {
            entry: carver.take(len)?,
            wide: carver.take(len.saturating_mul(2))?,
            table: carver.rest(),
        })
    }

    /// The same memory for a prime of `len` limbs.
    fn cut(&mut self, len: usize) -> Result<Workspace<'_>, NoRoom> {
        debug_assert!(len <= self.entry.len(), "{len} of {}", self.entry.len());
        let wide_len = len.saturating_mul(2);
        Ok(Workspace {
            entry: self.entry.get_mut(..len).ok_or(NoRoom)?,
            wide: self.wide.get_mut(..wide_len).ok_or(NoRoom)?,
            table: self.table,
        })
    }
}

/// Signs a digest, unless the result does not verify. A faulty result never leaves the scratch:
/// `signature`, of the modulus's length, is then as it was.
pub(crate) fn sign(
    public: &PublicKey,
    numbers: &Numbers<'_>,
    digest: &Digest,
    signature: &mut [u8],
    scratch: &mut [Limb],
    progress: Progress<'_>,
) -> Result<(), Withheld> {
    power_by_halves(public, numbers, digest, scratch, progress)?;
    let s_start = scratch.len().checked_sub(numbers.len()).ok_or(NoRoom)?;
    let (rest, s) = scratch.split_at_mut_checked(s_start).ok_or(NoRoom)?;
    let s = s.get(..public.limbs().len()).ok_or(NoRoom)?;
    release(public, s, digest, signature, Carver::new(rest), progress)
}

/// s = m^d mod n for the encoded message m, into the last limbs of the scratch, as many as p and q
/// have together.
fn power_by_halves(
    public: &PublicKey,
    numbers: &Numbers<'_>,
    digest: &Digest,
    scratch: &mut [Limb],
    progress: Progress<'_>,
) -> Result<(), NoRoom> {
    let (p_len, q_len) = (numbers.p.len(), numbers.q.len());
    let mut carver = Carver::new(scratch);
    let m_1 = carver.take(p_len)?;
    let m_2 = carver.take(q_len)?;
    let mut workspace = Workspace::carve(carver, p_len.max(q_len))?;
    let halves = [&mut *m_1, &mut *m_2];
    if halves_by_vectors(public, numbers, digest, halves, workspace.table, progress).is_none() {
        halves_by_limbs(
            public,
            numbers,
            digest,
            [&mut *m_1, &mut *m_2],
            &mut workspace,
            progress,
        )?;
    }
    let h = m_1;
    strike(Place::HalfP, h);
    strike(Place::HalfQ, m_2);

    // 2.b.iv: s = m_2 + q · h, at most q − 1 + q · (p − 1) = n − 1.
    let s_start = workspace
        .table
        .len()
        .checked_sub(numbers.len())
        .ok_or(NoRoom)?;
    let s = workspace.table.get_mut(s_start..).ok_or(NoRoom)?;
    copy(s, m_2);
    add_rows(s, numbers.q, h);
    strike(Place::Signature, s);
    Ok(())
}

/// 2.b.i to 2.b.iii: `m_2` and `h`, which is m_1 at first.
fn halves_by_limbs(
    public: &PublicKey,
    numbers: &Numbers<'_>,
    digest: &Digest,
    [m_1, m_2]: [&mut [Limb]; 2],
    workspace: &mut Workspace<'_>,
    progress: Progress<'_>,
) -> Result<(), NoRoom> {
    let choice = public.choice();
    let p = Modulus::new(numbers.p, choice);
    let q = Modulus::new(numbers.q, choice);
    let (p_len, q_len) = (numbers.p.len(), numbers.q.len());

    // 2.b.i: m_2 = m^dQ mod q, and out of Montgomery form by multiplying with a plain 1.
    let mut work = workspace.cut(q_len)?;
    power_of_message(&q, numbers.d_q, public, digest, m_2, &mut work, progress)?;
    progress();
    copy(work.entry, &[1]);
    q.multiply(m_2, work.entry, work.wide);

    // 2.b.i: m_1 = m^dP mod p, which stays in Montgomery form.
    let mut work = workspace.cut(p_len)?;
    power_of_message(&p, numbers.d_p, public, digest, m_1, &mut work, progress)?;
    progress();

    // 2.b.iii: h = (m_1 − m_2) · qInv mod p. qInv is in no Montgomery form, so neither is h.
    // m_2 is reduced modulo p first: q may be the larger prime.
    let mut carver = Carver::new(work.table);
    let r_squared = carver.take(p_len)?;
    let m_2_mod_p = carver.take(p_len)?;
    p.r_squared(r_squared, work.wide);
    progress();
    p.reduce(m_2_mod_p, m_2, r_squared, [work.entry, work.wide]);
    p.subtract(m_1, m_2_mod_p);
    p.multiply(m_1, numbers.q_inv, work.wide);
    Ok(())
}

/// The same with vectors, both primes at once: `None` where the machine or the key is not made for
/// it.
fn halves_by_vectors(
    public: &PublicKey,
    numbers: &Numbers<'_>,
    digest: &Digest,
    [h, m_2]: [&mut [Limb]; 2],
    scratch: &mut [Limb],
    progress: Progress<'_>,
) -> Option<()> {
    let token = public.choice().ifma()?;
    let prime_bits = [numbers.p, numbers.q].map(bit_length);
    if !ifma::signs(public.modulus_bits(), prime_bits) {
        return None;
    }
    let number = scratch.get_mut(..public.limbs().len())?;
    encode_number(number, public.modulus_len(), digest);
    strike(Place::Message, number);
    let halves = ifma::Halves {
        primes: [numbers.p, numbers.q],
        exponents: [numbers.d_p, numbers.d_q],
        q_inv: numbers.q_inv,
        r_squared: public.r_squared(),
        message: number,
    };
    let carry = ifma::sign(token, &halves, h, m_2, progress)?;
    reduce_once(h, numbers.p, carry);
    Some(())
}

/// `out = message^exponent mod prime`, in Montgomery form.
fn power_of_message(
    prime: &Modulus<'_>,
    exponent: &[Limb],
    public: &PublicKey,
    digest: &Digest,
    out: &mut [Limb],
    work: &mut Workspace<'_>,
    progress: Progress<'_>,
) -> Result<(), NoRoom> {
    // The table is not in use yet.
    let mut carver = Carver::new(work.table);
    let number = carver.take(public.limbs().len())?;
    let r_squared = carver.take(prime.limbs().len())?;
    prime.r_squared(r_squared, work.wide);
    progress();
    encode_number(number, public.modulus_len(), digest);
    strike(Place::Message, number);
    prime.reduce(out, number, r_squared, [work.entry, work.wide]);
    progress();
    let scratch = PowerScratch {
        entry: work.entry,
        wide: work.wide,
        table: work.table,
    };
    let bits = bit_length(prime.limbs());
    power_secret(prime, out, exponent, bits, scratch, progress);
    Ok(())
}

/// Writes s into `signature` if s^e mod n is the encoded message.
///
/// A fault in one half would give a signature from which a factor of n follows
/// (gcd(s^e − m, n)), so nothing that does not verify is given out. The message is encoded anew: a
/// fault in the one that was signed would give the signature of something else.
fn release(
    public: &PublicKey,
    s: &[Limb],
    digest: &Digest,
    signature: &mut [u8],
    mut carver: Carver<'_>,
    progress: Progress<'_>,
) -> Result<(), Withheld> {
    let opened = carver.take(s.len())?;
    let rest = carver.rest();
    public.power(opened, s, rest, progress)?;
    let message = rest.get_mut(..s.len()).ok_or(NoRoom)?;
    encode_number(message, public.modulus_len(), digest);
    if !declassify(equal(opened, message) & less_than(s, public.limbs())) {
        return Err(Withheld::Mismatch);
    }
    for (slot, byte) in signature.iter_mut().zip(be_bytes(s, public.modulus_len())) {
        *slot = byte;
    }
    Ok(())
}
