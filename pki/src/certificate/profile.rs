//! What a certificate is to be good for (C-ISSUE).

use crate::der::oid::{CLIENT_AUTH, SERVER_AUTH};

/// keyUsage (RFC 5280 4.2.1.3) as the bytes of its BIT STRING, with how many bits of the last one are unused.
const DIGITAL_SIGNATURE: [u8; 2] = [7, 0x80];
const SIGNATURE_AND_ENCIPHERMENT: [u8; 2] = [5, 0xA0];
const CERTIFICATES_AND_LISTS: [u8; 2] = [1, 0x06];

/// What decides about a certificate's extensions: never the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Who signs requests to DAX: digitalSignature (critical), clientAuth.
    Dax,
    /// A client of Open Banking: basicConstraints CA:FALSE, digitalSignature and keyEncipherment (critical),
    /// clientAuth.
    OpenBanking,
    /// A server: CA:FALSE (critical), digitalSignature and keyEncipherment (critical), serverAuth.
    Server,
    /// An authority: CA:TRUE (critical), keyCertSign and cRLSign (critical).
    Authority {
        /// How many authorities may stand between it and a certificate, at most.
        path_len: Option<u8>,
    },
}

/// basicConstraints of a profile.
#[derive(Clone, Copy)]
pub(super) struct Constraints {
    pub(super) critical: bool,
    pub(super) is_authority: bool,
    pub(super) path_len: Option<u8>,
}

impl Profile {
    /// Those that need no more than their name; an authority may have none below it.
    pub const ALL: [Self; 4] = [
        Self::Dax,
        Self::OpenBanking,
        Self::Server,
        Self::Authority { path_len: Some(0) },
    ];

    /// Its name: `dax`, `open-banking`, `server` or `ca`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dax => "dax",
            Self::OpenBanking => "open-banking",
            Self::Server => "server",
            Self::Authority { .. } => "ca",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|profile| profile.name() == name)
    }

    /// For how many days it is issued unless somebody says otherwise: a year; an authority for five.
    #[must_use]
    pub const fn default_days(self) -> u32 {
        match self {
            Self::Authority { .. } => 5 * 365,
            _ => 365,
        }
    }

    pub(super) const fn constraints(self) -> Option<Constraints> {
        let (critical, is_authority, path_len) = match self {
            Self::Dax => return None,
            Self::OpenBanking => (false, false, None),
            Self::Server => (true, false, None),
            Self::Authority { path_len } => (true, true, path_len),
        };
        Some(Constraints {
            critical,
            is_authority,
            path_len,
        })
    }

    /// Contents of the BIT STRING; critical in all.
    pub(super) const fn key_usage(self) -> [u8; 2] {
        match self {
            Self::Dax => DIGITAL_SIGNATURE,
            Self::OpenBanking | Self::Server => SIGNATURE_AND_ENCIPHERMENT,
            Self::Authority { .. } => CERTIFICATES_AND_LISTS,
        }
    }

    /// The one purpose; an authority is for any.
    pub(super) const fn purpose(self) -> Option<&'static [u8]> {
        match self {
            Self::Dax | Self::OpenBanking => Some(CLIENT_AUTH),
            Self::Server => Some(SERVER_AUTH),
            Self::Authority { .. } => None,
        }
    }
}
