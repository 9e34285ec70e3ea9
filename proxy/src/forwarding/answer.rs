//! The answer as the client gets it: the upstream's byte for byte, without the fields of its
//! connection; or the proxy's own.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use daxsign_client::ErrorKind;
use daxsign_client::asynchronous::AnswerBody;
use http::header::{CONTENT_LENGTH, HeaderName, TRANSFER_ENCODING};
use http::{Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::field_names::EndingHere;
use crate::refusal::{ERROR_FIELD, Refusal};
use crate::work::Place;

/// The body of an answer.
pub(crate) enum Answer {
    /// The upstream's, as it comes, until `end`; the request keeps its place until then.
    Passed {
        body: AnswerBody,
        end: Pin<Box<Sleep>>,
        /// The head went out.
        begun: bool,
        _place: Place,
    },
    Own(Full<Bytes>),
}

/// An answer of the upstream for the client.
///
/// # Errors
/// One whose end readers find in different places, or that is none.
pub(crate) fn passed(
    answer: Response<AnswerBody>,
    end: Instant,
    place: Place,
) -> Result<Response<Answer>, Refusal> {
    let (mut head, body) = answer.into_parts();
    check(&head)?;
    for name in EndingHere::of(&head.headers).names() {
        head.headers.remove(name);
    }
    // No other speaks in the proxy's name.
    head.headers.remove(ERROR_FIELD);
    let end = Box::pin(tokio::time::sleep_until(end));
    let body = Answer::Passed {
        body,
        end,
        begun: false,
        _place: place,
    };
    Ok(Response::from_parts(head, body))
}

fn check(head: &http::response::Parts) -> Result<(), Refusal> {
    let framed = |name: HeaderName| head.headers.contains_key(name);
    let why = if head.status.is_informational() {
        // Nobody here asked for another protocol.
        format!(
            "the answer's status is {}, which ends no request",
            head.status
        )
    } else if framed(TRANSFER_ENCODING) && framed(CONTENT_LENGTH) {
        // An attack, or a mistake (RFC 9112 6.3): its end would be a guess.
        "the answer has both Transfer-Encoding and Content-Length".to_owned()
    } else {
        return Ok(());
    };
    let text = format!("{why}; the request may have been acted on");
    Err(Refusal::new(
        StatusCode::BAD_GATEWAY,
        ErrorKind::Unexpected.name(),
        text,
    ))
}

/// An answer of the proxy itself.
impl From<Refusal> for Response<Answer> {
    fn from(refusal: Refusal) -> Self {
        let body = Full::new(Bytes::from(refusal.body()));
        let mut response = Self::new(Answer::Own(body));
        *response.status_mut() = refusal.status;
        *response.headers_mut() = refusal.fields();
        response
    }
}

/// Where there is no answer of the upstream that may be passed on; `late` is when the time is over.
pub(crate) fn without(error: &daxsign_client::Error, late: bool) -> Refusal {
    let status = match error.kind() {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Unreachable if late => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    };
    Refusal::new(status, error.kind().name(), error.text())
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.get_mut() {
            Self::Own(body) => Pin::new(body)
                .poll_frame(context)
                .map_err(|never| match never {}),
            Self::Passed {
                body, end, begun, ..
            } => {
                if end.as_mut().poll(context).is_ready() {
                    // Not before the head is out: the client must see that there was an answer.
                    if !std::mem::replace(begun, true) {
                        context.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                    let text = "the answer did not come to its end in time (--timeout)";
                    return Poll::Ready(Some(Err(text.into())));
                }
                let frame = Pin::new(body).poll_frame(context);
                *begun |= frame.is_pending();
                frame
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Own(body) => body.is_end_stream(),
            Self::Passed { body, .. } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Own(body) => body.size_hint(),
            Self::Passed { body, .. } => body.size_hint(),
        }
    }
}
