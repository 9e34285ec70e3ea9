//! All orders, and what became of them.

use core::fmt;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use daxsign_core::Timestamp;

use super::chance::Chance;
use super::kind::{Kind, Point};
use super::order::{Asked, MAX_SECONDS, Order, Orders};
use crate::correlation::CorrelationId;

/// Orders at once.
const MAX_ORDERS: usize = 64;
/// Requests that brought an order of their own and did not come so far yet.
const MAX_OWN: usize = 1024;
/// Faults that are remembered; the oldest is forgotten first.
const MAX_DONE: usize = 10_000;

/// All orders, and what became of them.
pub struct Board(Mutex<State>);

struct State {
    orders: Orders,
    next: u32,
    chance: Chance,
    /// What requests brought with them.
    own: VecDeque<(CorrelationId, Kind, u16)>,
    done: VecDeque<Done>,
}

/// A fault that a request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which request.
    pub correlation: CorrelationId,
    /// When.
    pub at: Timestamp,
    /// Which fault.
    pub kind: Kind,
    /// How long it waits, where it does.
    pub seconds: u16,
    /// By which order; `None`: by a field of its own.
    pub order: Option<u32>,
}

/// As many orders are there as may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Board {
    /// Without orders. What is left to chance is the same for the same seed and the same requests.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(State {
            orders: Orders::new(),
            next: 1,
            chance: Chance::new(seed),
            own: VecDeque::new(),
            done: VecDeque::new(),
        }))
    }

    /// Orders a fault, and returns the order's number.
    ///
    /// # Errors
    /// [`Full`].
    pub fn order(&self, order: Order) -> Result<u32, Full> {
        let mut state = self.state();
        if state.orders.len() >= MAX_ORDERS {
            return Err(Full);
        }
        let number = state.next;
        state.next = state.next.saturating_add(1);
        let seconds = order.seconds.min(MAX_SECONDS);
        state.orders.push((number, Order { seconds, ..order }));
        Ok(number)
    }

    /// Ends an order; whether there was one.
    pub fn cancel(&self, number: u32) -> bool {
        let mut state = self.state();
        let before = state.orders.len();
        state.orders.retain(|(one, _)| *one != number);
        state.orders.len() < before
    }

    /// Ends all orders.
    pub fn clear(&self) {
        let mut state = self.state();
        state.orders.clear();
        state.own.clear();
    }

    /// All orders that still hold.
    #[must_use]
    pub fn orders(&self) -> Orders {
        self.state().orders.clone()
    }

    /// The newest faults that requests got, in their order.
    #[must_use]
    pub fn done(&self, most: usize) -> Vec<Done> {
        let state = self.state();
        let skipped = state.done.len().saturating_sub(most);
        state.done.iter().skip(skipped).copied().collect()
    }

    /// What a request got.
    #[must_use]
    pub fn done_to(&self, correlation: CorrelationId) -> Vec<Done> {
        let state = self.state();
        let its = state
            .done
            .iter()
            .filter(|done| done.correlation == correlation);
        its.copied().collect()
    }

    /// A request brought an order for itself alone.
    pub fn bring(&self, correlation: CorrelationId, kind: Kind, seconds: u16) {
        let mut state = self.state();
        if state.own.len() >= MAX_OWN {
            state.own.pop_front();
        }
        state
            .own
            .push_back((correlation, kind, seconds.min(MAX_SECONDS)));
    }

    /// The fault that a request gets here, if it gets one: its own first, then that of the earliest order.
    pub fn take(&self, point: Point, asked: &Asked<'_>, now: Timestamp) -> Option<Done> {
        let mut state = self.state();
        let state = &mut *state;
        let (kind, seconds, order) = state
            .own(point, asked)
            .or_else(|| state.ordered(point, asked))?;
        let done = Done {
            correlation: asked.correlation,
            at: now,
            kind,
            seconds,
            order,
        };
        if state.done.len() >= MAX_DONE {
            state.done.pop_front();
        }
        state.done.push_back(done);
        tracing::warn!(correlation_id = %asked.correlation, fault = kind.name(), "a fault that was ordered");
        Some(done)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn own(&mut self, point: Point, asked: &Asked<'_>) -> Option<(Kind, u16, Option<u32>)> {
        let fits = |(id, kind, _): &(CorrelationId, Kind, u16)| {
            *id == asked.correlation && kind.point() == point
        };
        let place = self.own.iter().position(fits)?;
        let (_, kind, seconds) = self.own.remove(place)?;
        Some((kind, seconds, None))
    }

    fn ordered(&mut self, point: Point, asked: &Asked<'_>) -> Option<(Kind, u16, Option<u32>)> {
        let chance = &mut self.chance;
        let found = self.orders.iter_mut().find(|(_, order)| {
            order.kind.point() == point && order.fits(asked) && chance.hits(order.percent)
        });
        let (number, order) = found?;
        let taken = (order.kind, order.seconds, Some(*number));
        order.count = order.count.map(|count| count.saturating_sub(1));
        self.orders.retain(|(_, order)| order.count != Some(0));
        Some(taken)
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Board({} orders)", self.state().orders.len())
    }
}

impl fmt::Display for Full {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "there are {MAX_ORDERS} orders, and no more may be: cancel some"
        )
    }
}

impl std::error::Error for Full {}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn asked(number: u8, instance: u8, operation: &str) -> Asked<'_> {
        Asked {
            correlation: CorrelationId::from_random([number; 16]),
            instance: Uuid::from_bytes([instance; 16]),
            operation: Some(operation),
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_unix(1_795_000_000, 0).expect("a time")
    }

    #[test]
    fn an_order_is_for_whom_it_names_and_as_often_as_it_says() {
        let board = Board::new(1);
        let order = Order {
            instance: Some(Uuid::from_bytes([7; 16])),
            operation: Some("get_card".to_owned()),
            count: Some(2),
            ..Order::once(Kind::RateLimit)
        };
        assert_eq!(board.order(order), Ok(1));
        let take = |point, instance, operation| {
            board
                .take(point, &asked(1, instance, operation), now())
                .map(|done| done.kind)
        };
        assert_eq!(take(Point::Arrival, 8, "get_card"), None);
        assert_eq!(take(Point::Arrival, 7, "get_cards"), None);
        assert_eq!(take(Point::Answer, 7, "get_card"), None);
        assert_eq!(take(Point::Arrival, 7, "get_card"), Some(Kind::RateLimit));
        assert_eq!(take(Point::Arrival, 7, "get_card"), Some(Kind::RateLimit));
        assert_eq!(take(Point::Arrival, 7, "get_card"), None);
        assert!(board.orders().is_empty());
        let told = board.done_to(asked(1, 7, "").correlation);
        assert_eq!(
            told.iter().map(|done| done.order).collect::<Vec<_>>(),
            [Some(1); 2]
        );
    }

    #[test]
    fn a_request_brings_what_it_gets_alone() {
        let board = Board::new(1);
        board.bring(asked(1, 7, "").correlation, Kind::ShortPage, 0);
        assert!(
            board
                .take(Point::Receiver, &asked(2, 7, ""), now())
                .is_none()
        );
        assert!(
            board
                .take(Point::Arrival, &asked(1, 7, ""), now())
                .is_none()
        );
        let done = board
            .take(Point::Receiver, &asked(1, 7, ""), now())
            .expect("its own");
        assert_eq!((done.kind, done.order), (Kind::ShortPage, None));
        assert!(
            board
                .take(Point::Receiver, &asked(1, 7, ""), now())
                .is_none()
        );
    }

    #[test]
    fn the_same_seed_has_the_same_faults() {
        let run = |seed| {
            let board = Board::new(seed);
            let order = Order {
                count: None,
                percent: 30,
                ..Order::once(Kind::Cut)
            };
            board.order(order).expect("room");
            let takes = (0..99).map(|number| {
                board
                    .take(Point::Arrival, &asked(number, 7, ""), now())
                    .is_some()
            });
            takes.collect::<Vec<bool>>()
        };
        assert_eq!(run(5), run(5));
        assert_ne!(run(5), run(6));
        assert!((15..45).contains(&run(5).iter().filter(|hit| **hit).count()));
    }

    #[test]
    fn there_is_an_end_to_orders_and_to_what_is_remembered() {
        let board = Board::new(1);
        for _ in 0..MAX_ORDERS {
            board.order(Order::once(Kind::Cut)).expect("room");
        }
        assert_eq!(board.order(Order::once(Kind::Cut)), Err(Full));
        assert!(board.cancel(3) && !board.cancel(3));
        board.order(Order::once(Kind::Cut)).expect("room again");
        board.clear();
        assert!(board.orders().is_empty());
    }

    #[test]
    fn every_kind_has_its_own_name() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        let told = "nonsense".parse::<Kind>().expect_err("none").to_string();
        assert!(told.contains("redirect-301"), "{told}");
    }
}
