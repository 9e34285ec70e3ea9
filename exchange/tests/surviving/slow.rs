//! A disk on which each transaction takes longer: everything is slower, and nothing else changes.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread::{scope, sleep};
use std::time::Duration;

use crate::killed::{DEADLINE, is_on_record, is_on_record_as_told, record};
use crate::load::Life;
use crate::notes::Notes;
use crate::passing::Passing;
use crate::serving::serve;
use crate::town::{Exchange, PATIENCE, Town, b};

#[test]
fn on_a_slow_disk_nothing_is_lost() {
    let place = tempfile::tempdir().unwrap();
    let town = Town::found(place.path(), DEADLINE);
    let notes = Mutex::new(Notes::default());
    // 2 to 10 ms more for each.
    let mut transactions = 0;
    let before = move || {
        transactions += 1;
        sleep(Duration::from_millis(2 + transactions * 7 % 9));
    };
    let slow = |store| Passing {
        store,
        before: Box::new(before),
        unread: Box::new(|| None),
    };
    let exchange = Exchange::start_with(town.path(), slow, |key| key);
    let (ours, its) = UnixStream::pair().unwrap();
    let (end, (serves, ready)) = (ours.try_clone().unwrap(), channel());
    scope(|scope| {
        scope.spawn(|| serve(&exchange, &[b()], its));
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
