//! What a terminal gets to see: colour only where it is wanted, and bytes made visible.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::{env, fmt::Write};

/// The width where nobody tells: a file, a pipe.
const DEFAULT_WIDTH: usize = 100;

/// Paints text, or leaves it plain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    colour: bool,
}

impl Paint {
    /// For standard output.
    pub(crate) fn for_stdout() -> Self {
        Self::for_terminal(io::stdout().is_terminal())
    }

    /// For standard error.
    pub(crate) fn for_stderr() -> Self {
        Self::for_terminal(io::stderr().is_terminal())
    }

    fn for_terminal(is_terminal: bool) -> Self {
        let no_colour = env::var_os("NO_COLOR");
        let terminal = env::var_os("TERM");
        Self {
            colour: wants_colour(is_terminal, no_colour.as_deref(), terminal.as_deref()),
        }
    }

    /// A heading, a label.
    pub(crate) fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What is less important.
    pub(crate) fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    /// What went well.
    pub(crate) fn good(self, text: &str) -> String {
        self.with("1;32", text)
    }

    /// What was refused, or differs.
    pub(crate) fn bad(self, text: &str) -> String {
        self.with("1;31", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Colour is for terminals that know it, unless `NO_COLOR` (<https://no-color.org>) says no.
fn wants_colour(is_terminal: bool, no_colour: Option<&OsStr>, terminal: Option<&OsStr>) -> bool {
    is_terminal
        && no_colour.is_none_or(OsStr::is_empty)
        && terminal.is_none_or(|name| name != "dumb")
}

/// How many columns standard output has.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout())
        .map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0))
}

/// Bytes as text on one line: line ends as `\n` and `\r`, a tab as `\t`, other characters that
/// would not show (controls, direction marks) as `\u{…}`, bytes that are not UTF-8 as `\x…`.
pub(crate) fn visible(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                // These have an escape too, but they are plain to see.
                '\\' | '"' | '\'' => text.push(character),
                _ => text.extend(character.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// How messages call a file.
pub(crate) fn shown(path: &Path) -> String {
    visible(path.as_os_str().as_encoded_bytes())
}

/// A file's name, as messages call it, in a command to copy into a shell: in quotes where the shell
/// would take it for more than one name.
pub(crate) fn argument(name: &str) -> String {
    let in_names = |letter| "-_./:+,@%<>".contains(letter) || cfg!(windows) && letter == '\\';
    let is_plain = |letter: char| letter.is_alphanumeric() || in_names(letter);
    if !name.is_empty() && name.chars().all(is_plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

/// Whether all of `bytes` can go to a terminal as they are: it does with them what a reader sees.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    let is_plain = |line: &[u8]| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.split(|byte| *byte == b'\t')
            .all(|part| visible(part).as_bytes() == part)
    };
    bytes.split(|byte| *byte == b'\n').all(is_plain)
}

/// The lines of `bytes`, each made visible with its line end.
pub(crate) fn visible_lines(bytes: &[u8]) -> Vec<String> {
    bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(visible)
        .collect()
}

/// `text` broken between words into lines of at most `width` columns. A longer word stays whole,
/// and so does a command in backticks: it is there to be copied.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        let columns = line.chars().count().saturating_add(word.chars().count());
        if !line.is_empty() && columns >= width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// The words of `text`; what stands in backticks counts as one word.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut quoted = false;
    for piece in text.split(' ') {
        match words.last_mut() {
            Some(word) if quoted => {
                word.push(' ');
                word.push_str(piece);
            }
            _ => words.push(piece.to_owned()),
        }
        quoted ^= piece.matches('`').count() % 2 == 1;
    }
    words
}

/// A text with a label before its first line and the others lined up below, ready to print.
pub(crate) fn labelled(label: &str, label_columns: usize, text: &str, width: usize) -> String {
    let room = width.saturating_sub(label_columns);
    let separator = format!("\n{}", " ".repeat(label_columns));
    format!("{label}{}\n", wrap(text, room).join(&separator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_controls_show() {
        assert_eq!(visible(b"a: b\r\n"), "a: b\\r\\n");
        assert_eq!(visible(b"\tx\0\x1b[31m\x7f"), "\\tx\\0\\u{1b}[31m\\u{7f}");
        assert_eq!(
            visible("\u{202e}\u{85}\u{200b}".as_bytes()),
            "\\u{202e}\\u{85}\\u{200b}"
        );
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        let text = "{\"hello\": \"v\u{e4}rld\", 'a': \\d \u{20ac}}";
        assert_eq!(visible(text.as_bytes()), text);
    }

    #[test]
    fn bytes_that_are_not_utf8_show() {
        assert_eq!(visible(b"a\xff\xe2\x82z"), "a\\xff\\xe2\\x82z");
    }

    #[test]
    fn what_moves_the_cursor_or_turns_the_text_is_not_plain() {
        for plain in [
            "",
            "a: b\tc\r\n\n{\"\u{e5}\": 1}",
            "\\x1b[31m",
            "\u{201e}a\u{201d}",
        ] {
            assert!(is_plain(plain.as_bytes()), "{plain:?}");
        }
        let not: [&[u8]; 10] = [
            b"\x1b[31m",
            b"a\rb",
            b"a\r\r\n",
            b"\0",
            b"\x07",
            b"\x7f",
            b"\xff",
            "\u{9b}31m".as_bytes(),
            "\u{202e}".as_bytes(),
            "\u{2066}".as_bytes(),
        ];
        for bytes in not {
            assert!(!is_plain(bytes), "{bytes:?}");
        }
    }

    /// What turns text around (Unicode's Bidi_Control) never reaches a terminal.
    #[test]
    fn direction_marks_show() {
        let marks = ['\u{61c}', '\u{200e}', '\u{200f}'];
        let ranges = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for mark in marks.into_iter().chain(ranges) {
            let shown = visible(mark.to_string().as_bytes());
            assert_eq!(shown, format!("\\u{{{:x}}}", u32::from(mark)));
        }
    }

    #[test]
    fn a_line_shows_with_its_end() {
        assert_eq!(visible_lines(b"a\r\n\nb"), ["a\\r\\n", "\\n", "b"]);
        assert_eq!(visible_lines(b""), [""; 0]);
    }

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 6), ["one", "two", "three"]);
        assert_eq!(wrap("a verylongword b", 4), ["a", "verylongword", "b"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("run `a b c` now", 6), ["run", "`a b c`", "now"]);
        assert_eq!(
            labelled("  - ", 4, "one two three", 11),
            "  - one two\n    three\n"
        );
    }

    #[test]
    fn colour_is_for_terminals_that_want_it() {
        let os = |text| Some(OsStr::new(text));
        assert!(wants_colour(true, None, os("xterm")));
        assert!(wants_colour(true, os(""), None));
        assert!(!wants_colour(true, os("1"), os("xterm")));
        assert!(!wants_colour(true, None, os("dumb")));
        assert!(!wants_colour(false, None, os("xterm")));
    }

    #[test]
    fn without_colour_nothing_is_added() {
        assert_eq!(Paint { colour: false }.bad("x"), "x");
        assert_eq!(Paint { colour: true }.bad("x"), "\x1b[1;31mx\x1b[0m");
    }
}
