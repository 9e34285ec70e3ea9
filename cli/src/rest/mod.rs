//! The commands that call the REST API: settings, calls, and which way of signing is accepted.
//!
//! Read in this order: `settings` with `files` (where they stand), `password` and `keyring` (where
//! the password is), `connection` (what the client takes); `operations` (how each is called), `commands`
//! and `arguments` (the command line), `values` with `id`, `wanted` (what is asked for, as a request);
//! `call` and `send`, `client_error`; `answer` with `table`, `secrets` and `progress` (what is shown),
//! `signed` (what was signed). `setup` and `probe` are commands beside.

mod answer;
pub(crate) mod arguments;
pub(crate) mod call;
pub(crate) mod client_error;
pub(crate) mod commands;
pub(crate) mod connection;
mod files;
mod id;
mod keyring;
mod operations;
mod password;
pub(crate) mod probe;
mod progress;
mod secrets;
mod send;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod signed;
mod table;
mod values;
mod wanted;
