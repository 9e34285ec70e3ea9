//! What a contract allows.

use core::time::Duration;

use daxsign_client::api::{OPERATIONS, OperationInfo};
use serde_json::{Value, json};
use uuid::Uuid;

use super::made::{a, agreed, at, b, clause, now, party};
use crate::registry::{
    Asked, Candour, Clause, Freshness, Period, Reason, Resource, Used, decide, told,
};

/// So many requests before.
pub(crate) struct Before(pub(crate) u64);

impl Used for Before {
    fn used(&self, _contract: Uuid, period: Period, begin: i64) -> u64 {
        assert_eq!(begin, period.begin(now()));
        self.0
    }
}

fn operation(id: &str) -> &'static OperationInfo {
    let mut all = OPERATIONS.iter();
    all.find(|operation| operation.id == id)
        .expect("an operation")
}

fn asked<'b>(id: &str, body: &'b Value) -> Asked<'b> {
    Asked {
        sender: a(),
        receiver: b(),
        operation: operation(id),
        body,
        now: now(),
    }
}

fn refusal(clauses: &[Clause], id: &str, body: &Value) -> Option<Reason> {
    let registry = agreed(clauses.to_vec());
    let decision = decide(&registry, &Before(9), &asked(id, body));
    decision.err().map(|denied| denied.reason)
}

#[test]
fn one_clause_has_to_allow_the_operation() {
    let cases = [
        ("*", "list_cards", None),
        ("cards.read", "list_cards", None),
        ("cards.read", "create_card", Some(Reason::NoClause)),
        ("create_card", "create_card", None),
        ("create_card", "list_cards", Some(Reason::NoClause)),
        (
            "cardowners.write",
            "open_card_owner_door",
            Some(Reason::NoClause),
        ),
        ("doors.write", "open_card_owner_door", None),
    ];
    for (value, id, reason) in cases {
        let clauses = [Clause::allowing(value)];
        assert_eq!(refusal(&clauses, id, &json!({})), reason, "{id} {value}");
    }
}

/// Of nine requests before.
#[test]
fn every_limit_has_to_hold() {
    let cards = |max| clause("AddCardsClause", "MaxCardsInOneRequest", max);
    let daily = |max| clause("RequestsClause", "MaxRequestsPerDay", max);
    let two = json!({"cards": [{}, {}]});
    let patch = json!({"patchItems": [{"op": "add", "path": "/Cards", "value": [1, 2, 3]}]});
    let none = json!({});
    let over = Some(Reason::Limit);
    let cases = [
        (vec![cards("1")], "create_card_owner", &two, over),
        (vec![cards("2")], "create_card_owner", &two, None),
        (vec![cards("0")], "create_card", &none, over),
        (vec![cards("2")], "update_card_owner", &patch, over),
        (vec![cards("1")], "list_cards", &two, None),
        (vec![daily("10")], "list_cards", &none, None),
        (vec![daily("9")], "list_cards", &none, over),
        (
            vec![daily("10"), cards("1")],
            "create_card_owner",
            &two,
            over,
        ),
    ];
    for (mut clauses, id, body, reason) in cases {
        clauses.push(Clause::allowing("*"));
        assert_eq!(refusal(&clauses, id, body), reason, "{id} {clauses:?}");
    }
}

#[test]
fn a_refusal_names_contract_clause_and_value() {
    let limit = clause("AddCardsClause", "MaxCardsInOneRequest", "1");
    let registry = agreed(vec![Clause::allowing("*"), limit.clone()]);
    let two = json!({"cards": [{}, {}]});
    let denied = decide(&registry, &Before(0), &asked("create_card_owner", &two));
    let denied = denied.expect_err("it is over the limit");
    assert_eq!(denied.clause, Some(limit));
    assert_eq!(
        told(&denied, Candour::Sandbox),
        "a limit of the contract does not hold (contract 00000000-0000-0000-0000-000000000007, version 2): \
         AddCardsClause/MaxCardsInOneRequest/1, found 2"
    );
}

#[test]
fn in_production_the_sender_cannot_tell_who_takes_part() {
    let registry = agreed(vec![Clause::allowing("cards.read")]);
    let none = json!({});
    let other_instance = crate::party::Party {
        partner: b().partner,
        instance: party(0xC).instance,
    };
    let cases = [
        (a(), party(0xC), Reason::UnknownPartner),
        (a(), other_instance, Reason::UnknownInstance),
        // One-way: A gives nothing to B.
        (b(), a(), Reason::NoContract),
        (a(), b(), Reason::NoClause),
    ];
    let mut heard = std::collections::BTreeSet::new();
    for (sender, receiver, reason) in cases {
        let asked = Asked {
            sender,
            receiver,
            ..asked("create_card", &none)
        };
        let denied = decide(&registry, &Before(0), &asked).expect_err("refused");
        assert_eq!(denied.reason, reason);
        heard.insert(told(&denied, Candour::Production));
        assert_ne!(
            told(&denied, Candour::Sandbox),
            told(&denied, Candour::Production)
        );
    }
    assert_eq!(heard.len(), 1);
}

#[test]
fn each_operation_has_a_resource_of_a_plain_name() {
    let resources: Vec<String> = OPERATIONS
        .iter()
        .map(|operation| Resource::of(operation).to_string())
        .collect();
    assert_eq!(resources.len(), 49);
    for resource in &resources {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'.';
        assert!(resource.bytes().all(plain), "{resource}");
        assert!(Resource::is_known(resource));
    }
}

#[test]
fn periods_begin_by_utc() {
    let time = at("2026-03-01T01:30:45+02:00");
    let begins = |period: Period| period.begin(time);
    assert_eq!(begins(Period::Day), at("2026-02-28T00:00:00Z").seconds());
    assert_eq!(begins(Period::Hour), at("2026-02-28T23:00:00Z").seconds());
    assert_eq!(begins(Period::Minute), at("2026-02-28T23:30:00Z").seconds());
}

#[test]
fn a_registry_that_was_not_confirmed_for_a_second_judges_nothing() {
    let mut freshness = Freshness::default();
    assert!(freshness.check(Duration::ZERO).is_err());
    freshness.confirm(Duration::from_millis(500));
    assert!(freshness.check(Duration::from_millis(1500)).is_ok());
    assert!(freshness.check(Duration::from_millis(1501)).is_err());
    // An older answer that comes late changes nothing.
    freshness.confirm(Duration::from_millis(200));
    assert!(freshness.check(Duration::from_millis(1500)).is_ok());
}
