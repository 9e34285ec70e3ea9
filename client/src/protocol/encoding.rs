//! Percent-encoding (RFC 3986 2.1): once, and what goes on the wire is what is signed.

/// What stands for itself everywhere (RFC 3986 2.3).
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends `text`, encoded for a segment of a path, a name or value of a query or of a form.
pub(crate) fn push_encoded(target: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if is_unreserved(byte) {
            target.push(char::from(byte));
        } else {
            target.push('%');
            for nibble in [byte >> 4, byte & 15] {
                let digit = DIGITS.get(usize::from(nibble)).copied();
                target.push(char::from(digit.unwrap_or_default()));
            }
        }
    }
}

/// The encoded text.
pub(crate) fn encoded(text: &str) -> String {
    let mut target = String::with_capacity(text.len());
    push_encoded(&mut target, text);
    target
}
