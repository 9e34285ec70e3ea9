//! Callbacks: registered, told of, delivered (X-CALLBACK). What was registered is sealed under the key of its leaf, so
//! that erasing that leaf erases it.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::commit::settled;
use super::ending::{end_leaf, one};
use super::number::{from_sql, time_from_sql, time_to_sql, to_sql, wrong};
use super::rows;
use super::secrets::Kept;
use super::store::SqliteStore;
use super::taking::LATER;
use super::writing::{Stop, Writing};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::content::Content;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::Leaf;
use crate::record::leaf::sealing::Place;
use crate::record::storing::callbacks::{
    Announcement, CallbackChange, CallbackEnd, Came, KeptCallback, NewDelivery, OpenDelivery,
    TakenIn,
};
use crate::record::storing::delivery::Delivery;
use crate::record::storing::done::{Done, Rejected};
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;
use crate::record::storing::operation::{Accept, End, MAX_ATTEMPTS, Sent};
use daxsign_core::Timestamp;

/// The piece that a callback is sealed as; see [`Place`].
const CALLBACK: u8 = 3;
/// What is on record of one that ended at once.
const CROWDED: &str = "as many callbacks wait for this receiver as may";

impl SqliteStore {
    /// Registers, changes and removes callbacks by a party's message. Others' are left as they are.
    ///
    /// # Errors
    /// [`Failure`]; [`Rejected::NotThere`] where one that is to be removed is none of the party's.
    pub fn change_callbacks(
        &mut self,
        change: &CallbackChange,
    ) -> Result<Result<Done, Rejected>, Failure> {
        self.alive()?;
        let done = self.transacted(1, |writing| settled(writing.change_callbacks(change)));
        done.map_err(|failure| self.failed(failure))
    }

    /// The callbacks that a party has, in the order of their ids.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn callbacks_of(&self, owner: Party) -> Result<Vec<KeptCallback>, Failure> {
        let mut select = self.record.prepare_cached(
            "SELECT id, owner, leaf, number, sealed FROM callback WHERE owner = ?1 ORDER BY id",
        )?;
        let rows = select.query_map([owner.to_bytes()], sealed)?;
        let found: Vec<Sealed> = rows.collect::<Result<_, _>>()?;
        let opened = found.iter().map(|one| self.opened(one));
        opened.filter_map(Result::transpose).collect()
    }

    fn callback(&self, id: Uuid) -> Result<Option<KeptCallback>, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT id, owner, leaf, number, sealed FROM callback WHERE id = ?1")?;
        let found = select.query_row([id.as_bytes()], sealed).optional()?;
        found.map_or(Ok(None), |one| self.opened(&one))
    }

    /// `None` where its leaf is erased.
    fn opened(&self, one: &Sealed) -> Result<Option<KeptCallback>, Failure> {
        let leaf = from_sql(one.leaf)?;
        let Kept::Secret(secret) = self.secrets.get(leaf)? else {
            return Ok(None);
        };
        let bytes = secret.open(place(leaf, one.number), &one.bytes);
        let bytes = bytes.ok_or_else(|| wrong("a callback does not decrypt"))?;
        Ok(Some(KeptCallback {
            id: Uuid::from_bytes(one.id),
            owner: Party::from_bytes(one.owner),
            bytes: Zeroizing::new(bytes),
        }))
    }

    /// Erases the messages by which callbacks were registered of which none is any more.
    ///
    /// # Errors
    /// [`Failure`]: it is done the next time.
    pub fn erase_left_callbacks(&mut self) -> Result<(), Failure> {
        self.alive()?;
        let left: Vec<i64> = {
            let mut select = self.record.prepare_cached(
                "SELECT leaf FROM callback_left WHERE NOT EXISTS \
                 (SELECT 1 FROM callback WHERE callback.leaf = callback_left.leaf)",
            )?;
            let rows = select.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for leaf in left {
            self.secrets.erase(from_sql(leaf)?)?;
            let transaction = self.record.transaction()?;
            transaction.execute("UPDATE event SET sealed = NULL WHERE leaf = ?1", [leaf])?;
            transaction.execute("DELETE FROM callback_left WHERE leaf = ?1", [leaf])?;
            transaction.commit()?;
        }
        Ok(())
    }

    /// Takes in what a party tells: a row and a leaf for each delivery. Their places.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn tell_callbacks(
        &mut self,
        told: &Announcement,
    ) -> Result<Result<Vec<u64>, Rejected>, Failure> {
        self.alive()?;
        // What rejects one holds for all, so for the first, and nothing is written then.
        // One that is refused at once has its end too.
        let leaves = u64::try_from(told.deliveries.len().saturating_mul(2)).unwrap_or(u64::MAX);
        let done = self.transacted(leaves, |writing| {
            let each = told.deliveries.iter();
            settled(each.map(|new| writing.take_in(told, new)).collect())
        });
        done.map_err(|failure| self.failed(failure))
    }

    /// The deliveries that have not ended, behind that leaf, in their order.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn open_deliveries(&self, behind: u64, limit: usize) -> Result<Vec<OpenDelivery>, Failure> {
        let mut select = self.record.prepare_cached(
            "SELECT exchange.leaf, callback, delivery.attempts, under_way FROM exchange \
             JOIN delivery ON delivery.leaf = exchange.leaf \
             WHERE open = 1 AND exchange.leaf > ?1 ORDER BY exchange.leaf LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = select.query_map(params![to_sql(behind)?, limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        rows.map(|row| self.open_delivery(row?)).collect()
    }

    fn open_delivery(&self, row: (i64, [u8; 16], u32, bool)) -> Result<OpenDelivery, Failure> {
        let (leaf, callback, attempts, under_way) = row;
        let leaf = from_sql(leaf)?;
        let missing = || wrong("a delivery without its exchange");
        let found = rows::by_leaf(&self.record, leaf)?.ok_or_else(missing)?;
        Ok(OpenDelivery {
            leaf,
            correlation: found.correlation,
            callback: Uuid::from_bytes(callback),
            sender: found.sender,
            receiver: found.receiver.ok_or_else(missing)?,
            contract: found.contract,
            accepted: self.leaf(leaf)?.at,
            deadline: time_from_sql(found.deadline)?,
            attempts,
            under_way,
            delivery: found.delivery,
        })
    }

    /// An attempt begins: that is on disk when this returns, with what it needs.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn begin_callback(
        &mut self,
        correlation: CorrelationId,
        at: Timestamp,
    ) -> Result<Result<TakenIn, Rejected>, Failure> {
        self.alive()?;
        let begun = self.transacted(0, |writing| {
            settled(writing.begin_callback(correlation, at))
        });
        let (leaf, callback, attempt) = match begun.map_err(|failure| self.failed(failure))? {
            Ok(begun) => begun,
            Err(rejected) => return Ok(Err(rejected)),
        };
        let Some(content) = self.content(leaf, leaf)? else {
            return Ok(Err(Rejected::Erased));
        };
        Ok(Ok(TakenIn {
            attempt,
            callback: self.callback(callback)?,
            message: content.message,
        }))
    }

    /// What came of an attempt, and what was sent in it, in one transaction.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn settle_callback(
        &mut self,
        sent: Option<&Sent>,
        came: &Came,
    ) -> Result<Result<(), Rejected>, Failure> {
        self.alive()?;
        let done = self.transacted(1, |writing| {
            if let Some(sent) = sent
                && let Err(rejected) = settled(writing.sent(sent))?
            {
                return Ok(Err(rejected));
            }
            settled(match came {
                Came::Open(correlation, under_way) => writing.leave_open(*correlation, *under_way),
                Came::Ended(end, how) => writing.end_callback(end, *how).map(drop),
            })
        });
        done.map_err(|failure| self.failed(failure))
    }

    pub(super) fn is_callback(&self, leaf: u64) -> Result<bool, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT 1 FROM delivery WHERE leaf = ?1")?;
        Ok(select.exists([to_sql(leaf)?])?)
    }
}

/// A row of the table `callback`.
struct Sealed {
    id: [u8; 16],
    owner: [u8; 32],
    leaf: i64,
    number: u32,
    bytes: Vec<u8>,
}

fn sealed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Sealed> {
    Ok(Sealed {
        id: row.get(0)?,
        owner: row.get(1)?,
        leaf: row.get(2)?,
        number: row.get(3)?,
        bytes: row.get(4)?,
    })
}

const fn place(leaf: u64, number: u32) -> Place {
    Place {
        leaf,
        piece: CALLBACK,
        attempt: number,
    }
}

impl Writing<'_> {
    fn change_callbacks(&mut self, change: &CallbackChange) -> Result<Done, Stop> {
        change.content.check()?;
        self.must_be_new(change.correlation)?;
        for id in &change.removed {
            self.must_be_theirs(*id, change.owner)?;
        }
        for (id, _) in &change.set {
            self.must_be_nobody_elses(*id, change.owner)?;
        }
        let leaf = self.first_event(&change_leaf(change), &change.content)?;
        for id in &change.removed {
            self.leave(*id)?;
            self.transaction
                .execute("DELETE FROM callback WHERE id = ?1", [id.as_bytes()])?;
        }
        let secret = self.secret(leaf)?;
        for (number, (id, plain)) in (0_u32..).zip(&change.set) {
            self.leave(*id)?;
            let sealed = secret
                .seal(place(leaf, number), plain)
                .map_err(Failure::from)?;
            let mut insert = self.transaction.prepare_cached(
                "INSERT INTO callback VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(id) DO UPDATE SET \
                 leaf = excluded.leaf, number = excluded.number, sealed = excluded.sealed",
            )?;
            one(insert.execute(params![
                id.as_bytes(),
                change.owner.to_bytes(),
                to_sql(leaf)?,
                number,
                sealed
            ])?)?;
        }
        Ok(Done::Leaf(leaf))
    }

    fn must_be_theirs(&self, id: Uuid, owner: Party) -> Result<(), Stop> {
        let mut select = self
            .transaction
            .prepare_cached("SELECT 1 FROM callback WHERE id = ?1 AND owner = ?2")?;
        if select.exists(params![id.as_bytes(), owner.to_bytes()])? {
            Ok(())
        } else {
            Err(Rejected::NotThere.into())
        }
    }

    fn must_be_nobody_elses(&self, id: Uuid, owner: Party) -> Result<(), Stop> {
        let mut select = self
            .transaction
            .prepare_cached("SELECT 1 FROM callback WHERE id = ?1 AND owner <> ?2")?;
        if select.exists(params![id.as_bytes(), owner.to_bytes()])? {
            Err(Rejected::NotThere.into())
        } else {
            Ok(())
        }
    }

    /// The leaf by which it was registered has one less.
    fn leave(&self, id: Uuid) -> Result<(), Failure> {
        let mut insert = self.transaction.prepare_cached(
            "INSERT OR IGNORE INTO callback_left SELECT leaf FROM callback WHERE id = ?1",
        )?;
        insert.execute([id.as_bytes()])?;
        Ok(())
    }

    fn take_in(&mut self, told: &Announcement, new: &NewDelivery) -> Result<u64, Stop> {
        let leaf = self.accept_as(Kind::Callback, &accept(told, new))?;
        let mut insert = self
            .transaction
            .prepare_cached("INSERT INTO delivery VALUES(?1, ?2, 0, 0)")?;
        insert.execute(params![to_sql(leaf)?, new.callback.as_bytes()])?;
        drop(insert);
        if new.refused {
            let end = End {
                correlation: new.correlation,
                at: told.at,
                statement: CROWDED.into(),
            };
            self.end_callback(&end, CallbackEnd::Refused)?;
        }
        Ok(leaf)
    }

    fn begin_callback(
        &self,
        correlation: CorrelationId,
        at: Timestamp,
    ) -> Result<(u64, Uuid, u32), Stop> {
        let found = self.accepted(correlation)?;
        if let Some(ending) = found.ending {
            return Err(Rejected::Decided(ending).into());
        }
        if found.deadline <= time_to_sql(at)? {
            return Err(Rejected::Overdue.into());
        }
        let leaf = to_sql(found.leaf)?;
        let mut select = self
            .transaction
            .prepare_cached("SELECT callback, attempts, under_way FROM delivery WHERE leaf = ?1")?;
        let row = select.query_row([leaf], |row| {
            Ok((
                row.get::<_, [u8; 16]>(0)?,
                row.get::<_, u32>(1)?,
                row.get::<_, bool>(2)?,
            ))
        });
        let (callback, attempts, under_way) = row.optional()?.ok_or(Rejected::NotThere)?;
        if under_way && found.delivery == Delivery::Once {
            return Err(Rejected::Spent.into());
        }
        let attempt = attempts.saturating_add(1);
        if attempt > MAX_ATTEMPTS {
            return Err(Rejected::TooOften.into());
        }
        let mut update = self
            .transaction
            .prepare_cached("UPDATE delivery SET attempts = ?2, under_way = 1 WHERE leaf = ?1")?;
        one(update.execute(params![leaf, attempt])?)?;
        let mut update = self
            .transaction
            .prepare_cached("UPDATE exchange SET attempts = ?2 WHERE leaf = ?1")?;
        one(update.execute(params![leaf, attempt])?)?;
        Ok((found.leaf, Uuid::from_bytes(callback), attempt))
    }

    fn leave_open(&self, correlation: CorrelationId, under_way: bool) -> Result<(), Stop> {
        let found = self.accepted(correlation)?;
        let mut update = self
            .transaction
            .prepare_cached("UPDATE delivery SET under_way = ?2 WHERE leaf = ?1")?;
        one(update.execute(params![to_sql(found.leaf)?, under_way])?)?;
        Ok(())
    }

    fn end_callback(&mut self, end: &End, how: CallbackEnd) -> Result<Done, Stop> {
        let found = self.accepted(end.correlation)?;
        if let Some(ending) = found.ending {
            return Err(Rejected::Decided(ending).into());
        }
        let (kind, ending) = match how {
            CallbackEnd::Delivered => (Kind::Delivered, Ending::Answered),
            CallbackEnd::Refused => (Kind::Refused, Ending::Refused),
            CallbackEnd::Expired => (Kind::Expired, Ending::Expired),
            CallbackEnd::Unknown => (Kind::Unknown, Ending::Unknown),
        };
        let content = Content {
            statement: end.statement.clone(),
            ..Content::default()
        };
        content.check()?;
        self.decide(&found, ending, &end_leaf(&found, end.at, kind), &content)
    }
}

fn change_leaf(change: &CallbackChange) -> Leaf {
    Leaf {
        kind: Kind::Callbacks,
        correlation: change.correlation,
        parent: None,
        at: change.at,
        sender: Some(change.owner),
        receiver: None,
        contract: None,
        thumbprint: Some(change.thumbprint),
        commitment: LATER,
    }
}

fn accept(told: &Announcement, new: &NewDelivery) -> Accept {
    let contract = new.contract;
    let statement = format!(
        "told to the callback {}: allowed by contract {}, version {}",
        new.callback.hyphenated(),
        contract.id.hyphenated(),
        contract.version
    );
    Accept {
        correlation: new.correlation,
        parent: Some(told.parent),
        at: told.at,
        deadline: told.deadline,
        sender: told.sender,
        receiver: new.receiver,
        contract: Some(contract),
        thumbprint: told.thumbprint,
        replay: None,
        idempotency: None,
        request: told.request,
        delivery: new.delivery,
        starts: false,
        content: Content {
            statement: statement.into_bytes(),
            ..told.content.clone()
        },
    }
}
