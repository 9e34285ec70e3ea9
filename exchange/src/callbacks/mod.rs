//! Callbacks (X-CALLBACK), as far as nothing is connected to, read or written for them: what may be registered, what a
//! party tells, which addresses are called, when it is tried again, and what an answer means.
//!
//! Read it in this order: `url`, `field` and `hidden` (what is registered), `registration`, `happened` (what a party
//! tells), `address` (what is never connected to), `schedule`, `tried` (what came of an attempt) and `agenda` (all that are
//! to be delivered).

mod address;
mod agenda;
mod field;
mod happened;
mod hidden;
mod registration;
mod schedule;
mod tried;
mod url;

pub use address::{Allowed, Network, NotANetwork, NotCalled};
pub use agenda::{Act, Agenda, MAX_OF_RECEIVER, MAX_OPEN};
pub use happened::{EVENTS_TARGET, Happened, NotHappened, To};
pub use hidden::Hidden;
pub use registration::{MAX_CALLBACKS, NotRegistered, Registration};
pub use schedule::{ATTEMPTS, GIVEN_UP_AFTER, due_after};
pub use tried::Tried;
pub use url::{CallbackUrl, NotAUrl};
