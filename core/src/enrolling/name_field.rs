//! What a request says of its owner: the parts of a subject, and DNS names, with their string types.

use crate::enrolling::der_writer::{DerWriter, OBJECT_IDENTIFIER, SEQUENCE, SET};
use crate::enrolling::error::{FieldProblem, RequestField};
use crate::enrolling::field_check::{self, GUID_LEN};

const UTF8_STRING: u8 = 0x0C;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
/// dNSName of a GeneralName (RFC 5280 4.2.1.6): `[2]` in place of IA5String's tag.
const DNS_NAME: u8 = 0x82;

/// The domain of all DAX names.
const DOMAIN: &str = ".dax.amido.io";

/// A type of fields: the most characters that one may have, and how it is told of.
struct Kind {
    /// The object identifier's contents in DER.
    oid: &'static [u8],
    tag: u8,
    max: u16,
    field: RequestField,
}

/// Characters of a country's code, and of nothing else.
const COUNTRY_LEN: u16 = 2;

const fn kind(oid: &'static [u8], tag: u8, max: u16, field: RequestField) -> Kind {
    Kind {
        oid,
        tag,
        max,
        field,
    }
}

/// Any other type: as many characters as a UID may have (RFC 4519 2.39 with X.520 6.2.12), which also
/// keeps a subject within the lengths that are written.
const OTHER: Kind = kind(b"", UTF8_STRING, 256, RequestField::OtherName);

/// countryName, 2.5.4.6 (RFC 5280 A.1, as the next four).
pub(super) const COUNTRY: &[u8] = &[0x55, 0x04, 0x06];
/// localityName, 2.5.4.7.
pub(super) const LOCALITY: &[u8] = &[0x55, 0x04, 0x07];
/// organizationName, 2.5.4.10.
pub(super) const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0A];
/// organizationalUnitName, 2.5.4.11.
pub(super) const UNIT: &[u8] = &[0x55, 0x04, 0x0B];
/// commonName, 2.5.4.3.
pub(super) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// jurisdictionCountryName, 1.3.6.1.4.1.311.60.2.1.3 (CA/Browser Forum, EV guidelines 9.2.4).
const JURISDICTION_COUNTRY: &[u8] = &[
    0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01, 0x03,
];
/// domainComponent, 0.9.2342.19200300.100.1.25 (RFC 4519 2.4).
const DOMAIN_COMPONENT: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19];
/// emailAddress, 1.2.840.113549.1.9.1 (RFC 2985 5.2.1).
const EMAIL_ADDRESS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01];

/// Those whose string type (C-TYPES) or upper bound (RFC 5280 A.1) differs from other types'.
const KINDS: [Kind; 13] = [
    kind(
        COUNTRY,
        PRINTABLE_STRING,
        COUNTRY_LEN,
        RequestField::Country,
    ),
    kind(LOCALITY, UTF8_STRING, 128, RequestField::Locality),
    kind(ORGANIZATION, UTF8_STRING, 64, RequestField::Organization),
    kind(UNIT, UTF8_STRING, 64, RequestField::Unit),
    kind(COMMON_NAME, UTF8_STRING, 64, RequestField::CommonName),
    kind(
        JURISDICTION_COUNTRY,
        PRINTABLE_STRING,
        COUNTRY_LEN,
        RequestField::OtherName,
    ),
    // serialNumber, dnQualifier.
    kind(
        &[0x55, 0x04, 0x05],
        PRINTABLE_STRING,
        64,
        RequestField::OtherName,
    ),
    kind(
        &[0x55, 0x04, 0x2E],
        PRINTABLE_STRING,
        64,
        RequestField::OtherName,
    ),
    // stateOrProvinceName, title, businessCategory (X.520 6.5.4).
    kind(
        &[0x55, 0x04, 0x08],
        UTF8_STRING,
        128,
        RequestField::OtherName,
    ),
    kind(
        &[0x55, 0x04, 0x0C],
        UTF8_STRING,
        64,
        RequestField::OtherName,
    ),
    kind(
        &[0x55, 0x04, 0x0F],
        UTF8_STRING,
        128,
        RequestField::OtherName,
    ),
    // A label of a DNS name; what OpenSSL allows.
    kind(DOMAIN_COMPONENT, IA5_STRING, 63, RequestField::OtherName),
    kind(EMAIL_ADDRESS, IA5_STRING, 128, RequestField::OtherName),
];

fn kind_of(oid: &[u8]) -> &'static Kind {
    KINDS.iter().find(|kind| kind.oid == oid).unwrap_or(&OTHER)
}

/// A text, as the caller has it or put together while it is written.
#[derive(Clone, Copy)]
pub(super) enum Text<'a> {
    Plain(&'a str),
    /// `<id>.instance.<environment>.dax.amido.io`, with the id in lowercase.
    Host {
        id: &'a str,
        role: &'static str,
        environment: &'a str,
    },
}

impl Text<'_> {
    fn write(&self, der: &mut DerWriter<'_>) {
        match self {
            Self::Plain(text) => der.raw(text.as_bytes()),
            Self::Host {
                id,
                role,
                environment,
            } => {
                let mut lowercase = [0; GUID_LEN];
                for (slot, byte) in lowercase.iter_mut().zip(id.bytes()) {
                    *slot = byte.to_ascii_lowercase();
                }
                der.raw(&lowercase);
                for part in [role, environment, DOMAIN] {
                    der.raw(part.as_bytes());
                }
            }
        }
    }

    /// How many bytes it has.
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::Plain(text) => text.len(),
            Self::Host {
                role, environment, ..
            } => GUID_LEN
                .saturating_add(role.len())
                .saturating_add(environment.len())
                .saturating_add(DOMAIN.len()),
        }
    }

    /// Writes it as a dNSName.
    pub(super) fn write_dns_name(&self, der: &mut DerWriter<'_>) {
        der.header(DNS_NAME, self.len());
        self.write(der);
    }

    /// Writes it as one part of a subject: RelativeDistinguishedName ::= SET OF SEQUENCE { OID, string }
    /// (RFC 5280 4.1.2.4).
    pub(super) fn write_name(&self, oid: &[u8], der: &mut DerWriter<'_>) {
        der.element(SET, |der| {
            der.element(SEQUENCE, |der| {
                der.bytes(OBJECT_IDENTIFIER, oid);
                der.header(kind_of(oid).tag, self.len());
                self.write(der);
            });
        });
    }
}

/// A field and what is wrong with it: a few words, of which an error is made at the end.
pub(super) type Refused = (RequestField, FieldProblem);

/// Whether a field of this type can have this value.
///
/// # Errors
/// Which field it is, and what is wrong with it.
pub(super) fn check(oid: &[u8], value: &str) -> Result<(), Refused> {
    let kind = kind_of(oid);
    let checked = match kind.tag {
        PRINTABLE_STRING => field_check::printable(value),
        IA5_STRING => field_check::ascii(value),
        _ => Ok(()),
    };
    checked.map_err(|problem| (kind.field, problem))?;
    check_text(oid, value)
}

/// The same for a type that is a UTF8String or a country.
///
/// # Errors
/// As [`check`].
pub(super) fn check_text(oid: &[u8], value: &str) -> Result<(), Refused> {
    let kind = kind_of(oid);
    let checked = match kind.max {
        COUNTRY_LEN => field_check::country(value),
        max => field_check::text(value, usize::from(max)),
    };
    checked.map_err(|problem| (kind.field, problem))
}

/// The length of a common name whose parts were checked (C-CSR).
///
/// # Errors
/// [`FieldProblem::TooLong`].
pub(super) fn check_common_name(len: usize) -> Result<(), Refused> {
    let kind = kind_of(COMMON_NAME);
    let checked = field_check::length(len, usize::from(kind.max));
    checked.map_err(|problem| (kind.field, problem))
}
