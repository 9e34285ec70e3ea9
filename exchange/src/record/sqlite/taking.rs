//! What begins an exchange: a request that is accepted (A), or refused; and notes, which begin none.

use rusqlite::params;

use super::number::{time_to_sql, to_sql};
use super::rows::{delivery_code, ending_code};
use super::writing::{Stop, Writing};
use crate::party::Party;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};
use crate::record::storing::delivery::Delivery;
use crate::record::storing::done::{Done, Rejected};
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;
use crate::record::storing::operation::{Accept, Note, Refuse};

/// Filled in when the leaf is appended.
pub(super) const LATER: [u8; HASH_LEN] = [0; HASH_LEN];

/// A row to be.
struct NewRow<'a> {
    sender: &'a Party,
    receiver: Option<&'a Party>,
    request: &'a [u8; HASH_LEN],
    delivery: Delivery,
    deadline: i64,
    attempts: u32,
    ending: Option<Ending>,
}

impl Writing<'_> {
    pub(super) fn accept(&mut self, accept: &Accept) -> Result<Done, Stop> {
        self.accept_as(Kind::Request, accept).map(Done::Leaf)
    }

    /// The same of a callback, whose first leaf is of another kind. Returns its place.
    pub(super) fn accept_as(&mut self, kind: Kind, accept: &Accept) -> Result<u64, Stop> {
        accept.content.check()?;
        let deadline = time_to_sql(accept.deadline)?;
        self.must_be_new(accept.correlation)?;
        self.use_key(accept.replay.as_ref(), accept.correlation)?;
        if deadline <= time_to_sql(accept.at)? {
            return Err(Rejected::Overdue.into());
        }
        self.must_not_repeat(accept.idempotency.as_ref(), accept.at)?;
        let leaf = self.first_event(&request_leaf(kind, accept), &accept.content)?;
        let row = NewRow {
            sender: &accept.sender,
            receiver: Some(&accept.receiver),
            request: &accept.request,
            delivery: accept.delivery,
            deadline,
            attempts: u32::from(accept.starts),
            ending: None,
        };
        self.insert(leaf, &row)?;
        self.keep_key(accept.idempotency.as_ref(), leaf, accept.at)?;
        Ok(leaf)
    }

    pub(super) fn refuse(&mut self, refuse: &Refuse) -> Result<Done, Stop> {
        refuse.content.check()?;
        let deadline = time_to_sql(refuse.at)?;
        self.must_be_new(refuse.correlation)?;
        self.use_key(refuse.replay.as_ref(), refuse.correlation)?;
        let leaf = self.first_event(&refusal_leaf(refuse), &refuse.content)?;
        let row = NewRow {
            sender: &refuse.sender,
            receiver: refuse.receiver.as_ref(),
            request: &refuse.request,
            delivery: Delivery::Once,
            deadline,
            attempts: 0,
            ending: Some(Ending::Refused),
        };
        self.insert(leaf, &row)?;
        Ok(Done::Leaf(leaf))
    }

    pub(super) fn note(&mut self, note: &Note) -> Result<Done, Stop> {
        note.content.check()?;
        self.must_be_new(note.correlation)?;
        let leaf = self.first_event(&note_leaf(note), &note.content)?;
        if let Some(contract) = &note.contract {
            let mut insert = self
                .transaction
                .prepare_cached("INSERT INTO contract VALUES(?1, ?2, ?3)")?;
            insert.execute(params![
                contract.id.as_bytes(),
                contract.version,
                to_sql(leaf)?
            ])?;
        }
        Ok(Done::Leaf(leaf))
    }

    fn insert(&self, leaf: u64, row: &NewRow<'_>) -> Result<(), Failure> {
        let leaf = to_sql(leaf)?;
        let ended = row.ending.map(|_| leaf);
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO exchange VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, NULL, ?10)",
        )?;
        insert.execute(params![
            leaf,
            row.sender.to_bytes(),
            row.receiver.map(Party::to_bytes),
            row.request,
            delivery_code(row.delivery),
            row.deadline,
            row.attempts,
            row.ending.map(ending_code),
            ended,
            ended.is_none(),
        ])?;
        Ok(())
    }
}

fn request_leaf(kind: Kind, accept: &Accept) -> Leaf {
    Leaf {
        kind,
        correlation: accept.correlation,
        parent: accept.parent,
        at: accept.at,
        sender: Some(accept.sender),
        receiver: Some(accept.receiver),
        contract: accept.contract,
        thumbprint: Some(accept.thumbprint),
        commitment: LATER,
    }
}

fn refusal_leaf(refuse: &Refuse) -> Leaf {
    Leaf {
        kind: Kind::Refused,
        correlation: refuse.correlation,
        parent: None,
        at: refuse.at,
        sender: Some(refuse.sender),
        receiver: refuse.receiver,
        contract: refuse.contract,
        thumbprint: Some(refuse.thumbprint),
        commitment: LATER,
    }
}

fn note_leaf(note: &Note) -> Leaf {
    Leaf {
        kind: note.kind.into(),
        correlation: note.correlation,
        parent: None,
        at: note.at,
        sender: note.sender,
        receiver: note.receiver,
        contract: note.contract,
        thumbprint: note.thumbprint,
        commitment: LATER,
    }
}
