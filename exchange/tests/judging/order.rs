//! X-REST: what allows a request, and each refusal in its turn.

use daxsign_core::{Components, HeaderField, Options, Profile, Request, RequestSigner, TargetForm};
use daxsign_exchange::deciding::MAX_HEAD_LEN;
use daxsign_exchange::message::{ForwardRead, Message};
use daxsign_exchange::record::Ending;
use daxsign_exchange::registry::Candour;
use uuid::Uuid;

use crate::made::*;

#[test]
fn what_a_clause_allows_goes_on_and_the_record_names_the_clause() {
    let world = World::new();
    let run = world.agreed(vec![
        allowing("cards.write"),
        clause("AddCardsClause", "MaxCardsInOneRequest", "1"),
    ]);
    let receiver = run.wire.attach(b(), 10);
    let ask = run.good();
    let (id, answer) = run.ask(&ask).expect("it comes in");
    let passed_on = next(&receiver);
    let message = Message::read(&passed_on).unwrap();
    let exchange = exchange_key();
    let read = ForwardRead::verify(&message, &[exchange.public_key()], &b(), world.now()).unwrap();
    assert_eq!((read.sender, read.contract), (a(), contract()));
    assert_eq!(
        (read.target, read.body),
        (&*ask.target, ask.body.as_bytes())
    );
    assert_eq!(read.deadline, at(10));
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    let heard = heard(&answer);
    assert_eq!((heard.status, heard.signed), (201, true));
    let field = |name| heard.fields.iter().find(|(found, _)| *found == name);
    let registry = run.shared.snapshot();
    let certificate = registry.counting(a(), world.now()).next().unwrap();
    assert_eq!(
        field("X-Dax-CertificateThumbprint").unwrap().1,
        certificate.short_thumbprint
    );
    assert_eq!(field("X-Dax-Context").unwrap().1, "moving in");
    let said = run.evidence(id);
    let clause = "version 2: OperationClause/Operation/cards.write";
    assert!(
        said.contains(&format!("allowed by contract {}, {clause}", contract())),
        "{said}"
    );
    run.end();
}

/// Each request is wrong in one thing more than the one before, which is judged earlier: the name is that of the last.
#[test]
fn the_checks_stand_in_their_order() {
    let world = World::new();
    let run = world.agreed(vec![allowing("cards.write"), allowing("cards.read")]);
    let receiver = run.wire.attach(b(), 10);
    let mut ask = run.good();
    ask.idempotency = Some("key");
    assert_eq!(run.complete(&receiver, &ask).status, 201);
    run.pass(1);
    ask.date = world.now();
    ask.body = ask.body.replace("moving in", "moving out");
    assert_eq!(
        run.hear(&ask).summary(),
        (409, "idempotency-key-reused", true)
    );
    ask.target = at_b("organizations");
    ask.body = r#"{"context":"","name":"office"}"#.into();
    let clause = run.hear(&ask);
    assert_eq!(clause.summary(), (403, "not-allowed", true));
    ask.body = r#"{"name":7}"#.into();
    assert_eq!(run.hear(&ask).summary(), (400, "invalid-request", true));
    ask.target = ask
        .target
        .replace(&b().instance.to_string(), &c().instance.to_string());
    assert_eq!(run.hear(&ask).summary(), (403, "not-allowed", true));
    ask.target = "/api/v2.0/nothing".into();
    let refused = run.hear(&ask);
    assert_eq!(refused.summary(), (404, "not-found", true));
    assert_eq!(refused.body["title"], "Not Found");
    // The same bytes again.
    let replayed = run.hear(&ask);
    assert_eq!(replayed.summary(), (409, "replayed", true));
    let leaves = run.leaves();
    ask.other_key = Some(0);
    assert_eq!(run.hear(&ask).summary(), (401, "signature-mismatch", false));
    ask.date = at(-400);
    assert_eq!(run.hear(&ask).summary(), (401, "stale-date", false));
    ask.content_type = "text/json";
    assert_eq!(
        run.hear(&ask).summary(),
        (400, "invalid-content-type", false)
    );
    ask.token = party(0xD);
    let unknown = run.hear(&ask);
    assert_eq!(unknown.summary(), (401, "invalid-token", false));
    // What came after a signature is on record, with its check; the rest is not.
    assert_eq!(run.leaves(), leaves);
    for (id, check) in [
        (
            clause.id,
            "error[not-allowed]: no clause of the contract allows the operation",
        ),
        (refused.id, "error[not-found]"),
        (replayed.id, "replayed"),
    ] {
        assert_eq!(run.outcome(id).unwrap().ending, Some(Ending::Refused));
        let said = run.evidence(id);
        assert!(said.contains(check), "{check}: {said}");
    }
    assert_eq!(receiver.try_next(), None);
    run.end();
}

#[test]
fn sizes_come_first_and_the_rate_of_an_instance_behind_its_token() {
    let mut world = World::new();
    // Offer and signature are requests of A and B.
    world.rate = 2;
    let run = world.agreed(vec![allowing("*")]);
    let mut ask = run.good();
    ask.target = at_b("nothing");
    let long: &'static str = "x".repeat(MAX_HEAD_LEN).leak();
    ask.extra = vec![("X-Long", long)];
    ask.content_type = "text/json";
    assert_eq!(run.hear(&ask).summary(), (431, "too-large", false));
    let limited = run.hear(&ask);
    assert_eq!(limited.summary(), (429, "rate-limit", false));
    // The others' rates are theirs.
    ask.token = c();
    assert_eq!(run.hear(&ask).summary(), (431, "too-large", false));
    run.end();
}

#[test]
fn in_production_one_403_is_told_of_everything_that_others_agreed() {
    let mut world = World::new();
    world.candour = Candour::Production;
    let run = world.agreed(vec![allowing("cards.read")]);
    let mut bodies = Vec::new();
    for (partner, instance, why) in [
        (
            b().partner,
            b().instance,
            "no clause of the contract allows",
        ),
        (c().partner, c().instance, "no contract gives access"),
        (
            b().partner,
            Uuid::from_u128(99),
            "the partner has no such instance",
        ),
        (
            Uuid::from_u128(99),
            Uuid::from_u128(99),
            "there is no such partner",
        ),
    ] {
        let ask = Ask {
            target: format!("/api/v2.0/partners/{partner}/instances/{instance}/cards"),
            ..run.good()
        };
        let refused = run.hear(&ask);
        assert_eq!(refused.summary(), (403, "not-allowed", true));
        let mut body = refused.body;
        body["correlationId"] = "".into();
        bodies.push(body);
        let said = run.evidence(refused.id);
        assert!(said.contains(why), "{why}: {said}");
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    run.end();
}

#[test]
fn what_is_not_offered_is_said_so() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let ask = Ask {
        method: "GET",
        target: "/api/v2.0/callbacks".into(),
        body: r#"{"context":""}"#.into(),
        ..run.good()
    };
    assert_eq!(run.hear(&ask).summary(), (501, "not-offered", true));
    run.end();
}

/// A request of A for B's card owners, signed with its query.
fn signed_with_its_query(run: &Run<'_>) -> Vec<u8> {
    let ask = Ask {
        method: "GET",
        target: at_b("cardowners?limit=5"),
        body: "{}".into(),
        ..run.good()
    };
    let fields = [
        ("Date", ask.date.format().unwrap().to_string()),
        ("Content-Type", ask.content_type.to_owned()),
        ("Content-Length", ask.body.len().to_string()),
    ];
    let headers = fields
        .each_ref()
        .map(|(name, value)| HeaderField::new(*name, value));
    let request = Request::new(ask.method, &ask.target, &headers, &ask.body);
    let options = Options {
        target: TargetForm::Full,
        ..Options::DAX
    };
    let (key, mut out) = (key_of(a()), [0; 4096]);
    let signer = RequestSigner::new(&key, Profile::Documented).options(options);
    let list = Components::default_for(&request);
    let signature = signer.components(list).sign(&request, &mut out).unwrap();
    let lines = fields
        .each_ref()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let head = format!(
        "GET {} HTTP/1.1\r\n{}Signature: {signature}\r\n\r\n{}",
        ask.target,
        lines.concat(),
        ask.body
    );
    head.into_bytes()
}

fn messages(heard: &Heard) -> Vec<&str> {
    let messages = heard.body["messages"].as_array().unwrap();
    messages.iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn the_sandbox_explains_a_signature_that_does_not_hold() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let bytes = signed_with_its_query(&run);
    let heard_of = heard(&run.incoming(run.fresh_id(), a(), bytes));
    assert_eq!(heard_of.summary(), (401, "signature-mismatch", false));
    let told = messages(&heard_of);
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(
        told[1],
        "explain[mistake]: the signer signed the target with its query (profile documented)"
    );
    assert!(
        told[2].starts_with("explain[difference]: at byte "),
        "{told:?}"
    );
    assert!(told[2].contains("?limit=5"), "{told:?}");
    let expected = format!(
        "explain[expected]: the string to sign is \"(request-target): get {}\\n",
        at_b("cardowners")
    );
    assert!(told[3].starts_with(&expected), "{told:?}");
    for (ask, mistake) in [
        (
            Ask {
                vendor_sdk: true,
                ..run.good()
            },
            "the signature is right under the profile vendor-sdk; this instance is registered for documented",
        ),
        (
            Ask {
                other_key: Some(0),
                ..run.good()
            },
            "no registered key of this instance made the signature",
        ),
    ] {
        let heard = run.hear(&ask);
        assert_eq!(heard.summary(), (401, "signature-mismatch", false));
        assert!(messages(&heard)[1].contains(mistake), "{}", heard.body);
    }
    let (mut bytes, _) = run.good().signed();
    *bytes.last_mut().unwrap() = b' ';
    let heard_of = heard(&run.incoming(run.fresh_id(), a(), bytes));
    assert!(
        messages(&heard_of)[1].contains("the key is right"),
        "{}",
        heard_of.body
    );
    run.end();
}

#[test]
fn production_explains_nothing() {
    let world = World {
        candour: Candour::Production,
        ..World::new()
    };
    let run = world.agreed(vec![allowing("*")]);
    let bytes = signed_with_its_query(&run);
    let id = run.fresh_id();
    let heard = heard(&run.incoming(id, a(), bytes));
    let told = messages(&heard);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("error[signature-mismatch]"), "{told:?}");
    assert_eq!(heard.body["correlationId"], id.to_string());
    assert!(!heard.body.to_string().contains("limit"), "{}", heard.body);
    run.end();
}
