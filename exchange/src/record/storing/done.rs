//! What becomes of one operation of a batch that was written.

use core::fmt;

use crate::correlation::CorrelationId;
use crate::record::leaf::content::Unfit;
use crate::record::storing::ending::Ending;
use crate::record::storing::idempotency::Repeat;
use crate::record::storing::operation::MAX_ATTEMPTS;

/// It is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// An event, at this place of the log.
    Leaf(u64),
    /// An answer after the end, at this place of the log: nobody is given it as a result.
    Late(u64),
    /// Sending may begin, for the time that is counted here from 1.
    Started(u32),
    /// A note without a leaf.
    Noted,
}

/// It was not done. Nothing is on disk of it, but that its replay key is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The same bytes were accepted or refused before, under this id.
    Replayed(CorrelationId),
    /// The signed date is so old that replays of it are no longer recognised.
    TooOld,
    /// The sender's idempotency key is known.
    Repeat(Repeat),
    /// The correlation id stands on record already.
    Taken,
    /// No request with this correlation id was accepted.
    NotThere,
    /// It ended so before.
    Decided(Ending),
    /// Its deadline has passed: nothing is sent any more.
    Overdue,
    /// Its deadline has not passed.
    NotDue,
    /// It may have left, and must not be sent again.
    Spent,
    /// It was sent [`MAX_ATTEMPTS`] times.
    TooOften,
    /// It was never sent, so this is no answer to it.
    NotSent,
    /// An answer after its end is on record.
    LateBefore,
    /// It has not ended.
    InWork,
    /// It is erased: nothing can be added to it.
    Erased,
    /// It cannot be kept.
    Unfit(Unfit),
}

impl From<Unfit> for Rejected {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replayed(first) => write!(formatter, "the same message came before, as {first}"),
            Self::TooOld => formatter
                .write_str("the signed date is so old that replays of it are no longer recognised"),
            Self::Repeat(repeat) => write!(formatter, "the idempotency key is known: {repeat:?}"),
            Self::Taken => formatter.write_str("the correlation id stands on record already"),
            Self::NotThere => {
                formatter.write_str("no request with this correlation id was accepted")
            }
            Self::Decided(ending) => write!(formatter, "the exchange ended before: {ending:?}"),
            Self::Overdue => formatter.write_str("the deadline has passed"),
            Self::NotDue => formatter.write_str("the deadline has not passed"),
            Self::Spent => {
                formatter.write_str("the message may have left, and must not be sent again")
            }
            Self::TooOften => write!(formatter, "the message was sent {MAX_ATTEMPTS} times"),
            Self::NotSent => {
                formatter.write_str("the request was never sent, so this is no answer to it")
            }
            Self::LateBefore => formatter.write_str("a late answer is on record already"),
            Self::InWork => formatter.write_str("the exchange has not ended"),
            Self::Erased => formatter.write_str("the exchange is erased"),
            Self::Unfit(unfit) => unfit.fmt(formatter),
        }
    }
}

impl std::error::Error for Rejected {}
