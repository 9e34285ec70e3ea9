//! The details of a failure, in caller's memory.

use core::ffi::c_char;

use daxsign_core::{DateProblem, Error, KeyProblem, Label};

use crate::failure::Failure;
use crate::memory::{Versioned, to_u64};
use crate::problem::{DaxsignProblem, Numbered};
use crate::status::DaxsignStatus;
use crate::text::fixed;

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
    /// Which one, counted from 1: the entry of the component list, or the field among those of
    /// its name.
    pub position: u32,
    /// The first byte that does not belong, counted from 0: in the method, target, field value,
    /// date, body, `Signature` value or DER.
    pub offset: u64,
    /// What is needed or allowed: a buffer's or storage's size, a signature's or body's length in
    /// bytes, an alignment, or the window in seconds.
    pub needed: u64,
    /// What was found instead: the declared length, the key's bits, the age or lead in seconds, the
    /// guard's capacity, a struct's size, or the signing callback's number (a negative one as its
    /// 64-bit two's complement).
    pub found: u64,
    /// The field, component, parameter or argument concerned; ends in NUL.
    pub name: [c_char; DAXSIGN_DETAIL_TEXT],
    /// What was found instead: a charset, realm, algorithm or kind of key; ends in NUL.
    pub text: [c_char; DAXSIGN_DETAIL_TEXT],
}

// SAFETY: repr(C), starts with a u32, made of integers.
unsafe impl Versioned for DaxsignDetail {
    const NAME: &'static str = "detail";
}

/// The numbers and texts of an error, before they are laid out.
#[derive(Default)]
struct Facts {
    problem: u32,
    position: usize,
    offset: usize,
    needed: u64,
    found: u64,
    name: Option<Label>,
    text: Option<Label>,
}

impl Facts {
    fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Call {
                argument,
                needed,
                found,
                ..
            } => Self {
                needed: to_u64(*needed),
                found: *found,
                name: Some(Label::new(argument.as_bytes())),
                ..Self::default()
            },
            Failure::Core(error) => Self::of_request(error)
                .or_else(|| Self::of_signature(error))
                .or_else(|| Self::of_verdict(error))
                .unwrap_or_default(),
        }
    }

    fn name(name: &str) -> Self {
        Self {
            name: Some(Label::new(name.as_bytes())),
            ..Self::default()
        }
    }

    fn label(name: Label) -> Self {
        Self {
            name: Some(name),
            ..Self::default()
        }
    }

    fn text(text: Label) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }

    fn offset(offset: usize) -> Self {
        Self {
            offset,
            ..Self::default()
        }
    }

    fn problem(problem: &impl Numbered) -> Self {
        Self {
            problem: problem.number().number(),
            ..Self::default()
        }
    }

    fn of_request(error: &Error) -> Option<Self> {
        Some(match error {
            Error::InvalidComponent { position, name }
            | Error::UnsupportedComponent { position, name } => Self {
                position: *position,
                ..Self::label(*name)
            },
            Error::MissingComponent { name } => Self::name(name),
            Error::InvalidMethod { offset } | Error::InvalidTarget { offset } => {
                Self::offset(*offset)
            }
            Error::MissingHeader { name } => Self::label(*name),
            Error::InvalidHeaderValue {
                name,
                instance,
                offset,
                problem,
            } => Self {
                position: *instance,
                offset: *offset,
                name: Some(*name),
                ..Self::problem(problem)
            },
            Error::InvalidDate { problem } => Self::of_date(problem),
            Error::ContentLengthMismatch { declared, actual } => Self {
                problem: match declared {
                    Some(_) => DaxsignProblem::None.number(),
                    None => DaxsignProblem::ContentLengthNotANumber.number(),
                },
                needed: *actual,
                found: declared.unwrap_or_default(),
                ..Self::default()
            },
            Error::UnsupportedCharset { field, charset } => Self {
                text: Some(*charset),
                ..Self::name(field)
            },
            Error::InvalidBody { offset, problem } => Self {
                offset: *offset,
                ..Self::problem(problem)
            },
            Error::BufferTooSmall { needed } => Self {
                needed: to_u64(*needed),
                ..Self::default()
            },
            _ => return None,
        })
    }

    fn of_date(problem: &DateProblem) -> Self {
        let facts = Self::problem(problem);
        match problem {
            DateProblem::Format { offset } => Self {
                offset: *offset,
                ..facts
            },
            DateProblem::Range { field } => Self {
                problem: facts.problem,
                ..Self::name(field)
            },
            _ => facts,
        }
    }

    fn of_signature(error: &Error) -> Option<Self> {
        Some(match error {
            Error::MalformedSignatureHeader { offset, problem } => Self {
                offset: *offset,
                ..Self::problem(problem)
            },
            Error::MissingParameter { name } => Self::name(name),
            Error::DuplicateParameter { name, offset } => Self {
                offset: *offset,
                ..Self::name(name)
            },
            Error::WrongRealm { found } | Error::UnsupportedAlgorithm { found } => {
                Self::text(*found)
            }
            Error::InvalidSignatureEncoding { expected } => Self {
                needed: to_u64(*expected),
                ..Self::default()
            },
            _ => return None,
        })
    }

    fn of_verdict(error: &Error) -> Option<Self> {
        Some(match error {
            Error::StaleDate { age, window } => Self {
                needed: u64::from(*window),
                found: *age,
                ..Self::default()
            },
            Error::FutureDate { ahead, window } => Self {
                needed: u64::from(*window),
                found: *ahead,
                ..Self::default()
            },
            Error::ReplayGuardFull { capacity } => Self {
                found: to_u64(*capacity),
                ..Self::default()
            },
            Error::UnboundBody { problem } => Self::problem(problem),
            Error::InvalidKey { problem } => Self {
                offset: match problem {
                    KeyProblem::Der { offset } => *offset,
                    _ => 0,
                },
                ..Self::problem(problem)
            },
            Error::UnsupportedKey { found } => Self::text(*found),
            Error::KeyTooSmall { bits } => Self {
                found: to_u64(*bits),
                ..Self::default()
            },
            _ => return None,
        })
    }
}

impl DaxsignDetail {
    /// The detail of a result.
    pub(crate) fn of(result: &Result<(), Failure>) -> Self {
        let (status, facts) = match result {
            Ok(()) => (DaxsignStatus::DaxsignOk, Facts::default()),
            Err(failure) => (failure.status(), Facts::of(failure)),
        };
        let text = |label: &Option<Label>| {
            label.as_ref().map_or([0; DAXSIGN_DETAIL_TEXT], |label| {
                fixed(label.as_str().as_bytes())
            })
        };
        Self {
            struct_size: Self::size(),
            status: status.number(),
            problem: facts.problem,
            position: u32::try_from(facts.position).unwrap_or(u32::MAX),
            offset: to_u64(facts.offset),
            needed: facts.needed,
            found: facts.found,
            name: text(&facts.name),
            text: text(&facts.text),
        }
    }
}
