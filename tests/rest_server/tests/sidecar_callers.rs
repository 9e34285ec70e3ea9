//! Clients of several languages, none of which knows how to sign, call through `daxsign proxy`. The tests'
//! REST server judges what arrives: each signature by OpenSSL and the rsa crate.

mod sidecar;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::caller::Caller;
use daxsign_tests::native::project;
use daxsign_tests::wheel::{LINUX, PYTHON, Wheel, kept_folder};
use rest_server::identity::{INSTANCE, PARTNER};
use rest_server::report::invitation;
use rest_server::scenario::{self, Answer, Redirect};
use rest_server::server::Server;
use serde_json::Value;

use sidecar::Sidecar;

/// What axios needs, pinned in callers/package-lock.json. None of its scripts run.
const AXIOS: &str = "axios-1.16.1";

const fn wheel(package: &'static str, sha256: &'static str) -> Wheel {
    Wheel {
        package,
        sha256,
        python: PYTHON,
        platform: LINUX,
    }
}

/// Python's `requests` and what it needs.
const REQUESTS: [Wheel; 5] = [
    wheel(
        "requests==2.32.5",
        "2462f94637a34fd532264295e186976db0f5d453d1cdd31473c85a6a161affb6",
    ),
    wheel(
        "urllib3==2.5.0",
        "e6b01673c0fa6a13e374b50871808eb3bf7046c4b125b216f6bf1cc604cff0dc",
    ),
    wheel(
        "certifi==2025.8.3",
        "f6c12493cfb1b06ba2ff328595af9350c65d6644968e5d3a2ffd78699af217a5",
    ),
    wheel(
        "idna==3.10",
        "946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3",
    ),
    wheel(
        "charset_normalizer==3.4.3",
        "257f26fed7d7ff59921b78244f3cd93ed2af1800ff048c33f624c87475819dd7",
    ),
];

/// How a client names a query's bytes: most as they are told, one in capitals.
const ODD: &str = "nameFilter=%c3%85sa%20%2F+x%2c%2E&limit=50";
const ODD_OF_URLLIB: &str = "nameFilter=%C3%85sa%20%2F+x%2C.&limit=50";
const SOMEBODY: &str = "00000000-0000-4000-8000-000000000001";
const NEW: &str =
    r#"{"attributes":{"Floor":"2"},"familyName":"Öberg","folderId":17,"specificName":"Åsa"}"#;
const CONTEXT: &str = r#"{"context": "corridor B"}"#;
const MISSING: &str = "no such\tthing: Åsa\r\n\r\n";

/// A client.
struct Row {
    /// A program of callers/.
    name: &'static str,
    /// How it is started, before the address.
    command: &'static [&'static str],
    /// Whether it comes in by the UNIX socket.
    at_socket: bool,
    /// Its query with unusual percent-encodings, as it sends it.
    odd: &'static str,
    /// Whether it sends a body with GET.
    gets_with_body: bool,
}

const fn row(name: &'static str, command: &'static [&'static str]) -> Row {
    Row {
        name,
        command,
        at_socket: false,
        odd: ODD,
        gets_with_body: true,
    }
}

const ROWS: [Row; 9] = [
    row("Node's http", &["node", "{callers}/node_http.js"]),
    row("axios", &["node", "{callers}/node_axios.js"]),
    Row {
        gets_with_body: false,
        ..row("fetch", &["node", "{callers}/node_fetch.js"])
    },
    row(
        "Python's http.client",
        &["python3", "{callers}/python_http.py"],
    ),
    Row {
        odd: ODD_OF_URLLIB,
        ..row("requests", &["python3", "{callers}/python_requests.py"])
    },
    row("curl", &["bash", "{callers}/curl.sh"]),
    Row {
        at_socket: true,
        ..row("curl, UNIX socket", &["bash", "{callers}/curl.sh"])
    },
    row("Go", &["go", "run", "{callers}/caller.go"]),
    row("Java", &["java", "{callers}/Caller.java"]),
];

/// A call: method, target, form of the body, body, and what must come of it.
struct Step {
    method: &'static str,
    target: String,
    form: &'static str,
    body: &'static str,
    answer: Answer,
    status: u16,
    says: &'static str,
}

fn steps() -> Vec<Step> {
    let owners = format!("/api/v2.0/partners/{PARTNER}/instances/{INSTANCE}/cardowners");
    let somebody = format!("{owners}/{SOMEBODY}");
    let step = |method, target: String, form, body| Step {
        method,
        target,
        form,
        body,
        answer: Answer::default(),
        status: 200,
        says: "\"correlationId\"",
    };
    vec![
        step("GET", format!("{owners}?{ODD}"), "none", ""),
        step("POST", owners, "chunked", NEW),
        step("GET", somebody.clone(), "plain", CONTEXT),
        step("PATCH", somebody.clone(), "plain", CONTEXT),
        Step {
            answer: Answer {
                status: Some(404),
                text: Some(MISSING.into()),
                ..Answer::default()
            },
            status: 404,
            says: MISSING,
            ..step("GET", somebody, "none", "")
        },
        Step {
            answer: Answer {
                redirect: Some(Redirect {
                    to: None,
                    prefix: "/elsewhere".into(),
                }),
                ..Answer::default()
            },
            says: "\"contracts\"",
            ..step("GET", "/api/v2.0/contracts".into(), "none", "")
        },
    ]
}

/// What arrives of a call: method, target and body, in the order of the steps.
fn arriving(row: &Row) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    for step in steps() {
        let has_body = step.method != "GET" || row.gets_with_body;
        let body = match step.body {
            "" => "{}",
            _ if !has_body => "{}",
            body => body,
        };
        let target = step.target.replace(ODD, row.odd);
        out.push((step.method.to_owned(), target, body.to_owned()));
        if step.answer.redirect.is_some() {
            let target = format!("/elsewhere{}", step.target);
            out.push((step.method.into(), target, body.into()));
        }
    }
    out
}

fn callers() -> PathBuf {
    project().join("tests/rest_server/tests/callers")
}

fn axios() -> PathBuf {
    kept_folder(AXIOS, |folder| {
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(callers().join(file), folder.join(file)).expect("a file");
        }
        let output = Command::new("npm")
            .args(["ci", "--silent", "--ignore-scripts", "--no-audit"])
            .current_dir(folder)
            .output()
            .expect("npm starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "npm ci: {said}");
    })
    .join("node_modules")
}

fn requests() -> PathBuf {
    kept_folder("requests-2.32.5", |folder| {
        for wheel in REQUESTS {
            let name = wheel.package.split("==").next().expect("a name");
            wheel.unpack(folder, &[&format!("{name}/")]);
        }
    })
}

fn command(row: &Row, sidecar: &Sidecar) -> Command {
    let callers = callers();
    let callers = callers.to_str().expect("a path in UTF-8");
    let mut words = row
        .command
        .iter()
        .map(|word| word.replace("{callers}", callers));
    let mut command = sidecar
        .caller
        .command(words.next().expect("a program").as_ref());
    command
        .args(words)
        .arg(format!("http://{}", sidecar.address))
        .env("NODE_PATH", axios())
        .env("PYTHONPATH", requests())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("GOCACHE", kept_folder("go-cache", |_| {}))
        .env("GO111MODULE", "off")
        // Nothing of our settings or password is theirs to know.
        .env_remove("DAXSIGN_SETTINGS")
        .env_remove("DAX_PASSWORD");
    if row.at_socket {
        command.env("SOCKET", sidecar.socket.as_ref().expect("a socket"));
    }
    command
}

fn play(server: &Server, row: &Row) {
    let steps = steps();
    let mut scenario = scenario::named("contracts").expect("a scenario");
    scenario.server.answers = steps.iter().map(|step| step.answer.clone()).collect();
    let arriving = arriving(row);
    let calls = scenario.arrives.calls.values_mut();
    calls.for_each(|count| *count = arriving.len());
    // One caller at a time: one connection is enough.
    scenario.arrives.connections = Some(1);
    let stage = server.play(scenario);
    let caller = Caller::with_settings(&invitation(server, &stage), &["--signing", "observed"]);
    let socket = format!("unix:{}", caller.folder.path("proxy.sock").display());
    let sidecar = Sidecar::start(caller, &["--listen", &socket]);
    let input: String = steps
        .iter()
        .map(|step| [step.method, &step.target, step.form, step.body].join("\t") + "\n")
        .collect();
    let mut command = command(row, &sidecar);
    command.stdin(Stdio::piped());
    let run = sidecar.caller.finish(command, &input);
    assert_eq!(run.code, 0, "{}: {} {}", row.name, run.err, sidecar.log());
    let lines: Vec<_> = run.text().lines().collect();
    assert_eq!(lines.len(), steps.len(), "{}: {}", row.name, run.text());
    for (line, step) in lines.iter().zip(&steps) {
        let case = format!("{}, {} {}", row.name, step.method, step.target);
        let (status, body) = line.split_once(' ').expect("two words");
        let body = BASE64_STANDARD.decode(body).expect("Base64");
        let body = String::from_utf8(body).expect("UTF-8");
        assert_eq!(status, step.status.to_string(), "{case}: {body}");
        if step.status == 404 {
            assert_eq!(body, step.says, "{case}");
        }
        assert!(body.contains(step.says), "{case}: {body}");
    }
    assert_eq!(stage.differences(), Vec::<String>::new(), "{}", row.name);
    let report = stage.report();
    let arrived = report["arrived"].as_array().expect("a list").iter();
    let arrived: Vec<_> = arrived
        .filter(|one| one["kind"] == "call")
        .map(|one| {
            let word = |name: &str| one[name].as_str().expect("a text").to_owned();
            let http = word("http");
            let (_, body) = http.split_once("\r\n\r\n").expect("a head");
            assert!(one["verified"] != Value::Null, "{}: {http}", row.name);
            (word("method"), word("target"), body.to_owned())
        })
        .collect();
    assert_eq!(arrived, arriving, "{}", row.name);
}

#[test]
fn clients_that_cannot_sign_call_through_it() {
    let server = Server::default();
    let mut played = 0;
    for row in &ROWS {
        play(&server, row);
        played += 1;
    }
    assert_eq!(played, 9);
}
