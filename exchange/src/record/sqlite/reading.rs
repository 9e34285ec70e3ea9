//! What is read back.

use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::number::{to_sql, wrong};
use super::rows::{self, Found};
use super::secrets::Kept;
use super::store::SqliteStore;
use super::writing::{CONTENT, first_leaf};
use crate::correlation::CorrelationId;
use crate::record::leaf::content::Content;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::Leaf;
use crate::record::leaf::sealing::{Place, Secret};
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::{Cause, Failure};
use crate::record::storing::outcome::{Asked, Outcome};
use crate::record::storing::row::Row;

impl SqliteStore {
    pub(super) fn read_row(&self, correlation: CorrelationId) -> Result<Option<Row>, Failure> {
        match self.found(correlation)? {
            Some(found) if !self.is_callback(found.leaf)? => found.row(),
            _ => Ok(None),
        }
    }

    pub(super) fn read_open(&self, behind: Option<u64>, limit: usize) -> Result<Vec<Row>, Failure> {
        let behind = behind.map(to_sql).transpose()?.unwrap_or(-1);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = rows::open(&self.record, behind, limit)?;
        found
            .iter()
            .filter_map(|found| found.row().transpose())
            .collect()
    }

    pub(super) fn read_outcome(
        &self,
        sender: Uuid,
        asked: Asked,
    ) -> Result<Option<Outcome>, Failure> {
        let found = match asked {
            Asked::Correlation(correlation) => self.found(correlation)?,
            Asked::Request(request) => rows::by_request(&self.record, &request, sender.as_bytes())?,
        };
        let Some(found) = found.filter(|found| found.sender.instance == sender) else {
            return self.noted_outcome(sender, asked);
        };
        Ok(Some(Outcome {
            correlation: found.correlation,
            at: self.leaf(found.leaf)?.at,
            ending: found.ending,
            may_have_left: found.may_have_left(),
            late: found.late,
            erased: matches!(self.secrets.get(found.leaf)?, Kept::Erased),
        }))
    }

    /// Of a message by which a party made a contract, or changed its callbacks: once it is on record it is answered.
    fn noted_outcome(&self, sender: Uuid, asked: Asked) -> Result<Option<Outcome>, Failure> {
        let Asked::Correlation(correlation) = asked else {
            return Ok(None);
        };
        let Some(place) = first_leaf(&self.record, correlation)? else {
            return Ok(None);
        };
        let leaf = self.leaf(place)?;
        let is_senders = leaf.sender.is_some_and(|party| party.instance == sender);
        let is_note = matches!(leaf.kind, Kind::Contract | Kind::Callbacks);
        if !is_note || !is_senders {
            return Ok(None);
        }
        Ok(Some(Outcome {
            correlation,
            at: leaf.at,
            ending: Some(Ending::Answered),
            may_have_left: false,
            late: false,
            erased: matches!(self.secrets.get(place)?, Kept::Erased),
        }))
    }

    pub(super) fn read_request(
        &self,
        correlation: CorrelationId,
    ) -> Result<Option<Content>, Failure> {
        match first_leaf(&self.record, correlation)? {
            Some(leaf) if leaf != 0 => self.content(leaf, leaf),
            _ => Ok(None),
        }
    }

    pub(super) fn read_answer(
        &self,
        correlation: CorrelationId,
    ) -> Result<Option<Content>, Failure> {
        let found = self.found(correlation)?;
        match found.map(|found| (found.leaf, found.ending, found.ended)) {
            Some((first, Some(Ending::Answered), Some(leaf))) => self.content(first, leaf),
            _ => Ok(None),
        }
    }

    /// The leaf of a request that was refused before it was accepted, and its place; `None` for others.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn refused(&self, correlation: CorrelationId) -> Result<Option<(u64, Leaf)>, Failure> {
        let found = self.found(correlation)?;
        let place = found.filter(|found| found.ended == Some(found.leaf));
        let place = place.map(|found| found.leaf);
        place
            .map(|place| Ok((place, self.leaf(place)?)))
            .transpose()
    }

    pub(super) fn found(&self, correlation: CorrelationId) -> Result<Option<Found>, Failure> {
        match first_leaf(&self.record, correlation)? {
            Some(leaf) => rows::by_leaf(&self.record, leaf),
            None => Ok(None),
        }
    }

    /// The leaf at that place.
    pub(super) fn leaf(&self, place: u64) -> Result<Leaf, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT bytes FROM event WHERE leaf = ?1")?;
        let bytes: Vec<u8> = select.query_row([to_sql(place)?], |row| row.get(0))?;
        Leaf::from_bytes(&bytes).map_err(|problem| Failure::new(Cause::Damaged, problem))
    }

    /// What lies beside the leaf at `place`, of the exchange that began at `first`; `None` where it is erased.
    pub(super) fn content(&self, first: u64, place: u64) -> Result<Option<Content>, Failure> {
        match self.secrets.get(first)? {
            Kept::Secret(secret) => self.open_content(&secret, place),
            Kept::Erased => Ok(None),
        }
    }

    /// What lies beside a leaf, decrypted; `None` where it was removed.
    pub(super) fn open_content(
        &self,
        secret: &Secret,
        place: u64,
    ) -> Result<Option<Content>, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT sealed FROM event WHERE leaf = ?1")?;
        let sealed: Option<Option<Vec<u8>>> = select
            .query_row([to_sql(place)?], |row| row.get(0))
            .optional()?;
        let Some(sealed) = sealed.flatten() else {
            return Ok(None);
        };
        let at = Place {
            leaf: place,
            piece: CONTENT,
            attempt: 0,
        };
        let plain = secret
            .open(at, &sealed)
            .ok_or_else(|| wrong("a message does not decrypt"))?;
        let content =
            Content::from_bytes(&plain).ok_or_else(|| wrong("a message is not framed"))?;
        Ok(Some(content))
    }
}
