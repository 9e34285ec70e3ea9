//! To whom a request goes: to the one that its path names, or to several (X-FANOUT).

use std::collections::BTreeSet;

use daxsign_client::api::OperationInfo;
use daxsign_core::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::deciding::{Admitted, Problem};
use crate::party::Party;
use crate::registry::{Allowed as ByContract, Asked, Denied, Reason, Registry, Uncounted, decide};
use crate::running::{Allowed, Asking, Found};

/// What goes to all who allow it.
const DELIVERIES: &str = "Delivery";
/// What goes to those that its body names: all of them must allow it.
const OBTAIN_ACCESS: &str = "obtain_access";
/// How many are asked at most.
const MAX_RECEIVERS: usize = 64;

/// Whether an operation without a receiver in its path goes to others at all.
pub(super) fn are_asked_for(operation: &OperationInfo) -> bool {
    operation.tag == DELIVERIES || operation.id == OBTAIN_ACCESS
}

/// To whom such a request goes, each by a contract.
pub(super) fn of(
    registry: &Registry,
    operation: &'static OperationInfo,
    admitted: &Admitted,
    asking: &Asking<'_>,
) -> Result<Vec<Allowed>, Problem> {
    let (sender, now, body) = (asking.sender, asking.now, &admitted.body);
    let decided = |receiver: Party| {
        let asked = Asked {
            sender,
            receiver,
            operation,
            body,
            now,
        };
        let by = decide(registry, &Uncounted, &asked)?;
        let one = allowed(receiver, &by, admitted, now);
        // The key is that of the whole.
        Ok(one.map(|one| Allowed {
            idempotency: None,
            ..one
        }))
    };
    let parts: Vec<Option<Allowed>> = if operation.id == OBTAIN_ACCESS {
        let all = named(body)?.into_iter().map(decided);
        all.collect::<Result<_, _>>().map_err(Problem::Denied)?
    } else {
        let all = promisors(registry, sender.partner).into_iter().map(decided);
        some(all).map_err(Problem::Denied)?
    };
    if parts.len() > MAX_RECEIVERS {
        return Err(Problem::Crowded);
    }
    let parts: Option<Vec<Allowed>> = parts.into_iter().collect();
    parts.ok_or(Problem::Expired)
}

/// Those that allow it; where none does, why the one does not that came furthest.
fn some<T>(decided: impl Iterator<Item = Result<T, Denied>>) -> Result<Vec<T>, Denied> {
    let mut furthest = Denied {
        reason: Reason::NoContract,
        contract: None,
        clause: None,
        found: None,
    };
    let mut allowed = Vec::new();
    for one in decided {
        match one {
            Ok(one) => allowed.push(one),
            Err(denied) if denied.reason > furthest.reason => furthest = denied,
            Err(_) => {}
        }
    }
    if allowed.is_empty() {
        return Err(furthest);
    }
    Ok(allowed)
}

/// Who gives a partner anything.
fn promisors(registry: &Registry, promisee: Uuid) -> BTreeSet<Party> {
    let contracts = registry.contracts_of(promisee);
    let contracts = contracts.filter(|one| one.terms.promisee == promisee);
    contracts.map(|one| one.terms.promisor).collect()
}

/// Whose groups a body names, which fits its schema.
fn named(body: &Value) -> Result<BTreeSet<Party>, Problem> {
    let wrong = |what: &str| Problem::Schema(vec![what.to_owned()]);
    let groups = body.get("accessGroups").and_then(Value::as_array);
    let id = |group: &Value, name: &str| Uuid::try_parse(group.get(name)?.as_str()?).ok();
    let owner = |group: &Value| {
        let partner = id(group, "receivingPartnerId");
        let instance = id(group, "receivingAccessControlInstanceId");
        let owner = partner.zip(instance);
        let owner = owner.map(|(partner, instance)| Party { partner, instance });
        owner.ok_or_else(|| {
            wrong("each of accessGroups names receivingPartnerId and receivingAccessControlInstanceId")
        })
    };
    let owners: BTreeSet<Party> = groups
        .into_iter()
        .flatten()
        .map(owner)
        .collect::<Result<_, _>>()?;
    if owners.is_empty() {
        return Err(wrong("accessGroups names nobody"));
    }
    Ok(owners)
}

/// What goes on to a party; `None` where its deadline is no time.
pub(super) fn allowed(
    receiver: Party,
    by: &ByContract,
    admitted: &Admitted,
    now: Timestamp,
) -> Option<Allowed> {
    let deadline = now.seconds().checked_add(by.deadline_seconds.into())?;
    let version = by.contract.version;
    let contract = by.contract.id.hyphenated();
    Some(Allowed {
        found: Found {
            receiver,
            contract: by.contract,
        },
        delivery: admitted.delivery,
        deadline: Timestamp::from_unix(deadline, now.nanoseconds()).ok()?,
        idempotency: admitted.idempotency.clone(),
        quotas: by.quotas.clone(),
        now,
        statement: format!(
            "allowed by contract {contract}, version {version}: {}",
            by.clause
        ),
    })
}
