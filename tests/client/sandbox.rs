//! The sandbox of DAX, as a newcomer has it: the commands that it prints are pasted, and programs of others ask it;
//! schemathesis asks everything that its description says, and more.

mod operations;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use daxsign_tests::csharp::{binding, built, text};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::native::{project, succeeds, target_folder};
use daxsign_tests::pages::{cpp, program};
use daxsign_tests::sandbox::{Sandbox, binary};
use daxsign_tests::wheel::kept_folder;
use serde_json::Value;

use daxsign_tests::sandbox::binary as exchange_program;

/// A served exchange and its parties, as its own tests make them.
#[path = "../../exchange/tests/operating/made.rs"]
#[expect(dead_code, reason = "the exchange's own tests use all of it")]
mod made;

#[path = "../../exchange/tests/operating/caller.rs"]
#[expect(dead_code, reason = "the exchange's own tests use all of it")]
mod caller;

use caller::Caller;
use daxsign_exchange::registry::Clause;
use made::{Exchange, Served, done, key_path, shown};

/// How many card owners an Alliera begins with.
const OWNERS: usize = 12;

fn run(sandbox: &Sandbox, script: &str) -> String {
    let output = sandbox.shell(script).output().expect("bash");
    let (out, err) = (
        output.stdout,
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(
        output.status.success(),
        "{script}\n{err}\n{}",
        sandbox.said()
    );
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn what_it_prints_is_pasted_and_opens_a_door() {
    let folder = Folder::default();
    let dir = folder.root().join("it's here");
    let dir = dir.to_str().expect("UTF-8");
    let sandbox = Sandbox::start(&[dir]);
    let commands = sandbox.commands();
    for command in [
        "daxsign setup",
        "daxsign cardowners list",
        "daxsign cardowners open-door",
        "curl --silent",
        "daxsign-exchange contract list",
        "daxsign-exchange clock +2h",
    ] {
        assert!(commands.contains(command), "{command} in {commands}");
    }
    let printed = run(&sandbox, &commands);
    // By the tool, by curl, and by the tool on a page that is short by order.
    assert_eq!(
        printed.matches("\"cardOwnerId\"").count(),
        2 * OWNERS + OWNERS / 2,
        "{printed}"
    );
    assert!(
        printed.contains("7200 s ahead of the system's clock"),
        "{printed}"
    );
    assert!(printed.contains("as the system's clock"), "{printed}");
    sandbox.wait_for("stands open for card owner");
    assert!(printed.contains("short-page"), "{printed}");
    // A second time in the folder: everything is there, and what was set up is still right.
    let first = sandbox.ready.clone();
    assert!(sandbox.end().contains("the Small Office: the door"));
    let sandbox = Sandbox::start(&[dir]);
    assert_eq!(sandbox.ready, first, "the same addresses");
    println!("started again in {:?}", sandbox.took);
    assert!(sandbox.took < Duration::from_secs(10), "{:?}", sandbox.took);
    let commands = sandbox.commands();
    assert!(!commands.contains("daxsign setup"), "{commands}");
    let printed = run(&sandbox, &commands);
    assert_eq!(
        printed.matches("\"cardOwnerId\"").count(),
        2 * OWNERS + OWNERS / 2,
        "{printed}"
    );
}

fn details(sandbox: &Sandbox) -> Value {
    let text = std::fs::read_to_string(sandbox.folder().join("sandbox.json"));
    serde_json::from_str(&text.expect("details")).expect("JSON")
}

#[test]
fn the_same_number_gives_the_same_data_and_another_gives_others() {
    let owners = |sandbox: &Sandbox| {
        let setup = sandbox
            .commands()
            .replace("daxsign cardowners open-door", "true")
            .replace("daxsign accessgroups", "true");
        let upto = setup.find("token=").expect("curl's part");
        let printed = run(sandbox, &setup[..upto]);
        let list: Value = serde_json::from_str(&printed).expect("JSON");
        list["data"]["cardOwners"].clone()
    };
    let first = Sandbox::start(&["--seed", "7"]);
    let second = Sandbox::start(&["--seed", "7"]);
    let other = Sandbox::start(&["--seed", "8", "--card-owners", "3"]);
    let (one, two, three) = (details(&first), details(&second), details(&other));
    for part in ["/client/instance", "/target/partner", "/firstDoor"] {
        assert!(one.pointer(part).is_some(), "{part}");
        assert_eq!(one.pointer(part), two.pointer(part), "{part}");
        assert_ne!(one.pointer(part), three.pointer(part), "{part}");
    }
    let (of_first, of_second) = (owners(&first), owners(&second));
    let names = |owners: &Value| {
        let owners = owners.as_array().expect("owners").clone();
        let name = |owner: Value| {
            ["cardOwnerId", "familyName", "specificName"].map(|part| owner[part].clone())
        };
        owners.into_iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(&of_first).len(), OWNERS);
    assert_eq!(names(&of_first), names(&of_second));
    // Nothing is left of it.
    let folder = first.folder();
    assert!(folder.exists());
    let _ = first.end();
    assert!(!folder.exists(), "{}", folder.display());
}

#[test]
fn the_program_in_node_lists_card_owners_and_opens_a_door() {
    let folder = Folder::default();
    let source = folder.write("door.js", program("sandbox", "js"));
    let sandbox = Sandbox::start(&[]);
    let environment = sandbox.folder().join("env.sh");
    let script = format!(". {}; node {}", environment.display(), source.display());
    let printed = run(&sandbox, &script);
    assert_eq!(printed.lines().count(), OWNERS + 1, "{printed}");
    assert!(printed.contains("\nopened "), "{printed}");
    sandbox.wait_for("stands open for card owner");
}

/// Its source names `env.sh`.
#[test]
fn the_example_in_rust_lists_card_owners_and_opens_a_door() {
    let sandbox = Sandbox::start(&[]);
    let environment = sandbox.folder().join("env.sh");
    let example = target_folder().join("debug/examples/open_door");
    let script = format!(". {}; {}", environment.display(), example.display());
    let printed = run(&sandbox, &script);
    assert_eq!(printed.lines().count(), OWNERS + 1, "{printed}");
    assert!(printed.contains("\nopened: "), "{printed}");
    sandbox.wait_for("stands open for card owner");
}

#[test]
fn the_program_in_cpp_lists_card_owners() {
    let folder = Folder::default();
    let source = folder.write("owners.cpp", program("cpp-service", "C++"));
    let flags = succeeds(
        Command::new("curl-config").arg("--libs"),
        "libcurl4-openssl-dev",
    );
    let owners = folder.path("owners");
    succeeds(
        cpp("g++", &source, &owners).args(flags.split_whitespace()),
        "g++",
    );
    let sandbox = Sandbox::start(&[]);
    let environment = sandbox.folder().join("env.sh");
    let script = format!(". {}; {}", environment.display(), owners.display());
    let list: Value = serde_json::from_str(&run(&sandbox, &script)).expect("JSON");
    let list = list["data"]["cardOwners"].as_array().map(Vec::len);
    assert_eq!(list, Some(OWNERS));
}

/// The page's program starts the sandbox, and ends it.
#[test]
fn the_program_in_c_sharp_lists_card_owners_and_opens_a_door() {
    let folder = Folder::default();
    let source = folder.write("door.cs", program("sandbox", "cs"));
    let fixture = binding().join("sandbox/DaxSandbox.cs");
    let library = &built(Runtime::Mono).library;
    let program = Runtime::Mono.program(&[source, fixture], library, "door");
    let output = Runtime::Mono.run(&program, [binary()]);
    let printed = text(Runtime::Mono, "door", &output);
    assert_eq!(printed.lines().count(), OWNERS + 1, "{printed}");
    assert!(printed.contains("\nopened "), "{printed}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("stands open for card owner"), "{said}");
}

/// What schemathesis is, in a folder of its own.
fn schemathesis() -> PathBuf {
    let list = here("requirements.txt");
    kept_folder("schemathesis-4.32.5", |folder| {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(["--no-deps", "--only-binary=:all:", "--require-hashes"])
        .arg("--target")
        .arg(folder)
        .arg("--requirement")
        .arg(&list);
        succeeds(&mut pip, "python3, python3-pip");
    })
}

fn here(name: &str) -> PathBuf {
    project().join("tests/client/schemathesis").join(name)
}

/// What it holds every answer against: no 5xx, nothing that the description does not say, and nothing is taken that it does
/// not allow.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,negative_data_rejection";
/// How many requests there are at least.
const REQUESTS: u64 = 3_000;
/// How many operations there are, and how many of them do what is asked at least once.
const OPERATIONS: usize = 49;
const SUCCEEDING: usize = 30;

#[test]
fn schemathesis_finds_no_failure_and_no_answer_beside_the_description() {
    let packages = schemathesis();
    let folder = Folder::default();
    let counts = folder.root().join("counts.json");
    let sandbox = Sandbox::start(&["--card-owners", "60"]);
    let description = format!(
        "{}/rest/openapi.json",
        sandbox.ready["management"].as_str().expect("an address")
    );
    let script = format!(
        ". '{}'; cd '{}'; exec timeout 600 python3 -m schemathesis.cli run {description} --url $DAX_BASE --tls-verify $DAX_CA \
         --checks {CHECKS} --phases examples,coverage,fuzzing --max-examples 5 --seed 1 --generation-deterministic \
         --generation-with-security-parameters false --workers 1 --no-shrink --no-color \
         --suppress-health-check all --continue-on-failure",
        sandbox.folder().join("env.sh").display(),
        folder.root().display(),
    );
    let began = Instant::now();
    let mut asking = sandbox.shell(&script);
    asking
        .env(
            "PYTHONPATH",
            format!("{}:{}", packages.display(), here("").display()),
        )
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "dax_hooks")
        .env("DAX_COUNTS", &counts);
    let output = asking.output().expect("bash");
    let took = began.elapsed();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = std::fs::read_to_string(&counts).expect("counts");
    let counts: BTreeMap<String, BTreeMap<u16, u64>> = serde_json::from_str(&text).expect("JSON");
    let asked: u64 = counts.values().flat_map(BTreeMap::values).sum();
    let succeeded = |statuses: &&BTreeMap<u16, u64>| statuses.keys().any(|status| *status < 300);
    let succeeding = counts.values().filter(succeeded).count();
    println!(
        "{asked} requests, {} operations, {succeeding} of them done, in {took:?}",
        counts.len()
    );
    assert_eq!(counts.len(), OPERATIONS, "{counts:?}");
    assert!(asked >= REQUESTS, "{asked}: {counts:?}");
    assert!(succeeding >= SUCCEEDING, "{succeeding}: {counts:?}");
    let failed = counts
        .values()
        .flat_map(BTreeMap::keys)
        .find(|status| **status >= 500);
    assert_eq!(failed, None, "{counts:?}");
}

/// An exchange that is run for real: what is refused there, it does not explain.
#[test]
fn a_program_in_c_sharp_is_let_in_and_refused_at_the_door_of_a_served_exchange() {
    let exchange = Exchange::founded(&[]);
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let (client, beta) = (
        caller.sender("alpha", "rsa2048"),
        caller.sender("beta", "rsa3072"),
    );
    let allowed = [
        "cardowners.read",
        "list_card_owner_doors",
        "open_card_owner_door",
    ];
    caller.agree_to(&client, &beta, allowed.map(Clause::allowing).to_vec());
    let alliera = caller.alliera_folder(&beta, "rsa3072");
    done(&["alliera", shown(&alliera), "release", &client.party]);
    let alliera = Served::alliera(&alliera);
    alliera.wait_for("ready: ");
    let password = exchange.ask(&["credential", "set", "alpha", &client.party]);

    let (key, foreign) = (key_path("rsa2048"), exchange.folder.join("foreign.pem"));
    let mut making = Command::new("openssl");
    making
        .args(["genpkey", "-algorithm", "RSA"])
        .arg("-out")
        .arg(&foreign);
    making.args(["-pkeyopt", "rsa_keygen_bits:2048"]);
    succeeds(&mut making, "openssl");
    let (authority, signer) = (
        exchange.folder.join("authority.crt"),
        exchange.folder.join("exchange.crt"),
    );
    let ((_, instance), (to_partner, to_instance)) = (
        client.party.split_once('/').expect("two ids"),
        beta.party.split_once('/').expect("two ids"),
    );
    let base = format!("https://localhost:{}", caller.port);
    let arguments = [
        base.as_str(),
        instance,
        password.trim(),
        shown(&key),
        shown(&foreign),
        shown(&authority),
        shown(&signer),
        to_partner,
        to_instance,
    ];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("client/ServedDoor.cs");
    let library = &built(Runtime::Mono).library;
    let door = Runtime::Mono.program(&[source], library, "served");
    let output = Runtime::Mono.run(&door, arguments);
    let printed = text(Runtime::Mono, "served", &output);
    let lines: Vec<&str> = printed.lines().collect();
    let (owners, told) = lines.split_at_checked(OWNERS).expect(&printed);
    assert!(
        owners.iter().all(|line| line.starts_with("owner ")),
        "{printed}"
    );
    alliera.wait_for("stands open");
    let [opened, denied, forged] = told else {
        panic!("three lines: {printed}")
    };
    let id = opened.strip_prefix("opened ").expect(&printed);
    assert_eq!(exchange.ask_json(&["outcome", id])["outcome"], "answered");
    refused_without_a_reason(denied, ("ContractRefused 403", "not-allowed"), &allowed);
    refused_without_a_reason(
        forged,
        ("SignatureRefused 401", "signature-mismatch"),
        &allowed,
    );
    alliera.end_saying("ended: ");
    served.end();
}

/// A refusal's name, its correlation id and one sentence: nothing of contracts and clauses, which the operator has.
fn refused_without_a_reason(line: &str, (kind, name): (&str, &str), secrets: &[&str]) {
    let told = line.strip_prefix(kind).expect(line);
    let (id, body) = told.trim().split_once(' ').expect(line);
    let body: Value = serde_json::from_str(body).expect(line);
    assert_eq!(body["correlationId"], id, "{line}");
    let messages = body["messages"].as_array().expect(line);
    let [message] = messages.as_slice() else {
        panic!("one message: {line}")
    };
    assert!(
        message
            .as_str()
            .is_some_and(|text| text.starts_with(&format!("error[{name}"))),
        "{line}"
    );
    assert_eq!(body["data"], Value::Null, "{line}");
    for secret in secrets
        .iter()
        .chain(&["Clause", "00000000-0000-0000-0000-000000000007"])
    {
        assert!(!line.contains(secret), "{secret} is told: {line}");
    }
}
