//! Copying into the caller's buffers and fixed texts.

use core::ffi::c_char;

use daxsign_core::{Error, Sink, SliceSink};

/// Copies `bytes` to the start of `out` and returns their number.
pub(crate) fn copy(bytes: &[u8], out: &mut [u8]) -> Result<usize, Error> {
    collect(out, |sink| sink.write(bytes))
}

/// Collects what `write` writes and returns its length.
pub(crate) fn collect(
    out: &mut [u8],
    write: impl FnOnce(&mut SliceSink<'_>),
) -> Result<usize, Error> {
    let mut sink = SliceSink::new(out);
    write(&mut sink);
    Ok(sink.finish()?.len())
}

/// Text in a struct of the caller: what fits of it; the last place stays NUL.
pub(crate) fn fix(place: &mut [c_char], text: &[u8]) {
    let room = place.len().saturating_sub(1);
    for (slot, byte) in place.iter_mut().take(room).zip(text) {
        *slot = c_char::from_ne_bytes([*byte]);
    }
}

/// The text in such a struct, up to its NUL.
pub(crate) fn unfixed<const N: usize>(text: &[c_char; N]) -> ([u8; N], usize) {
    let mut bytes = [0; N];
    let mut len: usize = 0;
    for (slot, char) in bytes
        .iter_mut()
        .zip(text)
        .take_while(|(_, char)| **char != 0)
    {
        [*slot] = char.to_ne_bytes();
        len = len.saturating_add(1);
    }
    (bytes, len)
}
