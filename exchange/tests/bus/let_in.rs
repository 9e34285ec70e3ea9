//! Who is let in.

use daxsign_exchange::doors::bus::{BusSettings, NotAMember};
use daxsign_pki::Profile;

use crate::made::*;
use crate::world::*;

/// What each request is told that does not become a connection.
#[test]
fn what_is_no_handshake_is_told_why() {
    let hall = Hall::new();
    let good = handshake(&[]);
    assert!(good.contains("Connection: keep-alive, Upgrade"));
    let cases = [
        ("405", good.replacen("GET", "POST", 1)),
        ("426", good.replacen("Upgrade: websocket\r\n", "", 1)),
        ("426", good.replacen("keep-alive, Upgrade", "keep-alive", 1)),
        ("426", good.replacen("Version: 13", "Version: 8", 1)),
        (
            "400",
            good.replacen("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ==", 1),
        ),
        (
            "400",
            handshake(&["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]),
        ),
        ("403", handshake(&["Origin: https://pages.example"])),
        ("403", handshake(&["Origin: null"])),
        ("401", handshake(&["X-Test-No-Certificate: 1"])),
    ];
    for (status, head) in &cases {
        let answer = Client::over_tls(&hall, &hall.b).ask(head);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{head}\n{answer}"
        );
    }
    let old = good.replacen("Version: 13", "Version: 8", 1);
    let answer = Client::over_tls(&hall, &hall.b).ask(&old).to_lowercase();
    assert!(answer.contains("sec-websocket-version: 13"), "{answer}");
    assert!(hall.run.wire.connected().is_empty());
    hall.end();
}

#[test]
fn a_certificate_is_registered_and_counts_or_lets_nobody_in() {
    let hall = Hall::new();
    let unknown = hall
        .certificates
        .issue("rsa3072", "c.example", Profile::OpenBanking, "23");
    let answer = |status: &str, holding| {
        let answer = Client::over_tls(&hall, holding).ask(&handshake(&[]));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        answer.to_lowercase()
    };
    answer("401", &unknown);
    hall.registered
        .set(&hall.b.certificate, Err(NotAMember::DoesNotCount));
    answer("401", &hall.b);
    hall.registered
        .set(&hall.b.certificate, Err(NotAMember::Unconfirmed));
    assert!(answer("503", &hall.b).contains("retry-after: 1"));
    assert!(hall.run.wire.connected().is_empty());
    hall.end();
}

#[test]
fn no_more_are_let_in_than_may_be() {
    let hall = Hall::with(BusSettings {
        connections: 1,
        ..settings()
    });
    let mut first = hall.connect();
    let other = hall
        .certificates
        .issue("rsa3072", "a.example", Profile::OpenBanking, "23");
    hall.registered.set(&other.certificate, Ok(a()));
    let answer = Client::over_tls(&hall, &other).ask(&handshake(&[]));
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    // The same instance takes its own place.
    let mut second = Client::open(&hall, &hall.b);
    assert_eq!(first.farewell().0, 4001);
    hall.door.refuse();
    let answer = Client::over_tls(&hall, &hall.b).ask(&handshake(&[]));
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    hall.door.close();
    assert_eq!(second.farewell().0, 1001);
    hall.end();
}

/// What waited for the older connection goes over the newer one.
#[test]
fn a_newer_connection_replaces_the_older() {
    let hall = Hall::new();
    let mut older = hall.connect();
    let mut newer = Client::open(&hall, &hall.b);
    let (code, reason) = older.farewell();
    assert_eq!(
        (code, &*reason),
        (
            4001,
            "the same instance connected again: only its newest connection counts"
        )
    );
    let asked = hall.world.request(TARGET, None);
    let answer = hall.run.ask(id(1), &asked.bytes);
    let passed_on = newer.message();
    newer.write(&masked(
        BINARY,
        &hall.world.answer(&passed_on, &hall.world.b.key),
    ));
    assert_eq!(told(&answer).status, 201);
    assert_eq!(hall.run.wire.connected().len(), 1);
    hall.end();
}
