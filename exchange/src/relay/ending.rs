//! What becomes of an exchange.

/// How an exchange ended: one of these, decided once (X-LATE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// The receiver answered in time, and its signature held.
    Answer,
    /// A check failed after the sender's signature held (X-REFUSED).
    Refused(Check),
    /// No answer came before the deadline.
    Expired,
    /// Nobody knows whether the receiver got it, and it must not get it twice.
    Unknown,
}

/// Which check an exchange failed at. The record says more: certificate, clause, rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The sender's signature, or what comes before it (step 3).
    Signature,
    /// The same bytes were accepted before (X-REPLAY).
    Replay,
    /// The contract (step 4).
    Contract,
    /// The operation's schema, its clauses or its idempotency key (step 5).
    Operation,
    /// The signature of the receiver's answer (step 10).
    Answer,
    /// A bound: there is no room for it now (X-OVERLOAD). Not on record.
    Load,
    /// The record: it takes nothing now (503).
    Record,
}
