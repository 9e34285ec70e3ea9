//! Every operation of the Rust client: what it sends fits the API's description, what comes back is
//! read, and both name the same things.

mod client;

use std::collections::BTreeSet;

use daxsign_client::api::*;
use daxsign_client::blocking::Client;
use daxsign_client::{LocalTime, Response, Secret, UtcTime, Uuid};
use rest_server::api::Api;
use rest_server::sample::guid;
use rest_server::scenario;
use rest_server::server::Server;
use rest_server::stage::Stage;

use client::{key, new_owner, settings, somebody, target};

const OPERATIONS_COUNT: usize = 49;

fn at(text: &str) -> LocalTime {
    LocalTime::parse(text).expect("a local time")
}

fn utc() -> UtcTime {
    UtcTime::parse("2026-01-31T08:30:00Z").expect("a time")
}

fn code() -> CardNumber {
    CardNumber {
        format: Some("MifareUID[XR]".into()),
        number: Some("00A1B2C3".into()),
        ..CardNumber::default()
    }
}

fn good<T>(answer: Result<Response<T>, daxsign_client::Error>) -> T {
    let response = answer.expect("an answer");
    assert!(response.correlation_id.is_some() && response.certificate.is_some());
    assert_eq!(response.server_versions, ["1.0", "2.0"]);
    response.data
}

fn read(client: &Client) {
    let (target, id) = (target(), somebody());
    let two = 2;
    assert_eq!(
        good(client.call(&ListAccessGrants::new(target).card_owner_filter([id, id]))).len(),
        two
    );
    good(client.call(&GetAccessGrant::new(target, id)));
    assert_eq!(
        good(client.call(&ListRemoteAccessGroups::new(target).limit(50_u32))).len(),
        two
    );
    good(client.call(&GetRemoteAccessGroup::new(target, id)));
    assert_eq!(good(client.call(&ListCallbacks::new())).len(), two);
    assert_eq!(
        good(client.call(&GetCardOwner::new(target, id))).card_owner_id,
        id
    );
    assert_eq!(
        good(client.call(&ListCardOwnerDoors::new(target, id))).len(),
        two
    );
    let owners = ListCardOwners::new(target)
        .name_filter(["Öberg", "50 % & more", "a=b+c/d?e#f"])
        .attribute_filter(["Floor=2"])
        .selected_attributes(["Floor"])
        .folder_filter([17, 18])
        .offset(0_u64)
        .limit(200_u32);
    let owners = good(client.call(&owners));
    assert_eq!(owners.len(), two);
    // The words that the description knows, the letters that the server sent.
    let name = owners[0].family_name.as_deref();
    assert_eq!(name, Some("familyName \"1\" åäö"));
    assert_eq!(
        owners[0].create_time.as_ref().map(LocalTime::as_str),
        Some("2026-01-31 08:30:00")
    );
    assert_eq!(
        owners[1].create_time.as_ref().map(LocalTime::as_str),
        Some("2026-01-31T08:30:00")
    );
    assert_eq!(good(client.call(&GetCard::new(target, id))).card_id, id);
    assert_eq!(
        good(client.call(&ListCards::new(target).id_filter([id]))).len(),
        1
    );
    assert_eq!(good(client.call(&ListContracts::new())).len(), two);
    assert_eq!(
        good(client.call(&ListPublishedAccessGroups::new())).len(),
        two
    );
    good(client.call(&GetPublishedAccessGroup::new(id)));
    assert_eq!(good(client.call(&ListPackageBoxes::new())).len(), two);
    good(client.call(&GetPackageBox::new(id)));
    good(client.call(&GetFolder::new(target, 17)));
    assert_eq!(good(client.call(&ListFolders::new(target))).len(), two);
    let log = ListLogEntries::new(target, at("2026-01-01T00:00:00"), at("2026-01-31T23:59:59"));
    assert_eq!(good(client.call(&log)).len(), two);
    assert_eq!(good(client.call(&GetOrganization::new(target, id))).id, id);
    assert_eq!(
        good(client.call(&ListOrganizations::new(target))).len(),
        two
    );
    assert!(
        !good(client.call(&GeneratePinCode::new(target)))
            .expose()
            .is_empty()
    );
    assert_eq!(
        good(client.call(&ListRenzRecipients::new(target))).len(),
        two
    );
}

fn write(client: &Client) {
    let (target, id, start) = (target(), somebody(), at("2026-01-31T08:30:00"));
    good(client.call(&GrantAccess::new(target, id, id).start_time(start.clone())));
    good(client.call(&GrantAccessGroupsToCardOwner::new(target, vec![id, id], id)));
    good(client.call(&GrantAccessGroupToCardOwners::new(target, id, vec![id])));
    good(client.call(&RevokeAccessGrant::new(target, id)));
    good(client.call(&RevokeAccessGrants::new(target).grant_ids([id, id])));
    good(client.call(&UpdateAccessGrant::new(
        target,
        id,
        GrantPatch::new().disabled(true),
    )));
    good(client.call(&RegisterCallbacks::new().callbacks([callback()])));
    good(client.call(&UpdateCallbacks::new()));
    good(client.call(&DeleteCallback::new(id)));
    good(
        client.call(
            &new_owner()
                .pin_code(Secret::new("1234".to_owned()))
                .start_time(start.clone()),
        ),
    );
    let patch = CardOwnerPatch::new()
        .family_name("Öberg")
        .folder_id(18)
        .stop_time(start)
        .archived(false);
    good(client.call(&UpdateCardOwner::new(target, id, patch)));
    good(client.call(&DeleteCardOwner::new(target, id)));
    good(client.call(&OpenCardOwnerDoor::new(target, id, id).timeout(5_000)));
    good(client.call(&UploadCardOwnerImage::new(target, id).image(Bytes(vec![0xff, 0xd8, 0xff]))));
    good(client.call(&CreateCard::new(target, vec![code()], "Blue card", id)));
    good(client.call(&UpdateCard::new(
        target,
        id,
        CardPatch::new().name("Red card"),
    )));
    good(client.call(&DeleteCard::new(target, id)));
    good(client.call(&CreateFolder::new(target, "House 7", 17)));
    good(client.call(&UpdateFolder::new(
        target,
        18,
        FolderPatch::new().name("House 8"),
    )));
    good(client.call(&DeleteFolder::new(target, 18)));
    good(client.call(&CreateOrganization::new(target, "Caretakers")));
    good(client.call(&UpdateOrganization::new(
        target,
        id,
        OrganizationPatch::new().name("Nobody"),
    )));
    good(client.call(&DeleteOrganization::new(target, id)));
    good(client.call(&PublishAccessGroups::new(
        vec![AccessGroupDto {
            access_group_id: id,
            ..AccessGroupDto::default()
        }],
        id,
    )));
    good(client.call(&ObtainAccess::new(
        vec![group(id)],
        vec![CommonCardOwner::default()],
        60,
        "ticket 7",
    )));
    good(client.call(&ReservePackageBox::new(id).reservation_expiry_utc(utc())));
    good(client.call(&GetRecipientCapabilities::new()));
}

fn callback() -> CallbackBase {
    CallbackBase {
        callback_url: Some("https://example.org/callback".into()),
        domain: Some("Delivery".into()),
        event_type: Some(EventType::from("Pickup")),
        bearer_token: Some(Secret::new("bearer".to_owned())),
        ..CallbackBase::default()
    }
}

fn group(id: Uuid) -> ObtainAccessGroup {
    ObtainAccessGroup {
        receiving_partner_id: id,
        receiving_access_control_instance_id: id,
        ..ObtainAccessGroup::default()
    }
}

/// What no client may do, in all that arrived; and the operations that were called.
fn judged(stage: &Stage) -> (Vec<String>, BTreeSet<String>) {
    let api = Api::load();
    let report = stage.report();
    let (mut faults, mut called) = (Vec::new(), BTreeSet::new());
    for arrived in report["arrived"].as_array().expect("a list") {
        let text = |name: &str| arrived[name].as_str().unwrap_or_default().to_owned();
        let all = arrived["faults"].as_array().expect("a list");
        faults.extend(
            all.iter()
                .map(|fault| format!("{}: {fault}", text("target"))),
        );
        if arrived["kind"] == "call" {
            let operation = api
                .called(&text("method"), &text("target"))
                .expect("an operation");
            called.insert(operation.operation.id.clone());
        }
    }
    (faults, called)
}

#[test]
fn every_operation_is_sent_and_read_as_described() {
    let server = Server::default();
    let stage = server.play(scenario::named("contracts").expect("the scenario"));
    let client = Client::new(settings(&server, &stage), key()).expect("a client");
    read(&client);
    write(&client);
    let (faults, called) = judged(&stage);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(called.len(), OPERATIONS_COUNT, "{called:?}");
    let ours: BTreeSet<String> = OPERATIONS.iter().map(|info| info.id.to_owned()).collect();
    assert_eq!(ours, called);
}

/// Many ids in few calls: each of them once, and no call with a target longer than servers take.
#[test]
fn a_look_up_takes_few_calls() {
    let server = Server::default();
    let mut scenario = scenario::named("contracts").expect("the scenario");
    scenario.server.items = 120;
    let stage = server.play(scenario);
    let client = Client::new(settings(&server, &stage), key()).expect("a client");
    let ids: Vec<Uuid> = (1..=130)
        .map(|number| guid(number).parse().expect("a GUID"))
        .collect();
    let cards = client
        .look_up(&ListCards::new(target()), &ids)
        .expect("cards");
    let found: BTreeSet<Uuid> = cards.iter().map(|card| card.card_id).collect();
    assert_eq!(
        (cards.len(), found.len()),
        (120, 120),
        "ten of them do not exist"
    );
    let (faults, _) = judged(&stage);
    assert_eq!(faults, Vec::<String>::new());
    let report = stage.report();
    let arrived = report["arrived"].as_array().expect("a list");
    let longest = arrived
        .iter()
        .filter_map(|arrived| arrived["target"].as_str().map(str::len))
        .max();
    assert!(
        longest.is_some_and(|longest| longest <= 8_000),
        "{longest:?}"
    );
    assert!(
        arrived.len() <= 1 + 4,
        "{} requests for 130 ids",
        arrived.len()
    );
}
