//! The hook for parties that keep a connection open (X-BUS).

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use daxsign_pki::tls::Peer;

use crate::correlation::CorrelationId;

/// Where the bus is asked for.
pub const BUS_PATH: &str = "/exchange/v1/bus";

/// Who asks.
#[derive(Clone, Debug)]
pub struct Caller {
    /// From where.
    pub address: SocketAddr,
    /// Of the request.
    pub correlation: CorrelationId,
    /// Who is at the other end, where a client certificate was shown.
    pub peer: Option<Arc<Peer>>,
}

/// Takes connections over.
pub trait Upgrade: Send + Sync + 'static {
    /// A request for [`BUS_PATH`], of HTTP/1.1, on a task of the door's runtime: it waits for nothing. To take the
    /// connection over, spawn a task that awaits `hyper::upgrade::on(request)` and answer 101; any other status refuses.
    fn upgrade(&self, request: http::Request<()>, caller: Caller) -> http::Response<Bytes>;
}
