//! Who is closed, and with what reason.

use std::time::{Duration, Instant};

use daxsign_exchange::doors::bus::{BusSettings, NotAMember};
use daxsign_pki::Profile;

use crate::made::*;
use crate::world::*;

/// X-REVOKE for connections: within a second of what the registry says.
#[test]
fn who_is_revoked_in_the_registry_is_closed_within_a_second() {
    let hall = Hall::new();
    let mut client = hall.connect();
    hall.registered
        .set(&hall.b.certificate, Err(NotAMember::Unconfirmed));
    std::thread::sleep(Duration::from_millis(600));
    assert!(
        hall.run.wire.find(&b()).is_some(),
        "that nobody can tell closes nothing"
    );
    hall.registered
        .set(&hall.b.certificate, Err(NotAMember::DoesNotCount));
    let since = Instant::now();
    let (code, _) = client.farewell();
    assert_eq!(code, 4002);
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
    becomes(|| hall.run.wire.find(&b()).is_none());
    hall.end();
}

/// And within a second of the authority's list; who is not in it stays.
#[test]
fn who_is_revoked_by_the_authority_is_closed_within_a_second() {
    let hall = Hall::new();
    let mut client = hall.connect();
    let other = hall
        .certificates
        .issue("rsa3072", "a.example", Profile::OpenBanking, "23");
    hall.registered.set(&other.certificate, Ok(a()));
    let stays = Client::open(&hall, &other);
    becomes(|| hall.run.wire.connected().len() == 2);
    hall.live
        .replace(hall.certificates.policy(2, &["22"]))
        .unwrap();
    let since = Instant::now();
    assert_eq!(client.farewell().0, 4002);
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
    becomes(|| hall.run.wire.find(&b()).is_none());
    assert!(hall.run.wire.find(&a()).is_some());
    drop(stays);
    hall.end();
}

/// A party whose certificate is registered for another now is not the same any more.
#[test]
fn nobody_becomes_another_while_connected() {
    let hall = Hall::new();
    let mut client = hall.connect();
    hall.registered.set(&hall.b.certificate, Ok(a()));
    assert_eq!(client.farewell().0, 4002);
    hall.end();
}

#[test]
fn frames_that_break_the_rules_are_closed_with_a_reason() {
    let hall = Hall::with(BusSettings {
        max_message: 10_000,
        ..settings()
    });
    let mask = Some([9, 8, 7, 6]);
    let endless: Vec<u8> = [frame(BINARY, b"a", mask)]
        .into_iter()
        .chain((0..14_000).map(|_| frame(0, b"", mask)))
        .flatten()
        .collect();
    let long: Vec<u8> = [
        frame(BINARY, &[b'a'; 6000], mask),
        frame(0, &[b'a'; 6000], mask),
    ]
    .concat();
    let pings: Vec<u8> = (0..100).flat_map(|_| masked(PING, b"")).collect();
    let cases = [
        ("text", 1003, masked(TEXT, b"ANSWER / HTTP/1.1\r\n\r\n")),
        ("text that is none", 1003, masked(TEXT, &[0xff])),
        ("not masked", 1002, frame(0x80 | BINARY, b"answer", None)),
        ("reserved bits", 1002, frame(0xf0 | BINARY, b"answer", mask)),
        ("an opcode of nobody", 1002, masked(3, b"answer")),
        ("a continuation of nothing", 1002, masked(0, b"answer")),
        ("a control frame in fragments", 1002, frame(PING, b"", mask)),
        (
            "a frame that says it is too large",
            1009,
            masked(BINARY, &[b'a'; 10_001])[..14].to_vec(),
        ),
        ("fragments that are too large together", 1009, long),
        ("fragments without an end", 1008, endless),
        ("pings without an end", 1008, pings),
    ];
    for (name, code, bytes) in &cases {
        let mut client = hall.connect();
        client.try_write(bytes);
        let mut told = client.next().expect("a frame");
        while told.opcode == PONG {
            told = client.next().expect("a frame");
        }
        assert_eq!(told.opcode, CLOSE, "{name}");
        assert_eq!(
            told.payload[..2],
            u16::to_be_bytes(*code),
            "{name}: {told:?}"
        );
        assert!(told.payload.len() > 2, "{name}: a reason");
        drop(client);
        becomes(|| hall.run.wire.find(&b()).is_none());
    }
    assert_eq!(cases.len(), 11);
    // Whoever asks is not to be seen in any of it.
    let mut client = hall.connect();
    let answer = hall.run.ask(id(1), &hall.world.request(TARGET, None).bytes);
    let passed_on = client.message();
    client.write(&masked(
        BINARY,
        &hall.world.answer(&passed_on, &hall.world.b.key),
    ));
    assert_eq!(told(&answer).status, 201);
    hall.end();
}

/// Who sends what nobody asked for is read slowly, so that there is room for others' answers; what is an answer counts
/// all the same.
#[test]
fn who_sends_what_nobody_asked_for_is_read_slowly() {
    let hall = Hall::new();
    let mut client = hall.connect();
    let answer = hall.run.ask(id(1), &hall.world.request(TARGET, None).bytes);
    let passed_on = client.message();
    let junk: Vec<u8> = (0..270).flat_map(|_| masked(BINARY, b"junk")).collect();
    client.write(&junk);
    let received = || hall.run.wire.find(&b()).expect("connected").received;
    becomes(|| received() > 250);
    std::thread::sleep(Duration::from_millis(100));
    assert!(received() < 265, "{}", received());
    let signed = hall.world.answer(&passed_on, &hall.world.b.key);
    client.write(&masked(BINARY, &signed));
    assert_eq!(told(&answer).status, 201);
    assert_eq!(received(), 271);
    hall.end();
}

/// Who answers pings stays, who does not is closed.
#[test]
fn who_says_nothing_is_closed() {
    let hall = Hall::with(BusSettings {
        ping_after: Duration::from_millis(100),
        dead_after: Duration::from_millis(600),
        ..settings()
    });
    let mut client = hall.connect();
    client.answers_pings = false;
    let since = Instant::now();
    assert_eq!(client.farewell().0, 4003);
    assert!(since.elapsed() >= Duration::from_millis(500));
    let mut client = hall.connect();
    let answers = std::thread::spawn(move || client.next());
    std::thread::sleep(Duration::from_millis(1500));
    assert!(hall.run.wire.find(&b()).is_some());
    hall.door.close();
    assert_eq!(answers.join().unwrap().unwrap().opcode, CLOSE);
    hall.end();
}

/// A party that does not read is closed; meanwhile others get theirs.
#[test]
fn who_does_not_read_delays_nobody_else() {
    let hall = Hall::new();
    let slow = hall.connect();
    let other = hall
        .certificates
        .issue("rsa3072", "c.example", Profile::OpenBanking, "23");
    hall.registered.set(&other.certificate, Ok(c()));
    let mut quick = Client::open(&hall, &other);
    becomes(|| hall.run.wire.find(&c()).is_some());
    let large = hall.world.request_with(TARGET, None, &"x".repeat(4 << 20));
    let stuck = hall.run.ask(id(1), &large.bytes);
    becomes(|| {
        hall.run
            .wire
            .find(&b())
            .is_some_and(|open| open.waiting == 1)
    });
    let since = Instant::now();
    for number in 2..=11 {
        let target = format!("{TO_C}/{number}");
        let answer = hall
            .run
            .ask(id(number), &hall.world.request(&target, None).bytes);
        let passed_on = quick.message();
        let signed = hall.world.answer_of(c(), &passed_on, &hall.world.b.key);
        quick.write(&masked(BINARY, &signed));
        assert_eq!(told(&answer).status, 201);
    }
    assert!(
        since.elapsed() < Duration::from_millis(900),
        "{:?}",
        since.elapsed()
    );
    assert!(
        hall.run.wire.find(&b()).is_some(),
        "it was stuck all the time"
    );
    becomes(|| hall.run.wire.find(&b()).is_none());
    // The frame was under way.
    hall.world.pass(DEADLINE, &hall.run);
    assert_eq!(told(&stuck).status, 504);
    drop(slow);
    hall.end();
}
