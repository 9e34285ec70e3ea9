//! What ends an exchange, by one compare-and-set (B, X-LATE), and what comes after.

use rusqlite::params;

use super::number::{time_to_sql, to_sql, wrong};
use super::rows::{self, Found, ending_code};
use super::taking::LATER;
use super::writing::{Stop, Writing};
use crate::correlation::CorrelationId;
use crate::record::leaf::content::Content;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};
use crate::record::storing::done::{Done, Rejected};
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;
use crate::record::storing::operation::{Answer, End};
use daxsign_core::Timestamp;

impl Writing<'_> {
    /// The row of an accepted request.
    pub(super) fn accepted(&self, correlation: CorrelationId) -> Result<Found, Stop> {
        let leaf = self.first_leaf(correlation)?.ok_or(Rejected::NotThere)?;
        let found = rows::by_leaf(self.transaction, leaf)?.ok_or(Rejected::NotThere)?;
        if found.ended == Some(found.leaf) {
            return Err(Rejected::Decided(Ending::Refused).into());
        }
        Ok(found)
    }

    /// An answer that verifies, or one that does not: `ending` says which.
    pub(super) fn answer(&mut self, answer: &Answer, ending: Ending) -> Result<Done, Stop> {
        answer.content.check()?;
        let found = self.accepted(answer.correlation)?;
        match found.ending {
            _ if !found.may_have_left() => Err(Rejected::NotSent.into()),
            None => self.decide(
                &found,
                ending,
                &answer_leaf(&found, answer, kind_of(ending)),
                &answer.content,
            ),
            Some(Ending::Expired | Ending::Unknown) if ending == Ending::Answered => {
                self.late(&found, answer)
            }
            Some(before) => Err(Rejected::Decided(before).into()),
        }
    }

    fn late(&mut self, found: &Found, answer: &Answer) -> Result<Done, Stop> {
        if found.late {
            return Err(Rejected::LateBefore.into());
        }
        let secret = self.secret(found.leaf)?;
        let leaf = answer_leaf(found, answer, Kind::Late);
        let place = self.event(&leaf, &answer.content, &secret)?;
        let mut update = self.transaction.prepare_cached(
            "UPDATE exchange SET late = ?2, open = 0 WHERE leaf = ?1 AND late IS NULL",
        )?;
        one(update.execute(params![to_sql(found.leaf)?, to_sql(place)?])?)?;
        Ok(Done::Late(place))
    }

    pub(super) fn expire(&mut self, end: &End) -> Result<Done, Stop> {
        let found = self.accepted(end.correlation)?;
        if found.deadline > time_to_sql(end.at)? {
            return Err(Rejected::NotDue.into());
        }
        self.end(&found, end, Ending::Expired)
    }

    pub(super) fn give_up(&mut self, end: &End) -> Result<Done, Stop> {
        let found = self.accepted(end.correlation)?;
        if !found.may_have_left() {
            return Err(Rejected::NotSent.into());
        }
        self.end(&found, end, Ending::Unknown)
    }

    fn end(&mut self, found: &Found, end: &End, ending: Ending) -> Result<Done, Stop> {
        if let Some(before) = found.ending {
            return self.close(found, before);
        }
        let content = Content {
            statement: end.statement.clone(),
            ..Content::default()
        };
        content.check()?;
        self.decide(
            found,
            ending,
            &end_leaf(found, end.at, kind_of(ending)),
            &content,
        )
    }

    /// What was requeued after its end, is over too.
    fn close(&mut self, found: &Found, before: Ending) -> Result<Done, Stop> {
        if !found.open {
            return Err(Rejected::Decided(before).into());
        }
        let mut update = self
            .transaction
            .prepare_cached("UPDATE exchange SET open = 0 WHERE leaf = ?1")?;
        one(update.execute([to_sql(found.leaf)?])?)?;
        Ok(Done::Noted)
    }

    pub(super) fn decide(
        &mut self,
        found: &Found,
        ending: Ending,
        leaf: &Leaf,
        content: &Content,
    ) -> Result<Done, Stop> {
        let secret = self.secret(found.leaf)?;
        let place = self.event(leaf, content, &secret)?;
        let mut update = self.transaction.prepare_cached(
            "UPDATE exchange SET ending = ?2, ended = ?3, open = 0 WHERE leaf = ?1 AND ending IS NULL",
        )?;
        let parameters = params![to_sql(found.leaf)?, ending_code(ending), to_sql(place)?];
        one(update.execute(parameters)?)?;
        Ok(Done::Leaf(place))
    }
}

/// The row was read in the same transaction: it is there.
pub(super) fn one(changed: usize) -> Result<(), Failure> {
    if changed == 1 {
        Ok(())
    } else {
        Err(wrong("a row changed within a transaction"))
    }
}

const fn kind_of(ending: Ending) -> Kind {
    match ending {
        Ending::Answered => Kind::Answer,
        Ending::Refused => Kind::Refused,
        Ending::Expired => Kind::Expired,
        Ending::Unknown => Kind::Unknown,
    }
}

/// Its sender is who answered.
fn answer_leaf(found: &Found, answer: &Answer, kind: Kind) -> Leaf {
    let leaf = leaf(found, answer.at, kind, answer.thumbprint);
    Leaf {
        sender: found.receiver,
        receiver: Some(found.sender),
        ..leaf
    }
}

pub(super) fn end_leaf(found: &Found, at: Timestamp, kind: Kind) -> Leaf {
    leaf(found, at, kind, None)
}

fn leaf(found: &Found, at: Timestamp, kind: Kind, thumbprint: Option<[u8; HASH_LEN]>) -> Leaf {
    Leaf {
        kind,
        correlation: found.correlation,
        parent: None,
        at,
        sender: Some(found.sender),
        receiver: found.receiver,
        contract: None,
        thumbprint,
        commitment: LATER,
    }
}
