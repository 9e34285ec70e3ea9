//! What is asked for: `table.json`, with the ids of one sandbox in it.

use std::collections::{BTreeMap, BTreeSet};

use daxsign_client::api::{
    ListCardOwnerDoors, ListCardOwners, ListOrganizations, ListRemoteAccessGroups,
    OPERATIONS as INFOS, OperationInfo,
};
use daxsign_client::blocking::Client;
use daxsign_client::{Answers, Instance, Key, Roots, Secret, Settings};
use daxsign_exchange::deciding::Schemas;
use daxsign_tests::sandbox::Sandbox;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// How many operations the API has.
pub(crate) const OPERATIONS: usize = 49;
const TABLE: &str = include_str!("table.json");
/// Nothing has it.
pub(crate) const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

/// Somebody of the sandbox.
pub(crate) struct Person {
    pub(crate) instance: Instance,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) key: String,
}

/// Where a sandbox is, and who takes part.
pub(crate) struct People {
    pub(crate) base: String,
    /// The authority's certificate.
    pub(crate) ca: String,
    exchange: String,
    pub(crate) client: Person,
    pub(crate) office: Person,
    estates: Person,
}

impl Person {
    fn of(told: &Value) -> Self {
        let text = |name: &str| told[name].as_str().expect(name);
        let password = std::fs::read_to_string(text("passwordFile")).expect("a password");
        Self {
            instance: Instance {
                partner: text("partner").parse().expect("an id"),
                instance: text("instance").parse().expect("an id"),
            },
            user: text("user").to_owned(),
            password: password.trim().to_owned(),
            key: text("key").to_owned(),
        }
    }
}

impl People {
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        let text = std::fs::read_to_string(sandbox.folder().join("sandbox.json"));
        let told: Value = serde_json::from_str(&text.expect("details")).expect("JSON");
        let text = |name: &str| told[name].as_str().expect(name).to_owned();
        Self {
            base: text("rest"),
            ca: text("authority"),
            exchange: text("exchangeCertificate"),
            client: Person::of(&told["client"]),
            office: Person::of(&told["target"]),
            estates: Person::of(&told["allieras"][0]),
        }
    }

    /// A client that takes nothing that the exchange did not sign.
    pub(crate) fn calling_as(&self, person: &Person) -> Client {
        let password = Secret::new(person.password.as_str());
        let own = person.instance.instance;
        let mut settings =
            Settings::observed(&self.base, own, person.user.as_str(), password).expect("settings");
        let read = |file: &str| std::fs::read(file).expect("a file");
        settings.roots = Roots::Only(read(&self.ca));
        let exchange = Answers::pinned(&read(&self.exchange)).expect("a certificate");
        settings.answers = Answers::RequireSigned(exchange);
        Client::new(settings, Key::read(&person.key).expect("a key")).expect("a client")
    }
}

/// A request.
pub(crate) struct Asked {
    pub(crate) operation: &'static OperationInfo,
    /// Whether the office asks, and not the client.
    pub(crate) by_office: bool,
    /// Path and query, below the API's.
    pub(crate) target: String,
    pub(crate) body: Value,
    /// What is expected.
    pub(crate) status: u16,
    /// In `error[name]`, of one that is refused.
    pub(crate) error: String,
}

/// Who sends requests: the status, and the envelope.
pub(crate) trait Caller {
    fn ask(&mut self, asked: &Asked) -> (u16, Value);
}

/// What is asked for of one sandbox.
pub(crate) struct Table {
    rows: Vec<Value>,
    known: BTreeMap<String, Value>,
    schemas: Schemas,
}

impl Table {
    /// With what its seed has.
    pub(crate) fn of(people: &People) -> Self {
        let rows: Vec<Value> = serde_json::from_str(TABLE).expect("table.json");
        let names: BTreeSet<&str> = rows
            .iter()
            .filter_map(|row| row["operation"].as_str())
            .collect();
        let all: BTreeSet<&str> = INFOS.iter().map(|info| info.id).collect();
        assert_eq!(
            (&names, rows.len()),
            (&all, OPERATIONS),
            "each operation once"
        );
        Self {
            rows,
            known: known(people),
            schemas: Schemas::new().expect("the description"),
        }
    }

    /// How many operations succeeded, and how many were refused as expected.
    pub(crate) fn through(mut self, caller: &mut dyn Caller) -> (usize, usize) {
        let refused = self.refused_by(caller);
        let rows = self.rows.clone();
        for row in &rows {
            self.succeeds(row, caller);
        }
        (rows.len(), refused)
    }

    /// How many were refused as expected: it does not matter what was done before.
    pub(crate) fn refused_by(&self, caller: &mut dyn Caller) -> usize {
        let all = self.refused();
        for asked in &all {
            let (status, body) = caller.ask(asked);
            let id = asked.operation.id;
            assert_eq!(status, asked.status, "{id}: {body}");
            let name = format!("error[{}]: ", asked.error);
            let messages = body["messages"].as_array().expect("messages");
            let named = |text: &Value| text.as_str().is_some_and(|text| text.contains(&name));
            assert!(messages.iter().any(named), "{id}: {name} in {body}");
            assert_eq!(body["data"], Value::Null, "{id}: {body}");
        }
        all.len()
    }

    /// What is to be refused, of each operation.
    pub(crate) fn refused(&self) -> Vec<Asked> {
        let rows = self.rows.iter();
        rows.map(|row| self.asked(row, &row["refused"])).collect()
    }

    fn succeeds(&mut self, row: &Value, caller: &mut dyn Caller) {
        let happy = &row["happy"];
        let asked = self.asked(row, happy);
        let id = asked.operation.id;
        let (status, body) = caller.ask(&asked);
        assert_eq!(status, asked.status, "{id}: {body}");
        assert_eq!(body["statusCode"], status, "{id}: {body}");
        let data = &body["data"];
        let faults = self.schemas.answer_faults(id, status, data);
        assert_eq!(faults, Some(Vec::new()), "{id}: {body}");
        for (name, place) in happy["keep"].as_object().into_iter().flatten() {
            let value = data.pointer(place.as_str().expect("a place"));
            let value = value.unwrap_or_else(|| panic!("{id}: {place} in {body}"));
            self.known.insert(name.clone(), value.clone());
        }
        for (place, shown) in happy["shows"].as_object().into_iter().flatten() {
            assert_eq!(
                data.pointer(place),
                Some(&self.filled(shown)),
                "{id}: {place} in {body}"
            );
        }
    }

    fn asked(&self, row: &Value, part: &Value) -> Asked {
        let id = row["operation"].as_str().expect("operation");
        let operation = INFOS.iter().find(|info| info.id == id).expect(id);
        let path = part["path"].as_str().expect("a path");
        let body = part
            .get("body")
            .cloned()
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        Asked {
            operation,
            by_office: part["as"] == "office",
            target: self.text(&instances(path)),
            body: self.filled(&body),
            status: u16::try_from(part["status"].as_u64().expect("a status")).expect("a status"),
            error: part["error"].as_str().unwrap_or_default().to_owned(),
        }
    }

    /// With what is known in the places of names.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(members) => {
                let filled = members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.filled(value)));
                Value::Object(filled.collect())
            }
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').expect("a name ends");
            let known = self.known.get(name);
            match known.unwrap_or_else(|| panic!("{name} is not known in {text}")) {
                Value::String(known) => filled.push_str(known),
                other => filled.push_str(&other.to_string()),
            }
            filled.push_str(rest);
        }
        filled
    }

    /// A text that is known.
    pub(crate) fn known(&self, name: &str) -> &str {
        self.known[name].as_str().expect(name)
    }
}

/// `@office/cards` is below the office's instance.
fn instances(path: &str) -> String {
    let Some((who, rest)) = path.strip_prefix('@').and_then(|path| path.split_once('/')) else {
        return path.to_owned();
    };
    format!("/partners/${{{who}}}/instances/${{{who}Instance}}/{rest}")
}

/// What the table names and nobody made.
fn known(people: &People) -> BTreeMap<String, Value> {
    let (office, client) = (people.office.instance, people.calling_as(&people.client));
    let owners = client
        .call(&ListCardOwners::new(office))
        .expect("owners")
        .data;
    // The first has a PIN.
    let owner = owners[0].card_owner_id;
    let doors = client
        .call(&ListCardOwnerDoors::new(office, owner))
        .expect("doors")
        .data;
    let groups = client
        .call(&ListRemoteAccessGroups::new(office))
        .expect("groups")
        .data;
    let organizations = client
        .call(&ListOrganizations::new(office))
        .expect("organizations")
        .data;
    let (courier, estates) = (people.client.instance, people.estates.instance);
    let ids = [
        ("courier", courier.partner),
        ("office", office.partner),
        ("officeInstance", office.instance),
        ("estates", estates.partner),
        ("estatesInstance", estates.instance),
        ("pinOwner", owner),
        ("pinDoor", doors[0].door_id),
        ("group", groups[0].access_group_id),
        ("secondGroup", groups[1].access_group_id),
        ("thirdGroup", groups[2].access_group_id),
        ("organization", organizations[0].id),
    ];
    let ids = ids.map(|(name, id)| (name, id.to_string()));
    let unknown = ["unknown", "nobody", "nobodyInstance"].map(|name| (name, UNKNOWN.to_owned()));
    let days = [("yesterday", -1), ("tomorrow", 1), ("dayAfter", 2)]
        .map(|(name, days)| (name, noon(days)));
    let all = ids.into_iter().chain(unknown).chain(days);
    all.map(|(name, text)| (name.to_owned(), text.into()))
        .collect()
}

/// At noon the clocks are never changed.
fn noon(days: i64) -> String {
    let day = (OffsetDateTime::now_utc() + Duration::days(days)).date();
    let (year, month, day) = (day.year(), u8::from(day.month()), day.day());
    format!("{year}-{month:02}-{day:02}T12:00:00")
}
