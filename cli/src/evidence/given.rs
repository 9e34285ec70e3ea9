//! A checkpoint that somebody has: as a signed note, or in an evidence file.

use std::path::Path;

use daxsign_exchange::record::{Pins, verify_evidence};

use crate::evidence::verify::refused;
use crate::failure::Failure;
use crate::input::Input;

/// A signed checkpoint, and of which log it is, where that is known.
pub(super) struct Given {
    /// How messages call it.
    pub(super) name: String,
    pub(super) signed: Vec<u8>,
    /// The log's key, as the exchange signed that it is: of evidence.
    pub(super) key: Option<String>,
}

impl Given {
    /// What a file holds. Evidence is JSON, a note never begins like it.
    pub(super) fn read(path: &Path, pins: &Pins) -> Result<Self, Failure> {
        let input = Input::read(path)?;
        let name = input.name.clone();
        if !input.bytes.starts_with(b"{") {
            return Ok(Self {
                name,
                signed: input.bytes.to_vec(),
                key: None,
            });
        }
        let report =
            verify_evidence(&input.bytes, pins).map_err(|problem| refused(&problem, &name))?;
        Ok(Self {
            name,
            signed: report.signed_checkpoint.into_bytes(),
            key: Some(report.log_key),
        })
    }
}
