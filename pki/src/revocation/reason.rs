//! Why a certificate was revoked (RFC 5280 5.3.1).

use std::fmt;

/// A reason. Those that could be taken back, or that only lists of other kinds have, are not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// None is told, and none stands in the list.
    #[default]
    Unspecified,
    /// Somebody else has the key, or may have.
    KeyCompromise,
    /// The same of an authority.
    CaCompromise,
    /// A name in the certificate is not right any more.
    AffiliationChanged,
    /// Another certificate takes its place.
    Superseded,
    /// What it was for is over.
    CessationOfOperation,
    /// Its owner may no longer do what it stands for.
    PrivilegeWithdrawn,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::PrivilegeWithdrawn,
    ];

    /// Its name in RFC 5280: `keyCompromise`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
        }
    }

    /// The one with this name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.name().eq_ignore_ascii_case(name))
    }

    /// Its number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::PrivilegeWithdrawn => 9,
        }
    }

    /// The one with this number. What is not given here was a reason all the same, and revokes.
    pub(super) fn from_code(code: u8) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.code() == code).unwrap_or_default()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
