//! The operations as Rust: a struct for each, with what it takes.

use std::fmt::Write;

use super::model::{Field, Model, Object, Operation, Parameter, Type, pascal_case};
use super::rust::{
    comment, field_name, field_type, is_collection, presence, value_type, whole_type,
};
use super::rust_info::constant;
use super::rust_types::{answer_name, patch_name};

/// `operations.rs`.
pub(super) fn operations(model: &Model) -> String {
    let mut text = String::from(
        "//! The operations: each is made with what it must have, takes the rest by its methods, and is\n\
         //! called by a client.\n\n\
         use std::collections::BTreeMap;\n\n\
         use serde_json::{Map, Value};\n\
         use uuid::Uuid;\n\n\
         use crate::api::draft::Draft;\n\
         use crate::api::info::OperationInfo;\n\
         use crate::api::json::Bytes;\n\
         use crate::api::operation::{ById, Instance, Operation, Paged, read_list, read_nothing, read_one, read_whole};\n\
         use crate::api::operation_infos;\n\
         // All of both.\n\
         #[allow(clippy::wildcard_imports)]\n\
         use crate::api::{patches::*, types::*};\n\
         use crate::error::Error;\n\
         use crate::protocol::request::ApiRequest;\n\
         use crate::secret::Secret;\n\
         use crate::time::{LocalTime, UtcTime};\n",
    );
    for operation in &model.operations {
        Writer::new(model, operation).write(&mut text);
    }
    text
}

/// A field of an operation's struct.
struct Member {
    name: String,
    /// As it is kept.
    kept: String,
    about: String,
    /// The type of one value, or of all where a collection is taken as it is.
    value: String,
    taken: Taken,
}

/// How a value is handed over.
#[derive(PartialEq)]
enum Taken {
    /// To the constructor.
    AtOnce,
    /// By a method; one value.
    One,
    /// By a method; many values.
    Many,
    /// By a method; a collection as it is.
    Whole,
}

struct Writer<'m> {
    model: &'m Model,
    operation: &'m Operation,
    name: String,
    members: Vec<Member>,
}

/// The two ids in a path that name a target.
pub(super) fn is_target(parameter: &Parameter) -> bool {
    parameter.name.ends_with("PartnerId") || parameter.name.ends_with("InstanceId")
}

impl<'m> Writer<'m> {
    fn new(model: &'m Model, operation: &'m Operation) -> Self {
        let mut members = Vec::new();
        if operation.parameters.iter().any(is_target) {
            members.push(Member {
                name: "target".into(),
                kept: "Instance".into(),
                about: "/// The partner and the instance that are asked.\n".into(),
                value: "Instance".into(),
                taken: Taken::AtOnce,
            });
        }
        let parameters = operation
            .parameters
            .iter()
            .filter(|parameter| !is_target(parameter));
        members.extend(parameters.map(of_parameter));
        members.extend(operation.body.iter().map(of_field));
        if !operation.patch.is_empty() {
            members.push(Member {
                name: "patch".into(),
                kept: patch_name(&operation.id),
                about: "/// What is changed.\n".into(),
                value: patch_name(&operation.id),
                taken: Taken::AtOnce,
            });
        }
        if operation.max_limit.is_some() {
            members.extend([
                window("offset", "u64", "How many stand before the page."),
                window("limit", "u32", "How many the page may hold."),
            ]);
        }
        Self {
            model,
            operation,
            name: pascal_case(&operation.id),
            members,
        }
    }

    fn write(&self, text: &mut String) {
        self.write_struct(text);
        self.write_methods(text);
        self.write_operation(text);
        if let Some(limit) = self.operation.max_limit {
            self.write_paged(text, limit);
        }
    }

    fn write_struct(&self, text: &mut String) {
        let operation = self.operation;
        let _ = write!(text, "\n/// `{} {}`", operation.method, operation.path);
        match operation.about.as_str() {
            "" => text.push_str(".\n"),
            about => {
                let _ = writeln!(text, "\n///\n/// {about}");
            }
        }
        let at_once = |member: &Member| member.taken == Taken::AtOnce;
        let default = if self.members.iter().any(at_once) {
            ""
        } else {
            ", Default"
        };
        let _ = writeln!(
            text,
            "#[derive(Clone, Debug{default})]\npub struct {} {{",
            self.name
        );
        for member in &self.members {
            let _ = writeln!(
                text,
                "{}pub {}: {},",
                member.about, member.name, member.kept
            );
        }
        text.push_str("}\n");
    }

    fn write_methods(&self, text: &mut String) {
        let name = &self.name;
        let at_once = || {
            self.members
                .iter()
                .filter(|member| member.taken == Taken::AtOnce)
        };
        let arguments: String = at_once().map(argument).collect();
        let _ = write!(
            text,
            "\nimpl {name} {{\n/// With what it must have.\n#[must_use]\npub fn new({arguments}) -> Self {{ Self {{"
        );
        for member in &self.members {
            match member.taken {
                Taken::AtOnce if takes_into(&member.kept) => {
                    let _ = write!(text, "{0}: {0}.into(),", member.name);
                }
                Taken::AtOnce => {
                    let _ = write!(text, "{},", member.name);
                }
                _ => {
                    let _ = write!(text, "{}: {},", member.name, empty(&member.kept));
                }
            }
        }
        text.push_str("} }\n");
        for member in &self.members {
            write_setter(text, member);
        }
        text.push_str("}\n");
    }

    fn write_operation(&self, text: &mut String) {
        let (name, info) = (&self.name, constant(&self.operation.id));
        let (answer, read) = self.answer();
        let mut draft = String::from("Draft::from_info(Self::INFO)");
        if self.operation.parameters.iter().any(is_target) {
            draft.push_str(".instance(self.target)");
        }
        for parameter in self
            .operation
            .parameters
            .iter()
            .filter(|each| !is_target(each))
        {
            draft.push_str(&draft_of_parameter(parameter));
        }
        for field in &self.operation.body {
            draft.push_str(&draft_of_field(field));
        }
        if !self.operation.patch.is_empty() {
            draft.push_str(".not_empty(\"patchItems\", self.patch.0.is_empty()).required(\"patchItems\", &self.patch.0)");
        }
        if self.operation.max_limit.is_some() {
            draft.push_str(".pages(self.limit, self.offset)");
        }
        let _ = write!(
            text,
            "\nimpl Operation for {name} {{\ntype Answer = {answer};\n\n\
             const INFO: &'static OperationInfo = &operation_infos::{info};\n\n\
             fn request(&self) -> Result<ApiRequest, Error> {{ {draft}.finish() }}\n\n\
             fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {{ {read} }}\n}}\n"
        );
    }

    /// The type of the answer and how it is read.
    fn answer(&self) -> (String, String) {
        match self.operation.answer.as_slice() {
            [] => ("()".into(), "read_nothing(data)".into()),
            [field] if field.many => {
                let kind = whole_type(&field.value, true);
                (kind, format!("read_list(data, \"{}\")", field.name))
            }
            [field] => {
                let kind = value_type(&field.value);
                (kind, format!("read_one(data, \"{}\")", field.name))
            }
            _ => (answer_name(&self.operation.id), "read_whole(data)".into()),
        }
    }

    fn write_paged(&self, text: &mut String, limit: u64) {
        let name = &self.name;
        let [field] = self.operation.answer.as_slice() else {
            panic!("{name}: pages of more than one list");
        };
        let item = value_type(&field.value);
        let id = match &field.value {
            Type::Object(name) => own_id(self.model.object(name)),
            _ => None,
        };
        let key = match id {
            None => "None".to_owned(),
            Some(id) if id.required => format!("Some(item.{}.to_string())", field_name(&id.name)),
            Some(id) => format!("item.{}.map(|id| id.to_string())", field_name(&id.name)),
        };
        let argument = if id.is_some() { "item" } else { "_" };
        let _ = write!(
            text,
            "\nimpl Paged for {name} {{\ntype Item = {item};\n\nconst MAX_LIMIT: u32 = {limit};\n\n\
             fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {{ (&mut self.limit, &mut self.offset) }}\n\n\
             fn key({argument}: &Self::Item) -> Option<String> {{ {key} }}\n}}\n"
        );
        let by_id = |parameter: &&Parameter| field_name(&parameter.name) == "id_filter";
        if let Some(filter) = self.operation.parameters.iter().find(by_id) {
            let id = value_type(&filter.value);
            let _ = write!(
                text,
                "\nimpl ById for {name} {{\ntype Id = {id};\n\n\
                 fn with_ids(self, ids: Vec<{id}>) -> Self {{ self.id_filter(ids) }}\n}}\n"
            );
        }
    }
}

/// The id that an object is known by: `cardId` of a `Card`, or just `id`.
pub(super) fn own_id(object: &Object) -> Option<&Field> {
    let is_own = |field: &&Field| match field.name.strip_suffix("Id") {
        Some(entity) => object
            .name
            .to_lowercase()
            .starts_with(&entity.to_lowercase()),
        None => field.name == "id",
    };
    object
        .fields
        .iter()
        .filter(is_own)
        .max_by_key(|field| field.name.len())
}

fn window(name: &str, kind: &str, about: &str) -> Member {
    Member {
        name: name.into(),
        kept: format!("Option<{kind}>"),
        about: format!("/// {about}\n"),
        value: kind.into(),
        taken: Taken::One,
    }
}

fn of_parameter(parameter: &Parameter) -> Member {
    let value = value_type(&parameter.value);
    let (kept, taken) = match (parameter.in_path, parameter.many) {
        (true, _) => (value.clone(), Taken::AtOnce),
        (false, true) => (format!("Vec<{value}>"), Taken::Many),
        (false, false) => (format!("Option<{value}>"), Taken::One),
    };
    Member {
        name: field_name(&parameter.name),
        kept,
        about: comment(&parameter.name, &parameter.about),
        value,
        taken,
    }
}

fn of_field(field: &Field) -> Member {
    Member {
        name: field_name(&field.name),
        kept: field_type(field),
        about: comment(&field.name, &field.about),
        taken: match (field.required, field.many, is_collection(field)) {
            (true, ..) => Taken::AtOnce,
            (false, true, _) => Taken::Many,
            (false, false, true) => Taken::Whole,
            (false, false, false) => Taken::One,
        },
        value: value_type(&field.value),
    }
}

/// What stands for nothing in a type.
fn empty(kept: &str) -> &'static str {
    match kept.split('<').next() {
        Some("Option") => "None",
        Some("Vec") => "Vec::new()",
        _ => "BTreeMap::new()",
    }
}

/// Types that are made from others at once: a text from `&str`.
fn takes_into(kept: &str) -> bool {
    ["String", "Secret"].contains(&kept)
}

fn argument(member: &Member) -> String {
    if takes_into(&member.kept) {
        format!("{}: impl Into<{}>,", member.name, member.kept)
    } else {
        format!("{}: {},", member.name, member.kept)
    }
}

fn write_setter(text: &mut String, member: &Member) {
    let Member {
        name, value, about, ..
    } = member;
    let (argument, made) = match member.taken {
        Taken::AtOnce => return,
        Taken::One => (format!("value: impl Into<{value}>"), "Some(value.into())"),
        Taken::Many => (
            format!("values: impl IntoIterator<Item = impl Into<{value}>>"),
            "values.into_iter().map(Into::into).collect()",
        ),
        Taken::Whole => (format!("values: {value}"), "values"),
    };
    let _ = write!(
        text,
        "\n{about}#[must_use]\npub fn {name}(mut self, {argument}) -> Self {{ self.{name} = {made}; self }}\n"
    );
}

fn draft_of_parameter(parameter: &Parameter) -> String {
    let name = field_name(&parameter.name);
    match (parameter.in_path, parameter.many) {
        (true, _) => format!(".path(&self.{name})"),
        (false, true) => format!(".query_list(\"{}\", &self.{name})", parameter.name),
        (false, false) => format!(".query(\"{}\", self.{name}.as_ref())", parameter.name),
    }
}

fn draft_of_field(field: &Field) -> String {
    let (key, name) = (&field.name, field_name(&field.name));
    let mut draft = String::new();
    if field.not_empty {
        let _ = write!(draft, ".not_empty(\"{key}\", self.{name}.is_empty())");
    }
    if let Some(most) = field.at_most {
        let _ = write!(draft, ".at_most(\"{key}\", self.{name}.len(), {most})");
    }
    let _ = write!(draft, ".{}(\"{key}\", &self.{name})", presence(field));
    draft
}
