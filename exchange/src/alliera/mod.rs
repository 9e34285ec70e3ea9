//! The stand-in for an Alliera: all operations of the API on a store of its own, without a socket and a clock.
//!
//! Where nobody says how production answers, it chooses; `docs/sandbox.md` lists the choices. A partner sees what was
//! [released](Alliera::release_folder) to it; all else does not exist for it (X-RESOURCE).
//!
//! Read it in this order: `settings`, `zone` and `request` (what it is given), `answer`, `refused` and `event`
//! (what comes out), `tables` (what it keeps, and how that looks in answers), `stand_in` (one request is one
//! transaction), `work` with `listing`, `patch` and `active` (what operations share), `handlers` (the operations, each
//! in the file of what it is about), `console` (what its operators do), `seed`; `attendant` and `serve` (it as a party
//! of an exchange).

mod active;
mod answer;
mod attendant;
mod callbacks;
mod cards;
mod console;
mod contracts;
mod doors;
mod event;
mod folders;
mod grants;
mod groups;
mod handlers;
mod images;
mod listing;
mod logs;
mod organizations;
mod owners;
mod packages;
mod patch;
mod pins;
mod published;
mod recipients;
mod refused;
mod request;
mod seed;
mod serve;
mod settings;
mod stand_in;
mod tables;
mod work;
mod zone;

pub use answer::Answer;
pub use attendant::{Attendant, Unanswered};
pub use event::{Event, Hidden};
pub use request::{NoRequest, Request};
pub use seed::Seed;
pub use serve::{Console, serve};
pub use settings::Settings;
pub use stand_in::{Alliera, StoreProblem};
pub use zone::{UnknownZone, Zone};
