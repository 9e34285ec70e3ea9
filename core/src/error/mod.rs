//! The one set of errors, with the names of the rules (`invalid-date`, …) and what a person needs
//! to mend the request: where it went wrong and by how much. No error holds a secret.
//!
//! [`Error`] stands here; then [`message`] (errors in words), [`label`] (the text an error can
//! carry), [`key_refusal`] (why a key is refused, in few words of memory), [`key_sizes`] (how large one
//! may be), [`slice_sink`] (a buffer that may be too small), [`diagnosing`] (what boards leave out).

pub(crate) mod diagnosing;
pub(crate) mod key_refusal;
pub(crate) mod key_sizes;
pub(crate) mod label;
pub(crate) mod message;
pub(crate) mod refusal;
pub(crate) mod slice_sink;

use label::Label;

/// The name in [`Error::InvalidComponent`] for a list that is too long. No name of a `headers`
/// parameter has spaces.
pub(crate) const TOO_MANY_NAMES: &str = "more than 64 names";

/// Why an operation was refused.
///
/// [`Error::name`] is the stable name, the same in Rust, C and the command-line tool; the message
/// ([`Error::write_message`], [`Display`](core::fmt::Display)) says what was wrong, where, and what
/// to do. Positions in lists count from 1, byte offsets from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum Error {
    /// A name in the component list is no HTTP field name, or the list holds more than 64 (S-LIST).
    InvalidComponent {
        /// Which entry of the list, counted from 1; 64 for a longer list.
        position: usize,
        /// The entry; `more than 64 names` for a longer list.
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
        /// What is known of why.
        problem: MissingProblem,
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
        /// What the declared length is the length of, if that can be told.
        problem: LengthProblem,
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
        /// How many characters were found; bytes for [`EncodingProblem::Bytes`].
        found: usize,
        /// What was found instead.
        problem: EncodingProblem,
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
    /// The strict policy refuses a body that the list does not bind (S-BIND); so does signing with
    /// the default list.
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
    /// What cannot happen did: a fault of this library, not of the caller's. Nothing was given out.
    InternalFault,
}

/// What is wrong with a field's value. See [`Error::InvalidHeaderValue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
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

/// Why a field may be missing. See [`Error::MissingHeader`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum MissingProblem {
    /// The request, which is to be signed, never had it.
    Absent,
    /// The request was signed with it; a request to verify that has no `Signature`, too.
    Lost,
    /// What belongs into `Signature` stands in `Authorization: Signature …`.
    InAuthorization,
}

/// What a declared length is the length of. See [`Error::ContentLengthMismatch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum LengthProblem {
    /// Nothing that is known.
    Different,
    /// The body's characters, not its bytes.
    Characters,
    /// The body with `\n` where it has `\r\n`.
    LfForm,
    /// The body with `\r\n` where it has `\n`.
    CrlfForm,
}

/// What is wrong with a date. See [`Error::InvalidDate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
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
    /// No `Z` or `±hh:mm` at the end.
    Zone,
    /// A zone without its colon: `+0100`.
    ZoneColon,
    /// Something behind the zone: `[Europe/Stockholm]`.
    AfterZone,
    /// A fraction behind a comma.
    DecimalComma,
    /// The request has more than one `Date`.
    Repeated,
    /// Asked for HTTP's own format ([`Timestamp::parse_http`](crate::Timestamp::parse_http)), and not that.
    NotHttp {
        /// The first byte that does not belong.
        offset: usize,
    },
    /// A field out of its range.
    Range {
        /// `year`, `month`, `day`, `hour`, `minute`, `second` or `zone`.
        field: &'static str,
    },
}

/// What is wrong with a body. See [`Error::InvalidBody`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum BodyProblem {
    /// A byte order mark, which decoders drop.
    ByteOrderMark,
    /// Not UTF-8.
    NotUtf8,
    /// Compressed: it starts as gzip, zlib or zstd does.
    Compressed,
    /// UTF-16: it starts with the byte order mark of that.
    Utf16,
}

/// What breaks the grammar of the `Signature` field. See [`Error::MalformedSignatureHeader`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
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
    /// A line break in a value: base64 that was wrapped, say.
    LineBreak,
}

/// What a signature's text is instead of canonical base64 of the modulus length. See
/// [`Error::InvalidSignatureEncoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum EncodingProblem {
    /// No text but bytes, of another length than the modulus.
    Bytes,
    /// Of another length.
    Length,
    /// Not base64, or not the canonical one.
    NotBase64,
    /// Without its padding.
    Padding,
    /// With white space in it: wrapped, and unfolded on its way.
    WhiteSpace,
    /// Base64url: with `-` and `_`.
    Base64Url,
    /// Hexadecimal.
    Hexadecimal,
    /// Percent-encoded.
    PercentEncoded,
}

/// What leaves the body unbound. See [`Error::UnboundBody`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum BindingProblem {
    /// `content-length` is not listed.
    ContentLengthNotListed,
    /// `date` is not the last component.
    DateNotLast,
    /// The request to be signed has a body and no `Content-Length` for the default list.
    NoContentLength,
}

/// What is wrong with a key. See [`Error::InvalidKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
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
            Self::InternalFault => "internal-fault",
        }
    }
}
