//! `POST /oauth/token`: name and password for a token (X-TOKEN), on threads of their own.

use std::io;
use std::net::IpAddr;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use axum::body::Body;
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::answer;
use super::arrival::{self, Arrival};
use super::body;
use super::state::Shared;
use crate::deciding::{Problem, Refused, refusal_body};
use crate::identity::{
    Denied, Gate, Granted, MAX_FORM_LEN, MAX_HASHES, Moment, Permit, SignIn, TokenRequest,
};
use crate::judging::{Entrance, SharedRegistry};

/// What a form is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// A request for a token that has a place.
struct Job {
    request: TokenRequest,
    moment: Moment,
    told: oneshot::Sender<Result<Granted, Denied>>,
    _place: Permit,
}

/// The threads that hash passwords: as many as hash at a time, and no more wait than that.
pub(super) struct SignIns {
    jobs: SyncSender<Job>,
    gate: Gate,
    began: Instant,
}

impl SignIns {
    /// Starts them. They end with this.
    pub(super) fn start(
        entrance: &Arc<Entrance>,
        registry: &Arc<SharedRegistry>,
    ) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel::<Job>(MAX_HASHES);
        let waiting = Arc::new(Mutex::new(waiting));
        let sign_in = Arc::new(SignIn::default());
        for _ in 0..MAX_HASHES {
            let (waiting, sign_in) = (Arc::clone(&waiting), Arc::clone(&sign_in));
            let (entrance, registry) = (Arc::clone(entrance), Arc::clone(registry));
            let thread = thread::Builder::new().name("daxsign-sign-in".to_owned());
            thread.spawn(move || work(&waiting, &sign_in, &entrance, &registry))?;
        }
        Ok(Self {
            jobs,
            gate: Gate::default(),
            began: Instant::now(),
        })
    }

    async fn grant(
        &self,
        request: TokenRequest,
        from: IpAddr,
        now: daxsign_core::Timestamp,
    ) -> Result<Granted, Denied> {
        let place = self.gate.enter().ok_or(Denied::Busy)?;
        let (told, answer) = oneshot::channel();
        let job = Job {
            request,
            moment: Moment {
                now,
                elapsed: self.began.elapsed(),
                from,
                nonce: arrival::random().map_err(|_| Denied::Busy)?,
            },
            told,
            _place: place,
        };
        self.jobs.try_send(job).map_err(|_| Denied::Busy)?;
        answer.await.unwrap_or(Err(Denied::Busy))
    }
}

fn work(
    waiting: &Mutex<Receiver<Job>>,
    sign_in: &SignIn,
    entrance: &Entrance,
    registry: &SharedRegistry,
) {
    loop {
        let job = {
            let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.recv()
        };
        let Ok(job) = job else {
            return;
        };
        let granted = match registry.confirmed() {
            Ok(registry) => sign_in.grant(&job.request, &registry, entrance.tokens(), &job.moment),
            Err(_) => Err(Denied::Busy),
        };
        // Who asked may be gone.
        let _ = job.told.send(granted);
    }
}

/// Answers a request for a token: a form in the body, or, as some senders do, in the query.
pub(super) async fn answer(
    shared: &Shared,
    request: Request<Body>,
    arrival: &Arrival,
    from: IpAddr,
) -> Result<Response<Body>, Box<Refused>> {
    let place = shared.places.request();
    let _place = place.ok_or_else(|| answer::unsigned(Problem::Busy))?;
    let (parts, body) = request.into_parts();
    let read = body::read(body, MAX_FORM_LEN, &shared.places, &shared.settings);
    let (form, _room) = read.await.map_err(answer::unsigned)?;
    let query = parts.uri.query().unwrap_or_default();
    let (form, of_body) = match form.as_slice() {
        [] => (query.as_bytes(), false),
        form => (form, true),
    };
    if of_body && !parts.headers.get(CONTENT_TYPE).is_some_and(is_form) {
        return Err(answer::unsigned(Problem::Framing(format!(
            "Content-Type of a request for a token is {FORM}"
        ))));
    }
    let denied = match TokenRequest::from_form(form) {
        Ok(request) => match shared.sign_ins.grant(request, from, shared.now()).await {
            Ok(granted) => return Ok(answer::json(200, text(&granted_body(&granted)))),
            Err(denied) => denied,
        },
        Err(problem) => {
            let told = refused_body("invalid_request", &problem.to_string(), 400, arrival);
            return Ok(answer::json(400, text(&told)));
        }
    };
    Ok(denial(&denied, arrival))
}

fn is_form(value: &HeaderValue) -> bool {
    let media = value.as_bytes().split(|byte| *byte == b';').next();
    media.is_some_and(|media| media.trim_ascii().eq_ignore_ascii_case(FORM.as_bytes()))
}

/// RFC 6749 5.2, in the envelope of all answers.
fn denial(denied: &Denied, arrival: &Arrival) -> Response<Body> {
    let (status, error) = match denied {
        Denied::Wrong => (401, "invalid_grant"),
        Denied::Throttled(_) => (429, "temporarily_unavailable"),
        Denied::Busy => (503, "temporarily_unavailable"),
    };
    let told = refused_body(error, &denied.to_string(), status, arrival);
    let mut response = answer::json(status, text(&told));
    let fields = response.headers_mut();
    match denied {
        Denied::Wrong => {
            fields.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Denied::Throttled(wait) => {
            let seconds = wait.as_secs().max(1).to_string();
            answer::set(fields, "Retry-After", &seconds);
        }
        Denied::Busy => {}
    }
    response
}

fn granted_body(granted: &Granted) -> Value {
    json!({
        "access_token": granted.token,
        "token_type": "bearer",
        "expires_in": granted.expires_in,
    })
}

fn refused_body(error: &str, message: &str, status: u16, arrival: &Arrival) -> Value {
    let messages = [format!("error[{error}]: {message}")];
    let body = refusal_body(arrival.correlation, status, &messages);
    let mut told: Value = serde_json::from_slice(&body).unwrap_or_default();
    if let Some(members) = told.as_object_mut() {
        members.insert("error".into(), error.into());
        members.insert("error_description".into(), message.into());
    }
    told
}

fn text(value: &Value) -> String {
    value.to_string()
}
