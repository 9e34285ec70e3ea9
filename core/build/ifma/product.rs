//! Columns of a product.

use super::{Assembly, HELD, LANES, SCRATCH, Shape, VECTOR, Y, line, top};

/// The digit that vectors are multiplied with.
const DIGIT: usize = HELD[2];

/// Which lanes of a product count.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Lanes {
    All,
    /// Those whose digit stands above the digit that they are multiplied with: the product is a
    /// square, completed by [`Assembly::complete_square`].
    Above,
}

/// Which half of the product of two digits.
#[derive(Clone, Copy, PartialEq)]
enum Half {
    Low,
    High,
}

/// Columns of a product of the vectors in registers from `a` on and the digits at `b`.
#[derive(Clone, Copy)]
pub(super) struct Product {
    pub(super) a: usize,
    /// A register with an address, and how far behind it the digits are.
    pub(super) b: &'static str,
    pub(super) offset: usize,
    /// Digits of b that may differ from zero.
    pub(super) used: usize,
    pub(super) lanes: Lanes,
    /// The columns: so many vectors of them from this one on, in registers from `sums` on.
    pub(super) first: usize,
    pub(super) len: usize,
    pub(super) sums: usize,
    /// Whether what comes in from the columns below at each step up lies in the scratch memory.
    pub(super) tops_in: bool,
    /// Whether what goes up from these is put there.
    pub(super) tops_out: bool,
}

impl Product {
    /// All low columns for vectors in the registers from 0 on, in those behind them and one more.
    pub(super) const fn low(shape: Shape, b: &'static str) -> Self {
        Self {
            a: 0,
            b,
            offset: 0,
            used: shape.digits(),
            lanes: Lanes::All,
            first: 0,
            len: shape.vectors,
            sums: shape.vectors + 1,
            tops_in: false,
            tops_out: false,
        }
    }
}

impl Assembly {
    /// The columns class by class, from the highest place down; between two classes all columns
    /// move up one digit.
    ///
    /// Where registers are left, the low halves of a class are summed up in those, so that they do
    /// not wait for the class before it. The high halves of a place have their columns in the lanes
    /// of the low ones of the place above, and those of the highest place in the lanes of the lowest
    /// in the next vector.
    pub(super) fn product(&mut self, product: &Product) {
        if product.lanes == Lanes::Above {
            self.set_masks();
        }
        let (sums, len) = (product.sums, product.len);
        let free = 2 * self.shape.vectors + 1;
        let apart = free + len <= HELD[0];
        let low = if apart { free } else { sums };
        let top = self.shape.places() - 1;
        self.clear(sums, len);
        self.add_halves(product, top, Half::Low, sums);
        for (step, place) in (0..top).rev().enumerate() {
            self.add_halves(product, place, Half::High, sums);
            if apart {
                self.clear(low, len);
            } else {
                self.step_up(product, step);
            }
            self.add_halves(product, place, Half::Low, low);
            if place == 0 {
                self.add_halves(product, top, Half::High, low);
            }
            if apart {
                self.step_up(product, step);
                for i in 0..len {
                    line!(self, "vpaddq zmm{0}, zmm{0}, zmm{1}", sums + i, low + i);
                }
            }
        }
        if product.lanes == Lanes::Above {
            self.complete_square(product);
        }
    }

    /// The lanes above each place, in mask registers.
    fn set_masks(&mut self) {
        for place in 0..self.shape.places() - 1 {
            let lanes = 0xFF << ((place + 1) * self.shape.numbers) & 0xFF;
            line!(self, "mov eax, {lanes}");
            line!(self, "kmovb k{}, eax", place + 1);
        }
    }

    /// Adds halves of the products of all digits of b at a place: low ones where they stand, high
    /// ones of the highest place a vector above that, those of other places where they stand, for
    /// the next step up to move them.
    fn add_halves(&mut self, product: &Product, place: usize, half: Half, sums: usize) {
        let places = self.shape.places();
        let name = match half {
            Half::Low => "vpmadd52luq",
            Half::High => "vpmadd52huq",
        };
        let up = usize::from(half == Half::High && place + 1 == places);
        let used = (0..self.shape.vectors).filter(|i| i * places + place < product.used);
        for i in used {
            // Vector j of a belongs to this one of the sums.
            let sum = |j: usize| (i + j + up).checked_sub(product.first);
            let counts = |j: &usize| {
                sum(*j).is_some_and(|sum| sum < product.len)
                    && (product.lanes == Lanes::All || *j > i || (*j == i && place + 1 < places))
            };
            for (position, j) in (0..self.shape.vectors).filter(counts).enumerate() {
                if position == 0 {
                    self.spread(product, i, place);
                }
                let mask = if product.lanes == Lanes::Above && j == i {
                    format!("{{k{}}}", place + 1)
                } else {
                    String::new()
                };
                let (sum, a) = (sums + sum(j).unwrap_or_default(), product.a + j);
                line!(self, "{name} zmm{sum}{mask}, zmm{DIGIT}, zmm{a}");
            }
        }
    }

    /// The digits of all numbers with one weight, in all lanes of their numbers.
    fn spread(&mut self, product: &Product, i: usize, place: usize) {
        let name = match self.shape.numbers {
            1 => "vpbroadcastq",
            _ => "vbroadcasti64x2",
        };
        let offset = product.offset + i * VECTOR + place * self.shape.numbers * 8;
        line!(self, "{name} zmm{DIGIT}, [{} + {offset}]", product.b);
    }

    /// Moves all columns up one digit.
    fn step_up(&mut self, product: &Product, step: usize) {
        let (below, sums, offset) = (HELD[1], product.sums, top(step));
        let lanes = LANES - self.shape.numbers;
        if product.tops_in {
            line!(self, "vmovdqu64 zmm{below}, [{SCRATCH} + {offset}]");
        } else {
            self.clear(below, 1);
        }
        if product.tops_out {
            let highest = sums + product.len - 1;
            line!(self, "vmovdqu64 [{SCRATCH} + {offset}], zmm{highest}");
        }
        for sum in (sums + 1..sums + product.len).rev() {
            line!(self, "valignq zmm{sum}, zmm{sum}, zmm{}, {lanes}", sum - 1);
        }
        line!(self, "valignq zmm{sums}, zmm{sums}, zmm{below}, {lanes}");
    }

    /// Doubles the columns and adds the squares of the digits. Y points to two vectors of indices,
    /// which put the low and high halves of the squares of a vector into the order of their
    /// columns: one for the lower and one for the higher columns.
    fn complete_square(&mut self, product: &Product) {
        let [indices, high, low] = HELD;
        for i in 0..product.len {
            let vector = product.first + i;
            let (a, sum) = (product.a + vector / 2, product.sums + i);
            self.clear(high, 2);
            line!(self, "vpmadd52luq zmm{low}, zmm{a}, zmm{a}");
            line!(self, "vpmadd52huq zmm{high}, zmm{a}, zmm{a}");
            line!(
                self,
                "vmovdqu64 zmm{indices}, [{Y} + {}]",
                vector % 2 * VECTOR
            );
            line!(self, "vpermt2q zmm{low}, zmm{indices}, zmm{high}");
            line!(self, "vpaddq zmm{sum}, zmm{sum}, zmm{sum}");
            line!(self, "vpaddq zmm{sum}, zmm{sum}, zmm{low}");
        }
    }
}
