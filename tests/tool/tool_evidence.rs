//! `daxsign evidence`: a file that an exchange wrote, beside what Python and OpenSSL find in it; changed, it is refused
//! with the right words; a log that was shown twice; and asking an exchange.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{Sha256, Timestamp};
use daxsign_exchange::demo::{self, Wanted};
use daxsign_exchange::record::*;
use daxsign_exchange::running::Clock;
use daxsign_tests::sandbox::Sandbox;
use daxsign_tests::tool::{Run, Tool};
use serde_json::Value;

#[expect(dead_code, reason = "the exchange's own tests use all of it")]
#[path = "../../exchange/tests/record/made.rs"]
mod made;

use made::*;

/// The tool in a folder with the evidence of a complete exchange.
struct Stage {
    tool: Tool,
    world: World,
    store: SqliteStore,
}

impl Stage {
    fn new() -> Self {
        let (tool, world) = (Tool::default(), World::new());
        let mut store = world.store();
        world.run(&mut store);
        tool.write("evidence.json", world.evidence(&mut store, id(1)));
        Self { tool, world, store }
    }

    fn pins(&self) -> [String; 3] {
        let World { exchange, a, b, .. } = &self.world;
        [
            format!("--pin=exchange={}", hex(&exchange.thumbprint)),
            format!("--pin={}={}", party(1), hex(&a.thumbprint)),
            format!("--pin={}={}", party(2), hex(&b.thumbprint)),
        ]
    }

    fn verify(&self, file: &str, more: &[String]) -> Run {
        let mut arguments = vec!["evidence", "verify", file];
        arguments.extend(more.iter().map(String::as_str));
        self.tool.run(&arguments)
    }
}

/// The text with its sentences each on one line.
fn unwrapped(run: &Run) -> String {
    assert_eq!(run.code, 0, "{}", run.err);
    let indent = format!("\n{}", " ".repeat(16));
    run.text().replace(&indent, " ")
}

#[test]
fn a_file_and_pins_say_who_signed_what() {
    let stage = Stage::new();
    let said = unwrapped(&stage.verify("evidence.json", &stage.pins()));
    let (a, b) = (party(1), party(2));
    for sentence in [
        format!("The evidence of exchange {} holds, as of a log of ", id(1)),
        "proved          the exchange signed that the log's key is exchange.test/record+".into(),
        format!("proved          {a} signed POST /api/v2.0/cards, dated 2023-11-14T22:13:20.0000000Z, with a body of 14 bytes"),
        format!("proved          {b} signed ANSWER /api/v2.0/cards?office=7"),
        format!("stated          at 2023-11-14T22:13:20.0000000Z: it took a request from {a} to {b} in, under contract"),
        "; its note: allowed by cards.write\n".into(),
        format!("not signed      in this message of {a}: the query ?office=7; the fields X-Trace"),
        "not witnessed   no witness signed the checkpoint: the log could be shown otherwise to others".into(),
        "proved          only who holds the key can have signed it: what a party signed, the exchange cannot have made up".into(),
    ] {
        assert!(said.contains(&sentence), "{sentence:?} is not in:\n{said}");
    }
    assert!(!said.contains("not pinned"), "{said}");
    assert!(!said.contains("4711"), "a body is not shown: {said}");
    let widest = stage.verify("evidence.json", &[]);
    let widest = widest.text().lines().map(|line| line.chars().count()).max();
    // A thumbprint does not break.
    assert!(widest.is_some_and(|widest| widest <= 100), "{widest:?}");
}

#[test]
fn without_pins_nobody_is_named_as_who_signed() {
    let stage = Stage::new();
    let said = unwrapped(&stage.verify("evidence.json", &[]));
    let thumbprint = hex(&stage.world.a.thumbprint);
    let vouched = format!(
        "not pinned      that the certificate {thumbprint} is that of {}, only the operator's authority vouches",
        party(1)
    );
    assert!(said.contains(&vouched), "{said}");
    assert!(
        !said.contains(&format!("proved          {}", party(1))),
        "{said}"
    );
    assert!(said.contains("`--pin PARTY=SHA256`"), "{said}");

    let json = stage.verify("evidence.json", &["--json".into()]).success();
    let json: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["verified"], true);
    assert_eq!(json["correlation"], id(1).to_string());
    let count = |grounds: &str| {
        let all = json["statements"].as_array().unwrap();
        all.iter().filter(|one| one["grounds"] == grounds).count()
    };
    // The log, what A, B and the exchange signed, and the contract's offer; each by a key that is nobody's yet.
    assert_eq!((count("proved"), count("not-pinned")), (6, 6));
    assert_eq!((count("not-signed"), count("not-witnessed")), (1, 1));
}

#[test]
fn another_key_than_the_pinned_one_is_refused() {
    let stage = Stage::new();
    let wrong = hex(&stage.world.b.thumbprint);
    for who in ["exchange".to_owned(), party(1).to_string()] {
        let run = stage.verify("evidence.json", &[format!("--pin={who}={wrong}")]);
        run.assert_refused("evidence-pin", &who);
        let said =
            format!("evidence.json: the key that signed is not one that is pinned for {who}");
        assert!(run.err.contains(&said), "{}", run.err);
    }
    let json = stage.verify(
        "evidence.json",
        &[format!("--pin=exchange={wrong}"), "--json".into()],
    );
    assert_eq!(json.code, 1);
    let json: Value = serde_json::from_slice(&json.out).unwrap();
    assert_eq!(json["error"]["name"], "evidence-pin");
    for pin in ["exchange=abcd", "nobody", "x=\u{1b}[31m"] {
        let run = stage.verify("evidence.json", &[format!("--pin={pin}")]);
        run.assert_unusable(pin);
        assert!(
            run.err.contains("a pin is <partner>/<instance>=SHA256"),
            "{}",
            run.err
        );
    }
}

/// Bytes of a value, behind its base64.
fn with_byte_changed(value: &mut Value) {
    let mut bytes = BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    *value = BASE64_STANDARD.encode(bytes).into();
}

/// As the exchange writes it: the fields in their order.
fn written(json: &Value) -> Vec<u8> {
    let text = serde_json::to_string_pretty(json).unwrap();
    format!("{text}\n").into_bytes()
}

#[test]
fn what_was_changed_is_refused_by_its_name() {
    let stage = Stage::new();
    let file = stage.tool.read("evidence.json");
    let text = String::from_utf8(file.clone()).unwrap();
    let json: Value = serde_json::from_slice(&file).unwrap();
    let certificate = |holder: &[u8; HASH_LEN]| {
        let all = json["certificates"].as_array().unwrap();
        let bytes = |one: &Value| BASE64_STANDARD.decode(one.as_str().unwrap()).unwrap();
        let found = all
            .iter()
            .position(|one| Sha256::digest(&bytes(one)) == *holder);
        format!("/certificates/{}", found.unwrap())
    };
    let of_exchange = certificate(&stage.world.exchange.thumbprint);
    let of_a = certificate(&stage.world.a.thumbprint);
    let places: [(&str, &str); 10] = [
        ("/events/1/content/message", "evidence-content"),
        ("/events/1/content/signature", "evidence-content"),
        ("/events/1/content/statement", "evidence-content"),
        ("/events/2/content/salt", "evidence-content"),
        ("/events/2/proof/0", "evidence-not-in-log"),
        ("/log/content/signature", "evidence-content"),
        ("/sent/0/head", "evidence-sent"),
        ("/sent/1/head", "evidence-sent"),
        (&of_exchange, "evidence-certificate"),
        (&of_a, "evidence-unnamed"),
    ];
    let mut refused = 0;
    for (place, name) in places {
        let mut changed = json.clone();
        let value = changed.pointer_mut(place).unwrap();
        let before = value.as_str().unwrap().to_owned();
        with_byte_changed(value);
        let after = value.as_str().unwrap().to_owned();
        let changed = text.replacen(&before, &after, 1);
        assert_ne!(changed, text, "{place}");
        stage.tool.write("changed.json", changed);
        let run = stage.verify("changed.json", &stage.pins());
        run.assert_refused(name, place);
        refused += 1;
    }
    // The checkpoint's size, a time of a leaf, another form of the same, an end that is missing, nothing at all.
    let size = format!("record\\n{}\\n", stage.store.size().unwrap());
    for (name, changed) in [
        (
            "evidence-checkpoint",
            text.replacen(&size, "record\\n99\\n", 1).into_bytes(),
        ),
        ("evidence-form", written(&json)),
        ("evidence-form", file[..file.len() - 1].to_vec()),
        ("evidence-form", Vec::new()),
        ("evidence-form", b"{}".to_vec()),
    ] {
        assert_ne!(changed, file, "{name}");
        stage.tool.write("changed.json", changed);
        let run = stage.verify("changed.json", &stage.pins());
        run.assert_refused(name, name);
        assert!(run.err.contains("hint: "), "{}", run.err);
        refused += 1;
    }
    assert_eq!(refused, 15);
    stage.verify("nowhere.json", &[]).assert_unusable("no file");
}

#[test]
fn python_and_openssl_find_the_same() {
    let stage = Stage::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tool/evidence_reader.py");
    let read = |file: &str| {
        let mut python = Command::new("python3");
        python.arg(&script).arg(stage.tool.path(file));
        python.output().expect("python3 starts")
    };
    let output = read("evidence.json");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}{problem}");
    let (a, b) = (party(1), party(2));
    let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
    let log_key = lines.remove(0);
    assert!(
        log_key.starts_with("exchange signed log key exchange.test/record+"),
        "{log_key}"
    );
    assert_eq!(
        lines,
        [
            format!("log key signed {} leaves", stage.store.size().unwrap()),
            "leaf 0 is in the log: log-key".into(),
            "leaf 1 is in the log: contract".into(),
            format!("{b} signed POST: documented, whole target"),
            "leaf 2 is in the log: request".into(),
            format!("{a} signed POST: vendor-sdk, path"),
            "leaf 4 is in the log: answer".into(),
            format!("{b} signed ANSWER: documented, whole target"),
            "exchange signed what the receiver got: documented, whole target".into(),
            "exchange signed what the sender got: documented, whole target".into(),
        ]
    );
    // It would have noticed.
    let text = String::from_utf8(stage.tool.read("evidence.json")).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let mut proof = json["events"][1]["proof"][0].clone();
    let before = proof.as_str().unwrap().to_owned();
    with_byte_changed(&mut proof);
    stage.tool.write(
        "changed.json",
        text.replacen(&before, proof.as_str().unwrap(), 1),
    );
    let problem = read("changed.json");
    assert!(!problem.status.success());
    let problem = String::from_utf8_lossy(&problem.stderr).into_owned();
    assert!(problem.contains("inclusion"), "{problem}");
}

fn lines(proof: &[[u8; HASH_LEN]]) -> String {
    let line = |hash: &[u8; HASH_LEN]| BASE64_STANDARD.encode(hash) + "\n";
    proof.iter().map(line).collect()
}

#[test]
fn a_log_that_only_grew_is_told_from_one_that_was_rewritten() {
    let mut stage = Stage::new();
    let early = stage.store.size().unwrap();
    let request = stage.world.request();
    let accept = Operation::Accept(Box::new(stage.world.accept(id(3), &request)));
    stage.store.commit(&[accept]).unwrap()[0].unwrap();
    let late = stage.store.size().unwrap();
    let later = stage.world.evidence(&mut stage.store, id(3));
    stage.tool.write("later.json", later);
    let proof = stage.store.consistency(late, early).unwrap();
    stage.tool.write("proof.txt", lines(&proof));
    let compare = |more: &[&str]| {
        let arguments = [&["evidence", "compare"], more].concat();
        stage.tool.run(&arguments)
    };
    let run = compare(&["evidence.json", "later.json", "--proof", "proof.txt"]);
    let said = format!("its {late} events begin with the {early} that were shown before");
    assert!(
        run.code == 0 && run.text().contains(&said),
        "{} {}",
        run.text(),
        run.err
    );
    // The same needs no proof; without one, or with another, nothing is shown.
    assert_eq!(compare(&["evidence.json", "evidence.json"]).code, 0);
    compare(&["evidence.json", "later.json"]).assert_unusable("no proof");
    stage.tool.write("proof.txt", lines(&proof[1..]));
    let run = compare(&["evidence.json", "later.json", "--proof", "proof.txt"]);
    run.assert_refused("log-not-continued", "half a proof");
    stage.tool.write("proof.txt", "bm8=\n");
    let run = compare(&["evidence.json", "later.json", "--proof", "proof.txt"]);
    run.assert_unusable("no hashes");
    assert!(run.err.contains("proof.txt:1: not a hash"), "{}", run.err);
    compare(&["later.json", "evidence.json"]).assert_refused("log-order", "the wrong way round");

    // Checkpoints alone: of two histories that one key signed, and of another log.
    let sign = |size, root, key: &LogKey| Checkpoint { size, root }.sign(key).unwrap();
    stage.tool.write("one", sign(3, [1; 32], &log_key()));
    stage.tool.write("two", sign(3, [2; 32], &log_key()));
    let other = LogKey::from_seed("exchange.test/record", &[4; SEED_LEN]).unwrap();
    stage.tool.write("other", sign(3, [1; 32], &other));
    let key = log_key().verifier().to_owned();
    let run = compare(&["one", "two", "--key", &key]);
    run.assert_refused("log-split", "two histories");
    assert!(
        run.err.contains("the log was shown otherwise to others"),
        "{}",
        run.err
    );
    compare(&["one", "other", "--key", &key]).assert_refused("log-checkpoint", "another log");
    compare(&["one", "two"]).assert_unusable("whose");
    let run = compare(&["evidence.json", "one", "--key", other.verifier()]);
    run.assert_refused("log-other", "another key");
}

/// An exchange that gives these answers, one a connection; what it was asked comes back.
fn exchange(answers: Vec<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serve = move |answer: Vec<u8>| {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        stream.write_all(&answer).unwrap();
        String::from_utf8(head).unwrap()
    };
    let thread = std::thread::spawn(move || answers.into_iter().map(serve).collect());
    (address, thread)
}

fn answer(status: &str, body: &[u8], len: usize) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

#[test]
fn evidence_is_taken_whole_from_an_exchange_or_not_at_all() {
    let stage = Stage::new();
    stage.tool.write("token", "s3cret\n");
    let owner = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(stage.tool.path("token"), owner).unwrap();
    let file = stage.tool.read("evidence.json");
    let missing = br#"{"message":"no such exchange \u001b[31m"}"#;
    let answers = vec![
        answer("200 OK", &file, file.len()),
        answer("200 OK", &file[..file.len() / 2], file.len()),
        answer("404 Not Found", missing, missing.len()),
        answer("401 Unauthorized", b"", 0),
        answer("200 OK", b"{}", 2),
    ];
    let (address, asked) = exchange(answers);
    let name = id(1).to_string();
    let export = |out: &str| {
        let place = [
            "--exchange",
            &address,
            "--token-file",
            "token",
            "--out",
            out,
        ];
        stage
            .tool
            .run(&[&["evidence", "export", &name][..], &place].concat())
    };
    let run = export("one.json");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(stage.tool.read("one.json"), file);
    assert!(
        run.err.contains("next: daxsign evidence verify one.json"),
        "{}",
        run.err
    );
    let made = stage.tool.path("one.json").metadata().unwrap();
    assert_eq!(made.permissions().mode() & 0o777, 0o600, "it may hold PINs");
    export("cut.json").assert_unusable("cut off");
    let run = export("missing.json");
    run.assert_refused("not-on-record", "404");
    assert!(
        run.err
            .contains("answers 404: no such exchange \\u{1b}[31m"),
        "{}",
        run.err
    );
    export("token.json").assert_refused("wrong-token", "401");
    export("form.json").assert_refused("evidence-form", "no evidence");
    // Where nothing is to be made nobody is asked.
    export("one.json").assert_unusable("it is there");
    let asked = asked.join().unwrap();
    let first = asked[0].to_ascii_lowercase();
    assert!(
        first.starts_with(&format!("get /v1/evidence/{name} http/1.1\r\n")),
        "{first}"
    );
    assert!(
        first.contains("\r\nauthorization: bearer s3cret\r\n"),
        "{first}"
    );
    let mut left: Vec<_> = std::fs::read_dir(stage.tool.root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["evidence.json", "one.json", "token"]);

    let run = stage
        .tool
        .run(&["evidence", "export", &name, "--exchange", "192.0.2.1:8444"]);
    run.assert_unusable("not this machine");
    assert!(run.err.contains("on this machine alone"), "{}", run.err);
    stage
        .tool
        .run(&["evidence", "export", &name])
        .assert_unusable("no token");
    stage
        .tool
        .run(&["evidence", "export", "no-id", "--token-file", "token"])
        .assert_unusable("no id");
    let run = stage.tool.run(&[
        "evidence",
        "export",
        &name,
        "--exchange",
        "127.0.0.1:1",
        "--token-file",
        "token",
    ]);
    run.assert_unusable("nobody there");
    assert!(
        run.err
            .contains("does it run, and is this its management port?"),
        "{}",
        run.err
    );
}

/// The exchange gives checkpoint and proof, where it is asked.
#[test]
fn the_exchange_shows_that_its_log_went_on() {
    let mut stage = Stage::new();
    stage.tool.write("token", "s3cret\n");
    let early = stage.store.size().unwrap();
    let accept = Operation::Accept(Box::new(stage.world.accept(id(3), &stage.world.request())));
    stage.store.commit(&[accept]).unwrap()[0].unwrap();
    let late = stage.store.size().unwrap();
    let note = stage.store.checkpoint(at(61)).unwrap();
    let proof = lines(&stage.store.consistency(late, early).unwrap());
    let answers = vec![
        answer("200 OK", &note, note.len()),
        answer("200 OK", proof.as_bytes(), proof.len()),
    ];
    let (address, asked) = exchange(answers);
    let run = stage.tool.run(&[
        "evidence",
        "compare",
        "evidence.json",
        "--exchange",
        &address,
        "--token-file",
        "token",
        "--json",
    ]);
    let json: Value = serde_json::from_slice(&run.success()).unwrap();
    assert_eq!(
        (&json["continued"], &json["later"]),
        (&Value::Bool(true), &late.into())
    );
    let asked = asked.join().unwrap();
    assert!(
        asked[0].starts_with("GET /v1/log/checkpoint HTTP/1.1\r\n"),
        "{asked:?}"
    );
    let consistency = format!("GET /v1/log/consistency?earlier={early}&later={late} HTTP/1.1\r\n");
    assert!(asked[1].starts_with(&consistency), "{asked:?}");
}

/// What the tool is answered at a sandbox's door by commands.
fn asked(sandbox: &Sandbox, commands: &str) -> Value {
    let output = sandbox.shell(commands).output().unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problem}\n{}", sandbox.said());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The thumbprint of a certificate in a file, as the tool shows it.
fn thumbprint_of(tool: &Tool, file: &Value) -> String {
    let shown = tool
        .run(&["key", "--json", file.as_str().unwrap()])
        .success();
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    shown["thumbprint_sha256"].as_str().unwrap().to_owned()
}

/// Checks evidence where there is nothing but the certificates, as their owners gave them.
fn check_elsewhere(evidence: Vec<u8>, name: &str, details: &Value) {
    let elsewhere = Tool::default();
    elsewhere.write("evidence.json", evidence);
    let text = |place: &str| details.pointer(place).unwrap().as_str().unwrap();
    let pin = |who: &str, file: &str| {
        let thumbprint = thumbprint_of(&elsewhere, details.pointer(file).unwrap());
        format!("--pin={who}={thumbprint}")
    };
    let party = |who: &str| {
        let part = |name: &str| text(&format!("/{who}/{name}"));
        format!("{}/{}", part("partner"), part("instance"))
    };
    let (client, target) = (party("client"), party("target"));
    let pins = [
        pin("exchange", "/exchangeCertificate"),
        pin(&client, "/client/certificate"),
        pin(&target, "/target/certificate"),
    ];
    let verify = |pins: &[String]| {
        let pins = pins.iter().map(String::as_str);
        let arguments = ["evidence", "verify", "evidence.json"];
        let arguments: Vec<&str> = arguments.into_iter().chain(pins).collect();
        elsewhere.run(&arguments)
    };
    let said = unwrapped(&verify(&pins));
    for sentence in [
        format!("The evidence of exchange {name} holds"),
        format!("proved          {client} signed GET /api/v2.0/partners/"),
        format!("proved          the exchange signed this request for {target}"),
        format!("proved          {target} signed ANSWER /api/v2.0/partners/"),
        "proved          the exchange signed this answer, with the body as it came,".into(),
        format!("it took a request from {client} to {target} in, under contract"),
    ] {
        assert!(said.contains(&sentence), "{sentence:?} is not in:\n{said}");
    }
    assert!(!said.contains("not pinned"), "{said}");
    let wrong = pin(&client, "/target/certificate");
    verify(&[wrong]).assert_refused("evidence-pin", "another's");
}

/// A whole way: an exchange that runs, a request that went through it, its evidence, and who checks that elsewhere.
#[test]
fn evidence_of_a_running_exchange_is_checked_elsewhere_with_pins_alone() {
    let sandbox = Sandbox::start(&[]);
    let commands = sandbox.commands();
    let listing = commands.split_inclusive("daxsign cardowners list\n").next();
    let listed = asked(&sandbox, listing.unwrap());
    let name = listed["correlation_id"].as_str().unwrap();
    let details = std::fs::read(sandbox.folder().join("sandbox.json")).unwrap();
    let details: Value = serde_json::from_slice(&details).unwrap();
    let (_, address) = details["management"]
        .as_str()
        .and_then(|url| url.split_once("://"))
        .unwrap();
    let token = details["managementToken"].as_str().unwrap();
    let place = ["--exchange", address, "--token-file", token];
    let operator = Tool::default();
    let export = |id: &str, out: &str| {
        let what = ["evidence", "export", id, "--out", out];
        operator.run(&[&what[..], &place].concat())
    };
    let run = export(name, "evidence.json");
    assert_eq!(run.code, 0, "{}\n{}", run.err, sandbox.said());
    export(&id(9).to_string(), "none.json").assert_refused("not-on-record", "nobody's");
    check_elsewhere(operator.read("evidence.json"), name, &details);

    // The log goes on, and shows it.
    let again = format!(
        ". {}/env.sh\ndaxsign cardowners list",
        sandbox.folder().display()
    );
    let more = asked(&sandbox, &again);
    assert_ne!(more["correlation_id"], name);
    let compare = ["evidence", "compare", "evidence.json", "--json"];
    let compared = operator.run(&[&compare[..], &place].concat()).success();
    let compared: Value = serde_json::from_slice(&compared).unwrap();
    let size = |name: &str| compared[name].as_u64().unwrap();
    assert!(compared["continued"] == true && size("later") > size("earlier"));
    let _ = sandbox.end();
}

/// The demo of the exchange writes evidence, and prints the command that checks it.
#[test]
fn the_demos_evidence_verifies_with_the_pins_that_it_prints() {
    let tool = Tool::default();
    let file = tool.path("demo.json");
    let mut story = Vec::new();
    let wanted = Wanted {
        evidence: Some(file.clone()),
    };
    let began = Instant::now();
    // It goes on: two requests with one date would be a replay.
    let clock: Clock = Arc::new(move || {
        let since = began.elapsed();
        let seconds = 1_800_000_000 + i64::try_from(since.as_secs()).unwrap();
        Timestamp::from_unix(seconds, since.subsec_nanos()).unwrap()
    });
    demo::run(&mut story, &wanted, &clock).unwrap();
    let story = String::from_utf8(story).unwrap();
    let (_, command) = story.split_once("  daxsign evidence verify ").unwrap();
    let (command, _) = command.split_once("\n\n").unwrap();
    let arguments: Vec<&str> = command
        .split([' ', '\\', '\n'])
        .filter(|word| !word.is_empty())
        .collect();
    assert_eq!((arguments.len(), arguments[0]), (7, file.to_str().unwrap()));
    let run = tool.run(&[&["evidence", "verify"], &arguments[..]].concat());
    let said = unwrapped(&run);
    assert!(!said.contains("not pinned"), "{said}");
    assert_eq!(said.matches("proved          ").count(), 8, "{said}");
    assert!(
        said.contains("OperationClause/Operation/open_card_owner_door"),
        "{said}"
    );
    // Without one of them nobody is named; with another one's it is refused.
    let anonymous = tool.run(&["evidence", "verify", "demo.json"]);
    assert!(unwrapped(&anonymous).contains("not pinned"));
    let wrong = arguments[2].replace("exchange=", "exchange=00:");
    assert_ne!(wrong, arguments[2]);
    tool.run(&["evidence", "verify", "demo.json", "--pin", &wrong])
        .assert_unusable("no thumbprint");
    let other = arguments[4].split_once('=').unwrap().1;
    let run = tool.run(&[
        "evidence",
        "verify",
        "demo.json",
        "--pin",
        &format!("exchange={other}"),
    ]);
    run.assert_refused("evidence-pin", "another's");
}

/// What evidence is refused with stands on the tool's page, and nothing else does.
#[test]
fn the_page_has_the_names() {
    let text = |path: &str| {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        std::fs::read_to_string(project.join(path)).unwrap()
    };
    let page = text("docs/tool.md");
    let (_, section) = page.split_once("| refused with | when |").unwrap();
    let (table, _) = section.split_once("\n\n").unwrap();
    let cells = table.lines().filter_map(|row| row.strip_prefix("| `"));
    let on_page: BTreeSet<&str> = cells
        .flat_map(|row| {
            row.split(" |")
                .next()
                .unwrap()
                .trim_end_matches('`')
                .split("` · `")
        })
        .collect();
    let sources = [
        "exchange/src/record/evidence/problem.rs",
        "exchange/src/record/evidence/compare.rs",
        "cli/src/evidence/compare.rs",
        "cli/src/evidence/exchange.rs",
    ]
    .map(text);
    let is_name = |word: &&str| {
        let lower = word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        lower && word.contains('-')
    };
    let in_sources: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2))
        .filter(is_name)
        .collect();
    assert_eq!(on_page, in_sources);
    assert_eq!(on_page.len(), 20);
}
