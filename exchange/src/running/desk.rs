//! Where something works beside the relay, with its record and its key.

use std::sync::{Arc, Weak};

use super::clock::Clock;
use super::recorder::Asker;
use super::signatures::{Made, Outgoing, Signing, What};
use crate::signing::SigningThreads;

/// The record and the key of a running exchange, as long as it runs.
pub struct Desk<S> {
    asker: Weak<Asker<S>>,
    signing: Weak<SigningThreads<Signing>>,
    clock: Clock,
}

impl<S: Send + 'static> Desk<S> {
    pub(super) const fn new(
        asker: Weak<Asker<S>>,
        signing: Weak<SigningThreads<Signing>>,
        clock: Clock,
    ) -> Self {
        Self {
            asker,
            signing,
            clock,
        }
    }

    /// Asks the store, on its thread, without waiting: whatever waits for what is told then is told nothing where the
    /// exchange has ended.
    pub fn ask(&self, question: impl FnOnce(&mut S) + Send + 'static)
    where
        S: crate::record::Store,
    {
        if let Some(asker) = self.asker.upgrade() {
            asker.give(question);
        }
    }

    /// Signs a callback with the exchange's key, dated when it is signed (X-SIGN-LATE). `told` its head, up to and with the
    /// empty line, on a signing thread; `None` where its deadline has passed, the key did not sign, or the exchange has ended.
    pub fn sign(&self, callback: Outgoing, told: impl FnOnce(Option<Vec<u8>>) + Send + 'static) {
        let Some(signing) = self.signing.upgrade() else {
            return told(None);
        };
        signing.sign(Signing {
            correlation: callback.correlation,
            what: What::Callback(callback),
            clock: Arc::clone(&self.clock),
            told: Box::new(move |made: Made| told(made.signed.map(|(head, _)| head))),
            dated: None,
        });
    }
}

impl<S> Clone for Desk<S> {
    fn clone(&self) -> Self {
        Self {
            asker: Weak::clone(&self.asker),
            signing: Weak::clone(&self.signing),
            clock: Arc::clone(&self.clock),
        }
    }
}

impl<S> core::fmt::Debug for Desk<S> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Desk")
    }
}
