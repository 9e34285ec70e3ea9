//! What operations work with: the transaction, what is asked, the time.

use daxsign_core::{Sha256, Timestamp};
use rusqlite::{Connection, OptionalExtension, Params, params};
use serde_json::Value;
use uuid::Uuid;

use super::event::Event;
use super::places::Places;
use super::refused::Refused;
use super::request::{Request, plain};
use super::settings::Settings;
use super::zone::NoTime;

/// How many log entries are kept.
const KEPT_LOG: i64 = 100_000;
/// How long names, comments and the like may be.
const MAX_TEXT: usize = 250;

/// A kind of thing: what it is called, where those stand that are seen, and how one looks.
#[derive(Debug)]
pub(super) struct Thing {
    pub(super) what: &'static str,
    pub(super) seen: &'static str,
    pub(super) item: &'static str,
}

pub(super) const FOLDER: Thing = thing("folder", "seen_folder", "folder_item");
pub(super) const ORGANIZATION: Thing =
    thing("organization", "seen_organization", "organization_item");
pub(super) const OWNER: Thing = thing("card owner", "seen_owner", "owner_item");
pub(super) const CARD: Thing = thing("card", "seen_card", "card_item");
pub(super) const GROUP: Thing = thing("access group", "seen_group", "group_item");
pub(super) const GRANT: Thing = thing("grant", "seen_grant", "grant_item");

pub(super) const fn thing(what: &'static str, seen: &'static str, item: &'static str) -> Thing {
    Thing { what, seen, item }
}

/// What one operation works with.
pub(super) struct Work<'a> {
    /// In a transaction.
    pub(super) sql: &'a Connection,
    pub(super) settings: &'a Settings,
    pub(super) request: &'a Request,
    /// Seconds of Unix time.
    pub(super) now: i64,
    pub(super) events: Vec<Event>,
    pub(super) places: &'a mut Places,
}

/// What a log entry tells.
pub(super) struct Entry<'e> {
    pub(super) code: i32,
    pub(super) name: &'e str,
    pub(super) owner: Option<i64>,
    pub(super) folder: i64,
    pub(super) text: Option<&'e str>,
}

impl Work<'_> {
    /// The local time.
    pub(super) fn local(&self) -> String {
        self.settings.zone.local(self.now)
    }

    /// The number of what a parameter of the path names.
    pub(super) fn named(&self, thing: &Thing, parameter: &str) -> Result<i64, Refused> {
        self.find(thing, self.request.parameter(parameter).unwrap_or_default())
    }

    /// The number of what has that id and is seen.
    pub(super) fn find(&self, thing: &Thing, id: &str) -> Result<i64, Refused> {
        let sql = format!("SELECT seq FROM {} WHERE id = ?1", thing.seen);
        let found = self.maybe(&sql, [plain(id)])?;
        found.ok_or_else(|| Refused::missing(thing.what))
    }

    /// How it looks.
    pub(super) fn item(&self, thing: &Thing, seq: i64) -> Result<Value, Refused> {
        let sql = format!("SELECT item FROM {} WHERE seq = ?1", thing.item);
        let items = self.items(&sql, [seq])?;
        items
            .into_iter()
            .next()
            .ok_or_else(|| Refused::missing(thing.what))
    }

    /// All that a query gives, each as JSON.
    pub(super) fn items(&self, sql: &str, params: impl Params) -> Result<Vec<Value>, Refused> {
        let mut statement = self.sql.prepare_cached(sql)?;
        let rows = statement.query_map(params, |row| {
            let text: String = row.get(0)?;
            Ok(without_missing(
                serde_json::from_str(&text).unwrap_or(Value::Null),
            ))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The one value that a query gives, if it gives one.
    pub(super) fn maybe<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<Option<T>, Refused> {
        let mut statement = self.sql.prepare_cached(sql)?;
        Ok(statement.query_row(params, |row| row.get(0)).optional()?)
    }

    /// Whether a query gives anything.
    pub(super) fn any(&self, sql: &str, params: impl Params) -> Result<bool, Refused> {
        Ok(self.sql.prepare_cached(sql)?.exists(params)?)
    }

    /// Writes; how many rows.
    pub(super) fn write(&self, sql: &str, params: impl Params) -> Result<usize, Refused> {
        Ok(self.sql.prepare_cached(sql)?.execute(params)?)
    }

    /// Writes a row; its number.
    pub(super) fn insert(&self, sql: &str, params: impl Params) -> Result<i64, Refused> {
        Ok(self.sql.prepare_cached(sql)?.insert(params)?)
    }

    /// The next of numbers that look random and are the same for the same seed.
    pub(super) fn random(&self) -> Result<[u8; 32], Refused> {
        Ok(random(self.sql)?)
    }

    /// A new id.
    pub(super) fn new_id(&self) -> Result<String, Refused> {
        Ok(new_id(self.sql)?)
    }

    /// Writes into the log.
    pub(super) fn log(&self, entry: &Entry<'_>) -> Result<(), Refused> {
        let row = params![
            self.now,
            self.local(),
            entry.code,
            entry.name,
            self.request.remote.to_string(),
            entry.owner,
            entry.folder,
            entry.text,
        ];
        let seq = self.insert(
            "INSERT INTO log(at, local, code, name, actor, owner, folder, text1) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            row,
        )?;
        self.write(
            "DELETE FROM log WHERE seq <= ?1",
            [seq.saturating_sub(KEPT_LOG)],
        )?;
        Ok(())
    }

    /// A local time of a request, as it is kept.
    pub(super) fn time(&self, name: &str, text: &str) -> Result<String, Refused> {
        let kept = self.settings.zone.kept(text);
        kept.map_err(|problem: NoTime| Refused::invalid(format!("{name} {problem}")))
    }

    /// A local time of the body, if there is one.
    pub(super) fn body_time(&self, name: &str) -> Result<Option<String>, Refused> {
        let text = self.request.text(name);
        text.map(|text| self.time(name, text)).transpose()
    }

    /// A time in UTC of the body, with `T` or a space, with `Z` or without: in seconds.
    pub(super) fn body_utc(&self, name: &str) -> Result<Option<i64>, Refused> {
        let Some(text) = self.request.text(name) else {
            return Ok(None);
        };
        let text = text.strip_suffix('Z').unwrap_or(text);
        let time = Timestamp::parse(&format!("{}Z", text.replacen(' ', "T", 1)));
        let time = time.map_err(|_| Refused::invalid(format!("{name} is no time in UTC")))?;
        Ok(Some(time.seconds()))
    }

    /// The first second of a start and the last of a stop, of all that there are.
    pub(super) fn holds(&self, start: Option<&str>, stop: Option<&str>) -> bool {
        let zone = &self.settings.zone;
        let started = start.is_none_or(|text| zone.seconds(text).is_ok_and(|at| at.0 <= self.now));
        let goes_on = stop.is_none_or(|text| zone.seconds(text).is_ok_and(|at| self.now < at.1));
        started && goes_on
    }
}

/// A start is before its stop.
pub(super) fn in_order(start: Option<&str>, stop: Option<&str>) -> Result<(), Refused> {
    match (start, stop) {
        (Some(start), Some(stop)) if start >= stop => {
            Err(Refused::invalid("startTime must be before stopTime"))
        }
        _ => Ok(()),
    }
}

/// A name or a comment.
pub(super) fn short(name: &str, text: &str) -> Result<(), Refused> {
    let blank = text.trim() != text || text.is_empty();
    if blank || text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        return Err(Refused::invalid(format!(
            "{name} has 1 to {MAX_TEXT} characters, none of them a control character, no blank at its ends"
        )));
    }
    Ok(())
}

/// A new id.
pub(super) fn new_id(sql: &Connection) -> rusqlite::Result<String> {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(random(sql)?) {
        *to = from;
    }
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    Ok(Uuid::hyphenated(id).to_string())
}

/// The next of numbers that look random and are the same for the same seed.
pub(super) fn random(sql: &Connection) -> rusqlite::Result<[u8; 32]> {
    let mut next = sql.prepare_cached("UPDATE counter SET next = next + 1 RETURNING seed, next")?;
    let (seed, next): (i64, i64) = next.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let drawn = [seed.to_be_bytes(), next.to_be_bytes()].concat();
    Ok(Sha256::digest(&drawn))
}

/// Objects that may be missing in an answer and must not be null.
fn without_missing(mut item: Value) -> Value {
    if let Some(members) = item.as_object_mut() {
        for name in ["primaryOrganization", "affected"] {
            if members.get(name) == Some(&Value::Null) {
                members.remove(name);
            }
        }
    }
    item
}
