//! The log's part of evidence: its key, its checkpoint, and that the leaves are in it.

use daxsign_core::{CertificateFile, PublicKey, Sha256};

use crate::record::evidence::file::{Bytes, EvidenceFile, LoggedEvent};
use crate::record::evidence::problem::EvidenceProblem;
use crate::record::leaf::commitment::commitment;
use crate::record::leaf::content::Content;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};
use crate::record::log::checkpoint::Checkpoint;
use crate::record::log::naming::{PUBLIC_SALT, named_key};
use crate::record::log::proof::included;

/// A leaf that is in the log, with its content.
pub(super) struct Logged {
    pub(super) index: u64,
    pub(super) leaf: Leaf,
    /// `None` where it is erased.
    pub(super) content: Option<Content>,
}

/// The log as the file shows it.
pub(super) struct Log {
    pub(super) checkpoint: Checkpoint,
    pub(super) verifier: String,
    /// The exchange's certificate, and its key.
    pub(super) thumbprint: [u8; HASH_LEN],
    pub(super) exchange: PublicKey,
    pub(super) events: Vec<Logged>,
}

impl Log {
    pub(super) fn read(file: &EvidenceFile) -> Result<Self, EvidenceProblem> {
        let (leaf, content) = birth(&file.log)?;
        let thumbprint = leaf.thumbprint.ok_or(EvidenceProblem::LogKey)?;
        let exchange = certified_key(&file.certificates, &thumbprint, 0)?;
        let verifier = named_key(&content, &exchange)
            .ok_or(EvidenceProblem::LogKey)?
            .to_owned();
        let checkpoint = Checkpoint::verify(file.checkpoint.as_bytes(), &verifier)
            .map_err(|_| EvidenceProblem::Checkpoint)?;
        is_included(&file.log, &checkpoint)?;
        let mut events = Vec::new();
        for event in &file.events {
            is_included(event, &checkpoint)?;
            events.push(logged(event)?);
        }
        in_order(&events)?;
        Ok(Self {
            checkpoint,
            verifier,
            thumbprint,
            exchange,
            events,
        })
    }
}

fn birth(event: &LoggedEvent) -> Result<(Leaf, Content), EvidenceProblem> {
    let logged = logged(event)?;
    let content = logged.content.ok_or(EvidenceProblem::LogKey)?;
    let is_first = logged.index == 0 && logged.leaf.kind == Kind::LogKey;
    let shown = event
        .content
        .as_ref()
        .map(|content| content.salt.0.as_slice());
    if is_first && shown == Some(&PUBLIC_SALT) {
        Ok((logged.leaf, content))
    } else {
        Err(EvidenceProblem::LogKey)
    }
}

/// Reads the leaf, and checks that what is shown is what it promises.
fn logged(event: &LoggedEvent) -> Result<Logged, EvidenceProblem> {
    let index = event.index;
    let leaf = Leaf::from_bytes(&event.leaf.0).map_err(EvidenceProblem::form)?;
    let mut content = None;
    if let Some(shown) = &event.content {
        let salt = shown
            .salt
            .0
            .as_slice()
            .try_into()
            .map_err(|_| EvidenceProblem::Content(index))?;
        let promised = Content {
            message: shown.message.0.clone(),
            signature: shown.signature.0.clone(),
            statement: shown.statement.0.clone(),
        };
        if commitment(salt, &promised) != leaf.commitment {
            return Err(EvidenceProblem::Content(index));
        }
        content = Some(promised);
    }
    Ok(Logged {
        index,
        leaf,
        content,
    })
}

fn is_included(event: &LoggedEvent, checkpoint: &Checkpoint) -> Result<(), EvidenceProblem> {
    let hashes = event
        .proof
        .iter()
        .map(|Bytes(hash)| hash.as_slice().try_into().ok());
    let proof: Option<Vec<[u8; HASH_LEN]>> = hashes.collect();
    let is_included = proof.is_some_and(|proof| {
        included(
            &proof,
            (checkpoint.size, &checkpoint.root),
            (event.index, &event.leaf.0),
        )
    });
    if is_included {
        Ok(())
    } else {
        Err(EvidenceProblem::NotInLog(event.index))
    }
}

fn in_order(events: &[Logged]) -> Result<(), EvidenceProblem> {
    let mut before = 0;
    for event in events {
        if event.index <= before {
            return Err(EvidenceProblem::Foreign(event.index));
        }
        before = event.index;
    }
    Ok(())
}

/// The key in the certificate with that SHA-256.
pub(super) fn certified_key(
    certificates: &[Bytes],
    thumbprint: &[u8; HASH_LEN],
    index: u64,
) -> Result<PublicKey, EvidenceProblem> {
    let named = certificates
        .iter()
        .find(|Bytes(der)| Sha256::digest(der) == *thumbprint);
    let read = |Bytes(der): &Bytes| CertificateFile::from_bytes(der).ok()?.public_key().ok();
    named
        .and_then(read)
        .ok_or(EvidenceProblem::Certificate(index))
}
