//! The details of a failure, in caller's memory.

use core::ffi::c_char;

use daxsign_core::{DateProblem, Error, KeyProblem, Label};

use crate::call::call;
use crate::failure::Failure;
use crate::memory::{RawOutput, Region, Versioned, to_u64};
use crate::problem::{DaxsignProblem, Numbered};
use crate::status::{DaxsignStatus, message};
use crate::text::{collect, fixed, unfixed};

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
    /// guard's capacity, a struct's size, or the signing callback's number.
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

    /// The detail of an error of the core.
    #[must_use]
    pub fn of_error(error: &Error) -> Self {
        Self::of(&Err(Failure::Core(*error)))
    }

    /// The error of the core that this detail tells of; `None` for the call's own errors, and for
    /// a detail that no function wrote.
    pub(crate) fn error(&self) -> Option<Error> {
        let status = DaxsignStatus::from_number(self.status)?;
        let facts = Told {
            detail: self,
            name: told(&self.name),
            text: told(&self.text),
        };
        facts
            .request(status)
            .or_else(|| facts.signature(status))
            .or_else(|| facts.verdict(status))
    }
}

/// A text of the detail as a label, which takes nothing but printable ASCII.
fn told(text: &[c_char; DAXSIGN_DETAIL_TEXT]) -> Label {
    let (bytes, len) = unfixed(text);
    Label::new(bytes.get(..len).unwrap_or_default())
}

/// A detail on its way back to an error.
struct Told<'d> {
    detail: &'d DaxsignDetail,
    name: Label,
    text: Label,
}

use DaxsignStatus as S;

impl Told<'_> {
    fn offset(&self) -> usize {
        usize::try_from(self.detail.offset).unwrap_or(usize::MAX)
    }

    fn needed(&self) -> usize {
        usize::try_from(self.detail.needed).unwrap_or(usize::MAX)
    }

    fn found(&self) -> usize {
        usize::try_from(self.detail.found).unwrap_or(usize::MAX)
    }

    fn position(&self) -> usize {
        usize::try_from(self.detail.position).unwrap_or(usize::MAX)
    }

    fn problem<P: Numbered>(&self) -> Option<P> {
        P::with(self.detail.problem, self.offset(), self.name.as_str())
    }

    /// The name, where it is one of a few fixed ones.
    fn one_of<const N: usize>(&self, names: [&'static str; N]) -> Option<&'static str> {
        names.into_iter().find(|name| *name == self.name.as_str())
    }

    fn request(&self, status: DaxsignStatus) -> Option<Error> {
        let (name, offset) = (self.name, self.offset());
        Some(match status {
            S::DaxsignErrInvalidComponent => Error::InvalidComponent {
                position: self.position(),
                name,
            },
            S::DaxsignErrUnsupportedComponent => Error::UnsupportedComponent {
                position: self.position(),
                name,
            },
            S::DaxsignErrMissingComponent => Error::MissingComponent {
                name: self.one_of([daxsign_core::REQUEST_TARGET, "date"])?,
            },
            S::DaxsignErrInvalidMethod => Error::InvalidMethod { offset },
            S::DaxsignErrInvalidTarget => Error::InvalidTarget { offset },
            S::DaxsignErrMissingHeader => Error::MissingHeader { name },
            S::DaxsignErrInvalidHeaderValue => Error::InvalidHeaderValue {
                name,
                instance: self.position(),
                offset,
                problem: self.problem()?,
            },
            S::DaxsignErrInvalidDate => Error::InvalidDate {
                problem: self.problem()?,
            },
            S::DaxsignErrContentLengthMismatch => Error::ContentLengthMismatch {
                declared: (self.detail.problem == DaxsignProblem::None.number())
                    .then_some(self.detail.found),
                actual: self.detail.needed,
            },
            S::DaxsignErrUnsupportedCharset => Error::UnsupportedCharset {
                field: self.one_of(["content-type", "accept-charset"])?,
                charset: self.text,
            },
            S::DaxsignErrInvalidContentType => Error::InvalidContentType,
            S::DaxsignErrInvalidBody => Error::InvalidBody {
                offset,
                problem: self.problem()?,
            },
            S::DaxsignErrBufferTooSmall => Error::BufferTooSmall {
                needed: self.needed(),
            },
            _ => return None,
        })
    }

    fn signature(&self, status: DaxsignStatus) -> Option<Error> {
        const PARAMETERS: [&str; 4] = ["realm", "algorithm", "headers", "signature"];
        Some(match status {
            S::DaxsignErrMalformedSignatureHeader => Error::MalformedSignatureHeader {
                offset: self.offset(),
                problem: self.problem()?,
            },
            S::DaxsignErrMissingParameter => Error::MissingParameter {
                name: self.one_of(PARAMETERS)?,
            },
            S::DaxsignErrDuplicateParameter => Error::DuplicateParameter {
                name: self.one_of(PARAMETERS)?,
                offset: self.offset(),
            },
            S::DaxsignErrWrongRealm => Error::WrongRealm { found: self.text },
            S::DaxsignErrUnsupportedAlgorithm => Error::UnsupportedAlgorithm { found: self.text },
            S::DaxsignErrInvalidSignatureEncoding => Error::InvalidSignatureEncoding {
                expected: self.needed(),
            },
            _ => return None,
        })
    }

    fn verdict(&self, status: DaxsignStatus) -> Option<Error> {
        let window = u32::try_from(self.detail.needed).unwrap_or(u32::MAX);
        Some(match status {
            S::DaxsignErrSignatureMismatch => Error::SignatureMismatch,
            S::DaxsignErrStaleDate => Error::StaleDate {
                age: self.detail.found,
                window,
            },
            S::DaxsignErrFutureDate => Error::FutureDate {
                ahead: self.detail.found,
                window,
            },
            S::DaxsignErrReplayed => Error::Replayed,
            S::DaxsignErrReplayGuardFull => Error::ReplayGuardFull {
                capacity: self.found(),
            },
            S::DaxsignErrUnboundBody => Error::UnboundBody {
                problem: self.problem()?,
            },
            S::DaxsignErrInvalidKey => Error::InvalidKey {
                problem: self.problem()?,
            },
            S::DaxsignErrUnsupportedKey => Error::UnsupportedKey { found: self.text },
            S::DaxsignErrKeyTooSmall => Error::KeyTooSmall { bits: self.found() },
            S::DaxsignErrSigningFault => Error::SigningFault,
            _ => return None,
        })
    }
}

/// Writes one English sentence for a log: what was wrong, where, and what to do, with the names and
/// numbers of `about`. Call it with what a function wrote; a detail of your own making gives the
/// general sentence of its status.
///
/// `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`. Any
/// thread. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_detail_message(
    about: *const DaxsignDetail,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> DaxsignStatus {
    call(core::ptr::null_mut(), |_| {
        // SAFETY: the caller's contract.
        let detail = unsafe { DaxsignDetail::read(about) }?;
        let input = Region::array("about", about, 1)?;
        // SAFETY: the same.
        unsafe {
            RawOutput::text(out, out_cap, out_len)
                .fill([input], |out| Ok(collect(out, |sink| write(detail, sink))?))
        }
    })
}

fn write(detail: &DaxsignDetail, sink: &mut impl daxsign_core::Sink) {
    if let Some(error) = detail.error() {
        return error.write_message(sink);
    }
    let Some(status) = DaxsignStatus::from_number(detail.status) else {
        return sink.write(message(S::DaxsignErrUnknown).to_bytes());
    };
    let argument = told(&detail.name);
    if !argument.as_str().is_empty() {
        sink.write(b"the argument `");
        sink.write(argument.as_str().as_bytes());
        sink.write(b"`: ");
    }
    sink.write(message(status).to_bytes());
    write_number(b" (needed: ", detail.needed, sink);
    write_number(b" (found: ", detail.found, sink);
}

fn write_number(start: &[u8], number: u64, sink: &mut impl daxsign_core::Sink) {
    if number > 0 {
        sink.write(start);
        daxsign_core::write_decimal(number, sink);
        sink.write(b")");
    }
}
