//! The signing strings of signers that depart from the rules, for finding out what a peer did.

use crate::components::{CONTENT_LENGTH, Component, Components, DATE, REQUEST_TARGET};
use crate::date::Timestamp;
use crate::error::Error;
use crate::field_value::write_field;
use crate::message::show;
use crate::options::Options;
use crate::request::{HeaderField, Headers, Request};
use crate::request_target::signed_part;
use crate::sink::{Counter, Sink};
use crate::token::write_lowercase;

/// One departure from the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deviation {
    CrLfLineEnds,
    NoLastNewline,
    BodyLeftOut,
    BodyWithNewline,
    BodyWithCrLf,
    BodyWithoutLastNewline,
    BodyLfOnly,
    EmptyLineBeforeBody,
    FullTarget,
    HttpsUrl,
    HttpUrl,
    HostAndPath,
    LowercasePath,
    MethodNotLowercased,
    DateUtcSeconds,
    DateUtcFraction,
    DateRfc1123,
    ContentLengthOmitted,
    ContentLengthBeforeDate,
    ContentLengthLast,
    NamesNotLowercased,
    NoSpaceAfterColon,
    JoinedWithSpace,
    FirstInstanceOnly,
    LastInstanceOnly,
    ValuesNotTrimmed,
}

use Deviation as D;

/// Every deviation: what part of the string it changes (two of one part exclude each other), its
/// name for scripts, and what the signer did.
const DEVIATIONS: [(Deviation, u8, &str, &str); 26] = [
    (
        D::CrLfLineEnds,
        0,
        "crlf-line-ends",
        "ended the lines with CRLF (\\r\\n) instead of \\n",
    ),
    (
        D::NoLastNewline,
        1,
        "no-last-newline",
        "left out the \\n behind the last line",
    ),
    (D::BodyLeftOut, 2, "body-left-out", "left out the body"),
    (
        D::BodyWithNewline,
        2,
        "body-with-newline",
        "signed the body with one more \\n at its end",
    ),
    (
        D::BodyWithCrLf,
        2,
        "body-with-crlf",
        "signed the body with one more \\r\\n at its end",
    ),
    (
        D::BodyWithoutLastNewline,
        2,
        "body-without-last-newline",
        "signed the body without the line end at its end",
    ),
    (
        D::BodyLfOnly,
        2,
        "body-lf-only",
        "signed the body with \\n where \\r\\n was sent",
    ),
    (
        D::EmptyLineBeforeBody,
        2,
        "empty-line-before-body",
        "put an empty line between the header lines and the body",
    ),
    (
        D::FullTarget,
        3,
        "full-target",
        "signed the target with its query",
    ),
    (
        D::HttpsUrl,
        3,
        "https-url",
        "signed the full https:// URL as target",
    ),
    (
        D::HttpUrl,
        3,
        "http-url",
        "signed the full http:// URL as target",
    ),
    (
        D::HostAndPath,
        3,
        "host-and-path",
        "signed host and path as target",
    ),
    (D::LowercasePath, 3, "lowercase-path", "lowercased the path"),
    (
        D::MethodNotLowercased,
        4,
        "method-not-lowercased",
        "did not lowercase the method",
    ),
    (
        D::DateUtcSeconds,
        5,
        "date-utc-seconds",
        "signed the date as YYYY-MM-DDTHH:MM:SSZ, not as it was sent",
    ),
    (
        D::DateUtcFraction,
        5,
        "date-utc-fraction",
        "signed the date with seven fraction digits and Z, not as it was sent",
    ),
    (
        D::DateRfc1123,
        5,
        "date-rfc1123",
        "signed the date in the RFC 1123 format, not as it was sent",
    ),
    (
        D::ContentLengthOmitted,
        6,
        "content-length-omitted",
        "listed content-length but did not sign it",
    ),
    (
        D::ContentLengthBeforeDate,
        6,
        "content-length-before-date",
        "signed content-length before date but did not list it",
    ),
    (
        D::ContentLengthLast,
        6,
        "content-length-last",
        "signed content-length last but did not list it",
    ),
    (
        D::NamesNotLowercased,
        7,
        "names-not-lowercased",
        "did not lowercase the field names",
    ),
    (
        D::NoSpaceAfterColon,
        8,
        "no-space-after-colon",
        "left out the space behind the colons",
    ),
    (
        D::JoinedWithSpace,
        9,
        "joined-with-space",
        "joined fields of one name with a comma and a space",
    ),
    (
        D::FirstInstanceOnly,
        9,
        "first-instance-only",
        "signed only the first field of a name",
    ),
    (
        D::LastInstanceOnly,
        9,
        "last-instance-only",
        "signed only the last field of a name",
    ),
    (
        D::ValuesNotTrimmed,
        9,
        "values-not-trimmed",
        "signed the values untrimmed and folded",
    ),
];

/// How a signer may have departed from the rules: not at all, in one way or in two.
///
/// [`Display`](core::fmt::Display) says what the signer did; [`write_name`](Self::write_name) gives
/// names for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variation {
    deviations: [Option<usize>; 2],
}

impl Variation {
    /// The signing string of the rules.
    pub const NONE: Self = Self {
        deviations: [None, None],
    };

    /// All ways to depart from the rules, simple ones first; [`NONE`](Self::NONE) is none of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let count = DEVIATIONS.len();
        let single = (0..count).map(|first| Self {
            deviations: [Some(first), None],
        });
        let pairs = (0..count).flat_map(move |first| {
            (first.saturating_add(1)..count).map(move |second| Self {
                deviations: [Some(first), Some(second)],
            })
        });
        single.chain(pairs.filter(Self::is_possible))
    }

    /// Two deviations of one part of the string exclude each other.
    fn is_possible(&self) -> bool {
        let mut parts = self.entries().map(|(_, part, _, _)| part);
        parts.next() != parts.next()
    }

    fn entries(&self) -> impl Iterator<Item = (Deviation, u8, &'static str, &'static str)> {
        self.deviations
            .into_iter()
            .flatten()
            .filter_map(|index| DEVIATIONS.get(index).copied())
    }

    fn has(&self, deviation: Deviation) -> bool {
        self.entries().any(|(known, ..)| known == deviation)
    }

    /// Writes the name for scripts, such as `crlf-line-ends` or `body-left-out+full-target`;
    /// `none` for no deviation.
    pub fn write_name(&self, sink: &mut impl Sink) {
        let mut separator: &[u8] = b"";
        for (_, _, name, _) in self.entries() {
            sink.write(separator);
            sink.write(name.as_bytes());
            separator = b"+";
        }
        if separator.is_empty() {
            sink.write(b"none");
        }
    }

    /// The variation that [`write_name`](Self::write_name) gives this name; `None` if there is none.
    ///
    /// ```
    /// use daxsign_core::Variation;
    /// let variation = Variation::parse("full-target+body-left-out");
    /// assert_eq!(variation, None, "the order is that of `write_name`");
    /// let variation = Variation::parse("body-left-out+full-target").unwrap_or(Variation::NONE);
    /// assert_eq!(
    ///     variation.to_string(),
    ///     "the signer left out the body, and signed the target with its query"
    /// );
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        core::iter::once(Self::NONE)
            .chain(Self::all())
            .find(|variation| variation.has_name(name.as_bytes()))
    }

    fn has_name(&self, name: &[u8]) -> bool {
        let mut rest = Some(name);
        self.write_name(&mut |piece: &[u8]| rest = rest.and_then(|rest| rest.strip_prefix(piece)));
        rest.is_some_and(<[u8]>::is_empty)
    }

    /// Writes what the signer did, as [`Display`](core::fmt::Display) shows it, in pieces that are
    /// UTF-8 each. This uses nothing of `core::fmt`.
    pub fn write_text(&self, sink: &mut impl Sink) {
        let mut start = "the signer ";
        for (_, _, _, text) in self.entries() {
            sink.write(start.as_bytes());
            sink.write(text.as_bytes());
            start = ", and ";
        }
        if *self == Self::NONE {
            sink.write(b"the signer kept the rules");
        }
    }

    /// Writes the string that such a signer signs. Only the listed fields are checked.
    ///
    /// # Errors
    /// [`Error::MissingHeader`] or [`Error::InvalidHeaderValue`] for a listed field.
    pub fn write_string(
        &self,
        request: &Request<'_>,
        components: &Components<'_>,
        options: Options,
        sink: &mut impl Sink,
    ) -> Result<(), Error> {
        let mut lines = Lines {
            sink,
            variation: *self,
            started: false,
        };
        for component in components.iter() {
            if component.is(CONTENT_LENGTH) && self.has(D::ContentLengthOmitted) {
                continue;
            }
            if component.is(DATE) && self.has(D::ContentLengthBeforeDate) {
                lines.field(request, CONTENT_LENGTH.as_bytes())?;
            }
            if component.is(REQUEST_TARGET) {
                lines.start(REQUEST_TARGET.as_bytes());
                self.write_target(request, options, lines.sink)?;
            } else {
                self.write_component(request, component, &mut lines)?;
            }
        }
        if self.has(D::ContentLengthLast) {
            lines.field(request, CONTENT_LENGTH.as_bytes())?;
        }
        lines.finish();
        self.write_body(request.body, sink);
        Ok(())
    }

    fn write_component(
        &self,
        request: &Request<'_>,
        component: Component<'_>,
        lines: &mut Lines<'_, impl Sink>,
    ) -> Result<(), Error> {
        if component.is(DATE) && self.write_date(request, lines) {
            return Ok(());
        }
        lines.field(request, component.name())
    }

    fn write_target(
        &self,
        request: &Request<'_>,
        options: Options,
        sink: &mut impl Sink,
    ) -> Result<(), Error> {
        if self.has(D::MethodNotLowercased) {
            sink.write(request.method);
        } else {
            write_lowercase(request.method, sink);
        }
        sink.write(b" ");
        let path = signed_part(request.target, options.target);
        if self.has(D::FullTarget) {
            sink.write(request.target);
        } else if self.has(D::LowercasePath) {
            write_lowercase(path, sink);
        } else if self.has(D::HttpsUrl) || self.has(D::HttpUrl) || self.has(D::HostAndPath) {
            if self.has(D::HttpsUrl) {
                sink.write(b"https://");
            } else if self.has(D::HttpUrl) {
                sink.write(b"http://");
            }
            write_field(request, b"host", sink)?;
            sink.write(if self.has(D::HostAndPath) {
                path
            } else {
                request.target
            });
        } else {
            sink.write(path);
        }
        Ok(())
    }

    /// The line of the date in another format; false if it is signed as it was sent.
    fn write_date(&self, request: &Request<'_>, lines: &mut Lines<'_, impl Sink>) -> bool {
        let date = request.field(DATE).next().unwrap_or_default();
        let Ok(date) = Timestamp::parse(crate::field_value::trim(date)) else {
            return false;
        };
        let (Ok(fraction), Ok(rfc1123)) = (date.format(), date.format_rfc1123()) else {
            return false;
        };
        let text = if self.has(D::DateUtcFraction) {
            lines.start(DATE.as_bytes());
            fraction.as_str().as_bytes()
        } else if self.has(D::DateUtcSeconds) {
            /// The length of `YYYY-MM-DDTHH:MM:SS`.
            const SECONDS_LEN: usize = 19;
            lines.start(DATE.as_bytes());
            let (seconds, _) = fraction
                .as_str()
                .split_at_checked(SECONDS_LEN)
                .unwrap_or_default();
            lines.sink.write(seconds.as_bytes());
            b"Z"
        } else if self.has(D::DateRfc1123) {
            lines.start(DATE.as_bytes());
            rfc1123.as_slice()
        } else {
            return false;
        };
        lines.sink.write(text);
        true
    }

    fn write_body(&self, body: &[u8], sink: &mut impl Sink) {
        if self.has(D::BodyLeftOut) {
            return;
        }
        if self.has(D::EmptyLineBeforeBody) {
            sink.write(b"\n");
        }
        if self.has(D::BodyLfOnly) {
            let mut rest = body;
            while let Some(index) = rest.windows(2).position(|pair| pair == b"\r\n") {
                let (line, after) = rest.split_at_checked(index).unwrap_or_default();
                sink.write(line);
                rest = after.get(1..).unwrap_or_default();
            }
            sink.write(rest);
        } else if self.has(D::BodyWithoutLastNewline) {
            let body = body.strip_suffix(b"\n").unwrap_or(body);
            sink.write(body.strip_suffix(b"\r").unwrap_or(body));
        } else {
            sink.write(body);
        }
        if self.has(D::BodyWithNewline) {
            sink.write(b"\n");
        } else if self.has(D::BodyWithCrLf) {
            sink.write(b"\r\n");
        }
    }
}

impl core::fmt::Display for Variation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}

/// Writes lines, each line's end only when the next line starts or all are written.
struct Lines<'s, S> {
    sink: &'s mut S,
    variation: Variation,
    started: bool,
}

impl<S: Sink> Lines<'_, S> {
    fn end_line(&mut self) {
        self.sink.write(if self.variation.has(D::CrLfLineEnds) {
            b"\r\n"
        } else {
            b"\n"
        });
    }

    /// A line up to its value.
    fn start(&mut self, name: &[u8]) {
        if self.started {
            self.end_line();
        }
        self.started = true;
        if self.variation.has(D::NamesNotLowercased) {
            self.sink.write(name);
        } else {
            write_lowercase(name, self.sink);
        }
        self.sink
            .write(if self.variation.has(D::NoSpaceAfterColon) {
                b":"
            } else {
                b": "
            });
    }

    fn finish(&mut self) {
        if self.started && !self.variation.has(D::NoLastNewline) {
            self.end_line();
        }
    }

    /// The line of a field, with the name as it stands in the request.
    fn field(&mut self, request: &Request<'_>, name: &[u8]) -> Result<(), Error> {
        // The rules' errors first: a missing or broken field ends this variation.
        write_field(request, name, &mut Counter::default())?;
        let fields = || {
            request
                .headers
                .iter()
                .filter(|field| field.name.eq_ignore_ascii_case(name))
        };
        let sent_name = fields().next().map_or(name, |field| field.name);
        self.start(sent_name);
        if self.variation.has(D::FirstInstanceOnly) {
            return self.instances(request, fields().take(1), b"");
        }
        if self.variation.has(D::LastInstanceOnly) {
            return self.instances(request, fields().last().into_iter(), b"");
        }
        if self.variation.has(D::JoinedWithSpace) {
            return self.instances(request, fields(), b", ");
        }
        if self.variation.has(D::ValuesNotTrimmed) {
            let mut separator: &[u8] = b"";
            for field in fields() {
                self.sink.write(separator);
                self.sink.write(field.value);
                separator = b",";
            }
            return Ok(());
        }
        write_field(request, name, self.sink)
    }

    /// The values of some instances, each as the rules have it.
    fn instances<'f>(
        &mut self,
        request: &Request<'_>,
        fields: impl Iterator<Item = HeaderField<'f>>,
        separator: &[u8],
    ) -> Result<(), Error> {
        let mut first = true;
        for field in fields {
            if !first {
                self.sink.write(separator);
            }
            first = false;
            let alone = Request {
                headers: Headers::List(&[field]),
                ..*request
            };
            write_field(&alone, field.name, self.sink)?;
        }
        Ok(())
    }
}
