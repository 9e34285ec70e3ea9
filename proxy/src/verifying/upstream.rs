//! The service behind: a fixed address, reached on connections that are kept. Nothing of a request says where it goes.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use daxsign_hosting::listening::Stream;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tower_service::Service;

/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(30);
/// How many of them are kept.
const MAX_IDLE: usize = 64;
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Where the service is: `http://127.0.0.1:8080`, or `unix:/run/service.sock`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A host's name or address with a port.
    Tcp(Authority),
    /// A UNIX socket.
    Unix(PathBuf),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "write http://127.0.0.1:8080 or unix:/run/service.sock";
        let refused = |why| format!("\"{}\" {why}: {expected}", text.escape_default());
        if let Some(path) = text.strip_prefix("unix:") {
            if path.is_empty() {
                return Err(refused("names no socket"));
            }
            return Ok(Self::Unix(path.into()));
        }
        let Some(authority) = text.strip_prefix("http://") else {
            return Err(refused("is no address"));
        };
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let parsed: Authority = authority.parse().map_err(|_| refused("is no address"))?;
        if parsed.as_str().contains('@') {
            return Err(refused("holds a name or password, which are not sent"));
        }
        if parsed.port_u16().is_none() {
            return Err(refused("names no port"));
        }
        Ok(Self::Tcp(parsed))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(authority) => write!(f, "http://{authority}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Place {
    /// Whether somebody listens there.
    ///
    /// # Errors
    /// Why not.
    pub async fn reach(&self) -> io::Result<()> {
        Connector(self.clone()).connect().await.map(drop)
    }

    /// Whether only this machine is on the way. What is passed on is verified by then: anybody who can
    /// write on the way could say so of anything.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Unix(_) => true,
            Self::Tcp(authority) => {
                let host = authority.host().trim_matches(['[', ']']);
                let address: Result<std::net::IpAddr, _> = host.parse();
                address.map_or_else(
                    |_| host.eq_ignore_ascii_case("localhost"),
                    |ip| ip.is_loopback(),
                )
            }
        }
    }
}

/// Sends to one place.
#[derive(Clone, Debug)]
pub struct Upstream {
    client: Client<Connector, Full<Bytes>>,
    authority: Authority,
}

impl Upstream {
    /// Sends there.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let authority = match &place {
            Place::Tcp(authority) => authority.clone(),
            // A name for the pool, which nobody sees.
            Place::Unix(_) => Authority::from_static("socket:0"),
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(MAX_IDLE)
            // The client's own goes on.
            .set_host(false)
            .build(Connector(place));
        Self { client, authority }
    }

    /// Sends a request, and gives its answer once its head has come.
    ///
    /// # Errors
    /// What the connection failed with.
    pub async fn send(
        &self,
        method: Method,
        target: PathAndQuery,
        fields: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Incoming>, Error> {
        let mut uri = http::uri::Parts::default();
        uri.scheme = Some(Scheme::HTTP);
        uri.authority = Some(self.authority.clone());
        uri.path_and_query = Some(target);
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        // All three parts are there.
        *request.uri_mut() = Uri::from_parts(uri).unwrap_or_default();
        *request.headers_mut() = fields;
        self.client.request(request).await
    }
}

/// Connects to one place, whatever is asked for.
#[derive(Clone, Debug)]
struct Connector(Place);

impl Connector {
    async fn connect(self) -> io::Result<Stream> {
        match self.0 {
            Place::Tcp(authority) => {
                let stream = TcpStream::connect(authority.as_str()).await?;
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Place::Unix(path) => Ok(Stream::Unix(UnixStream::connect(path).await?)),
            #[cfg(not(unix))]
            Place::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let connect = self.clone().connect();
        Box::pin(async move {
            let connected = tokio::time::timeout(CONNECT, connect).await;
            let stream = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
            Ok(TokioIo::new(stream))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_local_or_not() {
        let local = |text: &str| text.parse::<Place>().map(|place| place.is_local());
        for text in [
            "http://127.0.0.1:1",
            "http://127.9.9.9:1/",
            "http://[::1]:1",
            "http://localhost:80",
            "unix:/s",
        ] {
            assert_eq!(local(text), Ok(true), "{text}");
        }
        for text in [
            "http://10.0.0.1:1",
            "http://service:80",
            "http://localhost.example:80",
        ] {
            assert_eq!(local(text), Ok(false), "{text}");
        }
        for text in [
            "",
            "unix:",
            "127.0.0.1:1",
            "https://127.0.0.1:1",
            "http://127.0.0.1",
            "http://a:1/path",
            "http://u:p@127.0.0.1:1",
        ] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
