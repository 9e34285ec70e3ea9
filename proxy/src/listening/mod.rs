//! Where clients come in: an address of TCP, or a UNIX socket.

mod address;
mod socket;

pub use address::Address;
pub(crate) use socket::Connection;
pub use socket::Listener;
