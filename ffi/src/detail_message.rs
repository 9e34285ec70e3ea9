//! The message of a failure: from the detail back to the error, and into words.

use core::ffi::c_char;

use daxsign_core::{Error, Label, LengthProblem, Sink, write_decimal};

use crate::call::call_without_detail;
use crate::detail::{DAXSIGN_DETAIL_TEXT, DaxsignDetail};
use crate::memory::caller::Caller;
use crate::problem::{DaxsignProblem, Numbered};
use crate::status::DaxsignStatus as S;
use crate::status::{DaxsignStatus, message};
use crate::text::{collect, unfixed};

impl DaxsignDetail {
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
            S::DaxsignErrMissingHeader => Error::MissingHeader {
                name,
                problem: self.problem()?,
            },
            S::DaxsignErrInvalidHeaderValue => Error::InvalidHeaderValue {
                name,
                instance: self.position(),
                offset,
                problem: self.problem()?,
            },
            S::DaxsignErrInvalidDate => Error::InvalidDate {
                problem: self.problem()?,
            },
            S::DaxsignErrContentLengthMismatch => {
                let not_a_number = DaxsignProblem::ContentLengthNotANumber.number();
                let declared = self.detail.problem != not_a_number;
                Error::ContentLengthMismatch {
                    declared: declared.then_some(self.detail.found),
                    actual: self.detail.needed,
                    problem: self.problem().unwrap_or(LengthProblem::Different),
                }
            }
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
                found: self.found(),
                problem: self.problem()?,
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |mut outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let detail = outputs.inputs().versioned(about)?;
        out.fill(|out| Ok(collect(out, |sink| write(detail, sink))?))
    })
}

pub(crate) fn write(detail: &DaxsignDetail, sink: &mut impl Sink) {
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
    match detail.found.checked_ilog2() {
        // A callback's number may be negative; see `found`.
        Some(63) if status == S::DaxsignErrSignerFailed => {
            write_number(b" (found: -", detail.found.wrapping_neg(), sink);
        }
        _ => write_number(b" (found: ", detail.found, sink),
    }
}

fn write_number(start: &[u8], number: u64, sink: &mut impl Sink) {
    if number > 0 {
        sink.write(start);
        write_decimal(number, sink);
        sink.write(b")");
    }
}
