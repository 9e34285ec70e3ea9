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

/// The next limb of b, times the factor, in halves into r10 and r11; r0, r1 and r12 for its row, the high
/// half in r2, and nothing carried so far.
macro_rules! start_row {
    () => {
        "ldr r3, [r0, #12]
        ldr r4, [r3]
        adds r3, #4
        str r3, [r0, #12]
        ldr r5, [r0, #20]
        muls r4, r5, r4
        uxth r5, r4
        mov r10, r5
        lsrs r4, r4, #16
        mov r11, r4
        movs r4, #0
        mov r8, r4
        ldr r1, [r0]
        ldr r2, [r0, #8]
        ldr r0, [r0, #4]
        subs r2, r2, r0
        lsrs r2, r2, #4
        lsls r2, r2, #4
        adds r2, r2, r0
        mov r12, r2
        mov r2, r11"
    };
}

/// Four columns, into r4 to r7: the low halves of a times b's high half in r2, and the high halves times
/// the low one; then up by half a limb, the topmost half and the carry, H, into r9. SBCS of a register
/// with itself gives the carry less 1: H too little here, and 2 too little in [`low`], so lr is H + 2.
/// Leaves b's low half in r2.
macro_rules! middle {
    () => {
        "ldrh r4, [r0]
        muls r4, r2, r4
        ldrh r5, [r0, #4]
        muls r5, r2, r5
        ldrh r6, [r0, #8]
        muls r6, r2, r6
        ldrh r7, [r0, #12]
        muls r7, r2, r7
        mov r2, r10
        ldrh r3, [r0, #2]
        muls r3, r2, r3
        adds r4, r4, r3
        ldrh r3, [r0, #6]
        muls r3, r2, r3
        adcs r5, r3
        ldrh r3, [r0, #10]
        muls r3, r2, r3
        adcs r6, r3
        ldrh r3, [r0, #14]
        muls r3, r2, r3
        adcs r7, r3
        sbcs r3, r3
        lsls r3, r3, #16
        add r3, lr
        mov r9, r3
        lsrs r3, r7, #16
        add r9, r3
        lsls r7, r7, #16
        lsrs r3, r6, #16
        orrs r7, r3
        lsls r6, r6, #16
        lsrs r3, r5, #16
        orrs r6, r3
        lsls r5, r5, #16
        lsrs r3, r4, #16
        orrs r5, r3
        lsls r4, r4, #16"
    };
}

/// Onto them the sum, and the low halves times b's low half in r2.
macro_rules! low {
    () => {
        "ldr r3, [r1]
        adds r4, r4, r3
        ldr r3, [r1, #4]
        adcs r5, r3
        ldr r3, [r1, #8]
        adcs r6, r3
        ldr r3, [r1, #12]
        adcs r7, r3
        sbcs r3, r3
        add r9, r3
        ldrh r3, [r0]
        muls r3, r2, r3
        adds r4, r4, r3
        ldrh r3, [r0, #4]
        muls r3, r2, r3
        adcs r5, r3
        ldrh r3, [r0, #8]
        muls r3, r2, r3
        adcs r6, r3
        ldrh r3, [r0, #12]
        muls r3, r2, r3
        adcs r7, r3
        sbcs r3, r3
        add r9, r3"
    };
}

/// Onto them the carry from below, and the high halves times b's high half, one column higher; all into
/// the sum. r8 is then the carry, r0 and r1 are behind the four columns.
macro_rules! high {
    () => {
        "mov r2, r11
        mov r3, r8
        adds r4, r4, r3
        ldrh r3, [r0, #2]
        muls r3, r2, r3
        adcs r5, r3
        ldrh r3, [r0, #6]
        muls r3, r2, r3
        adcs r6, r3
        ldrh r3, [r0, #10]
        muls r3, r2, r3
        adcs r7, r3
        stm r1!, {{r4, r5, r6, r7}}
        ldrh r3, [r0, #14]
        muls r3, r2, r3
        mov r4, r9
        adcs r4, r3
        mov r8, r4
        adds r0, #16"
    };
}

/// One column, from r0 and r1, which are then behind it; r8 is the carry, before and after.
macro_rules! last_column {
    () => {
        "mov r2, r10
        mov r3, r11
        ldrh r4, [r0]
        ldrh r5, [r0, #2]
        movs r6, r4
        muls r6, r2, r6
        muls r4, r3, r4
        movs r7, r5
        muls r7, r2, r7
        muls r5, r3, r5
        lsls r2, r4, #16
        lsrs r4, r4, #16
        adds r6, r6, r2
        adcs r5, r4
        lsls r2, r7, #16
        lsrs r7, r7, #16
        adds r6, r6, r2
        adcs r5, r7
        movs r7, #0
        ldr r2, [r1]
        adds r6, r6, r2
        adcs r5, r7
        mov r2, r8
        adds r6, r6, r2
        adcs r5, r7
        mov r8, r5
        stm r1!, {{r6}}
        adds r0, #4"
    };
}

/// The carry into the limb above, and on to the next row; r2 and r3 are equal after the last.
macro_rules! end_row {
    () => {
        "ldr r0, [sp]
        ldr r2, [r0, #28]
        lsrs r2, r2, #1
        ldr r3, [r1]
        mov r4, r8
        adcs r3, r4
        str r3, [r1]
        movs r2, #0
        adcs r2, r2
        str r2, [r0, #28]
        ldr r2, [r0, #24]
        ldr r3, [r0, #4]
        adds r3, r3, r2
        str r3, [r0, #4]
        adds r2, #4
        ldr r3, [r0]
        adds r3, r3, r2
        str r3, [r0]
        ldr r2, [r0, #12]
        ldr r3, [r0, #16]"
    };
}

/// Rows to be added: for each limb b[i] from `b` to `b_end`, the limbs from `a` to `a_end` times
/// b[i] · `factor`, to the limbs from `sum` on, and what is carried out of them, with `carry`, to the
/// limb above. Then `sum` moves up by a limb, and both `sum` and `a` by `step` bytes.
#[repr(C)]
struct Rows {
    sum: *mut u32,
    a: *const u32,
    a_end: *const u32,
    b: *const u32,
    b_end: *const u32,
    factor: u32,
    step: u32,
    carry: u32,
}

/// None: the kernel takes all lengths.
pub(crate) const LEAVES_FEW: bool = true;

/// `wide = low + a · b`, where `wide` has their lengths together and `low` is what stands in the
/// lowest limbs of it, a's length. It always returns `true`; for other lengths it has done nothing.
pub(crate) fn add_rows(wide: &mut [u32], a: &[u32], b: &[u32]) -> bool {
    let Some((_, high)) = wide.split_at_mut_checked(a.len()) else {
        return true;
    };
    if high.len() != b.len() || b.is_empty() {
        return true;
    }
    high.fill(0);
    let (sum, a, b) = (wide.as_mut_ptr(), a.as_ptr_range(), b.as_ptr_range());
    let mut rows = Rows {
        sum,
        a: a.start,
        a_end: a.end,
        b: b.start,
        b_end: b.end,
        factor: 1,
        step: 0,
        carry: 0,
    };
    // SAFETY: the row of b[i] reads and writes a's length and a limb more from wide[i], which ends
    // with `wide`, since i is below b's length.
    unsafe { add(&mut rows) };
    true
}

/// `wide = a²`, where `wide` has twice a's length. It always returns `true`; for other lengths nothing
/// of use stands in `wide`.
pub(crate) fn square(wide: &mut [u32], a: &[u32]) -> bool {
    cross_products(wide, a);
    double_and_add_squares(wide, a);
    true
}

/// `wide` = the products of different limbs of a, each once. `wide` has twice a's length.
fn cross_products(wide: &mut [u32], a: &[u32]) {
    wide.fill(0);
    let ([_, sum @ ..], [_, above @ ..], [below @ .., _]) = (wide, a, a) else {
        return;
    };
    // A single limb has no products with others.
    if sum.len() != a.len().wrapping_add(above.len()) || below.is_empty() {
        return;
    }
    let (sum, above, below) = (sum.as_mut_ptr(), above.as_ptr_range(), below.as_ptr_range());
    let mut rows = Rows {
        sum,
        a: above.start,
        a_end: above.end,
        b: below.start,
        b_end: below.end,
        factor: 1,
        step: 4,
        carry: 0,
    };
    // SAFETY: the row of a[i] has the limbs above it, of which there is one at least, and reads and
    // writes as many and a limb more from wide[2 · i + 1], up to wide[a's length + i].
    unsafe { add(&mut rows) };
}

/// `wide = 2 · wide + Σ a[i]² · B^(2 · i)` for B = 2^32. `wide` has twice a's length. Does nothing for
/// other lengths.
fn double_and_add_squares(wide: &mut [u32], a: &[u32]) {
    if a.is_empty() || wide.len() != a.len().wrapping_mul(2) {
        return;
    }
    let a = a.as_ptr_range();
    // SAFETY: from `wide` on lie twice as many limbs as from `a` on, of which there is one at least.
    unsafe { double_and_add_squares_of(wide.as_mut_ptr(), a.start, a.end) };
}

/// Adds the multiple of m to `wide` that clears its lower half; `wide` has twice m's length. Returns
/// the carry out of `wide`, always; for other lengths it has done nothing.
pub(crate) fn clear_low(wide: &mut [u32], m: &[u32], neg_inv: u32) -> Option<bool> {
    if m.is_empty() || wide.len() != m.len().wrapping_mul(2) {
        return Some(false);
    }
    let (sum, m) = (wide.as_mut_ptr(), m.as_ptr_range());
    let mut rows = Rows {
        sum,
        a: m.start,
        a_end: m.end,
        b: sum,
        b_end: sum.wrapping_add(wide.len() / 2),
        factor: neg_inv,
        step: 0,
        carry: 0,
    };
    // SAFETY: as in `add_rows` with m's length twice. The row of wide[i] is that of the multiplier
    // that clears it, and it is read before that row.
    unsafe { add(&mut rows) };
    Some(rows.carry != 0)
}

/// Bounds: a limb of a, times a limb, with a limb of the sum and a limb carried, fits two limbs. So
/// what is carried out of a column, or out of four, fits a limb.
///
/// # Safety
/// From `b` to `b_end` lies a limb at least; for each row, memory as [`Rows`] says.
#[unsafe(naked)]
unsafe extern "C" fn add(rows: &mut Rows) {
    // At sp: the rows. r0: a. r1: the sum. r2: a half of b. r3: a product. r4 to r7: four columns.
    // r8: the carry from below; r9: that to above. r10, r11: b's halves. r12: the end of a's fours.
    // lr: a constant.
    naked_asm!(
        "push {{r4, r5, r6, r7, lr}}",
        "mov r4, r8",
        "mov r5, r9",
        "mov r6, r10",
        "mov r7, r11",
        "push {{r0, r4, r5, r6, r7}}",
        // H + 2, as `middle` says.
        "movs r2, #1",
        "lsls r2, r2, #16",
        "adds r2, #2",
        "mov lr, r2",
        "3:",
        start_row!(),
        "cmp r0, r12",
        "beq 4f",
        "2:",
        middle!(),
        low!(),
        high!(),
        "cmp r0, r12",
        "bne 2b",
        // The columns that are left, one by one.
        "4:",
        "ldr r2, [sp]",
        "ldr r2, [r2, #8]",
        "cmp r0, r2",
        "beq 5f",
        last_column!(),
        "b 4b",
        // The limb above, and on to the next row.
        "5:",
        end_row!(),
        "cmp r2, r3",
        "beq 6f",
        "b 3b",
        "6:",
        "pop {{r0, r4, r5, r6, r7}}",
        "mov r8, r4",
        "mov r9, r5",
        "mov r10, r6",
        "mov r11, r7",
        "pop {{r4, r5, r6, r7, pc}}",
    )
}

/// # Safety
/// From `a` to `a_end` lies a limb at least; from `wide` on, twice as many.
#[unsafe(naked)]
unsafe extern "C" fn double_and_add_squares_of(wide: *mut u32, a: *const u32, a_end: *const u32) {
    // r0: wide. r1: a. r6: what is carried from two limbs to the next two, 0 to 2: with three numbers
    // below B² and 2 it is 2 at most again. r12: a's end.
    naked_asm!(
        "push {{r4, r5, r6, r7, lr}}",
        "mov r12, r2",
        "movs r6, #0",
        "2:",
        // A limb's square: ll and hh, and twice the product of its halves, half a limb higher.
        "ldrh r2, [r1]",
        "ldrh r3, [r1, #2]",
        "movs r4, r2",
        "muls r4, r3, r4",
        "muls r2, r2, r2",
        "muls r3, r3, r3",
        "lsls r5, r4, #17",
        "lsrs r4, r4, #15",
        "adds r2, r2, r5",
        "adcs r3, r4",
        // Three carries, each as SBCS gives it: less 1.
        "ldr r4, [r0]",
        "ldr r5, [r0, #4]",
        "adds r4, r4, r4",
        "adcs r5, r5",
        "sbcs r7, r7",
        "adds r4, r4, r2",
        "adcs r5, r3",
        "sbcs r3, r3",
        "adds r7, r7, r3",
        "movs r3, #0",
        "adds r4, r4, r6",
        "adcs r5, r3",
        "sbcs r3, r3",
        "adds r6, r7, r3",
        "adds r6, #3",
        "stm r0!, {{r4, r5}}",
        "adds r1, #4",
        "cmp r1, r12",
        "bne 2b",
        "pop {{r4, r5, r6, r7, pc}}",
    )
}
