//! A PEM writer (RFC 7468 3): a sink that makes lines of base64 of the DER it is given.

use zeroize::Zeroize;

use crate::bytes::base64::{self, encode_group, encoded_len};
use crate::bytes::rounding::div_ceil;
use crate::bytes::sink::Sink;

/// Characters of base64 in a line (RFC 7468 2).
const LINE: usize = 64;
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
/// The end of both of a block's lines.
const DASHES: &[u8] = b"-----\n";

/// The length of a block of `der_len` bytes.
pub(crate) const fn pem_len(label: &str, der_len: usize) -> usize {
    let base64 = encoded_len(der_len);
    base64
        .saturating_add(div_ceil(base64, LINE))
        .saturating_add(label.len().saturating_mul(2))
        .saturating_add(BEGIN.len().saturating_add(END.len()))
        .saturating_add(DASHES.len().saturating_mul(2))
}

/// Writes one block. What it is given may be a private key.
pub(crate) struct PemWriter<'s> {
    sink: &'s mut dyn Sink,
    /// Such as `CERTIFICATE REQUEST`.
    label: &'s str,
    /// Bytes that wait for their group to be full.
    group: [u8; base64::BYTES],
    waiting: usize,
    /// Characters in the last line.
    column: usize,
}

impl<'s> PemWriter<'s> {
    /// Starts a block.
    pub(crate) fn new(label: &'s str, sink: &'s mut dyn Sink) -> Self {
        for part in [BEGIN, label.as_bytes(), DASHES] {
            sink.write(part);
        }
        Self {
            sink,
            label,
            group: [0; base64::BYTES],
            waiting: 0,
            column: 0,
        }
    }

    /// Ends the block.
    pub(crate) fn finish(mut self) {
        if self.waiting > 0 {
            self.encode();
        }
        if self.column > 0 {
            self.sink.write(b"\n");
        }
        for part in [END, self.label.as_bytes(), DASHES] {
            self.sink.write(part);
        }
    }

    /// Writes the bytes that wait.
    fn encode(&mut self) {
        let mut chars = encode_group(self.group.get(..self.waiting).unwrap_or_default());
        self.sink.write(&chars);
        chars.zeroize();
        self.waiting = 0;
        self.column = self.column.saturating_add(chars.len());
        if self.column >= LINE {
            self.sink.write(b"\n");
            self.column = 0;
        }
    }
}

impl Sink for PemWriter<'_> {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(slot) = self.group.get_mut(self.waiting) {
                *slot = *byte;
            }
            self.waiting = self.waiting.saturating_add(1);
            if self.waiting == base64::BYTES {
                self.encode();
            }
        }
    }
}

impl Drop for PemWriter<'_> {
    fn drop(&mut self) {
        self.group.zeroize();
    }
}
