//! What people pass where an HTTP request is wanted, by how it starts: told by its name.

/// How a file of some kind starts, and what it is.
struct Kind {
    starts: &'static [&'static str],
    is: &'static str,
}

/// By their first line, compared without case.
const KINDS: [Kind; 8] = [
    Kind {
        starts: &["> ", "* ", "< "],
        is: "this is what `curl -v` prints: keep the lines that start with `> `, take the `> ` off \
             them, and put the body behind a blank line",
    },
    Kind {
        starts: &["== info:", "=> send ", "<= recv "],
        is: "this is what curl's --trace prints: write the request as it goes over the wire, \
             without offsets and marks",
    },
    Kind {
        starts: &["curl ", "curl.exe ", "wget "],
        is: "this is a command line (\"Copy as cURL\"), not a request: run it against a listener \
             that prints what arrives, or write the request line, the fields and the body by hand",
    },
    Kind {
        starts: &[
            "fetch(",
            "await fetch(",
            "invoke-webrequest",
            "invoke-restmethod",
            "$session",
        ],
        is: "this is a script that sends a request (\"Copy as fetch\", \"Copy as PowerShell\"), not \
             a request: run it against a listener that prints what arrives",
    },
    Kind {
        starts: &[
            ":method",
            ":authority",
            ":path",
            ":scheme",
            "[:method",
            "[:authority",
        ],
        is: "these are HTTP/2 pseudo header fields: write a request line of `:method` and `:path` \
             such as `POST /api/v2/DaxEndPoint HTTP/1.1`, and `:authority` as the field Host",
    },
    Kind {
        starts: &["-----begin ", "---- begin "],
        is: "this is a key or certificate: it belongs behind --key",
    },
    Kind {
        starts: &["{", "["],
        is: "this is JSON (a body, or a HAR file): put the request line, the fields and a blank line \
             before the body",
    },
    Kind {
        starts: &["###", "@", "//"],
        is: "this is a file for an editor's HTTP client: keep the request line with its version, the \
             fields, a blank line and the body",
    },
];

/// What `bytes`, which are no HTTP request, are instead; `None` for what is not known.
pub(crate) fn recognise(bytes: &[u8]) -> Option<&'static str> {
    if bytes.is_empty() {
        return Some("the file is empty: was it written to the end?");
    }
    if is_utf16(bytes) {
        return Some(
            "the file is UTF-16, as PowerShell's > writes it: save it as UTF-8 without a byte order \
             mark (the tool's own files are written as they are with --out FILE)",
        );
    }
    let start = bytes.trim_ascii_start();
    let known = |text: &&str| {
        let head = start.get(..text.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()))
    };
    let kind = KINDS.iter().find(|kind| kind.starts.iter().any(&known))?;
    Some(kind.is)
}

/// A byte order mark, or every other one of the first bytes NUL.
pub(crate) const fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFF, 0xFE, ..]
            | [0xFE, 0xFF, ..]
            | [1..=255, 0, 1..=255, 0, ..]
            | [0, 1..=255, 0, 1..=255, ..]
    )
}
