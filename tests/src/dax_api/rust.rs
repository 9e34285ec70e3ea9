//! The model as Rust: `client/src/api/{types,operations,patches}.rs`.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::model::{Field, Model, Type, snake_case};
use super::{rust_info, rust_operations, rust_types};
use crate::native::project;

/// What stands on top of each file.
const NOTE: &str = "// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.\n";

/// Every file, with its text as the description gives it now.
#[must_use]
pub fn files(model: &Model) -> Vec<(PathBuf, String)> {
    let texts = [
        ("types.rs", rust_types::types(model)),
        ("operations.rs", rust_operations::operations(model)),
        ("operation_infos.rs", rust_info::infos(model)),
        ("patches.rs", rust_types::patches(model)),
    ];
    let folder = project().join("client/src/api");
    let place =
        |(name, text): (&str, String)| (folder.join(name), formatted(&(NOTE.to_owned() + &text)));
    texts.into_iter().map(place).collect()
}

/// As `cargo fmt` would have it.
fn formatted(text: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt starts");
    let mut input = rustfmt.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("rustfmt reads");
    drop(input);
    let output = rustfmt.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt refuses:\n{text}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A name as a Rust name.
pub(super) fn field_name(name: &str) -> String {
    match snake_case(name).as_str() {
        "idfilter" => "id_filter".to_owned(),
        "box" => "r#box".to_owned(),
        other => other.to_owned(),
    }
}

/// The type of one value.
pub(super) fn value_type(value: &Type) -> String {
    match value {
        Type::Text => "String".into(),
        Type::Secret => "Secret".into(),
        Type::Bool => "bool".into(),
        Type::Int32 => "i32".into(),
        Type::Int64 => "i64".into(),
        Type::Number => "f64".into(),
        Type::Uuid => "Uuid".into(),
        Type::LocalTime => "LocalTime".into(),
        Type::UtcTime => "UtcTime".into(),
        Type::Bytes => "Bytes".into(),
        Type::Texts(true) => "BTreeMap<String, Option<String>>".into(),
        Type::Texts(false) => "BTreeMap<String, Option<Secret>>".into(),
        Type::Json => "Value".into(),
        Type::Known(name) | Type::Listed(name) | Type::Object(name) => name.clone(),
    }
}

/// Whether a field is empty where it is missing.
pub(super) fn is_collection(field: &Field) -> bool {
    field.many || matches!(field.value, Type::Texts(_))
}

/// The type of a field's values, a list where there are many.
pub(super) fn whole_type(value: &Type, many: bool) -> String {
    if many {
        format!("Vec<{}>", value_type(value))
    } else {
        value_type(value)
    }
}

/// The type of a field, optional where it may be missing.
pub(super) fn field_type(field: &Field) -> String {
    let whole = whole_type(&field.value, field.many);
    if field.required || is_collection(field) {
        whole
    } else {
        format!("Option<{whole}>")
    }
}

/// By which function a field is read and written.
pub(super) fn presence(field: &Field) -> &'static str {
    match (is_collection(field), field.required) {
        (false, true) => "required",
        (false, false) => "optional",
        (true, true) => "required_list",
        (true, false) => "list",
    }
}

/// A comment on something called `name` in the API.
pub(super) fn comment(name: &str, about: &str) -> String {
    match about {
        "" => format!("/// `{name}`.\n"),
        about => format!("/// `{name}`: {about}\n"),
    }
}
