//! Base64 (RFC 4648 4) in constant time: no branch and no table index depends on a character or a
//! byte, so private keys in PEM go through it.
//!
//! Four characters at a time, which is all that the PEM reader and the `Signature` field need.

/// Characters of one group.
pub(crate) const CHARS: usize = 4;
/// Bytes of one group.
pub(crate) const BYTES: usize = 3;

/// The length of the padded base64 of `bytes` bytes.
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(BYTES).saturating_mul(CHARS)
}

/// All ones if `low <= value <= high`, else zero. All three lie in 0..=255.
const fn in_range(value: i32, low: i32, high: i32) -> i32 {
    // Each difference lies in -255..=255, so its sign bit tells the order.
    !((value.wrapping_sub(low) | high.wrapping_sub(value)) >> 31)
}

/// The 6 bits of a character; negative if it is none of the alphabet.
fn decode_char(char: u8) -> i32 {
    let c = i32::from(char);
    // At most one mask is set, and its term is 1 + bits; without any, -1 stays.
    (in_range(c, 0x41, 0x5A) & c.wrapping_sub(0x40)) // A..Z: 0..25
        .wrapping_add(in_range(c, 0x61, 0x7A) & c.wrapping_sub(0x46)) // a..z: 26..51
        .wrapping_add(in_range(c, 0x30, 0x39) & c.wrapping_add(5)) // 0..9: 52..61
        .wrapping_add(in_range(c, 0x2B, 0x2B) & 63) // +: 62
        .wrapping_add(in_range(c, 0x2F, 0x2F) & 64) // /: 63
        .wrapping_sub(1)
}

/// The character of 6 bits.
fn encode_char(bits: u32) -> u8 {
    let v = i32::try_from(bits & 0x3F).unwrap_or_default();
    let mut c = 0;
    c |= in_range(v, 0, 25) & v.wrapping_add(0x41);
    c |= in_range(v, 26, 51) & v.wrapping_add(0x47);
    c |= in_range(v, 52, 61) & v.wrapping_sub(4);
    c |= in_range(v, 62, 62) & 0x2B;
    c |= in_range(v, 63, 63) & 0x2F;
    u8::try_from(c).unwrap_or_default()
}

/// The bytes of one group and how many they are (3, or 1 or 2 with padding); `None` if it is not
/// canonical: a character outside the alphabet, misplaced padding, or unused bits that are set.
pub(crate) fn decode_group(group: [u8; CHARS]) -> Option<([u8; BYTES], usize)> {
    // Padding and lengths are public.
    let (chars, len) = match group {
        [a, b, b'=', b'='] => ([a, b, b'A', b'A'], 1),
        [a, b, c, b'='] => ([a, b, c, b'A'], 2),
        full => (full, 3),
    };
    let mut bits = 0_i32;
    let mut bad = 0_i32;
    for char in chars {
        let value = decode_char(char);
        bad |= value;
        bits = (bits << 6) | (value & 0x3F);
    }
    let [_, first, second, third] = bits.to_be_bytes();
    let unused = match len {
        1 => second | third,
        2 => third,
        _ => 0,
    };
    (bad >= 0 && unused == 0).then_some(([first, second, third], len))
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
    let mut group = [
        encode_char(bits >> 18),
        encode_char(bits >> 12),
        encode_char(bits >> 6),
        encode_char(bits),
    ];
    let [_, _, c, d] = &mut group;
    if second.is_none() {
        *c = b'=';
    }
    if third.is_none() {
        *d = b'=';
    }
    group
}
