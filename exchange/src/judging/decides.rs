//! The judge of a running exchange.

use std::sync::{Arc, PoisonError, RwLock};

use daxsign_client::api::OperationInfo;
use daxsign_core::{PublicKey, Timestamp};

use super::callbacks::Calling;
use super::receivers::{self, allowed};
use super::refusing::{refused, verified};
use super::shared::SharedRegistry;
use super::{contracts, groups};
use crate::calling::Callbacks;
use crate::deciding::{
    Admitted, Decider, Own as OwnRoute, Problem, Route, Schemas, World, explained,
};
use crate::identity::{Authority, Bearer};
use crate::party::Party;
use crate::record::{ContractVersion, HASH_LEN};
use crate::registry::{AnyClause, Candour, Clause, Denied, Limit, Quota, Reason, Registry};
use crate::running::{Allowed, Asking, Judge, Judged, OnCounted, Own};

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
    /// `None` where this exchange delivers none.
    callbacks: Option<Arc<Callbacks>>,
}

impl Deciding {
    /// By these parts.
    #[must_use]
    pub fn new(parts: DecidingParts) -> Self {
        let registry = parts.shared.snapshot();
        Self {
            parts,
            registry,
            callbacks: None,
        }
    }

    /// With callbacks (X-CALLBACK); without, what concerns them is not offered.
    #[must_use]
    pub fn with_callbacks(self, callbacks: Arc<Callbacks>) -> Self {
        Self {
            callbacks: Some(callbacks),
            ..self
        }
    }

    fn unproven(&self, problem: &Problem, now: Timestamp) -> Judged {
        Judged::Unproven(refused(problem, None, self.parts.candour, now))
    }

    /// In the sandbox with what is found out of a signature that does not hold.
    fn explained(&self, problem: &Problem, asking: &Asking<'_>, bearer: &Bearer<'_>) -> Judged {
        let mut refused = refused(problem, None, self.parts.candour, asking.now);
        if let (Problem::Signature(_), Candour::Sandbox) = (problem, self.parts.candour) {
            let request = asking.message.request();
            refused.told.extend(explained(&request, bearer));
        }
        Judged::Unproven(refused)
    }

    fn admitted(&self, admitted: &Admitted, asking: &Asking<'_>) -> Judged {
        let verified = verified(&admitted.proven);
        let candour = self.parts.candour;
        let refuse =
            |problem: &Problem| refused(problem, Some(&admitted.proven), candour, asking.now);
        let own = match (&admitted.route, &admitted.allowed) {
            (
                Route::Operation {
                    receiver: Some(receiver),
                    ..
                },
                Some(by),
            ) => {
                return match allowed(*receiver, by, admitted, asking.now) {
                    Some(allowed) => Judged::Allowed(verified, allowed),
                    None => Judged::Refused(verified, refuse(&Problem::Expired)),
                };
            }
            (Route::Operation { operation, .. }, _) => {
                self.of_no_receiver(operation, admitted, asking)
            }
            (Route::Own(OwnRoute::Outcome(name)), _) => contracts::outcome(name)
                .map(Own::Outcome)
                .ok_or(Problem::NotFound),
            (Route::Own(OwnRoute::Event), _) => self
                .calling()
                .and_then(|calling| calling.event(admitted, asking)),
            (Route::Own(own), _) => contracts::change(own, asking)
                .map(|change| self.making(admitted, asking).own(change, asking)),
        };
        match own {
            Ok(own) => Judged::Own(verified, own),
            Err(problem) => Judged::Refused(verified, refuse(&problem)),
        }
    }

    /// What names no receiver in its path.
    fn of_no_receiver(
        &self,
        operation: &'static OperationInfo,
        admitted: &Admitted,
        asking: &Asking<'_>,
    ) -> Result<Own, Problem> {
        let registry = &self.registry;
        Ok(match operation.id {
            "list_contracts" => Own::Now(contracts::list(registry, asking)),
            "list_published_access_groups" => Own::Now(groups::list(registry, asking)),
            "get_published_access_group" => {
                Own::Now(groups::one(registry, asking).ok_or(Problem::NoGroup)?)
            }
            "publish_access_groups" => {
                let change = groups::publication(&admitted.body, asking.sender)?;
                self.making(admitted, asking).own(change, asking)
            }
            _ if receivers::are_asked_for(operation) => {
                let parts = receivers::of(registry, operation, admitted, asking)?;
                Own::Fan(parts, admitted.idempotency.clone())
            }
            "list_callbacks" | "register_callbacks" | "update_callbacks" | "delete_callback" => {
                self.calling()?.change(operation, admitted, asking)?
            }
            _ => return Err(Problem::NotOffered),
        })
    }

    fn calling(&self) -> Result<Calling<'_>, Problem> {
        Ok(Calling {
            callbacks: self.callbacks.as_ref().ok_or(Problem::NotOffered)?,
            registry: &self.registry,
            candour: self.parts.candour,
        })
    }

    fn making(&self, admitted: &Admitted, asking: &Asking<'_>) -> contracts::Making {
        contracts::Making {
            shared: Arc::clone(&self.parts.shared),
            proven: admitted.proven.clone(),
            candour: self.parts.candour,
            now: asking.now,
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
                None => self.explained(&wrong.problem, asking, &bearer),
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
