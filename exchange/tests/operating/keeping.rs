//! Backup while running, restore, and keys that are lost.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use daxsign_exchange::faults::Board;
use daxsign_exchange::operating::{Sandboxed, Serving, Settings};
use daxsign_exchange::registry::Clause;
use daxsign_exchange::running::MovableClock;

use crate::caller::{Ask, Caller, field};
use crate::made::{Exchange, PATIENCE, done, now, refused, run, shown, text};

/// With a certificate, so that the log has a message.
fn with_a_certificate(exchange: &Exchange, name: &str, key: &str) {
    let party = exchange.instance(name);
    let file = exchange.certificate(&party, key);
    exchange.ask(&["certificate", "add", &party, shown(&file)]);
}

/// A folder on another machine, to which its operator brought the secrets.
fn elsewhere(exchange: &Exchange, name: &str) -> PathBuf {
    let folder = exchange.place.path().join(name);
    std::fs::create_dir(&folder).expect("made");
    for name in [
        "exchange.key",
        "log.key",
        "token.key",
        "management.token",
        "tls.key",
    ] {
        std::fs::copy(exchange.folder.join(name), folder.join(name)).expect("copied");
    }
    folder
}

/// A backup of it, and of its keys apart.
fn backed_up(exchange: &Exchange) -> (PathBuf, PathBuf) {
    let [backup, keys] = ["backup", "keys"].map(|name| exchange.place.path().join(name));
    done(&[
        "backup",
        exchange.path(),
        shown(&backup),
        "--keys",
        shown(&keys),
    ]);
    (backup, keys)
}

#[test]
fn a_backup_of_a_running_exchange_comes_back_with_its_keys_or_without() {
    let exchange = Exchange::new();
    let served = exchange.serve();
    with_a_certificate(&exchange, "Alpha", "rsa2048");
    let (backup, keys) = backed_up(&exchange);
    // Not in the backup.
    with_a_certificate(&exchange, "Beta", "rsa3072");
    let checkpoint = exchange.ask(&["checkpoint"]);
    assert!(
        checkpoint.starts_with("localhost/record\n3\n"),
        "{checkpoint}"
    );
    served.end();
    let is_secret = |name: &str| {
        [".key", ".token", "keys"]
            .iter()
            .any(|part| name.contains(part))
    };
    for entry in std::fs::read_dir(&backup).expect("a backup") {
        let name = entry
            .expect("a file")
            .file_name()
            .into_string()
            .expect("UTF-8");
        assert!(!is_secret(&name), "{name}");
    }

    let folder = exchange.place.path().join("empty");
    std::fs::create_dir(&folder).expect("made");
    let told = refused(&["restore", shown(&backup), shown(&folder)], 2);
    assert!(
        told.contains("no backup has the exchange's secrets"),
        "{told}"
    );

    let whole = elsewhere(&exchange, "whole");
    let told = done(&[
        "restore",
        shown(&backup),
        shown(&whole),
        "--keys",
        shown(&keys),
    ]);
    assert!(
        told.contains(": 2 leaves\nevery message has its key"),
        "{told}"
    );
    let told = done(&["fsck", shown(&whole)]);
    assert!(
        told.starts_with("leaves hashed: 2; messages decrypted: 1, erased: 0;"),
        "{told}"
    );
    let told = refused(&["restore", shown(&backup), shown(&whole)], 2);
    assert!(told.contains("never overwritten"), "{told}");

    let bereft = elsewhere(&exchange, "bereft");
    let told = done(&["restore", shown(&backup), shown(&bereft)]);
    assert!(
        told.contains(
            "lost: what was said in 1 exchanges, certificates and contracts, the earliest at leaf 1"
        ),
        "{told}"
    );
    let told = done(&["fsck", shown(&bereft)]);
    assert!(
        told.starts_with("leaves hashed: 2; messages decrypted: 0, erased: 1;"),
        "{told}"
    );

    let list = backup.join("backup.json");
    let file = backup.join("registry.db");
    let mut bytes = std::fs::read(&file).expect("read");
    *bytes.last_mut().expect("not empty") ^= 1;
    std::fs::write(&file, bytes).expect("written");
    let again = elsewhere(&exchange, "again");
    let told = refused(&["restore", shown(&backup), shown(&again)], 2);
    assert!(told.contains("not as it was written"), "{told}");
    std::fs::remove_file(list).expect("removed");
    refused(&["restore", shown(&backup), shown(&again)], 2);
}

/// Asks the management door for a backup by hand; status and answer.
fn asked_for(exchange: &Exchange, to: &str, keys: Option<&str>) -> (String, String) {
    let body = serde_json::json!({ "to": to, "keys": keys }).to_string();
    let (token, length) = (exchange.token(), body.len());
    let answer = exchange.send(
        format!(
            "POST /v1/backup HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .as_bytes(),
    );
    let status = answer.split(' ').nth(1).expect("a status").to_owned();
    (status, answer)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("one").file_name();
    let mut names: Vec<_> = entries
        .map(|one| name(one).into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

const NOT_ABSOLUTE: &str = "is no absolute path";
const THERE: &str = "exists and is never overwritten";
const OWN: &str = "lies in the exchange's own folder";
const NO_FOLDER: &str = "No such file or directory";
/// Where no backup can be, and its keys: `@` is the folder of the test; status and reason.
const NO_PLACES: [(&str, Option<&str>, &str, &str); 10] = [
    ("backup", None, "400", NOT_ABSOLUTE),
    ("@/backup", Some("keys"), "400", NOT_ABSOLUTE),
    ("@/there", None, "409", THERE),
    ("@/backup", Some("@/there"), "409", THERE),
    ("@/no/folder", None, "409", NO_FOLDER),
    ("@/ex/backup", None, "409", OWN),
    ("@/ex/../ex/backup", None, "409", OWN),
    ("@/backup", Some("@/ex/keys"), "409", OWN),
    ("@/backup", Some("@/backup/keys"), "409", NO_FOLDER),
    // Where nobody may make a folder.
    ("/sys/daxsign-backup", None, "403", "/sys/daxsign-backup"),
];

#[test]
fn a_backup_is_written_by_the_exchange_that_runs_and_nothing_is_left_of_one_that_is_not() {
    let exchange = Exchange::new();
    let place = exchange.place.path().to_owned();
    let at = |name: &str| shown(&place.join(name)).to_owned();
    let told = refused(&["backup", exchange.path(), &at("too early")], 2);
    assert!(told.contains("no exchange was served there yet"), "{told}");
    let served = exchange.serve();
    std::fs::write(at("there"), "").expect("written");
    let before = names(&place);
    let filled = |path: &str| path.replace('@', shown(&place));
    for (to, keys, status, told) in NO_PLACES {
        let (to, keys) = (filled(to), keys.map(&filled));
        let (found, answer) = asked_for(&exchange, &to, keys.as_deref());
        assert_eq!(found, status, "{to}: {answer}");
        assert!(answer.contains(told), "{answer}");
    }
    assert_eq!(names(&place), before);
    // Amid it a file cannot be read.
    let list = exchange.folder.join("authority.crl");
    std::fs::create_dir(&list).expect("made");
    let (status, answer) = asked_for(&exchange, &at("backup"), Some(&at("keys")));
    assert_eq!(status, "503", "{answer}");
    assert!(answer.contains("authority.crl"), "{answer}");
    assert_eq!(names(&place), before);
    std::fs::remove_dir(&list).expect("removed");

    // The command asks it; where its process may not write, the command's does, or says that it may not either.
    let told = refused(&["backup", exchange.path(), "/sys/daxsign-backup"], 2);
    assert!(
        told.contains("the exchange's own process may not write there"),
        "{told}"
    );
    let (backup, keys) = backed_up(&exchange);
    served.wait_for("an operator took a backup");
    assert!(backup.join("backup.json").is_file() && keys.is_file());
    let (status, answer) = asked_for(&exchange, shown(&backup), None);
    assert_eq!(status, "409", "{answer}");
    served.end();
    let told = refused(&["backup", exchange.path(), shown(&backup)], 2);
    assert!(told.contains("exists and is never overwritten"), "{told}");
    done(&["backup", exchange.path(), &at("while it does not run")]);
    assert_eq!(names(&place.join("while it does not run")), names(&backup));
}

fn remove_database(file: &Path) {
    for end in ["", "-wal", "-shm"] {
        let name = format!("{}{end}", shown(file));
        // SQLite takes these away when it closes.
        let _ = std::fs::remove_file(name);
    }
}

#[test]
fn keys_that_are_gone_or_older_have_a_way_out() {
    let exchange = Exchange::new();
    let served = exchange.serve();
    with_a_certificate(&exchange, "Alpha", "rsa2048");
    let (_, keys) = backed_up(&exchange);
    with_a_certificate(&exchange, "Beta", "rsa3072");
    served.end();

    let file = exchange.folder.join("keys.db");
    remove_database(&file);
    let told = refused(&["serve", exchange.path()], 2);
    assert!(
        told.contains("keys.db is gone") && told.contains("lost-keys"),
        "{told}"
    );
    assert!(!file.exists(), "nothing was put in its place");
    std::fs::copy(&keys, &file).expect("copied");
    let told = refused(&["serve", exchange.path()], 2);
    assert!(
        told.contains("keys.db is older than the record") && told.contains("lost-keys"),
        "{told}"
    );
    let told = refused(&["fsck", exchange.path()], 1);
    assert!(
        told.contains("the key of the message beside leaf 2 is missing"),
        "{told}"
    );
    assert!(told.contains("lost-keys"), "{told}");

    let told = done(&["lost-keys", exchange.path()]);
    assert!(
        told.contains("lost: what was said in 1 exchanges") && told.contains("at leaf 2"),
        "{told}"
    );
    let output = run(&["fsck", exchange.path()]);
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(
        told.starts_with("leaves hashed: 3; messages decrypted: 1, erased: 1;"),
        "{told}"
    );
    assert_eq!(
        done(&["lost-keys", exchange.path()]),
        "every message has its key\n"
    );
    let served = exchange.serve();
    with_a_certificate(&exchange, "Gamma", "rsa4096");
    served.end();
    let told = done(&["fsck", exchange.path()]);
    assert!(
        told.starts_with("leaves hashed: 4; messages decrypted: 2, erased: 1;"),
        "{told}"
    );
}

#[test]
fn what_is_said_under_a_contract_is_kept_as_long_as_it_says() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let (a, b) = caller.two();
    let days = Clause {
        clause: "RetentionClause".into(),
        property: "MaxDaysKept".into(),
        value: "7".into(),
    };
    caller.agree_to(&a, &b, vec![Clause::allowing("*"), days]);
    let contract = exchange.ask_json(&["contract", "list"]);
    let id = contract[0]["contract"].as_str().expect("an id");
    let clauses = exchange.ask(&["clause", "list", id]);
    assert!(clauses.contains("MaxDaysKept"), "{clauses}");
    // Nobody answers the first; the second is under no contract.
    let ids = [b.cards().as_str(), "/api/v2.0/nothing"].map(|target| {
        let (_, answer) = caller.told(&a, Ask::card(target));
        field(&answer, "X-Correlation-Id")
            .expect("an id")
            .to_owned()
    });
    served.end();
    let erased = |ids: &[String; 2]| {
        ids.each_ref()
            .map(|id| exchange.ask_json(&["outcome", id])["erased"] == true)
    };
    // Eight days later.
    let clock = MovableClock::new(Arc::new(now));
    clock.set_ahead(8 * 86_400).expect("moved");
    let sandboxed = Sandboxed {
        clock,
        faults: Arc::new(Board::new(1)),
    };
    let settings = Settings::read(&exchange.folder).expect("settings");
    let serving = Serving::start_sandbox(&exchange.folder, &settings, &sandboxed);
    let serving = serving.expect("it serves");
    let since = Instant::now();
    while erased(&ids) != [true, false] {
        assert!(since.elapsed() < PATIENCE, "{:?}", erased(&ids));
    }
    serving.stop().expect("it ends");
}
