//! A receiver's answer that is right, and not as its readers expect it.

use serde_json::{Value, json};

use super::kind::Kind;

/// Properties whose values are in a list (`BoxSize`, `BoxType`, `DeliveryCapabilities`).
const LISTED: [&str; 4] = ["boxSize", "boxSizes", "boxType", "capabilities"];
/// A value that no list has.
const UNKNOWN: &str = "AddedLater";

/// Changes the body of an answer as the fault says: it has [`ShortPage`](Kind::ShortPage) and
/// [`UnknownValue`](Kind::UnknownValue) only.
pub fn alter(kind: Kind, body: &mut Value) {
    let Some(data) = body.get_mut("data") else {
        return;
    };
    match kind {
        Kind::ShortPage => shorten(data),
        Kind::UnknownValue => {
            replace_listed(data);
            if let Value::Object(fields) = data {
                fields.insert("addedLater".to_owned(), json!({ "by": UNKNOWN }));
            }
        }
        _ => {}
    }
}

/// The first list in it has half as many, and one at least.
fn shorten(data: &mut Value) {
    let list = match data {
        Value::Array(list) => Some(list),
        Value::Object(fields) => fields.values_mut().find_map(Value::as_array_mut),
        _ => None,
    };
    if let Some(list) = list {
        list.truncate(list.len().div_ceil(2));
    }
}

/// The depth of an answer is its maker's, in the same process.
fn replace_listed(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(replace_listed),
        Value::Object(fields) => {
            for (name, value) in fields {
                if LISTED.contains(&name.as_str()) {
                    *value = unknown(value);
                } else {
                    replace_listed(value);
                }
            }
        }
        _ => {}
    }
}

fn unknown(value: &Value) -> Value {
    match value {
        Value::Array(_) => json!([UNKNOWN]),
        Value::String(_) => json!(UNKNOWN),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_half_as_long_and_says_what_there_is() {
        let page =
            |owners: &[u8]| json!({"paging": {"totalCount": 5}, "data": {"cardOwners": owners}});
        for (whole, half) in [
            (&[1, 2, 3, 4, 5][..], &[1, 2, 3][..]),
            (&[1], &[1]),
            (&[], &[]),
        ] {
            let mut body = page(whole);
            alter(Kind::ShortPage, &mut body);
            assert_eq!(body, page(half));
        }
    }

    #[test]
    fn values_of_lists_are_in_none() {
        let mut body =
            json!({"data": {"items": [{"boxSize": "S", "boxSizes": ["S"], "name": "S"}]}});
        alter(Kind::UnknownValue, &mut body);
        let item = json!({"boxSize": UNKNOWN, "boxSizes": [UNKNOWN], "name": "S"});
        let data = json!({"items": [item], "addedLater": {"by": UNKNOWN}});
        assert_eq!(body, json!({ "data": data }));
    }
}
