//! The C# client in every scenario, on Mono, on CoreCLR and on .NET 8, all operations, and the lines of its page.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use daxsign_tests::csharp::{built, references, services, sources, text};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::native::succeeds;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pages::program;
use daxsign_tests::roslyn;
use rest_server::identity;
use rest_server::origin::Origin;
use rest_server::scenario::{Client, Kind, Outcome, Scenario, all, named};
use rest_server::server::Server;
use rest_server::stage::Stage;
use serde_json::Value;

/// How many scenarios there are.
const SCENARIOS: usize = 105;
/// What Mono's handler cannot do: it shows no certificate of the client.
const NOT_ON_MONO: [&str; 1] = ["tls-client-certificate"];
/// How many are on the stage at a time.
const AT_A_TIME: usize = 20;

/// The word of the table for a value.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value).expect("JSON") {
        Value::String(word) => word,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What the program is told of a scenario: pairs, with tabs between them.
fn line(server: &Server, stage: &Stage, pfx: &str) -> String {
    let Client {
        base,
        preset,
        answers,
        shows_certificate,
        wrong_password,
        timeout_ms,
        context,
    } = &stage.scenario.client;
    let file = |name: &str| server.authority.file(name).display().to_string();
    let base = base.unwrap_or(Origin::Home);
    let password = if *wrong_password {
        "wrong"
    } else {
        identity::PASSWORD
    };
    let told = [
        ("call", word(stage.scenario.call)),
        ("base", stage.addresses[&base].clone()),
        ("client_id", identity::CLIENT_ID.into()),
        ("user", identity::USER.into()),
        ("password", password.into()),
        ("partner", identity::PARTNER.into()),
        ("instance", identity::INSTANCE.into()),
        ("key", identity::private_key().display().to_string()),
        ("preset", word(preset)),
        ("answers", word(answers)),
        ("timeout_ms", word(timeout_ms)),
        ("context", word(context)),
        ("exchange", file("exchange.pem")),
        ("ca", file("ca.pem")),
        ("tls", uses_tls(&stage.scenario).to_string()),
        (
            "certificate",
            if *shows_certificate {
                pfx.into()
            } else {
                String::new()
            },
        ),
    ];
    let mut line = String::new();
    for (name, value) in told {
        let tab = if line.is_empty() { "" } else { "\t" };
        let _ = write!(line, "{tab}{name}={value}");
    }
    line
}

fn uses_tls(scenario: &Scenario) -> bool {
    let base = scenario.client.base;
    base == Some(Origin::Secure) || scenario.name.contains("tls")
}

/// The client's certificate with its key, as .NET reads it.
fn certificate(server: &Server, openssl: &OpenSsl) -> String {
    let file = |name: &str| server.authority.file(name).display().to_string();
    let (key, chain) = (file("client.key"), file("client.pem"));
    // The ciphers that Mono can read.
    openssl.run(&format!(
        "pkcs12 -export -inkey {key} -in {chain} -passout pass:test \
         -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -out client.pfx"
    ));
    openssl.path("client.pfx").display().to_string()
}

/// How what the program said differs from what it must say; empty if it does not.
fn differences(expected: &Outcome, said: &str) -> Vec<String> {
    let [kind, status, items, text] = said
        .splitn(4, '\t')
        .collect::<Vec<_>>()
        .try_into()
        .expect("four words");
    let mut out = Vec::new();
    if serde_json::from_value::<Kind>(kind.into()).ok() != Some(expected.kind) {
        out.push(format!(
            "the outcome is {kind}, and must be {:?}: {text}",
            expected.kind
        ));
    }
    if expected.items.is_some_and(|must| items != must.to_string()) {
        out.push(format!("{items} items, and must be {:?}", expected.items));
    }
    if expected
        .status
        .is_some_and(|must| status != must.to_string())
    {
        out.push(format!(
            "the status is {status}, and must be {:?}: {text}",
            expected.status
        ));
    }
    if let Some(must) = expected.says.as_ref().filter(|must| !text.contains(*must)) {
        out.push(format!("\"{text}\" does not hold \"{must}\""));
    }
    for secret in [identity::PASSWORD, "token+home"] {
        if text.contains(secret) {
            out.push(format!("\"{text}\" tells a secret"));
        }
    }
    out
}

/// Plays scenarios for one run of the program; returns what was not as it must be.
fn play(server: &Server, runtime: Runtime, scenarios: &[Scenario], pfx: &str) -> Vec<String> {
    let play = |scenario: &Scenario| server.play(scenario.clone());
    let stages: Vec<Arc<Stage>> = scenarios.iter().map(play).collect();
    let lines: Vec<String> = stages
        .iter()
        .map(|stage| line(server, stage, pfx))
        .collect();
    let folder = Folder::default();
    let file = folder.write("scenarios", lines.join("\n"));
    let output = runtime.run(
        &built(runtime).program,
        ["rest".into(), file.into_os_string()],
    );
    let printed = text(runtime, "rest", &output);
    let said: Vec<&str> = printed.lines().collect();
    assert_eq!(said.len(), stages.len(), "{printed}");
    let mut wrong = Vec::new();
    for (stage, said) in stages.iter().zip(said) {
        let scenario = &stage.scenario;
        let mut found = differences(&scenario.outcome, said);
        found.extend(stage.differences());
        if !found.is_empty() {
            wrong.push(format!("{}: {}", scenario.name, found.join("; ")));
        }
    }
    wrong
}

fn every_scenario(runtime: Runtime) {
    let (server, openssl) = (Server::default(), OpenSsl::default());
    let pfx = certificate(&server, &openssl);
    let not_here: &[&str] = match runtime {
        Runtime::Mono => &NOT_ON_MONO,
        Runtime::Core | Runtime::Net8 | Runtime::Windows => &[],
    };
    let mut scenarios = all();
    scenarios.retain(|scenario| !not_here.contains(&scenario.name.as_str()));
    assert_eq!(scenarios.len(), SCENARIOS - not_here.len());
    let wrong: Vec<String> = scenarios
        .chunks(AT_A_TIME)
        .flat_map(|some| play(&server, runtime, some, &pfx))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {SCENARIOS} on {}:\n{}",
        wrong.len(),
        runtime.name(),
        wrong.join("\n")
    );
}

#[test]
fn every_scenario_on_coreclr() {
    every_scenario(Runtime::Core);
}

#[test]
fn every_scenario_on_net8() {
    every_scenario(Runtime::Net8);
}

#[test]
fn every_scenario_on_mono() {
    every_scenario(Runtime::Mono);
}

/// Each operation with a value for every property: the server holds path, query and body against the
/// description, and its answers are read.
#[test]
fn every_operation_is_taken_and_its_answer_read() {
    const OPERATIONS: usize = 49;
    let (folder, server) = (Folder::default(), Server::default());
    for runtime in Runtime::HERE {
        let stage = server.play(named("many").expect("a scenario"));
        let file = folder.write("operations", line(&server, &stage, ""));
        let arguments = ["operations".into(), file.into_os_string()];
        let output = runtime.run(&built(runtime).program, arguments);
        let printed = text(runtime, "operations", &output);
        assert_eq!(printed.trim(), format!("checks {OPERATIONS}"));
        let report = stage.report();
        let calls = report["arrived"].as_array().expect("a list");
        let calls: Vec<&Value> = calls
            .iter()
            .filter(|call| call["kind"] != "token")
            .collect();
        let faults: Vec<_> = calls
            .iter()
            .filter(|call| call["faults"] != Value::Array(Vec::new()) || !call["refused"].is_null())
            .collect();
        assert!(faults.is_empty(), "{faults:?}");
        let places: BTreeSet<String> = calls
            .iter()
            .map(|call| format!("{} {}", call["method"], call["target"]))
            .collect();
        assert_eq!(places.len(), OPERATIONS, "each another one");
    }
}

/// Two thousand calls of one client: one token, and neither memory nor open files grow.
#[test]
fn many_calls_need_one_token_and_leave_nothing_behind() {
    const CALLS: usize = 2000;
    let (folder, server) = (Folder::default(), Server::default());
    for runtime in [Runtime::Core, Runtime::Net8] {
        let stage = server.play(named("many").expect("a scenario"));
        let file = folder.write("load", line(&server, &stage, ""));
        let arguments = ["load".into(), file.into_os_string()];
        let output = runtime.run(&built(runtime).program, arguments);
        let printed = text(runtime, "load", &output);
        assert_eq!(printed.trim(), "checks 2", "{}", runtime.name());
        let report = stage.report();
        let arrived = report["arrived"].as_array().expect("a list");
        let tokens = arrived.iter().filter(|each| each["kind"] == "token");
        assert_eq!((tokens.count(), arrived.len()), (1, 1 + CALLS));
        assert!(
            arrived
                .iter()
                .all(|each| each["faults"] == Value::Array(Vec::new()))
        );
    }
}

/// What stands around the lines of the page.
const PAGE_HEAD: &str = r"
using System;
using System.Threading.Tasks;
using Daxsign;
using Daxsign.Api;

internal static class Page
{
    private static void Main(string[] arguments)
    {
        Environment.CurrentDirectory = arguments[6];
        Run(arguments[0], new Guid(arguments[1]), arguments[2], arguments[3], new Guid(arguments[4]),
            new Guid(arguments[5])).Wait();
    }

    private static async Task Run(
        string address, Guid clientId, string user, string password, Guid partnerId, Guid instanceId)
    {
";

#[test]
fn the_lines_of_the_page_list_card_owners() {
    const OWNERS: usize = 2;
    let (folder, server) = (Folder::default(), Server::default());
    let lines = program("csharp-service", "c#");
    assert_eq!(lines.lines().count(), 10);
    let source = folder.write("page.cs", [PAGE_HEAD, &lines, "    }\n}\n"].concat());
    let key = std::fs::read(identity::private_key()).expect("a key");
    folder.write("client.pem", key);
    for runtime in Runtime::HERE {
        let stage = server.play(named("odd-unknown").expect("a scenario"));
        let page = runtime.program(
            std::slice::from_ref(&source),
            &built(runtime).library,
            "page",
        );
        let arguments = [
            stage.addresses[&Origin::Home].as_str(),
            identity::CLIENT_ID,
            identity::USER,
            identity::PASSWORD,
            identity::PARTNER,
            identity::INSTANCE,
            folder.root().to_str().expect("a path in UTF-8"),
        ];
        let printed = text(runtime, "the page", &runtime.run(&page, arguments));
        assert_eq!(printed.lines().count(), OWNERS, "{printed}");
        assert_eq!(stage.differences(), Vec::<String>::new());
    }
}

/// What stands around the page's lines for dependency injection.
const SERVICES_HEAD: &str = r"
using System;
using Daxsign;
using Microsoft.Extensions.DependencyInjection;

internal static class Page
{
    internal static void Register(
        IServiceCollection services, string address, Guid clientId, string user, string password)
    {
";

/// On .NET 8, for which Microsoft's abstractions are to be had.
#[test]
fn a_service_gets_its_client_from_the_container() {
    const CHECKS: usize = 16;
    let (folder, server) = (Folder::default(), Server::default());
    let lines = program("csharp-service", "C#");
    let page = folder.write("Page.cs", [SERVICES_HEAD, &lines, "    }\n}\n"].concat());
    let key = std::fs::read(identity::private_key()).expect("a key");
    folder.write("client.pem", key);
    let assemblies = services();
    let out = assemblies[0].with_file_name("services.exe");
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services");
    let mut compiler = roslyn::net8_compiler();
    compiler
        .args(references(assemblies))
        .arg(format!("-out:{}", out.display()))
        .args(sources(tests.as_ref()))
        .arg(page);
    succeeds(&mut compiler, roslyn::PACKAGES);
    roslyn::write_config(&out);
    let stage = server.play(named("contracts").expect("a scenario"));
    let arguments = [
        stage.addresses[&Origin::Home].as_str(),
        identity::CLIENT_ID,
        identity::USER,
        identity::PASSWORD,
        folder.root().to_str().expect("a path in UTF-8"),
    ];
    let output = Runtime::Net8.run(&out, arguments);
    let printed = text(Runtime::Net8, "services", &output);
    assert_eq!(printed.trim(), format!("checks {CHECKS}"));
    assert_eq!(stage.differences(), Vec::<String>::new());
}
