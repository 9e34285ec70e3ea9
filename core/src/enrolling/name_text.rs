//! The text of a name, whatever string type it has (C-TYPES): what is compared and shown is characters,
//! and the bytes are never written anew.

use crate::bytes::sink::Sink;
use crate::error::key_refusal::KeyRefusal;
use crate::error::message::show;
use crate::keys::der::Reader;

/// Marks that change how text around them is shown, or are not seen at all.
const INVISIBLE: [core::ops::RangeInclusive<char>; 4] = [
    '\u{200B}'..='\u{200F}',
    '\u{2028}'..='\u{202E}',
    '\u{2060}'..='\u{206F}',
    '\u{FEFF}'..='\u{FEFF}',
];

/// How a string type (X.680 8.4) has its characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    /// One byte each. ASCII in most; where bytes beyond it stand there all the same, and in a TeletexString
    /// as people have it, ISO 8859-1 is meant, which OpenSSL takes them for, too.
    Bytes,
    /// Two bytes each (BMPString).
    Two,
    /// Four bytes each (UniversalString).
    Four,
}

impl Encoding {
    /// That of the string type with this tag; `None` if it is none.
    const fn of(tag: u8) -> Option<Self> {
        Some(match tag {
            0x0C => Self::Utf8,
            // NumericString, PrintableString, TeletexString, IA5String, VisibleString.
            0x12 | 0x13 | 0x14 | 0x16 | 0x1A => Self::Bytes,
            0x1C => Self::Four,
            0x1E => Self::Two,
            _ => return None,
        })
    }
}

/// The characters of a text in a certificate or a request. [`Display`](core::fmt::Display) shows them with
/// `\` and two hexadecimal digits for each byte of what is a control character or cannot be seen.
#[derive(Clone)]
pub struct NameText<'a> {
    /// At the text, with the end of it as its limit.
    reader: Reader<'a>,
    encoding: Encoding,
}

impl<'a> NameText<'a> {
    /// The text that stands at the reader's place; `None` if it has no string type.
    pub(super) fn at(mut reader: Reader<'a>) -> Result<Option<Self>, KeyRefusal> {
        let tag = reader.peek()?;
        let Some(encoding) = Encoding::of(tag) else {
            return Ok(None);
        };
        let _ = reader.enter(tag)?;
        Ok(Some(Self { reader, encoding }))
    }

    /// ASCII in an element with this tag, as alternative names have it.
    pub(super) fn ascii(mut reader: Reader<'a>, tag: u8) -> Result<Self, KeyRefusal> {
        let malformed = reader.malformed();
        let _ = reader.enter(tag)?;
        let encoding = Encoding::Bytes;
        let text = Self { reader, encoding };
        if text.clone().all(|character| character.is_ascii()) {
            Ok(text)
        } else {
            Err(malformed)
        }
    }

    /// Fails for what is no character in the text's encoding.
    pub(super) fn check(mut self) -> Result<(), KeyRefusal> {
        while !self.reader.at_end() {
            self.decode()?;
        }
        Ok(())
    }

    /// The next character.
    fn decode(&mut self) -> Result<char, KeyRefusal> {
        let malformed = self.reader.malformed();
        let mut code = [0; 4];
        let len = match self.encoding {
            Encoding::Utf8 => return self.decode_utf8(),
            Encoding::Bytes => 1,
            Encoding::Two => 2,
            Encoding::Four => 4,
        };
        for slot in code.iter_mut().rev().take(len).rev() {
            *slot = self.reader.byte()?;
        }
        char::from_u32(u32::from_be_bytes(code)).ok_or(malformed)
    }

    fn decode_utf8(&mut self) -> Result<char, KeyRefusal> {
        let malformed = self.reader.malformed();
        let mut bytes = [self.reader.byte()?, 0, 0, 0];
        let len = match bytes {
            [0x00..=0x7F, ..] => 1,
            [0xC0..=0xDF, ..] => 2,
            [0xE0..=0xEF, ..] => 3,
            _ => 4,
        };
        for slot in bytes.iter_mut().take(len).skip(1) {
            *slot = self.reader.byte().map_err(|_| malformed)?;
        }
        let text = core::str::from_utf8(bytes.get(..len).unwrap_or_default());
        text.ok()
            .and_then(|text| text.chars().next())
            .ok_or(malformed)
    }

    /// Writes the text as [`Display`](core::fmt::Display) shows it, in pieces that are UTF-8 each.
    pub fn write_text(&self, sink: &mut impl Sink) {
        for char in self.clone() {
            write_char(char, false, sink);
        }
    }

    /// Writes the text as a part of several (RFC 4514 2.4): signs that separate parts have a `\` before them.
    pub(super) fn write_escaped(&self, sink: &mut impl Sink) {
        for char in self.clone() {
            write_char(char, true, sink);
        }
    }

    /// The characters as they are compared (RFC 5280 7.1): ASCII without regard to case, white space at the
    /// ends dropped and elsewhere one space.
    pub(super) fn comparable(&self) -> impl Iterator<Item = char> {
        let (mut chars, mut started, mut waiting) = (self.clone(), false, None);
        core::iter::from_fn(move || {
            if let Some(char) = waiting.take() {
                return Some(char);
            }
            let mut space = false;
            let char = loop {
                match chars.next()? {
                    char if char.is_ascii_whitespace() => space = true,
                    char => break char.to_ascii_lowercase(),
                }
            };
            if space && started {
                waiting = Some(char);
                return Some(' ');
            }
            started = true;
            Some(char)
        })
    }

    /// Whether this is that text, character for character.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.clone().eq(text.chars())
    }
}

fn write_char(char: char, escaped: bool, sink: &mut impl Sink) {
    let mut buffer = [0; 4];
    let bytes = char.encode_utf8(&mut buffer).as_bytes();
    if char.is_control() || INVISIBLE.iter().any(|range| range.contains(&char)) {
        for byte in bytes {
            sink.write(&[b'\\', digit(byte >> 4), digit(byte & 0xF)]);
        }
        return;
    }
    if escaped && matches!(char, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=') {
        sink.write(b"\\");
    }
    sink.write(bytes);
}

/// A hexadecimal digit, as a capital.
pub(super) fn digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0'.saturating_add(value),
        _ => b'A'.saturating_sub(10).saturating_add(value),
    }
}

impl Iterator for NameText<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if self.reader.at_end() {
            return None;
        }
        // It was checked when it was read.
        self.decode().ok()
    }
}

impl core::fmt::Display for NameText<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}

impl core::fmt::Debug for NameText<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}
