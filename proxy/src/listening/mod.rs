//! Where clients come in: an address of TCP, or a UNIX socket; and what of the bytes that they send
//! passes (`gate`).

mod address;
mod gate;
mod socket;
#[cfg(unix)]
mod unix;

pub use address::Address;
pub(crate) use gate::Gate;
pub use socket::Listener;
