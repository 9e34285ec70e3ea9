//! Grants: an access group for an owner, one of the owner's cards, or all of a classification.

use rusqlite::params;
use serde_json::Value;

use super::active::is_active;
use super::answer::Done;
use super::listing::{BY_ID, Filter, List};
use super::patch::{Field, Kind, classification, patch};
use super::refused::Refused;
use super::work::{CARD, Entry, GRANT, GROUP, OWNER, Work, in_order};

const FIELDS: [Field; 3] = [
    ("/DISABLED", "disabled", Kind::Flag),
    ("/STARTTIME", "start", Kind::Time),
    ("/STOPTIME", "stop", Kind::Time),
];
const BY_OWNER: Filter = (
    "cardOwnerFilter",
    "owner IN (SELECT o.seq FROM json_each(?) JOIN seen_owner o ON o.id = value)",
);
/// How many are given or taken at once.
const MAX_AT_ONCE: usize = 100;

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "grants",
        thing: &GRANT,
        only: "revoked IS NULL",
        filters: &[BY_ID, BY_OWNER],
    };
    list.answer(work)
}

pub(super) fn get(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&GRANT, "grantId")?;
    Ok(Done::with("grant", work.item(&GRANT, seq)?))
}

pub(super) fn grant(work: &mut Work<'_>) -> Result<Done, Refused> {
    let text = |name| work.request.text(name).unwrap_or_default();
    let given = give(work, text("cardOwnerId"), text("accessGroupId"))?;
    Ok(Done::with("grant", given))
}

pub(super) fn grant_groups(work: &mut Work<'_>) -> Result<Done, Refused> {
    let owner = work.request.text("cardOwnerId").unwrap_or_default();
    let groups = ids(work, "accessGroupIds")?;
    let given = groups.into_iter().map(|group| give(work, owner, group));
    let given = given.collect::<Result<Vec<_>, _>>()?;
    Ok(Done::with("grants", given.into()))
}

pub(super) fn grant_owners(work: &mut Work<'_>) -> Result<Done, Refused> {
    let group = work.request.text("accessGroupId").unwrap_or_default();
    let owners = ids(work, "cardOwnerIds")?;
    let given = owners.into_iter().map(|owner| give(work, owner, group));
    let given = given.collect::<Result<Vec<_>, _>>()?;
    Ok(Done::with("grants", given.into()))
}

pub(super) fn update(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&GRANT, "grantId")?;
    if work.any(
        "SELECT 1 FROM access_grant WHERE seq = ?1 AND revoked IS NOT NULL",
        [seq],
    )? {
        return Err(Refused::conflict("the grant is revoked"));
    }
    patch(work, "access_grant", seq, &FIELDS)?;
    let mut times = work
        .sql
        .prepare_cached("SELECT start, stop FROM access_grant WHERE seq = ?1")?;
    let (start, stop): (Option<String>, Option<String>) =
        times.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    in_order(start.as_deref(), stop.as_deref())?;
    Ok(Done::with("accessGrant", work.item(&GRANT, seq)?))
}

pub(super) fn revoke(work: &mut Work<'_>) -> Result<Done, Refused> {
    take(work, work.request.parameter("grantId").unwrap_or_default())?;
    Ok(Done::nothing())
}

pub(super) fn revoke_many(work: &mut Work<'_>) -> Result<Done, Refused> {
    for id in ids(work, "grantIds")? {
        take(work, id)?;
    }
    Ok(Done::nothing())
}

/// Takes all that one owner or card has: `of` says whose, with `?2`.
pub(super) fn revoke_all(work: &Work<'_>, of: &str, whose: i64) -> Result<(), Refused> {
    let revoke = format!("UPDATE access_grant SET revoked = ?1 WHERE {of} AND revoked IS NULL");
    work.write(&revoke, params![work.local(), whose])?;
    Ok(())
}

/// The ids of a list of the body, each once.
fn ids<'w>(work: &'w Work<'_>, name: &str) -> Result<Vec<&'w str>, Refused> {
    let ids: Vec<&str> = work
        .request
        .items(name)
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if !(1..=MAX_AT_ONCE).contains(&ids.len()) {
        return Err(Refused::invalid(format!(
            "{name} has 1 to {MAX_AT_ONCE} ids"
        )));
    }
    Ok(ids)
}

fn give(work: &Work<'_>, owner: &str, group: &str) -> Result<Value, Refused> {
    let (owner, group) = (work.find(&OWNER, owner)?, work.find(&GROUP, group)?);
    is_active(work, owner)?;
    let (card, class) = bound(work, owner)?;
    let (start, stop) = (work.body_time("startTime")?, work.body_time("stopTime")?);
    in_order(start.as_deref(), stop.as_deref())?;
    let same = "SELECT 1 FROM access_grant WHERE owner = ?1 AND access_group = ?2 AND card IS ?3
        AND classification IS ?4 AND revoked IS NULL";
    if work.any(same, params![owner, group, card, class])? {
        return Err(Refused::conflict("the card owner has this grant already"));
    }
    let seq = work.insert(
        "INSERT INTO access_grant(id, owner, card, classification, access_group, disabled, start, stop)
            VALUES(?1, ?2, ?3, ?4, ?5, 0, ?6, ?7)",
        params![work.new_id()?, owner, card, class, group, start, stop],
    )?;
    told(work, owner, group, 200, "AccessGranted")?;
    work.item(&GRANT, seq)
}

/// The card or the classification that a grant is bound to.
fn bound<'w>(work: &'w Work<'_>, owner: i64) -> Result<(Option<i64>, Option<&'w str>), Refused> {
    let card = work.request.text("cardId");
    let class = work.request.text("cardClassification");
    if card.is_some() && class.is_some() {
        return Err(Refused::invalid(
            "a grant has cardId or cardClassification, not both",
        ));
    }
    let card = card.map(|id| work.find(&CARD, id)).transpose()?;
    if let Some(card) = card {
        let own = "SELECT 1 FROM card WHERE seq = ?1 AND owner = ?2 AND archived IS NULL AND disabled = 0";
        if !work.any(own, [card, owner])? {
            return Err(Refused::conflict(
                "the card is another owner's, archived or disabled",
            ));
        }
    }
    let class = class.map(|class| classification(Some(class))).transpose()?;
    Ok((card, class))
}

fn take(work: &Work<'_>, id: &str) -> Result<(), Refused> {
    let seq = work.find(&GRANT, id)?;
    let revoke = "UPDATE access_grant SET revoked = ?1 WHERE seq = ?2 AND revoked IS NULL";
    if work.write(revoke, params![work.local(), seq])? == 0 {
        return Err(Refused::conflict("the grant is revoked already"));
    }
    let mut of = work
        .sql
        .prepare_cached("SELECT owner, access_group FROM access_grant WHERE seq = ?1")?;
    let (owner, group) = of.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    told(work, owner, group, 201, "AccessRevoked")
}

fn told(work: &Work<'_>, owner: i64, group: i64, code: i32, name: &str) -> Result<(), Refused> {
    let folder = work.maybe("SELECT folder FROM owner WHERE seq = ?1", [owner])?;
    let text: Option<String> =
        work.maybe("SELECT name FROM access_group WHERE seq = ?1", [group])?;
    work.log(&Entry {
        code,
        name,
        owner: Some(owner),
        folder: folder.unwrap_or_default(),
        text: text.as_deref(),
    })
}
