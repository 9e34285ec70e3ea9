//! What is answered, whichever way a request came: over the door's connections, or from within this process.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Body;

use super::admission::{ManagementToken, check_origin, check_token};
use super::asked::{Answer, Asked, Problem};
use super::managed::Managed;
use super::routes::{find, query};

/// The longest body: a request whose clauses are asked about.
const MAX_BODY: usize = 1 << 20;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Answers what operators ask. Its clones answer for the same exchange.
#[derive(Clone)]
pub struct Responder(Arc<Inner>);

struct Inner {
    token: ManagementToken,
    managed: Managed,
}

impl Responder {
    /// For whoever shows this token.
    #[must_use]
    pub fn new(token: ManagementToken, managed: Managed) -> Self {
        Self(Arc::new(Inner { token, managed }))
    }

    /// What is answered, with the status and the fields that it is sent with; whatever was sent, there is an answer. It takes
    /// a runtime of tokio that has its time.
    pub async fn answer<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body,
        B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
    {
        let answer = match self.answered(request).await {
            Ok(answer) => answer,
            Err(problem) => problem.into(),
        };
        let mut response = Response::new(Full::new(Bytes::from(answer.body)));
        *response.status_mut() =
            StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let fields = response.headers_mut();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static(answer.media_type));
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// Nothing of the body is read before the token is there.
    async fn answered<B>(&self, request: Request<B>) -> Result<Answer, Problem>
    where
        B: Body,
        B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        check_origin(&head.headers)?;
        // Who does not know the token does not learn what there is.
        let found = find(&head.method, head.uri.path());
        if found.as_ref().map_or(true, |(route, _)| route.guarded) {
            check_token(&head.headers, &self.0.token)?;
        }
        let (route, names) = found?;
        let query = query(head.uri.query())?;
        let body = if head.method == Method::POST {
            read(body).await?
        } else {
            Bytes::new()
        };
        let (handler, own) = (route.handler, Arc::clone(&self.0));
        let work = move || {
            let asked = Asked {
                names,
                query,
                body: &body,
            };
            handler(&own.managed, &asked)
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|_| Problem::new(500, "the program failed at this: report it"))?
    }
}

async fn read<B>(body: B) -> Result<Bytes, Problem>
where
    B: Body,
    B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
{
    let whole = Limited::new(body, MAX_BODY).collect();
    let whole = tokio::time::timeout(BODY_TIME, whole).await;
    let whole = whole.map_err(|_| Problem::new(408, "the body took too long"))?;
    let whole = whole.map_err(|_| Problem::new(413, "a body has at most 1 MB here"))?;
    Ok(whole.to_bytes())
}
