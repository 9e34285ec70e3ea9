//! The `Signature` field: writing it (S-FORM) and reading it (S-PARSE, S-REALM, S-ALG, S-SIG).

use crate::bytes::base64;
use crate::bytes::rounding::div_ceil;
use crate::bytes::sink::Sink;
use crate::error::label::Label;
use crate::error::slice_sink::SliceSink;
use crate::error::{EncodingProblem, Error, MissingProblem, SyntaxProblem};
use crate::request::Request;
use crate::request::field_value::trim;
use crate::request::token::token_len;
use crate::signing::components::Components;

/// The name of the field.
pub const SIGNATURE_FIELD: &str = "Signature";

const REALM: &str = "dax";
const ALGORITHM: &str = "sha256withrsa";

/// The text of the field around its two variable parts.
const BEFORE_HEADERS: &[u8] = b"realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"";
const BEFORE_SIGNATURE: &[u8] = b"\" signature=\"";
const AFTER_SIGNATURE: &[u8] = b"\"";

/// The length of the field's value for a modulus of `modulus_bits` and a `headers` parameter of
/// `headers_len` bytes: a buffer of this size always suffices, and for a reduced list it is exact.
///
/// ```
/// use daxsign_core::signature_header_len;
/// const LEN: usize = signature_header_len(2048, "(request-target) date".len());
/// let buffer = [0_u8; LEN];
/// # assert_eq!(buffer.len(), 426);
/// ```
#[must_use]
pub const fn signature_header_len(modulus_bits: usize, headers_len: usize) -> usize {
    base64::encoded_len(div_ceil(modulus_bits, 8))
        .saturating_add(headers_len)
        .saturating_add(BEFORE_HEADERS.len())
        .saturating_add(BEFORE_SIGNATURE.len())
        .saturating_add(AFTER_SIGNATURE.len())
}

/// Writes the field's value for a signature made by any means: the second of the two steps of
/// signing with a key outside the core (the first is [`signing_digest`](crate::signing_digest)).
///
/// # Errors
/// [`Error::BufferTooSmall`] with the exact size needed; `out` is then zeroed.
pub fn write_signature_header<'o>(
    components: &Components<'_>,
    signature: &[u8],
    out: &'o mut [u8],
) -> Result<&'o str, Error> {
    let needed = needed_len(components, signature.len());
    if out.len() < needed {
        out.fill(0);
        return Err(Error::BufferTooSmall { needed });
    }
    let value = out.get_mut(..needed).unwrap_or_default();
    for (slot, byte) in signature_place(value, signature.len())
        .iter_mut()
        .zip(signature)
    {
        *slot = *byte;
    }
    write_around(components, signature.len(), value);
    // The parts are ASCII: component names are tokens.
    Ok(core::str::from_utf8(value).unwrap_or_default())
}

/// The length of the value with this list, for a signature of so many bytes.
pub(crate) fn needed_len(components: &Components<'_>, signature_len: usize) -> usize {
    signature_header_len(signature_len.saturating_mul(8), components.encoded_len())
}

/// Where the signature's bytes stand in a value that is as long as needed, before it is written
/// [around](write_around) them: at the end of their base64. So they need no memory of their own.
pub(crate) fn signature_place(value: &mut [u8], signature_len: usize) -> &mut [u8] {
    let end = value.len().saturating_sub(AFTER_SIGNATURE.len());
    let start = end.saturating_sub(signature_len);
    value.get_mut(start..end).unwrap_or_default()
}

/// Writes the value whose signature stands in its [place](signature_place) already.
pub(crate) fn write_around(components: &Components<'_>, signature_len: usize, value: &mut [u8]) {
    let end = value.len().saturating_sub(AFTER_SIGNATURE.len());
    let mut sink = SliceSink::new(value);
    sink.write(BEFORE_HEADERS);
    components.write_to(&mut sink);
    sink.write(BEFORE_SIGNATURE);
    let mut to = end.saturating_sub(base64::encoded_len(signature_len));
    let mut from = end.saturating_sub(signature_len);
    // The last group ends where the bytes end; no other reaches one that was not taken yet.
    while from < end {
        let next = from.saturating_add(base64::BYTES).min(end);
        let group = base64::encode_group(value.get(from..next).unwrap_or_default());
        for (slot, char) in value
            .get_mut(to..)
            .unwrap_or_default()
            .iter_mut()
            .zip(group)
        {
            *slot = char;
        }
        (from, to) = (next, to.saturating_add(group.len()));
    }
    for (slot, byte) in value
        .get_mut(end..)
        .unwrap_or_default()
        .iter_mut()
        .zip(AFTER_SIGNATURE)
    {
        *slot = *byte;
    }
}

/// A parsed field, borrowed from its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureHeader<'a> {
    headers: &'a [u8],
    signature: &'a [u8],
}

/// The four parameters, as they are found.
#[derive(Default)]
struct Parameters<'a> {
    realm: Option<&'a [u8]>,
    algorithm: Option<&'a [u8]>,
    headers: Option<&'a [u8]>,
    signature: Option<&'a [u8]>,
}

impl<'a> SignatureHeader<'a> {
    /// Reads the field's value, strictly: parameters in any order, separated by one or more
    /// spaces, each of the four exactly once, unknown ones skipped.
    ///
    /// ```
    /// use daxsign_core::SignatureHeader;
    /// let header = SignatureHeader::parse(
    ///     r#"algorithm="SHA256withRSA" realm="dax" signature="AAAA" headers="(request-target) date""#,
    /// )?;
    /// assert!(header.components()?.contains("date"));
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::MalformedSignatureHeader`], [`Error::DuplicateParameter`],
    /// [`Error::MissingParameter`], [`Error::WrongRealm`] or [`Error::UnsupportedAlgorithm`], in
    /// this order; offsets count from the value's first byte.
    pub fn parse<T: AsRef<[u8]> + ?Sized>(value: &'a T) -> Result<Self, Error> {
        let mut found = Parameters::default();
        let mut cursor = Cursor {
            text: value.as_ref(),
            offset: 0,
        };
        loop {
            cursor.parameter(&mut found)?;
            if cursor.rest().is_empty() {
                break;
            }
            cursor.separator()?;
        }
        let required =
            |value: Option<&'a [u8]>, name| value.ok_or(Error::MissingParameter { name });
        let realm = required(found.realm, "realm")?;
        let algorithm = required(found.algorithm, "algorithm")?;
        let headers = required(found.headers, "headers")?;
        let signature = required(found.signature, "signature")?;
        if realm != REALM.as_bytes() {
            return Err(Error::WrongRealm {
                found: Label::new(realm),
            });
        }
        if !algorithm.eq_ignore_ascii_case(ALGORITHM.as_bytes()) {
            return Err(Error::UnsupportedAlgorithm {
                found: Label::new(algorithm),
            });
        }
        Ok(Self { headers, signature })
    }

    /// The `Signature` field of `request`, which must be there once.
    ///
    /// # Errors
    /// [`Error::MissingHeader`]; else as [`parse`](Self::parse).
    pub fn from_request(request: &Request<'a>) -> Result<Self, Error> {
        let mut fields = request.field(SIGNATURE_FIELD);
        let value = trim(fields.next().ok_or_else(|| missing(request))?);
        if fields.next().is_some() {
            // Joined with the first (S-JOIN) it would start with a comma.
            return Err(Error::MalformedSignatureHeader {
                offset: value.len(),
                problem: SyntaxProblem::Repeated,
            });
        }
        Self::parse(value)
    }

    /// The component list.
    ///
    /// # Errors
    /// As [`Components::parse`].
    pub fn components(&self) -> Result<Components<'a>, Error> {
        Components::parse(self.headers)
    }

    /// The `headers` parameter as it was sent.
    #[must_use]
    pub const fn headers_parameter(&self) -> &'a [u8] {
        self.headers
    }

    /// The `signature` parameter as it was sent, in base64.
    #[must_use]
    pub const fn signature_base64(&self) -> &'a [u8] {
        self.signature
    }

    /// Decodes the signature: see [`decode_signature`].
    ///
    /// # Errors
    /// [`Error::InvalidSignatureEncoding`]; `out` is then zeroed.
    pub fn decode_signature(&self, out: &mut [u8]) -> Result<(), Error> {
        decode_signature(self.signature, out)
    }
}

/// Decodes a `signature` parameter, which must fill `out` exactly: `out` has the modulus length.
///
/// # Errors
/// [`Error::InvalidSignatureEncoding`] unless it is canonical base64 of that many bytes; `out` is
/// then zeroed.
pub fn decode_signature(base64: &[u8], out: &mut [u8]) -> Result<(), Error> {
    let expected = out.len();
    if try_decode(base64, out).is_none() {
        out.fill(0);
        return Err(Error::InvalidSignatureEncoding {
            expected,
            found: base64.len(),
            problem: what_stands_there(base64, expected),
        });
    }
    Ok(())
}

/// What a text is that is not the canonical base64 of `len` bytes.
#[cold]
fn what_stands_there(text: &[u8], len: usize) -> EncodingProblem {
    let any = |known: fn(&u8) -> bool| text.iter().any(known);
    let padded_len = base64::encoded_len(len);
    // The padding stands for the bytes that the last group lacks.
    let padding = len.next_multiple_of(base64::BYTES).saturating_sub(len);
    if any(u8::is_ascii_whitespace) {
        EncodingProblem::WhiteSpace
    } else if any(|byte| *byte == b'%') {
        EncodingProblem::PercentEncoded
    } else if any(|byte| matches!(byte, b'-' | b'_')) {
        EncodingProblem::Base64Url
    } else if !text.is_empty() && text.iter().all(u8::is_ascii_hexdigit) {
        EncodingProblem::Hexadecimal
    } else if text.len() == padded_len {
        EncodingProblem::NotBase64
    } else if text.len().saturating_add(padding) == padded_len && !any(|byte| *byte == b'=') {
        EncodingProblem::Padding
    } else {
        EncodingProblem::Length
    }
}

/// No `Signature` field: what belongs into it may stand in another.
#[cold]
fn missing(request: &Request<'_>) -> Error {
    const SCHEME: &[u8] = b"signature ";
    let is_signature = |value: &[u8]| {
        let scheme = trim(value).get(..SCHEME.len());
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
    };
    Error::MissingHeader {
        name: Label::lowercase(SIGNATURE_FIELD.as_bytes()),
        problem: if request.field("authorization").any(is_signature) {
            MissingProblem::InAuthorization
        } else {
            MissingProblem::Lost
        },
    }
}

fn try_decode(text: &[u8], out: &mut [u8]) -> Option<()> {
    if text.len() != base64::encoded_len(out.len()) {
        return None;
    }
    let (groups, _) = text.as_chunks::<{ base64::CHARS }>();
    let mut rest = out;
    for group in groups {
        let (bytes, len) = base64::decode_group(*group)?;
        // Only the last group may stand for fewer bytes.
        if len != rest.len().min(base64::BYTES) {
            return None;
        }
        let (slot, others) = rest.split_at_mut_checked(len)?;
        for (to, from) in slot.iter_mut().zip(bytes) {
            *to = from;
        }
        rest = others;
    }
    Some(())
}

/// A place in the field's value.
struct Cursor<'a> {
    text: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.get(self.offset..).unwrap_or_default()
    }

    /// Steps over `len` bytes and returns them.
    fn take(&mut self, len: usize) -> &'a [u8] {
        let taken = self.rest().get(..len).unwrap_or_default();
        self.offset = self.offset.saturating_add(taken.len());
        taken
    }

    fn malformed(&self, problem: SyntaxProblem) -> Error {
        Error::MalformedSignatureHeader {
            offset: self.offset,
            problem,
        }
    }

    /// One or more spaces between two parameters.
    fn separator(&mut self) -> Result<(), Error> {
        let spaces = self.rest().iter().take_while(|byte| **byte == b' ').count();
        if spaces == 0 || spaces == self.rest().len() {
            return Err(self.malformed(SyntaxProblem::Separator));
        }
        self.take(spaces);
        Ok(())
    }

    /// `name="value"`.
    fn parameter(&mut self, found: &mut Parameters<'a>) -> Result<(), Error> {
        let start = self.offset;
        let name = self.take(token_len(self.rest()));
        if name.is_empty() {
            return Err(self.malformed(SyntaxProblem::Name));
        }
        if !self.rest().starts_with(b"=\"") {
            return Err(self.malformed(SyntaxProblem::Quote));
        }
        self.take(2);
        let value = self.quoted()?;
        let (slot, name) = match name {
            b"realm" => (&mut found.realm, "realm"),
            b"algorithm" => (&mut found.algorithm, "algorithm"),
            b"headers" => (&mut found.headers, "headers"),
            b"signature" => (&mut found.signature, "signature"),
            _ => return Ok(()),
        };
        if slot.replace(value).is_some() {
            return Err(Error::DuplicateParameter {
                name,
                offset: start,
            });
        }
        Ok(())
    }

    /// A value up to its closing quote: printable ASCII without backslashes.
    fn quoted(&mut self) -> Result<&'a [u8], Error> {
        let len = self
            .rest()
            .iter()
            .take_while(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'))
            .count();
        let value = self.take(len);
        match self.rest().first() {
            Some(b'"') => {
                self.take(1);
                Ok(value)
            }
            Some(b'\r' | b'\n') => Err(self.malformed(SyntaxProblem::LineBreak)),
            Some(_) => Err(self.malformed(SyntaxProblem::Value)),
            None => Err(self.malformed(SyntaxProblem::Unterminated)),
        }
    }
}
