//! A disk on which each transaction takes longer: everything is slower, and nothing else changes.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread::{scope, sleep};
use std::time::Duration;

use daxsign_core::Timestamp;
use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::{
    Asked, Content, EraseProblem, Failure, Fanned, Operation, Outcome, Results, Row, SqliteStore,
    Store,
};
use uuid::Uuid;

use crate::killed::{DEADLINE, is_on_record, is_on_record_as_told, record};
use crate::load::Life;
use crate::notes::Notes;
use crate::serving::serve;
use crate::town::{Exchange, PATIENCE, Town};

/// Takes 2 to 10 ms more for each transaction.
struct Slow {
    store: SqliteStore,
    transactions: u64,
}

impl Store for Slow {
    fn commit(&mut self, batch: &[Operation]) -> Result<Results, Failure> {
        self.transactions += 1;
        sleep(Duration::from_millis(2 + self.transactions * 7 % 9));
        self.store.commit(batch)
    }

    fn row(&self, correlation: CorrelationId) -> Result<Option<Row>, Failure> {
        self.store.row(correlation)
    }

    fn open_rows(&self, behind: Option<u64>, limit: usize) -> Result<Vec<Row>, Failure> {
        self.store.open_rows(behind, limit)
    }

    fn outcome(&self, sender: Uuid, asked: Asked) -> Result<Option<Outcome>, Failure> {
        self.store.outcome(sender, asked)
    }

    fn fan(&self, sender: Uuid, asked: Asked) -> Result<Option<Fanned>, Failure> {
        self.store.fan(sender, asked)
    }

    fn request(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        self.store.request(correlation)
    }

    fn answer(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        self.store.answer(correlation)
    }

    fn erase(&mut self, correlation: CorrelationId) -> Result<bool, EraseProblem> {
        self.store.erase(correlation)
    }

    fn tidy(&mut self, signed_before: Timestamp, now: Timestamp) -> Result<(), Failure> {
        self.store.tidy(signed_before, now)
    }

    fn checkpoint(&mut self, now: Timestamp) -> Result<Vec<u8>, Failure> {
        self.store.checkpoint(now)
    }
}

#[test]
fn on_a_slow_disk_nothing_is_lost() {
    let place = tempfile::tempdir().unwrap();
    let town = Town::found(place.path(), DEADLINE);
    let notes = Mutex::new(Notes::default());
    let slow = |store| Slow {
        store,
        transactions: 0,
    };
    let exchange = Exchange::start_with(town.path(), slow, |key| key);
    let (ours, its) = UnixStream::pair().unwrap();
    let (end, (serves, ready)) = (ours.try_clone().unwrap(), channel());
    scope(|scope| {
        scope.spawn(|| serve(&exchange, its));
        scope.spawn(|| Life::live(&town, &notes, ours, &serves));
        ready.recv_timeout(PATIENCE).expect("it serves");
        sleep(Duration::from_secs(2));
        end.shutdown(Shutdown::Both).unwrap();
    });
    exchange.running.stop().unwrap();
    let notes = notes.into_inner().unwrap();
    let store = record(&town);
    assert_eq!(store.fsck().unwrap().findings, []);
    for delivery in &notes.delivered {
        is_on_record(&store, &notes, delivery);
    }
    for answered in &notes.answered {
        is_on_record_as_told(&store, &notes, answered);
    }
    assert!(notes.answered.len() > 5, "{}", notes.answered.len());
}
