//! A second reading of the rules: a store in memory that is nothing but maps.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use daxsign_core::Timestamp;
use daxsign_exchange::record::*;
use daxsign_exchange::{CorrelationId, Party};
use uuid::Uuid;

use crate::conformance::Place;

#[derive(Clone)]
struct Exchange {
    row: Row,
    request_hash: [u8; 32],
    at: Timestamp,
    refused_at_once: bool,
    attempts: u32,
    open: bool,
    request: Option<Content>,
    answer: Option<Content>,
    erased: bool,
}

#[derive(Clone, Default)]
struct State {
    leaves: u64,
    exchanges: BTreeMap<CorrelationId, Exchange>,
    replays: BTreeMap<(i64, [u8; 32]), CorrelationId>,
    horizon: i64,
    retries: BTreeMap<(Uuid, String), ([u8; 32], CorrelationId, Timestamp)>,
    fans: BTreeMap<CorrelationId, Fanning>,
    retries_of_fans: BTreeMap<(Uuid, String), ([u8; 32], CorrelationId, Timestamp)>,
}

#[derive(Clone)]
struct Fanning {
    fan: Fan,
    open: bool,
    statuses: BTreeMap<CorrelationId, u16>,
}

/// What is committed is shared by all that are opened.
#[derive(Clone, Default)]
pub(crate) struct Memory(Rc<RefCell<State>>);

impl Place for Memory {
    type Store = Self;

    fn open(&self) -> Self {
        for one in self.0.borrow_mut().fans.values_mut() {
            one.open = false;
        }
        self.clone()
    }
}

fn later(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_unix(time.seconds() + seconds, time.nanoseconds()).unwrap()
}

impl State {
    fn leaf(&mut self) -> u64 {
        // The first one is the log's own.
        self.leaves += 1;
        self.leaves
    }

    fn replay(&mut self, key: Option<&ReplayKey>, id: CorrelationId) -> Result<(), Rejected> {
        let Some(key) = key else { return Ok(()) };
        if key.hour() < self.horizon {
            return Err(Rejected::TooOld);
        }
        let key = (key.hour(), *key.digest());
        if let Some(first) = self.replays.get(&key) {
            return Err(Rejected::Replayed(*first));
        }
        self.replays.insert(key, id);
        Ok(())
    }

    fn retry(&self, key: &IdempotencyKey, now: Timestamp) -> Result<(), Rejected> {
        let known = self.retries.get(&(key.instance(), key.key().into()));
        let Some((request, id, _)) = known.filter(|(.., at)| later(*at, 24 * 3600) > now) else {
            return self.retry_of_fan(key, now);
        };
        let first = &self.exchanges[id];
        let repeat: fn(CorrelationId) -> Repeat = if request != key.request() {
            Repeat::Different
        } else if first.open {
            Repeat::InWork
        } else {
            match first.row.standing.ending.unwrap() {
                Ending::Answered if first.erased => Repeat::Erased,
                Ending::Answered => Repeat::Answered,
                Ending::Refused => Repeat::Refused,
                Ending::Expired => Repeat::Expired,
                Ending::Unknown => Repeat::Unknown,
            }
        };
        Err(Rejected::Repeat(repeat(*id)))
    }

    fn retry_of_fan(&self, key: &IdempotencyKey, now: Timestamp) -> Result<(), Rejected> {
        let known = self
            .retries_of_fans
            .get(&(key.instance(), key.key().into()));
        let Some((request, id, _)) = known.filter(|(.., at)| later(*at, 24 * 3600) > now) else {
            return Ok(());
        };
        let repeat: fn(CorrelationId) -> Repeat = if request != key.request() {
            Repeat::Different
        } else if self.fan_is_open(&self.fans[id]) {
            Repeat::InWork
        } else {
            Repeat::Several
        };
        Err(Rejected::Repeat(repeat(*id)))
    }

    fn fan_is_open(&self, one: &Fanning) -> bool {
        let child_is_open = |(id, _): &(CorrelationId, Party)| {
            let child = self.exchanges.get(id);
            child.is_some_and(|child| child.open)
        };
        one.open || one.fan.children.iter().any(child_is_open)
    }

    fn fan(&mut self, fan: &Fan) -> Result<Done, Rejected> {
        if self.exchanges.contains_key(&fan.correlation) {
            return Err(Rejected::Taken);
        }
        self.replay(Some(&fan.replay), fan.correlation)?;
        if let Some(key) = &fan.idempotency {
            self.retry(key, fan.at)?;
        }
        if self.fans.contains_key(&fan.correlation) {
            return Err(Rejected::Taken);
        }
        if let Some(key) = &fan.idempotency {
            let value = (*key.request(), fan.correlation, fan.at);
            self.retries_of_fans
                .insert((key.instance(), key.key().into()), value);
        }
        let fanning = Fanning {
            fan: fan.clone(),
            open: true,
            statuses: BTreeMap::new(),
        };
        self.fans.insert(fan.correlation, fanning);
        Ok(Done::Noted)
    }

    fn fan_end(&mut self, end: &FanEnd) -> Result<Done, Rejected> {
        let one = self.fans.get_mut(&end.correlation);
        let one = one.ok_or(Rejected::NotThere)?;
        one.open = false;
        one.statuses.extend(end.statuses.iter().copied());
        Ok(Done::Noted)
    }

    fn accept(&mut self, accept: &Accept) -> Result<Done, Rejected> {
        accept.content.check()?;
        if self.exchanges.contains_key(&accept.correlation) {
            return Err(Rejected::Taken);
        }
        self.replay(accept.replay.as_ref(), accept.correlation)?;
        if accept.deadline <= accept.at {
            return Err(Rejected::Overdue);
        }
        if let Some(key) = &accept.idempotency {
            self.retry(key, accept.at)?;
            let value = (*key.request(), accept.correlation, accept.at);
            self.retries
                .insert((key.instance(), key.key().into()), value);
        }
        let leaf = self.leaf();
        let row = Row {
            correlation: accept.correlation,
            leaf,
            sender: accept.sender,
            receiver: accept.receiver,
            contract: accept.contract,
            standing: Standing {
                delivery: accept.delivery,
                deadline: accept.deadline,
                may_have_left: accept.starts,
                ending: None,
                requeued: false,
                late: false,
            },
        };
        let exchange = Exchange {
            row,
            request_hash: accept.request,
            at: accept.at,
            refused_at_once: false,
            attempts: u32::from(accept.starts),
            open: true,
            request: Some(accept.content.clone()),
            answer: None,
            erased: false,
        };
        self.exchanges.insert(accept.correlation, exchange);
        Ok(Done::Leaf(leaf))
    }

    fn refuse(&mut self, refuse: &Refuse) -> Result<Done, Rejected> {
        refuse.content.check()?;
        if self.exchanges.contains_key(&refuse.correlation) {
            return Err(Rejected::Taken);
        }
        self.replay(refuse.replay.as_ref(), refuse.correlation)?;
        let leaf = self.leaf();
        let row = Row {
            correlation: refuse.correlation,
            leaf,
            sender: refuse.sender,
            receiver: refuse.receiver.unwrap_or(refuse.sender),
            contract: refuse.contract,
            standing: Standing {
                delivery: Delivery::Once,
                deadline: refuse.at,
                may_have_left: false,
                ending: Some(Ending::Refused),
                requeued: false,
                late: false,
            },
        };
        let exchange = Exchange {
            row,
            request_hash: refuse.request,
            at: refuse.at,
            refused_at_once: true,
            attempts: 0,
            open: false,
            request: Some(refuse.content.clone()),
            answer: None,
            erased: false,
        };
        self.exchanges.insert(refuse.correlation, exchange);
        Ok(Done::Leaf(leaf))
    }

    fn accepted(&mut self, id: CorrelationId) -> Result<&mut Exchange, Rejected> {
        let exchange = self.exchanges.get_mut(&id).ok_or(Rejected::NotThere)?;
        if exchange.refused_at_once {
            return Err(Rejected::Decided(Ending::Refused));
        }
        Ok(exchange)
    }

    fn start(&mut self, start: &Start) -> Result<Done, Rejected> {
        let exchange = self.accepted(start.correlation)?;
        if let (Some(ending), false) = (exchange.row.standing.ending, exchange.open) {
            return Err(Rejected::Decided(ending));
        }
        if exchange.row.standing.deadline <= start.at {
            return Err(Rejected::Overdue);
        }
        if exchange.row.standing.delivery == Delivery::Once && exchange.attempts > 0 {
            return Err(Rejected::Spent);
        }
        if exchange.attempts == MAX_ATTEMPTS {
            return Err(Rejected::TooOften);
        }
        exchange.attempts += 1;
        exchange.row.standing.may_have_left = true;
        Ok(Done::Started(exchange.attempts))
    }

    fn end(&mut self, id: CorrelationId, ending: Ending) -> Result<Done, Rejected> {
        let leaf = self.leaves + 1;
        let exchange = self.accepted(id)?;
        match exchange.row.standing.ending {
            Some(_) if exchange.open => {
                exchange.open = false;
                return Ok(Done::Noted);
            }
            Some(before) => return Err(Rejected::Decided(before)),
            None => {}
        }
        exchange.row.standing.ending = Some(ending);
        exchange.open = false;
        self.leaves = leaf;
        Ok(Done::Leaf(leaf))
    }

    fn answer(&mut self, answer: &Answer, ending: Ending) -> Result<Done, Rejected> {
        answer.content.check()?;
        let leaf = self.leaves + 1;
        let exchange = self.accepted(answer.correlation)?;
        if exchange.attempts == 0 {
            return Err(Rejected::NotSent);
        }
        match exchange.row.standing.ending {
            None => {
                if ending == Ending::Answered {
                    exchange.answer = Some(answer.content.clone());
                }
                self.end(answer.correlation, ending)
            }
            Some(Ending::Expired | Ending::Unknown) if ending == Ending::Answered => {
                if exchange.row.standing.late {
                    return Err(Rejected::LateBefore);
                }
                if exchange.erased {
                    return Err(Rejected::Erased);
                }
                exchange.row.standing.late = true;
                exchange.open = false;
                self.leaves = leaf;
                Ok(Done::Late(leaf))
            }
            Some(before) => Err(Rejected::Decided(before)),
        }
    }

    fn expire(&mut self, end: &End) -> Result<Done, Rejected> {
        if self.accepted(end.correlation)?.row.standing.deadline > end.at {
            return Err(Rejected::NotDue);
        }
        self.end(end.correlation, Ending::Expired)
    }

    fn give_up(&mut self, end: &End) -> Result<Done, Rejected> {
        if self.accepted(end.correlation)?.attempts == 0 {
            return Err(Rejected::NotSent);
        }
        self.end(end.correlation, Ending::Unknown)
    }

    fn sent(&mut self, sent: &Sent) -> Result<Done, Rejected> {
        if !(1..=MAX_ATTEMPTS).contains(&sent.attempt) {
            return Err(Rejected::Unfit(Unfit::Attempt(sent.attempt)));
        }
        if self.accepted(sent.correlation)?.erased {
            return Err(Rejected::Erased);
        }
        Ok(Done::Noted)
    }

    fn requeue(&mut self, requeue: &Requeue) -> Result<Done, Rejected> {
        let exchange = self.accepted(requeue.correlation)?;
        match exchange.row.standing.ending {
            _ if exchange.open => return Err(Rejected::InWork),
            Some(before @ (Ending::Answered | Ending::Refused)) => {
                return Err(Rejected::Decided(before));
            }
            _ if exchange.row.standing.late => return Err(Rejected::LateBefore),
            _ if exchange.row.standing.delivery == Delivery::Once && exchange.attempts > 0 => {
                return Err(Rejected::Spent);
            }
            _ if exchange.erased => return Err(Rejected::Erased),
            _ => {}
        }
        exchange.row.standing.requeued = true;
        exchange.row.standing.deadline = requeue.deadline;
        exchange.open = true;
        Ok(Done::Noted)
    }

    fn one(&mut self, operation: &Operation) -> Result<Done, Rejected> {
        match operation {
            Operation::Accept(accept) => self.accept(accept),
            Operation::Start(start) => self.start(start),
            Operation::Answer(answer) => self.answer(answer, Ending::Answered),
            Operation::RefuseAnswer(answer) => self.answer(answer, Ending::Refused),
            Operation::Expire(end) => self.expire(end),
            Operation::GiveUp(end) => self.give_up(end),
            Operation::Refuse(refuse) => self.refuse(refuse),
            Operation::Sent(sent) => self.sent(sent),
            Operation::Requeue(requeue) => self.requeue(requeue),
            Operation::Note(_) => Ok(Done::Leaf(self.leaf())),
            Operation::Fan(fan) => self.fan(fan),
            Operation::FanEnd(end) => self.fan_end(end),
            Operation::Use(used) => {
                let done = self.replay(Some(&used.replay), used.correlation);
                done.map(|()| Done::Noted)
            }
        }
    }
}

impl Store for Memory {
    fn commit(&mut self, batch: &[Operation]) -> Result<Results, Failure> {
        if batch.len() > MAX_BATCH {
            let (cause, detail) = (Cause::TooMany, String::new());
            return Err(Failure { cause, detail });
        }
        let mut state = self.0.borrow_mut();
        Ok(batch.iter().map(|operation| state.one(operation)).collect())
    }

    fn row(&self, id: CorrelationId) -> Result<Option<Row>, Failure> {
        let state = self.0.borrow();
        let accepted = state
            .exchanges
            .get(&id)
            .filter(|exchange| !exchange.refused_at_once);
        Ok(accepted.map(|exchange| exchange.row))
    }

    fn open_rows(&self, behind: Option<u64>, limit: usize) -> Result<Vec<Row>, Failure> {
        let state = self.0.borrow();
        let open = state.exchanges.values().filter(|exchange| exchange.open);
        let mut rows: Vec<Row> = open.map(|exchange| exchange.row).collect();
        rows.retain(|row| behind.is_none_or(|behind| row.leaf > behind));
        rows.sort_by_key(|row| row.leaf);
        rows.truncate(limit);
        Ok(rows)
    }

    fn outcome(&self, sender: Uuid, asked: Asked) -> Result<Option<Outcome>, Failure> {
        let state = self.0.borrow();
        let mut found: Vec<&Exchange> = state
            .exchanges
            .values()
            .filter(|exchange| exchange.row.sender.instance == sender)
            .filter(|exchange| match asked {
                Asked::Correlation(id) => exchange.row.correlation == id,
                Asked::Request(hash) => exchange.request_hash == hash,
            })
            .collect();
        found.sort_by_key(|exchange| (exchange.refused_at_once, exchange.row.leaf));
        Ok(found.first().map(|exchange| Outcome {
            correlation: exchange.row.correlation,
            at: exchange.at,
            ending: exchange.row.standing.ending,
            may_have_left: exchange.attempts > 0,
            late: exchange.row.standing.late,
            erased: exchange.erased,
        }))
    }

    fn fan(&self, sender: Uuid, asked: Asked) -> Result<Option<Fanned>, Failure> {
        let state = self.0.borrow();
        let mut found: Vec<&Fanning> = state
            .fans
            .values()
            .filter(|one| one.fan.sender.instance == sender)
            .filter(|one| match asked {
                Asked::Correlation(id) => one.fan.correlation == id,
                Asked::Request(hash) => one.fan.request == hash,
            })
            .collect();
        found.sort_by_key(|one| (one.fan.at, one.fan.correlation));
        let Some(one) = found.first() else {
            return Ok(None);
        };
        let mut children = one.fan.children.clone();
        children.sort_by_key(|(_, receiver)| *receiver);
        let child = |(correlation, receiver): (CorrelationId, Party)| {
            Ok(Child {
                correlation,
                receiver,
                status: one.statuses.get(&correlation).copied(),
                outcome: self.outcome(sender, Asked::Correlation(correlation))?,
            })
        };
        Ok(Some(Fanned {
            correlation: one.fan.correlation,
            at: one.fan.at,
            open: state.fan_is_open(one),
            children: children
                .into_iter()
                .map(child)
                .collect::<Result<_, Failure>>()?,
        }))
    }

    fn request(&self, id: CorrelationId) -> Result<Option<Content>, Failure> {
        let state = self.0.borrow();
        Ok(state
            .exchanges
            .get(&id)
            .and_then(|exchange| exchange.request.clone()))
    }

    fn answer(&self, id: CorrelationId) -> Result<Option<Content>, Failure> {
        let state = self.0.borrow();
        Ok(state
            .exchanges
            .get(&id)
            .and_then(|exchange| exchange.answer.clone()))
    }

    fn erase(&mut self, id: CorrelationId) -> Result<bool, EraseProblem> {
        let mut state = self.0.borrow_mut();
        let Some(exchange) = state.exchanges.get_mut(&id) else {
            return Ok(false);
        };
        if exchange.open {
            return Err(EraseProblem::InWork);
        }
        (exchange.request, exchange.answer) = (None, None);
        Ok(!std::mem::replace(&mut exchange.erased, true))
    }

    fn tidy(&mut self, signed_before: Timestamp, now: Timestamp) -> Result<(), Failure> {
        let mut state = self.0.borrow_mut();
        state.horizon = state.horizon.max(signed_before.seconds().div_euclid(3600));
        let horizon = state.horizon;
        state.replays.retain(|(hour, _), _| *hour >= horizon);
        state
            .retries
            .retain(|_, (_, _, at)| later(*at, 24 * 3600) > now);
        state
            .retries_of_fans
            .retain(|_, (_, _, at)| later(*at, 24 * 3600) > now);
        Ok(())
    }

    fn checkpoint(&mut self, _: Timestamp) -> Result<Vec<u8>, Failure> {
        Ok(format!("{} leaves\n", self.0.borrow().leaves + 1).into_bytes())
    }
}
