//! The first line of a request (RFC 9112 3).

use daxsign_core::MessageLine;

/// What a request line ends with.
const VERSIONS: [&[u8]; 2] = [b"HTTP/1.1", b"HTTP/1.0"];

/// Method and target; else what is wrong with the line. Whether they are a method and a target is for the
/// core to say.
pub(crate) fn split_request_line<'a>(
    first: &MessageLine<'a>,
) -> Result<(&'a [u8], &'a [u8]), &'static str> {
    const EXPECTED: &str = "expected a request line such as `POST /api/v2/DaxEndPoint HTTP/1.1`";
    let line = first.text;
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
    let mut words = line.rsplit(|byte| *byte == b' ');
    let (Some(version), Some(_)) = (words.next(), words.next()) else {
        return Err(EXPECTED);
    };
    if version.starts_with(b"HTTP/2") {
        return Err(
            "the line ends in HTTP/2: write the request as HTTP/1.1, whose request line is such as \
                    `POST /api/v2/DaxEndPoint HTTP/1.1`; the signature is the same",
        );
    }
    if !VERSIONS.contains(&version) {
        return Err(
            "the line does not end in ` HTTP/1.1`; expected a request line such as \
                    `POST /api/v2/DaxEndPoint HTTP/1.1`",
        );
    }
    let parts = first.request_parts();
    parts
        .map(|[method, target, _]| (method, target))
        .map_err(|_| EXPECTED)
}
