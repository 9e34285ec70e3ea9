//! A reader of DER in memory: one element after the other, with where it stands.

/// Where something stands that does not belong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) offset: usize,
}

/// One element.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) contents: &'a [u8],
    /// With tag and length.
    pub(crate) whole: &'a [u8],
    /// Where the contents start.
    offset: usize,
}

impl<'a> Element<'a> {
    /// In the contents.
    pub(crate) const fn reader(&self) -> Reader<'a> {
        Reader {
            rest: self.contents,
            offset: self.offset,
        }
    }

    /// The bytes of a BIT STRING without unused bits.
    pub(crate) fn whole_bits(&self) -> Result<&'a [u8], Malformed> {
        match self.contents.split_first() {
            Some((0, bytes)) => Ok(bytes),
            _ => Err(self.reader().malformed()),
        }
    }

    /// The bytes of an INTEGER, which has no more of them than it needs (X.690 8.3.2).
    pub(crate) fn integer(&self) -> Result<&'a [u8], Malformed> {
        match self.contents {
            [] | [0, 0..=0x7F, ..] | [0xFF, 0x80..=0xFF, ..] => Err(self.reader().malformed()),
            bytes => Ok(bytes),
        }
    }

    /// The magnitude of a non-negative INTEGER, without zeros before it.
    pub(crate) fn magnitude(&self) -> Result<&'a [u8], Malformed> {
        match self.contents {
            [0] => Ok(&[]),
            [0, rest @ ..] if rest.first().is_some_and(|byte| *byte >= 0x80) => Ok(rest),
            [0x01..=0x7F, ..] => Ok(self.contents),
            _ => Err(self.reader().malformed()),
        }
    }
}

/// The elements of a structure that are still to come.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(der: &'a [u8]) -> Self {
        Self {
            rest: der,
            offset: 0,
        }
    }

    pub(crate) const fn malformed(&self) -> Malformed {
        Malformed {
            offset: self.offset,
        }
    }

    pub(crate) const fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element; `None` at the end.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, Malformed> {
        self.try_any().ok_or(self.malformed())
    }

    fn try_any(&mut self) -> Option<Element<'a>> {
        let (tag, after_tag) = self.rest.split_first()?;
        let (len, after_length) = length(after_tag)?;
        let (contents, rest) = after_length.split_at_checked(len)?;
        let whole_len = self.rest.len().checked_sub(rest.len())?;
        let (whole, _) = self.rest.split_at_checked(whole_len)?;
        let offset = self
            .offset
            .saturating_add(whole_len.saturating_sub(contents.len()));
        self.rest = rest;
        self.offset = self.offset.saturating_add(whole_len);
        Some(Element {
            tag: *tag,
            contents,
            whole,
            offset,
        })
    }

    /// The next element, which has this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Element<'a>, Malformed> {
        match self.peek() {
            Some(found) if found == tag => self.any(),
            _ => Err(self.malformed()),
        }
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Malformed> {
        match self.peek() {
            Some(found) if found == tag => self.any().map(Some),
            _ => Ok(None),
        }
    }

    /// Nothing may follow.
    pub(crate) const fn finish(&self) -> Result<(), Malformed> {
        if self.at_end() {
            Ok(())
        } else {
            Err(self.malformed())
        }
    }
}

/// The length in its shortest form, and what follows it.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let count = match first {
        0..=0x7F => return Some((usize::from(*first), rest)),
        0x81..=0x84 => usize::from(first & 0x7F),
        _ => return None,
    };
    let (bytes, rest) = rest.split_at_checked(count)?;
    let len = bytes
        .iter()
        .try_fold(0_usize, |len, byte| {
            Some(len.checked_mul(0x100)? | usize::from(*byte))
        })
        .filter(|len| *len > 0x7F && bytes.first() != Some(&0))?;
    Some((len, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_form() {
        for (bytes, len) in [
            (&[0x7F][..], Some(0x7F)),
            (&[0x81, 0x80], Some(0x80)),
            (&[0x83, 0x01, 0x00, 0x00], Some(0x1_0000)),
            (&[0x81, 0x7F], None),
            (&[0x82, 0x00, 0x80], None),
            (&[0x80], None),
            (&[0x82, 0x01], None),
            (&[0x85, 0x01, 0x00, 0x00, 0x00, 0x00], None),
        ] {
            assert_eq!(length(bytes).map(|(len, _)| len), len, "{bytes:X?}");
        }
    }
}
