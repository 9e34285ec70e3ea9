//! What the description says, as a writer of code needs it: operations with what they take and give,
//! objects, and values that have names. The writers add nothing but their language.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::description_path;

/// What every answer has around its data, and each body may have.
const COMMON: [&str; 5] = ["message", "messages", "paging", "context", "correlationId"];
/// Texts that are not shown.
const SECRETS: [&str; 2] = ["pinCode", "bearerToken"];
/// Objects whose values are not shown.
const SECRET_MAPS: [&str; 1] = ["headers"];
/// Ids that may be left out although they are not called nullable.
const LEFT_OUT: [(&str, &str); 1] = [("CreateCardItem", "ownerId")];
/// Names that languages have for something else.
const TAKEN: [&str; 1] = ["Box"];
/// What lists hold at most whose page size the description does not tell: as most others.
const USUAL_LIMIT: u64 = 50;
/// The most cards that an owner may have (the documentation).
const MAX_CARDS: usize = 50;

/// The whole API.
#[derive(Debug)]
pub struct Model {
    /// In the order of their names.
    pub operations: Vec<Operation>,
    /// The objects that stand in them.
    pub objects: Vec<Object>,
    /// Texts with known values: name, values.
    pub texts: BTreeMap<String, Vec<String>>,
    /// Numbers whose values are listed.
    pub numbers: Vec<String>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// `list_card_owners`.
    pub id: String,
    /// `CardOwner`.
    pub tag: String,
    /// `GET`.
    pub method: String,
    /// Below the API's path, with names in braces.
    pub path: String,
    /// What is said of it.
    pub about: String,
    /// In the path, then in the query, offset and limit left out.
    pub parameters: Vec<Parameter>,
    /// In the body.
    pub body: Vec<Field>,
    /// In the answer's data.
    pub answer: Vec<Field>,
    /// The status of success.
    pub success: u16,
    /// The most on a page, for an operation with pages.
    pub max_limit: Option<u64>,
    /// What a patch may replace, each with its type.
    pub patch: Vec<(String, Type)>,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether it stands in the path.
    pub in_path: bool,
    /// What it is.
    pub value: Type,
    /// Whether it is a list.
    pub many: bool,
    /// Known values.
    pub known: Vec<String>,
    /// What is said of it.
    pub about: String,
}

/// An object.
#[derive(Debug)]
pub struct Object {
    /// Its name in the description.
    pub schema: String,
    /// Its name in code.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is.
    pub value: Type,
    /// Whether it is a list.
    pub many: bool,
    /// Whether it is always there.
    pub required: bool,
    /// Whether it must not be empty.
    pub not_empty: bool,
    /// How many a list may hold.
    pub at_most: Option<usize>,
    /// Known values.
    pub known: Vec<String>,
    /// What is said of it.
    pub about: String,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// Text that is not shown.
    Secret,
    /// True or false.
    Bool,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A number.
    Number,
    /// A GUID.
    Uuid,
    /// A time of the target's clocks.
    LocalTime,
    /// A time in UTC.
    UtcTime,
    /// Bytes in base64.
    Bytes,
    /// An object from names to texts, which may be null; whether they are shown.
    Texts(bool),
    /// Any JSON.
    Json,
    /// A text with known values.
    Known(String),
    /// A number whose values are listed.
    Listed(String),
    /// An object, by its name in code.
    Object(String),
}

/// `cardOwnerId` → `card_owner_id`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

/// `list_card_owners`, `cardOwnerType` or `postbox` → the same with a capital for each word.
#[must_use]
pub fn pascal_case(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    };
    name.split('_').map(capital).collect()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    let texts = value.as_array().into_iter().flatten();
    texts
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

fn reference(value: &Value) -> Option<&str> {
    value["$ref"].as_str()?.rsplit('/').next()
}

/// Reads the description.
struct Reader {
    schemas: Map<String, Value>,
    parameters: Map<String, Value>,
    operation_names: BTreeSet<String>,
    model: Model,
    /// Objects that still have to be read.
    wanted: BTreeSet<String>,
}

impl Model {
    /// The description as it stands.
    #[must_use]
    pub fn load() -> Self {
        let file = std::fs::read(description_path()).expect("api/dax-api.json");
        Self::read(&serde_json::from_slice(&file).expect("JSON"))
    }

    /// A description.
    #[must_use]
    pub fn read(description: &Value) -> Self {
        let components = &description["components"];
        let object = |value: &Value| value.as_object().expect("an object").clone();
        let paths = object(&description["paths"]);
        let ids = |path: &Value| {
            let methods = path.as_object().expect("a path");
            let ids = methods
                .values()
                .filter_map(|method| method.get("operationId"));
            ids.map(|id| pascal_case(id.as_str().unwrap()))
                .collect::<Vec<_>>()
        };
        let mut reader = Reader {
            schemas: object(&components["schemas"]),
            parameters: object(&components["parameters"]),
            operation_names: paths.values().flat_map(ids).collect(),
            model: Self {
                operations: Vec::new(),
                objects: Vec::new(),
                texts: BTreeMap::new(),
                numbers: Vec::new(),
            },
            wanted: BTreeSet::new(),
        };
        for (path, methods) in &paths {
            for (method, operation) in methods.as_object().expect("methods") {
                if operation.get("operationId").is_some() {
                    let operation = reader.operation(path, method, methods, operation);
                    reader.model.operations.push(operation);
                }
            }
        }
        while let Some(schema) = reader.wanted.pop_first() {
            reader.object(&schema);
        }
        let mut model = reader.model;
        model.operations.sort_by(|a, b| a.id.cmp(&b.id));
        model.objects.sort_by(|a, b| a.name.cmp(&b.name));
        model.numbers.sort();
        model
    }

    /// An object by its name in code.
    #[must_use]
    pub fn object(&self, name: &str) -> &Object {
        let found = self.objects.iter().find(|object| object.name == name);
        found.expect("an object of the model")
    }
}

impl Reader {
    fn operation(&mut self, path: &str, method: &str, methods: &Value, said: &Value) -> Operation {
        let shared = methods["parameters"].as_array().into_iter().flatten();
        let own = said["parameters"].as_array().into_iter().flatten();
        let names: Vec<&str> = shared.chain(own).filter_map(reference).collect();
        let parameters = names
            .iter()
            .filter(|name| !["version", "offset", "limit"].contains(name));
        let body = self.body_schema(said);
        let (success, answer) = self.answer(said);
        let has_pages = names.contains(&"offset");
        let max_limit = said["x-max-limit"].as_u64().unwrap_or(USUAL_LIMIT);
        let changes = texts(&said["x-patch"]["paths"]);
        Operation {
            id: text(said, "operationId"),
            tag: said["tags"][0].as_str().expect("a tag").to_owned(),
            method: method.to_uppercase(),
            path: path
                .strip_prefix("/api/v{version}")
                .expect("a version")
                .to_owned(),
            about: about(said),
            parameters: parameters.map(|name| self.parameter(name)).collect(),
            body: if changes.is_empty() {
                self.fields(&body)
            } else {
                Vec::new()
            },
            answer,
            success,
            max_limit: has_pages.then_some(max_limit),
            patch: changes
                .into_iter()
                .map(|path| self.patch_path(path))
                .collect(),
        }
    }

    fn body_schema(&self, said: &Value) -> String {
        let schema = &said["requestBody"]["content"]["application/json"]["schema"];
        let name = reference(schema).expect("a body's schema").to_owned();
        assert!(self.schemas.contains_key(&name), "{name}");
        name
    }

    /// The status of success and what the data holds.
    fn answer(&mut self, said: &Value) -> (u16, Vec<Field>) {
        let mut answers = said["responses"].as_object().expect("answers").iter();
        let (status, answer) = answers
            .find(|(status, _)| status.starts_with('2'))
            .expect("success");
        let schema = &answer["content"]["application/json"]["schema"];
        let name = reference(schema).expect("an answer's schema").to_owned();
        (status.parse().expect("a status"), self.fields(&name))
    }

    fn parameter(&mut self, key: &str) -> Parameter {
        let said = self.parameters[key].clone();
        let (name, csv) = (text(&said, "name"), text(&said, "x-csv"));
        let known = texts(&said["x-known-values"]);
        let (kind, format) = (
            text(&said["schema"], "type"),
            text(&said["schema"], "format"),
        );
        let value = match (csv.as_str(), kind.as_str(), format.as_str()) {
            ("uuid", ..) | (_, _, "uuid") => Type::Uuid,
            ("int32", ..) | (_, "integer", _) => Type::Int32,
            (_, "boolean", _) => Type::Bool,
            // Of logs, whose times are local.
            (_, _, "date-time") => Type::LocalTime,
            _ if known.is_empty() => Type::Text,
            _ => self.known(&pascal_case(key), &known),
        };
        Parameter {
            in_path: text(&said, "in") == "path",
            many: !csv.is_empty(),
            about: about(&said),
            name,
            value,
            known,
        }
    }

    /// The type of what a path of a patch names: as in some request or answer.
    fn patch_path(&mut self, path: String) -> (String, Type) {
        let name = path.trim_start_matches('/').to_owned();
        if name == "ARCHIVED" {
            return (path, Type::Bool);
        }
        let named = |schema: &Value| {
            let fields = schema["properties"].as_object()?;
            let mut fields = fields.iter();
            let (key, said) = fields.find(|(key, _)| key.eq_ignore_ascii_case(&name))?;
            Some((key.clone(), said.clone()))
        };
        let (key, said) = self
            .schemas
            .values()
            .find_map(named)
            .expect("a field of that name");
        let value = self.value("", &key, &said).0;
        (path, value)
    }

    fn object(&mut self, schema: &str) {
        let name = self.code_name(schema);
        if self.model.objects.iter().any(|object| object.name == name) {
            return;
        }
        let fields = self.fields(schema);
        self.model.objects.push(Object {
            schema: schema.to_owned(),
            name,
            fields,
        });
    }

    /// The name of an object in code: `CardOwnerItem` is a `CardOwner`, unless that is another.
    fn code_name(&self, schema: &str) -> String {
        let short = schema.strip_suffix("Item").unwrap_or(schema);
        let taken = TAKEN.contains(&short)
            || self.operation_names.contains(short)
            || (short != schema && self.schemas.contains_key(short));
        if taken { schema } else { short }.to_owned()
    }

    /// The fields of an object, without what every body and every answer has.
    fn fields(&mut self, schema: &str) -> Vec<Field> {
        let said = self.schemas[schema].clone();
        let required = texts(&said["required"]);
        let is_message = schema.ends_with("Request") || schema.ends_with("Response");
        let fields = said["properties"].as_object().cloned().unwrap_or_default();
        let own = |name: &str| !(is_message && COMMON.contains(&name));
        let mut read = Vec::new();
        for (name, said) in fields.iter().filter(|(name, _)| own(name)) {
            let (value, many) = self.value(schema, name, said);
            let is_id = value == Type::Uuid && !many && said["nullable"] != true;
            let left_out = is_message || LEFT_OUT.contains(&(schema, name));
            read.push(Field {
                required: required.contains(name) || (is_id && !left_out),
                not_empty: said["minLength"].as_u64().unwrap_or_default() > 0,
                at_most: (many && name == "cards").then_some(MAX_CARDS),
                known: texts(&said["x-known-values"]),
                about: about(said),
                name: name.clone(),
                value,
                many,
            });
        }
        read
    }

    /// What a field is, and whether it is a list of that.
    fn value(&mut self, schema: &str, name: &str, said: &Value) -> (Type, bool) {
        if said["type"] == "array" {
            let (value, many) = self.value(schema, name, &said["items"]);
            assert!(!many, "{schema}.{name}: a list of lists");
            return (value, true);
        }
        if let Some(target) = reference(said) {
            let listed = self.schemas[target]["type"] == "integer";
            if listed {
                if !self.model.numbers.iter().any(|other| other == target) {
                    self.model.numbers.push(target.to_owned());
                }
                return (Type::Listed(target.to_owned()), false);
            }
            self.wanted.insert(target.to_owned());
            return (Type::Object(self.code_name(target)), false);
        }
        (self.scalar(name, said), false)
    }

    fn scalar(&mut self, name: &str, said: &Value) -> Type {
        let known = texts(&said["x-known-values"]);
        let (kind, format) = (text(said, "type"), text(said, "format"));
        match (kind.as_str(), format.as_str()) {
            ("string", "uuid") => Type::Uuid,
            ("string", "byte") => Type::Bytes,
            ("string", "date-time") if said["x-local-time"] == true => Type::LocalTime,
            // The exchange's own are UTC.
            ("string", "date-time") => Type::UtcTime,
            ("string", _) if SECRETS.contains(&name) => Type::Secret,
            ("string", _) if known.len() > 1 => self.known(&pascal_case(name), &known),
            ("string", _) => Type::Text,
            ("boolean", _) => Type::Bool,
            ("integer", "int64") => Type::Int64,
            ("integer", _) => Type::Int32,
            ("number", _) => Type::Number,
            ("object", _) => Type::Texts(!SECRET_MAPS.contains(&name)),
            ("", _) => Type::Json,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// A text with known values; one name always has the same.
    fn known(&mut self, name: &str, values: &[String]) -> Type {
        let before = self.model.texts.insert(name.to_owned(), values.to_vec());
        assert!(before.is_none_or(|before| before == values), "{name}");
        Type::Known(name.to_owned())
    }
}

/// What is said of something, in one sentence or some.
fn about(said: &Value) -> String {
    let mut about = text(said, "description");
    let mut add = |sentence: String| {
        if !about.is_empty() {
            about.push(' ');
        }
        about.push_str(&sentence);
    };
    match said["x-null-means"].as_str() {
        // Of a patch's value.
        Some("no change") | None => {}
        Some(meaning) => add(format!("Left out: {meaning}.")),
    }
    if let Some(unit) = said["x-unit"].as_str() {
        add(format!("In {unit}."));
    }
    if let Some(with) = said["x-expand"].as_str() {
        add(format!("Only with `expand` \"{with}\"."));
    }
    if said["x-effect"] == "archive" {
        add("Archives.".to_owned());
    }
    about
}
