//! Contracts and their clauses, and whether something would be allowed (X-CONTRACT, X-CLAUSE).

use core::cell::RefCell;

use daxsign_client::api::{OPERATIONS, OperationInfo};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::asked::{Answer, Asked, Problem};
use super::managed::Managed;
use super::words::{hex, time};
use crate::party::Party;
use crate::record::Failure;
use crate::registry::{
    Asked as Wanted, Contract, Denied, Period, RegistryStore, SqliteRegistry, Used, decide,
};

/// Of a partner, where the query names one.
pub(super) fn list(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let registry = managed.registry.snapshot();
    let partner: Option<Uuid> = asked.query("partner")?;
    let is_asked_for = |contract: &&Contract| {
        let terms = &contract.terms;
        partner.is_none_or(|partner| [terms.promisee, terms.promisor.partner].contains(&partner))
    };
    let contracts = registry.contracts().filter(is_asked_for).map(shown);
    Ok(Answer::json(&Value::Array(contracts.collect())))
}

pub(super) fn show(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let id: Uuid = asked.name(0, "contract's id")?;
    let registry = managed.registry.snapshot();
    let contract = registry.contract(id);
    let contract = contract.ok_or_else(|| Problem::unknown("contract"))?;
    Ok(Answer::json(&shown(contract)))
}

fn shown(contract: &Contract) -> Value {
    let terms = &contract.terms;
    let clauses: Vec<Value> = terms
        .clauses
        .iter()
        .map(|one| json!({ "clause": one.clause, "property": one.property, "value": one.value }))
        .collect();
    json!({
        "contract": terms.contract_id.to_string(),
        "version": contract.version,
        "state": contract.state.name(),
        "promisor": terms.promisor.to_string(),
        "promisee": terms.promisee.to_string(),
        "from": time(terms.from),
        "until": time(terms.until),
        "deadlineSeconds": terms.deadline_seconds,
        "clauses": clauses,
        "offer": hex(&contract.offer),
        "offered": time(contract.created),
        "signed": contract.signed.map(time),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Would {
    sender: String,
    receiver: String,
    operation: String,
    #[serde(default)]
    body: Value,
}

/// The same code as for requests decides, by the same counts; nothing is counted.
pub(super) fn would_allow(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let would: Would = asked.json()?;
    let party = |text: &str| text.parse::<Party>().map_err(Problem::bad);
    let (sender, receiver) = (party(&would.sender)?, party(&would.receiver)?);
    let operation = operation(&would.operation)?;
    let store = SqliteRegistry::open(&managed.folder);
    let store = store.map_err(|failure| Problem::new(503, failure))?;
    let counts = Counts {
        store: &store,
        failure: RefCell::default(),
    };
    let wanted = Wanted {
        sender,
        receiver,
        operation,
        body: &would.body,
        now: managed.now(),
    };
    let decided = decide(store.registry(), &counts, &wanted);
    if let Some(failure) = counts.failure.into_inner() {
        return Err(Problem::new(503, failure));
    }
    let told = match decided {
        Ok(allowed) => json!({
            "allowed": true,
            "contract": allowed.contract.id.to_string(),
            "version": allowed.contract.version,
            "clause": allowed.clause.to_string(),
            "deadlineSeconds": allowed.deadline_seconds,
        }),
        Err(denied) => denial(&denied),
    };
    Ok(Answer::json(&told))
}

fn denial(denied: &Denied) -> Value {
    json!({
        "allowed": false,
        "contract": denied.contract.map(|one| one.id.to_string()),
        "version": denied.contract.map(|one| one.version),
        "clause": denied.clause.as_ref().map(ToString::to_string),
        "found": denied.found,
        "reason": denied.to_string(),
    })
}

fn operation(id: &str) -> Result<&'static OperationInfo, Problem> {
    let mut all = OPERATIONS.iter().copied();
    all.find(|one| one.id == id).ok_or_else(|| {
        let names: Vec<&str> = OPERATIONS.iter().map(|one| one.id).collect();
        let names = names.join(", ");
        Problem::bad(format_args!(
            "there is no operation {id:?}; there are: {names}"
        ))
    })
}

/// What contracts have seen, as the store counts it.
struct Counts<'s> {
    store: &'s SqliteRegistry,
    failure: RefCell<Option<Failure>>,
}

impl Used for Counts<'_> {
    fn used(&self, contract: Uuid, period: Period, begin: i64) -> u64 {
        match self.store.counted(contract, period, begin) {
            Ok(count) => count,
            Err(failure) => {
                self.failure.replace(Some(failure));
                0
            }
        }
    }
}
