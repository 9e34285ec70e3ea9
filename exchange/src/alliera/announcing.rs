//! What happened, told the exchange at its REST door, as its party (X-CALLBACK): on a thread of its own, while the Alliera is
//! connected.

use core::fmt;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use daxsign_client::asynchronous::Client;
use daxsign_client::{ApiRequest, CallOptions, ErrorKind, Method};

use super::event::Happened;
use super::stand_in::Alliera;
use super::teller::{Announced, Said, Teller};

/// What stands before the paths of the exchange's own, and where it is told.
pub(super) const OWN_PATH: &str = "/exchange/v1";
const EVENTS_PATH: &str = "/events";

/// What it is made of.
pub struct Announcing {
    /// As whom the exchange is told; its API is the exchange's own.
    pub client: Client,
    /// Of whom.
    pub alliera: Arc<Mutex<Alliera>>,
    /// Whether the exchange is there.
    pub connected: Box<dyn Fn() -> bool + Send>,
    /// Is told what goes wrong.
    pub told: Box<dyn FnMut(Announced) + Send>,
}

/// The thread, until this is dropped.
pub struct Announcer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Announcing {
    /// Tells from now on.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(mut self) -> std::io::Result<Announcer> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new().name("alliera-tells".to_owned());
        let thread = thread.spawn(move || {
            let mut teller = Teller::default();
            while stopped.recv_timeout(teller.pause()) == Err(RecvTimeoutError::Timeout) {
                if (self.connected)() {
                    let say = |one: &Happened| runtime.block_on(say(&self.client, one));
                    teller.tell(&self.alliera, say, &mut self.told);
                }
            }
        })?;
        Ok(Announcer {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

async fn say(client: &Client, one: &Happened) -> Said {
    let body = one.to_body().as_object().cloned().unwrap_or_default();
    let request = ApiRequest::new(Method::Post, EVENTS_PATH).body(body);
    let error = match client.send(&request, &CallOptions::default()).await {
        Ok(answer) => return Said::Answer(answer.status, String::new()),
        Err(error) => error,
    };
    match (error.status(), error.kind()) {
        // That no credential is right says nothing of what happened, and neither does what the exchange did not sign.
        (None, _)
        | (_, ErrorKind::Unauthorised | ErrorKind::SignatureRefused | ErrorKind::AnswerRefused) => {
            Said::Nothing(error.to_string())
        }
        (Some(status), _) => Said::Answer(status, error.to_string()),
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Announcer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Announcer")
    }
}
