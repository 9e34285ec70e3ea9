//! The first start, and settings that are not taken.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use crate::caller::{Caller, Sender};
use crate::made::{Exchange, PATIENCE, done, refused, shown};

#[test]
fn what_is_missing_is_told_with_what_makes_it() {
    let place = tempfile::tempdir().expect("a folder");
    let nowhere = place.path().join("nowhere");
    let told = refused(&["fsck", shown(&nowhere)], 2);
    assert!(told.contains("there is no folder"), "{told}");
    let told = refused(&["serve", shown(&nowhere)], 2);
    assert!(
        told.contains(&format!("daxsign-exchange init {}", shown(&nowhere))),
        "{told}"
    );
    std::fs::create_dir(&nowhere).expect("made");
    let told = refused(&["serve", shown(&nowhere)], 2);
    for name in [
        "exchange.key",
        "log.key",
        "management.token",
        "authority.crt",
    ] {
        assert!(told.contains(name), "{name} in {told}");
    }
    let told = refused(&["init", shown(&nowhere)], 2);
    assert!(told.contains("never overwritten"), "{told}");
    let told = refused(&["partner", "list", "--dir", shown(&nowhere)], 2);
    assert!(told.contains("management.token"), "{told}");
}

#[test]
fn what_is_unsafe_is_refused_with_what_to_change() {
    let exchange = Exchange::new();
    let secrets = [
        "exchange.key",
        "log.key",
        "token.key",
        "management.token",
        "tls.key",
    ];
    for name in secrets {
        let file = exchange.folder.join(name);
        assert_eq!(
            std::fs::metadata(&file)
                .expect("there")
                .permissions()
                .mode()
                & 0o777,
            0o600
        );
        std::fs::set_permissions(&file, Permissions::from_mode(0o640)).expect("set");
        let told = refused(&["serve", exchange.path()], 2);
        assert!(
            told.contains(&format!("chmod 600 {}", shown(&file))),
            "{told}"
        );
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("set");
    }
    // What decrypts messages, from its first moment on, with what SQLite keeps beside it.
    let served = exchange.serve();
    for name in ["keys.db", "keys.db-wal", "record.db", "registry.db"] {
        let mode = std::fs::metadata(exchange.folder.join(name))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    served.end();
    let keys = exchange.folder.join("keys.db");
    std::fs::set_permissions(&keys, Permissions::from_mode(0o644)).expect("set");
    let told = refused(&["serve", exchange.path()], 2);
    assert!(
        told.contains(&format!("chmod 600 {}", shown(&keys))),
        "{told}"
    );
    std::fs::set_permissions(&keys, Permissions::from_mode(0o600)).expect("set");
    exchange.set("tls = true", "tls = false");
    exchange.set("listen = \"127.0.0.1:0\"", "listen = \"0.0.0.0:0\"");
    let told = refused(&["serve", exchange.path()], 2);
    assert!(told.contains("Set rest.tls to true"), "{told}");
    exchange.set("tls = false", "tsl = true");
    let told = refused(&["serve", exchange.path()], 2);
    assert!(told.contains("do you mean rest.tls?"), "{told}");
    // A key of another certificate.
    exchange.set("tsl = true", "tls = true");
    std::fs::copy(
        exchange.folder.join("tls.crt"),
        exchange.folder.join("exchange.crt"),
    )
    .expect("copied");
    let told = refused(&["serve", exchange.path()], 2);
    assert!(told.contains("of another key than exchange.key"), "{told}");
}

#[test]
fn one_exchange_runs_on_a_folder_and_ends_when_it_is_asked() {
    let exchange = Exchange::new();
    let told = done(&["config", "print", exchange.path()]);
    assert!(told.contains("[rest]"), "{told}");
    let served = exchange.serve();
    let told = refused(&["serve", exchange.path()], 2);
    assert!(told.contains("runs on"), "{told}");
    let told = refused(&["fsck", exchange.path()], 2);
    assert!(told.contains("an exchange runs on this folder"), "{told}");
    let ready = exchange.ask_json(&["ready"]);
    assert_eq!(ready["ready"], true, "{ready}");
    served.end();
    let told = refused(&["partner", "list", "--dir", exchange.path()], 2);
    assert!(told.contains("no exchange answers"), "{told}");
    let told = done(&["fsck", exchange.path()]);
    assert!(told.starts_with("leaves hashed: 1;"), "{told}");
    // Its socket's file was left: the next start takes its place.
    exchange.serve().kill();
    exchange.serve().end();
}

#[test]
fn who_is_not_told_what_the_authority_revokes_is_told_that() {
    let exchange = Exchange::new();
    let list = exchange.folder.join("authority.crl");
    let note = format!("{} is not there", shown(&list));
    let served = exchange.serve();
    served.wait_for(&note);
    served.end();
    std::fs::copy(exchange.folder.join("authority/authority.crl"), &list).expect("copied");
    let served = exchange.serve();
    // What cannot be used in its place is said once, and does not take the place of the one in use.
    std::fs::write(&list, "nothing").expect("written");
    let said = served.said_until("the list of revoked certificates is not taken");
    assert!(said.iter().all(|line| !line.contains(&note)), "{said:?}");
    served.end();
    // Nor does it start with one that nobody can read.
    let told = refused(&["serve", exchange.path()], 2);
    assert!(told.contains(shown(&list)), "{told}");
}

#[test]
fn a_disk_that_takes_no_more_refuses_in_words_and_loses_nothing() {
    let exchange = Exchange::new();
    exchange.serve().end();
    let served = exchange.serve_within(300);
    let token = exchange.token();
    let mut added = 0_u32;
    let refused = loop {
        assert!(added < 1_000, "the disk is full by now");
        let id = format!("{added:08}-0000-4000-8000-000000000000");
        let body = format!("{{\"partner\":\"{id}\",\"name\":\"{}\"}}", "x".repeat(100));
        let answer = exchange.send(
            format!(
                "POST /v1/partners HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        );
        if !answer.starts_with("HTTP/1.1 200") {
            break answer;
        }
        added += 1;
    };
    assert!(added > 0, "{refused}");
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(
        refused.contains("room") || refused.contains("disk"),
        "{refused}"
    );
    // Whatever it does now, what it said is done stays done.
    served.kill();
    let served = exchange.serve();
    let partners = exchange.ask_json(&["partner", "list"]);
    let count = partners.as_array().expect("a list").len();
    assert_eq!(u32::try_from(count), Ok(added));
    served.end();
    done(&["fsck", exchange.path()]);
}

#[test]
fn a_list_that_comes_while_it_runs_counts_in_the_handshake_as_it_does_for_signatures() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let a = caller.sender("alpha", "rsa2048");
    let (_, instance) = a.party.split_once('/').expect("two ids");
    let certificate = exchange.place.path().join(format!("{instance}.crt"));
    let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/keys");
    let key = format!("{keys}/rsa2048.pkcs8.pem");
    // Whether a handshake in which the certificate is shown comes to its end.
    let let_in = || {
        let shown = ["--cert", shown(&certificate), "--key", &key];
        caller.try_curl("/", &shown).status.success()
    };
    let status = |Sender { token, key, .. }: &Sender| {
        let answer = caller.ask(token, key);
        answer.lines().next().unwrap_or_default().to_owned()
    };
    assert!(let_in());
    assert!(status(&a).contains(" 200"));
    let list = exchange.revoked(&certificate);
    assert!(let_in(), "nobody is told yet");
    std::fs::copy(list, exchange.folder.join("authority.crl")).expect("copied");
    let since = std::time::Instant::now();
    while let_in() || !status(&a).contains(" 401") {
        assert!(since.elapsed() < PATIENCE, "it is let in");
    }
    // Who shows none is.
    let b = caller.sender("beta", "rsa3072");
    assert!(status(&b).contains(" 200"));
    served.end();
}
