//! What a token stands for when it is used: credential, instance and certificates are looked up again (X-TOKEN).

use core::fmt;

use daxsign_core::Timestamp;

use super::token::{TokenKey, TokenProblem};
use crate::party::Party;
use crate::registry::{Instance, Registered, Registry};

/// Who uses a token.
#[derive(Clone, Debug)]
pub struct Bearer<'r> {
    /// Whose it is.
    pub party: Party,
    /// How its signatures are verified.
    pub instance: &'r Instance,
    /// The certificates that its signatures may be by: at least one.
    pub certificates: Vec<&'r Registered>,
}

/// Why a token is not taken: 401 in each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerProblem {
    /// There is none, or more than one, or it is not written as `Bearer …`.
    Missing,
    /// It does not hold.
    Token(TokenProblem),
    /// What it was got by is gone: the password was changed or removed.
    Withdrawn,
    /// No certificate of the instance is valid: all have expired or are revoked.
    NoCertificate,
}

/// The bearer of the token in the values of `Authorization`.
///
/// # Errors
/// [`BearerProblem`].
pub fn bearer<'r, 'v>(
    mut authorization: impl Iterator<Item = &'v [u8]>,
    key: &TokenKey,
    registry: &'r Registry,
    now: Timestamp,
) -> Result<Bearer<'r>, BearerProblem> {
    let value = authorization.next().ok_or(BearerProblem::Missing)?;
    if authorization.next().is_some() {
        return Err(BearerProblem::Missing);
    }
    let token = token(value).ok_or(BearerProblem::Missing)?;
    let claims = key.open(token, now).map_err(BearerProblem::Token)?;
    let credential = registry.credential_by_id(claims.credential, claims.party);
    credential.ok_or(BearerProblem::Withdrawn)?;
    Bearer::of(claims.party, registry, now)
}

impl<'r> Bearer<'r> {
    /// A party that is known otherwise: by its client certificate, or since its token held a moment ago.
    ///
    /// # Errors
    /// [`BearerProblem`]: nothing is registered under it, or no certificate of it counts.
    pub fn of(party: Party, registry: &'r Registry, now: Timestamp) -> Result<Self, BearerProblem> {
        let instance = registry.instance(party).ok_or(BearerProblem::Withdrawn)?;
        let certificates: Vec<_> = registry.counting(party, now).collect();
        if certificates.is_empty() {
            return Err(BearerProblem::NoCertificate);
        }
        Ok(Self {
            party,
            instance,
            certificates,
        })
    }
}

/// Behind the scheme, which is compared without case (RFC 9110 11.1).
fn token(value: &[u8]) -> Option<&str> {
    let value = core::str::from_utf8(value).ok()?.trim_matches([' ', '\t']);
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

impl fmt::Display for BearerProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("one field Authorization: Bearer … is needed"),
            Self::Token(problem) => problem.fmt(formatter),
            Self::Withdrawn => formatter.write_str("the token no longer holds: get another"),
            Self::NoCertificate => formatter
                .write_str("no certificate of the instance is valid: it has expired or is revoked"),
        }
    }
}

impl std::error::Error for BearerProblem {}
