//! JSON written anew, as libraries do that read a body and write it again. What a style does not
//! change stays as it stands: the order of keys, numbers, escapes.

use super::json_strings::{Strings, decoded};
use super::json_tokens::{self, Token};

/// The white space between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    AsSent,
    Compact,
    /// Python's `json.dumps`: `, ` and `: `.
    Spaced,
    /// Each member on a line of its own.
    Indented {
        indent: &'static str,
        line_end: &'static str,
    },
}

/// A way to write JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) layout: Layout,
    pub(super) strings: Strings,
    /// Members in the order of their keys.
    pub(super) sorted: bool,
    /// Numbers without zeros at the end of their fraction, as JavaScript writes them.
    pub(super) short_numbers: bool,
}

impl Style {
    /// Nothing is changed.
    pub(super) const AS_SENT: Self = Self {
        layout: Layout::AsSent,
        strings: Strings::AsSent,
        sorted: false,
        short_numbers: false,
    };

    /// A name for scripts.
    pub(super) fn name(&self) -> String {
        let sorted = if self.sorted { "-sorted" } else { "" };
        let numbers = if self.short_numbers {
            "-short-numbers"
        } else {
            ""
        };
        let layout = match self.layout {
            Layout::AsSent => "",
            Layout::Compact => "-compact",
            Layout::Spaced => "-spaced",
            Layout::Indented { indent, line_end } => match (indent, line_end) {
                ("\t", _) => "-indent-tab",
                ("  ", "\n") => "-indent-2",
                ("  ", _) => "-indent-2-crlf",
                (_, "\n") => "-indent-4",
                _ => "-indent-4-crlf",
            },
        };
        format!("json{sorted}{layout}{}{numbers}", self.strings.name())
    }

    /// What a signer did, behind "the signer".
    pub(super) fn text(&self) -> String {
        let layout = match self.layout {
            Layout::AsSent => "",
            Layout::Compact => "without white space between its parts",
            Layout::Spaced => "with a space behind each comma and colon (Python's json.dumps)",
            Layout::Indented { line_end: "\n", .. } => "indented, on several lines",
            Layout::Indented { .. } => "indented, on several lines that end in \\r\\n",
        };
        let sorted = if self.sorted {
            "with its keys sorted"
        } else {
            ""
        };
        let numbers = if self.short_numbers {
            "with numbers cut short (1.50 as 1.5)"
        } else {
            ""
        };
        let parts = [layout, sorted, self.strings.text(), numbers];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!(
            "signed the JSON of the body written anew, {}",
            parts.join(", ")
        )
    }

    /// The tokens written so.
    pub(super) fn write(&self, tokens: &[Token<'_>]) -> String {
        let ordered;
        let tokens = if self.sorted {
            ordered = sorted(tokens);
            &ordered
        } else {
            tokens
        };
        let mut out = String::new();
        let mut depth = 0_usize;
        let parts = tokens
            .iter()
            .filter(|token| self.layout == Layout::AsSent || !is_space(token));
        let mut parts = parts.peekable();
        while let Some(token) = parts.next() {
            let closes_next = matches!(parts.peek(), Some(Token::Close(_)));
            match token {
                Token::Open(text) => {
                    out.push_str(text);
                    depth = depth.saturating_add(1);
                    if !closes_next {
                        self.break_line(depth, &mut out);
                    }
                }
                Token::Close(text) => {
                    depth = depth.saturating_sub(1);
                    out.push_str(text);
                }
                Token::Comma => {
                    out.push(',');
                    out.push_str(if self.layout == Layout::Spaced {
                        " "
                    } else {
                        ""
                    });
                    self.break_line(depth, &mut out);
                }
                Token::Colon => out.push_str(self.colon()),
                Token::Text(text) => self.strings.write(text, &mut out),
                Token::Scalar(text) => out.push_str(self.number(text)),
                Token::Space(text) => out.push_str(text),
            }
            let opens = matches!(token, Token::Open(_));
            if closes_next && !opens {
                self.break_line(depth.saturating_sub(1), &mut out);
            }
        }
        out
    }

    fn break_line(&self, depth: usize, out: &mut String) {
        if let Layout::Indented { indent, line_end } = self.layout {
            out.push_str(line_end);
            for _ in 0..depth {
                out.push_str(indent);
            }
        }
    }

    const fn colon(&self) -> &'static str {
        match self.layout {
            Layout::AsSent | Layout::Compact => ":",
            Layout::Spaced | Layout::Indented { .. } => ": ",
        }
    }

    fn number<'a>(&self, text: &'a str) -> &'a str {
        let is_fraction = text.contains('.') && !text.contains(['e', 'E']);
        if self.short_numbers && is_fraction {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            text
        }
    }
}

const fn is_space(token: &Token<'_>) -> bool {
    matches!(token, Token::Space(_))
}

/// The tokens, the white space aside, with the members of each object in the order of their keys.
fn sorted<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let tokens: Vec<Token<'a>> = tokens
        .iter()
        .filter(|token| !is_space(token))
        .copied()
        .collect();
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        rest = push_value(rest, &mut out);
    }
    out
}

/// Takes one value, or what cannot be one, and returns the rest. The depth of JSON is bounded where it
/// is read.
fn push_value<'t, 'a>(tokens: &'t [Token<'a>], out: &mut Vec<Token<'a>>) -> &'t [Token<'a>] {
    let Some((first, mut rest)) = tokens.split_first() else {
        return tokens;
    };
    out.push(*first);
    match first {
        Token::Open("{") => {
            let mut members: Vec<(String, Vec<Token<'a>>)> = Vec::new();
            while let Some((token, behind)) = rest.split_first() {
                match token {
                    Token::Close(_) => break,
                    Token::Comma => rest = behind,
                    _ => {
                        let mut member = Vec::new();
                        rest = push_member(rest, &mut member);
                        let key = match member.first() {
                            Some(Token::Text(key)) => decoded(key),
                            _ => String::new(),
                        };
                        members.push((key, member));
                    }
                }
            }
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (index, (_, mut member)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(Token::Comma);
                }
                out.append(&mut member);
            }
        }
        Token::Open(_) => {
            while let Some((token, behind)) = rest.split_first() {
                match token {
                    Token::Close(_) => break,
                    Token::Comma | Token::Colon => {
                        out.push(*token);
                        rest = behind;
                    }
                    _ => rest = push_value(rest, out),
                }
            }
        }
        _ => return rest,
    }
    if let Some((close, behind)) = rest.split_first() {
        out.push(*close);
        rest = behind;
    }
    rest
}

/// Takes what stands up to the next comma or the end of the object.
fn push_member<'t, 'a>(tokens: &'t [Token<'a>], out: &mut Vec<Token<'a>>) -> &'t [Token<'a>] {
    let mut rest = tokens;
    while let Some(token) = rest.first() {
        if matches!(token, Token::Comma | Token::Close(_)) {
            break;
        }
        rest = push_value(rest, out);
    }
    rest
}

/// The tokens of a body that is JSON.
pub(super) fn read(body: &[u8]) -> Option<Vec<Token<'_>>> {
    json_tokens::read(std::str::from_utf8(body).ok()?)
}

/// The ways in which a body is written anew, the most likely first.
pub(super) fn styles() -> Vec<Style> {
    use Strings as S;
    let as_sent = Style::AS_SENT;
    let layout = |layout| Style { layout, ..as_sent };
    let indented = |indent, line_end| layout(Layout::Indented { indent, line_end });
    let compact = layout(Layout::Compact);
    let spaced = layout(Layout::Spaced);
    let two = indented("  ", "\n");
    let sorted = |style| Style {
        sorted: true,
        ..style
    };
    let with = |style, strings| Style { strings, ..style };
    let short = |style| Style {
        short_numbers: true,
        ..style
    };
    let mut styles = vec![compact, spaced, sorted(compact), sorted(spaced), two];
    styles.extend([
        indented("    ", "\n"),
        indented("  ", "\r\n"),
        indented("    ", "\r\n"),
    ]);
    styles.extend([S::Ascii, S::Plain, S::SlashAndAscii].map(|strings| with(compact, strings)));
    styles.extend([S::Ascii, S::Plain].map(|strings| with(spaced, strings)));
    styles.extend([S::Plain, S::Ascii, S::AsciiUpper].map(|strings| with(as_sent, strings)));
    styles.extend([S::Slash, S::SlashAndAscii, S::DotNet].map(|strings| with(as_sent, strings)));
    styles.extend(
        [S::DotNet, S::AsciiUpper, S::Slash, S::Html].map(|strings| with(compact, strings)),
    );
    styles.extend([
        with(sorted(compact), S::Ascii),
        with(sorted(spaced), S::Ascii),
    ]);
    styles.extend([
        with(sorted(compact), S::Plain),
        with(two, S::Ascii),
        with(two, S::Plain),
    ]);
    styles.extend([
        short(compact),
        short(with(compact, S::Plain)),
        short(as_sent),
    ]);
    styles.extend([with(as_sent, S::Html), indented("\t", "\n"), sorted(two)]);
    styles
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"b\": [1, 2.50, {}], \"a\":{ \"\u{e5}\":null,\"c\":[ ]}}\n";

    fn written(style: Style) -> String {
        style.write(&read(TEXT.as_bytes()).expect("JSON"))
    }

    #[test]
    fn the_rest_stays_as_it_stands() {
        assert_eq!(written(Style::AS_SENT), TEXT);
    }

    #[test]
    fn names_are_different() {
        let mut names: Vec<String> = styles().iter().map(Style::name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!((names.len(), count), (34, 34));
    }
}
