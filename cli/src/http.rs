//! Reads a raw HTTP/1.1 request and remembers where everything stood, so that fields can be added
//! with every other byte as it was.
//!
//! ```text
//! POST /api/v2/DaxEndPoint HTTP/1.1⏎      request line
//! X-Example: Example header⏎              a field; its value is every byte behind the colon up to
//!            with some whitespace.⏎       the line end, folded lines included
//! ⏎                                       blank line
//! {"hello": "world"}                      body: every byte after the blank line
//! ```
//!
//! Lines end in LF or CRLF. Only the structure counts here: whether method, target and values can
//! be signed is for the core to say.

use std::ops::Range;

use daxsign_core::HeaderField;

/// What a request line ends with.
const VERSIONS: [&[u8]; 2] = [b"HTTP/1.1", b"HTTP/1.0"];
const LF: &[u8] = b"\n";
const CRLF: &[u8] = b"\r\n";

/// Why the bytes are not an HTTP request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotARequest {
    /// The line, counted from 1.
    pub(crate) line: usize,
    /// What is wrong there and what is expected.
    pub(crate) problem: &'static str,
}

/// One header field in its place.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    /// Name and value, folds and white space as they stood.
    pub(crate) content: HeaderField<'a>,
    /// The line it starts on, counted from 1.
    pub(crate) line: usize,
    /// Whether white space stands between the name and its colon.
    pub(crate) spaced_colon: bool,
    /// Where the value starts in the request.
    value_start: usize,
    /// All its bytes in the request, the last line end included.
    span: Range<usize>,
}

/// A request as it was read.
#[derive(Clone, Debug)]
pub(crate) struct RawRequest<'a> {
    bytes: &'a [u8],
    /// The request line up to the first space.
    pub(crate) method: &'a [u8],
    /// The request line between method and version.
    pub(crate) target: &'a [u8],
    /// The header fields in their order.
    pub(crate) fields: Vec<Field<'a>>,
    /// The line the body starts on, counted from 1.
    pub(crate) body_line: usize,
    /// How the request line ends: the style for lines to be added.
    line_end: &'static [u8],
    /// The first line of the head that ends otherwise, counted from 1.
    pub(crate) other_line_end: Option<usize>,
    /// The request line with its line end.
    request_line: Range<usize>,
    /// Where the last field, or else the request line, ends.
    fields_end: usize,
    /// Where the body starts; `None` without a blank line.
    body_start: Option<usize>,
}

impl<'a> RawRequest<'a> {
    /// Reads a request.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, NotARequest> {
        let mut lines = Lines {
            bytes,
            offset: 0,
            number: 0,
        };
        let first = lines.next().unwrap_or_default();
        let (method, target) = split_request_line(first.text).map_err(problem_at(1))?;
        let mut request = Self {
            bytes,
            method,
            target,
            fields: Vec::new(),
            body_line: 1,
            line_end: if first.end == LF { LF } else { CRLF },
            other_line_end: None,
            request_line: 0..lines.offset,
            fields_end: lines.offset,
            body_start: None,
        };
        for line in lines {
            request.body_line = line.number.saturating_add(1);
            if line.end != request.line_end && !line.end.is_empty() {
                request.other_line_end.get_or_insert(line.number);
            }
            if line.text.is_empty() {
                request.body_start = Some(line.span().end);
                break;
            }
            request.take(&line).map_err(problem_at(line.number))?;
            request.fields_end = line.span().end;
        }
        Ok(request)
    }

    /// Takes a line of the header section: a field, or the continuation of the last one.
    fn take(&mut self, line: &Line<'a>) -> Result<(), &'static str> {
        if matches!(line.text, [b' ' | b'\t', ..]) {
            let Some(field) = self.fields.last_mut() else {
                return Err(
                    "the line starts with white space, which continues the header field \
                            before it, and there is none; expected `Name: value`",
                );
            };
            let value = field.value_start..line.text_end();
            field.content.value = self.bytes.get(value).unwrap_or_default();
            field.span.end = line.span().end;
            return Ok(());
        }
        let (before_colon, value) = split_field(line.text)?;
        let name = without_white_space_behind(before_colon);
        self.fields.push(Field {
            content: HeaderField { name, value },
            line: line.number,
            spaced_colon: name.len() < before_colon.len(),
            value_start: line.text_end().saturating_sub(value.len()),
            span: line.span(),
        });
        Ok(())
    }

    /// The body: every byte after the blank line; empty if there is none.
    pub(crate) fn body(&self) -> &'a [u8] {
        self.body_start
            .and_then(|start| self.bytes.get(start..))
            .unwrap_or_default()
    }

    /// Whether the request line ends in CRLF, as HTTP's lines do.
    pub(crate) fn ends_lines_in_crlf(&self) -> bool {
        self.line_end == CRLF
    }

    /// Whether a blank line ends the header fields, as HTTP demands.
    pub(crate) const fn has_blank_line(&self) -> bool {
        self.body_start.is_some()
    }

    /// The fields called `name`, compared without case.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Field<'a>> + Clone {
        self.fields
            .iter()
            .filter(move |field| field.content.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The request's bytes without the fields called `dropped` and with `added` after its last
    /// field. Added lines end as the request line does.
    pub(crate) fn edited(&self, dropped: &str, added: &[(&str, &str)]) -> Vec<u8> {
        let mut out = self.part(&self.request_line).to_vec();
        for field in &self.fields {
            if !field.content.name.eq_ignore_ascii_case(dropped.as_bytes()) {
                out.extend_from_slice(self.part(&field.span));
            }
        }
        // Only the last line of the file can lack its end; then the new last line lacks it too.
        let ends_open = !self.part(&(0..self.fields_end)).ends_with(LF);
        for (name, value) in added {
            if !out.ends_with(LF) {
                // A CR there is part of the last value; a LF alone would make a line end of it.
                let ends_in_cr = out.ends_with(b"\r");
                out.extend_from_slice(if ends_in_cr { CRLF } else { self.line_end });
            }
            out.extend_from_slice(format!("{name}: {value}").as_bytes());
            out.extend_from_slice(self.line_end);
        }
        if ends_open && out.ends_with(self.line_end) {
            out.truncate(out.len().saturating_sub(self.line_end.len()));
        }
        out.extend_from_slice(self.part(&(self.fields_end..self.bytes.len())));
        out
    }

    fn part(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }
}

/// The error for a problem on a line.
fn problem_at(line: usize) -> impl Fn(&'static str) -> NotARequest {
    move |problem| NotARequest { line, problem }
}

/// Method and target: what stands before the first space (or the first ` /`), and between it and
/// the version. Whether they are a method and a target is for the core to say.
fn split_request_line(line: &[u8]) -> Result<(&[u8], &[u8]), &'static str> {
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

/// What stands before the first colon, a name with white space behind it at most, and the value.
fn split_field(line: &[u8]) -> Result<(&[u8], &[u8]), &'static str> {
    let colon = line.iter().position(|&byte| byte == b':');
    let Some((name, [_, value @ ..])) = colon.and_then(|colon| line.split_at_checked(colon)) else {
        return Err(
            "the line has no colon; expected a header field `Name: value`, or a blank line \
                    before the body",
        );
    };
    let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    if name.iter().any(is_control) {
        return Err("a control character stands in the name of the header field: remove it");
    }
    if !is_token(without_white_space_behind(name)) {
        return Err(
            "what stands before the colon is not a header field name (no spaces, no \
                    quotes); expected `Name: value`, or a blank line before the body",
        );
    }
    Ok((name, value))
}

/// `text` without the SP and HTAB at its end.
const fn without_white_space_behind(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// RFC 9110 5.6.2: one or more `tchar`.
fn is_token(text: &[u8]) -> bool {
    let is_token_char =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(is_token_char)
}

/// A line without its end.
#[derive(Clone, Copy, Default)]
struct Line<'a> {
    /// Counted from 1.
    number: usize,
    /// Where it starts in the file.
    start: usize,
    text: &'a [u8],
    /// LF, CRLF, or nothing at the end of the file.
    end: &'a [u8],
}

impl Line<'_> {
    const fn text_end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    const fn span(&self) -> Range<usize> {
        self.start..self.text_end().saturating_add(self.end.len())
    }
}

/// The lines from an offset on. A CR without LF is part of its line.
struct Lines<'a> {
    bytes: &'a [u8],
    offset: usize,
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self
            .bytes
            .get(self.offset..)
            .filter(|rest| !rest.is_empty())?;
        let full = rest.split_inclusive(|&byte| byte == b'\n').next()?;
        let text = full
            .strip_suffix(CRLF)
            .or_else(|| full.strip_suffix(LF))
            .unwrap_or(full);
        let line = Line {
            number: self.number.saturating_add(1),
            start: self.offset,
            text,
            end: full.get(text.len()..).unwrap_or_default(),
        };
        self.number = line.number;
        self.offset = line.span().end;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, target, fields and body as text.
    fn read(text: &str) -> (String, String, Vec<(String, String)>, String) {
        let request = RawRequest::parse(text.as_bytes()).expect("a request");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let fields = request
            .fields
            .iter()
            .map(|field| (text(field.content.name), text(field.content.value)))
            .collect();
        (
            text(request.method),
            text(request.target),
            fields,
            text(request.body()),
        )
    }

    fn edited(text: &str, dropped: &str, added: &[(&str, &str)]) -> String {
        let request = RawRequest::parse(text.as_bytes()).expect("a request");
        String::from_utf8(request.edited(dropped, added)).expect("UTF-8")
    }

    #[test]
    fn values_keep_every_byte_behind_the_colon() {
        for end in ["\n", "\r\n"] {
            let text = [
                "GET /a?b=c HTTP/1.1",
                "Host:x ",
                "X: \t one",
                "  two",
                "\t",
                "Y:",
                "",
                "",
            ];
            let (method, target, fields, body) = read(&text.join(end));
            assert_eq!(
                (method.as_str(), target.as_str(), body.as_str()),
                ("GET", "/a?b=c", "")
            );
            let expected = [
                ("Host".to_owned(), "x ".to_owned()),
                ("X".to_owned(), [" \t one", "  two", "\t"].join(end)),
                ("Y".to_owned(), String::new()),
            ];
            assert_eq!(fields, expected);
        }
    }

    #[test]
    fn the_body_is_every_byte_after_the_first_blank_line() {
        assert_eq!(
            read("POST / HTTP/1.1\r\nA: b\r\n\r\n\r\n{}\n\n").3,
            "\r\n{}\n\n"
        );
        assert_eq!(read("POST / HTTP/1.1\nA: b\n\n{}").3, "{}");
        assert_eq!(read("POST / HTTP/1.1\r\nA: b\r\n\n{}").3, "{}");
    }

    #[test]
    fn a_file_without_blank_line_has_no_body() {
        for text in [
            "GET / HTTP/1.1\nA: b\n",
            "GET / HTTP/1.1\nA: b",
            "GET / HTTP/1.1",
        ] {
            assert_eq!(read(text).3, "");
            assert!(
                !RawRequest::parse(text.as_bytes())
                    .expect("a request")
                    .has_blank_line()
            );
        }
    }

    #[test]
    fn a_lone_carriage_return_stays_in_the_value() {
        let fields = read("GET / HTTP/1.1\nA: b\rc\n\n").2;
        assert_eq!(fields, [("A".to_owned(), " b\rc".to_owned())]);
    }

    /// Whether that is allowed is for others to say.
    #[test]
    fn white_space_before_a_colon_is_kept_in_mind() {
        let text = "GET / HTTP/1.1\r\nA : b\r\nC\t \t:d\r\nE:f\r\n\r\n";
        let fields = read(text).2;
        assert_eq!(
            fields.iter().map(|(name, _)| &name[..]).collect::<String>(),
            "ACE"
        );
        let request = RawRequest::parse(text.as_bytes()).expect("a request");
        let spaced: Vec<bool> = request
            .fields
            .iter()
            .map(|field| field.spaced_colon)
            .collect();
        assert_eq!(spaced, [true, true, false]);
        assert_eq!(edited(text, "x", &[]), text);
    }

    #[test]
    fn another_line_end_is_kept_in_mind() {
        for (text, line) in [
            ("GET / HTTP/1.1\r\nA: b\r\n\r\n\n", None),
            ("GET / HTTP/1.1\nA: b\n\n\r\n", None),
            ("GET / HTTP/1.1", None),
            ("GET / HTTP/1.1\r\nA: b", None),
            ("GET / HTTP/1.1\r\nA: b\nC: d\n\r\n", Some(2)),
            ("GET / HTTP/1.1\nA: b\n c\r\n\n", Some(3)),
            ("GET / HTTP/1.1\r\nA: b\r\n\n", Some(3)),
        ] {
            let request = RawRequest::parse(text.as_bytes()).expect("a request");
            assert_eq!(request.other_line_end, line, "{text:?}");
        }
    }

    #[test]
    fn the_core_gets_methods_and_targets_to_judge() {
        for (line, expected) in [
            ("PO@ST /a b HTTP/1.1", ("PO@ST", "/a b")),
            ("GE T /a HTTP/1.1", ("GE T", "/a")),
            ("GET a b HTTP/1.1", ("GET", "a b")),
            ("GET  HTTP/1.1", ("GET", "")),
            (" /a HTTP/1.1", ("", "/a")),
        ] {
            let (method, target, ..) = read(&format!("{line}\n\n"));
            assert_eq!((method.as_str(), target.as_str()), expected);
        }
    }

    #[test]
    fn what_is_no_request_is_refused_with_its_line() {
        let cases: [(&[u8], usize); 13] = [
            (b"", 1),
            (b"\nGET / HTTP/1.1\n\n", 1),
            (b"GET / HTTP/2\n\n", 1),
            (b"GET /\n\n", 1),
            (b"GET HTTP/1.1\n\n", 1),
            (b"GET / HTTP/1.1 \n\n", 1),
            (b"HTTP/1.1 200 OK\n\n", 1),
            (b"\xEF\xBB\xBFGET / HTTP/1.1\n\n", 1),
            (b"GET / HTTP/1.1\n folded: x\n\n", 2),
            (b"GET / HTTP/1.1\nA: b\nno colon here\n\n", 3),
            (b"GET / HTTP/1.1\nA: b\n c\nB c : d\n\n", 4),
            (b"GET / HTTP/1.1\n: d\n\n", 2),
            (b"GET / HTTP/1.1\nA: b\n{\"hello\": \"world\"}", 3),
        ];
        for (bytes, line) in cases {
            let error = RawRequest::parse(bytes).expect_err("no request");
            assert_eq!(error.line, line, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn added_fields_stand_last_in_the_style_of_the_request() {
        let added = [("Date", "now"), ("Signature", "s")];
        assert_eq!(
            edited("GET / HTTP/1.1\r\nA: b\r\n\r\nbody\n", "signature", &added),
            "GET / HTTP/1.1\r\nA: b\r\nDate: now\r\nSignature: s\r\n\r\nbody\n"
        );
        assert_eq!(
            edited("GET / HTTP/1.1\nA: b\n c\n\n", "signature", &added),
            "GET / HTTP/1.1\nA: b\n c\nDate: now\nSignature: s\n\n"
        );
    }

    #[test]
    fn dropped_fields_go_with_their_folded_lines() {
        let text = "GET / HTTP/1.1\nSIGNATURE: old\n  older\nA: b\nsignature: x\n\nbody";
        assert_eq!(
            edited(text, "signature", &[("Signature", "new")]),
            "GET / HTTP/1.1\nA: b\nSignature: new\n\nbody"
        );
    }

    #[test]
    fn a_file_that_ends_early_keeps_its_end() {
        let added = [("Signature", "s")];
        for (text, expected) in [
            ("GET / HTTP/1.1", "GET / HTTP/1.1\r\nSignature: s"),
            ("GET / HTTP/1.1\nA: b", "GET / HTTP/1.1\nA: b\nSignature: s"),
            (
                "GET / HTTP/1.1\nA: b\n",
                "GET / HTTP/1.1\nA: b\nSignature: s\n",
            ),
            (
                "GET / HTTP/1.1\nA: b\nSignature: x",
                "GET / HTTP/1.1\nA: b\nSignature: s",
            ),
            // The CR is part of the value, before and after.
            (
                "GET / HTTP/1.1\nA: b\r",
                "GET / HTTP/1.1\nA: b\r\r\nSignature: s",
            ),
        ] {
            assert_eq!(edited(text, "signature", &added), expected);
        }
    }

    #[test]
    fn nothing_changes_when_nothing_is_added_or_dropped() {
        for text in [
            "GET / HTTP/1.1",
            "GET / HTTP/1.1\r\nA: b\n\r\nx\r\n",
            "GET / HTTP/1.1\n\n",
        ] {
            assert_eq!(edited(text, "signature", &[]), text);
        }
    }
}
