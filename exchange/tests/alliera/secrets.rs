//! PINs and tokens are nowhere but where they are used.

use daxsign_exchange::alliera::Event;
use serde_json::json;

use crate::made::{Office, replace};

#[test]
fn no_answer_gives_a_pin_or_a_token_back() {
    let mut office = Office::new();
    let body = json!({
        "familyName": "Secret", "specificName": "One", "folderId": 1, "attributes": {}, "pinCode": "918273",
        "cards": [{"name": "Card"}],
    });
    let made = office.data("POST", "@/cardowners", &body);
    let owner = format!(
        "@/cardowners/{}",
        made["cardOwner"]["cardOwnerId"].as_str().unwrap()
    );
    let found = office.get(&format!("{owner}?expand=cards"));
    let card = format!(
        "@/cards/{}",
        found["cardOwner"]["cards"][0]["cardId"].as_str().unwrap()
    );
    let patched = office.data("PATCH", &card, &replace("/PINCODE", json!("918273")));
    let (_, refused) = office.ask("PATCH", &card, &replace("/PINCODE", json!("918273x")));
    for answer in [made, found, patched, refused] {
        assert!(!answer.to_string().contains("918273"), "{answer}");
    }
}

#[test]
fn events_hold_secrets_and_do_not_show_them() {
    let mut office = Office::new();
    let package_box = office
        .each("/deliveries/packageboxes", "packageBoxes", "packageBoxId")
        .remove(0);
    let body = json!({
        "reserveFromDateTimeUtc": "2026-11-29 11:00:00", "reservationExpiryUtc": "2026-11-30 11:00:00",
        "pinCode": "918273", "recipient": {"mobilePhone": "+46700000000"},
    });
    office.data(
        "POST",
        &format!("/deliveries/packageboxes/{package_box}/reserve"),
        &body,
    );
    assert!(!format!("{:?}", office.events).contains("918273"));
    let told = office.events.iter().filter_map(|event| match event {
        Event::PinSent { pin, .. } => Some((pin.0.as_str(), event.to_string())),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "918273");
    // The console stands in for the recipient.
    assert!(told[0].1.contains("918273"), "{}", told[0].1);
}
