//! The addresses that a scenario is played at. A client must tell them apart.

use serde::{Deserialize, Serialize};

/// One scheme, host and port (RFC 6454).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Where the client is told to go, without TLS.
    Home,
    /// Another one, without TLS.
    Other,
    /// Where the client may be told to go, with TLS.
    Secure,
    /// Another one, with TLS.
    SecureOther,
    /// A port at which nobody listens.
    Nowhere,
}

impl Origin {
    /// Those that listen.
    pub const LISTENING: [Self; 4] = [Self::Home, Self::Other, Self::Secure, Self::SecureOther];

    /// As the table of scenarios and the reports name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Other => "other",
            Self::Secure => "secure",
            Self::SecureOther => "secure-other",
            Self::Nowhere => "nowhere",
        }
    }

    /// Whether it speaks TLS.
    #[must_use]
    pub fn is_secure(self) -> bool {
        matches!(self, Self::Secure | Self::SecureOther)
    }
}
