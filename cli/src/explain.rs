//! `daxsign explain`: why does the signature not verify?

use std::fmt::Write;

use daxsign_core::{
    Components, Error, Finding, Options, Profile, Request, SIGNATURE_FIELD, SignatureHeader,
    TargetForm, Variation, write_signing_string,
};
use serde_json::{Value, json};

use crate::advice::{self, Names};
use crate::arguments::ExplainArguments;
use crate::comparison::{self, Titled};
use crate::failure::{Failure, Refusal};
use crate::framing;
use crate::hex::hex;
use crate::http::RawRequest;
use crate::input::Input;
use crate::key_file::KeyFile;
use crate::request_file::{header_fields, open_request, request};
use crate::terminal::{self, Paint};
use crate::{output, place};

/// Runs the command.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    let (key_input, input) = Input::read_both(&arguments.key, &arguments.request.path)?;
    let raw = open_request(&input)?;
    let headers = header_fields(&raw);
    let case = Case {
        file: &input.name,
        key_file: &key_input.name,
        raw: &raw,
        request: request(&raw, &headers),
        options: arguments.target.options(),
    };
    let answer = match (
        KeyFile::parse(&key_input),
        framing::check(&raw, &input.name),
    ) {
        (Ok(_), Err(failure)) => case.refused(failure, None),
        (Ok(key), Ok(())) => case.answer(daxsign_core::explain(
            &key.public,
            &case.request,
            case.options,
        )),
        (Err(failure), _) => Answer::without_key(failure),
    };
    if arguments.json.json {
        output::json(&answer.to_json())?;
    } else {
        let text = answer.to_text(terminal::width(), Paint::for_stdout());
        output::write(text.as_bytes())?;
    }
    answer.failure.map_or(Ok(()), Err)
}

/// The finding where no signature can be judged.
const BROKEN_RULE: &str = "broken-rule";

/// A request to explain.
struct Case<'r> {
    file: &'r str,
    key_file: &'r str,
    raw: &'r RawRequest<'r>,
    request: Request<'r>,
    options: Options,
}

/// What is told about a request.
#[derive(Default)]
struct Answer {
    /// A stable name for the kind of finding.
    finding: &'static str,
    /// The finding in a sentence.
    headline: String,
    /// What to change, and where.
    advice: Vec<String>,
    profile: Option<Profile>,
    /// The stable name of the sender's mistake.
    mistake: Option<String>,
    /// The signing string of the rules, as far as it goes.
    expected: Option<Vec<u8>>,
    /// Whether that string is of the default list, since the Signature field gives none.
    default_list: bool,
    /// The string that was signed.
    signed: Option<Vec<u8>>,
    /// The SHA-256 that the signature holds, in hexadecimal.
    digest: Option<String>,
    /// A place in the Signature field's value.
    marked: Option<(Vec<u8>, usize)>,
    /// Why the command ends with exit code 1.
    failure: Option<Failure>,
}

impl<'r> Case<'r> {
    fn answer(&self, outcome: Result<Finding, Error>) -> Answer {
        let finding = match outcome {
            Ok(finding) => finding,
            Err(error) => return self.broken_rule(&error),
        };
        let headline = self.headline(&finding);
        let names = Names {
            key_file: self.key_file,
            request_file: self.file,
            list: &self.list(),
            full_target: self.options.target == TargetForm::Full,
        };
        let mut answer = Answer {
            finding: finding_name(&finding),
            advice: advice::for_finding(&finding, &names),
            expected: Some(self.string(Variation::NONE)),
            failure: Some(self.mismatch(&headline)),
            headline,
            ..Answer::default()
        };
        match finding {
            Finding::Verifies { profile } => {
                answer.profile = Some(profile);
                answer.failure = None;
            }
            Finding::Mistake { variation, profile } => {
                answer.profile = Some(profile);
                answer.mistake = Some(advice::variation_name(variation));
                answer.signed = Some(self.string(variation));
            }
            Finding::Unexplained { digest } => answer.digest = Some(hex(digest.as_bytes())),
            _ => {}
        }
        answer
    }

    /// The finding in a sentence.
    fn headline(&self, finding: &Finding) -> String {
        match finding {
            Finding::Verifies { profile } => {
                format!("the signature verifies under the profile {profile}")
            }
            Finding::Mistake { variation, profile } => {
                let name = advice::variation_name(*variation);
                format!("{variation} ({name}, profile {profile})")
            }
            Finding::OtherHash { name } => {
                format!("the signature holds {name}; expected is SHA-256 with its DigestInfo")
            }
            Finding::WrongKey => format!(
                "the signature was made with another key than that of {}",
                self.key_file
            ),
            _ => "the key is right, but the signer signed something \
                                            else, and no known mistake gives it"
                .to_owned(),
        }
    }

    fn mismatch(&self, headline: &str) -> Failure {
        Failure::Refused(Refusal {
            name: Error::SignatureMismatch.name(),
            message: format!("{}: {headline}", self.file),
            hints: Vec::new(),
        })
    }

    /// The request or its Signature field break a rule before a signature can be judged: what can
    /// be shown is the string up to there, and the place in the Signature field.
    fn broken_rule(&self, error: &Error) -> Answer {
        let marked = match error {
            Error::MalformedSignatureHeader { offset, .. }
            | Error::DuplicateParameter { offset, .. } => self
                .signature_value()
                .map(|value| (value.to_vec(), *offset)),
            _ => None,
        };
        let failure = Failure::refused(error, &place::of(error, self.file, self.raw))
            .with_hint(place::hint(error, self.raw));
        self.refused(failure, marked)
    }

    /// The same for any refusal. `marked` is a place in the Signature field's value.
    fn refused(&self, failure: Failure, marked: Option<(Vec<u8>, usize)>) -> Answer {
        Answer {
            finding: BROKEN_RULE,
            default_list: self.components().is_none(),
            headline: "the request breaks a rule, so that no signature over it can be judged"
                .to_owned(),
            expected: Some(self.partial_string()),
            marked,
            failure: Some(failure),
            ..Answer::default()
        }
    }

    /// The Signature field's value as the core reads it: without the spaces and tabs around it.
    fn signature_value(&self) -> Option<&'r [u8]> {
        let mut value = self.raw.named(SIGNATURE_FIELD).next()?.content.value;
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
    fn string(&self, variation: Variation) -> Vec<u8> {
        let mut string = Vec::new();
        if let Some(components) = self.components() {
            let mut sink = |bytes: &[u8]| string.extend_from_slice(bytes);
            // What cannot be written was refused before there was a finding.
            let _ = variation.write_string(&self.request, &components, self.options, &mut sink);
        }
        string
    }

    /// The signing string up to the rule that is broken; of the default list if that of the
    /// Signature field cannot be read.
    fn partial_string(&self) -> Vec<u8> {
        let default = || Components::default_for(&self.request);
        let components = self.components().unwrap_or_else(default);
        let mut string = Vec::new();
        let mut sink = |bytes: &[u8]| string.extend_from_slice(bytes);
        let _ = write_signing_string(&self.request, &components, self.options, &mut sink);
        string
    }
}

/// The stable name of a finding.
const fn finding_name(finding: &Finding) -> &'static str {
    match finding {
        Finding::Verifies { .. } => "verifies",
        Finding::Mistake { .. } => "mistake",
        Finding::OtherHash { .. } => "other-hash",
        Finding::WrongKey => "wrong-key",
        _ => "unexplained",
    }
}

impl Answer {
    fn without_key(failure: Failure) -> Self {
        Self {
            finding: "unusable-key",
            headline: "without a key nothing can be said".to_owned(),
            failure: Some(failure),
            ..Self::default()
        }
    }

    /// All keys are always there; what does not apply is null.
    fn to_json(&self) -> Value {
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let difference = match (&self.expected, &self.signed) {
            (Some(expected), Some(signed)) => comparison::first_difference(expected, signed),
            _ => None,
        };
        json!({
            "verified": self.failure.is_none(),
            "finding": self.finding,
            "description": self.headline,
            "advice": self.advice,
            "profile": self.profile.map(Profile::name),
            "mistake": self.mistake,
            "expected_string": self.expected.as_ref().map(text),
            "signed_string": self.signed.as_ref().map(text),
            "first_difference": difference,
            "signed_digest": self.digest,
            "error": self.failure.as_ref().and_then(Failure::to_json),
        })
    }

    fn to_text(&self, width: usize, paint: Paint) -> String {
        let verdict = match self.failure {
            None => paint.good("verified"),
            Some(_) => paint.bad("not verified"),
        };
        let mut text = format!("{verdict}: {}\n", self.headline);
        if let Some((value, offset)) = &self.marked {
            text.push('\n');
            let title = "the Signature field";
            text.push_str(&comparison::point_at(
                Titled {
                    title,
                    string: value,
                },
                *offset,
                width,
                paint,
            ));
        }
        self.push_strings(&mut text, width, paint);
        if let Some(digest) = &self.digest {
            let title = paint.strong("SHA-256 in the signature");
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{title}\n    {digest}\n");
        }
        if !self.advice.is_empty() {
            text.push('\n');
            text.push_str(&paint.strong("what to do"));
            text.push('\n');
        }
        for advice in &self.advice {
            text.push_str(&terminal::labelled("  - ", 4, advice, width));
        }
        text
    }

    fn push_strings(&self, text: &mut String, width: usize, paint: Paint) {
        let Some(expected) = &self.expected else {
            return;
        };
        let title = match (self.finding, &self.signed) {
            (BROKEN_RULE, _) if self.default_list => {
                "the signing string of the default list, up to the broken rule"
            }
            (BROKEN_RULE, _) => "the signing string, up to the broken rule",
            (_, Some(_)) => "the rules",
            (_, None) => "the signing string of the rules",
        };
        let expected = Titled {
            title,
            string: expected,
        };
        text.push('\n');
        text.push_str(&match &self.signed {
            Some(signed) => {
                let signed = Titled {
                    title: "what was signed",
                    string: signed,
                };
                comparison::compare(expected, signed, width, paint)
            }
            None => comparison::show(expected, width, paint),
        });
    }
}
