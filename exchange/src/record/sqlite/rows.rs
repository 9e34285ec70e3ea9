//! Rows of the table `exchange`, read.

use rusqlite::{Connection, OptionalExtension, params};

use super::number::{from_sql, time_from_sql, to_sql, wrong};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::leaf::{ContractVersion, Leaf};
use crate::record::storing::delivery::Delivery;
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;
use crate::record::storing::row::Row;
use crate::record::storing::standing::Standing;

/// A row, with what only the store needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// `None` where the request was refused and no receiver is known.
    pub(super) receiver: Option<Party>,
    pub(super) sender: Party,
    pub(super) leaf: u64,
    pub(super) correlation: CorrelationId,
    pub(super) delivery: Delivery,
    pub(super) deadline: i64,
    pub(super) attempts: u32,
    pub(super) ending: Option<Ending>,
    pub(super) ended: Option<u64>,
    pub(super) requeued: bool,
    pub(super) late: bool,
    pub(super) open: bool,
    pub(super) contract: Option<ContractVersion>,
}

macro_rules! columns {
    () => {
        "SELECT exchange.leaf, correlation, sender, receiver, delivery, deadline, attempts, ending, ended, requeued, \
         late, open, bytes FROM exchange JOIN event ON event.leaf = exchange.leaf "
    };
}

const BY_LEAF: &str = concat!(columns!(), "WHERE exchange.leaf = ?1");
const OPEN: &str = concat!(
    columns!(),
    "WHERE open = 1 AND exchange.leaf > ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.leaf = exchange.leaf) \
     ORDER BY exchange.leaf LIMIT ?2"
);
/// Of those with one signing string, the accepted one first.
const BY_REQUEST: &str = concat!(
    columns!(),
    "WHERE request = ?1 AND substr(sender, 17) = ?2 ORDER BY ended IS NOT exchange.leaf DESC, exchange.leaf LIMIT 1"
);

pub(super) fn by_leaf(connection: &Connection, leaf: u64) -> Result<Option<Found>, Failure> {
    let mut select = connection.prepare_cached(BY_LEAF)?;
    let found = select
        .query_row([to_sql(leaf)?], |row| Ok(found(row)))
        .optional()?;
    found.transpose()
}

pub(super) fn by_request(
    connection: &Connection,
    request: &[u8],
    instance: &[u8],
) -> Result<Option<Found>, Failure> {
    let mut select = connection.prepare_cached(BY_REQUEST)?;
    let found = select
        .query_row(params![request, instance], |row| Ok(found(row)))
        .optional()?;
    found.transpose()
}

pub(super) fn open(
    connection: &Connection,
    behind: i64,
    limit: i64,
) -> Result<Vec<Found>, Failure> {
    let mut select = connection.prepare_cached(OPEN)?;
    let rows = select.query_map([behind, limit], |row| Ok(found(row)))?;
    rows.map(|row| row?).collect()
}

fn found(row: &rusqlite::Row<'_>) -> Result<Found, Failure> {
    let leaf = |column| -> Result<Option<u64>, Failure> {
        row.get::<_, Option<i64>>(column)?.map(from_sql).transpose()
    };
    let bytes: Vec<u8> = row.get(12)?;
    let first = Leaf::from_bytes(&bytes).map_err(|problem| wrong(&problem.to_string()))?;
    Ok(Found {
        leaf: from_sql(row.get(0)?)?,
        correlation: CorrelationId::from_bytes(row.get(1)?),
        sender: Party::from_bytes(row.get(2)?),
        receiver: row.get::<_, Option<_>>(3)?.map(Party::from_bytes),
        delivery: delivery(row.get(4)?)?,
        deadline: row.get(5)?,
        attempts: row.get(6)?,
        ending: row.get::<_, Option<u8>>(7)?.map(ending).transpose()?,
        ended: leaf(8)?,
        requeued: row.get(9)?,
        late: leaf(10)?.is_some(),
        open: row.get(11)?,
        contract: first.contract,
    })
}

impl Found {
    pub(super) const fn may_have_left(&self) -> bool {
        self.attempts > 0
    }

    /// For the relay: `None` for a request that was refused.
    pub(super) fn row(&self) -> Result<Option<Row>, Failure> {
        if self.ended == Some(self.leaf) {
            return Ok(None);
        }
        let receiver = self
            .receiver
            .ok_or_else(|| wrong("an accepted request without a receiver"))?;
        Ok(Some(Row {
            correlation: self.correlation,
            leaf: self.leaf,
            sender: self.sender,
            receiver,
            contract: self.contract,
            standing: Standing {
                delivery: self.delivery,
                deadline: time_from_sql(self.deadline)?,
                may_have_left: self.may_have_left(),
                ending: self.ending,
                requeued: self.requeued,
                late: self.late,
            },
        }))
    }
}

pub(super) const fn delivery_code(delivery: Delivery) -> u8 {
    match delivery {
        Delivery::Once => 0,
        Delivery::Repeatable => 1,
    }
}

fn delivery(code: u8) -> Result<Delivery, Failure> {
    match code {
        0 => Ok(Delivery::Once),
        1 => Ok(Delivery::Repeatable),
        _ => Err(wrong("an unknown way of delivery")),
    }
}

pub(super) const fn ending_code(ending: Ending) -> u8 {
    match ending {
        Ending::Answered => 0,
        Ending::Refused => 1,
        Ending::Expired => 2,
        Ending::Unknown => 3,
    }
}

fn ending(code: u8) -> Result<Ending, Failure> {
    match code {
        0 => Ok(Ending::Answered),
        1 => Ok(Ending::Refused),
        2 => Ok(Ending::Expired),
        3 => Ok(Ending::Unknown),
        _ => Err(wrong("an unknown ending")),
    }
}
