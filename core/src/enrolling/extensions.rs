//! The extensions of a certificate (RFC 5280 4.2), and those that a request asks for.

use core::fmt;

use crate::bytes::sink::Sink;
use crate::enrolling::name::{bytes, read_oid};
use crate::enrolling::name_text::NameText;
use crate::enrolling::object_identifier::ObjectIdentifier;
use crate::error::key_refusal::KeyRefusal;
use crate::error::message::show;
use crate::keys::der::{
    BIT_STRING, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE,
};

/// The arc of the extensions that RFC 5280 defines, id-ce: 2.5.29.
const ID_CE: [u8; 2] = [0x55, 0x1D];
/// Their last numbers. The two identifiers of keys (4.2.1.1, 4.2.1.2) help to find certificates, and say
/// nothing that has to be kept.
const SUBJECT_KEY_IDENTIFIER: u8 = 14;
const KEY_USAGE: u8 = 15;
const SUBJECT_ALT_NAME: u8 = 17;
const BASIC_CONSTRAINTS: u8 = 19;
const AUTHORITY_KEY_IDENTIFIER: u8 = 35;
const EXTENDED_KEY_USAGE: u8 = 37;

/// What a key may be used for (RFC 5280 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// The names of the bits, the first one first.
    const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "contentCommitment",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    const fn has(self, bit: u16) -> bool {
        self.0 & (0x8000 >> bit) != 0
    }

    /// Signatures other than on certificates and revocation lists: what DAX needs.
    #[must_use]
    pub const fn digital_signature(self) -> bool {
        self.has(0)
    }

    /// Signatures on certificates.
    #[must_use]
    pub const fn key_cert_sign(self) -> bool {
        self.has(5)
    }

    /// The names of all uses, as RFC 5280 has them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let names = (0..).zip(Self::NAMES);
        names.filter_map(move |(bit, name)| self.has(bit).then_some(name))
    }
}

/// Whether a certificate is an authority's (RFC 5280 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether its key may sign certificates.
    pub is_authority: bool,
    /// How many authorities may stand between it and a certificate, at most.
    pub path_len: Option<u32>,
}

/// One name of the subjectAltName (RFC 5280 4.2.1.6).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AlternativeName<'a> {
    /// A DNS name.
    Dns(NameText<'a>),
    /// An e-mail address.
    Email(NameText<'a>),
    /// A URI.
    Uri(NameText<'a>),
    /// An address of 4 bytes.
    Ipv4([u8; 4]),
    /// An address of 16 bytes.
    Ipv6([u8; 16]),
    /// A name of another kind.
    Other {
        /// The number of its kind in RFC 5280.
        kind: u8,
    },
}

/// The extensions that are understood, and whether there are others that must be.
#[derive(Clone, Default)]
pub struct Extensions<'a> {
    key_usage: Option<KeyUsage>,
    constraints: Option<BasicConstraints>,
    /// In the list of uses.
    uses: Option<Reader<'a>>,
    /// In the list of names.
    names: Option<Reader<'a>>,
    unknown_critical: Option<ObjectIdentifier>,
    count: usize,
}

impl<'a> Extensions<'a> {
    /// Extensions ::= SEQUENCE OF SEQUENCE { OID, BOOLEAN optional, OCTET STRING }.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, KeyRefusal> {
        let mut found = Self::default();
        let list = reader.enter(SEQUENCE)?;
        while !reader.at_end() {
            let extension = reader.enter(SEQUENCE)?;
            let oid = read_oid(reader)?;
            let critical = reader.peek()? == BOOLEAN && read_boolean(reader)?;
            let value = reader.enter(OCTET_STRING)?;
            let known = match oid {
                Some(oid) => found.take(&oid, reader)?,
                None => false,
            };
            if known {
                reader.leave(value)?;
            } else {
                reader.leave_early(value)?;
                if critical {
                    found.unknown_critical = Some(oid.unwrap_or(ObjectIdentifier::EMPTY));
                }
            }
            reader.leave(extension)?;
            found.count = found.count.saturating_add(1);
        }
        reader.leave(list)?;
        Ok(found)
    }

    /// Reads the value of an extension that is known, which may be there once. Tells whether it is one.
    fn take(
        &mut self,
        oid: &ObjectIdentifier,
        reader: &mut Reader<'a>,
    ) -> Result<bool, KeyRefusal> {
        let malformed = reader.malformed();
        let &[a, b, number] = oid.as_der() else {
            return Ok(false);
        };
        if [a, b] != ID_CE {
            return Ok(false);
        }
        let repeated = match number {
            KEY_USAGE => self.key_usage.replace(read_key_usage(reader)?).is_some(),
            BASIC_CONSTRAINTS => {
                let constraints = read_constraints(reader)?;
                self.constraints.replace(constraints).is_some()
            }
            EXTENDED_KEY_USAGE => self.uses.replace(read_uses(reader)?).is_some(),
            SUBJECT_ALT_NAME => self.names.replace(read_names(reader)?).is_some(),
            SUBJECT_KEY_IDENTIFIER | AUTHORITY_KEY_IDENTIFIER => {
                let tag = reader.peek()?;
                reader.skip(tag)?;
                false
            }
            _ => return Ok(false),
        };
        if repeated { Err(malformed) } else { Ok(true) }
    }

    /// What the key may be used for; `None` where nothing is said, and anything is allowed.
    #[must_use]
    pub const fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }

    /// Whether it is an authority's; `None` where nothing is said, and it is not.
    #[must_use]
    pub const fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.constraints
    }

    /// The purposes (extended key usage); `None` where nothing is said, and any is allowed.
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<impl Iterator<Item = ObjectIdentifier> + use<'a>> {
        let mut reader = self.uses.clone()?;
        Some(core::iter::from_fn(move || {
            // Those that are longer than is held are left out.
            while !reader.at_end() {
                if let Some(oid) = read_oid(&mut reader).ok()? {
                    return Some(oid);
                }
            }
            None
        }))
    }

    /// The names of the subjectAltName in their order.
    pub fn alternative_names(&self) -> impl Iterator<Item = AlternativeName<'a>> + use<'a> {
        let mut reader = self.names.clone();
        core::iter::from_fn(move || {
            let reader = reader.as_mut()?;
            if reader.at_end() {
                return None;
            }
            read_name(reader).ok()
        })
    }

    /// The DNS names of the subjectAltName in their order.
    pub fn dns_names(&self) -> impl Iterator<Item = NameText<'a>> + use<'a> {
        self.alternative_names().filter_map(|name| match name {
            AlternativeName::Dns(name) => Some(name),
            _ => None,
        })
    }

    /// One that is critical, so that whoever does not know it must not trust the certificate, and that
    /// this library does not know.
    #[must_use]
    pub const fn unknown_critical(&self) -> Option<&ObjectIdentifier> {
        self.unknown_critical.as_ref()
    }

    /// How many there are, known or not.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }
}

impl fmt::Debug for Extensions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extensions")
            .field("key_usage", &self.key_usage)
            .field("basic_constraints", &self.constraints)
            .field("unknown_critical", &self.unknown_critical)
            .finish_non_exhaustive()
    }
}

impl AlternativeName<'_> {
    /// Writes the name as [`Display`](fmt::Display) shows it: `DNS:host.example.org`.
    pub fn write_text(&self, sink: &mut impl Sink) {
        let (label, text) = match self {
            Self::Dns(text) => ("DNS:", text),
            Self::Email(text) => ("email:", text),
            Self::Uri(text) => ("URI:", text),
            Self::Ipv4(address) => return write_address("IP:", address, sink),
            Self::Ipv6(address) => return write_address("IP:", address, sink),
            Self::Other { kind } => {
                sink.write(b"name of kind ");
                return crate::bytes::sink::write_decimal(u64::from(*kind), sink);
            }
        };
        sink.write(label.as_bytes());
        text.write_text(sink);
    }
}

/// Four numbers with points, or eight in hexadecimal with colons.
fn write_address(label: &str, address: &[u8], sink: &mut impl Sink) {
    use crate::bytes::sink::write_decimal;
    use crate::enrolling::name_text::digit;
    sink.write(label.as_bytes());
    let is_v4 = address.len() == 4;
    for (index, byte) in address.iter().enumerate() {
        if is_v4 {
            sink.write(if index > 0 { b"." } else { b"" });
            write_decimal(u64::from(*byte), sink);
        } else {
            let colon = index > 0 && index.is_multiple_of(2);
            sink.write(if colon { b":" } else { b"" });
            sink.write(&[digit(byte >> 4), digit(byte & 0xF)]);
        }
    }
}

impl fmt::Display for AlternativeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}

fn read_boolean(reader: &mut Reader<'_>) -> Result<bool, KeyRefusal> {
    let malformed = reader.malformed();
    match reader.contents(BOOLEAN, &mut [0])? {
        [0] => Ok(false),
        [0xFF] => Ok(true),
        _ => Err(malformed),
    }
}

/// KeyUsage ::= BIT STRING, of which nine bits are defined.
fn read_key_usage(reader: &mut Reader<'_>) -> Result<KeyUsage, KeyRefusal> {
    let malformed = reader.malformed();
    let mut buffer = [0; 3];
    let len = reader.contents(BIT_STRING, &mut buffer)?.len();
    let [unused, high, low] = buffer;
    let bits = u16::from_be_bytes([high, low]);
    let said = len.saturating_sub(1).saturating_mul(8);
    let said = said.checked_sub(unused.into()).ok_or(malformed)?;
    // What is unused is 0 (X.690 11.2.1), and says nothing.
    let beyond = u16::MAX.checked_shr(u32::try_from(said).unwrap_or(u32::MAX));
    if len == 0 || unused > 7 || bits & beyond.unwrap_or_default() != 0 {
        return Err(malformed);
    }
    Ok(KeyUsage(bits))
}

/// BasicConstraints ::= SEQUENCE { BOOLEAN default false, INTEGER optional }.
fn read_constraints(reader: &mut Reader<'_>) -> Result<BasicConstraints, KeyRefusal> {
    let malformed = reader.malformed();
    let outer = reader.enter(SEQUENCE)?;
    let mut constraints = BasicConstraints {
        is_authority: false,
        path_len: None,
    };
    if !reader.at_end() && reader.peek()? == BOOLEAN {
        constraints.is_authority = read_boolean(reader)?;
    }
    if !reader.at_end() && reader.peek()? == INTEGER {
        constraints.path_len = Some(reader.small_integer()?.ok_or(malformed)?);
    }
    reader.leave(outer)?;
    Ok(constraints)
}

/// ExtKeyUsageSyntax ::= SEQUENCE OF OID.
fn read_uses<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    let inside = reader.clone();
    while !reader.at_end() {
        reader.skip(OBJECT_IDENTIFIER)?;
    }
    reader.leave(outer)?;
    Ok(inside)
}

/// GeneralNames ::= SEQUENCE OF GeneralName.
fn read_names<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    let inside = reader.clone();
    while !reader.at_end() {
        read_name(reader)?;
    }
    reader.leave(outer)?;
    Ok(inside)
}

/// GeneralName ::= CHOICE, by its tag.
fn read_name<'a>(reader: &mut Reader<'a>) -> Result<AlternativeName<'a>, KeyRefusal> {
    let place = reader.clone();
    let tag = reader.peek()?;
    reader.skip(tag)?;
    Ok(match tag {
        0x81 => AlternativeName::Email(NameText::ascii(place, tag)?),
        0x82 => AlternativeName::Dns(NameText::ascii(place, tag)?),
        0x86 => AlternativeName::Uri(NameText::ascii(place, tag)?),
        0x87 => return read_address(place),
        // Tags of the context's class, whose lower bits are the kind.
        0x80..=0xBF => AlternativeName::Other { kind: tag & 0x1F },
        _ => return Err(place.malformed()),
    })
}

fn read_address(mut reader: Reader<'_>) -> Result<AlternativeName<'static>, KeyRefusal> {
    let malformed = reader.malformed();
    let _ = reader.enter(0x87)?;
    let mut address = [0; 16];
    let mut count = 0_usize;
    for (slot, byte) in address.iter_mut().zip(bytes(reader.clone())) {
        *slot = byte;
        count = count.saturating_add(1);
    }
    let rest = bytes(reader).count();
    match (count, address.first_chunk::<4>()) {
        (16, _) if rest == 16 => Ok(AlternativeName::Ipv6(address)),
        (4, Some(address)) => Ok(AlternativeName::Ipv4(*address)),
        _ => Err(malformed),
    }
}
