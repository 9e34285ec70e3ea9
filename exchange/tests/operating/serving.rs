//! The doors of a served exchange, asked by curl: a token, a request that is signed, what came of it, and the end.

use daxsign_exchange::record::{Pins, verify_evidence};

use crate::caller::{Ask, Caller, Sender, field};
use crate::made::{Exchange, done, shown};

#[test]
fn a_request_comes_in_by_https_and_what_is_revoked_signs_nothing_more() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let Sender { token, key, .. } = caller.sender("alpha", "rsa2048");
    let answer = caller.ask(&token, &key);
    let head = answer
        .split("\r\n\r\n")
        .next()
        .expect("a head")
        .to_ascii_lowercase();
    assert!(head.contains(" 200"), "{answer}");
    assert!(
        head.contains("signature: ") && head.contains("x-correlation-id: "),
        "{head}"
    );

    // Another's key, and then one that is revoked.
    let answer = caller.ask(&token, &crate::made::key("rsa3072"));
    assert!(
        answer
            .lines()
            .next()
            .is_some_and(|line| line.contains(" 401")),
        "{answer}"
    );
    let listed = exchange.ask_json(&["certificate", "list"]);
    let thumbprint = listed[0]["thumbprint"].as_str().expect("a hash");
    exchange.ask(&["certificate", "revoke", thumbprint]);
    let answer = caller.ask(&token, &key);
    assert!(
        answer
            .lines()
            .next()
            .is_some_and(|line| line.contains(" 401")),
        "{answer}"
    );
    served.end();
    done(&["fsck", exchange.path()]);
}

#[test]
fn what_is_in_work_when_it_is_asked_to_end_has_its_end_and_its_sender_is_told() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let (a, b) = caller.two();
    caller.agree(&a, &b);
    let size = || {
        let checkpoint = exchange.ask(&["checkpoint"]);
        let size = checkpoint.lines().nth(1).map(str::parse::<u64>);
        size.expect("a size").expect("a number")
    };
    let before = size();
    let target = b.cards();
    let ask = Ask::card(&target);
    let (status, answer) = std::thread::scope(|scope| {
        // Nobody is connected who answers it.
        let asking = scope.spawn(|| caller.told(&a, ask));
        let since = std::time::Instant::now();
        while size() == before {
            assert!(since.elapsed() < crate::made::PATIENCE, "it never came in");
        }
        served.end();
        asking.join().expect("it is told")
    });
    assert_eq!(status, "504", "{answer}");
    assert!(field(&answer, "Signature").is_some(), "{answer}");
    let id = field(&answer, "X-Correlation-Id").expect("an id");
    done(&["fsck", exchange.path()]);
    let served = exchange.serve();
    assert_eq!(exchange.ask_json(&["outcome", id])["outcome"], "expired");
    served.end();
}

#[test]
fn a_disk_that_takes_no_more_loses_nothing_that_a_sender_was_told() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let a = Caller::new(&exchange, &line).sender("alpha", "rsa2048");
    served.end();
    let (served, line) = exchange.serve_told_within(1_500);
    let caller = Caller::new(&exchange, &line);
    // Each is an event, with what it said.
    let mut on_record = Vec::new();
    let last = loop {
        assert!(on_record.len() < 100, "the disk is full by now");
        let body = format!("{}{}", on_record.len(), " ".repeat(100_000));
        let ask = Ask {
            method: "POST",
            target: "/api/v2.0/nothing",
            body: &body,
        };
        match caller.told(&a, ask) {
            (status, answer) if status == "404" => {
                on_record.push(
                    field(&answer, "X-Correlation-Id")
                        .expect("an id")
                        .to_owned(),
                );
            }
            (status, _) => break status,
        }
    };
    // It is told so, or to ask for the outcome where the exchange had to end.
    assert!(["503", "504", ""].contains(&&*last), "{last}");
    assert!(on_record.len() > 3, "{on_record:?}");
    served.kill();
    let served = exchange.serve();
    for id in &on_record {
        assert_eq!(exchange.ask_json(&["outcome", id])["outcome"], "refused");
        let file = exchange.place.path().join(format!("{id}.json"));
        exchange.ask(&["evidence", id, "--out", shown(&file)]);
        let evidence = std::fs::read(&file).expect("evidence");
        let report = verify_evidence(&evidence, &Pins::new()).expect("it holds");
        assert!(!report.statements.is_empty());
    }
    served.end();
    done(&["fsck", exchange.path()]);
}
