//! Forward proxies: which requests go through one, as the environment says, and what is said of one that
//! refuses or is not there. Both Rust clients and the tool; each reads its environment, so each is a
//! process of its own.

mod client;

use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_client::api::ListContracts;
use daxsign_client::{ClientCertificate, Error, ProxyChoice, Roots, asynchronous, blocking};
use daxsign_tests::caller::{Caller, PROXY_VARIABLES};
use rest_server::origin::Origin;
use rest_server::report::invitation;
use rest_server::scenario;
use rest_server::server::Server;

use client::{key, settings_at};

/// A name and a password that must be encoded in an address.
const ACCOUNT: (&str, &str) = ("anna:p@ss", "anna:p%40ss");
const LOCAL: &str = "NO_PROXY";

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// Well, through the proxy.
    Through,
    /// Well, and the proxy was not asked.
    Straight,
    /// Nothing is sent, and this is said.
    Says(&'static str),
}
use End::{Says, Straight, Through};

/// A case: what the environment says, with `{proxy}` for the one that works, `{account}` for the same with
/// name and password, `{down}` for one that is not there; whether the proxy wants to know who comes; the
/// end.
type Row = (&'static [(&'static str, &'static str)], bool, End);

const ROWS: &[Row] = &[
    (&[("HTTPS_PROXY", "{proxy}")], false, Through),
    (&[("https_proxy", "{proxy}")], false, Through),
    (&[("ALL_PROXY", "{proxy}")], false, Through),
    (&[("all_proxy", "{proxy}")], false, Through),
    (
        &[("HTTPS_PROXY", "{proxy}"), ("ALL_PROXY", "{down}")],
        false,
        Through,
    ),
    (
        &[("HTTPS_PROXY", ""), ("ALL_PROXY", "{proxy}")],
        false,
        Through,
    ),
    // Of what is not encrypted.
    (
        &[("HTTP_PROXY", "{down}"), ("http_proxy", "{down}")],
        false,
        Straight,
    ),
    (
        &[("HTTPS_PROXY", "{down}"), (LOCAL, "localhost")],
        false,
        Straight,
    ),
    (
        &[("HTTPS_PROXY", "{down}"), (LOCAL, "example.org, localhost")],
        false,
        Straight,
    ),
    (
        &[("HTTPS_PROXY", "{down}"), ("no_proxy", "*")],
        false,
        Straight,
    ),
    (
        &[("HTTPS_PROXY", "{proxy}"), (LOCAL, "example.org,ocalhost")],
        false,
        Through,
    ),
    (&[("HTTPS_PROXY", "{account}")], true, Through),
    (&[("HTTPS_PROXY", "{proxy}")], true, Says("proxy")),
    (&[("HTTPS_PROXY", "{down}")], false, Says("refused")),
    (
        &[("HTTPS_PROXY", "socks5://{account}")],
        false,
        Says("http://proxy:3128"),
    ),
    (
        &[("ALL_PROXY", "https://{account}")],
        false,
        Says("http://proxy:3128"),
    ),
    // What cannot be read is not taken for no proxy.
    (
        &[("ALL_PROXY", "socks://127.0.0.1:1080/")],
        false,
        Says("http://proxy:3128"),
    ),
    (
        &[("HTTPS_PROXY", "http://CORP\\{account}")],
        false,
        Says("http://proxy:3128"),
    ),
];

/// Who plays.
const PLAYERS: [&str; 3] = ["threads", "tasks", "tool"];
/// What a player of this program is told by.
const AS: &str = "DAX_PLAY_AS";
/// What stands before what it says.
const SAID: &str = "it said: ";

/// Plays as the environment says: for the test below, which starts this program anew. Told nothing, it
/// has nothing to play.
#[test]
fn one_player() {
    let Ok(player) = std::env::var(AS) else {
        return;
    };
    let told = |name: &str| std::env::var(name).expect(name);
    let read = |name: &str| std::fs::read(told(name)).expect("a file");
    let mut settings = settings_at(&told("DAX_BASE"));
    settings.proxy = ProxyChoice::Environment;
    settings.roots = Roots::Only(read("DAX_CA"));
    settings.client_certificate = Some(ClientCertificate {
        chain: read("DAX_CLIENT_CERTIFICATE"),
        key: String::from_utf8(read("DAX_CLIENT_KEY"))
            .expect("PEM")
            .into(),
    });
    let list = ListContracts::new();
    let said: Result<usize, Error> = if player == PLAYERS[0] {
        let client = blocking::Client::new(settings, key());
        client.and_then(|client| client.call(&list).map(|contracts| contracts.data.len()))
    } else {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let client = asynchronous::Client::new(settings, key())?;
            client
                .call(&list)
                .await
                .map(|contracts| contracts.data.len())
        })
    };
    let said = said.map_or_else(
        |error| error.to_string(),
        |count| format!("{count} contracts"),
    );
    println!("{SAID}{said}");
}

/// A command that plays, and what starts the line in which it says how it ended.
fn player(name: &str, caller: &Caller) -> Command {
    if name == PLAYERS[2] {
        let mut command = caller.command(daxsign_tests::tool::binary());
        command.args(["contracts", "list", "--json"]);
        return command;
    }
    let this = std::env::current_exe().expect("this program");
    let mut command = caller.command(&this);
    command
        .args(["one_player", "--exact", "--nocapture"])
        .env(AS, name);
    command
}

#[test]
fn what_is_encrypted_goes_through_the_proxy_of_the_environment() {
    let server = Server::default();
    let mut played = 0;
    for (variables, wants, end) in ROWS {
        for name in PLAYERS {
            let mut scenario = scenario::named("tls").expect("a scenario");
            let refused = matches!(end, Says(_));
            if refused {
                scenario.arrives.tokens = 0;
                scenario.arrives.calls.clear();
            }
            let stage = server.play(scenario);
            let told = invitation(&server, &stage);
            let text = |name: &str| told[name].as_str().expect("a text");
            let options = ["--signing", "observed", "--ca", text("ca")];
            let caller = Caller::with_settings(&told, &options);
            let basic = wants.then(|| format!("Basic {}", STANDARD.encode(ACCOUNT.0)));
            let proxy = server.forward_proxy(basic);
            let down = stage.addresses[&Origin::Nowhere].clone();
            let mut command = player(name, &caller);
            for (variable, value) in *variables {
                assert!(PROXY_VARIABLES.contains(variable), "{variable}");
                let value = value
                    .replace("{proxy}", &format!("http://{}", proxy.address))
                    .replace(
                        "://{account}",
                        &format!("://{}@{}", ACCOUNT.1, proxy.address),
                    )
                    .replace(
                        "{account}",
                        &format!("http://{}@{}", ACCOUNT.1, proxy.address),
                    )
                    .replace("{down}", &down);
                command.env(variable, value);
            }
            for one in ["base", "ca", "client_certificate", "client_key"] {
                command.env(format!("DAX_{}", one.to_uppercase()), text(one));
            }
            let run = caller.finish(command, "");
            let case = format!("{variables:?} {name}: {} {}", run.text(), run.err);
            let asked = proxy.asked();
            let tunnel = format!("CONNECT {} HTTP/1.1", &text("base")["https://".len()..]);
            assert!(
                asked.iter().all(|line| *line == tunnel),
                "{asked:?}, {case}"
            );
            let is_asked = *end == Through || (refused && *wants);
            assert_eq!(!asked.is_empty(), is_asked, "{asked:?}, {case}");
            if let Says(words) = end {
                let said = [run.text(), &run.err].concat();
                assert!(said.contains("error[unreachable]: "), "{case}");
                assert!(said.contains("nothing was sent"), "{case}");
                assert!(said.contains(words), "{words}, {case}");
                assert!(!said.contains("p%40ss") && !said.contains("p@ss"), "{case}");
            } else {
                let good = match name {
                    "tool" => run.text().contains("\"contractId\""),
                    _ => run.text().contains(&format!("{SAID}2 contracts")),
                };
                assert!(good, "{case}");
            }
            assert_eq!(stage.differences(), Vec::<String>::new(), "{case}");
            played += 1;
        }
    }
    assert_eq!(played, 54);
}
