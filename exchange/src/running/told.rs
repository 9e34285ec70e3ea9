//! What the sender of a request is told.

use serde_json::json;

use crate::correlation::CorrelationId;

/// What the sender is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Told {
    /// The exchange.
    pub correlation: CorrelationId,
    /// The HTTP status.
    pub status: u16,
    /// Of the body.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// The head of the answer as a message, signed, up to and with the empty line; `None` where the request's
    /// signature did not hold (X-SIGNED-ANSWERS).
    pub head: Option<Vec<u8>>,
}

/// What tells the sender, once.
pub type Reply = Box<dyn FnOnce(Told) + Send>;

/// An answer before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
    /// Whether it is the exchange's own, and not passed on.
    pub(super) own: bool,
}

impl Plain {
    /// The exchange's own: the envelope of all answers.
    pub(super) fn of_exchange(correlation: CorrelationId, status: u16, message: &str) -> Self {
        let envelope = json!({
            "apiVersion": "2.0",
            "correlationId": correlation.to_string(),
            "statusCode": status,
            "message": message,
            "messages": [format!("error[exchange]: {message}")],
            "paging": null,
            "data": null,
        });
        Self {
            status,
            content_type: "application/json; charset=utf-8".to_owned(),
            body: envelope.to_string().into_bytes(),
            own: true,
        }
    }

    pub(super) fn told(self, correlation: CorrelationId, head: Option<Vec<u8>>) -> Told {
        Told {
            correlation,
            status: self.status,
            content_type: self.content_type,
            body: self.body,
            head,
        }
    }
}

impl Told {
    /// The answer as bytes of `message/http`; `None` where it is not signed.
    #[must_use]
    pub fn message(&self) -> Option<Vec<u8>> {
        let head = self.head.as_ref()?;
        Some([head.as_slice(), &self.body].concat())
    }
}

impl core::fmt::Debug for Told {
    /// Without the body, which may hold a PIN.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (correlation, status) = (self.correlation, self.status);
        write!(formatter, "Told({correlation}, {status})")
    }
}
