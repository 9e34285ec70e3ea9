//! Messages between the exchange and a party, as bytes of `message/http`: what stands in them, how they
//! are signed, and what is refused (X-SIGN, X-ANSWER, X-FORWARD).
//!
//! Read it in this order: `list` (what is signed), `name` (what a request is known by), `reading`
//! (bytes taken apart), `refusal` (what is wrong with one), `unsigned` and `signed` (making one),
//! `verify` (checking one), `forward` (what the exchange sends on), `answer` (what comes back) and
//! `http_answer` (the same in the head of an HTTP response).

mod answer;
mod forward;
mod http_answer;
mod list;
mod name;
mod reading;
mod refusal;
mod signed;
#[cfg(test)]
pub(crate) mod tests;
mod unsigned;
mod verify;

pub use answer::{Answer, AnswerRead, Asked};
pub use forward::{Forward, ForwardRead};
pub use http_answer::{SIGNED_DATE_FIELD, answer_from_http, answer_to_http};
pub use list::{ANSWER, CALLBACK, is_request_method};
pub use name::MessageName;
pub use reading::Message;
pub use refusal::{Refusal, Unfit};
pub use signed::Signed;
pub(crate) use unsigned::Detached;
pub use unsigned::Unsigned;
