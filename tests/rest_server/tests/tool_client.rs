//! The command-line tool in every scenario that a program can play which makes one call and ends.

use std::collections::BTreeMap;

use daxsign_tests::caller::Caller;
use daxsign_tests::tool::Run;
use rest_server::report::invitation;
use rest_server::scenario::{self, Answers, Call, Kind, Preset, Scenario};
use rest_server::server::Server;
use serde_json::Value;

/// How many scenarios it plays, and how many of them end well.
const PLAYED: (usize, usize) = (96, 45);
/// How many it cannot, and why.
const LEFT_OUT: [(&str, usize); 3] = [
    (
        "a process asks for a token by itself alone: no second call shares it",
        6,
    ),
    (
        "32 calls at once would be 32 processes, each with a token",
        2,
    ),
    (
        "there is no command that asks for a token and calls nothing",
        1,
    ),
];
const SOMEBODY: &str = "00000000-0000-4000-8000-000000000001";
const OWNERS: &str = "/partners/{partner}/instances/{instance}/cardowners";

/// What is typed for a call; or why it cannot be.
fn command(scenario: &Scenario) -> Result<Vec<String>, &'static str> {
    let words: &[&str] = match scenario.call {
        Call::ContractsTwice => return Err(LEFT_OUT[0].0),
        Call::ContractsAtOnce => return Err(LEFT_OUT[1].0),
        Call::Token if scenario.outcome.kind == Kind::Ok => return Err(LEFT_OUT[2].0),
        Call::Token => &["contracts", "list"],
        Call::Contracts => &["call", "GET", "/contracts"],
        Call::CardOwners => &["cardowners", "list", "--all", "--limit", "50"],
        Call::CardOwner => &["cardowners", "get", SOMEBODY],
        Call::CreateCardOwner => &[
            "call",
            "POST",
            OWNERS,
            "--body",
            r#"{"attributes":{"Floor":"2"},"familyName":"Öberg","folderId":17,"specificName":"Åsa"}"#,
        ],
        Call::OpenDoor => &["cardowners", "open-door", SOMEBODY, SOMEBODY, "--yes"],
    };
    let mut words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    if let Some(context) = &scenario.client.context {
        words.extend(["--context".to_owned(), context.clone()]);
    }
    if let Some(milliseconds) = scenario.client.timeout_ms {
        let seconds = milliseconds.div_ceil(1_000).to_string();
        words.extend(["--max-time".to_owned(), seconds]);
    }
    Ok(words)
}

/// What `setup` is told besides.
fn options(scenario: &Scenario, invitation: &Value) -> Vec<String> {
    let told = |name: &str| invitation[name].as_str().expect("a text").to_owned();
    let client = &scenario.client;
    let signing = match client.preset {
        Preset::Observed => "observed",
        Preset::Documented => "documented",
    };
    let mut options = vec!["--signing".to_owned(), signing.to_owned()];
    let mut file = |option: &str, name: &str| options.extend([option.to_owned(), told(name)]);
    file("--ca", "ca");
    if client.shows_certificate {
        file("--client-certificate", "client_certificate");
        file("--client-key", "client_key");
    }
    if client.answers != Answers::Any {
        file("--exchange-certificate", "exchange_certificate");
    }
    if client.answers == Answers::VerifyIfSigned {
        options.extend(["--require-signed-answers", "false"].map(str::to_owned));
    }
    options
}

/// How what the tool said differs from what it must say; empty if it does not.
fn differences(scenario: &Scenario, run: &Run) -> Vec<String> {
    let expected = &scenario.outcome;
    let mut out = Vec::new();
    let mut compare = |what: &str, found: String, must: String| {
        if found != must {
            out.push(format!("{what} {found}, and must be {must}: {}", run.err));
        }
    };
    let name = match expected.kind {
        Kind::Unexpected => "unexpected-answer".into(),
        kind => serde_json::to_value(kind).expect("a name"),
    };
    let said = run
        .err
        .split_once("error[")
        .map_or("ok", |(_, rest)| rest.split(']').next().unwrap_or_default());
    compare(
        "the outcome is",
        said.into(),
        name.as_str().expect("a name").into(),
    );
    let good = expected.kind == Kind::Ok;
    compare(
        "the exit code is",
        run.code.to_string(),
        i32::from(!good).to_string(),
    );
    if let Some(status) = expected.status {
        let told = run.err.contains(&format!("status {status}"));
        compare("the status is told:", told.to_string(), true.to_string());
    }
    if let Some(says) = &expected.says {
        let told = run.err.contains(says.as_str());
        compare("what must be said is:", told.to_string(), true.to_string());
    }
    if let (true, Some(items)) = (good, expected.items) {
        compare(
            "the items are",
            count(scenario.call, run).to_string(),
            items.to_string(),
        );
    }
    out
}

/// How many items came.
fn count(call: Call, run: &Run) -> usize {
    if call == Call::CardOwners {
        return run.text().lines().count();
    }
    let answer: Value = serde_json::from_slice(&run.out).expect("JSON");
    answer["data"]["contracts"].as_array().map_or(0, Vec::len)
}

#[test]
fn every_scenario_of_one_call_ends_as_it_must() {
    let server = Server::default();
    let (mut played, mut good, mut faults) = (0, 0, Vec::new());
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for scenario in scenario::all() {
        let words = match command(&scenario) {
            Ok(words) => words,
            Err(why) => {
                *left_out.entry(why).or_default() += 1;
                continue;
            }
        };
        let stage = server.play(scenario);
        let invitation = invitation(&server, &stage);
        let options = options(&stage.scenario, &invitation);
        let options: Vec<_> = options.iter().map(String::as_str).collect();
        let caller = Caller::with_settings(&invitation, &options);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let run = caller.run(&words);
        played += 1;
        good += usize::from(stage.scenario.outcome.kind == Kind::Ok);
        let all = [differences(&stage.scenario, &run), stage.differences()].concat();
        let name = &stage.scenario.name;
        faults.extend(all.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    let count = faults.len();
    assert!(faults.is_empty(), "{count} faults:\n{}", faults.join("\n"));
    assert_eq!(left_out, LEFT_OUT.into());
    assert_eq!((played, good), PLAYED);
}
