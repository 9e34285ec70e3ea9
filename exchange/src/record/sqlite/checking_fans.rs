//! Checking what is said of requests to several receivers (X-FANOUT) against the leaves of their exchanges.

use rusqlite::{Row, params};

use super::checking::{Checked, Finding};
use super::fan_fault::FanFault;
use super::number::{to_sql, wrong};
use super::rows;
use super::store::SqliteStore;
use super::writing::first_leaf;
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;

/// A row of `fan_child` with what its request says.
struct Named {
    fan: CorrelationId,
    child: CorrelationId,
    receiver: Party,
    status: Option<i64>,
    /// Who sent the request, and its hash; `None` where it is not on record.
    request: Option<(Party, [u8; HASH_LEN])>,
}

impl Named {
    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        let sender: Option<[u8; 32]> = row.get(4)?;
        let request: Option<[u8; HASH_LEN]> = row.get(5)?;
        Ok(Self {
            fan: CorrelationId::from_bytes(row.get(0)?),
            child: CorrelationId::from_bytes(row.get(1)?),
            receiver: Party::from_bytes(row.get(2)?),
            status: row.get(3)?,
            request: sender.map(Party::from_bytes).zip(request),
        })
    }

    /// Whether it was told as done.
    fn is_good(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

impl SqliteStore {
    /// A leaf that is of a request to several is one of those that the request names.
    pub(super) fn check_parent(
        &self,
        place: u64,
        leaf: &Leaf,
        checked: &mut Checked,
    ) -> Result<(), Failure> {
        let Some(parent) = leaf.parent.filter(|_| leaf.kind == Kind::Request) else {
            return Ok(());
        };
        let mut select = self
            .record
            .prepare_cached("SELECT 1 FROM fan_child WHERE fan = ?1 AND child = ?2")?;
        if !select.exists(params![parent.as_bytes(), leaf.correlation.as_bytes()])? {
            checked.found(Finding::Fan(parent, FanFault::NotNamed(place)));
        }
        Ok(())
    }

    /// What is said of these requests is what the leaves of their exchanges say.
    pub(super) fn check_fans(&self, checked: &mut Checked) -> Result<(), Failure> {
        let mut select = self.record.prepare(
            "SELECT fan_child.fan, child, receiver, status, sender, request FROM fan_child \
             LEFT JOIN fan ON fan.id = fan_child.fan ORDER BY fan_child.fan, child",
        )?;
        let mut missing = None;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let named = Named::read(row)?;
            match named.request {
                Some(request) => self.check_child(&named, request, checked)?,
                None if missing == Some(named.fan) => {}
                None => {
                    missing = Some(named.fan);
                    checked.found(Finding::Fan(named.fan, FanFault::NotThere));
                }
            }
        }
        for (query, fault) in WRONG {
            let mut select = self.record.prepare(query)?;
            let ids = select.query_map([], |row| row.get(0))?;
            for id in ids {
                checked.found(Finding::Fan(CorrelationId::from_bytes(id?), fault));
            }
        }
        Ok(())
    }

    fn check_child(
        &self,
        named: &Named,
        (sender, request): (Party, [u8; HASH_LEN]),
        checked: &mut Checked,
    ) -> Result<(), Failure> {
        let child = named.child;
        let mut found = |fault: fn(CorrelationId) -> FanFault| {
            checked.found(Finding::Fan(named.fan, fault(child)));
        };
        let Some(first) = first_leaf(&self.record, child)? else {
            // It was never accepted, and nobody can have answered it.
            if named.is_good() {
                found(FanFault::Status);
            }
            return Ok(());
        };
        // What cannot be read is found where leaves and rows are looked at.
        let (Ok(leaf), Ok(Some(row))) = (self.leaf_at(first), rows::by_leaf(&self.record, first))
        else {
            return Ok(());
        };
        let is_request = leaf.kind == Kind::Request;
        if is_request && leaf.parent != Some(named.fan) {
            found(FanFault::Parent);
        }
        if leaf.sender != Some(sender) {
            found(FanFault::Sender);
        }
        // Where it was refused at once, nobody may have been found.
        let receiver = leaf.receiver;
        if receiver != Some(named.receiver) && (is_request || receiver.is_some()) {
            found(FanFault::Receiver);
        }
        if !self.is_request_of(first, &request)? {
            found(FanFault::Request);
        }
        let known = named.status.is_some();
        let is_told_otherwise = (known && row.ending.is_none())
            || (named.is_good() && row.ending != Some(Ending::Answered));
        // What was asked for again by an operator may have ended otherwise since.
        if is_told_otherwise && !row.requeued {
            found(FanFault::Status);
        }
        if row.ending == Some(Ending::Answered)
            && !row.requeued
            && let Some(told) = named.status
            && let Ok(Some(answer)) = self.read_answer(child)
            && status_of(&answer.statement).is_some_and(|status| status != told)
        {
            found(FanFault::Status);
        }
        Ok(())
    }

    fn leaf_at(&self, place: u64) -> Result<Leaf, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT bytes FROM event WHERE leaf = ?1")?;
        let bytes: Vec<u8> = select.query_row([to_sql(place)?], |row| row.get(0))?;
        Leaf::from_bytes(&bytes).map_err(|problem| wrong(&problem.to_string()))
    }

    fn is_request_of(&self, first: u64, request: &[u8; HASH_LEN]) -> Result<bool, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT 1 FROM exchange WHERE leaf = ?1 AND request = ?2")?;
        Ok(select.exists(params![to_sql(first)?, request])?)
    }
}

/// What the exchange states of an answer that it took, where it states a status.
fn status_of(statement: &[u8]) -> Option<i64> {
    let text = core::str::from_utf8(statement).ok()?;
    text.strip_prefix("status ")?.parse().ok()
}

/// What SQL finds by itself.
const WRONG: [(&str, FanFault); 4] = [
    (
        "SELECT id FROM fan WHERE NOT EXISTS (SELECT 1 FROM fan_child WHERE fan_child.fan = id) ORDER BY id",
        FanFault::Childless,
    ),
    (
        "SELECT id FROM fan JOIN fan_child ON fan_child.fan = id GROUP BY id \
         HAVING count(status) NOT IN (0, count(*)) OR (open = 1 AND count(status) > 0) ORDER BY id",
        FanFault::Statuses,
    ),
    (
        "SELECT DISTINCT fan FROM fan_key WHERE NOT EXISTS (SELECT 1 FROM fan WHERE id = fan) \
         AND NOT EXISTS (SELECT 1 FROM fan_child WHERE fan_child.fan = fan_key.fan) ORDER BY fan",
        FanFault::NotThere,
    ),
    (
        "SELECT DISTINCT fan FROM fan_key JOIN fan ON fan.id = fan_key.fan \
         WHERE substr(sender, 17) <> instance OR fan.at <> fan_key.at ORDER BY fan",
        FanFault::Key,
    ),
];
