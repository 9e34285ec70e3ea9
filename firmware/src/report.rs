//! Lines for the host, without Rust's formatting: it would be linked.

use core::ffi::CStr;

use crate::board;
use crate::measure::Cost;

/// The longest decimal of 64 bits and the zero byte behind it.
const DIGITS: usize = 21;

/// Prints a number.
pub fn number(mut value: u64) {
    let mut text = [0_u8; DIGITS];
    for slot in text.iter_mut().rev().skip(1) {
        *slot = b'0' + (value % 10) as u8;
        value /= 10;
    }
    let digits = text.iter().position(|byte| *byte > b'0');
    let digits = text.get(digits.unwrap_or(DIGITS - 2)..).unwrap_or_default();
    if let Ok(text) = CStr::from_bytes_with_nul(digits) {
        board::print(text);
    }
}

/// Prints ` name=value`.
pub fn field(name: &CStr, value: usize) {
    board::print(name);
    number(value as u64);
}

/// Prints the line of an operation: `op=sign bits=2048 instructions=… stack=… result=ok`.
/// `more` prints fields of its own.
pub fn line(operation: &CStr, bits: usize, cost: Cost, more: impl FnOnce(), good: bool) {
    board::print(c"op=");
    board::print(operation);
    field(c" bits=", bits);
    board::print(c" instructions=");
    number(cost.instructions);
    field(c" stack=", cost.stack);
    more();
    board::print(if good {
        c" result=ok\n"
    } else {
        c" result=FAILED\n"
    });
}
