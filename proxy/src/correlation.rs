//! The id by which a request is found in every log.

use http::HeaderMap;
use http::header::HeaderName;

/// The field that carries it, both ways.
pub(crate) const FIELD: HeaderName = HeaderName::from_static("x-correlation-id");

/// Longer ones are replaced.
const MAX_LEN: usize = 64;

/// The id that a request came with, if it is one that can stand in logs; else a new one.
#[must_use]
pub(crate) fn of(fields: &HeaderMap) -> String {
    let given = fields.get(FIELD).and_then(|value| value.to_str().ok());
    let fits = |id: &&str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !id.is_empty() && id.len() <= MAX_LEN && id.bytes().all(known)
    };
    given.filter(fits).map_or_else(new, str::to_owned)
}

/// 128 random bits.
fn new() -> String {
    let mut bytes = [0; 16];
    // Without randomness the ids are all the same, and requests go on.
    let _ = getrandom::fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_can_stand_in_logs_is_kept() {
        let of_value = |value: &'static [u8]| {
            let mut fields = HeaderMap::new();
            fields.insert(
                FIELD,
                http::HeaderValue::from_bytes(value).expect("a value"),
            );
            of(&fields)
        };
        assert_eq!(of_value(b"a-B_9.c"), "a-B_9.c");
        for bad in [&b""[..], b"a b", b"\"", b"{}", b"\xC3\xA9", &[b'a'; 65]] {
            let id = of_value(bad);
            assert_eq!(id.len(), 32, "{id}");
            assert_ne!(id, of_value(bad));
        }
    }
}
