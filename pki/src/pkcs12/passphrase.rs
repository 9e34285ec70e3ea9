//! A passphrase in the two forms that a file wants.

use zeroize::Zeroizing;

/// One of a file's.
pub(crate) struct Passphrase<'a> {
    /// For PBES2: UTF-8, which RFC 8018 3 leaves open and everybody takes.
    pub(crate) utf8: &'a [u8],
    /// For RFC 7292's own way (B.1): UTF-16, big-endian, with a zero behind it; or nothing at all.
    pub(crate) utf16: Zeroizing<Vec<u8>>,
}

impl<'a> Passphrase<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut utf16 = Zeroizing::new(Vec::with_capacity(
            // Each byte of UTF-8 becomes two at most.
            text.len().saturating_add(1).saturating_mul(2),
        ));
        for unit in text.encode_utf16().chain([0]) {
            utf16.extend_from_slice(&unit.to_be_bytes());
        }
        Self {
            utf8: text.as_bytes(),
            utf16,
        }
    }

    /// None, which programs tell from an empty one.
    pub(crate) fn none() -> Self {
        Self {
            utf8: &[],
            utf16: Zeroizing::new(Vec::new()),
        }
    }
}
