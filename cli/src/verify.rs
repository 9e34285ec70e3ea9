//! `daxsign verify`: does the signature belong to the request, and what does it cover?

use std::collections::HashSet;

use daxsign_core::{
    Error, Options, Profile, Request, SIGNATURE_FIELD, TargetForm, Timestamp, Verified, Verifier,
};
use serde_json::{Value, json};

use crate::arguments::VerifyArguments;
use crate::clock::{self, date_text};
use crate::failure::Failure;
use crate::hex::hex;
use crate::input::Input;
use crate::key_file::KeyFile;
use crate::request_file::{header_fields, parse_request, request};
use crate::terminal::{self, Paint, argument, shown, visible};
use crate::{notes, output, place, profile, stored};

/// The width of the labels in front of the text.
const LABEL_COLUMNS: usize = 13;

/// Runs the command.
pub(crate) fn run(arguments: &VerifyArguments) -> Result<(), Failure> {
    let outcome = verify(arguments);
    match &outcome {
        Ok(report) if arguments.json.json => output::json(&report.to_json())?,
        Ok(report) => output::write(
            report
                .to_text(terminal::width(), Paint::for_stdout())
                .as_bytes(),
        )?,
        Err(failure) => {
            if let Some(error) = failure.to_json().filter(|_| arguments.json.json) {
                output::json(&json!({ "verified": false, "error": error }))?;
            }
        }
    }
    outcome.map(drop)
}

/// What was verified, and how.
struct Report {
    profile: Profile,
    policy: &'static str,
    window: u32,
    now: Timestamp,
    date: Timestamp,
    string_hash: [u8; 32],
    components: Vec<String>,
    /// The method, unless it is in capitals.
    odd_method: Option<String>,
    /// The query that is not covered.
    query: Option<String>,
    /// The fields that are not covered, in lowercase, each once.
    unlisted: Vec<String>,
    body_len: usize,
    /// Whether list and date keep the body in its place (S-BIND).
    body_bound: bool,
}

fn verify(arguments: &VerifyArguments) -> Result<Report, Failure> {
    let profile: Profile = profile::choose(arguments.profile, stored::profile)?.into();
    let (key_input, input) = Input::read_both(&arguments.key, &arguments.request.path)?;
    let key = KeyFile::parse(&key_input)?;
    let raw = parse_request(&input)?;
    let now = arguments.now.map_or_else(clock::now, Ok)?;
    if let Some(problem) = key.validity.and_then(|validity| validity.problem(now)) {
        let text = format!("{}: the certificate is {problem}", key_input.name);
        output::labelled("warning", &text);
    }
    if let Some(note) = notes::line_ends(&raw) {
        output::labelled("note", &note);
    }
    let headers = header_fields(&raw);
    let request = request(&raw, &headers);
    let options = arguments.target.options_with(&arguments.content);
    let verified = Verifier::new(&key.public, profile)
        .policy(arguments.policy.into())
        .window(arguments.max_skew)
        .options(options)
        .verify(&request, now)
        .map_err(|error| {
            Failure::refused(&error, &place::describe(&error, &input.name, &raw))
                .with_hint(zone_hint(&error))
                .with_hint(hint(&error, arguments))
                .with_hint(place::hint(&error, &raw))
        })?;
    Ok(Report::new(
        arguments, profile, now, &request, options, &verified,
    ))
}

/// Where a time zone explains the date.
fn zone_hint(error: &Error) -> Option<String> {
    match error {
        Error::StaleDate { age: off, .. } | Error::FutureDate { ahead: off, .. } => {
            notes::zone_hint(*off)
        }
        _ => None,
    }
}

/// What may help further.
fn hint(error: &Error, arguments: &VerifyArguments) -> Option<String> {
    Some(match error {
        Error::SignatureMismatch => format!(
            "`daxsign explain --key {} {}` finds out why",
            argument(&shown(&arguments.key)),
            argument(&shown(&arguments.request.path))
        ),
        Error::StaleDate { .. } | Error::FutureDate { .. } => {
            "--now TIME judges the request as of another time".to_owned()
        }
        Error::UnboundBody { .. } => {
            "--policy interop accepts the lists of the vendor's SDK".to_owned()
        }
        _ => return None,
    })
}

impl Report {
    fn new(
        arguments: &VerifyArguments,
        profile: Profile,
        now: Timestamp,
        request: &Request<'_>,
        options: Options,
        verified: &Verified<'_>,
    ) -> Self {
        let components = &verified.components;
        Self {
            profile,
            policy: arguments.policy.name(),
            window: arguments.max_skew,
            now,
            date: verified.date,
            string_hash: verified.string_hash,
            components: components.iter().map(|name| name.to_string()).collect(),
            odd_method: odd_method(request),
            query: uncovered_query(request, options),
            unlisted: unlisted_fields(request, |name| components.contains(name)),
            body_len: request.body.len(),
            body_bound: components.contains("content-length") && components.ends_with("date"),
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "verified": true,
            "profile": self.profile.name(),
            "policy": self.policy,
            "date": date_text(self.date),
            "now": date_text(self.now),
            "max_skew": self.window,
            "components": self.components,
            "not_covered": { "query": self.query, "fields": self.unlisted },
            "body": { "length": self.body_len, "bound": self.body_bound },
            "string_sha256": hex(&self.string_hash),
        })
    }

    fn to_text(&self, width: usize, paint: Paint) -> String {
        let mut text = format!(
            "{}: the signature belongs to this request and this key\n",
            paint.good("verified")
        );
        let mut row = |label: &str, value: &str| {
            let label = paint.strong(&format!("{label:<LABEL_COLUMNS$}"));
            text.push_str(&terminal::labelled(&label, LABEL_COLUMNS, value, width));
        };
        row("profile", self.profile.name());
        row("policy", self.policy);
        row("date", &self.date_row());
        row("covered", &self.components.join(" "));
        row("body", &self.body_row());
        row("not covered", &self.not_covered_row());
        row(
            "replays",
            "not checked: this command remembers nothing; refusing a repeated request is the \
             service's job",
        );
        text
    }

    fn date_row(&self) -> String {
        let ahead = self.date.seconds().saturating_sub(self.now.seconds());
        let distance = match ahead {
            1.. => format!("{ahead} s ahead"),
            _ => format!("{} s ago", ahead.unsigned_abs()),
        };
        format!(
            "{} ({distance}, {} s allowed)",
            date_text(self.date),
            self.window
        )
    }

    fn body_row(&self) -> String {
        match (self.body_len, self.body_bound) {
            (0, _) => "none".to_owned(),
            (len, true) => format!("{}, covered", bytes(len)),
            (len, false) => format!(
                "{}, covered but not bound: bytes can move between the header lines and the body \
                 unless content-length is listed and date is last",
                bytes(len)
            ),
        }
    }

    fn not_covered_row(&self) -> String {
        let mut parts = Vec::new();
        if let Some(query) = &self.query {
            parts.push(format!("the query ?{query}"));
        }
        if let Some(method) = &self.odd_method {
            parts.push(format!(
                "the case of the method {method}, which is signed in lowercase"
            ));
        }
        if !self.unlisted.is_empty() {
            parts.push(format!("the fields {}", self.unlisted.join(", ")));
        }
        if parts.is_empty() {
            return "nothing".to_owned();
        }
        format!("{} (anybody on the way can change this)", parts.join("; "))
    }
}

/// The method, unless it is in capitals, as HTTP's own methods are.
fn odd_method(request: &Request<'_>) -> Option<String> {
    let odd = request.method.iter().any(u8::is_ascii_lowercase);
    odd.then(|| visible(request.method))
}

/// The query, unless it is signed or there is none.
fn uncovered_query(request: &Request<'_>, options: Options) -> Option<String> {
    if options.target == TargetForm::Full {
        return None;
    }
    let start = request.target.iter().position(|&byte| byte == b'?')?;
    request.target.get(start.saturating_add(1)..).map(visible)
}

/// The names of the fields that are not listed, the signature aside: in lowercase, each once.
fn unlisted_fields(request: &Request<'_>, is_listed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut seen = HashSet::new();
    let names = request
        .headers
        .iter()
        .map(|field| visible(field.name).to_ascii_lowercase());
    names
        .filter(|name| !name.eq_ignore_ascii_case(SIGNATURE_FIELD))
        .filter(|name| seen.insert(name.clone()) && !is_listed(name))
        .collect()
}

fn bytes(count: usize) -> String {
    let unit = if count == 1 { "byte" } else { "bytes" };
    format!("{count} {unit}")
}
