//! Who may ask: whoever knows the token, and no page in a browser.
//!
//! The door listens on loopback or on a socket in the file system. A page can send requests there all the same, and its
//! name can lead there (DNS rebinding): so `Host` must name this machine, and what a browser adds to a page's requests is
//! refused, whatever token stands beside it.

use core::net::IpAddr;

use daxsign_core::Sha256;
use http::HeaderMap;
use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::uri::Authority;
use subtle::ConstantTimeEq as _;

use super::asked::Problem;

/// What browsers say of the page that sends a request.
const FETCH_SITE: &str = "sec-fetch-site";
/// The fewest bytes of a token: 128 bits in hexadecimal digits.
pub const MIN_TOKEN_LEN: usize = 32;

/// The token that operators have; its hash is kept.
#[derive(Clone)]
pub struct ManagementToken([u8; 32]);

/// A token that could be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortToken;

impl ManagementToken {
    /// The text of a file, without white space at its ends.
    ///
    /// # Errors
    /// [`ShortToken`].
    pub fn new(text: &str) -> Result<Self, ShortToken> {
        let text = text.trim();
        if text.len() < MIN_TOKEN_LEN {
            return Err(ShortToken);
        }
        Ok(Self(Sha256::digest(text.as_bytes())))
    }

    /// Whether this is it. How long that takes tells nothing of either.
    fn is(&self, text: &[u8]) -> bool {
        self.0.ct_eq(&Sha256::digest(text)).into()
    }
}

impl core::fmt::Debug for ManagementToken {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("ManagementToken(…)")
    }
}

impl core::fmt::Display for ShortToken {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "the token has fewer than {MIN_TOKEN_LEN} bytes")
    }
}

impl std::error::Error for ShortToken {}

/// Whether a request may come in at all, token or not.
pub(super) fn check_origin(fields: &HeaderMap) -> Result<(), Problem> {
    let mut hosts = fields.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Problem::bad("a request has one Host field"));
    };
    if !host.to_str().is_ok_and(is_here) {
        let shown = host.as_bytes().escape_ascii();
        return Err(Problem::new(
            403,
            format_args!(
                "Host is \"{shown}\": this door answers to localhost and loopback addresses alone"
            ),
        ));
    }
    if fields.contains_key(ORIGIN) || fields.contains_key(FETCH_SITE) {
        return Err(Problem::new(
            403,
            "this door is for programs, and no page in a browser",
        ));
    }
    Ok(())
}

/// Whether whoever asks knows the token.
pub(super) fn check_token(fields: &HeaderMap, token: &ManagementToken) -> Result<(), Problem> {
    let mut values = fields.get_all(AUTHORIZATION).iter();
    let (value, more) = (values.next(), values.next());
    let shown = value.filter(|_| more.is_none());
    let shown = shown.and_then(|value| bearer(value.as_bytes()));
    if shown.is_some_and(|shown| token.is(shown)) {
        return Ok(());
    }
    Err(Problem::new(
        401,
        "Authorization: Bearer and the token of the file management.token is missing, or is another",
    ))
}

fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked("Bearer ".len())?;
    scheme
        .eq_ignore_ascii_case(b"Bearer ")
        .then(|| token.trim_ascii())
}

/// Whether a host, with its port or without, is this machine.
fn is_here(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
    !host.contains('@')
        && (name.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(is_loopback))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn fields(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (
                name.parse().expect("a name"),
                HeaderValue::from_static(value),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn pages_do_not_get_in_by_any_name() {
        for host in [
            "localhost",
            "localhost:8444",
            "127.0.0.1:8444",
            "127.1.2.3",
            "[::1]:8444",
            "LOCALHOST",
        ] {
            assert_eq!(check_origin(&fields(&[("host", host)])), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8444",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:8444",
            "[::]",
            "user@localhost",
            "",
        ] {
            assert!(check_origin(&fields(&[("host", host)])).is_err(), "{host}");
        }
        assert!(check_origin(&fields(&[])).is_err());
        let mut twice = fields(&[("host", "localhost")]);
        twice.append(HOST, HeaderValue::from_static("localhost"));
        assert!(check_origin(&twice).is_err());
        for field in [
            ("origin", "null"),
            ("origin", "http://localhost:8444"),
            ("sec-fetch-site", "none"),
        ] {
            assert!(
                check_origin(&fields(&[("host", "localhost"), field])).is_err(),
                "{field:?}"
            );
        }
    }

    #[test]
    fn the_token_is_the_whole_token() {
        assert!(ManagementToken::new("short").is_err());
        let token =
            ManagementToken::new(" 0123456789abcdef0123456789abcdef\n").expect("long enough");
        assert!(!format!("{token:?}").contains("0123"));
        let check = |value| check_token(&fields(&[("authorization", value)]), &token);
        assert_eq!(check("Bearer 0123456789abcdef0123456789abcdef"), Ok(()));
        assert_eq!(check("bearer 0123456789abcdef0123456789abcdef"), Ok(()));
        for wrong in [
            "Bearer 0123456789abcdef0123456789abcdee",
            "Bearer 0123456789abcdef0123456789abcde",
            "Bearer 0123456789abcdef0123456789abcdef0",
            "Bearer ",
            "Bearer",
            "0123456789abcdef0123456789abcdef",
            "Basic 0123456789abcdef0123456789abcdef",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
        assert!(check_token(&fields(&[]), &token).is_err());
        let good = HeaderValue::from_static("Bearer 0123456789abcdef0123456789abcdef");
        let mut twice = HeaderMap::new();
        twice.append(AUTHORIZATION, good.clone());
        twice.append(AUTHORIZATION, good);
        assert!(check_token(&twice, &token).is_err());
    }
}
