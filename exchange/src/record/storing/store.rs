//! Where the record lies: one writer, called from a thread of its own.

use daxsign_core::Timestamp;
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::record::leaf::content::Content;
use crate::record::storing::done::{Done, Rejected};
use crate::record::storing::failure::Failure;
use crate::record::storing::fan::Fanned;
use crate::record::storing::operation::Operation;
use crate::record::storing::outcome::{Asked, Outcome};
use crate::record::storing::row::Row;

/// What becomes of each operation of a batch, in its order.
pub type Results = Vec<Result<Done, Rejected>>;

/// A record that is written by one.
pub trait Store {
    /// Writes a batch in one transaction, in its order, each operation seeing those before it. When this returns
    /// `Ok`, it is on disk.
    ///
    /// # Errors
    /// [`Failure`]: nothing counts as written. After a fatal one the store takes nothing more: open it
    /// again, and it says what is there.
    fn commit(&mut self, batch: &[Operation]) -> Result<Results, Failure>;

    /// The exchange's row.
    ///
    /// # Errors
    /// [`Failure`].
    fn row(&self, correlation: CorrelationId) -> Result<Option<Row>, Failure>;

    /// The rows that are not done, in the order of A, behind that leaf: those in work, and those that were requeued.
    ///
    /// # Errors
    /// [`Failure`].
    fn open_rows(&self, behind: Option<u64>, limit: usize) -> Result<Vec<Row>, Failure>;

    /// What became of a request, for the instance that sent it and no other.
    ///
    /// # Errors
    /// [`Failure`].
    fn outcome(&self, sender: Uuid, asked: Asked) -> Result<Option<Outcome>, Failure>;

    /// The same of a request to several receivers, with its children (X-FANOUT).
    ///
    /// # Errors
    /// [`Failure`].
    fn fan(&self, sender: Uuid, asked: Asked) -> Result<Option<Fanned>, Failure>;

    /// The request as it came; `None` where there is none, or it is erased.
    ///
    /// # Errors
    /// [`Failure`].
    fn request(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure>;

    /// The answer that is kept; `None` where there is none, or it is erased.
    ///
    /// # Errors
    /// [`Failure`].
    fn answer(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure>;

    /// Deletes what decrypts an ended exchange's messages, and what its leaves' commitments could be tested
    /// with (X-ERASE). The leaves stay. `false` where it was erased before, or never there.
    ///
    /// # Errors
    /// [`EraseProblem`].
    fn erase(&mut self, correlation: CorrelationId) -> Result<bool, EraseProblem>;

    /// Drops replay keys whose signed date lies before `signed_before`, whole hours at a time, and idempotency
    /// keys that are older than 24 hours at `now`. From then on what was signed before is refused.
    ///
    /// # Errors
    /// [`Failure`].
    fn tidy(&mut self, signed_before: Timestamp, now: Timestamp) -> Result<(), Failure>;

    /// Signs what the log is now, unless that is signed already; the signed note.
    ///
    /// # Errors
    /// [`Failure`].
    fn checkpoint(&mut self, now: Timestamp) -> Result<Vec<u8>, Failure>;
}

/// Why nothing was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EraseProblem {
    /// The exchange is still in work.
    InWork,
    /// The store's failure.
    Failure(Failure),
}

impl From<Failure> for EraseProblem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl core::fmt::Display for EraseProblem {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::InWork => formatter
                .write_str("the exchange is still in work: it can be erased once it has ended"),
            Self::Failure(failure) => failure.fmt(formatter),
        }
    }
}

impl std::error::Error for EraseProblem {}
