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

/// The commands of the tool alone.
fn tool(sandbox: &Sandbox) -> String {
    let commands = sandbox.commands();
    let end = commands.find("token=").expect("curl's part");
    commands[..end].to_owned()
}

/// Statements in the store of the Small Office, by another program; the number that a query gives then.
fn in_store(sandbox: &Sandbox, statements: &str, query: &str) -> u64 {
    const SCRIPT: &str = "import sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=60)
store.executescript('BEGIN;' + sys.argv[2] + 'COMMIT;')
print(store.execute(sys.argv[3]).fetchone()[0])";
    let store = sandbox.folder().join("parties/small-office/alliera.db");
    let mut python = Command::new("python3");
    python.args(["-c", SCRIPT]).arg(store);
    let said = succeeds(python.args([statements, query]), "python3");
    said.trim().parse().expect("a number")
}

#[test]
fn what_happened_is_told_once_its_store_can_be_read_and_what_is_refused_blocks_no_other() {
    let sandbox = Sandbox::start(&[]);
    let client = details(&sandbox)["client"].clone();
    let id = |name: &str| client[name].as_str().expect("an id").to_owned();
    let to = format!("'{}', '{}'", id("partner"), id("instance"));
    // Of these the second is none that an exchange takes.
    let happened = ["Created", "no event type", "Pickup"].map(|event| {
        format!(
            "INSERT INTO happened(event, partner, instance, data) VALUES('{event}', {to}, '{{}}');"
        )
    });
    let hide = happened.concat() + "ALTER TABLE happened RENAME TO hidden;";
    assert_eq!(in_store(&sandbox, &hide, "SELECT count(*) FROM hidden"), 3);
    // Whoever asks looks whether something happened.
    let _ = run(&sandbox, &tool(&sandbox));
    sandbox.wait_for("what happened is not told to the exchange: the store");
    let show = "ALTER TABLE hidden RENAME TO happened;";
    let aside = "SELECT count(*) FROM set_aside";
    let _ = in_store(&sandbox, show, aside);
    // Nobody asks any more: it is looked again by itself.
    sandbox.wait_for("Delivery no event type is set aside");
    let end = Instant::now() + Duration::from_mins(1);
    while in_store(&sandbox, "", "SELECT count(*) FROM happened") > 1 {
        assert!(Instant::now() < end, "{}", sandbox.said());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(in_store(&sandbox, "", aside), 1);
    let said = sandbox.end();
    let count = |part: &str| said.matches(part).count();
    assert_eq!(count("is set aside"), 1, "{said}");
    assert_eq!(count("is not told to the exchange"), 1, "{said}");
}

fn details(sandbox: &Sandbox) -> Value {
    let text = std::fs::read_to_string(sandbox.folder().join("sandbox.json"));
    serde_json::from_str(&text.expect("details")).expect("JSON")
}

#[test]
fn the_same_number_gives_the_same_data_and_another_gives_others() {
    let owners = |sandbox: &Sandbox| {
        let setup = tool(sandbox)
            .replace("daxsign cardowners open-door", "true")
            .replace("daxsign accessgroups", "true");
        let printed = run(sandbox, &setup);
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
    // What somebody changed on the way is no answer: the program is loaded behind one that does.
    let change = project().join("tests/client/answer_changed.js");
    for (part, refusal) in CHANGED {
        let script = format!(
            ". {}; export CHANGE='{part}'; node --require '{}' {}",
            environment.display(),
            change.display(),
            source.display()
        );
        let output = sandbox.shell(&script).output().expect("bash");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{part}: {said}");
        assert!(output.stdout.is_empty(), "{part}");
        assert!(said.contains(refusal), "{part}: {said}");
    }
    println!("{} changes of an answer refused", CHANGED.len());
}

/// What is changed of an answer, and what the program says.
const CHANGED: [(&str, &str); 9] = [
    ("body", NOT_HELD),
    ("x-correlation-id", NOT_HELD),
    ("x-dax-request", NOT_HELD),
    ("x-dax-status", NOT_HELD),
    ("x-dax-date", NOT_HELD),
    ("content-type", NOT_HELD),
    ("signature", NOT_HELD),
    ("status", "the status is not the one that was signed"),
    ("request", "an answer to another request"),
];
const NOT_HELD: &str = "the answer's signature does not hold";

#[test]
fn the_program_in_python_lists_card_owners_opens_a_door_and_shows_why_it_is_refused() {
    let folder = Folder::default();
    let source = folder.write("door.py", program("sandbox", "python"));
    let sandbox = Sandbox::start(&[]);
    let environment = sandbox.folder().join("env.sh");
    let script = format!(". {}; python3 {}", environment.display(), source.display());
    let printed = run(&sandbox, &script);
    let lines: Vec<&str> = printed.lines().collect();
    let [.., opened, refused] = lines.as_slice() else {
        panic!("{printed}")
    };
    assert_eq!(lines.len(), OWNERS + 2, "{printed}");
    assert!(opened.starts_with("opened "), "{printed}");
    assert!(
        refused.starts_with("403 error[not-allowed]: no clause of the contract allows"),
        "{printed}"
    );
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
    let certificates = binding().join("sandbox/DaxSandbox.cs");
    let library = &built(Runtime::Mono).library;
    let door = Runtime::Mono.program(&[source, certificates], library, "served");
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
