//! Names and texts of every length, around the sizes of what the core holds pieces in (32 bytes to
//! lowercase, 44 of a label in an error, 64 of a hash's block): a rule holds to the last byte.
//! What is expected is written here with `str`'s own functions.

use daxsign_core::{
    Components, Error, HeaderField, Options, Profile, PublicKey, Request, RequestSigner,
    SignatureHeader, SigningStream, Timestamp, Verifier, signing_digest, signing_string,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::tool::Tool;

/// In bytes.
const LENGTHS: [usize; 16] = [
    2, 31, 32, 33, 43, 44, 45, 46, 63, 64, 65, 66, 96, 97, 255, 4000,
];
const DATE: &str = "2020-05-17T14:44:30Z";
/// What an error keeps of a text, and what a cut text ends in.
const KEPT: usize = 44;
const CUT: &str = "...";

/// A token of a length in both cases, with each letter of the alphabet at every place of a piece.
fn name(len: usize) -> String {
    let letters = (0..len).map(|at| char::from(b"aBcDeFgHiJkLmNoPqRsTuVwXyZ-"[(at * 5) % 27]));
    letters.collect()
}

/// The same in the other case.
fn swapped(name: &str) -> String {
    let swap = |letter: char| {
        if letter.is_ascii_uppercase() {
            letter.to_ascii_lowercase()
        } else {
            letter.to_ascii_uppercase()
        }
    };
    name.chars().map(swap).collect()
}

/// As it stands in an error.
fn shown(text: &str) -> String {
    if text.len() <= KEPT {
        text.into()
    } else {
        format!("{}{CUT}", &text[..KEPT - CUT.len()])
    }
}

fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<HeaderField<'a>> {
    let all = [&[("Date", DATE)], more].concat();
    all.into_iter()
        .map(|(name, value)| HeaderField::new(name, value))
        .collect()
}

fn string_of(method: &str, target: &str, more: &[(&str, &str)], list: &str) -> String {
    let fields = fields(more);
    let request = Request::new(method, target, &fields, "");
    let components = Components::parse(list).unwrap();
    let mut out = vec![0; 1 << 16];
    let string = signing_string(&request, &components, Options::default(), &mut out).unwrap();
    std::str::from_utf8(string).unwrap().to_owned()
}

fn refused(more: &[(&str, &str)], list: &str) -> Error {
    let fields = fields(more);
    let request = Request::new("GET", "/", &fields, "");
    match Components::parse(list) {
        Ok(components) => {
            let mut out = [0; 1 << 14];
            signing_string(&request, &components, Options::default(), &mut out).unwrap_err()
        }
        Err(error) => error,
    }
}

/// Runs a check for every length; returns how many ran.
fn for_each_length(check: impl Fn(usize, &str)) {
    let mut ran = 0;
    for len in LENGTHS {
        let name = name(len);
        assert_eq!(name.len(), len);
        check(len, &name);
        ran += 1;
    }
    assert_eq!(ran, 16, "lengths");
}

#[test]
fn field_names_are_found_and_lowercased_to_their_end() {
    for_each_length(|len, name| {
        let sent = swapped(name);
        let list = format!("(request-target) {name} date");
        let lower = name.to_ascii_lowercase();
        let expected = format!("(request-target): get /\n{lower}: v\ndate: {DATE}\n");
        assert_eq!(
            string_of("GET", "/", &[(&sent, "v")], &list),
            expected,
            "{len}"
        );
    });
}

#[test]
fn methods_are_lowercased_to_their_end() {
    for_each_length(|len, name| {
        let lower = name.to_ascii_lowercase();
        let expected = format!("(request-target): {lower} /\ndate: {DATE}\n");
        let string = string_of(name, "/", &[], "(request-target) date");
        assert_eq!(string, expected, "{len}");
    });
}

#[test]
fn targets_and_values_stay_as_they_are_to_their_end() {
    for_each_length(|len, name| {
        let expected = format!("(request-target): get /{name}\nx: {name}\ndate: {DATE}\n");
        let target = format!("/{name}?{name}");
        let string = string_of("GET", &target, &[("X", name)], "(request-target) x date");
        assert_eq!(string, expected, "{len}");
    });
}

/// Names that differ in their last byte alone are two, whatever their length.
#[test]
fn neighbours_are_not_taken_for_each_other() {
    for_each_length(|len, name| {
        let [one, other] = ["1", "2"].map(|end| format!("{}{end}", &name[1..]));
        let list = format!("(request-target) {one} {other} date");
        let both = [(other.as_str(), "of the other"), (one.as_str(), "of one")];
        let [one_lower, other_lower] = [&one, &other].map(|name| name.to_ascii_lowercase());
        let expected = format!(
            "(request-target): get /\n{one_lower}: of one\n{other_lower}: of the other\ndate: {DATE}\n"
        );
        assert_eq!(string_of("GET", "/", &both, &list), expected, "{len}");
        let components = Components::parse(&list).unwrap();
        assert!(components.contains(&one) && components.contains(&other));
        assert!(!components.contains(&format!("{}3", &name[1..])), "{len}");
        let missing = refused(&both[..1], &list);
        assert_eq!(missing.name(), "missing-header", "{len}");
    });
}

/// Names that differ in the case of their last letter alone are one, whatever their length.
#[test]
fn cases_are_taken_for_each_other() {
    for_each_length(|len, name| {
        let [one, other] = ["x", "X"].map(|end| format!("{}{end}", &name[1..]));
        let both = [(one.as_str(), "1"), (other.as_str(), "2")];
        let list = format!("(request-target) {one} date {other}");
        let lower = one.to_ascii_lowercase();
        let expected = format!("(request-target): get /\ndate: {DATE}\n{lower}: 1,2\n");
        assert_eq!(string_of("GET", "/", &both, &list), expected, "{len}");
        let components = Components::parse(&list).unwrap();
        let mut text = Vec::new();
        components.write_to(&mut |piece: &[u8]| text.extend_from_slice(piece));
        assert_eq!(text, format!("(request-target) date {lower}").as_bytes());
        assert_eq!(components.encoded_len(), text.len(), "{len}");
        let names: Vec<_> = components.iter().map(|name| name.to_string()).collect();
        assert_eq!(names, ["(request-target)", "date", lower.as_str()]);
        assert!(components.ends_with(&swapped(&one)), "{len}");
    });
}

#[test]
fn errors_show_the_start_of_a_name_and_that_it_was_cut() {
    for_each_length(|len, name| {
        let lower = name.to_ascii_lowercase();
        let list = format!("(request-target) {name} date");
        let missing = refused(&[], &list);
        let Error::MissingHeader { name: label, .. } = missing else {
            panic!("{missing:?}")
        };
        assert_eq!(label.as_str(), shown(&lower), "{len}");
        let bad = refused(&[(name, "a\0")], &list);
        let Error::InvalidHeaderValue { name: label, .. } = bad else {
            panic!("{bad:?}")
        };
        assert_eq!(label.as_str(), shown(&lower), "{len}");
        let wrong = format!("{}@", &name[1..]);
        let listed = refused(&[], &format!("(request-target) {wrong} date"));
        let Error::InvalidComponent {
            position: 2,
            name: label,
        } = listed
        else {
            panic!("{listed:?}")
        };
        assert_eq!(label.as_str(), shown(&wrong), "{len}");
        let other = format!("({name})");
        let listed = refused(&[], &format!("(request-target) date {other}"));
        let Error::UnsupportedComponent {
            position: 3,
            name: label,
        } = listed
        else {
            panic!("{listed:?}")
        };
        assert_eq!(label.as_str(), shown(&other), "{len}");
    });
}

/// Texts that begin as the right ones do, and go on.
#[test]
fn what_begins_rightly_and_goes_on_is_refused() {
    const SIGNATURE: &str = "headers=\"(request-target) date\" signature=\"AAAA\"";
    for_each_length(|len, name| {
        let realm = format!("dax{name}");
        let value = format!("realm=\"{realm}\" algorithm=\"sha256withrsa\" {SIGNATURE}");
        let Err(Error::WrongRealm { found }) = SignatureHeader::parse(&value) else {
            panic!("{value}")
        };
        assert_eq!(found.as_str(), shown(&realm), "{len}");
        let algorithm = format!("sha256withrsa{name}");
        let value = format!("realm=\"dax\" algorithm=\"{algorithm}\" {SIGNATURE}");
        let Err(Error::UnsupportedAlgorithm { found }) = SignatureHeader::parse(&value) else {
            panic!("{value}")
        };
        assert_eq!(found.as_str(), shown(&algorithm), "{len}");
        // A parameter of another name is skipped, and stands for none of the four.
        for known in ["realm", "algorithm", "headers", "signature"] {
            let four = format!("realm=\"dax\" algorithm=\"sha256withrsa\" {SIGNATURE}");
            let more = format!("{known}{name}=\"{name}\" {four}");
            let header = SignatureHeader::parse(&more).unwrap();
            assert_eq!(
                header.headers_parameter(),
                b"(request-target) date",
                "{len}"
            );
            let instead = four.replacen(&format!("{known}="), &format!("{known}{name}="), 1);
            assert_eq!(
                SignatureHeader::parse(&instead),
                Err(Error::MissingParameter { name: known }),
                "{len}"
            );
        }
        let charset = format!("utf-8{name}");
        let value = format!("application/json; charset={charset}");
        let refused = refused(&[("Content-Type", &value)], "(request-target) date");
        let Error::UnsupportedCharset { charset: found, .. } = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(found.as_str(), shown(&charset), "{len}");
        let list = format!("(request-target) date{name}");
        let missing = Components::parse(&list).unwrap_err();
        assert_eq!(missing, Error::MissingComponent { name: "date" }, "{len}");
        for required in ["date", "(request-target)"] {
            let list = format!("(request-target) date {name}").replacen(required, "x", 1);
            assert_eq!(
                Components::parse(&list).unwrap_err().name(),
                "missing-component"
            );
        }
    });
}

/// A body in pieces is hashed behind the same lines, and what is verified is what was signed.
#[test]
fn streams_and_verifiers_take_them_to_their_end() {
    let key = daxsign_core::PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).unwrap();
    let public = PublicKey::from_bytes(&key_file("rsa2048.spki.pem")).unwrap();
    let verifier = Verifier::new(&public, Profile::Documented);
    let now = Timestamp::parse(DATE).unwrap();
    for_each_length(|len, name| {
        let list = format!("(request-target) {name} content-length date");
        let components = Components::parse(&list).unwrap();
        let more = [(name, "v"), ("Content-Length", "2")];
        let (options, profile) = (Options::default(), Profile::Documented);
        let mut all = fields(&more);
        let request = Request::new("PUT", "/", &all, "{}");
        let digest = signing_digest(&request, &components, profile, options).unwrap();
        let head = Request {
            body: b"",
            ..request
        };
        let mut stream = SigningStream::new(&head, &components, options, None).unwrap();
        stream.update(b"{}").unwrap();
        assert_eq!(stream.finish(profile).unwrap(), digest, "{len}");

        let mut out = vec![0; 1 << 14];
        let value = RequestSigner::new(&key, profile)
            .components(components)
            .options(options)
            .sign(&request, &mut out)
            .unwrap();
        let lower = name.to_ascii_lowercase();
        let listed = format!("headers=\"(request-target) {lower} content-length date\"");
        assert!(value.contains(&listed), "{len}: {value}");
        all.push(HeaderField::new("Signature", value));
        let request = Request::new("PUT", "/", &all, "{}");
        let accepted = verifier.verify(&request, now).unwrap();
        assert!(accepted.components.contains(&swapped(name)), "{len}");
        assert!(!accepted.components.contains(&format!("{name}x")), "{len}");
    });
}

/// The tool tells OpenSSL and its reader the same names.
#[test]
fn the_tool_takes_them_to_their_end() {
    let (tool, openssl) = (Tool::default(), OpenSsl::default());
    let key = daxsign_tests::cases::key_path("rsa2048.pkcs8.pem");
    let public = daxsign_tests::cases::key_path("rsa2048.spki.pem");
    let [key, public_name] = [&key, &public].map(|path| path.to_str().unwrap());
    for_each_length(|len, name| {
        // Files have names of at most 255 bytes.
        let file = format!("{}.http", &name[..name.len().min(200)]);
        let unlisted = format!("u{name}");
        tool.write(
            &file,
            format!("GET / HTTP/1.1\n{name}: v\n{unlisted}: u\nDate: {DATE}\n\n"),
        );
        let list = format!("(request-target) {name} date");
        let signed = tool
            .run(&["sign", "--key", key, "--headers", &list, &file])
            .success();
        let signed = String::from_utf8(signed).unwrap();
        let lower = name.to_ascii_lowercase();
        let string = format!("(request-target): get /\n{lower}: v\ndate: {DATE}\n");
        let base64 = signed.split_once("signature=\"").unwrap().1;
        let base64 = base64.split_once('"').unwrap().0;
        let signature = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, base64).unwrap();
        assert!(
            openssl.verifies(&public, string.as_bytes(), &signature),
            "{len}"
        );

        tool.write(&file, &signed);
        let run = tool.run(&[
            "verify",
            "--key",
            public_name,
            "--now",
            DATE,
            "--json",
            &file,
        ]);
        let report: serde_json::Value = serde_json::from_slice(&run.clone().success()).unwrap();
        assert_eq!(report["components"][1], lower.as_str(), "{len}");
        let unlisted = serde_json::json!([unlisted.to_ascii_lowercase()]);
        assert_eq!(report["not_covered"]["fields"], unlisted, "{len}");
        // Where a file is told of, it is the whole name.
        let missing = tool.run(&["verify", "--key", public_name, &format!("no-{file}")]);
        assert!(
            missing.err.contains(&format!("no-{file}")),
            "{}",
            missing.err
        );
    });
}
