//! A DER writer (X.690 10.1, definite minimal lengths) without a buffer. Everything is gone through
//! twice: first for the lengths of the structures, which stand before their contents, then for the bytes.

use zeroize::Zeroize;

use crate::bytes::sink::Sink;
use crate::rsa::limb::{Limb, be_bytes, bit_length};

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Secret numbers go through the stack in pieces of so many bytes.
const PIECE: usize = 32;

/// How many structures one piece of DER may have, one in another or side by side: a request with as many
/// names as it can hold has 58.
const MAX_STRUCTURES: usize = 58;

/// Takes the elements of a structure in their order.
///
/// ```text
/// let contents = |der: &mut DerWriter| der.element(SEQUENCE, |der| {
///     der.integer(&[0]);
///     der.number(modulus);
/// });
/// let needed = DerWriter::count(&contents);
/// DerWriter::write(&mut sink, &contents);
/// ```
pub(crate) struct DerWriter<'s> {
    /// None in the first pass.
    sink: Option<&'s mut dyn Sink>,
    /// Bytes that came so far.
    count: usize,
    /// The lengths of the structures in the order in which they start; before one ends, where it starts.
    lengths: [u16; MAX_STRUCTURES],
    /// How many of them started.
    started: usize,
}

/// What writes a piece of DER: the same whenever it is called.
pub(crate) type Contents<'c> = dyn Fn(&mut DerWriter<'_>) + 'c;

impl<'s> DerWriter<'s> {
    /// How many bytes `contents` writes.
    pub(crate) fn count(contents: &Contents<'_>) -> usize {
        Self::measured(contents).count
    }

    /// Writes `contents` into `sink`.
    pub(crate) fn write(sink: &'s mut dyn Sink, contents: &Contents<'_>) {
        let mut writer = Self::measured(contents);
        writer.sink = Some(sink);
        writer.started = 0;
        contents(&mut writer);
    }

    /// The first pass.
    #[inline(never)]
    fn measured(contents: &Contents<'_>) -> Self {
        let mut writer = Self {
            sink: None,
            count: 0,
            lengths: [0; MAX_STRUCTURES],
            started: 0,
        };
        contents(&mut writer);
        debug_assert!(writer.started <= MAX_STRUCTURES, "{}", writer.started);
        writer
    }

    /// Bytes as they are.
    #[inline(never)]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        if let Some(sink) = &mut self.sink {
            sink.write(bytes);
        }
        self.count = self.count.saturating_add(bytes.len());
    }

    /// A structure, or any other element, whose contents are written by `contents`.
    pub(crate) fn element(&mut self, tag: u8, contents: impl FnOnce(&mut Self)) {
        let index = self.start(tag);
        contents(self);
        self.end(index);
    }

    /// In the second pass the header is written here; in the first one the place is noted.
    #[inline(never)]
    fn start(&mut self, tag: u8) -> usize {
        let index = self.started;
        self.started = index.saturating_add(1);
        let count = self.count;
        let Some(slot) = self.lengths.get_mut(index) else {
            return index;
        };
        if self.sink.is_some() {
            let len = usize::from(*slot);
            self.header(tag, len);
        } else {
            *slot = u16::try_from(count).unwrap_or(u16::MAX);
        }
        index
    }

    /// In the first pass the length is known here.
    #[inline(never)]
    fn end(&mut self, index: usize) {
        let count = self.count;
        if self.sink.is_none()
            && let Some(slot) = self.lengths.get_mut(index)
        {
            let len = count.saturating_sub(usize::from(*slot));
            *slot = u16::try_from(len).unwrap_or(u16::MAX);
            // The tag does not count.
            self.header(0, len);
        }
    }

    /// Room for bytes that are not known yet, in a pass that counts.
    pub(crate) fn room(&mut self, len: usize) {
        self.count = self.count.saturating_add(len);
    }

    /// An element with these contents.
    #[inline(never)]
    pub(crate) fn bytes(&mut self, tag: u8, contents: &[u8]) {
        self.header(tag, contents.len());
        self.raw(contents);
    }

    /// Tag and length, before contents of a length that is known.
    #[inline(never)]
    pub(crate) fn header(&mut self, tag: u8, len: usize) {
        let [.., high, low] = len.to_be_bytes();
        // Nothing here comes near 64 KiB, and the reader takes no more.
        match len {
            0..=0x7F => self.raw(&[tag, low]),
            0x80..=0xFF => self.raw(&[tag, 0x81, low]),
            _ => self.raw(&[tag, 0x82, high, low]),
        }
    }

    /// A non-negative INTEGER from big-endian bytes, which may start with zeros.
    #[inline(never)]
    pub(crate) fn integer(&mut self, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let magnitude = bytes.get(zeros..).unwrap_or_default();
        let sign: &[u8] = match magnitude.first() {
            Some(..=0x7F) => &[],
            _ => &[0],
        };
        self.header(INTEGER, magnitude.len().saturating_add(sign.len()));
        self.raw(sign);
        self.raw(magnitude);
    }

    /// A non-negative INTEGER that may be secret, but for its length.
    #[inline(never)]
    pub(crate) fn number(&mut self, limbs: &[Limb]) {
        // One bit more than it has, for the sign.
        let len = (bit_length(limbs) / 8).saturating_add(1);
        self.header(INTEGER, len);
        let mut bytes = be_bytes(limbs, len);
        let mut left = len;
        let mut piece = [0; PIECE];
        while left > 0 {
            let now = left.min(PIECE);
            for (slot, byte) in piece.iter_mut().zip(&mut bytes) {
                *slot = byte;
            }
            self.raw(piece.get(..now).unwrap_or_default());
            left = left.saturating_sub(now);
        }
        piece.zeroize();
    }

    /// A BIT STRING of whole bytes, written by `contents`.
    pub(crate) fn bit_string(&mut self, contents: impl FnOnce(&mut Self)) {
        self.element(BIT_STRING, |der| {
            // No bit of the last byte is unused.
            der.raw(&[0]);
            contents(der);
        });
    }

    /// AlgorithmIdentifier (RFC 5280 4.1.1.2) of an RSA algorithm: the object identifier and NULL (RFC
    /// 8017 A.1, RFC 4055 5).
    #[inline(never)]
    pub(crate) fn rsa_algorithm(&mut self, oid: &[u8]) {
        self.element(SEQUENCE, |der| {
            der.bytes(OBJECT_IDENTIFIER, oid);
            der.bytes(NULL, &[]);
        });
    }
}
