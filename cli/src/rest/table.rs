//! Answers as tables, for a terminal.

use serde_json::{Map, Value};

use crate::terminal::visible;

/// Between two columns.
const GAP: usize = 2;
/// The widest column.
const MAX_COLUMN: usize = 40;
const ELLIPSIS: char = '…';

/// A list, one row an item, as many columns as fit; `key` is the first of them.
pub(crate) fn list(items: &[Value], key: Option<&str>, width: usize) -> String {
    let mut names: Vec<&String> = Vec::new();
    for item in items.iter().filter_map(Value::as_object) {
        for (name, value) in item {
            if !cell(value).is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.sort_by_key(|name| rank(name, key));
    let mut lines = vec![String::new(); items.len().saturating_add(1)];
    let mut used = 0_usize;
    for name in names {
        let cells = items
            .iter()
            .map(|item| item.get(name).map(cell).unwrap_or_default());
        let cells: Vec<String> = std::iter::once(name.clone()).chain(cells).collect();
        let column = cells
            .iter()
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0);
        let end = used.saturating_add(column);
        if used > 0 && end > width {
            break;
        }
        for (line, cell) in lines.iter_mut().zip(&cells) {
            let padding = used.saturating_sub(line.chars().count());
            line.push_str(&" ".repeat(padding));
            line.push_str(cell);
        }
        used = end.saturating_add(GAP);
    }
    lines
        .iter()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}

/// One thing, a field a line.
pub(crate) fn one(fields: &Map<String, Value>) -> String {
    let label = fields
        .keys()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    let rows = fields.iter().map(|(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            value => value.to_string(),
        };
        let row = format!(
            "{:<label$}  {}",
            visible(name.as_bytes()),
            visible(text.as_bytes())
        );
        format!("{}\n", row.trim_end())
    });
    rows.collect()
}

/// The key first, then names, then states, then the rest.
fn rank(name: &str, key: Option<&str>) -> u8 {
    let name = name.to_ascii_lowercase();
    if key.is_some_and(|key| key.eq_ignore_ascii_case(&name)) {
        0
    } else if name.contains("name") || name == "timestamp" {
        1
    } else if name == "state" {
        2
    } else {
        3
    }
}

/// A value in a few columns; empty for what has no short form.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null | Value::Array(_) => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(fields) => ["name", "familyName"]
            .iter()
            .find_map(|name| Some(fields.get(*name)?.as_str()?.to_owned()))
            .unwrap_or_default(),
        value => value.to_string(),
    };
    let text = visible(text.as_bytes());
    if text.chars().count() <= MAX_COLUMN {
        return text;
    }
    let shown = text.chars().take(MAX_COLUMN.saturating_sub(1));
    shown.chain([ELLIPSIS]).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_line_up_and_fit() {
        let items = [
            json!({"id": "1", "name": "Ann", "state": "a", "zip": null, "note": "long text here"}),
            json!({"id": "22", "name": "B\u{1b}", "owner": {"name": "Cy"}, "list": [1]}),
        ];
        assert_eq!(
            list(&items, Some("id"), 60),
            "id  name     state  note            owner\n\
             1   Ann      a      long text here\n\
             22  B\\u{1b}                         Cy\n"
        );
        assert_eq!(
            list(&items, Some("id"), 14),
            "id  name\n1   Ann\n22  B\\u{1b}\n"
        );
        let long = json!({"text": "x".repeat(50)});
        assert!(list(&[long], None, 9).contains("x…"));
    }

    #[test]
    fn one_thing_has_all_its_fields() {
        let value = json!({"id": 7, "longer": [1], "text": "a\nb"});
        let text = one(value.as_object().unwrap());
        assert_eq!(text, "id      7\nlonger  [1]\ntext    a\\nb\n");
    }
}
