//! A request's way through the proxy: let in, read, signed, sent, answered.

use std::net::IpAddr;
use std::sync::Arc;

use daxsign_client::ForwardedRequest;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::time::Instant;

use crate::forwarding::access::Door;
use crate::forwarding::answer::{Answer, passed, without};
use crate::forwarding::body;
use crate::forwarding::head::Head;
use crate::forwarding::noted::Noted;
use crate::limits::Limits;
use crate::metrics::Stage;
use crate::observing::Record;
use crate::refusal::Refusal;
use crate::upstream::Upstream;
use crate::work::Work;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) access: Arc<Door>,
    pub(crate) limits: Limits,
    pub(crate) upstream: Arc<Upstream>,
    pub(crate) work: Work,
}

impl Service {
    /// Answers a request that came to `local`.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        local: Option<IpAddr>,
        record: &mut Record,
    ) -> Result<Response<Answer>, Refusal> {
        let end = Instant::now() + self.limits.timeout;
        let (parts, body) = request.into_parts();
        self.access.now().check(&parts.headers, local)?;
        let head = Head::read(&parts)?;
        drop(parts);
        let reading = body::read(body, self.limits.max_body, &self.work);
        let Ok(read) = tokio::time::timeout_at(end, reading).await else {
            return Err(Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                "body-late",
                "the body did not come in time (--timeout); nothing was sent",
            ));
        };
        let (body, _room) = read?;
        record.received(&body);
        let queued = Instant::now();
        let left = end.saturating_duration_since(queued);
        let place = self.work.enter(left).await;
        record.took(Stage::Queue, queued.elapsed());
        let place = place?;
        let request = ForwardedRequest {
            method: head.method,
            target: head.target,
            fields: head.fields,
            body,
            timeout: Some(end.saturating_duration_since(Instant::now())),
        };
        let (client, watch) = self.upstream.now();
        let noted = Noted::new(&*watch);
        let answer = client.forward(request, &noted).await;
        noted.tell(record);
        match answer {
            Ok(answer) => {
                let answer = passed(answer, end, place)?;
                record.passed(answer.status(), answer.headers());
                Ok(answer)
            }
            Err(error) => Err(without(&error, Instant::now() >= end)),
        }
    }
}
