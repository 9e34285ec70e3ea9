//! Whether everybody who is connected would still be let in (X-REVOKE).

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use daxsign_core::Timestamp;

use super::book::Book;
use super::connection::Connection;
use super::members::{Members, NotAMember};
use crate::websocket::Closing;

/// How often everybody is looked at. With the farewell a connection is closed within a second.
const LOOK_AFTER: Duration = Duration::from_millis(250);

/// A thread that closes connections whose certificate no longer counts. It ends when this is dropped.
pub(super) struct Watching {
    /// `None` once it ends.
    alive: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watching {
    pub(super) fn start(book: Arc<Book>, members: Arc<dyn Members>) -> io::Result<Self> {
        let (alive, ended) = channel();
        let thread = std::thread::Builder::new().name("daxsign-bus-watch".to_owned());
        Ok(Self {
            alive: Some(alive),
            thread: Some(thread.spawn(move || watch(&book, &*members, &ended))?),
        })
    }
}

fn watch(book: &Book, members: &dyn Members, ended: &Receiver<()>) {
    while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(LOOK_AFTER) {
        for connection in book.connections() {
            if !is_good(&connection, members, (book.clock)()) {
                connection.close(Closing::Certificate);
            }
        }
    }
}

fn is_good(connection: &Connection, members: &dyn Members, now: Timestamp) -> bool {
    let peer = &connection.peer;
    if peer.is_still_good(now).is_err() {
        return false;
    }
    let certificate = peer.chain().first();
    let party = members.party(certificate.map_or(&[], AsRef::as_ref), now);
    // Where nobody can tell, nothing has changed.
    party == Ok(connection.party) || party == Err(NotAMember::Unconfirmed)
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.alive = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked closes nothing more.
            let _ = thread.join();
        }
    }
}
