//! How the client for tasks connects: straight or through a proxy, and with TLS where the address
//! says so.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::sync::Arc;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use crate::error::Error;
use crate::settings::Settings;
use crate::transport::proxies::Proxies;
use crate::transport::{client_certificate, provider, roots, wants_tls};

/// A connection, encrypted or not.
pub(crate) enum Stream {
    Plain(TokioIo<TcpStream>),
    Tls(Box<TokioIo<TlsStream<TcpStream>>>),
}

/// Makes connections.
#[derive(Clone)]
pub(crate) struct Connector {
    tcp: HttpConnector,
    proxies: Arc<Proxies>,
    tls: Option<TlsConnector>,
}

impl Connector {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(settings.connect_timeout));
        let tls = if wants_tls(settings) {
            Some(TlsConnector::from(Arc::new(tls(settings)?)))
        } else {
            None
        };
        Ok(Self {
            tcp,
            proxies: Arc::new(Proxies::new(&settings.proxy)?),
            tls,
        })
    }

    async fn connect(mut self, uri: Uri) -> Result<Stream, io::Error> {
        if uri.scheme_str() != Some("https") {
            let tcp = self.tcp.call(uri).await.map_err(io::Error::other)?;
            return Ok(Stream::Plain(tcp));
        }
        let tls = self
            .tls
            .ok_or_else(|| io::Error::other("no roots for https are set"))?;
        let host = uri.host().unwrap_or_default();
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(io::Error::other)?;
        let proxy = self.proxies.on_the_way(&uri).map_err(io::Error::other)?;
        let tcp = match proxy {
            None => self.tcp.call(uri).await.map_err(io::Error::other)?,
            Some(proxy) => {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), self.tcp);
                if let Some(auth) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                tunnel.call(uri).await.map_err(io::Error::other)?
            }
        };
        let stream = tls.connect(name, tcp.into_inner()).await?;
        Ok(Stream::Tls(Box::new(TokioIo::new(stream))))
    }
}

fn tls(settings: &Settings) -> Result<ClientConfig, Error> {
    let mut trusted = RootCertStore::empty();
    trusted.add_parsable_certificates(roots(&settings.roots)?);
    let refused = |error: rustls::Error| Error::invalid(format!("TLS: {error}"));
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_root_certificates(trusted);
    match &settings.client_certificate {
        None => Ok(builder.with_no_client_auth()),
        Some(own) => {
            let (chain, key) = client_certificate(own)?;
            builder.with_client_auth_cert(chain, key).map_err(refused)
        }
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, io::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        self.tcp.poll_ready(context).map_err(io::Error::other)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// Calls the same on whichever stream it is.
macro_rules! either {
    ($self:ident, $stream:ident => $call:expr) => {
        match $self.get_mut() {
            Stream::Plain(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Stream::Tls(stream) => {
                let $stream = Pin::new(&mut **stream);
                $call
            }
        }
    };
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_read(context, buffer))
    }
}

impl Write for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => stream.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_shutdown(context))
    }
}
