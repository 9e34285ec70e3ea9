//! A message taken apart, strictly: what two readers could take differently is none (S-FRAMING).

use daxsign_core::{HeaderField, Request};
use daxsign_http::{RawRequest, framing};

use super::list::CONTENT_LENGTH;
use super::refusal::Refusal;

/// A message as it came, with folds kept. Nothing of it is verified.
#[derive(Clone, Debug)]
pub struct Message<'m> {
    /// The method as it stands.
    pub method: &'m [u8],
    /// The target as it stands.
    pub target: &'m [u8],
    /// The fields in their order.
    pub fields: Vec<HeaderField<'m>>,
    /// The body, of the length that `Content-Length` says.
    pub body: &'m [u8],
}

impl<'m> Message<'m> {
    /// Reads one message, which is all of `bytes`.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    pub fn read(bytes: &'m [u8]) -> Result<Self, Refusal> {
        let raw =
            RawRequest::parse(bytes).map_err(|error| unreadable(error.line, error.problem))?;
        if !raw.ends_lines_in_crlf() {
            return Err(unreadable(1, "a line of a message ends in CRLF"));
        }
        framing::check(&raw).map_err(|ambiguity| {
            unreadable(ambiguity.line(), "others read this line differently")
        })?;
        if !raw.has_blank_line() {
            return Err(unreadable(raw.body_line, "no empty line ends the head"));
        }
        if [raw.method, raw.target].iter().any(has_blanks) {
            return Err(unreadable(
                1,
                "white space stands in the method or the target",
            ));
        }
        let message = Self {
            method: raw.method,
            target: raw.target,
            fields: raw
                .fields
                .iter()
                .map(|field| HeaderField::new(field.name, field.value))
                .collect(),
            body: raw.body(),
        };
        message.check_length(raw.body_line)?;
        Ok(message)
    }

    /// The same for the core.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        Request::new(self.method, self.target, &self.fields, self.body)
    }

    /// The value of a field that stands there once.
    ///
    /// # Errors
    /// [`Refusal::Field`].
    pub fn once(&self, name: &'static str) -> Result<&'m str, Refusal> {
        let mut values = self
            .fields
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| field.value);
        match (values.next(), values.next()) {
            (Some(value), None) => str::from_utf8(value.trim_ascii()).ok(),
            _ => None,
        }
        .ok_or(Refusal::Field { name })
    }

    /// The value of a field that stands there once, read.
    pub(crate) fn parsed<T: core::str::FromStr>(&self, name: &'static str) -> Result<T, Refusal> {
        let value = self.once(name)?;
        value.parse().map_err(|_| Refusal::Field { name })
    }

    /// The body is as long as the head says; without a length there is none.
    fn check_length(&self, line: usize) -> Result<(), Refusal> {
        let expected = if self.has(CONTENT_LENGTH) {
            let digits = self.once(CONTENT_LENGTH)?;
            // `parse` takes a sign, which a length has not.
            let digits = Some(digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|text| text.parse().ok())
        } else {
            Some(0)
        };
        if expected == Some(self.body.len()) {
            Ok(())
        } else {
            Err(unreadable(
                line,
                "the body is not as long as Content-Length says",
            ))
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// Others split such a request line elsewhere (RFC 9112 3).
fn has_blanks(part: &&[u8]) -> bool {
    part.iter()
        .any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
}

const fn unreadable(line: usize, problem: &'static str) -> Refusal {
    Refusal::Unreadable { line, problem }
}
