//! Answers that wait for their signature.

use std::sync::Arc;

use daxsign_core::{Digest, Timestamp};

use super::delivery::Delivery;
use super::desk::Desk;
use crate::receiving::reply::Reply;
use crate::running::Clock;
use crate::signing::{Job, NotSigned};

/// How long an answer may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// Until its request expires.
    Deadline,
    /// So many seconds from when it is signed, although its request expired.
    MomentAfter,
}

/// For an answer that is late on purpose.
const MOMENT_SECONDS: i64 = 60;

/// The answer to one delivery.
pub(super) struct Answering {
    pub(super) delivery: Delivery,
    pub(super) until: Until,
    pub(super) reply: Arc<Reply>,
    pub(super) clock: Clock,
    pub(super) desk: Arc<Desk>,
    /// Once it has its turn.
    pub(super) date: Option<Timestamp>,
}

impl Answering {
    /// When it is sent no more, if it is signed now.
    fn end(&self, now: Timestamp) -> Timestamp {
        let deadline = self.delivery.deadline;
        match self.until {
            Until::Deadline => deadline,
            Until::MomentAfter => {
                let end = now.seconds().saturating_add(MOMENT_SECONDS);
                Timestamp::from_unix(end, 0).unwrap_or(deadline)
            }
        }
    }
}

impl Job for Answering {
    fn digest(&mut self) -> Option<Digest> {
        let now = (self.clock)();
        if now >= self.end(now) {
            return None;
        }
        let unsigned = self.delivery.answer(&self.reply).dated(now).ok()?;
        self.date = Some(now);
        Some(*unsigned.digest())
    }

    fn signed(self, signature: Result<&[u8], NotSigned>) {
        let Some(date) = self.date else {
            return;
        };
        let bytes = signature.map_err(|error| error.to_string());
        let bytes = bytes.and_then(|signature| {
            let unsigned = self.delivery.answer(&self.reply).dated(date);
            let unsigned = unsigned.map_err(|error| error.to_string())?;
            let signed = unsigned.with_signature(signature);
            Ok(signed.map_err(|error| error.to_string())?.to_bytes())
        });
        match bytes {
            Ok(bytes) => self.desk.signed(self.end(date), bytes),
            Err(why) => self.desk.change(|state| state.trouble = Some(why)),
        }
    }
}
