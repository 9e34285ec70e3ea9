//! The policy of the present, which is replaced while connections are open.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::PkiError;
use crate::tls::edition::{Newest, SignedList};
use crate::tls::policy::Policy;

/// Where everybody who judges finds the policy of the present. What was found good by an earlier one is
/// judged anew ([`Peer::is_still_good`](crate::tls::Peer::is_still_good)). The newest list of each authority is kept as
/// long as this lives, by whatever set it came, and in whichever the next one stands: none that is older is taken.
#[derive(Debug)]
pub struct LivePolicy {
    present: RwLock<Present>,
    /// How often it was replaced.
    generation: AtomicU64,
}

#[derive(Debug)]
struct Present {
    policy: Arc<Policy>,
    newest: Newest,
}

impl Present {
    /// With each list that the policy has of an authority goes the newest.
    fn of(mut policy: Policy, mut newest: Newest) -> Self {
        for list in policy.lists() {
            newest.take(list);
        }
        policy.renew_lists(&newest);
        Self {
            policy: Arc::new(policy),
            newest,
        }
    }
}

impl LivePolicy {
    /// Starts with this one.
    #[must_use]
    pub fn new(policy: Policy) -> Arc<Self> {
        Arc::new(Self {
            present: RwLock::new(Present::of(policy, Newest::default())),
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
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        // The number changes under the lock alone.
        (
            self.generation.load(Ordering::Acquire),
            Arc::clone(&present.policy),
        )
    }

    /// How often it was replaced.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Takes another policy from now on.
    ///
    /// # Errors
    /// [`PkiError::ListOlder`] if a list of it is older than the newest of the same authority that was ever in use here:
    /// by its number, of any length, or by its time; or if it has the same number, and not all that one has. Who was
    /// revoked would be let in again. Then the policy in use stays.
    pub fn replace(&self, policy: Policy) -> Result<(), PkiError> {
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        for list in policy.lists() {
            present.newest.check(list)?;
        }
        let newest = std::mem::take(&mut present.newest);
        *present = Present::of(policy, newest);
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// Whether a list may be used from now on.
    pub(super) fn check(&self, list: &SignedList) -> Result<(), PkiError> {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        present.newest.check(list)
    }

    /// The newest of the same authority.
    pub(super) fn newest(&self, list: &Arc<SignedList>) -> Arc<SignedList> {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(present.newest.of(list).unwrap_or(list))
    }
}
