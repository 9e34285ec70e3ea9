//! The commands that call the REST API: settings, calls, and which way of signing is accepted.

mod answer;
pub(crate) mod arguments;
mod ask;
pub(crate) mod call;
mod client_error;
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
mod settings;
pub(crate) mod setup;
mod signed;
mod table;
mod values;
mod wanted;
