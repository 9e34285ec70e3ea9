//! What goes to all who allow it, and is answered once (X-FANOUT).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use daxsign_exchange::message::Message;
use daxsign_exchange::record::{Asked, Ending, Store};
use daxsign_exchange::registry::Terms;
use daxsign_exchange::running::Attached;
use daxsign_exchange::{CorrelationId, Party};
use serde_json::json;
use uuid::Uuid;

use crate::made::*;

fn boxes(run: &Run<'_>) -> Ask {
    Ask {
        method: "GET",
        target: "/api/v2.0/deliveries/packageboxes".into(),
        body: r#"{"context":""}"#.into(),
        ..run.good()
    }
}

/// B and C promise A their deliveries.
fn promised(run: &Run<'_>) {
    run.register();
    run.agree(&terms(vec![allowing("deliveries.read")]));
    run.agree(&Terms {
        contract_id: Uuid::from_u128(8),
        promisor: c(),
        ..terms(vec![allowing("*")])
    });
}

/// A party takes its child and answers; which child it was.
fn answered(
    run: &Run<'_>,
    receiver: &Attached,
    (party, status, body): (Party, u16, &str),
) -> CorrelationId {
    let passed_on = next(receiver);
    let message = Message::read(&passed_on).unwrap();
    let child = message.once("X-Correlation-Id").unwrap().parse().unwrap();
    let answer = run.answer_of(party, &passed_on, (status, body), &key_of(party));
    receiver.answer(answer).unwrap();
    child
}

#[test]
fn each_receiver_has_an_exchange_of_its_own_and_the_sender_one_answer() {
    let world = World::new();
    let run = world.start();
    promised(&run);
    let (of_b, of_c) = (run.wire.attach(b(), 10), run.wire.attach(c(), 10));
    let ask = boxes(&run);
    let (id, answer) = run.ask(&ask).expect("it comes in");
    let enveloped = r#"{"data":{"packageBoxes":[{"boxId":"1"}]},"paging":{"totalCount":1}}"#;
    let bare = r#"{"correlationId":"x","packageBoxes":[{"boxId":"2"}],"paging":{"totalCount":4}}"#;
    let children = [
        answered(&run, &of_b, (b(), 200, enveloped)),
        answered(&run, &of_c, (c(), 200, bare)),
    ];
    let heard = heard(&answer);
    assert_eq!(heard.summary(), (200, "", true));
    assert_eq!(
        (heard.id, &*heard.body["correlationId"].to_string()),
        (id, &*format!("\"{id}\""))
    );
    let both = json!([{"boxId": "1"}, {"boxId": "2"}]);
    assert_eq!(heard.body["data"]["packageBoxes"], both);
    assert_eq!(heard.body["paging"]["totalCount"], 5);
    assert_ne!(children[0], children[1]);
    for (child, party) in children.iter().zip([b(), c()]) {
        let line = format!("{child}: 200 from {party}");
        assert!(
            heard.body["messages"].to_string().contains(&line),
            "{}",
            heard.body
        );
        assert_eq!(run.outcome(*child).unwrap().ending, Some(Ending::Answered));
        let said = run.evidence(*child);
        assert!(
            said.contains(&format!("as part of the exchange {id}")),
            "{said}"
        );
    }
    assert_eq!(run.hear(&ask).summary(), (409, "replayed", true));
    run.end();
}

#[test]
fn who_does_not_answer_is_named_and_keeps_nobody_from_the_others() {
    let world = World::new();
    let run = world.start();
    promised(&run);
    let of_b = run.wire.attach(b(), 10);
    let (_, answer) = run.ask(&boxes(&run)).expect("it comes in");
    let body = r#"{"data":{"packageBoxes":[]}}"#;
    let child = answered(&run, &of_b, (b(), 200, body));
    becomes(|| run.outcome(child).unwrap().ending == Some(Ending::Answered));
    assert!(answer.try_recv().is_err());
    run.pass(10);
    let told = heard(&answer);
    assert_eq!(told.summary(), (200, "", true));
    let line = format!("504 from {}", c());
    assert!(
        told.body["messages"].to_string().contains(&line),
        "{}",
        told.body
    );
    // Nobody at all.
    let (_, answer) = run.ask(&boxes(&run)).expect("it comes in");
    let child = answered(&run, &of_b, (b(), 404, "{}"));
    becomes(|| run.outcome(child).unwrap().ending == Some(Ending::Answered));
    run.pass(10);
    assert_eq!(heard(&answer).status, 404);
    run.end();
}

#[test]
fn only_those_are_asked_who_allow_it() {
    let world = World::new();
    let run = world.start();
    promised(&run);
    let (of_b, of_c) = (run.wire.attach(b(), 10), run.wire.attach(c(), 10));
    let reserve = Ask {
        method: "POST",
        target: format!(
            "/api/v2.0/deliveries/packageboxes/{}/reserve",
            Uuid::from_u128(1)
        ),
        body: r#"{"context":""}"#.into(),
        ..run.good()
    };
    let (_, answer) = run.ask(&reserve).expect("it comes in");
    answered(&run, &of_c, (c(), 200, r#"{"data":{"reservationId":"r"}}"#));
    let told = heard(&answer);
    assert_eq!(told.body["data"]["reservationId"], "r");
    assert_eq!(of_b.try_next(), None);
    let of_nobody = Ask {
        token: b(),
        key: b(),
        ..boxes(&run)
    };
    assert_eq!(run.hear(&of_nobody).summary(), (403, "not-allowed", true));
    run.end();
}

#[test]
fn access_is_obtained_of_all_whose_groups_are_named_or_of_none() {
    let world = World::new();
    let run = world.start();
    run.register();
    run.agree(&terms(vec![allowing("obtain_access")]));
    let of = |parties: &[Party]| {
        let group = |party: &Party| {
            json!({
                "receivingPartnerId": party.partner.to_string(),
                "receivingAccessControlInstanceId": party.instance.to_string(),
                "remoteAccessGroupId": "7",
            })
        };
        let groups: Vec<_> = parties.iter().map(group).collect();
        let body = json!({
            "context": "", "cardOwners": [], "periodOfValidityMinutes": 5, "ticketIdentifier": "t",
            "accessGroups": groups,
        });
        Ask {
            target: "/api/v2.0/accessgroups/ObtainAccess".into(),
            body: body.to_string(),
            ..run.good()
        }
    };
    let (of_b, of_c) = (run.wire.attach(b(), 10), run.wire.attach(c(), 10));
    assert_eq!(run.hear(&of(&[])).summary(), (400, "invalid-request", true));
    let both = of(&[b(), c(), b()]);
    assert_eq!(run.hear(&both).summary(), (403, "not-allowed", true));
    assert_eq!((of_b.try_next(), of_c.try_next()), (None, None));

    run.agree(&Terms {
        contract_id: Uuid::from_u128(8),
        promisor: c(),
        ..terms(vec![allowing("*")])
    });
    run.pass(1);
    let says = |success: bool| json!({ "data": { "success": success } }).to_string();
    // It is obtained where everybody says so, whoever answers first.
    for (of_c_is, success, all) in [(200, true, true), (200, false, false), (500, true, false)] {
        let both = of(&[b(), c(), b()]);
        let (_, answer) = run.ask(&both).expect("it comes in");
        answered(&run, &of_b, (b(), 200, &says(true)));
        answered(&run, &of_c, (c(), of_c_is, &says(success)));
        let told = heard(&answer);
        assert_eq!(
            (told.status, &told.body["data"]["success"]),
            (200, &json!(all))
        );
        assert_eq!(
            (of_b.try_next(), of_c.try_next()),
            (None, None),
            "once each"
        );
        run.pass(1);
    }
    run.end();
}

/// With a date of its own, as a retry has one.
fn keyed(run: &Run<'_>) -> Ask {
    run.pass(1);
    Ask {
        idempotency: Some("key-1"),
        ..boxes(run)
    }
}

#[test]
fn a_retry_to_several_gets_the_same_answer_and_asks_nobody_again() {
    let world = World::new();
    let run = world.start();
    promised(&run);
    let (of_b, of_c) = (run.wire.attach(b(), 10), run.wire.attach(c(), 10));
    let (first, answer) = run.ask(&keyed(&run)).expect("it comes in");
    let child = answered(&run, &of_b, (b(), 200, r#"{"data":{"packageBoxes":[1]}}"#));
    // C has not answered.
    let early = run.hear(&keyed(&run));
    assert_eq!(early.summary(), (409, "in-work", true));
    assert!(early.body.to_string().contains(&first.to_string()));
    answered(&run, &of_c, (c(), 500, "{}"));
    let told = heard(&answer);
    assert_eq!((told.status, told.signed), (200, true));
    let again = run.hear(&keyed(&run));
    assert_eq!(
        (again.status, again.signed, &again.body),
        (200, true, &told.body)
    );
    assert_ne!(again.id, first);
    let mut other = keyed(&run);
    other.body = r#"{"context":"other"}"#.into();
    assert_eq!(
        run.hear(&other).summary(),
        (409, "idempotency-key-reused", true)
    );
    // Another instance's key is another key, and so is none.
    run.pass(1);
    run.end();

    // The next process tells the same.
    drop((of_b, of_c));
    let run = world.start();
    let (of_b, of_c) = (run.wire.attach(b(), 10), run.wire.attach(c(), 10));
    assert_eq!(run.hear(&keyed(&run)).body, told.body);
    let erased = run.running.ask(move |store| store.erase(child).unwrap());
    assert_eq!(erased, Some(true));
    assert_eq!(run.hear(&keyed(&run)).summary(), (410, "erased", true));
    assert_eq!((of_b.try_next(), of_c.try_next()), (None, None));
    run.end();
}

#[test]
fn a_request_to_several_that_a_process_did_not_end_is_told_by_its_children() {
    let world = World::new();
    let run = world.start();
    promised(&run);
    let of_b = run.wire.attach(b(), 10);
    let (first, answer) = run.ask(&keyed(&run)).expect("it comes in");
    let child = answered(&run, &of_b, (b(), 200, r#"{"data":{"packageBoxes":[1]}}"#));
    becomes(|| run.outcome(child).unwrap().ending == Some(Ending::Answered));
    // C is away. What is on disk now is what a process leaves that is killed.
    let left = World {
        seconds: Arc::new(AtomicI64::new(world.seconds.load(Ordering::SeqCst))),
        ids: AtomicU8::new(100),
        ..World::new()
    };
    for file in std::fs::read_dir(world.folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), left.folder.path().join(file.file_name())).unwrap();
    }
    assert!(answer.try_recv().is_err());
    run.pass(10);
    run.end();
    let run = left.start();
    run.pass(60);
    becomes(|| {
        let asked = Asked::Correlation(first);
        let fan = run.running.ask(move |store| store.fan(a().instance, asked));
        !fan.unwrap().unwrap().expect("on record").open
    });
    let told = run.hear(&keyed(&run));
    assert_eq!((told.status, told.signed), (200, true), "{}", told.body);
    assert_eq!(told.body["data"]["packageBoxes"], json!([1]));
    let line = format!("504 from {}", c());
    assert!(told.body.to_string().contains(&line), "{}", told.body);
    run.end();
}

#[test]
fn what_became_of_a_request_to_several_is_told_with_its_children_to_who_asked() {
    let world = World::new();
    let run = world.start();
    promised(&run);
    let of_b = run.wire.attach(b(), 10);
    let ask = boxes(&run);
    let name = ask.signed().1;
    let (id, answer) = run.ask(&ask).expect("it comes in");
    let child = answered(&run, &of_b, (b(), 200, "{}"));
    let outcome = |party: Party, of: &str| {
        run.pass(1);
        run.hear(&Ask {
            method: "GET",
            target: format!("/exchange/v1/outcome/{of}"),
            body: "{}".into(),
            token: party,
            key: party,
            ..run.good()
        })
    };
    becomes(|| run.outcome(child).unwrap().ending == Some(Ending::Answered));
    let told = outcome(a(), &id.to_string());
    assert_eq!((told.status, told.signed), (200, true));
    assert_eq!(told.body["data"]["state"], "inWork", "{}", told.body);
    run.pass(10);
    assert_eq!(heard(&answer).status, 200);
    let by_name = BASE64_URL_SAFE_NO_PAD.encode(name.0);
    for of in [id.to_string(), by_name] {
        let told = outcome(a(), &of);
        let data = &told.body["data"];
        assert_eq!(data["correlationId"], id.to_string(), "{}", told.body);
        assert_eq!(
            (&data["state"], &data["mayHaveLeft"]),
            (&json!("answered"), &json!(true))
        );
        let of_b = &data["children"][0];
        assert_eq!(of_b["correlationId"], child.to_string());
        assert_eq!(of_b["receiver"], b().to_string());
        assert_eq!(of_b["state"], "answered");
        let of_c = &data["children"][1];
        assert_eq!(of_c["receiver"], c().to_string());
        assert_eq!(
            (&of_c["state"], &of_c["mayHaveLeft"]),
            (&json!("expired"), &json!(false))
        );
        assert_eq!(data["children"].as_array().unwrap().len(), 2);
    }
    for stranger in [b(), c()] {
        assert_eq!(outcome(stranger, &id.to_string()).status, 404);
    }
    run.end();
}
