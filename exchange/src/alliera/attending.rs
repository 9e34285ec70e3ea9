//! An Alliera that answers what comes over its connection to the exchange (X-BUS).

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::event::Event;
use super::replying::{Asked, answered, reply};
use super::stand_in::Alliera;
use crate::receiving::line::Line;
use crate::running::Clock;

/// Is told what happened.
pub type Told = Box<dyn FnMut(Event) + Send>;

/// Answers what comes, on a thread of its own, until the line [ends](Line::end). Whoever else uses the Alliera locks it
/// for as short a time as it takes.
///
/// # Errors
/// The thread cannot be started.
pub fn attend(
    line: Arc<Line>,
    alliera: Arc<Mutex<Alliera>>,
    clock: Clock,
    mut told: Told,
) -> std::io::Result<JoinHandle<()>> {
    let thread = std::thread::Builder::new().name("alliera".into());
    thread.spawn(move || {
        while let Some(mut request) = line.next() {
            let mut locked = alliera.lock().unwrap_or_else(PoisonError::into_inner);
            let (answer, _) = answered(&mut locked, &Asked::from(&request), clock());
            drop(locked);
            // What cannot be sent any more has expired at the exchange, which asks nobody twice for what changes
            // something.
            let _ = request.answer(reply(&answer));
            answer.events.into_iter().for_each(&mut told);
        }
    })
}
