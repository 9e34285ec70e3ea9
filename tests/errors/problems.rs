//! What a refusal says: for each kind of bad input, which error with which place and reason.

use std::ops::Add;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    BodyProblem, Components, ContentPolicy, DateProblem, EncodingProblem, Error, Label,
    LengthProblem, MissingProblem, Options, PrivateKey, Profile, SignatureHeader, SigningStream,
    SyntaxProblem, Timestamp, ValueProblem, Verifier, decode_signature, explain, signing_digest,
    write_signature_header,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::lowercase_hex;
use daxsign_tests::request::{OwnedRequest, example_post};

fn label(text: &str) -> Label {
    Label::new(text.as_bytes())
}

/// What is wrong with `request`, with this list.
fn problem_with(request: &OwnedRequest, list: &str, options: Options) -> Result<(), Error> {
    let fields = request.fields();
    let list = Components::parse(list)?;
    let request = request.borrow(&fields);
    signing_digest(&request, &list, Profile::Documented, options).map(drop)
}

fn plain(request: &OwnedRequest, list: &str) -> Result<(), Error> {
    problem_with(request, list, Options::default())
}

/// A request with these fields beside `Date`.
fn with(fields: &[(&str, &str)]) -> OwnedRequest {
    let mut request = OwnedRequest {
        method: "POST".into(),
        target: "/doors".into(),
        ..OwnedRequest::default()
    }
    .with_header("Date", "2020-05-17T12:44:30Z");
    for (name, value) in fields {
        request = request.with_header(name, value);
    }
    request
}

#[test]
fn dates_tell_what_is_wrong_and_where() {
    let format = |offset| DateProblem::Format { offset };
    let range = |field| DateProblem::Range { field };
    let cases = [
        ("", format(0)),
        ("x", format(0)),
        ("2020", format(4)),
        ("2020-05-17", format(10)),
        ("2020-05-17 12:44:30Z", format(10)),
        ("2020-05-17t12:44:30Z", format(10)),
        ("2020-5-17T12:44:30Z", format(6)),
        ("2020-05-17T12:44:3", format(18)),
        ("2020-05-17T12:44:3xZ", format(18)),
        ("2020/05-17T12:44:30Z", format(4)),
        ("+020-05-17T12:44:30Z", format(0)),
        ("Sun, 17 May 2020 12:44:30 GMT", DateProblem::Rfc1123),
        ("sun, 17", DateProblem::Rfc1123),
        ("S1n, 17 May 2020 12:44:30 GMT", format(0)),
        ("123, 17 May 2020 12:44:30 GMT", format(3)),
        ("Sunday, 17-May-20 12:44:30 GMT", format(0)),
        ("2020-05-17T12:44:30.Z", DateProblem::Fraction),
        ("2020-05-17T12:44:30.", DateProblem::Fraction),
        ("2020-05-17T12:44:30.0123456789Z", DateProblem::Fraction),
        ("2020-05-17T12:44:30", DateProblem::Zone),
        ("2020-05-17T12:44:30.5", DateProblem::Zone),
        ("2020-05-17T12:44:30z", DateProblem::Zone),
        ("2020-05-17T12:44:30Z ", DateProblem::AfterZone),
        ("2020-05-17T12:44:30ZZ", DateProblem::AfterZone),
        ("2020-05-17T12:44:30Z[UTC]", DateProblem::AfterZone),
        (
            "2020-05-17T12:44:30.1+02:00[Europe/Stockholm]",
            DateProblem::AfterZone,
        ),
        ("2020-05-17T12:44:30+0200", DateProblem::ZoneColon),
        ("2020-05-17T12:44:30.12-0230", DateProblem::ZoneColon),
        ("2020-05-17T12:44:30+0200[CET]", DateProblem::ZoneColon),
        ("2020-05-17T12:44:30+02", DateProblem::ZoneColon),
        ("2020-05-17T12:44:30+020", DateProblem::Zone),
        ("2020-05-17T12:44:30+02000", DateProblem::Zone),
        ("2020-05-17T12:44:30+", DateProblem::Zone),
        ("2020-05-17T12:44:30,123Z", DateProblem::DecimalComma),
        ("2020-05-17T12:44:30,", DateProblem::DecimalComma),
        ("2020-05-17T12:44:30.123,5Z", DateProblem::Zone),
        ("2020-05-17T12:44:30+02:0", DateProblem::Zone),
        ("2020-05-17T12:44:30+02:000", DateProblem::AfterZone),
        ("2020-05-17T12:44:30+x2:00", DateProblem::Zone),
        ("2020-05-17T12:44:30+0x:00", DateProblem::Zone),
        ("2020-05-17T12:44:30+02:x0", DateProblem::Zone),
        ("2020-05-17T12:44:30-02:0x", DateProblem::Zone),
        ("2020-05-17T12:44:30 02:00", DateProblem::Zone),
        ("2020-05-17T12:44:30+24:00", range("zone")),
        ("2020-05-17T12:44:30-23:60", range("zone")),
        ("0000-05-17T12:44:30Z", range("year")),
        ("2020-00-17T12:44:30Z", range("month")),
        ("2020-13-17T12:44:30Z", range("month")),
        ("2020-05-00T12:44:30Z", range("day")),
        ("2020-05-32T12:44:30Z", range("day")),
        ("2020-06-31T12:44:30Z", range("day")),
        ("2020-02-30T12:44:30Z", range("day")),
        ("2021-02-29T12:44:30Z", range("day")),
        ("1900-02-29T12:44:30Z", range("day")),
        ("2020-05-17T24:00:00Z", range("hour")),
        ("2020-05-17T12:60:30Z", range("minute")),
        ("2020-05-17T12:44:60Z", range("second")),
    ];
    for (text, problem) in cases {
        let expected = Err(Error::InvalidDate { problem });
        assert_eq!(Timestamp::parse(text), expected, "{text:?}");
    }
}

#[test]
fn the_ends_of_every_field_of_a_date_are_read() {
    let cases = [
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
        ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ("2000-02-29T00:00:00Z", 951_782_400, 0),
        ("2020-05-17T12:44:30+23:59", 1_589_633_130, 0),
        ("2020-05-17T12:44:30-23:59", 1_589_805_810, 0),
        ("2020-05-17T12:44:30.000000001Z", 1_589_719_470, 1),
        ("2020-05-17T12:44:30.1Z", 1_589_719_470, 100_000_000),
        ("2020-05-17T12:44:30.999999999Z", 1_589_719_470, 999_999_999),
    ];
    for (text, seconds, nanoseconds) in cases {
        let date = Timestamp::parse(text).unwrap();
        assert_eq!(
            (date.seconds(), date.nanoseconds()),
            (seconds, nanoseconds),
            "{text}"
        );
    }
    let fraction = Err(Error::InvalidDate {
        problem: DateProblem::Fraction,
    });
    assert_eq!(Timestamp::from_unix(0, 1_000_000_000), fraction);
    assert_eq!(Timestamp::from_unix(0, u32::MAX), fraction);
    assert!(Timestamp::from_unix(0, 999_999_999).is_ok());
}

#[test]
fn lists_tell_which_entry() {
    let invalid = |position, name| Error::InvalidComponent {
        position,
        name: label(name),
    };
    let unsupported = |position, name| Error::UnsupportedComponent {
        position,
        name: label(name),
    };
    let missing = |name| Error::MissingComponent { name };
    let cases = [
        ("", missing("(request-target)")),
        ("date", missing("(request-target)")),
        ("(request-target)", missing("date")),
        ("(Request-Target) host", missing("date")),
        ("(request-target) d@te date", invalid(2, "d@te")),
        ("a: (request-target) date", invalid(1, "a:")),
        ("(request-target) date (", invalid(3, "(")),
        ("(request-target) date (a", invalid(3, "(a")),
        ("(request-target) date a)", invalid(3, "a)")),
        ("(request-target) date (a,b)", invalid(3, "(a,b)")),
        ("(request-target) date\thost", invalid(2, "date\thost")),
        (
            "(request-target) (created) date",
            unsupported(2, "(created)"),
        ),
        (
            "(request-targets) date",
            unsupported(1, "(request-targets)"),
        ),
        ("() (request-target) date", invalid(1, "()")),
    ];
    for (text, error) in cases {
        assert_eq!(Components::parse(text).err(), Some(error), "{text:?}");
    }
}

/// A list holds 64 names, repetitions counted, and that is judged before anything else of it.
#[test]
fn a_list_holds_64_names() {
    let too_many = |list: Result<Components<'_>, Error>| {
        let error = list.expect_err("more than 64 names");
        let told = "the component list holds more than 64 names, repetitions counted: list at \
                    most 64";
        assert_eq!(
            (error.name(), error.to_string().as_str()),
            ("invalid-component", told)
        );
        assert!(matches!(
            error,
            Error::InvalidComponent { position: 64, .. }
        ));
    };
    let others: Vec<String> = (0..64).map(|number| format!("x-{number}")).collect();
    let repeated = vec!["date".to_owned(); 64];
    let bad = vec!["d@te".to_owned(); 64];
    let empty = vec![String::new(); 64];
    for names in [&others, &repeated, &bad, &empty] {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let list = [&names[..62], &["date", "(request-target)"]].concat();
        let text = list.join(" ");
        let fits = [Components::from_names(&list), Components::parse(&text)];
        let good = !matches!(names[0], "d@te" | "");
        assert!(fits.iter().all(|list| list.is_ok() == good), "{text}");
        for len in [63, 64] {
            let list = [&names[..len], &["date", "(request-target)"]].concat();
            too_many(Components::from_names(&list));
            too_many(Components::parse(&list.join(" ")));
        }
    }
    // 65 names of which none is missing, and a text of spaces.
    too_many(Components::parse(&" ".repeat(64)));
    too_many(Components::parse(&" ".repeat(1 << 20)));
    let list = Components::parse("(request-target) date").unwrap();
    let mut out = [0; 500];
    let field = write_signature_header(&list, &[0; 256], &mut out).unwrap();
    let long = format!("{}date", "x ".repeat(64));
    let field = field.replace("(request-target) date", &long);
    too_many(SignatureHeader::parse(&field).unwrap().components());
}

#[test]
fn the_request_line_tells_the_byte() {
    fn from_line(method: &str, target: &str) -> Result<(), Error> {
        let mut request = with(&[]);
        request.method = method.into();
        request.target = target.into();
        plain(&request, "(request-target) date")
    }
    for (method, offset) in [
        ("", 0),
        (" GET", 0),
        ("GE T", 2),
        ("GET\n", 3),
        ("GÉT", 1),
        ("GET/", 3),
    ] {
        let expected = Err(Error::InvalidMethod { offset });
        assert_eq!(from_line(method, "/"), expected, "{method:?}");
    }
    for (target, offset) in [
        ("", 0),
        ("doors", 0),
        ("*", 0),
        ("https://dax.example/", 0),
        ("/ HTTP/1.1", 1),
        ("/a\r\nb", 2),
        ("/a\x7F", 2),
        ("/å", 1),
        ("/a?b c", 4),
    ] {
        let expected = Err(Error::InvalidTarget { offset });
        assert_eq!(from_line("GET", target), expected, "{target:?}");
    }
    for target in ["/", "/!", "/~", "/?", "//"] {
        assert_eq!(from_line("GET", target), Ok(()), "{target:?}");
    }
}

#[test]
fn values_tell_the_field_and_the_byte() {
    let list = "(request-target) x-door date";
    let at = |instance, offset, problem| Error::InvalidHeaderValue {
        name: label("x-door"),
        instance,
        offset,
        problem,
    };
    let cases: [(&[&[u8]], Error); 15] = [
        (&[b"a\nb"], at(1, 1, ValueProblem::LineBreak)),
        (&[b"a\r\nb"], at(1, 1, ValueProblem::LineBreak)),
        (&[b"a\r b"], at(1, 1, ValueProblem::LineBreak)),
        (&[b"a\r"], at(1, 1, ValueProblem::LineBreak)),
        (&[b"a", b"b\nc"], at(2, 1, ValueProblem::LineBreak)),
        (&[b"a\0"], at(1, 1, ValueProblem::ControlCharacter)),
        (&[b"a\x1Fb"], at(1, 1, ValueProblem::ControlCharacter)),
        (&[b"a\x7Fb"], at(1, 1, ValueProblem::ControlCharacter)),
        (&[b"ab\xC2\x85c"], at(1, 2, ValueProblem::ControlCharacter)),
        (&[b"a\xFFb"], at(1, 1, ValueProblem::NotUtf8)),
        (&[b"ab\xC3"], at(1, 2, ValueProblem::NotUtf8)),
        (&[b"\xC2\xA0a"], at(1, 0, ValueProblem::EdgeWhiteSpace)),
        (&[b"a\xE3\x80\x80"], at(1, 1, ValueProblem::EdgeWhiteSpace)),
        (&[b"a", b""], at(2, 0, ValueProblem::EmptyInstance)),
        (&[b" ", b"a"], at(1, 0, ValueProblem::EmptyInstance)),
    ];
    for (values, error) in cases {
        let mut request = with(&[]);
        for value in values {
            request = request.with_header("X-Door", value);
        }
        match (plain(&request, list).unwrap_err(), error) {
            // Where an empty value has its fault is of no use to anyone.
            (
                Error::InvalidHeaderValue {
                    instance, problem, ..
                },
                Error::InvalidHeaderValue {
                    instance: instance_expected,
                    problem: ValueProblem::EmptyInstance,
                    ..
                },
            ) => assert_eq!(
                (instance, problem),
                (instance_expected, ValueProblem::EmptyInstance),
                "{values:?}"
            ),
            (found, expected) => assert_eq!(found, expected, "{values:?}"),
        }
    }
    assert_eq!(
        plain(&with(&[]), list),
        Err(Error::MissingHeader {
            name: label("x-door"),
            problem: MissingProblem::Absent,
        })
    );
}

#[test]
fn lengths_tell_what_is_declared() {
    let list = "(request-target) date";
    let mismatch = |declared| {
        Err(Error::ContentLengthMismatch {
            declared,
            actual: 2,
            problem: LengthProblem::Different,
        })
    };
    for (value, expected) in [
        ("2", Ok(())),
        ("02", Ok(())),
        (" 2\t", Ok(())),
        ("3", mismatch(Some(3))),
        ("18446744073709551615", mismatch(Some(u64::MAX))),
        ("18446744073709551616", mismatch(None)),
        ("18446744073709551620", mismatch(None)),
        ("184467440737095516150", mismatch(None)),
        ("", mismatch(None)),
        ("+2", mismatch(None)),
        ("-2", mismatch(None)),
        ("2 2", mismatch(None)),
        ("2.0", mismatch(None)),
        ("0x2", mismatch(None)),
        ("2/", mismatch(None)),
        ("2:", mismatch(None)),
    ] {
        let mut request = with(&[("Content-Length", value)]);
        request.body = b"{}".to_vec();
        assert_eq!(plain(&request, list), expected, "{value:?}");
    }
    let mut twice = with(&[("Content-Length", "2"), ("content-length", "2")]);
    twice.body = b"{}".to_vec();
    assert_eq!(plain(&twice, list), mismatch(None));
}

/// A length that counts something else than the bytes that are there is told by what it counts.
#[test]
fn lengths_tell_what_they_are_the_length_of() {
    let list = "(request-target) content-length date";
    let cases = [
        ("{\r\n \"a\": 1\r\n}", 11, LengthProblem::LfForm),
        ("{\n \"a\": 1\n}", 13, LengthProblem::CrlfForm),
        ("a\r\nb\nc\r\n", 6, LengthProblem::LfForm),
        ("a\r\nb\nc\r\n", 9, LengthProblem::CrlfForm),
        ("\r\r\n\r", 3, LengthProblem::LfForm),
        ("{\"name\": \"Åsa\"}", 15, LengthProblem::Characters),
        // A key is two of JavaScript's and C#'s characters and one of Python's.
        ("🔑é", 2, LengthProblem::Characters),
        ("🔑é", 3, LengthProblem::Characters),
        ("🔑é", 4, LengthProblem::Different),
        ("Åsa\r\n", 5, LengthProblem::Characters),
        ("{}", 3, LengthProblem::Different),
        ("{}\n", 2, LengthProblem::Different),
        ("", 1, LengthProblem::Different),
    ];
    for (body, declared, problem) in cases {
        let mut request = with(&[("Content-Length", &declared.to_string())]);
        request.body = body.into();
        let expected = Err(Error::ContentLengthMismatch {
            declared: Some(declared),
            actual: u64::try_from(body.len()).unwrap(),
            problem,
        });
        assert_eq!(plain(&request, list), expected, "{body:?}");
        let fields = request.fields();
        let list = Components::parse(list).unwrap();
        let request = request.borrow(&fields);
        let len = u64::try_from(body.len()).unwrap();
        let stream = SigningStream::new(&request, &list, Options::default(), Some(len));
        assert_eq!(stream.map(drop), expected, "{body:?} as a stream");
    }
}

#[test]
fn two_dates_are_told_as_such() {
    let refused = |problem| Err(Error::InvalidDate { problem });
    for value in ["2020-05-17T12:44:30Z", "2021-05-17T12:44:30Z", "x"] {
        let twice = plain(&with(&[("date", value)]), "(request-target) date");
        assert_eq!(twice, refused(DateProblem::Repeated), "{value}");
    }
    let mut joined = with(&[]);
    joined.headers[0].1 = b"2020-05-17T12:44:30Z,2020-05-17T12:44:30Z".to_vec();
    let once = plain(&joined, "(request-target) date");
    assert_eq!(once, refused(DateProblem::AfterZone), "one field");
}

#[test]
fn charsets_are_told_as_they_stand() {
    /// With this value in the field, the charset is refused, or nothing.
    fn check(field: &'static str, value: &str, refused: Option<&str>) {
        let expected = refused.map_or(Ok(()), |charset| {
            Err(Error::UnsupportedCharset {
                field,
                charset: label(charset),
            })
        });
        let request = with(&[(field, value)]);
        let found = plain(&request, "(request-target) date");
        assert_eq!(found, expected, "{field}: {value:?}");
    }
    for (value, refused) in [
        ("", None),
        ("text/plain", None),
        ("text/plain;", None),
        ("text/plain; charset", None),
        ("text/plain; charset=utf-8", None),
        ("text/plain;charset=UTF-8", None),
        ("text/plain ; Charset = \"Utf-8\" ", None),
        ("text/plain; a=\"; charset=x\"", None),
        ("text/plain; a=\"\\\"; charset=x\"", None),
        // Some write the charset alone.
        ("charset=x", Some("x")),
        ("text/plain; charset=", Some("")),
        ("text/plain; charset=latin1", Some("latin1")),
        ("text/plain; CHARSET=latin1; a=b", Some("latin1")),
        ("text/plain; a=b; charset=utf-16", Some("utf-16")),
        ("text/plain; charset=\"utf-8", Some("\"utf-8")),
        ("text/plain; charset=utf-8=", Some("utf-8=")),
        ("text/plain; charset=utf-8; charset=x", Some("x")),
        ("text/plain; a=\"\\\\\"; charset=x", Some("x")),
        ("text/plain; charset=\"\"", Some("\"\"")),
        ("text/plain; charset=\"", Some("\"")),
        ("text/plain; charset=utf-8\"", Some("utf-8\"")),
        ("text/plain; charset=\"utf\\-8\"", Some("\"utf\\-8\"")),
        ("text/plain; charset=\"utf-8\\\"", Some("\"utf-8\\\"")),
        ("text/plain; charset=\"utf-8\"; charset=\"utf-8\"", None),
        (
            "text/plain; charset=\"utf-8\"; charset=\"x\"",
            Some("\"x\""),
        ),
        // Quotes that hide a charset from some readers.
        ("text/plain; a=\"b; charset=x", Some("\"b; charset=x")),
        (
            "text/plain; charset=utf-8; a=\"; charset=x",
            Some("\"; charset=x"),
        ),
        ("text/plain; a=b\"; charset=x\"", Some("b\"; charset=x\"")),
        ("text/plain; a=\"b\"c", Some("\"b\"c")),
        ("text/plain; a\"; charset=x\"", Some("x\"")),
        ("text/plain; \"a=\"", Some("\"")),
        (
            "text/plain; a=\"b\\\"; charset=x",
            Some("\"b\\\"; charset=x"),
        ),
        ("\"text/plain; charset=x", Some("x")),
        ("\"text/plain\"", Some("\"text/plain\"")),
        ("text/plain; a=\"b;c\" ; charset=utf-8", None),
        ("text/plain; a = \"\\\\\" ", None),
    ] {
        check("content-type", value, refused);
    }
    for (value, refused) in [
        ("", None),
        ("utf-8", None),
        ("UTF-8;q=0.5", None),
        (" , utf-8 ,", None),
        ("utf-8, latin1", Some("latin1")),
        ("utf-16;q=1, utf-8", Some("utf-16")),
        ("utf-8, *;q=0.1", None),
        ("*;q=0.1,utf-8;q=0.9", None),
        ("utf-8;q=1.0;level=\"a,b\" , \t*", None),
        ("\"utf-8\"", None),
        ("*", Some("*")),
        ("*;q=0.5, ", Some("*")),
        ("**, utf-8", Some("**")),
        ("ISO-8859-1,utf-8;q=0.7,*;q=0.7", Some("ISO-8859-1")),
        ("utf-8, *;q=0.1, latin1;q=0", Some("latin1")),
        ("utf-8;a=\"b, latin1", Some("\"b, latin1")),
        ("utf-8\", latin1\"", Some("utf-8\", latin1\"")),
        ("\"utf-8", Some("\"utf-8")),
    ] {
        check("accept-charset", value, refused);
    }
    // The fields of one name are one list.
    for (fields, good) in [
        (["*", "utf-8"], true),
        (["utf-8", "*"], true),
        (["*", "*"], false),
        (["utf-8", "latin1"], false),
    ] {
        let request = with(&fields.map(|value| ("Accept-Charset", value)));
        let result = plain(&request, "(request-target) date");
        assert_eq!(result.is_ok(), good, "{fields:?}: {result:?}");
    }
}

#[test]
fn the_rest_policy_wants_json_once() {
    let list = "(request-target) date";
    let rest = Options {
        content: ContentPolicy::Rest,
        ..Options::default()
    };
    let refused = Err(Error::InvalidContentType);
    for (values, expected) in [
        (&["application/json"][..], Ok(())),
        (&["Application/JSON; charset=utf-8"], Ok(())),
        (&[" application/json ;a=b"], Ok(())),
        (&[], refused),
        (&[""], refused),
        (&["text/json"], refused),
        (&["application/json5"], refused),
        (&["application/json, application/json"], refused),
        (&["application/json", "application/json"], refused),
    ] {
        let fields: Vec<_> = values
            .iter()
            .map(|value| ("Content-Type", *value))
            .collect();
        let request = with(&fields);
        assert_eq!(problem_with(&request, list, rest), expected, "{values:?}");
        assert_eq!(plain(&request, list), Ok(()), "{values:?}");
    }
}

#[test]
fn bodies_tell_the_byte() {
    let list = "(request-target) date";
    let at = |offset, problem| Err(Error::InvalidBody { offset, problem });
    let mark = at(0, BodyProblem::ByteOrderMark);
    let cases: [(&[u8], Result<(), Error>); 17] = [
        (b"\x1F\x8B\x08\0", at(1, BodyProblem::Compressed)),
        (b"\x78\x9C\x4B", at(1, BodyProblem::Compressed)),
        (b"\x78\xDA\x4B", at(1, BodyProblem::Compressed)),
        (b"\x28\xB5\x2F\xFD\x24", at(1, BodyProblem::Compressed)),
        (b"\xFF\xFE{\0", at(0, BodyProblem::Utf16)),
        (b"\xFE\xFF\0{", at(0, BodyProblem::Utf16)),
        (b"\x1F\xFF", at(1, BodyProblem::NotUtf8)),
        (b"{\x1F\x8B", at(2, BodyProblem::NotUtf8)),
        (b"\xEF\xBB\xBF", mark),
        (b"\xEF\xBB\xBF{}", mark),
        (b"{}\xEF\xBB\xBF", Ok(())),
        (b"\xEF\xBB\xBE", Ok(())),
        (b"\xEF\xBB", at(0, BodyProblem::NotUtf8)),
        (b"ab\xFF", at(2, BodyProblem::NotUtf8)),
        (b"ab\xC3", at(2, BodyProblem::NotUtf8)),
        (b"a\xED\xA0\x80", at(1, BodyProblem::NotUtf8)),
        (b"a\xC0\x80", at(1, BodyProblem::NotUtf8)),
    ];
    for (body, expected) in cases {
        let mut request = with(&[]);
        request.body = body.to_vec();
        assert_eq!(plain(&request, list), expected, "{body:?}");
    }
}

#[test]
fn signature_fields_tell_the_byte() {
    const GOOD: &str = "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"(request-target) date\" signature=\"AA==\"";
    assert!(SignatureHeader::parse(GOOD).is_ok());
    let len = GOOD.len();
    let bad = |offset, problem| Error::MalformedSignatureHeader { offset, problem };
    let cases = [
        (String::new(), bad(0, SyntaxProblem::Name)),
        (" ".to_owned() + GOOD, bad(0, SyntaxProblem::Name)),
        ("=".to_owned() + GOOD, bad(0, SyntaxProblem::Name)),
        (GOOD.to_owned() + " ", bad(len, SyntaxProblem::Separator)),
        (GOOD.to_owned() + ",", bad(len, SyntaxProblem::Separator)),
        (GOOD.to_owned() + "  ,", bad(len + 2, SyntaxProblem::Name)),
        (GOOD.to_owned() + " a", bad(len + 2, SyntaxProblem::Quote)),
        (GOOD.to_owned() + " a=", bad(len + 2, SyntaxProblem::Quote)),
        (GOOD.to_owned() + " a=b", bad(len + 2, SyntaxProblem::Quote)),
        (
            GOOD.to_owned() + " a=\"",
            bad(len + 4, SyntaxProblem::Unterminated),
        ),
        (
            GOOD.to_owned() + " a=\"b",
            bad(len + 5, SyntaxProblem::Unterminated),
        ),
        (
            GOOD.to_owned() + " a=\"b\\\"\"",
            bad(len + 5, SyntaxProblem::Value),
        ),
        (
            GOOD.to_owned() + " a=\"\t\"",
            bad(len + 4, SyntaxProblem::Value),
        ),
        (
            GOOD.to_owned() + " a=\"\x7F\"",
            bad(len + 4, SyntaxProblem::Value),
        ),
        (
            GOOD.replace("\" algorithm", "\"algorithm"),
            bad(11, SyntaxProblem::Separator),
        ),
        (
            GOOD.to_owned() + " realm=\"dax\"",
            Error::DuplicateParameter {
                name: "realm",
                offset: len + 1,
            },
        ),
        (
            GOOD.replace("realm=\"dax\" ", ""),
            Error::MissingParameter { name: "realm" },
        ),
        (
            GOOD.replace("algorithm", "Algorithm"),
            Error::MissingParameter { name: "algorithm" },
        ),
        (
            GOOD.replace("headers", "header"),
            Error::MissingParameter { name: "headers" },
        ),
        (
            GOOD.replace("signature", "sig"),
            Error::MissingParameter { name: "signature" },
        ),
        (
            GOOD.replace("\"dax\"", "\"Dax\""),
            Error::WrongRealm {
                found: label("Dax"),
            },
        ),
        (
            GOOD.replace("sha256withrsa", "rsa-sha256"),
            Error::UnsupportedAlgorithm {
                found: label("rsa-sha256"),
            },
        ),
    ];
    for (text, error) in cases {
        assert_eq!(SignatureHeader::parse(&text), Err(error), "{text}");
    }
    for good in [
        GOOD.to_owned() + " a=\"\"",
        GOOD.replace(' ', "  ")
            .replace("target)  date", "target) date"),
        GOOD.replace("sha256withrsa", "SHA256withRSA"),
        format!("b=\" ~!\" {GOOD} c=\"d\" c=\"d\""),
    ] {
        assert!(SignatureHeader::parse(&good).is_ok(), "{good}");
    }
    // Of two fields it is told where the first ends.
    let twice = example_post()
        .with_header("Signature", GOOD)
        .with_header("signature", GOOD);
    let fields = twice.fields();
    assert_eq!(
        SignatureHeader::from_request(&twice.borrow(&fields)),
        Err(bad(len, SyntaxProblem::Repeated))
    );
}

/// Base64 that was wrapped, and folded into the field.
#[test]
fn a_line_break_in_the_signature_is_told_as_such() {
    const START: &str = "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"(request-target) date\" signature=\"AA";
    for end in ["\r\n ==\"", "\n ==\"", "\r==\""] {
        let error = Error::MalformedSignatureHeader {
            offset: START.len(),
            problem: SyntaxProblem::LineBreak,
        };
        let field = format!("{START}{end}");
        assert_eq!(SignatureHeader::parse(&field), Err(error), "{field:?}");
    }
}

/// What stands where the base64 of 256 bytes is wanted is named.
#[test]
fn signatures_tell_what_they_are_written_in() {
    use EncodingProblem as P;
    let bytes: Vec<u8> = (0..=255).rev().collect();
    let base64 = BASE64_STANDARD.encode(&bytes);
    let wrapped: Vec<&str> = [&base64[..76], &base64[76..152], &base64[152..]].into();
    let percent = base64
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let hexadecimal = lowercase_hex(&bytes);
    let cases = [
        (wrapped.join(" "), 346, P::WhiteSpace),
        (format!(" {base64}"), 345, P::WhiteSpace),
        (
            base64.replace('+', "-").replace('/', "_"),
            344,
            P::Base64Url,
        ),
        (
            base64.replace('/', "_").trim_end_matches('=').to_owned(),
            342,
            P::Base64Url,
        ),
        (percent.clone(), percent.len(), P::PercentEncoded),
        (hexadecimal.clone(), 512, P::Hexadecimal),
        (hexadecimal.to_uppercase(), 512, P::Hexadecimal),
        (base64.trim_end_matches('=').to_owned(), 342, P::Padding),
        (base64[..340].to_owned(), 340, P::Length),
        (String::new(), 0, P::Length),
        (BASE64_STANDARD.encode([7; 384]), 512, P::Length),
        (base64.replacen('/', "!", 1), 344, P::NotBase64),
        (base64.replace("==", "A="), 344, P::NotBase64),
    ];
    for (text, found, problem) in cases {
        let expected = 256;
        let error = Error::InvalidSignatureEncoding {
            expected,
            found,
            problem,
        };
        let decoded = decode_signature(text.as_bytes(), &mut [0; 256]);
        assert_eq!(decoded, Err(error), "{text}");
        let said = error.to_string();
        let sizes = format!("found {found} characters, expected 344");
        assert!(said.ends_with(&sizes), "{said}");
    }
}

/// What is missing from a request that was signed is missing for another reason than from one that
/// is to be signed.
#[test]
fn what_is_missing_tells_why() {
    let signature = "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"(request-target) x-door date\" \
                     signature=\"AAAA\"";
    let missing = |name, problem| {
        let name = label(name);
        Some(Error::MissingHeader { name, problem })
    };
    let key = PrivateKey::from_bytes(&key_file("rsa2048.pkcs1.pem")).unwrap();
    let verify = |request: &OwnedRequest| {
        let fields = request.fields();
        let request = request.borrow(&fields);
        let now = Timestamp::parse("2020-05-17T12:44:30Z").unwrap();
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        let refused = verifier.verify(&request, now).err();
        let explained = explain(key.public_key(), &request, Options::default()).err();
        assert_eq!(refused, explained);
        refused
    };
    let signed = with(&[]).with_header(
        "Signature",
        signature.replace("AAAA", &"A".repeat(342).add("==")),
    );
    assert_eq!(verify(&signed), missing("x-door", MissingProblem::Lost));
    assert_eq!(
        verify(&with(&[])),
        missing("signature", MissingProblem::Lost)
    );
    for (value, problem) in [
        (
            format!("Signature {signature}"),
            MissingProblem::InAuthorization,
        ),
        (
            format!("  signature {signature}"),
            MissingProblem::InAuthorization,
        ),
        ("Bearer abc".to_owned(), MissingProblem::Lost),
        ("Signature".to_owned(), MissingProblem::Lost),
        ("Signatures x".to_owned(), MissingProblem::Lost),
    ] {
        let request = with(&[("authorization", &value)]);
        assert_eq!(verify(&request), missing("signature", problem), "{value}");
    }
}

/// The base64 crate decodes strictly: no other text than the one it writes.
#[test]
fn signatures_are_read_from_one_text_only() {
    let read = |text: &str, len: usize| {
        let field = format!(
            "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"(request-target) date\" \
             signature=\"{text}\""
        );
        let mut out = vec![0xAA; len];
        let result = SignatureHeader::parse(&field)
            .expect("a well-formed field")
            .decode_signature(&mut out);
        result.map(|()| out.clone()).map_err(|error| (error, out))
    };
    let mut refused = 0;
    for len in 1..=7_usize {
        let bytes: Vec<u8> = (0..len)
            .map(|i| u8::try_from(i * 37 % 256).unwrap())
            .collect();
        let text = BASE64_STANDARD.encode(&bytes);
        assert_eq!(read(&text, len), Ok(bytes));
        for place in 0..text.len() {
            for byte in b' '..=b'~' {
                let mut changed = text.clone().into_bytes();
                changed[place] = byte;
                if matches!(byte, b'"' | b'\\') {
                    continue;
                }
                let changed = String::from_utf8(changed).unwrap();
                let expected = BASE64_STANDARD
                    .decode(&changed)
                    .ok()
                    .filter(|bytes| bytes.len() == len);
                refused += usize::from(expected.is_none());
                match (read(&changed, len), expected) {
                    (Err((error, out)), None) => {
                        assert_eq!(error.name(), "invalid-signature-encoding", "{changed}");
                        assert_eq!(out, vec![0; len], "{changed}");
                    }
                    (read, expected) => assert_eq!(read.ok(), expected, "{changed}"),
                }
            }
        }
        for other in [len - 1, len + 1] {
            assert!(read(&text, other).is_err(), "{text} as {other} bytes");
        }
    }
    assert!(refused > 1000, "{refused}");
}
