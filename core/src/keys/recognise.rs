//! What a file is that is no key as it is: by its first bytes, its shape, and marks in its text.

mod binary;
mod text;

use super::format::{Encrypted, Format};
use super::pem::contains;

pub(super) use binary::open_ssh;

/// How an encrypted key stands in its file.
pub(super) fn encrypted(file: &[u8]) -> Encrypted {
    if binary::is_der(file) {
        Encrypted::Der
    } else if contains(file, b"\\n") {
        Encrypted::Escaped
    } else if file.contains(&b'\r') && !file.contains(&b'\n') {
        Encrypted::CarriageReturns
    } else {
        Encrypted::Pem
    }
}

/// What a refused file is, if it is something known.
pub(super) fn format(file: &[u8]) -> Option<Format> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    if file.trim_ascii().is_empty() {
        return Some(Format::Empty);
    }
    binary::format(file).or_else(|| text::format(file))
}
