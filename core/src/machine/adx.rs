//! Montgomery multiplication for x86-64 with BMI2 and ADX, by blocks of eight limbs.
//!
//! MULX multiplies without touching the flags, ADCX adds with one carry and ADOX with another, so
//! that the low and the high halves of a row's products are added in two chains side by side. The
//! eight limbs that a row adds to stay in registers from row to row: each row puts one finished
//! limb into memory and gets one new limb on top.
//!
//! Numbers are rows of limbs of one length L, R is 2^(64 · L), m is odd and `neg_inv` is −m⁻¹
//! modulo 2^64. Constant time in all limbs.

use core::arch::asm;

/// The machine has BMI2 and ADX.
#[derive(Clone, Copy)]
pub(crate) struct Adx(());

impl Adx {
    /// For detection alone.
    pub(super) fn new(has: bool) -> Option<Self> {
        has.then_some(Self(()))
    }
}

/// Eight limbs, the lowest first.
type Block = [u64; 8];

/// A factor of eight limbs and a 0 above it: carries are added together with a 0, and one from
/// memory costs no instruction.
type Factor = [u64; 9];

/// `a = a · b · R⁻¹ mod m` for `a, b < R`; `wide` has 2 · L limbs. The result is below R and, where
/// one factor is below m, below 2 · m.
///
/// Returns `false`, and has done nothing, where a length is another one or L is no multiple of 8.
pub(crate) fn multiply(
    _: Adx,
    a: &mut [u64],
    b: &[u64],
    m: &[u64],
    neg_inv: u64,
    wide: &mut [u64],
) -> bool {
    let (Some((a, m, wide)), (b, [])) = (blocks(a, m, wide), b.as_chunks()) else {
        return false;
    };
    if b.len() != m.len() {
        return false;
    }
    wide.fill([0; 8]);
    let mut row = &mut *wide;
    for b_i in b {
        // No carry: what the rows so far add up to is below R times what was taken of b.
        add_products(row, a, &factor(b_i), &[0; 8], false);
        row = row.get_mut(1..).unwrap_or_default();
    }
    reduce(a, wide, m, neg_inv);
    true
}

/// As [`multiply`] for `a · a`.
pub(crate) fn square(_: Adx, a: &mut [u64], m: &[u64], neg_inv: u64, wide: &mut [u64]) -> bool {
    let Some((a, m, wide)) = blocks(a, m, wide) else {
        return false;
    };
    // The products of different limbs once: those within a block of a, then those of two blocks.
    for (pair, a_i) in wide.as_chunks_mut().0.iter_mut().zip(&*a) {
        multiply_within(pair, a_i);
    }
    let mut carry = false;
    let mut rest = &*a;
    let mut row = wide.get_mut(1..).unwrap_or_default();
    while let [a_i, above @ ..] = rest {
        // The last one only adds the carry. All together is at most a² / 2, below R² / 2.
        carry = add_products(row, above, &factor(a_i), &[0; 8], carry);
        rest = above;
        row = row.get_mut(2..).unwrap_or_default();
    }
    // Twice that, and the squares of the limbs.
    let mut carry = 0;
    for (pair, a_i) in wide.as_chunks_mut().0.iter_mut().zip(&*a) {
        carry = double_and_add_squares(pair, a_i, carry);
    }
    reduce(a, wide, m, neg_inv);
    true
}

fn factor(block: &Block) -> Factor {
    let [b_0, b_1, b_2, b_3, b_4, b_5, b_6, b_7] = *block;
    [b_0, b_1, b_2, b_3, b_4, b_5, b_6, b_7, 0]
}

/// The numbers in blocks; `None` unless a and m have the same number of them and `wide` twice that.
fn blocks<'n>(
    a: &'n mut [u64],
    m: &'n [u64],
    wide: &'n mut [u64],
) -> Option<(&'n mut [Block], &'n [Block], &'n mut [Block])> {
    let fits = a.len() == m.len() && wide.len() == m.len().checked_mul(2)?;
    debug_assert!(fits, "{}, {}, {}", a.len(), m.len(), wide.len());
    match (a.as_chunks_mut(), m.as_chunks(), wide.as_chunks_mut()) {
        ((a, []), (m, []), (wide, [])) if fits => Some((a, m, wide)),
        _ => None,
    }
}

/// `out = wide · R⁻¹ mod m`, below R.
///
/// Adds the multiples of m that clear the lowest limbs, eight limbs at a time. Bounds: wide < R²,
/// so with all multiples it is below R² + R · m, and what stands above the cleared limbs below
/// R + m: taking m off where that carries leaves less than R. For wide < R · m it is below 2 · m
/// from the start.
fn reduce(out: &mut [Block], wide: &mut [Block], m: &[Block], neg_inv: u64) {
    let mut carry = false;
    let mut factors = [0; 9];
    let mut row = &mut *wide;
    if let [m_0, m_above @ ..] = m {
        for _ in m {
            let [low, above @ ..] = row else {
                return;
            };
            let window = clear(*low, m_0, neg_inv, &mut factors);
            carry = add_products(above, m_above, &factors, &window, carry);
            row = above;
        }
    }
    let mask = core::hint::black_box(u64::from(carry).wrapping_neg());
    let mut borrow = false;
    for ((out, high), m) in out.iter_mut().zip(row).zip(m) {
        let mut difference = *high;
        for (limb, m) in difference.iter_mut().zip(*m) {
            (*limb, borrow) = limb.borrowing_sub(m & mask, borrow);
        }
        *out = difference;
    }
}

/// `sum += a · b + window` for a of K blocks, where the sum has K + 1 blocks that count; `carry` is
/// added to the highest of them. Returns the carry out of that one.
#[inline(never)]
fn add_products(
    sum: &mut [Block],
    a: &[Block],
    b: &Factor,
    window: &Block,
    mut carry: bool,
) -> bool {
    let mut window = *window;
    for (sum, a) in sum.iter_mut().zip(a) {
        window = add_block(sum, a, b, window);
    }
    for (sum, limb) in sum.get_mut(a.len()).into_iter().flatten().zip(window) {
        (*sum, carry) = sum.carrying_add(limb, carry);
    }
    carry
}

/// One limb of a row, with the factor in RDX: `sum += next + low half of RDX · a[at]`, and the high
/// half instead of `next`. OF and CF are the carries of the two additions.
#[rustfmt::skip]
macro_rules! limb {
    ($sum:literal, $next:literal, $at:literal) => {
        concat!(
            "adox {", $sum, "}, {", $next, "}\n",
            "mulx {", $next, "}, {low}, [{a} + 8 * ", $at, "]\n",
            "adcx {", $sum, "}, {low}\n",
        )
    };
}

/// The start of a row, with CF and `low` 0: `lowest += low half of RDX · a[at]`; `next` is the high
/// half.
#[rustfmt::skip]
macro_rules! first_limb {
    ($lowest:literal, $next:literal, $at:literal) => {
        concat!(
            "mulx {", $next, "}, {low}, [{a} + 8 * ", $at, "]\n",
            "adcx {", $lowest, "}, {low}\n",
        )
    };
}

/// The limbs of a row above its first, each as (register, place in a), and its end: both carries
/// into the highest limb, which holds them by the bounds of the rows, with the 0 behind b.
#[rustfmt::skip]
macro_rules! limbs_above {
    ($sum:literal; $next:literal $at:literal $(, $register:literal $place:literal)*) => {
        concat!(
            limb!($sum, $next, $at),
            limbs_above!($next; $($register $place),*),
        )
    };
    ($highest:literal;) => {
        concat!(
            "adox {", $highest, "}, [{b} + 64]\n",
            "adcx {", $highest, "}, [{b} + 64]\n",
        )
    };
}

/// A row of eight limbs: `window += RDX · a`, where `lowest`, w1 … w7 is the window before and
/// `next`, w1 … w7 the window, one limb higher, after. What was the lowest limb is finished.
#[rustfmt::skip]
macro_rules! row {
    ($lowest:literal, $next:literal) => {
        concat!(
            first_limb!($lowest, $next, 0),
            limbs_above!($next; "w1" 1, "w2" 2, "w3" 3, "w4" 4, "w5" 5, "w6" 6, "w7" 7),
        )
    };
}

/// A row of a product: with the limb b[at], and the sum's limb added to the window's lowest.
///
/// Bounds: the window is at most 2^512 − 1, the sum's limb 2^64 − 1 and the product
/// (2^512 − 1) · (2^64 − 1): together at most 2^576 − 1, nine limbs.
#[rustfmt::skip]
macro_rules! product_row {
    ($at:literal, $lowest:literal, $next:literal) => {
        concat!(
            "mov rdx, [{b} + 8 * ", $at, "]\n",
            "xor {low:e}, {low:e}\n",
            "adox {", $lowest, "}, [{sum} + 8 * ", $at, "]\n",
            row!($lowest, $next),
            "mov [{sum} + 8 * ", $at, "], {", $lowest, "}\n",
        )
    };
}

/// Eight rows, after which the registers of the window are in order again; `operands` are what else
/// the rows work with.
macro_rules! eight_rows {
    ($row:ident, $window:expr, $($operands:tt)*) => {{
        let [mut w_0, mut w_1, mut w_2, mut w_3, mut w_4, mut w_5, mut w_6, mut w_7] = $window;
        asm!(
            $row!(0, "w0", "f"),
            $row!(1, "f", "w0"),
            $row!(2, "w0", "f"),
            $row!(3, "f", "w0"),
            $row!(4, "w0", "f"),
            $row!(5, "f", "w0"),
            $row!(6, "w0", "f"),
            $row!(7, "f", "w0"),
            $($operands)*
            w0 = inout(reg) w_0,
            w1 = inout(reg) w_1,
            w2 = inout(reg) w_2,
            w3 = inout(reg) w_3,
            w4 = inout(reg) w_4,
            w5 = inout(reg) w_5,
            w6 = inout(reg) w_6,
            w7 = inout(reg) w_7,
            f = out(reg) _,
            low = out(reg) _,
            out("rdx") _,
            options(nostack),
        );
        [w_0, w_1, w_2, w_3, w_4, w_5, w_6, w_7]
    }};
}

/// `sum + a · b + window` as the low block, in `sum`, and the high one.
#[inline]
fn add_block(sum: &mut Block, a: &Block, b: &Factor, window: Block) -> Block {
    // SAFETY: an `Adx` was needed to get here, so the machine has the instructions. Reads the
    // eight limbs at `a` and the nine at `b`, reads and writes the eight at `sum`.
    unsafe {
        eight_rows!(
            product_row,
            window,
            sum = in(reg) sum.as_mut_ptr(),
            a = in(reg) a.as_ptr(),
            b = in(reg) b.as_ptr(),
        )
    }
}

/// A row of a reduction: with the factor that clears the window's lowest limb.
///
/// Bounds: the window is at most 2^512 − 1 and the product (2^512 − 1) · (2^64 − 1): nine limbs.
#[rustfmt::skip]
macro_rules! clearing_row {
    ($at:literal, $lowest:literal, $next:literal) => {
        concat!(
            "mov rdx, {", $lowest, "}\n",
            "imul rdx, {neg_inv}\n",
            "mov [{b} + 8 * ", $at, "], rdx\n",
            "xor {low:e}, {low:e}\n",
            row!($lowest, $next),
        )
    };
}

/// Finds the factors for which `window + a · factors` has eight limbs of 0 and returns the block
/// above those.
#[inline]
fn clear(window: Block, a: &Block, neg_inv: u64, factors: &mut Factor) -> Block {
    // SAFETY: an `Adx` was needed to get here, so the machine has the instructions. Reads the
    // eight limbs at `a` and the highest at `factors`, writes the other eight there.
    unsafe {
        eight_rows!(
            clearing_row,
            window,
            b = in(reg) factors.as_mut_ptr(),
            a = in(reg) a.as_ptr(),
            neg_inv = in(reg) neg_inv,
        )
    }
}

/// The products of each limb of a with the limbs above it, as a row for each: of (register, place
/// in a) the registers are the window, as many limbs as the row, and give two finished limbs, the
/// lower of them at twice the limb's place and 1.
///
/// Bounds: as those of [`product_row`], for fewer limbs.
#[rustfmt::skip]
macro_rules! rows_within {
    ($lowest:literal $first:literal $(, $register:literal $place:literal)*) => {
        concat!(
            "mov rdx, [{a} + 8 * ", $first, " - 8]\n",
            "xor {low:e}, {low:e}\n",
            first_limb!($lowest, "f", $first),
            limbs_above!("f"; $($register $place),*),
            "mov [{sum} + 16 * ", $first, " - 8], {", $lowest, "}\n",
            "mov [{sum} + 16 * ", $first, "], {f}\n",
            rows_within!($($register $place),*),
        )
    };
    () => {
        ""
    };
}

/// `sum = Σ aᵢ · aⱼ · 2^(64 · (i + j))` for all i < j.
#[inline]
fn multiply_within(sum: &mut [Block; 2], a: &Block) {
    let zero: &Factor = &[0; 9];
    // The ends are in no row.
    *sum = [[0; 8]; 2];
    // SAFETY: an `Adx` was needed to get here, so the machine has the instructions. Reads the
    // eight limbs at `a` and the highest at `zero`, writes limbs 1 to 14 of the sixteen at `sum`.
    unsafe {
        asm!(
            rows_within!("w0" 1, "w1" 2, "w2" 3, "w3" 4, "w4" 5, "w5" 6, "w6" 7),
            sum = in(reg) sum.as_mut_ptr(),
            a = in(reg) a.as_ptr(),
            b = in(reg) zero.as_ptr(),
            w0 = inout(reg) 0_u64 => _,
            w1 = inout(reg) 0_u64 => _,
            w2 = inout(reg) 0_u64 => _,
            w3 = inout(reg) 0_u64 => _,
            w4 = inout(reg) 0_u64 => _,
            w5 = inout(reg) 0_u64 => _,
            w6 = inout(reg) 0_u64 => _,
            f = out(reg) _,
            low = out(reg) _,
            out("rdx") _,
            options(nostack),
        );
    }
}

/// `sum = 2 · sum + a[at]² + carries` at limbs 2 · at and above; OF and CF are those of the limbs
/// below.
#[rustfmt::skip]
macro_rules! double_and_add_square {
    ($at:literal) => {
        concat!(
            "mov rdx, [{a} + 8 * ", $at, "]\n",
            "mulx {high}, {low}, rdx\n",
            double_and_add!("16 * ", $at, "{low}"),
            double_and_add!("8 + 16 * ", $at, "{high}"),
        )
    };
}

/// One limb of it.
#[rustfmt::skip]
macro_rules! double_and_add {
    ($offset:literal, $at:literal, $limb:literal) => {
        concat!(
            "mov {sum_limb}, [{sum} + ", $offset, $at, "]\n",
            "adcx {sum_limb}, {sum_limb}\n",
            "adox {sum_limb}, ", $limb, "\n",
            "mov [{sum} + ", $offset, $at, "], {sum_limb}\n",
        )
    };
}

/// `sum = 2 · sum + Σ aᵢ² · 2^(128 · i) + carry`, where the carry is at most 2; returns that above the
/// sum, which is at most 2 too: the bit shifted out and the carry of the sum.
#[inline]
fn double_and_add_squares(sum: &mut [Block; 2], a: &Block, mut carry: u64) -> u64 {
    // SAFETY: an `Adx` was needed to get here, so the machine has the instructions. Reads the
    // eight limbs at `a`, reads and writes the sixteen at `sum`.
    unsafe {
        asm!(
            // The lowest square takes the carry: (2^64 − 1)² + 2 < 2^128.
            "mov rdx, [{a}]",
            "mulx {high}, {low}, rdx",
            "add {low}, {carry}",
            "adc {high}, 0",
            "xor {carry:e}, {carry:e}",
            double_and_add!("16 * ", 0, "{low}"),
            double_and_add!("8 + 16 * ", 0, "{high}"),
            double_and_add_square!(1),
            double_and_add_square!(2),
            double_and_add_square!(3),
            double_and_add_square!(4),
            double_and_add_square!(5),
            double_and_add_square!(6),
            double_and_add_square!(7),
            "mov {low:e}, 0",
            "adcx {carry}, {low}",
            "adox {carry}, {low}",
            sum = in(reg) sum.as_mut_ptr(),
            a = in(reg) a.as_ptr(),
            carry = inout(reg) carry,
            high = out(reg) _,
            low = out(reg) _,
            sum_limb = out(reg) _,
            out("rdx") _,
            options(nostack),
        );
    }
    carry
}
