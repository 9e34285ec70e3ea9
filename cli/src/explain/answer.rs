//! What is told about a request, as text and as JSON.

use std::fmt::Write;

use daxsign_core::{Finding, Profile, Searched};
use serde_json::{Value, json};

use super::comparison::{self, Titled};
use super::excerpt::{self, Excerpt, Writer};
use super::signed_file::SignedFile;
use crate::failure::Failure;
use crate::terminal::{self, Paint};

/// The finding where the request breaks a rule.
pub(super) const BROKEN_RULE: &str = "broken-rule";
/// The finding where a file tells what was signed, and nothing else does.
pub(super) const SIGNED_FILE: &str = "signed-file";

/// What is told about a request.
#[derive(Default)]
pub(super) struct Answer {
    /// A stable name for the kind of finding.
    pub(super) finding: &'static str,
    /// The same for the signature alone, also where the request breaks a rule; `None` where it
    /// could not be opened.
    pub(super) signature_finding: Option<&'static str>,
    /// The finding in a sentence.
    pub(super) headline: String,
    /// What to change, and where.
    pub(super) advice: Vec<String>,
    pub(super) profile: Option<Profile>,
    /// The stable name of the sender's mistake.
    pub(super) mistake: Option<String>,
    /// The signing string of the rules, as far as it goes.
    pub(super) expected: Option<Excerpt>,
    /// Whether that string is of the default list, since the Signature field names none.
    pub(super) default_list: bool,
    /// The string that was signed.
    pub(super) signed: Option<Excerpt>,
    /// Where they differ first.
    pub(super) difference: Option<usize>,
    /// The SHA-256 that the signature holds, in hexadecimal.
    pub(super) digest: Option<String>,
    /// A place in the Signature field's value.
    pub(super) marked: Option<(Vec<u8>, usize)>,
    pub(super) signed_file: Option<SignedFile>,
    /// How far the search went.
    pub(super) searched: Option<Searched>,
    pub(super) not_tried: Vec<String>,
    /// Why the command ends with exit code 1.
    pub(super) failure: Option<Failure>,
}

/// The stable name of a finding.
pub(super) const fn finding_name(finding: &Finding) -> &'static str {
    match finding {
        Finding::Verifies { .. } => "verifies",
        Finding::Mistake { .. } => "mistake",
        Finding::OtherHash { .. } => "other-hash",
        Finding::WrongEncoding { .. } => "wrong-encoding",
        Finding::WrongKey => "wrong-key",
        Finding::Unexplained { .. } => "unexplained",
    }
}

impl Answer {
    pub(super) fn without_key(failure: Failure) -> Self {
        Self {
            finding: "unusable-key",
            headline: "without a key nothing can be said".to_owned(),
            failure: Some(failure),
            ..Self::default()
        }
    }

    /// Takes what is shown of the strings.
    pub(super) fn compare(&mut self, expected: Writer<'_>, signed: Option<Writer<'_>>) {
        self.difference = signed.and_then(|signed| excerpt::first_difference(expected, signed));
        let place = self.difference.unwrap_or_default();
        self.expected = Some(Excerpt::around(expected, place));
        self.signed = signed.map(|signed| Excerpt::around(signed, place));
    }

    /// The request breaks a rule, whatever its signature covers.
    pub(super) fn break_rule(&mut self) {
        self.finding = BROKEN_RULE;
        self.headline = format!(
            "the request breaks a rule; its signature was opened all the same: {}",
            self.headline
        );
    }

    /// All keys are always there; what does not apply is null.
    pub(super) fn to_json(&self) -> Value {
        let text = |excerpt: &Excerpt| String::from_utf8_lossy(&excerpt.bytes).into_owned();
        let (expected, signed) = (self.expected.as_ref(), self.signed.as_ref());
        json!({
            "verified": self.failure.is_none(),
            "finding": self.finding,
            "signature_finding": self.signature_finding,
            "description": self.headline,
            "advice": self.advice,
            "profile": self.profile.map(Profile::name),
            "mistake": self.mistake,
            "expected_string": expected.map(text),
            "expected_length": expected.map(|excerpt| excerpt.total),
            "signed_string": signed.map(text),
            "signed_length": signed.map(|excerpt| excerpt.total),
            "strings_start": expected.map(|excerpt| excerpt.start),
            "first_difference": self.difference,
            "signed_digest": self.digest,
            "signed_file": self.signed_file.as_ref().map(SignedFile::to_json),
            "searched": self.searched.map(|searched| json!({
                "strings": searched.strings,
                "bytes": searched.bytes,
                "complete": searched.complete,
                "mistakes_at_once": searched.deepest,
            })),
            "not_tried": self.not_tried,
            "error": self.failure.as_ref().and_then(Failure::to_json),
        })
    }

    pub(super) fn to_text(&self, width: usize, paint: Paint) -> String {
        let verdict = match self.failure {
            None => paint.good("verified"),
            Some(_) => paint.bad("not verified"),
        };
        let mut text = format!("{verdict}: {}\n", self.headline);
        if let Some(file) = &self.signed_file {
            let _ = writeln!(text, "{}", file.description);
        }
        if let Some((value, offset)) = &self.marked {
            text.push('\n');
            let title = "the Signature field";
            let string = value;
            let titled = Titled { title, string };
            text.push_str(&comparison::point_at(titled, *offset, width, paint));
        }
        self.push_strings(&mut text, width, paint);
        if let Some(digest) = &self.digest {
            let title = paint.strong("SHA-256 in the signature");
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{title}\n    {digest}\n");
        }
        push_list(
            &mut text,
            "what was not tried",
            &self.not_tried,
            width,
            paint,
        );
        push_list(&mut text, "what to do", &self.advice, width, paint);
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
            (BROKEN_RULE, Some(_)) => "the rules, up to the broken one",
            (BROKEN_RULE, None) => "the signing string, up to the broken rule",
            (_, Some(_)) => "the rules",
            (_, None) => "the signing string of the rules",
        };
        let title = titled(title, expected);
        let expected = Titled {
            title: &title,
            string: &expected.bytes,
        };
        text.push('\n');
        text.push_str(&match &self.signed {
            Some(signed) => {
                let title = titled("what was signed", signed);
                let signed = Titled {
                    title: &title,
                    string: &signed.bytes,
                };
                comparison::compare(expected, signed, width, paint)
            }
            None => comparison::show(expected, width, paint),
        });
    }
}

/// The title of a string, with the place of what is shown of it.
fn titled(title: &str, excerpt: &Excerpt) -> String {
    if excerpt.is_whole() {
        return title.to_owned();
    }
    let end = excerpt.start.saturating_add(excerpt.bytes.len());
    format!(
        "{title} (bytes {} to {end} of {})",
        excerpt.start, excerpt.total
    )
}

fn push_list(text: &mut String, title: &str, items: &[String], width: usize, paint: Paint) {
    if items.is_empty() {
        return;
    }
    let _ = write!(text, "\n{}\n", paint.strong(title));
    for item in items {
        text.push_str(&terminal::labelled("  - ", 4, item, width));
    }
}
