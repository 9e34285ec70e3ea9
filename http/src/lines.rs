//! The lines of a message, with their ends.

use std::ops::Range;

pub(crate) const LF: &[u8] = b"\n";
pub(crate) const CRLF: &[u8] = b"\r\n";

/// A line without its end.
#[derive(Clone, Copy, Default)]
pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    /// Where it starts in the file.
    start: usize,
    pub(crate) text: &'a [u8],
    /// LF, CRLF, or nothing at the end of the file.
    pub(crate) end: &'a [u8],
}

impl Line<'_> {
    pub(crate) const fn text_end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    pub(crate) const fn span(&self) -> Range<usize> {
        self.start..self.text_end().saturating_add(self.end.len())
    }
}

/// The lines from an offset on. A CR without LF is part of its line.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    /// Where the next line starts.
    pub(crate) offset: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    pub(crate) const fn from_bytes(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            offset: 0,
            number: 0,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self
            .bytes
            .get(self.offset..)
            .filter(|rest| !rest.is_empty())?;
        let full = rest.split_inclusive(|&byte| byte == b'\n').next()?;
        let text = full
            .strip_suffix(CRLF)
            .or_else(|| full.strip_suffix(LF))
            .unwrap_or(full);
        let line = Line {
            number: self.number.saturating_add(1),
            start: self.offset,
            text,
            end: full.get(text.len()..).unwrap_or_default(),
        };
        self.number = line.number;
        self.offset = line.span().end;
        Some(line)
    }
}
