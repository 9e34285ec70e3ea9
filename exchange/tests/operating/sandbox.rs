//! The sandbox, as a library and by its commands.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use daxsign_client::api::{
    AccessGroup, CallbackBase, CommonCardOwner, DeleteCardOwner, DeliveryRecipient, EventType,
    ListCardOwners, ListPackageBoxes, ListPublishedAccessGroups, ObtainAccess, ObtainAccessGroup,
    OpenCardOwnerDoor, RegisterCallbacks, ReservePackageBox,
};
use daxsign_client::blocking::Client;
use daxsign_client::{ErrorKind, Instance, Key, Roots, Secret, Settings};
use daxsign_core::Timestamp;
use daxsign_exchange::alliera::Event;
use daxsign_exchange::sandbox::*;

use serde_json::Value;

use crate::made::{Exchange, PATIENCE, Served, done, program, refused, shown};

fn silent() -> Console {
    Arc::new(|_: &Member, _: &Event| ())
}

/// One as it is by itself.
fn started() -> Sandbox {
    let clock = system_clock().expect("a clock");
    Sandbox::run(&SandboxSettings::default(), clock, &silent()).expect("a sandbox")
}

fn client(sandbox: &Sandbox) -> Client {
    let key = sandbox.client_key().expect("a key");
    Client::new(sandbox.client_settings().expect("settings"), key).expect("a client")
}

#[test]
fn tokens_and_dates_go_by_a_clock_that_commands_move() {
    let doors: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = Arc::clone(&doors);
    let console: Console = Arc::new(move |_: &Member, event: &Event| {
        if let Event::DoorOpened { name, .. } = event {
            told.lock().unwrap().push(name.clone());
        }
    });
    let clock = system_clock().expect("a clock");
    let sandbox = Sandbox::run(&SandboxSettings::default(), clock, &console).expect("a sandbox");
    let dir = shown(sandbox.folder()).to_owned();
    let client = client(&sandbox);
    let list = || client.call(&ListCardOwners::new(sandbox.target_instance()));
    assert_eq!(list().expect("card owners").data.len(), 12);
    // Less than a request may be old: what is sent now holds, and so does the token.
    let moved = done(&["clock", "--dir", &dir, "+4m"]);
    assert!(
        moved.contains(", 240 s ahead of the system's clock"),
        "{moved}"
    );
    assert!(list().expect("card owners").verified);
    // More than the 15 minutes of a token and the 5 of a request.
    done(&["clock", "--dir", &dir, "+2h"]);
    assert_eq!(sandbox.clock().ahead(), 7_440);
    let error = list().expect_err("too old");
    assert_eq!(error.kind(), ErrorKind::SignatureRefused, "{error}");
    // The unsigned answer is dated by that clock as well.
    let skew = error.clock_skew().expect("a date");
    assert!((7_430..7_560).contains(&skew.abs()), "{skew}");
    let told = error.messages().join(" ");
    assert!(
        told.contains("error[stale-date]: the request is 74"),
        "{told}"
    );
    let shown = done(&["clock", "--dir", &dir]);
    assert!(shown.contains("7440 s ahead"), "{shown}");
    for wrong in ["2h", "+2x", "+40000d"] {
        let code = if wrong == "+40000d" { 1 } else { 2 };
        refused(&["clock", "--dir", &dir, wrong], code);
    }
    let right = done(&["clock", "--dir", &dir, "real"]);
    assert!(right.contains("as the system's clock"), "{right}");
    let door = sandbox.first_door().expect("a door").clone();
    let (owner, id) = (door.card_owner.parse().unwrap(), door.door.parse().unwrap());
    let open = OpenCardOwnerDoor::new(sandbox.target_instance(), owner, id);
    client.call(&open).expect("it opens");
    assert_eq!(*doors.lock().unwrap(), std::slice::from_ref(&door.name));
    // All about that person, and its end.
    let about = || -> Value {
        let told = done(&["card-owner", "--dir", &dir, &door.card_owner]);
        serde_json::from_str(&told).expect("JSON")
    };
    let named = about();
    let outcomes = named.as_array().expect("a list").iter();
    assert!(
        outcomes.clone().count() >= 1 && outcomes.clone().all(|one| one["outcome"] == "answered"),
        "{named}"
    );
    done(&["erase-card-owner", "--dir", &dir, &door.card_owner]);
    assert_eq!(about(), serde_json::json!([]));
    sandbox.stop().expect("it ends");
    assert!(!Path::new(&dir).exists(), "nothing is left");
}

#[test]
fn thousands_of_card_owners_are_paged_through_and_each_comes_once() {
    const OWNERS: u32 = 5_000;
    let mut wanted = SandboxSettings::default();
    wanted.card_owners = Some(OWNERS);
    let began = Instant::now();
    let sandbox = Sandbox::run(&wanted, system_clock().expect("a clock"), &silent());
    let sandbox = sandbox.expect("a sandbox");
    let (started, paging) = (began.elapsed(), Instant::now());
    let (mut ids, mut pages, mut came) = (BTreeSet::new(), 0, 0);
    for page in client(&sandbox).pages(ListCardOwners::new(sandbox.target_instance())) {
        let page = page.expect("a page");
        assert!(page.verified, "the exchange's signature");
        pages += 1;
        came += page.data.len();
        ids.extend(
            page.data
                .iter()
                .map(|owner| owner.card_owner_id.to_string()),
        );
    }
    // What the store has, by itself.
    let store = sandbox.folder().join("parties/small-office/alliera.db");
    let store = rusqlite::Connection::open(store).expect("a store");
    let mut all = store.prepare("SELECT id FROM owner").expect("card owners");
    let all = all.query_map([], |row| row.get(0)).expect("card owners");
    let all: BTreeSet<String> = all.collect::<Result<_, _>>().expect("card owners");
    assert_eq!((all.len(), came), (5_000, 5_000));
    assert!(ids == all, "{} ids came", ids.len());
    // 200 a page, and one that is empty: nobody counts so many.
    assert_eq!(pages, 26);
    println!(
        "{pages} pages in {:?}, ready after {started:?}",
        paging.elapsed()
    );
    sandbox.stop().expect("it ends");
}

#[test]
fn the_clock_of_an_exchange_for_real_is_not_moved() {
    let exchange = Exchange::new();
    let served = exchange.serve();
    assert!(exchange.ask(&["clock"]).contains("as the system's clock"));
    let told = exchange.ask_refused(&["clock", "+2h"]);
    assert!(told.contains("a sandbox's alone can be moved"), "{told}");
    served.end();
}

#[test]
fn what_no_contract_allows_is_refused_with_its_clause_and_forgotten_by_a_reset() {
    let place = tempfile::tempdir().expect("a folder");
    let mut wanted = SandboxSettings::in_folder(place.path().join("sb"));
    wanted.card_owners = Some(3);
    wanted.client_certificates = Some(true);
    let start = |wanted: &SandboxSettings| {
        Sandbox::run(wanted, system_clock().expect("a clock"), &silent())
    };
    let sandbox = start(&wanted).expect("a sandbox");
    let client = client(&sandbox);
    let [estates, office] = sandbox.allieras().map(|member| Instance {
        partner: member.party().partner,
        instance: member.party().instance,
    });
    let owners = |of: Instance| client.call(&ListCardOwners::new(of)).expect("owners").data;
    assert_eq!(owners(estates).len(), 3);
    let mine = owners(office);
    let first = mine.first().expect("three").card_owner_id;
    let delete = |of: Instance| client.call(&DeleteCardOwner::new(of, first));
    let error = delete(estates).expect_err("it is not allowed");
    assert_eq!(error.kind(), ErrorKind::ContractRefused);
    let told = error.messages().join(" ");
    assert!(
        told.contains("delete_card_owner") || told.contains("clause"),
        "{told}"
    );
    delete(office).expect("everything is allowed");
    let base = sandbox.base().to_owned();
    sandbox.stop().expect("it ends");

    wanted.seed = Some(2);
    let told = start(&wanted).expect_err("other data").to_string();
    assert!(told.contains("--seed 1 with 3 card owners"), "{told}");
    wanted.seed = None;
    wanted.reset = true;
    let again = start(&wanted).expect("anew");
    assert_eq!(again.base(), base);
    assert_eq!(again.target_instance().instance, office.instance);
    let client = self::client(&again);
    let owners = client
        .call(&ListCardOwners::new(office))
        .expect("owners")
        .data;
    let ids = |owners: &[daxsign_client::api::CardOwner]| {
        owners
            .iter()
            .map(|owner| owner.card_owner_id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&owners),
        ids(&mine),
        "the one that was deleted is there again"
    );
    again.stop().expect("it ends");
    // A folder with something else is not taken.
    let other = SandboxSettings::in_folder(place.path());
    assert!(
        start(&other)
            .expect_err("a folder")
            .to_string()
            .contains("never overwritten")
    );
}

/// How often the exchange has called somebody, by its metrics.
fn calls(sandbox: &Sandbox) -> u64 {
    let address = sandbox
        .management()
        .trim_start_matches("http://")
        .to_owned();
    let mut stream = std::net::TcpStream::connect(address).expect("operators' door");
    let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).expect("asked");
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("answered");
    let counts = told
        .lines()
        .filter(|line| line.starts_with("daxsign_exchange_callback_attempts_total"));
    counts
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

/// A callback for parcels that come, at an exchange.
fn registered(client: &Client, base: &str) {
    let callback = CallbackBase {
        callback_url: Some(format!("{base}/parcels")),
        domain: Some("Delivery".to_owned()),
        event_type: Some(EventType::Created),
        ..CallbackBase::default()
    };
    let register = RegisterCallbacks {
        callbacks: vec![callback],
    };
    client.call(&register).expect("registered");
}

/// A compartment is reserved, which is told to who registered.
fn reserved(client: &Client, now: Timestamp) {
    let boxes = client.call(&ListPackageBoxes::new()).expect("boxes").data;
    let first = boxes.first().expect("one").package_box_id;
    let at = |hours: i64| Timestamp::from_unix(now.seconds() + hours * 3600, 0).expect("a time");
    let recipient = DeliveryRecipient {
        mobile_phone: Some("+46700000000".to_owned()),
        ..DeliveryRecipient::default()
    };
    let mut reserve = ReservePackageBox::new(first)
        .parcel_id("P-1")
        .reserve_from_date_time_utc(at(1))
        .reservation_expiry_utc(at(5));
    reserve.recipient = Some(recipient);
    client.call(&reserve).expect("reserved");
}

/// As in an image that holds the program alone.
#[test]
fn where_the_system_has_no_certificates_it_starts_and_says_so_when_one_is_needed() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("sandbox");
    let mut command = program();
    command.args(["sandbox", shown(&folder)]);
    command.env("SSL_CERT_FILE", place.path().join("none.pem"));
    command.env("SSL_CERT_DIR", place.path().join("none"));
    let alone = Served::new(command);
    let said = alone.said_until("\"ready\":true").join("\n");
    assert!(!said.contains("ca-certificates"), "{said}");

    let text = |file: &str| std::fs::read_to_string(file).expect("a file");
    let told: Value =
        serde_json::from_str(&text(shown(&folder.join("sandbox.json")))).expect("JSON");
    let at = |pointer: &str| {
        told.pointer(pointer)
            .and_then(Value::as_str)
            .expect(pointer)
    };
    let password = Secret::new(text(at("/client/passwordFile")).trim());
    let instance = at("/client/instance").parse().expect("an id");
    let settings = Settings::observed(at("/rest"), instance, at("/client/user"), password);
    let mut settings = settings.expect("settings");
    settings.roots = Roots::Only(text(at("/authority")).into_bytes());
    let key = Key::read(at("/client/key")).expect("a key");
    let client = Client::new(settings, key).expect("a client");
    let (called, port) = stranger(place.path());
    registered(&client, &format!("https://localhost:{port}"));
    reserved(&client, crate::made::now());
    let said = alone.wait_for("a callback is not delivered");
    for part in [
        "UnknownIssuer",
        "no certificates of public authorities",
        "install ca-certificates",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    called.kill();
    alone.kill();
}

/// Somebody whose certificate nobody here issued, and the port.
fn stranger(folder: &Path) -> (Served, String) {
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let mut making = Command::new("openssl");
    making.args([
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
    ]);
    making.args([
        "-subj",
        "/CN=stranger",
        "-addext",
        "subjectAltName=DNS:localhost",
    ]);
    making.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    making
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate);
    let made = making.output().expect("openssl");
    assert!(made.status.success(), "{made:?}");
    let mut serving = Command::new("openssl");
    serving.args(["s_server", "-accept", "127.0.0.1:0"]);
    serving.arg("-cert").arg(&certificate).arg("-key").arg(&key);
    // It ends a connection where its own input ends.
    serving.stdin(Stdio::piped());
    let served = Served::new(serving);
    let line = served.wait_for("ACCEPT ");
    let (_, port) = line.rsplit_once(':').expect("a port");
    (served, port.to_owned())
}

#[test]
fn who_registered_for_it_is_called_when_something_happens_in_an_alliera() {
    let sandbox = started();
    let client = client(&sandbox);
    // The exchange itself is reached there: it refuses the call, which is one all the same.
    registered(&client, sandbox.base());
    assert_eq!(calls(&sandbox), 0);
    reserved(&client, sandbox.clock().now());
    let end = Instant::now() + PATIENCE;
    while calls(&sandbox) == 0 {
        assert!(Instant::now() < end, "nobody was called");
        std::thread::sleep(Duration::from_millis(20));
    }
    sandbox.stop().expect("it ends");
}

#[test]
fn a_fault_that_a_command_orders_is_met_and_told() {
    let sandbox = started();
    let dir = shown(sandbox.folder()).to_owned();
    let client = client(&sandbox);
    let page = || {
        client
            .call(&ListCardOwners::new(sandbox.target_instance()))
            .expect("a page")
    };
    let said = done(&[
        "fault",
        "order",
        "--dir",
        &dir,
        "short-page",
        "--operation",
        "list_card_owners",
    ]);
    assert!(said.starts_with("order 1: "), "{said}");
    let short = page();
    assert_eq!((short.data.len(), page().data.len()), (6, 12));
    let id = short.correlation_id.expect("an id");
    let told = done(&["outcome", "--dir", &dir, &id]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["outcome"], "answered");
    assert_eq!(told["faults"][0]["kind"], "short-page");
    // What the receiver gets twice happens once.
    done(&["fault", "order", "--dir", &dir, "duplicate"]);
    assert_eq!(page().data.len(), 12);
    let listed = done(&["fault", "list", "--dir", &dir]);
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(listed["orders"], serde_json::json!([]));
    assert_eq!(listed["done"].as_array().map(Vec::len), Some(2));
    sandbox.stop().expect("it ends");
}

#[test]
fn an_answer_behind_its_deadline_is_one_more_leaf() {
    let sandbox = started();
    let dir = shown(sandbox.folder()).to_owned();
    let client = client(&sandbox);
    done(&["fault", "order", "--dir", &dir, "receiver-late"]);
    let client = &client;
    let error = std::thread::scope(|scope| {
        let door = sandbox.first_door().expect("a door").clone();
        let (owner, id) = (door.card_owner.parse().unwrap(), door.door.parse().unwrap());
        let open = OpenCardOwnerDoor::new(sandbox.target_instance(), owner, id);
        let asked = scope.spawn(move || client.call(&open));
        let end = Instant::now() + PATIENCE;
        while sandbox.faults().done(1).is_empty() {
            assert!(Instant::now() < end, "the receiver was not asked");
            std::thread::sleep(Duration::from_millis(5));
        }
        // The deadline is ten seconds away.
        done(&["clock", "--dir", &dir, "+15s"]);
        asked.join().expect("no panic").expect_err("too late")
    });
    assert_eq!(error.status(), Some(504), "{error}");
    let id = error.correlation_id().expect("an id").to_owned();
    let outcome = || -> Value {
        let told = done(&["outcome", "--dir", &dir, &id]);
        serde_json::from_str(&told).expect("JSON")
    };
    assert_eq!(outcome()["faults"][0]["kind"], "receiver-late");
    assert_eq!(outcome()["outcome"], "expired");
    let end = Instant::now() + PATIENCE;
    while outcome()["answeredLate"] != true {
        assert!(Instant::now() < end, "no late answer: {}", outcome());
        std::thread::sleep(Duration::from_millis(50));
    }
    sandbox.stop().expect("it ends");
}

#[test]
fn access_groups_are_published_from_the_beginning_and_access_is_obtained() {
    let sandbox = started();
    let client = client(&sandbox);
    let groups = client
        .call(&ListPublishedAccessGroups::new())
        .expect("groups")
        .data;
    // Three of each Alliera.
    assert_eq!(groups.len(), 6, "{groups:?}");
    let target = sandbox.target_instance();
    let partner = |group: &&AccessGroup| {
        group.receiving_partner.as_ref().map(|one| one.partner_id) == Some(target.partner)
    };
    let group = groups.iter().find(partner).expect("the office's");
    let wanted = ObtainAccessGroup {
        receiving_partner_id: target.partner,
        receiving_access_control_instance_id: target.instance,
        remote_access_group_id: group.remote_access_group_id.clone(),
        ..ObtainAccessGroup::default()
    };
    let guest = CommonCardOwner {
        family_name: Some("Guest".to_owned()),
        specific_name: Some("A".to_owned()),
        ..CommonCardOwner::default()
    };
    let obtain = ObtainAccess::new(vec![wanted], vec![guest], 60, "T-1");
    assert!(client.call(&obtain).expect("obtained").data);
    let owners = client.call(&ListCardOwners::new(target)).expect("owners");
    assert_eq!(owners.data.len(), 13);
    sandbox.stop().expect("it ends");
}
