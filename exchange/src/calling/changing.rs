//! Callbacks are listed, registered, changed and removed by messages of their owners.

use daxsign_core::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::service::Callbacks;
use crate::callbacks::{MAX_CALLBACKS, NotRegistered, Registration};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{CallbackChange, Content, Failure, HASH_LEN, Rejected, SqliteStore};

/// What a party asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// All that it has.
    List,
    /// New ones: items of `callbacks`.
    Register(Vec<Value>),
    /// What those that are named by `callbackId` become.
    Update(Vec<Value>),
    /// One is registered no more.
    Remove(Uuid),
}

/// By which message.
#[derive(Clone)]
pub struct Changing {
    /// Its id.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// Who signed it.
    pub owner: Party,
    /// The SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; HASH_LEN],
    /// Message and signature.
    pub content: Content,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum ChangeProblem {
    /// What is wrong with a callback.
    Unfit(String),
    /// There is no such callback of this party.
    NotThere,
    /// It would have more than it may.
    TooMany,
    /// The record's.
    Failure(Failure),
}

impl Callbacks {
    /// Does it, on the record's thread: on disk when `told`. What is told: the callbacks that were asked for, as their owner is
    /// shown them. `told` is dropped where the exchange is not running.
    pub fn change(
        &self,
        by: Changing,
        change: Change,
        told: impl FnOnce(Result<Vec<Value>, ChangeProblem>) + Send + 'static,
    ) {
        self.ask(move |store| {
            let removes = matches!(change, Change::Update(_) | Change::Remove(_));
            told(made(store, by, change));
            if removes {
                // Done again at the next start where it cannot be done now.
                let _ = store.erase_left_callbacks();
            }
        });
    }
}

fn made(
    store: &mut SqliteStore,
    by: Changing,
    change: Change,
) -> Result<Vec<Value>, ChangeProblem> {
    let kept = store.callbacks_of(by.owner)?;
    let known: Vec<(Uuid, Registration)> = kept
        .iter()
        .filter_map(|one| Some((one.id, Registration::from_bytes(&one.bytes)?)))
        .collect();
    let (set, removed) = match change {
        Change::List => return Ok(items(&known)),
        Change::Register(items) => (new(&items, known.len())?, Vec::new()),
        Change::Update(items) => (changed(&items, &known)?, Vec::new()),
        Change::Remove(id) => (Vec::new(), vec![id]),
    };
    let told = items(&set);
    let change = CallbackChange {
        correlation: by.correlation,
        at: by.at,
        owner: by.owner,
        thumbprint: by.thumbprint,
        content: by.content,
        set: set.iter().map(|(id, one)| (*id, one.to_bytes())).collect(),
        removed,
    };
    match store.change_callbacks(&change)? {
        Ok(_) => Ok(told),
        Err(Rejected::NotThere) => Err(ChangeProblem::NotThere),
        Err(rejected) => Err(ChangeProblem::Unfit(rejected.to_string())),
    }
}

fn items(all: &[(Uuid, Registration)]) -> Vec<Value> {
    all.iter().map(|(id, one)| one.item(*id)).collect()
}

fn new(items: &[Value], known: usize) -> Result<Vec<(Uuid, Registration)>, ChangeProblem> {
    some(items)?;
    if items.len().saturating_add(known) > MAX_CALLBACKS {
        return Err(ChangeProblem::TooMany);
    }
    let made = |item: &Value| {
        let id = CorrelationId::fresh().ok_or(ChangeProblem::TooMany)?;
        Ok((Uuid::from(id), Registration::of(item, None)?))
    };
    items.iter().map(made).collect()
}

fn changed(
    items: &[Value],
    known: &[(Uuid, Registration)],
) -> Result<Vec<(Uuid, Registration)>, ChangeProblem> {
    some(items)?;
    let mut changed: Vec<(Uuid, Registration)> = Vec::new();
    for item in items {
        let id = item.get("callbackId").and_then(Value::as_str);
        let id = id.and_then(|id| Uuid::try_parse(id).ok());
        let id = id.ok_or_else(|| ChangeProblem::Unfit("callbackId is missing".to_owned()))?;
        let before = known.iter().find(|(known, _)| *known == id);
        let (_, before) = before.ok_or(ChangeProblem::NotThere)?;
        if changed.iter().any(|(other, _)| *other == id) {
            return Err(ChangeProblem::Unfit(
                "a callbackId stands there twice".to_owned(),
            ));
        }
        changed.push((id, Registration::of(item, Some(before))?));
    }
    Ok(changed)
}

fn some(items: &[Value]) -> Result<(), ChangeProblem> {
    if items.is_empty() {
        return Err(ChangeProblem::Unfit(
            "callbacks has at least one".to_owned(),
        ));
    }
    Ok(())
}

impl From<Failure> for ChangeProblem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<NotRegistered> for ChangeProblem {
    fn from(problem: NotRegistered) -> Self {
        Self::Unfit(problem.0)
    }
}

impl core::fmt::Debug for Changing {
    /// Without the message, which holds tokens.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Changing({}, {})", self.correlation, self.owner)
    }
}
