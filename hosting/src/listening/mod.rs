//! Where clients come in: an address of TCP, or a UNIX socket.

mod address;
mod socket;
mod stream;
#[cfg(unix)]
mod unix;

pub use address::Address;
pub use socket::Listener;
pub use stream::Stream;
