//! Faults that were ordered, at the door: in place of an answer, or in it. Only a sandbox has any.

use std::time::Duration;

use axum::body::Body;
use daxsign_core::Error;
use http::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use http::request::Parts;
use http::{Response, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::answer::{json, set, unsigned};
use super::state::Shared;
use crate::correlation::CorrelationId;
use crate::deciding::{Problem, Rate, Refused, Route, route};
use crate::faults::{Asked, Board, Done, Kind, Point, spoil_signature};
use crate::identity::{BearerProblem, TokenProblem};

/// The field that orders a fault for its own request, and says in the answer which ones it got.
const FIELD: &str = "x-dax-sandbox-fault";
/// How far the clocks are apart, and may be.
const STALE: u64 = 3600;
const WINDOW: u32 = 300;
/// The window of a rate that is used up, in seconds.
const RATE_SECONDS: u32 = 60;

/// In the extensions of a response that is not sent: the connection ends in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut;

/// What becomes of a request as it arrives.
pub(super) enum Arrived {
    /// It goes on.
    GoesOn,
    /// This is its answer.
    Answered(Response<Body>),
    /// It is refused.
    Refused(Box<Refused>),
}

/// A request, as far as faults ask.
pub(super) struct Faulty<'s> {
    shared: &'s Shared,
    board: &'s Board,
    asked: Asked<'s>,
}

impl<'s> Faulty<'s> {
    /// Of a request; `None` where no faults can be ordered.
    ///
    /// # Errors
    /// What is wrong with the order that it brings.
    pub(super) fn of(
        shared: &'s Shared,
        correlation: CorrelationId,
        instance: Uuid,
        parts: &Parts,
    ) -> Result<Option<Self>, Problem> {
        let Some(board) = shared.faults.as_deref() else {
            return Ok(None);
        };
        for value in parts.headers.get_all(FIELD) {
            let (kind, seconds) = brought(value).map_err(|text| Problem::Schema(vec![text]))?;
            board.bring(correlation, kind, seconds);
        }
        let target = parts
            .uri
            .path_and_query()
            .map_or("", |target| target.as_str());
        let operation = match route(parts.method.as_str().as_bytes(), target.as_bytes()) {
            Some(Route::Operation { operation, .. }) => Some(operation.id),
            _ => None,
        };
        let asked = Asked {
            correlation,
            instance,
            operation,
        };
        Ok(Some(Self {
            shared,
            board,
            asked,
        }))
    }

    /// As it arrives.
    pub(super) async fn arrived(&self, parts: &Parts) -> Arrived {
        let Some(done) = self.take(Point::Arrival) else {
            return Arrived::GoesOn;
        };
        match done.kind {
            Kind::MovedForGood => moved(StatusCode::MOVED_PERMANENTLY, parts),
            Kind::Found => moved(StatusCode::FOUND, parts),
            Kind::TemporaryRedirect => moved(StatusCode::TEMPORARY_REDIRECT, parts),
            Kind::ProblemDetails => Arrived::Answered(problem_details(self.asked.correlation)),
            Kind::Text => Arrived::Answered(text()),
            Kind::Cut => Arrived::Answered(cut(Response::new(Body::empty()))),
            Kind::Delay => {
                wait(&done).await;
                Arrived::GoesOn
            }
            kind => self
                .refusal(kind, &done)
                .map_or(Arrived::GoesOn, Arrived::Refused),
        }
    }

    /// What the exchange says where it refuses such a request of its own accord.
    fn refusal(&self, kind: Kind, done: &Done) -> Option<Box<Refused>> {
        let problem = match kind {
            Kind::TokenExpired => Problem::Bearer(BearerProblem::Token(TokenProblem::Expired)),
            Kind::ClockOff => Problem::Date(Error::StaleDate {
                age: STALE,
                window: WINDOW,
            }),
            Kind::CertificateRevoked => {
                Problem::Certificate("the certificate is revoked".to_owned())
            }
            Kind::RateLimit => {
                let reset = self.shared.now().seconds();
                let rate = Rate {
                    window: RATE_SECONDS,
                    remaining: 0,
                    reset: reset.saturating_add(i64::from(done.seconds)),
                };
                let mut refused = unsigned(Problem::Rate(rate));
                refused.rate = Some(rate);
                return Some(refused);
            }
            Kind::Overloaded => Problem::Busy,
            _ => return None,
        };
        Some(unsigned(problem))
    }

    /// Its answer, as it is sent.
    pub(super) async fn answered(&self, mut response: Response<Body>) -> Response<Body> {
        let Some(done) = self.take(Point::Answer) else {
            return response;
        };
        match done.kind {
            Kind::AnswerSignature => spoil(&mut response),
            Kind::AnswerLost => response = cut(response),
            _ => wait(&done).await,
        }
        response
    }

    fn take(&self, point: Point) -> Option<Done> {
        self.board.take(point, &self.asked, self.shared.now())
    }
}

/// Says in the answer to a request which faults it got.
pub(super) fn mark(board: &Board, correlation: CorrelationId, response: &mut Response<Body>) {
    let done = board.done_to(correlation);
    let names: Vec<&str> = done.iter().map(|done| done.kind.name()).collect();
    if !names.is_empty() {
        set(response.headers_mut(), FIELD, &names.join(", "));
    }
}

/// `answer-late`, or `answer-late; seconds=5`.
fn brought(value: &HeaderValue) -> Result<(Kind, u16), String> {
    let told = |text: String| format!("X-Dax-Sandbox-Fault: {text}");
    let text = value
        .to_str()
        .map_err(|_| told("it is no text".to_owned()))?;
    let (name, rest) = text.split_once(';').unwrap_or((text, ""));
    let kind = name
        .trim()
        .parse::<Kind>()
        .map_err(|unknown| told(unknown.to_string()))?;
    if rest.trim().is_empty() {
        return Ok((kind, 2));
    }
    let seconds = rest
        .trim()
        .strip_prefix("seconds=")
        .and_then(|text| text.parse().ok());
    let seconds =
        seconds.ok_or_else(|| told("behind `;` stands seconds= and a number".to_owned()))?;
    Ok((kind, seconds))
}

async fn wait(done: &Done) {
    tokio::time::sleep(Duration::from_secs(u64::from(done.seconds))).await;
}

fn moved(status: StatusCode, parts: &Parts) -> Arrived {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    set(response.headers_mut(), LOCATION.as_str(), target);
    Arrived::Answered(response)
}

fn problem_details(correlation: CorrelationId) -> Response<Body> {
    let body = json!({
        "type": "https://tools.ietf.org/html/rfc9110#section-15.6.1",
        "title": "An error occurred while processing your request.",
        "status": 500,
        "traceId": correlation.to_string(),
    });
    let mut response = json(500, body.to_string());
    let media_type = HeaderValue::from_static("application/problem+json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

fn text() -> Response<Body> {
    let mut response = json(500, "The service is unavailable.\n");
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

fn cut(mut response: Response<Body>) -> Response<Body> {
    response.extensions_mut().insert(Cut);
    response
}

fn spoil(response: &mut Response<Body>) {
    let fields = response.headers_mut();
    let Some(value) = fields.get("signature") else {
        return;
    };
    let mut text = value.as_bytes().to_vec();
    spoil_signature(&mut text);
    if let Ok(value) = HeaderValue::from_bytes(&text) {
        fields.insert("signature", value);
    }
}
