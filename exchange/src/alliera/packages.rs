//! Package boxes: compartments that are kept for a parcel.

use rusqlite::params;
use serde_json::{Value, json};

use super::answer::Done;
use super::event::{Event, Hidden};
use super::happening::happened;
use super::listing::List;
use super::patch::pin;
use super::pins;
use super::refused::Refused;
use super::work::{Thing, Work, thing};

const BOX: Thing = thing("package box", "seen_box", "box_item");
const COMPARTMENT: Thing = thing("compartment", "compartment", "compartment_item");
/// The longest reservation.
const MAX_SECONDS: i64 = 14 * 24 * 60 * 60;

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "packageBoxes",
        thing: &BOX,
        only: "TRUE",
        filters: &[],
    };
    list.answer(work)
}

pub(super) fn get(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&BOX, "boxId")?;
    Ok(Done::with("packageBox", work.item(&BOX, seq)?))
}

pub(super) fn reserve(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&BOX, "packageBoxId")?;
    let (begins, ends) = period(work)?;
    let to = recipient(work)?;
    let sizes = work
        .request
        .body
        .get("sizes")
        .filter(|sizes| !sizes.is_null());
    let free = "SELECT seq FROM compartment WHERE box = ?1
        AND (?2 IS NULL OR size IN (SELECT value FROM json_each(?2)))
        AND seq NOT IN (SELECT compartment FROM reservation WHERE NOT picked_up AND begins < ?4 AND ?3 < ends)
        ORDER BY size, seq LIMIT 1";
    let sizes = sizes.map(ToString::to_string);
    let compartment: Option<i64> = work.maybe(free, params![seq, sizes, begins, ends])?;
    let compartment = compartment
        .ok_or_else(|| Refused::conflict("no compartment of these sizes is free then"))?;
    let secret = match work.request.text("pinCode") {
        Some(given) => pin(given)?.to_owned(),
        None => pins::new(work)?,
    };
    let id = work.new_id()?;
    let (partner, instance) = (work.request.remote.partner, work.request.remote.instance);
    let (partner, instance) = (
        partner.hyphenated().to_string(),
        instance.hyphenated().to_string(),
    );
    let parcel = work.request.text("parcelId");
    work.insert(
        "INSERT INTO reservation(id, compartment, partner, instance, begins, ends, pin, parcel)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id,
            compartment,
            partner,
            instance,
            begins,
            ends,
            secret,
            parcel
        ],
    )?;
    let chosen = work.item(&COMPARTMENT, compartment)?;
    let data = json!({"reservationId": id, "parcelId": parcel});
    happened(work.sql, "Created", [&partner, &instance], &data)?;
    work.events.push(Event::PinSent {
        reservation: id.clone(),
        to: Hidden(to),
        pin: Hidden(secret),
    });
    Ok(Done::data(json!({"reservationId": id, "box": chosen})))
}

/// From when until when, in seconds.
fn period(work: &Work<'_>) -> Result<(i64, i64), Refused> {
    let needed = |name: &str| {
        let time = work.body_utc(name)?;
        time.ok_or_else(|| Refused::invalid(format!("{name} is missing")))
    };
    let begins = needed("reserveFromDateTimeUtc")?;
    let ends = needed("reservationExpiryUtc")?;
    let length = ends.saturating_sub(begins);
    if length <= 0 || length > MAX_SECONDS || ends <= work.now {
        return Err(Refused::invalid(
            "a reservation ends after it begins and after now, 14 days later at most",
        ));
    }
    Ok((begins, ends))
}

/// Where the PIN is sent.
fn recipient(work: &Work<'_>) -> Result<String, Refused> {
    let recipient = work.request.body.get("recipient");
    let get = |name: &str| {
        recipient
            .and_then(|one| one.get(name))
            .and_then(Value::as_str)
    };
    let to = get("emailAddress").or_else(|| get("mobilePhone"));
    let to = to.filter(|to| !to.is_empty() && to.len() <= 250);
    to.map(str::to_owned)
        .ok_or_else(|| Refused::invalid("the recipient has an emailAddress or a mobilePhone"))
}
