//! A strict DER reader (X.690 10.1, definite minimal lengths) that takes its bytes one by one, so
//! that keys are read out of PEM or flash straight into their limbs, without a buffer.

use super::pem::{NotBase64, PemBytes};
use crate::bytes::sink::Sink;
use crate::error::key_refusal::KeyRefusal;
use crate::rsa::limb::{Limb, set_byte};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xA0;
/// `[3]`, constructed.
pub(crate) const CONTEXT_3: u8 = 0xA3;

/// Where the bytes come from.
#[derive(Clone)]
pub(crate) enum Source<'a> {
    Der(core::slice::Iter<'a, u8>),
    Pem(PemBytes<'a>),
}

impl Source<'_> {
    fn next(&mut self) -> Result<Option<u8>, NotBase64> {
        match self {
            Self::Der(bytes) => Ok(bytes.next().copied()),
            Self::Pem(bytes) => bytes.next(),
        }
    }
}

/// A place in a DER structure.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    source: Source<'a>,
    /// Bytes read so far, the peeked one not counted.
    offset: usize,
    /// The end of the innermost structure entered.
    limit: usize,
    peeked: Option<u8>,
}

/// The end of the structure around one that was entered.
#[derive(Clone)]
#[must_use]
pub(crate) struct Outer(usize);

impl<'a> Reader<'a> {
    pub(crate) const fn new(source: Source<'a>) -> Self {
        Self {
            source,
            offset: 0,
            limit: usize::MAX,
            peeked: None,
        }
    }

    /// The error for what stands at this place.
    pub(crate) fn malformed(&self) -> KeyRefusal {
        KeyRefusal::der(self.offset)
    }

    /// The next byte of all, whatever it belongs to; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<u8>, KeyRefusal> {
        Ok(self.source.next()?)
    }

    /// The next byte of the structure.
    pub(crate) fn byte(&mut self) -> Result<u8, KeyRefusal> {
        let [byte, ..] = self.byte_word()?.to_le_bytes();
        Ok(byte)
    }

    /// The same in a word, as the refusal is: both then come in registers.
    fn byte_word(&mut self) -> Result<u32, KeyRefusal> {
        if self.at_end() {
            return Err(self.malformed());
        }
        let byte = match self.peeked.take() {
            Some(byte) => byte,
            None => self.source.next()?.ok_or(self.malformed())?,
        };
        self.offset = self.offset.saturating_add(1);
        Ok(byte.into())
    }

    /// Whether the structure has nothing more.
    pub(crate) const fn at_end(&self) -> bool {
        self.offset >= self.limit
    }

    /// The next tag, which stays to be read.
    pub(crate) fn peek(&mut self) -> Result<u8, KeyRefusal> {
        let [tag, ..] = self.peek_word()?.to_le_bytes();
        Ok(tag)
    }

    /// The same in a word.
    fn peek_word(&mut self) -> Result<u32, KeyRefusal> {
        if self.at_end() {
            return Err(self.malformed());
        }
        let tag = match self.peeked {
            Some(tag) => tag,
            None => self.source.next()?.ok_or(self.malformed())?,
        };
        self.peeked = Some(tag);
        Ok(tag.into())
    }

    /// Reads a header with this tag; returns the length of what follows, which fits the structure.
    pub(crate) fn header(&mut self, tag: u8) -> Result<usize, KeyRefusal> {
        if self.peek()? != tag {
            return Err(self.malformed());
        }
        self.byte()?;
        let first = self.byte()?;
        let len = match first {
            0..=0x7F => usize::from(first),
            0x81 => {
                let len = self.byte()?;
                if len < 0x80 {
                    return Err(self.malformed());
                }
                usize::from(len)
            }
            0x82 => {
                let len = u16::from_be_bytes([self.byte()?, self.byte()?]);
                if len < 0x100 {
                    return Err(self.malformed());
                }
                usize::from(len)
            }
            // No key or certificate of ours has 64 KiB.
            _ => return Err(self.malformed()),
        };
        if len > self.limit.saturating_sub(self.offset) {
            return Err(self.malformed());
        }
        Ok(len)
    }

    /// Enters a structure.
    pub(crate) fn enter(&mut self, tag: u8) -> Result<Outer, KeyRefusal> {
        let len = self.header(tag)?;
        let outer = Outer(self.limit);
        self.limit = self.offset.saturating_add(len);
        Ok(outer)
    }

    /// Leaves the structure, of which nothing may be left.
    pub(crate) fn leave(&mut self, Outer(limit): Outer) -> Result<(), KeyRefusal> {
        if !self.at_end() {
            return Err(self.malformed());
        }
        self.limit = limit;
        Ok(())
    }

    /// Leaves the structure and what is left of it.
    pub(crate) fn leave_early(&mut self, outer: Outer) -> Result<(), KeyRefusal> {
        self.skip_bytes(self.limit.saturating_sub(self.offset))?;
        self.leave(outer)
    }

    /// Nothing may follow the outermost structure.
    pub(crate) fn finish(&mut self) -> Result<(), KeyRefusal> {
        if self.peeked.is_some() || self.source.next()?.is_some() {
            return Err(self.malformed());
        }
        Ok(())
    }

    fn skip_bytes(&mut self, len: usize) -> Result<(), KeyRefusal> {
        for _ in 0..len {
            self.byte()?;
        }
        Ok(())
    }

    /// Writes the next element, header and all.
    pub(crate) fn write_element(&mut self, sink: &mut dyn Sink) -> Result<(), KeyRefusal> {
        /// Pieces on the stack, so that a hash takes whole runs rather than single bytes.
        const PIECE: usize = 64;
        let mut ahead = self.clone();
        let tag = ahead.peek()?;
        let len = ahead.header(tag)?;
        let header = ahead.offset.saturating_sub(self.offset);
        let mut left = header.saturating_add(len);
        let mut piece = [0; PIECE];
        while left > 0 {
            let now = piece.get_mut(..left.min(PIECE)).unwrap_or_default();
            for slot in now.iter_mut() {
                *slot = self.byte()?;
            }
            sink.write(now);
            left = left.saturating_sub(now.len());
        }
        Ok(())
    }

    /// Skips an element with this tag.
    pub(crate) fn skip(&mut self, tag: u8) -> Result<(), KeyRefusal> {
        let len = self.header(tag)?;
        self.skip_bytes(len)
    }

    /// The first byte of a BIT STRING: it says how many bits of the last byte are unused.
    pub(crate) fn no_unused_bits(&mut self) -> Result<(), KeyRefusal> {
        match self.byte()? {
            0 => Ok(()),
            _ => Err(self.malformed()),
        }
    }

    /// Reads the contents of an element of at most `out.len()` bytes; returns the part filled.
    pub(crate) fn contents<'o>(
        &mut self,
        tag: u8,
        out: &'o mut [u8],
    ) -> Result<&'o [u8], KeyRefusal> {
        let len = self.header(tag)?;
        let slots = out.get_mut(..len).ok_or(self.malformed())?;
        for slot in slots.iter_mut() {
            *slot = self.byte()?;
        }
        Ok(slots)
    }

    /// Reads the header of a non-negative INTEGER and, if there is one, the zero before its
    /// magnitude; returns the magnitude's length in bytes, 0 for the number 0.
    pub(crate) fn integer_len(&mut self) -> Result<usize, KeyRefusal> {
        let len = self.header(INTEGER)?;
        let malformed = self.malformed();
        let first = self.peek_inside(len)?;
        if first >= 0x80 {
            return Err(malformed);
        }
        if first > 0 {
            return Ok(len);
        }
        self.byte()?;
        // The zero is there only to keep the next bit from being the sign.
        match len.saturating_sub(1) {
            0 => Ok(0),
            magnitude if self.peek_inside(magnitude)? >= 0x80 => Ok(magnitude),
            _ => Err(malformed),
        }
    }

    /// The next byte of contents of `len` bytes.
    fn peek_inside(&mut self, len: usize) -> Result<u8, KeyRefusal> {
        if len == 0 {
            return Err(self.malformed());
        }
        self.peek()
    }

    /// Reads a magnitude of `len` bytes into limbs that have room for it.
    pub(crate) fn magnitude(&mut self, len: usize, out: &mut [Limb]) -> Result<(), KeyRefusal> {
        out.fill(0);
        for position in (0..len).rev() {
            set_byte(out, position, self.byte()?);
        }
        Ok(())
    }

    /// Reads an INTEGER of 32 bits; `None` for a longer one, which is skipped.
    pub(crate) fn small_integer(&mut self) -> Result<Option<u32>, KeyRefusal> {
        let len = self.integer_len()?;
        if len > size_of::<u32>() {
            self.skip_bytes(len)?;
            return Ok(None);
        }
        let mut value = 0;
        for _ in 0..len {
            value = (value << 8) | u32::from(self.byte()?);
        }
        Ok(Some(value))
    }
}
