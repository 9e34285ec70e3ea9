//! Whose certificate it is.

use core::fmt;

use std::sync::Arc;

use daxsign_core::{Sha256, Timestamp};

use crate::judging::SharedRegistry;
use crate::party::Party;

/// Knows whose certificates are registered and count.
pub trait Members: Send + Sync + 'static {
    /// Whose this certificate is, in DER. Asked when somebody connects, and several times a second after that: it
    /// waits for nothing.
    ///
    /// # Errors
    /// [`NotAMember`].
    fn party(&self, certificate: &[u8], now: Timestamp) -> Result<Party, NotAMember>;
}

/// Why a certificate lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAMember {
    /// It is registered for no instance.
    Unknown,
    /// It is, and was revoked, has expired, or is not valid yet.
    DoesNotCount,
    /// Nobody can tell now: the registry could not be confirmed. Who is connected stays so.
    Unconfirmed,
}

impl Members for Arc<SharedRegistry> {
    fn party(&self, certificate: &[u8], now: Timestamp) -> Result<Party, NotAMember> {
        let registry = self.confirmed().map_err(|_| NotAMember::Unconfirmed)?;
        let found = registry.certificate(&Sha256::digest(certificate));
        let found = found.ok_or(NotAMember::Unknown)?;
        if found.counts(now) {
            Ok(found.party)
        } else {
            Err(NotAMember::DoesNotCount)
        }
    }
}

impl fmt::Display for NotAMember {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unknown => "the client certificate is registered for no instance: register it",
            Self::DoesNotCount => "the client certificate does not count: it was revoked, has expired, or is not valid yet",
            Self::Unconfirmed => "the registry could not be confirmed: try again",
        })
    }
}

impl std::error::Error for NotAMember {}
