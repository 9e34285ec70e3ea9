//! Base64 (RFC 4648 4) in constant time: no branch and no table index depends on a character or a
//! byte, so private keys in PEM go through it.
//!
//! Four characters at a time, which is all that the PEM reader and the `Signature` field need. Whether
//! they are base64, and where padding stands, is public.

use crate::bytes::rounding::div_ceil;
use crate::machine::secrecy::declassify;

/// Characters of one group.
pub(crate) const CHARS: usize = 4;
/// Bytes of one group.
pub(crate) const BYTES: usize = 3;

/// The length of the padded base64 of `bytes` bytes.
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    div_ceil(bytes, BYTES).saturating_mul(CHARS)
}

/// 1 in each of the four bytes of a word, to give all of them the same number: 5 · `EACH`.
const EACH: u32 = 0x0101_0101;

/// For each byte of `bytes`, which are all below 128: 1 if it is at least `limit` (1 to 128), else 0.
const fn at_least(bytes: u32, limit: u32) -> u32 {
    // At most 127 + 127, so no byte carries into the next, and its top bit is the answer.
    let sums = bytes.wrapping_add(EACH.wrapping_mul(128_u32.wrapping_sub(limit)));
    (sums >> 7) & EACH
}

/// The 6 bits of each of four characters, in a byte each; `None` if one is none of the alphabet.
#[expect(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]
fn decode_chars(chars: u32) -> Option<u32> {
    let c = chars & (127 * EACH);
    let digit_or_more = at_least(c, 0x30);
    let upper = at_least(c, 0x41) ^ at_least(c, 0x5B);
    let lower = at_least(c, 0x61) ^ at_least(c, 0x7B);
    let digit = digit_or_more ^ at_least(c, 0x3A);
    let plus = at_least(c, 0x2B) ^ at_least(c, 0x2C);
    let slash = at_least(c, 0x2F) ^ digit_or_more;
    // Not more than one is 1 in a byte, and each difference stays in its byte.
    let bits = c
        .wrapping_sub(upper.wrapping_mul(0x41)) // A..Z: 0..25
        .wrapping_sub(lower.wrapping_mul(0x61 - 26)) // a..z: 26..51
        .wrapping_add(digit.wrapping_mul(52 - 0x30)) // 0..9: 52..61
        .wrapping_add(plus.wrapping_mul(62 - 0x2B))
        .wrapping_add(slash.wrapping_mul(63 - 0x2F));
    let known = upper | lower | digit | plus | slash;
    declassify((chars == c) & (known == EACH)).then_some(bits)
}

/// The characters of four times 6 bits, in a byte each.
const fn encode_chars(bits: u32) -> u32 {
    // Step by step up the alphabet; every sum stays in its byte.
    bits.wrapping_add(EACH.wrapping_mul(0x41)) // 0..25: A..Z
        .wrapping_add(at_least(bits, 26).wrapping_mul(0x61 - 0x5B)) // 26..51: a..z
        .wrapping_sub(at_least(bits, 52).wrapping_mul(0x7B - 0x30)) // 52..61: 0..9
        .wrapping_sub(at_least(bits, 62).wrapping_mul(0x3A - 0x2B)) // 62: +
        .wrapping_add(at_least(bits, 63).wrapping_mul(0x2F - 0x2C)) // 63: /
}

/// The bytes of one group and how many they are (3, or 1 or 2 with padding); `None` if it is not
/// canonical: a character outside the alphabet, misplaced padding, or unused bits that are set.
pub(crate) fn decode_group(group: [u8; CHARS]) -> Option<([u8; BYTES], usize)> {
    let [a, b, c, d] = group;
    let padded = declassify(d == b'=');
    let (chars, len) = match padded && declassify(c == b'=') {
        true => ([a, b, b'A', b'A'], 1),
        false if padded => ([a, b, c, b'A'], 2),
        false => (group, 3),
    };
    let six = decode_chars(u32::from_be_bytes(chars))?;
    let bits =
        (six >> 24 << 18) | ((six >> 16 & 0x3F) << 12) | ((six >> 8 & 0x3F) << 6) | (six & 0x3F);
    let [_, first, second, third] = bits.to_be_bytes();
    // The first byte that is not there. What follows it is 0: it comes of an `A`.
    let unused = match len {
        1 => second,
        2 => third,
        _ => 0,
    };
    declassify(unused == 0).then_some(([first, second, third], len))
}

/// The group of up to three bytes, padded.
pub(crate) fn encode_group(bytes: &[u8]) -> [u8; CHARS] {
    let mut iter = bytes.iter().copied();
    let (first, second, third) = (iter.next(), iter.next(), iter.next());
    let bits = u32::from_be_bytes([
        0,
        first.unwrap_or_default(),
        second.unwrap_or_default(),
        third.unwrap_or_default(),
    ]);
    let spread = (bits >> 18 << 24)
        | ((bits >> 12 & 0x3F) << 16)
        | ((bits >> 6 & 0x3F) << 8)
        | (bits & 0x3F);
    let mut group = encode_chars(spread).to_be_bytes();
    let [_, _, c, d] = &mut group;
    if second.is_none() {
        *c = b'=';
    }
    if third.is_none() {
        *d = b'=';
    }
    group
}
