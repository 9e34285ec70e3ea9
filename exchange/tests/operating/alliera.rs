//! A stand-in for an Alliera in a process of its own, asked through a served exchange.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::caller::{Ask, Caller};
use crate::made::{Exchange, PATIENCE, Served, done, refused, shown};

fn store(folder: &std::path::Path) -> rusqlite::Connection {
    let store = rusqlite::Connection::open(folder.join("alliera.db")).expect("its store");
    store.busy_timeout(PATIENCE).expect("set");
    store
}

/// Something happened, to be told: what the exchange takes, or what it never does.
fn happens(folder: &std::path::Path, to: &str, event: &str) {
    kept_in("happened", &store(folder), to, event);
}

fn kept_in(table: &str, store: &rusqlite::Connection, to: &str, event: &str) {
    let (partner, instance) = to.split_once('/').expect("two ids");
    let insert =
        format!("INSERT INTO {table}(event, partner, instance, data) VALUES(?1, ?2, ?3, '{{}}')");
    let inserted = store.execute(&insert, [event, partner, instance]);
    inserted.expect("it happens");
}

#[test]
fn what_happens_in_it_is_told_and_what_is_refused_for_good_is_set_aside() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let client = caller.sender("alpha", "rsa2048");
    let beta = caller.sender("beta", "rsa3072");
    let folder = caller.alliera_folder(&beta, "rsa3072");
    let password = exchange.ask(&["credential", "set", "beta", &beta.party]);
    let settings = folder.join("alliera.toml");
    let text = fs::read_to_string(&settings).expect("settings");
    fs::write(&settings, format!("{text}user = \"beta\"\n")).expect("written");
    let password_file = folder.join("alliera.password");
    let write = |text: &str| {
        fs::write(&password_file, text).expect("written");
        fs::set_permissions(&password_file, Permissions::from_mode(0o600)).expect("set");
    };
    let waiting = || done(&["alliera", shown(&folder), "happened"]);
    let set_aside = || done(&["alliera", shown(&folder), "happened", "--set-aside"]);

    // With a wrong password nothing is told, and nothing is lost.
    write("wrong");
    let alliera = Served::alliera(&folder);
    alliera.wait_for("ready: ");
    happens(&folder, &client.party, "Created");
    alliera.wait_for("does not take what happened");
    assert_eq!(waiting().lines().count(), 1);
    assert_eq!(set_aside(), "");
    alliera.end_saying("ended: ");

    write(&password);
    // Of these the second is none that an exchange takes: the others are told all the same.
    happens(&folder, &client.party, "no event type");
    happens(&folder, &client.party, "Pickup");
    let alliera = Served::alliera(&folder);
    let told = alliera.wait_for("is set aside");
    assert!(told.contains("Delivery no event type"), "{told}");
    let end = Instant::now() + PATIENCE;
    while !waiting().is_empty() {
        assert!(Instant::now() < end, "{}", waiting());
        std::thread::sleep(Duration::from_millis(50));
    }
    let aside = set_aside();
    assert_eq!(aside.lines().count(), 1, "{aside}");
    assert!(
        aside.contains("no event type") && aside.contains("visible ASCII"),
        "{aside}"
    );
    done(&[
        "alliera",
        shown(&folder),
        "happened",
        "--set-aside",
        "--forget",
    ]);
    assert_eq!(set_aside(), "");

    store_comes_back(&alliera, &folder, &client.party);
    alliera.end_saying("ended: ");
    served.end();
}

/// A store that cannot be read is said; afterwards it is told.
fn store_comes_back(alliera: &Served, folder: &std::path::Path, to: &str) {
    let store = store(folder);
    let run = |sql: &str| store.execute_batch(sql).expect(sql);
    run("ALTER TABLE happened RENAME TO hidden");
    alliera.wait_for("what happened is not told to the exchange: the store");
    kept_in("hidden", &store, to, "no event type");
    run("ALTER TABLE hidden RENAME TO happened");
    alliera.wait_for("is set aside");
    assert_eq!(done(&["alliera", shown(folder), "happened"]), "");
    let aside = done(&["alliera", shown(folder), "happened", "--set-aside"]);
    assert_eq!(aside.lines().count(), 1, "{aside}");
}

#[test]
fn an_alliera_in_a_process_of_its_own_answers_through_the_exchange() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let client = caller.sender("alpha", "rsa2048");
    let beta = caller.sender("beta", "rsa3072");
    caller.agree(&client, &beta);
    let folder = caller.alliera_folder(&beta, "rsa3072");
    let root = beta.party.replacen('/', "/instances/", 1);
    let root = format!("/api/v2.0/partners/{root}");
    let ask = |method: &str, path: &str, body: &str| -> Value {
        let target = format!("{root}{path}");
        let ask = Ask {
            method,
            target: &target,
            body,
        };
        let (_, answer) = caller.told(&client, ask);
        let body = answer.split_once("\r\n\r\n").expect("a head").1;
        serde_json::from_str(body).expect("JSON")
    };
    let alliera = Served::alliera(&folder);
    let ready = alliera.wait_for("ready: ");
    assert!(ready.contains(&beta.party), "{ready}");
    let operate = |arguments: &[&str]| done(&[&["alliera", shown(&folder)], arguments].concat());

    // Nothing is released yet.
    let all = ask("GET", "/cardowners?limit=20", "{}");
    assert_eq!(all["data"]["cardOwners"], serde_json::json!([]), "{all}");
    operate(&["release", &client.party]);
    let released = operate(&["released"]);
    assert!(released.contains(&format!("{} folder 1 Office", client.party)));
    let all = ask("GET", "/cardowners?limit=20", "{}");
    assert_eq!(all["data"]["cardOwners"].as_array().map(Vec::len), Some(12));

    // The second one has no PIN.
    let owner = all["data"]["cardOwners"][1]["cardOwnerId"].as_str();
    let doors = format!("/cardowners/{}/doors", owner.expect("an id"));
    let door = ask("GET", &doors, "{}")["data"]["doors"][0].clone();
    let open = format!("{doors}/{}/open", door["doorId"].as_str().expect("an id"));
    let opened = ask("POST", &open, "{}");
    assert_eq!(opened["statusCode"], 200, "{opened}");
    let console = alliera.wait_for("stands open");
    assert!(console.contains("Main entrance"), "{console}");
    operate(&["withdraw", &client.party]);
    assert_eq!(ask("GET", "/folders/1", "{}")["statusCode"], 404);
    alliera.end_saying("ended: ");

    // It has everything still, and takes nothing that another key than the exchange's signed.
    operate(&["release", &client.party, "--folder-id", "2"]);
    refused(
        &[
            "alliera",
            shown(&folder),
            "release",
            &client.party,
            "--folder-id",
            "9",
        ],
        1,
    );
    fs::copy(folder.join("alliera.crt"), folder.join("exchange.crt")).expect("copied");
    let alliera = Served::alliera(&folder);
    alliera.wait_for("ready: ");
    assert_eq!(ask("GET", "/folders", "{}")["statusCode"], 504);
    alliera.wait_for("a message was not taken");
    alliera.end_saying("ended: ");
    served.end();
}

#[test]
fn a_folder_that_is_none_of_an_alliera_is_told_as_such() {
    let place = tempfile::tempdir().expect("a folder");
    let told = refused(&["alliera", shown(place.path())], 2);
    assert!(told.contains("alliera.toml"), "{told}");
    let file = place.path().join("alliera.toml");
    let id = "00000000-0000-4000-8000-000000000000";
    let good = format!(
        "exchange = \"localhost:1\"\nparty = \"{id}/{id}\"\npartner-name = \"B\"\nname = \"B\"\n"
    );
    for (old, new, part) in [
        ("exchange =", "exchang =", "exchang"),
        ("localhost:1", "localhost", "HOST:PORT"),
        (id, "nobody", "party"),
        ("name = \"B\"\n", "name = \"B\"\nzone = \"Mars\"\n", "Mars"),
    ] {
        fs::write(&file, good.replacen(old, new, 1)).expect("written");
        let told = refused(&["alliera", shown(place.path())], 2);
        assert!(told.contains(part), "{told}");
    }
    fs::write(&file, good).expect("written");
    let key = place.path().join("alliera.key");
    fs::write(&key, "secret").expect("written");
    fs::set_permissions(&key, Permissions::from_mode(0o644)).expect("set");
    let told = refused(&["alliera", shown(place.path())], 2);
    assert!(told.contains("chmod 600"), "{told}");
}
