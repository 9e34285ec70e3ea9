//! Two checkpoints of one log: whether the later one continues the earlier.

use core::fmt;

use crate::record::leaf::leaf::HASH_LEN;
use crate::record::log::checkpoint::{Checkpoint, CheckpointProblem};
use crate::record::log::proof::consistent;

/// Why two checkpoints are not of one log that grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareProblem {
    /// One of them is not signed by the log's key.
    Checkpoint(CheckpointProblem),
    /// The first has more leaves than the second.
    Order,
    /// They have the same size and another root: the log's key signed two histories. Both checkpoints together prove that.
    Split,
    /// The proof does not show that the second continues the first.
    NotProved,
}

/// Checks that the log of `later` begins with all the leaves of `earlier`: two signed checkpoints, the log's verifier
/// key, and a consistency proof (RFC 6962, 2.1.2), empty for two of one size.
///
/// # Errors
/// [`CompareProblem`].
pub fn compare_checkpoints(
    earlier: &[u8],
    later: &[u8],
    verifier: &str,
    proof: &[[u8; HASH_LEN]],
) -> Result<(), CompareProblem> {
    let read = |signed| Checkpoint::verify(signed, verifier).map_err(CompareProblem::Checkpoint);
    let (earlier, later) = (read(earlier)?, read(later)?);
    if earlier.size > later.size {
        return Err(CompareProblem::Order);
    }
    if earlier.size == later.size && earlier.root != later.root {
        return Err(CompareProblem::Split);
    }
    if consistent(
        proof,
        (later.size, &later.root),
        (earlier.size, &earlier.root),
    ) {
        Ok(())
    } else {
        Err(CompareProblem::NotProved)
    }
}

impl CompareProblem {
    /// Its stable name, for programs: `log-not-continued`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Checkpoint(_) => "log-checkpoint",
            Self::Order => "log-order",
            Self::Split => "log-split",
            Self::NotProved => "log-not-continued",
        }
    }
}

impl fmt::Display for CompareProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint(problem) => problem.fmt(formatter),
            Self::Order => formatter.write_str("the first checkpoint has more leaves than the second"),
            Self::Split => formatter.write_str("the log's key signed two checkpoints of one size that differ: the log was shown otherwise to others, and these two prove it"),
            Self::NotProved => formatter.write_str("the proof does not show that the second checkpoint continues the first"),
        }
    }
}

impl std::error::Error for CompareProblem {}
