//! What is signed of a message, exactly and in this order; and the methods that are none of a request.

/// The method of an answer.
pub const ANSWER: &str = "ANSWER";
/// The method of a callback.
pub const CALLBACK: &str = "CALLBACK";

pub(crate) const CORRELATION: &str = "X-Correlation-Id";
pub(crate) const SENDER: &str = "X-Dax-Sender";
pub(crate) const RECEIVER: &str = "X-Dax-Receiver";
pub(crate) const CONTRACT: &str = "X-Dax-Contract";
pub(crate) const DEADLINE: &str = "X-Dax-Deadline";
pub(crate) const REQUEST: &str = "X-Dax-Request";
pub(crate) const STATUS: &str = "X-Dax-Status";
pub(crate) const CONTENT_TYPE: &str = "Content-Type";
pub(crate) const CONTENT_LENGTH: &str = "Content-Length";
pub(crate) const DATE: &str = "Date";

/// What the exchange signs of what it sends on (X-SIGN).
pub(crate) const FORWARD_LIST: [&str; 9] = [
    "(request-target)",
    "x-correlation-id",
    "x-dax-sender",
    "x-dax-receiver",
    "x-dax-contract",
    "x-dax-deadline",
    "content-type",
    "content-length",
    "date",
];

/// What everybody signs of an answer (X-ANSWER).
pub(crate) const ANSWER_LIST: [&str; 7] = [
    "(request-target)",
    "x-correlation-id",
    "x-dax-request",
    "x-dax-status",
    "content-type",
    "content-length",
    "date",
];

/// Whether a request may have this method: `ANSWER` and `CALLBACK` are none, in any case, since the
/// signing string has it in lowercase. So neither can be replayed as a request.
///
/// ```
/// use daxsign_exchange::message::is_request_method;
/// assert!(is_request_method(b"POST"));
/// assert!(!is_request_method(b"Answer"));
/// ```
#[must_use]
pub fn is_request_method(method: &[u8]) -> bool {
    ![ANSWER, CALLBACK]
        .iter()
        .any(|reserved| method.eq_ignore_ascii_case(reserved.as_bytes()))
}
