//! The first line of a request (RFC 9112 3).

use std::ops::Range;

/// What a request line ends with.
const VERSIONS: [&[u8]; 2] = [b"HTTP/1.1", b"HTTP/1.0"];

/// Method and target: what stands before the first space (or the first ` /`), and between it and
/// the version. Whether they are a method and a target is for the core to say.
pub(crate) fn split_request_line(line: &[u8]) -> Result<(&[u8], &[u8]), &'static str> {
    const EXPECTED: &str = "expected a request line such as `POST /api/v2/DaxEndPoint HTTP/1.1`";
    if line.is_empty() {
        return Err("the first line is empty; expected a request line such \
                    as `POST /api/v2/DaxEndPoint HTTP/1.1`");
    }
    if line.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Err("the file starts with a byte order mark: save it without one");
    }
    if line.starts_with(b"HTTP/") {
        return Err("this is a response; expected a request line such as \
                    `POST /api/v2/DaxEndPoint HTTP/1.1`");
    }
    let first = line.iter().position(|&byte| byte == b' ');
    let last = line.iter().rposition(|&byte| byte == b' ');
    let (Some(first), Some(last)) = (first, last) else {
        return Err(EXPECTED);
    };
    let part = |range: Range<usize>| line.get(range).unwrap_or_default();
    if part(last.saturating_add(1)..line.len()).starts_with(b"HTTP/2") {
        return Err(
            "the line ends in HTTP/2: write the request as HTTP/1.1, whose request line is such as \
                    `POST /api/v2/DaxEndPoint HTTP/1.1`; the signature is the same",
        );
    }
    if !VERSIONS.contains(&part(last.saturating_add(1)..line.len())) {
        return Err(
            "the line does not end in ` HTTP/1.1`; expected a request line such as \
                    `POST /api/v2/DaxEndPoint HTTP/1.1`",
        );
    }
    if first == last {
        return Err(EXPECTED);
    }
    // A target starts with `/`, so a space before ` /` is the method's, and is told as such.
    let split = line
        .windows(2)
        .position(|pair| pair == b" /")
        .filter(|&split| split < last)
        .unwrap_or(first);
    Ok((part(0..split), part(split.saturating_add(1)..last)))
}
