//! What is known of each operation, as data in Rust.

use std::fmt::Write;

use super::model::{Field, Model, Operation, Parameter, Type, snake_case};

/// `operation_infos.rs`.
pub(super) fn infos(model: &Model) -> String {
    let mut text = String::from(
        "//! What is known of each operation and each object.\n\n\
         use crate::api::info::{Danger, FieldInfo, Kind, OperationInfo, ParameterInfo, Place};\n\
         use crate::protocol::request::{Method, Repeat};\n",
    );
    let _ = writeln!(
        text,
        "\n/// All operations.\npub static OPERATIONS: [&OperationInfo; {}] = [",
        model.operations.len()
    );
    for operation in &model.operations {
        let _ = writeln!(text, "    &{},", constant(&operation.id));
    }
    text.push_str("];\n");
    for operation in &model.operations {
        info(&mut text, operation);
    }
    for object in &model.objects {
        let name = constant(&snake_case(&object.name));
        let (count, fields) = (object.fields.len(), fields(&object.fields));
        let _ = write!(
            text,
            "\nstatic {name}_FIELDS: [FieldInfo; {count}] = [{fields}];\n"
        );
    }
    text
}

/// `list_card_owners` → `LIST_CARD_OWNERS`.
pub(super) fn constant(name: &str) -> String {
    name.to_uppercase()
}

fn info(text: &mut String, operation: &Operation) {
    let parameters: String = operation.parameters.iter().map(parameter).collect();
    let paths = operation
        .patch
        .iter()
        .map(|(path, _)| path)
        .collect::<Vec<_>>();
    let (repeat, danger) = (repeat(operation), danger(operation));
    let method = &operation.method;
    let method = format!("{}{}", &method[..1], method[1..].to_lowercase());
    let _ = write!(
        text,
        "\n/// `{}`.\npub(crate) static {}: OperationInfo = OperationInfo {{\n\
         id: \"{}\", tag: \"{}\", method: Method::{method}, path: \"{}\", about: {:?},\n\
         parameters: &[{parameters}],\n body: &[{}],\n answer: &[{}],\n\
         success: {}, max_limit: {:?}, patch_paths: &{paths:?}, repeat: Repeat::{repeat},\n\
         danger: Danger::{danger} }};\n",
        operation.id,
        constant(&operation.id),
        operation.id,
        operation.tag,
        operation.path,
        operation.about,
        fields(&operation.body),
        fields(&operation.answer),
        operation.success,
        operation.max_limit,
    );
}

/// What must not be done twice: it opens a door, creates, or grants. What only reads may always be
/// repeated; the rest where nothing was sent.
pub(super) fn repeat(operation: &Operation) -> &'static str {
    const ONCE: [&str; 7] = [
        "open_",
        "create_",
        "grant_",
        "obtain_",
        "register_",
        "reserve_",
        "publish_",
    ];
    match operation.method.as_str() {
        "GET" => "Always",
        _ if ONCE.iter().any(|start| operation.id.starts_with(start)) => "Never",
        _ => "Unsent",
    }
}

fn danger(operation: &Operation) -> &'static str {
    match operation.id.split('_').next() {
        Some("open") => "OpensDoor",
        Some("delete") => "Deletes",
        Some("revoke") => "Revokes",
        _ => "None",
    }
}

fn parameter(parameter: &Parameter) -> String {
    let place = if parameter.in_path { "Path" } else { "Query" };
    format!(
        "ParameterInfo {{ name: \"{}\", place: Place::{place}, kind: {}, many: {}, known: &{:?}, about: {:?} }},\n",
        parameter.name,
        kind(&parameter.value),
        parameter.many,
        parameter.known,
        parameter.about,
    )
}

fn fields(fields: &[Field]) -> String {
    let field = |field: &Field| {
        format!(
            "FieldInfo {{ name: \"{}\", kind: {}, many: {}, required: {}, known: &{:?}, about: {:?} }},\n",
            field.name,
            kind(&field.value),
            field.many,
            field.required,
            field.known,
            field.about,
        )
    };
    fields.iter().map(field).collect()
}

fn kind(value: &Type) -> String {
    let name = match value {
        Type::Text | Type::Known(_) => "Text",
        Type::Secret => "Secret",
        Type::Bool => "Bool",
        Type::Int32 | Type::Int64 | Type::Listed(_) => "Integer",
        Type::Number => "Number",
        Type::Uuid => "Uuid",
        Type::LocalTime => "LocalTime",
        Type::UtcTime => "UtcTime",
        Type::Bytes => "Bytes",
        Type::Texts(_) => "Texts",
        Type::Json => "Json",
        Type::Object(name) => {
            return format!("Kind::Object(&{}_FIELDS)", constant(&snake_case(name)));
        }
    };
    format!("Kind::{name}")
}
