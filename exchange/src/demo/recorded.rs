//! What is on record of an exchange, and what that proves to others.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::failed::{Doing, Failed};
use super::people::People;
use super::stage::Stage;
use super::telling::Telling;
use crate::correlation::CorrelationId;
use crate::record::{Grounds, Leaf, Pins, verify_evidence};

const WHAT: &str = "reading the record";

/// An event of the log, with what lies beside it.
pub(super) struct Event {
    pub(super) index: u64,
    pub(super) leaf: Leaf,
    leaf_len: usize,
    /// Hashes from it to the log's root.
    proof_len: usize,
    message_len: usize,
    /// What the exchange noted.
    pub(super) note: String,
}

/// The events of an evidence file.
pub(super) fn events(evidence: &[u8]) -> Result<Vec<Event>, Failed> {
    let json: Value = serde_json::from_slice(evidence).doing(WHAT)?;
    let all = json.get("events").and_then(Value::as_array);
    all.doing(WHAT)?.iter().map(event).collect()
}

fn event(json: &Value) -> Result<Event, Failed> {
    let bytes = |path: &str| {
        let text = json.pointer(path).and_then(Value::as_str).doing(WHAT)?;
        BASE64_STANDARD.decode(text).doing(WHAT)
    };
    let leaf = bytes("/leaf")?;
    let proof = json.get("proof").and_then(Value::as_array);
    Ok(Event {
        index: json.get("index").and_then(Value::as_u64).doing(WHAT)?,
        leaf: Leaf::from_bytes(&leaf).doing(WHAT)?,
        leaf_len: leaf.len(),
        proof_len: proof.map_or(0, Vec::len),
        message_len: bytes("/content/message")?.len(),
        note: String::from_utf8_lossy(&bytes("/content/statement")?).into_owned(),
    })
}

/// Tells it; the evidence.
pub(super) fn tell(
    stage: &Stage,
    people: &People,
    correlation: CorrelationId,
    telling: &mut Telling<'_>,
) -> Result<Vec<u8>, Failed> {
    let evidence = stage.evidence(correlation, people)?.doing(WHAT)?;
    telling.heading("What is on record, and what it proves")?;
    telling.text(
        "The record is a log to which events are only ever added: each is hashed together with all before it, so that \
         none can be changed, taken out or put in without everybody seeing it who has an older checkpoint. What stands in \
         the log tells nothing of what was said; the messages lie beside it, encrypted, and can be erased.",
    )?;
    let events = events(&evidence)?;
    let own = events
        .iter()
        .filter(|event| event.leaf.correlation == correlation);
    for (number, event) in own.enumerate() {
        let number = number.saturating_add(1);
        telling.plain("")?;
        telling.labelled(&format!("event {number}"), &held(event))?;
    }
    telling.plain("")?;
    let proved = format!(
        "The evidence of this exchange is one file of {} bytes: the {} events that belong to it, the contract's among \
         them, with a proof for each that it is in the log, the messages, what the exchange signed, and the \
         certificates. It says, checked without the exchange and with the certificates of A, B and the exchange known:",
        evidence.len(),
        events.len()
    );
    telling.text(&proved)?;
    telling.plain("")?;
    let report = verify_evidence(&evidence, &pins(people)?).doing("verifying the evidence")?;
    for statement in &report.statements {
        let label = match statement.grounds {
            Grounds::Proved => "proved",
            Grounds::Stated => "stated",
            Grounds::NotSigned => "not signed",
            Grounds::NotPinned => "not pinned",
            Grounds::NotWitnessed => "not witnessed",
        };
        telling.labelled(label, &statement.text)?;
    }
    telling.plain("")?;
    telling.text(
        "Proved: only who holds the key can have signed it; what A and B signed, the exchange cannot have made up. Stated: \
         the exchange's word, which it cannot take back. Not witnessed: nobody else has signed the state of the log.",
    )?;
    Ok(evidence)
}

/// What an event holds.
fn held(event: &Event) -> String {
    let Event { index, leaf, .. } = event;
    let party = |party: &Option<crate::party::Party>| {
        party.map_or_else(|| "nobody".to_owned(), |party| party.to_string())
    };
    let contract = leaf.contract.map_or_else(String::new, |contract| {
        format!(
            ", contract {} in its version {}",
            contract.id.hyphenated(),
            contract.version
        )
    });
    let time = leaf
        .at
        .format()
        .map(|text| text.to_string())
        .unwrap_or_default();
    let note = if event.note.is_empty() {
        "nothing".to_owned()
    } else {
        format!("\"{}\"", event.note)
    };
    format!(
        "Leaf {index} of the log, {} bytes: {} from {} to {}, at {time}{contract}; which certificate, and a keyed hash of \
         what was said. That it is in the log {} hashes prove. Beside it, encrypted: the message of {} bytes with its \
         signature. The exchange notes: {note}.",
        event.leaf_len,
        leaf.kind,
        party(&leaf.sender),
        party(&leaf.receiver),
        event.proof_len,
        event.message_len,
    )
}

fn pins(people: &People) -> Result<Pins, Failed> {
    let mut pins = Pins::new();
    for pin in people.pins() {
        pins.add(&pin).doing(WHAT)?;
    }
    Ok(pins)
}
