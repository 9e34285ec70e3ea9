//! B is the stand-in for an Alliera, served on a thread; A asks it through the exchange.

use std::sync::{Arc, Mutex, mpsc};

use daxsign_exchange::alliera::{Alliera, Attendant, Seed, Settings, Zone, serve};
use daxsign_exchange::deciding::Schemas;
use daxsign_exchange::message::{AnswerRead, Asked, Message};
use daxsign_exchange::record::*;
use serde_json::Value;

use crate::made::*;

fn office(world: &World) -> Attendant {
    let settings = Settings {
        party: b(),
        partner_name: "Office B".into(),
        name: "Alliera B".into(),
        zone: Zone::named("Europe/Stockholm").unwrap(),
    };
    let schemas = Arc::new(Schemas::new().unwrap());
    let mut alliera = Alliera::in_memory(settings, schemas).unwrap();
    alliera.seed(&Seed::small(1), world.now()).unwrap();
    alliera.release_everything(a()).unwrap();
    let exchange = Holder::new("rsa2048").key.public_key().clone();
    Attendant::new(alliera, Holder::new("rsa4096").key, vec![exchange])
}

#[test]
fn requests_go_through_the_exchange_to_an_alliera_and_its_signed_answers_come_back() {
    let world = World::new();
    let run = world.start();
    let (events, console) = mpsc::channel();
    let attached = run.wire.attach(b(), 10);
    let now = world.now();
    let serving = serve(
        attached,
        Arc::new(Mutex::new(office(&world))),
        Arc::new(move || now),
        Box::new(move |told| events.send(told).unwrap()),
    );
    let instance = format!(
        "/api/v2.0/partners/{}/instances/{}",
        b().partner,
        b().instance
    );
    let mut number = 0;
    let mut ask = |target: &str, body: &str| -> Value {
        number += 1;
        let asked = world.request_with(target, None, body);
        let told = told(&run.ask(id(number), &asked.bytes));
        let answer = told.message().expect("signed");
        let message = Message::read(&answer).unwrap();
        let keys = [world.exchange.key.public_key()];
        let paired = Asked {
            name: asked.name,
            target,
            correlation: Some(id(number)),
        };
        let read = AnswerRead::verify(&message, &keys, &paired, world.now()).unwrap();
        assert_eq!(
            run.outcome(id(number)).unwrap().ending,
            Some(Ending::Answered)
        );
        let body: Value = serde_json::from_slice(read.body).unwrap();
        assert_eq!(body["statusCode"], read.status);
        assert_eq!(body["correlationId"], id(number).to_string());
        body
    };
    let owner = r#"{"familyName": "Ek", "specificName": "Ada", "folderId": 1, "attributes": {}}"#;
    let made = ask(&format!("{instance}/cardowners"), owner);
    let owner = made["data"]["cardOwner"]["cardOwnerId"].as_str().unwrap();
    let group = r#"{"name": "Attic", "parentFolderId": 99}"#;
    assert_eq!(
        ask(&format!("{instance}/folders"), group)["statusCode"],
        404
    );
    let open = format!("{instance}/cardowners/{owner}/doors/{owner}/open");
    assert_eq!(ask(&open, "{}")["statusCode"], 404);
    assert_eq!(ask("/api/v2.0/nothing", "{}")["statusCode"], 404);
    run.end();
    serving.unwrap().join().unwrap();
    assert_eq!(console.try_iter().count(), 0);
}
