//! Which connections lie idle, and for how long: where there are too many, the one that does so for longest makes room.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// The connections on which no request is in work, the one that lies so for longest first.
#[derive(Debug, Default)]
pub(crate) struct Idle(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    all: BTreeMap<u64, Arc<Notify>>,
}

impl Idle {
    /// Asks the one that lies idle for longest to end, if there is one.
    pub(crate) fn end_longest(&self) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, end)) = waiting.all.pop_first() {
            end.notify_one();
        }
    }

    fn begin(&self, end: &Arc<Notify>) -> u64 {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.next = waiting.next.saturating_add(1);
        let number = waiting.next;
        waiting.all.insert(number, Arc::clone(end));
        number
    }

    fn end(&self, number: u64) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.all.remove(&number);
    }
}

/// A connection, idle at first.
#[derive(Debug)]
pub(crate) struct Idling {
    idle: Arc<Idle>,
    end: Arc<Notify>,
    /// Its number among the idle ones, while it is one.
    number: Mutex<Option<u64>>,
    used: AtomicBool,
}

impl Idling {
    pub(crate) fn new(idle: Arc<Idle>) -> Arc<Self> {
        let end = Arc::new(Notify::new());
        let number = Mutex::new(Some(idle.begin(&end)));
        Arc::new(Self {
            idle,
            end,
            number,
            used: AtomicBool::new(false),
        })
    }

    /// Waits until it is asked to end.
    pub(crate) async fn asked_to_end(&self) {
        self.end.notified().await;
    }

    /// Whether a request ever came.
    pub(crate) fn is_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }

    /// It has a request in work, until what is returned goes.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        self.used.store(true, Ordering::Relaxed);
        self.leave();
        Busy(Arc::clone(self))
    }

    /// It is none of the idle ones.
    fn leave(&self) {
        let mut number = self.number.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = number.take() {
            self.idle.end(number);
        }
    }
}

impl Drop for Idling {
    fn drop(&mut self) {
        self.leave();
    }
}

/// A request in work.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Idling>);

impl Drop for Busy {
    fn drop(&mut self) {
        let Idling {
            idle, end, number, ..
        } = &*self.0;
        let mut number = number.lock().unwrap_or_else(PoisonError::into_inner);
        *number = Some(idle.begin(end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn is_asked(one: &Idling) -> bool {
        let asked = tokio::time::timeout(Duration::from_millis(1), one.asked_to_end());
        asked.await.is_ok()
    }

    #[tokio::test]
    async fn the_one_that_lies_idle_for_longest_goes() {
        let idle = Arc::new(Idle::default());
        let all: Vec<_> = (0..4).map(|_| Idling::new(Arc::clone(&idle))).collect();
        // The first has a request in work, the second had one.
        let busy = all[0].busy();
        drop(all[1].busy());
        for number in [2, 3, 1] {
            idle.end_longest();
            for (other, one) in all.iter().enumerate() {
                assert_eq!(is_asked(one).await, other == number, "{other} of {number}");
            }
        }
        // None is left that may be asked.
        idle.end_longest();
        assert!(!is_asked(&all[0]).await);
        drop(busy);
        idle.end_longest();
        assert!(is_asked(&all[0]).await);
        assert!(all[1].is_used() && !all[2].is_used());
        drop(all);
        assert!(idle.0.lock().expect("no panic").all.is_empty());
    }
}
