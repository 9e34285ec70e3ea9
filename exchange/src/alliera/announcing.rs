//! What happened, told the exchange at its REST door, as its party (X-CALLBACK): on a thread of its own, while the Alliera is
//! connected.

use core::fmt;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use daxsign_client::asynchronous::Client;
use daxsign_client::{ApiRequest, CallOptions, Error, ErrorKind, Method};
use tokio::runtime::Runtime;

use super::event::{Event, Happened};
use super::stand_in::Alliera;
use super::verdict::Verdict;

/// How often it is looked whether something happened.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The longest pause after the exchange did not take it: each is twice the one before.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How often the exchange is told the same thing that it answers, and does not take.
const ATTEMPTS: u32 = 10;
/// What stands before the paths of the exchange's own, and where it is told.
pub(super) const OWN_PATH: &str = "/exchange/v1";
const EVENTS_PATH: &str = "/events";

/// What somebody hears who looks at the console.
pub enum Announced {
    /// One will never be told: it is set aside.
    SetAside(Event),
    /// Nothing is told for now: why.
    Trouble(String),
}

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
            let mut state = State::default();
            while stopped.recv_timeout(state.pause()) == Err(RecvTimeoutError::Timeout) {
                if (self.connected)() {
                    self.tell_all(&runtime, &mut state);
                }
            }
        })?;
        Ok(Announcer {
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Tells what was not told yet, in its order, until the exchange does not take something.
    fn tell_all(&mut self, runtime: &Runtime, state: &mut State) {
        let happened = self.alliera().happened().unwrap_or_default();
        for one in &happened {
            let answered = runtime.block_on(self.tell(one));
            let (verdict, why) = match &answered {
                Ok(()) => (Verdict::Taken, String::new()),
                Err(error) => (state.verdict(one.number, error), error.to_string()),
            };
            let kept = match verdict {
                Verdict::Taken => self.alliera().told(one.number),
                Verdict::Refused => self.alliera().set_aside(one.number, &why),
                Verdict::Later => {
                    if state.failed(&why) {
                        (self.told)(Announced::Trouble(why));
                    }
                    return;
                }
            };
            if kept.is_err() {
                return;
            }
            *state = State::default();
            if verdict == Verdict::Refused {
                (self.told)(Announced::SetAside(one.not_told(why)));
            }
        }
    }

    async fn tell(&self, one: &Happened) -> Result<(), Error> {
        let body = one.to_body().as_object().cloned().unwrap_or_default();
        let request = ApiRequest::new(Method::Post, EVENTS_PATH).body(body);
        let answered = self.client.send(&request, &CallOptions::default()).await;
        answered.map(drop)
    }

    fn alliera(&self) -> MutexGuard<'_, Alliera> {
        self.alliera.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How telling goes.
#[derive(Debug, Default)]
struct State {
    /// Of the one that is told next: how often the exchange answered, and did not take it.
    answered: (i64, u32),
    /// How often in a row it was not taken.
    failures: u32,
    /// Why, as it was said last.
    why: String,
}

impl State {
    fn pause(&self) -> Duration {
        let factor = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        LOOK_EVERY.saturating_mul(factor).min(LONGEST_PAUSE)
    }

    /// What becomes of the one with this number.
    fn verdict(&mut self, number: i64, error: &Error) -> Verdict {
        let Some(status) = error.status() else {
            return Verdict::Later;
        };
        let verdict = match error.kind() {
            // That no credential is right says nothing of it.
            ErrorKind::Unauthorised | ErrorKind::SignatureRefused => return Verdict::Later,
            _ => Verdict::of(status),
        };
        let (before, times) = self.answered;
        let times = if before == number {
            times.saturating_add(1)
        } else {
            1
        };
        self.answered = (number, times);
        if verdict == Verdict::Later && times >= ATTEMPTS {
            Verdict::Refused
        } else {
            verdict
        }
    }

    /// It was not taken; whether that is news.
    fn failed(&mut self, why: &str) -> bool {
        self.failures = self.failures.saturating_add(1);
        let news = self.why != why;
        why.clone_into(&mut self.why);
        news
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
