//! Tokens of HTTP (RFC 9110 5.6.2): what methods, field names and parameter names are made of.

use crate::bytes::sink::Sink;

/// Whether `byte` is a `tchar`.
const fn is_token_char(byte: u8) -> bool {
    matches!(byte,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`'
        | b'|' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z')
}

/// The offset of the first byte that keeps `text` from being a token: the first byte that is no
/// `tchar`, 0 for empty text; `None` for a token.
pub(crate) fn first_non_token(text: &[u8]) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    text.iter().position(|&byte| !is_token_char(byte))
}

/// How many bytes at the start of `text` are token characters.
pub(crate) fn token_len(text: &[u8]) -> usize {
    text.iter()
        .position(|&byte| !is_token_char(byte))
        .unwrap_or(text.len())
}

/// Writes `text` in ASCII lowercase.
pub(crate) fn write_lowercase(text: &[u8], sink: &mut dyn Sink) {
    /// Pieces on the stack, so that a hash takes whole runs rather than single bytes.
    const PIECE: usize = 32;
    for piece in text.chunks(PIECE) {
        let mut lowered = [0; PIECE];
        for (slot, byte) in lowered.iter_mut().zip(piece) {
            *slot = byte.to_ascii_lowercase();
        }
        sink.write(lowered.get(..piece.len()).unwrap_or_default());
    }
}
