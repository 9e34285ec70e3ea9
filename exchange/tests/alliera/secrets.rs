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
    let callback = json!({"callbacks": [{"domain": "Delivery", "eventType": "Created", "bearerToken": "918273",
        "callbackUrl": "https://example.com/", "headers": {"X-Key": "918273"}}]});
    let registered = office.data("POST", "/callbacks", &callback);
    let listed = office.get("/callbacks");
    let (_, refused) = office.ask("PATCH", &card, &replace("/PINCODE", json!("918273x")));
    for answer in [made, found, patched, registered, listed, refused] {
        assert!(!answer.to_string().contains("918273"), "{answer}");
    }
}

#[test]
fn events_hold_secrets_and_do_not_show_them() {
    let mut office = Office::new();
    let callback = json!({"callbacks": [{"domain": "Delivery", "eventType": "Created", "bearerToken": "token-918273",
        "callbackUrl": "https://example.com/", "headers": {"X-Key": "key-918273"}}]});
    let registered = office.data("POST", "/callbacks", &callback)["callbacks"][0].clone();
    // What was not given back is kept when it comes back empty.
    office.data("PUT", "/callbacks", &json!({"callbacks": [registered]}));
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
    let mut held = 0;
    for event in &office.events {
        match event {
            Event::Callback {
                bearer, headers, ..
            } => {
                assert_eq!(bearer.as_ref().unwrap().0, "token-918273");
                assert_eq!(headers[0].1.0, "key-918273");
                held += 1;
            }
            Event::PinSent { pin, .. } => {
                assert_eq!(pin.0, "918273");
                held += 1;
            }
            _ => {}
        }
    }
    assert_eq!(held, 2);
}
