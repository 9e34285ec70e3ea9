//! Card owners: persons and apartments.

use std::collections::BTreeSet;

use rusqlite::params;
use serde_json::{Map, Value};

use super::active::is_active;
use super::answer::Done;
use super::cards;
use super::folders::body_folder;
use super::grants::revoke_all;
use super::listing::{Filter, List, paged};
use super::patch::{Field, Kind, patch, pin};
use super::refused::Refused;
use super::work::{Entry, ORGANIZATION, OWNER, Work, in_order, short};

const FIELDS: [Field; 10] = [
    ("/FAMILYNAME", "family", Kind::Name),
    ("/SPECIFICNAME", "specific", Kind::Name),
    ("/PINCODE", "pin", Kind::Pin),
    ("/ORGANIZATIONID", "organization", Kind::Organization),
    ("/FOLDERID", "folder", Kind::Folder),
    ("/COMMENT", "comment", Kind::Text),
    ("/STARTTIME", "start", Kind::Time),
    ("/STOPTIME", "stop", Kind::Time),
    ("/DISABLED", "disabled", Kind::Flag),
    ("/ARCHIVED", "archived", Kind::Since),
];
pub(super) const FILTERS: [Filter; 5] = [
    ("idfilter", "id IN (SELECT value FROM json_each(?))"),
    (
        "nameFilter",
        "seq IN (WITH name AS MATERIALIZED (SELECT value FROM json_each(?))
            SELECT o.seq FROM name JOIN owner o ON o.family = value
            UNION ALL SELECT o.seq FROM name JOIN owner o ON o.specific = value)",
    ),
    (
        "attributeFilter",
        "seq IN (WITH pair AS MATERIALIZED (SELECT value ->> 0 AS key, value ->> 1 AS text FROM json_each(?))
            SELECT owner FROM (
                SELECT a.owner FROM pair CROSS JOIN attribute a ON a.key = pair.key AND a.value = pair.text
                UNION ALL SELECT a.owner FROM pair CROSS JOIN attribute a ON a.key = pair.key AND pair.text IS NULL
            ) GROUP BY owner HAVING count(*) = (SELECT count(*) FROM pair))",
    ),
    ("folderFilter", "folder IN (SELECT value FROM json_each(?))"),
    (
        "organisationFilter",
        "organization IN (SELECT s.seq FROM json_each(?) JOIN seen_organization s ON s.id = value)",
    ),
];
/// How many attributes one has.
const MAX_ATTRIBUTES: usize = 50;

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let pairs = work.request.many("attributeFilter");
    if pairs.is_some_and(|pairs| pairs.len() > MAX_ATTRIBUTES) {
        return Err(Refused::invalid(format!(
            "attributeFilter has {MAX_ATTRIBUTES} pairs at most: no card owner has more attributes"
        )));
    }
    let list = List {
        field: "cardOwners",
        thing: &OWNER,
        only: "archived IS NULL",
        filters: &FILTERS,
    };
    let (numbers, mut items, paging) = list.page(work, &[])?;
    for (seq, item) in numbers.into_iter().zip(&mut items) {
        expand(work, seq, item)?;
    }
    Ok(paged(list.field, items, paging))
}

pub(super) fn get(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&OWNER, "cardOwnerId")?;
    answer(work, seq)
}

pub(super) fn create(work: &mut Work<'_>) -> Result<Done, Refused> {
    let folder = body_folder(work, "folderId")?;
    let seq = insert(work, folder)?;
    attributes(work, seq)?;
    for card in work.request.items("cards") {
        let owner = card.get("ownerId").and_then(Value::as_str);
        if owner.is_some_and(|id| work.find(&OWNER, id).ok() != Some(seq)) {
            return Err(Refused::invalid("ownerId of a card is another card owner"));
        }
        cards::insert(work, seq, card)?;
    }
    told(work, seq, 100, "CardOwnerCreated")?;
    answer(work, seq)
}

pub(super) fn update(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&OWNER, "cardOwnerId")?;
    let replaced = patch(work, "owner", seq, &FIELDS)?;
    let mut times = work
        .sql
        .prepare_cached("SELECT start, stop FROM owner WHERE seq = ?1")?;
    let (start, stop): (Option<String>, Option<String>) =
        times.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    in_order(start.as_deref(), stop.as_deref())?;
    if replaced.contains_key("/ARCHIVED") || replaced.contains_key("/DISABLED") {
        stopped(work, seq)?;
    }
    told(work, seq, 101, "CardOwnerUpdated")?;
    answer(work, seq)
}

pub(super) fn delete(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&OWNER, "cardOwnerId")?;
    let archive = "UPDATE owner SET archived = ?1 WHERE seq = ?2 AND archived IS NULL";
    if work.write(archive, params![work.local(), seq])? == 0 {
        return Err(Refused::conflict("the card owner is archived already"));
    }
    stopped(work, seq)?;
    told(work, seq, 102, "CardOwnerArchived")?;
    Ok(Done::nothing())
}

/// One that is archived or disabled has no grants; one that is archived, no cards either.
fn stopped(work: &Work<'_>, seq: i64) -> Result<(), Refused> {
    if is_active(work, seq).is_ok() {
        return Ok(());
    }
    revoke_all(work, "owner = ?2", seq)?;
    let cards = "UPDATE card SET archived = ?1 WHERE owner = ?2 AND archived IS NULL
        AND (SELECT archived FROM owner WHERE seq = ?2) IS NOT NULL";
    work.write(cards, params![work.local(), seq])?;
    Ok(())
}

fn insert(work: &Work<'_>, folder: i64) -> Result<i64, Refused> {
    let text = |name| work.request.text(name);
    let (family, specific) = (text("familyName"), text("specificName"));
    for (name, value) in [
        ("familyName", family),
        ("specificName", specific),
        ("comment", text("comment")),
    ] {
        value.map_or(Ok(()), |value| short(name, value))?;
    }
    let kind @ ("Person" | "Apartment") = text("cardOwnerType").unwrap_or("Person") else {
        return Err(Refused::invalid("cardOwnerType is Person or Apartment"));
    };
    let organization = text("organizationId").map(|id| work.find(&ORGANIZATION, id));
    let (start, stop) = (work.body_time("startTime")?, work.body_time("stopTime")?);
    in_order(start.as_deref(), stop.as_deref())?;
    let id = match text("cardOwnerId").map(super::request::plain) {
        Some(id) if work.any("SELECT 1 FROM owner WHERE id = ?1", [&id])? => {
            return Err(Refused::conflict("there is a card owner with this id"));
        }
        Some(id) => id,
        None => work.new_id()?,
    };
    let row = params![
        id,
        kind,
        family,
        specific,
        folder,
        organization.transpose()?,
        text("pinCode").map(pin).transpose()?,
        text("comment"),
        start,
        stop,
        work.request.body.get("disabled") == Some(&Value::Bool(true)),
        work.local(),
    ];
    work.insert(
        "INSERT INTO owner(id, kind, family, specific, folder, organization, pin, comment, start, stop, disabled, created)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        row,
    )
}

/// Those that are null are none.
fn attributes(work: &Work<'_>, seq: i64) -> Result<(), Refused> {
    let attributes = work
        .request
        .body
        .get("attributes")
        .and_then(Value::as_object);
    let attributes = attributes.into_iter().flatten();
    for (number, (key, value)) in attributes.enumerate() {
        if number >= MAX_ATTRIBUTES {
            return Err(Refused::invalid(format!(
                "{MAX_ATTRIBUTES} attributes at most"
            )));
        }
        let Some(value) = value.as_str() else {
            continue;
        };
        short("the name of an attribute", key)?;
        if key.contains([',', '=']) || value.contains(',') {
            return Err(Refused::invalid(
                "attributes have no comma, and no = in their names: no filter could find them",
            ));
        }
        short("an attribute", value)?;
        let row = params![seq, key, value];
        work.write("INSERT INTO attribute VALUES(?1, ?2, ?3)", row)?;
    }
    Ok(())
}

fn answer(work: &Work<'_>, seq: i64) -> Result<Done, Refused> {
    let mut item = work.item(&OWNER, seq)?;
    expand(work, seq, &mut item)?;
    Ok(Done::with("cardOwner", item))
}

/// What the query asks for besides.
fn expand(work: &Work<'_>, seq: i64, item: &mut Value) -> Result<(), Refused> {
    let Some(members) = item.as_object_mut() else {
        return Ok(());
    };
    if work.request.wants("expand", "cards") {
        let live = "SELECT item FROM card_item WHERE owner = ?1 AND item ->> 'state' = 'Active' ORDER BY seq";
        let mut cards = work.items(live, [seq])?;
        let objects = cards.iter_mut().filter_map(Value::as_object_mut);
        objects.for_each(|card| {
            card.remove("owner");
        });
        members.insert("cards".into(), cards.into());
    }
    if work.request.wants("expand", "postbox") {
        let names = "SELECT item FROM post_box_item WHERE owner = ?1 ORDER BY seq";
        let names = work.items(names, [seq])?;
        members.insert("postBoxNames".into(), names.into());
    }
    if let Some(keys) = work.request.many("selectedAttributes") {
        members.insert("attributes".into(), selected(work, seq, &keys)?);
    }
    Ok(())
}

fn selected(work: &Work<'_>, seq: i64, keys: &BTreeSet<String>) -> Result<Value, Refused> {
    let all = work.items("SELECT item FROM attribute_item WHERE owner = ?1", [seq])?;
    let all = all.into_iter().filter_map(|item| match item {
        Value::Object(members) => Some(members),
        _ => None,
    });
    let chosen: Map<String, Value> = all
        .flatten()
        .filter(|(key, _)| keys.contains(key))
        .collect();
    Ok(Value::Object(chosen))
}

fn told(work: &Work<'_>, seq: i64, code: i32, name: &str) -> Result<(), Refused> {
    let folder = work.maybe("SELECT folder FROM owner WHERE seq = ?1", [seq])?;
    work.log(&Entry {
        code,
        name,
        owner: Some(seq),
        folder: folder.unwrap_or_default(),
        text: None,
    })
}
