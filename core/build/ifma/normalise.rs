//! Columns as digits.

use super::{Assembly, HELD, LANES, MASK, ONE, line};

/// General registers for a bit of each digit, those of the lowest eight vectors first.
type Bits = [&'static str; 2];

const GENERATES: Bits = ["r8", "rbx"];
const PROPAGATES: Bits = ["r9", "r12"];
const OTHERS: Bits = ["r10", "r13"];
const SUM: Bits = ["r11", "r14"];
/// The bits of one number.
const OWN: &str = "rax";

impl Assembly {
    /// Columns of any 64 bits as digits for a product; `below` holds the carry into them in its highest digit.
    /// What the highest digit carries is dropped.
    ///
    /// After one step up, each digit is at most 2^52 − 1 + 2^12. It then carries 1 if it is above
    /// 2^52 − 1 (it generates), or if it is 2^52 − 1 and gets a carry (it propagates), and never
    /// more. Bit 52 stays set where a digit carries then; a product takes the lower bits only.
    pub(super) fn normalise(&mut self, columns: usize, below: Option<usize>) {
        let up = LANES - self.shape.numbers;
        let [moved, carries @ ..] = HELD;
        let mut carry_in = below.unwrap_or(HELD[2]);
        if below.is_none() {
            self.clear(carry_in, 1);
        }
        for (i, carry_out) in (0..self.shape.vectors).zip(carries.into_iter().cycle()) {
            let digit = columns + i;
            line!(self, "vpsrlq zmm{carry_out}, zmm{digit}, 52");
            line!(self, "vpandq zmm{digit}, zmm{digit}, zmm{MASK}");
            line!(
                self,
                "valignq zmm{moved}, zmm{carry_out}, zmm{carry_in}, {up}"
            );
            line!(self, "vpaddq zmm{digit}, zmm{digit}, zmm{moved}");
            line!(self, "vpcmpgtq k6, zmm{digit}, zmm{MASK}");
            line!(self, "vpcmpeqq k7, zmm{digit}, zmm{MASK}");
            self.collect(GENERATES, i, "k6");
            self.collect(PROPAGATES, i, "k7");
            carry_in = carry_out;
        }
        self.carried();
        for i in 0..self.shape.vectors {
            let digit = columns + i;
            line!(self, "mov rax, {}", GENERATES[i / LANES]);
            line!(self, "shr rax, {}", i % LANES * LANES);
            line!(self, "kmovb k6, eax");
            line!(self, "vpaddq zmm{digit}{{k6}}, zmm{digit}, zmm{ONE}");
        }
    }

    /// Puts the bits of a vector's lanes at their position.
    fn collect(&mut self, bits: Bits, i: usize, lanes: &str) {
        let word = bits[i / LANES];
        if i.is_multiple_of(LANES) {
            line!(self, "kmovb {}, {lanes}", low_part(word));
            return;
        }
        line!(self, "kmovb eax, {lanes}");
        line!(self, "shl rax, {}", i % LANES * LANES);
        line!(self, "or {word}, rax");
    }

    /// Which digits get a carry, from those that generate one and those that propagate one, a bit a
    /// digit, in the order of the lanes; in the place of those that generate one. No digit does
    /// both.
    ///
    /// Those chains are what the carries of an addition of integers do: in (generates, one digit
    /// up) + propagates, a bit that differs from `propagates` had a carry coming in.
    fn carried(&mut self) {
        let words = self.shape.words();
        if self.shape.numbers == 1 {
            self.move_up(GENERATES, 1);
            self.add_bits(GENERATES, PROPAGATES);
            for i in 0..words {
                line!(self, "xor {}, {}", GENERATES[i], PROPAGATES[i]);
            }
            return;
        }
        line!(self, "movabs {OWN}, 0x5555555555555555");
        for i in 0..words {
            line!(self, "mov {}, {}", OTHERS[i], GENERATES[i]);
        }
        self.carried_of_one(OTHERS);
        line!(self, "not {OWN}");
        self.carried_of_one(GENERATES);
        for i in 0..words {
            line!(self, "or {}, {}", GENERATES[i], OTHERS[i]);
        }
    }

    /// The same for one of two numbers, whose bits are those of [`OWN`]. The bits of the other are
    /// set in what propagates, so that they hand the carry on.
    fn carried_of_one(&mut self, generates: Bits) {
        let words = self.shape.words();
        for i in 0..words {
            line!(self, "and {}, {OWN}", generates[i]);
            line!(self, "mov {}, {OWN}", SUM[i]);
            line!(self, "not {}", SUM[i]);
            line!(self, "or {}, {}", SUM[i], PROPAGATES[i]);
        }
        self.move_up(generates, 2);
        self.add_bits(generates, SUM);
        for i in 0..words {
            line!(self, "xor {}, {}", generates[i], SUM[i]);
            line!(self, "and {}, {OWN}", generates[i]);
        }
    }

    fn move_up(&mut self, [low, high]: Bits, by: usize) {
        if self.shape.words() > 1 {
            line!(self, "shld {high}, {low}, {by}");
        }
        line!(self, "shl {low}, {by}");
    }

    fn add_bits(&mut self, to: Bits, from: Bits) {
        line!(self, "add {}, {}", to[0], from[0]);
        if self.shape.words() > 1 {
            line!(self, "adc {}, {}", to[1], from[1]);
        }
    }
}

/// A register's lower 32 bits; writing to them clears the others.
fn low_part(register: &str) -> String {
    match register.strip_prefix('r') {
        Some(name) if name.starts_with(|c: char| c.is_ascii_digit()) => format!("{register}d"),
        Some(name) => format!("e{name}"),
        None => register.to_owned(),
    }
}
