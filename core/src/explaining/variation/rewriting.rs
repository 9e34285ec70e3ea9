//! Sinks that pass on other bytes than they take.

use super::kind::Kind;
use crate::bytes::sink::Sink;
use crate::request::token::write_lowercase;

/// What a sink makes of the bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Same,
    Lowercase,
    Latin1,
    Utf16Le,
    Utf16Be,
    /// `\r\n` becomes `\n`.
    LfOnly,
    /// `\n` without `\r` before it becomes `\r\n`.
    CrLfOnly,
    /// No spaces behind commas.
    TightLists,
    /// One space behind each comma.
    SpacedLists,
    /// `%41` becomes `A`.
    PercentDecoded,
    /// `%` becomes `%25`.
    PercentEncoded,
    PercentLowercase,
    PercentUppercase,
    /// `//` becomes `/`.
    OneSlash,
}

impl Form {
    /// How a whole string is encoded.
    pub(crate) const fn of_string(kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::StringUtf16Le | Kind::StringUtf16LeMark) => Self::Utf16Le,
            Some(Kind::StringUtf16Be) => Self::Utf16Be,
            Some(Kind::StringLatin1) => Self::Latin1,
            Some(Kind::StringLowercase) => Self::Lowercase,
            _ => Self::Same,
        }
    }
}

/// How many bytes wait until they are passed on together.
const BATCH: usize = 64;

/// Rewrites what it takes and passes it on. [`finish`](Self::finish) passes on what waits.
pub(crate) struct Rewriting<'s> {
    form: Form,
    sink: &'s mut dyn Sink,
    batch: [u8; BATCH],
    len: usize,
    /// Bytes of a character or an escape that is not whole yet.
    partial: [u8; 4],
    partial_len: usize,
    /// The byte before, 0 at the start.
    before: u8,
}

impl<'s> Rewriting<'s> {
    pub(crate) fn new(form: Form, sink: &'s mut dyn Sink) -> Self {
        Self {
            form,
            sink,
            batch: [0; BATCH],
            len: 0,
            partial: [0; 4],
            partial_len: 0,
            before: 0,
        }
    }

    fn put(&mut self, byte: u8) {
        if self.len == BATCH {
            self.flush();
        }
        if let Some(slot) = self.batch.get_mut(self.len) {
            *slot = byte;
            self.len = self.len.saturating_add(1);
        }
    }

    fn flush(&mut self) {
        self.sink
            .write(self.batch.get(..self.len).unwrap_or_default());
        self.len = 0;
    }

    pub(crate) fn finish(mut self) {
        match self.form {
            // A lone CR at the end, an escape that stops: as they are.
            Form::LfOnly if self.before == b'\r' => self.put(b'\r'),
            Form::SpacedLists if self.before == b',' => {}
            _ => self.give_up(),
        }
        self.flush();
    }

    /// Passes on what turned out to be no character or escape.
    fn give_up(&mut self) {
        let (partial, len) = (self.partial, self.partial_len);
        self.partial_len = 0;
        for byte in partial.iter().take(len) {
            self.put(*byte);
        }
    }

    fn keep(&mut self, byte: u8) {
        if let Some(slot) = self.partial.get_mut(self.partial_len) {
            *slot = byte;
            self.partial_len = self.partial_len.saturating_add(1);
        }
    }

    fn take(&mut self, byte: u8) {
        let before = self.before;
        self.before = byte;
        match self.form {
            Form::Same => self.put(byte),
            Form::Lowercase => self.put(byte.to_ascii_lowercase()),
            Form::Latin1 | Form::Utf16Le | Form::Utf16Be => self.character(byte),
            Form::LfOnly => {
                if before == b'\r' && byte != b'\n' {
                    self.put(b'\r');
                }
                if byte != b'\r' {
                    self.put(byte);
                }
            }
            Form::CrLfOnly => {
                if byte == b'\n' && before != b'\r' {
                    self.put(b'\r');
                }
                self.put(byte);
            }
            Form::TightLists => {
                if matches!(byte, b' ' | b'\t') && before == b',' {
                    self.before = b',';
                } else {
                    self.put(byte);
                }
            }
            Form::SpacedLists => {
                if before == b',' && byte != b' ' {
                    self.put(b' ');
                }
                self.put(byte);
            }
            Form::OneSlash => {
                if !(byte == b'/' && before == b'/') {
                    self.put(byte);
                }
            }
            Form::PercentEncoded => {
                self.put(byte);
                if byte == b'%' {
                    self.put(b'2');
                    self.put(b'5');
                }
            }
            Form::PercentDecoded | Form::PercentLowercase | Form::PercentUppercase => {
                self.escape(byte);
            }
        }
    }

    /// A byte that may belong to an escape of three.
    fn escape(&mut self, byte: u8) {
        let belongs = match self.partial_len {
            0 => byte == b'%',
            _ => byte.is_ascii_hexdigit(),
        };
        if !belongs {
            self.give_up();
            if byte == b'%' {
                self.keep(byte);
            } else {
                self.put(byte);
            }
            return;
        }
        self.keep(byte);
        let [_, high, low, _] = self.partial;
        if self.partial_len < 3 {
            return;
        }
        self.partial_len = 0;
        match self.form {
            Form::PercentDecoded => {
                self.put(nibble(high).wrapping_mul(16).wrapping_add(nibble(low)));
            }
            form => {
                let case = |byte: u8| match form {
                    Form::PercentLowercase => byte.to_ascii_lowercase(),
                    _ => byte.to_ascii_uppercase(),
                };
                for byte in [b'%', case(high), case(low)] {
                    self.put(byte);
                }
            }
        }
    }

    /// A byte of UTF-8; what is no UTF-8 counts byte by byte, as Latin-1.
    fn character(&mut self, byte: u8) {
        if self.partial_len == 0 && byte.is_ascii() {
            return self.code_point(byte.into());
        }
        self.keep(byte);
        let bytes = self.partial;
        let partial = bytes.get(..self.partial_len).unwrap_or_default();
        match core::str::from_utf8(partial) {
            Ok(text) => {
                self.partial_len = 0;
                text.chars()
                    .for_each(|character| self.code_point(character.into()));
            }
            Err(error) if error.error_len().is_none() => {}
            Err(_) => {
                self.partial_len = 0;
                for byte in partial {
                    self.code_point((*byte).into());
                }
            }
        }
    }

    fn code_point(&mut self, code: u32) {
        if self.form == Form::Latin1 {
            // What Latin-1 does not have becomes `?`, as in .NET and Java.
            return self.put(u8::try_from(code).unwrap_or(b'?'));
        }
        // Beyond the first 65 536 two surrogates: 0xD800 and 0xDC00 with ten bits each.
        let beyond = code.checked_sub(0x1_0000);
        let high = beyond.map(|bits| 0xD800 | (bits >> 10));
        let low = beyond.map_or(code, |bits| 0xDC00 | (bits & 0x3FF));
        for unit in [high, Some(low)].into_iter().flatten() {
            let unit = u16::try_from(unit).unwrap_or_default();
            let bytes = match self.form {
                Form::Utf16Be => unit.to_be_bytes(),
                _ => unit.to_le_bytes(),
            };
            for byte in bytes {
                self.put(byte);
            }
        }
    }
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit.wrapping_sub(b'0'),
        _ => digit
            .to_ascii_lowercase()
            .wrapping_sub(b'a')
            .wrapping_add(10),
    }
}

impl Sink for Rewriting<'_> {
    fn write(&mut self, bytes: &[u8]) {
        if self.form == Form::Same {
            self.flush();
            return self.sink.write(bytes);
        }
        for byte in bytes {
            self.take(*byte);
        }
    }
}

/// Writes `text` rewritten.
pub(crate) fn rewrite(form: Form, text: &[u8], sink: &mut dyn Sink) {
    match form {
        Form::Same => sink.write(text),
        Form::Lowercase => write_lowercase(text, sink),
        _ => {
            let mut rewriting = Rewriting::new(form, sink);
            rewriting.write(text);
            rewriting.finish();
        }
    }
}

/// Writes `text` with the first letter of each of its parts large: `Content-Type`.
pub(crate) fn write_title_case(text: &[u8], sink: &mut dyn Sink) {
    let mut starts = true;
    for byte in text {
        let byte = if starts {
            byte.to_ascii_uppercase()
        } else {
            byte.to_ascii_lowercase()
        };
        sink.write(&[byte]);
        starts = !byte.is_ascii_alphanumeric();
    }
}

/// Writes bytes in hexadecimal.
pub(crate) fn write_hex(bytes: &[u8], capitals: bool, sink: &mut dyn Sink) {
    let digit = |value: u8| match value {
        0..=9 => b'0'.wrapping_add(value),
        _ if capitals => b'A'.wrapping_add(value).wrapping_sub(10),
        _ => b'a'.wrapping_add(value).wrapping_sub(10),
    };
    for byte in bytes {
        sink.write(&[digit(byte >> 4), digit(byte & 15)]);
    }
}

/// Writes bytes in base64.
pub(crate) fn write_base64(bytes: &[u8], sink: &mut dyn Sink) {
    for group in bytes.chunks(crate::bytes::base64::BYTES) {
        sink.write(&crate::bytes::base64::encode_group(group));
    }
}
