//! The powers of RSA with AVX-512 IFMA: the private operation up to the recombination, both primes
//! side by side, and the public operation.

mod digits;
mod field;
pub(crate) mod lanes;
mod multiply;

use zeroize::Zeroize;

use digits::{Digits, bits_at, select};
use field::Field;

use super::registers;

/// Bits of a window of the exponents: 32 powers in the table.
const WINDOW: u32 = 5;
const POWERS: usize = 1 << WINDOW;
/// So many of them are read before each squaring of a window.
const PART: usize = 7;
/// The first of each part: as many as a window has bits.
const FIRSTS: [u64; 5] = [0, 7, 14, 21, 28];
const _: () = assert!(WINDOW == 5 && FIRSTS.len() == POWERS.div_ceil(PART));

/// The machine has AVX-512 IFMA.
#[derive(Clone, Copy)]
pub(crate) struct Ifma(());

impl Ifma {
    /// For detection alone.
    pub(super) fn new(has: bool) -> Option<Self> {
        has.then_some(Self(()))
    }
}

/// What one signature with two primes of half the modulus's bits is made of, in limbs of 64 bits.
pub(crate) struct Halves<'k> {
    /// p and q.
    pub(crate) primes: [&'k [u64]; 2],
    /// dP and dQ.
    pub(crate) exponents: [&'k [u64]; 2],
    pub(crate) q_inv: &'k [u64],
    /// 2^(2 · modulus bits) modulo the modulus.
    pub(crate) r_squared: &'k [u64],
    pub(crate) message: &'k [u64],
}

/// Whether there is a kernel for a modulus of so many bits with primes of so many.
pub(crate) const fn signs(modulus_bits: usize, prime_bits: [usize; 2]) -> bool {
    let [p_bits, q_bits] = prime_bits;
    matches!(modulus_bits, 2048 | 3072 | 4096)
        && p_bits == modulus_bits / 2
        && q_bits == modulus_bits / 2
}

/// For m_1 = message^dP mod p and m_2 = message^dQ mod q (RFC 8017 5.2.1):
/// `m_2` and `h = (m_1 − m_2) · qInv mod p`, h below 2 · p: its limbs hold the lowest bits, what is
/// given is whether there is one more. m_2 is q instead of 0 for a message that is a multiple of q,
/// which whoever finds has factored the modulus; its signature would not verify.
///
/// `progress` is called after each modular multiplication, so twice after each pair of them.
///
/// `None` for other lengths than [`signs`] allows.
pub(crate) fn sign(
    _: Ifma,
    halves: &Halves<'_>,
    h: &mut [u64],
    m_2: &mut [u64],
    progress: &mut dyn FnMut(),
) -> Option<bool> {
    let bits = halves.message.len().checked_mul(64)?;
    // SAFETY: the token says that the machine has the instructions.
    let carry = unsafe {
        match bits {
            2048 => sign_with::<5>(halves, h, m_2, progress),
            3072 => sign_with::<8>(halves, h, m_2, progress),
            4096 => sign_with::<10>(halves, h, m_2, progress),
            _ => return None,
        }
    };
    Some(carry)
}

/// Whether there is a kernel for the public operation with a modulus of so many bits.
pub(crate) const fn opens(modulus_bits: usize) -> bool {
    matches!(modulus_bits, 2048 | 3072 | 4096)
}

/// `out = base^e mod n` for `base < n` and an odd e of at least 3, below 2 · n: what is given is
/// whether there is one more bit above the limbs of `out`. `r_squared` is 2^(2 · bits) modulo n.
///
/// `None` for other lengths than [`opens`] allows.
pub(crate) fn open(
    _: Ifma,
    out: &mut [u64],
    [n, r_squared, base]: [&[u64]; 3],
    e: u32,
    progress: &mut dyn FnMut(),
) -> Option<bool> {
    let numbers = [n, r_squared, base];
    // SAFETY: the token says that the machine has the instructions.
    let carry = unsafe {
        match n.len().checked_mul(64)? {
            2048 => open_with::<5>(out, numbers, e, progress),
            3072 => open_with::<8>(out, numbers, e, progress),
            4096 => open_with::<10>(out, numbers, e, progress),
            _ => return None,
        }
    };
    Some(carry)
}

/// e is odd, so the last multiplication is with the plain base, which leaves Montgomery form.
#[inline(never)]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn open_with<const K: usize>(
    out: &mut [u64],
    [n, r_squared, base]: [&[u64]; 3],
    e: u32,
    progress: &mut dyn FnMut(),
) -> bool {
    let mut field = Field::<K, 1>::EMPTY;
    field.load([n]);
    let read = |limbs| {
        let mut digits = Digits::<K, 1>::ZERO;
        digits.read(0, limbs, 0);
        digits
    };
    // 2^(4 · bits − r), and with another 2^(4 · r − 4 · bits) it is 2^(2 · r).
    let r_bits = Field::<K, 1>::R_BITS;
    let bits = u32::try_from(n.len()).unwrap_or_default().wrapping_mul(64);
    let mut base_form = read(r_squared);
    let copy = base_form;
    field.multiply(&mut base_form, &copy);
    field.multiply(
        &mut base_form,
        &Digits::power_of_two(r_bits.wrapping_sub(bits).wrapping_mul(4)),
    );
    let base = read(base);
    field.multiply(&mut base_form, &base);
    let mut power = base_form;
    let top = 31_u32.saturating_sub(e.leading_zeros());
    for bit in (0..top).rev() {
        field.square(&mut power);
        progress();
        if bit == 0 {
            field.multiply(&mut power, &base);
        } else if e & (1 << bit) != 0 {
            field.multiply(&mut power, &base_form);
        }
    }
    let carry = power.write(0, out) != 0;
    base_form.wipe();
    power.wipe();
    drop(field);
    wipe_below();
    carry
}

/// 64-bit words of the frames below the one that holds an operation's numbers: a few numbers of 640
/// bytes at most.
const FRAMES_BELOW: usize = 512;

/// Overwrites the stack where those frames were, and the registers, which the next code without AVX
/// would find slow as they are.
#[inline(never)]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn wipe_below() {
    let mut frames = [0_u64; FRAMES_BELOW];
    frames.zeroize();
    core::hint::black_box(&mut frames);
    // SAFETY: this function's instructions need the same registers.
    unsafe { registers::clear_avx512() };
}

/// The numbers of one signature, modulo p and q side by side.
struct Signing<const K: usize> {
    field: Field<K, 2>,
    power: Digits<K, 2>,
    other: Digits<K, 2>,
    r_squared: Digits<K, 2>,
    table: [Digits<K, 2>; POWERS],
}

impl<const K: usize> Drop for Signing<K> {
    fn drop(&mut self) {
        let numbers = [&mut self.power, &mut self.other, &mut self.r_squared];
        numbers.into_iter().for_each(Digits::wipe);
        self.table.iter_mut().for_each(Digits::wipe);
    }
}

#[inline(never)]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn sign_with<const K: usize>(
    halves: &Halves<'_>,
    h: &mut [u64],
    m_2: &mut [u64],
    progress: &mut dyn FnMut(),
) -> bool {
    let mut signing = Signing::<K> {
        field: Field::EMPTY,
        power: Digits::ZERO,
        other: Digits::ZERO,
        r_squared: Digits::ZERO,
        table: [Digits::ZERO; POWERS],
    };
    signing.load(halves, progress);
    signing.raise(halves, progress);
    let carry = signing.recombine(halves, h, m_2);
    wipe_below();
    carry
}

impl<const K: usize> Signing<K> {
    /// The Montgomery form of the message, and what the powers start with.
    #[inline(never)]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    fn load(&mut self, halves: &Halves<'_>, progress: &mut dyn FnMut()) {
        let Self {
            field,
            power,
            other,
            r_squared,
            table,
        } = self;
        field.load(halves.primes);
        // 2^(2 · bits − r), and with another 2^(4 · r − 2 · bits) it is 2^(2 · r).
        let r_bits = Field::<K, 2>::R_BITS;
        let bits = u32::try_from(halves.message.len())
            .unwrap_or_default()
            .wrapping_mul(64);
        field.reduce_limbs(r_squared, halves.r_squared);
        *other = Digits::power_of_two(r_bits.wrapping_mul(4).wrapping_sub(bits.wrapping_mul(2)));
        field.multiply(r_squared, other);
        field.reduce_limbs(power, halves.message);
        field.multiply(power, r_squared);
        field.multiply(power, r_squared);
        *other = Digits::power_of_two(0);
        field.multiply(other, r_squared);
        // other = 1 in Montgomery form; the table is its powers.
        for entry in table {
            *entry = *other;
            field.multiply(other, power);
            progress();
            progress();
        }
    }

    /// `power = power^exponent`.
    #[inline(never)]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    fn raise(&mut self, halves: &Halves<'_>, progress: &mut dyn FnMut()) {
        let Self {
            field,
            power,
            other,
            table,
            ..
        } = self;
        let bits = u32::try_from(halves.message.len())
            .unwrap_or_default()
            .wrapping_mul(32);
        let windows = bits.div_ceil(WINDOW);
        for window in (0..windows).rev() {
            let indices = halves
                .exponents
                .map(|exponent| window_at(exponent, window.wrapping_mul(WINDOW)));
            // A part of the table at a time: the squarings leave time for it.
            for (entries, first) in table.chunks(PART).zip(FIRSTS) {
                select(other, entries, first, &indices);
                if window.wrapping_add(1) < windows {
                    field.square(power);
                    progress();
                    progress();
                }
            }
            if window.wrapping_add(1) == windows {
                *power = *other;
                continue;
            }
            field.multiply(power, other);
            progress();
            progress();
        }
    }

    /// `m_2` out of Montgomery form, and h modulo p; modulus q runs along unused from there on.
    #[inline(never)]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    fn recombine(&mut self, halves: &Halves<'_>, h: &mut [u64], m_2: &mut [u64]) -> bool {
        let Self {
            field,
            power,
            other,
            r_squared,
            ..
        } = self;
        *other = Digits::power_of_two(0);
        field.multiply(other, power);
        other.write(1, m_2);
        other.copy(0, 1);
        field.multiply(other, r_squared);
        power.subtract(0, other, field.moduli());
        other.read(0, halves.q_inv, 0);
        // qInv is in no Montgomery form, so neither is h.
        field.multiply(power, other);
        power.write(0, h) != 0
    }
}

/// The bits of a window from a bit position on. Positions are public.
fn window_at(exponent: &[u64], position: u32) -> u64 {
    bits_at(exponent, position) & ((1 << WINDOW) - 1)
}
