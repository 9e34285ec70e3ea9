//! Between JSON and the types of the API. What is not known is kept; nothing that can be read is
//! refused.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::secret::Secret;
use crate::time::{LocalTime, UtcTime};

/// A value that stands in JSON.
pub trait Json: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What stands there instead, and where.
    fn read(value: Value) -> Result<Self, String>;

    /// Writes it.
    fn write(&self) -> Value;
}

/// Fields that the API's description does not know, as they came; they are sent back unchanged.
#[derive(Clone, Default, PartialEq)]
pub struct Unknown(pub Map<String, Value>);

impl core::fmt::Debug for Unknown {
    /// The names alone.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

/// What kind of JSON a value is.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn wanted<T>(what: &str, found: &Value) -> Result<T, String> {
    Err(format!("{} instead of {what}", kind(found)))
}

/// Puts the place before what is wrong there.
fn at<T>(place: impl core::fmt::Display, result: Result<T, String>) -> Result<T, String> {
    result.map_err(|error| match error.split_once(' ') {
        // A place further in: `cards.` + `3.codes: …`
        Some((inner, _)) if inner.ends_with(':') => format!("{place}.{error}"),
        _ => format!("{place}: {error}"),
    })
}

macro_rules! number {
    ($type:ty, $what:literal, $as:ident) => {
        impl Json for $type {
            fn read(value: Value) -> Result<Self, String> {
                match value.$as().and_then(|number| number.try_into().ok()) {
                    Some(number) => Ok(number),
                    None => wanted($what, &value),
                }
            }

            fn write(&self) -> Value {
                (*self).into()
            }
        }
    };
}

number!(i32, "a whole number of 32 bits", as_i64);
number!(i64, "a whole number of 64 bits", as_i64);
number!(f64, "a number", as_f64);
number!(bool, "true or false", as_bool);

macro_rules! text {
    ($type:ty, $what:literal, $read:expr, $write:expr) => {
        impl Json for $type {
            fn read(value: Value) -> Result<Self, String> {
                let read: fn(String) -> Option<Self> = $read;
                match value {
                    Value::String(text) => read(text).ok_or_else(|| concat!("no ", $what).into()),
                    other => wanted($what, &other),
                }
            }

            fn write(&self) -> Value {
                let write: fn(&Self) -> String = $write;
                write(self).into()
            }
        }
    };
}

text!(String, "text", Some, Clone::clone);
text!(Secret, "text", |text| Some(Self::new(text)), |secret| {
    secret.expose().to_owned()
});
text!(Uuid, "GUID", |text| text.parse().ok(), ToString::to_string);
text!(
    LocalTime,
    "time",
    |text| Some(Self::as_received(text)),
    ToString::to_string
);
text!(
    UtcTime,
    "time",
    |text| Some(Self::as_received(text)),
    ToString::to_string
);

/// Bytes, in JSON as base64. `Debug` does not show them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

text!(
    Bytes,
    "base64",
    |text| STANDARD.decode(text).ok().map(Self),
    |bytes| STANDARD.encode(&bytes.0)
);

impl core::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Bytes({})", self.0.len())
    }
}

impl Json for Value {
    fn read(value: Value) -> Result<Self, String> {
        Ok(value)
    }

    fn write(&self) -> Value {
        self.clone()
    }
}

impl<T: Json> Json for Box<T> {
    fn read(value: Value) -> Result<Self, String> {
        T::read(value).map(Self::new)
    }

    fn write(&self) -> Value {
        T::write(self)
    }
}

/// In lists and maps `null` may stand for a value.
impl<T: Json> Json for Option<T> {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }
}

impl<T: Json> Json for Vec<T> {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Array(values) => {
                let places = values.into_iter().enumerate();
                places
                    .map(|(index, value)| at(index, T::read(value)))
                    .collect()
            }
            other => wanted("a list", &other),
        }
    }

    fn write(&self) -> Value {
        self.iter().map(T::write).collect()
    }
}

impl<T: Json> Json for BTreeMap<String, T> {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Object(fields) => {
                let read = |(name, value)| Ok((name, T::read(value)?));
                fields.into_iter().map(read).collect()
            }
            other => wanted("an object", &other),
        }
    }

    fn write(&self) -> Value {
        let written = self
            .iter()
            .map(|(name, value)| (name.clone(), value.write()));
        Value::Object(written.collect())
    }
}

/// The fields of an object, taken one by one.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            other => wanted("an object", &other),
        }
    }

    /// Takes what has the name; whether servers keep to the letters' case is not known.
    fn take(&mut self, name: &str) -> Option<Value> {
        let taken = self.0.remove(name);
        taken.or_else(|| {
            let other = self.0.keys().find(|key| key.eq_ignore_ascii_case(name))?;
            let other = other.clone();
            self.0.remove(&other)
        })
    }

    /// A field that is always there.
    pub(crate) fn required<T: Json>(&mut self, name: &str) -> Result<T, String> {
        let value = self.take(name).unwrap_or_default();
        at(name, T::read(value))
    }

    /// A field that may be missing or `null`.
    pub(crate) fn optional<T: Json>(&mut self, name: &str) -> Result<Option<T>, String> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => at(name, T::read(value)).map(Some),
        }
    }

    /// A list or map that may be missing or `null`, and is empty then.
    pub(crate) fn list<T: Json + Default>(&mut self, name: &str) -> Result<T, String> {
        self.optional(name).map(Option::unwrap_or_default)
    }

    /// A list, under its name. None is read where there is nothing at all; among other things a list
    /// that is not found is not an empty one.
    pub(crate) fn only_list<T: Json>(&mut self, name: &str) -> Result<Vec<T>, String> {
        match self.take(name) {
            Some(Value::Null) => Ok(Vec::new()),
            None if self.0.is_empty() => Ok(Vec::new()),
            found => at(name, Json::read(found.unwrap_or_default())),
        }
    }

    /// All else.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.0
    }
}

/// The fields of an object, put one by one.
pub(crate) struct Writer(Map<String, Value>);

impl Writer {
    pub(crate) fn new(unknown: &Unknown) -> Self {
        Self(unknown.0.clone())
    }

    pub(crate) fn required<T: Json>(&mut self, name: &str, value: &T) {
        self.0.insert(name.to_owned(), value.write());
    }

    // As `json_struct` has it.
    #[allow(clippy::ref_option)]
    pub(crate) fn optional<T: Json>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    pub(crate) fn list<T: Json + Default + PartialEq>(&mut self, name: &str, value: &T) {
        if *value != T::default() {
            self.required(name, value);
        }
    }

    pub(crate) fn finish(self) -> Value {
        Value::Object(self.0)
    }
}

/// A type with its fields: how each is called in JSON, and whether it may be missing.
macro_rules! json_struct {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $( $(#[$field_about:meta])* $field:ident: $type:ty = $presence:ident $key:literal, )*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_about])* pub $field: $type, )*
            /// Fields that are not known here.
            pub unknown: $crate::api::json::Unknown,
        }

        impl $crate::api::json::Json for $name {
            fn read(value: serde_json::Value) -> Result<Self, String> {
                #[allow(unused_mut)]
                let mut fields = $crate::api::json::Fields::from_value(value)?;
                Ok(Self {
                    $( $field: fields.$presence($key)?, )*
                    unknown: $crate::api::json::Unknown(fields.rest()),
                })
            }

            fn write(&self) -> serde_json::Value {
                #[allow(unused_mut)]
                let mut fields = $crate::api::json::Writer::new(&self.unknown);
                $( fields.$presence($key, &self.$field); )*
                fields.finish()
            }
        }
    };
}

pub(crate) use json_struct;
