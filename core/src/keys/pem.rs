//! PEM (RFC 7468), read as people have it: CRLF, LF or CR, text around the blocks, blank lines,
//! indentation, lines of any length, no final newline, several blocks in a file, line ends that a
//! program's settings or JSON write as `\n`.

use zeroize::Zeroize;

use crate::bytes::base64::{self, decode_group};
use crate::error::KeyProblem;
use crate::error::diagnosing::DIAGNOSES;
use crate::error::key_refusal::KeyRefusal;
use crate::machine::secrecy::declassify;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// What tells encryption among header lines (RFC 1421 4.6.1.1, 4.6.1.3).
const ENCRYPTED: &[u8] = b",ENCRYPTED";
const DEK_INFO: &[u8] = b"DEK-Info:";
/// Within so many characters the name of a block's first header line ends: as many as a line of
/// base64 has.
const MAX_HEADER_NAME: usize = 64;

/// One block: its label (`PRIVATE KEY`) and the text between its two lines.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub(crate) label: &'a [u8],
    text: &'a [u8],
}

/// The blocks of a file in their order. One that does not end is the last.
pub(crate) struct Blocks<'a> {
    rest: &'a [u8],
}

impl<'a> Blocks<'a> {
    pub(crate) const fn new(file: &'a [u8]) -> Self {
        Self { rest: file }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, KeyProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        let (_, after_begin) = split_once(self.rest, BEGIN)?;
        self.rest = &[];
        let Some((label, body)) = split_once(after_begin, DASHES) else {
            return Some(Err(KeyProblem::PemEnd));
        };
        let Some((text, end)) = split_once(body, END) else {
            return Some(Err(KeyProblem::PemEnd));
        };
        let after_label = end
            .strip_prefix(label)
            .and_then(|rest| rest.strip_prefix(DASHES));
        let Some(rest) = after_label else {
            return Some(Err(KeyProblem::PemEnd));
        };
        self.rest = rest;
        Some(Ok(Block { label, text }))
    }
}

impl<'a> Block<'a> {
    /// The bytes that the block's base64 stands for.
    ///
    /// # Errors
    /// [`KeyRefusal::ENCRYPTED`] for a block with `Proc-Type: 4,ENCRYPTED` (traditional encryption),
    /// [`KeyProblem::Base64`] for other header lines.
    pub(crate) fn bytes(self) -> Result<PemBytes<'a>, KeyRefusal> {
        // Header lines (RFC 1421 4.6) come first, whatever ends them. Of an unencrypted key so many
        // characters hold the start of the modulus only, so nothing secret is looked at.
        let start = self.text.trim_ascii_start();
        let start = start.get(..MAX_HEADER_NAME).unwrap_or(start);
        // `contains` searches by words, and takes more flash than all of this.
        #[allow(clippy::manual_contains)]
        if start.iter().any(|&char| char == b':') {
            let has = |mark| contains(self.text, mark);
            let encrypted = has(ENCRYPTED) || DIAGNOSES && has(DEK_INFO);
            return Err(if encrypted {
                KeyRefusal::ENCRYPTED
            } else {
                KeyProblem::Base64.into()
            });
        }
        Ok(PemBytes::new(self.text))
    }

    /// What stands between the two lines.
    pub(crate) const fn text(&self) -> &'a [u8] {
        self.text
    }
}

/// The bytes of a block, decoded four characters at a time. The base64 of a private key is as
/// secret as the key: where white space stands is public, the other characters are not.
#[derive(Clone)]
pub(crate) struct PemBytes<'a> {
    text: &'a [u8],
    group: [u8; base64::BYTES],
    next: usize,
    len: usize,
    /// A group with padding came, which only the last can have.
    padded: bool,
}

impl<'a> PemBytes<'a> {
    /// The bytes of base64 that has no lines around it.
    pub(crate) const fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            group: [0; base64::BYTES],
            next: 0,
            len: 0,
            padded: false,
        }
    }

    /// The next byte; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<u8>, NotBase64> {
        if self.next == self.len && !self.decode()? {
            return Ok(None);
        }
        let byte = self.group.get(self.next).copied();
        self.next = self.next.saturating_add(1);
        Ok(byte)
    }

    /// Decodes the next group; false at the end.
    fn decode(&mut self) -> Result<bool, NotBase64> {
        let mut chars = [0; base64::CHARS];
        for (index, slot) in chars.iter_mut().enumerate() {
            match (self.char(), index) {
                (Some(char), _) => *slot = char,
                (None, 0) => return Ok(false),
                (None, _) => return Err(NotBase64),
            }
        }
        if self.padded {
            return Err(NotBase64);
        }
        let group = decode_group(chars);
        chars.zeroize();
        (self.group, self.len) = group.ok_or(NotBase64)?;
        self.padded = self.len < base64::BYTES;
        self.next = 0;
        Ok(true)
    }

    /// The next character that is no white space, which `\n` and `\r` are too. JSON also writes
    /// `\/`, and all of it twice in JSON within JSON.
    fn char(&mut self) -> Option<u8> {
        loop {
            let (char, rest) = self.text.split_first()?;
            self.text = rest;
            if declassify(is_white(*char)) {
                continue;
            }
            // Where a backslash stands is public, and what it stands before.
            if !DIAGNOSES || declassify(*char != b'\\') {
                return Some(*char);
            }
            match rest {
                [b'n' | b'r', after @ ..] => self.text = after,
                [b'/' | b'\\', ..] => {}
                _ => return Some(*char),
            }
        }
    }
}

impl Drop for PemBytes<'_> {
    fn drop(&mut self) {
        self.group.zeroize();
    }
}

/// A byte that is not base64, or wrong padding.
pub(crate) struct NotBase64;

impl From<NotBase64> for KeyRefusal {
    fn from(NotBase64: NotBase64) -> Self {
        KeyProblem::Base64.into()
    }
}

/// Whether a character is white space, without a branch.
#[expect(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]
fn is_white(char: u8) -> bool {
    (char == b' ') | (char == b'\n') | (char == b'\r') | (char == b'\t') | (char == b'\x0C')
}

/// What stands before and after the first `needle`.
pub(crate) fn split_once<'a>(text: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let mut rest = text;
    loop {
        // Where dashes stand is public.
        if declassify(rest.first() == needle.first())
            && let Some(after) = rest.strip_prefix(needle)
        {
            let before = text.len().saturating_sub(rest.len());
            return Some((text.get(..before)?, after));
        }
        rest = rest.get(1..)?;
    }
}

pub(crate) fn contains(text: &[u8], needle: &[u8]) -> bool {
    split_once(text, needle).is_some()
}
