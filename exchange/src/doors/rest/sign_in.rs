//! `POST /oauth/token`: name and password for a token (X-TOKEN).

use std::net::IpAddr;

use axum::body::Body;
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response};
use serde_json::{Value, json};

use super::arrival::Arrival;
use super::state::Shared;
use super::{answer, body};
use crate::deciding::{Problem, Refused, refusal_body};
use crate::identity::{Denied, Granted, MAX_FORM_LEN, TokenRequest};

/// What a form is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// Answers a request for a token: a form in the body, or, as some senders do, in the query.
pub(super) async fn answer(
    shared: &Shared,
    request: Request<Body>,
    arrival: &Arrival,
    from: IpAddr,
) -> Result<Response<Body>, Box<Refused>> {
    // It takes no place among the requests in work: nobody is known yet, and all places would be anybody's. Forms are
    // small, and of passwords two are hashed at a time.
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
