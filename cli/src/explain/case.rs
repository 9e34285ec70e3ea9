//! A request to explain, and what is told about it.

use daxsign_core::{
    Components, Covered, Error, Explainer, Explanation, Finding, Options, Request, SIGNATURE_FIELD,
    SignatureHeader, Sink, TargetForm, Variation, write_signing_string,
};
use daxsign_http::RawRequest;

use super::advice::{self, Names};
use super::answer::{Answer, BROKEN_RULE, SIGNED_FILE, finding_name};
use super::bodies::OtherBodies;
use super::mistake::Mistake;
use super::not_tried;
use super::signed_file::{self, SignedFile};
use crate::failure::{Failure, Refusal};
use crate::hex::hex;
use crate::input::Input;
use crate::place;
use crate::terminal::argument;

/// A request to explain.
pub(super) struct Case<'r> {
    pub(super) file: &'r str,
    pub(super) key_file: &'r str,
    pub(super) raw: &'r RawRequest<'r>,
    pub(super) request: Request<'r>,
    pub(super) options: Options,
    pub(super) explainer: Explainer<'r>,
    pub(super) others: &'r OtherBodies,
}

impl<'r> Case<'r> {
    /// All that is told. `unframed` says that others may read another request out of the bytes.
    pub(super) fn answer(
        &self,
        explanation: &Explanation,
        unframed: Option<Failure>,
        signed: Option<&Input>,
    ) -> Answer {
        let broken = explanation.refusal.as_ref();
        let refusal = unframed.or_else(|| broken.map(|error| self.refused(error)));
        let Some(finding) = &explanation.finding else {
            return self.unopened(broken, refusal, signed);
        };
        let proof = signed.map(|input| (input, self.prove(input)));
        let mut answer = self.found(finding, refusal.is_some(), signed_bytes(proof.as_ref()));
        answer.searched = Some(explanation.searched);
        if answer.mistake.is_none() && answer.profile.is_none() {
            answer.not_tried = not_tried::sentences(&explanation.searched, self.others, self.raw);
        }
        if let Some((input, proof)) = &proof {
            self.tell_file(&mut answer, input, proof.as_ref(), finding);
        }
        answer.failure = match refusal {
            Some(failure) => {
                answer.break_rule();
                Some(failure)
            }
            None if matches!(finding, Finding::Verifies { .. }) => None,
            None => Some(self.mismatch(&answer.headline)),
        };
        answer
    }

    /// What a finding says, and the strings. `signed` is what is known to have been signed.
    fn found(&self, finding: &Finding, is_refused: bool, signed: Option<&[u8]>) -> Answer {
        let list = self.list();
        let [key_file, request_file] = [self.key_file, self.file].map(argument);
        let names = Names {
            key_file: &key_file,
            request_file: &request_file,
            list: &list,
            full_target: self.options.target == TargetForm::Full,
        };
        let mistake = self.mistake(finding);
        let mistakes = mistake.map(|mistake| mistake.advice()).unwrap_or_default();
        let mut answer = Answer {
            finding: finding_name(finding),
            signature_finding: Some(finding_name(finding)),
            default_list: self.components().is_none(),
            advice: match finding {
                // The commands of the rest end at the broken rule.
                _ if is_refused => mistakes,
                // The sender need not log what it has logged.
                Finding::Unexplained { .. } if signed.is_some() => advice::for_proved(&names),
                _ => advice::for_finding(finding, mistakes, &names),
            },
            headline: self.headline(finding),
            mistake: mistake.map(|mistake| mistake.name()),
            ..Answer::default()
        };
        match finding {
            Finding::Verifies { profile } | Finding::Mistake { profile, .. } => {
                answer.profile = Some(*profile);
            }
            Finding::Unexplained { digest } => answer.digest = Some(hex(digest.as_bytes())),
            _ => {}
        }
        let expected = |sink: &mut dyn Sink| self.write_expected(is_refused, sink);
        let varied = |variation| move |sink: &mut dyn Sink| self.write(&variation, sink);
        match (signed, finding) {
            (Some(signed), _) => answer.compare(&expected, Some(&|sink| sink.write(signed))),
            (None, Finding::Mistake { variation, .. }) => {
                answer.compare(&expected, Some(&varied(*variation)));
            }
            _ => answer.compare(&expected, None),
        }
        answer
    }

    /// The finding in a sentence.
    fn headline(&self, finding: &Finding) -> String {
        let mistake = self.mistake(finding);
        let text = mistake.map(|mistake| mistake.text()).unwrap_or_default();
        let name = mistake.map(|mistake| mistake.name()).unwrap_or_default();
        match finding {
            Finding::Verifies { profile } => {
                format!("the signature verifies under the profile {profile}")
            }
            Finding::Mistake { profile, .. } => format!("{text} ({name}, profile {profile})"),
            Finding::WrongEncoding { .. } => format!(
                "{text} ({name}); what string was signed is not known, since no known mistake gives it"
            ),
            Finding::OtherHash { name } => {
                format!("the signature holds {name}; expected is SHA-256 with its DigestInfo")
            }
            Finding::WrongKey => format!(
                "nothing can be read out of the signature with the key of {}: it was made with \
                 another key, or by another operation than signing (encrypting with the public \
                 key, say), or with a padding that is not known, or it was damaged",
                self.key_file
            ),
            Finding::Unexplained { .. } => {
                "the key is right, but the signer signed something else, and no known mistake \
                 gives it"
                    .to_owned()
            }
        }
    }

    fn mistake(&self, finding: &Finding) -> Option<Mistake<'r>> {
        match finding {
            Finding::Mistake { variation, .. } | Finding::WrongEncoding { variation } => {
                Some(self.mistake_of(*variation))
            }
            _ => None,
        }
    }

    const fn mistake_of(&self, variation: Variation) -> Mistake<'r> {
        Mistake {
            variation,
            others: self.others,
        }
    }

    /// Whether the file's bytes were signed, and in which reading.
    fn prove<'f>(&self, input: &'f Input) -> Option<(signed_file::Reading<'f>, Covered)> {
        signed_file::find(&input.bytes, |bytes| {
            let string = |sink: &mut dyn Sink| sink.write(bytes);
            self.explainer.covers(&self.request, &string).ok().flatten()
        })
    }

    /// What is told about the file.
    fn tell_file(
        &self,
        answer: &mut Answer,
        input: &Input,
        proof: Option<&(signed_file::Reading<'_>, Covered)>,
        finding: &Finding,
    ) {
        let name = &input.name;
        let Some((reading, covered)) = proof else {
            let is_open = !matches!(finding, Finding::WrongKey);
            let is_right = is_open && self.is_expected(&input.bytes);
            answer.signed_file = Some(SignedFile::not_signed(name, is_open, is_right));
            return;
        };
        let mistake = self.mistake_of(covered.variation);
        let is_plain = covered.variation == Variation::NONE;
        let made = (!is_plain).then(|| (mistake.name(), mistake.text()));
        answer.signed_file = Some(SignedFile::signed(name, reading, covered.profile, made));
        if answer.profile.is_none() {
            answer.finding = SIGNED_FILE;
            answer.signature_finding = Some(SIGNED_FILE);
            answer.profile = Some(covered.profile);
            answer.mistake = (!is_plain).then(|| mistake.name());
            answer.not_tried.clear();
            "what was signed is known, and differs from the string of the rules as marked"
                .clone_into(&mut answer.headline);
        }
    }

    /// Whether the file holds the string of the rules, in any reading.
    fn is_expected(&self, file: &[u8]) -> bool {
        let mut expected = Vec::new();
        if self.request.body.len() > file.len() {
            return false;
        }
        self.write_expected(false, &mut |bytes: &[u8]| expected.extend_from_slice(bytes));
        signed_file::find(file, |bytes| (bytes == expected).then_some(())).is_some()
    }

    fn mismatch(&self, headline: &str) -> Failure {
        Failure::Refused(Refusal {
            name: Error::SignatureMismatch.name(),
            message: format!("{}: {headline}", self.file),
            hints: Vec::new(),
        })
    }

    fn refused(&self, error: &Error) -> Failure {
        Failure::refused(error, &place::describe(error, self.file, self.raw))
            .with_hint(place::hint(error, self.raw))
    }

    /// The Signature field cannot be read: what can be shown is the string as far as it goes, and
    /// the place in the field.
    fn unopened(
        &self,
        error: Option<&Error>,
        refusal: Option<Failure>,
        signed: Option<&Input>,
    ) -> Answer {
        let marked = match error {
            Some(
                Error::MalformedSignatureHeader { offset, .. }
                | Error::DuplicateParameter { offset, .. },
            ) => self
                .signature_value()
                .map(|value| (value.to_vec(), *offset)),
            _ => None,
        };
        let mut answer = Answer {
            finding: BROKEN_RULE,
            default_list: self.components().is_none(),
            headline: "the request breaks a rule, so that no signature over it can be judged"
                .to_owned(),
            marked,
            failure: refusal,
            signed_file: signed.map(|input| SignedFile::not_signed(&input.name, false, false)),
            ..Answer::default()
        };
        answer.compare(&|sink| self.write_expected(true, sink), None);
        answer
    }

    /// The Signature field's value as the core reads it: without the spaces and tabs around it.
    fn signature_value(&self) -> Option<&'r [u8]> {
        let mut value = self.raw.named(SIGNATURE_FIELD).next()?.value;
        while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
            value = rest;
        }
        Some(value)
    }

    /// The list in the Signature field, as far as it can be read.
    fn components(&self) -> Option<Components<'r>> {
        let header = SignatureHeader::parse(self.signature_value()?).ok()?;
        header.components().ok()
    }

    /// The list as `--headers` takes it.
    fn list(&self) -> String {
        let mut list = Vec::new();
        if let Some(components) = self.components() {
            let mut sink = |bytes: &[u8]| list.extend_from_slice(bytes);
            components.write_to(&mut sink);
        }
        String::from_utf8_lossy(&list).into_owned()
    }

    /// The string that a sender with this variation signs.
    fn write(&self, variation: &Variation, sink: &mut dyn Sink) {
        if let Some(components) = self.components() {
            // What cannot be written was not found.
            let _ = self
                .explainer
                .write_string(&self.request, &components, variation, sink);
        }
    }

    /// The string of the rules, up to a rule that is broken; of the default list if that of the
    /// Signature field cannot be read.
    fn write_expected(&self, is_refused: bool, sink: &mut dyn Sink) {
        if !is_refused {
            return self.write(&Variation::NONE, sink);
        }
        let default = || Components::default_for(&self.request);
        let components = self.components().unwrap_or_else(default);
        let mut forward = |bytes: &[u8]| sink.write(bytes);
        let _ = write_signing_string(&self.request, &components, self.options, &mut forward);
    }
}

/// The bytes of a file that are proved to be what was signed.
fn signed_bytes<'p>(
    proof: Option<&'p (&Input, Option<(signed_file::Reading<'_>, Covered)>)>,
) -> Option<&'p [u8]> {
    let (reading, _) = proof?.1.as_ref()?;
    Some(&reading.bytes)
}
