//! What servers may take a path for: they decode escapes or do not, and some overlook case, dots and blanks at the
//! end of a part. A path is judged by a rule only where it is that rule's by each of these readings.

/// A path as it is read by servers that are strict, and by those that are not. Both end without a slash, and have escapes
/// decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Readings {
    pub(super) strict: String,
    pub(super) loose: String,
}

impl Readings {
    /// Those of a target's path. `None` for one that is read in more ways than these: with `.`, `..`, `;` or an empty part,
    /// with escapes of plain letters, separators, control characters or what is not UTF-8, or with bytes that a path
    /// has only as escapes (RFC 3986 3.3, 6.2.2).
    pub(super) fn of(target: &str) -> Option<Self> {
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        let mut parts = path.strip_prefix('/')?.split('/').peekable();
        let mut readings = Self {
            strict: String::new(),
            loose: String::new(),
        };
        while let Some(part) = parts.next() {
            if part.is_empty() {
                // A slash at the end says nothing more; elsewhere servers join what stands around it.
                parts.peek().is_none().then_some(())?;
                continue;
            }
            let decoded = decoded(part)?;
            let kept = decoded.trim_end_matches(|end: char| end == '.' || end.is_whitespace());
            if kept.is_empty() || decoded.chars().any(char::is_control) {
                return None;
            }
            readings.strict.push('/');
            readings.strict.push_str(&decoded);
            readings.loose.push('/');
            readings.loose.push_str(&kept.to_lowercase());
        }
        Some(readings)
    }
}

/// A part with its escapes decoded, if each of them is needed or would be the same without.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            stands_for_itself(byte).then(|| bytes.push(byte))?;
            continue;
        }
        let byte = digit(rest.next()?)?.checked_mul(16)? | digit(rest.next()?)?;
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || b"/\\%;\0".contains(&byte) {
            return None;
        }
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

/// pchar without escapes and `;` (RFC 3986 3.3).
fn stands_for_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte)
}

fn digit(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_servers_read_differently_are_nobodys() {
        for path in [
            "/",
            "/a",
            "/a/b",
            "/a/",
            "/a%20b",
            "/%C3%A5",
            "/%c3%a5",
            "/a?b=//..&c=%61",
            "/a%40b:c@d",
            "/a.",
        ] {
            assert!(Readings::of(path).is_some(), "{path}");
        }
        for path in [
            "",
            "a",
            "//a",
            "/a//b",
            "/a/../b",
            "/..",
            "/a/.",
            "/%61",
            "/a%2Fb",
            "/a%5cb",
            "/%2e%2e/b",
            "/a\\b",
            "/a%",
            "/a%2",
            "/a%+1",
            "/a%25",
            "/a;b",
            "/a%00",
            "/a#b",
            "*",
            "http://host/a",
            "/å",
            "/a b",
            "/%c0%ae%c0%ae/a",
            "/a%0d%0aB",
            "/a%7f",
            "/...",
            "/%20/a",
            "/.%20./a",
            "/a|b",
        ] {
            assert!(Readings::of(path).is_none(), "{path}");
        }
    }

    #[test]
    fn escapes_are_read_as_what_they_stand_for() {
        let read = |path: &str| Readings::of(path).expect("a path");
        assert_eq!(read("/%c3%a5/"), read("/%C3%A5"));
        assert_eq!(read("/a%3Ab"), read("/a:b"));
        assert_eq!(read("/Admin%20").loose, read("/admin.").loose);
        assert_ne!(read("/Admin").strict, read("/admin").strict);
        assert_eq!(read("/").strict, "");
    }
}
