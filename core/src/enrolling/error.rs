//! What can be refused while enrolling. Its own set, so that who only signs does not link its texts.

use core::fmt;

use crate::bytes::sink::Sink;
use crate::enrolling::object_identifier::ObjectIdentifier;
use crate::error::Error;
use crate::error::key_refusal::KeyRefusal;
use crate::error::key_sizes::MAX_MODULUS_BITS;
use crate::error::message::{Part, say, show};

/// Why something of enrolling was refused.
///
/// As with [`Error`], [`name`](Self::name) is stable, and the message says what was wrong, where, and
/// what to do. No error holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum EnrolError {
    /// What the rest of the library refuses, too: a buffer, a key, a signature.
    Core(Error),
    /// What was given for a field of a request cannot stand there (C-CSR, C-TYPES).
    InvalidField {
        /// The field.
        field: RequestField,
        /// What is wrong with it.
        problem: FieldProblem,
    },
    /// No key of so many bits is made: 2048, 3072 and 4096 are, as far as this build can hold them.
    KeySize {
        /// What was asked for.
        bits: usize,
    },
    /// The caller's source of randomness failed.
    RandomnessFailed,
    /// The caller's source of randomness repeats itself (SP 800-90B 4.4.1).
    RandomnessStuck,
    /// No prime was found among as many numbers as FIPS 186-5 A.1.3 allows, which by chance does not
    /// happen.
    NoPrime,
    /// A certificate or a request whose structure is not that of one.
    Malformed {
        /// Which of them it should be.
        document: Document,
        /// Where in its DER.
        offset: usize,
    },
    /// A request that is not signed by the key that stands in it.
    NotSignedByItsKey,
    /// Text that is no thumbprint (C-THUMB).
    InvalidThumbprint {
        /// How many hexadecimal digits were found.
        digits: usize,
        /// Where something else stands, if it does.
        offset: Option<usize>,
    },
    /// A certificate that the pinned authority did not issue, or not so that it may be trusted.
    Untrusted {
        /// Whose problem it is: 0 for the certificate itself, 1 for the authority above it, and so on.
        position: usize,
        /// What is wrong.
        problem: TrustProblem,
    },
}

/// What a file should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A certificate (X.509).
    Certificate,
    /// A request for one (PKCS#10).
    Request,
}

/// Why a certificate is not trusted. See [`EnrolError::Untrusted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum TrustProblem {
    /// Nobody who is known has the name of the issuer.
    OtherIssuer,
    /// The signature on the certificate below is not this key's.
    Signature,
    /// The certificate below is signed with another algorithm than SHA-256 with RSA.
    Algorithm {
        /// That algorithm.
        oid: ObjectIdentifier,
    },
    /// Its key is none that this library takes.
    Key,
    /// Its validity has not begun.
    NotYetValid,
    /// Its validity is over.
    Expired,
    /// It is not of version 3.
    Version {
        /// Which version it is of.
        version: u32,
    },
    /// It is no authority's certificate.
    NotAnAuthority,
    /// It is an authority's, whose key usage lacks keyCertSign.
    MayNotSign,
    /// More authorities stand below it than it allows.
    PathTooLong {
        /// How many it allows.
        allowed: usize,
    },
    /// It has a critical extension that is not understood.
    UnknownCritical {
        /// That extension.
        oid: ObjectIdentifier,
    },
    /// It states purposes, and not the one that is wanted.
    OtherPurpose,
}

/// A field of a request for a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum RequestField {
    /// The instance id, of which the common name is made.
    InstanceId,
    /// The partner id.
    PartnerId,
    /// The environment, such as `prod`.
    Environment,
    /// The country (C).
    Country,
    /// The city or place (L).
    Locality,
    /// The organization (O).
    Organization,
    /// The part of the organization (OU).
    Unit,
    /// The common name (CN).
    CommonName,
    /// A DNS name of the subjectAltName.
    DnsName,
    /// Any other name of the subject.
    OtherName,
    /// The object identifier of such a name.
    ObjectIdentifier,
}

/// What is wrong with a field. See [`EnrolError::InvalidField`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum FieldProblem {
    /// Nothing stands there.
    Empty,
    /// Not a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with `-` between.
    NotAGuid {
        /// The first byte that does not belong.
        offset: usize,
    },
    /// Not two capital letters.
    NotACountry,
    /// More characters than RFC 5280 allows there.
    TooLong {
        /// How many there are.
        len: usize,
        /// How many there may be.
        max: usize,
    },
    /// A control character.
    ControlCharacter {
        /// Where.
        offset: usize,
    },
    /// A character that a PrintableString cannot hold.
    NotPrintable {
        /// Where.
        offset: usize,
    },
    /// A character beyond ASCII, where there is room for ASCII only.
    NotAscii {
        /// Where.
        offset: usize,
    },
    /// Not UTF-8, which texts of callers that have bytes must be.
    NotUtf8 {
        /// The first byte that does not belong.
        offset: usize,
    },
    /// Not a DNS name: labels of letters, digits and hyphens, with points between.
    NotADnsName {
        /// The first byte that does not belong.
        offset: usize,
    },
    /// More of them than a request can hold.
    TooMany {
        /// How many it can.
        max: usize,
    },
    /// Not what [`ObjectIdentifier::parse`](crate::ObjectIdentifier::parse) reads.
    NotAnObjectIdentifier,
}

impl From<Error> for EnrolError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl EnrolError {
    /// The stable name: `invalid-field`, …, or that of the [`Error`] within.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Core(error) => error.name(),
            Self::InvalidField { .. } => "invalid-field",
            Self::KeySize { .. } => "key-size",
            Self::RandomnessFailed => "randomness-failed",
            Self::RandomnessStuck => "randomness-stuck",
            Self::NoPrime => "no-prime",
            Self::Malformed {
                document: Document::Certificate,
                ..
            } => "malformed-certificate",
            Self::Malformed {
                document: Document::Request,
                ..
            } => "malformed-request",
            Self::NotSignedByItsKey => "request-not-signed",
            Self::InvalidThumbprint { .. } => "invalid-thumbprint",
            Self::Untrusted { .. } => "untrusted-certificate",
        }
    }

    /// Writes the message, as [`Display`](fmt::Display) shows it, in pieces that are UTF-8 each. It uses
    /// nothing of `core::fmt`.
    pub fn write_message(&self, sink: &mut impl Sink) {
        match self {
            Self::Core(error) => error.write_message(sink),
            Self::InvalidField { field, problem } => {
                say!(sink, field.name(), " cannot be used: ", problem);
            }
            Self::KeySize { bits } => say!(
                sink,
                "no key of ",
                bits,
                " bits is made: ask for 2048, 3072 or 4096, and not more than this build can hold, ",
                &MAX_MODULUS_BITS,
            ),
            Self::RandomnessFailed => say!(
                sink,
                "the source of randomness failed, so no key was made: see why it did, and try again"
            ),
            Self::RandomnessStuck => say!(
                sink,
                "the source of randomness repeats itself: no key can be made with it; whatever else was \
                 made with it is to be replaced"
            ),
            Self::NoPrime => say!(
                sink,
                "no prime was found among as many numbers as may be tried: the source of randomness \
                 gives no random numbers"
            ),
            Self::Malformed { document, offset } => say!(
                sink,
                "the file is no ",
                document.name(),
                " at byte ",
                offset,
                " of its DER: is it damaged, or something else?"
            ),
            Self::NotSignedByItsKey => say!(
                sink,
                "the request is not signed by the key that it is for: it was changed, or made with \
                 two different keys; make it again"
            ),
            Self::InvalidThumbprint { digits, offset } => say_thumbprint(*digits, *offset, sink),
            Self::Untrusted { position, problem } => say_untrusted(*position, problem, sink),
        }
    }
}

fn say_thumbprint(digits: usize, offset: Option<usize>, sink: &mut impl Sink) {
    if let Some(offset) = offset {
        say!(sink, "no hexadecimal digit stands at byte ", &offset);
    } else {
        say!(sink, "the thumbprint has ", &digits, " hexadecimal digits");
    }
    say!(sink, ": a thumbprint is 40 of them (SHA-1) or 64 (SHA-256)");
}

fn say_untrusted(position: usize, problem: &TrustProblem, sink: &mut impl Sink) {
    match position {
        0 => say!(sink, "the certificate is not trusted: it "),
        1 => say!(
            sink,
            "the certificate is not trusted: the authority above it "
        ),
        _ => say!(
            sink,
            "the certificate is not trusted: authority ",
            &position,
            " above it "
        ),
    }
    say!(sink, problem);
}

impl Document {
    /// For a person.
    const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Request => "certificate request",
        }
    }
}

impl EnrolError {
    /// What is wrong with a document: with its structure, or its file.
    #[cold]
    pub(super) fn of(document: Document, refusal: KeyRefusal) -> Self {
        let offset = match refusal.der_offset() {
            None if refusal == KeyRefusal::NOT_A_KEY => Some(0),
            offset => offset,
        };
        match offset {
            Some(offset) => Self::Malformed { document, offset },
            None => Self::Core(refusal.into()),
        }
    }
}

impl Part for TrustProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
            Self::OtherIssuer => {
                "has another name than the issuer's: give all certificates of the chain, and the \
                 right authority"
            }
            Self::Signature => {
                "did not make the signature: the certificate was changed, or is another authority's"
            }
            Self::Algorithm { oid } => {
                say!(sink, "signed with algorithm ");
                oid.write_text(sink);
                ", and only SHA-256 with RSA is taken"
            }
            Self::Key => "has a key that is not taken: an RSA key of 2048 bits or more is needed",
            Self::NotYetValid => "is not valid yet: check the clock",
            Self::Expired => "has expired: get a new one, or check the clock",
            Self::Version { version } => {
                say!(sink, "is of version ", version);
                ", without the extensions that say what it is for: have it issued again as version 3"
            }
            Self::NotAnAuthority => "is no authority (basicConstraints without CA:TRUE)",
            Self::MayNotSign => "may not sign certificates (keyUsage without keyCertSign)",
            Self::PathTooLong { allowed } => {
                say!(sink, "allows ", allowed);
                " authorities below it, and there are more"
            }
            Self::UnknownCritical { oid } => {
                say!(sink, "has the critical extension ");
                oid.write_text(sink);
                ", which is not understood here"
            }
            Self::OtherPurpose => {
                "does not allow what the certificate is wanted for (extendedKeyUsage): have it issued for \
                 that purpose"
            }
        };
        say!(sink, text);
    }
}

impl RequestField {
    /// For a person: `the country (C)`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InstanceId => "the instance id",
            Self::PartnerId => "the partner id",
            Self::Environment => "the environment",
            Self::Country => "the country (C)",
            Self::Locality => "the locality (L)",
            Self::Organization => "the organization (O)",
            Self::Unit => "the organizational unit (OU)",
            Self::CommonName => "the common name (CN)",
            Self::DnsName => "a DNS name of the subjectAltName",
            Self::OtherName => "a name of the subject",
            Self::ObjectIdentifier => "the object identifier of a name",
        }
    }
}

impl Part for FieldProblem {
    fn write(&self, sink: &mut impl Sink) {
        match self {
            Self::Empty => say!(sink, "it is empty: give it a value"),
            Self::NotAGuid { offset } => say!(
                sink,
                "it is no GUID at byte ",
                offset,
                ": write 32 hexadecimal digits as 01234567-89ab-cdef-0123-456789abcdef, as it was \
                 given to you"
            ),
            Self::NotACountry => say!(
                sink,
                "it is not two capital letters: write the country's code of ISO 3166-1, such as SE"
            ),
            Self::TooLong { len, max } => {
                say!(sink, "it has ", len, " characters and ", max);
                say!(
                    sink,
                    " are allowed (RFC 5280): shorten it, or what it is made of"
                );
            }
            Self::ControlCharacter { offset } => {
                say!(
                    sink,
                    "there is a control character at byte ",
                    offset,
                    ": remove it"
                );
            }
            Self::NotPrintable { offset } => say!(
                sink,
                "byte ",
                offset,
                " is none of A-Z, a-z, 0-9, space and '()+,-./:=?, which are all that a \
                 PrintableString holds"
            ),
            Self::NotAscii { offset } => {
                say!(sink, "byte ", offset, " is not ASCII, which it must be");
            }
            Self::NotUtf8 { offset } => say!(
                sink,
                "it is not UTF-8 at byte ",
                offset,
                ": encode it as UTF-8"
            ),
            Self::NotADnsName { offset } => say!(
                sink,
                "it is no DNS name at byte ",
                offset,
                ": write labels of at most 63 letters, digits and hyphens, with points between"
            ),
            Self::TooMany { max } => {
                say!(sink, "a request holds at most ", max, " of them");
            }
            Self::NotAnObjectIdentifier => say!(
                sink,
                "it is not numbers with points between, such as 2.5.4.5, or too long"
            ),
        }
    }
}

impl fmt::Display for EnrolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_message(sink))
    }
}

impl core::error::Error for EnrolError {}

impl fmt::Display for TrustProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write(sink))
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write(sink))
    }
}
