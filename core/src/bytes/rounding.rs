//! Division that rounds up.

/// How many parts of `by` hold `number`; none for parts of 0. Inlined, since the compiler that counts
/// bytes alone leaves the standard library's `div_ceil` a function, which can panic.
#[expect(
    clippy::inline_always,
    reason = "a call would be larger than what it does"
)]
#[inline(always)]
pub(crate) const fn div_ceil(number: usize, by: usize) -> usize {
    match number.checked_div(by) {
        Some(whole) if whole.saturating_mul(by) < number => whole.saturating_add(1),
        Some(whole) => whole,
        None => 0,
    }
}
