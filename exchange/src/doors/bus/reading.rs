//! What a party sends: answers.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::book::Book;
use super::connection::Connection;
use super::halves::Incoming;
use crate::running::NoRoom;
use crate::websocket::{Closing, Meter};

/// After how long it is tried again where the exchange has no room; nothing more is read of the party meanwhile.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// How many control frames may come in a second.
const MOST_CONTROLS: u32 = 20;
/// How many messages may come at once, and how many more for each that was sent: one is the answer, another repeats
/// it. Beyond that one is read in [`BETWEEN_UNASKED`].
const UNASKED: u64 = 256;
const FOR_EACH_SENT: u64 = 2;
const BETWEEN_UNASKED: Duration = Duration::from_millis(50);

pub(super) struct Reading<'c> {
    pub(super) book: &'c Book,
    pub(super) connection: &'c Connection,
    pub(super) meter: &'c Meter,
}

impl Reading<'_> {
    /// Reads until the connection ends.
    pub(super) async fn run<S>(&self, incoming: &mut Incoming<S>) -> Closing
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut controls = Controls::new();
        loop {
            let next = timeout(self.book.settings.dead_after, incoming.next()).await;
            self.meter.whole();
            match next {
                Err(_) => return Closing::Silent,
                Ok(None | Some(Ok(Message::Close(_)))) => return Closing::Gone,
                Ok(Some(Err(error))) => return Closing::of(&error),
                Ok(Some(Ok(Message::Binary(bytes)))) => self.take(bytes.into()).await,
                Ok(Some(Ok(Message::Text(_)))) => return Closing::Text,
                Ok(Some(Ok(_))) => {
                    if controls.are_too_many() {
                        return Closing::Flood;
                    }
                }
            }
        }
    }

    /// Hands a message on as soon as there is room for it.
    async fn take(&self, bytes: Vec<u8>) {
        let connection = self.connection;
        let received = connection.received((self.book.clock)());
        let asked = connection.sent_so_far().saturating_mul(FOR_EACH_SENT);
        if received > asked.saturating_add(UNASKED) {
            sleep(BETWEEN_UNASKED).await;
        }
        while self.book.inlet.message(connection.party, bytes.clone()) == Err(NoRoom) {
            sleep(AGAIN_AFTER).await;
        }
    }
}

/// Pings and pongs within a second.
struct Controls {
    since: Instant,
    count: u32,
}

impl Controls {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            count: 0,
        }
    }

    fn are_too_many(&mut self) -> bool {
        if self.since.elapsed() >= Duration::from_secs(1) {
            *self = Self::new();
        }
        self.count = self.count.saturating_add(1);
        self.count > MOST_CONTROLS
    }
}
