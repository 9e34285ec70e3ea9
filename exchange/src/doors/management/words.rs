//! Times, hashes and problems as they are told.

use core::fmt::Write as _;

use daxsign_core::Timestamp;

use super::asked::Problem;
use crate::registry::{RegistryProblem, StoreProblem};

/// In hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// In UTC with seven digits; as seconds where it has no such text (a year beyond 9999).
pub(super) fn time(time: Timestamp) -> String {
    match time.format() {
        Ok(text) => text.to_string(),
        Err(_) => format!("{} s since 1970", time.seconds()),
    }
}

/// Why a change of the registry is not made.
pub(super) fn change_problem(problem: &StoreProblem) -> Problem {
    let status = match problem {
        StoreProblem::Registry(RegistryProblem::Unknown(_)) => 404,
        StoreProblem::Registry(RegistryProblem::Known(_) | RegistryProblem::Revoked) => 409,
        StoreProblem::Registry(_) => 422,
        StoreProblem::Failure(_) => 503,
    };
    Problem::new(status, problem)
}
