//! What follows from what: archive, disable, limits, doors.

use daxsign_exchange::alliera::Event;
use serde_json::{Value, json};

use crate::made::{CONFLICT, INVALID, MISSING, Office, UNKNOWN, replace, wanted};

/// An owner with a grant for the entrance; the paths of owner and grant.
fn granted(office: &mut Office) -> (String, String) {
    let (owner, group) = (office.owner(), office.groups().remove(0));
    let body = json!({"cardOwnerId": owner, "accessGroupId": group});
    let grant = office.data("POST", "@/accessgrants", &body)["grant"]["grantId"].clone();
    let grant = format!("@/accessgrants/{}", grant.as_str().unwrap());
    (format!("@/cardowners/{owner}"), grant)
}

fn card(office: &mut Office, owner: &str, name: &str) -> String {
    let id = owner.rsplit('/').next().unwrap();
    let body = json!({"name": name, "ownerId": id, "codes": []});
    let made = office.data("POST", "@/cards", &body);
    format!("@/cards/{}", made["card"]["cardId"].as_str().unwrap())
}

#[test]
fn disabling_and_archiving_revoke_all_grants_and_undoing_gives_none_back() {
    for path in ["/DISABLED", "/ARCHIVED"] {
        let mut office = Office::new();
        let (owner, grant) = granted(&mut office);
        office.data("PATCH", &owner, &replace(path, json!(true)));
        let revoked = office.get(&grant)["grant"].clone();
        assert_eq!(revoked["revoked"], true);
        assert_eq!(revoked["revokeTime"], "2026-11-29T12:00:00");
        office.data("PATCH", &owner, &replace(path, json!(false)));
        assert_eq!(office.get(&grant)["grant"]["revoked"], true);
        assert_eq!(office.get(&format!("{owner}/doors"))["doors"], json!([]));
    }
}

#[test]
fn an_archived_owner_is_found_by_id_only_and_its_cards_with_it() {
    let mut office = Office::new();
    let (owner, _) = granted(&mut office);
    let card = card(&mut office, &owner, "One");
    office.data("DELETE", &owner, &json!({}));
    assert_eq!(office.get(&owner)["cardOwner"]["state"], "Archived");
    assert_eq!(office.get(&card)["card"]["state"], "Archived");
    assert_eq!(office.owners().len(), 12);
    let id = owner.rsplit('/').next().unwrap();
    let body = json!({"name": "Two", "ownerId": id, "codes": []});
    office.refuses(CONFLICT, "POST", "@/cards", &body);
    office.refuses(
        CONFLICT,
        "PATCH",
        &card,
        &replace("/ARCHIVED", json!(false)),
    );
    office.data("PATCH", &owner, &replace("/ARCHIVED", json!(false)));
    office.data("PATCH", &card, &replace("/ARCHIVED", json!(false)));
    assert_eq!(office.get(&card)["card"]["archivedAt"], Value::Null);
}

#[test]
fn an_owner_has_fifty_cards() {
    let mut office = Office::new();
    let owner = format!("@/cardowners/{}", office.owner());
    let cards: Vec<String> = (0..50).map(|_| card(&mut office, &owner, "Card")).collect();
    let id = owner.rsplit('/').next().unwrap();
    let body = json!({"name": "One more", "ownerId": id, "codes": []});
    office.refuses(CONFLICT, "POST", "@/cards", &body.clone());
    office.data("PATCH", &cards[0], &replace("/ARCHIVED", json!(true)));
    office.data("POST", "@/cards", &body);
    office.refuses(
        CONFLICT,
        "PATCH",
        &cards[0],
        &replace("/ARCHIVED", json!(false)),
    );
}

#[test]
fn a_door_opens_while_grant_owner_and_card_hold() {
    let mut office = Office::new();
    let (owner, grant) = granted(&mut office);
    let doors = office.each(&format!("{owner}/doors"), "doors", "doorId");
    assert_eq!(doors.len(), 2);
    let open = format!("{owner}/doors/{}/open", doors[0]);
    office.data("POST", &open, &json!({}));
    let opened =
        |event: &Event| matches!(event, Event::DoorOpened { name, .. } if name == "Main entrance");
    assert!(office.events.iter().any(opened), "{:?}", office.events);
    let no_access = (403, "no-access");
    for (path, shut, again) in [
        (
            &grant,
            replace("/DISABLED", json!(true)),
            replace("/DISABLED", json!(false)),
        ),
        (
            &grant,
            replace("/STARTTIME", json!("2026-11-29T12:00:01")),
            replace("/STARTTIME", json!("2026-11-29T12:00:00")),
        ),
        (
            &grant,
            replace("/STOPTIME", json!("2026-11-29 12:00:00.5")),
            replace("/STOPTIME", json!("2026-11-29T12:00:01")),
        ),
        (
            &owner,
            replace("/STOPTIME", json!("2026-11-29T11:00:00")),
            replace("/STOPTIME", Value::Null),
        ),
    ] {
        // What starts when it stops is no time.
        if path == &grant && shut.to_string().contains("12:00:00.5") {
            office.refuses(INVALID, "PATCH", path, &shut);
        } else {
            office.data("PATCH", path, &shut);
            office.refuses(no_access, "POST", &open, &json!({}));
        }
        office.data("PATCH", path, &again);
        office.data("POST", &open, &json!({}));
    }
    office.refuses(
        MISSING,
        "POST",
        &format!("{owner}/doors/{UNKNOWN}/open"),
        &json!({}),
    );
    office.now += 1;
    office.refuses(no_access, "POST", &open, &json!({}));
    let logs = office.get("@/logs/2026-11-29T12:00:01/2026-11-29T12:00:02")["logs"].clone();
    assert_eq!(logs[0]["eventName"], "DoorRefused");
    assert_eq!(logs[0]["text1"], "Main entrance");
}

#[test]
fn a_grant_of_one_card_holds_while_the_card_does() {
    let mut office = Office::new();
    let owner = format!("@/cardowners/{}", office.owner());
    let card = card(&mut office, &owner, "One");
    let group = office.groups().remove(0);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let body = json!({"cardOwnerId": id(&owner), "accessGroupId": group, "cardId": id(&card)});
    let grant = office.data("POST", "@/accessgrants", &body)["grant"].clone();
    assert_eq!(grant["cardId"], id(&card));
    let doors = format!("{owner}/doors");
    assert_eq!(office.get(&doors)["doors"].as_array().unwrap().len(), 2);
    office.data(
        "PATCH",
        &card,
        &replace("/STOPTIME", json!("2026-11-29T11:59:59")),
    );
    assert_eq!(office.get(&doors)["doors"], json!([]));
    office.data("PATCH", &card, &replace("/DISABLED", json!(true)));
    let grant = format!("@/accessgrants/{}", grant["grantId"].as_str().unwrap());
    assert_eq!(office.get(&grant)["grant"]["revoked"], true);
    let body = json!({"cardOwnerId": office.owner(), "accessGroupId": group, "cardId": id(&card)});
    office.refuses(CONFLICT, "POST", "@/accessgrants", &body);
}

#[test]
fn an_owner_with_a_pin_opens_with_it_and_guessing_ends() {
    let mut office = Office::new();
    let owner = office.owners().remove(0);
    let doors = format!("@/cardowners/{owner}/doors");
    let door = office.each(&doors, "doors", "doorId").remove(0);
    let open = format!("{doors}/{door}/open");
    office.data("POST", &open, &json!({"pinCode": "4711"}));
    office.refuses((403, "wrong-pin"), "POST", &open, &json!({}));
    for guess in 0..4 {
        let body = json!({"pinCode": format!("000{guess}")});
        office.refuses((403, "wrong-pin"), "POST", &open, &body);
    }
    office.refuses(
        (429, "too-many-attempts"),
        "POST",
        &open,
        &json!({"pinCode": "4711"}),
    );
    office.now += 300;
    office.data("POST", &open, &json!({"pinCode": "4711"}));
}

#[test]
fn of_a_patch_all_is_done_or_nothing() {
    let mut office = Office::new();
    let owner = format!("@/cardowners/{}", office.owner());
    let item = |path: &str, value: Value| json!({"op": "replace", "path": path, "value": value});
    let body = json!({"patchItems": [item("/COMMENT", json!("Changed")), item("/DISABLED", json!("yes"))]});
    office.refuses(INVALID, "PATCH", &owner, &body);
    let body = json!({"patchItems": [item("/COMMENT", json!("a")), item("/COMMENT", json!("b"))]});
    office.refuses(INVALID, "PATCH", &owner, &body);
    let body = json!({"patchItems": [{"op": "add", "path": "/COMMENT", "value": "a"}]});
    office.refuses(INVALID, "PATCH", &owner, &body);
    assert_eq!(office.get(&owner)["cardOwner"]["comment"], Value::Null);
    office.data("PATCH", &owner, &json!({"patchItems": null}));
}

#[test]
fn what_is_given_at_once_is_given_whole() {
    let mut office = Office::new();
    let (owner, group) = (office.owner(), office.groups().remove(0));
    let body = json!({"cardOwnerId": owner, "accessGroupIds": [group, UNKNOWN]});
    office.refuses(MISSING, "POST", "@/accessgrants/grantmultiple", &body);
    let grants = office.get(&format!("@/accessgrants?cardOwnerFilter={owner}"));
    assert_eq!(grants["grants"], json!([]));
}

#[test]
fn folders_hold_what_is_in_them() {
    let mut office = Office::new();
    office.refuses(CONFLICT, "DELETE", "@/folders/2", &json!({}));
    office.refuses(CONFLICT, "DELETE", "@/folders/1", &json!({}));
    office.refuses(
        CONFLICT,
        "PATCH",
        "@/folders/1",
        &replace("/PARENTFOLDERID", json!(2)),
    );
    let made = office.data(
        "POST",
        "@/folders",
        &json!({"name": "Room", "parentFolderId": 2}),
    );
    let room = made["folder"]["folderId"].clone();
    office.refuses(
        CONFLICT,
        "PATCH",
        "@/folders/2",
        &replace("/PARENTFOLDERID", room.clone()),
    );
    let moved = office.data(
        "PATCH",
        &format!("@/folders/{room}"),
        &replace("/PARENTFOLDERID", json!(3)),
    );
    assert_eq!(moved["folder"]["path"], "Office/Second floor/Room");
    let organizations = office.each("@/organizations", "organizations", "id");
    let delete = format!("@/organizations/{}", organizations[0]);
    office.refuses(CONFLICT, "DELETE", &delete, &json!({}));
}

#[test]
fn a_request_that_comes_again_is_answered_again_and_not_done_again() {
    let mut office = Office::new();
    let body = json!({"name": "Attic", "parentFolderId": 1});
    let first = office.ask_as(1 << 100, "POST", "@/folders", &body);
    let again = office.ask_as(1 << 100, "POST", "@/folders", &body);
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(
        office.get("@/folders")["folders"].as_array().unwrap().len(),
        4
    );
}

#[test]
fn what_was_obtained_ends_by_itself() {
    let mut office = Office::new();
    let published = office.alliera.publish(office.remote.partner).unwrap();
    let group = &published["accessGroups"][0]["accessGroupId"];
    let body = json!({
        "cardOwners": [{"familyName": "Guest", "specificName": "A"}], "periodOfValidityMinutes": 10,
        "ticketIdentifier": "T-1", "accessGroups": [wanted(group), wanted(&json!(UNKNOWN))],
    });
    // One of the two groups is not there: what can be done is done.
    assert_eq!(
        office.data("POST", "/accessgroups/ObtainAccess", &body)["success"],
        false
    );
    let guest = office
        .each("@/cardowners?nameFilter=Guest", "cardOwners", "cardOwnerId")
        .remove(0);
    let doors = format!("@/cardowners/{guest}/doors");
    assert_eq!(office.get(&doors)["doors"].as_array().unwrap().len(), 2);
    office.now += 600;
    assert_eq!(office.get(&doors)["doors"], json!([]));
}

#[test]
fn who_reserved_is_told_of_the_parcel() {
    let mut office = Office::new();
    let package_box = office
        .each("/deliveries/packageboxes", "packageBoxes", "packageBoxId")
        .remove(0);
    let body = json!({
        "reserveFromDateTimeUtc": "2026-11-29 11:00:00", "reservationExpiryUtc": "2026-11-30 11:00:00",
        "parcelId": "P-1", "recipient": {"mobilePhone": "+46700000000"},
    });
    let reserved = office.data(
        "POST",
        &format!("/deliveries/packageboxes/{package_box}/reserve"),
        &body,
    );
    let reservation: uuid::Uuid = reserved["reservationId"].as_str().unwrap().parse().unwrap();
    assert!(office.alliera.pick_up(reservation).unwrap());
    assert!(!office.alliera.pick_up(reservation).unwrap());
    let data = json!({"reservationId": reservation.to_string(), "parcelId": "P-1"});
    let untold = |office: &Office| -> Vec<(String, i64)> {
        let all = office.alliera.happened().unwrap();
        assert!(all.iter().all(|one| one.domain == "Delivery"));
        assert!(
            all.iter()
                .all(|one| one.to == office.remote && one.data == data)
        );
        let each = all.into_iter();
        each.map(|one| (one.event_type, one.number)).collect()
    };
    let both = untold(&office);
    assert_eq!(
        (both[0].0.as_str(), both[1].0.as_str()),
        ("Created", "Pickup")
    );
    // It stays until the exchange was told.
    assert_eq!(untold(&office), both);
    office.alliera.told(both[0].1).unwrap();
    assert_eq!(untold(&office), both[1..]);
    office.alliera.told(both[1].1).unwrap();
    assert_eq!(untold(&office), []);
}
