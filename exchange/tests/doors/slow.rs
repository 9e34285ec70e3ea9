//! Who takes too long.

use std::io::{Read as _, Write as _};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use daxsign_exchange::doors::rest::Settings;

use crate::made::*;

/// Reads to the end, and how long that took.
fn rest(mut stream: std::net::TcpStream, since: Instant) -> (Answer, Duration) {
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read);
    (Answer::read(&read), since.elapsed())
}

#[test]
fn a_head_that_drips_is_refused_in_time() {
    let place = Place::plain(settings());
    let stream = place.connect();
    let since = Instant::now();
    let mut drips = stream.try_clone().unwrap();
    let dripping = std::thread::spawn(move || {
        for byte in b"GET /a HTTP/1.1\r\nX: ".iter().chain(&[b'a'; 200]) {
            if drips.write_all(&[*byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let (answer, took) = rest(stream, since);
    assert_eq!((answer.status, &*answer.problem()), (408, "too-slow"));
    assert!(took < Duration::from_secs(5), "{took:?}");
    dripping.join().unwrap();
}

#[test]
fn a_body_that_drips_is_refused_in_time_and_takes_no_room_meanwhile() {
    let place = Place::plain(Settings {
        body_time: Duration::from_secs(1),
        ..settings()
    });
    let request = place.signed("POST", &cards(), CARD);
    let mut stream = place.connect();
    stream.write_all(&request[..request.len() - 3]).unwrap();
    let (answer, took) = rest(stream, Instant::now());
    assert_eq!((answer.status, &*answer.problem()), (408, "too-slow"));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(place.received(), 0);
}

#[test]
fn a_body_that_comes_too_slowly_is_refused_after_the_grace() {
    let place = Place::plain(settings());
    let request = place.signed("POST", &cards(), &" ".repeat(4 << 20));
    let mut stream = place.connect();
    let since = Instant::now();
    let mut drips = stream.try_clone().unwrap();
    let dripping = std::thread::spawn(move || {
        for piece in request.chunks(1_000) {
            if drips.write_all(piece).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read);
    let answer = Answer::read(&read);
    assert_eq!((answer.status, &*answer.problem()), (408, "too-slow"));
    let took = since.elapsed();
    assert!((4..15).contains(&took.as_secs()), "{took:?}");
    dripping.join().unwrap();
}

#[test]
fn a_connection_that_lies_idle_or_never_shakes_hands_ends() {
    let idle = Settings {
        idle_time: Duration::from_millis(500),
        handshake_time: Duration::from_millis(500),
        ..settings()
    };
    for place in [Place::plain(idle.clone()), Place::secure(idle)] {
        let (answer, took) = rest(place.connect(), Instant::now());
        assert_eq!(answer.status, 0);
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
}

#[test]
fn who_shakes_no_hands_keeps_nobody_out() {
    let place = Place::secure(Settings {
        handshakes: 4,
        handshake_time: PATIENCE,
        ..settings()
    });
    let mut silent: Vec<_> = (0..20).map(|_| place.connect()).collect();
    let counters = place.counters();
    // The first have gone, and no more wait than may.
    becomes(|| counters.handshake_failures.load(Ordering::SeqCst) >= 16);
    assert_eq!(silent[0].read(&mut [0]).unwrap(), 0);
    assert!(crate::outside::is_answered(&place));
    assert!(counters.connections.load(Ordering::SeqCst) <= 5);
}
