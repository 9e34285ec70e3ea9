//! What became of a request, for who sent it (X-OUTCOME): one, or one to several receivers with its children.

use daxsign_core::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::record::{Asked, Child, Ending, Failure, Fanned, Outcome, Store};

/// What is told of it; `None` where the instance sent none such.
pub(super) fn outcome_of(
    store: &impl Store,
    sender: Uuid,
    asked: Asked,
) -> Result<Option<Value>, Failure> {
    // Its children have its signing string too.
    if let Some(fanned) = store.fan(sender, asked)? {
        return Ok(Some(of_fan(&fanned)));
    }
    Ok(store.outcome(sender, asked)?.map(|one| of_one(&one)))
}

fn of_one(outcome: &Outcome) -> Value {
    json!({
        "correlationId": outcome.correlation.to_string(),
        "at": text(outcome.at),
        "state": state(outcome.ending),
        "mayHaveLeft": outcome.may_have_left,
        "late": outcome.late,
        "erased": outcome.erased,
    })
}

/// Of the whole: whether anything of it, and of each child.
fn of_fan(fanned: &Fanned) -> Value {
    let outcomes: Vec<&Outcome> = fanned
        .children
        .iter()
        .filter_map(|child| child.outcome.as_ref())
        .collect();
    let children: Vec<Value> = fanned
        .children
        .iter()
        .map(|one| of_child(fanned, one))
        .collect();
    json!({
        "correlationId": fanned.correlation.to_string(),
        "at": text(fanned.at),
        "state": state_of(fanned),
        "mayHaveLeft": outcomes.iter().any(|one| one.may_have_left),
        "late": outcomes.iter().any(|one| one.late),
        "erased": !outcomes.is_empty() && outcomes.iter().all(|one| one.erased),
        "children": children,
    })
}

/// In work as long as one child is; else the best that came of one.
fn state_of(fanned: &Fanned) -> &'static str {
    if fanned.open {
        return state(None);
    }
    let outcomes = || {
        fanned
            .children
            .iter()
            .filter_map(|one| one.outcome.as_ref())
    };
    let endings = [
        Ending::Answered,
        Ending::Unknown,
        Ending::Expired,
        Ending::Refused,
    ];
    let came = |ending: &Ending| outcomes().any(|one| one.ending == Some(*ending));
    state(Some(
        endings.into_iter().find(came).unwrap_or(Ending::Refused),
    ))
}

fn of_child(fanned: &Fanned, child: &Child) -> Value {
    let mut told = match &child.outcome {
        Some(outcome) => of_one(outcome),
        // It is not accepted yet, or never will be.
        None => json!({
            "correlationId": child.correlation.to_string(),
            "at": text(fanned.at),
            "state": state((!fanned.open).then_some(Ending::Refused)),
            "mayHaveLeft": false,
            "late": false,
            "erased": false,
        }),
    };
    if let Some(members) = told.as_object_mut() {
        members.insert("receiver".into(), json!(child.receiver.to_string()));
    }
    told
}

const fn state(ending: Option<Ending>) -> &'static str {
    match ending {
        None => "inWork",
        Some(Ending::Answered) => "answered",
        Some(Ending::Refused) => "refused",
        Some(Ending::Expired) => "expired",
        Some(Ending::Unknown) => "unknown",
    }
}

fn text(time: Timestamp) -> String {
    let text = time.format().map(|text| text.to_string());
    text.unwrap_or_default()
}
