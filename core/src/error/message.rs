//! The errors in words: one table of texts, written into a [`Sink`], with `core::fmt` or without.

use core::fmt;

use crate::bytes::sink::{Sink, write_decimal};
use crate::error::key_sizes::MAX_MODULUS_BITS;
use crate::error::label::Label;
use crate::error::{
    BindingProblem, BodyProblem, DateProblem, EncodingProblem, Error, KeyProblem, LengthProblem,
    MissingProblem, SyntaxProblem, TOO_MANY_NAMES, ValueProblem,
};

/// Something that stands in a text.
pub(crate) trait Part {
    fn write(&self, sink: &mut impl Sink);
}

/// Writes the parts of a text, in order.
macro_rules! say {
    ($sink:expr, $($part:expr),+ $(,)?) => {{ $( $crate::error::message::Part::write($part, $sink); )+ }};
}
pub(crate) use say;

impl Error {
    /// Writes the message, as [`Display`](fmt::Display) shows it, in pieces that are UTF-8 each.
    ///
    /// For where formatting is too large: this uses nothing of `core::fmt`.
    ///
    /// ```
    /// use daxsign_core::{Error, SliceSink};
    /// let mut buffer = [0; 100];
    /// let mut sink = SliceSink::new(&mut buffer);
    /// Error::KeyTooSmall { bits: 1024 }.write_message(&mut sink);
    /// let text = sink.finish()?;
    /// assert_eq!(text, b"the key has 1024 bits: DAX keys have at least 2048; make a new key");
    /// # Ok::<(), Error>(())
    /// ```
    #[expect(clippy::too_many_lines, reason = "a table of every error")]
    pub fn write_message(&self, sink: &mut impl Sink) {
        match self {
            // The component list.
            Self::InvalidComponent { position, name } => say_component(*position, name, sink),
            Self::MissingComponent { name } => say!(
                sink,
                "the component list lacks `",
                name,
                "`, which DAX requires: add it to the list"
            ),
            Self::UnsupportedComponent { position, name } => say!(
                sink,
                "entry ",
                position,
                " of the component list, `",
                name,
                "`, is not known: the only name in parentheses is `(request-target)`"
            ),
            // The request.
            Self::InvalidMethod { offset } => say!(
                sink,
                "the method is not an HTTP token (byte ",
                offset,
                "): use a method such as GET or POST"
            ),
            Self::InvalidTarget { offset } => say!(
                sink,
                "the request target does not fit at byte ",
                offset,
                ": it must start with `/` and hold visible ASCII only; percent-encode everything \
                 else"
            ),
            Self::MissingHeader { name, problem } => say_missing_header(name, *problem, sink),
            Self::InvalidHeaderValue {
                name,
                instance,
                offset,
                problem,
            } => {
                say!(sink, "the value of field `", name, "` (number ", instance);
                say!(sink, " of that name) cannot be signed: at byte ", offset);
                say!(sink, " ", problem);
            }
            Self::InvalidDate { problem } => say!(sink, "the date cannot be used: ", problem),
            Self::BufferTooSmall { needed } => say!(
                sink,
                "the output does not fit: pass a buffer of at least ",
                needed,
                " bytes"
            ),
            // Its body.
            Self::ContentLengthMismatch {
                declared,
                actual,
                problem,
            } => say_length(*declared, *actual, *problem, sink),
            Self::UnsupportedCharset { field, charset } => say_charset(field, charset, sink),
            Self::InvalidContentType => say!(
                sink,
                "Content-Type is not application/json: the REST API answers 400 to anything else"
            ),
            Self::InvalidBody { offset, problem } => {
                say!(sink, "the body cannot be signed: at byte ", offset);
                say!(sink, " ", problem);
            }
            // The `Signature` field.
            Self::MalformedSignatureHeader { offset, problem } => {
                say!(sink, "the Signature field is malformed at byte ", offset);
                say!(sink, ": ", problem);
            }
            Self::MissingParameter { name } => say!(
                sink,
                "the Signature field lacks the parameter `",
                name,
                "`: it needs realm, algorithm, headers and signature"
            ),
            Self::DuplicateParameter { name, offset } => say!(
                sink,
                "the Signature field has `",
                name,
                "` a second time at byte ",
                offset,
                ": each parameter stands once"
            ),
            Self::WrongRealm { found } => {
                say!(sink, "the realm is `", found, "`: it must be `dax`");
            }
            Self::UnsupportedAlgorithm { found } => say!(
                sink,
                "the algorithm is `",
                found,
                "`: it must be `sha256withrsa`"
            ),
            Self::InvalidSignatureEncoding {
                expected,
                found,
                problem,
            } => {
                say!(sink, "the signature is not canonical base64 of ", expected);
                say!(sink, " bytes, the length of this key's modulus: ", problem);
                say_found(*expected, *found, *problem, sink);
            }
            // What the verifier judges.
            Self::SignatureMismatch => say!(
                sink,
                "the signature does not belong to this request, key and profile: compare the \
                 signing strings of both sides byte by byte, and try the other profile"
            ),
            Self::StaleDate { age, window } => {
                say!(sink, "the request is ", age, " s old and ", window);
                say!(
                    sink,
                    " s are allowed: check both clocks, or sign again with the present time"
                );
            }
            Self::FutureDate { ahead, window } => {
                say!(sink, "the request's date lies ", ahead, " s ahead and ");
                say!(sink, window, " s are allowed: check both clocks");
            }
            Self::Replayed => say!(
                sink,
                "this request was accepted before: a repeated request needs a new date and a new \
                 signature"
            ),
            Self::ReplayGuardFull { capacity } => say!(
                sink,
                "the replay guard holds ",
                capacity,
                " requests that are all still fresh: try again later, or give it more places or a \
                 shorter window"
            ),
            Self::UnboundBody { problem } => say!(
                sink,
                "the signature does not bind the body: ",
                problem,
                " (the interop policy accepts this)"
            ),
            // The key.
            Self::InvalidKey { problem } => say!(sink, "the key cannot be used: ", problem),
            Self::UnsupportedKey { found } => say!(
                sink,
                "found ",
                found,
                ": use an unencrypted RSA key of 2048 to ",
                &MAX_MODULUS_BITS,
                " bits (private: PKCS#1 or PKCS#8; public: SPKI, PKCS#1 or an X.509 certificate; \
                 PEM or DER)"
            ),
            Self::KeyTooSmall { bits } => say!(
                sink,
                "the key has ",
                bits,
                " bits: DAX keys have at least 2048; make a new key"
            ),
            Self::SigningFault => say!(
                sink,
                "the signature just made does not verify, so it was not given out: the key or the \
                 hardware is faulty; load the key again, and replace the device if it recurs"
            ),
            Self::InternalFault => say!(
                sink,
                "this library failed, not the key or the request: please report it, with the \
                 library's version and what was done"
            ),
        }
    }
}

fn say_component(position: usize, name: &Label, sink: &mut impl Sink) {
    if name.as_str() == TOO_MANY_NAMES {
        say!(
            sink,
            "the component list holds ",
            name,
            ", repetitions counted: list at most 64"
        );
    } else {
        say!(
            sink,
            "entry ",
            &position,
            " of the component list, `",
            name,
            "`, is no HTTP field name: write names such as `content-type`, separated by single \
             spaces"
        );
    }
}

fn say_length(declared: Option<u64>, actual: u64, problem: LengthProblem, sink: &mut impl Sink) {
    let Some(declared) = declared else {
        return say!(
            sink,
            "Content-Length is not one decimal number: write ",
            &actual,
            ", the body's length in bytes"
        );
    };
    say!(sink, "Content-Length says ", &declared);
    say!(sink, " but the body has ", &actual, " bytes: ");
    if problem != LengthProblem::Different {
        say!(sink, &declared, " is ");
    }
    say!(sink, &problem);
}

fn say_charset(field: &'static str, charset: &Label, sink: &mut impl Sink) {
    say!(sink, field);
    if charset.as_str().contains('"') {
        say!(
            sink,
            " has the quotes `",
            charset,
            "`, which do not say utf-8 or do not end"
        );
    } else {
        say!(sink, " names the charset `", charset, "`");
    }
    let advice = if field == "accept-charset" {
        "remove the field, or let it name utf-8 alone"
    } else {
        "encode the request as UTF-8 and say charset=utf-8 or nothing"
    };
    say!(sink, ": DAX signs UTF-8 only; ", advice);
}

fn say_missing_header(name: &Label, problem: MissingProblem, sink: &mut impl Sink) {
    let is_signature = name.as_str() == "signature";
    let shown = if is_signature {
        "Signature"
    } else {
        name.as_str()
    };
    say!(sink, "the request has no field `", shown);
    let what_to_do = match problem {
        MissingProblem::InAuthorization => {
            "`: what belongs there stands in `Authorization: Signature …`; send it in the field \
             Signature, beside `Authorization: Bearer …`"
        }
        _ if is_signature => "`: it was not signed, or the field was lost on the way",
        MissingProblem::Absent => {
            "`: add it, or take it off the component list if it is optional there"
        }
        MissingProblem::Lost => {
            "`, which its signature covers: was it lost on the way? Look for a proxy or library \
             that removes or renames it; else the sender should not list it"
        }
    };
    say!(sink, what_to_do);
}

/// The sizes behind a problem of a signature's text.
fn say_found(expected: usize, found: usize, problem: EncodingProblem, sink: &mut impl Sink) {
    let (unit, needed) = match problem {
        EncodingProblem::Bytes => (" bytes, expected ", expected),
        _ => (
            " characters, expected ",
            crate::bytes::base64::encoded_len(expected),
        ),
    };
    say!(sink, "; found ", &found, unit, &needed);
}

impl Part for LengthProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
            Self::Different => {
                "send exactly the bytes that are signed (a stray newline is the usual cause)"
            }
            Self::Characters => "its length in characters; count the bytes of its UTF-8",
            Self::LfForm => {
                "its length with \\n where it has \\r\\n; send exactly the bytes that are signed"
            }
            Self::CrlfForm => {
                "its length with \\r\\n where it has \\n; send exactly the bytes that are signed"
            }
        };
        say!(sink, text);
    }
}

impl Part for EncodingProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
            Self::Bytes => "it has another length",
            Self::Length => "it is cut off, or was made with a key of another size",
            Self::NotBase64 => "a character, its padding or its last bits are not base64",
            Self::Padding => "it lacks the = at its end",
            Self::WhiteSpace => {
                "there is white space in it, as where a line break stood: write the base64 without \
                 line breaks"
            }
            Self::Base64Url => "- and _ are base64url; write + and / instead, and = at its end",
            Self::Hexadecimal => "it is hexadecimal; write it in base64",
            Self::PercentEncoded => "it is percent-encoded; write the base64 as it is",
        };
        say!(sink, text);
    }
}

impl Part for ValueProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
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
        };
        say!(sink, text);
    }
}

impl Part for DateProblem {
    fn write(&self, sink: &mut impl Sink) {
        match self {
            Self::Format { offset } => {
                say!(sink, "it differs from the format at byte ", offset);
            }
            Self::Rfc1123 => say!(
                sink,
                "it is in the RFC 1123 format that HTTP libraries write on their own"
            ),
            Self::Fraction => say!(sink, "the fraction is not 1 to 9 digits"),
            Self::Zone => say!(sink, "it does not end with its time zone"),
            Self::ZoneColon => say!(sink, "the zone needs a colon, as in +01:00"),
            Self::AfterZone => say!(sink, "nothing may follow the zone"),
            Self::DecimalComma => say!(sink, "the fraction starts with a point, not a comma"),
            Self::Repeated => {
                return say!(sink, "the field stands twice: send one `Date`");
            }
            Self::NotHttp { offset } => {
                return say!(
                    sink,
                    "it differs at byte ",
                    offset,
                    " from an HTTP date, such as Sun, 17 May 2020 12:44:30 GMT"
                );
            }
            Self::Range { field } => say!(sink, "its ", field, " is out of range"),
        }
        say!(
            sink,
            "; expected ISO 8601 with a zone, such as 2020-05-17T14:44:30Z or \
             2020-05-17T14:44:30.2437457+02:00"
        );
    }
}

impl Part for BodyProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
            Self::ByteOrderMark => "there is a byte order mark: save the body without it",
            Self::NotUtf8 => "it is not UTF-8: encode the body as UTF-8",
            Self::Compressed => {
                "it is compressed (Content-Encoding: gzip or another): DAX signs a body in UTF-8, \
                 so send it as it is, without Content-Encoding; if it was compressed behind the \
                 signer, verify it as it was before"
            }
            Self::Utf16 => "it is UTF-16: encode the body as UTF-8",
        };
        say!(sink, text);
    }
}

impl Part for SyntaxProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
            Self::Name => "a parameter name such as `realm` must stand here",
            Self::Quote => "a parameter must go on with =\" and its value in double quotes",
            Self::Value => "a value holds printable ASCII without backslashes only",
            Self::Unterminated => "the value has no closing quote",
            Self::Separator => {
                "parameters are separated by spaces only (no commas), and nothing follows the last"
            }
            Self::Repeated => "a second Signature field follows; a request has one",
            Self::LineBreak => {
                "there is a line break in the value: write the base64 without line breaks, and the \
                 field on one line"
            }
        };
        say!(sink, text);
    }
}

impl Part for BindingProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
            Self::ContentLengthNotListed => {
                "`content-length` is not listed, so bytes of the body could become header lines; \
                 the sender should list it"
            }
            Self::DateNotLast => {
                "`date` is not the last component, so header lines could become body; the sender \
                 should list it last"
            }
            Self::NoContentLength => {
                "the request has no Content-Length to be listed, so a strict verifier refuses the \
                 signature; add Content-Length with the body's length in bytes"
            }
        };
        say!(sink, text);
    }
}

impl Part for KeyProblem {
    fn write(&self, sink: &mut impl Sink) {
        let text = match self {
            Self::NotAKey => "it is neither PEM nor DER: pass the key file's bytes as they are",
            Self::PemEnd => {
                "the PEM block has no matching -----END …----- line: is the file cut off?"
            }
            Self::Base64 => "the PEM block is not base64 throughout: is the file damaged?",
            Self::Der { offset } => {
                say!(sink, "its DER is not that of an RSA key at byte ", offset);
                ": is the file damaged?"
            }
            Self::Modulus => "the modulus is an even number",
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
        };
        say!(sink, text);
    }
}

impl Part for str {
    fn write(&self, sink: &mut impl Sink) {
        sink.write(self.as_bytes());
    }
}

impl Part for &str {
    fn write(&self, sink: &mut impl Sink) {
        sink.write(self.as_bytes());
    }
}

impl Part for Label {
    fn write(&self, sink: &mut impl Sink) {
        sink.write(self.as_str().as_bytes());
    }
}

impl Part for u64 {
    fn write(&self, sink: &mut impl Sink) {
        write_decimal(*self, sink);
    }
}

impl Part for u32 {
    fn write(&self, sink: &mut impl Sink) {
        u64::from(*self).write(sink);
    }
}

impl Part for usize {
    fn write(&self, sink: &mut impl Sink) {
        // No machine has addresses of more than 64 bits.
        u64::try_from(*self).unwrap_or(u64::MAX).write(sink);
    }
}

/// Passes text on to a formatter and remembers its first error.
pub(crate) struct FormatterSink<'f, 'b> {
    formatter: &'f mut fmt::Formatter<'b>,
    result: fmt::Result,
}

impl Sink for FormatterSink<'_, '_> {
    fn write(&mut self, bytes: &[u8]) {
        let Self { formatter, result } = self;
        *result = result
            .and_then(|()| core::str::from_utf8(bytes).map_err(|_| fmt::Error))
            .and_then(|text| formatter.write_str(text));
    }
}

/// Shows what `write` writes, in pieces that are UTF-8 each.
pub(crate) fn show(
    formatter: &mut fmt::Formatter<'_>,
    write: impl FnOnce(&mut FormatterSink<'_, '_>),
) -> fmt::Result {
    let mut sink = FormatterSink {
        formatter,
        result: Ok(()),
    };
    write(&mut sink);
    sink.result
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_message(sink))
    }
}

impl core::error::Error for Error {}

macro_rules! display_the_part {
    ($($problem:ty),+) => {$(
        impl fmt::Display for $problem {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show(f, |sink| self.write(sink))
            }
        }
    )+};
}

display_the_part!(
    ValueProblem,
    DateProblem,
    BodyProblem,
    SyntaxProblem,
    EncodingProblem,
    BindingProblem,
    KeyProblem
);
