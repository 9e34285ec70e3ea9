//! Tokens: whose they are, when they are renewed, and that one caller at a time fetches one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use daxsign_client::protocol::call::{Call, Step};
use daxsign_client::protocol::tokens::{Flight, Token, TokenKey, TokenStep, Tokens};
use daxsign_client::{Error, ErrorKind, Uuid};
use daxsign_tests::dax_play::{Player, answer, settings};

const MINUTE: Duration = Duration::from_mins(1);

fn key(host: &str, client_id: u128, user: &str) -> TokenKey {
    let mut settings = settings();
    settings.base =
        daxsign_client::protocol::address::Origin::parse(&format!("https://{host}")).unwrap();
    TokenKey {
        origin: settings.base,
        client_id: Uuid::from_u128(client_id),
        user: user.to_owned(),
    }
}

/// What comes of an answer to a request for a token.
fn outcome(line: &str) -> Result<daxsign_client::protocol::tokens::Granted, Error> {
    let player = Player::new(settings());
    let mut fetch = Call::for_token(&player.session, player.now());
    match fetch.answered(&player.session, answer(line).unwrap(), player.now()) {
        Step::Done(answered) => answered.granted(),
        Step::Failed(error) => Err(error),
        step => panic!("{line}: {step:?}"),
    }
}

fn ask(tokens: &Tokens, key: &TokenKey, at: Duration) -> TokenStep {
    tokens.ask(key, None, None, at)
}

fn fetch(step: TokenStep) -> Flight {
    match step {
        TokenStep::Fetch(flight) => flight,
        other => panic!("{other:?}"),
    }
}

fn ready(step: TokenStep) -> Token {
    match step {
        TokenStep::Ready(token) => token,
        other => panic!("{other:?}"),
    }
}

const GOOD: &str = "200 = {\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":900}";
const REFUSED: &str = "400 = {\"error\":\"invalid_grant\",\"error_description\":\"no such user\"}";

#[test]
fn renewed_a_minute_or_a_tenth_before_the_end() {
    let rows = [
        ("900", 810),
        ("1800", 1_620),
        ("\"1800\"", 1_620),
        ("600", 540),
        ("300", 240),
        ("61", 1),
        // No longer than the margin: half its life.
        ("60", 30),
        ("10", 5),
        // Not told: as 900.
        ("null", 810),
        ("-5", 810),
    ];
    for (life, renewed) in rows {
        let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
        let line = format!("200 = {{\"access_token\":\"abc\",\"expires_in\":{life}}}");
        let at = Duration::from_secs(1_000);
        let token = fetch(ask(&tokens, &key, at))
            .land(outcome(&line), at)
            .unwrap();
        assert_eq!(token.value.expose(), "abc");
        let (before, then) = (
            Duration::from_millis(renewed * 1_000 - 1),
            Duration::from_secs(renewed),
        );
        assert_eq!(
            ready(ask(&tokens, &key, at + before)).number,
            token.number,
            "{life}"
        );
        drop(fetch(ask(&tokens, &key, at + then)));
    }
}

#[test]
fn each_server_client_and_user_has_its_own() {
    let tokens = Tokens::default();
    let keys = [
        key("a.test", 1, "u"),
        key("b.test", 1, "u"),
        key("a.test:8443", 1, "u"),
        key("a.test", 2, "u"),
        key("a.test", 1, "v"),
    ];
    let numbers: Vec<u64> = keys
        .iter()
        .map(|key| {
            fetch(ask(&tokens, key, MINUTE))
                .land(outcome(GOOD), MINUTE)
                .unwrap()
                .number
        })
        .collect();
    for (key, number) in keys.iter().zip(&numbers) {
        assert_eq!(ready(ask(&tokens, key, MINUTE)).number, *number);
    }
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[test]
fn one_that_is_being_fetched_makes_no_room_for_another() {
    let (tokens, awaited) = (Tokens::default(), key("a.test", 0, "u"));
    let granted = outcome(GOOD).unwrap();
    let flight = fetch(ask(&tokens, &awaited, MINUTE));
    for client_id in 1..=1_100 {
        let key = key("a.test", client_id, "u");
        let flight = fetch(ask(&tokens, &key, MINUTE));
        flight.land(Ok(granted.clone()), MINUTE).unwrap();
    }
    assert_eq!(format!("{tokens:?}"), "Tokens(1024 accounts)");
    // Nobody else fetches it too.
    let step = ask(&tokens, &awaited, MINUTE);
    assert!(matches!(step, TokenStep::Pending(_)), "{step:?}");
    let token = flight.land(Ok(granted), MINUTE).unwrap();
    assert_eq!(ready(ask(&tokens, &awaited, MINUTE)).number, token.number);
}

#[test]
fn one_fetches_for_all() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let flight = fetch(ask(&tokens, &key, MINUTE));
    let waiting: Vec<_> = (0..100)
        .map(|_| match ask(&tokens, &key, MINUTE) {
            TokenStep::Pending(pending) => pending,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(!waiting[0].wait(Duration::from_millis(1)));
    let token = flight.land(outcome(GOOD), MINUTE).unwrap();
    for pending in &waiting {
        assert!(pending.wait(Duration::ZERO));
        let step = tokens.ask(&key, None, Some(pending), MINUTE);
        assert_eq!(ready(step).number, token.number);
    }
}

#[test]
fn a_failed_fetch_fails_for_all_who_waited_and_for_no_other() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let flight = fetch(ask(&tokens, &key, MINUTE));
    let TokenStep::Pending(pending) = ask(&tokens, &key, MINUTE) else {
        panic!("nobody fetches");
    };
    let broken = flight.land(outcome("500"), MINUTE).unwrap_err();
    assert_eq!(broken.kind(), ErrorKind::ServerFailed);
    match tokens.ask(&key, None, Some(&pending), MINUTE) {
        TokenStep::Failed(error) => assert_eq!(error.kind(), ErrorKind::ServerFailed),
        other => panic!("{other:?}"),
    }
    drop(fetch(ask(&tokens, &key, MINUTE)));
}

#[test]
fn a_refused_password_is_not_tried_again_at_once() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let error = fetch(ask(&tokens, &key, MINUTE))
        .land(outcome(REFUSED), MINUTE)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorised);
    assert!(error.to_string().contains("no such user"), "{error}");
    for _ in 0..100 {
        assert!(matches!(
            ask(&tokens, &key, MINUTE + Duration::from_secs(29)),
            TokenStep::Failed(_)
        ));
    }
    drop(fetch(ask(&tokens, &key, MINUTE + Duration::from_secs(30))));
}

#[test]
fn a_fetch_that_is_given_up_passes_on() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let flight = fetch(ask(&tokens, &key, MINUTE));
    let TokenStep::Pending(pending) = ask(&tokens, &key, MINUTE) else {
        panic!("nobody fetches");
    };
    drop(flight);
    assert!(pending.wait(Duration::ZERO));
    drop(fetch(tokens.ask(&key, None, Some(&pending), MINUTE)));
}

/// One that is over when it comes is still used once, by each who waited for it.
#[test]
fn a_token_is_used_by_all_who_waited_for_it_however_short_it_lives() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let flight = fetch(ask(&tokens, &key, MINUTE));
    let first = flight.pending();
    let TokenStep::Pending(second) = ask(&tokens, &key, MINUTE) else {
        panic!("nobody fetches");
    };
    let token = flight.land(
        outcome("200 = {\"access_token\":\"abc\",\"expires_in\":0}"),
        MINUTE,
    );
    let number = token.unwrap().number;
    for pending in [&first, &second] {
        assert!(pending.wait(Duration::ZERO));
        let step = tokens.ask(&key, None, Some(pending), MINUTE);
        assert_eq!(ready(step).number, number);
    }
    // Another fetches anew, and so does one of them, if the server no longer takes it.
    drop(fetch(ask(&tokens, &key, MINUTE)));
    drop(fetch(tokens.ask(&key, Some(number), Some(&first), MINUTE)));
}

#[test]
fn an_old_token_serves_while_it_is_renewed_and_when_that_fails() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let old = fetch(ask(&tokens, &key, Duration::ZERO))
        .land(outcome(GOOD), Duration::ZERO)
        .unwrap();
    let at = Duration::from_secs(820);
    let flight = fetch(ask(&tokens, &key, at));
    assert_eq!(ready(ask(&tokens, &key, at)).number, old.number);
    assert_eq!(flight.land(outcome("500"), at).unwrap().number, old.number);
    assert_eq!(ready(ask(&tokens, &key, at)).number, old.number);
    // But not past its end.
    drop(fetch(ask(&tokens, &key, Duration::from_secs(901))));
}

#[test]
fn a_refused_token_is_dropped_unless_there_is_a_newer_one() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let old = fetch(ask(&tokens, &key, MINUTE))
        .land(outcome(GOOD), MINUTE)
        .unwrap();
    let flight = fetch(tokens.ask(&key, Some(old.number), None, MINUTE));
    let new = flight.land(outcome(GOOD), MINUTE).unwrap();
    // Another call was refused with the old one too: the new one does.
    let step = tokens.ask(&key, Some(old.number), None, MINUTE);
    assert_eq!(ready(step).number, new.number);
    // It cannot be renewed: it is not used on.
    let flight = fetch(tokens.ask(&key, Some(new.number), None, MINUTE));
    assert_eq!(
        flight.land(outcome("500"), MINUTE).unwrap_err().kind(),
        ErrorKind::ServerFailed
    );
}

#[test]
fn thirty_two_threads_fetch_once() {
    let (tokens, key) = (Tokens::default(), key("a.test", 1, "u"));
    let fetches = AtomicUsize::new(0);
    let one = || {
        let mut waited = None;
        loop {
            match tokens.ask(&key, None, waited.as_ref(), MINUTE) {
                TokenStep::Ready(token) => return token.number,
                TokenStep::Fetch(flight) => {
                    fetches.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(20));
                    flight.land(outcome(GOOD), MINUTE).unwrap();
                }
                TokenStep::Pending(pending) => {
                    assert!(pending.wait(Duration::from_secs(20)));
                    waited = Some(pending);
                }
                TokenStep::Failed(error) => panic!("{error}"),
            }
        }
    };
    let numbers: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..32).map(|_| scope.spawn(one)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!((numbers, fetches.into_inner()), (vec![1; 32], 1));
}

#[test]
fn what_is_no_token_is_refused() {
    for line in [
        "200 = {}",
        "200 = {\"access_token\":\"\"}",
        "200 = {\"access_token\":\"a b\"}",
        "200 = {\"access_token\":\"abc\",\"token_type\":\"mac\"}",
        "200 = hello",
        "200 = [1]",
    ] {
        assert_eq!(
            outcome(line).unwrap_err().kind(),
            ErrorKind::Unexpected,
            "{line}"
        );
    }
    // What may be a token all the same is kept by nobody.
    let line = "200 = {\"access_token\":\"abc\",\"token_type\":\"mac\"}";
    assert_eq!(outcome(line).unwrap_err().body(), None);
    // The password goes nowhere else.
    let away = outcome("307 | Location: https://other.test/oauth/token").unwrap_err();
    assert!(
        away.to_string().contains("the password is not sent there"),
        "{away}"
    );
}
