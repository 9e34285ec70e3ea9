//! What an answer holds that is not for every eye.

use serde_json::Value;

/// Names whose values are not shown, in lowercase.
const NAMES: [&str; 4] = ["pincode", "bearertoken", "authorization", "access_token"];
/// What is shown instead.
const MASK: &str = "(hidden: --show-secrets)";

/// Puts a mask in the place of PINs and tokens.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => {
            for (name, value) in fields {
                let secret = NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
                match value {
                    Value::Null => {}
                    value if secret => *value = MASK.into(),
                    value => hide(value),
                }
            }
        }
        _ => {}
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
    fn only_secrets_are_hidden() {
        let mut value =
            json!([{"name": "a", "pinCode": "1234", "x": {"PINCODE": 7, "pinCode": null}}]);
        hide(&mut value);
        let expected =
            json!([{"name": "a", "pinCode": MASK, "x": {"PINCODE": MASK, "pinCode": null}}]);
        assert_eq!(value, expected);
    }
}
