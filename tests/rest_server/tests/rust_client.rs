//! The Rust client, with threads and with tasks, in every scenario of the table.

mod client;

use std::sync::atomic::{AtomicUsize, Ordering};

use daxsign_client::api::ListContracts;
use daxsign_client::asynchronous::Client;
use daxsign_client::blocking::Client as Threads;
use daxsign_client::{Error, ErrorKind, Key, ProxyChoice, SignError};
use daxsign_core::{Digest, Signer};
use rest_server::scenario::{self, Kind};
use rest_server::server::Server;
use rest_server::stage::Stage;

use client::{differences, key, settings, settings_at, with_tasks, with_threads};

/// How many scenarios the table holds, and how many of them end well.
const SCENARIOS: (usize, usize) = (105, 52);

fn play_all(say: impl Fn(&Server, &Stage) -> Result<Option<usize>, daxsign_client::Error>) {
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
