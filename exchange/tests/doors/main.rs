//! The door for senders, in this process: what comes over a socket, what goes on, and what comes back.

mod answers;
mod bus;
mod drain;
mod faults;
mod floods;
mod framing;
mod http2;
mod made;
mod outside;
mod races;
mod revoked;
mod slow;
mod tokens;
