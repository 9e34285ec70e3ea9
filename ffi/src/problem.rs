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
    /// `invalid-field`: nothing stands there.
    FieldEmpty = 121,
    /// `invalid-field`: not a GUID; `offset` tells where.
    FieldNotAGuid = 122,
    /// `invalid-field`: not two capital letters.
    FieldNotACountry = 123,
    /// `invalid-field`: `found` characters where `needed` are allowed.
    FieldTooLong = 124,
    /// `invalid-field`: a control character at `offset`.
    FieldControlCharacter = 125,
    /// `invalid-field`: a character at `offset` that a PrintableString cannot hold.
    FieldNotPrintable = 126,
    /// `invalid-field`: a character beyond ASCII at `offset`.
    FieldNotAscii = 127,
    /// `invalid-field`: not UTF-8; `offset` tells where.
    FieldNotUtf8 = 128,
    /// `invalid-field`: not a DNS name; `offset` tells where.
    FieldNotADnsName = 129,
    /// `invalid-field`: more than the `needed` that a request can hold.
    FieldTooMany = 130,
    /// `invalid-field`: not numbers with points between.
    FieldNotAnObjectIdentifier = 131,
    /// `untrusted-certificate`: nobody who is known has the name of the issuer.
    TrustOtherIssuer = 141,
    /// `untrusted-certificate`: the signature on the certificate below is not this key's.
    TrustSignature = 142,
    /// `untrusted-certificate`: the certificate below is signed with the algorithm `text`, not with SHA-256 and RSA.
    TrustAlgorithm = 143,
    /// `untrusted-certificate`: its key is none that this library takes.
    TrustKey = 144,
    /// `untrusted-certificate`: its validity has not begun.
    TrustNotYetValid = 145,
    /// `untrusted-certificate`: its validity is over.
    TrustExpired = 146,
    /// `untrusted-certificate`: it is of version `found`, not of version 3.
    TrustVersion = 147,
    /// `untrusted-certificate`: it is no authority's certificate.
    TrustNotAnAuthority = 148,
    /// `untrusted-certificate`: it is an authority's that may not sign certificates.
    TrustMayNotSign = 149,
    /// `untrusted-certificate`: more authorities stand below it than the `needed` that it allows.
    TrustPathTooLong = 150,
    /// `untrusted-certificate`: it has the critical extension `text`, which is not understood.
    TrustUnknownCritical = 151,
    /// `untrusted-certificate`: it states purposes, and not the one that is wanted.
    TrustOtherPurpose = 152,
    /// `malformed-message`: the first line is not method, target and `HTTP/1.1` with one space between.
    MessageRequestLine = 161,
    /// `malformed-message`: the line does not end in CRLF.
    MessageLineEnd = 162,
    /// `malformed-message`: white space starts the line, and no field stands before it.
    MessageFold = 163,
    /// `malformed-message`: the line has no colon.
    MessageNoColon = 164,
    /// `malformed-message`: no field name stands before the colon.
    MessageName = 165,
    /// `malformed-message`: white space stands before the colon.
    MessageSpacedColon = 166,
    /// `malformed-message`: `Transfer-Encoding`.
    MessageTransferEncoding = 167,
    /// `malformed-message`: a CR or LF at `offset` of the value that starts no folded line.
    MessageLineBreak = 168,
    /// `malformed-message`: a control character at `offset` of the value.
    MessageControlCharacter = 169,
    /// `malformed-message`: a second `Host` or `Content-Length`; the first stands on line `needed`.
    MessageRepeated = 170,
    /// `malformed-message`: a field more than there are places for.
    MessageTooManyFields = 171,
    /// `malformed-message`: no empty line ends the head.
    MessageNoEmptyLine = 172,
    /// `malformed-message`: `Content-Length` is not the number of bytes behind the head.
    MessageLength = 173,
}

use DaxsignProblem as P;

/// A problem's number in one byte: every firmware has these in its flash, for `DaxsignDetail`.
const fn byte(problem: P) -> u8 {
    let [byte, others @ ..] = problem.number().to_le_bytes();
    assert!(matches!(others, [0, 0, 0]), "a problem above 255");
    byte
}

numbers!(DaxsignProblem: u32);

/// A problem of the core as a number, and back. Going back takes the offset and the name that the
/// detail keeps beside the number.
pub(crate) trait Numbered: Sized {
    fn number(&self) -> u32;
    fn with(number: u32, offset: usize, name: &str) -> Option<Self>;
}

/// The numbers of the core's problems. Each problem must have one, or this does not compile.
macro_rules! numbered {
    (($offset:ident, $name:ident) $($problem:ident {
        $($variant:ident $({ $member:ident: $value:expr })? = $number:ident),+ $(,)?
    })+) => {$(
        impl Numbered for $problem {
            fn number(&self) -> u32 {
                u32::from(match self {
                    $(Self::$variant $({ $member: _ })? => const { byte(P::$number) },)+
                })
            }

            #[allow(unused_variables)] // Most problems have neither.
            fn with(number: u32, $offset: usize, $name: &str) -> Option<Self> {
                $(if number == P::$number.number() {
                    return Some(Self::$variant $({ $member: $value })?);
                })+
                None
            }
        }
    )+};
}

numbered! {
    (offset, name)
    ValueProblem {
        NotUtf8 = ValueNotUtf8,
        LineBreak = ValueLineBreak,
        ControlCharacter = ValueControlCharacter,
        EdgeWhiteSpace = ValueEdgeWhiteSpace,
        EmptyInstance = ValueEmptyInstance,
    }
    MissingProblem {
        Absent = None,
        Lost = HeaderLost,
        InAuthorization = HeaderInAuthorization,
    }
    DateProblem {
        Format { offset: offset } = DateFormat,
        NotHttp { offset: offset } = DateNotHttp,
        Range { field: date_field(name)? } = DateRange,
        Rfc1123 = DateRfc1123,
        Fraction = DateFraction,
        Zone = DateZone,
        ZoneColon = DateZoneColon,
        AfterZone = DateAfterZone,
        DecimalComma = DateDecimalComma,
        Repeated = DateRepeated,
    }
    LengthProblem {
        Different = None,
        Characters = ContentLengthCharacters,
        LfForm = ContentLengthLfForm,
        CrlfForm = ContentLengthCrlfForm,
    }
    BodyProblem {
        ByteOrderMark = BodyByteOrderMark,
        NotUtf8 = BodyNotUtf8,
        Compressed = BodyCompressed,
        Utf16 = BodyUtf16,
    }
    EncodingProblem {
        Bytes = EncodingBytes,
        Length = EncodingLength,
        NotBase64 = EncodingNotBase64,
        Padding = EncodingPadding,
        WhiteSpace = EncodingWhiteSpace,
        Base64Url = EncodingBase64Url,
        Hexadecimal = EncodingHexadecimal,
        PercentEncoded = EncodingPercentEncoded,
    }
    SyntaxProblem {
        Name = SyntaxName,
        Quote = SyntaxQuote,
        Value = SyntaxValue,
        Unterminated = SyntaxUnterminated,
        Separator = SyntaxSeparator,
        Repeated = SyntaxRepeated,
        LineBreak = SyntaxLineBreak,
    }
    BindingProblem {
        ContentLengthNotListed = BindingContentLengthNotListed,
        DateNotLast = BindingDateNotLast,
        NoContentLength = BindingNoContentLength,
    }
    KeyProblem {
        Der { offset: offset } = KeyDer,
        NotAKey = KeyNotAKey,
        PemEnd = KeyPemEnd,
        Base64 = KeyBase64,
        Modulus = KeyModulus,
        PublicExponent = KeyPublicExponent,
        Primes = KeyPrimes,
        PrimesEqual = KeyPrimesEqual,
        Product = KeyProduct,
        D = KeyD,
        DP = KeyDP,
        DQ = KeyDQ,
        QInv = KeyQInv,
        Empty = KeyEmpty,
        Validity = KeyValidity,
    }
}

/// The part of a date with this name that can be out of range.
fn date_field(name: &str) -> Option<&'static str> {
    ["year", "month", "day", "hour", "minute", "second", "zone"]
        .into_iter()
        .find(|field| *field == name)
}
