//! A socket that clients connect to.

use std::io;
#[cfg(unix)]
use std::path::Path;

use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

use crate::listening::address::Address;
use crate::listening::stream::Stream;
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

    /// The next connection.
    ///
    /// # Errors
    /// Of the operating system; the next one may come all the same.
    pub async fn accept(&self) -> io::Result<Stream> {
        match &self.socket {
            Socket::Tcp(socket) => {
                let (stream, _) = socket.accept().await?;
                // Answers are small: none waits for the next.
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Socket::Unix(socket) => Ok(Stream::Unix(socket.accept().await?.0)),
        }
    }
}
