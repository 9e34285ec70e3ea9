//! Answers that an Alliera gives behind the deadline of their requests, since that was ordered (X-LATE).

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use daxsign_core::Timestamp;

use crate::receiving::Reply;
use crate::receiving::line::Request;
use crate::running::Clock;

/// How many wait at once: what is beyond it is never answered.
const MOST: usize = 64;
/// How often it is looked whether one is due: the clock may be moved.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Where they wait, on a thread of its own that ends with this.
pub(super) struct Lateness(SyncSender<Late>);

struct Late {
    at: Timestamp,
    request: Request,
    reply: Reply,
}

impl Lateness {
    pub(super) fn start(clock: Clock) -> io::Result<Self> {
        let (sender, coming) = sync_channel(MOST);
        let thread = std::thread::Builder::new().name("alliera-late".to_owned());
        thread.spawn(move || answer(&coming, &clock))?;
        Ok(Self(sender))
    }

    /// Answers so many seconds behind the deadline.
    pub(super) fn answer(&self, request: Request, reply: Reply, seconds: u16) {
        let deadline = request.deadline();
        let at = deadline.seconds().saturating_add(seconds.into());
        let at = Timestamp::from_unix(at, deadline.nanoseconds()).unwrap_or(deadline);
        // What has no room is dropped, as by a receiver that is silent.
        let _ = self.0.try_send(Late { at, request, reply });
    }
}

fn answer(coming: &Receiver<Late>, clock: &Clock) {
    let mut waiting: Vec<Late> = Vec::new();
    loop {
        match coming.recv_timeout(LOOK_EVERY) {
            Ok(late) if waiting.len() < MOST => waiting.push(late),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now = clock();
        for mut late in waiting.extract_if(.., |late| late.at < now) {
            late.request.answer_late(late.reply);
        }
    }
}
