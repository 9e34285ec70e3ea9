//! Whether a message was signed as such messages are.

use daxsign_core::{PublicKey, SignatureHeader, Timestamp, Verifier};

use super::name::MessageName;
use super::reading::Message;
use super::refusal::Refusal;
use super::unsigned::{OPTIONS, PROFILE};

/// What holds of a message whose signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Which of the keys it was signed with.
    pub(super) key: usize,
    /// Its date.
    pub(super) date: Timestamp,
    /// What it is known by.
    pub(super) name: MessageName,
}

/// Verifies the signature with each of a party's keys (X-REG: there may be four), and that it covers
/// exactly this list. Each listed field stands there once.
pub(super) fn verify(
    message: &Message<'_>,
    keys: &[&PublicKey],
    list: &[&str],
    now: Timestamp,
) -> Result<Held, Refusal> {
    check_list(message, list)?;
    let request = message.request();
    let mut refusal = Refusal::NotAsked;
    for (index, key) in keys.iter().enumerate() {
        let verifier = Verifier::new(key, PROFILE).options(OPTIONS);
        match verifier.verify(&request, now) {
            Ok(proof) => {
                return Ok(Held {
                    key: index,
                    date: proof.date,
                    name: MessageName(proof.string_hash),
                });
            }
            Err(error) => refusal = Refusal::Signature(error),
        }
    }
    Err(refusal)
}

fn check_list(message: &Message<'_>, list: &[&str]) -> Result<(), Refusal> {
    let request = message.request();
    let header = SignatureHeader::from_request(&request).map_err(Refusal::Signature)?;
    let components = header.components().map_err(Refusal::Signature)?;
    let same = components.iter().count() == list.len()
        && components
            .iter()
            .zip(list)
            .all(|(component, name)| component.is(name));
    if same { Ok(()) } else { Err(Refusal::List) }
}
