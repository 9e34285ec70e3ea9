//! Which of the door's paths is asked for.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::{any, post};
use http::{Request, Response, StatusCode};
use tower_service::Service as _;

use super::arrival::Arrival;
use super::caller::Caller;
use super::relaying::RawHead;
use super::state::Shared;
use super::{answer, relaying, sign_in};
use crate::deciding::{Problem, Refused, refusal_body};
use crate::doors::bus::NotUpgraded;
use crate::websocket::BUS_PATH;

/// Where tokens are asked for.
const TOKEN_PATH: &str = "/oauth/token";

/// A request, and what is known of how it came.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub(super) arrival: Arrival,
    pub(super) raw: RawHead,
    pub(super) caller: Caller,
}

/// The door's paths. All that is not its own goes on.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    let other = || any(nothing);
    Router::new()
        .route(TOKEN_PATH, post(token).fallback(nothing))
        .route(BUS_PATH, other().get(bus))
        .fallback(relay)
        .with_state(shared)
}

/// What one of them answers.
pub(super) async fn routed(router: &Router, request: Request<Body>) -> Response<Body> {
    let answered: Result<_, Infallible> = router.clone().call(request).await;
    answered.unwrap_or_else(|never| match never {})
}

async fn token(State(shared): State<Arc<Shared>>, mut request: Request<Body>) -> Response<Body> {
    let Some(came) = request.extensions_mut().remove::<Came>() else {
        return broken();
    };
    let from = came.caller.address.ip();
    let answered = sign_in::answer(&shared, request, &came.arrival, from).await;
    answered.unwrap_or_else(|refused| refuse(&shared, &came.arrival, &refused))
}

async fn relay(State(shared): State<Arc<Shared>>, mut request: Request<Body>) -> Response<Body> {
    let Some(came) = request.extensions_mut().remove::<Came>() else {
        return broken();
    };
    let Came {
        arrival,
        raw,
        caller,
    } = came;
    let answered = relaying::answer(&shared, request, raw, &arrival, &caller).await;
    answered.unwrap_or_else(|refused| refuse(&shared, &arrival, &refused))
}

async fn bus(State(shared): State<Arc<Shared>>, mut request: Request<Body>) -> Response<Body> {
    let Some(came) = request.extensions_mut().remove::<Came>() else {
        return broken();
    };
    let Some(bus) = &shared.bus else {
        return refuse(&shared, &came.arrival, &answer::unsigned(Problem::NotFound));
    };
    // The socket keeps its place itself.
    match bus.upgrade(&mut request, came.caller.peer, ()) {
        Ok(response) => response.map(|()| Body::empty()),
        Err(refused) => not_upgraded(&shared, &came.arrival, &refused),
    }
}

fn not_upgraded(shared: &Shared, arrival: &Arrival, refused: &NotUpgraded) -> Response<Body> {
    shared.counters.count_refusal("bus");
    let messages = [format!("error[bus]: {}", refused.told)];
    let body = refusal_body(arrival.correlation, refused.status, &messages);
    let mut response = answer::json(refused.status, body);
    for (name, value) in &refused.fields {
        answer::set(response.headers_mut(), name, value);
    }
    response
}

async fn nothing(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let Some(came) = request.extensions().get::<Came>() else {
        return broken();
    };
    refuse(&shared, &came.arrival, &answer::unsigned(Problem::NotFound))
}

/// The answer to what the door refuses, counted.
pub(super) fn refuse(shared: &Shared, arrival: &Arrival, refused: &Refused) -> Response<Body> {
    shared.counters.count_refusal(refused.problem.name());
    answer::refusal(refused, arrival, shared.now())
}

/// Each request comes with what is known of it.
fn broken() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
