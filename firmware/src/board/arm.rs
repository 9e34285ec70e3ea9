//! Cortex-M.

use core::arch::{asm, global_asm};

// Vectors: the stack, the start, and 14 exceptions, none of which should come.
global_asm!(
    ".section .vectors, \"a\"",
    ".word _stack_top",
    ".word reset + 1",
    ".rept 14",
    ".word fault + 1",
    ".endr",
    ".section .text.reset, \"ax\"",
    ".thumb_func",
    ".global reset",
    "reset:",
    "ldr r0, =_bss_start",
    "ldr r1, =_bss_end",
    "movs r2, #0",
    "1: cmp r0, r1",
    "bhs 2f",
    "str r2, [r0]",
    "adds r0, #4",
    "b 1b",
    "2: bl main",
    ".thumb_func",
    ".global fault",
    "fault:",
    "bl on_fault",
);

/// Asks the host for something; returns its answer.
pub fn semihosting(operation: usize, argument: usize) -> usize {
    let answer;
    // SAFETY: the host reads or writes memory that the argument names.
    unsafe {
        asm!("bkpt 0xab", inout("r0") operation => answer, in("r1") argument, options(nostack));
    }
    answer
}

/// The stack pointer.
#[inline(always)]
pub fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: it only reads a register.
    unsafe { asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags)) };
    pointer
}

/// SysTick, which counts down once per tick of the processor's clock, 24 bits.
pub struct Counter;

const CONTROL: *mut u32 = 0xE000_E010 as *mut u32;
const RELOAD: *mut u32 = 0xE000_E014 as *mut u32;
const VALUE: *mut u32 = 0xE000_E018 as *mut u32;
/// On, and on the processor's clock.
const ENABLE: u32 = 0b101;
const LAST: u32 = 0xFF_FFFF;

/// Instructions per tick where one instruction takes a nanosecond, as a fraction: the boards'
/// clocks have 16 MHz (microbit), 25 MHz (an385, an386) and 20 MHz (an505).
#[cfg(daxsign_board = "m0")]
const PER_TICK: (u64, u64) = (125, 2);
#[cfg(any(daxsign_board = "m3", daxsign_board = "m4"))]
const PER_TICK: (u64, u64) = (40, 1);
#[cfg(daxsign_board = "m33")]
const PER_TICK: (u64, u64) = (50, 1);

impl Counter {
    /// Starts it.
    pub fn start() -> Self {
        // SAFETY: these are SysTick's registers on every Cortex-M; nothing else uses it.
        unsafe {
            RELOAD.write_volatile(LAST);
            VALUE.write_volatile(0);
            CONTROL.write_volatile(ENABLE);
        }
        Self
    }

    /// Its value now.
    pub fn now(&self) -> u64 {
        // SAFETY: as in `start`; reading changes nothing.
        u64::from(LAST - unsafe { VALUE.read_volatile() })
    }

    /// The instructions from one value to another, less than a turn of the counter apart.
    pub fn instructions(&self, from: u64, to: u64) -> u64 {
        let ticks = to.wrapping_sub(from) & u64::from(LAST);
        ticks * PER_TICK.0 / PER_TICK.1
    }

    /// Executes `2 · turns` instructions.
    pub fn known_loop(&self, turns: u32) {
        // SAFETY: it only changes the register given.
        unsafe {
            asm!(".p2align 2", "1: subs {0}, #1", "bne 1b", inout(reg) turns => _, options(nomem, nostack));
        }
    }

    /// Instructions that a turn of [`wait`](Self::wait) takes: prime to the two of
    /// [`known_loop`](Self::known_loop).
    pub const WAIT_LOOP: u32 = 5;

    /// Turns of a loop until the counter shows something else than `now`.
    pub fn wait(&self, now: u64) -> u32 {
        let shown = LAST - (now as u32 & LAST);
        let mut turns = 0_u32;
        // SAFETY: it reads SysTick's register and changes the register given.
        unsafe {
            asm!(
                ".p2align 2",
                "1: ldr {value}, [{address}]",
                "adds {turns}, #1",
                "nop",
                "cmp {value}, {shown}",
                "beq 1b",
                value = out(reg) _,
                address = in(reg) VALUE,
                turns = inout(reg) turns,
                shown = in(reg) shown,
                options(readonly, nostack)
            );
        }
        turns
    }
}
