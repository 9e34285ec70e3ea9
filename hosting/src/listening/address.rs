//! An address to listen on, as it is written.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// An address to listen on: `127.0.0.1:8480`, `[::1]:8480`, `unix:/run/daxsign/proxy.sock`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Of TCP; port 0 takes any that is free.
    Tcp(SocketAddr),
    /// A UNIX socket's file.
    Unix(PathBuf),
}

impl Address {
    /// Whether only this machine gets there.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().is_loopback(),
            Self::Unix(_) => true,
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return match path {
                "" => {
                    Err("unix: and the path of a socket, unix:/run/daxsign/proxy.sock".to_owned())
                }
                path => Ok(Self::Unix(path.into())),
            };
        }
        let numbers = match text.strip_prefix("localhost:") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => text.to_owned(),
        };
        numbers.parse().map(Self::Tcp).map_err(|_| {
            format!(
                "\"{text}\" is no address: write 127.0.0.1:8480, [::1]:8480 or \
                 unix:/run/daxsign/proxy.sock"
            )
        })
    }
}

impl fmt::Display for Address {
    /// As a URL where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "http://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
