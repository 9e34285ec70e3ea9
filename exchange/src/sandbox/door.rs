//! A door to begin with, and somebody who may open it.

use std::sync::{Mutex, PoisonError};

use daxsign_core::Timestamp;
use serde_json::Value;

use super::people::Member;
use crate::alliera::{Alliera, Request};
use crate::correlation::CorrelationId;

/// A card owner with a door that opens for it without a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstDoor {
    /// The card owner's id.
    pub card_owner: String,
    /// The door's id.
    pub door: String,
    /// What the door is called.
    pub name: String,
}

/// What the client sees in an office; `None` where everybody was removed.
pub(super) fn first(
    alliera: &Mutex<Alliera>,
    office: &Member,
    client: &Member,
    now: Timestamp,
) -> Option<FirstDoor> {
    let party = office.party;
    let root = format!(
        "/api/v2.0/partners/{}/instances/{}/cardowners",
        party.partner.hyphenated(),
        party.instance.hyphenated()
    );
    let ask = |target: &str| {
        let id = CorrelationId::fresh()?;
        let request = Request::read(id, client.party, "GET", target, b"{}").ok()?;
        let mut alliera = alliera.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = alliera.answer(&request, now);
        (answer.status == 200).then_some(answer.body)
    };
    let text = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let owners = ask(&format!("{root}?limit=20"))?;
    // The first one has a PIN.
    let owners = owners
        .pointer("/data/cardOwners")?
        .as_array()?
        .iter()
        .skip(1);
    owners
        .filter_map(|owner| text(owner, "cardOwnerId"))
        .find_map(|owner| {
            let doors = ask(&format!("{root}/{owner}/doors"))?;
            let door = doors.pointer("/data/doors/0")?;
            Some(FirstDoor {
                card_owner: owner,
                door: text(door, "doorId")?,
                name: text(door, "name")?,
            })
        })
}
