//! The exchange's signatures, on threads of their own: RSA takes longer than anything else that is done for an
//! exchange. Where nothing else waits, who needs one signs itself.
//!
//! `key` is what signs, here or elsewhere; `threads` take what waits. Nothing of an exchange is known here.

mod key;
#[cfg(test)]
mod tests;
mod threads;

pub use key::{External, Key, NotSigned};
pub use threads::{Job, SigningThreads};
