//! PEM (RFC 7468) a second time: by looking for its lines in the whole file, with another crate's
//! base64.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A block: its label and what stands between its lines.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// `PRIVATE KEY`.
    pub label: &'a [u8],
    /// Base64 and white space, if it is right.
    pub text: &'a [u8],
}

/// The blocks in their order; `None` for one that does not end, which is the last.
#[must_use]
pub fn blocks(file: &[u8]) -> Vec<Option<Block<'_>>> {
    let mut found = Vec::new();
    let mut rest = file;
    while let Some(begin) = position(rest, b"-----BEGIN ") {
        let block = block(&rest[begin + 11..]);
        found.push(block.map(|(block, _)| block));
        let Some((_, after)) = block else { break };
        rest = after;
    }
    found
}

fn block(text: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let label_end = position(text, b"-----")?;
    let (label, text) = (&text[..label_end], &text[label_end + 5..]);
    let end = position(text, b"-----END ")?;
    let after = &text[end + 9..];
    let line = [label, b"-----"].concat();
    let text = &text[..end];
    Some((Block { label, text }, after.strip_prefix(&*line)?))
}

fn position(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|part| part == needle)
}

/// The bytes that a block's text stands for; white space anywhere.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut text = text.to_vec();
    text.retain(|byte| !byte.is_ascii_whitespace());
    BASE64_STANDARD.decode(text).ok()
}

/// A block with lines of `width` characters.
#[must_use]
pub fn encode(label: &[u8], der: &[u8], width: usize, line_end: &str) -> Vec<u8> {
    let base64 = BASE64_STANDARD.encode(der).into_bytes();
    let line_end = line_end.as_bytes();
    let mut out = [b"-----BEGIN ", label, b"-----", line_end].concat();
    for line in base64.chunks(width.max(1)) {
        out.extend_from_slice(line);
        out.extend_from_slice(line_end);
    }
    [&*out, b"-----END ", label, b"-----", line_end].concat()
}
