//! What a server has moved for good (301): remembered, within bounds.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::protocol::address::{Address, Origin};

/// How many moves are remembered; the oldest is forgotten first.
pub(crate) const MAX_MOVES: usize = 64;

/// From where to where, queries left out.
#[derive(Debug, Default)]
pub(crate) struct Moved(Mutex<VecDeque<(Address, Address)>>);

/// The same place without its query.
fn bare(origin: &Origin, path: &str) -> Address {
    Address {
        origin: origin.clone(),
        target: path.to_owned(),
    }
}

impl Moved {
    /// Remembers a move that holds whatever the query is: one that leaves it as it was.
    pub(crate) fn remember(&self, from: &Address, to: &Address) {
        let ((path, query), (new_path, new_query)) = (from.split(), to.split());
        if query != new_query {
            return;
        }
        let from = bare(&from.origin, path);
        let mut moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        moves.retain(|(old, _)| *old != from);
        if moves.len() >= MAX_MOVES {
            moves.pop_front();
        }
        moves.push_back((from, bare(&to.origin, new_path)));
    }

    /// Where `address` is now. At most `hops` moves are followed.
    pub(crate) fn current(&self, address: Address, hops: u8) -> Address {
        let moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut address = address;
        for _ in 0..hops {
            let (path, query) = address.split();
            let here = bare(&address.origin, path);
            let Some((_, to)) = moves.iter().find(|(old, _)| *old == here) else {
                break;
            };
            let target = match query {
                Some(query) => format!("{}?{query}", to.target),
                None => to.target.clone(),
            };
            address = bare(&to.origin, &target);
        }
        address
    }
}
