//! Too much of everything.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use daxsign_exchange::doors::rest::Settings;

use crate::made::*;

/// How many connections are kept at once here, where the process may: each has two ends in it.
const IDLE: usize = 10_000;

/// How many of them connect at once.
const BURST: usize = 500;

/// The most memory that an idle connection may take, in bytes, with what other tests take meanwhile.
const MOST_EACH: usize = 32 << 10;

/// How much memory the process has, in bytes.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    kilobytes.unwrap_or_default() * 1_024
}

/// How many files the process may have open.
fn files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    soft.unwrap_or(1_024)
}

#[test]
fn ten_thousand_idle_connections_leave_room_for_a_request() {
    let place = Place::plain(settings());
    let token = place.token();
    let before = memory();
    // The other tests of this program have some open, too.
    let count = IDLE.min((files() - 600) / 2);
    let counters = place.counters();
    let there = || usize::try_from(counters.connections.load(Ordering::SeqCst)).unwrap();
    let mut idle: Vec<TcpStream> = Vec::new();
    // No more at once than the system holds for who accepts.
    while idle.len() < count {
        idle.extend((0..BURST.min(count - idle.len())).map(|_| place.connect()));
        becomes(|| there() == idle.len());
    }
    let since = Instant::now();
    let request = signed_request(&token, "POST", &cards(), CARD, "Connection: close\r\n");
    assert_eq!(place.send(&request).status, 201);
    assert!(
        since.elapsed() < Duration::from_secs(2),
        "{:?}",
        since.elapsed()
    );
    // Each is still there, and serves.
    let last = idle.last_mut().unwrap();
    last.write_all(&token_request("")).unwrap();
    let mut read = Vec::new();
    last.read_to_end(&mut read).unwrap();
    assert_eq!(Answer::read(&read).status, 400);
    let each = memory().saturating_sub(before) / count;
    assert!(
        each < MOST_EACH,
        "{each} bytes for each of {count} connections"
    );
}

#[test]
fn where_connections_have_run_out_the_one_that_lies_idle_for_longest_makes_room() {
    let place = Place::plain(Settings {
        connections: 20,
        ..settings()
    });
    let token = place.token();
    let mut idle: Vec<TcpStream> = (0..30).map(|_| place.connect()).collect();
    let request = signed_request(&token, "POST", &cards(), CARD, "Connection: close\r\n");
    assert_eq!(place.send(&request).status, 201);
    // The first has gone.
    assert_eq!(idle[0].read(&mut [0]).unwrap(), 0);
    let counters = place.counters();
    assert!(counters.connections.load(Ordering::SeqCst) <= 20);
    assert!(counters.made_room.load(Ordering::SeqCst) >= 10);
}

#[test]
fn more_requests_than_may_be_in_work_are_refused_at_once() {
    let place = Place::plain(Settings {
        in_work: 2,
        ..settings()
    });
    let token = place.token();
    place.receiver.silent.store(true, Ordering::SeqCst);
    let request = || signed_request(&token, "POST", &cards(), CARD, "Connection: close\r\n");
    let mut waiting: Vec<TcpStream> = Vec::new();
    for number in 1..=2 {
        let mut stream = place.connect();
        stream.write_all(&request()).unwrap();
        becomes(|| place.received() == number);
        waiting.push(stream);
    }
    let since = Instant::now();
    let answer = place.send(&request());
    assert_eq!((answer.status, &*answer.problem()), (503, "overloaded"));
    assert_eq!(answer.field("retry-after"), Some("1"));
    assert!(since.elapsed() < Duration::from_secs(1));
    // Who has no token yet takes no place of those who have one.
    place.token();
    // A place is free again once a sender is gone.
    drop(waiting);
    place.receiver.silent.store(false, Ordering::SeqCst);
    becomes(|| place.send(&request()).status == 201);
}

#[test]
fn bodies_for_which_there_is_no_memory_are_refused() {
    let place = Place::plain(Settings {
        held_bytes: 64,
        ..settings()
    });
    // A token's form is longer than that, too: it is asked for in the query.
    let form = form("anna", PASSWORD, a().instance);
    let query =
        format!("POST /oauth/token?{form} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let token = place.send(query.as_bytes()).json()["access_token"].clone();
    let token = token.as_str().unwrap();
    let answer = place.send(&signed_request(token, "POST", &cards(), CARD, ""));
    assert_eq!((answer.status, &*answer.problem()), (503, "overloaded"));
}

#[test]
fn what_is_too_large_is_refused_before_it_has_come() {
    let place = Place::plain(settings());
    let head = |fields: &str| format!("POST /a HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    let token = place.token();
    let target = format!("/{}", "a".repeat(9_000));
    let chunks = format!("{:x}\r\n{}", 5 << 20, " ".repeat(5 << 20));
    let cases = [
        (head("Content-Length: 1073741824\r\n"), 413),
        (head(&"X: y\r\n".repeat(101)), 431),
        (head(&format!("X: {}\r\n", "a".repeat(50_000))), 431),
        (
            "GET /a HTTP/1.1\r\nX: ".to_owned() + &"a".repeat(50_000),
            431,
        ),
        (head("Connection: close\r\n").replace("/a", &target), 431),
        (
            head(&format!(
                "Authorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n"
            )) + &chunks,
            413,
        ),
    ];
    let count = cases.len();
    for (text, status) in cases {
        let since = Instant::now();
        let answer = place.send(text.as_bytes());
        assert_eq!(
            (answer.status, &*answer.problem()),
            (status, "too-large"),
            "{text:.60}"
        );
        assert!(
            since.elapsed() < Duration::from_secs(5),
            "{:.60}: {:?}",
            text,
            since.elapsed()
        );
    }
    assert_eq!(count, 6);
}
