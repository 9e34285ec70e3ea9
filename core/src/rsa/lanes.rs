//! The private operation for up to eight messages at once, one to a lane of AVX-512 IFMA, and the
//! check of its results. The step numbers are those of RFC 8017 5.2.1, as in
//! [`private_operation`](super::private_operation).
//!
//! Numbers modulo a prime have B blocks of digits, numbers modulo n have W = 2 · B.

use super::encoding::encode_number;
use super::fault::{Place, strike};
use super::limb::{LIMB_BITS, LIMB_BYTES, Limb, be_bytes};
use super::modulus::Modulus;
use super::private_operation::{Numbers, Withheld};
use super::public_key::PublicKey;
use super::scratch::{Carver, wipe_dead_stack, with_public_scratch};
use super::sizes::MODULUS_LIMBS;
use crate::bytes::digest::Digest;
use crate::machine::ifma::Ifma;
use crate::machine::ifma::lanes::{LANES, LaneModulus, Lanes};

/// Bits of a window of the exponent. One more would save a fifth of the multiplications beside the
/// squarings, which are a fifth of all, and let the table outgrow the nearest cache.
const WINDOW: usize = 4;
const TABLE_LEN: usize = 1 << WINDOW;

/// Fewer messages are signed faster one by one: all lanes take the same time, however few are used.
pub(crate) const MIN_LANES: usize = 6;

/// Whether so many messages are signed faster together, and the key has one of the sizes that lanes are
/// made for, with primes of half of it.
pub(crate) fn fits(public: &PublicKey, numbers: &Numbers<'_>, messages: usize) -> bool {
    let half = public.limbs().len() / 2;
    // A shorter prime would make a shorter product.
    messages >= MIN_LANES
        && matches!(public.modulus_bits(), 2048 | 3072 | 4096)
        && numbers.p.len() == half
        && numbers.q.len() == half
}

/// Signs up to eight digests with a key that [`fits`]; `signatures` has a modulus length for each.
/// Nothing is written if a result does not verify.
pub(crate) fn sign(
    ifma: Ifma,
    public: &PublicKey,
    numbers: &Numbers<'_>,
    digests: &[Digest],
    signatures: &mut [u8],
) -> Result<(), Withheld> {
    /// Limbs of what lies below: the table, numbers that are fewer than half as many, and 2 KB for
    /// the vectors that a multiplication has no registers for, in builds for size.
    const fn limbs(blocks: usize) -> usize {
        size_of::<Lanes<1>>()
            .saturating_mul(blocks)
            .saturating_mul(TABLE_LEN + TABLE_LEN)
            .saturating_add(2048)
            / LIMB_BYTES
    }
    macro_rules! with_blocks {
        ($blocks:literal) => {{
            let result =
                group::<$blocks, { 2 * $blocks }>(ifma, public, numbers, digests, signatures);
            wipe_dead_stack::<{ limbs($blocks) }>();
            public.registers().clear();
            result
        }};
    }
    match public.modulus_bits() {
        2048 => with_blocks!(4),
        #[cfg(feature = "rsa-3072")]
        3072 => with_blocks!(6),
        #[cfg(feature = "rsa-4096")]
        4096 => with_blocks!(8),
        // `fits` says so.
        bits => {
            debug_assert!(false, "lanes for a modulus of {bits} bits");
            Err(Withheld::NoRoom)
        }
    }
}

/// See [`sign`].
#[inline(never)]
fn group<const B: usize, const W: usize>(
    ifma: Ifma,
    public: &PublicKey,
    numbers: &Numbers<'_>,
    digests: &[Digest],
    signatures: &mut [u8],
) -> Result<(), Withheld> {
    let mut message = Lanes::<W>::ZERO;
    let mut s = Lanes::<W>::ZERO;
    write_messages(&mut message, public, digests);
    strike_lane(Place::Message, &mut message);
    apply_private_key::<B, W>(ifma, public, numbers, &message, &mut s)?;
    strike_lane(Place::Signature, &mut s);
    // Anew: a fault in what was signed would give signatures of something else.
    write_messages(&mut message, public, digests);
    if !verifies(ifma, public, &s, &message) {
        return Err(Withheld::Mismatch);
    }
    let len = public.modulus_len();
    for (lane, signature) in signatures.chunks_exact_mut(len.max(1)).enumerate() {
        let mut limbs = [0; MODULUS_LIMBS];
        s.get(lane, &mut limbs);
        for (slot, byte) in signature.iter_mut().zip(be_bytes(&limbs, len)) {
            *slot = byte;
        }
    }
    Ok(())
}

/// The encoded message of each digest. Lanes that are left over get the last one.
fn write_messages<const W: usize>(message: &mut Lanes<W>, public: &PublicKey, digests: &[Digest]) {
    let len = public.modulus_len();
    let last = digests.last().copied().unwrap_or(Digest([0; 32]));
    let all = digests.iter().copied().chain(core::iter::repeat(last));
    for (lane, digest) in (0..LANES).zip(all) {
        let mut limbs = [0; MODULUS_LIMBS];
        encode_number(&mut limbs, len, &digest);
        message.set(lane, &limbs);
    }
}

/// A fault hits the number of one lane, if the test wants one here.
fn strike_lane<const B: usize>(place: Place, lanes: &mut Lanes<B>) {
    /// One that a message of a full group is in.
    const LANE: usize = 3;
    if cfg!(daxsign_faults) {
        let mut limbs = [0; MODULUS_LIMBS];
        lanes.get(LANE, &mut limbs);
        strike(place, &mut limbs);
        lanes.set(LANE, &limbs);
    }
}

/// `s = message^d mod n`, by both primes.
fn apply_private_key<const B: usize, const W: usize>(
    ifma: Ifma,
    public: &PublicKey,
    numbers: &Numbers<'_>,
    message: &Lanes<W>,
    s: &mut Lanes<W>,
) -> Result<(), Withheld> {
    let mut m_1 = Lanes::<B>::ZERO;
    let mut m_2 = Lanes::<B>::ZERO;
    let mut other = Lanes::<B>::ZERO;
    let mut r_squared = Lanes::<B>::ZERO;
    let p = LaneModulus::<B>::new(ifma, numbers.p);
    let q = LaneModulus::<B>::new(ifma, numbers.q);

    // 2.b.i: m_2 = m^dQ mod q, and out of Montgomery form by multiplying with a plain 1.
    let prime = Modulus::new(numbers.q, public.choice());
    prime_r_squared(&q, &prime, [&mut r_squared, &mut other])?;
    power_of_message(&q, numbers.d_q, message, &r_squared, &mut other);
    let mut factor = Lanes::<B>::ZERO;
    factor.set_all(&[1]);
    q.multiply(&mut m_2, &other, &factor);
    q.reduce_once(&mut m_2);
    strike_lane(Place::HalfQ, &mut m_2);

    // 2.b.i: m_1 = m^dP mod p, which stays in Montgomery form.
    let prime = Modulus::new(numbers.p, public.choice());
    prime_r_squared(&p, &prime, [&mut r_squared, &mut other])?;
    power_of_message(&p, numbers.d_p, message, &r_squared, &mut m_1);

    // 2.b.iii: h = (m_1 − m_2) · qInv mod p. qInv is in no Montgomery form, so neither is h. m_2 is
    // below q and q below 2 · p, as both have the same length.
    p.multiply(&mut other, &m_2, &r_squared);
    p.subtract(&mut m_1, &other);
    factor.set_all(numbers.q_inv);
    let h = &mut other;
    p.multiply(h, &m_1, &factor);
    p.reduce_once(h);
    strike_lane(Place::HalfP, h);

    // 2.b.iv: s = m_2 + q · h, at most q − 1 + q · (p − 1) = n − 1.
    let [low, high] = [&mut m_1, &mut r_squared];
    q.times_modulus([low, high], h, &m_2);
    s.join([&*low, &*high]);
    Ok(())
}

/// `out = message^exponent mod prime`, in Montgomery form. `r_squared` is R² mod the prime.
fn power_of_message<const B: usize, const W: usize>(
    prime: &LaneModulus<B>,
    exponent: &[Limb],
    message: &Lanes<W>,
    r_squared: &Lanes<B>,
    out: &mut Lanes<B>,
) {
    let mut spare = Lanes::<B>::ZERO;
    let mut table = [const { Lanes::<B>::ZERO }; TABLE_LEN];
    let [one, base, third, ..] = &mut table;

    // message = low + high · R: the Montgomery form is low · R + high · R².
    message.split_into([&mut spare, out]);
    prime.multiply(base, &spare, r_squared);
    prime.multiply(third, out, r_squared);
    prime.multiply(out, third, r_squared);
    prime.add(base, out);
    spare.set_all(&[1]);
    prime.multiply(one, r_squared, &spare);

    for index in 2..TABLE_LEN {
        let Some((done, [entry, ..])) = table.split_at_mut_checked(index) else {
            return;
        };
        let done = &*done;
        match (done, done.get(index / 2), done.last()) {
            (_, Some(half), _) if index.is_multiple_of(2) => prime.square(entry, half),
            ([_, base, ..], _, Some(previous)) => prime.multiply(entry, previous, base),
            _ => return,
        }
    }
    power_secret(prime, exponent, &table, [out, &mut spare]);
}

/// `out` is the power of what the table holds the first powers of; in constant time for an
/// exponent of some length.
///
/// Fixed windows: four squarings, one scan of the whole table, one multiplication for each window.
fn power_secret<const B: usize>(
    m: &LaneModulus<B>,
    exponent: &[Limb],
    table: &[Lanes<B>; TABLE_LEN],
    [out, spare]: [&mut Lanes<B>; 2],
) {
    let mut entry = Lanes::<B>::ZERO;
    // A limb has an even number of windows, so that after the first an odd number is left: the
    // power goes from one place to the other with each and ends in `out`.
    let (mut power, mut next) = (spare, out);
    let limbs = exponent.iter().rev();
    for (index, window) in limbs.flat_map(|limb| windows(*limb)).enumerate() {
        if index == 0 {
            m.select(power, table, window);
            continue;
        }
        for _ in 0..WINDOW / 2 {
            m.square(next, power);
            m.square(power, next);
        }
        m.select(&mut entry, table, window);
        m.multiply(next, power, &entry);
        core::mem::swap(&mut power, &mut next);
    }
}

/// The windows of a limb, the highest first.
fn windows(limb: Limb) -> impl Iterator<Item = u8> {
    let bytes = limb.to_be_bytes().into_iter();
    bytes.flat_map(|byte| [byte >> WINDOW, byte & 0xF])
}

/// Whether s^e mod n is the message and s below n, in all lanes.
///
/// A fault in one half would give a signature from which a factor of n follows
/// (gcd(s^e − m, n)), so nothing that does not verify is given out.
fn verifies<const W: usize>(
    ifma: Ifma,
    public: &PublicKey,
    s: &Lanes<W>,
    message: &Lanes<W>,
) -> bool {
    let mut form = Lanes::<W>::ZERO;
    let mut power = Lanes::<W>::ZERO;
    let mut spare = Lanes::<W>::ZERO;
    let n = LaneModulus::<W>::new(ifma, public.limbs());
    lane_r_squared(&n, public.r_squared(), [&mut power, &mut spare]);
    n.multiply(&mut form, s, &power);
    power.copy(&form);
    // e is odd, so its last bit multiplies with s: with the plain s, which leaves Montgomery form.
    let bits = 31_u32.saturating_sub(public.exponent().leading_zeros());
    for bit in (0..bits).rev() {
        n.square(&mut spare, &power);
        if bit == 0 {
            n.multiply(&mut power, &spare, s);
        } else if public.exponent() & (1 << bit) != 0 {
            n.multiply(&mut power, &spare, &form);
        } else {
            power.copy(&spare);
        }
    }
    n.reduce_once(&mut power);
    n.all_equal(&power, message) & n.all_below(s)
}

/// `out = R² mod m` for the R of lanes, from that of limbs, which is 2^(2 · limb bits): squaring it
/// gives 2^(4 · limb bits) / R, and multiplying with the right power of two R³ / R.
fn lane_r_squared<const B: usize>(
    m: &LaneModulus<B>,
    r_squared: &[Limb],
    [out, spare]: [&mut Lanes<B>; 2],
) {
    let limb_bits = r_squared.len().saturating_mul(LIMB_BITS);
    let missing = Lanes::<B>::BITS.saturating_sub(limb_bits).saturating_mul(4);
    // At most 4 · 64 bits.
    let mut power_of_two = [0; 5];
    if let Some(limb) = power_of_two.get_mut(missing / LIMB_BITS) {
        *limb = 1 << (missing % LIMB_BITS);
    }
    out.set_all(r_squared);
    m.square(spare, out);
    let mut factor = Lanes::<B>::ZERO;
    factor.set_all(&power_of_two);
    m.multiply(out, spare, &factor);
}

/// As [`lane_r_squared`], for a prime that is given in limbs too.
fn prime_r_squared<const B: usize>(
    m: &LaneModulus<B>,
    prime: &Modulus<'_>,
    [out, spare]: [&mut Lanes<B>; 2],
) -> Result<(), Withheld> {
    let len = prime.limbs().len();
    with_public_scratch(len.saturating_mul(LIMB_BITS), |scratch| {
        let mut carver = Carver::new(scratch);
        let r_squared = carver.take(len)?;
        prime.r_squared(r_squared, carver.take(len.saturating_mul(2))?);
        lane_r_squared(m, r_squared, [out, spare]);
        Ok(())
    })
}
