//! Patches: what may be replaced, as a table.

use std::collections::BTreeMap;

use rusqlite::types::Value as Sql;
use serde_json::Value;

use super::refused::Refused;
use super::work::{FOLDER, ORGANIZATION, Work, short};

/// The column that a path replaces, and what may stand there.
pub(super) type Field = (&'static str, &'static str, Kind);

/// What may stand in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Name,
    /// A text or null.
    Text,
    /// A PIN or null.
    Pin,
    /// A local time or null.
    Time,
    /// True or false.
    Flag,
    /// The same; kept is since when.
    Since,
    /// A folder that is seen.
    Folder,
    /// An organization that is seen, or null.
    Organization,
    /// `regular` or `restricted`.
    Classification,
}

/// Replaces what the request says, all of it or nothing; what was replaced, by path.
pub(super) fn patch(
    work: &Work<'_>,
    table: &str,
    seq: i64,
    fields: &[Field],
) -> Result<BTreeMap<String, Sql>, Refused> {
    let mut replaced = BTreeMap::new();
    for item in work.request.items("patchItems") {
        let text = |name| item.get(name).and_then(Value::as_str);
        if !text("op").is_some_and(|op| op.eq_ignore_ascii_case("replace")) {
            return Err(Refused::invalid("op must be replace"));
        }
        let path = text("path").unwrap_or_default();
        let Some((path, column, kind)) = fields.iter().find(|field| field.0 == path) else {
            let known: Vec<&str> = fields.iter().map(|field| field.0).collect();
            let known = known.join(", ");
            return Err(Refused::invalid(format!("path must be one of {known}")));
        };
        let value = kind.value(work, path, item.get("value").unwrap_or(&Value::Null))?;
        if replaced.insert((*path).to_owned(), value.clone()).is_some() {
            return Err(Refused::invalid(format!("{path} stands there twice")));
        }
        let sql = format!("UPDATE {table} SET {column} = ?1 WHERE seq = ?2");
        work.write(&sql, rusqlite::params![value, seq])?;
    }
    Ok(replaced)
}

impl Kind {
    fn value(self, work: &Work<'_>, path: &str, value: &Value) -> Result<Sql, Refused> {
        let may_be_null = matches!(
            self,
            Self::Text | Self::Pin | Self::Time | Self::Organization
        );
        if value.is_null() && may_be_null {
            return Ok(Sql::Null);
        }
        let unfit = || Refused::invalid(format!("the value of {path} {}", self.told()));
        let text = || value.as_str().ok_or_else(unfit);
        Ok(match self {
            Self::Name | Self::Text => {
                short(path, text()?)?;
                Sql::Text(text()?.to_owned())
            }
            Self::Pin => Sql::Text(pin(text()?)?.to_owned()),
            Self::Time => Sql::Text(work.time(path, text()?)?),
            Self::Flag => Sql::Integer(value.as_bool().ok_or_else(unfit)?.into()),
            Self::Since if value.as_bool().ok_or_else(unfit)? => Sql::Text(work.local()),
            Self::Since => Sql::Null,
            Self::Folder => {
                let id = value.as_i64().ok_or_else(unfit)?;
                Sql::Integer(work.find(&FOLDER, &id.to_string())?)
            }
            Self::Organization => Sql::Integer(work.find(&ORGANIZATION, text()?)?),
            Self::Classification => Sql::Text(classification(Some(text()?))?.to_owned()),
        })
    }

    const fn told(self) -> &'static str {
        match self {
            Self::Name | Self::Classification => "is a text",
            Self::Text | Self::Pin | Self::Time => "is a text or null",
            Self::Flag | Self::Since => "is true or false",
            Self::Folder => "is the number of a folder",
            Self::Organization => "is the id of an organization or null",
        }
    }
}

/// 4 to 6 digits. What it was is never told.
pub(super) fn pin(text: &str) -> Result<&str, Refused> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (4..=6).contains(&text.len()) {
        Ok(text)
    } else {
        Err(Refused::invalid("a PIN has 4 to 6 digits"))
    }
}

/// Of a card.
pub(super) fn classification(text: Option<&str>) -> Result<&str, Refused> {
    match text.unwrap_or("regular") {
        known @ ("regular" | "restricted") => Ok(known),
        _ => Err(Refused::invalid(
            "a classification is regular or restricted",
        )),
    }
}
