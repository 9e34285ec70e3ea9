//! A DER writer (X.690 10.1, definite minimal lengths) without a buffer: what stands in a structure is
//! first counted, then written. Counting is one pass however deep the structures, so writing takes a
//! pass for each level.

use zeroize::Zeroize;

use crate::bytes::sink::Sink;
use crate::rsa::limb::{Limb, be_bytes, bit_length};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Secret numbers go through the stack in pieces of so many bytes.
const PIECE: usize = 32;

/// Takes the elements of a structure in their order.
///
/// ```text
/// let write = |der: &mut DerWriter| der.element(SEQUENCE, &|der| {
///     der.integer(&[0]);
///     der.number(modulus);
/// });
/// let needed = DerWriter::count(&write);
/// DerWriter::write(&mut sink, &write);
/// ```
pub(crate) struct DerWriter<'s> {
    /// None in a pass that counts.
    sink: Option<&'s mut dyn Sink>,
    /// The bytes that came, whether written or not.
    count: usize,
}

/// What writes a part of a structure: the same whenever it is called.
pub(crate) type Contents<'c> = dyn Fn(&mut DerWriter<'_>) + 'c;

impl<'s> DerWriter<'s> {
    /// How many bytes `contents` writes.
    pub(crate) fn count(contents: &Contents<'_>) -> usize {
        let mut counter = DerWriter {
            sink: None,
            count: 0,
        };
        contents(&mut counter);
        counter.count
    }

    /// Writes `contents` into `sink`.
    pub(crate) fn write(sink: &'s mut dyn Sink, contents: &Contents<'_>) {
        contents(&mut Self {
            sink: Some(sink),
            count: 0,
        });
    }

    /// Bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        if let Some(sink) = &mut self.sink {
            sink.write(bytes);
        }
        self.count = self.count.saturating_add(bytes.len());
    }

    /// An element whose contents are written by `contents`.
    pub(crate) fn element(&mut self, tag: u8, contents: &Contents<'_>) {
        if self.sink.is_some() {
            self.header(tag, Self::count(contents));
            contents(self);
        } else {
            // Counted once, or deep structures would take twice as long at each level.
            let before = self.count;
            contents(self);
            self.header(tag, self.count.saturating_sub(before));
        }
    }

    /// An element with these contents.
    pub(crate) fn bytes(&mut self, tag: u8, contents: &[u8]) {
        self.header(tag, contents.len());
        self.raw(contents);
    }

    /// Tag and length.
    fn header(&mut self, tag: u8, len: usize) {
        let [.., high, low] = len.to_be_bytes();
        // Nothing here comes near 64 KiB, and the reader takes no more.
        match len {
            0..=0x7F => self.raw(&[tag, low]),
            0x80..=0xFF => self.raw(&[tag, 0x81, low]),
            _ => self.raw(&[tag, 0x82, high, low]),
        }
    }

    /// A non-negative INTEGER from big-endian bytes, which may start with zeros.
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
    pub(crate) fn bit_string(&mut self, contents: &Contents<'_>) {
        self.element(BIT_STRING, &|der| {
            // No bit of the last byte is unused.
            der.raw(&[0]);
            contents(der);
        });
    }

    /// AlgorithmIdentifier (RFC 5280 4.1.1.2) of an RSA algorithm: the object identifier and NULL (RFC
    /// 8017 A.1, RFC 4055 5).
    pub(crate) fn rsa_algorithm(&mut self, oid: &[u8]) {
        self.element(SEQUENCE, &|der| {
            der.bytes(OBJECT_IDENTIFIER, oid);
            der.bytes(NULL, &[]);
        });
    }
}
