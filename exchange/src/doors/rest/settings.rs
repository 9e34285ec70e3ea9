//! How much the door takes on. Nothing in it has no end.

use std::num::NonZero;
use std::time::Duration;

use crate::deciding::MAX_BODY_LEN;

/// Connections: parties keep theirs open, and an idle one takes some kilobytes.
const CONNECTIONS: usize = 12_000;
/// Requests in work: each may wait for its answer for ten seconds and more.
const IN_WORK: usize = 1_024;
/// Bodies held at once, of the largest that there may be.
const BODIES: usize = 16;
/// For a TLS handshake: a slow line needs two round trips, and a module that signs a second.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// TLS handshakes at once: each holds what came of its messages, which may be 64 KB.
const HANDSHAKES: usize = 1_024;
/// For a head, from its first byte; it is one or two packets.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// For a connection on which nothing is asked. A client that keeps one for longer may send into nothing, so this is
/// longer than most keep one (Go: 90 s, .NET: 60 s, Node: 5 s).
const IDLE_TIME: Duration = Duration::from_mins(2);
/// For a body.
const BODY_TIME: Duration = Duration::from_mins(1);
/// How many bytes of a body come in each second at least, once the grace is over. The largest takes 64 s so.
const BODY_RATE: usize = 64 << 10;
/// For an answer: the default deadline of an exchange is 10 s (X-LATE), and contracts may have a longer one.
const ANSWER_TIME: Duration = Duration::from_mins(2);
/// For an answer to be read.
const READ_TIME: Duration = Duration::from_secs(30);
/// Requests at once on one connection of HTTP/2. Most libraries ask for no more.
const STREAMS: u32 = 64;
/// Threads for sockets and TLS where the machine does not tell how many it has.
const WORKERS: NonZero<usize> = NonZero::<usize>::MIN;

/// How much the door takes on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many connections there may be; fewer where the process may not open so many files. Above it the one that
    /// lies idle for longest makes room.
    pub connections: usize,
    /// How many requests may be in work; further ones are refused with 503.
    pub in_work: usize,
    /// How many bytes of bodies may be held; who needs more is refused with 503.
    pub held_bytes: usize,
    /// How many TLS handshakes there may be at once. Above it the one that takes longest ends.
    pub handshakes: usize,
    /// How long a TLS handshake may take.
    pub handshake_time: Duration,
    /// How long a head may take, from its first byte.
    pub head_time: Duration,
    /// How long a connection may lie idle.
    pub idle_time: Duration,
    /// How long a body may take.
    pub body_time: Duration,
    /// How many bytes of a body have to come in each second.
    pub body_rate: usize,
    /// How long an answer is waited for before the sender is told to ask for the outcome.
    pub answer_time: Duration,
    /// How long an answer may wait for its reader.
    pub read_time: Duration,
    /// How many requests may be in work on one connection of HTTP/2.
    pub streams: u32,
    /// Whether requests need a client certificate of the token's instance (X-MTLS).
    pub client_certificates: bool,
    /// How many threads serve.
    pub workers: NonZero<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS,
            in_work: IN_WORK,
            held_bytes: MAX_BODY_LEN.saturating_mul(BODIES),
            handshakes: HANDSHAKES,
            handshake_time: HANDSHAKE_TIME,
            head_time: HEAD_TIME,
            idle_time: IDLE_TIME,
            body_time: BODY_TIME,
            body_rate: BODY_RATE,
            answer_time: ANSWER_TIME,
            read_time: READ_TIME,
            streams: STREAMS,
            client_certificates: false,
            workers: std::thread::available_parallelism().unwrap_or(WORKERS),
        }
    }
}

impl Settings {
    /// The longest that a request can take, from its head to the last byte of its answer.
    pub(super) fn longest(&self) -> Duration {
        self.body_time
            .saturating_add(self.answer_time)
            .saturating_add(self.read_time)
    }

    /// How long an answer with so many bytes may wait for its reader, who takes them no more slowly than bodies come.
    pub(super) fn reading(&self, bytes: u64) -> Duration {
        let rate = u64::try_from(self.body_rate.max(1)).unwrap_or(u64::MAX);
        let seconds = bytes.checked_div(rate).unwrap_or_default();
        self.read_time.saturating_add(Duration::from_secs(seconds))
    }
}
