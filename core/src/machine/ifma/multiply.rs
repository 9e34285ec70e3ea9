//! Montgomery multiplication of numbers in vectors of digits.
//!
//! A product of digits i and j adds its low 52 bits to column i + j and its high ones to the column
//! above. All digits of one factor are multiplied, a vector at a time, with one digit of the other;
//! those that stand at the same place of their vectors have their columns in the same lanes. So the
//! products are added class by class, from the highest place down, and between two classes all
//! columns move up one digit. No vector is loaded from an odd place, none has lanes of padding.
//!
//! Bounds: a column gets at most LEN low and as many high halves below 2^52 from one product (a
//! square is half of them, doubled), and at most two products are added: below 2 · 160 · 2^52 < 2^61
//! for 80 digits.
//!
//! `x = t / R mod n` is `(t + q · n) / R` for `q = t · −n⁻¹ mod R`. Of q · n, the columns below the
//! highest low one are not computed: what they carry into that one is less than 2^52 (they have at
//! most 61 bits), and it makes that column a multiple of 2^52. So that column carries its bits above
//! 52, rounded up.
//!
//! The functions are assembly that `build/ifma/mod.rs` writes: no branch and no address in them
//! depends on a number.

use core::arch::naked_asm;

use zeroize::Zeroize;

use super::digits::{Digits, LANES};

/// The numbers n that products are taken modulo.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Moduli<const K: usize, const P: usize> {
    pub(super) n: Digits<K, P>,
    /// −n⁻¹ modulo R.
    pub(super) neg_inv: Digits<K, P>,
}

/// What the functions put aside while they work.
#[repr(C, align(64))]
pub(super) struct Scratch<const K: usize> {
    /// The highest low vector of a product at each step up, and at last.
    tops: [[u64; LANES]; LANES],
    high: [[u64; LANES]; K],
    factor: [[u64; LANES]; K],
}

impl<const K: usize> Scratch<K> {
    pub(super) const ZERO: Self = Self {
        tops: [[0; LANES]; LANES],
        high: [[0; LANES]; K],
        factor: [[0; LANES]; K],
    };

    pub(super) fn wipe(&mut self) {
        for vectors in [self.tops.as_mut_slice(), &mut self.high, &mut self.factor] {
            vectors.as_flattened_mut().zeroize();
        }
    }
}

type Vectors = *const [u64; LANES];

/// x, y or [`SQUARES`], [`Moduli`], [`Scratch`].
// SAFETY: what calls one says why it may.
type Function = unsafe extern "sysv64" fn(*mut [u64; LANES], Vectors, Vectors, *mut [u64; LANES]);

/// The functions for numbers of one length.
struct Functions {
    multiply: Function,
    square: Function,
}

macro_rules! functions {
    ($($vectors:literal, $numbers:literal: $multiply:ident $square:ident;)+) => {
        $(
            functions!(@ $multiply);
            functions!(@ $square);
        )+

        const fn functions<const K: usize, const P: usize>() -> Option<Functions> {
            match (K, P) {
                $(($vectors, $numbers) => Some(Functions {
                    multiply: $multiply,
                    square: $square,
                }),)+
                _ => None,
            }
        }
    };
    (@ $name:ident) => {
        // SAFETY: the text returns by itself, and keeps the registers that a function has to keep.
        // Callers need the instructions, and give the memory that the type `Function` says.
        #[unsafe(naked)]
        unsafe extern "sysv64" fn $name(
            x: *mut [u64; LANES],
            y: Vectors,
            moduli: Vectors,
            scratch: *mut [u64; LANES],
        ) {
            naked_asm!(
                include_str!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".s")),
                options(raw)
            )
        }
    };
}

functions! {
    5, 1: multiply_5_1 square_5_1;
    8, 1: multiply_8_1 square_8_1;
    10, 1: multiply_10_1 square_10_1;
    5, 2: multiply_5_2 square_5_2;
    8, 2: multiply_8_2 square_8_2;
    10, 2: multiply_10_2 square_10_2;
}

/// For one and for two numbers: where the lower and the higher columns of the squares of a vector's
/// digits are among the low halves (0 to 7) and the high halves (8 to 15).
const SQUARES: [[[u64; LANES]; 2]; 2] = [
    [[0, 8, 1, 9, 2, 10, 3, 11], [4, 12, 5, 13, 6, 14, 7, 15]],
    [[0, 1, 8, 9, 2, 3, 10, 11], [4, 5, 12, 13, 6, 7, 14, 15]],
];

/// `x = x · y / R mod n` for y of at most 2 · n.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn multiply<const K: usize, const P: usize>(
    x: &mut Digits<K, P>,
    y: &Digits<K, P>,
    m: &Moduli<K, P>,
    scratch: &mut Scratch<K>,
) {
    if let Some(functions) = const { functions::<K, P>() } {
        let (m, scratch) = (core::ptr::from_ref(m), core::ptr::from_mut(scratch));
        // SAFETY: numbers, moduli and scratch are what the function for K and P takes.
        unsafe {
            (functions.multiply)(x.0.as_mut_ptr(), y.0.as_ptr(), m.cast(), scratch.cast());
        }
    }
}

/// `x = x² / R mod n`: the products of different digits once, doubled, and the squares of the
/// digits.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn square<const K: usize, const P: usize>(
    x: &mut Digits<K, P>,
    m: &Moduli<K, P>,
    scratch: &mut Scratch<K>,
) {
    let [one, two] = &SQUARES;
    let squares = if P == 1 { one } else { two };
    if let Some(functions) = const { functions::<K, P>() } {
        let (m, scratch) = (core::ptr::from_ref(m), core::ptr::from_mut(scratch));
        // SAFETY: as in `multiply`.
        unsafe {
            (functions.square)(x.0.as_mut_ptr(), squares.as_ptr(), m.cast(), scratch.cast());
        }
    }
}
