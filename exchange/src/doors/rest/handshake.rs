//! TLS: who is at the other end, and which HTTP is spoken.

use std::io;
use std::sync::Arc;

use daxsign_pki::tls::{Peer, TlsServer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What ALPN picks from: the names of RFC 7301 and RFC 9113.
pub(super) const PROTOCOLS: [&[u8]; 2] = [HTTP2, b"http/1.1"];
const HTTP2: &[u8] = b"h2";

/// A connection whose handshake is done.
pub(super) struct Shaken {
    pub(super) stream: TlsStream<TcpStream>,
    /// Who is at the other end, where a certificate was shown.
    pub(super) peer: Option<Arc<Peer>>,
    pub(super) is_http2: bool,
}

/// Shakes hands. A client without a certificate is nobody; one with a certificate that is not good is refused.
pub(super) async fn shake(tls: &TlsServer, stream: TcpStream) -> io::Result<Shaken> {
    let (config, witness) = tls.connection().map_err(io::Error::other)?;
    let stream = TlsAcceptor::from(config).accept(stream).await?;
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2);
    Ok(Shaken {
        peer: witness.peer().ok().map(Arc::new),
        stream,
        is_http2,
    })
}
