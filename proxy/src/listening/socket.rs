//! A socket that clients connect to.

use std::io;
use std::net::IpAddr;
#[cfg(unix)]
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

use crate::listening::address::Address;
#[cfg(unix)]
use crate::listening::unix::{self, SocketFile};

/// A socket that clients connect to.
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    address: Address,
    /// Goes with it.
    #[cfg(unix)]
    _file: Option<SocketFile>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

/// A client's connection.
pub(crate) enum Connection {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Listener {
    /// Listens on an address; `mode` is that of a UNIX socket's file.
    ///
    /// # Errors
    /// What keeps it from that.
    pub async fn bind(address: &Address, mode: u32) -> io::Result<Self> {
        match address {
            Address::Tcp(wanted) => {
                let socket = TcpListener::bind(wanted).await?;
                let address = Address::Tcp(socket.local_addr()?);
                Ok(Self {
                    socket: Socket::Tcp(socket),
                    address,
                    #[cfg(unix)]
                    _file: None,
                })
            }
            #[cfg(unix)]
            Address::Unix(path) => {
                let (listener, file) = unix::bind(path, mode)?;
                Ok(Self {
                    socket: Socket::Unix(UnixListener::from_std(listener)?),
                    address: address.clone(),
                    _file: Some(file),
                })
            }
            #[cfg(not(unix))]
            Address::Unix(_) => {
                let _ = mode;
                Err(io::ErrorKind::Unsupported.into())
            }
        }
    }

    /// A socket that systemd listens on for us.
    ///
    /// # Errors
    /// What keeps it from being used.
    #[cfg(unix)]
    pub fn from_socket(socket: crate::systemd::Socket) -> io::Result<Self> {
        use crate::systemd;
        Ok(match socket {
            systemd::Socket::Tcp(socket) => {
                let socket = TcpListener::from_std(socket)?;
                let address = Address::Tcp(socket.local_addr()?);
                Self {
                    socket: Socket::Tcp(socket),
                    address,
                    _file: None,
                }
            }
            systemd::Socket::Unix(socket) => {
                let address = socket.local_addr()?;
                let path = address.as_pathname().unwrap_or_else(|| Path::new(""));
                let address = Address::Unix(path.to_owned());
                Self {
                    socket: Socket::Unix(UnixListener::from_std(socket)?),
                    address,
                    // It is systemd's.
                    _file: None,
                }
            }
        })
    }

    /// Where it listens; the port is known now.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) async fn accept(&self) -> io::Result<Connection> {
        match &self.socket {
            Socket::Tcp(socket) => {
                let (stream, _) = socket.accept().await?;
                // Answers are small: none waits for the next.
                stream.set_nodelay(true)?;
                Ok(Connection::Tcp(stream))
            }
            #[cfg(unix)]
            Socket::Unix(socket) => Ok(Connection::Unix(socket.accept().await?.0)),
        }
    }
}

impl Connection {
    /// The address that the client connected to; none of a UNIX socket.
    pub(crate) fn local(&self) -> Option<IpAddr> {
        match self {
            // Without an address nothing but loopback's names is let in.
            Self::Tcp(stream) => Some(
                stream
                    .local_addr()
                    .map_or(IpAddr::from([127, 0, 0, 1]), |a| a.ip()),
            ),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// Calls the same on whichever stream it is.
macro_rules! either {
    ($self:ident, $stream:ident => $call:expr) => {
        match $self.get_mut() {
            Connection::Tcp(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            #[cfg(unix)]
            Connection::Unix(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
        }
    };
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_read(context, buffer))
    }
}

impl AsyncWrite for Connection {
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
