//! What happens between A and B: sending begins, what was sent is kept, an operator asks again.

use rusqlite::params;

use super::ending::one;
use super::number::{time_to_sql, to_sql};
use super::rows::Found;
use super::writing::{Stop, Writing};
use crate::record::leaf::content::{Content, Unfit, refuse_credentials};
use crate::record::leaf::sealing::Place;
use crate::record::storing::delivery::Delivery;
use crate::record::storing::done::{Done, Rejected};
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;
use crate::record::storing::operation::{
    MAX_ATTEMPTS, MAX_SENT_HEAD_LEN, Requeue, Sent, Start, Towards,
};

impl Writing<'_> {
    pub(super) fn start(&self, start: &Start) -> Result<Done, Stop> {
        let found = self.accepted(start.correlation)?;
        if let Some(ending) = found.ending.filter(|_| !found.open) {
            return Err(Rejected::Decided(ending).into());
        }
        if found.deadline <= time_to_sql(start.at)? {
            return Err(Rejected::Overdue.into());
        }
        if is_spent(&found) {
            return Err(Rejected::Spent.into());
        }
        let attempt = found.attempts.saturating_add(1);
        if attempt > MAX_ATTEMPTS {
            return Err(Rejected::TooOften.into());
        }
        let mut update = self
            .transaction
            .prepare_cached("UPDATE exchange SET attempts = ?2 WHERE leaf = ?1")?;
        one(update.execute(params![to_sql(found.leaf)?, attempt])?)?;
        Ok(Done::Started(attempt))
    }

    pub(super) fn sent(&self, sent: &Sent) -> Result<Done, Stop> {
        let own_body = sent.body.as_deref().unwrap_or_default();
        if let Some(len) = [sent.head.as_slice(), own_body]
            .map(<[u8]>::len)
            .into_iter()
            .find(|len| *len > MAX_SENT_HEAD_LEN)
        {
            return Err(Unfit::LongHead(len).into());
        }
        if !(1..=MAX_ATTEMPTS).contains(&sent.attempt) {
            return Err(Unfit::Attempt(sent.attempt).into());
        }
        refuse_credentials(&sent.head)?;
        let found = self.accepted(sent.correlation)?;
        let secret = self.secret(found.leaf)?;
        let piece = piece_of(sent.towards);
        let place = Place {
            leaf: found.leaf,
            piece,
            attempt: sent.attempt,
        };
        let sealed = secret.seal(place, &frame(sent)).map_err(Failure::from)?;
        let mut insert = self
            .transaction
            .prepare_cached("INSERT OR IGNORE INTO sent VALUES(?1, ?2, ?3, ?4)")?;
        insert.execute(params![to_sql(found.leaf)?, piece, sent.attempt, sealed])?;
        Ok(Done::Noted)
    }

    pub(super) fn requeue(&self, requeue: &Requeue) -> Result<Done, Stop> {
        let found = self.accepted(requeue.correlation)?;
        match found.ending {
            None => return Err(Rejected::InWork.into()),
            Some(_) if found.open => return Err(Rejected::InWork.into()),
            Some(Ending::Expired | Ending::Unknown) if found.late => {
                return Err(Rejected::LateBefore.into());
            }
            Some(Ending::Expired | Ending::Unknown) => {}
            Some(ending) => return Err(Rejected::Decided(ending).into()),
        }
        if is_spent(&found) {
            return Err(Rejected::Spent.into());
        }
        self.secret(found.leaf)?;
        let mut update = self.transaction.prepare_cached(
            "UPDATE exchange SET requeued = 1, open = 1, deadline = ?2 WHERE leaf = ?1",
        )?;
        one(update.execute(params![to_sql(found.leaf)?, time_to_sql(requeue.deadline)?])?)?;
        Ok(Done::Noted)
    }
}

/// Head and body, framed as contents are.
fn frame(sent: &Sent) -> Vec<u8> {
    let content = Content {
        message: sent.head.clone(),
        signature: sent.body.clone().unwrap_or_default(),
        statement: sent.body.iter().map(|_| OWN_BODY).collect(),
    };
    content.to_bytes()
}

/// What stands beside a body of the exchange's own.
const OWN_BODY: u8 = 1;

/// Head and body, as they were framed.
pub(super) fn unframe(bytes: &[u8]) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let content = Content::from_bytes(bytes)?;
    let body = (content.statement == [OWN_BODY]).then_some(content.signature);
    Some((content.message, body))
}

/// It may have left, and must not leave twice (X-ONCE).
fn is_spent(found: &Found) -> bool {
    found.delivery == Delivery::Once && found.may_have_left()
}

/// The piece that a head is sealed as, and what stands for it in the table.
pub(super) const fn piece_of(towards: Towards) -> u8 {
    match towards {
        Towards::Receiver => 1,
        Towards::Sender => 2,
    }
}
