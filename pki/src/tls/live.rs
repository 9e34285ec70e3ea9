//! The policy of the present, which is replaced while connections are open.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::PkiError;
use crate::tls::policy::Policy;
use crate::tls::roots::SignedList;

/// Where everybody who judges finds the policy of the present. What was found good by an earlier one is
/// judged anew ([`Peer::is_still_good`](crate::tls::Peer::is_still_good)).
#[derive(Debug)]
pub struct LivePolicy {
    policy: RwLock<Arc<Policy>>,
    /// How often it was replaced.
    generation: AtomicU64,
}

impl LivePolicy {
    /// Starts with this one.
    #[must_use]
    pub fn new(policy: Policy) -> Arc<Self> {
        Arc::new(Self {
            policy: RwLock::new(Arc::new(policy)),
            generation: AtomicU64::new(0),
        })
    }

    /// The policy of the present.
    #[must_use]
    pub fn current(&self) -> Arc<Policy> {
        self.numbered().1
    }

    /// The same, with its number.
    pub(super) fn numbered(&self) -> (u64, Arc<Policy>) {
        // Whoever panicked has replaced all of it or nothing.
        let policy = self.policy.read().unwrap_or_else(PoisonError::into_inner);
        // The number changes under the lock alone.
        (self.generation.load(Ordering::Acquire), Arc::clone(&policy))
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Takes another policy from now on.
    ///
    /// # Errors
    /// [`PkiError::ListOlder`] if a list of it is older than the one of the same authority that is in use: who
    /// was revoked would be let in again. Then the one in use stays.
    pub fn replace(&self, policy: Policy) -> Result<(), PkiError> {
        let mut current = self.policy.write().unwrap_or_else(PoisonError::into_inner);
        let lists = |policy: &Policy, judge: &mut dyn FnMut(&str, &SignedList)| {
            for set in policy.sets() {
                for list in set.lists.iter().flatten() {
                    judge(&set.name, list);
                }
            }
        };
        let mut older = None;
        lists(&policy, &mut |name, new| {
            lists(&current, &mut |other, used| {
                let same = name == other && new.key == used.key && new.issuer == used.issuer;
                if let (true, Some(number), Some(loaded)) =
                    (same, new.list.number(), used.list.number())
                    && number < loaded
                {
                    older = Some(PkiError::ListOlder { number, loaded });
                }
            });
        });
        if let Some(error) = older {
            return Err(error);
        }
        *current = Arc::new(policy);
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }
}
