//! An exchange that is killed at random instants under load, in a process of its own: what its parties saw is on record,
//! nothing that changes something comes twice, everything ends, and the whole log verifies after each kill. The same of callbacks, of
//! requests to several receivers, and on a slow disk.
//! And what an exchange costs, and what it gives back.

#![cfg(unix)]

mod called;
mod child;
// Where the system tells what each thread had of a processor.
#[cfg(target_os = "linux")]
mod cost;
mod hooks;
mod killed;
mod link;
mod load;
#[cfg(target_os = "linux")]
mod memory;
mod notes;
mod passing;
mod serving;
mod several;
mod slow;
mod town;
#[cfg(target_os = "linux")]
mod turn;
mod unread;
