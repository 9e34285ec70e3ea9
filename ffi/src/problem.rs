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

/// Problems that are told by their number alone.
const VALUES: [(P, ValueProblem); 5] = [
    (P::ValueNotUtf8, ValueProblem::NotUtf8),
    (P::ValueLineBreak, ValueProblem::LineBreak),
    (P::ValueControlCharacter, ValueProblem::ControlCharacter),
    (P::ValueEdgeWhiteSpace, ValueProblem::EdgeWhiteSpace),
    (P::ValueEmptyInstance, ValueProblem::EmptyInstance),
];
const MISSING: [(P, MissingProblem); 3] = [
    (P::None, MissingProblem::Absent),
    (P::HeaderLost, MissingProblem::Lost),
    (P::HeaderInAuthorization, MissingProblem::InAuthorization),
];
const DATES: [(P, DateProblem); 7] = [
    (P::DateRfc1123, DateProblem::Rfc1123),
    (P::DateFraction, DateProblem::Fraction),
    (P::DateZone, DateProblem::Zone),
    (P::DateZoneColon, DateProblem::ZoneColon),
    (P::DateAfterZone, DateProblem::AfterZone),
    (P::DateDecimalComma, DateProblem::DecimalComma),
    (P::DateRepeated, DateProblem::Repeated),
];
const LENGTHS: [(P, LengthProblem); 4] = [
    (P::None, LengthProblem::Different),
    (P::ContentLengthCharacters, LengthProblem::Characters),
    (P::ContentLengthLfForm, LengthProblem::LfForm),
    (P::ContentLengthCrlfForm, LengthProblem::CrlfForm),
];
const BODIES: [(P, BodyProblem); 4] = [
    (P::BodyByteOrderMark, BodyProblem::ByteOrderMark),
    (P::BodyNotUtf8, BodyProblem::NotUtf8),
    (P::BodyCompressed, BodyProblem::Compressed),
    (P::BodyUtf16, BodyProblem::Utf16),
];
const ENCODINGS: [(P, EncodingProblem); 8] = [
    (P::EncodingBytes, EncodingProblem::Bytes),
    (P::EncodingLength, EncodingProblem::Length),
    (P::EncodingNotBase64, EncodingProblem::NotBase64),
    (P::EncodingPadding, EncodingProblem::Padding),
    (P::EncodingWhiteSpace, EncodingProblem::WhiteSpace),
    (P::EncodingBase64Url, EncodingProblem::Base64Url),
    (P::EncodingHexadecimal, EncodingProblem::Hexadecimal),
    (P::EncodingPercentEncoded, EncodingProblem::PercentEncoded),
];
const SYNTAX: [(P, SyntaxProblem); 7] = [
    (P::SyntaxName, SyntaxProblem::Name),
    (P::SyntaxQuote, SyntaxProblem::Quote),
    (P::SyntaxValue, SyntaxProblem::Value),
    (P::SyntaxUnterminated, SyntaxProblem::Unterminated),
    (P::SyntaxSeparator, SyntaxProblem::Separator),
    (P::SyntaxRepeated, SyntaxProblem::Repeated),
    (P::SyntaxLineBreak, SyntaxProblem::LineBreak),
];
const BINDINGS: [(P, BindingProblem); 3] = [
    (
        P::BindingContentLengthNotListed,
        BindingProblem::ContentLengthNotListed,
    ),
    (P::BindingDateNotLast, BindingProblem::DateNotLast),
    (P::BindingNoContentLength, BindingProblem::NoContentLength),
];
const KEYS: [(P, KeyProblem); 14] = [
    (P::KeyNotAKey, KeyProblem::NotAKey),
    (P::KeyPemEnd, KeyProblem::PemEnd),
    (P::KeyBase64, KeyProblem::Base64),
    (P::KeyModulus, KeyProblem::Modulus),
    (P::KeyPublicExponent, KeyProblem::PublicExponent),
    (P::KeyPrimes, KeyProblem::Primes),
    (P::KeyPrimesEqual, KeyProblem::PrimesEqual),
    (P::KeyProduct, KeyProblem::Product),
    (P::KeyD, KeyProblem::D),
    (P::KeyDP, KeyProblem::DP),
    (P::KeyDQ, KeyProblem::DQ),
    (P::KeyQInv, KeyProblem::QInv),
    (P::KeyEmpty, KeyProblem::Empty),
    (P::KeyValidity, KeyProblem::Validity),
];
/// The parts of a date that can be out of range.
const DATE_FIELDS: [&str; 7] = ["year", "month", "day", "hour", "minute", "second", "zone"];

numbers!(DaxsignProblem: u32);

fn number_of<T: PartialEq, const N: usize>(table: &[(P, T); N], problem: &T) -> P {
    let found = table.iter().find(|(_, known)| known == problem);
    found.map_or(P::None, |(number, _)| *number)
}

fn with_number<T: Copy, const N: usize>(table: &[(P, T); N], number: u32) -> Option<T> {
    let found = table.iter().find(|(known, _)| known.number() == number);
    found.map(|(_, problem)| *problem)
}

/// A problem of the core as a number, and back. Going back takes the offset and the name that the
/// detail keeps beside the number.
pub(crate) trait Numbered: Sized {
    fn number(&self) -> P;
    fn with(number: u32, offset: usize, name: &str) -> Option<Self>;
}

/// The problems that are told by their number alone.
macro_rules! numbered {
    ($($problem:ty: $table:ident;)*) => {$(
        impl Numbered for $problem {
            fn number(&self) -> P {
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
    fn number(&self) -> P {
        match self {
            Self::Format { .. } => P::DateFormat,
            Self::NotHttp { .. } => P::DateNotHttp,
            Self::Range { .. } => P::DateRange,
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
    fn number(&self) -> P {
        match self {
            Self::Der { .. } => P::KeyDer,
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
