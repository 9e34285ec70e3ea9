//! What the record is told of a change, as it waits in the file.

use daxsign_core::Timestamp;
use serde::{Deserialize, Serialize};

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{Cause, Content, ContractVersion, Failure, Note, NoteKind};
use crate::registry::change::{Change, Signed};
use crate::registry::changing::Noted;
use crate::registry::text;

/// A [`Note`] as JSON. Ids that are not there are empty.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    kind: String,
    correlation: String,
    #[serde(with = "text::time")]
    at: Timestamp,
    sender: Option<String>,
    receiver: Option<String>,
    contract: Option<(String, u32)>,
    #[serde(with = "text::base64")]
    thumbprint: Vec<u8>,
    #[serde(with = "text::base64")]
    message: Vec<u8>,
    #[serde(with = "text::base64")]
    signature: Vec<u8>,
    statement: String,
}

const KINDS: [(NoteKind, &str); 3] = [
    (NoteKind::Certificate, "certificate"),
    (NoteKind::Revocation, "revocation"),
    (NoteKind::Contract, "contract"),
];

impl Waiting {
    /// Of a change, with the message by which a party made it.
    pub(super) fn of(
        noted: &Noted,
        change: &Change,
        signed: Option<&Signed>,
        correlation: CorrelationId,
        at: Timestamp,
    ) -> Self {
        let verified_by = signed.map(|signed| signed.thumbprint);
        let message = match (signed, change) {
            (Some(signed), _) => signed.message.clone(),
            (None, Change::AddCertificate { der, .. }) => der.clone(),
            (None, _) => Vec::new(),
        };
        let kind = KINDS.iter().find(|(kind, _)| *kind == noted.kind);
        Self {
            kind: kind.map(|(_, name)| (*name).to_owned()).unwrap_or_default(),
            correlation: correlation.to_string(),
            at,
            sender: noted.sender.map(|party| party.to_string()),
            receiver: noted.receiver.map(|party| party.to_string()),
            contract: noted.contract.map(|one| (one.id.to_string(), one.version)),
            thumbprint: noted
                .thumbprint
                .or(verified_by)
                .map(Vec::from)
                .unwrap_or_default(),
            message,
            signature: signed
                .map(|signed| signed.signature.clone())
                .unwrap_or_default(),
            statement: statement(change),
        }
    }

    /// For the record.
    pub(super) fn note(self) -> Result<Note, Failure> {
        let damaged = || Failure::new(Cause::Damaged, "a note of the registry cannot be read");
        let party = |text: Option<String>| -> Result<Option<Party>, Failure> {
            let read = text.map(|text| text.parse().map_err(|_| damaged()));
            read.transpose()
        };
        let kind = KINDS.iter().find(|(_, name)| *name == self.kind);
        let contract = self.contract.map(|(id, version)| -> Result<_, Failure> {
            let id = id.parse().map_err(|_| damaged())?;
            Ok(ContractVersion { id, version })
        });
        let content = Content {
            message: self.message,
            signature: self.signature,
            statement: self.statement.into_bytes(),
        };
        Ok(Note {
            kind: kind.ok_or_else(damaged)?.0,
            correlation: self.correlation.parse().map_err(|_| damaged())?,
            at: self.at,
            sender: party(self.sender)?,
            receiver: party(self.receiver)?,
            contract: contract.transpose()?,
            thumbprint: self.thumbprint.try_into().ok(),
            content,
        })
    }
}

/// What the exchange states; what a party said stands in its message.
fn statement(change: &Change) -> String {
    let text = match change {
        Change::Offer { .. } => "offered",
        Change::Sign { .. } => "signed",
        Change::Cancel { .. } => "cancelled",
        Change::Expire { .. } => "expired",
        Change::AddCertificate { .. } => "registered",
        Change::Revoke { .. } => "revoked",
        _ => "changed",
    };
    text.to_owned()
}
