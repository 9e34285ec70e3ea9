//! What the exchange answers of its own: envelope, messages, fields.

use daxsign_core::Timestamp;
use serde_json::{Value, json};

use super::problem::Problem;
use super::steps::{Proven, Refused};
use crate::correlation::CorrelationId;
use crate::registry::Candour;

/// What `apiVersion` and `api-supported-versions` say.
pub const API_VERSION: &str = "2.0";

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

/// An answer, to be signed where [`signed`](Self::signed) says so (X-SIGNED-ANSWERS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAnswer {
    /// The status, in the head and in the body.
    pub status: u16,
    /// What stands in the head beside what every HTTP answer has.
    pub fields: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Vec<u8>,
    /// Whether the request's signature held.
    pub signed: bool,
}

impl OwnAnswer {
    /// The answer to a request that was refused.
    #[must_use]
    pub fn refusal(refused: &Refused, about: &About) -> Self {
        let problem = &refused.problem;
        let mut fields = always(about);
        if let Some(proven) = &refused.proven {
            fields.extend(of_proven(proven));
        }
        if let Some(rate) = &refused.rate {
            fields.extend(rate.fields());
        }
        if let Some(seconds) = problem.retry_after(about.now.seconds()) {
            fields.push(("Retry-After", seconds.to_string()));
        }
        if problem.status() == 401 {
            fields.push(("WWW-Authenticate", "Bearer".into()));
        }
        Self {
            status: problem.status(),
            fields,
            body: envelope(problem, about).to_string().into_bytes(),
            signed: refused.proven.is_some(),
        }
    }
}

/// What stands in every answer.
fn always(about: &About) -> Vec<(&'static str, String)> {
    vec![
        ("X-Correlation-Id", about.correlation.to_string()),
        ("X-Dax-Response-Time-ms", about.took_ms.to_string()),
        ("api-supported-versions", API_VERSION.into()),
    ]
}

/// What is known once a signature held.
fn of_proven(proven: &Proven) -> Vec<(&'static str, String)> {
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

fn envelope(problem: &Problem, about: &About) -> Value {
    let messages = problem.messages(about.candour);
    let status = problem.status();
    let mut envelope = json!({
        "apiVersion": API_VERSION,
        "correlationId": about.correlation.to_string(),
        "statusCode": status,
        "message": messages.first(),
        "messages": messages,
        "paging": null,
        "data": null,
    });
    // As the description has it: ProblemDetails.
    if status == 404
        && let Some(members) = envelope.as_object_mut()
    {
        members.insert("title".into(), "Not Found".into());
        members.insert("status".into(), status.into());
        members.insert("detail".into(), problem.to_string().into());
    }
    envelope
}
