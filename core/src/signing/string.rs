//! The signing string: a line for each component, then the body (S-LINE, S-BODY).
//!
//! ```text
//! (request-target): post /api/v2/DaxEndPoint\n     lowercased method, path as sent
//! host: dax.amido.se\n                             name in lowercase, value unfolded and trimmed
//! date: 2020-05-17T14:44:30+02:00\n                every line ends in \n, the last one too
//! {"hello": "world"}                               the body byte for byte, nothing behind it
//! ```

use crate::bytes::sink::{Counter, Sink};
use crate::error::refusal::{Noted, Refusal};
use crate::error::slice_sink::SliceSink;
use crate::error::{DateProblem, Error};
use crate::request::Request;
use crate::request::date::{MAX_DATE_LEN, Timestamp};
use crate::request::field_name::DATE;
use crate::request::field_value::write_field;
use crate::request::options::Options;
use crate::request::{body, charset, content_length, target as request_target};
use crate::signing::components::{Component, Components, REQUEST_TARGET};

/// Writes the signing string into `sink` in one pass and returns the request's date.
///
/// The checks are made in the order of the rules: list (by [`Components`]), method, target, each
/// component in order, date, content length, charset, body. After an error the sink holds an
/// unfinished string; [`signing_string`] zeroes its buffer then.
///
/// # Errors
/// The first rule that the request breaks.
pub fn write_signing_string(
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
    sink: &mut impl Sink,
) -> Result<Timestamp, Error> {
    Refusal::of(|refusal| write_checked(request, components, options, sink, refusal))
}

/// The same with a place for the error.
pub(crate) fn write_checked(
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
    sink: &mut dyn Sink,
    refusal: &mut Refusal,
) -> Result<Timestamp, Noted> {
    let head = write_lines(request, components, options, sink, refusal)?;
    content_length::check_body(head.content_length, request.body, refusal)?;
    charset::check(request, options.content, refusal)?;
    body::check(request.body, refusal)?;
    sink.write(request.body);
    Ok(head.date)
}

/// The signing string, written into `out`.
///
/// ```
/// use daxsign_core::{Components, HeaderField, Options, Request, signing_string};
/// let headers = [
///     HeaderField::new("Date", "2020-05-17T14:44:30+02:00"),
///     HeaderField::new("Cache-Control", "max-age=60"),
///     HeaderField::new("Cache-Control", "must-revalidate"),
/// ];
/// let request = Request::new("GET", "/api/v2/DaxEndPoint?page=2", &headers, "");
/// let components = Components::parse("(request-target) date cache-control")?;
/// let mut out = [0; 256];
/// let string = signing_string(&request, &components, Options::default(), &mut out)?;
/// assert_eq!(
///     string,
///     b"(request-target): get /api/v2/DaxEndPoint\n\
///       date: 2020-05-17T14:44:30+02:00\n\
///       cache-control: max-age=60,must-revalidate\n"
/// );
/// # Ok::<(), daxsign_core::Error>(())
/// ```
///
/// # Errors
/// The first rule that the request breaks; [`Error::BufferTooSmall`] with the exact size needed.
/// After an error `out` is zeroed.
pub fn signing_string<'o>(
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
    out: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let mut sink = SliceSink::new(out);
    match write_signing_string(request, components, options, &mut sink) {
        Ok(_) => Ok(sink.finish()?),
        Err(error) => {
            sink.discard();
            Err(error)
        }
    }
}

/// The length of the signing string in bytes.
///
/// # Errors
/// The first rule that the request breaks.
pub fn signing_string_len(
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
) -> Result<usize, Error> {
    let mut counter = Counter::default();
    write_signing_string(request, components, options, &mut counter)?;
    Ok(counter.count())
}

/// What is known once the lines are written.
pub(crate) struct Head {
    pub(crate) date: Timestamp,
    pub(crate) content_length: Option<u64>,
}

/// Writes the lines and makes all checks that do not need the body; `Content-Length` is read and
/// still to be compared, the charset still to be checked.
pub(crate) fn write_lines(
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
    sink: &mut dyn Sink,
    refusal: &mut Refusal,
) -> Result<Head, Noted> {
    request_target::check_method(request.method, refusal)?;
    request_target::check_target(request.target, refusal)?;
    let mut date = DateCapture {
        text: [0; MAX_DATE_LEN + 1],
        len: 0,
    };
    for component in components.iter() {
        write_name(component, sink);
        if component.is(REQUEST_TARGET) {
            request_target::write_value(request, options.target, sink);
        } else if component.is(DATE) {
            let mut both = |bytes: &[u8]| {
                date.write(bytes);
                sink.write(bytes);
            };
            write_field(request, component.name(), &mut both, refusal)?;
        } else {
            write_field(request, component.name(), sink, refusal)?;
        }
        sink.write(b"\n");
    }
    let actual = crate::bytes::sink::length(request.body);
    Ok(Head {
        date: date
            .timestamp()
            .map_err(|error| refusal.note(of_the_date(request, error)))?,
        content_length: content_length::declared(request, actual, refusal)?,
    })
}

/// Two `Date` fields are joined, and then read as one that is wrong.
#[cold]
fn of_the_date(request: &Request<'_>, error: Error) -> Error {
    match request.field(DATE).nth(1) {
        Some(_) => Error::InvalidDate {
            problem: DateProblem::Repeated,
        },
        None => error,
    }
}

/// The start of a line, up to the value.
fn write_name(component: Component<'_>, sink: &mut dyn Sink) {
    crate::request::token::write_lowercase(component.name(), sink);
    sink.write(b": ");
}

/// Keeps the date's value while it is written.
struct DateCapture {
    /// One byte more than a date can have, so that a longer value does not read as its start.
    text: [u8; MAX_DATE_LEN + 1],
    len: usize,
}

impl DateCapture {
    fn timestamp(&self) -> Result<Timestamp, Error> {
        let end = self.len.min(self.text.len());
        Timestamp::parse(self.text.get(..end).unwrap_or_default())
    }
}

impl Sink for DateCapture {
    fn write(&mut self, bytes: &[u8]) {
        let room = self.text.get_mut(self.len..).unwrap_or_default();
        for (slot, byte) in room.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        self.len = self.len.saturating_add(bytes.len());
    }
}
