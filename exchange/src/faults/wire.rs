//! A wire on which messages to receivers go wrong, as it was ordered.

use std::sync::Arc;

use super::board::Board;
use super::kind::{Kind, Point};
use super::order::Asked;
use super::spoiled::spoil_signature;
use crate::correlation::CorrelationId;
use crate::deciding::{Route, route};
use crate::message::Message;
use crate::party::Party;
use crate::running::{Clock, Parcel, Wire};

/// Who asks (X-SIGN).
const SENDER: &str = "x-dax-sender";

/// A wire on which messages go wrong, as it was ordered.
pub struct FaultyWire<W> {
    inner: W,
    board: Option<Arc<Board>>,
    clock: Clock,
}

impl<W> FaultyWire<W> {
    /// Around another; without a board it is that one.
    pub const fn new(inner: W, board: Option<Arc<Board>>, clock: Clock) -> Self {
        Self {
            inner,
            board,
            clock,
        }
    }
}

impl<W> FaultyWire<W> {
    fn fault(&self, parcel: &Parcel) -> Option<Kind> {
        let board = self.board.as_ref()?;
        let message = Message::read(&parcel.bytes).ok()?;
        let sender: Party = message.parsed(SENDER).ok()?;
        let operation = match route(message.method, message.target) {
            Some(Route::Operation { operation, .. }) => Some(operation.id),
            _ => None,
        };
        let asked = Asked {
            correlation: parcel.correlation,
            instance: sender.instance,
            operation,
        };
        let done = board.take(Point::Wire, &asked, (self.clock)());
        done.map(|done| done.kind)
    }
}

impl<W: Wire> Wire for FaultyWire<W> {
    fn send(&mut self, mut parcel: Parcel) {
        match self.fault(&parcel) {
            Some(Kind::Duplicate) => {
                let again = parcel.clone();
                self.inner.send(parcel);
                if let Some(nobodys) = CorrelationId::fresh() {
                    // What is reported of it is about no exchange.
                    self.inner.send(Parcel {
                        correlation: nobodys,
                        ..again
                    });
                }
            }
            Some(Kind::MessageSignature) => {
                spoil_signature(&mut parcel.bytes);
                self.inner.send(parcel);
            }
            _ => self.inner.send(parcel),
        }
    }
}
