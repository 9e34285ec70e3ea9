//! What a line is made of.

use std::time::Duration;

use daxsign_core::PublicKey;
use daxsign_pki::tls::TlsClient;
use daxsign_pki::tls::rustls::pki_types::ServerName;

use crate::party::Party;
use crate::receiving::inbox::Inbox;
use crate::running::Clock;
use crate::websocket::MAX_MESSAGE_LEN;

/// What a line is made of, beside the key that answers are signed with.
pub struct LineParts {
    /// Where the exchange listens: `exchange.example:443`.
    pub address: String,
    /// The name that its certificate is for.
    pub host: ServerName<'static>,
    /// Whose certificates the exchange may have, and the one that is shown.
    pub tls: TlsClient,
    /// Who this is.
    pub party: Party,
    /// The keys that the exchange signs with.
    pub exchange: Vec<PublicKey>,
    /// The time.
    pub clock: Clock,
    /// Numbers that nobody foretells: of them depends how long it waits between attempts.
    pub randomness: Box<dyn FnMut() -> u64 + Send>,
    /// How much of everything, and how long.
    pub settings: LineSettings,
}

/// How much there may be, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct LineSettings {
    /// Requests that wait to be handed out; one more is answered with 503.
    pub waiting: usize,
    /// Requests that are remembered; one more is answered with 503.
    pub remembered: usize,
    /// Bytes of answers that are remembered with them; once there are as many, one more request is answered with 503.
    pub remembered_bytes: usize,
    /// How long after its deadline each is remembered.
    pub keep_seconds: u32,
    /// The longest message in bytes.
    pub max_message: usize,
    /// How long connecting may take, with TLS and the handshake of the WebSocket.
    pub connect_patience: Duration,
    /// How long writing one message may take.
    pub write_patience: Duration,
    /// After how long a ping is sent.
    pub ping_after: Duration,
    /// After how long without a frame the connection counts as broken.
    pub dead_after: Duration,
    /// The pause after the first failure; each is at most twice the one before.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Default for LineSettings {
    /// 64 waiting, 100 000 with 64 MiB of answers remembered as long as the exchange's operator may send them again, 10 s to connect and to write, a ping
    /// every 20 s, silence for 60 s, pauses from 200 ms to 30 s.
    fn default() -> Self {
        Self {
            waiting: 64,
            remembered: 100_000,
            remembered_bytes: Inbox::MOST_BYTES,
            keep_seconds: Inbox::KEEP_SECONDS,
            max_message: MAX_MESSAGE_LEN,
            connect_patience: Duration::from_secs(10),
            write_patience: Duration::from_secs(10),
            ping_after: Duration::from_secs(20),
            dead_after: Duration::from_mins(1),
            first_pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(30),
        }
    }
}
