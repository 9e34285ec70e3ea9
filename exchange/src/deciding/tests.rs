//! The order of the checks, and what is tried with a path.

use daxsign_core::{
    Components, HeaderField, PrivateKey, Profile, Request, RequestSigner, Timestamp,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    About, Admitted, Decider, MAX_BODY_LEN, OwnAnswer, Rate, Rates, Refused, Route, Schemas, World,
    enter_by_token, route,
};
use crate::identity::{Authority, TokenKey};
use crate::registry::tests::made::{
    A_KEY, B_KEY, a, agreed, at, b, change, clause, key, now, root,
};
use crate::registry::{Candour, Clause, Registry, Unconfirmed};

/// A request, and the world that judges it.
struct Case {
    method: &'static str,
    target: String,
    body: Vec<u8>,
    date: &'static str,
    content_type: &'static str,
    token: String,
    key: PrivateKey,
    idempotency: Option<(&'static str, bool)>,
    confirmed: Result<(), Unconfirmed>,
    registry: Registry,
    rates: Rates,
    now: Timestamp,
}

fn tokens() -> TokenKey {
    TokenKey::new(&[5; 32])
}

fn path(rest: &str) -> String {
    let (partner, instance) = (b().partner, b().instance);
    format!("/api/v2.0/partners/{partner}/instances/{instance}/{rest}")
}

/// A creates a card at B, which a contract allows.
fn good() -> Case {
    let body = json!({
        "context": "moving in",
        "name": "card",
        "ownerId": Uuid::from_u128(9).to_string(),
        "codes": [],
    });
    Case {
        method: "POST",
        target: path("cards"),
        body: body.to_string().into_bytes(),
        date: "2026-03-01T12:00:00Z",
        content_type: "application/json; charset=utf-8",
        token: tokens().issue(Uuid::from_u128(100), a(), now(), [1; 16]),
        key: key(A_KEY),
        idempotency: None,
        confirmed: Ok(()),
        registry: agreed(vec![
            Clause::allowing("cards.write"),
            clause("AddCardsClause", "MaxCardsInOneRequest", "1"),
        ]),
        rates: Rates::new(10, 60),
        now: now(),
    }
}

impl Case {
    /// As a door and the judge do it, one behind the other.
    fn decide(&mut self) -> Result<(Admitted, Rate), Box<Refused>> {
        let length = self.body.len().to_string();
        let bearer = format!("Bearer {}", self.token);
        let mut fields = vec![
            HeaderField::new("Host", "localhost"),
            HeaderField::new("Content-Type", self.content_type),
            HeaderField::new("Content-Length", &length),
            HeaderField::new("Date", self.date),
            HeaderField::new("Authorization", &bearer),
        ];
        let mut list = vec!["(request-target)", "host", "content-type", "content-length"];
        if let Some((value, listed)) = self.idempotency {
            fields.push(HeaderField::new("X-Dax-Idempotency-Key", value));
            list.extend(listed.then_some("x-dax-idempotency-key"));
        }
        list.push("date");
        let unsigned = Request::new(self.method, &self.target, &fields, &self.body);
        let mut out = [0; 2048];
        let signer = RequestSigner::new(&self.key, Profile::Documented)
            .components(Components::from_names(&list).expect("a list"));
        let value = signer.sign(&unsigned, &mut out).expect("a signature");
        let signature = value.to_owned();
        fields.push(HeaderField::new("Signature", &signature));
        let request = Request::new(self.method, &self.target, &fields, &self.body);
        let authority = Authority::new(root(), Vec::new(), "prod").expect("an authority");
        let schemas = Schemas::new().expect("schemas");
        let (registry, tokens) = (self.registry.clone(), tokens());
        let world = World {
            registry: &registry,
            authority: &authority,
            schemas: &schemas,
            now: self.now,
        };
        super::bounds::check(&request).map_err(Refused::unproven)?;
        let known = self.confirmed.map(|()| &registry);
        let authorization = request.field("authorization");
        let entered = enter_by_token(known, authorization, &tokens, &mut self.rates, self.now);
        let (bearer, rate) = entered?;
        Ok((Decider::new(world).judge(&request, &bearer)?, rate))
    }

    fn refusal(&mut self) -> (u16, &'static str, bool) {
        let refused = self.decide().expect_err("it is refused");
        let problem = &refused.problem;
        (problem.status(), problem.name(), refused.proven.is_some())
    }
}

#[test]
fn what_is_allowed_is_taken_with_all_that_the_record_needs() {
    let (admitted, rate) = good().decide().expect("it is taken");
    let proven = &admitted.proven;
    assert_eq!((proven.sender, proven.receiver), (a(), Some(b())));
    assert_eq!(proven.context.as_deref(), Some("moving in"));
    let allowed = admitted.allowed.as_ref().expect("a contract");
    assert_eq!(allowed.clause, Clause::allowing("cards.write"));
    assert_eq!(proven.contract, Some(allowed.contract));
    assert_eq!(rate.remaining, 9);
}

/// Each case is wrong in one thing more than the one before, which is judged earlier: the name is that of the last.
#[test]
fn the_checks_stand_in_their_order() {
    let mut case = good();
    case.idempotency = Some(("key", false));
    assert_eq!(case.refusal(), (400, "unsigned-idempotency-key", true));
    case.registry = agreed(vec![Clause::allowing("cards.read")]);
    assert_eq!(case.refusal(), (403, "not-allowed", true));
    case.body = b"{\"name\":1}".to_vec();
    assert_eq!(case.refusal(), (400, "invalid-request", true));
    case.target = case
        .target
        .replace(&b().instance.to_string(), &a().instance.to_string());
    assert_eq!(case.refusal(), (403, "not-allowed", true));
    case.target = "/api/v2.0/nothing".into();
    assert_eq!(case.refusal(), (404, "not-found", true));
    case.key = key(B_KEY);
    assert_eq!(case.refusal(), (401, "invalid-signature-encoding", false));
    case.date = "2026-03-01T11:54:59Z";
    assert_eq!(case.refusal(), (401, "stale-date", false));
    case.content_type = "application/json; charset=utf-8; charset=\"utf-8\"";
    assert_eq!(case.refusal(), (401, "stale-date", false));
    case.content_type = "text/json";
    assert_eq!(case.refusal(), (400, "invalid-content-type", false));
    case.rates = Rates::new(0, 60);
    assert_eq!(case.refusal(), (429, "rate-limit", false));
    case.token.push('x');
    assert_eq!(case.refusal(), (401, "invalid-token", false));
    case.confirmed = Err(Unconfirmed);
    assert_eq!(case.refusal(), (503, "registry-unconfirmed", false));
    case.method = "ANSWER";
    assert_eq!(case.refusal(), (400, "invalid-method", false));
    case.body = vec![b' '; MAX_BODY_LEN + 1];
    assert_eq!(case.refusal(), (413, "too-large", false));
}

#[test]
fn a_token_of_one_and_a_signature_of_another_are_refused() {
    let mut case = good();
    // A's token with B's key, which is of another length, and B's token with A's key.
    case.key = key(B_KEY);
    assert_eq!(case.refusal(), (401, "invalid-signature-encoding", false));
    let mut case = good();
    let thumbprint = case
        .registry
        .counting(a(), now())
        .next()
        .expect("one")
        .thumbprint;
    let revoke = crate::registry::Change::Revoke { thumbprint };
    change(&mut case.registry, &revoke);
    assert_eq!(case.refusal(), (401, "no-certificate", false));
}

#[test]
fn keys_for_retries_are_signed() {
    let mut case = good();
    case.idempotency = Some(("key", false));
    assert_eq!(case.refusal(), (400, "unsigned-idempotency-key", true));
    case.idempotency = Some(("two words", true));
    assert_eq!(case.refusal(), (400, "invalid-idempotency-key", true));
    case.idempotency = Some(("key", true));
    let (admitted, _) = case.decide().expect("it is taken");
    assert_eq!(admitted.idempotency.expect("a key").key(), "key");
}

#[test]
fn a_name_that_stands_twice_and_a_query_that_is_not_described_are_refused() {
    let mut case = good();
    let text = String::from_utf8(case.body.clone()).expect("text");
    case.body = text.replacen('{', "{\"name\":\"other\",", 1).into_bytes();
    assert_eq!(case.refusal(), (400, "invalid-request", true));
    let mut case = good();
    case.target.push_str("?onBehalfOf=other");
    assert_eq!(case.refusal(), (400, "invalid-request", true));
    let mut case = good();
    case.body = Vec::new();
    assert_eq!(case.refusal(), (400, "invalid-request", true));
}

#[test]
fn a_path_has_one_form() {
    let (partner, instance) = (b().partner.to_string(), b().instance.to_string());
    let id = Uuid::from_u128(0xABC).to_string();
    let called = |method: &str, target: &str| match route(method.as_bytes(), target.as_bytes())? {
        Route::Operation { operation, .. } => Some(operation.id),
        Route::Own(_) => Some("own"),
    };
    let there = [
        ("GET", path("cards?offset=0"), "list_cards"),
        ("GET", path(&format!("cards/{id}")), "get_card"),
        ("GET", path("folders/-7"), "get_folder"),
        (
            "GET",
            path("logs/2026-01-01T00%3A00%3A00/2026-01-02T00:00:00"),
            "list_log_entries",
        ),
        (
            "POST",
            "/api/v2.0/accessgroups/ObtainAccess".into(),
            "obtain_access",
        ),
        (
            "GET",
            format!("/api/v2.0/accessgroups/{id}"),
            "get_published_access_group",
        ),
        ("GET", "/api/v2.0/contracts".into(), "list_contracts"),
        ("GET", format!("/exchange/v1/outcome/{id}"), "own"),
        ("POST", "/exchange/v1/contracts".into(), "own"),
    ];
    for (method, target, expected) in &there {
        assert_eq!(called(method, target), Some(*expected), "{target}");
    }
    let not_there = [
        path("cards/"),
        path("/cards"),
        path("Cards"),
        path("./cards"),
        path("cardowners/../cards"),
        path("cards;a=b"),
        path("cards%2F"),
        path("c%61rds"),
        path(&format!("cards/{}", id.to_uppercase())),
        path(&format!("cards/{}", id.replace('-', ""))),
        path(&format!("cards/{{{id}}}")),
        path("folders/07"),
        path("folders/+7"),
        path("logs/2026-01-01T00%3A00%3A00%2F..%2Fcards/2026-01-02T00:00:00"),
        path("cards").replace(&partner, &partner.to_uppercase().replace('0', "O")),
        path("cards").replace("/instances", "//instances"),
        path("cards").replace("/api/v2.0", "/api/v2"),
        path("cards").replace("/api/", "/API/"),
        path("cards").replace("/partners", "%2Fpartners"),
        path("cards").replace(&instance, ""),
        "/api/v2.0/accessgroups/obtainaccess".into(),
        "//api/v2.0/contracts".into(),
        "http://localhost/api/v2.0/contracts".into(),
        "/exchange/v1/outcome/../contracts".into(),
        "/exchange/v1/contracts?a=b".into(),
        "*".into(),
        String::new(),
    ];
    for target in &not_there {
        for method in ["GET", "POST"] {
            assert_eq!(called(method, target), None, "{target}");
        }
    }
    for method in ["get", "HEAD", "TRACE", "PATCH", ""] {
        assert_eq!(called(method, &path("cards")), None, "{method}");
    }
}

#[test]
fn every_operation_has_a_schema_and_a_path_of_its_own() {
    let schemas = Schemas::new().expect("schemas");
    assert_eq!(schemas.len(), 49);
    for operation in daxsign_client::api::OPERATIONS {
        let fill = |segment: &str| match segment {
            "{folderId}" => "7".to_owned(),
            "{startTime}" | "{endTime}" => "2026-01-01T00:00:00".to_owned(),
            other if other.starts_with('{') => Uuid::from_u128(3).to_string(),
            other => other.to_owned(),
        };
        let segments: Vec<String> = operation.path.split('/').map(fill).collect();
        let target = format!("/api/v2.0{}", segments.join("/"));
        let found = route(operation.method.as_str().as_bytes(), target.as_bytes());
        let Some(Route::Operation {
            operation: found,
            receiver,
        }) = found
        else {
            panic!("{target}");
        };
        assert_eq!(found.id, operation.id);
        assert_eq!(receiver.is_some(), operation.path.starts_with("/partners/"));
    }
}

#[test]
fn a_refusal_is_answered_in_the_envelope() {
    let mut case = good();
    case.rates = Rates::new(0, 7 * 86_400);
    let refused = case.decide().expect_err("refused");
    let about = About {
        correlation: Uuid::from_u128(5).into(),
        now: at("2026-03-01T12:00:00Z"),
        took_ms: 3,
        candour: Candour::Production,
    };
    let answer = OwnAnswer::refusal(&refused, &about);
    assert_eq!(answer.status, 429);
    let field = |name: &str| {
        let mut named = answer.fields.iter().filter(|(found, _)| *found == name);
        named.next().map(|(_, value)| value.as_str())
    };
    assert_eq!(field("X-Rate-Limit-Limit"), Some("7d"));
    assert_eq!(field("X-Rate-Limit-Remaining"), Some("0"));
    assert!(field("X-Rate-Limit-Reset").is_some_and(|text| text.ends_with(".0000000Z")));
    assert_eq!(
        field("X-Correlation-Id"),
        Some("00000000-0000-0000-0000-000000000005")
    );
    assert_eq!(field("X-Dax-Response-Time-ms"), Some("3"));
    assert_eq!(field("api-supported-versions"), Some("2.0"));
    assert!(field("Retry-After").is_some());
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(body["statusCode"], 429);
    assert_eq!(
        body["messages"][0],
        "error[rate-limit]: too many requests: wait until X-Rate-Limit-Reset"
    );
}
