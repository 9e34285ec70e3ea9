//! An answer in the head of an HTTP response (X-ANSWER): the same fields, with the signed date in a field
//! of its own, since proxies rewrite `Date`.

use daxsign_core::{HeaderField, SIGNATURE_FIELD};

use super::list::{ANSWER, CONTENT_LENGTH, CONTENT_TYPE, CORRELATION, DATE, REQUEST, STATUS};
use super::reading::Message;
use super::refusal::Refusal;
use super::signed::Signed;

/// Where the signed date stands.
pub const SIGNED_DATE_FIELD: &str = "X-Dax-Date";

/// The fields that go into the head of the response. Its status is the signed one; `Content-Length` is
/// written by whoever writes the response, of the body as it is: no content coding.
pub fn answer_to_http<'s>(answer: &'s Signed<'_>) -> impl Iterator<Item = (&'static str, &'s str)> {
    answer
        .fields()
        .iter()
        .filter(|(name, _)| *name != CONTENT_LENGTH)
        .map(|(name, value)| match *name {
            DATE => (SIGNED_DATE_FIELD, value.as_str()),
            name => (name, value.as_str()),
        })
}

/// The message that a response to a request for `target` stands for. `length` is the body's, in
/// decimal. Nothing is verified but that its status is the signed one.
///
/// # Errors
/// [`Refusal`].
pub fn answer_from_http<'m>(
    status: u16,
    target: &'m str,
    fields: &(impl Iterator<Item = (&'m str, &'m [u8])> + Clone),
    body: &'m [u8],
    length: &'m str,
) -> Result<Message<'m>, Refusal> {
    if length.parse() != Ok(body.len()) {
        return Err(Refusal::Field {
            name: CONTENT_LENGTH,
        });
    }
    let mut read = Vec::new();
    for name in [
        CORRELATION,
        REQUEST,
        STATUS,
        CONTENT_TYPE,
        SIGNED_DATE_FIELD,
        SIGNATURE_FIELD,
    ] {
        let mut values = fields
            .clone()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name));
        let (Some((_, value)), None) = (values.next(), values.next()) else {
            return Err(Refusal::Field { name });
        };
        let name = if name == SIGNED_DATE_FIELD {
            DATE
        } else {
            name
        };
        read.push(HeaderField::new(name, value));
    }
    read.push(HeaderField::new(CONTENT_LENGTH, length));
    let message = Message {
        method: ANSWER.as_bytes(),
        target: target.as_bytes(),
        fields: read,
        body,
    };
    if message.once(STATUS)? == status.to_string() {
        Ok(message)
    } else {
        Err(Refusal::Belonging { name: STATUS })
    }
}
