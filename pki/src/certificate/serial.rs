//! Serial numbers (RFC 5280 4.1.2.2).

use std::fmt;

use daxsign_core::{EnrolError, Randomness};

use crate::error::PkiError;

/// Bytes of a new one, all random (C-ISSUE).
const RANDOM_LEN: usize = 16;
/// Bytes of the longest one that an authority may give.
const MAX_LEN: usize = 20;

/// A certificate's number, which its authority gives to no other. [`Display`](fmt::Display) shows it in capital
/// hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SerialNumber {
    /// Without zeros before it.
    bytes: Vec<u8>,
}

impl SerialNumber {
    /// A new one: 128 random bits.
    ///
    /// # Errors
    /// [`EnrolError::RandomnessFailed`], as [`PkiError::Enrol`].
    pub fn random(random: &mut dyn Randomness) -> Result<Self, PkiError> {
        let mut bytes = [0; RANDOM_LEN];
        random
            .fill(&mut bytes)
            .map_err(|_| EnrolError::RandomnessFailed)?;
        // Zero is no serial number; from a source that works it never comes.
        Self::from_bytes(&bytes).ok_or(EnrolError::RandomnessStuck.into())
    }

    /// From big-endian bytes; `None` for zero, or for more than 20 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = bytes.get(zeros..)?;
        (!bytes.is_empty() && bytes.len() <= MAX_LEN).then(|| Self {
            bytes: bytes.to_vec(),
        })
    }

    /// Reads hexadecimal digits in any case, with white space or colons anywhere and `0x` before them or not.
    ///
    /// ```
    /// use daxsign_pki::SerialNumber;
    /// let serial = SerialNumber::parse("0a:bc")?;
    /// assert_eq!(serial.to_string(), "0ABC");
    /// # Ok::<(), daxsign_pki::PkiError>(())
    /// ```
    ///
    /// # Errors
    /// [`PkiError::InvalidSerial`].
    pub fn parse(text: &str) -> Result<Self, PkiError> {
        let text = text.trim();
        let text = text.strip_prefix("0x").unwrap_or(text);
        let digits: Option<Vec<u8>> = text
            .chars()
            .filter(|char| !char.is_whitespace() && *char != ':')
            .map(|char| u8::try_from(char.to_digit(16)?).ok())
            .collect();
        let digits = digits.ok_or(PkiError::InvalidSerial)?;
        let bytes: Vec<u8> = digits
            .rchunks(2)
            .rev()
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect();
        Self::from_bytes(&bytes).ok_or(PkiError::InvalidSerial)
    }

    /// The number in big-endian bytes, without zeros before it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.bytes.iter();
        bytes.try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
