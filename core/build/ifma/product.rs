//! Columns of a product.

use super::{Assembly, HELD, LANES, SCRATCH, Shape, VECTOR, Y, line};

/// The digit that vectors are multiplied with.
const DIGIT: usize = HELD[2];

/// In the loop over the places: where the digits of one are, where the highest vectors go, how many
/// places are left, and the lanes above one.
const DIGITS: &str = "rbp";
const TOPS: &str = "r15";
const COUNT: &str = "eax";
const MASK: &str = "r11d";
const MASK_BYTE: &str = "r11b";
const ABOVE: &str = "k1";

/// Which lanes of a product count.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Lanes {
    All,
    /// Those whose digit stands above the digit that they are multiplied with: the product is a
    /// square, completed by [`Assembly::complete_square`].
    Above,
}

/// A place in a vector: the highest one, or the one that the loop is at.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Top,
    Below,
}

/// Which half of the product of two digits.
#[derive(Clone, Copy, PartialEq)]
enum Half {
    Low,
    High,
}

impl Half {
    const fn instruction(self) -> &'static str {
        match self {
            Self::Low => "vpmadd52luq",
            Self::High => "vpmadd52huq",
        }
    }
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
            used: shape.vectors * shape.places(),
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
    /// move up one digit. The classes but the first are a loop.
    ///
    /// Where registers are left, the low halves of a class are summed up in those, so that they do
    /// not wait for the class before it. The high halves of a place have their columns in the lanes
    /// of the low ones of the place above, and those of the highest place in the lanes of the lowest
    /// in the next vector.
    pub(super) fn product(&mut self, product: &Product) {
        let (sums, len) = (product.sums, product.len);
        let free = 2 * self.shape.vectors + 1;
        let apart = free + len <= HELD[0];
        let low = if apart { free } else { sums };
        self.clear(sums, len);
        self.add_halves(product, Place::Top, &[(Half::Low, sums)]);
        self.start_loop(product);
        if apart {
            self.clear(low, len);
            let both = [(Half::Low, low), (Half::High, sums)];
            self.add_halves(product, Place::Below, &both);
            self.step_up(product);
            self.add(sums, low, len);
        } else {
            self.add_halves(product, Place::Below, &[(Half::High, sums)]);
            self.step_up(product);
            self.add_halves(product, Place::Below, &[(Half::Low, sums)]);
        }
        self.end_loop(product);
        if apart {
            self.clear(low, len);
        }
        self.add_halves(product, Place::Top, &[(Half::High, low)]);
        if apart {
            self.add(sums, low, len);
        }
        if product.lanes == Lanes::Above {
            self.complete_square(product);
        }
    }

    /// From the place below the highest one on.
    fn start_loop(&mut self, product: &Product) {
        let (places, numbers) = (self.shape.places(), self.shape.numbers);
        let offset = product.offset + (places - 2) * numbers * 8;
        line!(self, "lea {DIGITS}, [{} + {offset}]", product.b);
        line!(self, "mov {TOPS}, {SCRATCH}");
        line!(self, "mov {COUNT}, {}", places - 1);
        if product.lanes == Lanes::Above {
            // The lanes of the highest place.
            line!(self, "mov {MASK}, {}", 0xFF << (LANES - numbers) & 0xFF);
        }
        line!(self, "2:");
        if product.lanes == Lanes::Above {
            line!(self, "kmovb {ABOVE}, {MASK}");
        }
    }

    fn end_loop(&mut self, product: &Product) {
        let numbers = self.shape.numbers;
        line!(self, "sub {DIGITS}, {}", numbers * 8);
        line!(self, "add {TOPS}, {VECTOR}");
        if product.lanes == Lanes::Above {
            line!(self, "sar {MASK_BYTE}, {numbers}");
        }
        line!(self, "dec {COUNT}");
        line!(self, "jnz 2b");
    }

    /// Adds halves of the products of all digits of b at a place to sums: low ones where they stand,
    /// high ones of the highest place a vector above that, those of other places where they stand,
    /// for the next step up to move them.
    fn add_halves(&mut self, product: &Product, place: Place, halves: &[(Half, usize)]) {
        for i in 0..self.shape.vectors {
            let highest = place == Place::Top;
            if highest && (i + 1) * self.shape.places() > product.used {
                continue;
            }
            let mut spread = false;
            for (half, sums) in halves {
                let up = usize::from(*half == Half::High && highest);
                for j in 0..self.shape.vectors {
                    // Vector j of a belongs to this one of the sums.
                    let sum = (i + j + up).checked_sub(product.first);
                    let Some(sum) = sum.filter(|sum| *sum < product.len) else {
                        continue;
                    };
                    let mask = match product.lanes {
                        Lanes::Above if j < i || (j == i && highest) => continue,
                        Lanes::Above if j == i => format!("{{{ABOVE}}}"),
                        _ => String::new(),
                    };
                    if !spread {
                        self.spread(product, i, place);
                        spread = true;
                    }
                    let (name, sum, a) = (half.instruction(), sums + sum, product.a + j);
                    line!(self, "{name} zmm{sum}{mask}, zmm{DIGIT}, zmm{a}");
                }
            }
        }
    }

    /// The digits of all numbers with one weight, in all lanes of their numbers.
    fn spread(&mut self, product: &Product, i: usize, place: Place) {
        let numbers = self.shape.numbers;
        let name = match numbers {
            1 => "vpbroadcastq",
            _ => "vbroadcasti64x2",
        };
        let (from, offset) = match place {
            Place::Top => (product.b, product.offset + VECTOR - numbers * 8),
            Place::Below => (DIGITS, 0),
        };
        line!(
            self,
            "{name} zmm{DIGIT}, [{from} + {}]",
            offset + i * VECTOR
        );
    }

    /// Moves all columns up one digit.
    fn step_up(&mut self, product: &Product) {
        let (below, sums) = (HELD[1], product.sums);
        let lanes = LANES - self.shape.numbers;
        if product.tops_in {
            line!(self, "vmovdqu64 zmm{below}, [{TOPS} + 0]");
        } else {
            self.clear(below, 1);
        }
        if product.tops_out {
            let highest = sums + product.len - 1;
            line!(self, "vmovdqu64 [{TOPS} + 0], zmm{highest}");
        }
        for sum in (sums + 1..sums + product.len).rev() {
            line!(self, "valignq zmm{sum}, zmm{sum}, zmm{}, {lanes}", sum - 1);
        }
        line!(self, "valignq zmm{sums}, zmm{sums}, zmm{below}, {lanes}");
    }

    fn add(&mut self, to: usize, from: usize, len: usize) {
        for i in 0..len {
            line!(self, "vpaddq zmm{0}, zmm{0}, zmm{1}", to + i, from + i);
        }
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
