//! What is not released does not exist (X-RESOURCE).

use serde_json::{Value, json};

use crate::made::{MISSING, Office, party, replace};

#[test]
fn for_a_party_to_which_nothing_is_released_nothing_exists() {
    let mut office = Office::new();
    let (owner, group) = (office.owners().remove(0), office.groups().remove(0));
    let card = office.each("@/cards", "cards", "cardId").remove(0);
    let grant = office.each("@/accessgrants", "grants", "grantId").remove(0);
    let organization = office
        .each("@/organizations", "organizations", "id")
        .remove(0);
    let package_box = office
        .each("/deliveries/packageboxes", "packageBoxes", "packageBoxId")
        .remove(0);
    office.remote = party(3);
    let lists = [
        ("@/folders", "folders"),
        ("@/organizations", "organizations"),
        ("@/cardowners", "cardOwners"),
        ("@/cards", "cards"),
        ("@/accessgroups", "accessGroups"),
        ("@/accessgrants", "grants"),
        ("@/logs/2026-11-29T00:00:00/2026-11-30T00:00:00", "logs"),
        ("@/renzrecipients", "recipients"),
        ("/deliveries/packageboxes", "packageBoxes"),
    ];
    for (target, list) in lists {
        let (status, answer) = office.ask("GET", target, &json!({}));
        assert_eq!(
            (status, &answer["data"][list]),
            (200, &json!([])),
            "{target}"
        );
        assert!(answer["paging"].is_null() || answer["paging"]["totalCount"] == 0);
    }
    for target in [
        "@/folders/1".to_owned(),
        format!("@/organizations/{organization}"),
        format!("@/cardowners/{owner}"),
        format!("@/cardowners/{owner}/doors"),
        format!("@/cards/{card}"),
        format!("@/accessgroups/{group}"),
        format!("@/accessgrants/{grant}"),
        format!("/deliveries/packageboxes/{package_box}"),
        "@/pincode".to_owned(),
    ] {
        office.refuses(MISSING, "GET", &target, &json!({}));
    }
    let write = format!("@/cardowners/{owner}");
    office.refuses(
        MISSING,
        "PATCH",
        &write,
        &replace("/COMMENT", json!("Mine")),
    );
    office.refuses(MISSING, "DELETE", &write, &json!({}));
    let body = json!({"emailAddress": "owner1@example.com"});
    office.refuses(MISSING, "POST", "/deliveries/recipientcapabilities", &body);
}

#[test]
fn what_is_released_is_listed_for_operators() {
    let mut office = Office::new();
    let package_box = office
        .each("/deliveries/packageboxes", "packageBoxes", "packageBoxId")
        .remove(0);
    let listed = |office: &Office| -> Vec<String> {
        let all = office.alliera.released().unwrap();
        all.iter().map(ToString::to_string).collect()
    };
    let all = [
        format!("{} folder 1 Office", party(1)),
        format!("{} package box {package_box}", party(1)),
    ];
    assert_eq!(listed(&office), all);
    office.alliera.withdraw(party(1)).unwrap();
    assert!(listed(&office).is_empty());
}

#[test]
fn of_a_part_of_the_tree_no_other_is_told() {
    let mut office = Office::new();
    let all = office.owners();
    office.alliera.withdraw(party(1)).unwrap();
    office.alliera.release_folder(party(1), 2).unwrap();
    let folders = office.get("@/folders")["folders"].clone();
    assert_eq!(folders.as_array().unwrap().len(), 1);
    assert_eq!(folders[0]["path"], "First floor");
    assert_eq!(folders[0]["parentFolderId"], Value::Null);
    let seen = office.owners();
    assert!(!seen.is_empty() && seen.len() < all.len());
    // Their organizations lie elsewhere.
    let owner = office.get(&format!("@/cardowners/{}", seen[0]))["cardOwner"].clone();
    assert_eq!(owner.get("primaryOrganization"), None);
    let doors = office.get(&format!("@/cardowners/{}/doors", seen[1]))["doors"].clone();
    assert_eq!(doors.as_array().unwrap().len(), 1);
    let body = json!({"familyName": "A", "specificName": "B", "folderId": 3, "attributes": {}});
    office.refuses(MISSING, "POST", "@/cardowners", &body);
    let move_out = replace("/FOLDERID", json!(3));
    office.refuses(
        MISSING,
        "PATCH",
        &format!("@/cardowners/{}", seen[0]),
        &move_out,
    );
    for hidden in all.iter().filter(|id| !seen.contains(id)) {
        office.refuses(
            MISSING,
            "GET",
            &format!("@/cardowners/{hidden}"),
            &json!({}),
        );
    }
}

#[test]
fn another_instance_is_not_this_one() {
    let mut office = Office::new();
    let other = party(1);
    let target = format!(
        "/partners/{}/instances/{}/folders",
        other.partner, other.instance
    );
    office.refuses(MISSING, "GET", &target, &json!({}));
}
