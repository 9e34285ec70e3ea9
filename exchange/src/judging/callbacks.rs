//! What concerns callbacks: their owners list, register, change and remove them, and parties tell what happened (X-CALLBACK).

use std::sync::Arc;

use daxsign_client::api::{OPERATIONS, OperationInfo};
use serde_json::{Value, json};
use uuid::Uuid;

use super::page::Page;
use super::refusing::refused;
use crate::callbacks::{Happened, MAX_CALLBACKS};
use crate::calling::{Callbacks, Change, ChangeProblem, Changing, Recipient, Telling};
use crate::deciding::{Admitted, Problem};
use crate::record::Content;
use crate::registry::{Asked, Candour, Registry, Uncounted, decide};
use crate::running::{Asking, OnOwn, Own, OwnAnswer};

/// What a contract must allow that somebody is told.
const READS: &str = "list_callbacks";

/// What a message about callbacks is answered with.
pub(super) struct Calling<'j> {
    pub(super) callbacks: &'j Arc<Callbacks>,
    pub(super) registry: &'j Registry,
    pub(super) candour: Candour,
}

impl Calling<'_> {
    pub(super) fn change(
        &self,
        operation: &'static OperationInfo,
        admitted: &Admitted,
        asking: &Asking<'_>,
    ) -> Result<Own, Problem> {
        let items = || {
            let items = admitted.body.get("callbacks").and_then(Value::as_array);
            items.cloned().unwrap_or_default()
        };
        let (change, status) = match operation.id {
            "list_callbacks" => (Change::List, 200),
            "register_callbacks" => (Change::Register(items()), 201),
            "update_callbacks" => (Change::Update(items()), 200),
            _ => (Change::Remove(named(asking.message.target)?), 200),
        };
        let by = Changing {
            correlation: asking.correlation,
            at: asking.now,
            owner: asking.sender,
            thumbprint: admitted.proven.thumbprint,
            content: content(asking),
        };
        let page = Page::of(asking.message.target);
        let lists = change == Change::List;
        let removes = matches!(change, Change::Remove(_));
        let callbacks = Arc::clone(self.callbacks);
        let refuse = self.refusing(admitted, asking);
        Ok(Own::Later(Box::new(move |told: OnOwn| {
            callbacks.change(by, change, move |made| match made {
                Ok(items) if lists => told.keep(Ok(page.answer("callbacks", items))),
                Ok(items) => told.keep(Ok(OwnAnswer {
                    status,
                    data: if removes {
                        json!({})
                    } else {
                        json!({"callbacks": items})
                    },
                    paging: Value::Null,
                })),
                Err(problem) => match problem_of(problem) {
                    Some(problem) => refuse(&problem, told),
                    // 503.
                    None => drop(told),
                },
            });
        })))
    }

    /// What a party tells is told to all who have a contract with it that lets them be told.
    pub(super) fn event(&self, admitted: &Admitted, asking: &Asking<'_>) -> Result<Own, Problem> {
        let happened = Happened::from_body(asking.message.body);
        let happened = happened.map_err(|not| Problem::Schema(vec![not.to_string()]))?;
        let telling = Telling {
            correlation: asking.correlation,
            at: asking.now,
            sender: asking.sender,
            thumbprint: admitted.proven.thumbprint,
            request: admitted.proven.request,
            content: content(asking),
            recipients: self.recipients(&happened, asking),
            domain: happened.domain,
            event_type: happened.event_type,
        };
        let callbacks = Arc::clone(self.callbacks);
        let refuse = self.refusing(admitted, asking);
        Ok(Own::Later(Box::new(move |told: OnOwn| {
            callbacks.tell(telling, move |taken| match taken {
                Ok(()) => told.keep(Ok(OwnAnswer {
                    status: 200,
                    data: json!({"success": true}),
                    paging: Value::Null,
                })),
                Err(_) => refuse(&Problem::Crowded, told),
            });
        })))
    }

    fn recipients(&self, happened: &Happened, asking: &Asking<'_>) -> Vec<Recipient> {
        let mut operations = OPERATIONS.iter();
        let Some(operation) = operations.find(|operation| operation.id == READS) else {
            return Vec::new();
        };
        let meant = |party| happened.to.is_none_or(|to| to.is(party));
        let all = self.registry.instances().filter(|one| meant(one.party));
        let recipient = |instance: &crate::registry::Instance| {
            let asked = Asked {
                sender: instance.party,
                receiver: asking.sender,
                operation,
                body: &Value::Null,
                now: asking.now,
            };
            // Being told is not what a contract counts.
            let allowed = decide(self.registry, &Uncounted, &asked).ok()?;
            Some(Recipient {
                party: instance.party,
                contract: allowed.contract,
                deduplicates: instance.deduplicates,
            })
        };
        all.filter_map(recipient).collect()
    }

    fn refusing(
        &self,
        admitted: &Admitted,
        asking: &Asking<'_>,
    ) -> impl FnOnce(&Problem, OnOwn) + Send + use<> {
        let (proven, candour, now) = (admitted.proven.clone(), self.candour, asking.now);
        move |problem, told| told.keep(Err(refused(problem, Some(&proven), candour, now)))
    }
}

fn content(asking: &Asking<'_>) -> Content {
    Content {
        message: asking.bytes.to_vec(),
        // Without one it would not have been verified.
        signature: asking.message.once("Signature").unwrap_or_default().into(),
        statement: Vec::new(),
    }
}

/// The callback that a target names.
fn named(target: &[u8]) -> Result<Uuid, Problem> {
    let target = str::from_utf8(target).map_err(|_| Problem::NotFound)?;
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let id = path
        .rsplit_once('/')
        .and_then(|(_, id)| Uuid::try_parse(id).ok());
    id.ok_or(Problem::NotFound)
}

/// `None` for what the record cannot do now.
fn problem_of(problem: ChangeProblem) -> Option<Problem> {
    match problem {
        ChangeProblem::Unfit(what) => Some(Problem::Schema(vec![what])),
        ChangeProblem::NotThere => Some(Problem::NoCallback),
        ChangeProblem::TooMany => {
            let what = format!("an instance has at most {MAX_CALLBACKS} callbacks");
            Some(Problem::Schema(vec![what]))
        }
        ChangeProblem::Failure(failure) => {
            tracing::error!(%failure, "callbacks");
            None
        }
    }
}
