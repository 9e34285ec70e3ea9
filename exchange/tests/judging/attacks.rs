//! What is tried against the exchange by those who have a token, a key, or others' messages.

use daxsign_core::Sha256;
use daxsign_exchange::deciding::OwnAnswer;
use daxsign_exchange::message::{AnswerRead, Asked, Message};
use daxsign_exchange::registry::{Change, RegistryProblem, StoreProblem};

use crate::made::*;

#[test]
fn another_instances_token_with_ones_own_signature_is_refused() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let leaves = run.leaves();
    let stolen = Ask {
        key: c(),
        ..run.good()
    };
    assert_eq!(
        run.hear(&stolen).summary(),
        (401, "signature-mismatch", false)
    );
    let lent = Ask {
        token: c(),
        ..run.good()
    };
    assert_eq!(
        run.hear(&lent).summary(),
        (401, "signature-mismatch", false)
    );
    assert_eq!(run.leaves(), leaves, "nothing is on record of it");
    assert_eq!(receiver.try_next(), None);
    // C's own is C's own, for which there is no contract.
    let own = Ask {
        token: c(),
        key: c(),
        ..run.good()
    };
    assert_eq!(run.hear(&own).summary(), (403, "not-allowed", true));
    run.end();
}

#[test]
fn no_way_of_writing_a_path_leads_around_the_contract() {
    let world = World::new();
    let run = world.agreed(vec![allowing("cards.write")]);
    let receiver = run.wire.attach(b(), 10);
    let owners = at_b("cardowners");
    let (partner, instance) = (b().partner.to_string(), b().instance.to_string());
    // B's GUIDs have letters, in which cases could differ.
    assert!(partner.contains('b') && instance.contains('b'));
    let tricks = [
        at_b("cards/../cardowners"),
        at_b("cards/%2e%2e/cardowners"),
        at_b("cards%2F..%2Fcardowners"),
        at_b("cards;/cardowners"),
        at_b("cards%00"),
        at_b("cards#/cardowners"),
        at_b("cards\\..\\cardowners"),
        at_b("Cards"),
        at_b("cards/"),
        at_b("/cards"),
        at_b("c%61rds"),
        at_b("cards").replace(&instance, &instance.to_uppercase()),
        at_b("cards").replace(&partner, &partner.replace('-', "")),
        at_b("cards").replace(&partner, &format!("{{{partner}}}")),
        at_b("cards").replace("/partners", "%2Fpartners"),
        at_b("cards").replace("/api/v2.0", "/api/v2.0/./"),
        format!("//localhost{}", at_b("cards")),
    ];
    for target in tricks {
        let ask = Ask {
            target: target.clone(),
            ..run.good()
        };
        assert_eq!(
            run.hear(&ask).summary(),
            (404, "not-found", true),
            "{target}"
        );
    }
    let named = Ask {
        target: format!("{owners}?cards"),
        ..run.good()
    };
    assert_eq!(run.hear(&named).status, 400);
    assert_eq!(receiver.try_next(), None);
    run.end();
}

#[test]
fn a_method_is_what_stands_in_the_request_line() {
    let world = World::new();
    let run = world.agreed(vec![allowing("cards.write")]);
    let receiver = run.wire.attach(b(), 10);
    let mut ask = run.good();
    ask.extra = vec![
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Original-URL", "/api/v2.0/contracts"),
        ("X-Dax-Contract", "00000000-0000-0000-0000-000000000008"),
        ("X-Dax-Sender", "somebody/else"),
    ];
    let (_, answer) = run.ask(&ask).expect("it comes in");
    let passed_on = next(&receiver);
    let text = String::from_utf8(passed_on.clone()).unwrap();
    assert!(
        text.starts_with(&format!("POST {} HTTP/1.1\r\n", ask.target)),
        "{text}"
    );
    for (name, value) in &ask.extra {
        assert!(!text.contains(value), "{name}: {text}");
    }
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    assert_eq!(heard(&answer).status, 201);
    run.pass(1);
    for method in ["post", "HEAD", "TRACE", "PATCH"] {
        let ask = Ask {
            method,
            ..run.good()
        };
        assert_eq!(run.hear(&ask).status, 404, "{method}");
    }
    run.end();
}

#[test]
fn an_answer_or_a_callback_is_no_request() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let ask = run.good();
    let name = ask.signed().1;
    let (_, answer) = run.ask(&ask).expect("it comes in");
    let passed_on = next(&receiver);
    let answered = run.answer(&passed_on, &key_of(b()));
    receiver.answer(answered.clone()).unwrap();
    let told = answer.recv().unwrap();
    let returned = told.message().expect("signed");
    let leaves = run.leaves();
    // B's own signature, as a request of B; what the exchange signed, as one of A; what it passed on, as one of B.
    for (sender, bytes) in [(b(), &answered), (a(), &returned)] {
        let heard = heard(&run.incoming(run.fresh_id(), sender, bytes.clone()));
        assert_eq!(heard.summary(), (400, "invalid-method", false));
    }
    let heard_of = heard(&run.incoming(run.fresh_id(), b(), passed_on));
    assert_eq!((heard_of.status, heard_of.signed), (401, false));
    for method in ["ANSWER", "CALLBACK"] {
        let ask = Ask {
            method,
            ..run.good()
        };
        assert_eq!(run.hear(&ask).summary(), (400, "invalid-method", false));
    }
    assert_eq!(run.leaves(), leaves);
    // An answer to another request is none to this one.
    let other = Ask {
        target: at_b("cardowners"),
        ..run.good()
    };
    let message = Message::read(&returned).unwrap();
    let exchange = exchange_key();
    for (asked, fits) in [
        ((name, &ask.target), true),
        ((other.signed().1, &other.target), false),
    ] {
        let asked = Asked {
            name: asked.0,
            target: asked.1,
            correlation: None,
        };
        let read = AnswerRead::verify(&message, &[exchange.public_key()], &asked, world.now());
        assert_eq!(read.is_ok(), fits);
    }
    run.end();
}

#[test]
fn what_was_revoked_signs_nothing_more_and_what_was_accepted_before_runs_on() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let thumbprint = |party| {
        let registry = run.shared.snapshot();
        let found = registry.counting(party, world.now()).next();
        found.expect("a certificate").thumbprint
    };
    let (_, answer) = run.ask(&run.good()).expect("it comes in");
    let passed_on = next(&receiver);
    let revoke = Change::Revoke {
        thumbprint: thumbprint(a()),
    };
    run.shared.change(revoke, None).unwrap();
    run.pass(1);
    // Past the token too: on a connection that has been let in.
    assert_eq!(
        run.hear(&run.good()).summary(),
        (401, "no-certificate", false)
    );
    let late = heard(&run.incoming(run.fresh_id(), a(), run.good().signed().0));
    assert_eq!(late.summary(), (401, "no-certificate", false));
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    assert_eq!(heard(&answer).status, 201);
    run.end();
}

#[test]
fn a_client_certificate_that_no_longer_counts_lets_nobody_in() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let whose = |der: &[u8], seconds: i64| {
        let whose = run.entrance.by_certificate(der, at(seconds));
        whose.map_err(|refused| OwnAnswer::refusal(&refused, &run.about(run.fresh_id())).status)
    };
    let of_a = certificate(a(), &key_of(a()), 2);
    assert_eq!(whose(&of_a, 0), Ok(a()));
    let unknown = certificate(a(), &key_of(a()), 77);
    assert_eq!(whose(&unknown, 0), Err(401));
    // Before its time, and after it.
    assert_eq!(whose(&of_a, -1001), Err(401));
    assert_eq!(whose(&of_a, 30 * 86_400 + 1), Err(401));
    let thumbprint = Sha256::digest(&of_a);
    let revoke = Change::Revoke { thumbprint };
    run.shared.change(revoke, None).unwrap();
    assert_eq!(whose(&of_a, 0), Err(401));
    // Others' hold.
    let of_b = certificate(b(), &key_of(b()), 3);
    assert_eq!(whose(&of_b, 0), Ok(b()));
    run.end();
}

#[test]
fn a_key_that_is_somebody_elses_cannot_be_registered() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let foreign = Change::AddCertificate {
        party: a(),
        der: certificate(a(), &key_of(c()), 9),
    };
    let refused = run.shared.change(foreign, None);
    let expected = StoreProblem::Registry(RegistryProblem::ForeignKey);
    assert_eq!(refused, Err(expected));
    run.end();
}

#[test]
fn an_answer_by_a_revoked_certificate_is_no_result() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let (id, answer) = run.ask(&run.good()).expect("it comes in");
    let passed_on = next(&receiver);
    let registry = run.shared.snapshot();
    let thumbprint = registry
        .counting(b(), world.now())
        .next()
        .unwrap()
        .thumbprint;
    run.shared
        .change(Change::Revoke { thumbprint }, None)
        .unwrap();
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    assert_eq!(heard(&answer).summary(), (502, "answer-refused", true));
    let said = run.evidence(id);
    assert!(said.contains("the answer does not verify"), "{said}");
    run.end();
}

#[test]
fn a_token_that_was_withdrawn_lets_nobody_in() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let name = a().instance.to_string();
    run.shared
        .change(Change::RemoveCredential { name }, None)
        .unwrap();
    assert_eq!(
        run.hear(&run.good()).summary(),
        (401, "invalid-token", false)
    );
    run.end();
}

#[test]
fn what_the_authority_revoked_signs_nothing_nor_anything_once_its_list_is_old() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let take = |revoked: &[u8]| {
        let mut authority = run.authority.write().unwrap();
        authority.take_list(&list(revoked), world.now()).unwrap()
    };
    // A has the number 2, C the number 4.
    assert!(take(&[4]));
    assert_eq!(run.complete(&receiver, &run.good()).status, 201);
    let of_c = Ask {
        token: c(),
        key: c(),
        ..run.good()
    };
    assert_eq!(
        run.hear(&of_c).summary(),
        (401, "revoked-certificate", false)
    );
    run.pass(3_601);
    let old = run.hear(&run.good());
    assert_eq!(old.summary(), (401, "revoked-certificate", false));
    run.end();
}

#[test]
fn a_certificate_that_has_expired_signs_nothing() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    run.pass(30 * 86_400 + 1);
    assert_eq!(
        run.hear(&run.good()).summary(),
        (401, "no-certificate", false)
    );
    run.end();
}

#[test]
fn each_instance_signs_in_the_way_that_it_is_registered_with() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let vendor = |run: &Run<'_>| Ask {
        vendor_sdk: true,
        ..run.good()
    };
    assert_eq!(
        run.hear(&vendor(&run)).summary(),
        (401, "signature-mismatch", false)
    );
    let mut instance = run.shared.snapshot().instance(a()).unwrap().clone();
    instance.vendor_sdk = true;
    run.shared
        .change(Change::SetInstance(instance), None)
        .unwrap();
    assert_eq!(
        run.hear(&run.good()).summary(),
        (401, "signature-mismatch", false)
    );
    let (_, answer) = run.ask(&vendor(&run)).expect("it comes in");
    let passed_on = next(&receiver);
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    assert_eq!(heard(&answer).status, 201);
    run.end();
}

#[test]
fn a_signature_that_lists_the_token_or_a_key_for_retries_that_is_unsigned_is_refused() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let leaves = run.leaves();
    // Whoever verified it later would need the token.
    let text = String::from_utf8(run.good().signed().0).unwrap();
    for name in ["authorization", "Proxy-Authorization"] {
        let listed = text.replace(
            "(request-target) host",
            &format!("(request-target) {name} host"),
        );
        assert_ne!(listed, text);
        let told = heard(&run.incoming(run.fresh_id(), a(), listed.into_bytes()));
        assert_eq!(
            told.summary(),
            (400, "authorization-listed", false),
            "{name}"
        );
    }
    assert_eq!(run.leaves(), leaves);
    // Anybody on the way could have added it.
    let unsigned = || Ask {
        extra: vec![("X-Dax-Idempotency-Key", "key-1")],
        ..run.good()
    };
    let told = run.hear(&unsigned());
    assert_eq!(told.summary(), (400, "unsigned-idempotency-key", true));
    assert_eq!(receiver.try_next(), None);
    // Unless the instance's lists need not bind what they bind elsewhere.
    let mut instance = run.shared.snapshot().instance(a()).unwrap().clone();
    instance.interop = true;
    run.shared
        .change(Change::SetInstance(instance), None)
        .unwrap();
    run.pass(1);
    assert_eq!(run.complete(&receiver, &unsigned()).status, 201);
    run.end();
}

#[test]
fn what_is_asked_for_in_the_query_tells_requests_apart_that_have_one_signature() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let page = |limit: u32| Ask {
        method: "GET",
        target: at_b(&format!("cards?limit={limit}")),
        body: r#"{"context":""}"#.into(),
        ..run.good()
    };
    assert_eq!(
        page(1).signed().1,
        page(2).signed().1,
        "the query is not signed"
    );
    assert_eq!(run.complete(&receiver, &page(1)).status, 201);
    assert_eq!(run.complete(&receiver, &page(2)).status, 201);
    assert_eq!(run.hear(&page(1)).summary(), (409, "replayed", true));
    assert_eq!(run.hear(&page(2)).summary(), (409, "replayed", true));
    run.end();
}
