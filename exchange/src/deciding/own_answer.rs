//! What the exchange answers of its own: envelope, messages, fields.

use daxsign_core::Timestamp;
use serde_json::{Value, json};

use super::problem::Problem;
use super::steps::{Proven, Refused};
use crate::correlation::CorrelationId;
use crate::registry::Candour;

/// What `apiVersion` and `api-supported-versions` say.
pub const API_VERSION: &str = "2.0";
/// The type of every body that the exchange makes.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Fields of an answer's head.
pub type Fields = Vec<(&'static str, String)>;

/// Of which request an answer is, and when.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The id of the exchange.
    pub correlation: CorrelationId,
    /// Now.
    pub now: Timestamp,
    /// How many milliseconds have passed since the first byte.
    pub took_ms: u64,
    /// How much the sender is told.
    pub candour: Candour,
}

/// An answer to a request that is refused before its signature was looked at: unsigned (X-SIGNED-ANSWERS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAnswer {
    /// The status, in the head and in the body.
    pub status: u16,
    /// What stands in the head beside what every HTTP answer has.
    pub fields: Fields,
    /// JSON.
    pub body: Vec<u8>,
}

impl OwnAnswer {
    /// The answer to a request that was refused.
    #[must_use]
    pub fn refusal(refused: &Refused, about: &About) -> Self {
        let problem = &refused.problem;
        let mut fields = always(about.correlation, about.took_ms);
        if let Some(rate) = &refused.rate {
            fields.extend(rate.fields());
        }
        fields.extend(problem_fields(problem, about.now));
        let messages = problem.messages(about.candour);
        Self {
            status: problem.status(),
            fields,
            body: refusal_body(about.correlation, problem.status(), &messages),
        }
    }
}

/// What stands in every answer.
#[must_use]
pub fn always(correlation: CorrelationId, took_ms: u64) -> Fields {
    vec![
        ("X-Correlation-Id", correlation.to_string()),
        ("X-Dax-Response-Time-ms", took_ms.to_string()),
        ("api-supported-versions", API_VERSION.into()),
    ]
}

/// What a refusal has in its head.
#[must_use]
pub fn problem_fields(problem: &Problem, now: Timestamp) -> Fields {
    let mut fields = Fields::new();
    if let Some(seconds) = problem.retry_after(now.seconds()) {
        fields.push(("Retry-After", seconds.to_string()));
    }
    if problem.status() == 401 {
        fields.push(("WWW-Authenticate", "Bearer".into()));
    }
    fields
}

/// What is known once a signature held.
#[must_use]
pub fn proven_fields(proven: &Proven) -> Fields {
    let thumbprint = proven.short_thumbprint.clone();
    let mut fields = vec![("X-Dax-CertificateThumbprint", thumbprint)];
    if let Ok(ends) = proven.certificate_ends.format() {
        fields.push(("X-Dax-CertificateExpiresAtUtc", ends.to_string()));
    }
    // What a field cannot hold is not given back.
    let context = proven.context.as_ref();
    let visible = |text: &&String| text.bytes().all(|byte| (0x20..0x7F).contains(&byte));
    if let Some(context) = context.filter(visible) {
        fields.push(("X-Dax-Context", context.trim().to_owned()));
    }
    fields
}

/// The body of a refusal, with what each message says.
#[must_use]
pub fn refusal_body(correlation: CorrelationId, status: u16, messages: &[String]) -> Vec<u8> {
    let mut envelope = envelope(correlation, status);
    if let Some(members) = envelope.as_object_mut() {
        members.insert("message".into(), json!(messages.first()));
        members.insert("messages".into(), json!(messages));
        // As the description has it: ProblemDetails.
        if status == 404 {
            members.insert("title".into(), "Not Found".into());
            members.insert("status".into(), status.into());
            members.insert("detail".into(), json!(messages.first()));
        }
    }
    envelope.to_string().into_bytes()
}

/// The body of an answer with data; `paging` where it is a page of a list, `messages` where
/// there is more to say.
#[must_use]
pub fn data_body(
    correlation: CorrelationId,
    status: u16,
    data: Value,
    paging: Value,
    messages: &[String],
) -> Vec<u8> {
    let mut envelope = envelope(correlation, status);
    if let Some(members) = envelope.as_object_mut() {
        members.insert("data".into(), data);
        members.insert("paging".into(), paging);
        if !messages.is_empty() {
            members.insert("messages".into(), json!(messages));
        }
    }
    envelope.to_string().into_bytes()
}

fn envelope(correlation: CorrelationId, status: u16) -> Value {
    json!({
        "apiVersion": API_VERSION,
        "correlationId": correlation.to_string(),
        "statusCode": status,
        "message": null,
        "paging": null,
        "data": null,
    })
}
