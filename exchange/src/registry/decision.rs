//! Whether a contract allows a request, and by which clause (X-CONTRACT, X-CLAUSE). A dry run ("would this be
//! allowed?") asks the same.

use daxsign_client::Method;
use daxsign_client::api::OperationInfo;
use daxsign_core::Timestamp;
use serde_json::Value;

use super::book::Registry;
use super::clause::{AnyClause, Clause, Limit};
use super::contract::Contract;
use super::quota::{Quota, Used};
use super::resource::Resource;
use crate::party::Party;
use crate::record::ContractVersion;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'r> {
    /// Who asks.
    pub sender: Party,
    /// Whom.
    pub receiver: Party,
    /// For what.
    pub operation: &'static OperationInfo,
    /// With which body, whose signature holds and which fits its schema; `null` where it is not known yet.
    pub body: &'r Value,
    /// When.
    pub now: Timestamp,
}

/// What allowed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// By which contract.
    pub contract: ContractVersion,
    /// By which of its clauses.
    pub clause: Clause,
    /// How many seconds the receiver has to answer.
    pub deadline_seconds: u32,
    /// What the contract counts: [the store](super::RegistryStore::take) decides by it, at once for all who ask.
    pub quotas: Vec<Quota>,
}

/// What does not allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Why.
    pub reason: Reason,
    /// By which contract, where there is one in force.
    pub contract: Option<ContractVersion>,
    /// By which of its clauses, where one forbids it.
    pub clause: Option<Clause>,
    /// What the clause's value was compared with.
    pub found: Option<u64>,
}

/// Why something is not allowed. Of several contracts the one that came furthest is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// There is no such partner.
    UnknownPartner,
    /// The partner has no such instance.
    UnknownInstance,
    /// No contract of these two is in force.
    NoContract,
    /// None of the contract's clauses allows the operation.
    NoClause,
    /// One of its clauses is not understood.
    StrangeClause,
    /// One of its limits does not hold.
    Limit,
}

/// Whether it is allowed. The first contract that allows it counts.
///
/// # Errors
/// [`Denied`], with contract, clause and value.
pub fn decide(registry: &Registry, used: &dyn Used, asked: &Asked<'_>) -> Result<Allowed, Denied> {
    let (contracts, mut denied) = in_force(registry, asked)?;
    for contract in contracts {
        match by_contract(contract, used, asked) {
            Ok(allowed) => return Ok(allowed),
            Err(other) if other.reason > denied.reason => denied = other,
            Err(_) => {}
        }
    }
    Err(denied)
}

/// The contracts that may allow something (step 4); what is told where none of them does.
///
/// # Errors
/// [`Denied`]: receiver or contract are not there.
pub fn in_force<'r>(
    registry: &'r Registry,
    asked: &Asked<'_>,
) -> Result<(Vec<&'r Contract>, Denied), Denied> {
    let receiver = asked.receiver;
    if registry.partner(receiver.partner).is_none() {
        return Err(Denied::of(Reason::UnknownPartner));
    }
    if registry.instance(receiver).is_none() {
        return Err(Denied::of(Reason::UnknownInstance));
    }
    let all = registry.contracts_between(asked.sender, receiver);
    let in_force: Vec<_> = all.filter(|one| one.is_in_force(asked.now)).collect();
    let denied = Denied::of(Reason::NoContract);
    if in_force.is_empty() {
        return Err(denied);
    }
    Ok((in_force, denied))
}

/// Whether this contract allows it (step 5).
fn by_contract(contract: &Contract, used: &dyn Used, asked: &Asked<'_>) -> Result<Allowed, Denied> {
    let denied = |reason, clause: Option<&Clause>, found| Denied {
        reason,
        contract: Some(contract.version()),
        clause: clause.cloned(),
        found,
    };
    let mut by = None;
    let mut quotas = Vec::new();
    for clause in &contract.terms.clauses {
        match clause.meaning() {
            None => return Err(denied(Reason::StrangeClause, Some(clause), None)),
            Some(AnyClause::Allows(value)) => {
                if Resource::is_allowed_by(value, asked.operation) {
                    by = by.or(Some(clause));
                }
            }
            Some(AnyClause::Limits(Limit::Requests(quota))) => quotas.push(quota),
            Some(AnyClause::Limits(Limit::Cards(_)) | AnyClause::Kept(_)) => {}
        }
    }
    let clause = by.ok_or_else(|| denied(Reason::NoClause, None, None))?;
    for limit in &contract.terms.clauses {
        if let Some(found) = over(limit, contract, used, asked) {
            return Err(denied(Reason::Limit, Some(limit), Some(found)));
        }
    }
    Ok(Allowed {
        contract: contract.version(),
        clause: clause.clone(),
        deadline_seconds: contract.terms.deadline_seconds,
        quotas,
    })
}

/// What is above a limit; `None` where it holds, or the clause is none.
fn over(clause: &Clause, contract: &Contract, used: &dyn Used, asked: &Asked<'_>) -> Option<u64> {
    let Some(AnyClause::Limits(limit)) = clause.meaning() else {
        return None;
    };
    let (found, max) = match limit {
        Limit::Cards(max) => (cards(asked), max),
        Limit::Requests(quota) => {
            let begin = quota.period.begin(asked.now);
            let before = used.used(contract.terms.contract_id, quota.period, begin);
            (before.saturating_add(1), quota.max)
        }
    };
    (found > max).then_some(found)
}

/// How many cards a request adds: one for `create_card`; wherever in a body a list of `cards` stands; and what a
/// patch puts into one.
fn cards(asked: &Asked<'_>) -> u64 {
    let count = match asked.operation.method {
        _ if asked.operation.id == "create_card" => 1,
        Method::Post | Method::Put => listed(asked.body),
        Method::Patch => patched(asked.body),
        Method::Get | Method::Delete => 0,
    };
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Elements of all lists that are called `cards`, in whatever case.
fn listed(body: &Value) -> usize {
    let of_member = |(name, value): (&String, &Value)| {
        let is_cards = name.eq_ignore_ascii_case("cards");
        let own = value.as_array().filter(|_| is_cards).map_or(0, Vec::len);
        own.saturating_add(listed(value))
    };
    match body {
        Value::Object(members) => members.iter().map(of_member).fold(0, usize::saturating_add),
        Value::Array(items) => items.iter().map(listed).fold(0, usize::saturating_add),
        _ => 0,
    }
}

/// Items of a patch that act on cards and take none away; one with a list counts as many.
fn patched(body: &Value) -> usize {
    let items = body.get("patchItems").and_then(Value::as_array);
    let text = |item: &Value, name: &str| {
        let value = item.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_ascii_lowercase()
    };
    let adds =
        |item: &&Value| text(item, "path").starts_with("/cards") && text(item, "op") != "remove";
    let many = |item: &Value| {
        item.get("value")
            .and_then(Value::as_array)
            .map_or(1, Vec::len)
    };
    let items = items.into_iter().flatten().filter(adds);
    items.map(many).fold(0, usize::saturating_add)
}

impl Denied {
    const fn of(reason: Reason) -> Self {
        Self {
            reason,
            contract: None,
            clause: None,
            found: None,
        }
    }
}

impl core::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(match self {
            Self::UnknownPartner => "there is no such partner",
            Self::UnknownInstance => "the partner has no such instance",
            Self::NoContract => "no contract gives access: none is signed and within its period",
            Self::NoClause => "no clause of the contract allows the operation",
            Self::StrangeClause => "a clause of the contract is not understood",
            Self::Limit => "a limit of the contract does not hold",
        })
    }
}

impl core::fmt::Display for Denied {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.reason.fmt(formatter)?;
        if let Some(contract) = &self.contract {
            let (id, version) = (contract.id.hyphenated(), contract.version);
            write!(formatter, " (contract {id}, version {version})")?;
        }
        if let Some(clause) = &self.clause {
            write!(formatter, ": {clause}")?;
        }
        if let Some(found) = self.found {
            write!(formatter, ", found {found}")?;
        }
        Ok(())
    }
}
