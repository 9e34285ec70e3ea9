//! A request's way through the proxy: let in, read, signed, sent, answered.

use std::net::IpAddr;
use std::sync::Arc;

use daxsign_client::ForwardedRequest;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::time::Instant;

use crate::forwarding::access::Access;
use crate::forwarding::answer::{Answer, passed, without};
use crate::forwarding::body;
use crate::forwarding::head::Head;
use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::upstream::Upstream;
use crate::work::Work;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) access: Access,
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
    ) -> Response<Answer> {
        let end = Instant::now() + self.limits.timeout;
        let forwarded = self.forward(request, local, end).await;
        forwarded.unwrap_or_else(Response::from)
    }

    async fn forward(
        &self,
        request: Request<Incoming>,
        local: Option<IpAddr>,
        end: Instant,
    ) -> Result<Response<Answer>, Refusal> {
        let (parts, body) = request.into_parts();
        self.access.check(&parts.headers, local)?;
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
        let left = end.saturating_duration_since(Instant::now());
        let place = self.work.enter(left).await?;
        let request = ForwardedRequest {
            method: head.method,
            target: head.target,
            fields: head.fields,
            body,
        };
        let client = self.upstream.client();
        let answer = client.forward(request, self.upstream.watch()).await;
        match answer {
            Ok(answer) => Ok(passed(answer, end, place)),
            Err(error) => Err(without(&error, Instant::now() >= end)),
        }
    }
}
