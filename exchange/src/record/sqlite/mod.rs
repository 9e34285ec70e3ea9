//! The record in two SQLite files: `record.db` with log, rows and encrypted messages, `keys.db` with what decrypts
//! them.
//!
//! Both use a write-ahead log and are on disk before a commit returns (`synchronous=FULL`). Keys are written first, for many
//! leaves to come at a time: a crash in between leaves keys of nothing, never a message without its key.
//!
//! [`schema`] holds the tables, [`cause`] what SQLite's errors mean, [`secrets`] the second file; [`commit`] is the
//! transaction, [`writing`] what each operation in it uses; the operations stand in [`taking`], [`sending`],
//! [`ending`], with [`replay`] and [`repeats`]; [`reading`], [`erasing`], [`retention`], [`mentioning`], [`bereft`], [`copying`] with [`halt`], [`privacy`], [`tidying`], [`limiting`], [`callbacks`], [`head`], [`proving`], [`exporting`] and
//! [`checking`] with [`checking_fans`] and [`fan_fault`] are the rest.

mod bereft;
mod callbacks;
mod cause;
mod checking;
mod checking_fans;
mod commit;
mod copying;
mod ending;
mod erasing;
mod exporting;
mod fan_fault;
mod fanning;
mod halt;
mod head;
mod limiting;
mod mentioning;
mod number;
mod opening;
mod privacy;
mod proving;
mod reading;
mod repeats;
mod replay;
mod retention;
mod rows;
mod schema;
mod secrets;
mod sending;
mod store;
mod taking;
mod tidying;
mod writable;
mod writing;
mod written;

pub use bereft::Bereft;
pub use checking::{Checked, Finding};
pub use copying::{adopt_database, copy_database, copy_keys};
pub use fan_fault::FanFault;
pub use halt::Halt;
pub use mentioning::Mentions;
pub use opening::{KEYS_FILE, RECORD_FILE};
pub(crate) use privacy::make_private_file;
pub use retention::Over;
pub use store::SqliteStore;
pub(crate) use written::told_apart;
