//! Where a signing string goes, piece by piece: a buffer, a hash, a counter, or any closure.

use crate::error::Error;

/// Takes bytes in order. Writing cannot fail: a sink that runs out of room remembers it and says
/// so when it is finished (see [`SliceSink::finish`]).
///
/// Every `FnMut(&[u8])` is a sink:
///
/// ```
/// use daxsign_core::Sink;
/// let mut collected = Vec::new();
/// let mut sink = |bytes: &[u8]| collected.extend_from_slice(bytes);
/// sink.write(b"host: ");
/// sink.write(b"dax.amido.se\n");
/// assert_eq!(collected, b"host: dax.amido.se\n");
/// ```
pub trait Sink {
    /// Takes the next bytes.
    fn write(&mut self, bytes: &[u8]);
}

impl<F: FnMut(&[u8])> Sink for F {
    fn write(&mut self, bytes: &[u8]) {
        self(bytes);
    }
}

/// Counts bytes and keeps none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    count: usize,
}

impl Counter {
    /// How many bytes came so far.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }
}

impl Sink for Counter {
    fn write(&mut self, bytes: &[u8]) {
        self.count = self.count.saturating_add(bytes.len());
    }
}

/// Writes into a caller's buffer and goes on counting when the buffer is full, so that the exact
/// size needed is known after one pass.
#[derive(Debug)]
pub struct SliceSink<'a> {
    buffer: &'a mut [u8],
    count: usize,
}

impl<'a> SliceSink<'a> {
    /// A sink that fills `buffer` from its start.
    #[must_use]
    pub const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, count: 0 }
    }

    /// The bytes written, as a part of the buffer.
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`] with the exact size needed; the buffer is then zeroed.
    pub fn finish(self) -> Result<&'a mut [u8], Error> {
        if self.count > self.buffer.len() {
            self.buffer.fill(0);
            return Err(Error::BufferTooSmall { needed: self.count });
        }
        Ok(self.buffer.get_mut(..self.count).unwrap_or_default())
    }

    /// Zeroes the buffer: for a caller that gives up half-way.
    pub(crate) fn discard(self) {
        self.buffer.fill(0);
    }
}

impl Sink for SliceSink<'_> {
    fn write(&mut self, bytes: &[u8]) {
        let end = self.count.saturating_add(bytes.len());
        if let Some(room) = self.buffer.get_mut(self.count..end) {
            for (slot, byte) in room.iter_mut().zip(bytes) {
                *slot = *byte;
            }
        }
        self.count = end;
    }
}

/// Writes a number in decimal.
pub fn write_decimal(number: u64, sink: &mut impl Sink) {
    /// The digits of `u64::MAX`.
    const MAX_DIGITS: usize = 20;
    let mut digits = [b'0'; MAX_DIGITS];
    let (mut rest, mut used) = (number, 0_usize);
    for digit in digits.iter_mut().rev() {
        // Below 10, so neither cut nor too large.
        *digit = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
        used = used.saturating_add(1);
        if rest == 0 {
            break;
        }
    }
    let start = MAX_DIGITS.saturating_sub(used);
    sink.write(digits.get(start..).unwrap_or_default());
}

/// A length in memory as the 64 bits that HTTP lengths have here.
pub(crate) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
