//! One request to several receivers: a child exchange for each, and one answer made of theirs (X-FANOUT).
//!
//! The sender's bytes are used up under the id that it hears, and its key for retries is that of the whole. Each child has
//! an id and events of its own, whose first leaf names that id.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::asked::Then;
use super::driver::Driver;
use super::inlet::Input;
use super::judge::{Allowed, Judge};
use super::recorder::Written;
use super::told::{Plain, Reply, Told};
use super::wire::Wire;
use super::work::{Heard, Work};
use crate::correlation::CorrelationId;
use crate::deciding::{Problem, data_body};
use crate::party::Party;
use crate::record::{Fan, FanEnd, IdempotencyKey, Operation, Store};
use crate::relay::{Check, Event};

/// What an envelope has beside `data` and `paging`.
const ENVELOPE: [&str; 6] = [
    "apiVersion",
    "context",
    "correlationId",
    "message",
    "messages",
    "statusCode",
];

/// How much of what a receiver said is passed on, of each.
const MAX_WHY_CHARS: usize = 250;

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    /// Its bytes are used up, and who is asked is on disk, before the first one is. Retries get what came of it.
    pub(super) fn take_in_fan(
        &mut self,
        id: CorrelationId,
        parts: Vec<Allowed>,
        idempotency: Option<IdempotencyKey>,
    ) {
        let parts: Option<Vec<_>> = parts
            .into_iter()
            .map(|one| Some((CorrelationId::fresh()?, one)))
            .collect();
        let fan = parts.as_ref().and_then(|parts| {
            let work = self.works.get(&id)?;
            Some(Fan {
                correlation: id,
                at: self.now(),
                sender: work.question.sender,
                request: work.verified.as_ref()?.string_hash,
                replay: work.replay_key()?,
                idempotency,
                children: parts
                    .iter()
                    .map(|(child, one)| (*child, one.found.receiver))
                    .collect(),
            })
        });
        let (Some(parts), Some(fan)) = (parts, fan) else {
            return self.step(id, Event::Refused(Check::Record));
        };
        let inlet = self.inlet.clone();
        let told = move |written| inlet.give(Input::Used(id, Then::Fan(parts), written));
        self.recorder
            .write(Operation::Fan(Box::new(fan)), Box::new(told));
    }

    pub(super) fn fan_out(&mut self, id: CorrelationId, parts: Vec<(CorrelationId, Allowed)>) {
        let Some(work) = self.works.get_mut(&id) else {
            return;
        };
        work.awaited = parts.len();
        for (child, allowed) in parts {
            self.begin_child(id, child, allowed);
        }
    }

    fn begin_child(&mut self, parent: CorrelationId, child: CorrelationId, allowed: Allowed) {
        let (inlet, receiver) = (self.inlet.clone(), allowed.found.receiver);
        let reply: Reply = Box::new(move |told| inlet.give(Input::Child(parent, receiver, told)));
        let Some(work) = self.works.get(&parent) else {
            return;
        };
        let mut of_child = Work::asking(Arc::clone(&work.question), Some(reply));
        of_child.verified.clone_from(&work.verified);
        of_child.used = true;
        of_child.parent = Some(parent);
        if self.traffic.admit(child).is_err() {
            if let Some(reply) = of_child.reply {
                let busy = Plain::of_problem(child, &Problem::Busy);
                reply(busy.told(child, None, Vec::new()));
            }
            return;
        }
        self.works.insert(child, of_child);
        self.step(child, Event::Verified);
        self.found(child, allowed);
    }

    /// What a child's sender would have been told.
    pub(super) fn child_ended(&mut self, parent: CorrelationId, receiver: Party, told: Told) {
        let Some(work) = self.works.get_mut(&parent) else {
            return;
        };
        work.heard.push(Heard { receiver, told });
        if work.heard.len() < work.awaited {
            return;
        }
        let status = |heard: &Heard| (heard.told.correlation, heard.told.status);
        let end = FanEnd {
            correlation: parent,
            statuses: work.heard.iter().map(status).collect(),
        };
        let inlet = self.inlet.clone();
        let told = move |written| inlet.give(Input::FanEnded(parent, written));
        self.recorder.write(Operation::FanEnd(end), Box::new(told));
    }

    /// On disk, so that a retry is told the same.
    pub(super) fn fan_ended(&mut self, parent: CorrelationId, written: Written) {
        match written {
            Ok(Ok(_)) => {
                if let Some(work) = self.works.get_mut(&parent) {
                    let plain = merged(parent, core::mem::take(&mut work.heard));
                    self.instead(parent, plain, Check::Own);
                }
            }
            Err(failure) if failure.is_fatal() => self.fail(failure),
            // What came of each is on record: the sender asks for the outcome, or again with its key.
            Ok(Err(_)) | Err(_) => self.step(parent, Event::Refused(Check::Record)),
        }
    }
}

/// One answer. Where some gave a result, it is theirs together; the messages name every child and what came of it.
pub(super) fn merged(id: CorrelationId, mut heard: Vec<Heard>) -> Plain {
    // As they were asked, whoever was first.
    heard.sort_by_key(|heard| heard.receiver);
    let lines: Vec<String> = heard.iter().map(line).collect();
    let good = |heard: &&Heard| (200..300).contains(&heard.told.status);
    let Some(first) = heard.iter().find(good) else {
        let statuses = heard.iter().map(|heard| heard.told.status);
        let status = statuses.min().unwrap_or(Problem::Busy.status());
        return Plain::of_lines(id, status, &lines);
    };
    let (status, mut data, mut paging) = (first.told.status, Value::Null, Value::Null);
    for heard in heard.iter().filter(good) {
        let body: Value = serde_json::from_slice(&heard.told.body).unwrap_or_default();
        if let Value::Object(mut body) = body {
            add(&mut paging, body.remove("paging").unwrap_or_default());
            merge(&mut data, data_of(body));
        }
    }
    if !heard.iter().all(|heard| good(&heard))
        && let Some(success) = data.get_mut("success")
    {
        *success = Value::Bool(false);
    }
    Plain::own(
        status,
        data_body(id, status, data, paging, &lines),
        Vec::new(),
    )
}

/// Which child it was, and what came of it, in the receiver's words where it said why.
fn line(heard: &Heard) -> String {
    let told = &heard.told;
    let body: Value = serde_json::from_slice(&told.body).unwrap_or_default();
    let why = body.get("message").and_then(Value::as_str);
    let mut line = format!(
        "{}: {} from {}",
        told.correlation, told.status, heard.receiver
    );
    if let Some(why) = why.filter(|why| !why.is_empty()) {
        line.push_str(": ");
        line.extend(why.chars().take(MAX_WHY_CHARS));
    }
    line
}

/// What stands in `data`, or, where somebody answers without the envelope, beside what the envelope has.
fn data_of(mut body: Map<String, Value>) -> Value {
    match body.remove("data") {
        Some(data) if !data.is_null() => data,
        _ => {
            body.retain(|name, _| !ENVELOPE.contains(&name.as_str()));
            Value::Object(body)
        }
    }
}

/// Lists of one name become one, what is true is true of all; of other things the first counts.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (into @ Value::Null, from) => *into = from,
        (Value::Array(into), Value::Array(from)) => into.extend(from),
        // `success`, where it is all of theirs.
        (Value::Bool(into), Value::Bool(from)) => *into = *into && from,
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        _ => {}
    }
}

/// Pages: how many there are is added up; offset and limit are each one's.
fn add(into: &mut Value, from: Value) {
    let total = |paging: &Value| paging.get("totalCount").and_then(Value::as_i64);
    let sum = match (total(into), total(&from)) {
        // One who does not know makes the sum unknown.
        (Some(before), Some(count)) if before >= 0 && count >= 0 => before.checked_add(count),
        (None, count) => count,
        _ => Some(-1),
    };
    let base: Map<String, Value> = match (into.as_object(), from) {
        (Some(into), _) => into.clone(),
        (None, Value::Object(from)) => from,
        (None, _) => return,
    };
    *into = Value::Object(base);
    if let (Some(members), Some(sum)) = (into.as_object_mut(), sum) {
        members.insert("totalCount".into(), json!(sum));
    }
}
