//! Cards, fobs, phones: what an owner opens doors with.

use rusqlite::params;
use serde_json::Value;

use super::answer::Done;
use super::grants::revoke_all;
use super::listing::{BY_ID, List, paged};
use super::patch::{Field, Kind, classification, patch, pin};
use super::refused::Refused;
use super::work::{CARD, OWNER, Work, in_order, short};

const FIELDS: [Field; 7] = [
    ("/NAME", "name", Kind::Name),
    ("/CLASSIFICATION", "classification", Kind::Classification),
    ("/PINCODE", "pin", Kind::Pin),
    ("/STARTTIME", "start", Kind::Time),
    ("/STOPTIME", "stop", Kind::Time),
    ("/DISABLED", "disabled", Kind::Flag),
    ("/ARCHIVED", "archived", Kind::Since),
];
/// How many cards an owner has.
const MAX_CARDS: i64 = 50;
/// How many codes a card has.
const MAX_CODES: usize = 10;
/// The one format of numbers that is known: bytes in hexadecimal, 4, 7 or 10 of them.
const FORMAT: &str = "MifareUID[XR]";

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "cards",
        thing: &CARD,
        only: "archived IS NULL",
        filters: &[BY_ID],
    };
    let (numbers, mut items, paging) = list.page(work, &[])?;
    for (seq, item) in numbers.into_iter().zip(&mut items) {
        expand(work, seq, item)?;
    }
    Ok(paged(list.field, items, paging))
}

pub(super) fn get(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&CARD, "cardId")?;
    answer(work, seq)
}

pub(super) fn create(work: &mut Work<'_>) -> Result<Done, Refused> {
    let owner = work.request.text("ownerId").unwrap_or_default();
    let owner = work.find(&OWNER, owner)?;
    let seq = insert(work, owner, &work.request.body)?;
    answer(work, seq)
}

pub(super) fn update(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&CARD, "cardId")?;
    patch(work, "card", seq, &FIELDS)?;
    let mut row = work.sql.prepare_cached(
        "SELECT start, stop, archived IS NULL AND disabled = 0, owner FROM card WHERE seq = ?1",
    )?;
    let (start, stop, live, owner): (Option<String>, Option<String>, bool, i64) = row
        .query_row([seq], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    in_order(start.as_deref(), stop.as_deref())?;
    if live {
        holder(work, owner)?;
        room(work, owner)?;
    } else {
        revoke_all(work, "card = ?2", seq)?;
    }
    answer(work, seq)
}

pub(super) fn delete(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&CARD, "cardId")?;
    work.write("DELETE FROM card WHERE seq = ?1", [seq])?;
    Ok(Done::nothing())
}

/// Makes a card of what a body says of it.
pub(super) fn insert(work: &Work<'_>, owner: i64, card: &Value) -> Result<i64, Refused> {
    let text = |name: &str| card.get(name).and_then(Value::as_str);
    holder(work, owner)?;
    let name = text("name").ok_or_else(|| Refused::invalid("a card has a name"))?;
    short("the name of a card", name)?;
    let time = |name| text(name).map(|time| work.time(name, time)).transpose();
    let (start, stop) = (time("startTime")?, time("stopTime")?);
    in_order(start.as_deref(), stop.as_deref())?;
    let row = params![
        work.new_id()?,
        owner,
        name,
        text("appearanceCode"),
        classification(text("classification"))?,
        text("pinCode").map(pin).transpose()?,
        start,
        stop,
        card.get("disabled") == Some(&Value::Bool(true)),
        work.local(),
    ];
    let seq = work.insert(
        "INSERT INTO card(id, owner, name, appearance, classification, pin, start, stop, disabled, created)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        row,
    )?;
    let codes = card.get("codes").and_then(Value::as_array);
    codes_of(work, seq, codes.map(Vec::as_slice).unwrap_or_default())?;
    room(work, owner)?;
    Ok(seq)
}

fn codes_of(work: &Work<'_>, card: i64, codes: &[Value]) -> Result<(), Refused> {
    if codes.len() > MAX_CODES {
        return Err(Refused::invalid(format!(
            "a card has {MAX_CODES} codes at most"
        )));
    }
    for code in codes {
        let text = |name: &str| code.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = text("number").to_ascii_uppercase();
        let hex = number.bytes().all(|byte| byte.is_ascii_hexdigit());
        if text("format") != FORMAT || !hex || ![8, 14, 20].contains(&number.len()) {
            return Err(Refused::invalid(format!(
                "a code has the format {FORMAT} and as its number 4, 7 or 10 bytes in hexadecimal"
            )));
        }
        let taken = "SELECT 1 FROM code WHERE format = ?1 AND number = ?2";
        if work.any(taken, params![FORMAT, number])? {
            return Err(Refused::conflict("there is a card with this number"));
        }
        work.write(
            "INSERT INTO code(card, format, number) VALUES(?1, ?2, ?3)",
            params![card, FORMAT, number],
        )?;
    }
    Ok(())
}

/// One that is archived has no cards.
fn holder(work: &Work<'_>, owner: i64) -> Result<(), Refused> {
    let archived = "SELECT 1 FROM owner WHERE seq = ?1 AND archived IS NOT NULL";
    if work.any(archived, [owner])? {
        return Err(Refused::conflict("the card owner is archived"));
    }
    Ok(())
}

/// There is room for what the owner has now.
fn room(work: &Work<'_>, owner: i64) -> Result<(), Refused> {
    let live = "SELECT count(*) FROM card WHERE owner = ?1 AND archived IS NULL";
    let live: Option<i64> = work.maybe(live, [owner])?;
    if live.is_some_and(|live| live > MAX_CARDS) {
        return Err(Refused::conflict(format!(
            "a card owner has {MAX_CARDS} cards at most"
        )));
    }
    Ok(())
}

fn answer(work: &Work<'_>, seq: i64) -> Result<Done, Refused> {
    let mut item = work.item(&CARD, seq)?;
    expand(work, seq, &mut item)?;
    Ok(Done::with("card", item))
}

fn expand(work: &Work<'_>, seq: i64, item: &mut Value) -> Result<(), Refused> {
    if work.request.wants("expand", "codes")
        && let Some(members) = item.as_object_mut()
    {
        let codes = "SELECT item FROM code_item WHERE card = ?1 ORDER BY seq";
        let codes = work.items(codes, [seq])?;
        members.insert("codes".into(), codes.into());
    }
    Ok(())
}
