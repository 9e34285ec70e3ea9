//! What a store of the registry does.

use core::fmt;

use daxsign_core::Timestamp;
use uuid::Uuid;

use super::book::Registry;
use super::change::{Change, Signed};
use super::problem::RegistryProblem;
use super::quota::{Period, Quota};
use crate::correlation::CorrelationId;
use crate::record::{Failure, Note};

/// A change that the record was not told of yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Which change.
    pub version: u64,
    /// What is to be written. Its id was chosen with the change: the record refuses a second one.
    pub note: Note,
}

/// A request that is to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting<'q> {
    /// By which contract it is allowed.
    pub contract: Uuid,
    /// What that counts.
    pub quotas: &'q [Quota],
}

/// Why a change is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreProblem {
    /// A rule forbids it.
    Registry(RegistryProblem),
    /// Nothing could be written or read.
    Failure(Failure),
}

/// Keeps the registry. It is called from one thread.
///
/// A change and the note of it for the record are one transaction here; the record is another file, so the note is
/// handed over afterwards, and again after a crash, under the same id: of every change that counts there is one
/// leaf, at the latest after the next start. Whoever makes a change hands its note over before saying that it
/// is made.
pub trait RegistryStore {
    /// The registry.
    fn registry(&self) -> &Registry;

    /// Makes a change. It is on disk when this returns. `correlation` is a fresh id.
    ///
    /// # Errors
    /// [`StoreProblem`]: nothing is changed then.
    fn change(
        &mut self,
        change: &Change,
        signed: Option<&Signed>,
        correlation: CorrelationId,
        at: Timestamp,
    ) -> Result<u64, StoreProblem>;

    /// The number of changes on disk, whoever made them. Where it is not that of [`registry`](Self::registry),
    /// what is new is read.
    ///
    /// # Errors
    /// [`Failure`].
    fn confirm(&mut self) -> Result<u64, Failure>;

    /// What the record is to be told, in order.
    ///
    /// # Errors
    /// [`Failure`].
    fn pending(&self) -> Result<Vec<Pending>, Failure>;

    /// The record was told, or had been before.
    ///
    /// # Errors
    /// [`Failure`].
    fn noted(&mut self, version: u64) -> Result<(), Failure>;

    /// Counts requests in the periods of their contracts' quotas, all in one transaction, each seeing those before it.
    /// Where one of its quotas is used up, a request is told `false`, and counted in none. One that is counted and then
    /// comes to nothing stays counted.
    ///
    /// # Errors
    /// [`Failure`]: none is counted.
    fn take(&mut self, all: &[Counting<'_>], at: Timestamp) -> Result<Vec<bool>, Failure>;

    /// How many were counted in the period that began then.
    ///
    /// # Errors
    /// [`Failure`].
    fn counted(&self, contract: Uuid, period: Period, begin: i64) -> Result<u64, Failure>;
}

impl From<RegistryProblem> for StoreProblem {
    fn from(problem: RegistryProblem) -> Self {
        Self::Registry(problem)
    }
}

impl From<Failure> for StoreProblem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl fmt::Display for StoreProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry(problem) => problem.fmt(formatter),
            Self::Failure(failure) => failure.fmt(formatter),
        }
    }
}

impl std::error::Error for StoreProblem {}
