//! What a server does with requests: sends them on signed, passes on those that are, or tells operators.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;

use crate::admin::Admin;
use crate::correlation;
use crate::forwarding::access::Access;
use crate::forwarding::answer::Answer;
use crate::forwarding::service::Service;
use crate::limits::Limits;
use crate::observing::{Observer, Record};
use crate::refusal::Refusal;
use crate::verifying::service::Verifying;
use crate::work::Work;

/// One of the three.
#[derive(Debug)]
pub(crate) enum Handler {
    Forwarding(Service, Arc<Observer>),
    Verifying(Arc<Verifying>, Limits, Work, Arc<Observer>),
    Telling(Admin),
}

impl Handler {
    /// Answers a request that came to `local`.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        local: Option<IpAddr>,
    ) -> Response<Answer> {
        let observer = match self {
            Self::Telling(admin) => {
                let may = Access::default().check_operator(request.headers(), local);
                return may.map_or_else(Response::from, |()| told(admin, &request));
            }
            Self::Forwarding(_, observer) | Self::Verifying(_, _, _, observer) => observer,
        };
        let (method, target) = (request.method(), request.uri());
        let mut record = Record::start(observer, method, target, request.headers());
        let answered = match self {
            Self::Forwarding(service, _) => service.answer(request, local, &mut record).await,
            Self::Verifying(verifying, limits, work, _) => {
                verifying.answer(request, limits, work, &mut record).await
            }
            Self::Telling(_) => return Response::new(Answer::Own(Full::default())),
        };
        answered.unwrap_or_else(|refusal| refused(&mut record, refusal))
    }

    /// Answers in place of a request that does not pass the gate; `stand_in` came through instead.
    pub(crate) fn refuse(
        &self,
        stand_in: &Request<Incoming>,
        refusal: Refusal,
    ) -> Response<Answer> {
        match self {
            Self::Telling(_) => Response::from(refusal),
            Self::Forwarding(_, observer) | Self::Verifying(_, _, _, observer) => {
                let (method, target) = (stand_in.method(), stand_in.uri());
                let mut record = Record::start(observer, method, target, stand_in.headers());
                // What it really was is not known for sure.
                record.entry.method = String::from("-");
                record.entry.path = String::from("-");
                refused(&mut record, refusal)
            }
        }
    }

    /// How much is in work, and waits.
    pub(crate) fn work(&self) -> Option<(&Work, Limits)> {
        match self {
            Self::Forwarding(service, _) => Some((&service.work, service.limits)),
            Self::Verifying(_, limits, work, _) => Some((work, *limits)),
            Self::Telling(_) => None,
        }
    }
}

/// The answer of a refusal, which is noted.
fn refused(record: &mut Record, refusal: Refusal) -> Response<Answer> {
    record.refused(&refusal);
    let mut response = Response::from(refusal);
    if let Ok(id) = HeaderValue::from_str(&record.entry.correlation_id) {
        response.headers_mut().insert(correlation::FIELD, id);
    }
    response
}

/// What an operator is told.
fn told(admin: &Admin, request: &Request<Incoming>) -> Response<Answer> {
    let (status, media_type, text) = admin.answer(request.method(), request.uri().path());
    let mut response = Response::new(Answer::Own(Full::new(Bytes::from(text))));
    *response.status_mut() = status;
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
