//! The program as operators have it: a folder, a server, commands.
#![cfg(unix)]

mod alliera;
mod caller;
mod keeping;
mod made;
mod managing;
mod page;
mod sandbox;
mod serving;
mod starting;
