//! `daxsign proxy` where things go wrong or become many: an upstream that is away, slow or talks nonsense,
//! clients that are slow or gone, too many at once, keys that change, its end, and a soak.

mod sidecar;

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use daxsign_tests::caller::Caller;
use rest_server::origin::Origin;
use rest_server::report::invitation;
use rest_server::scenario;
use rest_server::server::Server;

use sidecar::upstream::{Act, GOOD, Upstream};
use sidecar::{Conversation, Sidecar};

const MOMENT: Duration = Duration::from_millis(300);
/// What the sidecar is given where it is to run out.
const SHORT: &str = "1s";

fn get(sidecar: &Sidecar, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", sidecar.address).into_bytes()
}

fn post(sidecar: &Sidecar, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let host = &sidecar.address;
    format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// Waits for something that comes soon.
fn wait(what: &str, mut is_there: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_there() {
        assert!(Instant::now() < end, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A case: its name, what the upstream does by the path, the status, the sidecar's name for it, and how
/// often a POST arrives.
#[test]
fn an_upstream_that_fails_is_told_of() {
    let upstream = Upstream::acting(|request| {
        let say = |text: &str| Act::SayAndCut(text.as_bytes().to_vec());
        match request.target.as_str() {
            "/cut" => say(""),
            "/half-a-head" => say("HTTP/1.1 200 OK\r\nContent-Le"),
            "/nonsense" => say("220 mail.example ESMTP\r\n\r\n"),
            "/no-head" => say("{}"),
            "/two-lengths" => say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            "/late" => Act::SayLater(Duration::from_secs(3), GOOD.to_vec()),
            "/failed" => Act::json("500 Failed", "{\"a\": 1}\n"),
            "/unavailable" => Act::json("503 Away", "away"),
            "/interim" => Act::Say([b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", GOOD].concat()),
            "/fields" => Act::Say(
                b"HTTP/1.1 404 Not Here\r\nConnection: X-Mine\r\nX-Mine: a\r\nKeep-Alive: timeout=5\r\n\
                  X-Dax-Proxy-Error: me\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nX-Correlation-Id: 7\r\n\
                  Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\xc5\0\n\r\n0\r\n\r\n"
                    .to_vec(),
            ),
            _ => Act::good(),
        }
    });
    let sidecar = Sidecar::start(upstream.caller(&[]), &["--timeout", SHORT]);
    let mut played = 0;
    for (path, status, name) in [
        ("/cut", 502, "unreachable"),
        ("/half-a-head", 502, "unreachable"),
        ("/nonsense", 502, "unreachable"),
        ("/no-head", 502, "unreachable"),
        ("/two-lengths", 502, "unreachable"),
        ("/late", 504, "unreachable"),
        ("/failed", 500, ""),
        ("/unavailable", 503, ""),
        ("/interim", 200, ""),
        ("/fields", 404, ""),
        ("/good", 200, ""),
    ] {
        let answer = sidecar.ask(&post(&sidecar, path, "{}"));
        assert_eq!((answer.status, answer.refusal()), (status, name), "{path}");
        // Whether it was done is not known: it is not done twice.
        assert_eq!(upstream.take().len(), 1, "{path}");
        if !name.is_empty() {
            let body: serde_json::Value =
                serde_json::from_slice(&answer.body).expect("an envelope");
            assert_eq!(body["statusCode"], status, "{path}");
        }
        match path {
            "/failed" => assert_eq!(answer.body, b"{\"a\": 1}\n"),
            "/fields" => {
                assert_eq!(answer.body, b"\xc5\0\n");
                let passed: Vec<_> = answer
                    .fields
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}"))
                    .collect();
                let must = [
                    "set-cookie: a=b",
                    "set-cookie: c=d",
                    "x-correlation-id: 7",
                    "content-type: text/plain",
                ];
                for field in must {
                    assert!(
                        passed.iter().any(|found| found == field),
                        "{field}: {passed:?}"
                    );
                }
                let dropped =
                    |name: &str| name.starts_with("x-mine") || name.starts_with("keep-alive");
                assert!(!passed.iter().any(|field| dropped(field)), "{passed:?}");
            }
            _ => {}
        }
        played += 1;
    }
    assert_eq!(played, 11);
}

/// Readers would find its end in different places, or it is none.
#[test]
fn an_answer_without_a_certain_end_is_not_passed() {
    let upstream = Upstream::acting(|request| {
        let say = |text: &str| Act::SayAndCut(text.as_bytes().to_vec());
        match request.target.as_str() {
            "/two-framings" => say(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n",
            ),
            "/longer" => say(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 30\r\n\r\na\r\n0123456789\r\n0\r\n\r\n",
            ),
            "/switches" => {
                say("HTTP/1.1 101 Switching\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n")
            }
            _ => Act::good(),
        }
    });
    let sidecar = Sidecar::start(upstream.caller(&[]), &[]);
    for path in ["/two-framings", "/longer", "/switches"] {
        let answer = sidecar.ask(&post(&sidecar, path, "{}"));
        let refused = (answer.status, answer.refusal());
        assert_eq!(refused, (502, "unexpected-answer"), "{path}");
        assert_eq!(upstream.take().len(), 1, "{path}");
    }
}

#[test]
fn an_upstream_that_is_away_or_gives_no_token() {
    let server = Server::default();
    let stage = server.play(scenario::named("nowhere").expect("a scenario"));
    let caller = Caller::with_settings(&invitation(&server, &stage), &["--signing", "observed"]);
    let sidecar = Sidecar::start(caller, &[]);
    for _ in 0..2 {
        let answer = sidecar.ask(&get(&sidecar, "/a"));
        assert_eq!((answer.status, answer.refusal()), (502, "unreachable"));
    }
    assert!(!stage.addresses[&Origin::Nowhere].is_empty());
    for (token, status, name) in [
        (
            Act::json("400 Bad", "{\"error\":\"invalid_grant\"}"),
            502,
            "unauthorised",
        ),
        (Act::json("200 OK", "<p>"), 502, "unexpected-answer"),
        (Act::SayAndCut(Vec::new()), 502, "unreachable"),
    ] {
        let upstream = Upstream::acting_with_tokens(move || token.clone(), |_| Act::good());
        let sidecar = Sidecar::start(upstream.caller(&[]), &[]);
        let answer = sidecar.ask(&get(&sidecar, "/a"));
        assert_eq!((answer.status, answer.refusal()), (status, name));
        assert_eq!(upstream.count(), 0);
    }
}

#[test]
fn more_than_the_queue_holds_is_sent_away() {
    let upstream = Upstream::acting(|_| Act::SayLater(Duration::from_millis(600), GOOD.to_vec()));
    let options = ["--max-requests", "2", "--queue", "3"];
    let sidecar = Sidecar::start(upstream.caller(&[]), &options);
    let answers = thread::scope(|scope| {
        let asking: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| sidecar.ask(&get(&sidecar, "/a"))))
            .collect();
        let answers = asking.into_iter().map(|one| one.join().expect("no panic"));
        answers.collect::<Vec<_>>()
    });
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    let full: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 503)
        .collect();
    assert_eq!((good, full.len()), (5, 7));
    for answer in full {
        assert_eq!(answer.refusal(), "queue-full");
        assert_eq!(answer.field("retry-after"), Some("1"));
    }
    assert_eq!(upstream.take().len(), 5);
    // There is room again.
    assert_eq!(sidecar.ask(&get(&sidecar, "/a")).status, 200);
}

#[test]
fn clients_that_are_slow_or_gone_take_no_place_for_long() {
    let large = vec![b'a'; 12 << 20];
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", large.len());
    let answer = [head.as_bytes(), &large].concat();
    let upstream = Upstream::acting(move |request| match request.target.as_str() {
        "/large" => Act::Say(answer.clone()),
        "/later" => Act::SayLater(MOMENT, GOOD.to_vec()),
        _ => Act::good(),
    });
    let options = ["--timeout", "2s", "--max-requests", "1", "--queue", "0"];
    let sidecar = Sidecar::start(upstream.caller(&[]), &options);
    let is_free = || sidecar.ask(&get(&sidecar, "/a")).status == 200;
    assert!(is_free());
    let (_, files) = sidecar.held();

    // A body that drips, and one that ends.
    let mut slow = sidecar.connect();
    let head = format!(
        "POST /slow HTTP/1.1\r\nHost: {}\r\nContent-Length: 99\r\n\r\n",
        sidecar.address
    );
    slow.send(head.as_bytes());
    let mut gone = sidecar.connect();
    gone.send(head.as_bytes());
    gone.send(b"abc");
    drop(gone);
    // Those whose body is not there take no place.
    assert!(is_free());
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(1_700) {
        slow.send(b"a");
        thread::sleep(Duration::from_millis(100));
    }
    let answer = slow.answer().expect("an answer");
    assert_eq!((answer.status, answer.refusal()), (408, "body-late"));
    assert!(slow.is_over_within(MOMENT * 10));

    // One that does not read its answer.
    let mut lazy = sidecar.connect();
    lazy.send(&get(&sidecar, "/large"));
    thread::sleep(MOMENT);
    assert!(!is_free(), "the answer is not read");
    wait("a place again", is_free);
    drop(lazy);

    // One that is gone before its answer is there.
    let mut gone = sidecar.connect();
    gone.send(&get(&sidecar, "/later"));
    thread::sleep(Duration::from_millis(50));
    drop(gone);
    wait("a place again", is_free);

    let arrived = upstream.take();
    let arrived = |path: &str| {
        let path = path.as_bytes();
        arrived
            .iter()
            .filter(|bytes| bytes.windows(path.len()).any(|part| part == path))
            .count()
    };
    assert_eq!(
        (arrived("/slow"), arrived("/large"), arrived("/later")),
        (0, 1, 1)
    );
    wait("no file is left open", || sidecar.held().1 <= files + 1);
}

/// Its body takes a part of a request's time, and the answer comes when the rest is over.
#[test]
fn a_request_ends_in_its_time_with_an_answer() {
    let upstream = Upstream::acting(|_| Act::SayLater(Duration::from_millis(2_500), GOOD.to_vec()));
    let sidecar = Sidecar::start(upstream.caller(&[]), &["--timeout", "3s"]);
    let mut conversation = sidecar.connect();
    let request = post(&sidecar, "/a", "{}");
    let (last, first) = request.split_last().expect("a request");
    conversation.send(first);
    thread::sleep(Duration::from_millis(1_500));
    conversation.send(&[*last]);
    let answer = conversation.answer().expect("an answer");
    assert_eq!((answer.status, answer.refusal()), (504, "unreachable"));
    assert_eq!(upstream.count(), 1);
}

/// More than there is memory for bodies, if what is announced counted.
#[test]
fn uploads_that_stall_keep_none_out() {
    let upstream = Upstream::start();
    let sidecar = Sidecar::start(upstream.caller(&[]), &[]);
    let head = format!(
        "POST /stalled HTTP/1.1\r\nHost: {}\r\nContent-Length: 1048576\r\n\r\n",
        sidecar.address
    );
    let stalled: Vec<_> = (0..64)
        .map(|_| {
            let mut conversation = sidecar.connect();
            conversation.send(head.as_bytes());
            conversation
        })
        .collect();
    thread::sleep(MOMENT);
    let large = "a".repeat(1 << 20);
    assert_eq!(sidecar.ask(&post(&sidecar, "/a", &large)).status, 200);
    assert_eq!(upstream.count(), 1);
    drop(stalled);
}

/// 257 connections are the most that it takes with these limits.
#[test]
fn idle_connections_make_room() {
    let upstream = Upstream::start();
    let options = ["--max-requests", "1", "--queue", "0"];
    let sidecar = Sidecar::start(upstream.caller(&[]), &options);
    let mut used = sidecar.connect();
    used.send(&get(&sidecar, "/a"));
    assert_eq!(used.answer().expect("an answer").status, 200);
    let idle: Vec<_> = (0..300).map(|_| sidecar.connect()).collect();
    let start = Instant::now();
    assert_eq!(sidecar.ask(&get(&sidecar, "/a")).status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
    // The one that lay idle for longest went.
    assert!(used.is_over_within(MOMENT * 10));
    drop(idle);
}

/// Half a minute, which stands in the program: longer than any client takes for a head.
#[test]
fn a_head_that_drips_comes_to_its_end() {
    let upstream = Upstream::start();
    let sidecar = Sidecar::start(upstream.caller(&[]), &[]);
    let mut stream = TcpStream::connect(&sidecar.address).expect("it listens");
    let start = Instant::now();
    let head = format!("GET /a HTTP/1.1\r\nHost: {}\r\nX: ", sidecar.address);
    stream.write_all(head.as_bytes()).expect("it is sent");
    while stream.write_all(b"a").is_ok() {
        thread::sleep(Duration::from_millis(200));
        assert!(
            start.elapsed() < Duration::from_secs(45),
            "it is still read"
        );
    }
    assert!(start.elapsed() > Duration::from_secs(15));
    assert_eq!(upstream.count(), 0);
}

/// Sends requests on several connections until it is told to stop; each must be answered with 200. How
/// many there were.
fn under_load(sidecar: &Sidecar, meanwhile: impl FnOnce()) -> usize {
    let (stop, count) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut conversation = sidecar.connect();
                while !stop.load(Ordering::Relaxed) {
                    assert!(conversation.send(&get(sidecar, "/a")), "cut");
                    let answer = conversation.answer().expect("an answer");
                    let body = String::from_utf8_lossy(&answer.body).into_owned();
                    assert_eq!(answer.status, 200, "{body}");
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(meanwhile));
        stop.store(true, Ordering::Relaxed);
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    count.into_inner()
}

/// The key identifiers of two keys differ, and so do their signatures of the same length.
#[test]
fn keys_change_under_load_and_no_request_fails() {
    let upstream = Upstream::start();
    let keys = daxsign_tests::native::project().join("tests/vectors/keys");
    let folder = daxsign_tests::folder::Folder::default();
    let file = folder.path("key.pem");
    let swap = |name: &str| {
        // As deployments do: whole, by another name first.
        let new = folder.path("new.pem");
        std::fs::copy(keys.join(name), &new).expect("a key");
        std::fs::rename(&new, &file).expect("its name");
    };
    swap("rsa2048.pkcs8.pem");
    let caller = upstream.caller(&["--key", file.to_str().expect("UTF-8")]);
    let sidecar = Sidecar::start(caller, &["--admin", "127.0.0.1:0", "--access-log", "off"]);
    let admin = sidecar.admin.clone().expect("an address");
    let ask = |path: &str| {
        let mut conversation = Conversation::with(&admin);
        conversation.send(format!("GET {path} HTTP/1.1\r\nHost: {admin}\r\n\r\n").as_bytes());
        let answer = conversation.answer().expect("an answer");
        (
            answer.status,
            String::from_utf8_lossy(&answer.body).into_owned(),
        )
    };
    let long = || {
        let last = upstream.take().pop().unwrap_or_default();
        let text = String::from_utf8_lossy(&last).into_owned();
        let field = text.split("signature=\"").nth(1).unwrap_or_default();
        field.split('"').next().unwrap_or_default().len()
    };
    let count = under_load(&sidecar, || {
        wait("a signature of 2048 bits", || long() == 344);
        for _ in 0..3 {
            swap("rsa3072.pkcs8.pem");
            sidecar.signal("HUP");
            wait("a signature of 3072 bits", || long() == 512);
            // One that cannot be used: the one before goes on.
            std::fs::write(&file, "no key\n").expect("a file");
            sidecar.signal("HUP");
            wait("it says so", || ask("/readyz").1.contains("refused"));
            wait("a signature of 3072 bits", || long() == 512);
            swap("rsa2048.pkcs8.pem");
            sidecar.signal("HUP");
            wait("a signature of 2048 bits", || long() == 344);
        }
    });
    assert!(count > 20, "{count} requests");
    assert_eq!(upstream.tokens(), 1, "the token stays good");
    assert_eq!(ask("/readyz").0, 200);
}

#[test]
fn what_is_in_work_is_answered_before_the_end() {
    let upstream = Upstream::acting(|_| Act::SayLater(Duration::from_millis(700), GOOD.to_vec()));
    let mut sidecar = Sidecar::start(upstream.caller(&[]), &["--admin", "127.0.0.1:0"]);
    let mut idle = sidecar.connect();
    idle.send(&get(&sidecar, "/a"));
    assert_eq!(idle.answer().expect("an answer").status, 200);
    let mut working: Vec<_> = (0..8).map(|_| sidecar.connect()).collect();
    for conversation in &mut working {
        conversation.send(&get(&sidecar, "/a"));
    }
    wait("all are in work", || upstream.count() == 9);
    sidecar.signal("TERM");
    for conversation in &mut working {
        assert_eq!(conversation.answer().expect("an answer").status, 200);
        assert!(conversation.is_over_within(MOMENT * 10));
    }
    assert!(idle.is_over_within(MOMENT * 10));
    assert_eq!(sidecar.ends_within(Duration::from_secs(5)), Some(0));
    assert!(TcpStream::connect(&sidecar.address).is_err());
    // One that takes longer than --drain is cut, and the end is the same.
    let upstream = Upstream::acting(|_| Act::SayLater(Duration::from_secs(20), GOOD.to_vec()));
    let mut sidecar = Sidecar::start(upstream.caller(&[]), &["--drain", "500ms"]);
    let mut conversation = sidecar.connect();
    conversation.send(&get(&sidecar, "/a"));
    wait("it is in work", || upstream.count() == 1);
    sidecar.signal("TERM");
    assert_eq!(sidecar.ends_within(Duration::from_secs(5)), Some(0));
    assert!(conversation.answer().is_none());
}

#[test]
fn one_request_for_a_token_however_many_wait_for_it() {
    // A token takes its time, and is good for so short that it is renewed once or more.
    let upstream = Upstream::acting_with_tokens(
        || {
            thread::sleep(MOMENT);
            Act::token(3)
        },
        |_| Act::good(),
    );
    let sidecar = Sidecar::start(upstream.caller(&[]), &["--access-log", "off"]);
    let answers = thread::scope(|scope| {
        let asking: Vec<_> = (0..24)
            .map(|_| scope.spawn(|| sidecar.ask(&get(&sidecar, "/a")).status))
            .collect();
        let answers = asking.into_iter().map(|one| one.join().expect("no panic"));
        answers.collect::<Vec<_>>()
    });
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(upstream.tokens(), 1);
    let start = Instant::now();
    under_load(&sidecar, || thread::sleep(Duration::from_secs(5)));
    // Renewed after two seconds at the earliest.
    let most = 2 + start.elapsed().as_millis() as usize / 1_900;
    let tokens = upstream.tokens();
    assert!(
        (2..=most).contains(&tokens),
        "{tokens} tokens, at most {most}"
    );
}

/// A bounded soak: whatever is done, what is held stays as it is.
#[test]
fn memory_and_files_stay_as_they_are() {
    const ROUNDS: usize = 12;
    /// Pages of an allocator move.
    const MAX_GROWTH: usize = 3 << 20;
    let upstream = Upstream::acting(|request| match request.target.as_str() {
        "/cut" => Act::SayAndCut(Vec::new()),
        _ => Act::good(),
    });
    let sidecar = Sidecar::start(upstream.caller(&[]), &["--access-log", "off"]);
    let body = "a".repeat(200_000);
    let round = || {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut conversation = sidecar.connect();
                    for _ in 0..15 {
                        conversation.send(&get(&sidecar, "/a"));
                        assert_eq!(conversation.answer().expect("an answer").status, 200);
                    }
                    assert_eq!(sidecar.ask(&post(&sidecar, "/a", &body)).status, 200);
                    assert_eq!(sidecar.ask(&post(&sidecar, "/cut", "{}")).status, 502);
                    sidecar.ask(b"GET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n");
                    // Gone at once, with half a head, and with half a body.
                    drop(sidecar.connect());
                    sidecar.connect().send(b"GET /a HT");
                    sidecar
                        .connect()
                        .send(&post(&sidecar, "/a", &body)[..100_000]);
                });
            }
        });
        upstream.take();
    };
    let end = Instant::now() + Duration::from_secs(20);
    (0..ROUNDS / 3).for_each(|_| round());
    let before = sidecar.held();
    let played = (0..ROUNDS)
        .take_while(|_| Instant::now() < end)
        .map(|_| round())
        .count();
    wait("files", || sidecar.held().1 <= before.1 + 4);
    let after = sidecar.held();
    println!(
        "memory {} → {} bytes after {played} rounds",
        before.0, after.0
    );
    assert!(
        after.0 < before.0 + MAX_GROWTH,
        "{} → {} bytes",
        before.0,
        after.0
    );
    assert!(played >= 3, "{played} rounds");
}
