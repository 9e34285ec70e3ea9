//! The bytes that a sender logged as what it signed. Logs and editors change bytes on the way, so
//! the file is read in the ways in which they may stand in it.

use std::borrow::Cow;

use daxsign_core::Profile;
use serde_json::{Value, json};

use super::{base64, json_strings};

/// Larger files are taken as they are, but for their end.
const MAX_READ_ANEW: usize = 16 << 20;

/// One reading of the file.
pub(super) struct Reading<'f> {
    /// For scripts: `as-is`, `without-last-newline`, …
    pub(super) name: String,
    /// What was done to the file, behind "the file"; empty for nothing.
    pub(super) text: String,
    pub(super) bytes: Cow<'f, [u8]>,
}

/// What is told about the file.
pub(super) struct SignedFile {
    file: String,
    /// Whether its bytes were signed; `None` where the signature does not tell.
    is_signed: Option<bool>,
    reading: Option<String>,
    profile: Option<Profile>,
    /// The stable name of what the signer did to the bytes.
    encoding: Option<String>,
    /// All this in a sentence.
    pub(super) description: String,
}

impl SignedFile {
    /// The bytes were signed. `made` is the name and the text of what else the signer did.
    pub(super) fn signed(
        file: &str,
        reading: &Reading<'_>,
        profile: Profile,
        made: Option<(String, String)>,
    ) -> Self {
        let (encoding, text) = made.unzip();
        let comma = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!(", {text},")
            }
        };
        let and = text.map(|text| format!("; {text}")).unwrap_or_default();
        let read = comma(&reading.text);
        Self {
            file: file.to_owned(),
            is_signed: Some(true),
            reading: Some(reading.name.clone()),
            profile: Some(profile),
            encoding,
            description: format!(
                "{file}{read} is what was signed, which the hash in the signature proves (profile \
                 {profile}){and}"
            ),
        }
    }

    /// The bytes were not signed, or the signature does not tell. `is_expected` says that they are
    /// the string of the rules.
    pub(super) fn not_signed(file: &str, is_open: bool, is_expected: bool) -> Self {
        let description = if !is_open {
            format!("whether {file} was signed cannot be told, since the signature does not open")
        } else if is_expected {
            format!(
                "{file} is not what was signed: it is the string of the rules, so the sender \
                 logged other bytes than it signed"
            )
        } else {
            format!(
                "{file} is not what was signed: neither as it is, nor with or without a newline \
                 at its end, with other line ends, or read as UTF-16, hexadecimal, base64 or \
                 escapes"
            )
        };
        Self {
            file: file.to_owned(),
            is_signed: is_open.then_some(false),
            reading: None,
            profile: None,
            encoding: None,
            description,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "file": self.file,
            "signed": self.is_signed,
            "reading": self.reading,
            "profile": self.profile.map(Profile::name),
            "encoding": self.encoding,
            "description": self.description,
        })
    }
}

/// A way to read: a name, what was done, and how; `None` where it does not apply.
type Way = (&'static str, &'static str, fn(&[u8]) -> Option<Vec<u8>>);

/// How the text may be written down.
const WRITINGS: [Way; 7] = [
    ("as-is", "", as_is),
    ("without-bom", "without its byte order mark", without_bom),
    (
        "from-utf16le",
        "read as UTF-16 (little endian)",
        from_utf16le,
    ),
    ("from-utf16be", "read as UTF-16 (big endian)", from_utf16be),
    ("from-hex", "read as hexadecimal", from_hex),
    ("from-base64", "read as base64", from_base64),
    (
        "from-escapes",
        "with its \\n, \\r, \\t and \\\" read as escapes",
        from_escapes,
    ),
];

/// What may have become of its line ends.
const LINE_ENDS: [Way; 3] = [
    ("", "", as_is),
    ("crlf-as-lf", "with \\n for each \\r\\n", lf_for_crlf),
    ("lf-as-crlf", "with \\r\\n for each \\n", crlf_for_lf),
];

/// What may have become of its end.
const ENDS: [Way; 3] = [
    ("", "", as_is),
    (
        "without-last-newline",
        "without the line end at its end",
        without_last_newline,
    ),
    (
        "with-last-newline",
        "with a \\n at its end",
        with_last_newline,
    ),
];

/// The first reading of the file that `is_signed`, the least changed first.
pub(super) fn find<T>(
    file: &[u8],
    mut is_signed: impl FnMut(&[u8]) -> Option<T>,
) -> Option<(Reading<'_>, T)> {
    if let Some(proof) = is_signed(file) {
        return Some((Reading::new([], Cow::Borrowed(file)), proof));
    }
    if file.len() > MAX_READ_ANEW {
        let shorter = without_line_end(file)?;
        let [_, shortened, _] = &ENDS;
        let reading = || Reading::new([shortened], Cow::Borrowed(shorter));
        return is_signed(shorter).map(|proof| (reading(), proof));
    }
    for writing in &WRITINGS {
        let Some(written) = (writing.2)(file) else {
            continue;
        };
        for line_end in &LINE_ENDS {
            let Some(lines) = (line_end.2)(&written) else {
                continue;
            };
            for end in &ENDS {
                let Some(bytes) = (end.2)(&lines) else {
                    continue;
                };
                if let Some(proof) = is_signed(&bytes) {
                    let reading = Reading::new([writing, line_end, end], Cow::Owned(bytes));
                    return Some((reading, proof));
                }
            }
        }
    }
    None
}

impl<'f> Reading<'f> {
    fn new<const COUNT: usize>(ways: [&Way; COUNT], bytes: Cow<'f, [u8]>) -> Self {
        let changes: Vec<&Way> = ways.into_iter().filter(|way| !way.1.is_empty()).collect();
        let names: Vec<&str> = changes.iter().map(|way| way.0).collect();
        let texts: Vec<&str> = changes.iter().map(|way| way.1).collect();
        Self {
            name: if names.is_empty() {
                "as-is".to_owned()
            } else {
                names.join("+")
            },
            text: texts.join(", "),
            bytes,
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one of several ways")]
fn as_is(file: &[u8]) -> Option<Vec<u8>> {
    Some(file.to_vec())
}

fn without_bom(file: &[u8]) -> Option<Vec<u8>> {
    file.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec)
}

fn from_utf16le(file: &[u8]) -> Option<Vec<u8>> {
    from_utf16(file, u16::from_le_bytes)
}

fn from_utf16be(file: &[u8]) -> Option<Vec<u8>> {
    from_utf16(file, u16::from_be_bytes)
}

fn from_utf16(file: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Vec<u8>> {
    let (pairs, rest) = file.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    let text = text.ok().filter(|_| rest.is_empty())?;
    Some(
        text.strip_prefix('\u{feff}')
            .unwrap_or(&text)
            .as_bytes()
            .to_vec(),
    )
}

/// Digits of either case, with white space, colons or dashes between them.
fn from_hex(file: &[u8]) -> Option<Vec<u8>> {
    let digits = file
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace() && !b":-".contains(byte));
    let digits: Option<Vec<u8>> = digits
        .map(|byte| {
            char::from(*byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let digits = digits.filter(|digits| !digits.is_empty())?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

fn from_base64(file: &[u8]) -> Option<Vec<u8>> {
    base64::decoded(file)
}

/// As JSON and many logs write a string, with or without the quotes around it.
fn from_escapes(file: &[u8]) -> Option<Vec<u8>> {
    let text = without_line_end(file).unwrap_or(file);
    let inner = text
        .strip_prefix(b"\"")
        .and_then(|text| text.strip_suffix(b"\""));
    let text = std::str::from_utf8(inner.unwrap_or(text)).ok()?;
    text.contains('\\')
        .then(|| json_strings::decoded_inner(text).into_bytes())
}

fn lf_for_crlf(text: &[u8]) -> Option<Vec<u8>> {
    if !text.windows(2).any(|pair| pair == b"\r\n") {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                bytes.extend_from_slice(line);
                bytes.push(b'\n');
            }
            None => bytes.extend_from_slice(line),
        }
    }
    Some(bytes)
}

fn crlf_for_lf(text: &[u8]) -> Option<Vec<u8>> {
    let is_plain = text.contains(&b'\n') && !text.contains(&b'\r');
    is_plain.then(|| {
        let mut bytes = Vec::with_capacity(text.len());
        for byte in text {
            bytes.extend_from_slice(if *byte == b'\n' {
                b"\r\n"
            } else {
                std::slice::from_ref(byte)
            });
        }
        bytes
    })
}

fn without_last_newline(text: &[u8]) -> Option<Vec<u8>> {
    without_line_end(text).map(<[u8]>::to_vec)
}

#[expect(clippy::unnecessary_wraps, reason = "one of several ways")]
fn with_last_newline(text: &[u8]) -> Option<Vec<u8>> {
    Some([text, b"\n"].concat())
}

fn without_line_end(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"\n")?;
    Some(text.strip_suffix(b"\r").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRING: &[u8] = b"a: \xc3\xa5\nb: c\n{\"d\": 1}";
    /// By Python.
    const BASE64: &str = "YTogw6UKYjogYwp7ImQiOiAxfQ==";

    fn name_of(file: &[u8]) -> Option<String> {
        find(file, |bytes| (bytes == STRING).then_some(())).map(|(reading, ())| reading.name)
    }

    #[test]
    fn what_logs_make_of_bytes_is_undone() {
        let text = std::str::from_utf8(STRING).expect("UTF-8");
        let crlf = text.replace('\n', "\r\n");
        let utf16 = |mark: &str| -> Vec<u8> {
            format!("{mark}{text}\r\n")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        let hex: Vec<String> = STRING.iter().map(|byte| format!("{byte:02X}")).collect();
        let hex = hex.join(" ");
        for (file, name) in [
            (STRING.to_vec(), "as-is"),
            ([STRING, b"\n"].concat(), "without-last-newline"),
            ([STRING, b"\r\n"].concat(), "without-last-newline"),
            (crlf.clone().into_bytes(), "crlf-as-lf"),
            (
                format!("{crlf}\r\n").into_bytes(),
                "crlf-as-lf+without-last-newline",
            ),
            ([b"\xEF\xBB\xBF", STRING].concat(), "without-bom"),
            (utf16("\u{feff}"), "from-utf16le+without-last-newline"),
            (utf16(""), "from-utf16le+without-last-newline"),
            (
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                "from-utf16be",
            ),
            (format!("{hex}\n").into_bytes(), "from-hex"),
            (format!("{BASE64}\n").into_bytes(), "from-base64"),
            (
                b"\"a: \xc3\xa5\\nb: c\\n{\\\"d\\\": 1}\"\n".to_vec(),
                "from-escapes",
            ),
            (b"a: \\u00e5\\nb: c\\n{\"d\": 1}".to_vec(), "from-escapes"),
        ] {
            assert_eq!(name_of(&file).as_deref(), Some(name));
        }
    }

    #[test]
    fn an_end_that_was_cut_off_is_put_back() {
        let found = find(b"a: b", |bytes| (bytes == b"a: b\n").then_some(()));
        assert_eq!(
            found.map(|(reading, ())| reading.name).as_deref(),
            Some("with-last-newline")
        );
    }

    #[test]
    fn few_readings_are_tried() {
        let mut count = 0;
        let found: Option<(_, ())> = find(STRING, |_| {
            count += 1;
            None
        });
        assert!(found.is_none());
        assert!(count < 40, "{count}");
        let large = vec![b'\n'; MAX_READ_ANEW + 1];
        let mut lengths = Vec::new();
        let found: Option<(_, ())> = find(&large, |bytes| {
            lengths.push(bytes.len());
            None
        });
        assert!(found.is_none());
        assert_eq!(lengths, [large.len(), large.len() - 1]);
    }
}
