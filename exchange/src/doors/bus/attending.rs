//! The task of one connection.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::book::Book;
use super::connection::Connection;
use super::reading::Reading;
use super::writing::Writing;
use crate::websocket::{Closing, Meter, Metered, frames};

/// How long the other end may take to hear why.
const FAREWELL: Duration = Duration::from_millis(400);
/// How much of what it still sends is thrown away meanwhile: closing a socket with something unread in it takes back
/// what was said.
const MOST_UNREAD: usize = 1 << 20;

/// Attends to a connection until it ends, and tells why.
pub(super) async fn attend<S>(stream: S, book: Arc<Book>, connection: Arc<Connection>) -> Closing
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let max = book.settings.max_message;
    let meter = Meter::new(max);
    let metered = Metered::new(stream, meter.clone());
    let socket = WebSocketStream::from_raw_socket(metered, Role::Server, Some(frames(max))).await;
    let (mut outgoing, mut incoming) = socket.split();
    // Also where the task is dropped, what was handed to it is reported.
    let mut writing = Writing::new(Arc::clone(&book), Arc::clone(&connection));
    let reading = Reading {
        book: &book,
        connection: &connection,
        meter: &meter,
    };
    let why = tokio::select! {
        biased;
        why = connection.ended() => why,
        why = reading.run(&mut incoming) => why,
        why = writing.run(&mut outgoing) => why,
    };
    drop(writing);
    if let Ok(socket) = outgoing.reunite(incoming) {
        // It hears it or does not; one that closed itself is told that this was heard.
        let _ = timeout(FAREWELL, farewell(socket, why, &meter)).await;
    }
    why
}

/// Says why, and waits until the other end has closed.
async fn farewell<S>(mut socket: WebSocketStream<Metered<S>>, why: Closing, meter: &Meter)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if socket.close(Some(why.frame())).await.is_err() {
        return;
    }
    meter.whole();
    if socket.get_mut().shutdown().await.is_err() {
        return;
    }
    let (mut unread, mut left) = ([0; 4096], MOST_UNREAD);
    // What comes is not looked at: after what is no frame nothing is.
    while let Ok(len @ 1..) = socket.get_mut().read(&mut unread).await {
        left = left.saturating_sub(len);
        if left == 0 {
            return;
        }
    }
}
