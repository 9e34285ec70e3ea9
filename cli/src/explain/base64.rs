//! Base64 (RFC 4648) of what is no secret: bodies and log files.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of base64 or base64url, with line breaks, with or without padding; `None` for other
/// text and for none.
pub(super) fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut number, mut bits) = (0_u32, 0_u32);
    let text = text.trim_ascii();
    let end = text.iter().rposition(|byte| *byte != b'=')?;
    for byte in text.get(..=end)? {
        let digit = match byte {
            b'-' => 62,
            b'_' => 63,
            b'\r' | b'\n' => continue,
            _ => u32::try_from(ALPHABET.iter().position(|letter| letter == byte)?).ok()?,
        };
        number = (number << 6 | digit) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((number >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_4648() {
        for (bytes, text) in [
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(decoded(text.as_bytes()).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(decoded(b"Zm9v\r\nYmE\n").as_deref(), Some(&b"fooba"[..]));
        assert_eq!(decoded(b"-_-_").as_deref(), Some(&b"\xfb\xff\xbf"[..]));
        assert_eq!(
            (decoded(b""), decoded(b"=="), decoded(b"a b")),
            (None, None, None)
        );
    }
}
