//! What waits for a thread, which sleeps where nothing does. Whoever puts something in wakes it once and after the lock is
//! free, so that it does not wake up only to wait for that; and not at all for what can wait for the next thing.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where things are put in. Once the last clone is gone, the mailbox ends.
pub(super) struct Slot<T>(Arc<Shared<T>>);

/// Where they are taken out, by one thread. What is in it when it is dropped, is dropped.
pub(super) struct Mailbox<T> {
    shared: Arc<Shared<T>>,
    /// Out of the lock already.
    taken: VecDeque<T>,
}

/// What comes next.
pub(super) enum Next<T> {
    Thing(T),
    /// Nothing came for so long.
    Nothing,
    /// Nothing will come any more.
    Ended,
}

/// Nobody takes anything out any more.
#[derive(Debug)]
pub(super) struct Gone;

struct Shared<T> {
    state: Mutex<State<T>>,
    wake: Condvar,
}

struct State<T> {
    waiting: VecDeque<T>,
    /// Among them is something that cannot wait.
    urgent: bool,
    sleeps: bool,
    slots: usize,
    gone: bool,
}

pub(super) fn mailbox<T>() -> (Slot<T>, Mailbox<T>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State {
            waiting: VecDeque::new(),
            urgent: false,
            sleeps: false,
            slots: 1,
            gone: false,
        }),
        wake: Condvar::new(),
    });
    let mailbox = Mailbox {
        shared: Arc::clone(&shared),
        taken: VecDeque::new(),
    };
    (Slot(shared), mailbox)
}

impl<T> Slot<T> {
    pub(super) fn put(&self, thing: T) -> Result<(), Gone> {
        self.add(thing, true)
    }

    /// It is taken with what is put in after it, or when nothing came for as long as the thread waits, or after
    /// [`wake`](Self::wake).
    pub(super) fn put_aside(&self, thing: T) -> Result<(), Gone> {
        self.add(thing, false)
    }

    /// What was put aside waits no longer.
    pub(super) fn wake(&self) {
        let mut state = self.0.state();
        state.urgent |= !state.waiting.is_empty();
        self.0.wake(state);
    }

    fn add(&self, thing: T, urgent: bool) -> Result<(), Gone> {
        let mut state = self.0.state();
        if state.gone {
            return Err(Gone);
        }
        state.waiting.push_back(thing);
        state.urgent |= urgent;
        self.0.wake(state);
        Ok(())
    }
}

impl<T> Mailbox<T> {
    /// The next thing, once there is something that cannot wait, or nothing came for so long.
    pub(super) fn next(&mut self, patience: Duration) -> Next<T> {
        if let Some(thing) = self.taken.pop_front() {
            return Next::Thing(thing);
        }
        let begun = Instant::now();
        let mut state = self.shared.state();
        loop {
            let left = patience.saturating_sub(begun.elapsed());
            let ended = state.slots == 0;
            if state.urgent || ended || left.is_zero() {
                take_all(&mut state, &mut self.taken);
                drop(state);
                return match self.taken.pop_front() {
                    Some(thing) => Next::Thing(thing),
                    None if ended => Next::Ended,
                    None => Next::Nothing,
                };
            }
            state.sleeps = true;
            let waited = self.shared.wake.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.sleeps = false;
        }
    }

    /// The next thing, if one is there.
    pub(super) fn try_next(&mut self) -> Option<T> {
        if self.taken.is_empty() {
            take_all(&mut self.shared.state(), &mut self.taken);
        }
        self.taken.pop_front()
    }
}

fn take_all<T>(state: &mut State<T>, taken: &mut VecDeque<T>) {
    core::mem::swap(&mut state.waiting, taken);
    state.urgent = false;
}

impl<T> Shared<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes who sleeps, if there is a reason to.
    fn wake(&self, mut state: MutexGuard<'_, State<T>>) {
        let wake = state.sleeps && (state.urgent || state.slots == 0);
        // One is enough.
        state.sleeps &= !wake;
        drop(state);
        if wake {
            self.wake.notify_one();
        }
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        let mut state = self.0.state();
        state.slots = state.slots.saturating_add(1);
        drop(state);
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.slots = state.slots.saturating_sub(1);
        self.0.wake(state);
    }
}

impl<T> Drop for Mailbox<T> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.gone = true;
        let waiting = core::mem::take(&mut state.waiting);
        drop(state);
        // Without the lock: what is dropped may put something in.
        drop(waiting);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Next, mailbox};

    const LONG: Duration = Duration::from_mins(1);
    const SHORT: Duration = Duration::from_millis(20);

    fn taken<T>(next: Next<T>) -> T {
        match next {
            Next::Thing(thing) => thing,
            Next::Nothing => panic!("nothing came"),
            Next::Ended => panic!("it ended"),
        }
    }

    #[test]
    fn what_is_put_in_wakes_and_comes_in_order() {
        let (slot, mut mailbox) = mailbox();
        let other = slot.clone();
        let puts = std::thread::spawn(move || {
            for number in 0..10_000 {
                other.put(number).unwrap();
            }
        });
        for number in 0..10_000 {
            assert_eq!(taken(mailbox.next(LONG)), number);
        }
        puts.join().unwrap();
        assert!(mailbox.try_next().is_none());
        assert!(matches!(mailbox.next(SHORT), Next::Nothing));
    }

    #[test]
    fn what_is_put_aside_waits_for_the_next_or_a_call_or_for_long() {
        let (slot, mut mailbox) = mailbox();
        slot.put_aside(1).unwrap();
        let begun = Instant::now();
        assert_eq!(taken(mailbox.next(SHORT)), 1);
        assert!(begun.elapsed() >= SHORT);
        slot.put_aside(2).unwrap();
        slot.put(3).unwrap();
        assert_eq!(taken(mailbox.next(LONG)), 2);
        assert_eq!(taken(mailbox.next(LONG)), 3);
        let other = slot.clone();
        let calls = std::thread::spawn(move || {
            other.put_aside(4).unwrap();
            std::thread::sleep(SHORT);
            other.wake();
        });
        assert_eq!(taken(mailbox.next(LONG)), 4);
        calls.join().unwrap();
        slot.put_aside(5).unwrap();
        assert_eq!(mailbox.try_next(), Some(5));
    }

    #[test]
    fn it_ends_behind_what_was_put_in_and_nothing_is_put_in_afterwards() {
        let (slot, mut mailbox) = mailbox::<u8>();
        slot.put_aside(1).unwrap();
        drop(slot.clone());
        drop(slot);
        assert_eq!(taken(mailbox.next(LONG)), 1);
        assert!(matches!(mailbox.next(LONG), Next::Ended));

        let (slot, mailbox) = super::mailbox();
        let held = std::sync::Arc::new(());
        slot.put(std::sync::Arc::clone(&held)).unwrap();
        drop(mailbox);
        assert_eq!(std::sync::Arc::strong_count(&held), 1);
        assert!(slot.put(held).is_err());
    }
}
