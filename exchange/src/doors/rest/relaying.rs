//! A request that goes on: bounds, token, certificate, body; then the [`Inlet`](crate::running::Inlet), and its answer.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use daxsign_core::Timestamp;
use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::request::Parts;
use http::{Method, Request, Response};
use tokio::sync::oneshot;

use super::answer::{self, unsigned};
use super::arrival::Arrival;
use super::caller::Caller;
use super::counters::count;
use super::faulty::{Arrived, Faulty};
use super::state::Shared;
use super::{body, head};
use crate::correlation::CorrelationId;
use crate::deciding::{
    CONTENT_TYPE, MAX_BODY_LEN, MAX_TARGET_LEN, Part, Problem, Refused, refusal_body,
};
use crate::judging::Entered;
use crate::party::Party;
use crate::running::{Incoming, Told};

/// What an answer that does not come in time says.
const ASK_FOR_OUTCOME: &str = "no answer came yet: ask for the outcome of the correlation id";

/// The head as it came on HTTP/1.1; `None` on HTTP/2.
#[derive(Clone, Debug)]
pub(super) struct RawHead(pub(super) Option<Bytes>);

/// Takes a request in, and answers it.
pub(super) async fn answer(
    shared: &Arc<Shared>,
    request: Request<Body>,
    raw: RawHead,
    arrival: &Arrival,
    caller: &Caller,
) -> Result<Response<Body>, Box<Refused>> {
    let place = shared.places.request();
    let place = place.ok_or_else(|| unsigned(Problem::Busy))?;
    let (parts, body) = request.into_parts();
    check_sizes(&parts).map_err(unsigned)?;
    let now = shared.now();
    let entered = enter(shared, &parts, now)?;
    check_client(shared, caller, entered.party, now).map_err(unsigned)?;
    let faulty = Faulty::of(shared, arrival.correlation, entered.party.instance, &parts);
    let faulty = faulty.map_err(unsigned)?;
    if let Some(faulty) = &faulty {
        match faulty.arrived(&parts).await {
            Arrived::GoesOn => {}
            Arrived::Answered(response) => return Ok(response),
            Arrived::Refused(refused) => return Err(refused),
        }
    }
    let rated = |problem| {
        let mut refused = unsigned(problem);
        refused.rate = Some(entered.rate);
        refused
    };
    let read = body::read(body, MAX_BODY_LEN, &shared.places, &shared.settings);
    let (body, room) = read.await.map_err(rated)?;
    let raw = raw
        .0
        .map_or_else(|| head::of_fields(&parts).map(Bytes::from), Ok);
    let message = raw
        .and_then(|raw| head::message(&raw, &body))
        .map_err(rated)?;
    drop(body);
    let told = ask(shared, arrival.correlation, entered.party, message).await;
    let told = told.map_err(rated)?;
    let mut response = answer::told(told, Some(&entered.rate));
    if let Some(faulty) = &faulty {
        response = faulty.answered(response).await;
    }
    Ok(response.map(|body| Body::new(answer::Kept::new(body, (place, room)))))
}

/// What the head says of sizes, before anything else is looked at.
fn check_sizes(parts: &Parts) -> Result<(), Problem> {
    if parts.method == Method::CONNECT {
        return Err(Problem::Framing("CONNECT is no method of a request".into()));
    }
    let target = parts.uri.path_and_query();
    if target.is_some_and(|target| target.as_str().len() > MAX_TARGET_LEN) {
        return Err(Problem::Large(Part::Target));
    }
    head::check_size(&parts.headers)?;
    let length = parts.headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > MAX_BODY_LEN) {
        return Err(Problem::Large(Part::Body));
    }
    Ok(())
}

fn enter(shared: &Shared, parts: &Parts, now: Timestamp) -> Result<Entered, Box<Refused>> {
    let values = parts.headers.get_all(AUTHORIZATION);
    let values = values.iter().map(http::HeaderValue::as_bytes);
    shared.entrance.by_token(values, now)
}

/// X-MTLS: the certificate of the connection is the token's instance's, and still good.
fn check_client(
    shared: &Shared,
    caller: &Caller,
    party: Party,
    now: Timestamp,
) -> Result<(), Problem> {
    if !shared.settings.client_certificates {
        return Ok(());
    }
    let client = |text: &str| Problem::Client(text.to_owned());
    let peer = caller.peer.as_ref();
    let peer =
        peer.ok_or_else(|| client("a client certificate is needed here, and none was shown"))?;
    let good = peer.is_still_good(now);
    good.map_err(|refusal| Problem::Client(refusal.to_string()))?;
    let certificate = peer.chain().first();
    let certificate = certificate.ok_or_else(|| client("no certificate was shown"))?;
    let whose = shared.entrance.by_certificate(certificate, now);
    match whose.map_err(|refused| refused.problem)? {
        whose if whose == party => Ok(()),
        _ => Err(client(
            "the client certificate is another instance's than the token's",
        )),
    }
}

/// Tells the relay when the sender goes away before its answer.
struct Waiting<'s> {
    shared: &'s Shared,
    correlation: CorrelationId,
    told: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.told {
            count(&self.shared.counters.gone);
            self.shared.inlet.gone(self.correlation);
        }
    }
}

async fn ask(
    shared: &Shared,
    correlation: CorrelationId,
    sender: Party,
    bytes: Vec<u8>,
) -> Result<Told, Problem> {
    let (tell, told) = oneshot::channel();
    let taken = shared.inlet.request(Incoming {
        correlation,
        sender,
        bytes,
        // Where the sender is gone nobody is told.
        reply: Box::new(move |answer| drop(tell.send(answer))),
    });
    taken.map_err(|_| Problem::Busy)?;
    let mut waiting = Waiting {
        shared,
        correlation,
        told: false,
    };
    let told = tokio::time::timeout(shared.settings.answer_time, told).await;
    if let Ok(Ok(told)) = told {
        waiting.told = true;
        return Ok(told);
    }
    Ok(late(correlation))
}

fn late(correlation: CorrelationId) -> Told {
    let messages = [format!("error[outcome-unknown]: {ASK_FOR_OUTCOME}")];
    Told {
        correlation,
        status: 504,
        content_type: CONTENT_TYPE.to_owned(),
        body: refusal_body(correlation, 504, &messages),
        fields: Vec::new(),
        head: None,
    }
}
