//! The model as C#: `bindings/csharp/src/rest/api/{Types,Operations,Patches}.cs`.

use std::fmt::Write;
use std::path::PathBuf;

use super::csharp_operations;
use super::model::{Field, Model, Type, pascal_case};
use super::rust_types::{answer_name, patch_name, path_method};
use crate::native::project;

/// What stands on top of each file.
const NOTE: &str = "// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.\n\
    using System;\nusing System.Collections.Generic;\nusing System.Diagnostics.CodeAnalysis;\n\nnamespace Daxsign.Api\n{\n";
/// How long a line of a comment may be.
const COMMENT_WIDTH: usize = 112;

/// Every file, with its text as the description gives it now.
#[must_use]
pub fn files(model: &Model) -> Vec<(PathBuf, String)> {
    let texts = [
        ("Types.cs", types(model)),
        ("Operations.cs", csharp_operations::operations(model)),
        ("Patches.cs", patches(model)),
    ];
    let folder = project().join("bindings/csharp/src/rest/api");
    let place = |(name, text): (&str, String)| {
        let text = text.trim_end();
        (folder.join(name), format!("{NOTE}{text}\n}}\n"))
    };
    texts.into_iter().map(place).collect()
}

/// A name as a property of the class `of`, which must be called otherwise than it.
pub(super) fn property(name: &str, of: &str) -> String {
    let property = match name {
        "idfilter" => "IdFilter".to_owned(),
        other => pascal_case(other),
    };
    if property == of {
        property + "Value"
    } else {
        property
    }
}

/// The class of an object: not one that every program has from `System`.
fn class_name(name: &str) -> &str {
    match name {
        "TimeSpan" => "TimeSpanItem",
        other => other,
    }
}

/// The type of one value.
pub(super) fn value_type(value: &Type) -> &str {
    match value {
        Type::Text => "string",
        Type::Secret => "DaxSecret",
        Type::Bool => "bool",
        Type::Int32 | Type::Listed(_) => "int",
        Type::Int64 => "long",
        Type::Number => "double",
        Type::Uuid => "Guid",
        Type::LocalTime => "DaxLocalTime",
        Type::UtcTime => "DaxUtcTime",
        Type::Bytes => "byte[]",
        Type::Texts(true) => "IReadOnlyDictionary<string, string>",
        Type::Texts(false) => "IReadOnlyDictionary<string, DaxSecret>",
        Type::Json => "DaxJson",
        Type::Known(name) | Type::Object(name) => class_name(name),
    }
}

/// Whether a type needs a question mark to be missing.
pub(super) fn is_struct(value: &Type) -> bool {
    ["bool", "int", "long", "double", "Guid"].contains(&value_type(value))
}

/// The type of a property.
pub(super) fn whole_type(value: &Type, many: bool, required: bool) -> String {
    let one = value_type(value);
    match (many, is_struct(value) && !required) {
        (true, _) => format!("IReadOnlyList<{one}>"),
        (false, true) => format!("{one}?"),
        (false, false) => one.to_owned(),
    }
}

/// The function that reads a value.
pub(super) fn reader(value: &Type) -> String {
    match value {
        Type::Known(name) | Type::Object(name) => format!("{}.Read", class_name(name)),
        other => format!("JsonAs.{}", function(other)),
    }
}

/// The function that writes a value.
fn writer(value: &Type) -> String {
    format!("JsonOf.{}", function(value))
}

fn function(value: &Type) -> &'static str {
    match value {
        Type::Text => "Text",
        Type::Secret => "Secret",
        Type::Bool => "Bool",
        Type::Int32 | Type::Listed(_) => "Int32",
        Type::Int64 => "Int64",
        Type::Number => "Number",
        Type::Uuid => "Guid",
        Type::LocalTime => "LocalTime",
        Type::UtcTime => "UtcTime",
        Type::Bytes => "Bytes",
        Type::Texts(true) => "Texts",
        Type::Texts(false) => "Secrets",
        Type::Json => "Json",
        Type::Known(_) => "Word",
        Type::Object(_) => "Object",
    }
}

/// The line that writes a field.
pub(super) fn write_field(field: &Field, of: &str) -> String {
    let (key, name, write) = (&field.name, property(&field.name, of), writer(&field.value));
    match (field.many, field.required) {
        (true, true) => format!("members.Add(\"{key}\", JsonOf.List({name}, {write}));"),
        (true, false) => format!("members.PutList(\"{key}\", {name}, {write});"),
        (false, true) => format!("members.Add(\"{key}\", {write}({name}));"),
        (false, false) if is_struct(&field.value) => {
            format!("members.PutMaybe(\"{key}\", {name}, {write});")
        }
        (false, false) => format!("members.Put(\"{key}\", {name}, {write});"),
    }
}

fn read_field(field: &Field, of: &str) -> String {
    let (key, name, read) = (&field.name, property(&field.name, of), reader(&field.value));
    let how = match (field.many, field.required) {
        (true, _) => "List",
        (false, true) => "Need",
        (false, false) if is_struct(&field.value) => "Maybe",
        (false, false) => "One",
    };
    format!("{name} = members.{how}(\"{key}\", {read}),")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A comment, at an indentation, in lines of a bearable length.
pub(super) fn comment(indent: usize, text: &str) -> String {
    let start = format!("{:indent$}///", "");
    let mut comment = start.clone();
    let mut width = comment.len();
    for word in text.split_whitespace() {
        if width + 1 + word.chars().count() > COMMENT_WIDTH {
            comment.push('\n');
            comment.push_str(&start);
            width = start.len();
        }
        comment.push(' ');
        comment.push_str(word);
        width += 1 + word.chars().count();
    }
    comment + "\n"
}

/// What is said of something called `name` in the API.
pub(super) fn summary(name: &str, about: &str) -> String {
    let said = match about {
        "" => format!("<c>{name}</c>."),
        about => format!("<c>{name}</c>: {}", escaped(about)),
    };
    comment(8, &format!("<summary>{said}</summary>"))
}

/// Marks for a property that may be null.
pub(super) const NULLABLE: &str = "        [AllowNull, MaybeNull]\n";
/// Marks for a property that is read as no less than an empty list, and need not be set.
const LIST_OR_NOTHING: &str = "        [AllowNull]\n";

/// A property that callers may set, with marks before it.
pub(super) fn property_of(summary: &str, marks: &str, kind: &str, name: &str) -> String {
    format!("{summary}{marks}        public {kind} {name} {{ get; set; }}\n\n")
}

/// The marks of an object's field.
fn marks(field: &Field) -> &'static str {
    match (field.many, field.required || is_struct(&field.value)) {
        (true, _) if !field.required => LIST_OR_NOTHING,
        (false, false) => NULLABLE,
        _ => "",
    }
}

fn types(model: &Model) -> String {
    let mut text = String::new();
    for object in &model.objects {
        let about = format!("<c>{}</c> of the API.", object.schema);
        class(&mut text, class_name(&object.name), &about, &object.fields);
    }
    for operation in &model.operations {
        if operation.answer.len() > 1 {
            let about = format!("What <c>{}</c> returns.", operation.id);
            class(
                &mut text,
                &answer_name(&operation.id),
                &about,
                &operation.answer,
            );
        }
    }
    for (name, values) in &model.texts {
        word(&mut text, name, values);
    }
    text
}

fn class(text: &mut String, name: &str, about: &str, fields: &[Field]) {
    let _ = write!(
        text,
        "    /// <summary>{about}</summary>\n    public sealed class {name} : DaxObject\n    {{\n"
    );
    let (mut read, mut write) = (String::new(), String::new());
    for field in fields {
        let kind = whole_type(&field.value, field.many, field.required);
        let about = summary(&field.name, &field.about);
        let property = property(&field.name, name);
        text.push_str(&property_of(&about, marks(field), &kind, &property));
        let _ = writeln!(read, "                {}", read_field(field, name));
        let _ = writeln!(write, "            {}", write_field(field, name));
    }
    let _ = write!(
        text,
        "        internal static {name} Read(DaxJson json)\n        {{\n            \
         JsonMembers members = JsonAs.Object(json);\n            return new {name}\n            {{\n\
         {read}                Unknown = members.Rest(),\n            }};\n        }}\n\n        \
         internal override void Write(JsonMembers members)\n        {{\n{write}        }}\n    }}\n\n"
    );
}

fn word(text: &mut String, name: &str, values: &[String]) {
    let _ = write!(
        text,
        "    /// <summary>Known values, and any other.</summary>\n    \
         public sealed class {name} : DaxWord\n    {{\n"
    );
    for value in values {
        let _ = write!(
            text,
            "        /// <summary><c>{value}</c>.</summary>\n        \
             public static readonly {name} {} = new {name}(\"{value}\");\n\n",
            property(value, name)
        );
    }
    let _ = write!(
        text,
        "        /// <summary>Any value.</summary>\n        \
         /// <param name=\"text\">As the API writes it.</param>\n        \
         public {name}(string text)\n            : base(text)\n        {{\n        }}\n\n        \
         internal static {name} Read(DaxJson json)\n        {{\n            \
         return new {name}(JsonAs.Text(json));\n        }}\n    }}\n\n"
    );
}

fn patches(model: &Model) -> String {
    let mut text = String::new();
    for operation in &model.operations {
        if operation.patch.is_empty() {
            continue;
        }
        let name = patch_name(&operation.id);
        let paths: Vec<String> = operation
            .patch
            .iter()
            .map(|(path, _)| format!("                \"{path}\",\n"))
            .collect();
        let _ = write!(
            text,
            "    /// <summary>What <c>{}</c> can change.</summary>\n    \
             public sealed class {name} : DaxPatch<{name}>\n    {{\n        \
             private static readonly string[] All =\n            {{\n{}            }};\n\n        \
             /// <inheritdoc/>\n        public override IReadOnlyList<string> Paths\n        {{\n            \
             get {{ return All; }}\n        }}\n\n",
            operation.id,
            paths.concat()
        );
        for (path, value) in &operation.patch {
            let _ = write!(
                text,
                "        /// <summary>Replaces <c>{path}</c>.</summary>\n        \
                 /// <param name=\"value\">The new value.</param>\n        \
                 /// <returns>This patch.</returns>\n        \
                 public {name} {}({} value)\n        {{\n            \
                 return Replace(\"{path}\", {}(value));\n        }}\n\n",
                pascal_case(&path_method(path)),
                value_type(value),
                writer(value)
            );
        }
        text.truncate(text.trim_end().len());
        text.push_str("\n    }\n\n");
    }
    text
}
