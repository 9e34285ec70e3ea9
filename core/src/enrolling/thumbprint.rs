//! The hash that a certificate is named by (C-THUMB), and how people paste it.

use core::fmt;

use crate::bytes::other_hash::Hash;
use crate::enrolling::error::EnrolError;

/// Bytes of SHA-1.
const SHA1_LEN: usize = 20;
/// Bytes of SHA-256.
const SHA256_LEN: usize = 32;

/// The SHA-1 or the SHA-256 of a certificate's DER. [`Display`](fmt::Display) shows it as DAX and .NET do,
/// in capital hexadecimal digits.
///
/// ```
/// use daxsign_core::Thumbprint;
/// // As Windows' certificate dialog gives it: with spaces, and an invisible mark before it.
/// let pasted = "\u{200E}a9 4a 8f e5 cc b1 9b a6 1c 4c 08 73 d3 91 e9 87 98 2f bb d3";
/// let thumbprint = Thumbprint::parse(pasted)?;
/// assert_eq!(thumbprint.to_string(), "A94A8FE5CCB19BA61C4C0873D391E987982FBBD3");
/// # Ok::<(), daxsign_core::EnrolError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint {
    bytes: [u8; SHA256_LEN],
    len: usize,
}

impl Thumbprint {
    pub(super) fn of(hash: &Hash) -> Self {
        let mut thumbprint = Self {
            bytes: [0; SHA256_LEN],
            len: hash.as_bytes().len().min(SHA256_LEN),
        };
        for (slot, byte) in thumbprint.bytes.iter_mut().zip(hash.as_bytes()) {
            *slot = *byte;
        }
        thumbprint
    }

    /// Reads 40 (SHA-1) or 64 (SHA-256) hexadecimal digits in any case, with white space, colons, hyphens and
    /// invisible marks (U+200B to U+200F, U+202A to U+202E, U+FEFF) anywhere.
    ///
    /// # Errors
    /// [`EnrolError::InvalidThumbprint`].
    pub fn parse(text: &str) -> Result<Self, EnrolError> {
        let mut thumbprint = Self {
            bytes: [0; SHA256_LEN],
            len: 0,
        };
        let mut digits = 0_usize;
        for (offset, char) in text.char_indices() {
            if is_passed_over(char) {
                continue;
            }
            let invalid = EnrolError::InvalidThumbprint {
                digits,
                offset: Some(offset),
            };
            let value = char.to_digit(16).ok_or(invalid)?;
            let value = u8::try_from(value).unwrap_or_default();
            if let Some(slot) = thumbprint.bytes.get_mut(digits / 2) {
                *slot = *slot << 4 | value;
            }
            digits = digits.saturating_add(1);
        }
        thumbprint.len = digits / 2;
        if digits != 2 * SHA1_LEN && digits != 2 * SHA256_LEN {
            let offset = None;
            return Err(EnrolError::InvalidThumbprint { digits, offset });
        }
        Ok(thumbprint)
    }

    /// The hash: 20 bytes of SHA-1 or 32 of SHA-256.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// What comes along when a thumbprint is copied.
const fn is_passed_over(char: char) -> bool {
    matches!(
        char,
        ' ' | '\t' | '\r' | '\n' | ':' | '-' | '\u{A0}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{FEFF}'
    )
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.as_bytes().iter();
        bytes.try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
