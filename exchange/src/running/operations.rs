//! What is written for each step.

use daxsign_core::Timestamp;

use super::work::Work;
use crate::correlation::CorrelationId;
use crate::record::{
    Accept, Answer, Content, End, Ending, MAX_STATEMENT_LEN, Operation, Refuse, Requeue, Standing,
    Start,
};
use crate::relay::Next;

/// One exchange, and when.
pub(super) struct Step<'w> {
    pub(super) id: CorrelationId,
    pub(super) work: &'w Work,
    pub(super) now: Timestamp,
}

impl Step<'_> {
    /// What the step writes; `None` where it writes nothing, or what it would write is not known.
    /// `row` is how it stands then.
    pub(super) fn operation(&self, next: Next, row: Option<Standing>) -> Option<Operation> {
        let end = |statement: &str| End {
            correlation: self.id,
            at: self.now,
            statement: statement.into(),
        };
        Some(match next {
            Next::RecordRefusal(_) => Operation::Refuse(Box::new(self.refuse()?)),
            Next::RecordRequest => {
                // Sending begins with A.
                let starts = row.is_some_and(|standing| standing.may_have_left);
                Operation::Accept(Box::new(self.accept(starts)?))
            }
            Next::RecordSending => Operation::Start(Start {
                correlation: self.id,
                at: self.now,
            }),
            Next::RecordRequeue => Operation::Requeue(Requeue {
                correlation: self.id,
                deadline: row?.deadline,
            }),
            Next::RecordEnding(Ending::Answered) | Next::RecordLate => {
                Operation::Answer(Box::new(self.answer(true)?))
            }
            Next::RecordEnding(Ending::Refused) => {
                Operation::RefuseAnswer(Box::new(self.answer(false)?))
            }
            Next::RecordEnding(Ending::Expired) => {
                Operation::Expire(end("no answer came before the deadline"))
            }
            Next::RecordEnding(Ending::Unknown) => Operation::GiveUp(end(
                "it was sent, the connection ended, and it must not be sent twice",
            )),
            _ => return None,
        })
    }

    fn accept(&self, starts: bool) -> Option<Accept> {
        let work = self.work;
        let (verified, found) = (work.verified.as_ref()?, work.found.as_ref()?);
        let allowed = work.allowed.as_ref()?;
        Some(Accept {
            correlation: self.id,
            parent: work.parent,
            at: self.now,
            deadline: allowed.deadline,
            sender: work.question.sender,
            receiver: found.receiver,
            contract: Some(found.contract),
            thumbprint: verified.thumbprint,
            replay: work.replay_key().filter(|_| !work.used),
            idempotency: allowed.idempotency.clone(),
            request: verified.string_hash,
            delivery: allowed.delivery,
            starts,
            content: work.question.content(cut(&allowed.statement)),
        })
    }

    fn refuse(&self) -> Option<Refuse> {
        let work = self.work;
        let verified = work.verified.as_ref()?;
        let refused = work.refused.as_ref();
        let statement = refused.map_or("replayed: the same bytes came before", |refused| {
            &refused.statement
        });
        Some(Refuse {
            correlation: self.id,
            at: self.now,
            sender: work.question.sender,
            receiver: work
                .receiver()
                .or_else(|| refused.and_then(|refused| refused.receiver)),
            contract: work
                .contract()
                .or_else(|| refused.and_then(|refused| refused.contract)),
            thumbprint: verified.thumbprint,
            replay: work.replay_key().filter(|_| !work.replayed && !work.used),
            request: verified.string_hash,
            content: work.question.content(cut(statement)),
        })
    }

    fn answer(&self, verifies: bool) -> Option<Answer> {
        let came = if verifies {
            self.work.answer.as_ref()
        } else {
            self.work.bad_answer.as_ref()
        };
        let came = came?;
        Some(Answer {
            correlation: self.id,
            at: self.now,
            thumbprint: came.thumbprint,
            content: kept(&came.content),
        })
    }
}

/// What cannot be kept of an answer that does not verify is left out.
fn kept(content: &Content) -> Content {
    if content.check().is_ok() {
        return content.clone();
    }
    Content {
        statement: content.statement.clone(),
        ..Content::default()
    }
}

fn cut(statement: &str) -> &str {
    let end = statement.floor_char_boundary(MAX_STATEMENT_LEN);
    statement.get(..end).unwrap_or_default()
}
