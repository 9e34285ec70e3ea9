//! What a problem is for the running exchange: what its sender is told, and what is on record of it.

use daxsign_core::Timestamp;

use crate::deciding::{Problem, Proven, problem_fields, proven_fields};
use crate::registry::{Candour, Reason};
use crate::running::{At, Refused, Verified};

/// What the sender of a request is told of a problem, and the record of it; `proven` is what is known of the request.
pub(super) fn refused(
    problem: &Problem,
    proven: Option<&Proven>,
    candour: Candour,
    now: Timestamp,
) -> Refused {
    Refused {
        at: at(problem),
        status: problem.status(),
        told: problem.messages(candour),
        fields: problem_fields(problem, now),
        // To those who may read the record all is told.
        statement: problem.messages(Candour::Sandbox).join("\n"),
        receiver: proven.and_then(|proven| proven.receiver),
        contract: proven.and_then(|proven| proven.contract),
    }
}

/// What holds, for the running exchange.
pub(super) fn verified(proven: &Proven) -> Verified {
    Verified {
        string_hash: proven.request,
        thumbprint: proven.thumbprint,
        date: proven.date,
        fields: proven_fields(proven),
    }
}

const fn at(problem: &Problem) -> At {
    match problem {
        Problem::NotFound | Problem::Contract(_) => At::Contract,
        Problem::Denied(denied) => match denied.reason {
            Reason::UnknownPartner | Reason::UnknownInstance | Reason::NoContract => At::Contract,
            Reason::NoClause | Reason::StrangeClause | Reason::Limit => At::Operation,
        },
        _ => At::Operation,
    }
}
