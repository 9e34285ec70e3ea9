//! Instructions and stack of an operation.

use crate::board::{Counter, stack_area, stack_pointer};

/// What an operation took.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    pub instructions: u64,
    /// Bytes of stack, the operation's own frame included.
    pub stack: usize,
}

impl Cost {
    /// Several operations one after the other.
    pub fn add(&mut self, other: Self) {
        self.instructions += other.instructions;
        self.stack = self.stack.max(other.stack);
    }
}

/// What unused stack is painted with.
const PAINT: u8 = 0xA7;
/// The lowest part of the stack's area must stay painted: less would mean that it overflowed.
const UNTOUCHED: usize = 64;

/// Runs `operation` on a painted stack. The counter must not turn around meanwhile.
#[inline(never)]
pub fn measure<T>(counter: &Counter, operation: impl FnOnce() -> T) -> (T, Cost) {
    let (bottom, _) = stack_area();
    let top = stack_pointer();
    paint(bottom, top);
    let from = counter.now();
    let result = call(operation);
    let to = counter.now();
    let touched = lowest_touched(bottom, top);
    if touched - bottom < UNTOUCHED {
        crate::board::exit(103);
    }
    let cost = Cost {
        instructions: counter.instructions(from, to),
        stack: top - touched,
    };
    (result, cost)
}

/// Calls it in a frame of its own, so that nothing of it lies above the stack that is measured.
#[inline(never)]
fn call<T>(operation: impl FnOnce() -> T) -> T {
    operation()
}

/// Part of the caller: it must have no frame of its own.
#[inline(always)]
fn paint(bottom: usize, top: usize) {
    let mut address = bottom;
    while address < top {
        // SAFETY: between the static data and the stack pointer lies nothing.
        unsafe { (address as *mut u8).write_volatile(PAINT) };
        address += 1;
    }
}

#[inline(always)]
fn lowest_touched(bottom: usize, top: usize) -> usize {
    let mut address = bottom;
    // SAFETY: as in `paint`; reading what is left there is the purpose.
    while address < top && unsafe { (address as *const u8).read_volatile() } == PAINT {
        address += 1;
    }
    address
}

/// Runs `operation`, then counts the words of `secret` that are left in the dead stack below it.
#[inline(never)]
pub fn residue(secret: &[u32], operation: impl FnOnce()) -> usize {
    let (bottom, _) = stack_area();
    let top = stack_pointer();
    paint(bottom, top);
    call(operation);
    let touched = lowest_touched(bottom, top);
    count_words(secret, touched, top)
}

/// How many words of `secret` stand in memory, at any address and in both byte orders. Inlined, so
/// that it covers nothing of the dead stack with a frame of its own.
#[inline(always)]
pub fn count_words(secret: &[u32], start: usize, end: usize) -> usize {
    let mut found = 0;
    let mut word = 0_u32;
    let mut address = start;
    while address < end {
        // SAFETY: the caller's range is memory; any byte can be read.
        word = word << 8 | u32::from(unsafe { (address as *const u8).read_volatile() });
        address += 1;
        if address - start >= 4 {
            let turned = word.swap_bytes();
            for known in secret {
                if *known == word || *known == turned {
                    found += 1;
                }
            }
        }
    }
    found
}

/// Whether the counter counts what it should: a loop of known length, to a thousandth.
pub fn calibrated(counter: &Counter) -> bool {
    const TURNS: u32 = 2_000_000;
    let from = counter.now();
    counter.known_loop(TURNS);
    let counted = counter.instructions(from, counter.now());
    counted.abs_diff(u64::from(TURNS) * 2) < u64::from(TURNS) / 1000
}
