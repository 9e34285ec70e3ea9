//! The access groups that the Allieras of a sandbox show to its client from the beginning, published by messages that they
//! signed.

use daxsign_core::{Profile, Timestamp};

use super::agreements::make;
use super::failed::Failed;
use super::people::Member;
use crate::alliera::Alliera;
use crate::demo::request::sign_as;
use crate::judging::{SharedRegistry, publication};

const TARGET: &str = "/api/v2.0/accessgroups";

/// Publishes all of an Alliera's groups to a client's partner, who may obtain access to them from now on.
pub(super) fn publish(
    registry: &SharedRegistry,
    (alliera, member): (&mut Alliera, &Member),
    client: &Member,
    now: Timestamp,
) -> Result<(), Failed> {
    let body = alliera.publish(client.party.partner).map_err(Failed::of)?;
    let change = publication(&body, member.party).map_err(Failed::of)?;
    let body = body.to_string().into_bytes();
    let key = member.key()?;
    let signed = sign_as(Profile::VendorSdk, ("POST", TARGET), &body, &key, now);
    make(registry, change, member, &signed.map_err(Failed::of)?.bytes)
}
