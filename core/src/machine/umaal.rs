//! Rows of limbs on Cortex-M4, M7, M33 and others with the DSP extension, four rows at a time.
//!
//! Their instruction UMAAL gives `a · b + c + d` as two limbs, in one cycle whatever the limbs
//! are; it never overflows: (B − 1)² + 2 · (B − 1) = B² − 1 for B = 2^32. With four multipliers
//! b₀ … b₃ in registers, a column costs a limb a, a limb of the sum, and four of them: the first
//! adds the column's limb and what the columns below left for it, each of the others what they
//! left for the column above it; the last one's high limb is the first that is left for the fourth
//! column above. So the four registers of what is left turn round by one with each column, and after
//! four columns, which are written out, they are back in order.
//!
//! All lengths here are multiples of four limbs; others are left to the portable code. Addresses
//! and branches depend on lengths only.

use core::arch::asm;

/// The sum's limbs at r0 += the limbs from r1 up to the end that stands at `sp + 8`, times
/// r6 … r9; what is left for the four columns above is in r10, r11, r12 and lr, before and after.
/// At least four columns. Changes r2 to r5.
macro_rules! columns {
    () => {
        "2:
        ldm r1!, {{r2, r3}}
        ldrd r4, r5, [r0]
        umaal r4, r10, r2, r6
        umaal r11, r10, r2, r7
        umaal r12, r10, r2, r8
        umaal lr, r10, r2, r9
        umaal r5, r11, r3, r6
        umaal r12, r11, r3, r7
        umaal lr, r11, r3, r8
        umaal r10, r11, r3, r9
        strd r4, r5, [r0], #8
        ldm r1!, {{r2, r3}}
        ldrd r4, r5, [r0]
        umaal r4, r12, r2, r6
        umaal lr, r12, r2, r7
        umaal r10, r12, r2, r8
        umaal r11, r12, r2, r9
        umaal r5, lr, r3, r6
        umaal r10, lr, r3, r7
        umaal r11, lr, r3, r8
        umaal r12, lr, r3, r9
        strd r4, r5, [r0], #8
        ldr r2, [sp, #8]
        cmp r1, r2
        bne 2b"
    };
}

/// The six products of the four limbs at r1 with one another, into the columns from 1 on of the sum at
/// r0; the four limbs are then in r6 to r9, r0 and r1 behind them, and what is left for the four columns
/// above where [`columns`] wants it. Puts r1 at `sp + 4`.
macro_rules! within_four {
    () => {
        "ldm r1!, {{r6, r7, r8, r9}}
        str r1, [sp, #4]
        ldr r2, [r0, #4]!
        ldrd r4, r5, [r0, #4]
        mov r10, #0
        umaal r2, r10, r6, r7
        umaal r4, r10, r6, r8
        umaal r5, r10, r6, r9
        mov r11, #0
        umaal r5, r11, r7, r8
        umaal r10, r11, r7, r9
        mov r12, #0
        umaal r11, r12, r8, r9
        mov lr, #0
        stm r0!, {{r2, r4, r5}}"
    };
}

/// The numbers at r0 doubled, with the bit shifted out in the carry flag, and the squares of the limbs
/// from r1 to r2 added, with what they leave for the limb above in r11. UMAAL touches no flag, nor does
/// TEQ the carry flag.
macro_rules! double_and_add_squares {
    () => {
        "mov lr, r2
        mov r12, #0
        mov r11, #0
        adds r3, r11, #0
        5:
        ldm r1!, {{r6, r7}}
        ldm r0, {{r2, r3, r4, r5}}
        adcs r2, r2
        adcs r3, r3
        adcs r4, r4
        adcs r5, r5
        umaal r2, r11, r6, r6
        umaal r3, r11, r12, r12
        umaal r4, r11, r7, r7
        umaal r5, r11, r12, r12
        stm r0!, {{r2, r3, r4, r5}}
        teq r1, lr
        bne 5b"
    };
}

/// The four lowest columns of the sum at r0, with the four lowest limbs of the number at r1, which stands
/// at `sp + 4`, too, and −m⁻¹ at `sp + 12`: each column gives a multiplier that clears it, into r6 to r9,
/// and what is zero then is what the next row starts with. Leaves the rest where [`columns`] wants it, r0
/// and r1 behind them.
macro_rules! multipliers {
    () => {
        "ldr r9, [sp, #12]
        ldm r0, {{r11, r12, lr}}
        ldr r5, [r0, #12]
        ldm r1, {{r1, r2, r3, r4}}
        mov r10, #0
        mul r6, r11, r9
        umaal r11, r10, r6, r1
        umaal r12, r10, r6, r2
        umaal lr, r10, r6, r3
        umaal r5, r10, r6, r4
        mul r7, r12, r9
        umaal r12, r11, r7, r1
        umaal lr, r11, r7, r2
        umaal r5, r11, r7, r3
        umaal r10, r11, r7, r4
        mul r8, lr, r9
        umaal lr, r12, r8, r1
        umaal r5, r12, r8, r2
        umaal r10, r12, r8, r3
        umaal r11, r12, r8, r4
        mul r9, r5, r9
        umaal r5, lr, r9, r1
        umaal r10, lr, r9, r2
        umaal r11, lr, r9, r3
        umaal r12, lr, r9, r4
        adds r0, #16
        ldr r1, [sp, #4]
        adds r1, #16"
    };
}

/// The lengths that it does not take are rare: primes have half a key's length each.
pub(crate) const LEAVES_FEW: bool = true;

/// Whether the kernel takes numbers of so many limbs.
const fn takes(len: usize) -> bool {
    len >= 8 && len.is_multiple_of(4)
}

/// `wide = low + a · b`, where `wide` has their lengths together and `low` is what stands in the
/// lowest limbs of it, a's length. Returns `false`, and has done nothing, for other lengths.
pub(crate) fn add_rows(wide: &mut [u32], a: &[u32], b: &[u32]) -> bool {
    let fits = takes(a.len()) && takes(b.len()) && wide.len() == a.len().wrapping_add(b.len());
    if fits {
        let (a, b) = (a.as_ptr_range(), b.as_ptr_range());
        // SAFETY: the row of the limb b[i] reads and writes a's length and a limb more from wide[i],
        // which ends with `wide`, since i is below b's length; lengths as the function wants them.
        unsafe { add_rows_of(wide.as_mut_ptr(), a.start, a.end, b.start, b.end) };
    }
    fits
}

/// `wide = a²`, where `wide` has twice a's length. Returns `false`, and has done nothing, for other
/// lengths.
pub(crate) fn square(wide: &mut [u32], a: &[u32]) -> bool {
    let fits = takes(a.len()) && wide.len() == a.len().wrapping_mul(2);
    if fits {
        wide.fill(0);
        let a = a.as_ptr_range();
        // SAFETY: as for `add_rows` with the same number twice.
        unsafe { square_of(wide.as_mut_ptr(), a.start, a.end) };
    }
    fits
}

/// Adds the multiple of m to `wide` that clears its lower half; `wide` has twice m's length. Returns
/// the carry out of `wide`; `None`, and has done nothing, for other lengths.
pub(crate) fn clear_low(wide: &mut [u32], m: &[u32], neg_inv: u32) -> Option<bool> {
    let fits = takes(m.len()) && wide.len() == m.len().wrapping_mul(2);
    fits.then(|| {
        let m = m.as_ptr_range();
        // SAFETY: as for `add_rows` with m's length twice.
        unsafe { clear_low_of(wide.as_mut_ptr(), m.start, m.end, neg_inv) != 0 }
    })
}

/// # Safety
/// From `a` to `a_end` and from `b` to `b_end` lie multiples of four limbs, at least eight; from
/// `sum` on as many as both together.
unsafe fn add_rows_of(
    sum: *mut u32,
    a: *const u32,
    a_end: *const u32,
    b: *const u32,
    b_end: *const u32,
) {
    // On the stack: the sum of these rows, a, a's end, b; saved registers, b's end among them.
    // SAFETY: the caller gives such memory; what is not named as changed is saved and restored.
    unsafe {
        asm!(
            "push {{r4-r12, lr}}",
            "push {{r0-r3}}",
            "3:",
            "ldm r3!, {{r6, r7, r8, r9}}",
            "str r3, [sp, #12]",
            "mov r10, #0",
            "mov r11, #0",
            "mov r12, #0",
            "mov lr, #0",
            columns!(),
            "stm r0, {{r10, r11, r12, lr}}",
            "pop {{r0, r1}}",
            "adds r0, #16",
            "push {{r0, r1}}",
            "ldr r3, [sp, #12]",
            "ldr r2, [sp, #48]",
            "cmp r3, r2",
            "bne 3b",
            "add sp, #16",
            "pop {{r4-r12, lr}}",
            inout("r0") sum => _,
            inout("r1") a => _,
            inout("r2") a_end => _,
            inout("r3") b => _,
            in("r12") b_end,
        );
    }
}

/// The products of different limbs once, doubled, and the squares of the limbs.
///
/// # Safety
/// From `a` to `a_end` lies a multiple of four limbs, at least eight; from `wide` on twice as many,
/// the lower half of them zero.
unsafe fn square_of(wide: *mut u32, a: *const u32, a_end: *const u32) {
    // On the stack: where these rows begin in `wide` and in a, a's end; `wide` and a from their
    // beginning; saved registers.
    // SAFETY: the caller gives such memory; what is not named as changed is saved and restored.
    unsafe {
        asm!(
            "push {{r4-r12, lr}}",
            "push {{r0, r1}}",
            "push {{r0-r2}}",
            "3:",
            within_four!(),
            // Their products with the limbs above them.
            "ldr r2, [sp, #8]",
            "cmp r1, r2",
            "beq 4f",
            columns!(),
            "4:",
            "stm r0, {{r10, r11, r12, lr}}",
            "pop {{r0, r1}}",
            "adds r0, #32",
            "push {{r0, r1}}",
            "ldr r2, [sp, #8]",
            "cmp r1, r2",
            "bne 3b",
            "add sp, #12",
            "pop {{r0, r1}}",
            double_and_add_squares!(),
            "pop {{r4-r12, lr}}",
            inout("r0") wide => _,
            inout("r1") a => _,
            inout("r2") a_end => _,
            out("r3") _,
        );
    }
}

/// # Safety
/// From `m` to `m_end` lies a multiple of four limbs, at least eight; from `wide` on twice as many.
unsafe fn clear_low_of(wide: *mut u32, m: *const u32, m_end: *const u32, neg_inv: u32) -> u32 {
    // On the stack: where these rows begin in `wide`, m, m's end, neg_inv; the carry so far, the
    // end of the lower half; saved registers.
    let carry;
    // SAFETY: the caller gives such memory; what is not named as changed is saved and restored.
    unsafe {
        asm!(
            "push {{r4-r12, lr}}",
            "subs r5, r2, r1",
            "adds r5, r0",
            "movs r4, #0",
            "push {{r4, r5}}",
            "push {{r0-r3}}",
            "3:",
            multipliers!(),
            columns!(),
            // Onto the four limbs above, with the carry from the rows before.
            "ldr r6, [sp, #16]",
            "cmp r6, #1",
            "ldm r0, {{r2, r3, r4, r5}}",
            "adcs r2, r10",
            "adcs r3, r11",
            "adcs r4, r12",
            "adcs r5, lr",
            "stm r0, {{r2, r3, r4, r5}}",
            "sbcs r6, r6",
            "adds r6, #1",
            "str r6, [sp, #16]",
            "pop {{r0, r1}}",
            "adds r0, #16",
            "push {{r0, r1}}",
            "ldr r2, [sp, #20]",
            "cmp r0, r2",
            "bne 3b",
            "mov r0, r6",
            "add sp, #24",
            "pop {{r4-r12, lr}}",
            inout("r0") wide => carry,
            inout("r1") m => _,
            inout("r2") m_end => _,
            inout("r3") neg_inv => _,
        );
    }
    carry
}
