//! Access for a while to groups that were published to another partner.
//!
//! Who may see them is shown by the exchange, which keeps them (X-FANOUT); here is kept which of them are, so that nobody
//! obtains access to others.

use rusqlite::params;
use serde_json::{Value, json};

use super::answer::Done;
use super::cards;
use super::refused::Refused;
use super::request::plain;
use super::work::{Entry, Work, short};

/// How many groups, or owners, one request names.
const MAX_AT_ONCE: usize = 100;
/// The longest access.
const MAX_MINUTES: i64 = 31 * 24 * 60;

/// Access to this Alliera's groups for owners that it need not know. It does what it can; `success` says whether that
/// was all.
pub(super) fn obtain(work: &mut Work<'_>) -> Result<Done, Refused> {
    take_ticket(work)?;
    let (start, stop) = period(work)?;
    let (groups, failed) = wanted(work)?;
    if let Some(first) = groups.first() {
        for owner in bounded(work, "cardOwners")? {
            let visitor = visitor(work, *first, owner, [&start, &stop])?;
            for group in &groups {
                grant(work, *group, visitor, [&start, &stop])?;
            }
        }
    }
    let mut done = Done::with("success", (failed == 0).into());
    if failed > 0 {
        let text =
            format!("error[not-found]: {failed} of the access groups are not published to you");
        done.messages.push(text);
    }
    Ok(done)
}

/// This Alliera's groups among those that are asked for, and how many of it there are not.
fn wanted(work: &Work<'_>) -> Result<(Vec<i64>, usize), Refused> {
    let party = work.settings.party;
    let (mut groups, mut failed) = (Vec::new(), 0_usize);
    for group in bounded(work, "accessGroups")? {
        let text = |name: &str| plain(group.get(name).and_then(Value::as_str).unwrap_or_default());
        let instance = text("receivingAccessControlInstanceId");
        let partner = text("receivingPartnerId");
        // The other ones are asked of others (X-FANOUT).
        if partner != party.partner.to_string() || instance != party.instance.to_string() {
            continue;
        }
        let published = "SELECT seq FROM seen_published WHERE id = ?1";
        match work.maybe(published, [text("remoteAccessGroupId")])? {
            Some(group) if !groups.contains(&group) => groups.push(group),
            Some(_) => {}
            None => failed = failed.saturating_add(1),
        }
    }
    Ok((groups, failed))
}

/// A ticket is used once by each party.
fn take_ticket(work: &Work<'_>) -> Result<(), Refused> {
    let ticket = work.request.text("ticketIdentifier").unwrap_or_default();
    short("ticketIdentifier", ticket)?;
    let row = params![
        work.request.remote.partner.hyphenated().to_string(),
        work.request.remote.instance.hyphenated().to_string(),
        ticket
    ];
    if work.write("INSERT OR IGNORE INTO ticket VALUES(?1, ?2, ?3)", row)? == 0 {
        return Err(Refused::conflict("this ticketIdentifier was used before"));
    }
    Ok(())
}

/// From when until when, in local time: `validFrom` is UTC.
fn period(work: &Work<'_>) -> Result<(String, String), Refused> {
    let minutes = work
        .request
        .body
        .get("periodOfValidityMinutes")
        .and_then(Value::as_i64);
    let minutes = minutes.filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
    let minutes = minutes.ok_or_else(|| {
        Refused::invalid(format!("periodOfValidityMinutes is 1 to {MAX_MINUTES}"))
    })?;
    let from = work.body_utc("validFrom")?.unwrap_or(work.now);
    let until = from.saturating_add(minutes.saturating_mul(60));
    if until <= work.now {
        return Err(Refused::invalid("the access would be over already"));
    }
    let zone = &work.settings.zone;
    Ok((zone.local(from), zone.local(until)))
}

/// Somebody with cards, who ends with the access; in the folder of a group.
fn visitor(work: &Work<'_>, group: i64, owner: &Value, times: [&str; 2]) -> Result<i64, Refused> {
    let text = |name: &str| owner.get(name).and_then(Value::as_str).unwrap_or("Visitor");
    let (family, specific) = (text("familyName"), text("specificName"));
    short("familyName", family)?;
    short("specificName", specific)?;
    let [start, stop] = times;
    let row = params![
        work.new_id()?,
        family,
        specific,
        group,
        start,
        stop,
        work.local()
    ];
    let seq = work.insert(
        "INSERT INTO owner(id, kind, family, specific, folder, start, stop, disabled, created)
            SELECT ?1, 'Person', ?2, ?3, folder, ?5, ?6, 0, ?7 FROM access_group WHERE seq = ?4",
        row,
    )?;
    let cards = owner.get("cards").and_then(Value::as_array);
    for card in cards.into_iter().flatten() {
        let name = card.get("cardName").and_then(Value::as_str);
        let card = json!({
            "name": name.unwrap_or("Visitor"),
            "codes": card.get("cardNumbers"),
            "startTime": start,
            "stopTime": stop,
        });
        cards::insert(work, seq, &card)?;
    }
    Ok(seq)
}

fn grant(work: &Work<'_>, group: i64, owner: i64, times: [&str; 2]) -> Result<(), Refused> {
    let [start, stop] = times;
    work.insert(
        "INSERT INTO access_grant(id, owner, access_group, disabled, start, stop) VALUES(?1, ?2, ?3, 0, ?4, ?5)",
        params![work.new_id()?, owner, group, start, stop],
    )?;
    let folder = work.maybe("SELECT folder FROM access_group WHERE seq = ?1", [group])?;
    work.log(&Entry {
        code: 210,
        name: "AccessObtained",
        owner: Some(owner),
        folder: folder.unwrap_or_default(),
        text: work.request.text("ticketIdentifier"),
    })
}

fn bounded<'w>(work: &'w Work<'_>, name: &str) -> Result<&'w [Value], Refused> {
    let items = work.request.items(name);
    if (1..=MAX_AT_ONCE).contains(&items.len()) {
        Ok(items)
    } else {
        Err(Refused::invalid(format!(
            "{name} has 1 to {MAX_AT_ONCE} items"
        )))
    }
}
