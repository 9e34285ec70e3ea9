//! Evidence: what it says, and that nobody makes it say more.

use daxsign_exchange::record::*;

use crate::made::*;

fn sentences(report: &Report) -> Vec<String> {
    report.statements.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn says(report: &Report, grounds: Grounds, text: &str) {
    let found = report
        .statements
        .iter()
        .any(|statement| statement.grounds == grounds && statement.text.contains(text));
    assert!(found, "{text:?} is not said: {:#?}", sentences(report));
}

fn count(report: &Report, grounds: Grounds) -> usize {
    report
        .statements
        .iter()
        .filter(|statement| statement.grounds == grounds)
        .count()
}

#[test]
fn a_complete_exchange_is_proved_with_pins() {
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    let file = world.evidence(&mut store, id(1));
    let report = verify_evidence(&file, &world.pins()).unwrap();
    assert_eq!(report.correlation, id(1));
    let (a, b) = (party(1).to_string(), party(2).to_string());
    for text in [
        "the exchange signed that the log's key is exchange.test/record+",
        // The query is cut off: it is not signed.
        &format!(
            "{a} signed POST /api/v2.0/cards, dated 2023-11-14T22:13:20.0000000Z, with a body of 14 bytes"
        ),
        &format!("the exchange signed this request for {b}, dated 2023-11-14T22:13:21"),
        &format!("{b} signed ANSWER /api/v2.0/cards?office=7, dated 2023-11-14T22:13:22"),
        "the exchange signed this answer, with the body as it came, for who had asked, with the status 201",
        &format!("{b} signed POST /contracts"),
    ] {
        says(&report, Grounds::Proved, text);
    }
    says(
        &report,
        Grounds::Stated,
        "under contract 09090909-0909-0909-0909-090909090909 version 3",
    );
    says(&report, Grounds::Stated, "its note: allowed by cards.write");
    says(
        &report,
        Grounds::NotSigned,
        "the query ?office=7; the fields X-Trace",
    );
    assert_eq!(count(&report, Grounds::NotPinned), 0);
    assert_eq!(count(&report, Grounds::NotWitnessed), 1);
    let json = String::from_utf8(file).unwrap();
    assert!(!json.contains("4711"), "bytes stand in base64");
}

#[test]
fn without_pins_only_the_operator_vouches() {
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    let file = world.evidence(&mut store, id(1));
    let report = verify_evidence(&file, &Pins::new()).unwrap();
    for (who, holder) in [
        (party(1).to_string(), &world.a),
        (party(2).to_string(), &world.b),
        ("the exchange".to_owned(), &world.exchange),
    ] {
        let thumbprint = hex(&holder.thumbprint);
        says(
            &report,
            Grounds::NotPinned,
            &format!("that the certificate {thumbprint} is that of {who}"),
        );
        let by_name = format!("{who} signed");
        let proved = report
            .statements
            .iter()
            .filter(|statement| statement.grounds == Grounds::Proved);
        assert!(
            !proved
                .into_iter()
                .any(|statement| statement.text.starts_with(&by_name)),
            "{who}"
        );
    }
    let mut wrong = Pins::new();
    wrong
        .add(&format!("{}={}", party(1), hex(&world.b.thumbprint)))
        .unwrap();
    assert_eq!(
        verify_evidence(&file, &wrong),
        Err(EvidenceProblem::Pin(party(1).to_string()))
    );
    let mut wrong = Pins::new();
    wrong
        .add(&format!("exchange={}", hex(&world.b.thumbprint)))
        .unwrap();
    assert_eq!(
        verify_evidence(&file, &wrong),
        Err(EvidenceProblem::Pin("exchange".into()))
    );
}

#[test]
fn pins_are_read_strictly() {
    let thumbprint = "ab".repeat(32);
    for pin in [
        "exchange",
        "exchange=abcd",
        &format!("nobody={thumbprint}"),
        &format!("={thumbprint}"),
        "",
    ] {
        assert_eq!(Pins::new().add(pin), Err(NotAPin), "{pin:?}");
    }
    Pins::new()
        .add(&format!("exchange={}", "AB:".repeat(31) + "AB"))
        .unwrap();
}

/// Each byte is changed in several ways: what is not refused says the same.
#[test]
fn changing_any_byte_is_refused_or_changes_nothing() {
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    let file = world.evidence(&mut store, id(1));
    let pins = world.pins();
    let expected = verify_evidence(&file, &pins).unwrap();
    let (mut refused, mut same) = (0, 0);
    for place in 0..file.len() {
        for change in [1, 2, 4, 0x20, 0x80] {
            let mut changed = file.clone();
            changed[place] ^= change;
            match verify_evidence(&changed, &pins) {
                Err(_) => refused += 1,
                Ok(report) => {
                    assert_eq!(report, expected, "byte {place} ^ {change}");
                    same += 1;
                }
            }
        }
    }
    println!(
        "{} bytes: {refused} changes refused, {same} without effect",
        file.len()
    );
    assert!(
        file.len() > 10_000 && refused > same * 100,
        "{} {refused} {same}",
        file.len()
    );
}

#[test]
fn parts_of_other_exchanges_do_not_fit() {
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    let json = |file: &[u8]| -> serde_json::Value { serde_json::from_slice(file).unwrap() };
    let one = json(&world.evidence(&mut store, id(1)));
    let two = json(&world.evidence(&mut store, id(2)));
    let changes: [(&str, Change); 9] = [
        ("an event of another exchange", |one, two| {
            one["events"][1] = two["events"][1].clone();
        }),
        ("another's name", |one, two| {
            one["correlation"] = two["correlation"].clone();
        }),
        ("an event twice", |one, _| {
            let event = one["events"][1].clone();
            one["events"].as_array_mut().unwrap().push(event);
        }),
        ("another order", |one, _| {
            one["events"].as_array_mut().unwrap().reverse();
        }),
        ("another place", |one, _| {
            one["events"][1]["index"] = 3.into();
        }),
        ("the content of another event", |one, _| {
            one["events"][1]["content"] = one["events"][2]["content"].clone();
        }),
        ("a certificate more", |one, _| {
            let certificate = one["certificates"][0].clone();
            one["certificates"]
                .as_array_mut()
                .unwrap()
                .push(certificate);
        }),
        ("a certificate less", |one, _| {
            one["certificates"].as_array_mut().unwrap().remove(0);
        }),
        ("what was sent to the other", |one, _| {
            let head = one["sent"][0]["head"].clone();
            one["sent"][1]["head"] = head;
        }),
    ];
    let bytes = |value: &serde_json::Value| {
        // As the exchange writes it: the fields in their order.
        let order = [
            "format",
            "correlation",
            "log",
            "checkpoint",
            "events",
            "sent",
            "certificates",
        ];
        let all: Vec<String> = order
            .iter()
            .map(|name| format!("  \"{name}\": {}", pretty(&value[*name])))
            .collect();
        format!("{{\n{}\n}}\n", all.join(",\n")).into_bytes()
    };
    assert!(
        verify_evidence(&bytes(&one), &world.pins()).is_ok(),
        "put together again"
    );
    for (what, change) in changes {
        let mut forged = one.clone();
        change(&mut forged, &two);
        let result = verify_evidence(&bytes(&forged), &world.pins());
        assert!(result.is_err(), "{what}");
        assert!(
            !matches!(result, Err(EvidenceProblem::Form(_))),
            "{what}: {result:?}"
        );
    }
    // Leaving something out is possible, and said.
    let mut less = one.clone();
    less["sent"] = serde_json::json!([]);
    let report = verify_evidence(&bytes(&less), &world.pins()).unwrap();
    says(
        &report,
        Grounds::Stated,
        "which request this answers, the file does not show",
    );
    less["events"][1]["content"] = serde_json::Value::Null;
    let report = verify_evidence(&bytes(&less), &world.pins()).unwrap();
    says(&report, Grounds::Stated, "what was said is erased");
}

/// What is done to the first file, with the second at hand.
type Change = fn(&mut serde_json::Value, &serde_json::Value);

/// JSON with the fields in the order of the file's form, and indented as one of its fields.
fn pretty(value: &serde_json::Value) -> String {
    fn write(value: &serde_json::Value, depth: usize) -> String {
        const ORDER: [&str; 11] = [
            "index",
            "leaf",
            "proof",
            "to",
            "head",
            "body",
            "content",
            "salt",
            "message",
            "signature",
            "statement",
        ];
        let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
        let lines = |parts: Vec<String>, open: char, close: char| {
            let parts: Vec<String> = parts.iter().map(|part| format!("{inner}{part}")).collect();
            format!("{open}\n{}\n{outer}{close}", parts.join(",\n"))
        };
        match value {
            serde_json::Value::Array(all) if all.is_empty() => "[]".into(),
            serde_json::Value::Array(all) => lines(
                all.iter().map(|one| write(one, depth + 1)).collect(),
                '[',
                ']',
            ),
            serde_json::Value::Object(map) => {
                let fields = ORDER.iter().filter_map(|name| {
                    map.get(*name)
                        .map(|field| format!("\"{name}\": {}", write(field, depth + 1)))
                });
                lines(fields.collect(), '{', '}')
            }
            other => other.to_string(),
        }
    }
    write(value, 1)
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let world = World::new();
    let mut store = world.store();
    let request = world.request();
    let passed_on = world.passed_on(id(1));
    // B names another request than the one that it was sent.
    let answer = World::answer(id(1), &request.name(), &world.b.key, 2);
    let batch = [
        Operation::Accept(Box::new(world.accept(id(1), &request))),
        World::sent(id(1), Towards::Receiver, &passed_on),
        Operation::Answer(Box::new(world.answered(id(1), &answer))),
    ];
    assert!(store.commit(&batch).unwrap().iter().all(Result::is_ok));
    let file = world.evidence(&mut store, id(1));
    assert_eq!(
        verify_evidence(&file, &world.pins()),
        Err(EvidenceProblem::Pairing(2))
    );
}

#[test]
fn an_exchange_that_changed_what_it_passed_on_is_convicted() {
    let world = World::new();
    let request = world.request();
    let cases: [(&str, Vec<u8>); 2] = [
        // Signed by somebody else.
        (
            "another's signature",
            World::answer(id(1), &request.name(), &world.b.key, 1).head,
        ),
        // To another receiver: signed for another exchange's correlation id.
        ("another exchange", world.passed_on(id(2)).head),
    ];
    for (what, head) in cases {
        let world = World::new();
        let mut store = world.store();
        let sent = Sent {
            correlation: id(1),
            towards: Towards::Receiver,
            attempt: 1,
            head,
            body: None,
        };
        let batch = [
            Operation::Accept(Box::new(world.accept(id(1), &request))),
            Operation::Sent(sent),
        ];
        assert!(store.commit(&batch).unwrap().iter().all(Result::is_ok));
        let file = world.evidence(&mut store, id(1));
        assert_eq!(
            verify_evidence(&file, &world.pins()),
            Err(EvidenceProblem::Sent),
            "{what}"
        );
    }
}

#[test]
fn a_message_whose_signature_does_not_hold_is_no_evidence() {
    let world = World::new();
    let mut store = world.store();
    let request = world.request();
    // The exchange claims that B signed what A did.
    let lie = Accept {
        thumbprint: world.b.thumbprint,
        ..world.accept(id(1), &request)
    };
    store.commit(&[Operation::Accept(Box::new(lie))]).unwrap()[0].unwrap();
    let file = world.evidence(&mut store, id(1));
    assert_eq!(
        verify_evidence(&file, &Pins::new()),
        Err(EvidenceProblem::Signature(1))
    );
}

#[test]
fn refusals_expiries_and_erasures_are_told() {
    let world = World::new();
    let mut store = world.store();
    let request = world.request();
    let end = End {
        correlation: id(1),
        at: at(10),
        statement: b"504".to_vec(),
    };
    let batch = [
        world.refusal(id(3)),
        Operation::Accept(Box::new(world.accept(id(1), &request))),
        Operation::Expire(end),
    ];
    assert!(store.commit(&batch).unwrap().iter().all(Result::is_ok));
    let report = verify_evidence(&world.evidence(&mut store, id(3)), &world.pins()).unwrap();
    says(
        &report,
        Grounds::Proved,
        &format!("{} signed POST", party(1)),
    );
    says(
        &report,
        Grounds::Stated,
        "to nobody known; its note: contract: none",
    );
    let before = world.evidence(&mut store, id(1));
    let report = verify_evidence(&before, &world.pins()).unwrap();
    says(&report, Grounds::Stated, "expired; its note: 504");

    assert_eq!(store.erase(id(1)), Ok(true));
    let after = verify_evidence(&world.evidence(&mut store, id(1)), &world.pins()).unwrap();
    says(&after, Grounds::Stated, "what was said is erased");
    assert_eq!(
        count(&after, Grounds::Proved),
        1,
        "that the log is the exchange's"
    );
    // What was exported before still convinces.
    assert_eq!(verify_evidence(&before, &world.pins()), Ok(report));
    assert_eq!(store.evidence(id(99), at(60), |_| None), Ok(None));
}
