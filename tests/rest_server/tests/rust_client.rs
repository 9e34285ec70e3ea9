//! The Rust client, with threads and with tasks, in every scenario of the table.

mod client;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use daxsign_client::api::ListContracts;
use daxsign_client::asynchronous::Client;
use daxsign_client::blocking::Client as Threads;
use daxsign_client::{CallOptions, Cancel, Error, ErrorKind, Key, ProxyChoice, Session, SignError};
use daxsign_core::{Digest, Signer};
use rest_server::scenario::{self, Answer, Kind, Scenario};
use rest_server::server::Server;
use rest_server::stage::Stage;

use client::{differences, key, settings, settings_at, with_tasks, with_threads};

/// How many scenarios the table holds, and how many of them end well.
const SCENARIOS: (usize, usize) = (105, 52);

fn play_all(say: impl Fn(&Server, &Stage) -> Result<Option<usize>, Error>) {
    let server = Server::default();
    let (mut played, mut good, mut faults) = (0, 0, Vec::new());
    for scenario in scenario::all() {
        let name = scenario.name.clone();
        let stage = server.play(scenario);
        let said = say(&server, &stage);
        played += 1;
        good += usize::from(stage.scenario.outcome.kind == Kind::Ok);
        let all = [
            differences(&stage.scenario.outcome, &said),
            stage.differences(),
        ]
        .concat();
        faults.extend(all.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!((played, good), SCENARIOS);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads")
}

#[test]
fn with_threads_every_scenario_ends_as_it_must() {
    play_all(with_threads);
}

#[test]
fn with_tasks_every_scenario_ends_as_it_must() {
    let runtime = runtime();
    play_all(|server, stage| runtime.block_on(with_tasks(server, stage)));
}

/// A key that is away at first: it does not sign once, panics once, then signs.
#[derive(Default)]
struct Unsteady(AtomicUsize);

impl Signer for Unsteady {
    type Error = SignError;

    fn modulus_len(&self) -> usize {
        256
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), SignError> {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Err(SignError::Key("the card is locked".to_owned())),
            1 => panic!("the card's library has a fault"),
            _ => key().sign_digest(digest, signature),
        }
    }
}

/// What the call says of it, and nothing of it arrives; once the key is back, the same client goes on.
#[test]
fn a_key_that_does_not_sign_is_told_as_one() {
    let said = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::SignerFailed, "{error}");
        assert!(error.to_string().contains("nothing was sent"), "{error}");
    };
    let list = ListContracts::new();
    let unsteady = || Key::from_signer(Unsteady::default());
    let server = Server::default();

    let stage = server.play(scenario::named("contracts").expect("a scenario"));
    let client = Threads::new(settings(&server, &stage), unsteady()).expect("a client");
    said(client.call(&list).unwrap_err());
    let panicking = client.clone();
    let thread = std::thread::spawn(move || panicking.call(&ListContracts::new()).map(drop));
    thread.join().expect_err("the signer's own panic");
    assert_eq!(client.call(&list).expect("contracts").data.len(), 2);
    assert_eq!(stage.differences(), Vec::<String>::new());

    let stage = server.play(scenario::named("contracts").expect("a scenario"));
    runtime().block_on(async {
        let client = Client::new(settings(&server, &stage), unsteady()).expect("a client");
        said(client.call(&list).await.unwrap_err());
        said(client.call(&list).await.unwrap_err());
        assert_eq!(client.call(&list).await.expect("contracts").data.len(), 2);
    });
    assert_eq!(stage.differences(), Vec::<String>::new());
}

/// As a card that waits for its PIN.
struct Slow;

impl Signer for Slow {
    type Error = SignError;

    fn modulus_len(&self) -> usize {
        256
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), SignError> {
        std::thread::sleep(SHORT * 2);
        key().sign_digest(digest, signature)
    }
}

#[test]
fn a_key_that_takes_longer_than_the_call_has_is_told_and_nothing_is_sent() {
    let said = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::SignerFailed, "{error}");
        assert!(error.to_string().contains("nothing was sent"), "{error}");
    };
    let server = Server::default();
    let mut scenario = scenario::named("contracts").expect("a scenario");
    scenario.arrives.calls.clear();
    let (list, options) = (ListContracts::new(), within(SHORT));

    let stage = server.play(scenario.clone());
    let client = Threads::new(settings(&server, &stage), Key::from_signer(Slow)).expect("a client");
    said(client.call_with(&list, &options).unwrap_err());
    assert_eq!(stage.differences(), Vec::<String>::new());

    let stage = server.play(scenario);
    let runtime = runtime();
    runtime.block_on(async {
        let client =
            Client::new(settings(&server, &stage), Key::from_signer(Slow)).expect("a client");
        let started = Instant::now();
        said(client.call_with(&list, &options).await.unwrap_err());
        let took = started.elapsed();
        assert!(took < SHORT * 3 / 2, "{took:?}: it waited for the key");
    });
    assert_eq!(stage.differences(), Vec::<String>::new());
}

/// The next answer to a token request takes so long.
const TOKEN_WAIT: Duration = Duration::from_millis(1_500);
/// What a call waits that does not wait so long, and what it must not wait.
const SHORT: Duration = Duration::from_millis(200);
const TOO_LONG: Duration = Duration::from_millis(1_300);

/// Two calls, of which the first fetches the token and goes before it comes; so many token requests.
fn slow_token(tokens: usize) -> Scenario {
    let mut scenario = scenario::named("contracts").expect("a scenario");
    scenario.server.tokens = vec![Answer {
        waits_ms: u64::try_from(TOKEN_WAIT.as_millis()).expect("not long"),
        ..Answer::default()
    }];
    scenario.arrives.tokens = tokens;
    scenario
}

fn within(timeout: Duration) -> CallOptions {
    CallOptions {
        timeout: Some(timeout),
        ..CallOptions::default()
    }
}

/// Neither the end of its time nor its caller ends the fetch that others wait for.
#[test]
fn with_threads_a_call_that_goes_takes_no_token_from_others() {
    let server = Server::default();
    for cancels in [false, true] {
        let stage = server.play(slow_token(1));
        let client = Threads::new(settings(&server, &stage), key()).expect("a client");
        let (first, cancel) = (client.clone(), Cancel::default());
        let mut options = within(if cancels { TOKEN_WAIT * 9 } else { SHORT });
        options.cancel = Some(cancel.clone());
        let started = Instant::now();
        let first = std::thread::spawn(move || {
            let error = first
                .call_with(&ListContracts::new(), &options)
                .unwrap_err();
            (error, started.elapsed())
        });
        std::thread::sleep(SHORT / 2);
        let second = std::thread::spawn(move || client.call(&ListContracts::new()).map(drop));
        std::thread::sleep(SHORT / 2);
        if cancels {
            cancel.cancel();
        }
        let (error, after) = first.join().expect("no panic");
        let kind = if cancels {
            ErrorKind::Cancelled
        } else {
            ErrorKind::Unreachable
        };
        assert_eq!(error.kind(), kind, "{error}");
        assert!(after < TOO_LONG, "{after:?}");
        second.join().expect("no panic").expect("contracts");
        assert_eq!(stage.differences(), Vec::<String>::new());
    }
}

#[test]
fn with_tasks_a_call_that_goes_takes_no_token_from_others() {
    let server = Server::default();
    for drops in [false, true] {
        let stage = server.play(slow_token(1));
        runtime().block_on(async {
            let client = Client::new(settings(&server, &stage), key()).expect("a client");
            let (first, second) = (client.clone(), client);
            let started = Instant::now();
            let options = within(if drops { TOKEN_WAIT * 9 } else { SHORT });
            let first =
                tokio::spawn(async move { first.call_with(&ListContracts::new(), &options).await });
            tokio::time::sleep(SHORT / 2).await;
            let second =
                tokio::spawn(async move { second.call(&ListContracts::new()).await.map(drop) });
            tokio::time::sleep(SHORT / 2).await;
            if drops {
                first.abort();
                assert!(first.await.unwrap_err().is_cancelled());
            } else {
                let error = first.await.expect("no panic").unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
                assert!(error.to_string().contains("no token came"), "{error}");
            }
            assert!(started.elapsed() < TOO_LONG, "{:?}", started.elapsed());
            second.await.expect("no panic").expect("contracts");
        });
        assert_eq!(stage.differences(), Vec::<String>::new());
    }
}

/// The tasks' runtime ends, and the fetch with it: one who waits elsewhere fetches it anew.
#[test]
fn a_fetch_that_dies_passes_to_another_call() {
    let server = Server::default();
    let stage = server.play(slow_token(2));
    let session = Session::new(settings(&server, &stage), key()).expect("a session");
    let session = Arc::new(session);
    let tasks = Client::from_session(Arc::clone(&session)).expect("a client");
    let threads = Threads::from_session(session).expect("a client");
    let runtime = runtime();
    runtime.spawn(async move { tasks.call(&ListContracts::new()).await.map(drop) });
    std::thread::sleep(SHORT);
    let waiting = std::thread::spawn(move || threads.call(&ListContracts::new()).map(drop));
    std::thread::sleep(SHORT);
    runtime.shutdown_background();
    waiting.join().expect("no panic").expect("contracts");
    assert_eq!(stage.differences(), Vec::<String>::new());
}

/// Where nothing runs a fetch it is not begun again and again.
#[test]
fn a_fetch_that_nothing_runs_is_an_error() {
    let server = Server::default();
    let mut scenario = slow_token(0);
    scenario.arrives.calls.clear();
    let stage = server.play(scenario);
    let client = Client::new(settings(&server, &stage), key()).expect("a client");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let handle = runtime.handle().clone();
    runtime.shutdown_background();
    let (sender, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let ended = handle.block_on(client.call(&ListContracts::new()));
        sender.send(ended.map(drop)).expect("a listener");
    });
    let ended = said.recv_timeout(TOO_LONG).expect("an end");
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(stage.differences(), Vec::<String>::new());
}

/// It ends by the settings' time, for all who wait, also for one who would wait longer.
#[test]
fn a_fetch_has_a_time_of_its_own() {
    let server = Server::default();
    let mut scenario = slow_token(1);
    scenario.arrives.calls.clear();
    let ends = |error: &Error, after: Duration| {
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
        assert!(error.to_string().contains("POST /oauth/token"), "{error}");
        assert!(after < TOO_LONG, "{after:?}");
    };
    let stage = server.play(scenario.clone());
    let mut settings_of = settings(&server, &stage);
    settings_of.timeout = SHORT;
    let client = Threads::new(settings_of, key()).expect("a client");
    let (list, started) = (ListContracts::new(), Instant::now());
    let error = client
        .call_with(&list, &within(TOKEN_WAIT * 9))
        .unwrap_err();
    ends(&error, started.elapsed());
    assert_eq!(stage.differences(), Vec::<String>::new());

    let stage = server.play(scenario);
    let mut settings_of = settings(&server, &stage);
    settings_of.timeout = SHORT;
    runtime().block_on(async {
        let client = Client::new(settings_of, key()).expect("a client");
        let started = Instant::now();
        let options = within(TOKEN_WAIT * 9);
        let error = client.call_with(&list, &options).await.unwrap_err();
        ends(&error, started.elapsed());
    });
    assert_eq!(stage.differences(), Vec::<String>::new());
}

/// Each would be another kind of connection, or none at all.
#[test]
fn tasks_take_a_proxy_over_http_alone() {
    let with_proxy = |url: &str| {
        let mut settings = settings_at("https://dax.test");
        settings.proxy = ProxyChoice::Url(url.into());
        Client::new(settings, key())
    };
    for url in [
        "https://u:s3cret@proxy:3128",
        "socks5://u:s3cret@proxy",
        "proxy:3128",
        "u:s3cret@proxy",
        "http://",
        "",
    ] {
        let error = with_proxy(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{url}: {error}");
        assert!(error.to_string().contains("http://proxy:3128"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    assert!(with_proxy("http://u:s3cret@proxy:3128").is_ok());
}
