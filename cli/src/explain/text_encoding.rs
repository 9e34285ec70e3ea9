//! Bodies in the encodings of characters and of forms that signers use by mistake.

use std::fmt::Write;

/// A name for scripts, what the signer did, and how the bytes are made: `None` where there is
/// nothing of the kind.
pub(super) type Encoding = (&'static str, &'static str, fn(&[u8]) -> Option<Vec<u8>>);

/// Encodings of characters.
pub(super) const CHARACTERS: [Encoding; 4] = [
    (
        "body-windows-1252",
        "signed the body encoded in Windows-1252 instead of UTF-8",
        windows_1252,
    ),
    (
        "body-ascii",
        "signed the body with ? for what is not ASCII (Encoding.ASCII)",
        ascii,
    ),
    (
        "body-encoded-twice",
        "signed the body with its bytes read as Latin-1 and encoded as UTF-8",
        encoded_twice,
    ),
    (
        "body-windows-1252-encoded-twice",
        "signed the body with its bytes read as Windows-1252 and encoded as UTF-8",
        windows_encoded_twice,
    ),
];

/// Spellings of `application/x-www-form-urlencoded`.
pub(super) const FORMS: [Encoding; 5] = [
    (
        "form-plus",
        "signed the form with + for each space, not %20",
        plus_for_space,
    ),
    (
        "form-percent-20",
        "signed the form with %20 for each space, not +",
        percent_for_space,
    ),
    (
        "form-decoded",
        "signed the form without its percent encoding",
        decoded,
    ),
    (
        "form-lowercase-hex",
        "signed the form with lowercase percent encoding (%c3)",
        lowercase_hex,
    ),
    (
        "form-uppercase-hex",
        "signed the form with uppercase percent encoding (%C3)",
        uppercase_hex,
    ),
];

/// What Windows-1252 has at 0x80 to 0x9F; the replacement character where it has nothing.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{fffd}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{fffd}', '\u{17d}', '\u{fffd}',
    '\u{fffd}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{fffd}', '\u{17e}', '\u{178}',
];
const NOTHING: char = '\u{fffd}';

fn text(body: &[u8]) -> Option<&str> {
    std::str::from_utf8(body)
        .ok()
        .filter(|text| !text.is_ascii())
}

fn windows_1252(body: &[u8]) -> Option<Vec<u8>> {
    text(body)?.chars().map(windows_byte).collect()
}

fn windows_byte(c: char) -> Option<u8> {
    let place = WINDOWS_1252
        .iter()
        .position(|known| *known == c && c != NOTHING);
    let byte = match place {
        Some(place) => u32::try_from(place).ok()?.checked_add(0x80)?,
        None if (0x80..0xA0).contains(&u32::from(c)) => return None,
        None => u32::from(c),
    };
    u8::try_from(byte).ok()
}

/// .NET writes one `?` for each unit of UTF-16.
fn ascii(body: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for c in text(body)?.chars() {
        match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => bytes.push(byte),
            _ => bytes.extend(std::iter::repeat_n(b'?', c.len_utf16())),
        }
    }
    Some(bytes)
}

fn encoded_twice(body: &[u8]) -> Option<Vec<u8>> {
    let text: String = body.iter().map(|byte| char::from(*byte)).collect();
    (!body.is_ascii()).then(|| text.into_bytes())
}

fn windows_encoded_twice(body: &[u8]) -> Option<Vec<u8>> {
    let text: Option<String> = body.iter().map(|byte| windows_char(*byte)).collect();
    text.filter(|_| !body.is_ascii()).map(String::into_bytes)
}

fn windows_char(byte: u8) -> Option<char> {
    let place = usize::from(byte).checked_sub(0x80);
    match place.and_then(|place| WINDOWS_1252.get(place)) {
        Some(&NOTHING) => None,
        Some(c) => Some(*c),
        None => Some(char::from(byte)),
    }
}

/// Whether this looks like a form: one line of `name=value` in visible ASCII.
fn is_form(body: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_graphic() && !b"{}[]<>\"".contains(byte);
    body.contains(&b'=') && body.iter().all(is_part)
}

fn replaced(body: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok().filter(|_| is_form(body))?;
    Some(text.replace(from, to).into_bytes())
}

fn plus_for_space(body: &[u8]) -> Option<Vec<u8>> {
    replaced(body, "%20", "+")
}

fn percent_for_space(body: &[u8]) -> Option<Vec<u8>> {
    replaced(body, "+", "%20")
}

fn lowercase_hex(body: &[u8]) -> Option<Vec<u8>> {
    percent(body, |byte, out| {
        let _ = write!(out, "%{byte:02x}");
    })
    .map(String::into_bytes)
}

fn uppercase_hex(body: &[u8]) -> Option<Vec<u8>> {
    percent(body, |byte, out| {
        let _ = write!(out, "%{byte:02X}");
    })
    .map(String::into_bytes)
}

fn decoded(body: &[u8]) -> Option<Vec<u8>> {
    // Each byte as a character for now.
    let decoded = percent(
        &replaced(body, "+", " ").filter(|_| is_form(body))?,
        |byte, out| {
            out.push(char::from(byte));
        },
    );
    decoded?.chars().map(|c| u8::try_from(c).ok()).collect()
}

/// ASCII text with each `%c3` as `write` has it; writing to a string cannot fail.
fn percent(body: &[u8], write: impl Fn(u8, &mut String)) -> Option<String> {
    let text = std::str::from_utf8(body)
        .ok()
        .filter(|text| text.is_ascii() && text.contains('%'))?;
    let mut parts = text.split('%');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let byte = part
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = byte {
            write(byte, &mut out);
            out.push_str(part.get(2..)?);
        } else {
            out.push('%');
            out.push_str(part);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\u{e5}\u{20ac}";

    #[test]
    fn characters_become_bytes() {
        // As Python encodes them.
        assert_eq!(
            windows_1252(TEXT.as_bytes()).as_deref(),
            Some(&b"\xe5\x80"[..])
        );
        assert_eq!(
            ascii("\u{e5}\u{1f600}!".as_bytes()).as_deref(),
            Some(&b"???!"[..])
        );
        let twice = encoded_twice("\u{e5}".as_bytes());
        assert_eq!(twice.as_deref(), Some("\u{c3}\u{a5}".as_bytes()));
        let twice = windows_encoded_twice("\u{20ac}".as_bytes());
        assert_eq!(twice.as_deref(), Some("\u{e2}\u{201a}\u{ac}".as_bytes()));
    }

    #[test]
    fn what_an_encoding_lacks_is_not_made() {
        assert_eq!(windows_1252("\u{81}\u{fffd}".as_bytes()), None);
        assert_eq!(windows_encoded_twice(b"\x81"), None);
        for (name, _, encode) in CHARACTERS {
            assert_eq!(encode(b"ASCII"), None, "{name}");
        }
    }

    #[test]
    fn forms_have_their_spellings() {
        let form = b"a=b+c%c3%A5&d=%20%zz%";
        for ((name, _, encode), expected) in FORMS.iter().zip([
            &b"a=b+c%c3%A5&d=+%zz%"[..],
            b"a=b%20c%c3%A5&d=%20%zz%",
            b"a=b c\xc3\xa5&d= %zz%",
            b"a=b+c%c3%a5&d=%20%zz%",
            b"a=b+c%C3%A5&d=%20%zz%",
        ]) {
            assert_eq!(encode(form).as_deref(), Some(expected), "{name}");
            assert_eq!(encode(b"{\"a\": \"b=c\"}"), None, "{name}");
        }
    }
}
