//! The one set of errors, with the names of the rules (`invalid-date`, …) and what a person needs
//! to mend the request: where it went wrong and by how much. No error holds a secret.

use core::fmt;

use crate::label::Label;

/// Why an operation was refused.
///
/// [`Error::name`] is the stable name, the same in Rust, C and the command-line tool; the
/// [`Display`](fmt::Display) text says what was wrong, where, and what to do. Positions in lists
/// count from 1, byte offsets from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A name in the component list is no HTTP field name (S-LIST).
    InvalidComponent {
        /// Which entry of the list, counted from 1.
        position: usize,
        /// The entry.
        name: Label,
    },
    /// The component list lacks a required entry (S-REQUIRED).
    MissingComponent {
        /// `(request-target)` or `date`.
        name: &'static str,
    },
    /// The component list holds a name in parentheses other than `(request-target)` (S-REQUIRED).
    UnsupportedComponent {
        /// Which entry of the list, counted from 1.
        position: usize,
        /// The entry.
        name: Label,
    },
    /// The method is empty or not an HTTP token (S-METHOD).
    InvalidMethod {
        /// The first byte that does not belong; the length for an empty method.
        offset: usize,
    },
    /// The target does not start with `/` or has a byte outside 0x21–0x7E (S-TARGET).
    InvalidTarget {
        /// The first byte that does not belong.
        offset: usize,
    },
    /// A listed field is not in the request (S-MISSING), or a request to verify has no `Signature`.
    MissingHeader {
        /// The field's name.
        name: Label,
    },
    /// A listed field has a value that cannot be signed (S-TRIM, S-FOLD, S-JOIN, S-UTF8).
    InvalidHeaderValue {
        /// The field's name.
        name: Label,
        /// Which of the request's fields of that name, counted from 1.
        instance: usize,
        /// Where in that field's value.
        offset: usize,
        /// What was found there.
        problem: ValueProblem,
    },
    /// The `Date` field is not an ISO 8601 time with a zone (S-DATE).
    InvalidDate {
        /// What is wrong with it.
        problem: DateProblem,
    },
    /// `Content-Length` is not the body's length (S-LENGTH).
    ContentLengthMismatch {
        /// The length the request declares; `None` where the field is no decimal number.
        declared: Option<u64>,
        /// The body's length in bytes, as far as it was seen.
        actual: u64,
    },
    /// A field names a charset other than UTF-8 (S-UTF8).
    UnsupportedCharset {
        /// `content-type` or `accept-charset`.
        field: &'static str,
        /// The charset named.
        charset: Label,
    },
    /// The REST option asks for `Content-Type: application/json` (S-UTF8).
    InvalidContentType,
    /// The body cannot be signed (S-UTF8).
    InvalidBody {
        /// The first byte that does not belong.
        offset: usize,
        /// What was found there.
        problem: BodyProblem,
    },
    /// The output does not fit the buffer; nothing was given out.
    BufferTooSmall {
        /// The exact number of bytes needed.
        needed: usize,
    },
    /// The `Signature` field breaks the grammar (S-PARSE).
    MalformedSignatureHeader {
        /// The first byte that does not belong, in the field's value.
        offset: usize,
        /// What was found there.
        problem: SyntaxProblem,
    },
    /// The `Signature` field lacks a parameter (S-PARSE).
    MissingParameter {
        /// `realm`, `algorithm`, `headers` or `signature`.
        name: &'static str,
    },
    /// The `Signature` field has a parameter twice (S-PARSE).
    DuplicateParameter {
        /// `realm`, `algorithm`, `headers` or `signature`.
        name: &'static str,
        /// Where the second one starts.
        offset: usize,
    },
    /// The realm is not `dax` (S-REALM).
    WrongRealm {
        /// The realm found.
        found: Label,
    },
    /// The algorithm is not `sha256withrsa` (S-ALG).
    UnsupportedAlgorithm {
        /// The algorithm found.
        found: Label,
    },
    /// The signature is not canonical base64 of exactly the modulus length (S-SIG).
    InvalidSignatureEncoding {
        /// The modulus length in bytes.
        expected: usize,
    },
    /// The signature does not belong to this request, key and profile (V-SIG).
    SignatureMismatch,
    /// The date lies too far in the past (V-FRESH).
    StaleDate {
        /// How old the request is, in whole seconds.
        age: u64,
        /// The age allowed, in seconds.
        window: u32,
    },
    /// The date lies too far ahead (V-FRESH).
    FutureDate {
        /// How far ahead the request's date is, in whole seconds.
        ahead: u64,
        /// How far ahead it may be, in seconds.
        window: u32,
    },
    /// This request was accepted before (V-REPLAY).
    Replayed,
    /// The replay guard holds as many fresh requests as it can (V-REPLAY).
    ReplayGuardFull {
        /// How many it holds.
        capacity: usize,
    },
    /// The strict policy refuses a body that the list does not bind (S-BIND).
    UnboundBody {
        /// What the list lacks.
        problem: BindingProblem,
    },
    /// The key cannot be read, or its numbers do not belong together.
    InvalidKey {
        /// What is wrong with it.
        problem: KeyProblem,
    },
    /// The key is of a kind that DAX does not use.
    UnsupportedKey {
        /// What was found.
        found: Label,
    },
    /// The modulus has fewer than 2048 bits.
    KeyTooSmall {
        /// The modulus's size in bits.
        bits: usize,
    },
    /// The signature just made does not verify; nothing was given out.
    SigningFault,
}

/// What is wrong with a field's value. See [`Error::InvalidHeaderValue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueProblem {
    /// Not UTF-8 (S-UTF8).
    NotUtf8,
    /// A CR or LF that does not start a folded line (S-FOLD).
    LineBreak,
    /// A control character other than HTAB (S-FOLD).
    ControlCharacter,
    /// White space other than SP and HTAB at the start or end (S-TRIM).
    EdgeWhiteSpace,
    /// An empty instance among several (S-JOIN).
    EmptyInstance,
}

/// What is wrong with a date. See [`Error::InvalidDate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateProblem {
    /// Not `YYYY-MM-DDTHH:MM:SS`.
    Format {
        /// The first byte that does not belong.
        offset: usize,
    },
    /// An RFC 1123 date, as most HTTP stacks write it.
    Rfc1123,
    /// A fraction that is not 1 to 9 digits.
    Fraction,
    /// No `Z` or `±hh:mm` at the end, or something behind it.
    Zone,
    /// A field out of its range.
    Range {
        /// `year`, `month`, `day`, `hour`, `minute`, `second` or `zone`.
        field: &'static str,
    },
}

/// What is wrong with a body. See [`Error::InvalidBody`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyProblem {
    /// A byte order mark, which decoders drop.
    ByteOrderMark,
    /// Not UTF-8.
    NotUtf8,
}

/// What breaks the grammar of the `Signature` field. See [`Error::MalformedSignatureHeader`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxProblem {
    /// No parameter name where one must start.
    Name,
    /// No `="` after a parameter's name.
    Quote,
    /// A character that a value cannot hold: a control, a byte above 0x7E or a backslash.
    Value,
    /// A value without its closing quote.
    Unterminated,
    /// No space between two parameters (a comma, say).
    Separator,
    /// The request has a second `Signature` field.
    Repeated,
}

/// What leaves the body unbound. See [`Error::UnboundBody`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindingProblem {
    /// `content-length` is not listed.
    ContentLengthNotListed,
    /// `date` is not the last component.
    DateNotLast,
}

/// What is wrong with a key. See [`Error::InvalidKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyProblem {
    /// Neither PEM nor DER.
    NotAKey,
    /// A PEM block without its `-----END …-----` line.
    PemEnd,
    /// A byte of a PEM block that is not base64, or wrong padding.
    Base64,
    /// A DER structure that is not that of the key's format.
    Der {
        /// Where in the DER.
        offset: usize,
    },
    /// The modulus is even or has leading zeros.
    Modulus,
    /// The public exponent is even or below 3.
    PublicExponent,
    /// p or q is even, or too short for the modulus (less than a quarter of its bits).
    Primes,
    /// p and q are the same.
    PrimesEqual,
    /// p · q is not n.
    Product,
    /// d is not an inverse of e modulo p − 1 and q − 1.
    D,
    /// dP is not the inverse of e modulo p − 1.
    DP,
    /// dQ is not the inverse of e modulo q − 1.
    DQ,
    /// qInv is not the inverse of q modulo p.
    QInv,
    /// No key was loaded into this value yet, or it was wiped.
    Empty,
    /// A certificate's validity is not a time of RFC 5280.
    Validity,
}

impl Error {
    /// The stable name: `missing-header`, `invalid-date`, …
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::InvalidComponent { .. } => "invalid-component",
            Self::MissingComponent { .. } => "missing-component",
            Self::UnsupportedComponent { .. } => "unsupported-component",
            Self::InvalidMethod { .. } => "invalid-method",
            Self::InvalidTarget { .. } => "invalid-target",
            Self::MissingHeader { .. } => "missing-header",
            Self::InvalidHeaderValue { .. } => "invalid-header-value",
            Self::InvalidDate { .. } => "invalid-date",
            Self::ContentLengthMismatch { .. } => "content-length-mismatch",
            Self::UnsupportedCharset { .. } => "unsupported-charset",
            Self::InvalidContentType => "invalid-content-type",
            Self::InvalidBody { .. } => "invalid-body",
            Self::BufferTooSmall { .. } => "buffer-too-small",
            Self::MalformedSignatureHeader { .. } => "malformed-signature-header",
            Self::MissingParameter { .. } => "missing-parameter",
            Self::DuplicateParameter { .. } => "duplicate-parameter",
            Self::WrongRealm { .. } => "wrong-realm",
            Self::UnsupportedAlgorithm { .. } => "unsupported-algorithm",
            Self::InvalidSignatureEncoding { .. } => "invalid-signature-encoding",
            Self::SignatureMismatch => "signature-mismatch",
            Self::StaleDate { .. } => "stale-date",
            Self::FutureDate { .. } => "future-date",
            Self::Replayed => "replayed",
            Self::ReplayGuardFull { .. } => "replay-guard-full",
            Self::UnboundBody { .. } => "unbound-body",
            Self::InvalidKey { .. } => "invalid-key",
            Self::UnsupportedKey { .. } => "unsupported-key",
            Self::KeyTooSmall { .. } => "key-too-small",
            Self::SigningFault => "signing-fault",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_components(f)
            .or_else(|| self.fmt_request(f))
            .or_else(|| self.fmt_body(f))
            .or_else(|| self.fmt_signature_header(f))
            .or_else(|| self.fmt_verification(f))
            .or_else(|| self.fmt_key(f))
            .unwrap_or(Ok(()))
    }
}

/// Each part of the message table answers for its own errors and leaves the rest (`None`).
impl Error {
    fn fmt_components(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::InvalidComponent { position, name } => write!(
                f,
                "entry {position} of the component list, `{name}`, is no HTTP field name: write \
                 names such as `content-type`, separated by single spaces"
            ),
            Self::MissingComponent { name } => write!(
                f,
                "the component list lacks `{name}`, which DAX requires: add it to the list"
            ),
            Self::UnsupportedComponent { position, name } => write!(
                f,
                "entry {position} of the component list, `{name}`, is not known: the only name in \
                 parentheses is `(request-target)`"
            ),
            _ => return None,
        })
    }

    fn fmt_request(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::InvalidMethod { offset } => write!(
                f,
                "the method is not an HTTP token (byte {offset}): use a method such as GET or POST"
            ),
            Self::InvalidTarget { offset } => write!(
                f,
                "the request target does not fit at byte {offset}: it must start with `/` and hold \
                 visible ASCII only; percent-encode everything else"
            ),
            Self::MissingHeader { name } if name.as_str() == "signature" => f.write_str(
                "the request has no field `Signature`: it was not signed, or the field was lost on \
                 the way",
            ),
            Self::MissingHeader { name } => write!(
                f,
                "the request has no field `{name}`: add it, or take it off the component list if it \
                 is optional there"
            ),
            Self::InvalidHeaderValue {
                name,
                instance,
                offset,
                problem,
            } => write!(
                f,
                "the value of field `{name}` (number {instance} of that name) cannot be signed: at \
                 byte {offset} {problem}"
            ),
            Self::InvalidDate { problem } => write!(f, "the date cannot be used: {problem}"),
            Self::BufferTooSmall { needed } => write!(
                f,
                "the output does not fit: pass a buffer of at least {needed} bytes"
            ),
            _ => return None,
        })
    }

    fn fmt_body(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::ContentLengthMismatch {
                declared: Some(declared),
                actual,
            } => write!(
                f,
                "Content-Length says {declared} but the body has {actual} bytes: send exactly the \
                 bytes that are signed (a stray newline is the usual cause)"
            ),
            Self::ContentLengthMismatch {
                declared: None,
                actual,
            } => write!(
                f,
                "Content-Length is not one decimal number: write {actual}, the body's length in bytes"
            ),
            Self::UnsupportedCharset { field, charset } => write!(
                f,
                "{field} names the charset `{charset}`: DAX signs UTF-8 only; encode the request as \
                 UTF-8 and say charset=utf-8 or nothing"
            ),
            Self::InvalidContentType => f.write_str(
                "Content-Type is not application/json: the REST API answers 400 to anything else",
            ),
            Self::InvalidBody { offset, problem } => {
                write!(f, "the body cannot be signed: at byte {offset} {problem}")
            }
            _ => return None,
        })
    }

    fn fmt_signature_header(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::MalformedSignatureHeader { offset, problem } => write!(
                f,
                "the Signature field is malformed at byte {offset}: {problem}"
            ),
            Self::MissingParameter { name } => write!(
                f,
                "the Signature field lacks the parameter `{name}`: it needs realm, algorithm, \
                 headers and signature"
            ),
            Self::DuplicateParameter { name, offset } => write!(
                f,
                "the Signature field has `{name}` a second time at byte {offset}: each parameter \
                 stands once"
            ),
            Self::WrongRealm { found } => {
                write!(f, "the realm is `{found}`: it must be `dax`")
            }
            Self::UnsupportedAlgorithm { found } => {
                write!(f, "the algorithm is `{found}`: it must be `sha256withrsa`")
            }
            Self::InvalidSignatureEncoding { expected } => write!(
                f,
                "the signature is not canonical base64 of {expected} bytes, the length of this \
                 key's modulus: check for cut-off text, line breaks and a key of another size"
            ),
            _ => return None,
        })
    }

    fn fmt_verification(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::SignatureMismatch => f.write_str(
                "the signature does not belong to this request, key and profile: compare the \
                 signing strings of both sides byte by byte, and try the other profile",
            ),
            Self::StaleDate { age, window } => write!(
                f,
                "the request is {age} s old and {window} s are allowed: check both clocks, or sign \
                 again with the present time"
            ),
            Self::FutureDate { ahead, window } => write!(
                f,
                "the request's date lies {ahead} s ahead and {window} s are allowed: check both clocks"
            ),
            Self::Replayed => f.write_str(
                "this request was accepted before: a repeated request needs a new date and a new \
                 signature",
            ),
            Self::ReplayGuardFull { capacity } => write!(
                f,
                "the replay guard holds {capacity} requests that are all still fresh: try again \
                 later, or give it more places or a shorter window"
            ),
            Self::UnboundBody { problem } => write!(
                f,
                "the signature does not bind the body: {problem} (the interop policy accepts this)"
            ),
            _ => return None,
        })
    }

    fn fmt_key(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::InvalidKey { problem } => write!(f, "the key cannot be used: {problem}"),
            Self::UnsupportedKey { found } => write!(
                f,
                "found {found}: use an unencrypted RSA key of 2048 to {} bits (private: PKCS#1 or \
                 PKCS#8; public: SPKI, PKCS#1 or an X.509 certificate; PEM or DER)",
                crate::MAX_MODULUS_BITS
            ),
            Self::KeyTooSmall { bits } => write!(
                f,
                "the key has {bits} bits: DAX keys have at least 2048; make a new key"
            ),
            Self::SigningFault => f.write_str(
                "the signature just made does not verify, so it was not given out: the key or the \
                 hardware is faulty; load the key again, and replace the device if it recurs",
            ),
            _ => return None,
        })
    }
}

impl fmt::Display for ValueProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotUtf8 => "it is not UTF-8: encode the value as UTF-8",
            Self::LineBreak => {
                "a line break does not start a folded line: remove it, it could forge a line"
            }
            Self::ControlCharacter => "there is a control character: remove it",
            Self::EdgeWhiteSpace => {
                "it starts or ends with white space other than space and tab, which peers trim \
                 differently: remove it"
            }
            Self::EmptyInstance => {
                "it is empty beside other fields of its name, which peers join differently: leave \
                 the empty field out"
            }
        })
    }
}

impl fmt::Display for DateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const EXPECTED: &str = "expected ISO 8601 with a zone, such as 2020-05-17T14:44:30Z or \
                                2020-05-17T14:44:30.2437457+02:00";
        match self {
            Self::Format { offset } => {
                write!(f, "it differs from the format at byte {offset}; {EXPECTED}")
            }
            Self::Rfc1123 => write!(
                f,
                "it is in the RFC 1123 format that HTTP libraries write on their own; {EXPECTED}"
            ),
            Self::Fraction => write!(f, "the fraction is not 1 to 9 digits; {EXPECTED}"),
            Self::Zone => write!(f, "it does not end with its time zone; {EXPECTED}"),
            Self::Range { field } => write!(f, "its {field} is out of range; {EXPECTED}"),
        }
    }
}

impl fmt::Display for BodyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "there is a byte order mark: save the body without it",
            Self::NotUtf8 => "it is not UTF-8: encode the body as UTF-8",
        })
    }
}

impl fmt::Display for SyntaxProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "a parameter name such as `realm` must stand here",
            Self::Quote => "a parameter must go on with =\" and its value in double quotes",
            Self::Value => "a value holds printable ASCII without backslashes only",
            Self::Unterminated => "the value has no closing quote",
            Self::Separator => {
                "parameters are separated by spaces only (no commas), and nothing follows the last"
            }
            Self::Repeated => "a second Signature field follows; a request has one",
        })
    }
}

impl fmt::Display for BindingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ContentLengthNotListed => {
                "`content-length` is not listed, so bytes of the body could become header lines; \
                 the sender should list it"
            }
            Self::DateNotLast => {
                "`date` is not the last component, so header lines could become body; the sender \
                 should list it last"
            }
        })
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAKey => "it is neither PEM nor DER: pass the key file's bytes as they are",
            Self::PemEnd => "the PEM block has no matching -----END …----- line: is the file cut off?",
            Self::Base64 => "the PEM block is not base64 throughout: is the file damaged?",
            Self::Der { offset } => {
                return write!(
                    f,
                    "its DER is not that of an RSA key at byte {offset}: is the file damaged?"
                );
            }
            Self::Modulus => "the modulus is not an odd number",
            Self::PublicExponent => "the public exponent is even or below 3",
            Self::Primes => {
                "a prime is even, or shorter than a quarter of the modulus, which makes it guessable"
            }
            Self::PrimesEqual => "its two primes are the same",
            Self::Product => "p · q is not n: its numbers come from different keys",
            Self::D => "d does not belong to e, p and q",
            Self::DP => "dP does not belong to e and p",
            Self::DQ => "dQ does not belong to e and q",
            Self::QInv => "qInv is not the inverse of q modulo p (are p and q swapped?)",
            Self::Empty => "no key was loaded into this place",
            Self::Validity => "the certificate's validity is not a date of RFC 5280",
        })
    }
}

impl core::error::Error for Error {}
