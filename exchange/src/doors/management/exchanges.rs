//! What is on record: outcomes, evidence, erasing, the log.
#![expect(clippy::unnecessary_wraps, reason = "all handlers answer alike")]

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{Sha256, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::{Answer, Asked, JSON, Problem};
use super::faults;
use super::managed::Managed;
use super::words::time;
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{Asked as By, Ending, EraseProblem, Failure, SqliteStore, Store as _};
use crate::running::{Promise, Running};

const CORRELATION: &str = "correlation id";
/// How many exchanges are searched in one question, so that requests do not wait.
const SEARCHED: u64 = 64;
/// How long one answer may take.
const SEARCH_TIME: Duration = Duration::from_secs(20);

/// How one exchange stands, for its operator, who may see all.
pub(super) fn outcome(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let id: CorrelationId = asked.name(0, CORRELATION)?;
    let found = managed.kept.ask(move |store| standing(store, id));
    let found = found.ok_or_else(Problem::ending)?;
    let found = found.map_err(|failure| Problem::new(503, failure))?;
    let faults = faults::of(managed, id);
    let mut told = match found {
        Some(told) => told,
        None if faults.is_empty() => return Err(Problem::unknown("exchange on record")),
        // A fault at the door leaves nothing else behind.
        None => json!({ "correlationId": id.to_string(), "outcome": "not on record" }),
    };
    if let Some(members) = told.as_object_mut() {
        members.insert("faults".to_owned(), Value::Array(faults));
    }
    Ok(Answer::json(&told))
}

/// What the record says of an exchange.
fn standing(store: &SqliteStore, id: CorrelationId) -> Result<Option<Value>, Failure> {
    if let Some(sender) = store.fan_sender(id)? {
        return several(store, id, sender);
    }
    let Some(row) = store.row(id)? else {
        return refused(store, id);
    };
    let outcome = store.outcome(row.sender.instance, By::Correlation(id))?;
    let standing = row.standing;
    Ok(outcome.map(|outcome| {
        json!({
            "correlationId": id.to_string(),
            "sender": row.sender.to_string(),
            "receiver": row.receiver.to_string(),
            "contract": row.contract.map(|one| one.id.to_string()),
            "leaf": row.leaf,
            "at": time(outcome.at),
            "deadline": time(standing.deadline),
            "outcome": outcome.ending.map_or("in work", ending),
            "mayHaveLeft": outcome.may_have_left,
            "answeredLate": outcome.late,
            "requeued": standing.requeued,
            "erased": outcome.erased,
        })
    }))
}

/// Of one to several receivers: how each of its children stands.
fn several(
    store: &SqliteStore,
    id: CorrelationId,
    sender: Party,
) -> Result<Option<Value>, Failure> {
    let Some(fanned) = store.fan(sender.instance, By::Correlation(id))? else {
        return Ok(None);
    };
    let children = fanned.children.iter().map(|child| {
        let told = standing(store, child.correlation)?;
        Ok(told.unwrap_or_else(|| {
            json!({
                "correlationId": child.correlation.to_string(),
                "receiver": child.receiver.to_string(),
                "outcome": "not on record",
            })
        }))
    });
    let children: Vec<Value> = children.collect::<Result<_, Failure>>()?;
    Ok(Some(json!({
        "correlationId": id.to_string(),
        "sender": sender.to_string(),
        "at": time(fanned.at),
        "outcome": if fanned.open { "in work" } else { "told by its children" },
        "children": children,
    })))
}

/// Of one that was refused, and never had a deadline.
fn refused(store: &SqliteStore, id: CorrelationId) -> Result<Option<Value>, Failure> {
    let Some((place, leaf)) = store.refused(id)? else {
        return Ok(None);
    };
    let instance = leaf.sender.map(|sender| sender.instance);
    let outcome = store.outcome(instance.unwrap_or_default(), By::Correlation(id))?;
    Ok(outcome.map(|outcome| {
        json!({
            "correlationId": id.to_string(),
            "sender": leaf.sender.map(|party| party.to_string()),
            "receiver": leaf.receiver.map(|party| party.to_string()),
            "contract": leaf.contract.map(|one| one.id.to_string()),
            "leaf": place,
            "at": time(leaf.at),
            "deadline": null,
            "outcome": ending(Ending::Refused),
            "mayHaveLeft": false,
            "answeredLate": false,
            "requeued": false,
            "erased": outcome.erased,
        })
    }))
}

const fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Answered => "answered",
        Ending::Refused => "refused",
        Ending::Expired => "expired",
        Ending::Unknown => "unknown",
    }
}

pub(super) fn erase(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let id: CorrelationId = asked.name(0, CORRELATION)?;
    let erased = managed.kept.ask(move |store| store.erase(id));
    match erased.ok_or_else(Problem::ending)? {
        Ok(erased) => {
            tracing::info!(correlation = %id, erased, "an operator erased");
            Ok(Answer::json(&json!({ "erased": u8::from(erased) })))
        }
        Err(EraseProblem::InWork) => Err(Problem::new(409, EraseProblem::InWork)),
        Err(EraseProblem::Failure(failure)) => Err(Problem::new(503, failure)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Again {
    #[serde(default = "ten")]
    deadline_seconds: u32,
}

const fn ten() -> u32 {
    10
}

/// Asked for again, under the same correlation id, where that cannot do anything twice (X-ONCE).
pub(super) fn requeue(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let id: CorrelationId = asked.name(0, CORRELATION)?;
    let again: Again = asked.json()?;
    if !(1..=3_600).contains(&again.deadline_seconds) {
        return Err(Problem::bad("deadlineSeconds is 1 to 3600"));
    }
    let now = managed.now();
    let seconds = now
        .seconds()
        .saturating_add(i64::from(again.deadline_seconds));
    let deadline = Timestamp::from_unix(seconds, now.nanoseconds()).map_err(Problem::bad)?;
    let (sender, answer) = channel();
    let told = Promise::new(move |told| {
        // Who asked waits for it.
        let _ = sender.send(told);
    });
    let inlet = managed.kept.with(Running::inlet);
    inlet
        .ok_or_else(Problem::ending)?
        .requeue(id, deadline, told);
    match answer.recv().ok().flatten() {
        Some(Ok(())) => Ok(Answer::json(&json!({ "deadline": time(deadline) }))),
        Some(Err(not)) => Err(Problem::new(409, not)),
        None => Err(Problem::new(
            503,
            "the record cannot be read or written now: ask again",
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Who {
    card_owner: String,
    #[serde(default)]
    from: u64,
}

/// Every exchange that names a card owner and is not erased; from a place of the record on, as far as the time reaches.
pub(super) fn of_card_owner(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let owner: uuid::Uuid = asked.name(0, "card owner's id")?;
    let (owner, begun) = (owner.hyphenated().to_string(), Instant::now());
    let mut next = Some(asked.query("from")?.unwrap_or_default());
    let mut exchanges = Vec::new();
    while let Some(from) = next.filter(|_| begun.elapsed() < SEARCH_TIME) {
        let what = owner.clone();
        let found = managed.kept.ask(move |store| {
            let mentions = store.mentioning(&what, from, SEARCHED)?;
            let found = mentions.found.into_iter();
            let found = found.map(|id| standing(store, id));
            let found: Result<Vec<_>, Failure> = found.collect();
            Ok((found?, mentions.next))
        });
        let found: Result<_, Failure> = found.ok_or_else(Problem::ending)?;
        let (some, further) = found.map_err(|failure| Problem::new(503, failure))?;
        exchanges.extend(some.into_iter().flatten());
        next = further;
    }
    Ok(Answer::json(
        &json!({ "exchanges": exchanges, "next": next }),
    ))
}

/// Erases every ended exchange that names a card owner, for some seconds; `next` says from where to go on.
pub(super) fn erase_card_owner(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let who: Who = asked.json()?;
    let owner = uuid::Uuid::try_parse(&who.card_owner)
        .map_err(|_| Problem::bad("a card owner's id is a GUID of 36 characters"))?;
    let (owner, begun) = (owner.hyphenated().to_string(), Instant::now());
    let (mut erased, mut in_work) = (0_u64, Vec::new());
    let mut next = Some(who.from);
    while let Some(from) = next.filter(|_| begun.elapsed() < SEARCH_TIME) {
        let what = owner.clone();
        let done = managed
            .kept
            .ask(move |store| erase_some(store, &what, from));
        let done = done.ok_or_else(Problem::ending)?;
        let some = done.map_err(|failure| Problem::new(503, failure))?;
        erased = erased.saturating_add(some.erased);
        in_work.extend(some.in_work.iter().map(ToString::to_string));
        next = some.next;
    }
    tracing::info!(erased, "an operator erased a card owner");
    Ok(Answer::json(
        &json!({ "erased": erased, "inWork": in_work, "next": next }),
    ))
}

#[derive(Default)]
struct Step {
    erased: u64,
    in_work: Vec<CorrelationId>,
    next: Option<u64>,
}

fn erase_some(store: &mut SqliteStore, what: &str, from: u64) -> Result<Step, Failure> {
    let mentions = store.mentioning(what, from, SEARCHED)?;
    let mut some = Step {
        next: mentions.next,
        ..Step::default()
    };
    for id in mentions.found {
        match store.erase(id) {
            Ok(erased) => some.erased = some.erased.saturating_add(u64::from(erased)),
            Err(EraseProblem::InWork) => some.in_work.push(id),
            Err(EraseProblem::Failure(failure)) => return Err(failure),
        }
    }
    Ok(some)
}

/// The file as it is: nobody writes it anew.
pub(super) fn evidence(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let id: CorrelationId = asked.name(0, CORRELATION)?;
    let (registry, now) = (managed.registry.snapshot(), managed.now());
    let own = managed.own.clone();
    let written = managed.kept.ask(move |store| {
        store.evidence(id, now, |thumbprint| {
            let registered = registry.certificate(thumbprint).map(|one| one.der.clone());
            let is_own = |der: &&Vec<u8>| Sha256::digest(der) == *thumbprint;
            registered.or_else(|| own.iter().find(is_own).cloned())
        })
    });
    let written = written.ok_or_else(Problem::ending)?;
    let written = written.map_err(|failure| Problem::new(503, failure))?;
    let body = written.ok_or_else(|| Problem::unknown("exchange on record"))?;
    Ok(Answer {
        status: 200,
        media_type: JSON,
        body,
    })
}

pub(super) fn checkpoint(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let now = managed.now();
    let note = managed.kept.ask(move |store| store.checkpoint(now));
    let note = note.ok_or_else(Problem::ending)?;
    note.map(Answer::text)
        .map_err(|failure| Problem::new(503, failure))
}

/// A hash a line, in base64.
pub(super) fn consistency(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let size = |name| -> Result<u64, Problem> {
        let size = asked.query(name)?;
        size.ok_or_else(|| Problem::bad(format_args!("the query has no {name}")))
    };
    let (earlier, later) = (size("earlier")?, size("later")?);
    let proof = managed.kept.ask(move |store| {
        let size = store.size()?;
        if earlier < 1 || earlier > later || later > size {
            return Ok(Err(size));
        }
        store.consistency(later, earlier).map(Ok)
    });
    let proof: Result<_, Failure> = proof.ok_or_else(Problem::ending)?;
    match proof.map_err(|failure| Problem::new(503, failure))? {
        Ok(proof) => {
            let lines = proof
                .iter()
                .map(|hash| format!("{}\n", BASE64_STANDARD.encode(hash)));
            Ok(Answer::text(lines.collect::<String>()))
        }
        Err(size) => Err(Problem::bad(format_args!(
            "earlier and later are numbers of leaves: at least 1, and at most {size}, which the log has"
        ))),
    }
}

pub(super) fn receivers(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let connected = managed.facts.receivers().into_iter().map(|one| {
        json!({
            "party": one.party.to_string(),
            "since": time(one.since),
            "lastMessage": one.last_message.map(time),
            "waiting": one.waiting,
            "sent": one.sent,
            "received": one.received,
        })
    });
    Ok(Answer::json(&Value::Array(connected.collect())))
}
