//! An Alliera with an office, and a partner that asks it.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use daxsign_core::Timestamp;
use daxsign_exchange::alliera::{Alliera, Answer, Event, Request, Seed, Settings, Zone};
use daxsign_exchange::deciding::Schemas;
use daxsign_exchange::{CorrelationId, Party};
use serde_json::{Value, json};
use uuid::Uuid;

/// Noon in Stockholm on 29 November 2026, in UTC.
pub(crate) const NOON: i64 = 1_795_950_000;
pub(crate) const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

static SCHEMAS: LazyLock<Arc<Schemas>> = LazyLock::new(|| Arc::new(Schemas::new().unwrap()));

pub(crate) fn party(number: u8) -> Party {
    Party {
        partner: Uuid::from_bytes([number; 16]),
        instance: Uuid::from_bytes([number + 100; 16]),
    }
}

/// The Alliera, whose time is set by hand.
pub(crate) struct Office {
    pub(crate) alliera: Alliera,
    pub(crate) remote: Party,
    pub(crate) now: i64,
    pub(crate) events: Vec<Event>,
    requests: u128,
    /// Which operations succeeded, and which were refused.
    pub(crate) done: BTreeSet<&'static str>,
    pub(crate) refused: BTreeSet<&'static str>,
}

pub(crate) fn settings() -> Settings {
    Settings {
        party: party(2),
        partner_name: "Office B".into(),
        name: "Alliera B".into(),
        zone: Zone::named("Europe/Stockholm").unwrap(),
    }
}

impl Office {
    /// With everything released to the partner that asks.
    pub(crate) fn new() -> Self {
        Self::seeded(&Seed::small(7))
    }

    pub(crate) fn seeded(seed: &Seed) -> Self {
        let mut alliera = Alliera::in_memory(settings(), Arc::clone(&SCHEMAS)).unwrap();
        let now = Timestamp::from_unix(NOON, 0).unwrap();
        alliera.seed(seed, now).unwrap();
        alliera.release_everything(party(1)).unwrap();
        Self {
            alliera,
            remote: party(1),
            now: NOON,
            events: Vec::new(),
            requests: 0,
            done: BTreeSet::new(),
            refused: BTreeSet::new(),
        }
    }

    /// Asks, and holds the answer against the description of the API. A target that begins with `@` is below the
    /// instance.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, target: &str, body: &Value) -> (u16, Value) {
        self.requests += 1;
        let answer = self.ask_as(self.requests, method, target, body);
        (answer.status, answer.body)
    }

    #[track_caller]
    pub(crate) fn ask_as(
        &mut self,
        number: u128,
        method: &str,
        target: &str,
        body: &Value,
    ) -> Answer {
        let (operation, answer) = self.answered(number, method, target, body);
        self.fits(operation, &answer);
        answer
    }

    /// Asks; whether the answer is as described is not looked at.
    #[track_caller]
    pub(crate) fn ask_unchecked(&mut self, method: &str, target: &str, body: &Value) -> Value {
        self.requests += 1;
        self.answered(self.requests, method, target, body).1.body
    }

    #[track_caller]
    fn answered(
        &mut self,
        number: u128,
        method: &str,
        target: &str,
        body: &Value,
    ) -> (&'static str, Answer) {
        let to = party(2);
        let instance = format!("/partners/{}/instances/{}", to.partner, to.instance);
        let target = format!("/api/v2.0{}", target.replacen('@', &instance, 1));
        let id = CorrelationId::from_bytes(number.to_be_bytes());
        let body = body.to_string();
        let request = Request::read(id, self.remote, method, &target, body.as_bytes());
        let request = request.unwrap_or_else(|error| panic!("{method} {target}: {error}"));
        let now = Timestamp::from_unix(self.now, 0).unwrap();
        let answer = self.alliera.answer(&request, now);
        self.events.extend(answer.events.iter().cloned());
        (request.operation.id, answer)
    }

    /// Status, envelope and data are as the description has them.
    #[track_caller]
    fn fits(&mut self, operation: &'static str, answer: &Answer) {
        let (status, body) = (answer.status, &answer.body);
        assert_eq!(body["statusCode"], status, "{operation}");
        assert_eq!(body["apiVersion"], "2.0");
        assert!(body["correlationId"].is_string());
        if status < 300 {
            let faults = SCHEMAS.answer_faults(operation, status, &body["data"]);
            assert_eq!(faults, Some(vec![]), "{operation}: {body}");
            self.done.insert(operation);
        } else {
            let first = body["messages"][0].as_str().unwrap();
            assert!(first.starts_with("error["), "{operation}: {first}");
            assert_eq!(body["message"], first);
            assert_eq!(body["data"], Value::Null);
            if let Some(faults) = SCHEMAS.answer_faults(operation, status, body) {
                assert_eq!(faults, Vec::<String>::new(), "{operation}: {body}");
            }
            self.refused.insert(operation);
        }
    }

    /// The data of an answer that succeeds.
    #[track_caller]
    pub(crate) fn data(&mut self, method: &str, target: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(method, target, body);
        assert!(status < 300, "{method} {target}: {answer}");
        answer["data"].clone()
    }

    #[track_caller]
    pub(crate) fn get(&mut self, target: &str) -> Value {
        self.data("GET", target, &json!({}))
    }

    /// Refused with that status and name.
    #[track_caller]
    pub(crate) fn refuses(
        &mut self,
        expected: (u16, &str),
        method: &str,
        target: &str,
        body: &Value,
    ) {
        let (status, answer) = self.ask(method, target, body);
        let (code, name) = expected;
        assert_eq!(status, code, "{method} {target}: {answer}");
        let first = answer["message"].as_str().unwrap();
        assert!(first.starts_with(&format!("error[{name}]")), "{first}");
    }

    /// Refused whatever the body is: with one that fits.
    #[track_caller]
    pub(crate) fn refuses_all(&mut self, expected: (u16, &str), method: &str, target: &str) {
        let body = match (method, target) {
            ("POST" | "PUT", "/callbacks") => json!({"callbacks": []}),
            ("POST", _) => json!({"accessGroups": [], "destinationPartnerId": UNKNOWN}),
            _ => json!({}),
        };
        self.refuses(expected, method, target, &body);
    }

    /// A member of the items of a list.
    #[track_caller]
    pub(crate) fn each(&mut self, target: &str, list: &str, member: &str) -> Vec<String> {
        let data = self.get(target);
        let items = data[list].as_array().unwrap();
        let text = |item: &Value| item[member].as_str().unwrap().to_owned();
        items.iter().map(text).collect()
    }

    /// The ids of the card owners.
    pub(crate) fn owners(&mut self) -> Vec<String> {
        self.each("@/cardowners", "cardOwners", "cardOwnerId")
    }

    pub(crate) fn groups(&mut self) -> Vec<String> {
        self.each("@/accessgroups", "accessGroups", "accessGroupId")
    }

    /// A new owner without anything.
    pub(crate) fn owner(&mut self) -> String {
        let body =
            json!({"familyName": "New", "specificName": "One", "folderId": 1, "attributes": {}});
        let data = self.data("POST", "@/cardowners", &body);
        data["cardOwner"]["cardOwnerId"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// A patch.
pub(crate) fn replace(path: &str, value: Value) -> Value {
    let mut body = json!({"patchItems": [{"op": "replace", "path": path}]});
    body["patchItems"][0]["value"] = value;
    body
}

pub(crate) const INVALID: (u16, &str) = (400, "invalid-request");
pub(crate) const MISSING: (u16, &str) = (404, "not-found");
pub(crate) const CONFLICT: (u16, &str) = (409, "conflict");

/// A group of the Alliera, as one who obtains access names it.
pub(crate) fn wanted(group: &Value) -> Value {
    json!({
        "receivingPartnerId": party(2).partner.to_string(),
        "receivingAccessControlInstanceId": party(2).instance.to_string(),
        "remoteAccessGroupId": group,
    })
}
