//! What the core says in words: the messages of errors and the mistakes of signers, with and without
//! `core::fmt`.

use std::collections::BTreeSet;

use daxsign_core::{
    BindingProblem, BodyProblem, Components, DateProblem, EncodingProblem, Error, HeaderField,
    KeyKind, KeyProblem, Label, LengthProblem, MissingProblem, Options, PrivateKey, Profile,
    Request, SyntaxProblem, Timestamp, ValueProblem, Variation, identify_key, signing_string_len,
};
use daxsign_tests::cases::key_file;

fn written(error: &Error) -> String {
    let mut bytes = Vec::new();
    error.write_message(&mut |piece: &[u8]| bytes.extend_from_slice(piece));
    String::from_utf8(bytes).unwrap()
}

fn label(text: &str) -> Label {
    Label::new(text.as_bytes())
}

const DATE_FORMAT: &str = "expected ISO 8601 with a zone, such as 2020-05-17T14:44:30Z or \
                           2020-05-17T14:44:30.2437457+02:00";

/// Errors of the request, with the whole text of each.
fn of_the_request() -> Vec<(Error, String)> {
    let cases: [(Error, &str); 11] = [
        (
            Error::InvalidComponent {
                position: 64,
                name: label("more than 64 names"),
            },
            "the component list holds more than 64 names, repetitions counted: list at most 64",
        ),
        (
            Error::InvalidComponent {
                position: 3,
                name: label("x y"),
            },
            "entry 3 of the component list, `x y`, is no HTTP field name: write names such as \
             `content-type`, separated by single spaces",
        ),
        (
            Error::MissingComponent { name: "date" },
            "the component list lacks `date`, which DAX requires: add it to the list",
        ),
        (
            Error::UnsupportedComponent {
                position: 10,
                name: label("(created)"),
            },
            "entry 10 of the component list, `(created)`, is not known: the only name in \
             parentheses is `(request-target)`",
        ),
        (
            Error::InvalidMethod { offset: 0 },
            "the method is not an HTTP token (byte 0): use a method such as GET or POST",
        ),
        (
            Error::InvalidTarget { offset: 99 },
            "the request target does not fit at byte 99: it must start with `/` and hold visible \
             ASCII only; percent-encode everything else",
        ),
        (
            Error::BufferTooSmall { needed: usize::MAX },
            "the output does not fit: pass a buffer of at least 18446744073709551615 bytes",
        ),
        (
            Error::ContentLengthMismatch {
                declared: Some(u64::MAX),
                actual: 1_000_000,
                problem: LengthProblem::Different,
            },
            "Content-Length says 18446744073709551615 but the body has 1000000 bytes: send \
             exactly the bytes that are signed (a stray newline is the usual cause)",
        ),
        (
            Error::ContentLengthMismatch {
                declared: None,
                actual: 7,
                problem: LengthProblem::Different,
            },
            "Content-Length is not one decimal number: write 7, the body's length in bytes",
        ),
        (
            Error::InvalidContentType,
            "Content-Type is not application/json: the REST API answers 400 to anything else",
        ),
        (
            Error::UnboundBody {
                problem: BindingProblem::DateNotLast,
            },
            "the signature does not bind the body: `date` is not the last component, so header \
             lines could become body; the sender should list it last (the interop policy \
             accepts this)",
        ),
    ];
    cases.map(|(error, text)| (error, text.to_owned())).into()
}

fn of_charsets_and_binding() -> Vec<(Error, String)> {
    let cases: [(Error, &str); 4] = [
        (
            Error::UnboundBody {
                problem: BindingProblem::NoContentLength,
            },
            "the signature does not bind the body: the request has no Content-Length to be \
             listed, so a strict verifier refuses the signature; add Content-Length with the \
             body's length in bytes (the interop policy accepts this)",
        ),
        (
            Error::UnsupportedCharset {
                field: "content-type",
                charset: label("latin1"),
            },
            "content-type names the charset `latin1`: DAX signs UTF-8 only; encode the request \
             as UTF-8 and say charset=utf-8 or nothing",
        ),
        (
            Error::UnsupportedCharset {
                field: "accept-charset",
                charset: label("ISO-8859-1"),
            },
            "accept-charset names the charset `ISO-8859-1`: DAX signs UTF-8 only; remove the \
             field, or let it name utf-8 alone",
        ),
        (
            Error::UnsupportedCharset {
                field: "content-type",
                charset: label("\"a; charset=x"),
            },
            "content-type has the quotes `\"a; charset=x`, which do not say utf-8 or do not end: \
             DAX signs UTF-8 only; encode the request as UTF-8 and say charset=utf-8 or nothing",
        ),
    ];
    cases.map(|(error, text)| (error, text.to_owned())).into()
}

/// A field that is missing, before it is signed and after.
fn of_missing_fields() -> Vec<(Error, String)> {
    let cases: [(Error, &str); 4] = [
        (
            Error::MissingHeader {
                name: label("signature"),
                problem: MissingProblem::Lost,
            },
            "the request has no field `Signature`: it was not signed, or the field was lost on \
             the way",
        ),
        (
            Error::MissingHeader {
                name: label("signature"),
                problem: MissingProblem::InAuthorization,
            },
            "the request has no field `Signature`: what belongs there stands in `Authorization: \
             Signature …`; send it in the field Signature, beside `Authorization: Bearer …`",
        ),
        (
            Error::MissingHeader {
                name: label("x-role"),
                problem: MissingProblem::Lost,
            },
            "the request has no field `x-role`, which its signature covers: was it lost on the \
             way? Look for a proxy or library that removes or renames it; else the sender should \
             not list it",
        ),
        (
            Error::MissingHeader {
                name: label("x-role"),
                problem: MissingProblem::Absent,
            },
            "the request has no field `x-role`: add it, or take it off the component list if it \
             is optional there",
        ),
    ];
    cases.map(|(error, text)| (error, text.to_owned())).into()
}

/// A wrong length with the text for each thing that it may be the length of.
fn of_the_length() -> Vec<(Error, String)> {
    let cases = [
        (
            LengthProblem::Characters,
            "11 is its length in characters; count the bytes of its UTF-8",
        ),
        (
            LengthProblem::LfForm,
            "11 is its length with \\n where it has \\r\\n; send exactly the bytes that are signed",
        ),
        (
            LengthProblem::CrlfForm,
            "11 is its length with \\r\\n where it has \\n; send exactly the bytes that are signed",
        ),
    ];
    let error = |(problem, text)| {
        let (declared, actual) = (Some(11), 13);
        let error = Error::ContentLengthMismatch {
            declared,
            actual,
            problem,
        };
        let text = format!("Content-Length says 11 but the body has 13 bytes: {text}");
        (error, text)
    };
    cases.map(error).into()
}

/// A signature's text with the text for each thing that stands in its place.
fn of_the_encoding() -> Vec<(Error, String)> {
    use EncodingProblem as P;
    let cases = [
        (
            P::Bytes,
            "it has another length; found 3 bytes, expected 256",
        ),
        (
            P::Length,
            "it is cut off, or was made with a key of another size",
        ),
        (
            P::NotBase64,
            "a character, its padding or its last bits are not base64",
        ),
        (P::Padding, "it lacks the = at its end"),
        (
            P::WhiteSpace,
            "there is white space in it, as where a line break stood: write the base64 without \
             line breaks",
        ),
        (
            P::Base64Url,
            "- and _ are base64url; write + and / instead, and = at its end",
        ),
        (P::Hexadecimal, "it is hexadecimal; write it in base64"),
        (
            P::PercentEncoded,
            "it is percent-encoded; write the base64 as it is",
        ),
    ];
    let error = |(problem, text): (EncodingProblem, &str)| {
        let (expected, found) = (256, 3);
        let error = Error::InvalidSignatureEncoding {
            expected,
            found,
            problem,
        };
        let start = "the signature is not canonical base64 of 256 bytes, the length of this key's \
                     modulus";
        let end = match problem {
            P::Bytes => "",
            _ => "; found 3 characters, expected 344",
        };
        (error, format!("{start}: {text}{end}"))
    };
    cases.map(error).into()
}

/// Errors of the field and its verification, with the whole text of each.
fn of_the_signature() -> Vec<(Error, String)> {
    let cases: [(Error, &str); 9] = [
        (
            Error::MissingParameter { name: "realm" },
            "the Signature field lacks the parameter `realm`: it needs realm, algorithm, headers \
             and signature",
        ),
        (
            Error::DuplicateParameter {
                name: "headers",
                offset: 120,
            },
            "the Signature field has `headers` a second time at byte 120: each parameter stands \
             once",
        ),
        (
            Error::WrongRealm {
                found: label("Dåx"),
            },
            "the realm is `D??x`: it must be `dax`",
        ),
        (
            Error::UnsupportedAlgorithm {
                found: label(&"a".repeat(50)),
            },
            "the algorithm is `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...`: it must be \
             `sha256withrsa`",
        ),
        (
            Error::SignatureMismatch,
            "the signature does not belong to this request, key and profile: compare the signing \
             strings of both sides byte by byte, and try the other profile",
        ),
        (
            Error::StaleDate {
                age: 301,
                window: 300,
            },
            "the request is 301 s old and 300 s are allowed: check both clocks, or sign again \
             with the present time",
        ),
        (
            Error::FutureDate {
                ahead: u64::MAX,
                window: u32::MAX,
            },
            "the request's date lies 18446744073709551615 s ahead and 4294967295 s are allowed: \
             check both clocks",
        ),
        (
            Error::Replayed,
            "this request was accepted before: a repeated request needs a new date and a new \
             signature",
        ),
        (
            Error::ReplayGuardFull { capacity: 64 },
            "the replay guard holds 64 requests that are all still fresh: try again later, or \
             give it more places or a shorter window",
        ),
    ];
    cases.map(|(error, text)| (error, text.to_owned())).into()
}

/// Errors of keys, with the whole text of each.
fn of_the_key() -> Vec<(Error, String)> {
    let cases: [(Error, &str); 4] = [
        (
            Error::UnsupportedKey {
                found: label("an EC key"),
            },
            "found an EC key: use an unencrypted RSA key of 2048 to 4096 bits (private: PKCS#1 \
             or PKCS#8; public: SPKI, PKCS#1 or an X.509 certificate; PEM or DER)",
        ),
        (
            Error::KeyTooSmall { bits: 1024 },
            "the key has 1024 bits: DAX keys have at least 2048; make a new key",
        ),
        (
            Error::SigningFault,
            "the signature just made does not verify, so it was not given out: the key or the \
             hardware is faulty; load the key again, and replace the device if it recurs",
        ),
        (
            Error::InternalFault,
            "this library failed, not the key or the request: please report it, with the library's \
             version and what was done",
        ),
    ];
    cases.map(|(error, text)| (error, text.to_owned())).into()
}

/// Every problem that stands inside another error, with the error's whole text.
fn with_problems() -> Vec<(Error, String)> {
    let value = |problem, text: &str| {
        let (name, instance, offset) = (label("x-name"), 2, 17);
        let error = Error::InvalidHeaderValue {
            name,
            instance,
            offset,
            problem,
        };
        let start = "the value of field `x-name` (number 2 of that name) cannot be signed";
        (error, format!("{start}: at byte 17 {text}"))
    };
    let date = |problem, text: &str| {
        let error = Error::InvalidDate { problem };
        let text = format!("the date cannot be used: {text}; {DATE_FORMAT}");
        (error, text)
    };
    let body = |problem, text: &str| {
        let error = Error::InvalidBody { offset: 5, problem };
        (
            error,
            format!("the body cannot be signed: at byte 5 {text}"),
        )
    };
    vec![
        value(
            ValueProblem::NotUtf8,
            "it is not UTF-8: encode the value as UTF-8",
        ),
        value(
            ValueProblem::LineBreak,
            "a line break does not start a folded line: remove it, it could forge a line",
        ),
        value(
            ValueProblem::ControlCharacter,
            "there is a control character: remove it",
        ),
        value(
            ValueProblem::EdgeWhiteSpace,
            "it starts or ends with white space other than space and tab, which peers trim \
             differently: remove it",
        ),
        value(
            ValueProblem::EmptyInstance,
            "it is empty beside other fields of its name, which peers join differently: leave \
             the empty field out",
        ),
        date(
            DateProblem::Format { offset: 10 },
            "it differs from the format at byte 10",
        ),
        date(
            DateProblem::Rfc1123,
            "it is in the RFC 1123 format that HTTP libraries write on their own",
        ),
        date(DateProblem::Fraction, "the fraction is not 1 to 9 digits"),
        date(DateProblem::Zone, "it does not end with its time zone"),
        date(
            DateProblem::ZoneColon,
            "the zone needs a colon, as in +01:00",
        ),
        date(DateProblem::AfterZone, "nothing may follow the zone"),
        date(
            DateProblem::DecimalComma,
            "the fraction starts with a point, not a comma",
        ),
        (
            Error::InvalidDate {
                problem: DateProblem::Repeated,
            },
            "the date cannot be used: the field stands twice: send one `Date`".to_owned(),
        ),
        date(
            DateProblem::Range { field: "month" },
            "its month is out of range",
        ),
        body(
            BodyProblem::ByteOrderMark,
            "there is a byte order mark: save the body without it",
        ),
        body(
            BodyProblem::NotUtf8,
            "it is not UTF-8: encode the body as UTF-8",
        ),
        body(
            BodyProblem::Compressed,
            "it is compressed (Content-Encoding: gzip or another): DAX signs a body in UTF-8, so \
             send it as it is, without Content-Encoding; if it was compressed behind the signer, \
             verify it as it was before",
        ),
        body(BodyProblem::Utf16, "it is UTF-16: encode the body as UTF-8"),
    ]
}

fn with_syntax_problems() -> Vec<(Error, String)> {
    let cases = [
        (
            SyntaxProblem::Name,
            "a parameter name such as `realm` must stand here",
        ),
        (
            SyntaxProblem::Quote,
            "a parameter must go on with =\" and its value in double quotes",
        ),
        (
            SyntaxProblem::Value,
            "a value holds printable ASCII without backslashes only",
        ),
        (
            SyntaxProblem::Unterminated,
            "the value has no closing quote",
        ),
        (
            SyntaxProblem::Separator,
            "parameters are separated by spaces only (no commas), and nothing follows the last",
        ),
        (
            SyntaxProblem::Repeated,
            "a second Signature field follows; a request has one",
        ),
        (
            SyntaxProblem::LineBreak,
            "there is a line break in the value: write the base64 without line breaks, and the \
             field on one line",
        ),
    ];
    let error = |(problem, text)| {
        let error = Error::MalformedSignatureHeader { offset: 4, problem };
        let text = format!("the Signature field is malformed at byte 4: {text}");
        (error, text)
    };
    cases.map(error).into()
}

fn with_key_problems() -> Vec<(Error, String)> {
    use KeyProblem as K;
    let cases = [
        (
            K::NotAKey,
            "it is neither PEM nor DER: pass the key file's bytes as they are",
        ),
        (
            K::PemEnd,
            "the PEM block has no matching -----END …----- line: is the file cut off?",
        ),
        (
            K::Base64,
            "the PEM block is not base64 throughout: is the file damaged?",
        ),
        (
            K::Der { offset: 31 },
            "its DER is not that of an RSA key at byte 31: is the file damaged?",
        ),
        (K::Modulus, "the modulus is an even number"),
        (K::PublicExponent, "the public exponent is even or below 3"),
        (
            K::Primes,
            "a prime is even, or shorter than a quarter of the modulus, which makes it guessable",
        ),
        (K::PrimesEqual, "its two primes are the same"),
        (
            K::Product,
            "p · q is not n: its numbers come from different keys",
        ),
        (K::D, "d does not belong to e, p and q"),
        (K::DP, "dP does not belong to e and p"),
        (K::DQ, "dQ does not belong to e and q"),
        (
            K::QInv,
            "qInv is not the inverse of q modulo p (are p and q swapped?)",
        ),
        (K::Empty, "no key was loaded into this place"),
        (
            K::Validity,
            "the certificate's validity is not a date of RFC 5280",
        ),
    ];
    let error = |(problem, text)| {
        let error = Error::InvalidKey { problem };
        (error, format!("the key cannot be used: {text}"))
    };
    cases.map(error).into()
}

#[test]
fn every_error_says_what_was_wrong() {
    let cases = [
        of_the_request(),
        of_charsets_and_binding(),
        of_missing_fields(),
        of_the_length(),
        of_the_signature(),
        of_the_encoding(),
        of_the_key(),
        with_problems(),
        with_syntax_problems(),
        with_key_problems(),
    ]
    .concat();
    let mut names: Vec<&str> = cases.iter().map(|(error, _)| error.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), cases.len()), (30, 83), "errors, texts");
    for (error, text) in &cases {
        assert_eq!(written(error), *text);
        assert_eq!(error.to_string(), *text);
    }
}

/// Nothing that fits is cut, and what is cut shows it.
#[test]
fn labels_keep_what_fits() {
    let text = "x".repeat(Label::CAPACITY + 1);
    let fits = &text[..Label::CAPACITY];
    assert_eq!(label(fits).as_str(), fits);
    let cut = format!("{}...", &text[..Label::CAPACITY - 3]);
    assert_eq!(label(&text).as_str(), cut);
    assert_eq!(Label::CAPACITY, 44);
}

/// A problem on its own reads as it does inside its error.
#[test]
fn problems_can_be_shown_alone() {
    let problem = DateProblem::Range { field: "zone" };
    let text = format!("its zone is out of range; {DATE_FORMAT}");
    assert_eq!(problem.to_string(), text);
    let texts = [
        ValueProblem::NotUtf8.to_string(),
        BodyProblem::NotUtf8.to_string(),
        SyntaxProblem::Unterminated.to_string(),
        BindingProblem::ContentLengthNotListed.to_string(),
        KeyProblem::Der { offset: 0 }.to_string(),
    ];
    assert_eq!(
        texts.join("\n"),
        "it is not UTF-8: encode the value as UTF-8\n\
         it is not UTF-8: encode the body as UTF-8\n\
         the value has no closing quote\n\
         `content-length` is not listed, so bytes of the body could become header lines; the \
         sender should list it\n\
         its DER is not that of an RSA key at byte 0: is the file damaged?"
    );
}

#[test]
fn a_full_writer_is_told() {
    use std::fmt::Write;

    /// Takes `.0` bytes and no more.
    struct Room(usize);
    impl Write for Room {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0 = self.0.checked_sub(text.len()).ok_or(std::fmt::Error)?;
            Ok(())
        }
    }
    let error = Error::KeyTooSmall { bits: 1024 };
    let len = error.to_string().len();
    assert!(write!(Room(len), "{error}").is_ok());
    for room in [0, 4, len - 1] {
        assert!(write!(Room(room), "{error}").is_err(), "room for {room}");
    }
}

fn name_of(variation: Variation) -> String {
    let mut bytes = Vec::new();
    variation.write_name(&mut |piece: &[u8]| bytes.extend_from_slice(piece));
    String::from_utf8(bytes).unwrap()
}

#[test]
fn variations_are_found_by_their_names() {
    let all: Vec<Variation> = Variation::single().collect();
    let names: BTreeSet<String> = all.iter().copied().map(name_of).collect();
    assert_eq!(names.len(), all.len(), "each name once");
    let mut pairs = 0;
    for (first, variation) in all.iter().enumerate() {
        let name = name_of(*variation);
        assert_eq!(Variation::parse(&name), Some(*variation), "{name}");
        for second in all.iter().skip(first + 1) {
            let deviation = second.deviations().next().unwrap();
            let Some(both) = variation.with(deviation) else {
                let one = variation.deviations().next().unwrap();
                assert_eq!(one.part(), deviation.part(), "{name}");
                continue;
            };
            let name = name_of(both);
            assert_eq!(Variation::parse(&name), Some(both), "{name}");
            pairs += 1;
        }
    }
    // Numbered ones count for each number: 16 places in a list, 32 bodies.
    assert_eq!((all.len(), pairs), (253, 29_839));
    assert_eq!(Variation::parse("none"), Some(Variation::NONE));
    assert_eq!(name_of(Variation::NONE), "none");
    for unknown in [
        "",
        "+",
        "None",
        "none+none",
        "none+body-left-out",
        "body-left-ou",
        "body-left-out+",
        "+body-left-out",
        "body-left-out ",
        "body-left-out+body-left-out",
        "body-left-out+body-with-newline",
        "full-target+body-left-out",
        "full-target+body-left-out+crlf-line-ends",
        "component-omitted",
        "component-omitted-0",
        "component-omitted-17",
        "component-omitted-03",
        "full-target-1",
        "full-target+https-url",
    ] {
        assert_eq!(Variation::parse(unknown), None, "{unknown}");
    }
}

#[test]
fn variations_say_what_the_signer_did() {
    let text = |name| {
        let variation = Variation::parse(name).unwrap();
        let mut bytes = Vec::new();
        variation.write_text(&mut |piece: &[u8]| bytes.extend_from_slice(piece));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(variation.to_string(), text);
        text
    };
    assert_eq!(text("none"), "the signer kept the rules");
    assert_eq!(text("body-left-out"), "the signer left out the body");
    assert_eq!(
        text("crlf-line-ends+date-rfc1123"),
        "the signer ended the lines with CRLF (\\r\\n) instead of \\n, and signed the date in the \
         RFC 1123 format, not as it was sent"
    );
}

/// The offset of white space at an end is that of its first byte.
#[test]
fn white_space_at_the_ends_is_found_where_it_is() {
    let offset = |value: &str| {
        let headers = [
            HeaderField::new("Date", "2020-05-17T14:44:30Z"),
            HeaderField::new("X-Name", value),
        ];
        let request = Request::new("GET", "/", &headers, "");
        let list = Components::parse("(request-target) x-name date").unwrap();
        match signing_string_len(&request, &list, Options::DAX) {
            Err(Error::InvalidHeaderValue {
                offset,
                problem: ValueProblem::EdgeWhiteSpace,
                ..
            }) => offset,
            other => panic!("{value:?}: {other:?}"),
        }
    };
    assert_eq!(offset("\u{a0}door"), 0);
    assert_eq!(offset(" \t\u{a0}door"), 2);
    assert_eq!(offset("door\u{a0}"), 4);
    assert_eq!(offset("door\u{3000} \t"), 4);
    assert_eq!(offset("door\r\n north\u{2009}\t"), 12);
}

#[test]
fn values_show_what_they_are() {
    let list = Components::parse("(request-target) Date").unwrap();
    let names: Vec<String> = list.iter().map(|name| name.to_string()).collect();
    assert_eq!(names, ["(request-target)", "date"]);
    assert_eq!(format!("{:?}", list.iter().last().unwrap()), "date");
    let date = Timestamp::parse("2020-05-17T14:44:30+02:00").unwrap();
    let text = date.format().unwrap();
    assert_eq!(text.to_string(), "2020-05-17T12:44:30.0000000Z");
    assert_eq!(text.as_ref(), text.as_str().as_bytes());
    assert_eq!(label("x\"y").to_string(), "x\"y");
    assert_eq!(format!("{:?}", label("x\"y")), r#""x\"y""#);
    assert_eq!(Profile::VendorSdk.to_string(), "vendor-sdk");
    let fields = [HeaderField::new("Host", "a"), HeaderField::new("Date", "b")];
    let request = Request::new("GET", "/", &fields, "");
    let names: Vec<&[u8]> = request.headers.iter().map(|field| field.name).collect();
    assert_eq!(names, [b"Host", b"Date"]);
    let shown = format!("{:?}", request.headers);
    assert!(
        shown.starts_with('[') && shown.matches("HeaderField").count() == 2,
        "{shown}"
    );
}

#[test]
fn keys_show_their_public_numbers_alone() {
    let private = PrivateKey::from_bytes(&key_file("rsa2048.pkcs1.pem")).unwrap();
    let shown = format!("{:?}", private.public_key());
    assert_eq!(shown, "PublicKey { bits: 2048, e: 65537, .. }");
    let kinds = [
        ("rsa2048.pkcs1.pem", "RSA private key, PKCS#1"),
        ("rsa2048.pkcs8.der", "RSA private key, PKCS#8"),
        ("rsa2048.public-pkcs1.pem", "RSA public key, PKCS#1"),
        ("rsa2048.spki.der", "RSA public key, SPKI"),
    ];
    for (file, description) in kinds {
        let (kind, _) = identify_key(&key_file(file)).unwrap();
        assert_eq!(kind.description(), description);
    }
    assert_eq!(KeyKind::Certificate.description(), "X.509 certificate");
}
