//! A checkpoint: how many leaves the log has and their hash, signed (C2SP tlog-checkpoint in a signed note).

use core::fmt;

use signed_note::{Note, NoteError, StandardVerifier, VerifierList};
use tlog_tiles::checkpoint::Checkpoint as CheckpointText;
use tlog_tiles::tlog::Hash;

use crate::record::leaf::leaf::HASH_LEN;
use crate::record::log::log_key::LogKey;

/// The longest signed checkpoint that is read, with its witnesses' signatures.
pub const MAX_CHECKPOINT_LEN: usize = 16 << 10;

/// What a log was at some time: two of one log with the same size must have the same root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many leaves it had.
    pub size: u64,
    /// The hash over them (RFC 6962, 2.1).
    pub root: [u8; HASH_LEN],
}

/// Why a checkpoint is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointProblem {
    /// It is no signed note with a checkpoint in it.
    Malformed,
    /// The verifier's key is no `<name>+<id>+<key>` of Ed25519.
    Key,
    /// It is another log's: it has another name.
    Name,
    /// That key did not sign it.
    Signature,
}

impl Checkpoint {
    /// Signs it. The result is a text in UTF-8 of about 200 bytes.
    ///
    /// # Errors
    /// [`CheckpointProblem::Malformed`] for none that has leaves: the key's name was checked.
    pub fn sign(&self, key: &LogKey) -> Result<Vec<u8>, CheckpointProblem> {
        let text = CheckpointText::new(key.name(), self.size, Hash(self.root), "")
            .map_err(|_| CheckpointProblem::Malformed)?;
        let mut note =
            Note::new(&text.to_bytes(), &[]).map_err(|_| CheckpointProblem::Malformed)?;
        note.add_sigs(&[key.signer()])
            .map_err(|_| CheckpointProblem::Signature)?;
        Ok(note.to_bytes())
    }

    /// Reads a signed checkpoint of the log whose key is `verifier`; signatures of others are passed over.
    ///
    /// # Errors
    /// The first problem.
    pub fn verify(signed: &[u8], verifier: &str) -> Result<Self, CheckpointProblem> {
        let note = read(signed)?;
        let key = StandardVerifier::new(verifier).map_err(|_| CheckpointProblem::Key)?;
        let keys = VerifierList::new(vec![Box::new(key)]);
        let (valid, _) = note
            .verify(&keys)
            .map_err(|_| CheckpointProblem::Signature)?;
        if valid.is_empty() {
            return Err(CheckpointProblem::Signature);
        }
        let text =
            CheckpointText::from_bytes(note.text()).map_err(|_| CheckpointProblem::Malformed)?;
        if verifier.split('+').next() != Some(text.origin()) {
            return Err(CheckpointProblem::Name);
        }
        Ok(Self {
            size: text.size(),
            root: text.hash().0,
        })
    }

    /// Whether `witness`, a verifier key, signed it too.
    ///
    /// # Errors
    /// [`CheckpointProblem::Signature`] where a signature of that key stands there and does not hold; another where
    /// the key or the checkpoint cannot be read.
    pub fn witnessed(signed: &[u8], witness: &str) -> Result<bool, CheckpointProblem> {
        let note = read(signed)?;
        let key = StandardVerifier::new(witness).map_err(|_| CheckpointProblem::Key)?;
        let keys = VerifierList::new(vec![Box::new(key)]);
        match note.verify(&keys) {
            Ok((valid, _)) => Ok(!valid.is_empty()),
            Err(NoteError::UnverifiedNote) => Ok(false),
            Err(_) => Err(CheckpointProblem::Signature),
        }
    }
}

fn read(signed: &[u8]) -> Result<Note, CheckpointProblem> {
    if signed.len() > MAX_CHECKPOINT_LEN {
        return Err(CheckpointProblem::Malformed);
    }
    Note::from_bytes(signed).map_err(|_| CheckpointProblem::Malformed)
}

impl fmt::Display for CheckpointProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "no signed note with a checkpoint in it",
            Self::Key => "the log's key is not <name>+<id>+<key> of Ed25519",
            Self::Name => "the checkpoint is of a log with another name",
            Self::Signature => "the log's key did not sign this checkpoint",
        })
    }
}

impl std::error::Error for CheckpointProblem {}
