//! Doors, which open where their owner's grants hold.

use rusqlite::params;

use super::answer::Done;
use super::event::Event;
use super::refused::Refused;
use super::work::{Entry, OWNER, Work, thing};

const DOOR: super::work::Thing = thing("door", "reached", "door_item");
/// How long a door may take, in milliseconds.
const TIMEOUTS: core::ops::RangeInclusive<i64> = 1..=60_000;
/// After so many wrong PINs no more are tried for a while.
const WRONG_PINS: i64 = 5;
/// How long.
const LOCKED_SECONDS: i64 = 300;

/// A way from an owner to a door.
struct Way {
    door: i64,
    times: [Option<String>; 4],
}

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let owner = work.named(&OWNER, "cardOwnerId")?;
    let doors = reached(work, owner)?.into_iter();
    let doors = doors.map(|door| work.item(&DOOR, door));
    let doors = doors.collect::<Result<Vec<_>, _>>()?;
    Ok(Done::with("doors", doors.into()))
}

pub(super) fn open(work: &mut Work<'_>) -> Result<Done, Refused> {
    let owner = work.named(&OWNER, "cardOwnerId")?;
    let timeout = work
        .request
        .body
        .get("timeout")
        .and_then(serde_json::Value::as_i64);
    if timeout.is_some_and(|timeout| !TIMEOUTS.contains(&timeout)) {
        return Err(Refused::invalid("timeout is 1 to 60000 milliseconds"));
    }
    let id = super::request::plain(work.request.parameter("doorId").unwrap_or_default());
    let seen = "SELECT d.seq FROM door d JOIN group_door ON door = d.seq
        WHERE d.id = ?1 AND access_group IN (SELECT seq FROM seen_group) LIMIT 1";
    let door: Option<i64> = work.maybe(seen, [&id])?;
    let door = door.ok_or_else(|| Refused::missing(DOOR.what))?;
    let name: Option<String> = work.maybe("SELECT name FROM door WHERE seq = ?1", [door])?;
    let name = name.unwrap_or_default();
    if !reached(work, owner)?.contains(&door) {
        told(work, owner, 301, "DoorRefused", &name)?;
        let text = "the card owner has no access to this door now";
        return Err(Refused::forbidden("no-access", text).keeping());
    }
    check_pin(work, owner)?;
    told(work, owner, 300, "DoorOpened", &name)?;
    let owner = work.maybe("SELECT id FROM owner WHERE seq = ?1", [owner])?;
    work.events.push(Event::DoorOpened {
        door: id,
        name,
        owner: owner.unwrap_or_default(),
    });
    Ok(Done::nothing())
}

/// The doors that an owner can open now.
fn reached(work: &Work<'_>, owner: i64) -> Result<Vec<i64>, Refused> {
    let ways = "SELECT d.door, g.start, g.stop, o.start, o.stop, c.start, c.stop
        FROM seen_grant g JOIN owner o ON o.seq = g.owner JOIN group_door d USING(access_group)
        LEFT JOIN card c ON c.owner = o.seq AND c.archived IS NULL AND c.disabled = 0
            AND (c.seq = g.card OR c.classification = g.classification)
        WHERE g.owner = ?1 AND g.revoked IS NULL AND g.disabled = 0 AND o.archived IS NULL AND o.disabled = 0
            AND (c.seq IS NOT NULL OR g.card IS NULL AND g.classification IS NULL)
        ORDER BY d.door";
    let mut statement = work.sql.prepare_cached(ways)?;
    let ways = statement.query_map([owner], |row| {
        let way = Way {
            door: row.get(0)?,
            times: [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
        };
        Ok((
            way,
            row.get::<_, Option<String>>(5)?,
            row.get::<_, Option<String>>(6)?,
        ))
    })?;
    let mut doors = Vec::new();
    for way in ways {
        let (way, card_start, card_stop) = way?;
        let [start, stop, owner_start, owner_stop] = &way.times;
        let open = work.holds(start.as_deref(), stop.as_deref())
            && work.holds(owner_start.as_deref(), owner_stop.as_deref())
            && work.holds(card_start.as_deref(), card_stop.as_deref());
        if open && doors.last() != Some(&way.door) {
            doors.push(way.door);
        }
    }
    Ok(doors)
}

/// An owner with a PIN opens with it only. Wrong ones are counted, also when the request is refused.
fn check_pin(work: &Work<'_>, owner: i64) -> Result<(), Refused> {
    let mut row = work
        .sql
        .prepare_cached("SELECT pin, locked_until FROM owner WHERE seq = ?1")?;
    let (pin, locked): (Option<String>, i64) =
        row.query_row([owner], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if locked > work.now {
        return Err(Refused::too_often("too many wrong PINs: wait five minutes"));
    }
    let right = pin.is_none_or(|pin| work.request.text("pinCode") == Some(pin.as_str()));
    if right {
        work.write("UPDATE owner SET wrong_pins = 0 WHERE seq = ?1", [owner])?;
        return Ok(());
    }
    let until = work.now.saturating_add(LOCKED_SECONDS);
    let count = "UPDATE owner SET wrong_pins = (wrong_pins + 1) % ?1,
        locked_until = iif((wrong_pins + 1) % ?1 = 0, ?2, locked_until) WHERE seq = ?3";
    work.write(count, params![WRONG_PINS, until, owner])?;
    Err(Refused::forbidden("wrong-pin", "the PIN is missing or wrong").keeping())
}

fn told(work: &Work<'_>, owner: i64, code: i32, name: &str, door: &str) -> Result<(), Refused> {
    let folder = work.maybe("SELECT folder FROM owner WHERE seq = ?1", [owner])?;
    work.log(&Entry {
        code,
        name,
        owner: Some(owner),
        folder: folder.unwrap_or_default(),
        text: Some(door),
    })
}
