//! What is sent to a party.

use std::sync::Arc;

use futures_util::SinkExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::book::Book;
use super::connection::Connection;
use super::halves::Outgoing;
use crate::correlation::CorrelationId;
use crate::running::{Parcel, Report};
use crate::websocket::Closing;

/// Sends what waits. When it is dropped, everything that was handed to the connection has been reported.
pub(super) struct Writing {
    book: Arc<Book>,
    connection: Arc<Connection>,
    /// The one of which a byte may have left.
    sending: Option<(CorrelationId, u32)>,
}

impl Writing {
    pub(super) fn new(book: Arc<Book>, connection: Arc<Connection>) -> Self {
        Self {
            book,
            connection,
            sending: None,
        }
    }

    /// Sends until the connection ends.
    pub(super) async fn run<S>(&mut self, outgoing: &mut Outgoing<S>) -> Closing
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let connection = Arc::clone(&self.connection);
        let mut ping_at = self.next_ping();
        loop {
            let ended = if Instant::now() >= ping_at {
                ping_at = self.next_ping();
                self.write(outgoing, Message::Ping(Bytes::new())).await
            } else if let Some(parcel) = self.book.take(&connection) {
                self.send(outgoing, parcel).await
            } else {
                // What ends first; a permit that was not used stays.
                let _ = timeout_at(ping_at, connection.wake.notified()).await;
                Ok(())
            };
            if let Err(why) = ended {
                return why;
            }
        }
    }

    fn next_ping(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.book.settings.ping_after)
            .unwrap_or(now)
    }

    /// Sent is what the system has taken all of.
    async fn send<S>(&mut self, outgoing: &mut Outgoing<S>, parcel: Parcel) -> Result<(), Closing>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (id, attempt) = (parcel.correlation, parcel.attempt);
        self.sending = Some((id, attempt));
        let message = Message::Binary(parcel.bytes.into());
        self.write(outgoing, message).await?;
        self.sending = None;
        self.connection.sent();
        self.book.inlet.report(Report::Sent(id, attempt));
        Ok(())
    }

    async fn write<S>(&self, outgoing: &mut Outgoing<S>, message: Message) -> Result<(), Closing>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        match timeout(self.book.settings.write_patience, outgoing.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(why_not(&error)),
            Err(_) => Err(Closing::NotRead),
        }
    }
}

/// While the other end is being told why, nothing more can be written; that is known already.
fn why_not(error: &Error) -> Closing {
    match error {
        Error::Io(_) | Error::ConnectionClosed | Error::AlreadyClosed => Closing::Gone,
        error => Closing::of(error),
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.book.leave(&self.connection, self.sending.take());
    }
}
