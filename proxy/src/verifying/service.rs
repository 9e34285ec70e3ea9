//! A request's way to a receiver: read, judged, passed on, answered.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use bytes::Bytes;
use http::header::HeaderValue;
use http::uri::PathAndQuery;
use http::{Request, Response, StatusCode};
use http_body_util::Either;
use hyper::body::Incoming;

use crate::clock;
use crate::correlation;
use crate::forwarding::answer::{Answer, passed};
use crate::forwarding::body;
use crate::limits::Limits;
use crate::metrics::Stage;
use crate::observing::Record;
use crate::refusal::Refusal;
use crate::verifying::memory::ReplayMemory;
use crate::verifying::receiver::{Passed, Received, Receiver, check_head};
use crate::verifying::upstream::Upstream;
use crate::work::Work;

/// What all requests share.
#[derive(Debug)]
pub struct Verifying {
    receiver: RwLock<Arc<Receiver>>,
    memory: ReplayMemory,
    upstream: Upstream,
}

impl Verifying {
    /// Judges with this receiver and memory, and passes on to this upstream.
    #[must_use]
    pub fn new(receiver: Receiver, memory: ReplayMemory, upstream: Upstream) -> Self {
        let receiver = RwLock::new(Arc::new(receiver));
        Self {
            receiver,
            memory,
            upstream,
        }
    }

    /// From now on requests are judged with this receiver; what was accepted stays accepted.
    pub fn replace(&self, receiver: Receiver) {
        *self
            .receiver
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(receiver);
    }

    /// The receiver for the next request.
    #[must_use]
    pub fn receiver(&self) -> Arc<Receiver> {
        Arc::clone(&self.receiver.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was accepted.
    #[must_use]
    pub fn memory(&self) -> &ReplayMemory {
        &self.memory
    }

    /// The answer to a request.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        limits: &Limits,
        work: &Work,
        record: &mut Record,
    ) -> Result<Response<Answer>, Refusal> {
        let end = tokio::time::Instant::now() + limits.timeout;
        let (head, body) = request.into_parts();
        check_head(&received(&head, b""))?;
        let reading = body::read(body, limits.max_body, work);
        let Ok(read) = tokio::time::timeout_at(end, reading).await else {
            return Err(Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                "body-late",
                "the body did not come in time; nothing was passed on",
            ));
        };
        let (body, _room) = read?;
        record.received(&body);
        let queued = Instant::now();
        let place = work
            .enter(end.saturating_duration_since(tokio::time::Instant::now()))
            .await;
        record.took(Stage::Queue, queued.elapsed());
        let place = place?;

        let Passed { mut fields, peer } = self.judge(&head, &body, record)?;
        record.entry.peer = Some(peer.to_string());
        if let Ok(id) = HeaderValue::from_str(&record.entry.correlation_id) {
            fields.entry(correlation::FIELD).or_insert(id);
        }
        let target = head.uri.path_and_query().cloned();
        let target = target.unwrap_or_else(|| PathAndQuery::from_static("/"));
        let sent = Instant::now();
        let sending = self
            .upstream
            .send(head.method, target, fields, Bytes::from(body));
        let answer = tokio::time::timeout_at(end, sending).await;
        record.took(Stage::Upstream, sent.elapsed());
        match answer {
            Ok(Ok(answer)) => {
                let answer = passed(answer.map(Either::Left), end, place)?;
                record.passed(answer.status(), answer.headers());
                Ok(answer)
            }
            Ok(Err(error)) => Err(unreachable(&error)),
            Err(_) => Err(Refusal::new(
                StatusCode::GATEWAY_TIMEOUT,
                "upstream-late",
                "the service behind did not answer in time (--timeout); it may have acted on the request",
            )),
        }
    }

    fn judge(
        &self,
        head: &http::request::Parts,
        body: &[u8],
        record: &mut Record,
    ) -> Result<Passed, Refusal> {
        let started = Instant::now();
        let now = clock::now().ok_or_else(|| {
            Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "clock",
                "the receiver's clock stands before 1970: no date can be judged",
            )
        })?;
        let received = received(head, body);
        let judged = self.receiver().judge(&received, &self.memory, now);
        record.took(Stage::Signature, started.elapsed());
        judged
    }
}

fn received<'r>(head: &'r http::request::Parts, body: &'r [u8]) -> Received<'r> {
    Received {
        method: &head.method,
        target: &head.uri,
        fields: &head.headers,
        body,
    }
}

/// Where the service gave no answer.
fn unreachable(error: &hyper_util::client::legacy::Error) -> Refusal {
    let (problem, what) = if error.is_connect() {
        (
            "upstream-unreachable",
            "the service behind cannot be reached; nothing was passed on, and the request must be signed anew to be sent \
             again",
        )
    } else {
        (
            "upstream-failed",
            "the service behind ended the connection; it may have acted on the request",
        )
    };
    // Where the service is, is its own affair: the log of this process may tell it.
    Refusal::new(StatusCode::BAD_GATEWAY, problem, what)
}
