//! The management door: what operators ask and change, over HTTP on loopback or a socket in the file system, with a token.
//! Its description is served at `/openapi.json`; the command line is a thin caller of it.
//!
//! Read it in this order: `managed` (what it works on, with `backup_writer`), `admission` (who may ask), `asked`, `routes` (all that can be
//! asked for), `people`, `contracts`, `exchanges`, `backups`, `faults`, `time`, `health`, `words` (how things are told), `responder`, `server` (its connections).

mod admission;
mod asked;
mod backup_writer;
mod backups;
mod contracts;
mod exchanges;
mod faults;
mod health;
mod managed;
mod people;
mod responder;
mod routes;
mod server;
mod time;
mod words;

pub use admission::{MIN_TOKEN_LEN, ManagementToken, ShortToken};
pub use backup_writer::{BackUp, NotBackedUp};
pub use managed::{Facts, Kept, Managed};
pub use responder::Responder;
pub use server::{ManagementDoor, NotOpened};
