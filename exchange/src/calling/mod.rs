//! Callbacks, delivered (X-CALLBACK): what [`callbacks`](crate::callbacks) says is to be done, done on a thread of its own, with
//! the record and the key of the running exchange.
//!
//! ```text
//!   judge ──change, tell──▶ record ──▶ agenda ──▶ attempt: begins on record, resolved, checked, connected, signed, sent
//!                                         ▲                   │
//!                                         └─────settled───────┘
//! ```
//!
//! Read it in this order: `settings`, `not_made`, `connecting` (from a name to a connection), `sending` (one request, one status),
//! `attempt`, `changing` and `telling` (what parties ask for), `shared` and `delivering` (the thread), and
//! `service`.

mod attempt;
mod changing;
mod connecting;
mod delivering;
mod not_made;
mod sending;
mod service;
mod settings;
mod shared;
mod telling;

pub use changing::{Change, ChangeProblem, Changing};
pub use not_made::NotMade;
pub use service::Callbacks;
pub use settings::{CallbackSettings, Resolve, system};
pub use telling::{Crowded, Recipient, Telling};
