//! Where callbacks may go, and how long they are waited for.

use core::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use daxsign_client::Roots;

use crate::callbacks::Allowed;

/// From a name and a port to addresses. It may wait: it is called on a thread of its own.
pub type Resolve = Arc<dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync>;

/// What callbacks are delivered by.
#[derive(Clone)]
pub struct CallbackSettings {
    /// Networks that are called although they are private, or the exchange's own.
    pub allowed: Allowed,
    /// What a receiver's certificate must lead to.
    pub roots: Roots,
    /// What a name stands for.
    pub resolve: Resolve,
    /// For a name, a connection and TLS together.
    pub connect_patience: Duration,
    /// From the request to the head of the answer.
    pub answer_patience: Duration,
    /// How many are tried at once.
    pub at_once: usize,
}

impl Default for CallbackSettings {
    /// What the system trusts and resolves, nothing private, 10 seconds for each part, 16 at once.
    fn default() -> Self {
        const PATIENCE: Duration = Duration::from_secs(10);
        Self {
            allowed: Allowed::default(),
            roots: Roots::Platform,
            resolve: Arc::new(system),
            connect_patience: PATIENCE,
            answer_patience: PATIENCE,
            at_once: 16,
        }
    }
}

/// As the operating system resolves.
///
/// # Errors
/// The system's.
pub fn system(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

impl fmt::Debug for CallbackSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CallbackSettings({:?})", self.allowed)
    }
}
