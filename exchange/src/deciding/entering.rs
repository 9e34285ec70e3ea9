//! What stands before a request is read: the registry, the token, the rate of its instance.

use daxsign_core::Timestamp;

use super::problem::Problem;
use super::rate::{Rate, Rates};
use super::steps::Refused;
use crate::identity::{Bearer, BearerProblem, TokenKey, bearer};
use crate::party::Party;
use crate::registry::{Registry, Unconfirmed};

/// Who sends, by the values of `Authorization`, and what is left to the instance.
///
/// # Errors
/// [`Refused`]: 503, 401, 429.
pub fn enter_by_token<'r, 'v>(
    registry: Result<&'r Registry, Unconfirmed>,
    authorization: impl Iterator<Item = &'v [u8]>,
    tokens: &TokenKey,
    rates: &mut Rates,
    now: Timestamp,
) -> Result<(Bearer<'r>, Rate), Box<Refused>> {
    enter(registry, rates, now, |registry| {
        bearer(authorization, tokens, registry, now)
    })
}

/// The same of an instance that is known by its client certificate.
///
/// # Errors
/// [`Refused`]: 503, 401, 429.
pub fn enter_as<'r>(
    registry: Result<&'r Registry, Unconfirmed>,
    party: Party,
    rates: &mut Rates,
    now: Timestamp,
) -> Result<(Bearer<'r>, Rate), Box<Refused>> {
    enter(registry, rates, now, |registry| {
        Bearer::of(party, registry, now)
    })
}

fn enter<'r>(
    registry: Result<&'r Registry, Unconfirmed>,
    rates: &mut Rates,
    now: Timestamp,
    who: impl FnOnce(&'r Registry) -> Result<Bearer<'r>, BearerProblem>,
) -> Result<(Bearer<'r>, Rate), Box<Refused>> {
    let refused = |problem| Box::new(Refused::unproven(problem));
    let registry = registry.map_err(|_| refused(Problem::Unconfirmed))?;
    let bearer = who(registry).map_err(|problem| refused(Problem::Bearer(problem)))?;
    match rates.take(bearer.party.instance, now) {
        Ok(rate) => Ok((bearer, rate)),
        Err(rate) => Err(Box::new(Refused {
            rate: Some(rate),
            ..Refused::unproven(Problem::Rate(rate))
        })),
    }
}
