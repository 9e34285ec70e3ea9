//! Who sends a request: where from, and with which certificate.

use std::net::SocketAddr;
use std::sync::Arc;

use daxsign_pki::tls::Peer;

/// Who sends a request.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) address: SocketAddr,
    /// Who is at the other end, where a client certificate was shown.
    pub(super) peer: Option<Arc<Peer>>,
}
