//! Objects, values with names, and patches, as Rust.

use std::fmt::Write;

use super::model::{Field, Model, pascal_case};
use super::rust::{comment, field_name, field_type, presence, value_type};

/// `types.rs`.
pub(super) fn types(model: &Model) -> String {
    let mut text = String::from(
        "//! The objects of the API, and its values that have names.\n\n\
         use std::collections::BTreeMap;\n\n\
         use uuid::Uuid;\n\n\
         use crate::api::json::json_struct;\n\
         use crate::api::open_enum::{open_enum, open_number};\n\
         use crate::secret::Secret;\n\
         use crate::time::{LocalTime, UtcTime};\n",
    );
    for object in &model.objects {
        let about = format!("`{}` of the API.", object.schema);
        struct_of(&mut text, &object.name, &about, &object.fields);
    }
    for operation in &model.operations {
        if operation.answer.len() > 1 {
            let about = format!("What `{}` returns.", operation.id);
            struct_of(
                &mut text,
                &answer_name(&operation.id),
                &about,
                &operation.answer,
            );
        }
    }
    for (name, values) in &model.texts {
        let variants: String = values.iter().fold(String::new(), |mut all, value| {
            let _ = writeln!(all, "        {} = \"{value}\",", pascal_case(value));
            all
        });
        let _ = write!(
            text,
            "\nopen_enum! {{\n    /// Known values, and any other.\n    pub enum {name} {{\n{variants}    }}\n}}\n"
        );
    }
    for name in &model.numbers {
        let _ = write!(
            text,
            "\nopen_number! {{\n    /// `{name}`: a number whose meaning the API does not tell.\n    pub struct {name};\n}}\n"
        );
    }
    text
}

fn struct_of(text: &mut String, name: &str, about: &str, fields: &[Field]) {
    let _ = write!(
        text,
        "\njson_struct! {{\n    /// {about}\n    pub struct {name} {{\n"
    );
    for field in fields {
        let about = comment(&field.name, &field.about);
        let (name, kind) = (field_name(&field.name), field_type(field));
        let presence = presence(field);
        let _ = writeln!(
            text,
            "        {about}        {name}: {kind} = {presence} \"{}\",",
            field.name
        );
    }
    text.push_str("    }\n}\n");
}

/// `patches.rs`.
pub(super) fn patches(model: &Model) -> String {
    let mut text = String::from(
        "//! What can be changed of each entity.\n\n\
         use uuid::Uuid;\n\n\
         use crate::api::patch::patch;\n\
         use crate::api::types::Classification;\n\
         use crate::secret::Secret;\n\
         use crate::time::LocalTime;\n",
    );
    for operation in model
        .operations
        .iter()
        .filter(|operation| !operation.patch.is_empty())
    {
        let name = patch_name(&operation.id);
        let _ = write!(
            text,
            "\npatch! {{\n    /// What `{}` can change.\n    pub struct {name} {{\n",
            operation.id
        );
        for (path, value) in &operation.patch {
            let _ = writeln!(
                text,
                "        {}: {} = \"{path}\",",
                path_method(path),
                value_type(value)
            );
        }
        text.push_str("    }\n}\n");
    }
    text
}

/// `get_folder` → `GetFolderAnswer`.
pub(super) fn answer_name(id: &str) -> String {
    pascal_case(id) + "Answer"
}

/// `update_card_owner` → `CardOwnerPatch`.
pub(super) fn patch_name(id: &str) -> String {
    let entity = id.strip_prefix("update_").expect("an update");
    format!("{}Patch", pascal_case(entity.trim_start_matches("access_")))
}

/// The words that paths are made of.
const WORDS: [&str; 7] = [
    "parent",
    "family",
    "specific",
    "organization",
    "folder",
    "start",
    "stop",
];

/// `/PARENTFOLDERID` → `parent_folder_id`.
pub(super) fn path_method(path: &str) -> String {
    let mut rest = path.trim_start_matches('/').to_lowercase();
    let mut name = String::new();
    while let Some(word) = WORDS
        .iter()
        .find(|word| rest.starts_with(**word) && rest != **word)
    {
        name.push_str(word);
        name.push('_');
        rest = rest.split_off(word.len());
    }
    match rest.as_str() {
        "pincode" => "pin_code".into(),
        rest => name + rest,
    }
}
