//! RISC-V, machine mode.

use core::arch::{asm, global_asm};

global_asm!(
    ".section .vectors, \"ax\"",
    ".global reset",
    "reset:",
    "la sp, _stack_top",
    "la t0, fault",
    "csrw mtvec, t0",
    "la t0, _bss_start",
    "la t1, _bss_end",
    "1: bgeu t0, t1, 2f",
    "sw zero, 0(t0)",
    "addi t0, t0, 4",
    "j 1b",
    "2: call main",
    ".p2align 2",
    "fault:",
    "call on_fault",
);

/// Asks the host for something; returns its answer.
pub fn semihosting(operation: usize, argument: usize) -> usize {
    let answer;
    // SAFETY: the host reads or writes memory that the argument names. These three instructions,
    // none of them compressed, are how it knows the call.
    unsafe {
        asm!(
            ".p2align 4",
            ".option push",
            ".option norvc",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => answer,
            in("a1") argument,
            options(nostack),
        );
    }
    answer
}

/// The stack pointer.
#[inline(always)]
pub fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: it only reads a register.
    unsafe { asm!("mv {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags)) };
    pointer
}

/// `mcycle`, which the emulator counts up with every instruction.
pub struct Counter;

impl Counter {
    /// Starts it: it runs already.
    pub fn start() -> Self {
        Self
    }

    /// Its value now.
    pub fn now(&self) -> u64 {
        let (low, high, again): (u32, u32, u32);
        // SAFETY: it only reads counters.
        unsafe {
            asm!(
                "1: csrr {1}, mcycleh",
                "csrr {0}, mcycle",
                "csrr {2}, mcycleh",
                "bne {1}, {2}, 1b",
                out(reg) low, out(reg) high, out(reg) again,
                options(nomem, nostack),
            );
        }
        let _ = again;
        u64::from(high) << 32 | u64::from(low)
    }

    /// The instructions from one value to another.
    pub fn instructions(&self, from: u64, to: u64) -> u64 {
        to.wrapping_sub(from)
    }

    /// Executes `2 · turns` instructions.
    pub fn known_loop(&self, turns: u32) {
        // SAFETY: it only changes the register given.
        unsafe {
            asm!("1: addi {0}, {0}, -1", "bnez {0}, 1b", inout(reg) turns => _, options(nomem, nostack));
        }
    }
}
