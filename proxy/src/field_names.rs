//! What names of fields mean on the way: which end with the connection, and which servers take for the same.

use http::HeaderMap;
use http::header::CONNECTION;

/// What the fields that tell the upstream who sent a request start with.
pub(crate) const VERIFIED_PREFIX: &str = "x-dax-verified-";

/// Of one connection (RFC 9110 7.6.1), beside those that `Connection` names.
pub(crate) const HOP_BY_HOP: [&str; 7] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What ends with the connection that a head came on.
pub(crate) struct EndingHere {
    named: Vec<String>,
}

impl EndingHere {
    /// Of a head with these fields.
    pub(crate) fn of(fields: &HeaderMap) -> Self {
        let mut named = Vec::new();
        for value in fields.get_all(CONNECTION) {
            let text = String::from_utf8_lossy(value.as_bytes());
            named.extend(text.split(',').map(|name| name.trim().to_ascii_lowercase()));
        }
        Self { named }
    }

    /// What its `Connection` names, in lowercase.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(String::as_str)
    }

    /// All names, in lowercase.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.named().chain(HOP_BY_HOP)
    }

    /// Whether this name, in lowercase, is one of them.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.names().any(|ending| ending == name)
    }
}

/// A name as CGI and its heirs see it, where everything but letters and digits is the same (RFC 3875 4.1.18).
pub(crate) fn folded(name: &[u8]) -> String {
    let fold = |byte: &u8| {
        if byte.is_ascii_alphanumeric() {
            byte.to_ascii_lowercase().into()
        } else {
            '-'
        }
    };
    name.iter().map(fold).collect()
}
