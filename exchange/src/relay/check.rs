//! Which check keeps a request or an answer from going on.

/// Which check an exchange failed at. The record says more: certificate, clause, rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The sender's signature, or what comes before it (step 3).
    Signature,
    /// The same bytes were accepted before (X-REPLAY).
    Replay,
    /// The contract (step 4).
    Contract,
    /// The operation's schema or its clauses (step 5).
    Operation,
    /// The sender's idempotency key is known: it is told what became of the first one. Not on record again.
    Repeat,
    /// None: the exchange answers itself, and nobody else hears of it. What is to be on record of it stands there.
    Own,
    /// The signature of the receiver's answer (step 10).
    Answer,
    /// A bound: there is no room for it now (X-OVERLOAD). Not on record.
    Load,
    /// The record: it takes nothing now (503).
    Record,
}
