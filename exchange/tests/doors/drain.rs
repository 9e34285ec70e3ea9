//! The end: what is in work is answered, and nothing more comes in.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::made::*;

#[test]
fn what_is_in_work_is_answered_and_nothing_more_comes_in() {
    let mut place = Place::plain(settings());
    place.receiver.takes.store(1_000, Ordering::SeqCst);
    let request = signed_request(&place.token(), "POST", &cards(), CARD, "");
    let mut stream = place.connect();
    stream.write_all(&request).unwrap();
    let idle = place.connect();
    becomes(|| place.received() == 1);
    let door = place.door.take().unwrap();
    assert!(door.is_ready());
    let drained = door.drain(Duration::from_millis(50), PATIENCE);
    assert_eq!(drained.cut, 0);
    let mut read = Vec::new();
    stream.read_to_end(&mut read).unwrap();
    let answer = Answer::read(&read);
    assert_eq!(
        (answer.status, answer.field("connection")),
        (201, Some("close"))
    );
    drop(idle);
    assert!(TcpStream::connect(place.address).is_err());
}

#[test]
fn what_does_not_end_is_cut() {
    let mut place = Place::plain(settings());
    place.receiver.silent.store(true, Ordering::SeqCst);
    let request = place.signed("POST", &cards(), CARD);
    let mut stream = place.connect();
    stream.write_all(&request).unwrap();
    becomes(|| place.received() == 1);
    let door = place.door.take().unwrap();
    let drained = door.drain(Duration::ZERO, Duration::from_millis(300));
    assert_eq!(drained.cut, 1);
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read);
    assert_eq!(read, b"");
}
