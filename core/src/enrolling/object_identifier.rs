//! Object identifiers: as text with points between their numbers, and as DER has them.

use core::fmt;

use crate::bytes::sink::{Sink, write_decimal};
use crate::error::message::show;

/// Bytes of the longest one that is held. Those of names and extensions have 3 to 11.
pub(crate) const MAX_LEN: usize = 32;
/// Bits of a number in each byte of its encoding (X.690 8.19.2).
const BITS: u32 = 7;
/// Set in all of a number's bytes but the last.
const MORE: u8 = 0x80;
/// Bytes of the longest number, of 64 bits.
const MAX_NUMBER_LEN: usize = 10;

/// An object identifier of up to 32 bytes in DER, whose numbers have up to 64 bits.
///
/// ```
/// use daxsign_core::ObjectIdentifier;
/// let serial_number = ObjectIdentifier::parse("2.5.4.5").unwrap();
/// assert_eq!(serial_number.as_der(), [0x55, 0x04, 0x05]);
/// assert_eq!(serial_number.to_string(), "2.5.4.5");
/// assert_eq!(ObjectIdentifier::parse("serialNumber"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ObjectIdentifier {
    bytes: [u8; MAX_LEN],
    len: usize,
}

impl ObjectIdentifier {
    /// For one that is longer than is held.
    pub(super) const EMPTY: Self = Self {
        bytes: [0; MAX_LEN],
        len: 0,
    };

    /// Reads numbers with points between, such as `2.5.4.5`; `None` for anything else, or for more than
    /// is held.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.as_bytes().split(|byte| *byte == b'.').map(number);
        let (first, second) = (numbers.next()??, numbers.next()??);
        // X.660: three roots, of which two have 40 children at most.
        if first > 2 || first < 2 && second >= 40 {
            return None;
        }
        let mut identifier = Self::EMPTY;
        identifier.append(second.checked_add(first.checked_mul(40)?)?)?;
        for number in numbers {
            identifier.append(number?)?;
        }
        Some(identifier)
    }

    /// From the contents of the DER element; `None` if they are none, or longer than is held.
    #[must_use]
    pub fn from_der(contents: &[u8]) -> Option<Self> {
        let mut identifier = Self::EMPTY;
        let slots = identifier.bytes.get_mut(..contents.len())?;
        for (slot, byte) in slots.iter_mut().zip(contents) {
            *slot = *byte;
        }
        identifier.len = contents.len();
        let mut count = 0_usize;
        for number in identifier.numbers() {
            number?;
            count = count.saturating_add(1);
        }
        (count > 0).then_some(identifier)
    }

    /// The contents of the DER element.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Writes it as [`Display`](fmt::Display) shows it.
    pub fn write_text(&self, sink: &mut impl Sink) {
        for (index, number) in self.numbers().flatten().enumerate() {
            if index > 0 {
                sink.write(b".");
                write_decimal(number, sink);
                continue;
            }
            let root = (number / 40).min(2);
            write_decimal(root, sink);
            sink.write(b".");
            write_decimal(number.saturating_sub(root.saturating_mul(40)), sink);
        }
    }

    /// The numbers as DER has them, the first two in one; `None` for one that breaks off, starts with
    /// zeros or has more than 64 bits.
    fn numbers(&self) -> impl Iterator<Item = Option<u64>> {
        let mut rest = self.as_der();
        core::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (number, after) = take_number(rest).unzip();
            rest = after.unwrap_or_default();
            Some(number)
        })
    }

    /// Adds a number; `None` if there is no room.
    fn append(&mut self, number: u64) -> Option<()> {
        let mut bytes = [0; MAX_NUMBER_LEN];
        let (mut rest, mut used) = (number, 0_usize);
        for slot in bytes.iter_mut().rev() {
            let [.., low] = rest.to_be_bytes();
            *slot = if used == 0 { low & !MORE } else { low | MORE };
            used = used.saturating_add(1);
            rest >>= BITS;
            if rest == 0 {
                break;
            }
        }
        let number = bytes.get(bytes.len().checked_sub(used)?..)?;
        let end = self.len.checked_add(used)?;
        for (slot, byte) in self.bytes.get_mut(self.len..end)?.iter_mut().zip(number) {
            *slot = *byte;
        }
        self.len = end;
        Some(())
    }
}

/// A decimal number without a sign or zeros before it.
fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 1 && text.starts_with(b"0") {
        return None;
    }
    text.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// The first number, and what follows it.
fn take_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    if bytes.first() == Some(&MORE) {
        return None;
    }
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().enumerate() {
        if value.leading_zeros() < BITS {
            return None;
        }
        value = value << BITS | u64::from(byte & !MORE);
        if byte & MORE == 0 {
            return Some((value, bytes.get(index.saturating_add(1)..)?));
        }
    }
    None
}

impl fmt::Display for ObjectIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}

impl fmt::Debug for ObjectIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
