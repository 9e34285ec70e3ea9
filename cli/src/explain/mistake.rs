//! What a signer did, in words and as a name, with the bodies that were made here.

use daxsign_core::{Deviation, Variation};

use super::advice;
use super::bodies::{OtherBodies, OtherBody};

/// What a signer did.
#[derive(Clone, Copy)]
pub(super) struct Mistake<'a> {
    pub(super) variation: Variation,
    pub(super) others: &'a OtherBodies,
}

impl Mistake<'_> {
    /// For scripts: the names of what was done, with `+` between.
    pub(super) fn name(&self) -> String {
        let names = self
            .variation
            .deviations()
            .map(|deviation| match self.other(deviation) {
                Some(other) => other.name.clone(),
                None => collected(|mut sink| deviation.write_name(&mut sink)),
            });
        names.collect::<Vec<_>>().join("+")
    }

    /// A sentence about the signer.
    pub(super) fn text(&self) -> String {
        let texts = self
            .variation
            .deviations()
            .map(|deviation| match self.other(deviation) {
                Some(other) => other.text.clone(),
                None => collected(|mut sink| deviation.write_text(&mut sink)),
            });
        format!("the signer {}", texts.collect::<Vec<_>>().join(", and "))
    }

    /// What to change, each once.
    pub(super) fn advice(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for deviation in self.variation.deviations() {
            let advice = match self.other(deviation) {
                Some(other) => advice::for_other_body(other.kind),
                None => advice::for_kind(deviation.kind()),
            };
            if !all.iter().any(|known| known == advice) {
                all.push(advice.to_owned());
            }
        }
        all
    }

    fn other(&self, deviation: Deviation) -> Option<&OtherBody> {
        self.others.bodies.get(deviation.body_alternative()?)
    }
}

fn collected(write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> String {
    let mut bytes = Vec::new();
    write(&mut |piece: &[u8]| bytes.extend_from_slice(piece));
    String::from_utf8_lossy(&bytes).into_owned()
}
