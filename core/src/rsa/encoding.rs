//! EMSA-PKCS1-v1_5 (RFC 8017 9.2).

use super::limb::{Limb, limbs_for_bits, set_byte};
use crate::bytes::digest::Digest;

/// The DER of a DigestInfo up to the hash (RFC 8017 9.2 note 1), by the hash it names.
pub(crate) const DIGEST_INFO_SHA256: &[u8] = &[
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// The encoded message of `len` bytes for a SHA-256:
///
/// ```text
/// 00 01 FF … FF 00 | DigestInfo: algorithm SHA-256, 32 bytes of hash
/// ```
///
/// `len` is a modulus length, so at least 256: the padding has at least 202 bytes.
pub(crate) fn encode(len: usize, digest: &Digest) -> impl Iterator<Item = u8> {
    encode_info(len, DIGEST_INFO_SHA256, digest.as_bytes())
}

/// The same as a number, in limbs that have room for it.
#[inline(never)]
pub(crate) fn encode_number(out: &mut [Limb], len: usize, digest: &Digest) {
    debug_assert!(
        limbs_for_bits(len.saturating_mul(8)) <= out.len(),
        "{len} bytes into {} limbs",
        out.len()
    );
    out.fill(0);
    let mut position = 0_usize;
    let mut put = |byte| {
        set_byte(out, position, byte);
        position = position.saturating_add(1);
        position
    };
    for part in [digest.as_bytes(), DIGEST_INFO_SHA256] {
        for byte in part.iter().rev() {
            put(*byte);
        }
    }
    put(0);
    // In front of the padding 00 01.
    while put(0xFF) < len.saturating_sub(2) {}
    put(1);
}

/// As [`encode`], for any hash.
pub(crate) fn encode_info<'a>(
    len: usize,
    digest_info: &'a [u8],
    hash: &'a [u8],
) -> impl Iterator<Item = u8> + use<'a> {
    /// 00 01 before the padding and 00 behind it.
    const FRAME: usize = 3;
    let padding = len.saturating_sub(
        digest_info
            .len()
            .saturating_add(hash.len())
            .saturating_add(FRAME),
    );
    [0, 1]
        .into_iter()
        .chain(core::iter::repeat_n(0xFF, padding))
        .chain([0])
        .chain(digest_info.iter().copied())
        .chain(hash.iter().copied())
}
