//! A message as a whole.

use crate::request::{HeaderField, Headers, Request};

use super::problem::{MessageError, MessageProblem};
use super::reader::MessageReader;

/// Reads a message, which is all of `bytes`, and puts its fields into `fields`: as many as there are
/// places for, so that the work for a message has a bound. Nothing is copied, folds stay in the values,
/// and nothing is verified.
///
/// Refused is what two readers could take differently (S-FRAMING): lines that do not end in CRLF, white
/// space before a colon, two lengths, `Transfer-Encoding`, a body of another length than `Content-Length`
/// says. Whether method, target and values can be signed is judged where they are.
///
/// ```
/// use daxsign_core::{HeaderField, read_message};
///
/// let mut fields = [HeaderField::new("", ""); 16];
/// let bytes = b"POST /doors HTTP/1.1\r\nHost: dax.example\r\nContent-Length: 2\r\n\r\n{}";
/// let request = read_message(bytes, &mut fields)?;
/// assert_eq!((request.method, request.target), (&b"POST"[..], &b"/doors"[..]));
/// assert_eq!(request.field("host").next(), Some(&b" dax.example"[..]));
/// assert_eq!(request.body, b"{}");
/// # Ok::<(), daxsign_core::MessageError>(())
/// ```
///
/// # Errors
/// [`MessageError`]: the first line that is at fault, and what is. Fields before it may have been put into
/// `fields`.
pub fn read_message<'a: 'f, 'f>(
    bytes: &'a [u8],
    fields: &'f mut [HeaderField<'a>],
) -> Result<Request<'f>, MessageError> {
    let mut reader = MessageReader::open(bytes)?;
    let mut count: usize = 0;
    loop {
        let line = reader.line();
        let Some(field) = reader.next_field()? else {
            break;
        };
        let problem = MessageProblem::TooManyFields;
        *fields
            .get_mut(count)
            .ok_or(MessageError { line, problem })? = field;
        count = count.saturating_add(1);
    }
    let (fields, _) = fields.split_at_checked(count).unwrap_or_default();
    Ok(Request {
        method: reader.method(),
        target: reader.target(),
        headers: Headers::List(fields),
        body: reader.body()?,
    })
}
