//! Partners and their instances.

use daxsign_core::{Policy, Profile};
use serde::{Deserialize, Serialize};

use crate::party::Party;

/// A legal entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// What people call it.
    pub name: String,
}

/// A client of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Which, and whose.
    #[serde(with = "super::text::shown")]
    pub party: Party,
    /// What people call it.
    pub name: String,
    /// Whether it signs twice hashed, as the vendor's library does; else as documented.
    pub vendor_sdk: bool,
    /// Whether lists are taken that leave the body's length or its end unbound (S-BIND).
    pub interop: bool,
    /// Whether it recognises what it got before by the correlation id: it may get messages twice then (X-ONCE).
    pub deduplicates: bool,
}

impl Instance {
    /// The profile that its signatures are verified under.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        if self.vendor_sdk {
            Profile::VendorSdk
        } else {
            Profile::Documented
        }
    }

    /// The policy that its lists are judged by.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        if self.interop {
            Policy::Interop
        } else {
            Policy::Strict
        }
    }
}
