//! The registry in an SQLite file of its own, `registry.db`.
//!
//! A file of its own, and not tables of `record.db`: the record grows without end, is written in batches by a thread
//! of its own and never changed; the registry is small, read as a whole, and backed up and carried to another
//! machine apart from what was sent. What ties the two together is the note beside each change
//! ([`RegistryStore`](super::RegistryStore)).
//!
//! [`schema`] holds the tables, [`note`] what waits for the record, [`store`] the rest.

mod note;
mod schema;
mod store;

pub use schema::REGISTRY_FILE;
pub use store::SqliteRegistry;
