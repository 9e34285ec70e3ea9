//! What an answer holds that is not for every eye.

use serde_json::Value;

/// Names whose values are not shown, in lowercase.
const NAMES: [&str; 4] = ["pincode", "bearertoken", "authorization", "access_token"];
/// Names of objects whose members' values are not shown, in lowercase: fields of HTTP requests.
const HOLDERS: [&str; 1] = ["headers"];
/// What is shown instead.
const MASK: &str = "(hidden: --show-secrets)";

/// Puts a mask in the place of PINs and tokens.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => {
            for (name, value) in fields {
                if is_among(&NAMES, name) {
                    mask(value);
                } else if is_among(&HOLDERS, name) {
                    mask_members(value);
                } else {
                    hide(value);
                }
            }
        }
        _ => {}
    }
}

fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn mask(value: &mut Value) {
    if !value.is_null() {
        *value = MASK.into();
    }
}

fn mask_members(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(mask),
        other => mask(other),
    }
}

#[cfg(test)]
mod tests {
    use daxsign_client::api::{FieldInfo, Kind, OPERATIONS};
    use serde_json::json;

    use super::*;

    #[test]
    fn all_that_the_api_calls_secret_is_hidden() {
        fn check(fields: &[FieldInfo], depth: u8, count: &mut usize) {
            for field in fields {
                match field.kind {
                    Kind::Secret => {
                        assert!(
                            NAMES.contains(&&*field.name.to_lowercase()),
                            "{}",
                            field.name
                        );
                        *count += 1;
                    }
                    Kind::Object(fields) if depth > 0 => check(fields, depth - 1, count),
                    _ => {}
                }
            }
        }
        let mut count = 0;
        for info in OPERATIONS {
            check(info.answer, 4, &mut count);
        }
        assert!(count > 10, "{count}");
    }

    #[test]
    fn of_headers_the_names_are_shown() {
        let mut value = json!({"callbacks": [{"headers": {"X-Key": "s3cret", "X-None": null}},
            {"Headers": ["X-Key: s3cret"]}, {"headers": null, "domain": "d"}]});
        hide(&mut value);
        let expected = json!({"callbacks": [{"headers": {"X-Key": MASK, "X-None": null}},
            {"Headers": MASK}, {"headers": null, "domain": "d"}]});
        assert_eq!(value, expected);
    }

    #[test]
    fn only_secrets_are_hidden() {
        let mut value =
            json!([{"name": "a", "pinCode": "1234", "x": {"PINCODE": 7, "pinCode": null}}]);
        hide(&mut value);
        let expected =
            json!([{"name": "a", "pinCode": MASK, "x": {"PINCODE": MASK, "pinCode": null}}]);
        assert_eq!(value, expected);
    }
}
