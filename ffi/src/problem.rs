//! What exactly is wrong: the numbers for the core's finer distinctions.

use daxsign_core::{
    BindingProblem, BodyProblem, DateProblem, EncodingProblem, KeyProblem, LengthProblem,
    MissingProblem, SyntaxProblem, ValueProblem,
};

use crate::number::numbers;

/// What exactly is wrong, where a status has several reasons.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignProblem {
    /// The status says all.
    None = 0,
    /// `invalid-header-value`: not UTF-8.
    ValueNotUtf8 = 1,
    /// `invalid-header-value`: a CR or LF that does not start a folded line.
    ValueLineBreak = 2,
    /// `invalid-header-value`: a control character.
    ValueControlCharacter = 3,
    /// `invalid-header-value`: white space other than space and tab at the start or end.
    ValueEdgeWhiteSpace = 4,
    /// `invalid-header-value`: an empty field beside others of its name.
    ValueEmptyInstance = 5,
    /// `invalid-date`: not `YYYY-MM-DDTHH:MM:SS`; `offset` tells where.
    DateFormat = 11,
    /// `invalid-date`: an RFC 1123 date, as most HTTP stacks write it.
    DateRfc1123 = 12,
    /// `invalid-date`: a fraction that is not 1 to 9 digits.
    DateFraction = 13,
    /// `invalid-date`: no `Z` or `±hh:mm` at the end.
    DateZone = 14,
    /// `invalid-date`: the part called `name` is out of range.
    DateRange = 15,
    /// `invalid-date`: a zone without its colon, such as `+0100`.
    DateZoneColon = 16,
    /// `invalid-date`: something behind the zone.
    DateAfterZone = 17,
    /// `invalid-date`: a fraction behind a comma.
    DateDecimalComma = 18,
    /// `invalid-date`: the request has more than one `Date`.
    DateRepeated = 19,
    /// `invalid-date`: not the format of HTTP, `Sun, 17 May 2020 12:44:30 GMT`; `offset` tells where.
    DateNotHttp = 20,
    /// `content-length-mismatch`: the field is not one decimal number.
    ContentLengthNotANumber = 21,
    /// `content-length-mismatch`: the field counts the body's characters.
    ContentLengthCharacters = 22,
    /// `content-length-mismatch`: the field counts the body with LF line ends.
    ContentLengthLfForm = 23,
    /// `content-length-mismatch`: the field counts the body with CRLF line ends.
    ContentLengthCrlfForm = 24,
    /// `invalid-body`: a byte order mark.
    BodyByteOrderMark = 31,
    /// `invalid-body`: not UTF-8.
    BodyNotUtf8 = 32,
    /// `invalid-body`: compressed.
    BodyCompressed = 33,
    /// `invalid-body`: UTF-16.
    BodyUtf16 = 34,
    /// `malformed-signature-header`: no parameter name where one must start.
    SyntaxName = 41,
    /// `malformed-signature-header`: no `="` behind a name.
    SyntaxQuote = 42,
    /// `malformed-signature-header`: a character that a value cannot hold.
    SyntaxValue = 43,
    /// `malformed-signature-header`: a value without its closing quote.
    SyntaxUnterminated = 44,
    /// `malformed-signature-header`: no space between two parameters.
    SyntaxSeparator = 45,
    /// `malformed-signature-header`: a second `Signature` field.
    SyntaxRepeated = 46,
    /// `malformed-signature-header`: a line break in a value.
    SyntaxLineBreak = 47,
    /// `unbound-body`: `content-length` is not listed.
    BindingContentLengthNotListed = 51,
    /// `unbound-body`: `date` is not the last component.
    BindingDateNotLast = 52,
    /// `unbound-body`: the request to be signed has no `Content-Length` for the default list.
    BindingNoContentLength = 53,
    /// `invalid-key`: neither PEM nor DER.
    KeyNotAKey = 61,
    /// `invalid-key`: a PEM block without its end line.
    KeyPemEnd = 62,
    /// `invalid-key`: a byte that is not base64, or wrong padding.
    KeyBase64 = 63,
    /// `invalid-key`: a DER structure that is not that of the format; `offset` tells where.
    KeyDer = 64,
    /// `invalid-key`: the modulus is even or has leading zeros.
    KeyModulus = 65,
    /// `invalid-key`: the public exponent is even or below 3.
    KeyPublicExponent = 66,
    /// `invalid-key`: p or q is even, or too short for the modulus.
    KeyPrimes = 67,
    /// `invalid-key`: p and q are the same.
    KeyPrimesEqual = 68,
    /// `invalid-key`: p · q is not n.
    KeyProduct = 69,
    /// `invalid-key`: d does not belong to e, p and q.
    KeyD = 70,
    /// `invalid-key`: dP does not belong to e and p.
    KeyDP = 71,
    /// `invalid-key`: dQ does not belong to e and q.
    KeyDQ = 72,
    /// `invalid-key`: qInv is not the inverse of q modulo p.
    KeyQInv = 73,
    /// `invalid-key`: no key was loaded.
    KeyEmpty = 74,
    /// `invalid-key`: a certificate's validity is not a time.
    KeyValidity = 75,
    /// `missing-header`: the request was signed with the field.
    HeaderLost = 101,
    /// `missing-header`: what belongs into `Signature` stands in `Authorization`.
    HeaderInAuthorization = 102,
    /// `invalid-signature-encoding`: bytes of another length than the modulus.
    EncodingBytes = 111,
    /// `invalid-signature-encoding`: text of another length.
    EncodingLength = 112,
    /// `invalid-signature-encoding`: not base64, or not the canonical one.
    EncodingNotBase64 = 113,
    /// `invalid-signature-encoding`: the padding is missing.
    EncodingPadding = 114,
    /// `invalid-signature-encoding`: white space, as where a line break stood.
    EncodingWhiteSpace = 115,
    /// `invalid-signature-encoding`: base64url.
    EncodingBase64Url = 116,
    /// `invalid-signature-encoding`: hexadecimal.
    EncodingHexadecimal = 117,
    /// `invalid-signature-encoding`: percent-encoded.
    EncodingPercentEncoded = 118,
}

use DaxsignProblem as P;

/// A problem's number in one byte: every firmware has these tables in its flash, for
/// `DaxsignDetail`.
const fn byte(problem: P) -> u8 {
    let [byte, others @ ..] = problem.number().to_le_bytes();
    assert!(matches!(others, [0, 0, 0]), "a problem above 255");
    byte
}

/// Problems that are told by their number alone.
const VALUES: [(u8, ValueProblem); 5] = [
    (byte(P::ValueNotUtf8), ValueProblem::NotUtf8),
    (byte(P::ValueLineBreak), ValueProblem::LineBreak),
    (
        byte(P::ValueControlCharacter),
        ValueProblem::ControlCharacter,
    ),
    (byte(P::ValueEdgeWhiteSpace), ValueProblem::EdgeWhiteSpace),
    (byte(P::ValueEmptyInstance), ValueProblem::EmptyInstance),
];
const MISSING: [(u8, MissingProblem); 3] = [
    (byte(P::None), MissingProblem::Absent),
    (byte(P::HeaderLost), MissingProblem::Lost),
    (
        byte(P::HeaderInAuthorization),
        MissingProblem::InAuthorization,
    ),
];
const DATES: [(u8, DateProblem); 7] = [
    (byte(P::DateRfc1123), DateProblem::Rfc1123),
    (byte(P::DateFraction), DateProblem::Fraction),
    (byte(P::DateZone), DateProblem::Zone),
    (byte(P::DateZoneColon), DateProblem::ZoneColon),
    (byte(P::DateAfterZone), DateProblem::AfterZone),
    (byte(P::DateDecimalComma), DateProblem::DecimalComma),
    (byte(P::DateRepeated), DateProblem::Repeated),
];
const LENGTHS: [(u8, LengthProblem); 4] = [
    (byte(P::None), LengthProblem::Different),
    (byte(P::ContentLengthCharacters), LengthProblem::Characters),
    (byte(P::ContentLengthLfForm), LengthProblem::LfForm),
    (byte(P::ContentLengthCrlfForm), LengthProblem::CrlfForm),
];
const BODIES: [(u8, BodyProblem); 4] = [
    (byte(P::BodyByteOrderMark), BodyProblem::ByteOrderMark),
    (byte(P::BodyNotUtf8), BodyProblem::NotUtf8),
    (byte(P::BodyCompressed), BodyProblem::Compressed),
    (byte(P::BodyUtf16), BodyProblem::Utf16),
];
const ENCODINGS: [(u8, EncodingProblem); 8] = [
    (byte(P::EncodingBytes), EncodingProblem::Bytes),
    (byte(P::EncodingLength), EncodingProblem::Length),
    (byte(P::EncodingNotBase64), EncodingProblem::NotBase64),
    (byte(P::EncodingPadding), EncodingProblem::Padding),
    (byte(P::EncodingWhiteSpace), EncodingProblem::WhiteSpace),
    (byte(P::EncodingBase64Url), EncodingProblem::Base64Url),
    (byte(P::EncodingHexadecimal), EncodingProblem::Hexadecimal),
    (
        byte(P::EncodingPercentEncoded),
        EncodingProblem::PercentEncoded,
    ),
];
const SYNTAX: [(u8, SyntaxProblem); 7] = [
    (byte(P::SyntaxName), SyntaxProblem::Name),
    (byte(P::SyntaxQuote), SyntaxProblem::Quote),
    (byte(P::SyntaxValue), SyntaxProblem::Value),
    (byte(P::SyntaxUnterminated), SyntaxProblem::Unterminated),
    (byte(P::SyntaxSeparator), SyntaxProblem::Separator),
    (byte(P::SyntaxRepeated), SyntaxProblem::Repeated),
    (byte(P::SyntaxLineBreak), SyntaxProblem::LineBreak),
];
const BINDINGS: [(u8, BindingProblem); 3] = [
    (
        byte(P::BindingContentLengthNotListed),
        BindingProblem::ContentLengthNotListed,
    ),
    (byte(P::BindingDateNotLast), BindingProblem::DateNotLast),
    (
        byte(P::BindingNoContentLength),
        BindingProblem::NoContentLength,
    ),
];
const KEYS: [(u8, KeyProblem); 14] = [
    (byte(P::KeyNotAKey), KeyProblem::NotAKey),
    (byte(P::KeyPemEnd), KeyProblem::PemEnd),
    (byte(P::KeyBase64), KeyProblem::Base64),
    (byte(P::KeyModulus), KeyProblem::Modulus),
    (byte(P::KeyPublicExponent), KeyProblem::PublicExponent),
    (byte(P::KeyPrimes), KeyProblem::Primes),
    (byte(P::KeyPrimesEqual), KeyProblem::PrimesEqual),
    (byte(P::KeyProduct), KeyProblem::Product),
    (byte(P::KeyD), KeyProblem::D),
    (byte(P::KeyDP), KeyProblem::DP),
    (byte(P::KeyDQ), KeyProblem::DQ),
    (byte(P::KeyQInv), KeyProblem::QInv),
    (byte(P::KeyEmpty), KeyProblem::Empty),
    (byte(P::KeyValidity), KeyProblem::Validity),
];
/// The parts of a date that can be out of range.
const DATE_FIELDS: [&str; 7] = ["year", "month", "day", "hour", "minute", "second", "zone"];

numbers!(DaxsignProblem: u32);

fn number_of<T: PartialEq>(table: &[(u8, T)], problem: &T) -> u32 {
    let found = table.iter().find(|(_, known)| known == problem);
    found.map_or(P::None.number(), |(number, _)| u32::from(*number))
}

fn with_number<T: Copy>(table: &[(u8, T)], number: u32) -> Option<T> {
    let found = table.iter().find(|(known, _)| u32::from(*known) == number);
    found.map(|(_, problem)| *problem)
}

/// A problem of the core as a number, and back. Going back takes the offset and the name that the
/// detail keeps beside the number.
pub(crate) trait Numbered: Sized {
    fn number(&self) -> u32;
    fn with(number: u32, offset: usize, name: &str) -> Option<Self>;
}

/// The problems that are told by their number alone.
macro_rules! numbered {
    ($($problem:ty: $table:ident;)*) => {$(
        impl Numbered for $problem {
            fn number(&self) -> u32 {
                number_of(&$table, self)
            }
            fn with(number: u32, _: usize, _: &str) -> Option<Self> {
                with_number(&$table, number)
            }
        }
    )*};
}

numbered! {
    ValueProblem: VALUES;
    MissingProblem: MISSING;
    LengthProblem: LENGTHS;
    BodyProblem: BODIES;
    EncodingProblem: ENCODINGS;
    SyntaxProblem: SYNTAX;
    BindingProblem: BINDINGS;
}

impl Numbered for DateProblem {
    fn number(&self) -> u32 {
        match self {
            Self::Format { .. } => P::DateFormat.number(),
            Self::NotHttp { .. } => P::DateNotHttp.number(),
            Self::Range { .. } => P::DateRange.number(),
            other => number_of(&DATES, other),
        }
    }

    fn with(number: u32, offset: usize, name: &str) -> Option<Self> {
        if number == P::DateFormat.number() {
            return Some(Self::Format { offset });
        }
        if number == P::DateNotHttp.number() {
            return Some(Self::NotHttp { offset });
        }
        if number == P::DateRange.number() {
            let field = DATE_FIELDS.into_iter().find(|field| *field == name)?;
            return Some(Self::Range { field });
        }
        with_number(&DATES, number)
    }
}

impl Numbered for KeyProblem {
    fn number(&self) -> u32 {
        match self {
            Self::Der { .. } => P::KeyDer.number(),
            other => number_of(&KEYS, other),
        }
    }

    fn with(number: u32, offset: usize, _: &str) -> Option<Self> {
        if number == P::KeyDer.number() {
            return Some(Self::Der { offset });
        }
        with_number(&KEYS, number)
    }
}
