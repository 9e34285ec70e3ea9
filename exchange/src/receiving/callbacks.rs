//! Callbacks as they come over HTTPS (X-CALLBACK): each is verified, and acted on once.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use daxsign_core::{HeaderField, PublicKey, Timestamp};
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::message::{CALLBACK, ForwardRead, Message, MessageName, Refusal};
use crate::party::Party;

/// What stands in a callback's head once each; what else stands there, nobody signed.
const FIELDS: [&str; 9] = [
    "X-Correlation-Id",
    "X-Dax-Sender",
    "X-Dax-Receiver",
    "X-Dax-Contract",
    "X-Dax-Deadline",
    "Content-Type",
    "Content-Length",
    "Date",
    "Signature",
];

/// The side of who registered callbacks: verifies what comes, and recognises what came before.
///
/// In memory: who must not act twice over a restart keeps the ids beside what they change.
///
/// ```
/// use daxsign_core::Timestamp;
/// use daxsign_exchange::Party;
/// use daxsign_exchange::receiving::{CallbackInbox, HttpRequest};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (me, exchange, now) = (Party::from_bytes([1; 32]), Vec::new(), Timestamp::from_unix(1_780_000_000, 0)?);
/// let mut inbox = CallbackInbox::new(me, exchange, 10_000);
/// // As the HTTP server hands it over: the target with its query, every field, the body's bytes.
/// let request = HttpRequest {
///     method: "POST",
///     target: "/dax?for=a",
///     fields: &[("X-Correlation-Id", b"0d6c4a2e-0b1f-4e0f-8f0c-4f2f5a1c7c11")],
///     body: b"{}",
/// };
/// // Nobody signed it.
/// assert_eq!(inbox.take(&request, now).unwrap_err().status(), 401);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CallbackInbox {
    receiver: Party,
    exchange: Vec<PublicKey>,
    room: usize,
    known: BTreeMap<CorrelationId, Known>,
    /// What came, by what it is known by: bytes that come again are no further attempt.
    names: BTreeSet<MessageName>,
    /// Until when each is remembered.
    until: BTreeSet<(Timestamp, CorrelationId)>,
}

#[derive(Clone, Debug)]
struct Known {
    until: Timestamp,
    names: Vec<MessageName>,
    /// Whether it was acted on, or is.
    taken: bool,
}

/// A request as an HTTP server hands it over.
#[derive(Clone, Copy)]
pub struct HttpRequest<'r> {
    /// The method of the request line.
    pub method: &'r str,
    /// Its target: path and query, byte for byte.
    pub target: &'r str,
    /// All fields.
    pub fields: &'r [(&'r str, &'r [u8])],
    /// The body.
    pub body: &'r [u8],
}

/// A callback that the exchange signed for this receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Callback<'r> {
    /// The same in each attempt.
    pub correlation: CorrelationId,
    /// Who tells.
    pub sender: Party,
    /// What allows it.
    pub contract: Uuid,
    /// When the exchange gives it up.
    pub deadline: Timestamp,
    /// The type of the body.
    pub content_type: &'r str,
    /// What is told.
    pub body: &'r [u8],
}

/// What a callback that verifies is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CallbackArrival<'r> {
    /// It comes for the first time, or what came before was [given back](CallbackInbox::give_back): act, and answer 2xx.
    First(Callback<'r>),
    /// It was acted on: answer 2xx, so that it comes no more.
    Again(CorrelationId),
}

/// Why a request is no callback that is to be acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Callbacks come with POST.
    Method,
    /// It does not verify.
    Refused(Refusal),
    /// The same bytes came before.
    Replayed,
    /// No more can be remembered.
    Full,
}

impl CallbackInbox {
    /// Of this receiver, with the keys of the exchange; remembers up to `room` callbacks until their deadlines. None is
    /// forgotten to make room.
    #[must_use]
    pub const fn new(receiver: Party, exchange: Vec<PublicKey>, room: usize) -> Self {
        Self {
            receiver,
            exchange,
            room,
            known: BTreeMap::new(),
            names: BTreeSet::new(),
            until: BTreeSet::new(),
        }
    }

    /// A request came.
    ///
    /// # Errors
    /// [`NotTaken`]: answer with its [status](NotTaken::status), and do nothing.
    pub fn take<'r>(
        &mut self,
        request: &HttpRequest<'r>,
        now: Timestamp,
    ) -> Result<CallbackArrival<'r>, NotTaken> {
        if request.method != "POST" {
            return Err(NotTaken::Method);
        }
        let message = message(request).map_err(NotTaken::Refused)?;
        let keys: Vec<&PublicKey> = self.exchange.iter().collect();
        let read = ForwardRead::verify(&message, &keys, &self.receiver, now);
        let read = read.map_err(NotTaken::Refused)?;
        self.forget(now);
        if self.names.contains(&read.name) {
            return Err(NotTaken::Replayed);
        }
        let id = read.correlation;
        if !self.known.contains_key(&id) && self.known.len() >= self.room {
            return Err(NotTaken::Full);
        }
        self.until.insert((read.deadline, id));
        let known = self.known.entry(id).or_insert_with(|| Known {
            until: read.deadline,
            names: Vec::new(),
            taken: false,
        });
        // The exchange attempts it a few times only.
        known.names.push(read.name);
        self.names.insert(read.name);
        if core::mem::replace(&mut known.taken, true) {
            return Ok(CallbackArrival::Again(id));
        }
        Ok(CallbackArrival::First(Callback {
            correlation: id,
            sender: read.sender,
            contract: read.contract,
            deadline: read.deadline,
            content_type: read.content_type,
            body: request.body,
        }))
    }

    /// It could not be acted on: it is answered with 503, and the exchange's next attempt is the first again.
    pub fn give_back(&mut self, correlation: CorrelationId) {
        if let Some(known) = self.known.get_mut(&correlation) {
            known.taken = false;
        }
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((until, correlation)) = self.until.first().copied()
            && until <= now
        {
            self.until.remove(&(until, correlation));
            let known = self.known.get(&correlation);
            if known.is_some_and(|known| known.until <= now)
                && let Some(known) = self.known.remove(&correlation)
            {
                for name in &known.names {
                    self.names.remove(name);
                }
            }
        }
    }
}

/// The message that an HTTP request stands for.
fn message<'r>(request: &HttpRequest<'r>) -> Result<Message<'r>, Refusal> {
    let mut fields = Vec::new();
    for name in FIELDS {
        let all = request.fields.iter();
        let mut values = all.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        let (Some((_, value)), None) = (values.next(), values.next()) else {
            return Err(Refusal::Field { name });
        };
        fields.push(HeaderField::new(name, *value));
    }
    Ok(Message {
        method: CALLBACK.as_bytes(),
        target: request.target.as_bytes(),
        fields,
        body: request.body,
    })
}

impl NotTaken {
    /// What to answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Method => 405,
            Self::Refused(_) => 401,
            Self::Replayed => 409,
            Self::Full => 503,
        }
    }
}

impl fmt::Display for NotTaken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => formatter.write_str("callbacks come with POST"),
            Self::Refused(refusal) => refusal.fmt(formatter),
            Self::Replayed => formatter.write_str("the same callback came before"),
            Self::Full => {
                formatter.write_str("no more callbacks can be remembered: try again later")
            }
        }
    }
}

impl std::error::Error for NotTaken {}

impl fmt::Debug for CallbackInbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "CallbackInbox({}, {} known)",
            self.receiver,
            self.known.len()
        )
    }
}

impl fmt::Debug for HttpRequest<'_> {
    /// Without fields, which may hold a token, and body.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HttpRequest({} {})", self.method, self.target)
    }
}

impl fmt::Debug for Callback<'_> {
    /// Without the body.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Callback({}, {})", self.correlation, self.sender)
    }
}

impl fmt::Debug for CallbackArrival<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First(callback) => write!(formatter, "First({callback:?})"),
            Self::Again(correlation) => write!(formatter, "Again({correlation})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::tests::{exchange, forward, later, party};
    use crate::message::{Forward, Signed};

    fn callback(body: &[u8]) -> Forward<'_> {
        Forward {
            method: CALLBACK,
            target: "/hook?for=2",
            body,
            ..forward()
        }
    }

    /// Taken as HTTP brings it, each part of which can be another.
    fn take(
        inbox: &mut CallbackInbox,
        signed: &Signed<'_>,
        (method, target): (&str, &str),
        seconds: i64,
    ) -> Result<String, NotTaken> {
        let token: (&str, &[u8]) = ("Authorization", b"Bearer x");
        let fields = signed.fields().iter();
        let fields = fields.map(|(name, value)| (*name, value.as_bytes()));
        let fields: Vec<(&str, &[u8])> = fields.chain([token]).collect();
        let request = HttpRequest {
            method,
            target,
            fields: &fields,
            body: signed.body(),
        };
        let arrival = inbox.take(&request, later(seconds))?;
        Ok(match arrival {
            CallbackArrival::First(callback) => {
                String::from_utf8(callback.body.to_vec()).expect("text")
            }
            CallbackArrival::Again(_) => "again".to_owned(),
        })
    }

    fn inbox(receiver: Party, room: usize) -> CallbackInbox {
        CallbackInbox::new(receiver, vec![exchange().public_key().clone()], room)
    }

    const HOOK: (&str, &str) = ("POST", "/hook?for=2");

    #[test]
    fn a_callback_is_acted_on_once_whatever_comes_again() {
        let key = exchange();
        let signed = |seconds| {
            callback(b"told")
                .dated(later(seconds))
                .expect("in time")
                .sign(&key)
                .expect("signed")
        };
        let mut inbox = inbox(party(2), 10);
        assert_eq!(take(&mut inbox, &signed(0), HOOK, 0), Ok("told".to_owned()));
        assert_eq!(
            take(&mut inbox, &signed(0), HOOK, 1),
            Err(NotTaken::Replayed)
        );
        assert_eq!(
            take(&mut inbox, &signed(2), HOOK, 2),
            Ok("again".to_owned())
        );
        inbox.give_back(callback(b"").correlation);
        assert_eq!(take(&mut inbox, &signed(3), HOOK, 3), Ok("told".to_owned()));
        assert_eq!(
            take(&mut inbox, &signed(3), HOOK, 3),
            Err(NotTaken::Replayed)
        );
    }

    #[test]
    fn what_is_not_signed_for_this_receiver_as_a_callback_is_none() {
        let key = exchange();
        let signed = callback(b"told")
            .dated(later(0))
            .expect("in time")
            .sign(&key)
            .expect("signed");
        for (method, target, status) in [
            ("GET", "/hook?for=2", 405),
            ("CALLBACK", "/hook?for=2", 405),
            ("POST", "/hook", 401),
            ("POST", "/hook?for=3", 401),
        ] {
            let refused = take(&mut inbox(party(2), 10), &signed, (method, target), 0);
            assert_eq!(
                refused.expect_err("refused").status(),
                status,
                "{method} {target}"
            );
        }
        let other = take(&mut inbox(party(3), 10), &signed, HOOK, 0);
        assert_eq!(other, Err(NotTaken::Refused(Refusal::Receiver)));
        // A request for the same receiver, with everything else as it is.
        let request = Forward {
            method: "POST",
            ..callback(b"told")
        };
        let request = request
            .dated(later(0))
            .expect("in time")
            .sign(&key)
            .expect("signed");
        let refused = take(&mut inbox(party(2), 10), &request, HOOK, 0);
        assert_eq!(refused.expect_err("refused").status(), 401);
        let mut nobody = CallbackInbox::new(party(2), Vec::new(), 10);
        assert!(take(&mut nobody, &signed, HOOK, 0).is_err());
        // Behind its deadline, while its date is still fresh.
        let mut in_time = inbox(party(2), 10);
        let deadline = callback(b"").deadline.seconds() - later(0).seconds();
        let late = take(&mut in_time, &signed, HOOK, deadline);
        assert_eq!(late, Err(NotTaken::Refused(Refusal::Deadline)));
    }

    #[test]
    fn none_is_forgotten_to_make_room() {
        let key = exchange();
        let mut inbox = inbox(party(2), 1);
        let first = callback(b"1");
        let second = Forward {
            correlation: CorrelationId::from_bytes([9; 16]),
            deadline: later(250),
            ..callback(b"2")
        };
        let sign = |forward: &Forward<'static>| {
            forward
                .dated(later(0))
                .expect("in time")
                .sign(&key)
                .expect("signed")
        };
        assert!(take(&mut inbox, &sign(&first), HOOK, 0).is_ok());
        assert_eq!(
            take(&mut inbox, &sign(&second), HOOK, 0),
            Err(NotTaken::Full)
        );
        let after = first.deadline.seconds() - later(0).seconds();
        assert!(take(&mut inbox, &sign(&second), HOOK, after).is_ok());
    }
}
