//! What `daxsign explain` says of requests that something on the way has changed: with what the sender
//! logged it marks the part, and where the request itself tells it needs no log.

mod client;

use std::borrow::Cow;

use daxsign_client::blocking::Client;
use daxsign_client::{ApiRequest, CallOptions, Method, OutgoingRequest};
use daxsign_tests::model::{self, ModelOptions};
use daxsign_tests::request::OwnedRequest;
use daxsign_tests::tool::Tool;
use rest_server::identity;
use rest_server::scenario::{self, Mangling};
use rest_server::server::Server;
use serde_json::Value;

use client::{key, settings};

/// The scenario, the part that is changed, and what is said without a log.
const CASES: [(&str, &str, &str); 3] = [
    ("on-the-way-date", "date: ", "find what reformats the date"),
    ("on-the-way-host", "host: ", "a proxy replaced Host"),
    ("on-the-way-charset", "content-type: ", "look for a proxy"),
];
const LIST: [&str; 5] = [
    "(request-target)",
    "host",
    "content-type",
    "content-length",
    "date",
];

/// What the sender would log: the string as the tests read the rules.
fn signing_string(sent: &OutgoingRequest) -> Vec<u8> {
    let bytes =
        |(name, value): &(Cow<'_, str>, String)| (name.to_lowercase(), value.clone().into_bytes());
    let request = OwnedRequest {
        method: sent.method.as_str().into(),
        target: sent.address.target.clone(),
        headers: sent.headers.iter().map(bytes).collect(),
        body: sent.body.clone(),
    };
    let options = ModelOptions {
        full_target: false,
        rest: true,
    };
    model::signing_string(&request, &LIST.map(str::to_owned), options).expect("a string")
}

/// Where the two strings first differ, the line that it is in.
fn differing_line(explained: &Value) -> &str {
    let expected = explained["expected_string"].as_str().expect("a string");
    let place = explained["first_difference"].as_u64().expect("a place");
    let place = usize::try_from(place).expect("a place in the string");
    let start = expected[..place].rfind('\n').map_or(0, |end| end + 1);
    expected[start..].lines().next().expect("a line")
}

#[test]
fn what_a_proxy_changes_is_named() {
    let (server, tool) = (Server::default(), Tool::default());
    let public = identity::public_key();
    let public = public.to_str().expect("UTF-8");
    for (name, part, advice) in CASES {
        let stage = server.play(scenario::named(name).expect("a scenario"));
        let client = Client::new(settings(&server, &stage), key()).expect("a client");
        let mut sent = None;
        let request = ApiRequest::new(Method::Get, "/contracts");
        let mut watch = |request: &OutgoingRequest| {
            sent.get_or_insert_with(|| request.clone());
        };
        let refused = client.send_watched(&request, &CallOptions::default(), &mut watch);
        refused.expect_err("it was changed");
        assert_eq!(stage.differences(), Vec::<String>::new(), "{name}");
        let report = stage.report();
        let arrived = report["arrived"][1]["http"].as_str().expect("a request");
        tool.write("arrived.http", arrived);
        tool.write("sender.log", signing_string(&sent.expect("it was sent")));

        let with_log = [
            "explain",
            "--json",
            "--key",
            public,
            "--signed",
            "sender.log",
        ];
        let run = tool.run(&[&with_log[..], &["arrived.http"]].concat());
        assert_eq!(run.code, 1, "{name}: {}", run.err);
        let explained: Value = serde_json::from_slice(&run.out).expect("JSON");
        assert_eq!(explained["signed_file"]["signed"], true, "{name}");
        let line = differing_line(&explained);
        assert!(line.starts_with(part), "{name}: {line}");

        let run = tool.run(&["explain", "--key", public, "arrived.http"]);
        assert_eq!(run.code, 1, "{name}: {}", run.err);
        let words = run.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(advice), "{name}: {words}");
    }
    assert_eq!(CASES.len(), manglings().len());
}

/// All that the server knows to change.
fn manglings() -> Vec<Mangling> {
    let scenarios = scenario::all().into_iter();
    scenarios.flat_map(|one| one.server.on_the_way).collect()
}
