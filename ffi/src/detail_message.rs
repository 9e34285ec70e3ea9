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
        facts.error(status)
    }
}

/// A text of the detail as a label, which takes nothing but printable ASCII.
fn told(text: &[c_char; DAXSIGN_DETAIL_TEXT]) -> Label {
    let (bytes, len) = unfixed(text);
    Label::new(bytes.get(..len).unwrap_or_default())
}

/// The parameters of a `Signature` field.
const PARAMETERS: [&str; 4] = ["realm", "algorithm", "headers", "signature"];

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

    fn window(&self) -> u32 {
        u32::try_from(self.detail.needed).unwrap_or(u32::MAX)
    }

    /// The length declared, if the field was a number.
    fn declared(&self) -> Option<u64> {
        let not_a_number = DaxsignProblem::ContentLengthNotANumber.number();
        (self.detail.problem != not_a_number).then_some(self.detail.found)
    }

    /// The error with this status.
    #[expect(clippy::too_many_lines, reason = "one match, an arm for each status")]
    fn error(&self, status: DaxsignStatus) -> Option<Error> {
        match status {
            S::DaxsignErrInvalidComponent => Some(Error::InvalidComponent {
                position: self.position(),
                name: self.name,
            }),
            S::DaxsignErrUnsupportedComponent => Some(Error::UnsupportedComponent {
                position: self.position(),
                name: self.name,
            }),
            S::DaxsignErrMissingComponent => Some(Error::MissingComponent {
                name: self.one_of([daxsign_core::REQUEST_TARGET, "date"])?,
            }),
            S::DaxsignErrInvalidMethod => Some(Error::InvalidMethod {
                offset: self.offset(),
            }),
            S::DaxsignErrInvalidTarget => Some(Error::InvalidTarget {
                offset: self.offset(),
            }),
            S::DaxsignErrMissingHeader => Some(Error::MissingHeader {
                name: self.name,
                problem: self.problem()?,
            }),
            S::DaxsignErrInvalidHeaderValue => Some(Error::InvalidHeaderValue {
                name: self.name,
                instance: self.position(),
                offset: self.offset(),
                problem: self.problem()?,
            }),
            S::DaxsignErrInvalidDate => Some(Error::InvalidDate {
                problem: self.problem()?,
            }),
            S::DaxsignErrContentLengthMismatch => Some(Error::ContentLengthMismatch {
                declared: self.declared(),
                actual: self.detail.needed,
                problem: self.problem().unwrap_or(LengthProblem::Different),
            }),
            S::DaxsignErrUnsupportedCharset => Some(Error::UnsupportedCharset {
                field: self.one_of(["content-type", "accept-charset"])?,
                charset: self.text,
            }),
            S::DaxsignErrInvalidContentType => Some(Error::InvalidContentType),
            S::DaxsignErrInvalidBody => Some(Error::InvalidBody {
                offset: self.offset(),
                problem: self.problem()?,
            }),
            S::DaxsignErrBufferTooSmall => Some(Error::BufferTooSmall {
                needed: self.needed(),
            }),
            S::DaxsignErrMalformedSignatureHeader => Some(Error::MalformedSignatureHeader {
                offset: self.offset(),
                problem: self.problem()?,
            }),
            S::DaxsignErrMissingParameter => Some(Error::MissingParameter {
                name: self.one_of(PARAMETERS)?,
            }),
            S::DaxsignErrDuplicateParameter => Some(Error::DuplicateParameter {
                name: self.one_of(PARAMETERS)?,
                offset: self.offset(),
            }),
            S::DaxsignErrWrongRealm => Some(Error::WrongRealm { found: self.text }),
            S::DaxsignErrUnsupportedAlgorithm => {
                Some(Error::UnsupportedAlgorithm { found: self.text })
            }
            S::DaxsignErrInvalidSignatureEncoding => Some(Error::InvalidSignatureEncoding {
                expected: self.needed(),
                found: self.found(),
                problem: self.problem()?,
            }),
            S::DaxsignErrSignatureMismatch => Some(Error::SignatureMismatch),
            S::DaxsignErrStaleDate => Some(Error::StaleDate {
                age: self.detail.found,
                window: self.window(),
            }),
            S::DaxsignErrFutureDate => Some(Error::FutureDate {
                ahead: self.detail.found,
                window: self.window(),
            }),
            S::DaxsignErrReplayed => Some(Error::Replayed),
            S::DaxsignErrReplayGuardFull => Some(Error::ReplayGuardFull {
                capacity: self.found(),
            }),
            S::DaxsignErrUnboundBody => Some(Error::UnboundBody {
                problem: self.problem()?,
            }),
            S::DaxsignErrInvalidKey => Some(Error::InvalidKey {
                problem: self.problem()?,
            }),
            S::DaxsignErrUnsupportedKey => Some(Error::UnsupportedKey { found: self.text }),
            S::DaxsignErrKeyTooSmall => Some(Error::KeyTooSmall { bits: self.found() }),
            S::DaxsignErrSigningFault => Some(Error::SigningFault),
            S::DaxsignErrInternalFault => Some(Error::InternalFault),
            // Of the call, or of enrolling and of messages, which have their own errors.
            S::DaxsignOk
            | S::DaxsignErrInvalidField
            | S::DaxsignErrKeySize
            | S::DaxsignErrRandomnessFailed
            | S::DaxsignErrRandomnessStuck
            | S::DaxsignErrNoPrime
            | S::DaxsignErrMalformedCertificate
            | S::DaxsignErrUntrustedCertificate
            | S::DaxsignErrMalformedMessage
            | S::DaxsignErrNullPointer
            | S::DaxsignErrInvalidLength
            | S::DaxsignErrInvalidArgument
            | S::DaxsignErrOverlap
            | S::DaxsignErrMisaligned
            | S::DaxsignErrTooSmall
            | S::DaxsignErrAbiMismatch
            | S::DaxsignErrNotInitialised
            | S::DaxsignErrSignerFailed
            | S::DaxsignErrUnknown => None,
        }
    }
}

/// Writes one English sentence for a log: what was wrong, where, and what to do, with the names and
/// numbers of `about`. Call it with what a function wrote; a detail of your own making becomes the
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
    call_without_detail(caller, |outputs| {
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
    write_argument(detail, sink);
    sink.write(message(status).to_bytes());
    write_number(b" (needed: ", detail.needed, sink);
    match status {
        S::DaxsignErrSignerFailed | S::DaxsignErrRandomnessFailed => write_code(detail.found, sink),
        _ => write_number(b" (found: ", detail.found, sink),
    }
}

/// The argument concerned, if one is named.
pub(crate) fn write_argument(detail: &DaxsignDetail, sink: &mut impl Sink) {
    let argument = told(&detail.name);
    if !argument.as_str().is_empty() {
        sink.write(b"the argument `");
        sink.write(argument.as_str().as_bytes());
        sink.write(b"`: ");
    }
}

/// The number of a callback, which may be negative; see `found`.
pub(crate) fn write_code(found: u64, sink: &mut impl Sink) {
    match found.checked_ilog2() {
        Some(63) => write_number(b" (found: -", found.wrapping_neg(), sink),
        _ => write_number(b" (found: ", found, sink),
    }
}

fn write_number(start: &[u8], number: u64, sink: &mut impl Sink) {
    if number > 0 {
        sink.write(start);
        write_decimal(number, sink);
        sink.write(b")");
    }
}
