//! What the exchange answers itself: contracts, which are offered, signed and cancelled by messages of the two parties
//! (X-CONTRACT), and what an outcome is asked for by (X-OUTCOME).

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use daxsign_core::Timestamp;
use serde_json::{Value, json};

use super::keeping::Changed;
use super::page::Page;
use super::refusing::refused;
use super::shared::SharedRegistry;
use crate::correlation::CorrelationId;
use crate::deciding::{Own as OwnRoute, Problem, Proven};
use crate::record::Asked;
use crate::registry::{
    Candour, Change, Contract, Offered, Registry, RegistryProblem, Signature, Signed, State,
    StoreProblem,
};
use crate::running::{Asking, OnOwn, Own, OwnAnswer};

/// A GUID, or the base64 of a hash for URLs.
pub(super) fn outcome(name: &str) -> Option<Asked> {
    if let Ok(id) = name.parse::<CorrelationId>() {
        return Some(Asked::Correlation(id));
    }
    let hash = BASE64_URL_SAFE_NO_PAD
        .decode(name.trim_end_matches('='))
        .ok()?;
    hash.try_into().ok().map(Asked::Request)
}

/// The change that a message asks for.
pub(super) fn change(own: &OwnRoute, asking: &Asking<'_>) -> Result<Change, Problem> {
    let (body, by) = (asking.message.body, asking.sender);
    let signature = |id: &uuid::Uuid| {
        let read = Signature::from_body(body).map_err(Problem::ContractBody)?;
        // Signed is the target too, but what a party means stands in one place.
        let same = read.contract_id == *id;
        let other = Problem::Contract(RegistryProblem::OtherOffer);
        if same { Ok(read) } else { Err(other) }
    };
    Ok(match own {
        OwnRoute::Offer => {
            let Offered { terms, offer } =
                Offered::from_body(body).map_err(Problem::ContractBody)?;
            Change::Offer { terms, offer, by }
        }
        OwnRoute::Sign(id) => Change::Sign {
            contract: *id,
            offer: signature(id)?.offer,
            by,
        },
        OwnRoute::Cancel(id) => Change::Cancel {
            contract: signature(id)?.contract_id,
            by,
        },
        OwnRoute::Outcome(_) | OwnRoute::Event => return Err(Problem::NotFound),
    })
}

/// A change that is to be made.
pub(super) struct Making {
    pub(super) shared: Arc<SharedRegistry>,
    pub(super) proven: Proven,
    pub(super) candour: Candour,
    pub(super) now: Timestamp,
}

impl Making {
    /// Made on the registry's thread, and told once the record knows of it too.
    pub(super) fn own(self, change: Change, asking: &Asking<'_>) -> Own {
        let signed = Signed {
            message: asking.bytes.to_vec(),
            // Without one it would not have been verified.
            signature: asking.message.once("Signature").unwrap_or_default().into(),
            thumbprint: self.proven.thumbprint,
        };
        let correlation = asking.correlation;
        Own::Later(Box::new(move |told| {
            let id = contract_of(&change);
            let shared = Arc::clone(&self.shared);
            let made = Box::new(move |made| self.tell(made, id, told));
            shared.apply_as(correlation, change, Some(signed), made);
        }))
    }

    fn tell(&self, made: Result<Changed, StoreProblem>, contract: Option<uuid::Uuid>, told: OnOwn) {
        match made {
            Ok(_) => {
                let registry = self.shared.snapshot();
                let found = contract.and_then(|id| registry.contract(id));
                let found = found.map(|contract| item(&registry, contract));
                told.keep(Ok(OwnAnswer {
                    status: 200,
                    data: found.unwrap_or_else(|| json!({"success": true})),
                    paging: Value::Null,
                }));
            }
            Err(StoreProblem::Registry(problem)) => {
                let problem = Problem::Contract(problem);
                let proven = Some(&self.proven);
                told.keep(Err(refused(&problem, proven, self.candour, self.now)));
            }
            // 503.
            Err(StoreProblem::Failure(_)) => drop(told),
        }
    }
}

const fn contract_of(change: &Change) -> Option<uuid::Uuid> {
    match change {
        Change::Offer { terms, .. } => Some(terms.contract_id),
        Change::Sign { contract, .. } | Change::Cancel { contract, .. } => Some(*contract),
        _ => None,
    }
}

/// `GET /contracts`: those that the caller's partner has a part in, a page of them.
pub(super) fn list(registry: &Registry, asking: &Asking<'_>) -> OwnAnswer {
    let all = registry.contracts_of(asking.sender.partner);
    let items = all.map(|contract| item(registry, contract));
    Page::of(asking.message.target).answer("contracts", items.collect())
}

/// As the description has it: `ContractItem`.
fn item(registry: &Registry, contract: &Contract) -> Value {
    let terms = &contract.terms;
    let partner = |id: uuid::Uuid| {
        let name = registry.partner(id).map(|partner| partner.name.as_str());
        json!({"partnerId": id.to_string(), "name": name})
    };
    let installation = registry.instance(terms.promisor);
    let at = |time: &Timestamp| {
        time.format()
            .map(|text| text.to_string())
            .unwrap_or_default()
    };
    let state = match contract.state {
        State::Offered => "Offered",
        State::Signed => "Signed",
        State::Expired => "Expired",
        State::Cancelled => "Cancelled",
    };
    json!({
        "contractId": terms.contract_id.to_string(),
        "promisee": partner(terms.promisee),
        "promisor": partner(terms.promisor.partner),
        "accessControlInstance": {
            "accessControlInstanceId": terms.promisor.instance.to_string(),
            "name": installation.map(|instance| instance.name.as_str()),
        },
        "state": state,
        "createdOn": at(&contract.created),
        "signedOn": contract.signed.as_ref().map(at),
        "endsOn": at(&terms.until),
        "clauses": terms.clauses,
    })
}
