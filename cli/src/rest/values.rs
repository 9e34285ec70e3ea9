//! Texts of the command line as values of the API.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_client::api::Kind;
use daxsign_client::{LocalTime, UtcTime};
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::input::Input;
use crate::rest::id::id;

/// What stands for a value in help.
pub(crate) const fn placeholder(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "TEXT",
        Kind::Secret | Kind::Bytes => "@FILE",
        Kind::Bool => "true|false",
        Kind::Integer | Kind::Number => "NUMBER",
        Kind::Uuid => "ID",
        Kind::LocalTime => "LOCAL-TIME",
        Kind::UtcTime => "UTC-TIME",
        Kind::Texts => "NAME=TEXT",
        Kind::Json | Kind::Object(_) => "JSON|@FILE",
    }
}

/// Reads a value. `name` is what it is for.
pub(crate) fn read(kind: Kind, name: &str, text: &str) -> Result<Value, Failure> {
    let plain = |value: Result<Value, String>| {
        value.map_err(|why| Failure::Unusable(format!("{name}: {why}")))
    };
    match kind {
        Kind::Secret => {
            let input = file_of(text).ok_or_else(|| {
                Failure::Unusable(format!(
                    "{name}: a secret does not stand on the command line, where others see it: name \
                     a file, @FILE, or @- for standard input"
                ))
            })??;
            let secret = String::from_utf8_lossy(&input.bytes);
            Ok(secret.lines().next().unwrap_or_default().into())
        }
        Kind::Bytes => match file_of(text) {
            Some(input) => Ok(STANDARD.encode(&input?.bytes).into()),
            None => plain(Err("name a file: @FILE".to_owned())),
        },
        Kind::Json | Kind::Object(_) => json(name, text),
        _ => plain(read_plain(kind, text)),
    }
}

fn read_plain(kind: Kind, text: &str) -> Result<Value, String> {
    let said = |error: daxsign_client::Error| error.text();
    match kind {
        Kind::Bool => match text {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err(format!("\"{text}\": write true or false")),
        },
        Kind::Integer => match text.parse::<i64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => Err(format!("\"{text}\" is no whole number")),
        },
        Kind::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number.into()),
            _ => Err(format!("\"{text}\" is no number")),
        },
        Kind::Uuid => Ok(id(text)?.to_string().into()),
        Kind::LocalTime => Ok(LocalTime::parse(text).map_err(said)?.as_str().into()),
        Kind::UtcTime => Ok(UtcTime::parse(text).map_err(said)?.as_str().into()),
        _ => Ok(text.into()),
    }
}

/// Pairs of names and texts as an object.
pub(crate) fn pairs<'t>(
    name: &str,
    texts: impl Iterator<Item = &'t String>,
) -> Result<Value, Failure> {
    let mut object = Map::new();
    for text in texts {
        let (key, value) = text.split_once('=').ok_or_else(|| {
            Failure::Unusable(format!("{name}: \"{text}\" is no pair: write NAME=TEXT"))
        })?;
        object.insert(key.to_owned(), value.into());
    }
    Ok(object.into())
}

/// JSON, or `@FILE` with JSON in it.
fn json(name: &str, text: &str) -> Result<Value, Failure> {
    let input = file_of(text).transpose()?;
    let bytes = input.as_ref().map_or(text.as_bytes(), |input| &input.bytes);
    let place = input.as_ref().map_or(name, |input| &input.name);
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::Unusable(format!("{place}: not JSON: {error}")))
}

/// A body: an object.
pub(crate) fn body(text: &str) -> Result<Map<String, Value>, Failure> {
    match json("--body", text)? {
        Value::Object(object) => Ok(object),
        _ => Err(Failure::Unusable(
            "--body: the API takes an object, {…}, and nothing else".to_owned(),
        )),
    }
}

/// What `@FILE` names, `@-` for standard input; `None` for another text.
fn file_of(text: &str) -> Option<Result<Input, Failure>> {
    let path = text.strip_prefix('@')?;
    Some(Input::read(Path::new(path)))
}
