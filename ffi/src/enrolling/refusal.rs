//! Why enrolling was refused, on its way into the detail of the call and back.

use core::cell::Cell;

use daxsign_core::{EnrolError, FieldProblem, RequestField};

use crate::call::call_and_tell;
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::number::to_u64;
use crate::problem::DaxsignProblem as P;
use crate::status::DaxsignStatus;
use crate::status::DaxsignStatus as S;

/// What a detail tells of a refusal beside its status, argument, and sizes.
#[derive(Clone, Copy)]
struct Told {
    problem: u32,
    position: u32,
    offset: u64,
}

/// What a call was refused for.
#[derive(Default)]
pub(super) struct Refusal(Cell<Option<Told>>);

/// Runs a function's body and reports what came of it, as [`call`](crate::call::call).
pub(super) fn call_enrolling<'c>(
    caller: Caller<'c>,
    detail: *mut DaxsignDetail,
    body: impl FnOnce(&mut Outputs<'c, '_>, &Refusal) -> Result<(), CallError>,
) -> DaxsignStatus {
    let refusal = Refusal::default();
    let tell = |detail: &mut DaxsignDetail| {
        if let Some(told) = refusal.0.get() {
            detail.problem = told.problem;
            detail.position = told.position;
            detail.offset = told.offset;
        }
    };
    call_and_tell(caller, detail, |outputs| body(outputs, &refusal), tell)
}

impl Refusal {
    /// What a call says of an error of the core. `found` is the number of the caller's function.
    pub(super) fn because(&self, error: EnrolError, found: i32) -> CallError {
        match error {
            EnrolError::Core(error) => CallError::Core(error),
            EnrolError::InvalidField { field, problem } => self.field(field, problem, 0),
            EnrolError::KeySize { bits } => {
                CallError::sized(S::DaxsignErrKeySize, "bits", 0, to_u64(bits))
            }
            EnrolError::RandomnessFailed => {
                // A negative number is told as its 64-bit two's complement.
                let found = i64::from(found).cast_unsigned();
                CallError::sized(S::DaxsignErrRandomnessFailed, RANDOM, 0, found)
            }
            EnrolError::RandomnessStuck => CallError::call(S::DaxsignErrRandomnessStuck, RANDOM),
            EnrolError::NoPrime => CallError::call(S::DaxsignErrNoPrime, RANDOM),
            // Of reading, which no function with this frame does.
            EnrolError::Malformed { .. }
            | EnrolError::NotSignedByItsKey
            | EnrolError::InvalidThumbprint { .. }
            | EnrolError::Untrusted { .. } => CallError::call(S::DaxsignErrUnknown, ""),
        }
    }

    /// The same for the entry at `position` of a list, counted from 1.
    pub(super) fn entry(
        &self,
        field: RequestField,
        error: EnrolError,
        position: usize,
    ) -> CallError {
        match error {
            EnrolError::InvalidField { problem, .. } => self.field(field, problem, position),
            other => self.because(other, 0),
        }
    }

    /// The same for a field, of a list the entry at `position`, counted from 1.
    pub(super) fn field(
        &self,
        field: RequestField,
        problem: FieldProblem,
        position: usize,
    ) -> CallError {
        let facts = Facts::of(problem);
        self.0.set(Some(Told {
            problem: facts.problem.number(),
            position: u32::try_from(position).unwrap_or(u32::MAX),
            offset: to_u64(facts.offset),
        }));
        let found = to_u64(facts.found);
        CallError::sized(
            S::DaxsignErrInvalidField,
            argument_of(field),
            facts.needed,
            found,
        )
    }
}

/// The argument with the caller's function.
pub(super) const RANDOM: &str = "random";
const ENVIRONMENT: &str = "names.environment";

/// The fields, as the header calls them.
const FIELDS: [(RequestField, &str); 11] = [
    (RequestField::InstanceId, "names.instance_id"),
    (RequestField::PartnerId, "names.partner_id"),
    (RequestField::Environment, ENVIRONMENT),
    (RequestField::Country, "names.country"),
    (RequestField::Locality, "names.locality"),
    (RequestField::Organization, "names.organization"),
    (RequestField::Unit, "names.unit"),
    (RequestField::DnsName, "names.dns_names"),
    (RequestField::OtherName, "names.others"),
    (RequestField::ObjectIdentifier, "names.others[].oid"),
    // Made of the instance id, whose length is known, and the environment: the one that can be too long.
    (RequestField::CommonName, ENVIRONMENT),
];

fn argument_of(field: RequestField) -> &'static str {
    let known = FIELDS.iter().find(|(known, _)| *known == field);
    known.map_or("names", |(_, argument)| *argument)
}

/// A problem's number, and the numbers in it.
struct Facts {
    problem: P,
    offset: usize,
    needed: usize,
    found: usize,
}

impl Facts {
    fn of(problem: FieldProblem) -> Self {
        let at = |problem, offset| (problem, offset, 0, 0);
        let (problem, offset, needed, found) = match problem {
            FieldProblem::Empty => at(P::FieldEmpty, 0),
            FieldProblem::NotAGuid { offset } => at(P::FieldNotAGuid, offset),
            FieldProblem::NotACountry => at(P::FieldNotACountry, 0),
            FieldProblem::TooLong { len, max } => (P::FieldTooLong, 0, max, len),
            FieldProblem::ControlCharacter { offset } => at(P::FieldControlCharacter, offset),
            FieldProblem::NotPrintable { offset } => at(P::FieldNotPrintable, offset),
            FieldProblem::NotAscii { offset } => at(P::FieldNotAscii, offset),
            FieldProblem::NotUtf8 { offset } => at(P::FieldNotUtf8, offset),
            FieldProblem::NotADnsName { offset } => at(P::FieldNotADnsName, offset),
            FieldProblem::TooMany { max } => (P::FieldTooMany, 0, max, 0),
            FieldProblem::NotAnObjectIdentifier => at(P::FieldNotAnObjectIdentifier, 0),
        };
        Self {
            problem,
            offset,
            needed,
            found,
        }
    }
}

/// The refusal that a detail tells of, if it is one of a field.
pub(super) fn field_of(
    detail: &DaxsignDetail,
    argument: &str,
) -> Option<(RequestField, FieldProblem)> {
    let number = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let offset = number(detail.offset);
    let (len, max) = (number(detail.found), number(detail.needed));
    let problem = [
        FieldProblem::Empty,
        FieldProblem::NotAGuid { offset },
        FieldProblem::NotACountry,
        FieldProblem::TooLong { len, max },
        FieldProblem::ControlCharacter { offset },
        FieldProblem::NotPrintable { offset },
        FieldProblem::NotAscii { offset },
        FieldProblem::NotUtf8 { offset },
        FieldProblem::NotADnsName { offset },
        FieldProblem::TooMany { max },
        FieldProblem::NotAnObjectIdentifier,
    ]
    .into_iter()
    .find(|problem| Facts::of(*problem).problem.number() == detail.problem)?;
    let is_name = matches!(problem, FieldProblem::TooLong { .. }) && argument == ENVIRONMENT;
    let (field, _) = FIELDS.into_iter().find(|(_, known)| *known == argument)?;
    let field = if is_name {
        RequestField::CommonName
    } else {
        field
    };
    Some((field, problem))
}
