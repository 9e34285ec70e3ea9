//! Which fields a callback may have beside those of the exchange.

/// The longest name and value of a field.
const MAX_NAME_LEN: usize = 64;
const MAX_VALUE_LEN: usize = 2_048;

/// What the exchange, or HTTP between two hosts, writes itself (RFC 9110, 7.6.1), beside `X-Dax-…` and `Content-…`.
const RESERVED: [&str; 19] = [
    "accept-encoding",
    // It is what bearerToken is for, and is never kept.
    "authorization",
    "connection",
    "date",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "signature",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-correlation-id",
];
const RESERVED_BEGINNINGS: [&str; 2] = ["content-", "x-dax-"];

/// What is wrong with a field, if anything.
pub(super) fn fault(name: &str, value: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let is_reserved = RESERVED.contains(&lower.as_str())
        || RESERVED_BEGINNINGS
            .iter()
            .any(|begin| lower.starts_with(begin));
    if name.is_empty() || name.len() > MAX_NAME_LEN || !name.bytes().all(is_token) {
        return Some("is no name of a field, with at most 64 characters");
    }
    if is_reserved {
        return Some("is a field that the exchange, or HTTP itself, sets");
    }
    let visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    if value.len() > MAX_VALUE_LEN || !value.bytes().all(visible) || value.trim() != value {
        return Some(
            "has no value of at most 2048 visible ASCII characters, with blanks only between them",
        );
    }
    None
}

/// RFC 9110, 5.6.2.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_exchange_sets_nobody_else_does() {
        for name in [
            "Signature",
            "SIGNATURE",
            "Date",
            "Host",
            "X-Correlation-Id",
            "X-Dax-Sender",
            "x-dax-anything",
            "Content-Type",
            "content-length",
            "Content-Encoding",
            "Authorization",
            "Connection",
            "Keep-Alive",
            "Proxy-Authorization",
            "Proxy-Connection",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Expect",
            "HTTP2-Settings",
        ] {
            assert!(fault(name, "x").is_some(), "{name}");
        }
        for name in [
            "X-Api-Key",
            "Cookie",
            "X-Daxes",
            "Dates",
            "X-Forwarded-For",
            "!#$%&'*+-.^_`|~",
        ] {
            assert_eq!(fault(name, "some value"), None, "{name}");
        }
    }

    #[test]
    fn nothing_ends_a_line_or_begins_another() {
        let long = "a".repeat(MAX_VALUE_LEN + 1);
        for (name, value) in [
            ("X-A", "1\r\nSignature: x"),
            ("X-A", "1\nB: 2"),
            ("X-A", "1\rB: 2"),
            ("X-A", "\u{0}"),
            ("X-A", "a\tb"),
            ("X-A", " a"),
            ("X-A", "a "),
            ("X-A", "\u{e9}"),
            ("X-A", &long),
            ("X-A\r\nB", "1"),
            ("X-A:", "1"),
            ("X A", "1"),
            (":path", "1"),
            ("", "1"),
            ("X-\u{e9}", "1"),
            ("Host ", "1"),
            (" Host", "1"),
            (&long, "1"),
        ] {
            assert!(fault(name, value).is_some(), "{name:?}: {value:?}");
        }
    }
}
