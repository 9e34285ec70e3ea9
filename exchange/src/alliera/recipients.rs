//! To whom parcels can be delivered.

use rusqlite::params;
use serde_json::{Value, json};

use super::answer::Done;
use super::refused::Refused;
use super::work::Work;

/// How many recipients an answer has at most, which has no pages.
const MAX_RECIPIENTS: usize = 1000;
/// What can be done for one that has a compartment near, as numbers whose meaning nobody states.
const CAPABILITIES: [i32; 2] = [0, 1];

pub(super) fn capabilities(work: &mut Work<'_>) -> Result<Done, Refused> {
    let get = |name| work.request.text(name).filter(|text| !text.is_empty());
    let (email, mobile) = (get("emailAddress"), get("mobilePhone"));
    if email.is_none() && mobile.is_none() {
        return Err(Refused::invalid("emailAddress or mobilePhone is needed"));
    }
    let found = "SELECT 1 FROM seen_owner o WHERE archived IS NULL
        AND (?1 IS NULL OR EXISTS (SELECT 1 FROM attribute a WHERE a.owner = o.seq AND key = 'email' AND value = ?1))
        AND (?2 IS NULL OR EXISTS (SELECT 1 FROM attribute a WHERE a.owner = o.seq AND key = 'mobilePhone'
            AND ltrim(value, '+') = ltrim(?2, '+')))";
    if !work.any(found, params![email, mobile])? {
        return Err(Refused::missing("recipient"));
    }
    let places =
        "SELECT json_object('address', address, 'zipCode', zip, 'city', city) FROM seen_box
        WHERE ?1 IS NULL OR zip = ?1 ORDER BY seq LIMIT 1";
    let places = work.items(places, [get("zipCode")])?;
    let none = json!({"address": null, "zipCode": null, "city": null, "capabilities": []});
    let Some(Value::Object(mut place)) = places.into_iter().next() else {
        return Ok(Done::data(none));
    };
    place.insert("capabilities".into(), CAPABILITIES.to_vec().into());
    Ok(Done::data(Value::Object(place)))
}

pub(super) fn renz(work: &mut Work<'_>) -> Result<Done, Refused> {
    let systems = systems(work)?;
    let owners = "SELECT json_object('seq', seq, 'cardOwnerId', id, 'name', specific, 'familyName', family,
            'mobilePhone', (SELECT value FROM attribute a WHERE a.owner = o.seq AND key = 'mobilePhone'),
            'email', (SELECT value FROM attribute a WHERE a.owner = o.seq AND key = 'email'), 'address', NULL)
        FROM seen_owner o WHERE archived IS NULL AND seq IN (SELECT owner FROM renz
            WHERE ?1 IS NULL OR system IN (SELECT value FROM json_each(?1)))
        ORDER BY seq LIMIT ?2";
    let most = i64::try_from(MAX_RECIPIENTS)
        .unwrap_or(i64::MAX)
        .saturating_add(1);
    let mut found = work.items(owners, params![systems, most])?;
    if found.len() > MAX_RECIPIENTS {
        return Err(Refused::invalid("too many recipients: name systemIds"));
    }
    for owner in &mut found {
        let Some(members) = owner.as_object_mut() else {
            continue;
        };
        let seq = members.remove("seq").and_then(|seq| seq.as_i64());
        let recipients = "SELECT item FROM renz_item WHERE owner = ?1
            AND (?2 IS NULL OR system IN (SELECT value FROM json_each(?2))) ORDER BY seq";
        let recipients = work.items(recipients, params![seq, systems])?;
        members.insert("recipients".into(), recipients.into());
    }
    Ok(Done::with("recipients", found.into()))
}

/// The numbers of systems, which are texts in the request; all for null.
fn systems(work: &Work<'_>) -> Result<Option<String>, Refused> {
    let Some(list) = work.request.body.get("systemIds").and_then(Value::as_array) else {
        return Ok(None);
    };
    let numbers = list
        .iter()
        .map(|id| id.as_str().and_then(|id| id.parse::<i32>().ok()));
    let numbers: Option<Vec<i32>> = numbers.collect();
    let numbers = numbers.ok_or_else(|| Refused::invalid("systemIds are numbers, as texts"))?;
    Ok(Some(json!(numbers).to_string()))
}
