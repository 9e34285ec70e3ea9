//! What the reader of evidence knows beforehand: whose certificates are whose.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use daxsign_core::Thumbprint;

use crate::party::Party;
use crate::record::evidence::problem::EvidenceProblem;
use crate::record::leaf::leaf::HASH_LEN;

/// How the exchange is called in a pin.
const EXCHANGE: &str = "exchange";

/// Certificates by their SHA-256, for parties and for the exchange; and witnesses of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    parties: BTreeMap<Party, BTreeSet<[u8; HASH_LEN]>>,
    exchange: BTreeSet<[u8; HASH_LEN]>,
    witnesses: BTreeSet<String>,
}

/// A pin is `<partner>/<instance>=SHA256` or `exchange=SHA256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPin;

impl Pins {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, of several for a party whose certificate was renewed: `<partner>/<instance>=SHA256` or
    /// `exchange=SHA256`, the SHA-256 of the certificate in hexadecimal as OpenSSL, .NET or Windows show it.
    ///
    /// # Errors
    /// [`NotAPin`].
    pub fn add(&mut self, pin: &str) -> Result<(), NotAPin> {
        let (who, thumbprint) = pin.split_once('=').ok_or(NotAPin)?;
        let thumbprint = Thumbprint::parse(thumbprint).map_err(|_| NotAPin)?;
        let thumbprint = thumbprint.as_bytes().try_into().map_err(|_| NotAPin)?;
        if who == EXCHANGE {
            self.exchange.insert(thumbprint);
        } else {
            let party = who.parse().map_err(|_| NotAPin)?;
            self.parties.entry(party).or_default().insert(thumbprint);
        }
        Ok(())
    }

    /// Adds a witness of the log by its verifier key, `<name>+<id>+<key>`.
    pub fn add_witness(&mut self, witness: &str) {
        self.witnesses.insert(witness.to_owned());
    }

    pub(super) fn witnesses(&self) -> impl Iterator<Item = &str> {
        self.witnesses.iter().map(String::as_str)
    }

    /// Whether the party's certificate is pinned; an error where others are.
    pub(super) fn party(
        &self,
        party: &Party,
        thumbprint: &[u8; HASH_LEN],
    ) -> Result<bool, EvidenceProblem> {
        check(self.parties.get(party), thumbprint, party)
    }

    /// The same for the exchange's.
    pub(super) fn exchange(&self, thumbprint: &[u8; HASH_LEN]) -> Result<bool, EvidenceProblem> {
        let pinned = Some(&self.exchange).filter(|pinned| !pinned.is_empty());
        check(pinned, thumbprint, &EXCHANGE)
    }
}

fn check(
    pinned: Option<&BTreeSet<[u8; HASH_LEN]>>,
    thumbprint: &[u8; HASH_LEN],
    who: &dyn fmt::Display,
) -> Result<bool, EvidenceProblem> {
    match pinned {
        None => Ok(false),
        Some(pinned) if pinned.contains(thumbprint) => Ok(true),
        Some(_) => Err(EvidenceProblem::Pin(who.to_string())),
    }
}

impl fmt::Display for NotAPin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a pin is <partner>/<instance>=SHA256 or exchange=SHA256, the SHA-256 of a certificate in hexadecimal")
    }
}

impl std::error::Error for NotAPin {}
