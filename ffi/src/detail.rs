//! The details of a failure, in caller's memory.

use core::ffi::c_char;

use daxsign_core::{DateProblem, Error, KeyProblem, Label};

use crate::call_error::CallError;
use crate::memory::plain::{Plain, Versioned};
use crate::memory::region::DETAIL;
use crate::number::to_u64;
use crate::problem::{DaxsignProblem, Numbered};
use crate::status::DaxsignStatus;
use crate::text::fix;

/// The room for a text in `DaxsignDetail`, its NUL included.
pub const DAXSIGN_DETAIL_TEXT: usize = 48;
const _: () = assert!(DAXSIGN_DETAIL_TEXT > Label::CAPACITY);

/// What went wrong, where, and by how much. Every function takes a pointer to one, or NULL, and
/// writes it once at its end, after success too. It holds no secret.
///
/// Initialise it with `DAXSIGN_DETAIL_INIT`. `daxsign_detail_message` turns it into a sentence for
/// a log. What a status does not use is 0 or empty.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignDetail {
    /// `sizeof(DaxsignDetail)`.
    pub struct_size: u32,
    /// The `DaxsignStatus` that the function returned.
    pub status: i32,
    /// A `DaxsignProblem`: what exactly is wrong.
    pub problem: u32,
    /// Which one, counted from 1: the entry of the component list, the field among those of
    /// its name, or the line of a message.
    pub position: u32,
    /// The first byte that does not belong, counted from 0: in the method, target, field value,
    /// date, body, `Signature` value or DER.
    pub offset: u64,
    /// What is needed or allowed: a buffer's or storage's size, a signature's or body's length in
    /// bytes, an alignment, or the window in seconds.
    pub needed: u64,
    /// What was found instead: the declared length, the signature's characters (its bytes for
    /// `DAXSIGN_PROBLEM_ENCODING_BYTES`), the key's bits, the age or lead in seconds, the
    /// guard's capacity, a struct's size, or the signing callback's number (a negative one as its
    /// 64-bit two's complement).
    pub found: u64,
    /// The field, component, parameter or argument concerned; ends in NUL.
    pub name: [c_char; DAXSIGN_DETAIL_TEXT],
    /// What was found instead: a charset, realm, algorithm or kind of key; ends in NUL.
    pub text: [c_char; DAXSIGN_DETAIL_TEXT],
}

// SAFETY: integers.
unsafe impl Plain for DaxsignDetail {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignDetail {
    const NAME: &'static str = DETAIL;
}

impl DaxsignDetail {
    /// The detail of a call with this error, or none.
    pub(crate) fn of(error: Option<&CallError>) -> Self {
        let mut detail = Self {
            struct_size: Self::size(),
            status: DaxsignStatus::DaxsignOk.number(),
            problem: DaxsignProblem::None.number(),
            position: 0,
            offset: 0,
            needed: 0,
            found: 0,
            name: [0; DAXSIGN_DETAIL_TEXT],
            text: [0; DAXSIGN_DETAIL_TEXT],
        };
        let Some(failure) = error else { return detail };
        detail.status = failure.status().number();
        match failure {
            CallError::Call {
                argument,
                needed,
                found,
                ..
            } => {
                detail.name(argument.as_bytes());
                detail.needed = to_u64(*needed);
                detail.found = *found;
            }
            CallError::Core(error) => detail.tell(error),
            CallError::Noted(_) => {}
        }
        detail
    }

    /// The detail of an error of the core.
    #[must_use]
    pub fn from_error(error: &Error) -> Self {
        Self::of(Some(&CallError::Core(*error)))
    }

    fn name(&mut self, text: &[u8]) {
        fix(&mut self.name, text);
    }

    fn text(&mut self, text: &Label) {
        fix(&mut self.text, text.as_bytes());
    }

    fn problem(&mut self, problem: &impl Numbered) {
        self.problem = problem.number();
    }

    fn position(&mut self, position: usize) {
        self.position = u32::try_from(position).unwrap_or(u32::MAX);
    }

    fn offset(&mut self, offset: usize) {
        self.offset = to_u64(offset);
    }

    fn date(&mut self, problem: &DateProblem) {
        self.problem(problem);
        match problem {
            DateProblem::Format { offset } | DateProblem::NotHttp { offset } => {
                self.offset(*offset);
            }
            DateProblem::Range { field } => self.name(field.as_bytes()),
            DateProblem::Rfc1123
            | DateProblem::Fraction
            | DateProblem::Zone
            | DateProblem::ZoneColon
            | DateProblem::AfterZone
            | DateProblem::DecimalComma
            | DateProblem::Repeated => {}
        }
    }

    fn lengths(&mut self, needed: u64, found: u64) {
        self.needed = needed;
        self.found = found;
    }

    /// What an error of the core knows.
    fn tell(&mut self, error: &Error) {
        match error {
            Error::InvalidComponent { position, name }
            | Error::UnsupportedComponent { position, name } => {
                self.position(*position);
                self.name(name.as_bytes());
            }
            Error::MissingComponent { name } | Error::MissingParameter { name } => {
                self.name(name.as_bytes());
            }
            Error::InvalidMethod { offset } | Error::InvalidTarget { offset } => {
                self.offset(*offset);
            }
            Error::MissingHeader { name, problem } => {
                self.name(name.as_bytes());
                self.problem(problem);
            }
            Error::InvalidHeaderValue {
                name,
                instance,
                offset,
                problem,
            } => {
                self.name(name.as_bytes());
                self.position(*instance);
                self.offset(*offset);
                self.problem(problem);
            }
            Error::InvalidDate { problem } => self.date(problem),
            Error::ContentLengthMismatch {
                declared,
                actual,
                problem,
            } => {
                self.lengths(*actual, declared.unwrap_or_default());
                self.problem(problem);
                if declared.is_none() {
                    self.problem = DaxsignProblem::ContentLengthNotANumber.number();
                }
            }
            Error::UnsupportedCharset { field, charset } => {
                self.name(field.as_bytes());
                self.text(charset);
            }
            Error::InvalidBody { offset, problem } => {
                self.offset(*offset);
                self.problem(problem);
            }
            Error::BufferTooSmall { needed } => self.needed = to_u64(*needed),
            Error::MalformedSignatureHeader { offset, problem } => {
                self.offset(*offset);
                self.problem(problem);
            }
            Error::DuplicateParameter { name, offset } => {
                self.name(name.as_bytes());
                self.offset(*offset);
            }
            Error::WrongRealm { found }
            | Error::UnsupportedAlgorithm { found }
            | Error::UnsupportedKey { found } => self.text(found),
            Error::InvalidSignatureEncoding {
                expected,
                found,
                problem,
            } => {
                self.lengths(to_u64(*expected), to_u64(*found));
                self.problem(problem);
            }
            Error::StaleDate { age: found, window }
            | Error::FutureDate {
                ahead: found,
                window,
            } => self.lengths(u64::from(*window), *found),
            Error::ReplayGuardFull { capacity: found } | Error::KeyTooSmall { bits: found } => {
                self.found = to_u64(*found);
            }
            Error::UnboundBody { problem } => self.problem(problem),
            Error::InvalidKey { problem } => {
                self.problem(problem);
                if let KeyProblem::Der { offset } = problem {
                    self.offset(*offset);
                }
            }
            Error::InvalidContentType
            | Error::SignatureMismatch
            | Error::Replayed
            | Error::SigningFault
            | Error::InternalFault => {}
        }
    }
}
