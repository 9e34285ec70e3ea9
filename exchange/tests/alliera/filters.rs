//! What lists hold.

use serde_json::{Value, json};

use crate::made::Office;

#[track_caller]
fn count(office: &mut Office, query: &str) -> usize {
    office.owners_by(query).len()
}

impl Office {
    fn owners_by(&mut self, query: &str) -> Vec<String> {
        self.each(
            &format!("@/cardowners?{query}"),
            "cardOwners",
            "cardOwnerId",
        )
    }

    fn named(&mut self, family: &str, attributes: Value) -> String {
        let mut body = json!({"familyName": family, "specificName": "Given", "folderId": 3});
        body["attributes"] = attributes;
        let made = self.data("POST", "@/cardowners", &body);
        made["cardOwner"]["cardOwnerId"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

#[test]
fn owners_by_id_name_folder_organization() {
    let mut office = Office::new();
    let owners = office.owners();
    let first = office.named("Öberg", json!({}));
    let upper = owners[3].to_uppercase();
    assert_eq!(
        office.owners_by(&format!("idfilter={upper},{first}")),
        [owners[3].clone(), first.clone()]
    );
    assert_eq!(office.owners_by("nameFilter=%C3%96berg"), [first.as_str()]);
    assert_eq!(count(&mut office, "nameFilter=%C3%96ber"), 0);
    assert_eq!(count(&mut office, "nameFilter=%C3%B6berg"), 0);
    assert_eq!(count(&mut office, "nameFilter=Given,Nobody"), 1);
    assert_eq!(count(&mut office, "folderFilter=2"), 6);
    assert_eq!(count(&mut office, "folderFilter=2,3"), 13);
    let organizations = office.each("@/organizations", "organizations", "id");
    assert_eq!(
        count(
            &mut office,
            &format!("organisationFilter={}", organizations[0])
        ),
        6
    );
    assert_eq!(
        count(
            &mut office,
            &format!("folderFilter=3&organisationFilter={}", organizations[0])
        ),
        0
    );
}

#[test]
fn owners_by_attributes_of_which_all_must_match() {
    let mut office = Office::new();
    let one = office.named("One", json!({"floor": "3", "door": "1301", "gone": null}));
    let two = office.named("Two", json!({"floor": "3", "door": "1302"}));
    assert_eq!(
        office.owners_by("attributeFilter=floor=3"),
        [one.clone(), two.clone()]
    );
    assert_eq!(
        office.owners_by("attributeFilter=floor=3,door=1302"),
        [two.as_str()]
    );
    assert_eq!(
        office.owners_by("attributeFilter=floor%3D3,door"),
        [one.clone(), two.clone()]
    );
    assert_eq!(
        office.owners_by("attributeFilter=door=null"),
        [one.clone(), two]
    );
    assert_eq!(count(&mut office, "attributeFilter=gone"), 0);
    assert_eq!(count(&mut office, "attributeFilter=floor=3,floor=4"), 0);
    assert_eq!(count(&mut office, "attributeFilter=floor=3,floor"), 2);
    // However often a pair stands there, it is looked for once; and nobody has more than 50 attributes.
    let often =
        |pair: &str, times: usize| format!("attributeFilter={}", vec![pair; times].join(","));
    assert_eq!(count(&mut office, &often("floor=3", 400)), 2);
    let keys: Vec<String> = (0..51).map(|key| format!("k{key}")).collect();
    assert_eq!(count(&mut office, &often(&keys[..50].join(","), 1)), 0);
    let target = format!("@/cardowners?{}", often(&keys.join(","), 1));
    let (status, answer) = office.ask("GET", &target, &json!({}));
    assert_eq!(status, 400, "{answer}");
    let told = answer["message"].as_str().unwrap();
    assert!(told.contains("50 pairs at most"), "{told}");
    let got = office.get(&format!("@/cardowners/{one}?selectedAttributes=door,none"));
    assert_eq!(got["cardOwner"]["attributes"], json!({"door": "1301"}));
    assert_eq!(
        office.get(&format!("@/cardowners/{one}"))["cardOwner"]["attributes"],
        Value::Null
    );
}

#[test]
fn an_unknown_word_of_expand_is_refused_with_those_that_there_are() {
    let mut office = Office::new();
    let owner = office.owners().remove(0);
    let card = office.each("@/cards", "cards", "cardId").remove(0);
    let mut cases = 0;
    for (target, known) in [
        ("@/cardowners".to_owned(), "cards, postbox"),
        (format!("@/cardowners/{owner}"), "cards, postbox"),
        ("@/cards".to_owned(), "codes"),
        (format!("@/cards/{card}"), "codes"),
    ] {
        let words = known.replace(", ", ",");
        office.get(&format!("{target}?expand={words}"));
        for wrong in ["card", "Cards", &format!("{words},doors"), "%20"] {
            let (status, answer) =
                office.ask("GET", &format!("{target}?expand={wrong}"), &json!({}));
            assert_eq!(status, 400, "{target} {wrong}: {answer}");
            let told = answer["message"].as_str().unwrap();
            assert!(told.ends_with(&format!(" are {known}")), "{told}");
            cases += 1;
        }
    }
    println!("{cases} lists with an unknown word");
    assert_eq!(cases, 16);
}

#[test]
fn other_lists_by_id_and_folder() {
    let mut office = Office::new();
    let cards = office.each("@/cards", "cards", "cardId");
    let query = format!("@/cards?idFilter={},{}&expand=codes", cards[2], cards[1]);
    let found = office.get(&query)["cards"].clone();
    assert_eq!(
        (&found[0]["cardId"], &found[1]["cardId"]),
        (&json!(cards[1]), &json!(cards[2]))
    );
    assert_eq!(found[0]["codes"][0]["format"], "MifareUID[XR]");
    assert_eq!(
        office.each("@/folders?idFilter=3,1,77", "folders", "name"),
        ["Office", "Second floor"]
    );
    assert_eq!(
        office.each("@/accessgroups?folderIds=3", "accessGroups", "name"),
        ["Second floor"]
    );
    assert_eq!(
        office
            .each("@/organizations?folderIdFilter=1", "organizations", "name")
            .len(),
        2
    );
    let owner = office.owners().remove(0);
    let grants = office.each(
        &format!("@/accessgrants?cardOwnerFilter={owner}"),
        "grants",
        "grantId",
    );
    assert_eq!(grants.len(), 2);
    assert_eq!(
        office.each(
            &format!("@/accessgrants?idFilter={}", grants[1]),
            "grants",
            "grantId"
        ),
        [grants[1].clone()]
    );
}
