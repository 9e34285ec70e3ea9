//! Who may send requests: not a page in a browser, and if there is a secret, who knows it.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use daxsign_core::Sha256;
use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Uri};

use crate::forwarding::fields::SECRET;
use crate::refusal::Refusal;

/// What browsers say of the page that sends a request.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Who may send requests now; it is replaced as a whole.
#[derive(Debug, Default)]
pub struct Door(RwLock<Arc<Access>>);

impl Door {
    /// These may.
    #[must_use]
    pub fn new(access: Access) -> Self {
        Self(RwLock::new(Arc::new(access)))
    }

    /// From the next request on these may.
    pub fn replace(&self, access: Access) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(access);
    }

    /// Who may now.
    pub(crate) fn now(&self) -> Arc<Access> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Who may send requests.
#[derive(Clone, Default)]
pub struct Access {
    /// The hash of the client's secret, if it must have one.
    secret: Option<[u8; 32]>,
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl Access {
    /// With this secret, which each request must have in `X-Dax-Proxy-Secret`.
    #[must_use]
    pub fn secret(mut self, secret: &[u8]) -> Self {
        self.secret = Some(Sha256::digest(secret));
        self
    }

    /// With this name in `Host`, beside the loopback addresses and `localhost`.
    ///
    /// # Errors
    /// What is no name or address alone, and would match nothing, or too much.
    pub fn host(mut self, name: &str) -> Result<Self, String> {
        let address: Result<IpAddr, _> = name.parse();
        let known = match address {
            Ok(address) => Some(address.to_canonical().to_string()),
            Err(_) => host_name(name).filter(|known| is_name(known) && known.len() == name.len()),
        };
        let why = || {
            format!(
                "\"{}\" is no name: write sidecar.internal, without port",
                name.escape_default()
            )
        };
        self.hosts.push(known.ok_or_else(why)?);
        Ok(self)
    }

    /// With pages of this origin (`https://desk.example`).
    ///
    /// # Errors
    /// What no browser sends as an origin.
    pub fn origin(mut self, origin: &str) -> Result<Self, String> {
        let known = origin.to_ascii_lowercase();
        let is_origin = known.split_once("://").is_some_and(|(scheme, host)| {
            // Browsers leave these out.
            let usual = [("https", ":443"), ("http", ":80")];
            let has_usual = usual
                .iter()
                .any(|(of, port)| *of == scheme && host.ends_with(*port));
            is_name(scheme) && !has_usual && host_name(host).is_some_and(|name| !name.contains('*'))
        });
        if !is_origin {
            let shown = origin.escape_default();
            return Err(format!(
                "\"{shown}\" is no origin: write https://desk.example, and its port if it has one"
            ));
        }
        self.origins.push(known);
        Ok(self)
    }

    /// Whether an operator may ask: a page may not, by whatever name it came to the loopback address.
    pub(crate) fn check_operator(
        &self,
        fields: &HeaderMap,
        local: Option<IpAddr>,
    ) -> Result<(), Refusal> {
        self.check_host(fields, local.filter(IpAddr::is_loopback))?;
        self.check_origin(fields)
    }

    /// Whether a request may come in. `local` is the address it was sent to; none of a UNIX socket, which no
    /// page reaches by a name.
    pub(crate) fn check(&self, fields: &HeaderMap, local: Option<IpAddr>) -> Result<(), Refusal> {
        self.check_host(fields, local)?;
        self.check_origin(fields)?;
        self.check_secret(fields)
    }

    fn check_host(&self, fields: &HeaderMap, local: Option<IpAddr>) -> Result<(), Refusal> {
        let Some(local) = local else {
            return Ok(());
        };
        let mut hosts = fields.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(Refusal::bad(
                "framing",
                "a request has one Host field (RFC 9112 3.2)",
            ));
        };
        let name = host.to_str().ok().and_then(host_name);
        let is_own = |name: &str| {
            let address: Result<IpAddr, _> = name.parse();
            address.is_ok_and(|address| address.to_canonical() == local.to_canonical())
        };
        if name
            .as_ref()
            .is_some_and(|name| is_own(name) || is_loopback(name) || self.hosts.contains(name))
        {
            return Ok(());
        }
        let shown = host.as_bytes().escape_ascii();
        Err(Refusal::forbidden(
            "host-refused",
            format!(
                "Host is \"{shown}\", as of a page that made its name lead here; a client that is to use \
                 that name is let in with --allow-host"
            ),
        ))
    }

    fn check_origin(&self, fields: &HeaderMap) -> Result<(), Refusal> {
        let mut known = false;
        for origin in fields.get_all(ORIGIN) {
            let origin = origin.to_str().map(str::to_ascii_lowercase);
            if !origin.is_ok_and(|origin| self.origins.contains(&origin)) {
                return Err(refused_page());
            }
            known = true;
        }
        // What a page only shows (an image, say) is asked for without Origin.
        let site = fields.get(FETCH_SITE).map(http::HeaderValue::as_bytes);
        match site {
            Some(b"cross-site" | b"same-site") if !known => Err(refused_page()),
            _ => Ok(()),
        }
    }

    fn check_secret(&self, fields: &HeaderMap) -> Result<(), Refusal> {
        let Some(secret) = &self.secret else {
            return Ok(());
        };
        let mut given = fields.get_all(SECRET).iter();
        let (Some(given), None) = (given.next(), given.next()) else {
            return Err(Refusal::forbidden(
                "secret-missing",
                "this proxy wants its secret in the field X-Dax-Proxy-Secret",
            ));
        };
        // Hashes are compared: how soon they differ says nothing of the secret.
        if Sha256::digest(given.as_bytes()) == *secret {
            return Ok(());
        }
        Err(Refusal::forbidden(
            "secret-wrong",
            "the field X-Dax-Proxy-Secret does not hold this proxy's secret",
        ))
    }
}

fn refused_page() -> Refusal {
    Refusal::forbidden(
        "origin-refused",
        "a page of another origin sent this; pages that may are named with --allow-origin",
    )
}

/// The name in `Host`, in lowercase and without port; an IPv6 address without brackets. An account has no place
/// there (RFC 9110 7.2).
fn host_name(host: &str) -> Option<String> {
    let uri: Uri = format!("http://{host}/").parse().ok()?;
    let whole = |found: &&Authority| found.as_str() == host && !host.contains('@');
    let authority = uri.authority().filter(whole)?;
    let name = authority.host().trim_start_matches('[');
    Some(name.trim_end_matches(']').to_ascii_lowercase())
}

/// Whether it has a name's letters only.
fn is_name(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !text.is_empty() && text.bytes().all(known)
}

fn is_loopback(name: &str) -> bool {
    let address: Result<IpAddr, _> = name.parse();
    address.map_or(name == "localhost", |address| {
        address.to_canonical().is_loopback()
    })
}

impl fmt::Debug for Access {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("secret", &self.secret.is_some())
            .field("hosts", &self.hosts)
            .field("origins", &self.origins)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: HeaderName, value: &[u8]) -> HeaderMap {
        let value = http::HeaderValue::from_bytes(value).expect("a value");
        HeaderMap::from_iter([(name, value)])
    }

    #[test]
    fn names_that_match_nothing_or_too_much_are_refused() {
        for name in [
            "",
            " ",
            "a:80",
            "http://a",
            "a/b",
            "*",
            "*.example",
            "a b",
            "[::1]",
            "a@b",
            "\u{e9}.example",
        ] {
            assert!(Access::default().host(name).is_err(), "{name}");
        }
        for name in ["a", "Sidecar.Internal", "10.0.0.1", "fe80::1", "a_b-c.d"] {
            assert!(Access::default().host(name).is_ok(), "{name}");
        }
        for origin in [
            "",
            "*",
            "null",
            "desk.example",
            "https://",
            "https://a/",
            "https://a:443",
            "http://a:80",
            "https://*",
            "https://*.a",
            "https://a b",
        ] {
            assert!(Access::default().origin(origin).is_err(), "{origin}");
        }
        for origin in [
            "https://desk.example",
            "HTTP://localhost:3000",
            "app://x",
            "https://[::1]:1",
        ] {
            assert!(Access::default().origin(origin).is_ok(), "{origin}");
        }
    }

    #[test]
    fn what_is_no_name_is_nobodys() {
        let access = Access::default().host("own.example").expect("a name");
        let local = Some(IpAddr::from([192, 0, 2, 2]));
        let status = |host: &[u8]| access.check(&fields(HOST, host), local).is_ok();
        for host in [
            &b""[..],
            b"\"evil.com\"",
            b"evil com",
            b"a@evil.com",
            b"ev\xc3\xadl.com",
            b"evil.com",
            b"own.example@evil.com",
        ] {
            assert!(!status(host), "{}", host.escape_ascii());
        }
        for host in [
            &b"own.example"[..],
            b"OWN.example:80",
            b"localhost:1",
            b"127.0.0.1",
            b"192.0.2.2:8480",
            b"[::1]:1",
            b"[::ffff:192.0.2.2]",
        ] {
            assert!(status(host), "{}", host.escape_ascii());
        }
        // As both kinds of addresses come to one socket.
        let mapped = "::ffff:192.0.2.2".parse().ok();
        assert!(access.check(&fields(HOST, b"192.0.2.2"), mapped).is_ok());
    }

    #[test]
    fn pages_are_let_in_by_name_only() {
        let access = Access::default()
            .origin("https://desk.example")
            .expect("an origin");
        let passes = |origin: &[u8]| access.check_origin(&fields(ORIGIN, origin)).is_ok();
        assert!(passes(b"https://Desk.example"));
        for origin in [
            &b""[..],
            b"null",
            b"http://localhost:3000",
            b"http://\xc3\xa9vil.com",
            b"https://desk.example:1",
        ] {
            assert!(!passes(origin), "{}", origin.escape_ascii());
        }
    }
}
