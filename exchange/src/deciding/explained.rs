//! What a signature that does not hold was made of, told in the sandbox: the string that was expected, the first
//! difference, the likely mistake.

use daxsign_core::{Components, Explainer, Finding, Options, Request, SignatureHeader, Variation};

use crate::identity::Bearer;

/// How many bytes of signing strings are hashed at most, for each key: a few milliseconds.
const BUDGET: u64 = 4 << 20;
/// How much of a string is shown.
const SHOWN: usize = 2 << 10;
/// How much of it around a difference.
const AROUND: usize = 32;

/// What is found out of a request of this bearer whose signature does not hold, a sentence for each thing. The body is
/// shown, to who sent it.
#[must_use]
pub fn explained(request: &Request<'_>, bearer: &Bearer<'_>) -> Vec<String> {
    let header = SignatureHeader::from_request(request);
    let Some(components) = header
        .as_ref()
        .ok()
        .and_then(|header| header.components().ok())
    else {
        return Vec::new();
    };
    let finding = bearer
        .certificates
        .iter()
        .filter_map(|certificate| {
            let explainer = Explainer::new(&certificate.key).budget(BUDGET);
            explainer.explain(request).finding
        })
        // Of the keys that the signature was not made with nothing can be said.
        .reduce(|found, other| {
            if found == Finding::WrongKey {
                other
            } else {
                found
            }
        });
    let Some(finding) = finding else {
        return Vec::new();
    };
    let expected = string(request, &components, &Variation::NONE);
    let mut told = vec![format!("explain[mistake]: {}", mistake(&finding, bearer))];
    if let Finding::Mistake { variation, .. } = finding {
        let signed = string(request, &components, &variation);
        told.extend(difference(&expected, &signed));
    }
    told.push(format!(
        "explain[expected]: the string to sign is \"{}\"",
        shown(&expected)
    ));
    told
}

fn mistake(finding: &Finding, bearer: &Bearer<'_>) -> String {
    match finding {
        Finding::Verifies { profile } => format!(
            "the signature is right under the profile {profile}; this instance is registered for {}",
            bearer.instance.profile()
        ),
        Finding::Mistake { variation, profile } => format!("{variation} (profile {profile})"),
        Finding::WrongEncoding { variation } => {
            format!("{variation}; what string was signed is not known")
        }
        Finding::OtherHash { name } => {
            format!("the signature holds {name}; expected is SHA-256 with its DigestInfo")
        }
        Finding::WrongKey => "no registered key of this instance made the signature, or not by signing, or it was damaged".to_owned(),
        Finding::Unexplained { .. } => {
            "the key is right, and another string was signed, which no known mistake gives".to_owned()
        }
    }
}

/// What such a signer signs; empty where it cannot be written.
fn string(request: &Request<'_>, components: &Components<'_>, variation: &Variation) -> Vec<u8> {
    let mut written = Vec::new();
    let mut sink = |bytes: &[u8]| written.extend_from_slice(bytes);
    let done = variation.write_string(request, components, Options::DAX, &mut sink);
    if done.is_err() {
        written.clear();
    }
    written
}

/// The first byte in which they differ, with what stands around it.
fn difference(expected: &[u8], signed: &[u8]) -> Option<String> {
    let same = expected
        .iter()
        .zip(signed)
        .take_while(|(one, other)| one == other);
    let at = same.count();
    if at == expected.len() && at == signed.len() {
        return None;
    }
    let around = |string: &[u8]| {
        let part = string
            .iter()
            .skip(at.saturating_sub(AROUND / 2))
            .take(AROUND);
        let part: Vec<u8> = part.copied().collect();
        shown(&part)
    };
    let (expected, signed) = (around(expected), around(signed));
    Some(format!(
        "explain[difference]: at byte {at}, expected \"…{expected}…\", signed \"…{signed}…\""
    ))
}

/// In one line, cut where it is long.
fn shown(string: &[u8]) -> String {
    let cut = string.get(..SHOWN).unwrap_or(string);
    let more = if cut.len() < string.len() { "…" } else { "" };
    let text = String::from_utf8_lossy(cut);
    format!("{}{more}", text.escape_debug())
}
