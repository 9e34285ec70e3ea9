//! The judge of a running exchange.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use daxsign_client::api::OperationInfo;
use daxsign_core::{PublicKey, Timestamp};

use super::contracts;
use super::refusing::{refused, verified};
use super::shared::SharedRegistry;
use crate::deciding::{Admitted, Decider, Own as OwnRoute, Problem, Route, Schemas, World};
use crate::identity::{Authority, Bearer};
use crate::party::Party;
use crate::record::{ContractVersion, HASH_LEN};
use crate::registry::{
    Allowed as ByContract, AnyClause, Asked, Candour, Clause, Denied, Limit, Quota, Reason,
    Registry, Uncounted, decide,
};
use crate::running::{Allowed, Asking, Found, Judge, Judged, OnCounted, Own};

/// What goes to all who allow it.
const DELIVERIES: &str = "Delivery";
/// How many are asked at most.
const MAX_RECEIVERS: usize = 64;
/// Where there is no contract with anybody.
const NOBODY: Denied = Denied {
    reason: Reason::NoContract,
    contract: None,
    clause: None,
    found: None,
};

/// What requests are judged by.
pub struct DecidingParts {
    /// Who takes part, and what was agreed.
    pub shared: Arc<SharedRegistry>,
    /// Whose certificates count.
    pub authority: Arc<RwLock<Authority>>,
    /// What bodies must fit.
    pub schemas: Schemas,
    /// How much senders are told.
    pub candour: Candour,
}

/// Decides by the registry.
pub struct Deciding {
    parts: DecidingParts,
    /// As it was looked at last.
    registry: Arc<Registry>,
}

impl Deciding {
    /// By these parts.
    #[must_use]
    pub fn new(parts: DecidingParts) -> Self {
        let registry = parts.shared.snapshot();
        Self { parts, registry }
    }

    fn unproven(&self, problem: &Problem, now: Timestamp) -> Judged {
        Judged::Unproven(refused(problem, None, self.parts.candour, now))
    }

    fn admitted(&self, admitted: &Admitted, asking: &Asking<'_>) -> Judged {
        let verified = verified(&admitted.proven);
        let candour = self.parts.candour;
        let refuse =
            |problem: &Problem| refused(problem, Some(&admitted.proven), candour, asking.now);
        match (&admitted.route, &admitted.allowed) {
            (
                Route::Operation {
                    receiver: Some(receiver),
                    ..
                },
                Some(by),
            ) => match allowed(*receiver, by, admitted, asking.now) {
                Some(allowed) => Judged::Allowed(verified, allowed),
                None => Judged::Refused(verified, refuse(&Problem::Expired)),
            },
            (Route::Operation { operation, .. }, _) => match operation.id {
                "list_contracts" => {
                    let list =
                        contracts::list(&self.registry, asking.sender, asking.message.target);
                    Judged::Own(verified, Own::Now(list))
                }
                _ if operation.tag == DELIVERIES => {
                    match self.receivers(operation, admitted, asking) {
                        Ok(parts) => Judged::Own(verified, Own::Fan(parts)),
                        Err(problem) => Judged::Refused(verified, refuse(&problem)),
                    }
                }
                _ => Judged::Refused(verified, refuse(&Problem::NotOffered)),
            },
            (Route::Own(OwnRoute::Outcome(name)), _) => match contracts::outcome(name) {
                Some(asked) => Judged::Own(verified, Own::Outcome(asked)),
                None => Judged::Refused(verified, refuse(&Problem::NotFound)),
            },
            (Route::Own(own), _) => match contracts::change(own, asking) {
                Ok(change) => {
                    let making = contracts::Making {
                        shared: Arc::clone(&self.parts.shared),
                        proven: admitted.proven.clone(),
                        candour,
                        now: asking.now,
                    };
                    Judged::Own(verified, making.own(change, asking))
                }
                Err(problem) => Judged::Refused(verified, refuse(&problem)),
            },
        }
    }
}

impl Deciding {
    /// Whom a request goes to that names no receiver: all who allow it by a contract.
    fn receivers(
        &self,
        operation: &'static OperationInfo,
        admitted: &Admitted,
        asking: &Asking<'_>,
    ) -> Result<Vec<Allowed>, Problem> {
        if admitted.idempotency.is_some() {
            return Err(Problem::KeyOfMany);
        }
        let (registry, sender, now) = (&self.registry, asking.sender, asking.now);
        let contracts = registry.contracts_of(sender.partner);
        let promised = contracts.filter(|one| one.terms.promisee == sender.partner);
        let promisors: BTreeSet<Party> = promised.map(|one| one.terms.promisor).collect();
        let mut parts = Vec::new();
        let mut furthest: Option<Denied> = None;
        for receiver in promisors {
            let asked = Asked {
                sender,
                receiver,
                operation,
                body: &admitted.body,
                now,
            };
            match decide(registry, &Uncounted, &asked) {
                Ok(by) => parts.extend(allowed(receiver, &by, admitted, now)),
                Err(denied)
                    if furthest
                        .as_ref()
                        .is_none_or(|one| denied.reason > one.reason) =>
                {
                    furthest = Some(denied);
                }
                Err(_) => {}
            }
        }
        match parts.len() {
            0 => Err(Problem::Denied(furthest.unwrap_or(NOBODY))),
            1..=MAX_RECEIVERS => Ok(parts),
            _ => Err(Problem::Crowded),
        }
    }
}

impl Judge for Deciding {
    fn judge(&mut self, asking: &Asking<'_>) -> Judged {
        let now = asking.now;
        // Certificates are looked up from here on (X-REVOKE).
        let Ok(registry) = self.parts.shared.confirmed() else {
            return self.unproven(&Problem::Unconfirmed, now);
        };
        self.registry = registry;
        let bearer = match Bearer::of(asking.sender, &self.registry, now) {
            Ok(bearer) => bearer,
            Err(problem) => return self.unproven(&Problem::Bearer(problem), now),
        };
        let authority = self.parts.authority.read();
        let authority = authority.unwrap_or_else(PoisonError::into_inner);
        let world = World {
            registry: &self.registry,
            authority: &authority,
            schemas: &self.parts.schemas,
            now,
        };
        match Decider::new(world).judge(&asking.message.request(), &bearer) {
            Ok(admitted) => self.admitted(&admitted, asking),
            Err(wrong) => match &wrong.proven {
                None => self.unproven(&wrong.problem, now),
                Some(proven) => {
                    let candour = self.parts.candour;
                    let refused = refused(&wrong.problem, Some(proven), candour, now);
                    Judged::Refused(verified(proven), refused)
                }
            },
        }
    }

    fn count(&mut self, allowed: &Allowed, told: OnCounted) {
        let contract = allowed.found.contract;
        let receiver = allowed.found.receiver;
        let candour = self.parts.candour;
        let clauses = self.registry.contract(contract.id);
        let clauses = clauses
            .map(|one| one.terms.clauses.clone())
            .unwrap_or_default();
        let now = allowed.now;
        let counted = move |taken| match taken {
            Ok(None) => told.keep(Ok(())),
            Ok(Some((quota, before))) => {
                let problem = Problem::Denied(over(contract, &clauses, quota, before));
                let mut refused = refused(&problem, None, candour, now);
                refused.receiver = Some(receiver);
                refused.contract = Some(contract);
                told.keep(Err(refused));
            }
            // 503.
            Err(_) => drop(told),
        };
        let quotas = allowed.quotas.clone();
        self.parts
            .shared
            .take(contract.id, quotas, Box::new(counted));
    }

    /// Of what the registry is known to hold, whether it could be confirmed in this second or not: an answer that
    /// did not come is not better.
    fn keys(&mut self, party: &Party, now: Timestamp) -> Vec<(&PublicKey, [u8; HASH_LEN])> {
        self.registry = self.parts.shared.snapshot();
        let authority = self.parts.authority.read();
        let authority = authority.unwrap_or_else(PoisonError::into_inner);
        let counting = self.registry.counting(*party, now);
        let counting = counting.filter(|one| authority.check_again(&one.der, now).is_ok());
        counting.map(|one| (&*one.key, one.thumbprint)).collect()
    }
}

/// What goes on to a party; `None` where its deadline is no time.
fn allowed(
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

/// The clause whose quota is used up.
fn over(contract: ContractVersion, clauses: &[Clause], quota: Quota, before: u64) -> Denied {
    let meant = Some(AnyClause::Limits(Limit::Requests(quota)));
    let mut clauses = clauses.iter();
    Denied {
        reason: Reason::Limit,
        contract: Some(contract),
        clause: clauses.find(|clause| clause.meaning() == meant).cloned(),
        found: Some(before.saturating_add(1)),
    }
}

impl core::fmt::Debug for Deciding {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Deciding({})", self.registry.version())
    }
}
