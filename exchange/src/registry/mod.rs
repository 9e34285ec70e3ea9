//! The registry: who takes part, with which keys and passwords, and what was agreed (X-REG, X-CONTRACT,
//! X-CLAUSE).
//!
//! Read it in this order: `partner` and `certificate`, `credential`, `clause`, `contract` and `published` (what
//! there is), `change` (how it comes about) and `problem` (why not), `book` (all of it, in memory) with
//! `changing`, then `resource`, `quota` and `decision` (whether something is allowed), [`told`] (what
//! the sender hears of it), `freshness` (X-REVOKE), and `storing` with `sqlite` (where it is kept).

mod book;
mod certificate;
mod change;
mod changing;
mod clause;
mod contract;
mod contract_message;
mod credential;
mod decision;
mod freshness;
mod partner;
mod problem;
mod published;
mod quota;
mod resource;
mod sqlite;
mod storing;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod told;

pub use book::Registry;
pub use certificate::{KeyId, MAX_LIVE_CERTIFICATES, Registered};
pub use change::{Change, NewCredential, Signed};
pub use clause::{AnyClause, Clause, Limit, MAX_CLAUSES};
pub use contract::{Contract, State, Terms};
pub use contract_message::{NotAContractMessage, Offered, Signature};
pub use credential::{Credential, MAX_CREDENTIAL_NAME_LEN};
pub use decision::{Allowed, Asked, Denied, Reason, decide, in_force};
pub use freshness::{CONFIRMED_FOR, Freshness, Unconfirmed};
pub use partner::{Instance, Partner};
pub use problem::RegistryProblem;
pub use published::{MAX_PUBLISHED_GROUPS, PublishedGroup};
pub use quota::{Period, Quota, Uncounted, Used};
pub use resource::Resource;
pub use sqlite::{REGISTRY_FILE, SqliteRegistry};
pub use storing::{Counting, Pending, RegistryStore, StoreProblem};
pub use told::{Candour, told};
