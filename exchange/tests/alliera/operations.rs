//! Every operation, once so that it succeeds and once so that it is refused.

use serde_json::{Value, json};

use crate::made::{CONFLICT, INVALID, MISSING, Office, UNKNOWN, party, replace, wanted};

const OPERATIONS: usize = 49;
/// Contracts, callbacks and published groups: an exchange answers them itself, and asks no Alliera.
const OF_THE_EXCHANGE: [(&str, &str); 8] = [
    ("GET", "/contracts"),
    ("GET", "/callbacks"),
    ("POST", "/callbacks"),
    ("PUT", "/callbacks"),
    ("DELETE", "/callbacks/00000000-0000-4000-8000-000000000000"),
    ("GET", "/accessgroups"),
    ("POST", "/accessgroups"),
    ("GET", "/accessgroups/00000000-0000-4000-8000-000000000000"),
];

#[test]
fn every_operation_succeeds_and_is_refused() {
    let mut office = Office::new();
    folders_and_organizations(&mut office);
    owners_and_cards(&mut office);
    grants_and_doors(&mut office);
    obtained(&mut office);
    deliveries(&mut office);
    logs(&mut office);
    let description = include_str!("../../../api/dax-api.json");
    assert_eq!(description.matches("\"operationId\"").count(), OPERATIONS);
    let asked = OPERATIONS - OF_THE_EXCHANGE.len();
    assert_eq!(office.done.len(), asked, "{:?}", office.done);
    let missed: Vec<_> = office.done.difference(&office.refused).collect();
    assert_eq!(office.refused.len(), asked, "never refused: {missed:?}");
}

#[test]
fn what_the_exchange_answers_itself_is_none_of_an_alliera() {
    let mut office = Office::new();
    for (method, target) in OF_THE_EXCHANGE {
        office.refuses_all(MISSING, method, target);
    }
    assert_eq!(office.refused.len(), OF_THE_EXCHANGE.len());
}

fn folders_and_organizations(office: &mut Office) {
    let folders = office.get("@/folders");
    assert_eq!(folders["folders"][1]["path"], "Office/First floor");
    office.refuses(INVALID, "GET", "@/folders?limit=51", &json!({}));
    let tree = office.get("@/folders/1?includeChildFolders=true");
    assert_eq!(tree["childFolders"].as_array().unwrap().len(), 2);
    office.refuses(MISSING, "GET", "@/folders/99", &json!({}));
    let made = office.data(
        "POST",
        "@/folders",
        &json!({"name": "Attic", "parentFolderId": 1}),
    );
    let path = format!("@/folders/{}", made["folder"]["folderId"]);
    office.refuses(
        CONFLICT,
        "POST",
        "@/folders",
        &json!({"name": "Attic", "parentFolderId": 1}),
    );
    office.data(
        "PATCH",
        &path,
        &replace("/DESCRIPTION", json!("Under the roof")),
    );
    office.refuses(INVALID, "PATCH", &path, &replace("/name", json!("Loft")));
    office.data("DELETE", &path, &json!({}));
    office.refuses(MISSING, "DELETE", &path, &json!({}));

    assert_eq!(
        office
            .each("@/organizations", "organizations", "name")
            .len(),
        2
    );
    office.refuses(INVALID, "GET", "@/organizations?limit=0", &json!({}));
    let body = json!({"name": "Third", "parentFolderId": 1, "comment": "New"});
    let made = office.data("POST", "@/organizations", &body);
    let path = format!(
        "@/organizations/{}",
        made["organization"]["id"].as_str().unwrap()
    );
    office.refuses(
        INVALID,
        "POST",
        "@/organizations",
        &json!({"name": "Nowhere"}),
    );
    assert_eq!(office.get(&path)["organization"]["name"], "Third");
    office.refuses(
        MISSING,
        "GET",
        &format!("@/organizations/{UNKNOWN}"),
        &json!({}),
    );
    office.data("PATCH", &path, &replace("/COMMENT", Value::Null));
    office.refuses(INVALID, "PATCH", &path, &replace("/NAME", json!(5)));
    office.data("DELETE", &path, &json!({}));
    office.refuses(MISSING, "DELETE", &path, &json!({}));
}

fn owners_and_cards(office: &mut Office) {
    assert_eq!(office.owners().len(), 12);
    office.refuses(INVALID, "GET", "@/cardowners?limit=201", &json!({}));
    let card = json!({"name": "Fob", "codes": [{"format": "MifareUID[XR]", "number": "04A1B2C3"}]});
    let body = json!({
        "familyName": "Öberg", "specificName": "Åsa", "folderId": 2, "attributes": {"email": "asa@example.com"},
        "cards": [card], "pinCode": "1234", "startTime": "2026-01-01T08:00:00", "stopTime": null,
    });
    let made = office.data("POST", "@/cardowners", &body.clone());
    office.refuses(CONFLICT, "POST", "@/cardowners", &body);
    let id = made["cardOwner"]["cardOwnerId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("@/cardowners/{id}");
    let found = office.get(&format!(
        "{path}?expand=cards,postbox&selectedAttributes=email"
    ));
    assert_eq!(found["cardOwner"]["cards"][0]["name"], "Fob");
    assert_eq!(
        found["cardOwner"]["attributes"],
        json!({"email": "asa@example.com"})
    );
    office.refuses(
        MISSING,
        "GET",
        &format!("@/cardowners/{UNKNOWN}"),
        &json!({}),
    );
    let patched = office.data("PATCH", &path, &replace("/FAMILYNAME", json!("Ek")));
    assert_eq!(patched["cardOwner"]["familyName"], "Ek");
    office.refuses(INVALID, "PATCH", &path, &replace("/PINCODE", json!("12a4")));
    // A PNG begins so.
    let image = json!({"image": "iVBORw0KGgo="});
    office.data("POST", &format!("{path}/image"), &image);
    office.refuses(
        INVALID,
        "POST",
        &format!("{path}/image"),
        &json!({"image": "AAAA"}),
    );

    assert_eq!(office.get("@/cards")["cards"].as_array().unwrap().len(), 13);
    office.refuses(INVALID, "GET", "@/cards?limit=51", &json!({}));
    let body = json!({"name": "Second", "ownerId": id, "codes": []});
    let made = office.data("POST", "@/cards", &body);
    let body = json!({"name": "Third", "ownerId": UNKNOWN, "codes": []});
    office.refuses(MISSING, "POST", "@/cards", &body);
    let card = format!("@/cards/{}", made["card"]["cardId"].as_str().unwrap());
    assert_eq!(
        office.get(&format!("{card}?expand=codes"))["card"]["codes"],
        json!([])
    );
    office.refuses(MISSING, "GET", &format!("@/cards/{UNKNOWN}"), &json!({}));
    office.data(
        "PATCH",
        &card,
        &replace("/CLASSIFICATION", json!("restricted")),
    );
    office.refuses(
        INVALID,
        "PATCH",
        &card,
        &replace("/CLASSIFICATION", json!("golden")),
    );
    office.data("DELETE", &card, &json!({}));
    office.refuses(MISSING, "DELETE", &card, &json!({}));
    office.data("DELETE", &path, &json!({}));
    office.refuses(CONFLICT, "DELETE", &path, &json!({}));

    assert_eq!(
        office.get("@/pincode")["pinCode"].as_str().unwrap().len(),
        6
    );
    office.refuses(INVALID, "GET", "@/pincode", &json!({"digits": 4}));
}

fn grants_and_doors(office: &mut Office) {
    let groups = office.groups();
    assert_eq!(groups.len(), 3);
    office.refuses(INVALID, "GET", "@/accessgroups?limit=51", &json!({}));
    let group = format!("@/accessgroups/{}", groups[0]);
    assert_eq!(office.get(&group)["accessGroup"]["name"], "Entrance");
    office.refuses(
        MISSING,
        "GET",
        &format!("@/accessgroups/{UNKNOWN}"),
        &json!({}),
    );

    let (owner, other) = (office.owner(), office.owner());
    let body = json!({"cardOwnerId": owner, "accessGroupId": groups[0]});
    let made = office.data("POST", "@/accessgrants", &body.clone());
    office.refuses(CONFLICT, "POST", "@/accessgrants", &body);
    let grant = format!(
        "@/accessgrants/{}",
        made["grant"]["grantId"].as_str().unwrap()
    );
    assert_eq!(office.get(&grant)["grant"]["revoked"], false);
    let unknown = format!("@/accessgrants/{UNKNOWN}");
    office.refuses(MISSING, "GET", &unknown, &json!({}));
    let body = json!({"cardOwnerId": owner, "accessGroupIds": [groups[1], groups[2]]});
    let many = office.data("POST", "@/accessgrants/grantmultiple", &body.clone());
    office.refuses(CONFLICT, "POST", "@/accessgrants/grantmultiple", &body);
    let body = json!({"cardOwnerIds": [other], "accessGroupId": groups[0]});
    office.data(
        "POST",
        "@/accessgrants/grantmultiplecardowners",
        &body.clone(),
    );
    office.refuses(
        CONFLICT,
        "POST",
        "@/accessgrants/grantmultiplecardowners",
        &body,
    );
    let list = format!("@/accessgrants?cardOwnerFilter={owner}");
    assert_eq!(office.get(&list)["grants"].as_array().unwrap().len(), 3);
    office.refuses(INVALID, "GET", "@/accessgrants", &json!({"all": true}));

    let doors = format!("@/cardowners/{owner}/doors");
    let ids = office.each(&doors, "doors", "doorId");
    assert_eq!(ids.len(), 4);
    office.refuses(
        MISSING,
        "GET",
        &format!("@/cardowners/{UNKNOWN}/doors"),
        &json!({}),
    );
    let open = format!("{doors}/{}/open", ids[0]);
    office.data("POST", &open, &json!({"timeout": 5000}));
    office.refuses(INVALID, "POST", &open, &json!({"timeout": 0}));

    let patched = office.data("PATCH", &grant, &replace("/DISABLED", json!(true)));
    assert_eq!(patched["accessGrant"]["disabled"], true);
    office.refuses(INVALID, "PATCH", &grant, &replace("/REVOKED", json!(true)));
    office.data("DELETE", &grant, &json!({}));
    office.refuses(CONFLICT, "DELETE", &grant, &json!({}));
    let ids = json!({"grantIds": [many["grants"][0]["grantId"]]});
    office.data("DELETE", "@/accessgrants/revokemultiple", &ids.clone());
    office.refuses(CONFLICT, "DELETE", "@/accessgrants/revokemultiple", &ids);
}

fn obtained(office: &mut Office) {
    let published = office.alliera.publish(party(1).partner).unwrap();
    let groups = published["accessGroups"].as_array().unwrap();
    assert_eq!(groups.len(), 3);
    assert_eq!(groups[0]["accessGroupName"], "Entrance");
    assert_eq!(groups[0]["accessGroupId"], office.groups()[0]);
    let body = json!({
        "cardOwners": [{"familyName": "Guest", "specificName": "A", "cards": [{"cardName": "Loan", "cardNumbers":
            [{"format": "MifareUID[XR]", "number": "0BADCAFE"}]}]}],
        "periodOfValidityMinutes": 60, "ticketIdentifier": "T-1",
        "accessGroups": [wanted(&groups[0]["accessGroupId"])],
    });
    assert_eq!(
        office.data("POST", "/accessgroups/ObtainAccess", &body.clone())["success"],
        true
    );
    office.refuses(CONFLICT, "POST", "/accessgroups/ObtainAccess", &body);
}

fn deliveries(office: &mut Office) {
    let boxes = office.each("/deliveries/packageboxes", "packageBoxes", "packageBoxId");
    office.refuses(
        INVALID,
        "GET",
        "/deliveries/packageboxes?limit=99",
        &json!({}),
    );
    let path = format!("/deliveries/packageboxes/{}", boxes[0]);
    assert_eq!(
        office.get(&path)["packageBox"]["boxSizes"],
        json!([0, 1, 2, 3])
    );
    let unknown = format!("/deliveries/packageboxes/{UNKNOWN}");
    office.refuses(MISSING, "GET", &unknown, &json!({}));
    let body = json!({
        "reserveFromDateTimeUtc": "2026-11-29 12:00:00", "reservationExpiryUtc": "2026-11-30 12:00:00",
        "sizes": [2], "recipient": {"emailAddress": "owner1@example.com"},
    });
    let reserved = office.data("POST", &format!("{path}/reserve"), &body.clone());
    assert_eq!(reserved["box"]["characteristics"]["boxSize"], 2);
    office.refuses(CONFLICT, "POST", &format!("{path}/reserve"), &body);
    let capabilities = "/deliveries/recipientcapabilities";
    let found = office.data("POST", capabilities, &json!({"mobilePhone": "46700000000"}));
    assert_eq!(found["city"], "Stockholm");
    office.refuses(
        MISSING,
        "POST",
        capabilities,
        &json!({"emailAddress": "x@example.com"}),
    );
    let found = office.data("GET", "@/renzrecipients", &json!({"systemIds": ["1"]}));
    assert_eq!(found["recipients"].as_array().unwrap().len(), 2);
    office.refuses(
        INVALID,
        "GET",
        "@/renzrecipients",
        &json!({"systemIds": ["one"]}),
    );
}

fn logs(office: &mut Office) {
    let logs = office.get("@/logs/2026-11-29T00:00:00/2026-11-30T00:00:00")["logs"].clone();
    assert!(logs.as_array().unwrap().len() > 5);
    office.refuses(
        INVALID,
        "GET",
        "@/logs/2026-11-29T00:00:00/2027-11-30T00:00:00",
        &json!({}),
    );
}
