//! A buffer as a sink, which says at the end whether it was large enough.

use super::Error;
use crate::bytes::sink::Sink;

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
