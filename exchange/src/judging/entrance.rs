//! Who may come in: what the doors ask before they read a request.

use std::sync::{Arc, Mutex, PoisonError};

use daxsign_core::{Sha256, Timestamp};

use super::shared::SharedRegistry;
use crate::deciding::{Problem, Rate, Rates, Refused, enter_as, enter_by_token};
use crate::identity::{BearerProblem, TokenKey};
use crate::party::Party;
use crate::registry::Unconfirmed;

/// Who may come in: one for all doors, so that an instance has one rate.
pub struct Entrance {
    shared: Arc<SharedRegistry>,
    tokens: TokenKey,
    rates: Mutex<Rates>,
}

/// Who came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Whose the token or the certificate is.
    pub party: Party,
    /// What is left to the instance: its [fields](Rate::fields) stand in every answer.
    pub rate: Rate,
}

impl Entrance {
    /// With the key of tokens, and how much instances may send.
    #[must_use]
    pub const fn new(shared: Arc<SharedRegistry>, tokens: TokenKey, rates: Rates) -> Self {
        Self {
            shared,
            tokens,
            rates: Mutex::new(rates),
        }
    }

    /// The key of tokens, to issue them with.
    #[must_use]
    pub const fn tokens(&self) -> &TokenKey {
        &self.tokens
    }

    /// The bearer of the token in the values of `Authorization`, whose request is counted.
    ///
    /// # Errors
    /// [`Refused`]: 503, 401, 429.
    pub fn by_token<'v>(
        &self,
        authorization: impl Iterator<Item = &'v [u8]>,
        now: Timestamp,
    ) -> Result<Entered, Box<Refused>> {
        let registry = self.shared.confirmed();
        let registry = registry.as_deref().map_err(|_| Unconfirmed);
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        let (bearer, rate) =
            enter_by_token(registry, authorization, &self.tokens, &mut rates, now)?;
        let party = bearer.party;
        Ok(Entered { party, rate })
    }

    /// The party that a client certificate names, DER: it is registered, and counts now. That the peer has its key, and
    /// who issued it, TLS shows.
    ///
    /// # Errors
    /// [`Refused`]: 503, 401.
    pub fn by_certificate(&self, der: &[u8], now: Timestamp) -> Result<Party, Box<Refused>> {
        let refused = |problem| Box::new(Refused::unproven(problem));
        let registry = self.shared.confirmed();
        let registry = registry.map_err(|_| refused(Problem::Unconfirmed))?;
        let found = registry.certificate(&Sha256::digest(der));
        let found = found.filter(|certificate| certificate.counts(now));
        let none = || refused(Problem::Bearer(BearerProblem::NoCertificate));
        found.map(|certificate| certificate.party).ok_or_else(none)
    }

    /// A request of a party that is known by its client certificate: it is counted.
    ///
    /// # Errors
    /// [`Refused`]: 503, 401, 429.
    pub fn by_party(&self, party: Party, now: Timestamp) -> Result<Entered, Box<Refused>> {
        let registry = self.shared.confirmed();
        let registry = registry.as_deref().map_err(|_| Unconfirmed);
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        let (bearer, rate) = enter_as(registry, party, &mut rates, now)?;
        let party = bearer.party;
        Ok(Entered { party, rate })
    }
}

impl core::fmt::Debug for Entrance {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Entrance").finish_non_exhaustive()
    }
}
