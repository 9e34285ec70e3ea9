//! Rows of limbs on Cortex-M0, M0+, M1 and M23, four columns at a time.
//!
//! Their product of two words is one word, so a limb is multiplied in halves: with H = 2^16,
//! a · b = hh · H² + (hl + lh) · H + ll, each of the four products at most (H − 1)². For four
//! columns, the products of one kind are digits of a number that do not overlap, so they are added
//! to four registers in one chain of carries: a load of half a limb, MULS, ADCS. That chain is what
//! the speed comes from: loads, MULS and moves leave the carry flag alone. First hl and lh, whose
//! sum then moves up by half a limb; onto it the sum's limbs, ll, and hh one column higher, together
//! with the carry from the columns below.
//!
//! MULS takes one cycle or 32, by the processor's maker, never by its operands. Addresses and
//! branches depend on lengths only.

use core::arch::naked_asm;

/// Columns at a time.
const COLUMNS: usize = 4;

/// `sum += a · b` in as many columns as there are fours of; gives how many and the carry limb from
/// them. `sum` and `a` have the same length.
pub(crate) fn add_product(sum: &mut [u32], a: &[u32], b: u32) -> (usize, u32) {
    let (fours, _) = a.as_chunks::<COLUMNS>();
    let columns = fours.as_flattened();
    if columns.is_empty() || sum.len() < columns.len() {
        return (0, 0);
    }
    let range = columns.as_ptr_range();
    // SAFETY: a multiple of four limbs, and as many of `sum`.
    let carry = unsafe { add_product_of(sum.as_mut_ptr(), range.start, range.end, b) };
    (columns.len(), carry)
}

/// Bounds: `sum + a · b` for one limb b is below B^(columns + 1), so what is carried out fits a
/// limb, B = 2^32; as does what is carried from four columns to the next, for the same reason.
///
/// # Safety
/// From `a` to `a_end` lies a multiple of four limbs, at least four; from `sum` on as many.
#[unsafe(naked)]
unsafe extern "C" fn add_product_of(
    sum: *mut u32,
    a: *const u32,
    a_end: *const u32,
    b: u32,
) -> u32 {
    // r0: a. r1: sum. r2: a half of b. r3: a product. r4 to r7: four columns. r8: the carry from
    // below; r9: that to above. r10, r11: b's halves. r12: a's end.
    naked_asm!(
        "push {{r4, r5, r6, r7, lr}}",
        "mov r4, r8",
        "mov r5, r9",
        "mov r6, r10",
        "mov r7, r11",
        "push {{r4, r5, r6, r7}}",
        "mov r12, r2",
        "mov r2, r0",
        "mov r0, r1",
        "mov r1, r2",
        "uxth r2, r3",
        "mov r10, r2",
        "lsrs r3, r3, #16",
        "mov r11, r3",
        "movs r3, #0",
        "mov r8, r3",
        "2:",
        // The low halves of a times b's high half, and the high halves times the low one.
        "mov r2, r11",
        "ldrh r4, [r0]",
        "muls r4, r2, r4",
        "ldrh r5, [r0, #4]",
        "muls r5, r2, r5",
        "ldrh r6, [r0, #8]",
        "muls r6, r2, r6",
        "ldrh r7, [r0, #12]",
        "muls r7, r2, r7",
        "mov r2, r10",
        "ldrh r3, [r0, #2]",
        "muls r3, r2, r3",
        "adds r4, r4, r3",
        "ldrh r3, [r0, #6]",
        "muls r3, r2, r3",
        "adcs r5, r3",
        "ldrh r3, [r0, #10]",
        "muls r3, r2, r3",
        "adcs r6, r3",
        "ldrh r3, [r0, #14]",
        "muls r3, r2, r3",
        "adcs r7, r3",
        // Up by half a limb, the topmost half and the carry into r9. SBCS of a register with itself
        // gives the carry less 1; that comes twice below, hence 2 more here.
        "movs r3, #0",
        "adcs r3, r3",
        "lsls r3, r3, #16",
        "adds r3, #2",
        "mov r9, r3",
        "lsrs r3, r7, #16",
        "add r9, r3",
        "lsls r7, r7, #16",
        "lsrs r3, r6, #16",
        "orrs r7, r3",
        "lsls r6, r6, #16",
        "lsrs r3, r5, #16",
        "orrs r6, r3",
        "lsls r5, r5, #16",
        "lsrs r3, r4, #16",
        "orrs r5, r3",
        "lsls r4, r4, #16",
        // The sum.
        "ldr r3, [r1]",
        "adds r4, r4, r3",
        "ldr r3, [r1, #4]",
        "adcs r5, r3",
        "ldr r3, [r1, #8]",
        "adcs r6, r3",
        "ldr r3, [r1, #12]",
        "adcs r7, r3",
        "sbcs r3, r3",
        "add r9, r3",
        // The low halves times the low half.
        "ldrh r3, [r0]",
        "muls r3, r2, r3",
        "adds r4, r4, r3",
        "ldrh r3, [r0, #4]",
        "muls r3, r2, r3",
        "adcs r5, r3",
        "ldrh r3, [r0, #8]",
        "muls r3, r2, r3",
        "adcs r6, r3",
        "ldrh r3, [r0, #12]",
        "muls r3, r2, r3",
        "adcs r7, r3",
        "sbcs r3, r3",
        "add r9, r3",
        // The carry from below, and the high halves times the high half, one column higher.
        "mov r2, r11",
        "mov r3, r8",
        "adds r4, r4, r3",
        "ldrh r3, [r0, #2]",
        "muls r3, r2, r3",
        "adcs r5, r3",
        "ldrh r3, [r0, #6]",
        "muls r3, r2, r3",
        "adcs r6, r3",
        "ldrh r3, [r0, #10]",
        "muls r3, r2, r3",
        "adcs r7, r3",
        "stm r1!, {{r4, r5, r6, r7}}",
        "ldrh r3, [r0, #14]",
        "muls r3, r2, r3",
        "mov r4, r9",
        "adcs r4, r3",
        "mov r8, r4",
        "adds r0, #16",
        "cmp r0, r12",
        "bne 2b",
        "mov r0, r8",
        "pop {{r4, r5, r6, r7}}",
        "mov r8, r4",
        "mov r9, r5",
        "mov r10, r6",
        "mov r11, r7",
        "pop {{r4, r5, r6, r7, pc}}",
    )
}
