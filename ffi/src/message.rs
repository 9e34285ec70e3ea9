//! A message as bytes, taken apart where it lies, and what is said of one that is refused.

use core::cell::Cell;
use core::ffi::{c_char, c_void};

use daxsign_core::{Ambiguity, MessageError, MessageProblem, MessageReader};

use crate::call::{call_and_tell, call_without_detail};
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::detail_message::write;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::memory::place::Places;
use crate::memory::plain::Versioned;
use crate::number::to_u64;
use crate::problem::DaxsignProblem as P;
use crate::request::{DaxsignBytes, DaxsignField, DaxsignRequest};
use crate::status::DaxsignStatus;
use crate::status::DaxsignStatus as S;
use crate::text::collect;

/// Reads a message as bytes, of the type `message/http`, as parties of an exchange send each other: request
/// line, fields, an empty line, the body. `request` then tells its parts, with `fields` for its fields, ready
/// for `daxsign_verify`. Nothing is copied: it points into `message` and to `fields`, which must stay as they
/// are; folds stay in the values. Nothing is verified.
///
/// Refused is what two readers could take differently: lines that do not end in CRLF, white space before a
/// colon, a second `Host` or `Content-Length`, `Transfer-Encoding`, control characters, a body of another
/// length than `Content-Length` says, and without one any.
///
/// Errors: `malformed-message` with the line as `position` (where the body is at fault, its first one) and
/// the place in a field's value as `offset`; `daxsign_reading_message` says it in words. `request` is then as
/// it was, `fields` is not. Shared: `message`; exclusive: `fields`, `request`. Stack:
/// DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_message_read(
    message: *const c_void,
    message_len: usize,
    fields: *mut DaxsignField,
    field_cap: usize,
    request: *mut DaxsignRequest,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    let refused = Cell::new(None);
    let tell = |detail: &mut DaxsignDetail| {
        if let Some(error) = refused.get() {
            put_down(&error, detail);
        }
    };
    let because = |error| {
        refused.set(Some(error));
        CallError::call(S::DaxsignErrMalformedMessage, "message")
    };
    let read = |outputs: &mut Outputs<'_, '_>| {
        let places = outputs.places("fields", fields, field_cap)?;
        let request = outputs.versioned(request)?;
        let inputs = outputs.inputs();
        let message = inputs.bytes("message", message, message_len)?;
        let mut reader = MessageReader::open(message).map_err(because)?;
        let count = read_fields(&mut reader, &places).map_err(because)?;
        let told = DaxsignRequest {
            struct_size: DaxsignRequest::size(),
            method: DaxsignBytes::from_slice(reader.method()),
            target: DaxsignBytes::from_slice(reader.target()),
            fields,
            field_count: count,
            body: DaxsignBytes::from_slice(reader.body().map_err(because)?),
        };
        request.write(told);
        Ok(())
    };
    call_and_tell(caller, detail, read, tell)
}

/// Puts the fields into their places; how many there are.
fn read_fields(
    reader: &mut MessageReader<'_>,
    places: &Places<'_, DaxsignField>,
) -> Result<usize, MessageError> {
    let mut count: usize = 0;
    loop {
        let line = reader.line();
        let Some(field) = reader.next_field()? else {
            return Ok(count);
        };
        let field = DaxsignField {
            name: DaxsignBytes::from_slice(field.name),
            value: DaxsignBytes::from_slice(field.value),
        };
        if !places.write(count, field) {
            let problem = MessageProblem::TooManyFields;
            return Err(MessageError { line, problem });
        }
        count = count.saturating_add(1);
    }
}

/// Writes one English sentence for a log on what `daxsign_message_read` said; for what other functions refuse,
/// too, it is what `daxsign_detail_message` writes, which knows of messages the general sentence only: so a
/// program that reads none does not link these.
///
/// `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`. Any
/// thread. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_reading_message(
    about: *const DaxsignDetail,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let detail = outputs.inputs().versioned(about)?;
        out.fill(|out| {
            Ok(collect(out, |sink| match error_of(detail) {
                Some(error) => error.write_message(sink),
                None => write(detail, sink),
            })?)
        })
    })
}

/// Puts a refusal into the detail of its call.
fn put_down(error: &MessageError, detail: &mut DaxsignDetail) {
    let (problem, offset, needed) = facts(error.problem);
    detail.problem = problem.number();
    detail.position = u32::try_from(error.line).unwrap_or(u32::MAX);
    detail.offset = to_u64(offset);
    detail.needed = to_u64(needed);
}

/// A problem's number, where it is, and the line of the first one.
const fn facts(problem: MessageProblem) -> (P, usize, usize) {
    match problem {
        MessageProblem::RequestLine => (P::MessageRequestLine, 0, 0),
        MessageProblem::LineEnd => (P::MessageLineEnd, 0, 0),
        MessageProblem::Fold => (P::MessageFold, 0, 0),
        MessageProblem::NoColon => (P::MessageNoColon, 0, 0),
        MessageProblem::Name => (P::MessageName, 0, 0),
        MessageProblem::Ambiguous(ambiguity) => match ambiguity {
            Ambiguity::SpacedColon => (P::MessageSpacedColon, 0, 0),
            Ambiguity::TransferEncoding => (P::MessageTransferEncoding, 0, 0),
            Ambiguity::LineBreak { offset } => (P::MessageLineBreak, offset, 0),
            Ambiguity::ControlCharacter { offset } => (P::MessageControlCharacter, offset, 0),
            Ambiguity::Repeated { first } => (P::MessageRepeated, 0, first),
        },
        MessageProblem::TooManyFields => (P::MessageTooManyFields, 0, 0),
        MessageProblem::NoEmptyLine => (P::MessageNoEmptyLine, 0, 0),
        MessageProblem::Length => (P::MessageLength, 0, 0),
    }
}

/// The refusal that a detail tells of, if it is one of a message.
fn error_of(detail: &DaxsignDetail) -> Option<MessageError> {
    if detail.status != S::DaxsignErrMalformedMessage.number() {
        return None;
    }
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let (offset, first) = (size(detail.offset), size(detail.needed));
    let mut known = [
        MessageProblem::RequestLine,
        MessageProblem::LineEnd,
        MessageProblem::Fold,
        MessageProblem::NoColon,
        MessageProblem::Name,
        MessageProblem::Ambiguous(Ambiguity::SpacedColon),
        MessageProblem::Ambiguous(Ambiguity::TransferEncoding),
        MessageProblem::Ambiguous(Ambiguity::LineBreak { offset }),
        MessageProblem::Ambiguous(Ambiguity::ControlCharacter { offset }),
        MessageProblem::Ambiguous(Ambiguity::Repeated { first }),
        MessageProblem::TooManyFields,
        MessageProblem::NoEmptyLine,
        MessageProblem::Length,
    ]
    .into_iter();
    Some(MessageError {
        line: size(detail.position.into()),
        problem: known.find(|problem| facts(*problem).0.number() == detail.problem)?,
    })
}
