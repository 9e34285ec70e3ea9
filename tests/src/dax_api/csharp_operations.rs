//! The operations as C#: a class for each, with what it takes.

use std::fmt::Write;

use super::csharp::{
    NULLABLE, comment, is_struct, property, property_of, reader, summary, value_type, whole_type,
    write_field,
};
use super::model::{Field, Model, Operation, Parameter, Type, pascal_case};
use super::rust_info::repeat;
use super::rust_operations::{is_target, own_id};
use super::rust_types::{answer_name, patch_name};

/// What `Operations.cs` holds.
pub(super) fn operations(model: &Model) -> String {
    let mut text = String::new();
    for operation in &model.operations {
        Writer::new(model, operation).write(&mut text);
    }
    text
}

/// A property of an operation's class.
struct Member {
    name: String,
    kind: String,
    summary: String,
    /// Whether the constructor takes it.
    at_once: bool,
    /// Whether it may be null, of a type that does not say so by itself.
    nullable: bool,
}

struct Writer<'a> {
    model: &'a Model,
    operation: &'a Operation,
    name: String,
    members: Vec<Member>,
}

impl<'a> Writer<'a> {
    fn new(model: &'a Model, operation: &'a Operation) -> Self {
        let name = pascal_case(&operation.id);
        let mut members = Vec::new();
        if operation.parameters.iter().any(is_target) {
            members.push(Member {
                name: "Target".into(),
                kind: "DaxInstance".into(),
                summary: comment(8, "<summary>The instance that is asked.</summary>"),
                at_once: true,
                nullable: false,
            });
        }
        let own = operation.parameters.iter().filter(|each| !is_target(each));
        members.extend(own.map(|parameter| of_parameter(parameter, &name)));
        members.extend(operation.body.iter().map(|field| of_field(field, &name)));
        if !operation.patch.is_empty() {
            members.push(Member {
                name: "Patch".into(),
                kind: patch_name(&operation.id),
                summary: comment(8, "<summary>What is changed.</summary>"),
                at_once: true,
                nullable: false,
            });
        }
        Self {
            model,
            operation,
            name,
            members,
        }
    }

    fn write(&self, text: &mut String) {
        let (operation, name) = (self.operation, &self.name);
        let (answer, read) = self.answer();
        let base = match (&operation.max_limit, operation.answer.as_slice()) {
            (Some(_), [field]) => {
                let item = value_type(&field.value);
                self.ids().map_or_else(
                    || format!("DaxListOperation<{item}>"),
                    |id| format!("DaxByIdOperation<{item}, {id}>"),
                )
            }
            _ => format!("DaxOperation<{answer}>"),
        };
        let what = format!("{} {}", operation.method, operation.path);
        let about = summary(&what, &operation.about).replace("        ///", "    ///");
        let _ = write!(
            text,
            "{about}    public sealed class {name} : {base}\n    {{\n"
        );
        self.write_constructor(text);
        for member in &self.members {
            let marks = if member.nullable { NULLABLE } else { "" };
            text.push_str(&property_of(
                &member.summary,
                marks,
                &member.kind,
                &member.name,
            ));
        }
        self.write_paged(text);
        let draft = self.draft();
        let _ = write!(
            text,
            "        internal override ApiRequest Request()\n        {{\n{draft}        }}\n\n        \
             internal override {answer} Read(AnswerData data)\n        {{\n            \
             return data.{read};\n        }}\n    }}\n\n"
        );
    }

    fn write_constructor(&self, text: &mut String) {
        let at_once = || self.members.iter().filter(|member| member.at_once);
        text.push_str("        /// <summary>With what it must have.</summary>\n");
        for member in at_once() {
            let _ = writeln!(
                text,
                "        /// <param name=\"{0}\"><see cref=\"{1}\"/>.</param>",
                camel(&member.name),
                member.name
            );
        }
        let arguments: Vec<String> = at_once()
            .map(|member| format!("{} {}", member.kind, camel(&member.name)))
            .collect();
        let _ = write!(
            text,
            "        public {}({})\n        {{\n",
            self.name,
            arguments.join(", ")
        );
        for member in at_once() {
            let _ = writeln!(
                text,
                "            {} = {};",
                member.name,
                camel(&member.name)
            );
        }
        text.push_str("        }\n\n");
    }

    /// The statement that makes the request.
    fn draft(&self) -> String {
        let operation = self.operation;
        let mut steps = Vec::new();
        if operation.parameters.iter().any(is_target) {
            steps.push("Instance(Target)".to_owned());
        }
        let own = operation.parameters.iter().filter(|each| !is_target(each));
        steps.extend(own.map(|parameter| self.step_of(parameter)));
        for field in &operation.body {
            steps.extend(self.checks_of(field));
        }
        let lines: String = operation.body.iter().fold(String::new(), |mut all, field| {
            let _ = writeln!(
                all,
                "                    {}",
                write_field(field, &self.name)
            );
            all
        });
        if !lines.is_empty() {
            steps.push(format!(
                "Body(members =>\n                {{\n{lines}                }})"
            ));
        }
        if !operation.patch.is_empty() {
            steps.push("NotEmpty(\"patchItems\", Patch?.Count)".to_owned());
            steps.push(
                "Body(members => members.Add(\"patchItems\", Patch?.Items() ?? DaxJson.Null))"
                    .to_owned(),
            );
        }
        if operation.max_limit.is_some() {
            steps.push("Pages(Limit, Offset, MaxLimit)".to_owned());
        }
        let mut draft = format!(
            "            return new Draft(\n                    \"{}\", \"{}\", Repeat.{},\n                    \"{}\")\n",
            operation.id,
            operation.method,
            repeat(operation),
            operation.path
        );
        for step in steps {
            let _ = writeln!(draft, "                .{step}");
        }
        draft + "                .Finish();\n"
    }

    fn step_of(&self, parameter: &Parameter) -> String {
        let name = property(&parameter.name, &self.name);
        match (parameter.in_path, parameter.many) {
            (true, _) => format!("Path({name})"),
            (false, true) => format!("QueryList(\"{}\", {name})", parameter.name),
            (false, false) => format!("Query(\"{}\", {name})", parameter.name),
        }
    }

    fn checks_of(&self, field: &Field) -> Vec<String> {
        let (key, name) = (&field.name, property(&field.name, &self.name));
        let length = if field.many { "Count" } else { "Length" };
        let mut checks = Vec::new();
        if field.required && field.not_empty {
            checks.push(format!("NotEmpty(\"{key}\", {name}?.{length})"));
        } else if field.required && (field.many || !is_struct(&field.value)) {
            checks.push(format!("Needed(\"{key}\", {name})"));
        }
        if let Some(most) = field.at_most {
            checks.push(format!("AtMost(\"{key}\", {name}?.Count, {most})"));
        }
        checks
    }

    /// The type of the answer and how it is read.
    fn answer(&self) -> (String, String) {
        match self.operation.answer.as_slice() {
            [] => ("DaxNothing".into(), "Nothing()".into()),
            [field] => (
                whole_type(&field.value, field.many, true),
                format!(
                    "{}(\"{}\", {})",
                    if field.many { "List" } else { "One" },
                    field.name,
                    reader(&field.value)
                ),
            ),
            _ => {
                let name = answer_name(&self.operation.id);
                let read = format!("Whole({name}.Read)");
                (name, read)
            }
        }
    }

    /// The type of the ids that the list can be asked for.
    fn ids(&self) -> Option<&str> {
        let by_id = |parameter: &&Parameter| property(&parameter.name, &self.name) == "IdFilter";
        let filter = self.operation.parameters.iter().find(by_id)?;
        Some(value_type(&filter.value))
    }

    fn write_paged(&self, text: &mut String) {
        let Some(limit) = self.operation.max_limit else {
            return;
        };
        let [field] = self.operation.answer.as_slice() else {
            panic!("{}: pages of more than one list", self.name);
        };
        let item = value_type(&field.value);
        if let Some(id) = self.ids() {
            let name = &self.name;
            let _ = write!(
                text,
                "        internal override DaxListOperation<{item}> With(IReadOnlyList<{id}> ids)\n        {{\n            \
                 var copy = ({name})MemberwiseClone();\n            copy.IdFilter = ids;\n            \
                 return copy;\n        }}\n\n"
            );
        }
        let key = match &field.value {
            Type::Object(name) => own_id(self.model.object(name)).map(|id| {
                let question = if id.required { "" } else { "?" };
                format!("item.{}{question}.ToString()", property(&id.name, name))
            }),
            _ => None,
        };
        let key = key.unwrap_or_else(|| "null".to_owned());
        let _ = write!(
            text,
            "        internal override int MaxLimit\n        {{\n            get {{ return {limit}; }}\n        }}\n\n        \
             internal override string KeyOf({item} item)\n        {{\n            return {key};\n        }}\n\n"
        );
    }
}

/// `FamilyName` → `familyName`.
fn camel(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

fn of_parameter(parameter: &Parameter, of: &str) -> Member {
    Member {
        name: property(&parameter.name, of),
        kind: whole_type(&parameter.value, parameter.many, parameter.in_path),
        summary: summary(&parameter.name, &parameter.about),
        at_once: parameter.in_path,
        nullable: !parameter.in_path && (parameter.many || !is_struct(&parameter.value)),
    }
}

fn of_field(field: &Field, of: &str) -> Member {
    Member {
        name: property(&field.name, of),
        kind: whole_type(&field.value, field.many, field.required),
        summary: summary(&field.name, &field.about),
        at_once: field.required,
        nullable: !field.required && (field.many || !is_struct(&field.value)),
    }
}
