//! What a call with certificates is refused for, and its way into the detail and back.
//!
//! A frame of its own: a program that makes keys and requests does not link it.

use core::cell::Cell;

use daxsign_core::{Document, EnrolError, ObjectIdentifier, SliceSink, TrustProblem};

use crate::call::call_and_tell;
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::number::to_u64;
use crate::problem::DaxsignProblem as P;
use crate::status::DaxsignStatus;
use crate::status::DaxsignStatus as S;
use crate::text::{fix, unfixed};

/// The argument with the certificate in question.
pub(super) const FILE: &str = "file";
/// The argument with who may have issued it.
pub(super) const AUTHORITY: &str = "authority";

/// What a detail tells of a refusal beside its status and sizes.
#[derive(Clone, Copy, Default)]
struct Told {
    problem: u32,
    position: u32,
    offset: u64,
    oid: Option<ObjectIdentifier>,
}

/// What a call with certificates was refused for.
#[derive(Default)]
pub(super) struct CertificateRefusal {
    /// Whose fault it is.
    argument: Cell<&'static str>,
    told: Cell<Option<Told>>,
}

/// Runs a function's body and reports what came of it, as [`call`](crate::call::call).
pub(super) fn call_certificate<'c>(
    caller: Caller<'c>,
    detail: *mut DaxsignDetail,
    body: impl FnOnce(&mut Outputs<'c, '_>, &CertificateRefusal) -> Result<(), CallError>,
) -> DaxsignStatus {
    let refusal = CertificateRefusal::default();
    let tell = |detail: &mut DaxsignDetail| refusal.tell(detail);
    call_and_tell(caller, detail, |outputs| body(outputs, &refusal), tell)
}

impl CertificateRefusal {
    /// What a call says of an error of the core with this argument. `position` tells of several
    /// certificates which one, counted from 1; 0 for the first one.
    pub(super) fn because(
        &self,
        error: &EnrolError,
        argument: &'static str,
        position: u32,
    ) -> CallError {
        match *error {
            EnrolError::Core(error) => {
                self.argument.set(argument);
                CallError::Core(error)
            }
            EnrolError::Malformed { offset, .. } => {
                self.told.set(Some(Told {
                    position,
                    offset: to_u64(offset),
                    ..Told::default()
                }));
                CallError::call(S::DaxsignErrMalformedCertificate, argument)
            }
            EnrolError::Untrusted { position, problem } => {
                let facts = Facts::of(problem);
                self.told.set(Some(Told {
                    problem: facts.problem.number(),
                    position: u32::try_from(position).unwrap_or(u32::MAX),
                    oid: facts.oid,
                    ..Told::default()
                }));
                CallError::sized(
                    S::DaxsignErrUntrustedCertificate,
                    "",
                    facts.needed,
                    facts.found,
                )
            }
            // Of what no function with certificates does.
            EnrolError::InvalidField { .. }
            | EnrolError::KeySize { .. }
            | EnrolError::RandomnessFailed
            | EnrolError::RandomnessStuck
            | EnrolError::NoPrime
            | EnrolError::NotSignedByItsKey
            | EnrolError::InvalidThumbprint { .. } => CallError::call(S::DaxsignErrUnknown, ""),
        }
    }

    fn tell(&self, detail: &mut DaxsignDetail) {
        if !self.argument.get().is_empty() {
            fix(&mut detail.name, self.argument.get().as_bytes());
        }
        let Some(told) = self.told.get() else { return };
        detail.problem = told.problem;
        detail.position = told.position;
        detail.offset = told.offset;
        if let Some(oid) = told.oid {
            let mut text = [0; crate::detail::DAXSIGN_DETAIL_TEXT - 1];
            let mut sink = SliceSink::new(&mut text);
            oid.write_text(&mut sink);
            // One that is too long is left out.
            fix(&mut detail.text, sink.finish().unwrap_or_default());
        }
    }
}

/// A problem's number, and what is in it.
struct Facts {
    problem: P,
    needed: usize,
    found: u64,
    oid: Option<ObjectIdentifier>,
}

impl Facts {
    fn of(problem: TrustProblem) -> Self {
        let (problem, needed, found, oid) = match problem {
            TrustProblem::OtherIssuer => (P::TrustOtherIssuer, 0, 0, None),
            TrustProblem::Signature => (P::TrustSignature, 0, 0, None),
            TrustProblem::Algorithm { oid } => (P::TrustAlgorithm, 0, 0, Some(oid)),
            TrustProblem::Key => (P::TrustKey, 0, 0, None),
            TrustProblem::NotYetValid => (P::TrustNotYetValid, 0, 0, None),
            TrustProblem::Expired => (P::TrustExpired, 0, 0, None),
            TrustProblem::Version { version } => (P::TrustVersion, 3, version, None),
            TrustProblem::NotAnAuthority => (P::TrustNotAnAuthority, 0, 0, None),
            TrustProblem::MayNotSign => (P::TrustMayNotSign, 0, 0, None),
            TrustProblem::PathTooLong { allowed } => (P::TrustPathTooLong, allowed, 0, None),
            TrustProblem::UnknownCritical { oid } => (P::TrustUnknownCritical, 0, 0, Some(oid)),
            TrustProblem::OtherPurpose => (P::TrustOtherPurpose, 0, 0, None),
        };
        Self {
            problem,
            needed,
            found: found.into(),
            oid,
        }
    }
}

/// The error that a detail tells of, if it is one of a certificate.
pub(super) fn error_of(detail: &DaxsignDetail, status: DaxsignStatus) -> Option<EnrolError> {
    match status {
        S::DaxsignErrMalformedCertificate => Some(EnrolError::Malformed {
            document: Document::Certificate,
            offset: size(detail.offset),
        }),
        S::DaxsignErrUntrustedCertificate => Some(EnrolError::Untrusted {
            position: size(detail.position.into()),
            problem: problem_of(detail)?,
        }),
        _ => None,
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The problems with numbers.
const PROBLEMS: [P; 12] = [
    P::TrustOtherIssuer,
    P::TrustSignature,
    P::TrustAlgorithm,
    P::TrustKey,
    P::TrustNotYetValid,
    P::TrustExpired,
    P::TrustVersion,
    P::TrustNotAnAuthority,
    P::TrustMayNotSign,
    P::TrustPathTooLong,
    P::TrustUnknownCritical,
    P::TrustOtherPurpose,
];

fn problem_of(detail: &DaxsignDetail) -> Option<TrustProblem> {
    let mut known = PROBLEMS.into_iter();
    Some(
        match known.find(|problem| problem.number() == detail.problem)? {
            P::TrustOtherIssuer => TrustProblem::OtherIssuer,
            P::TrustSignature => TrustProblem::Signature,
            P::TrustAlgorithm => TrustProblem::Algorithm {
                oid: oid_of(detail)?,
            },
            P::TrustKey => TrustProblem::Key,
            P::TrustNotYetValid => TrustProblem::NotYetValid,
            P::TrustExpired => TrustProblem::Expired,
            P::TrustVersion => TrustProblem::Version {
                version: u32::try_from(detail.found).unwrap_or(u32::MAX),
            },
            P::TrustNotAnAuthority => TrustProblem::NotAnAuthority,
            P::TrustMayNotSign => TrustProblem::MayNotSign,
            P::TrustPathTooLong => TrustProblem::PathTooLong {
                allowed: size(detail.needed),
            },
            P::TrustUnknownCritical => TrustProblem::UnknownCritical {
                oid: oid_of(detail)?,
            },
            P::TrustOtherPurpose => TrustProblem::OtherPurpose,
            _ => return None,
        },
    )
}

/// The object identifier that stands in the text.
#[inline(never)]
fn oid_of(detail: &DaxsignDetail) -> Option<ObjectIdentifier> {
    let (text, len) = unfixed(&detail.text);
    ObjectIdentifier::parse(core::str::from_utf8(text.get(..len)?).ok()?)
}
