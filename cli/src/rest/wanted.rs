//! What a command asks for, as a request.

use clap::ArgMatches;
use daxsign_client::api::{FieldInfo, Kind, OperationInfo, Place};
use daxsign_client::{ApiRequest, Method};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::rest::arguments::{CallArguments, CallCommand};
use crate::rest::commands::{self, field_id, option};
use crate::rest::connection::Connection;
use crate::rest::operations::{self, Name, Target};
use crate::rest::values;

/// A request and what is known of it.
pub(crate) struct Wanted {
    pub(crate) request: ApiRequest,
    pub(crate) method: Method,
    pub(crate) info: Option<&'static OperationInfo>,
    /// What is asked before it is sent.
    pub(crate) question: Option<&'static str>,
    /// By which field an item of its list is known.
    pub(crate) id_field: Option<&'static str>,
    /// All pages are wanted.
    pub(crate) all: Option<AllPages>,
}

/// From where, and how large.
pub(crate) struct AllPages {
    pub(crate) limit: u32,
    pub(crate) offset: u64,
}

impl Wanted {
    /// What an operation's command asks for.
    pub(crate) fn of_operation(
        name: &Name,
        info: &'static OperationInfo,
        matches: &ArgMatches,
        connection: &Connection,
        call: &CallArguments,
    ) -> Result<Self, Failure> {
        let body = body(info, matches)?;
        let mut request = path(info, matches, connection, call)?;
        for parameter in info.parameters {
            if parameter.place == Place::Query {
                let values = texts(matches, parameter.name);
                let values = values.map(|text| {
                    values::read(parameter.kind, &dashed(parameter.name), text)
                        .map(|value| plain(&value))
                });
                let values = values.collect::<Result<Vec<_>, _>>()?;
                if !values.is_empty() {
                    request = request.query_list(parameter.name, values);
                }
            }
        }
        let (request, all) = paged(request, info, matches);
        Ok(Self {
            question: question(info.method, Some(info), &body),
            request: request.body(body).repeat(info.repeat),
            method: info.method,
            info: Some(info),
            id_field: name.id_field,
            all,
        })
    }

    /// What `daxsign call` asks for.
    pub(crate) fn of_call(command: &CallCommand, connection: &Connection) -> Result<Self, Failure> {
        let mut path = command.path.clone();
        for (word, part) in [
            ("{partner}", Target::Partner),
            ("{instance}", Target::Instance),
        ] {
            if path.contains(word) {
                path = path.replace(word, &connection.target(part, &command.call)?.to_string());
            }
        }
        let info = operations::of_path(command.method, &path);
        let text = command.body.as_deref();
        let body = text.map(values::body).transpose()?.unwrap_or_default();
        let request = ApiRequest::new(command.method, path);
        let repeat = info.map_or(command.method.repeat(), |info| info.repeat);
        Ok(Self {
            question: question(command.method, info, &body),
            request: request.body(body).repeat(repeat),
            method: command.method,
            info,
            id_field: None,
            all: None,
        })
    }
}

/// What is asked before something is done that cannot be undone.
fn question(
    method: Method,
    info: Option<&OperationInfo>,
    body: &Map<String, Value>,
) -> Option<&'static str> {
    use daxsign_client::api::Danger;
    let Some(info) = info else {
        return (method != Method::Get).then_some(
            "This is no operation that is known here; it may change or open something.",
        );
    };
    match info.danger {
        Danger::None if archives(body) => Some("This archives it, as deleting does."),
        Danger::None => None,
        Danger::OpensDoor => Some("This opens a door."),
        Danger::Deletes => Some("This deletes it."),
        Danger::Revokes => Some("This takes access away."),
    }
}

/// Whether a patch archives what it changes. Servers may not look at the case of names.
fn archives(body: &Map<String, Value>) -> bool {
    let lists = named(body, "patchItems").filter_map(Value::as_array);
    let mut items = lists.flatten().filter_map(Value::as_object);
    items.any(|item| {
        let mut paths = named(item, "path").filter_map(Value::as_str);
        let mut values = named(item, "value").peekable();
        let keeps = values.peek().is_some() && values.all(|value| value == &Value::Bool(false));
        paths.any(|path| path.eq_ignore_ascii_case("/ARCHIVED")) && !keeps
    })
}

/// The members of a name, whatever its case.
fn named<'v>(
    object: &'v Map<String, Value>,
    name: &'static str,
) -> impl Iterator<Item = &'v Value> {
    let members = object.iter();
    members.filter_map(move |(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

/// The path, filled in.
fn path(
    info: &OperationInfo,
    matches: &ArgMatches,
    connection: &Connection,
    call: &CallArguments,
) -> Result<ApiRequest, Failure> {
    let mut request = ApiRequest::new(info.method, "");
    for word in info.path.split('/').filter(|word| !word.is_empty()) {
        let name = word
            .strip_prefix('{')
            .and_then(|word| word.strip_suffix('}'));
        let text = match name {
            None => word.to_owned(),
            Some(name) => match operations::target_part(name) {
                Some(part) => connection.target(part, call)?.to_string(),
                None => segment(info, name, matches)?,
            },
        };
        request = request.segment(&text);
    }
    Ok(request)
}

/// What the command line says for a name in the path.
fn segment(info: &OperationInfo, name: &str, matches: &ArgMatches) -> Result<String, Failure> {
    let text = matches.get_one::<String>(name).map_or("", String::as_str);
    let parameter = info.parameters.iter().find(|other| other.name == name);
    let kind = parameter.map_or(Kind::Text, |parameter| parameter.kind);
    if text.is_empty() {
        return Err(Failure::Unusable(format!("{name} is empty")));
    }
    values::read(kind, name, text).map(|value| plain(&value))
}

/// The request with its page, and whether all pages are wanted.
fn paged(
    mut request: ApiRequest,
    info: &OperationInfo,
    matches: &ArgMatches,
) -> (ApiRequest, Option<AllPages>) {
    let Some(most) = info.max_limit else {
        return (request, None);
    };
    let limit = matches.get_one::<u32>(commands::LIMIT).copied();
    let offset = matches.get_one::<u64>(commands::OFFSET).copied();
    if matches.get_flag(commands::ALL) {
        let (limit, offset) = (limit.unwrap_or(most), offset.unwrap_or_default());
        return (request, Some(AllPages { limit, offset }));
    }
    if let Some(offset) = offset {
        request = request.query("offset", &offset.to_string());
    }
    if let Some(limit) = limit {
        request = request.query("limit", &limit.to_string());
    }
    (request, None)
}

/// The body: the whole one of the command line, with the fields that it names one by one.
fn body(info: &OperationInfo, matches: &ArgMatches) -> Result<Map<String, Value>, Failure> {
    let mut body = Map::new();
    if info.body.is_empty() && info.patch_paths.is_empty() {
        return Ok(body);
    }
    if let Some(text) = matches.get_one::<String>(commands::BODY) {
        body = values::body(text)?;
    }
    for field in info.body {
        if let Some(value) = field_value(field, matches)? {
            body.insert(field.name.to_owned(), value);
        }
        if field.required && !body.contains_key(field.name) {
            return Err(Failure::Unusable(format!(
                "{} is missing, or \"{}\" in --body",
                dashed(field.name),
                field.name
            )));
        }
    }
    if !info.patch_paths.is_empty() {
        add_changes(info, matches, &mut body)?;
    }
    Ok(body)
}

fn field_value(field: &FieldInfo, matches: &ArgMatches) -> Result<Option<Value>, Failure> {
    let (id, name) = (field_id(field), dashed(field.name));
    let mut texts = texts(matches, &id).peekable();
    if texts.peek().is_none() {
        return Ok(None);
    }
    if matches!(field.kind, Kind::Texts) {
        return values::pairs(&name, texts).map(Some);
    }
    let mut values = texts.map(|text| values::read(field.kind, &name, text));
    if !field.many {
        return values.next().transpose();
    }
    // A list may be named whole or item by item.
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let flat = values.into_iter().flat_map(|value| match value {
        Value::Array(items) => items,
        value => vec![value],
    });
    Ok(Some(flat.collect()))
}

/// The items of a patch.
fn add_changes(
    info: &OperationInfo,
    matches: &ArgMatches,
    body: &mut Map<String, Value>,
) -> Result<(), Failure> {
    let mut items = Vec::new();
    for text in texts(matches, commands::SET) {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| Failure::Unusable(format!("--set: \"{text}\": write NAME=VALUE")))?;
        items.push(change(info, name, |kind| changed(kind, name, value))?);
    }
    for name in texts(matches, commands::CLEAR) {
        items.push(change(info, name, |_| Ok(Value::Null))?);
    }
    if !items.is_empty() {
        body.insert("patchItems".to_owned(), items.into());
    }
    if body.is_empty() {
        return Err(Failure::Unusable(
            "nothing to change: --set NAME=VALUE, or --clear NAME".to_owned(),
        ));
    }
    Ok(())
}

fn change(
    info: &OperationInfo,
    name: &str,
    value: impl FnOnce(Option<Kind>) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let bare = |path: &'static str| path.trim_start_matches('/');
    let path = info
        .patch_paths
        .iter()
        .find(|path| bare(path).eq_ignore_ascii_case(name));
    let Some(path) = path else {
        let known: Vec<_> = info
            .patch_paths
            .iter()
            .map(|path| bare(path).to_lowercase())
            .collect();
        return Err(Failure::Unusable(format!(
            "--set: \"{name}\" cannot be changed here, but {}",
            known.join(", ")
        )));
    };
    let value = value(kind_of(info, name))?;
    Ok(json!({ "op": "replace", "path": path, "value": value }))
}

/// What the field is in answers.
fn kind_of(info: &OperationInfo, name: &str) -> Option<Kind> {
    let fields = info.answer.iter().find_map(|field| match field.kind {
        Kind::Object(fields) => Some(fields),
        _ => None,
    })?;
    let field = fields
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case(name))?;
    Some(field.kind)
}

fn changed(kind: Option<Kind>, name: &str, text: &str) -> Result<Value, Failure> {
    match kind {
        Some(kind) => values::read(kind, &format!("--set {name}"), text),
        // Not in answers; the one of those that is no text is `archived`.
        None => Ok(match text {
            "true" => true.into(),
            "false" => false.into(),
            _ => text.into(),
        }),
    }
}

fn texts<'m>(matches: &'m ArgMatches, id: &str) -> impl Iterator<Item = &'m String> {
    let values = matches.get_many::<String>(id);
    values.into_iter().flatten()
}

/// How messages call an option.
fn dashed(name: &str) -> String {
    format!("--{}", option(name))
}

/// A value as it stands in a path or a query.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
