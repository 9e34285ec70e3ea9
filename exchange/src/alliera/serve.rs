//! An Alliera on a thread of its own, attached to an exchange in the same process.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::attendant::{Attendant, Unanswered};
use super::event::Event;
use crate::running::{Attached, Clock};

/// What a served Alliera tells: what happened, or why a message got no answer.
pub type Console = Box<dyn FnMut(Result<Event, Unanswered>) + Send>;

/// Answers what comes until the exchange is gone. Whoever else uses the Alliera locks it for as short a time as it
/// takes.
///
/// # Errors
/// The thread cannot be started.
pub fn serve(
    attached: Attached,
    attendant: Arc<Mutex<Attendant>>,
    clock: Clock,
    mut console: Console,
) -> std::io::Result<JoinHandle<()>> {
    let thread = std::thread::Builder::new().name("alliera".into());
    thread.spawn(move || {
        while let Some(bytes) = attached.next() {
            let mut locked = attendant.lock().unwrap_or_else(PoisonError::into_inner);
            let answered = locked.message(&bytes, clock());
            drop(locked);
            match answered {
                Ok((answer, events)) => {
                    // Where the exchange has no room the request expires there, and may be asked for again.
                    let _ = attached.answer(answer);
                    for event in events {
                        console(Ok(event));
                    }
                }
                Err(unanswered) => console(Err(unanswered)),
            }
        }
    })
}
