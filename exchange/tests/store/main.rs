//! Every store does the same: one suite, for SQLite and for a model in memory; and SQLite does in any order what
//! the model does.

mod conformance;
mod damage;
mod differential;
mod failing;
mod killed;
mod made;
mod model;
mod size;
mod sqlite;
