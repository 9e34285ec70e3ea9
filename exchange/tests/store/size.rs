//! How large the record becomes beside the messages.

use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::*;

use crate::conformance::Place;
use crate::made::*;
use crate::sqlite::Sqlite;

/// What one event may take beside its message.
const PER_EVENT: u64 = 2048;
/// Of a head that is signed with 2048 bits.
const HEAD_LEN: usize = 1_000;

#[test]
fn an_event_takes_less_than_two_kilobytes_beside_its_message() {
    const EXCHANGES: u32 = 2_000;
    let place = Sqlite::default();
    let mut store = place.open();
    let numbers: Vec<u32> = (0..EXCHANGES).collect();
    let mut messages = 0;
    for some in numbers.chunks(32) {
        let mut batch = Vec::new();
        for number in some {
            let mut random = [0; 16];
            random[..4].copy_from_slice(&number.wrapping_mul(0x9E37_79B9).to_be_bytes());
            let correlation = CorrelationId::from_random(random);
            let mut request_hash = [0; 32];
            request_hash[..4].copy_from_slice(&number.to_le_bytes());
            let replay = ReplayKey::new(party(1).instance, &request_hash, None, at(0));
            let key = IdempotencyKey::new(
                party(1).instance,
                &format!("order-{number}"),
                [b"", b"", b"", b""],
            );
            let accepted = Accept {
                correlation,
                replay: Some(replay),
                idempotency: Some(key.unwrap()),
                request: request_hash,
                starts: true,
                ..request(1, 0)
            };
            let answered = Answer {
                correlation,
                ..answer_of(1, 1)
            };
            for content in [&accepted.content, &answered.content] {
                messages +=
                    content.message.len() + content.signature.len() + content.statement.len();
            }
            batch.extend([accept(accepted), Operation::Answer(Box::new(answered))]);
            // Of what the exchange sends, the heads: each has its signature.
            for towards in [Towards::Receiver, Towards::Sender] {
                messages += HEAD_LEN;
                batch.push(Operation::Sent(Sent {
                    correlation,
                    towards,
                    attempt: 1,
                    head: vec![b'h'; HEAD_LEN],
                    body: None,
                }));
            }
        }
        assert!(store.commit(&batch).unwrap().iter().all(Result::is_ok));
    }
    store.checkpoint(at(2)).unwrap();
    drop(store);
    drop(place.open());
    let bytes: u64 = [RECORD_FILE, KEYS_FILE]
        .iter()
        .map(|name| std::fs::metadata(place.0.path().join(name)).unwrap().len())
        .sum();
    let beside = bytes - messages as u64;
    let per_event = beside / u64::from(2 * EXCHANGES);
    println!("{per_event} bytes per event beside the messages");
    assert!(per_event < PER_EVENT, "{per_event}");
}
