//! The Rust client, with threads and with tasks, in every scenario of the table.

mod client;

use daxsign_client::asynchronous::Client;
use daxsign_client::{ErrorKind, ProxyChoice};
use rest_server::scenario::{self, Kind};
use rest_server::server::Server;
use rest_server::stage::Stage;

use client::{differences, key, settings_at, with_tasks, with_threads};

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

#[test]
fn with_threads_every_scenario_ends_as_it_must() {
    play_all(with_threads);
}

#[test]
fn with_tasks_every_scenario_ends_as_it_must() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads");
    play_all(|server, stage| runtime.block_on(with_tasks(server, stage)));
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
