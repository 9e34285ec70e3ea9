//! Parties, messages and operations for the tests.

use daxsign_core::Timestamp;
use daxsign_exchange::record::*;
use daxsign_exchange::{CorrelationId, Party};
use uuid::Uuid;

/// When the tests begin: 2023-11-14T22:13:20Z.
pub(crate) const START: i64 = 1_700_000_000;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(START + seconds, 0).unwrap()
}

pub(crate) fn id(number: u8) -> CorrelationId {
    CorrelationId::from_bytes([number; 16])
}

pub(crate) fn party(number: u8) -> Party {
    Party {
        partner: Uuid::from_bytes([number; 16]),
        instance: Uuid::from_bytes([number + 100; 16]),
    }
}

pub(crate) fn content(text: &str) -> Content {
    Content {
        message: format!(
            "POST /api/v2.0/cards HTTP/1.1\r\nContent-Length: {}\r\n\r\n{text}",
            text.len()
        )
        .into_bytes(),
        signature: format!("signature of {text:.40}").into_bytes(),
        statement: b"allowed by cards.write".to_vec(),
    }
}

/// A replay key of a message signed at that second.
pub(crate) fn key(number: u8, signed: i64) -> ReplayKey {
    ReplayKey::new(party(1).instance, &[number; 32], None, at(signed))
}

/// A request of party 1 to party 2 that expires ten seconds after it is taken.
pub(crate) fn request(number: u8, seconds: i64) -> Accept {
    Accept {
        correlation: id(number),
        parent: None,
        at: at(seconds),
        deadline: at(seconds + 10),
        sender: party(1),
        receiver: party(2),
        contract: Some(ContractVersion {
            id: Uuid::from_bytes([9; 16]),
            version: 3,
        }),
        thumbprint: [7; 32],
        replay: Some(key(number, seconds)),
        idempotency: None,
        request: [number; 32],
        delivery: Delivery::Once,
        starts: false,
        content: content(&format!("request {number}")),
    }
}

pub(crate) fn accept(accept: Accept) -> Operation {
    Operation::Accept(Box::new(accept))
}

pub(crate) fn start(number: u8, seconds: i64) -> Operation {
    Operation::Start(Start {
        correlation: id(number),
        at: at(seconds),
    })
}

pub(crate) fn answer_of(number: u8, seconds: i64) -> Answer {
    Answer {
        correlation: id(number),
        at: at(seconds),
        thumbprint: Some([8; 32]),
        content: content(&format!("answer to {number}")),
    }
}

pub(crate) fn answer(number: u8, seconds: i64) -> Operation {
    Operation::Answer(Box::new(answer_of(number, seconds)))
}

pub(crate) fn refuse_answer(number: u8, seconds: i64) -> Operation {
    Operation::RefuseAnswer(Box::new(answer_of(number, seconds)))
}

pub(crate) fn end(number: u8, seconds: i64) -> End {
    End {
        correlation: id(number),
        at: at(seconds),
        statement: b"504".to_vec(),
    }
}

pub(crate) fn expire(number: u8, seconds: i64) -> Operation {
    Operation::Expire(end(number, seconds))
}

pub(crate) fn give_up(number: u8, seconds: i64) -> Operation {
    Operation::GiveUp(end(number, seconds))
}

pub(crate) fn requeue(number: u8, deadline: i64) -> Operation {
    Operation::Requeue(Requeue {
        correlation: id(number),
        deadline: at(deadline),
    })
}

pub(crate) fn sent(number: u8, attempt: u32) -> Operation {
    Operation::Sent(Sent {
        correlation: id(number),
        towards: Towards::Receiver,
        attempt,
        head: b"POST /api/v2.0/cards HTTP/1.1\r\nSignature: x\r\n\r\n".to_vec(),
        body: None,
    })
}

pub(crate) fn refusal(number: u8, seconds: i64) -> Refuse {
    Refuse {
        correlation: id(number),
        at: at(seconds),
        sender: party(1),
        receiver: None,
        contract: None,
        thumbprint: [7; 32],
        replay: Some(key(number, seconds)),
        request: [number; 32],
        content: content(&format!("refused {number}")),
    }
}

pub(crate) fn refuse(refuse: Refuse) -> Operation {
    Operation::Refuse(Box::new(refuse))
}

/// An idempotency key of party 1, for a request with that body.
pub(crate) fn retry_key(key: &str, body: &str) -> IdempotencyKey {
    let parts = [
        &b"POST"[..],
        b"/api/v2.0/cards",
        b"application/json",
        body.as_bytes(),
    ];
    IdempotencyKey::new(party(1).instance, key, parts).unwrap()
}

/// Who is asked in the request to several receivers with that number: those with other numbers, of parties 2 and 3.
pub(crate) fn fan_children(number: u8) -> [(CorrelationId, Party); 2] {
    [
        (id(number % 6 + 1), party(2)),
        (id((number + 1) % 6 + 1), party(3)),
    ]
}

/// A request of party 1 to several receivers.
pub(crate) fn fan(number: u8, replay: ReplayKey, seconds: i64) -> Fan {
    Fan {
        correlation: id(number),
        at: at(seconds),
        sender: party(1),
        request: [number; 32],
        replay,
        idempotency: None,
        children: fan_children(number).to_vec(),
    }
}

/// Writes one operation.
pub(crate) fn one(store: &mut impl Store, operation: Operation) -> Result<Done, Rejected> {
    let mut results = store.commit(&[operation]).unwrap();
    assert_eq!(results.len(), 1);
    results.remove(0)
}
