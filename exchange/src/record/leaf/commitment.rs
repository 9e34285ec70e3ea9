//! What a leaf promises of its content: a keyed hash that tells nothing to who lacks the salt.

use ring::hmac;

use crate::record::leaf::content::Content;
use crate::record::leaf::leaf::HASH_LEN;

/// The length of a salt.
pub const SALT_LEN: usize = 32;

/// What the hashed bytes begin with, so that they are those of nothing else.
const LABEL: &[u8] = b"daxsign-exchange content 1\n";

/// HMAC-SHA-256 under `salt` over the label `daxsign-exchange content 1`, a line feed, then message, signature
/// and statement, each behind its length as a big-endian 64-bit number (X-LEAF). Without the salt it
/// confirms no guess of a PIN.
#[must_use]
pub fn commitment(salt: &[u8; SALT_LEN], content: &Content) -> [u8; HASH_LEN] {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, salt));
    mac.update(LABEL);
    for (len, part) in content.framed() {
        mac.update(&len);
        mac.update(part);
    }
    tag_bytes(&mac.sign())
}

/// The tag of HMAC-SHA-256 as an array.
pub(crate) fn tag_bytes(tag: &hmac::Tag) -> [u8; HASH_LEN] {
    let mut bytes = [0; HASH_LEN];
    for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    bytes
}
