//! The same bytes by many connections and both doors at one moment (X-REPLAY).

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::Barrier;

use daxsign_exchange::identity::TokenKey;
use uuid::Uuid;

use crate::bus::{connect_as, shake};
use crate::made::*;

/// So many by each door.
const BY_EACH: usize = 8;

/// A frame of a client, masked with zeros.
fn frame(message: &[u8]) -> Vec<u8> {
    let length = u16::try_from(message.len()).unwrap().to_be_bytes();
    [&[0x82, 0x80 | 0x7E], &length[..], &[0; 4], message].concat()
}

#[test]
fn the_same_bytes_by_many_connections_at_one_moment_are_taken_once_and_the_bus_takes_no_request() {
    let place = Place::secure(settings());
    let token = TokenKey::new(&[5; 32]).issue(Uuid::from_u128(100), a(), now(), [1; 16]);
    let request = signed_request(&token, "POST", &cards(), CARD, "Connection: close\r\n");
    // As the other door takes it: without the token.
    let text = String::from_utf8(request.clone()).unwrap();
    let lines = text.split_inclusive("\r\n");
    let message: String = lines
        .filter(|line| !line.starts_with("Authorization: ") && !line.starts_with("Connection: "))
        .collect();
    let begin = Barrier::new(BY_EACH + 1);
    let statuses = std::thread::scope(|scope| {
        let by_rest = (0..BY_EACH).map(|_| {
            scope.spawn(|| {
                let mut stream = connect_as(&place, None);
                begin.wait();
                stream.write_all(&request).unwrap();
                let mut read = Vec::new();
                // It may end without saying so.
                let _ = stream.read_to_end(&mut read);
                Answer::read(&read).status
            })
        });
        let by_rest: Vec<_> = by_rest.collect();
        // Answers alone come in there: nothing becomes of it. An instance has one connection.
        let mut bus = connect_as(&place, Some((a(), A_KEY, 2)));
        assert_eq!(shake(&mut bus).status, 101);
        let frames = frame(message.as_bytes()).repeat(BY_EACH);
        begin.wait();
        bus.write_all(&frames).unwrap();
        let all = by_rest.into_iter().map(|one| one.join().unwrap());
        all.collect::<Vec<_>>()
    });
    let mut counted = BTreeMap::new();
    for status in statuses {
        *counted.entry(status).or_insert(0) += 1;
    }
    assert_eq!(counted, BTreeMap::from([(201, 1), (409, BY_EACH - 1)]));
    assert_eq!(place.received(), 1);
}
