//! Where pages of lists ended. An offset counts from the beginning of its list; whoever asks for page after page gets each
//! from where the one before it ended, as long as nothing has changed in between.

use std::collections::VecDeque;

use daxsign_core::Sha256;
use rusqlite::Connection;
use rusqlite::types::Value as Sql;

use crate::party::Party;

/// How many are known.
const KEPT: usize = 256;

/// The places that are known of one store.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: VecDeque<(Place, End)>,
    as_of: State,
}

/// Behind so many items of a list as somebody sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    list: [u8; 32],
    offset: i64,
}

/// What stands there.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The number of the last item before it.
    pub(super) after: i64,
    /// How many the list has, as it is told.
    pub(super) total: i64,
}

/// Another one, once anything has changed: by this connection to the store, or by another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    own: u64,
    others: i64,
}

impl Place {
    /// In the list that `remote` gets for these conditions.
    pub(super) fn new(remote: Party, conditions: &str, values: &[Sql], offset: i64) -> Self {
        let list = format!("{remote} {conditions} {values:?}");
        Self {
            list: Sha256::digest(list.as_bytes()),
            offset,
        }
    }

    /// So many items further on.
    pub(super) fn behind(self, count: usize) -> Self {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        Self {
            offset: self.offset.saturating_add(count),
            ..self
        }
    }
}

impl Places {
    /// Forgets everything, if anything has changed since [`look_from`](Self::look_from).
    pub(super) fn look(&mut self, sql: &Connection) -> rusqlite::Result<()> {
        let others = sql
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        let now = State {
            own: sql.total_changes(),
            others,
        };
        if now != self.as_of {
            self.known.clear();
            self.as_of = now;
        }
        Ok(())
    }

    /// What is written from here on is a change.
    pub(super) fn look_from(&mut self, sql: &Connection) {
        self.as_of.own = sql.total_changes();
    }

    /// What is known of a place.
    pub(super) fn at(&self, place: Place) -> Option<End> {
        let mut known = self.known.iter().rev();
        known.find(|(at, _)| *at == place).map(|(_, end)| *end)
    }

    /// Knows a place.
    pub(super) fn know(&mut self, place: Place, end: End) {
        if self.known.len() >= KEPT {
            self.known.pop_front();
        }
        self.known.push_back((place, end));
    }
}
