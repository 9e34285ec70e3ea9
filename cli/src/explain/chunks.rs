//! The chunks of a body that arrived in them (RFC 9112 7.1).

/// The body without chunk sizes and what follows the last chunk; `None` if it does not consist of
/// chunks from its first byte to its last.
pub(super) fn joined(framed: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    let mut rest = framed;
    loop {
        let (line, behind) = line(rest)?;
        // Behind a semicolon stand extensions.
        let size = line.split(|&byte| byte == b';').next()?.trim_ascii();
        let size = usize::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok()?;
        if size == 0 {
            return is_end(behind).then_some(body);
        }
        let (chunk, behind) = behind.split_at_checked(size)?;
        body.extend_from_slice(chunk);
        let (empty, behind) = line_or_rest(behind);
        if !empty.is_empty() {
            return None;
        }
        rest = behind;
    }
}

/// Whether this is the end of the last chunk: trailer fields up to an empty line, or nothing.
fn is_end(mut rest: &[u8]) -> bool {
    loop {
        let (line, behind) = line_or_rest(rest);
        if line.is_empty() {
            return behind.is_empty();
        }
        rest = behind;
    }
}

/// The first line without its end, and what follows; `None` if no line ends.
fn line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let (line, behind) = text.split_at_checked(end)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), behind.get(1..)?))
}

fn line_or_rest(text: &[u8]) -> (&[u8], &[u8]) {
    line(text).unwrap_or((text, b""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined() {
        for framed in [
            "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n",
            "5\nhello\n01;a=b\n!\n0\n\n",
            "6\r\nhello!\r\n0\r\nExpires: 0\r\n\r\n",
            "6\r\nhello!\r\n0\r\n",
        ] {
            assert_eq!(
                joined(framed.as_bytes()).as_deref(),
                Some(&b"hello!"[..]),
                "{framed}"
            );
        }
    }

    #[test]
    fn other_bodies_are_not_taken_apart() {
        for body in [
            "",
            "{}",
            "{\"hello\": \"world\"}",
            "5\r\nhell",
            "5\r\nhello!\r\n0\r\n\r\n",
            "0\r\n\r\nmore",
            "ffffffffffffffff\r\nx",
            "-1\r\nx\r\n0\r\n\r\n",
            "5\r\nhello\r\n",
        ] {
            assert_eq!(joined(body.as_bytes()), None, "{body}");
        }
    }
}
