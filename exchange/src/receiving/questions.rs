//! Which answer belongs to which request of the party's own (step 13).

use std::collections::BTreeMap;

use daxsign_core::{PublicKey, Timestamp};

use super::inbox::Full;
use crate::message::{AnswerRead, Asked, Message, MessageName, Refusal};

/// The requests that wait for an answer. Each gets one; what comes then is refused.
#[derive(Clone, Debug)]
pub struct Questions {
    room: usize,
    waiting: BTreeMap<MessageName, Question>,
}

#[derive(Clone, Debug)]
struct Question {
    target: String,
    until: Timestamp,
}

impl Questions {
    /// Room for so many.
    #[must_use]
    pub const fn new(room: usize) -> Self {
        Self {
            room,
            waiting: BTreeMap::new(),
        }
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// A request goes out: its name is the hash of the string that was signed. It waits until then.
    ///
    /// # Errors
    /// [`Full`].
    pub fn ask(&mut self, name: MessageName, target: &str, until: Timestamp) -> Result<(), Full> {
        if self.waiting.len() >= self.room {
            return Err(Full);
        }
        let target = target.to_owned();
        self.waiting.insert(name, Question { target, until });
        Ok(())
    }

    /// Those for which no answer came in time; they wait no more.
    pub fn expire(&mut self, now: Timestamp) -> Vec<MessageName> {
        let expired: Vec<MessageName> = self
            .waiting
            .iter()
            .filter(|(_, question)| question.until <= now)
            .map(|(name, _)| *name)
            .collect();
        for name in &expired {
            self.waiting.remove(name);
        }
        expired
    }

    /// Verifies an answer with the exchange's keys and pairs it; the request waits no more.
    ///
    /// # Errors
    /// [`Refusal`]; the request still waits, since anybody may have made what was refused.
    pub fn answered<'m>(
        &mut self,
        message: &Message<'m>,
        keys: &[&PublicKey],
        now: Timestamp,
    ) -> Result<AnswerRead<'m>, Refusal> {
        let name = AnswerRead::claims(message)?;
        let question = self.waiting.get(&name).ok_or(Refusal::NotAsked)?;
        let asked = Asked {
            name,
            target: &question.target,
            correlation: None,
        };
        let answer = AnswerRead::verify(message, keys, &asked, now)?;
        self.waiting.remove(&name);
        Ok(answer)
    }
}
