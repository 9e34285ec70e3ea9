//! What is answered where a request goes no further.

use daxsign_hosting::gate::Wrong;
use daxsign_http::stream::Kind;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde_json::json;

/// The field that tells an answer of the sidecar from one of the upstream.
pub(crate) const ERROR_FIELD: HeaderName = HeaderName::from_static("x-dax-proxy-error");

/// What a receiver asks for (RFC 9110, 11.6.1: each 401 says so).
const CHALLENGE: HeaderValue =
    HeaderValue::from_static(r#"Signature realm="dax", headers="(request-target) date""#);

/// Why a request goes no further. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// The stable name: one of the core's errors where it is one.
    pub name: &'static str,
    /// What is wrong, where, and what to do.
    pub message: String,
    /// After how many seconds it may be tried again.
    pub retry_after: Option<u32>,
}

impl Refusal {
    /// A refusal that trying again does not change.
    pub fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            name,
            message: message.into(),
            retry_after: None,
        }
    }

    /// 400: what came is not a request that can be passed on unchanged.
    pub(crate) fn bad(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, name, message)
    }

    /// Of a head that did not pass.
    pub(crate) fn of_head(wrong: Wrong) -> Self {
        let Wrong::Refused(refused) = wrong else {
            let why = "the head of the request did not come in time";
            return Self::new(StatusCode::REQUEST_TIMEOUT, "head-late", why);
        };
        match refused.kind {
            Kind::Framing => Self::bad("framing", refused.message),
            Kind::TargetForm => Self::bad("target-form", refused.message),
            Kind::TargetBytes => Self::bad("target-bytes", refused.message),
            Kind::TooLarge => Self::new(
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "head-too-large",
                refused.message,
            ),
        }
    }

    /// 403: whoever sent it may not.
    pub(crate) fn forbidden(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, name, message)
    }

    /// 503: not now.
    pub(crate) fn busy(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, name, message).retry_after(1)
    }

    /// With the time after which it may be tried again.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// The answer's fields but its length.
    #[must_use]
    pub fn fields(&self) -> HeaderMap {
        let mut fields = HeaderMap::new();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        fields.insert(ERROR_FIELD, HeaderValue::from_static(self.name));
        if let Some(seconds) = self.retry_after {
            fields.insert(RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            fields.insert(WWW_AUTHENTICATE, CHALLENGE);
        }
        fields
    }

    /// The answer's body: an envelope as the REST API has it, with what it knows of errors.
    #[must_use]
    pub fn body(&self) -> String {
        json!({
            "statusCode": self.status.as_u16(),
            "message": self.message,
            "messages": [format!("error[{}]: {}", self.name, self.message)],
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_tells_name_words_and_what_to_do() {
        let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "queue-full", "a \"b\"\n");
        let body: serde_json::Value = serde_json::from_str(&refusal.body()).expect("an envelope");
        assert_eq!(body["statusCode"], 503);
        assert_eq!(body["message"], "a \"b\"\n");
        assert_eq!(body["messages"][0], "error[queue-full]: a \"b\"\n");
        let fields = refusal.retry_after(3).fields();
        assert_eq!(fields["retry-after"], "3");
        assert_eq!(fields["x-dax-proxy-error"], "queue-full");
        assert!(!fields.contains_key("www-authenticate"));
        let refused = Refusal::new(StatusCode::UNAUTHORIZED, "replayed", "again");
        assert!(refused.fields().contains_key("www-authenticate"));
    }
}
