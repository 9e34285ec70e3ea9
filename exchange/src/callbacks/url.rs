//! Where a callback goes: HTTPS and nothing else.

use core::fmt;
use core::net::{IpAddr, Ipv6Addr};

/// The longest address.
const MAX_URL_LEN: usize = 2_048;
const HTTPS: &str = "https://";
const PORT: u16 = 443;

/// An address that callbacks can go to.
#[derive(Clone, PartialEq, Eq)]
pub struct CallbackUrl {
    host: String,
    port: u16,
    target: String,
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAUrl(pub &'static str);

impl CallbackUrl {
    /// Reads one: `https://`, a host, perhaps a port, path and query. Nothing of it is changed, so that no two readers take it
    /// differently.
    ///
    /// # Errors
    /// [`NotAUrl`].
    pub fn parse(text: &str) -> Result<Self, NotAUrl> {
        if text.len() > MAX_URL_LEN {
            return Err(NotAUrl("is longer than 2048 bytes"));
        }
        let is_https = text
            .get(..HTTPS.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(HTTPS));
        let rest = text.get(HTTPS.len()..).filter(|_| is_https);
        let rest = rest.ok_or(NotAUrl("does not begin with https://"))?;
        if !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NotAUrl(
                "has others than visible ASCII characters: percent-encode them",
            ));
        }
        if rest.contains(['#', '\\', '"', '<', '>', '^', '`', '{', '|', '}']) {
            return Err(NotAUrl(
                "has a fragment, or a character that no path or query has",
            ));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (host, port) = host_and_port(authority)?;
        let target = match target.bytes().next() {
            None => "/".to_owned(),
            Some(b'?') => format!("/{target}"),
            Some(_) => target.to_owned(),
        };
        Ok(Self { host, port, target })
    }

    /// The name or the address of the host, in lowercase, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What stands in `Host`.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = match self.host.parse::<Ipv6Addr>() {
            Ok(_) => format!("[{}]", self.host),
            Err(_) => self.host.clone(),
        };
        match self.port {
            PORT => host,
            port => format!("{host}:{port}"),
        }
    }
}

fn host_and_port(authority: &str) -> Result<(String, u16), NotAUrl> {
    if authority.contains('@') {
        return Err(NotAUrl(
            "has a user name: bearerToken is for what proves who calls",
        ));
    }
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or(NotAUrl("has a [ without a ]"))?;
        let address: Ipv6Addr = host.parse().map_err(|_| NotAUrl("has no address in []"))?;
        (address.to_string(), port)
    } else {
        let end = authority.find(':').unwrap_or(authority.len());
        let (host, port) = authority.split_at_checked(end).unwrap_or((authority, ""));
        (name(host)?, port)
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => PORT,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let port = digits.parse().ok().filter(|port| *port != 0);
            port.ok_or(NotAUrl("has a port that is none"))?
        }
        _ => return Err(NotAUrl("has a port that is none")),
    };
    Ok((host, port))
}

/// A name of letters, digits, hyphens and dots (RFC 952), or an address. A name of digits only would be read as an address by
/// some.
fn name(host: &str) -> Result<String, NotAUrl> {
    if let Ok(IpAddr::V4(address)) = host.parse() {
        return Ok(address.to_string());
    }
    let label = |label: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=63).contains(&label.len())
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    if host.len() > 253 || !host.split('.').all(label) || is_number {
        return Err(NotAUrl(
            "has no host: a name, or an address as it is usually written",
        ));
    }
    Ok(host.to_ascii_lowercase())
}

impl fmt::Debug for CallbackUrl {
    /// Without path and query, which may hold a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CallbackUrl({}:{})", self.host, self.port)
    }
}

impl fmt::Display for NotAUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "callbackUrl {}", self.0)
    }
}

impl std::error::Error for NotAUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_they_are() {
        for (text, host, port, target, authority) in [
            (
                "https://example.com",
                "example.com",
                443,
                "/",
                "example.com",
            ),
            (
                "HTTPS://Example.COM:8443/a/b?c=d%20e",
                "example.com",
                8443,
                "/a/b?c=d%20e",
                "example.com:8443",
            ),
            (
                "https://example.com?x",
                "example.com",
                443,
                "/?x",
                "example.com",
            ),
            ("https://8.8.8.8:443/", "8.8.8.8", 443, "/", "8.8.8.8"),
            ("https://[2A00::1]:1/x", "2a00::1", 1, "/x", "[2a00::1]:1"),
        ] {
            let url = CallbackUrl::parse(text).unwrap();
            let found = (url.host(), url.port(), url.target(), url.authority());
            assert_eq!(found, (host, port, target, authority.to_owned()), "{text}");
        }
        let url = CallbackUrl::parse("https://example.com/secret").unwrap();
        assert_eq!(format!("{url:?}"), "CallbackUrl(example.com:443)");
    }

    #[test]
    fn what_is_none_or_could_be_read_otherwise_is_refused() {
        let long = format!("https://example.com/{}", "a".repeat(MAX_URL_LEN));
        for text in [
            "",
            "http://example.com/",
            "ftp://example.com",
            "https:/example.com",
            "https://",
            "https:///path",
            "//example.com",
            "https://user:password@example.com/",
            "https://example.com@evil.example/",
            "https://example.com#a",
            "https://exa mple.com/",
            "https://example.com/a b",
            "https://example.com/\r\nX: y",
            "https://example.com/\u{e9}",
            "https://example.com:0/",
            "https://example.com:65536/",
            "https://example.com:/",
            "https://example.com:+1/",
            "https://example.com:8 0/",
            "https://[::1/",
            "https://[::1]x/",
            "https://[fe80::1%25eth0]/",
            "https://-a.com/",
            "https://a..b/",
            "https://.a/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://0x7f000001/",
            "https://example.com\\@evil.example/",
            "https://ex%61mple.com/",
            &long,
        ] {
            assert!(CallbackUrl::parse(text).is_err(), "{text}");
        }
    }
}
