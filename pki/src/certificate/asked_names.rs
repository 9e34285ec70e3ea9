//! The alternative names that are asked for, and whether they are issued.

use daxsign_core::{AlternativeName, CertificateRequest, Extensions, PublicKey};

use crate::error::PkiError;

/// How many a certificate is given at most: what browsers' authorities give.
const MAX_NAMES: usize = 100;

/// One of them, as far as it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
enum AskedName {
    Dns(String),
    Address,
    /// An e-mail address or a URI.
    Text,
    /// One of these with nothing in it.
    Empty,
    Other(u8),
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct AskedNames {
    names: Vec<AskedName>,
}

impl AskedNames {
    pub(super) fn of(extensions: &Extensions<'_>) -> Self {
        let text = |text: String| {
            if text.is_empty() {
                AskedName::Empty
            } else {
                AskedName::Text
            }
        };
        let names = extensions.alternative_names().map(|name| match name {
            AlternativeName::Dns(name) => AskedName::Dns(name.to_string()),
            AlternativeName::Ipv4(_) | AlternativeName::Ipv6(_) => AskedName::Address,
            AlternativeName::Email(name) | AlternativeName::Uri(name) => text(name.to_string()),
            AlternativeName::Other { kind } => AskedName::Other(kind),
            _ => AskedName::Empty,
        });
        Self {
            names: names.collect(),
        }
    }

    /// Whether none of them names anybody.
    pub(super) fn is_empty(&self) -> bool {
        self.names.iter().all(|name| *name == AskedName::Empty)
    }

    /// Whether a client could look for one of them.
    pub(super) fn name_a_server(&self) -> bool {
        let mut names = self.names.iter();
        names.any(|name| matches!(name, AskedName::Dns(_) | AskedName::Address))
    }

    /// Whether all of them may be issued: DNS names as requests of our own have them, and what can be shown to whoever
    /// is asked.
    pub(super) fn check(&self) -> Result<(), PkiError> {
        if self.names.len() > MAX_NAMES {
            return Err(PkiError::TooManyNames { max: MAX_NAMES });
        }
        let key = PublicKey::empty();
        for name in &self.names {
            match name {
                // The rule is that of requests, which stands there.
                AskedName::Dns(name) => CertificateRequest::new(&key).add_dns_name(name)?,
                AskedName::Other(kind) => return Err(PkiError::UnshownName { kind: *kind }),
                AskedName::Address | AskedName::Text | AskedName::Empty => {}
            }
        }
        Ok(())
    }
}
