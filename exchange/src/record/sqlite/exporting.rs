//! Writing evidence of one exchange (X-EVIDENCE).

use std::collections::BTreeSet;

use daxsign_core::Timestamp;
use rusqlite::params;

use super::number::{from_sql, to_sql, wrong};
use super::secrets::Kept;
use super::sending::{piece_of, unframe};
use super::store::SqliteStore;
use super::writing::first_leaf;
use crate::correlation::CorrelationId;
use crate::record::evidence::file::{
    Bytes, EvidenceFile, FORMAT, LoggedEvent, SentHead, SentTo, ShownContent,
};
use crate::record::leaf::content::Content;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};
use crate::record::leaf::sealing::{Place, Secret};
use crate::record::log::checkpoint::Checkpoint;
use crate::record::log::naming::PUBLIC_SALT;
use crate::record::storing::failure::{Cause, Failure};
use crate::record::storing::operation::Towards;

/// The most leaves in one file: an exchange has three, a contract a few.
const MAX_EVENTS: i64 = 64;

impl SqliteStore {
    /// Everything about one exchange in one file, as of now: `None` where it is not on record. `certificate` finds a
    /// certificate's DER by its SHA-256; without those that it does not find the file is refused later.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn evidence(
        &mut self,
        correlation: CorrelationId,
        now: Timestamp,
        certificate: impl Fn(&[u8; HASH_LEN]) -> Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let note = self.sign_head(now)?;
        let checkpoint = Checkpoint::verify(&note, self.log_key.verifier())
            .map_err(|problem| Failure::new(Cause::Program, problem))?;
        let first = first_leaf(&self.record, correlation)?.filter(|first| *first != 0);
        let Some(first) = first else {
            return Ok(None);
        };
        let mut places = self.places(correlation)?;
        places.extend(self.contract_places(first)?);
        let mut thumbprints = BTreeSet::new();
        let log = self.logged(0, checkpoint.size, &mut thumbprints)?;
        let events = places
            .into_iter()
            .map(|place| self.logged(place, checkpoint.size, &mut thumbprints))
            .collect::<Result<_, _>>()?;
        let file = EvidenceFile {
            format: FORMAT.to_owned(),
            correlation: correlation.to_string(),
            log,
            checkpoint: String::from_utf8(note).map_err(|_| wrong("a checkpoint is no text"))?,
            events,
            sent: self.sent_heads(first)?,
            certificates: thumbprints
                .iter()
                .filter_map(certificate)
                .map(Bytes)
                .collect(),
        };
        let bytes = file
            .to_bytes()
            .map_err(|problem| Failure::new(Cause::Program, problem))?;
        Ok(Some(bytes))
    }

    fn places(&self, correlation: CorrelationId) -> Result<BTreeSet<u64>, Failure> {
        let mut select = self.record.prepare_cached(
            "SELECT leaf FROM event WHERE correlation = ?1 ORDER BY leaf LIMIT ?2",
        )?;
        let places = select.query_map(params![correlation.as_bytes(), MAX_EVENTS], |row| {
            row.get::<_, i64>(0)
        })?;
        places.map(|place| from_sql(place?)).collect()
    }

    /// The steps of the contract that allowed it.
    fn contract_places(&self, first: u64) -> Result<BTreeSet<u64>, Failure> {
        let Some(contract) = self.leaf(first)?.contract else {
            return Ok(BTreeSet::new());
        };
        let mut select = self.record.prepare_cached(
            "SELECT leaf FROM contract WHERE id = ?1 AND version <= ?2 ORDER BY leaf LIMIT ?3",
        )?;
        let parameters = params![contract.id.as_bytes(), contract.version, MAX_EVENTS];
        let places = select.query_map(parameters, |row| row.get::<_, i64>(0))?;
        places.map(|place| from_sql(place?)).collect()
    }

    fn logged(
        &self,
        place: u64,
        size: u64,
        thumbprints: &mut BTreeSet<[u8; HASH_LEN]>,
    ) -> Result<LoggedEvent, Failure> {
        let leaf = self.leaf(place)?;
        thumbprints.extend(leaf.thumbprint);
        let proof = self.inclusion(size, place)?;
        Ok(LoggedEvent {
            index: place,
            leaf: Bytes(leaf.to_bytes()),
            proof: proof.into_iter().map(|hash| Bytes(hash.to_vec())).collect(),
            content: self.shown(place, &leaf)?,
        })
    }

    fn shown(&self, place: u64, leaf: &Leaf) -> Result<Option<ShownContent>, Failure> {
        if place == 0 {
            return self
                .birth_content()
                .map(|content| Some(shown(PUBLIC_SALT.to_vec(), content)));
        }
        let first = first_leaf(&self.record, leaf.correlation)?.unwrap_or(place);
        let Kept::Secret(secret) = self.secrets.get(first)? else {
            return Ok(None);
        };
        let content = self.open_content(&secret, place)?;
        Ok(content.map(|content| shown(secret.salt(place).to_vec(), content)))
    }

    /// What the log begins with, which is not encrypted.
    fn birth_content(&self) -> Result<Content, Failure> {
        let plain = "SELECT sealed FROM event WHERE leaf = 0";
        let bytes: Vec<u8> = self.record.query_row(plain, [], |row| row.get(0))?;
        Content::from_bytes(&bytes).ok_or_else(|| wrong("the log's first leaf is not framed"))
    }

    fn sent_heads(&self, first: u64) -> Result<Vec<SentHead>, Failure> {
        let Kept::Secret(secret) = self.secrets.get(first)? else {
            return Ok(Vec::new());
        };
        let mut select = self.record.prepare_cached(
            "SELECT towards, attempt, sealed FROM sent WHERE leaf = ?1 ORDER BY towards, attempt",
        )?;
        let rows = select.query_map([to_sql(first)?], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.map(|row| {
            let (piece, attempt, sealed): (u8, u32, Vec<u8>) = row?;
            let place = Place {
                leaf: first,
                piece,
                attempt,
            };
            sent_head(&secret, place, &sealed)
        })
        .collect()
    }
}

fn sent_head(secret: &Secret, place: Place, sealed: &[u8]) -> Result<SentHead, Failure> {
    let plain = secret
        .open(place, sealed)
        .ok_or_else(|| wrong("what was sent does not decrypt"))?;
    let (head, body) = unframe(&plain).ok_or_else(|| wrong("what was sent is not framed"))?;
    let to = if place.piece == piece_of(Towards::Receiver) {
        SentTo::Receiver
    } else {
        SentTo::Sender
    };
    Ok(SentHead {
        to,
        head: Bytes(head),
        body: body.map(Bytes),
    })
}

fn shown(salt: Vec<u8>, content: Content) -> ShownContent {
    ShownContent {
        salt: Bytes(salt),
        message: Bytes(content.message),
        signature: Bytes(content.signature),
        statement: Bytes(content.statement),
    }
}
