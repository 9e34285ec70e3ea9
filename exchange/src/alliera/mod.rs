//! The stand-in for an Alliera: what an exchange asks one for, on a store of its own.
//!
//! These are all operations of the API but those that the exchange answers itself (X-FANOUT): contracts, callbacks, and
//! published groups.
//!
//! Where nobody says how production answers, it chooses; `docs/sandbox.md` lists the choices. A partner sees what was
//! [released](Alliera::release_folder) to it; all else does not exist for it (X-RESOURCE).
//!
//! Read it in this order: `settings`, `zone` and `request` (what it is given), `answer`, `refused` and `event`
//! (what comes out), `tables` (what it keeps, and how that looks in answers), `stand_in` (one request is one
//! transaction), `work` with `places`, `listing`, `patch` and `active` (what operations share), `handlers` (the operations, each
//! in the file of what it is about), `happening`, `telling` and `teller` (what the exchange is to be told) with `verdict`, `console` (what its operators do),
//! `seed`. All that needs neither a socket nor a clock. As a party of an exchange: `replying`, then `installation` (its
//! folder), `attending`, over a connection, and `announcing`, beside it; `attendant` and `serve`, in the process of the exchange.

mod active;
mod announcing;
mod answer;
mod attendant;
mod attending;
mod cards;
mod console;
mod doors;
mod event;
mod folders;
mod grants;
mod groups;
mod handlers;
mod happening;
mod images;
mod installation;
mod listing;
mod logs;
mod obtaining;
mod organizations;
mod owners;
mod packages;
mod patch;
mod pins;
mod places;
mod recipients;
mod refused;
mod replying;
mod request;
mod seed;
mod serve;
mod settings;
mod stand_in;
mod tables;
mod teller;
mod telling;
#[cfg(test)]
mod tests;
mod verdict;
mod work;
mod zone;

pub use announcing::{Announcer, Announcing};
pub use answer::Answer;
pub use attendant::{Attendant, Unanswered};
pub use attending::{Told, attend};
pub use console::Released;
pub use event::{Event, Happened, Hidden};
pub use installation::{Installation, NotInstalled};
pub(crate) use replying::{Asked, answered, reply};
pub use request::{NoRequest, Request};
pub use seed::Seed;
pub use serve::{Console, serve};
pub use settings::Settings;
pub(crate) use stand_in::REMEMBERED_SECONDS;
pub use stand_in::{Alliera, StoreProblem};
pub use teller::{Announced, Trouble};
pub(crate) use teller::{Said, Teller};
pub use zone::{UnknownZone, Zone};
