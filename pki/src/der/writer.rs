//! A DER writer (definite minimal lengths, X.690 10.1) into memory that grows.

use crate::der::{BIT_STRING, INTEGER, NULL, OBJECT_IDENTIFIER, SEQUENCE};

/// Takes the elements of a structure in their order.
#[derive(Default)]
pub(crate) struct DerWriter {
    bytes: Vec<u8>,
}

impl DerWriter {
    /// What `contents` writes.
    pub(crate) fn make(contents: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut writer = Self::default();
        contents(&mut writer);
        writer.finish()
    }

    /// What was written.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// An element whose contents are written by `contents`.
    pub(crate) fn element(&mut self, tag: u8, contents: impl FnOnce(&mut Self)) {
        let start = self.bytes.len();
        contents(self);
        let header = header(tag, self.bytes.len().saturating_sub(start));
        // The contents move behind it: once for each structure that they are in.
        self.bytes.splice(start..start, header);
    }

    /// An element with these contents.
    pub(crate) fn bytes(&mut self, tag: u8, contents: &[u8]) {
        self.bytes.extend(header(tag, contents.len()));
        self.raw(contents);
    }

    /// A non-negative INTEGER from big-endian bytes, which may start with zeros.
    pub(crate) fn integer(&mut self, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let significant = bytes.get(zeros..).unwrap_or_default();
        // A zero keeps the next bit from being the sign.
        let sign: &[u8] = match significant.first() {
            Some(..=0x7F) => &[],
            _ => &[0],
        };
        let len = significant.len().saturating_add(sign.len());
        self.bytes.extend(header(INTEGER, len));
        self.raw(sign);
        self.raw(significant);
    }

    /// A BIT STRING of whole bytes.
    pub(crate) fn bit_string(&mut self, bytes: &[u8]) {
        self.element(BIT_STRING, |der| {
            // No bit of the last byte is unused.
            der.raw(&[0]);
            der.raw(bytes);
        });
    }

    /// AlgorithmIdentifier (RFC 5280 4.1.1.2) of an RSA algorithm, whose parameters are NULL (RFC 4055 5).
    pub(crate) fn rsa_algorithm(&mut self, oid: &[u8]) {
        self.element(SEQUENCE, |der| {
            der.bytes(OBJECT_IDENTIFIER, oid);
            der.bytes(NULL, &[]);
        });
    }
}

/// Bytes of the longest header: a tag, how many bytes of length follow, and those.
const MAX_HEADER_LEN: usize = 2 + size_of::<usize>();

/// Tag and length.
fn header(tag: u8, len: usize) -> impl Iterator<Item = u8> {
    let mut bytes = [0; MAX_HEADER_LEN];
    let long = len > 0x7F;
    let length = len.to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count();
    let significant = length.len().saturating_sub(zeros).max(1);
    let skipped = length.len().saturating_sub(significant);
    let count = u8::try_from(significant).unwrap_or_default();
    let before = [tag, 0x80 | count];
    let before = before.into_iter().take(if long { 2 } else { 1 });
    let all = before.chain(length.into_iter().skip(skipped));
    let mut used = 0_usize;
    for (slot, byte) in bytes.iter_mut().zip(all) {
        *slot = byte;
        used = used.saturating_add(1);
    }
    bytes.into_iter().take(used)
}
