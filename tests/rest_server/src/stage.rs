//! One scenario, played at ports of its own: what arrives is judged, kept and answered.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use daxsign_tests::request::OwnedRequest;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::api::Api;
use crate::exchange::{Answered, Exchange};
use crate::judge::{Judgement, judge};
use crate::origin::Origin;
use crate::reply::{Reply, reply};
use crate::sample::guid;
use crate::scenario::{Answer, Mangling, Moment, Redirect, Scenario, Signed};
use crate::signature::Verifier;
use crate::tokens::{self, TOKEN_PATH, Tokens};

/// What all scenarios share.
#[derive(Debug)]
pub struct House {
    /// The API's description.
    pub api: Api,
    /// Signs answers.
    pub exchange: Exchange,
}

impl House {
    /// Reads the description and the keys.
    pub fn open() -> Arc<Self> {
        Arc::new(Self {
            api: Api::load(),
            exchange: Exchange::load(),
        })
    }
}

/// One scenario being played.
#[derive(Debug)]
pub struct Stage {
    /// Which.
    pub scenario: Scenario,
    /// Where.
    pub addresses: BTreeMap<Origin, String>,
    house: Arc<House>,
    verifier: Verifier,
    state: Mutex<State>,
}

/// What has happened so far.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) tokens: Tokens,
    pub(crate) dates: HashSet<String>,
    /// Origins that a redirect led to.
    pub(crate) led_to: HashSet<Origin>,
    pub(crate) arrived: Vec<Arrived>,
    pub(crate) connections: usize,
    token_answers: usize,
    answers: usize,
    signed: Option<Reply>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Where.
    pub origin: Origin,
    /// As it came, or as a proxy made it.
    pub request: OwnedRequest,
    /// Whether it asks for a token.
    pub is_token: bool,
    /// What was found.
    pub judgement: Judgement,
}

/// An answer and how it is sent.
#[derive(Clone, Debug)]
pub struct Sending {
    /// What.
    pub reply: Reply,
    /// How.
    pub answer: Answer,
}

impl Stage {
    /// Of this scenario at these addresses.
    #[must_use]
    pub fn new(scenario: Scenario, addresses: BTreeMap<Origin, String>, house: Arc<House>) -> Self {
        Self {
            verifier: Verifier::new(scenario.server.openssl),
            scenario,
            addresses,
            house,
            state: Mutex::default(),
        }
    }

    /// A connection was opened.
    pub fn connected(&self) {
        self.state().connections += 1;
    }

    /// A request came. `None`: the connection ends without an answer.
    pub fn arrive(&self, origin: Origin, mut request: OwnedRequest) -> Option<Sending> {
        let is_token = request.target.split('?').next() == Some(TOKEN_PATH);
        let sending = if is_token {
            self.token(origin, request)
        } else {
            for mangling in &self.scenario.server.on_the_way {
                mangle(*mangling, &mut request);
            }
            self.call(origin, request)
        };
        (sending.answer.hangs_up != Some(Moment::Before)).then_some(sending)
    }

    pub(crate) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no request panicked")
    }

    fn token(&self, origin: Origin, request: OwnedRequest) -> Sending {
        let mut state = self.state();
        let (mut faults, right) = tokens::faults(&request);
        if state.led_to.contains(&origin) && origin != self.base() {
            faults.push(format!("the password was sent to {}", origin.name()));
        }
        let script = &self.scenario.server.tokens;
        let answer = next(script, &mut state.token_answers);
        let reply = if let Some(redirect) = &answer.redirect {
            self.redirect(&mut state, redirect, &answer, &request.target)
        } else if let Some(json) = &answer.json {
            Reply::json(
                answer.status.unwrap_or(200),
                &with_token(&mut state, origin, json),
            )
        } else if let Some(text) = &answer.text {
            Reply::text(answer.status.unwrap_or(200), text)
        } else if right {
            let token = state.tokens.give(origin, tokens::EXPIRES_IN);
            Reply::json(200, &tokens::answer(&token, tokens::EXPIRES_IN))
        } else {
            Reply::json(400, &tokens::refusal())
        };
        let judgement = Judgement {
            faults,
            ..Judgement::default()
        };
        state.arrived.push(Arrived {
            origin,
            request,
            is_token: true,
            judgement,
        });
        Sending { reply, answer }
    }

    fn base(&self) -> Origin {
        self.scenario.client.base.unwrap_or(Origin::Home)
    }

    fn call(&self, origin: Origin, request: OwnedRequest) -> Sending {
        let mut state = self.state();
        let script = &self.scenario.server;
        let parts = (&self.house.api, script, &self.verifier);
        let mut judgement = judge(parts, &mut state, origin, &request);
        let correlation_id = guid(state.arrived.len() as u64 + 1);
        let sending = if let Some((status, why)) = &judgement.refusal {
            let envelope = serde_json::json!({
                "apiVersion": "2.0", "correlationId": correlation_id, "statusCode": status,
                "message": why, "paging": null, "data": null,
            });
            Sending {
                reply: Reply::json(*status, &envelope),
                answer: Answer::default(),
            }
        } else {
            let answer = next(&script.answers, &mut state.answers);
            let reply = self.play(
                &mut state,
                &answer,
                &request,
                &mut judgement,
                &correlation_id,
            );
            Sending { reply, answer }
        };
        let sending = self.dressed(sending, &judgement, &request, &correlation_id);
        state.arrived.push(Arrived {
            origin,
            request,
            is_token: false,
            judgement,
        });
        sending
    }

    fn play(
        &self,
        state: &mut State,
        answer: &Answer,
        request: &OwnedRequest,
        judgement: &mut Judgement,
        correlation_id: &str,
    ) -> Reply {
        if let Some(redirect) = &answer.redirect {
            return self.redirect(state, redirect, answer, &request.target);
        }
        if answer.withdraws_token {
            let field = crate::signature::value(request, "authorization").unwrap_or_default();
            state.tokens.withdraw(field.trim_start_matches("Bearer "));
            let text = answer.text.as_deref().unwrap_or_default();
            return Reply::text(401, text)
                .with_header("www-authenticate", "Bearer error=\"invalid_token\"");
        }
        let called = self
            .house
            .api
            .called(&request.method, &request.target)
            .expect("it was judged");
        let reply = reply(
            &self.house.api,
            &self.scenario.server,
            answer,
            &called,
            correlation_id,
        );
        let reply = reply.unwrap_or_else(|fault| {
            judgement.faults.push(fault.clone());
            Reply::text(500, &fault)
        });
        match (&answer.signed, &judgement.verified) {
            (Some(how), Some(verified)) => self.signed(
                state,
                *how,
                reply,
                request,
                &verified.string,
                correlation_id,
            ),
            _ => reply,
        }
    }

    fn redirect(
        &self,
        state: &mut State,
        redirect: &Redirect,
        answer: &Answer,
        target: &str,
    ) -> Reply {
        let origin = redirect.to.map(|to| {
            state.led_to.insert(to);
            self.addresses[&to].as_str()
        });
        let target = &target[target.find("/api/v").unwrap_or(0)..];
        let to = [origin.unwrap_or_default(), &redirect.prefix, target].concat();
        let status = answer.status.unwrap_or(307);
        Reply::text(status, "The resource is elsewhere.").with_header("location", &to)
    }

    /// The fields that every answer has.
    fn dressed(
        &self,
        sending: Sending,
        judgement: &Judgement,
        request: &OwnedRequest,
        id: &str,
    ) -> Sending {
        let Sending { mut reply, answer } = sending;
        reply = reply
            .with_header("x-correlation-id", id)
            .with_header("x-dax-response-time-ms", "7")
            .with_header("api-supported-versions", "1.0, 2.0");
        if judgement.verified.is_some() {
            reply = reply
                .with_header(
                    "x-dax-certificatethumbprint",
                    "7A2B9C0D1E2F30415263748596A7B8C9DAEBFC0D",
                )
                .with_header("x-dax-certificateexpiresatutc", &utc_in_days(20));
        }
        if let Some(context) = context(&request.body) {
            reply = reply.with_header("x-dax-context", &context);
        }
        if self.scenario.server.clock != 0 {
            let now =
                OffsetDateTime::now_utc() + time::Duration::seconds(self.scenario.server.clock);
            reply = reply.with_header("date", &http_date(now));
        }
        if let Some(kind) = &answer.content_type {
            reply = reply.with_header("content-type", kind);
        }
        for (name, value) in self.scenario.server.headers.iter().chain(&answer.headers) {
            reply = reply.with_header(
                name,
                &value
                    .replace("{in 1 s}", &utc_in(1))
                    .replace("{in 1 d}", &utc_in_days(1)),
            );
        }
        Sending { reply, answer }
    }

    fn signed(
        &self,
        state: &mut State,
        how: Signed,
        mut reply: Reply,
        request: &OwnedRequest,
        string: &[u8],
        correlation_id: &str,
    ) -> Reply {
        if how == Signed::Replayed
            && let Some(before) = state.signed.clone()
        {
            return before;
        }
        let other = Sha256::digest(string);
        let content_type = reply.header("content-type").unwrap_or_default().to_owned();
        let answered = Answered {
            target: &request.target,
            signing_string: if how == Signed::OtherRequest {
                &other
            } else {
                string
            },
            correlation_id,
            status: reply.status,
            content_type: &content_type,
            date: &utc_in(0),
        };
        let fields = self
            .house
            .exchange
            .sign(&answered, &reply.body, how != Signed::WrongKey);
        for (name, value) in fields {
            reply = reply.with_header(&name, &value);
        }
        match how {
            Signed::ChangedBody => {
                // As long as it was.
                let text = String::from_utf8(reply.body).expect("JSON");
                reply.body = text.replacen("åäö", "åäå", 1).into_bytes();
            }
            Signed::ChangedStatus => reply.status = 201,
            _ => {}
        }
        state.signed = Some(reply.clone());
        reply
    }
}

/// `"TOKEN"` in a scripted answer stands for a token that is good.
fn with_token(state: &mut State, origin: Origin, json: &serde_json::Value) -> serde_json::Value {
    let mut json = json.clone();
    if json["access_token"] == "TOKEN" {
        let expires_in = json["expires_in"].as_u64().unwrap_or(tokens::EXPIRES_IN);
        json["access_token"] = state.tokens.give(origin, expires_in).into();
    }
    json
}

/// The next of scripted answers; a right one when they are used up.
fn next(script: &[Answer], used: &mut usize) -> Answer {
    let mut place = *used;
    *used += 1;
    for answer in script {
        let times = answer.times.max(1);
        if place < times {
            return answer.clone();
        }
        place -= times;
    }
    Answer::default()
}

fn mangle(mangling: Mangling, request: &mut OwnedRequest) {
    let mut original = Vec::new();
    let (name, value): (&str, Vec<u8>) = match mangling {
        Mangling::Date => ("date", http_date(OffsetDateTime::now_utc()).into_bytes()),
        Mangling::Host => ("host", b"inner.example:8080".to_vec()),
        Mangling::Charset => (
            "content-type",
            b"application/json; charset=utf-8; charset=utf-8".to_vec(),
        ),
    };
    for (found, field) in &mut request.headers {
        if found == name {
            original = core::mem::replace(field, value.clone());
        }
    }
    // As proxies do that replace it.
    if mangling == Mangling::Host {
        let field = ("x-forwarded-host".to_owned(), original);
        request.headers.push(field);
    }
}

fn context(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let context = body.get("Context").or(body.get("context"))?.as_str()?;
    // A header cannot hold more.
    context
        .bytes()
        .all(|byte| (0x20..0x7f).contains(&byte))
        .then(|| context.to_owned())
}

/// Seven digits and `Z`, so many seconds from now.
#[must_use]
pub fn utc_in(seconds: i64) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z");
    let then = OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
    then.format(&format).expect("a time")
}

fn utc_in_days(days: i64) -> String {
    utc_in(days * 86_400)
}

fn http_date(time: OffsetDateTime) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    time.format(&format).expect("a time")
}
