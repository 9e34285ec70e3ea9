//! Where a request goes: an origin (RFC 6454) and a target on it, and where a redirect leads.

use core::fmt;
use std::net::IpAddr;

use http::Uri;

use crate::error::Error;

/// `https` or `http`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Encrypted.
    Https,
    /// In the clear.
    Http,
}

impl Scheme {
    const fn name(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }
}

/// An address for a message: without a query, and not one with an `@`, before which a password may
/// stand.
pub(crate) fn shown(text: &str) -> &str {
    let end = |stop: &[char]| text.split(stop).next().unwrap_or_default();
    if text.contains('@') {
        end(&[':', '/', '?', '#', '@'])
    } else {
        end(&['?', '#'])
    }
}

/// A server: scheme, host and port.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    /// In lowercase; an IPv6 address in brackets.
    host: String,
    port: u16,
}

impl Origin {
    /// Reads `https://host` or `https://host:port`, with nothing behind it but a slash.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = |why: &str| {
            Error::invalid(format!(
                "\"{}\" {why}: a base address is https:// and a host, \
                 https://api-prod.dax.amido.io for production",
                shown(text)
            ))
        };
        let uri: Uri = text.parse().map_err(|_| refused("is no address"))?;
        let origin = Self::from_uri(&uri).map_err(refused)?;
        if uri.path() != "/" || uri.query().is_some() {
            return Err(refused("has a path"));
        }
        Ok(origin)
    }

    fn from_uri(uri: &Uri) -> Result<Self, &'static str> {
        let scheme = match uri.scheme_str() {
            Some("https") => Scheme::Https,
            Some("http") => Scheme::Http,
            _ => return Err("is neither https nor http"),
        };
        let authority = uri.authority().ok_or("names no host")?;
        if authority.as_str().contains('@') {
            return Err("holds a user's name");
        }
        if authority.host().is_empty() {
            return Err("names no host");
        }
        let port = authority.port_u16();
        if port.is_none() && authority.as_str() != authority.host() {
            return Err("has a port that is none");
        }
        Ok(Self {
            scheme,
            host: authority.host().to_ascii_lowercase(),
            port: port.unwrap_or(scheme.port()),
        })
    }

    /// Its scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Its host, an IPv6 address without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The value of a `Host` field: the port only where it is not the scheme's.
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// Whether it is this machine, by its address or as `localhost`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let address: Result<IpAddr, _> = self.host().parse();
        address.map_or(self.host == "localhost", |address| address.is_loopback())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.authority())
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A target on an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The server.
    pub origin: Origin,
    /// Path and query as they go on the wire.
    pub target: String,
}

impl Address {
    /// The target up to the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.split().0
    }

    /// The target's two halves.
    pub(crate) fn split(&self) -> (&str, Option<&str>) {
        match self.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (&self.target, None),
        }
    }

    /// Where a `Location` field leads from here.
    ///
    /// # Errors
    /// What keeps it from being followed.
    pub fn resolve(&self, location: &str) -> Result<Self, &'static str> {
        let location = location.split('#').next().unwrap_or_default();
        if location.is_empty() || !location.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("leads nowhere");
        }
        let absolute = if location.starts_with("//") {
            format!("{}:{location}", self.origin.scheme.name())
        } else if location.starts_with('/') {
            format!("{}{location}", self.origin)
        } else if location.starts_with('?') {
            format!("{}{}{location}", self.origin, self.path())
        } else if location
            .split(['/', '?'])
            .next()
            .is_some_and(|first| first.contains(':'))
        {
            location.to_owned()
        } else {
            let folder = self
                .path()
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder);
            format!("{}{folder}/{location}", self.origin)
        };
        let uri: Uri = absolute.parse().map_err(|_| "is no address")?;
        let origin = Origin::from_uri(&uri)?;
        if (self.origin.scheme, origin.scheme) == (Scheme::Https, Scheme::Http) {
            return Err("leaves https for http");
        }
        if uri
            .path()
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        {
            return Err("has a path with dots");
        }
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let root = if target.starts_with('/') { "" } else { "/" };
        Ok(Self {
            origin,
            target: format!("{root}{target}"),
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.target)
    }
}
