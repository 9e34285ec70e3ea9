//! What the exchange signed for a party (X-SIGN, X-ANSWER), and that it passed on what it got (X-FORWARD).

use daxsign_core::{PublicKey, Timestamp};

use crate::correlation::CorrelationId;
use crate::message::{AnswerRead, Asked, CALLBACK, ForwardRead, Message, MessageName};
use crate::record::evidence::message::Signed;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::Leaf;

/// A head with its body.
pub(super) fn whole(head: &[u8], body: &[u8]) -> Vec<u8> {
    [head, body].concat()
}

/// A request that the exchange passed on, or a callback: when it was signed, and what its answer names it by. `None` where it
/// is not signed by the exchange, or is not the request of this leaf, from its sender, to its receiver, with method,
/// target and contract as they were. Where a callback goes its receiver said, not who tells.
pub(super) fn passed_on(
    bytes: &[u8],
    exchange: &PublicKey,
    leaf: &Leaf,
    request: &Signed,
) -> Option<(Timestamp, MessageName)> {
    let message = Message::read(bytes).ok()?;
    // Whether it came in time is the receiver's to say: here it is read as of its own date.
    let read = ForwardRead::verify(&message, &[exchange], &leaf.receiver?, date(&message)?).ok()?;
    let line = (read.method.as_bytes(), read.target.as_bytes());
    let same_line = match leaf.kind {
        Kind::Callback => read.method == CALLBACK,
        _ => line == (&request.method, &request.target),
    };
    let same = read.correlation == leaf.correlation
        && Some(read.sender) == leaf.sender
        && Some(read.contract) == leaf.contract.map(|contract| contract.id)
        && same_line;
    same.then_some((read.date, read.name))
}

/// An answer, by whose key it is, to the request of that name: when it was signed, and its status. `None` where it is
/// none.
pub(super) fn answer_to(
    bytes: &[u8],
    key: &PublicKey,
    name: MessageName,
    target: &[u8],
    correlation: CorrelationId,
) -> Option<(Timestamp, u16)> {
    let message = Message::read(bytes).ok()?;
    let asked = Asked {
        name,
        target: core::str::from_utf8(target).ok()?,
        correlation: Some(correlation),
    };
    let read = AnswerRead::verify(&message, &[key], &asked, date(&message)?).ok()?;
    Some((read.date, read.status))
}

fn date(message: &Message<'_>) -> Option<Timestamp> {
    Timestamp::parse(message.once("Date").ok()?).ok()
}
