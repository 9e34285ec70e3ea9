//! `daxsign proxy --verify` before a receiver that knows nothing of signatures: from curl through both sidecars
//! to a server in Python, and attacks at its door, whose signatures are OpenSSL's.

mod sidecar;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::caller::Caller;
use daxsign_tests::native::project;
use daxsign_tests::openssl::OpenSsl;
use rest_server::identity;
use rest_server::stage::utc_in;
use serde_json::Value;
use sha2::{Digest, Sha256};

use sidecar::answer::Answer;
use sidecar::upstream::{Act, Upstream};
use sidecar::{Conversation, Sidecar};

const TARGET: &str = "/api/v2.0/contracts/%c3%85/../x?b=%2f&a";
const BODY: &str = r#"{"name": "Åsa"}"#;

/// The receiver, ended when it is dropped.
struct Echo {
    child: Child,
    address: String,
}

impl Echo {
    fn start() -> Self {
        let mut child = Command::new("python3")
            .arg(project().join("tests/rest_server/tests/callers/echo.py"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let mut port = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output)
            .read_line(&mut port)
            .expect("its port");
        let address = format!("127.0.0.1:{}", port.trim());
        Self { child, address }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The sidecar before a receiver; it knows the key of our caller.
fn before(echo: &Echo, more: &[&str]) -> Sidecar {
    let upstream = format!("http://{}", echo.address);
    let peer = format!("caller={}", identity::public_key().display());
    let options = [
        "--verify",
        "--upstream",
        &upstream,
        "--peer",
        &peer,
        "--profile",
        "vendor-sdk",
    ];
    let options = [&options, more].concat();
    let sidecar = Sidecar::start(Caller::new("unused-password"), &options);
    // What was signed within the moment of its start could have been accepted before it.
    std::thread::sleep(Duration::from_millis(1_100));
    sidecar
}

fn fields(said: &Value) -> Vec<(String, String)> {
    serde_json::from_value(said["fields"].clone()).expect("names and values")
}

fn values<'a>(fields: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let named = fields.iter().filter(|(found, _)| found == name);
    named.map(|(_, value)| value.as_str()).collect()
}

/// The SHA-256 of the key, as OpenSSL writes it.
fn thumbprint() -> String {
    let openssl = OpenSsl::default();
    let key = identity::public_key();
    openssl.run(&format!(
        "pkey -pubin -in {} -outform DER -out key.der",
        key.display()
    ));
    let said = String::from_utf8(openssl.run("dgst -sha256 -r key.der")).expect("text");
    said.split(' ').next().expect("a hash").to_owned()
}

#[test]
fn from_curl_through_both_to_a_receiver_in_python() {
    let echo = Echo::start();
    let receiver = before(&echo, &["--policy", "interop"]);
    // Between them stands the API's host: it gives tokens, and passes on as it is what comes.
    let door = receiver.address.clone();
    let between = Upstream::acting(move |request| {
        let mut request = request.clone();
        for (_, value) in &mut request.headers {
            *value = value.trim_ascii().to_vec();
        }
        let mut stream = TcpStream::connect(&door).expect("the receiver's sidecar");
        stream
            .write_all(&request.to_http("\r\n"))
            .expect("it is sent");
        let answer = Answer::read(&mut BufReader::new(stream)).expect("an answer");
        let text = String::from_utf8(answer.body).expect("UTF-8");
        Act::json(&format!("{} Answer", answer.status), &text)
    });
    let sidecar = Sidecar::start(between.caller(&[]), &[]);
    let mut curl = sidecar.caller.command("curl".as_ref());
    curl.args([
        "--silent",
        "--show-error",
        "--path-as-is",
        "--data-binary",
        BODY,
    ])
    .args(["--header", "X-Dax-Verified-Peer: evil"])
    .args(["--header", "x_dax-verified_date: evil"])
    .args(["--header", "X-Context: corridor B"])
    .args(["--header", "Content-Type: application/json"])
    .arg(format!("http://{}{TARGET}", sidecar.address));
    // What arrives holds the token: it is the receiver's to see.
    let run = curl.output().expect("curl starts");
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    let err = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{err}");
    let said: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!(
        (&said["method"], &said["target"]),
        (&"POST".into(), &TARGET.into()),
        "{said}"
    );
    assert_eq!(said["body"], BODY);
    let fields = fields(&said);
    let print = thumbprint();
    for (name, value) in [
        ("x-dax-verified-peer", "caller"),
        ("x-dax-verified-profile", "vendor-sdk"),
        ("x-dax-verified-components", "(request-target) date"),
        ("x-dax-verified-thumbprint", &print),
        ("x-context", "corridor B"),
    ] {
        let found = values(&fields, name);
        let found: Vec<_> = found.iter().map(|value| value.to_lowercase()).collect();
        assert_eq!(found, [value.to_lowercase()], "{name}");
    }
    assert_eq!(
        values(&fields, "x-dax-verified-date"),
        values(&fields, "date")
    );
    let all = fields
        .iter()
        .filter(|(name, _)| name.replace('_', "-").starts_with("x-dax-verified"));
    assert_eq!(all.count(), 5, "{fields:?}");
}

/// A request, signed with the caller's key or another.
struct Signed {
    method: &'static str,
    target: &'static str,
    list: &'static str,
    fields: Vec<(String, String)>,
    body: String,
}

impl Signed {
    /// By OpenSSL, over what the rules say.
    fn new(method: &'static str, list: &'static str, date: &str, key: &str) -> Self {
        let path = TARGET.split('?').next().expect("a path");
        let length = BODY.len().to_string();
        let mut fields: Vec<(String, String)> = [
            ("Host", "api.example"),
            ("Content-Type", "application/json"),
            ("Content-Length", &length),
            ("Date", date),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec();
        let lower = method.to_lowercase();
        let mut string = String::new();
        for name in list.split(' ') {
            let value = if name == "(request-target)" {
                format!("{lower} {path}")
            } else {
                let named = fields
                    .iter()
                    .find(|(found, _)| found.eq_ignore_ascii_case(name));
                named.expect("a field").1.clone()
            };
            string = [&string, name, ": ", &value, "\n"].concat();
        }
        string += BODY;
        let hash = Sha256::digest(&string);
        let key = project().join("tests/vectors/keys").join(key);
        let signature = BASE64_STANDARD.encode(OpenSsl::default().sign(&key, &hash));
        let value = format!(
            "realm=\"dax\" algorithm=\"SHA256withRSA\" headers=\"{list}\" signature=\"{signature}\""
        );
        fields.push(("Signature".into(), value));
        Self {
            method,
            target: TARGET,
            list,
            fields,
            body: BODY.into(),
        }
    }

    fn to_http(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.fields {
            text = [&text, name, ": ", value, "\r\n"].concat();
        }
        (text + "\r\n" + &self.body).into_bytes()
    }

    fn field(&mut self, name: &str) -> &mut String {
        let named = self.fields.iter_mut().find(|(found, _)| found == name);
        &mut named.expect("a field").1
    }
}

const OBSERVED: &str = "(request-target) date";
const BOUND: &str = "(request-target) host content-type content-length date";
const KEY: &str = "rsa2048.pkcs8.pem";

/// An attack: its name, the list that was signed, what is done to the request, status and name.
type Attack = (
    &'static str,
    &'static str,
    fn(&mut Signed),
    u16,
    &'static str,
);

const ATTACKS: &[Attack] = &[
    ("nothing", OBSERVED, |_| {}, 200, ""),
    ("nothing, all bound", BOUND, |_| {}, 200, ""),
    (
        "another body",
        OBSERVED,
        |s| s.body = s.body.replace("Åsa", "Eva "),
        401,
        "signature-mismatch",
    ),
    (
        "another path",
        OBSERVED,
        |s| s.target = "/api/v2.0/contracts/%C3%85/../x?b=%2f&a",
        401,
        "signature-mismatch",
    ),
    (
        "a normalised path",
        OBSERVED,
        |s| s.target = "/api/v2.0/contracts/x?b=%2f&a",
        401,
        "signature-mismatch",
    ),
    (
        "another method",
        OBSERVED,
        |s| s.method = "PUT",
        401,
        "signature-mismatch",
    ),
    (
        "another date",
        OBSERVED,
        |s| *s.field("Date") = utc_in(1),
        401,
        "signature-mismatch",
    ),
    (
        "another host",
        BOUND,
        |s| *s.field("Host") = "evil.example".into(),
        401,
        "signature-mismatch",
    ),
    (
        "another type",
        BOUND,
        |s| *s.field("Content-Type") = "text/json".into(),
        401,
        "signature-mismatch",
    ),
    (
        "no signature",
        OBSERVED,
        |s| s.fields.retain(|(name, _)| name != "Signature"),
        401,
        "missing-header",
    ),
    (
        "two signatures",
        OBSERVED,
        |s| {
            let last = s.fields.last().cloned().expect("one");
            s.fields.push(last);
        },
        400,
        "malformed-signature-header",
    ),
    (
        "a field of the list taken away",
        BOUND,
        |s| s.fields.retain(|(name, _)| name != "Content-Type"),
        400,
        "missing-header",
    ),
    (
        "a shorter list",
        BOUND,
        |s| {
            let text = s.field("Signature");
            *text = text.replace(BOUND, OBSERVED);
        },
        401,
        "signature-mismatch",
    ),
    (
        "a list without a date",
        OBSERVED,
        |s| {
            let text = s.field("Signature");
            *text = text.replace(OBSERVED, "(request-target)");
        },
        400,
        "missing-component",
    ),
    (
        "another realm",
        OBSERVED,
        |s| {
            let text = s.field("Signature");
            *text = text.replace("\"dax\"", "\"dux\"");
        },
        400,
        "wrong-realm",
    ),
    (
        "another algorithm",
        OBSERVED,
        |s| {
            let text = s.field("Signature");
            *text = text.replace("SHA256withRSA", "none");
        },
        400,
        "unsupported-algorithm",
    ),
    (
        "a signature cut off",
        OBSERVED,
        |s| {
            let text = s.field("Signature");
            *text = text.replace("==\"", "\"");
        },
        400,
        "invalid-signature-encoding",
    ),
    (
        "two hosts",
        OBSERVED,
        |s| s.fields.push(("Host".into(), "evil.example".into())),
        400,
        "framing",
    ),
    (
        "chunks",
        OBSERVED,
        |s| {
            s.fields.retain(|(name, _)| name != "Content-Length");
            s.fields
                .push(("Transfer-Encoding".into(), "chunked".into()));
            s.body = format!("{:x}\r\n{}\r\n0\r\n\r\n", s.body.len(), s.body);
        },
        411,
        "invalid-header-value",
    ),
    (
        "a signed field that is of the connection",
        BOUND,
        |s| s.fields.push(("Connection".into(), "Content-Type".into())),
        400,
        "invalid-header-value",
    ),
    (
        "a signed field in disguise",
        BOUND,
        |s| s.fields.push(("Content_Type".into(), "text/html".into())),
        400,
        "disguised-field",
    ),
    (
        "verified, says the sender",
        OBSERVED,
        |s| {
            for name in [
                "X-Dax-Verified-Peer",
                "x_dax_verified_peer",
                "X-DAX-Verified_Thumbprint",
                "X.Dax.Verified.Date",
            ] {
                s.fields.push((name.into(), "evil".into()));
            }
        },
        200,
        "",
    ),
];

#[test]
fn attacks_at_the_door() {
    let echo = Echo::start();
    let receiver = before(&echo, &["--policy", "interop"]);
    let mut faults = Vec::new();
    for (name, list, attack, status, refusal) in ATTACKS {
        let mut request = Signed::new("POST", list, &utc_in(0), KEY);
        attack(&mut request);
        let answer = receiver.ask(&request.to_http());
        if (answer.status, answer.refusal()) != (*status, *refusal) {
            let found = (answer.status, answer.refusal());
            let body = String::from_utf8_lossy(&answer.body);
            faults.push(format!(
                "{name}: {found:?}, and must be {:?}: {body}",
                (status, refusal)
            ));
        } else if *status == 200 {
            let said: Value = serde_json::from_slice(&answer.body).expect("JSON");
            let fields = fields(&said);
            assert_eq!(
                values(&fields, "x-dax-verified-components"),
                [request.list],
                "{name}"
            );
            assert!(
                !fields.iter().any(|(_, value)| value == "evil"),
                "{name}: {fields:?}"
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(ATTACKS.len(), 22);
}

#[test]
fn once_in_time_and_by_a_known_key() {
    let echo = Echo::start();
    let receiver = before(&echo, &["--policy", "interop", "--window", "60s"]);
    let ask = |request: &Signed| {
        let answer = receiver.ask(&request.to_http());
        (answer.status, answer.refusal().to_owned())
    };
    let refused = |name: &str| (401, name.to_owned());
    let request = Signed::new("POST", OBSERVED, &utc_in(0), KEY);
    assert_eq!(ask(&request), (200, String::new()));
    for _ in 0..2 {
        assert_eq!(ask(&request), refused("replayed"));
    }
    // On a connection that has carried a good one, too.
    let mut conversation = Conversation::with(&receiver.address);
    conversation.send(&Signed::new("PUT", OBSERVED, &utc_in(0), KEY).to_http());
    assert_eq!(conversation.answer().expect("an answer").status, 200);
    conversation.send(&request.to_http());
    assert_eq!(
        conversation.answer().expect("an answer").refusal(),
        "replayed"
    );
    for (seconds, name) in [(-75, "stale-date"), (75, "future-date")] {
        let request = Signed::new("POST", OBSERVED, &utc_in(seconds), KEY);
        assert_eq!(ask(&request), refused(name));
    }
    for key in ["rsa3072.pkcs8.pem", "rsa4096.pkcs8.pem"] {
        let found = ask(&Signed::new("POST", OBSERVED, &utc_in(0), key));
        assert!(found.0 == 401 || found.0 == 400, "{found:?}");
        assert!(
            ["unknown-key", "invalid-signature-encoding"].contains(&&*found.1),
            "{found:?}"
        );
    }
    // The strict policy takes a body only with a list that binds it.
    let receiver = before(&echo, &[]);
    let answer = receiver.ask(&Signed::new("POST", OBSERVED, &utc_in(0), KEY).to_http());
    assert_eq!((answer.status, answer.refusal()), (400, "unbound-body"));
    let answer = receiver.ask(&Signed::new("POST", BOUND, &utc_in(0), KEY).to_http());
    assert_eq!(answer.status, 200);
    drop(echo);
    let answer = receiver.ask(&Signed::new("POST", BOUND, &utc_in(0), KEY).to_http());
    assert_eq!(answer.status, 502, "the receiver is gone");
}
