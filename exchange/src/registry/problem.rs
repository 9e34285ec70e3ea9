//! Why a change is not made.

use core::fmt;

use daxsign_core::EnrolError;

use super::certificate::MAX_LIVE_CERTIFICATES;
use super::clause::{Clause, MAX_CLAUSES};
use super::contract::State;
use super::published::MAX_PUBLISHED_GROUPS;

/// Why a change is not made: the registry is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryProblem {
    /// There is none of this id or name.
    Unknown(&'static str),
    /// There is one already.
    Known(&'static str),
    /// A name that is empty, too long, or holds a control character.
    Name,
    /// The instance is registered with another partner.
    OtherPartner,
    /// The certificate cannot be read.
    Certificate(EnrolError),
    /// The certificate has expired.
    Past,
    /// The key is that of another instance.
    ForeignKey,
    /// A certificate with this key was revoked: make a new key.
    RevokedKey,
    /// The instance has as many live certificates as it may have.
    TooManyCertificates,
    /// Revoked before.
    Revoked,
    /// The hash is none of argon2id.
    Hash,
    /// A party has to sign this change, and its message is missing.
    Unsigned,
    /// Signed by somebody who may not do that.
    NotTheirs,
    /// Another offer than the one on record.
    OtherOffer,
    /// A contract in this state cannot become what is asked for.
    State(State),
    /// The contract ends before it begins, or has ended.
    Period,
    /// The contract's deadline is 0 or longer than an hour.
    Deadline,
    /// More clauses than [`MAX_CLAUSES`].
    TooManyClauses,
    /// A clause that is not understood would hold nobody to it.
    Clause(Clause),
    /// A clause with texts that are too long.
    LongClause,
    /// No clause allows anything.
    NothingAllowed,
    /// Nothing is shown to whom no contract gives access.
    NotPromised,
    /// More access groups than [`MAX_PUBLISHED_GROUPS`].
    TooManyGroups,
}

impl fmt::Display for RegistryProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Unknown(what) => return write!(formatter, "there is no such {what}"),
            Self::Known(what) => return write!(formatter, "this {what} is registered already"),
            Self::Name => "a name has 1 to 128 characters and no control characters",
            Self::OtherPartner => "the instance belongs to another partner",
            Self::Certificate(error) => return error.fmt(formatter),
            Self::Past => "the certificate has expired",
            Self::ForeignKey => {
                "another instance has this key; a public key belongs to one instance: make a new key"
            }
            Self::RevokedKey => "a certificate with this key was revoked: make a new key",
            Self::TooManyCertificates => {
                return write!(
                    formatter,
                    "the instance has {MAX_LIVE_CERTIFICATES} live certificates, the most there may be: revoke one first"
                );
            }
            Self::Revoked => "the certificate is revoked already",
            Self::Hash => "the password's hash is none that this program makes",
            Self::Unsigned => "a party makes this change, by a message that it signs",
            Self::NotTheirs => {
                "an offer is signed by the promisee, a contract by the promisor, its end by one of them"
            }
            Self::OtherOffer => "what was signed is not the offer on record",
            Self::State(state) => return write!(formatter, "the contract is {}", state.name()),
            Self::Period => "the contract's period has no moment that is still to come",
            Self::Deadline => "a contract's deadline is 1 to 3600 seconds",
            Self::TooManyClauses => {
                return write!(formatter, "a contract has at most {MAX_CLAUSES} clauses");
            }
            Self::Clause(clause) => {
                return write!(formatter, "the clause {clause} is not understood");
            }
            Self::LongClause => "a clause's texts have at most 128 bytes each",
            Self::NothingAllowed => "no clause allows an operation: add one, such as cards.read",
            Self::NotPromised => "no contract gives that partner access to this installation",
            Self::TooManyGroups => {
                return write!(
                    formatter,
                    "an installation shows a partner at most {MAX_PUBLISHED_GROUPS} access groups"
                );
            }
        };
        formatter.write_str(text)
    }
}

impl std::error::Error for RegistryProblem {}

impl From<EnrolError> for RegistryProblem {
    fn from(error: EnrolError) -> Self {
        Self::Certificate(error)
    }
}

impl State {
    /// In one word: `signed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Signed => "signed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}
