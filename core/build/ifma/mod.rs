//! Writes the assembly of `src/machine/ifma/multiply.rs`, which explains the numbers and the bounds:
//! products of numbers in vectors of digits of 52 bits. No call, and no branch but at the ends of
//! loops of constant length; tests/secrecy/constant_time.rs holds the text to that.
//!
//! It is written here because a compiler puts vectors on the stack that fit the registers, and takes
//! half a minute for it.

mod normalise;
mod product;

use std::path::Path;
use std::{fs, io};

use product::{Lanes, Product};

/// Digits in a vector.
const LANES: usize = 8;
/// Bytes of a vector.
const VECTOR: usize = 64;

/// All ones of a digit, in all lanes of this vector register.
const MASK: usize = 31;
/// One, in all lanes.
const ONE: usize = 30;
/// What holds something for a few instructions; a product's digit is in the last one.
const HELD: [usize; 3] = [27, 28, 29];

/// What the functions get, by the System V ABI: x, y, the moduli and the scratch memory.
const X: &str = "rdi";
const Y: &str = "rsi";
const MODULI: &str = "rdx";
const SCRATCH: &str = "rcx";

/// What a function has to keep.
const SAVED: [&str; 6] = ["rbx", "rbp", "r12", "r13", "r14", "r15"];

/// A length of numbers.
#[derive(Clone, Copy)]
struct Shape {
    /// Vectors of the numbers.
    vectors: usize,
    /// Numbers side by side: 1 or 2.
    numbers: usize,
    /// Digits of a number of at most twice the modulus.
    used: usize,
}

/// Moduli of 2048, 3072 and 4096 bits, and pairs of primes of half of that.
const SHAPES: [Shape; 6] = [
    Shape::new(5, 1, 2048),
    Shape::new(8, 1, 3072),
    Shape::new(10, 1, 4096),
    Shape::new(5, 2, 1024),
    Shape::new(8, 2, 1536),
    Shape::new(10, 2, 2048),
];

impl Shape {
    const fn new(vectors: usize, numbers: usize, bits: usize) -> Self {
        Self {
            vectors,
            numbers,
            used: (bits + 1).div_ceil(52),
        }
    }

    /// Digits of one number in a vector.
    const fn places(self) -> usize {
        LANES / self.numbers
    }

    /// Words of 64 bits that have a bit for each digit.
    const fn words(self) -> usize {
        self.vectors.div_ceil(LANES)
    }

    /// Where in the scratch memory digits are put aside.
    const fn factor(self) -> usize {
        (LANES + self.vectors) * VECTOR
    }
}

/// Where in the scratch memory the highest low vector is at each step up; in the last place, as it
/// is at the end.
const fn top(step: usize) -> usize {
    assert!(step < LANES);
    step * VECTOR
}

/// Where the high columns are.
const HIGH: usize = LANES * VECTOR;

/// A function, being written in Intel's syntax.
struct Assembly {
    text: String,
    shape: Shape,
}

macro_rules! line {
    ($assembly:expr, $($format:tt)*) => {{
        use std::fmt::Write;
        writeln!($assembly.text, $($format)*).expect("a string grows");
    }};
}
use line;

/// Writes a file for each function, `NAME_VECTORS_NUMBERS.s`.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    for shape in SHAPES {
        for (name, text) in [("multiply", multiply(shape)), ("square", square(shape))] {
            let file = format!("{name}_{}_{}.s", shape.vectors, shape.numbers);
            fs::write(folder.join(file), text)?;
        }
    }
    Ok(())
}

/// `x = x · y / R mod n` for y of at most 2 · n.
fn multiply(shape: Shape) -> String {
    reduced_product(shape, Y, Lanes::All)
}

/// `x = x² / R mod n`; Y are the vectors of [`Assembly::complete_square`].
fn square(shape: Shape) -> String {
    reduced_product(shape, X, Lanes::Above)
}

/// `x = (t + q · n) / R` for `t = x · b` and the q that makes this a whole number.
///
/// The high columns of t are computed in two parts after the carries of t and of q: they do not
/// wait for those, and fill the time that they take.
fn reduced_product(shape: Shape, b: &'static str, lanes: Lanes) -> String {
    let k = shape.vectors;
    let mut assembly = Assembly::new(shape);
    assembly.load(0, X, 0);
    let low = Product {
        used: shape.used,
        lanes,
        tops_out: true,
        ..Product::low(shape, b)
    };
    assembly.product(&low);
    let highest = low.sums + k - 1;
    line!(
        assembly,
        "vmovdqu64 [{SCRATCH} + {}], zmm{highest}",
        top(LANES - 1)
    );
    assembly.normalise(low.sums, None);
    assembly.store(low.sums, k, SCRATCH, shape.factor());
    let high = Product {
        first: k,
        len: k / 2,
        tops_in: true,
        ..low
    };
    assembly.product(&high);
    assembly.store(high.sums, high.len, SCRATCH, HIGH);
    // q = t · −n⁻¹ mod R.
    assembly.load(0, SCRATCH, shape.factor());
    let q = Product {
        offset: k * VECTOR,
        ..Product::low(shape, MODULI)
    };
    assembly.product(&q);
    assembly.normalise(q.sums, None);
    assembly.store(q.sums, k, SCRATCH, shape.factor());
    assembly.load(0, X, 0);
    let higher = Product {
        first: high.first + high.len,
        len: k - high.len,
        tops_out: false,
        ..high
    };
    assembly.product(&higher);
    assembly.store(higher.sums, higher.len, SCRATCH, HIGH + high.len * VECTOR);
    assembly.load(q.sums, SCRATCH, shape.factor());
    assembly.add_multiple(q.sums);
    assembly.finish()
}

impl Assembly {
    /// With constants in their registers.
    fn new(shape: Shape) -> Self {
        let mut assembly = Self {
            text: String::new(),
            shape,
        };
        for register in SAVED {
            line!(assembly, "push {register}");
        }
        line!(assembly, "vpternlogq zmm{MASK}, zmm{MASK}, zmm{MASK}, 255");
        line!(assembly, "vpsrlq zmm{ONE}, zmm{MASK}, 63");
        line!(assembly, "vpsrlq zmm{MASK}, zmm{MASK}, 12");
        assembly
    }

    fn finish(mut self) -> String {
        for register in SAVED.iter().rev() {
            line!(self, "pop {register}");
        }
        line!(self, "vzeroupper");
        line!(self, "ret");
        self.text
    }

    fn load(&mut self, first: usize, from: &str, offset: usize) {
        for i in 0..self.shape.vectors {
            let (vector, offset) = (first + i, offset + i * VECTOR);
            line!(self, "vmovdqu64 zmm{vector}, [{from} + {offset}]");
        }
    }

    fn store(&mut self, first: usize, len: usize, to: &str, offset: usize) {
        for i in 0..len {
            let (vector, offset) = (first + i, offset + i * VECTOR);
            line!(self, "vmovdqu64 [{to} + {offset}], zmm{vector}");
        }
    }

    fn clear(&mut self, first: usize, len: usize) {
        for vector in first..first + len {
            line!(self, "vpxorq zmm{vector}, zmm{vector}, zmm{vector}");
        }
    }

    /// Adds q · n to t, from the highest low column up, for q in vectors from `q` on: x.
    fn add_multiple(&mut self, q: usize) {
        let (shape, k) = (self.shape, self.shape.vectors);
        self.product(&Product {
            a: q,
            used: shape.used,
            first: k - 1,
            len: k + 1,
            sums: 0,
            ..Product::low(shape, MODULI)
        });
        let low_top = top(LANES - 1);
        line!(self, "vpaddq zmm0, zmm0, [{SCRATCH} + {low_top}]");
        line!(self, "vpaddq zmm0, zmm0, zmm{MASK}");
        line!(self, "vpsrlq zmm0, zmm0, 52");
        for i in 0..k {
            let (sum, offset) = (1 + i, HIGH + i * VECTOR);
            line!(self, "vpaddq zmm{sum}, zmm{sum}, [{SCRATCH} + {offset}]");
        }
        self.normalise(1, Some(0));
        for digit in 1..=k {
            line!(self, "vpandq zmm{digit}, zmm{digit}, zmm{MASK}");
        }
        self.store(1, k, X, 0);
    }
}
