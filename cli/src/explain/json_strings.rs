//! The ways in which libraries write the strings of JSON.

use std::fmt::Write;

/// How the characters of strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strings {
    /// As they stand.
    AsSent,
    /// Escapes only where JSON asks for them: JavaScript, Python with `ensure_ascii=False`.
    Plain,
    /// What is not ASCII as `\u00e5`: Python's `json.dumps`.
    Ascii,
    /// The same as `\u00E5`.
    AsciiUpper,
    /// `/` as `\/`: PHP with `JSON_UNESCAPED_UNICODE`.
    Slash,
    /// `\/` and `\u00e5`: PHP.
    SlashAndAscii,
    /// `<`, `>` and `&` as `\u003c`: Go.
    Html,
    /// .NET's System.Text.Json: `\u00E5`, and quotes, `<`, `>`, `&`, `'`, `+` and a grave accent so too.
    DotNet,
}

impl Strings {
    /// The part of a name for scripts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AsSent => "",
            Self::Plain => "-unescaped",
            Self::Ascii => "-ascii",
            Self::AsciiUpper => "-ascii-upper",
            Self::Slash => "-slashes-escaped",
            Self::SlashAndAscii => "-slashes-escaped-ascii",
            Self::Html => "-html-escaped",
            Self::DotNet => "-system-text-json",
        }
    }

    /// What was done to the strings; empty for nothing.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::AsSent => "",
            Self::Plain => "with its characters unescaped",
            Self::Ascii => "with \\u escapes in lowercase for all that is not ASCII",
            Self::AsciiUpper => "with \\u escapes in uppercase for all that is not ASCII",
            Self::Slash => "with \\/ for each slash",
            Self::SlashAndAscii => {
                "with \\/ for each slash and \\u escapes for all that is not ASCII"
            }
            Self::Html => "with \\u escapes for <, > and &",
            Self::DotNet => "with the escapes of .NET's System.Text.Json",
        }
    }

    /// Writes a string that stands in quotes.
    pub(super) fn write(self, quoted: &str, out: &mut String) {
        if self == Self::AsSent {
            out.push_str(quoted);
            return;
        }
        out.push('"');
        let inner = quoted.strip_prefix('"').unwrap_or(quoted);
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        for unit in units(inner) {
            match unit {
                Unit::Char(c) => self.write_char(c, out),
                Unit::Raw(text) => out.push_str(text),
            }
        }
        out.push('"');
    }

    fn write_char(self, c: char, out: &mut String) {
        let short = match c {
            '"' if self == Self::DotNet => None,
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            '/' if matches!(self, Self::Slash | Self::SlashAndAscii) => Some("\\/"),
            _ => None,
        };
        if let Some(short) = short {
            out.push_str(short);
        } else if self.escapes(c) {
            let mut buffer = [0; 2];
            for unit in c.encode_utf16(&mut buffer) {
                // Writing to a string cannot fail.
                let _ = if matches!(self, Self::AsciiUpper | Self::DotNet) {
                    write!(out, "\\u{unit:04X}")
                } else {
                    write!(out, "\\u{unit:04x}")
                };
            }
        } else {
            out.push(c);
        }
    }

    fn escapes(self, c: char) -> bool {
        c < ' '
            || match self {
                Self::Ascii | Self::AsciiUpper | Self::SlashAndAscii => !c.is_ascii(),
                Self::Html => "<>&\u{2028}\u{2029}".contains(c),
                Self::DotNet => !c.is_ascii() || "\"<>&'+`\u{7f}".contains(c),
                Self::AsSent | Self::Plain | Self::Slash => false,
            }
    }
}

/// A character of a string, or an escape that stands for none.
enum Unit<'a> {
    Char(char),
    Raw(&'a str),
}

/// The characters of a string without its quotes.
fn units(mut rest: &str) -> impl Iterator<Item = Unit<'_>> {
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (unit, len) = if first == '\\' {
            escape(rest)
        } else {
            (Unit::Char(first), first.len_utf8())
        };
        rest = rest.get(len..).unwrap_or_default();
        Some(unit)
    })
}

/// The escape that `text` starts with, and its length.
fn escape(text: &str) -> (Unit<'_>, usize) {
    let second = text.chars().nth(1).unwrap_or_default();
    let plain = match second {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '"' | '\\' | '/' => second,
        'u' => return unicode_escape(text),
        _ => {
            let len = second.len_utf8().saturating_add(1).min(text.len());
            return (Unit::Raw(text.get(..len).unwrap_or(text)), len);
        }
    };
    (Unit::Char(plain), 2)
}

/// `\u00e5`, or two of them for a character behind the first 65 536.
fn unicode_escape(text: &str) -> (Unit<'_>, usize) {
    const LEN: usize = 6;
    let unit = |start: usize| {
        let escape = text.get(start..start.checked_add(LEN)?)?;
        u16::from_str_radix(escape.strip_prefix("\\u")?, 16).ok()
    };
    let pair = [unit(0), unit(LEN)];
    let units = pair.into_iter().map_while(|unit| unit);
    if let Some(Ok(c)) = char::decode_utf16(units).next() {
        return (Unit::Char(c), c.len_utf16().saturating_mul(LEN));
    }
    // Half of a pair alone, or no hexadecimal digits.
    let len = if unit(0).is_some() { LEN } else { 2 };
    (Unit::Raw(text.get(..len).unwrap_or(text)), len)
}

/// A string in quotes as the text it stands for, for sorting.
pub(super) fn decoded(quoted: &str) -> String {
    decoded_inner(quoted.trim_matches('"'))
}

/// The same without its quotes.
pub(super) fn decoded_inner(inner: &str) -> String {
    let mut text = String::new();
    for unit in units(inner) {
        match unit {
            Unit::Char(c) => text.push(c),
            Unit::Raw(raw) => text.push_str(raw),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(strings: Strings, quoted: &str) -> String {
        let mut out = String::new();
        strings.write(quoted, &mut out);
        out
    }

    #[test]
    fn libraries_escape_in_their_ways() {
        let text = "\"\u{e5}/\\u00e4\\/<\u{1f600}\\ud83d\\ude00\\n\\u0001'\"";
        for (strings, expected) in [
            (Strings::AsSent, text),
            (
                Strings::Plain,
                "\"\u{e5}/\u{e4}/<\u{1f600}\u{1f600}\\n\\u0001'\"",
            ),
            (
                Strings::Ascii,
                "\"\\u00e5/\\u00e4/<\\ud83d\\ude00\\ud83d\\ude00\\n\\u0001'\"",
            ),
            (
                Strings::SlashAndAscii,
                "\"\\u00e5\\/\\u00e4\\/<\\ud83d\\ude00\\ud83d\\ude00\\n\\u0001'\"",
            ),
            (
                Strings::DotNet,
                "\"\\u00E5/\\u00E4/\\u003C\\uD83D\\uDE00\\uD83D\\uDE00\\n\\u0001\\u0027\"",
            ),
            (
                Strings::Html,
                "\"\u{e5}/\u{e4}/\\u003c\u{1f600}\u{1f600}\\n\\u0001'\"",
            ),
        ] {
            assert_eq!(written(strings, text), expected, "{strings:?}");
        }
    }

    #[test]
    fn what_stands_for_no_character_stays() {
        for text in [
            "\"\\ud83d\"",
            "\"\\ude00\\ud83dx\"",
            "\"\\uzzzz\"",
            "\"\\x\"",
            "\"\\u12\"",
        ] {
            assert_eq!(written(Strings::Plain, text), text);
        }
    }
}
