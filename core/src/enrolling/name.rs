//! The name of a certificate's subject or issuer (RFC 5280 4.1.2.4), read in the order in which it stands.

use core::fmt;

use crate::bytes::sink::Sink;
use crate::enrolling::error::{Document, EnrolError};
use crate::enrolling::name_text::{NameText, digit};
use crate::enrolling::object_identifier::{MAX_LEN, ObjectIdentifier};
use crate::error::key_refusal::KeyRefusal;
use crate::error::message::show;
use crate::keys::der::{OBJECT_IDENTIFIER, Outer, Reader, SEQUENCE, SET, Source};

/// commonName, 2.5.4.3 (RFC 5280 A.1).
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// The types that have a short name (RFC 4514 3, and OpenSSL for those that it lacks).
const SHORT_NAMES: [(&[u8], &str); 13] = [
    (COMMON_NAME, "CN"),
    (&[0x55, 0x04, 0x05], "serialNumber"),
    (&[0x55, 0x04, 0x06], "C"),
    (&[0x55, 0x04, 0x07], "L"),
    (&[0x55, 0x04, 0x08], "ST"),
    (&[0x55, 0x04, 0x09], "street"),
    (&[0x55, 0x04, 0x0A], "O"),
    (&[0x55, 0x04, 0x0B], "OU"),
    (&[0x55, 0x04, 0x0C], "title"),
    (&[0x55, 0x04, 0x0F], "businessCategory"),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01],
        "UID",
    ),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19],
        "DC",
    ),
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01],
        "emailAddress",
    ),
];

/// A name: parts in the order in which they stand, such as `C=SE, L=Gothenburg, O=Partner Name`. That is how
/// [`Display`](fmt::Display) shows it; parts that form one step of the name have `+` between them.
///
/// Two names are equal if they have the same parts in the same order, each compared as text: of any string
/// type, ASCII in any case, and any white space as one space (RFC 5280 7.1).
#[derive(Clone)]
pub struct Name<'a> {
    /// In the name's SEQUENCE, which is its limit.
    reader: Reader<'a>,
}

impl<'a> Name<'a> {
    /// Reads past a name, all of whose texts must be text.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, KeyRefusal> {
        let mut inside = reader.clone();
        reader.skip(SEQUENCE)?;
        let _ = inside.enter(SEQUENCE)?;
        let name = Self { reader: inside };
        let mut parts = name.parts();
        while let Some(part) = parts.read()? {
            if let Some(text) = NameText::at(part.value)? {
                text.check()?;
            }
        }
        Ok(name)
    }

    /// Reads a name in DER, as it stands in a revocation list, and nothing behind it.
    ///
    /// ```
    /// use daxsign_core::Name;
    /// let name = Name::from_der(b"\x30\x0D\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x13\x02SE")?;
    /// assert_eq!(name.to_string(), "C=SE");
    /// # Ok::<(), daxsign_core::EnrolError>(())
    /// ```
    ///
    /// # Errors
    /// [`EnrolError::Malformed`] for what is no name, or holds texts which are none.
    pub fn from_der(der: &'a [u8]) -> Result<Self, EnrolError> {
        let mut reader = Reader::new(Source::Der(der.iter()));
        let name = Self::read(&mut reader).and_then(|name| {
            reader.finish()?;
            Ok(name)
        });
        name.map_err(|refusal| EnrolError::of(Document::Certificate, refusal))
    }

    /// The parts in their order.
    #[must_use]
    pub fn parts(&self) -> NameParts<'a> {
        NameParts {
            reader: self.reader.clone(),
            set: None,
        }
    }

    /// Whether it has no parts.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.reader.at_end()
    }

    /// The first text of this type; `None` if there is none.
    #[must_use]
    pub fn find(&self, oid: &ObjectIdentifier) -> Option<NameText<'a>> {
        self.find_der(oid.as_der())
    }

    /// The common name.
    #[must_use]
    pub fn common_name(&self) -> Option<NameText<'a>> {
        self.find_der(COMMON_NAME)
    }

    fn find_der(&self, oid: &[u8]) -> Option<NameText<'a>> {
        let mut parts = self.parts();
        parts.find(|part| part.oid.as_der() == oid)?.text()
    }

    /// Writes the name as [`Display`](fmt::Display) shows it, in pieces that are UTF-8 each.
    pub fn write_text(&self, sink: &mut impl Sink) {
        for (index, part) in self.parts().enumerate() {
            if index > 0 {
                sink.write(if part.joined { b" + " } else { b", " });
            }
            part.write_text(sink);
        }
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (self.parts(), other.parts());
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(one), Some(other)) if one.matches(&other) => {}
                _ => return false,
            }
        }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The parts of a [`Name`] in their order.
#[derive(Clone)]
pub struct NameParts<'a> {
    reader: Reader<'a>,
    /// In the SET of one step of the name: what is around it.
    set: Option<Outer>,
}

impl<'a> NameParts<'a> {
    /// Name ::= SEQUENCE OF SET OF SEQUENCE { OID, value }.
    fn read(&mut self) -> Result<Option<NamePart<'a>>, KeyRefusal> {
        if self.reader.at_end()
            && let Some(outer) = self.set.take()
        {
            self.reader.leave(outer)?;
        }
        let joined = self.set.is_some();
        if !joined {
            if self.reader.at_end() {
                return Ok(None);
            }
            self.set = Some(self.reader.enter(SET)?);
        }
        let attribute = self.reader.enter(SEQUENCE)?;
        let oid = read_oid(&mut self.reader)?.ok_or(self.reader.malformed())?;
        let value = self.reader.clone();
        let tag = self.reader.peek()?;
        self.reader.skip(tag)?;
        self.reader.leave(attribute)?;
        Ok(Some(NamePart { oid, value, joined }))
    }
}

impl<'a> Iterator for NameParts<'a> {
    type Item = NamePart<'a>;

    fn next(&mut self) -> Option<NamePart<'a>> {
        // It was checked when the name was read.
        self.read().ok().flatten()
    }
}

impl fmt::Debug for NameParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// One part of a [`Name`].
#[derive(Clone)]
pub struct NamePart<'a> {
    oid: ObjectIdentifier,
    /// At the value, with its end as the limit.
    value: Reader<'a>,
    joined: bool,
}

impl<'a> NamePart<'a> {
    /// Its type.
    #[must_use]
    pub const fn oid(&self) -> &ObjectIdentifier {
        &self.oid
    }

    /// The short name of its type, such as `CN`; `None` if it has none.
    #[must_use]
    pub fn short_name(&self) -> Option<&'static str> {
        let mut names = SHORT_NAMES.iter();
        let known = names.find(|(oid, _)| *oid == self.oid.as_der());
        known.map(|(_, name)| *name)
    }

    /// Its value; `None` if that is no text.
    #[must_use]
    pub fn text(&self) -> Option<NameText<'a>> {
        NameText::at(self.value.clone()).ok().flatten()
    }

    /// Whether it forms one step of the name with the part before it.
    #[must_use]
    pub const fn is_joined(&self) -> bool {
        self.joined
    }

    fn matches(&self, other: &Self) -> bool {
        let same = self.oid == other.oid && self.joined == other.joined;
        same && match (self.text(), other.text()) {
            (Some(one), Some(other)) => one.comparable().eq(other.comparable()),
            (None, None) => bytes(self.value.clone()).eq(bytes(other.value.clone())),
            _ => false,
        }
    }

    /// Writes the part: what is no text, in hexadecimal behind a `#` (RFC 4514 2.4).
    fn write_text(&self, sink: &mut impl Sink) {
        match self.short_name() {
            Some(name) => sink.write(name.as_bytes()),
            None => self.oid.write_text(sink),
        }
        sink.write(b"=");
        if let Some(text) = self.text() {
            return text.write_escaped(sink);
        }
        sink.write(b"#");
        for byte in bytes(self.value.clone()) {
            sink.write(&[digit(byte >> 4), digit(byte & 0xF)]);
        }
    }
}

impl fmt::Debug for NamePart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}

/// What is left of the reader's structure.
pub(super) fn bytes(mut reader: Reader<'_>) -> impl Iterator<Item = u8> {
    core::iter::from_fn(move || {
        if reader.at_end() {
            return None;
        }
        reader.byte().ok()
    })
}

/// Reads past an object identifier; `None` for one that is longer than is held.
pub(super) fn read_oid(reader: &mut Reader<'_>) -> Result<Option<ObjectIdentifier>, KeyRefusal> {
    let mut buffer = [0; MAX_LEN];
    let mut inside = reader.clone();
    let len = inside.header(OBJECT_IDENTIFIER)?;
    if len > buffer.len() {
        reader.skip(OBJECT_IDENTIFIER)?;
        return Ok(None);
    }
    Ok(ObjectIdentifier::from_der(
        reader.contents(OBJECT_IDENTIFIER, &mut buffer)?,
    ))
}
