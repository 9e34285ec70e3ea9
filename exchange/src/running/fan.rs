//! One request to several receivers: a child exchange for each, and one answer made of theirs (X-FANOUT).
//!
//! The sender's bytes are used up under the id that it hears. Each child has an id and events of its own, whose first
//! leaf names that id.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::driver::Driver;
use super::inlet::Input;
use super::judge::{Allowed, Judge};
use super::told::{Plain, Reply, Told};
use super::wire::Wire;
use super::work::{Heard, Work};
use crate::correlation::CorrelationId;
use crate::deciding::{Problem, data_body};
use crate::party::Party;
use crate::record::Store;
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

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    pub(super) fn fan_out(&mut self, id: CorrelationId, parts: Vec<Allowed>) {
        let Some(work) = self.works.get_mut(&id) else {
            return;
        };
        work.awaited = parts.len();
        for allowed in parts {
            self.begin_child(id, allowed);
        }
    }

    fn begin_child(&mut self, parent: CorrelationId, allowed: Allowed) {
        let (inlet, receiver) = (self.inlet.clone(), allowed.found.receiver);
        let reply: Reply = Box::new(move |told| inlet.give(Input::Child(parent, receiver, told)));
        let busy = |id| Plain::of_problem(id, &Problem::Busy).told(id, None, Vec::new());
        let Some(child) = CorrelationId::fresh() else {
            return reply(busy(parent));
        };
        let Some(work) = self.works.get(&parent) else {
            return;
        };
        let mut of_child = Work::asking(Arc::clone(&work.question), Some(reply));
        of_child.verified.clone_from(&work.verified);
        of_child.used = true;
        of_child.parent = Some(parent);
        if self.traffic.admit(child).is_err() {
            if let Some(reply) = of_child.reply {
                reply(busy(child));
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
        if work.heard.len() >= work.awaited {
            let plain = merged(parent, core::mem::take(&mut work.heard));
            self.instead(parent, plain, Check::Own);
        }
    }
}

/// One answer. Where some gave a result, it is theirs together; the messages name every child and what came of it.
fn merged(id: CorrelationId, mut heard: Vec<Heard>) -> Plain {
    // As they were asked, whoever was first.
    heard.sort_by_key(|heard| heard.receiver);
    let line = |heard: &Heard| {
        let Told {
            correlation,
            status,
            ..
        } = &heard.told;
        format!("{correlation}: {status} from {}", heard.receiver)
    };
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
