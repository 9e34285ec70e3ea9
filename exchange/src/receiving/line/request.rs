//! A request, as the party that is asked gets it.

use std::sync::Arc;

use daxsign_core::Timestamp;
use uuid::Uuid;

use super::delivery::Delivery;
use super::desk::{Desk, Owned};
use super::signing::{Answering, Until};
use crate::correlation::CorrelationId;
use crate::message::Unfit;
use crate::party::Party;
use crate::receiving::reply::Reply;
use crate::running::Clock;
use crate::signing::SigningThreads;

/// What answers go through.
#[derive(Clone)]
pub(super) struct Answers {
    pub(super) desk: Arc<Desk>,
    pub(super) signing: Arc<SigningThreads<Answering>>,
    pub(super) clock: Clock,
}

impl Answers {
    pub(super) fn sign(&self, delivery: Delivery, reply: &Arc<Reply>) {
        self.sign_until(delivery, reply, Until::Deadline);
    }

    fn sign_until(&self, delivery: Delivery, reply: &Arc<Reply>, until: Until) {
        self.signing.sign(Answering {
            delivery,
            until,
            reply: Arc::clone(reply),
            clock: Arc::clone(&self.clock),
            desk: Arc::clone(&self.desk),
            date: None,
        });
    }
}

/// A request that the exchange sent, verified, for the first time. Dropped without an answer, it expires.
pub struct Request {
    pub(super) owned: Arc<Owned>,
    pub(super) answers: Answers,
    pub(super) is_answered: bool,
}

impl Request {
    /// The exchange.
    #[must_use]
    pub fn correlation(&self) -> CorrelationId {
        self.owned.delivery.correlation
    }

    /// Who asks.
    #[must_use]
    pub fn sender(&self) -> Party {
        self.owned.sender
    }

    /// The contract that allows it.
    #[must_use]
    pub fn contract(&self) -> Uuid {
        self.owned.contract
    }

    /// When it expires; what is answered then is not sent.
    #[must_use]
    pub fn deadline(&self) -> Timestamp {
        self.owned.delivery.deadline
    }

    /// The method; `CALLBACK` for a callback.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.owned.method
    }

    /// The target.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.owned.delivery.target
    }

    /// The content type of the body.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.owned.content_type
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.owned.body
    }

    /// Answers it: also where it comes again, but for what only reads, which is asked for again. The first answer counts.
    ///
    /// # Errors
    /// [`Unfit`] for what is no answer, such as the status 204; it can be answered with another.
    pub fn answer(&mut self, reply: Reply) -> Result<(), Unfit> {
        let now = (self.answers.clock)();
        self.owned.delivery.answer(&reply).dated(now)?;
        self.answer_until(reply, Until::Deadline);
        Ok(())
    }

    /// Answers it behind its deadline, when the sender was told that it expired: for faults that are ordered.
    #[cfg(feature = "server")]
    pub(crate) fn answer_late(&mut self, reply: Reply) {
        self.answer_until(reply, Until::MomentAfter);
    }

    fn answer_until(&mut self, reply: Reply, until: Until) {
        let deliveries = self.answers.desk.answered(&self.owned, &reply);
        self.is_answered = true;
        let reply = Arc::new(reply);
        for delivery in deliveries {
            self.answers.sign_until(delivery, &reply, until);
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        // Behind its answer the same may have come again, as a request of its own.
        if !self.is_answered {
            self.answers.desk.abandoned(self.correlation());
        }
    }
}

impl core::fmt::Debug for Request {
    /// Without the body, which may hold a PIN.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (correlation, method, target) = (self.correlation(), self.method(), self.target());
        write!(formatter, "Request({correlation}, {method} {target})")
    }
}
