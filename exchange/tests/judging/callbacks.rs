//! Callbacks (X-CALLBACK): registered, delivered to a receiver that is not ours, and what is tried with them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_exchange::receiving::{CallbackArrival, CallbackInbox, HttpRequest, NotTaken};
use daxsign_exchange::record::{Asked, OpenDelivery, SqliteStore, Store as _};
use daxsign_exchange::{CorrelationId, Party};
use serde_json::{Value, json};

use crate::made::*;
use crate::receiver::{Got, HOST, Receiver};

const TOKEN: &str = "bearer-token-that-nobody-may-find";
const KEY: &str = "api-key-that-nobody-may-find";
const LOOPBACK: &[&str] = &["127.0.0.0/8"];

fn world(receiver: &Receiver, allowed: &[&str]) -> World {
    World {
        callbacks: Some(receiver.settings(allowed)),
        ..World::new()
    }
}

fn ask(run: &Run<'_>, party: Party, (method, target): (&'static str, &str), body: &Value) -> Ask {
    Ask {
        method,
        target: target.to_owned(),
        body: body.to_string(),
        token: party,
        key: party,
        ..run.good()
    }
}

fn callback(url: &str) -> Value {
    json!({
        "domain": "Delivery", "eventType": "Created", "callbackUrl": url, "bearerToken": TOKEN,
        "headers": {"X-Api-Key": KEY},
    })
}

fn register(run: &Run<'_>, party: Party, callbacks: &Value) -> Heard {
    let body = json!({"callbacks": callbacks});
    run.hear(&ask(run, party, ("POST", "/api/v2.0/callbacks"), &body))
}

fn registered(run: &Run<'_>, url: &str) -> String {
    let heard = register(run, a(), &json!([callback(url)]));
    assert_eq!(heard.summary(), (201, "", true), "{}", heard.body);
    let id = &heard.body["data"]["callbacks"][0]["callbackId"];
    id.as_str().unwrap().to_owned()
}

/// B tells it. `number` makes the message another one.
fn tell(run: &Run<'_>, number: u32) -> (Heard, String) {
    let body = json!({"domain": "Delivery", "eventType": "Created", "data": {"parcel": number}});
    let ask = ask(run, b(), ("POST", "/exchange/v1/events"), &body);
    (run.hear(&ask), ask.body)
}

fn told(run: &Run<'_>, number: u32) -> String {
    let (heard, body) = tell(run, number);
    assert_eq!(heard.summary(), (200, "", true), "{}", heard.body);
    body
}

fn open(run: &Run<'_>) -> Vec<OpenDelivery> {
    let open = run
        .running
        .ask(|store| store.open_deliveries(0, 100).unwrap());
    open.unwrap()
}

fn settled(run: &Run<'_>) {
    becomes(|| open(run).is_empty());
}

/// The attempts that are on record as done with, of the only one that is open.
fn waits_after(run: &Run<'_>, attempts: u32) {
    becomes(|| {
        let open = open(run);
        open.len() == 1 && open[0].attempts == attempts && !open[0].under_way
    });
}

fn id_of(got: &Got) -> CorrelationId {
    got.field("X-Correlation-Id").parse().unwrap()
}

/// With OpenSSL, over a string that is put together here.
fn holds(got: &Got) -> bool {
    const LIST: [&str; 8] = [
        "x-correlation-id",
        "x-dax-sender",
        "x-dax-receiver",
        "x-dax-contract",
        "x-dax-deadline",
        "content-type",
        "content-length",
        "date",
    ];
    let mut string = format!("(request-target): callback {}\n", got.target);
    for name in LIST {
        string.extend([name, ": ", got.field(name), "\n"]);
    }
    let string = [string.as_bytes(), &got.body].concat();
    let field = got.field("Signature");
    let list = format!("headers=\"(request-target) {}\"", LIST.join(" "));
    assert!(field.contains(&list), "{field}");
    let (_, signature) = field.split_once("signature=\"").unwrap();
    let signature = BASE64_STANDARD
        .decode(signature.trim_end_matches('"'))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let verified = Command::new("openssl")
        .args(["dgst", "-sha256", "-verify"])
        .arg(file("key.pem", &exchange_public_key()))
        .arg("-signature")
        .arg(file("signature", &signature))
        .arg(file("string", &string))
        .output()
        .unwrap();
    verified.status.success()
}

/// As who receives it in Rust takes it.
fn received(got: &Got) -> Result<(), NotTaken> {
    let mut inbox = CallbackInbox::new(a(), vec![exchange_key().public_key().clone()], 10);
    let fields = got.fields.iter();
    let fields: Vec<(&str, &[u8])> = fields
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let request = HttpRequest {
        method: &got.method,
        target: &got.target,
        fields: &fields,
        body: &got.body,
    };
    let arrival = inbox.take(&request, at(0))?;
    assert!(matches!(arrival, CallbackArrival::First(_)));
    Ok(())
}

/// Whether the bytes stand in any file of a folder.
fn lies_in(folder: &Path, what: &str) -> bool {
    let mut files = 0;
    let found = fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        files += 1;
        bytes
            .windows(what.len())
            .any(|window| window == what.as_bytes())
    });
    assert!(found || files >= 4, "{files} files");
    found
}

#[test]
fn a_callback_comes_signed_with_its_token_and_its_fields() {
    let mut receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("*")]);
    registered(&run, &receiver.url("/hook?for=A"));
    receiver.order("204");
    let body = told(&run, 1);
    let got = receiver.next();
    assert_eq!(
        (got.method.as_str(), got.target.as_str()),
        ("POST", "/hook?for=A")
    );
    assert_eq!(got.body, body.as_bytes());
    assert_eq!(got.field("Authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(got.field("X-Api-Key"), KEY);
    assert_eq!(got.field("Host"), format!("{HOST}:{}", receiver.port));
    assert_eq!(got.field("X-Dax-Sender"), b().to_string());
    assert_eq!(got.field("X-Dax-Receiver"), a().to_string());
    assert_eq!(got.field("X-Dax-Contract"), contract().to_string());
    assert!(holds(&got));
    assert_eq!(received(&got), Ok(()));
    let mut other = got.clone();
    other.target = "/hook".to_owned();
    assert!(!holds(&other));
    settled(&run);
    let evidence = run.evidence(id_of(&got));
    for said in [
        format!("took in what {} tells {} by a callback", b(), a()),
        format!("signed this callback for {}", a()),
        "with the body as it came".to_owned(),
        format!(
            "delivered the callback from {} to {}; its note: its receiver answered 204",
            b(),
            a()
        ),
    ] {
        assert!(evidence.contains(&said), "{said}: {evidence}");
    }
    assert!(!evidence.contains(TOKEN) && !evidence.contains(KEY));
    run.end();
}

#[test]
fn the_token_lies_nowhere_in_the_folder_and_goes_with_its_callback() {
    let mut receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("*")]);
    let id = registered(&run, &receiver.url("/path-that-nobody-may-find"));
    receiver.order("200");
    told(&run, 1);
    receiver.next();
    settled(&run);
    for secret in [TOKEN, KEY, "path-that-nobody-may-find"] {
        assert!(!lies_in(world.folder.path(), secret), "{secret}");
        // It is found as it is searched for.
        let base64 = BASE64_STANDARD.encode(&secret[..30.min(secret.len() / 3 * 3)]);
        assert!(!lies_in(world.folder.path(), &base64), "{secret}");
    }
    assert!(lies_in(world.folder.path(), "CREATE TABLE callback"));
    // What it was registered by cannot be read any more once it is removed.
    let remove = ask(
        &run,
        a(),
        ("DELETE", &format!("/api/v2.0/callbacks/{id}")),
        &json!({}),
    );
    assert_eq!(run.hear(&remove).summary(), (200, "", true));
    let erased = || {
        run.running
            .ask(|store| store.fsck().unwrap().erased)
            .unwrap()
    };
    becomes(|| erased() == 1);
    told(&run, 2);
    assert!(open(&run).is_empty() && receiver.got_nothing());
    run.end();
}

#[test]
fn erasing_what_a_callback_was_registered_by_erases_it() {
    let receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("*")]);
    let heard = register(&run, a(), &json!([callback(&receiver.url("/"))]));
    let id = heard.id;
    assert_eq!(
        run.running.ask(move |store| store.erase(id).unwrap()),
        Some(true)
    );
    let list = ask(&run, a(), ("GET", "/api/v2.0/callbacks"), &json!({}));
    assert_eq!(run.hear(&list).body["data"]["callbacks"], json!([]));
    told(&run, 1);
    assert!(open(&run).is_empty());
    run.end();
}

#[test]
fn callbacks_are_listed_changed_and_removed_by_their_owner_alone() {
    let receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("*")]);
    let id = registered(&run, "https://callbacks.example/a");
    let target = format!("/api/v2.0/callbacks/{id}");
    let listed = |party| {
        let list = ask(
            &run,
            party,
            ("GET", "/api/v2.0/callbacks?limit=50"),
            &json!({}),
        );
        let heard = run.hear(&list);
        assert_eq!(heard.summary(), (200, "", true));
        heard.body["data"]["callbacks"].clone()
    };
    let item = json!({
        "callbackId": id, "domain": "Delivery", "eventType": "Created", "callbackUrl": "https://callbacks.example/a",
        "bearerToken": null, "headers": {"X-Api-Key": null},
    });
    assert_eq!(listed(a()), json!([item]));
    assert_eq!(listed(c()), json!([]));
    let change = |party, item: &Value| {
        let body = json!({"callbacks": [item]});
        run.hear(&ask(&run, party, ("PUT", "/api/v2.0/callbacks"), &body))
    };
    let mut other = item.clone();
    other["callbackUrl"] = json!("https://callbacks.example/b");
    assert_eq!(change(c(), &other).summary(), (404, "not-found", true));
    let remove = ask(&run, c(), ("DELETE", &target), &json!({}));
    assert_eq!(run.hear(&remove).summary(), (404, "not-found", true));
    let heard = change(a(), &other);
    assert_eq!(
        heard.body["data"]["callbacks"],
        json!([other]),
        "{}",
        heard.body
    );
    // What is never given back is kept.
    let kept = run
        .running
        .ask(|store| store.callbacks_of(a()).unwrap())
        .unwrap();
    assert!(String::from_utf8_lossy(&kept[0].bytes).contains(TOKEN));
    run.pass(1);
    let remove = ask(&run, a(), ("DELETE", &target), &json!({"context": "x"}));
    assert_eq!(run.hear(&remove).summary(), (200, "", true));
    assert_eq!(run.hear(&remove).summary(), (409, "replayed", true));
    run.pass(1);
    assert_eq!(listed(a()), json!([]));
    run.end();
}

#[test]
fn what_stands_in_the_way_of_a_signature_is_not_registered() {
    let receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("*")]);
    let mut tried = 0;
    for (name, value) in [
        ("callbackUrl", json!("http://callbacks.example/")),
        ("callbackUrl", json!("https://user@callbacks.example/")),
        (
            "callbackUrl",
            json!("https://callbacks.example/\r\nX-Dax-Receiver: x"),
        ),
        ("bearerToken", json!("a\r\nX-Dax-Receiver: x")),
        ("headers", json!({"X-Dax-Receiver": "x"})),
        ("headers", json!({"Signature": "x"})),
        ("headers", json!({"X-Correlation-Id": "x"})),
        ("headers", json!({"Date": "x"})),
        ("headers", json!({"Host": "x"})),
        ("headers", json!({"content-length": "0"})),
        ("headers", json!({"Transfer-Encoding": "chunked"})),
        ("headers", json!({"Connection": "X-Dax-Receiver"})),
        ("headers", json!({"Authorization": "Basic x"})),
        ("headers", json!({"X-A": "1\r\nX-Dax-Receiver: x"})),
        ("headers", json!({"X-A\r\nX-Dax-Receiver": "x"})),
        ("headers", json!({"X-A: 1\nHost": "x"})),
    ] {
        let mut item = callback("https://callbacks.example/");
        item[name] = value.clone();
        let heard = register(&run, a(), &json!([item]));
        assert_eq!(
            heard.summary(),
            (400, "invalid-request", true),
            "{name}: {value}"
        );
        assert!(!heard.body.to_string().contains(TOKEN));
        tried += 1;
    }
    assert_eq!(tried, 16);
    assert_eq!(register(&run, a(), &json!([])).status, 400);
    let many: Vec<Value> = (0..51)
        .map(|_| callback("https://callbacks.example/"))
        .collect();
    assert_eq!(register(&run, a(), &json!(many)).status, 400);
    assert_eq!(
        run.running
            .ask(|store| store.callbacks_of(a()).unwrap().len()),
        Some(0)
    );
    run.end();
}

#[test]
fn a_redirect_is_not_followed_and_it_comes_again_under_its_id() {
    let mut receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("*")]);
    registered(&run, &receiver.url("/hook"));
    receiver.order(&format!("302 {}", receiver.url("/elsewhere")));
    told(&run, 1);
    let first = receiver.next();
    waits_after(&run, 1);
    assert!(receiver.got_nothing());
    receiver.order("200");
    run.pass(12);
    let second = receiver.next();
    assert_eq!(second.target, "/hook");
    assert_eq!(id_of(&first), id_of(&second));
    assert_eq!(
        first.field("X-Dax-Deadline"),
        second.field("X-Dax-Deadline")
    );
    assert_ne!(first.field("Date"), second.field("Date"));
    assert!(holds(&second));
    settled(&run);
    run.end();
}

#[test]
fn private_addresses_are_not_called_whatever_the_name_stands_for() {
    let receiver = Receiver::start();
    let world = world(&receiver, &["127.9.9.9"]);
    let run = world.agreed(vec![allowing("*")]);
    registered(&run, &receiver.url("/hook"));
    let mut resolved = 0;
    for addresses in [
        vec!["127.0.0.1"],
        vec!["::1"],
        vec!["::ffff:127.0.0.1"],
        vec!["169.254.169.254"],
        vec!["10.0.0.1"],
        vec!["100.64.0.1"],
        // Both: which one is connected to would be by chance.
        vec!["127.9.9.9", "127.0.0.1"],
        vec!["127.0.0.1", "127.9.9.9"],
    ] {
        let all = addresses.iter().map(|address| address.parse().unwrap());
        *receiver.addresses.lock().unwrap() = all.collect();
        told(&run, resolved);
        resolved += 1;
        becomes(|| {
            let open = open(&run);
            let tried = open
                .iter()
                .filter(|one| one.attempts == 1 && !one.under_way);
            tried.count() == usize::try_from(resolved).unwrap()
        });
    }
    assert_eq!(resolved, 8);
    // Each was resolved once, and nothing was connected to.
    assert_eq!(receiver.resolved.load(Ordering::SeqCst), 8);
    assert!(receiver.got_nothing());
    let id = open(&run)[0].correlation;
    run.pass(28 * 3600);
    settled(&run);
    let evidence = run.evidence(id);
    assert!(
        evidence.contains("not called: the address is loopback"),
        "{evidence}"
    );
    assert!(receiver.got_nothing());
    run.end();
}

#[test]
fn a_receiver_whose_certificate_is_anothers_gets_nothing() {
    let receiver = Receiver::start();
    let world = World {
        callbacks: Some(daxsign_exchange::calling::CallbackSettings {
            roots: daxsign_client::Roots::Only(root_pem()),
            ..receiver.settings(LOOPBACK)
        }),
        ..World::new()
    };
    let run = world.agreed(vec![allowing("*")]);
    registered(&run, &receiver.url("/hook"));
    told(&run, 1);
    waits_after(&run, 1);
    assert!(receiver.got_nothing());
    run.end();
}

#[test]
fn it_is_tried_further_and_further_apart_and_then_given_up() {
    let mut receiver = Receiver::start();
    let world = World {
        deduplicates: true,
        ..world(&receiver, LOOPBACK)
    };
    let run = world.agreed(vec![allowing("*")]);
    registered(&run, &receiver.url("/hook"));
    let orders = [
        "503", "404", "500", "cut", "429", "301", "503", "long", "503", "503",
    ];
    let mut ids = Vec::new();
    told(&run, 1);
    for (attempt, (order, wait)) in (1..).zip(
        orders
            .iter()
            .zip([15, 55, 300, 700, 3000, 8000, 12_000, 24_000, 48_000, 0]),
    ) {
        receiver.order(order);
        ids.push(id_of(&receiver.next()));
        if attempt < 10 {
            becomes(|| {
                open(&run)
                    .first()
                    .is_some_and(|one| one.attempts == attempt)
            });
            becomes(|| {
                run.callbacks
                    .as_ref()
                    .unwrap()
                    .attempts()
                    .iter()
                    .map(|(_, n)| n)
                    .sum::<u64>()
                    == u64::from(attempt)
            });
        }
        run.pass(wait);
    }
    settled(&run);
    assert!(
        ids.iter().all(|id| *id == ids[0]) && ids.len() == 10,
        "{ids:?}"
    );
    run.pass(100_000);
    let evidence = run.evidence(ids[0]);
    assert!(
        evidence
            .contains("expired; its note: given up after 10 attempts: its receiver answered 503"),
        "{evidence}"
    );
    assert_eq!(evidence.matches("signed this callback for").count(), 10);
    assert!(receiver.got_nothing());
    run.end();
}

#[test]
fn what_may_have_arrived_goes_again_to_who_deduplicates_and_to_nobody_else() {
    for deduplicates in [false, true] {
        let mut receiver = Receiver::start();
        let world = World {
            deduplicates,
            ..world(&receiver, LOOPBACK)
        };
        let run = world.agreed(vec![allowing("*")]);
        registered(&run, &receiver.url("/hook"));
        receiver.order("cut");
        receiver.order("200");
        told(&run, 1);
        let id = id_of(&receiver.next());
        if deduplicates {
            becomes(|| open(&run).first().is_some_and(|one| one.attempts == 1));
            becomes(|| run.callbacks.as_ref().unwrap().attempts()[2].1 == 1);
            run.pass(12);
            assert_eq!(id_of(&receiver.next()), id);
        }
        settled(&run);
        let evidence = run.evidence(id);
        let unknown = evidence.contains("must not go twice");
        assert_eq!(unknown, !deduplicates, "{evidence}");
        run.pass(100_000);
        assert!(receiver.got_nothing());
        run.end();
    }
}

#[test]
fn a_restart_loses_none_and_doubles_none() {
    let mut receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("*")]);
    registered(&run, &receiver.url("/hook"));
    receiver.order("503");
    told(&run, 1);
    let id = id_of(&receiver.next());
    waits_after(&run, 1);
    run.end();
    // Between two attempts: the next one comes when it is due, and not before.
    let run = world.start();
    becomes(|| run.callbacks.as_ref().unwrap().open() == 1);
    assert!(receiver.got_nothing());
    receiver.order("200");
    run.pass(12);
    assert_eq!(id_of(&receiver.next()), id);
    settled(&run);
    run.end();
    let run = world.start();
    run.pass(100_000);
    assert!(receiver.got_nothing());
    run.end();
}

/// As a process leaves it that ends in the middle of an attempt: it is on record that it began.
#[test]
fn an_attempt_that_a_crash_ended_is_repeated_only_where_that_is_allowed() {
    for deduplicates in [false, true] {
        let mut receiver = Receiver::start();
        let refused = World {
            deduplicates,
            ..world(&receiver, &[])
        };
        let run = refused.agreed(vec![allowing("*")]);
        registered(&run, &receiver.url("/hook"));
        told(&run, 1);
        waits_after(&run, 1);
        let id = open(&run)[0].correlation;
        let (now, soon) = (refused.now(), at(11));
        run.end();
        let mut store = refused.store();
        store.begin_callback(id, now).unwrap().unwrap();
        drop(store);
        let world = World {
            callbacks: Some(receiver.settings(LOOPBACK)),
            ..refused
        };
        let run = world.start();
        receiver.order("200");
        run.pass(70);
        assert!(world.now() > soon);
        if deduplicates {
            assert_eq!(id_of(&receiver.next()), id);
        }
        settled(&run);
        assert_eq!(
            run.evidence(id).contains("must not go twice"),
            !deduplicates
        );
        run.pass(100_000);
        assert!(receiver.got_nothing());
        run.end();
    }
}

#[test]
fn nobody_is_told_who_has_no_contract_that_lets_them() {
    let receiver = Receiver::start();
    let world = world(&receiver, LOOPBACK);
    let run = world.agreed(vec![allowing("cards.read")]);
    registered(&run, &receiver.url("/a"));
    let heard = register(&run, c(), &json!([callback(&receiver.url("/c"))]));
    assert_eq!(heard.status, 201);
    // A has a contract with B that does not allow it, C has none; and A is nobody who promised C or B anything.
    told(&run, 1);
    let body = json!({"domain": "Delivery", "eventType": "Created"});
    let by_a = run.hear(&ask(&run, a(), ("POST", "/exchange/v1/events"), &body));
    assert_eq!(by_a.summary(), (200, "", true));
    assert!(open(&run).is_empty() && receiver.got_nothing());
    run.end();
}

#[test]
fn only_who_is_meant_is_told_of_what_they_registered_for() {
    let receiver = Receiver::start();
    let world = world(&receiver, &[]);
    let run = world.agreed(vec![allowing("callbacks.read")]);
    registered(&run, &receiver.url("/a"));
    let mut told = 0;
    for (body, count) in [
        (json!({"domain": "Delivery", "eventType": "Pickup"}), 0),
        (json!({"domain": "Other", "eventType": "Created"}), 0),
        (
            json!({"domain": "Delivery", "eventType": "Created", "to": {"partnerId": c().partner.to_string()}}),
            0,
        ),
        (
            json!({"domain": "Delivery", "eventType": "Created", "to": {"partnerId": a().partner.to_string()}}),
            1,
        ),
        (
            json!({"domain": "Delivery", "eventType": "Created",
                "to": {"partnerId": a().partner.to_string(), "instanceId": c().instance.to_string()}}),
            0,
        ),
        (
            json!({"domain": "Delivery", "eventType": "Created", "data": [1], "to": null}),
            1,
        ),
    ] {
        let heard = run.hear(&ask(&run, b(), ("POST", "/exchange/v1/events"), &body));
        assert_eq!(heard.summary(), (200, "", true), "{body}");
        told += count;
        assert_eq!(open(&run).len(), told, "{body}");
    }
    for body in [
        json!({}),
        json!([]),
        json!({"domain": "Delivery"}),
        json!({"domain": "", "eventType": "Created"}),
        json!({"domain": "Delivery", "eventType": 1}),
        json!({"domain": "Delivery", "eventType": "Created", "more": 1}),
        json!({"domain": "Delivery", "eventType": "Created", "to": "A"}),
        json!({"domain": "Delivery", "eventType": "Created", "data": "a".repeat(65_536)}),
    ] {
        let heard = run.hear(&ask(&run, b(), ("POST", "/exchange/v1/events"), &body));
        assert_eq!(heard.summary(), (400, "invalid-request", true));
    }
    run.end();
}

#[test]
fn a_record_of_before_callbacks_is_brought_up() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    run.end();
    let script = "DROP TABLE fan_key; DROP TABLE fan_child; DROP TABLE fan; DROP TABLE delivery; DROP TABLE callback_left; DROP TABLE callback; PRAGMA user_version = 1;";
    let file = world
        .folder
        .path()
        .join(daxsign_exchange::record::RECORD_FILE);
    let sqlite = Command::new("python3")
        .args([
            "-c",
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])",
        ])
        .arg(&file)
        .arg(script)
        .status();
    assert!(sqlite.unwrap().success());
    let store: SqliteStore = world.store();
    assert_eq!(store.open_deliveries(0, 1).unwrap(), []);
    assert_eq!(store.callbacks_of(a()).unwrap().len(), 0);
    let none = Asked::Correlation(CorrelationId::from_bytes([1; 16]));
    assert_eq!(store.fan(a().instance, none).unwrap(), None);
    assert!(store.fsck().unwrap().is_sound());
}
