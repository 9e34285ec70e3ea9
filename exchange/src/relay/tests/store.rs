//! The store of the small world: rows and leaves, written in transactions with a compare-and-set.

use std::collections::{BTreeMap, BTreeSet};

use crate::correlation::CorrelationId;
use crate::record::{Ending, Standing};
use crate::relay::Next;

/// An event on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Leaf {
    Request,
    Ending(Ending),
    Late,
}

/// A transaction.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Write {
    pub(super) id: CorrelationId,
    pub(super) next: Next,
    pub(super) row: Option<Standing>,
    /// The machine was told that it is on disk before it is.
    pub(super) replied: bool,
}

/// What became of it.
pub(super) enum Verdict {
    Written,
    Replayed,
    Decided(Ending),
}

#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Kept {
    /// The order of A.
    pub(super) place: usize,
    pub(super) row: Standing,
}

/// What is on disk.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Store {
    pub(super) rows: BTreeMap<CorrelationId, Kept>,
    leaves: Vec<(CorrelationId, Leaf)>,
    replay_keys: BTreeSet<usize>,
}

impl Store {
    pub(super) fn row(&self, id: CorrelationId) -> Option<Standing> {
        self.rows.get(&id).map(|kept| kept.row)
    }

    pub(super) fn in_order(&self) -> Vec<(CorrelationId, Standing)> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|(_, kept)| kept.place);
        rows.iter().map(|(id, kept)| (**id, kept.row)).collect()
    }

    pub(super) fn has(&self, id: CorrelationId, leaf: Leaf) -> bool {
        self.leaves.contains(&(id, leaf))
    }

    /// The end that is on record.
    pub(super) fn ending(&self, id: CorrelationId) -> Option<Ending> {
        self.leaves.iter().find_map(|(other, leaf)| match leaf {
            Leaf::Ending(ending) if *other == id => Some(*ending),
            _ => None,
        })
    }

    /// Writes a transaction. A `blind` store sets without comparing.
    pub(super) fn commit(&mut self, write: &Write, replay_key: usize, blind: bool) -> Verdict {
        let Write { id, next, row, .. } = *write;
        match (next, row) {
            (Next::RecordRefusal(_), _) => {
                self.leaves.push((id, Leaf::Ending(Ending::Refused)));
                Verdict::Written
            }
            (Next::RecordRequest, Some(row)) => self.accept(id, row, replay_key),
            (_, Some(row)) => self.change(id, next, row, blind),
            (_, None) => panic!("{next:?} of {id} writes no row"),
        }
    }

    fn accept(&mut self, id: CorrelationId, row: Standing, replay_key: usize) -> Verdict {
        if !self.replay_keys.insert(replay_key) {
            return Verdict::Replayed;
        }
        let place = self.rows.len();
        self.rows.insert(id, Kept { place, row });
        self.leaves.push((id, Leaf::Request));
        Verdict::Written
    }

    fn change(&mut self, id: CorrelationId, next: Next, row: Standing, blind: bool) -> Verdict {
        let kept = self.rows.get_mut(&id).expect("A is on disk");
        let ended = kept.row.ending;
        match (next, ended) {
            (Next::RecordEnding(_), Some(ending)) if !blind => return Verdict::Decided(ending),
            (Next::RecordSending, Some(ending)) if !row.requeued => {
                return Verdict::Decided(ending);
            }
            (Next::RecordLate | Next::RecordRequeue, Some(ending)) if kept.row.late && !blind => {
                return Verdict::Decided(ending);
            }
            _ => {}
        }
        // What one transaction says nothing of stays as it is.
        kept.row = match next {
            Next::RecordEnding(ending) => Standing {
                ending: Some(ending),
                may_have_left: row.may_have_left,
                ..kept.row
            },
            Next::RecordSending => Standing {
                may_have_left: row.may_have_left,
                ..kept.row
            },
            Next::RecordLate => Standing {
                late: true,
                ..kept.row
            },
            _ => row,
        };
        match next {
            Next::RecordEnding(ending) => self.leaves.push((id, Leaf::Ending(ending))),
            Next::RecordLate => self.leaves.push((id, Leaf::Late)),
            _ => {}
        }
        Verdict::Written
    }

    /// Another process lets it expire.
    pub(super) fn end_elsewhere(&mut self, id: CorrelationId) {
        if let Some(kept) = self.rows.get_mut(&id) {
            kept.row.ending = Some(Ending::Expired);
            self.leaves.push((id, Leaf::Ending(Ending::Expired)));
        }
    }

    /// X-ONCE and X-LATE of what is on record.
    pub(super) fn check(&self) {
        for id in self.leaves.iter().map(|(id, _)| *id) {
            let of_id = || self.leaves.iter().filter(move |(other, _)| *other == id);
            let count = |is: fn(&Leaf) -> bool| of_id().filter(|(_, leaf)| is(leaf)).count();
            let endings = count(|leaf| matches!(leaf, Leaf::Ending(_)));
            let late = count(|leaf| *leaf == Leaf::Late);
            assert!(count(|leaf| *leaf == Leaf::Request) <= 1, "X-ONCE: {id}");
            assert!(endings <= 1, "X-LATE: {id} ended twice");
            assert!(late <= 1, "X-LATE: {id} has two late answers");
            if late == 1 {
                let ending = self.ending(id);
                assert!(
                    ending.is_some_and(|ending| ending != Ending::Answered),
                    "X-LATE: {id} is late and {ending:?}"
                );
            }
        }
    }
}
