//! Callbacks: what a partner wants to be told, and where.

use rusqlite::params;
use serde_json::{Map, Value, json};

use super::answer::Done;
use super::event::{Event, Hidden};
use super::listing::List;
use super::refused::Refused;
use super::work::{Thing, Work, thing};

const CALLBACK: Thing = thing("callback", "seen_callback", "callback_item");
/// How many a party has.
const MAX_CALLBACKS: i64 = 50;
/// How long an address, a token or a field may be.
const MAX_TEXT: usize = 2048;
/// How many fields one has.
const MAX_HEADERS: usize = 20;
/// What can happen.
const EVENTS: [(&str, &str); 2] = [("Delivery", "Created"), ("Delivery", "Pickup")];
/// Fields that are not the party's to set (X-CALLBACK): hop-by-hop ones too.
const RESERVED: [&str; 13] = [
    "authorization",
    "x-correlation-id",
    "signature",
    "date",
    "host",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "callbacks",
        thing: &CALLBACK,
        only: "TRUE",
        filters: &[],
    };
    list.answer(work)
}

pub(super) fn register(work: &mut Work<'_>) -> Result<Done, Refused> {
    let mut made = Vec::new();
    for callback in items(work)? {
        check(callback)?;
        let text = |name| text(callback, name);
        let remote = work.request.remote;
        let row = params![
            work.new_id()?,
            remote.partner.hyphenated().to_string(),
            remote.instance.hyphenated().to_string(),
            text("domain"),
            text("eventType"),
            text("callbackUrl"),
            text("bearerToken"),
            headers(callback).to_string(),
        ];
        let seq = work.insert(
            "INSERT INTO callback(id, partner, instance, domain, event, url, bearer, headers)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            row,
        )?;
        made.push(work.item(&CALLBACK, seq)?);
    }
    let count: Option<i64> = work.maybe("SELECT count(*) FROM seen_callback", [])?;
    if count.is_some_and(|count| count > MAX_CALLBACKS) {
        return Err(Refused::conflict(format!(
            "a party has {MAX_CALLBACKS} callbacks at most"
        )));
    }
    Ok(Done::with("callbacks", made.into()))
}

pub(super) fn update(work: &mut Work<'_>) -> Result<Done, Refused> {
    let mut changed = Vec::new();
    for callback in items(work)? {
        let text = |name| text(callback, name);
        let id = text("callbackId").ok_or_else(|| Refused::invalid("callbackId is missing"))?;
        let seq = work.find(&CALLBACK, id)?;
        check(callback)?;
        let headers = callback.get("headers").filter(|value| !value.is_null());
        let row = params![
            text("domain"),
            text("eventType"),
            text("callbackUrl"),
            text("bearerToken"),
            headers.map(ToString::to_string),
            seq,
        ];
        // What answers never give, null keeps.
        let update =
            "UPDATE callback SET domain = ?1, event = ?2, url = ?3, bearer = coalesce(?4, bearer),
            headers = coalesce(?5, headers) WHERE seq = ?6";
        work.write(update, row)?;
        changed.push(work.item(&CALLBACK, seq)?);
    }
    Ok(Done::with("callbacks", changed.into()))
}

pub(super) fn delete(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&CALLBACK, "callbackId")?;
    work.write("DELETE FROM callback WHERE seq = ?1", [seq])?;
    Ok(Done::nothing())
}

/// What is to be delivered to a party: to each callback that it registered for that.
pub(super) fn deliveries(
    sql: &rusqlite::Connection,
    party: [&str; 2],
    event: &str,
    payload: &Value,
) -> rusqlite::Result<Vec<Event>> {
    let mut registered = sql.prepare_cached(
        "SELECT id, url, bearer, headers FROM callback
            WHERE partner = ?1 AND instance = ?2 AND domain = 'Delivery' AND event = ?3 ORDER BY seq",
    )?;
    let [partner, instance] = party;
    let events = registered.query_map([partner, instance, event], |row| {
        let headers: String = row.get(3)?;
        let headers: Map<String, Value> = serde_json::from_str(&headers).unwrap_or_default();
        let headers = headers
            .into_iter()
            .filter_map(|(name, value)| Some((name, Hidden(value.as_str()?.to_owned()))));
        Ok(Event::Callback {
            callback: row.get(0)?,
            url: row.get(1)?,
            bearer: row.get::<_, Option<String>>(2)?.map(Hidden),
            headers: headers.collect(),
            payload: payload.clone(),
        })
    })?;
    events.collect()
}

fn items<'w>(work: &'w Work<'_>) -> Result<&'w [Value], Refused> {
    let items = work.request.items("callbacks");
    if items.is_empty() {
        return Err(Refused::invalid("callbacks is empty"));
    }
    Ok(items)
}

fn text<'c>(callback: &'c Value, name: &str) -> Option<&'c str> {
    callback.get(name)?.as_str()
}

fn headers(callback: &Value) -> Value {
    let headers = callback.get("headers").filter(|value| !value.is_null());
    headers.cloned().unwrap_or_else(|| json!({}))
}

fn check(callback: &Value) -> Result<(), Refused> {
    let get = |name| text(callback, name).unwrap_or_default();
    if !EVENTS.contains(&(get("domain"), get("eventType"))) {
        return Err(Refused::invalid(
            "domain is Delivery, eventType Created or Pickup",
        ));
    }
    let url = get("callbackUrl");
    let host = url.strip_prefix("https://").unwrap_or_default();
    if host.is_empty() || host.starts_with('/') || !is_visible(url) {
        return Err(Refused::invalid(
            "callbackUrl begins with https:// and a host",
        ));
    }
    if !is_visible(get("bearerToken")) {
        return Err(Refused::invalid(
            "bearerToken is visible ASCII, without blanks",
        ));
    }
    let headers = headers(callback);
    let headers = headers.as_object().into_iter().flatten();
    for (number, (name, value)) in headers.enumerate() {
        let value = value.as_str().unwrap_or_default();
        let printable =
            value.len() <= MAX_TEXT && value.bytes().all(|byte| (0x20..0x7F).contains(&byte));
        if number >= MAX_HEADERS || !may_be_set(name) || !printable {
            return Err(Refused::invalid(format!(
                "headers are {MAX_HEADERS} at most, printable, and none that the exchange sets itself"
            )));
        }
    }
    Ok(())
}

fn may_be_set(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let reserved = ["x-dax-", "content-"]
        .iter()
        .any(|begin| name.starts_with(begin));
    (1..=64).contains(&name.len())
        && name.bytes().all(token)
        && !reserved
        && !RESERVED.contains(&name.as_str())
}

fn is_visible(text: &str) -> bool {
    text.len() <= MAX_TEXT && text.bytes().all(|byte| byte.is_ascii_graphic())
}
