//! All callbacks that are to be delivered, and what is to be done for them now. Time is handed in.

use std::collections::{BTreeMap, BTreeSet};

use daxsign_core::Timestamp;
use uuid::Uuid;

use super::schedule::due_after;
use super::tried::Tried;
use crate::correlation::CorrelationId;
use crate::record::{CallbackEnd, Delivery, OpenDelivery};

/// How many there may be at once; more are refused (X-OVERLOAD).
pub const MAX_OPEN: usize = 20_000;
/// How many of one receiver.
pub const MAX_OF_RECEIVER: usize = 1_000;
/// After what the record could not do it is tried again so many seconds later.
const AGAIN_SECONDS: i64 = 1;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is tried. One at a time for each receiver, so that one that is slow delays nobody else.
    Try(OpenDelivery),
    /// It is given up: how, and why.
    End(CorrelationId, CallbackEnd, String),
}

/// All callbacks that have not ended.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    open: BTreeMap<CorrelationId, Entry>,
    /// By the receiver's instance.
    queues: BTreeMap<Uuid, Queue>,
}

#[derive(Clone, Debug)]
struct Entry {
    delivery: OpenDelivery,
    /// When something is to be done; `None` while it is.
    due: Option<Timestamp>,
    /// What was said last.
    last: String,
}

#[derive(Clone, Debug, Default)]
struct Queue {
    due: BTreeSet<(Timestamp, CorrelationId)>,
    count: usize,
    is_busy: bool,
}

impl Agenda {
    /// One that is on record: new, or open since before a restart.
    pub fn add(&mut self, delivery: OpenDelivery) {
        let id = delivery.correlation;
        let last = "it was never tried".to_owned();
        if self.open.contains_key(&id) {
            return;
        }
        let queue = self.queues.entry(delivery.receiver.instance).or_default();
        queue.count = queue.count.saturating_add(1);
        // Where there is no further attempt its end is told at once.
        let due = due_of(&delivery).unwrap_or(delivery.accepted);
        queue.due.insert((due, id));
        let entry = Entry {
            delivery,
            due: Some(due),
            last,
        };
        self.open.insert(id, entry);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// How many wait for that instance.
    #[must_use]
    pub fn of_receiver(&self, instance: Uuid) -> usize {
        self.queues.get(&instance).map_or(0, |queue| queue.count)
    }

    /// When something is to be done next, unless something happens before.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        let idle = self.queues.values().filter(|queue| !queue.is_busy);
        idle.filter_map(|queue| Some(queue.due.first()?.0)).min()
    }

    /// What is to be done now, at most so many things; what came of each is to be told.
    pub fn take(&mut self, now: Timestamp, most: usize) -> Vec<Act> {
        let mut acts = Vec::new();
        for queue in self.queues.values_mut() {
            if acts.len() >= most {
                break;
            }
            let first = queue.due.first().copied();
            let Some((_, id)) = first.filter(|(due, _)| *due <= now && !queue.is_busy) else {
                continue;
            };
            queue.due.pop_first();
            queue.is_busy = true;
            if let Some(entry) = self.open.get_mut(&id) {
                entry.due = None;
                acts.push(act(entry, now));
            }
        }
        acts
    }

    /// What came of an attempt. What is to be done now; `None` where it is tried again later.
    pub fn tried(&mut self, id: CorrelationId, tried: Tried, now: Timestamp) -> Option<Act> {
        let entry = self.open.get_mut(&id)?;
        let delivery = &mut entry.delivery;
        delivery.attempts = delivery.attempts.saturating_add(1);
        let (perhaps, told) = match tried {
            Tried::Taken(told) => return Some(Act::End(id, CallbackEnd::Delivered, told)),
            Tried::Never(told) => return Some(Act::End(id, CallbackEnd::Refused, told)),
            Tried::NotTaken(told) => (false, told),
            Tried::Perhaps(told) => (true, told),
        };
        delivery.under_way = perhaps;
        entry.last = told;
        if perhaps && delivery.delivery == Delivery::Once {
            return Some(spent(entry));
        }
        match due_of(delivery).filter(|due| *due < entry.delivery.deadline) {
            Some(due) => {
                self.plan(id, due.max(now));
                None
            }
            None => Some(over(entry)),
        }
    }

    /// What the record could not do is done again in a moment.
    pub fn again(&mut self, id: CorrelationId, now: Timestamp) {
        self.plan(id, later(now, AGAIN_SECONDS));
    }

    /// It is on record that it has ended.
    pub fn ended(&mut self, id: CorrelationId) {
        let Some(entry) = self.open.remove(&id) else {
            return;
        };
        let instance = entry.delivery.receiver.instance;
        if let Some(queue) = self.queues.get_mut(&instance) {
            queue.count = queue.count.saturating_sub(1);
            match entry.due {
                Some(due) => {
                    queue.due.remove(&(due, id));
                }
                None => queue.is_busy = false,
            }
            if queue.count == 0 {
                self.queues.remove(&instance);
            }
        }
    }

    /// What the queue was busy with waits until then, and others of its receiver may be tried.
    fn plan(&mut self, id: CorrelationId, due: Timestamp) {
        let Some(entry) = self.open.get_mut(&id).filter(|entry| entry.due.is_none()) else {
            return;
        };
        entry.due = Some(due);
        let instance = entry.delivery.receiver.instance;
        if let Some(queue) = self.queues.get_mut(&instance) {
            queue.is_busy = false;
            queue.due.insert((due, id));
        }
    }
}

fn act(entry: &Entry, now: Timestamp) -> Act {
    let delivery = &entry.delivery;
    if delivery.under_way && delivery.delivery == Delivery::Once {
        return spent(entry);
    }
    if now >= delivery.deadline || due_of(delivery).is_none() {
        return over(entry);
    }
    Act::Try(*delivery)
}

fn spent(entry: &Entry) -> Act {
    let told = format!(
        "it may have arrived, and must not go twice, since its receiver is not registered as deduplicating: {}",
        entry.last
    );
    Act::End(entry.delivery.correlation, CallbackEnd::Unknown, told)
}

fn over(entry: &Entry) -> Act {
    let attempts = entry.delivery.attempts;
    let told = format!("given up after {attempts} attempts: {}", entry.last);
    Act::End(entry.delivery.correlation, CallbackEnd::Expired, told)
}

/// When the next attempt is due; `None` where there is none.
fn due_of(delivery: &OpenDelivery) -> Option<Timestamp> {
    let seconds = due_after(delivery.attempts, delivery.correlation)?;
    Some(later(delivery.accepted, seconds))
}

/// That many seconds after `time`; the end of time stays.
fn later(time: Timestamp, seconds: i64) -> Timestamp {
    let sum = time.seconds().saturating_add(seconds);
    Timestamp::from_unix(sum, time.nanoseconds()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callbacks::schedule::{ATTEMPTS, GIVEN_UP_AFTER};
    use crate::party::Party;

    const NO: &str = "no";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_unix(second, 0).expect("a time")
    }

    fn id(number: u8) -> CorrelationId {
        // The first byte delays nothing.
        CorrelationId::from_bytes([0, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    fn open(number: u8, receiver: u8, delivery: Delivery) -> OpenDelivery {
        OpenDelivery {
            leaf: number.into(),
            correlation: id(number),
            callback: Uuid::nil(),
            sender: Party::from_bytes([9; 32]),
            receiver: Party::from_bytes([receiver; 32]),
            contract: None,
            accepted: at(0),
            deadline: at(GIVEN_UP_AFTER),
            attempts: 0,
            under_way: false,
            delivery,
        }
    }

    fn tries(acts: &[Act]) -> Vec<CorrelationId> {
        let each = acts.iter().map(|act| match act {
            Act::Try(delivery) => delivery.correlation,
            Act::End(id, how, why) => panic!("{id} ends: {how:?}, {why}"),
        });
        each.collect()
    }

    #[test]
    fn one_at_a_time_goes_to_a_receiver_and_others_do_not_wait() {
        let mut agenda = Agenda::default();
        for (number, receiver) in [(1, 1), (2, 1), (3, 2)] {
            agenda.add(open(number, receiver, Delivery::Once));
        }
        assert_eq!(tries(&agenda.take(at(0), 10)), [id(1), id(3)]);
        // A new one for a receiver that is busy waits, too.
        agenda.add(open(4, 2, Delivery::Once));
        assert_eq!(agenda.take(at(0), 10), []);
        assert_eq!(agenda.next_due(), None);
        assert_eq!(agenda.tried(id(1), Tried::NotTaken(NO.into()), at(1)), None);
        // What failed waits for its time, and delays nobody.
        assert_eq!(tries(&agenda.take(at(1), 10)), [id(2)]);
        let end = agenda.tried(id(2), Tried::Taken("yes".into()), at(2));
        assert_eq!(
            end,
            Some(Act::End(id(2), CallbackEnd::Delivered, "yes".into()))
        );
        agenda.ended(id(2));
        assert_eq!((agenda.len(), agenda.next_due()), (3, Some(at(10))));
        assert_eq!(agenda.take(at(9), 10), []);
        assert_eq!(tries(&agenda.take(at(10), 10)), [id(1)]);
        assert_eq!(agenda.of_receiver(Party::from_bytes([1; 32]).instance), 1);
    }

    #[test]
    fn no_more_begin_than_may_and_none_is_forgotten() {
        let mut agenda = Agenda::default();
        (1..=5).for_each(|number| agenda.add(open(number, number, Delivery::Once)));
        let mut begun = tries(&agenda.take(at(0), 2));
        begun.extend(tries(&agenda.take(at(0), 2)));
        begun.extend(tries(&agenda.take(at(0), 2)));
        assert_eq!(begun, [id(1), id(2), id(3), id(4), id(5)]);
        for id in begun {
            agenda.ended(id);
        }
        assert!(agenda.is_empty());
    }

    #[test]
    fn what_may_have_arrived_ends_where_it_may_not_go_twice() {
        for (delivery, goes_on) in [(Delivery::Once, false), (Delivery::Repeatable, true)] {
            let mut agenda = Agenda::default();
            agenda.add(open(1, 1, delivery));
            assert_eq!(tries(&agenda.take(at(0), 1)), [id(1)]);
            let next = agenda.tried(id(1), Tried::Perhaps(NO.into()), at(1));
            assert_eq!(next.is_none(), goes_on, "{next:?}");
            // The same where a crash came between.
            let mut agenda = Agenda::default();
            agenda.add(OpenDelivery {
                attempts: 1,
                under_way: true,
                ..open(1, 1, delivery)
            });
            let acts = agenda.take(at(10), 1);
            assert_eq!(matches!(acts[..], [Act::Try(_)]), goes_on, "{acts:?}");
        }
    }

    #[test]
    fn it_ends_once_all_attempts_were_in_vain_or_its_time_is_over() {
        let mut agenda = Agenda::default();
        agenda.add(open(1, 1, Delivery::Once));
        let mut attempts = 0;
        let end = loop {
            let now = agenda.next_due().expect("it is to be tried");
            assert_eq!(tries(&agenda.take(now, 1)), [id(1)]);
            attempts += 1;
            if let Some(end) = agenda.tried(id(1), Tried::NotTaken(NO.into()), now) {
                break end;
            }
        };
        let told = "given up after 10 attempts: no".to_owned();
        assert_eq!(
            (attempts, end),
            (ATTEMPTS, Act::End(id(1), CallbackEnd::Expired, told))
        );
        let mut late = Agenda::default();
        late.add(open(1, 1, Delivery::Once));
        let acts = late.take(at(GIVEN_UP_AFTER), 1);
        assert!(
            matches!(acts[..], [Act::End(_, CallbackEnd::Expired, _)]),
            "{acts:?}"
        );
        // What the record could not do is done again.
        let mut again = Agenda::default();
        again.add(open(1, 1, Delivery::Once));
        assert_eq!(tries(&again.take(at(0), 1)), [id(1)]);
        again.again(id(1), at(0));
        assert_eq!(again.next_due(), Some(at(1)));
        assert_eq!(tries(&again.take(at(1), 1)), [id(1)]);
    }
}
