//! Which servers are reached through a proxy: one reading of the environment for both transports.

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::error::Error;
use crate::settings::ProxyChoice;

/// What is said of a proxy whose own connection would have to be of another kind.
pub(crate) const UNUSABLE: &str =
    "the proxy: its address must be http:// and a host, http://proxy:3128";

/// In place of an address that cannot be read: one that [`is_usable`] refuses.
const UNREADABLE: &str = "https://unreadable";

/// The proxy, if there is one, and who is reached without it.
pub(crate) struct Proxies {
    matcher: Matcher,
}

impl core::fmt::Debug for Proxies {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Proxies(…)")
    }
}

impl Proxies {
    /// # Errors
    /// An address in the settings that is none of a proxy.
    pub(crate) fn new(choice: &ProxyChoice) -> Result<Self, Error> {
        let (url, exceptions) = match choice {
            ProxyChoice::None => (None, None),
            ProxyChoice::Environment => (
                variable(["HTTPS_PROXY", "https_proxy"])
                    .or_else(|| variable(["ALL_PROXY", "all_proxy"])),
                variable(["NO_PROXY", "no_proxy"]),
            ),
            ProxyChoice::Url(url) => {
                let uri = url.parse().ok();
                if !uri.is_some_and(|uri| is_usable(&uri)) {
                    return Err(Error::invalid(UNUSABLE));
                }
                (Some(url.clone()), None)
            }
        };
        let url = url.map(|url| {
            if is_read(&url) {
                url
            } else {
                UNREADABLE.to_owned()
            }
        });
        // What is not encrypted goes straight: a proxy would see the token.
        let matcher = Matcher::builder()
            .https(url.unwrap_or_default())
            .no(exceptions.unwrap_or_default())
            .build();
        Ok(Self { matcher })
    }

    /// The proxy on the way to `uri`; `None` for the straight way.
    ///
    /// # Errors
    /// [`UNUSABLE`].
    pub(crate) fn on_the_way(&self, uri: &Uri) -> Result<Option<Intercept>, &'static str> {
        match self.matcher.intercept(uri) {
            Some(proxy) if !is_usable(proxy.uri()) => Err(UNUSABLE),
            found => Ok(found),
        }
    }
}

/// The first of these variables that holds something.
fn variable(names: [&str; 2]) -> Option<String> {
    let values = names
        .into_iter()
        .filter_map(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()));
    values.into_iter().find(|value| !value.is_empty())
}

/// Whether the matcher takes this for a proxy. What it cannot read it takes for none, and goes straight.
fn is_read(url: &str) -> bool {
    let alone = Matcher::builder().https(url.to_owned()).build();
    alone
        .intercept(&Uri::from_static("https://host/"))
        .is_some()
}

fn is_usable(proxy: &Uri) -> bool {
    let named = proxy.host().is_some_and(|host| !host.is_empty());
    proxy.scheme_str() == Some("http") && named
}
