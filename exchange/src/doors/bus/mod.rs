//! Parties that keep a connection open (X-BUS): a WebSocket at the HTTPS door, with a client certificate that names the
//! instance. One binary frame is one message of the type `message/http`.
//!
//! ```text
//!   driver ──BusWire──▶ book ──queue of one party──▶ its connection ──▶ party
//!          ◀──Inlet──── reports, answers ◀──────────  a task of its own
//! ```
//!
//! - Each connection is a task with a queue of its own, which is bounded: a party that does not read delays nobody else,
//!   and is closed after [`BusSettings::write_patience`].
//! - What becomes of a parcel is reported once: `Sent` when the system has taken all of the frame, `Cut` when the
//!   connection ended after the first byte may have left, `Unsent` before that. An answer may come over a later connection.
//! - Messages leave a connection in the order in which they were handed to the wire.
//! - An instance has one connection. A newer one replaces the older, which is closed with 4001: after a network that
//!   broke unseen, the older is the dead one. Two programs with one certificate so take turns; who is told 4001 waits
//!   before it connects again.
//! - Four times a second everybody who is connected is looked at: whose certificate no longer counts is closed with 4002.
//! - A request with the field `Origin` is refused: it comes from a page in a browser, which would use a certificate that
//!   lies there for somebody else.
//!
//! Read it in this order: `settings`, `members` (whose certificate it is), `connection` (one party's), `book` (who
//! is connected), `attending` (the task) with `reading` and `writing`, which have a half of it each (`halves`), `wire`, `watching`, `not_upgraded` and
//! `door`.

mod attending;
mod book;
mod connection;
mod door;
mod halves;
mod members;
mod not_upgraded;
mod reading;
mod settings;
mod watching;
mod wire;
mod writing;

pub use connection::Connected;
pub use door::BusDoor;
pub use members::{Members, NotAMember};
pub use not_upgraded::NotUpgraded;
pub use settings::BusSettings;
pub use wire::BusWire;
