//! What can be wrong with what is said of a request to several receivers (X-FANOUT).

use core::fmt;

use crate::correlation::CorrelationId;

/// What is wrong with a request to several receivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FanFault {
    /// Exchanges are said to be of it, and it is not on record.
    NotThere,
    /// It has no exchange at all.
    Childless,
    /// This leaf says that it is of it, and it names no such exchange.
    NotNamed(u64),
    /// This exchange's leaf says that it is of another, or of none.
    Parent(CorrelationId),
    /// This exchange's leaf names another sender.
    Sender(CorrelationId),
    /// This exchange's leaf names another receiver.
    Receiver(CorrelationId),
    /// This exchange was begun with other bytes.
    Request(CorrelationId),
    /// What was told of this exchange is not how it ended.
    Status(CorrelationId),
    /// What was told is known of some of its exchanges alone, or while some were in work.
    Statuses,
    /// A key for retries is not its sender's, or not of its time.
    Key,
}

impl fmt::Display for FanFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere => formatter
                .write_str("exchanges or keys are said to be of it, and it is not on record"),
            Self::Childless => formatter.write_str("it has no exchange with any receiver"),
            Self::NotNamed(leaf) => write!(
                formatter,
                "leaf {leaf} says that its exchange is of it, and it names no such exchange"
            ),
            Self::Parent(child) => write!(
                formatter,
                "the leaf of its exchange {child} says that it is of another request, or of none"
            ),
            Self::Sender(child) => write!(
                formatter,
                "its sender is not who the leaf of its exchange {child} says"
            ),
            Self::Receiver(child) => write!(
                formatter,
                "the receiver of its exchange {child} is not who that one's leaf says"
            ),
            Self::Request(child) => {
                write!(formatter, "its exchange {child} was begun with other bytes")
            }
            Self::Status(child) => write!(
                formatter,
                "what is said to have been told of its exchange {child} is not how that one ended"
            ),
            Self::Statuses => formatter.write_str(
                "what was told is said of some of its exchanges alone, or before all had ended",
            ),
            Self::Key => {
                formatter.write_str("its key for retries is another sender's, or of another time")
            }
        }
    }
}
