//! Between hyper's messages and the tests' own, with the answers that break off.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use daxsign_tests::request::OwnedRequest;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::{Request, Response};
use tokio::time::{Sleep, sleep};

use crate::stage::Sending;

/// More than any call's body.
const MOST_BODY: usize = 1 << 20;
/// What goes out at once when an answer drips.
const DROP: usize = 100;

/// A request as it came.
///
/// # Errors
/// If its body does not come, or is too long.
pub async fn received(request: Request<Incoming>) -> Result<OwnedRequest, String> {
    let (head, body) = request.into_parts();
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let fields = head.headers.iter();
    let headers = fields.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    let headers = headers.collect();
    let whole = Limited::new(body, MOST_BODY).collect().await;
    Ok(OwnedRequest {
        method: head.method.to_string(),
        target: target.to_owned(),
        headers,
        body: whole
            .map_err(|error| error.to_string())?
            .to_bytes()
            .to_vec(),
    })
}

/// The answer for hyper.
pub fn sent(sending: Sending) -> Response<Delivery> {
    let Sending { reply, answer } = sending;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value.as_bytes());
    }
    let delivery = Delivery {
        length: reply.body.len(),
        rest: Bytes::from(reply.body),
        cut_after: answer.cut_after,
        pause: Duration::from_millis(answer.drips_ms),
        sleeping: None,
    };
    response.body(delivery).expect("fields that HTTP allows")
}

/// A body that comes at once, in drops, or not to its end.
#[derive(Debug)]
pub struct Delivery {
    length: usize,
    rest: Bytes,
    cut_after: Option<usize>,
    pause: Duration,
    sleeping: Option<Pin<Box<Sleep>>>,
}

/// The connection ends here.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the script ends the connection here")
    }
}

impl std::error::Error for Cut {}

impl From<Infallible> for Cut {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl Body for Delivery {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if !self.pause.is_zero() && !self.rest.is_empty() {
            let pause = self.pause;
            let sleeping = self.sleeping.get_or_insert_with(|| Box::pin(sleep(pause)));
            if sleeping.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.sleeping = None;
        }
        let most = if self.pause.is_zero() {
            usize::MAX
        } else {
            DROP
        };
        let most = most
            .min(self.cut_after.unwrap_or(usize::MAX))
            .min(self.rest.len());
        if most == 0 {
            let cut = self.cut_after == Some(0) && !self.rest.is_empty();
            return Poll::Ready(cut.then_some(Err(Cut)));
        }
        if let Some(left) = &mut self.cut_after {
            *left -= most;
        }
        let data = self.rest.split_to(most);
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let sent = self.length - self.rest.len();
        SizeHint::with_exact((self.length - sent) as u64)
    }
}
