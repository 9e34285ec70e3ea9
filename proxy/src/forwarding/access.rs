//! Who may send requests: not a page in a browser, and if there is a secret, who knows it.

use std::fmt;
use std::net::IpAddr;

use daxsign_core::Sha256;
use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Uri};

use crate::forwarding::fields::SECRET;
use crate::refusal::Refusal;

/// What browsers say of the page that sends a request.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

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
    #[must_use]
    pub fn host(mut self, name: &str) -> Self {
        self.hosts.push(name.to_ascii_lowercase());
        self
    }

    /// With pages of this origin (`https://desk.example`), beside those of the loopback address.
    #[must_use]
    pub fn origin(mut self, origin: &str) -> Self {
        self.origins.push(origin.to_ascii_lowercase());
        self
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
        let name = host.to_str().ok().and_then(host_name).unwrap_or_default();
        let is_own = name.parse().is_ok_and(|address: IpAddr| address == local);
        if is_own || is_loopback(&name) || self.hosts.contains(&name) {
            return Ok(());
        }
        Err(Refusal::forbidden(
            "host-refused",
            format!(
                "Host is \"{name}\", as of a page that made its name lead here; a client that is to use \
                 that name is let in with --allow-host"
            ),
        ))
    }

    fn check_origin(&self, fields: &HeaderMap) -> Result<(), Refusal> {
        let mut known = false;
        for origin in fields.get_all(ORIGIN) {
            let origin = origin.to_str().unwrap_or_default().to_ascii_lowercase();
            let host = origin
                .split_once("://")
                .and_then(|(_, host)| host_name(host));
            if !host.is_some_and(|host| is_loopback(&host)) && !self.origins.contains(&origin) {
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

fn is_loopback(name: &str) -> bool {
    let address: Result<IpAddr, _> = name.parse();
    address.map_or(name == "localhost", |address| address.is_loopback())
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
