//! Exponentiation: with a secret exponent in constant time, with the public one quickly.

use super::limb::{LIMB_BITS, Limb, copy, equal_mask};
use super::modulus::Modulus;
use super::sizes::WINDOW_BITS;

/// What is called after each modular multiplication of an exponentiation, so that the caller can do
/// something else for a moment.
pub(crate) type Progress<'f> = &'f mut dyn FnMut();

/// Scratch of an exponentiation: `entry` has L limbs, `wide` 2 · L, `table` at least 2 · L.
pub(crate) struct PowerScratch<'s> {
    pub(crate) entry: &'s mut [Limb],
    pub(crate) wide: &'s mut [Limb],
    pub(crate) table: &'s mut [Limb],
}

/// `base = base^exponent mod m`, both in Montgomery form, in constant time for an exponent of at
/// most `exponent_bits` bits (a public number).
///
/// `progress` is called after each modular multiplication.
///
/// Fixed windows: the table holds base^0 … base^(2^w − 1), w as large as the table allows. For each
/// window of the exponent, w squarings, one scan of the whole table, one multiplication.
pub(crate) fn power_secret(
    m: &Modulus<'_>,
    base: &mut [Limb],
    exponent: &[Limb],
    exponent_bits: usize,
    scratch: PowerScratch<'_>,
    progress: Progress<'_>,
) {
    let PowerScratch { entry, wide, table } = scratch;
    let len = base.len();
    debug_assert!(
        table.len() >= len.saturating_mul(2),
        "a table of {} limbs for numbers of {len}",
        table.len()
    );
    let window = window_bits(table.len(), len);
    fill_table(m, table, base, 1 << window, (wide, progress));
    let accumulator = base;
    // Checked, for builds in which the compiler does not see that a window has at least one bit.
    let windows = exponent_bits
        .saturating_add(window)
        .saturating_sub(1)
        .checked_div(window)
        .unwrap_or_default();
    for index in (0..windows).rev() {
        let digit = exponent_digit(exponent, index.saturating_mul(window), window);
        if index.saturating_add(1) == windows {
            select(accumulator, table, digit);
            continue;
        }
        for _ in 0..window {
            m.square_loosely(accumulator, wide);
            progress();
        }
        select(entry, table, digit);
        m.multiply_loosely(accumulator, entry, wide);
        progress();
    }
    // Times 1, which stands first in the table, for the full reduction.
    let one = table.get(..len).unwrap_or_default();
    m.multiply(accumulator, one, wide);
}

/// The largest window whose table fits, at least 1.
fn window_bits(table_len: usize, len: usize) -> usize {
    (1..=WINDOW_BITS)
        .rev()
        .find(|window| len.saturating_mul(1 << window) <= table_len)
        .unwrap_or(1)
}

/// Fills the table with base^0 … base^(entries − 1).
fn fill_table(
    m: &Modulus<'_>,
    table: &mut [Limb],
    base: &[Limb],
    entries: usize,
    (wide, progress): (&mut [Limb], Progress<'_>),
) {
    let len = base.len();
    let Some((one, mut rest)) = table.split_at_mut_checked(len) else {
        return;
    };
    m.one(one);
    let mut previous = base;
    for index in 1..entries {
        let Some((power, behind)) = rest.split_at_mut_checked(len) else {
            return;
        };
        copy(power, previous);
        if index > 1 {
            m.multiply_loosely(power, base, wide);
            progress();
        }
        previous = power;
        rest = behind;
    }
}

/// `out = table[index]`, reading every entry.
fn select(out: &mut [Limb], table: &[Limb], index: Limb) {
    out.fill(0);
    let mut position: Limb = 0;
    for entry in table.chunks_exact(out.len().max(1)) {
        let mask = equal_mask(position, index);
        for (out, limb) in out.iter_mut().zip(entry) {
            *out |= limb & mask;
        }
        position = position.wrapping_add(1);
    }
}

/// The `width` bits of the exponent from bit `position` up. Positions and widths are public.
fn exponent_digit(exponent: &[Limb], position: usize, width: usize) -> Limb {
    let limb = |index: usize| exponent.get(index).copied().unwrap_or_default();
    let (index, shift) = (position / LIMB_BITS, position % LIMB_BITS);
    let low = limb(index) >> shift;
    let high = match shift {
        0 => 0,
        shift => limb(index.saturating_add(1)) << LIMB_BITS.saturating_sub(shift),
    };
    let limit: Limb = 1 << width;
    (low | high) & limit.wrapping_sub(1)
}

/// `out = base^e mod m` for a public odd e of at least 3. `base` is no Montgomery form and neither
/// is the result; `r_squared` is R² mod m; `base_form` has L and `wide` 2 · L limbs.
///
/// e is odd, so its last bit multiplies with the base: multiplying the Montgomery form of
/// base^(e − 1) with the plain base leaves Montgomery form at no cost.
pub(crate) fn power_public(
    m: &Modulus<'_>,
    out: &mut [Limb],
    base: &[Limb],
    e: u32,
    r_squared: &[Limb],
    (base_form, wide): (&mut [Limb], &mut [Limb]),
    progress: Progress<'_>,
) {
    copy(base_form, base);
    m.multiply(base_form, r_squared, wide);
    copy(out, base_form);
    let bits = 31_u32.saturating_sub(e.leading_zeros());
    for bit in (0..bits).rev() {
        m.square_loosely(out, wide);
        progress();
        if bit == 0 {
            m.multiply(out, base, wide);
        } else if e & (1 << bit) != 0 {
            m.multiply_loosely(out, base_form, wide);
        }
    }
}
