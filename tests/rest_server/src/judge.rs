//! What is right and wrong about a call as it arrives.

use daxsign_tests::model;
use daxsign_tests::request::OwnedRequest;
use time::OffsetDateTime;

use crate::api::Api;
use crate::origin::Origin;
use crate::scenario::{Profile, Script};
use crate::signature::{Verified, Verifier, value};
use crate::stage::State;

/// How far a date may be off, in seconds.
const WINDOW: i64 = 300;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// What no client may do, in any scenario.
    pub faults: Vec<String>,
    /// Why the server does not do what it is asked: status and words.
    pub refusal: Option<(u16, String)>,
    /// The signature, if it holds.
    pub verified: Option<Verified>,
}

impl Judgement {
    fn fault(&mut self, text: impl Into<String>) {
        self.faults.push(text.into());
    }

    fn refuse(&mut self, status: u16, text: impl Into<String>) {
        self.refusal.get_or_insert((status, text.into()));
    }
}

/// Judges a call in the order in which a server would: token, head, date, signature, and last what
/// is asked for.
pub(crate) fn judge(
    (api, script, verifier): (&Api, &Script, &Verifier),
    state: &mut State,
    origin: Origin,
    request: &OwnedRequest,
) -> Judgement {
    let mut found = Judgement::default();
    token(&mut found, state, origin, request);
    framing(&mut found, request);
    media_type(&mut found, script, request);
    date(&mut found, state, script, request);
    match verifier.verify(request, &script.accepts) {
        Ok(held) => found.verified = Some(held),
        Err(why) => found.refuse(401, format!("Signature mismatch: {why}")),
    }
    let Some(called) = api.called(&request.method, &request.target) else {
        found.fault(format!(
            "no operation is {} {}",
            request.method, request.target
        ));
        found.refuse(404, "no such operation");
        return found;
    };
    let faults = called.faults(&request.body);
    if !faults.is_empty() {
        found.refuse(400, faults.join("; "));
        found.faults.extend(faults);
    }
    found
}

/// At an origin that a redirect led to there may be none.
fn token(found: &mut Judgement, state: &State, origin: Origin, request: &OwnedRequest) {
    let fields: Vec<_> = request.values("authorization").collect();
    let redirected = state.led_to.contains(&origin);
    match fields[..] {
        [] if redirected => {}
        [field] => {
            let text = String::from_utf8_lossy(field);
            let Some(text) = text.strip_prefix("Bearer ") else {
                found.fault("Authorization is not Bearer");
                return found.refuse(401, "no bearer token");
            };
            if let Err((why, is_fault)) = state.tokens.check(origin, text) {
                if is_fault {
                    found.fault(why.clone());
                }
                found.refuse(401, why);
            }
        }
        _ => {
            found.fault(format!("{} Authorization fields", fields.len()));
            found.refuse(401, "no bearer token");
        }
    }
}

/// A body, with its length told once.
fn framing(found: &mut Judgement, request: &OwnedRequest) {
    if request.body.is_empty() {
        found.fault("no body: {} at least");
    }
    if request.values("transfer-encoding").next().is_some() {
        found.fault("Transfer-Encoding instead of Content-Length");
    }
    let length = value(request, "content-length");
    if length != Some(&request.body.len().to_string()) {
        found.fault(format!(
            "Content-Length is {length:?}, the body has {}",
            request.body.len()
        ));
    }
    if request.values("host").count() != 1 {
        found.fault("no Host, or several");
    }
    for name in ["cookie", "expect", "x-dax-date"] {
        if request.values(name).next().is_some() {
            found.fault(format!("{name} has no place in a call"));
        }
    }
}

fn media_type(found: &mut Judgement, script: &Script, request: &OwnedRequest) {
    let media = value(request, "content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let without_spaces = media.replace(' ', "");
    if without_spaces != "application/json;charset=utf-8" && script.on_the_way.is_empty() {
        found.fault(format!("Content-Type is \"{media}\""));
    }
    if !without_spaces.starts_with("application/json") {
        found.refuse(400, "Content-Type must be application/json");
    }
}

/// ISO 8601, fresh, and never seen before.
fn date(found: &mut Judgement, state: &mut State, script: &Script, request: &OwnedRequest) {
    let Some(text) = value(request, "date") else {
        found.fault("no Date, or several");
        return found.refuse(401, "no date");
    };
    let Ok((seconds, _)) = model::date_seconds(text) else {
        if script.on_the_way.is_empty() {
            found.fault(format!("Date is \"{text}\", which is not ISO 8601"));
        }
        return found.refuse(401, "the date is not ISO 8601");
    };
    let now = OffsetDateTime::now_utc().unix_timestamp();
    if (seconds - now).abs() > WINDOW {
        found.fault(format!("Date is {text}, {} s off", seconds - now));
    }
    if (seconds - now - script.clock).abs() > WINDOW {
        found.refuse(401, "the date is not within 300 s of now");
    }
    let observed = script
        .accepts
        .iter()
        .any(|rule| rule.profile == Profile::VendorSdk);
    if observed && !has_seven_digits(text) {
        found.fault(format!(
            "Date is {text}: seven digits and Z were seen to be taken"
        ));
    }
    if !state.dates.insert(text.to_owned()) {
        found.fault(format!("the date {text} came twice"));
        found.refuse(401, "replayed");
    }
}

fn has_seven_digits(date: &str) -> bool {
    date.len() == "2025-12-08T13:51:50.2437457Z".len() && date.ends_with('Z')
}
