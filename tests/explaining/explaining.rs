//! What `explain` finds in a signature that does not verify: each mistake of a signer, with the string
//! written out here and signed by the rsa crate.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Components, Digest, EncodingProblem, Error, Finding, Options, Profile, PublicKey, Variation,
    explain,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::request::OwnedRequest;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::Digest as _;

const LIST: &str = "(request-target) host x-a content-length date";
const WITHOUT_LENGTH: &str = "(request-target) host x-a date";

const TARGET: &str = "(request-target): post /api/DaxEndPoint\n";
const HOST: &str = "host: dax.amido.se\n";
const X_A: &str = "x-a: one,two  three\n";
const LENGTH: &str = "content-length: 6\n";
const DATE: &str = "date: 2020-05-17T14:44:30+02:00\n";
const BODY: &str = "a\r\nb\r\n";

/// A request on which every mistake shows.
fn request() -> OwnedRequest {
    OwnedRequest {
        method: "POST".into(),
        target: "/api/DaxEndPoint?page=2".into(),
        headers: vec![
            ("Host".into(), b"dax.amido.se".to_vec()),
            ("X-A".into(), b" one".to_vec()),
            ("X-A".into(), b"two  three".to_vec()),
            ("Content-Length".into(), b"6".to_vec()),
            ("Date".into(), b"2020-05-17T14:44:30+02:00".to_vec()),
        ],
        body: BODY.into(),
    }
}

fn right() -> String {
    [TARGET, HOST, X_A, LENGTH, DATE, BODY].concat()
}

fn key() -> RsaPrivateKey {
    RsaPrivateKey::from_pkcs1_der(&key_file("rsa2048.pkcs1.der")).unwrap()
}

fn public_key() -> PublicKey {
    PublicKey::from_bytes(&key_file("rsa2048.spki.pem")).unwrap()
}

fn field(list: &str, signature: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(signature);
    format!("realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{base64}\"")
}

fn found(list: &str, signature: &[u8]) -> Result<Finding, Error> {
    let request = request().with_header("Signature", field(list, signature));
    let fields = request.fields();
    explain(&public_key(), &request.borrow(&fields), Options::default())
}

/// The signature of a string as a profile wants it.
fn sign(string: &str, profile: Profile) -> Vec<u8> {
    let mut hash = sha2::Sha256::digest(string);
    if profile == Profile::VendorSdk {
        hash = sha2::Sha256::digest(hash);
    }
    key()
        .sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &hash)
        .unwrap()
}

fn replaced(from: &str, to: &str) -> String {
    let right = right();
    assert!(right.contains(from), "{from:?}");
    right.replacen(from, to, 1)
}

/// The name of each mistake, and the string of a signer who makes it.
fn of_target_and_body() -> Vec<(&'static str, String)> {
    let lines = [TARGET, HOST, X_A, LENGTH, DATE].concat();
    let target = |text: &str| replaced("post /api/DaxEndPoint", text);
    vec![
        ("crlf-line-ends", lines.replace('\n', "\r\n") + BODY),
        ("no-last-newline", lines.trim_end().to_owned() + BODY),
        ("body-left-out", lines.clone()),
        ("body-with-newline", right() + "\n"),
        ("body-with-crlf", right() + "\r\n"),
        ("body-without-last-newline", lines.clone() + "a\r\nb"),
        ("body-lf-only", lines.clone() + "a\nb\n"),
        ("empty-line-before-body", lines + "\n" + BODY),
        ("full-target", target("post /api/DaxEndPoint?page=2")),
        (
            "https-url",
            target("post https://dax.amido.se/api/DaxEndPoint?page=2"),
        ),
        (
            "http-url",
            target("post http://dax.amido.se/api/DaxEndPoint?page=2"),
        ),
        ("host-and-path", target("post dax.amido.se/api/DaxEndPoint")),
        ("lowercase-path", target("post /api/daxendpoint")),
        ("method-not-lowercased", target("POST /api/DaxEndPoint")),
    ]
}

fn of_fields() -> Vec<(&'static str, String)> {
    let date = |text: &str| replaced("2020-05-17T14:44:30+02:00", text);
    let no_space = [TARGET, HOST, X_A, LENGTH, DATE].map(|line| line.replacen(": ", ":", 1));
    let names = ["Host", "X-A", "Content-Length", "Date"];
    let sent_names = names.into_iter().fold(right(), |string, name| {
        string.replacen(&format!("{}:", name.to_lowercase()), &format!("{name}:"), 1)
    });
    vec![
        ("date-utc-seconds", date("2020-05-17T12:44:30Z")),
        ("date-utc-fraction", date("2020-05-17T12:44:30.0000000Z")),
        ("date-rfc1123", date("Sun, 17 May 2020 12:44:30 GMT")),
        ("content-length-omitted", replaced(LENGTH, "")),
        ("content-length-before-date", right()),
        (
            "content-length-last",
            [TARGET, HOST, X_A, DATE, LENGTH, BODY].concat(),
        ),
        ("names-not-lowercased", sent_names),
        ("no-space-after-colon", no_space.concat() + BODY),
        ("joined-with-space", replaced("one,two", "one, two")),
        ("first-instance-only", replaced("one,two  three", "one")),
        (
            "last-instance-only",
            replaced("one,two  three", "two  three"),
        ),
        ("values-not-trimmed", replaced("x-a: one", "x-a:  one")),
    ]
}

/// The list that the signer of a mistake names.
fn list_of(mistake: &str) -> &'static str {
    match mistake {
        "content-length-before-date" | "content-length-last" => WITHOUT_LENGTH,
        _ => LIST,
    }
}

#[test]
fn each_mistake_is_found_under_its_name() {
    let mut seen = 0;
    for (name, string) in of_target_and_body().into_iter().chain(of_fields()) {
        for profile in Profile::ALL {
            let variation = Variation::parse(name).expect(name);
            let expected = Finding::Mistake { variation, profile };
            assert_eq!(
                found(list_of(name), &sign(&string, profile)),
                Ok(expected),
                "{name}"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 26 * 2, "each single mistake, under each profile");
}

#[test]
fn the_string_of_a_mistake_is_what_the_signer_signed() {
    let request = request();
    let fields = request.fields();
    let borrowed = request.borrow(&fields);
    for (name, string) in of_target_and_body().into_iter().chain(of_fields()) {
        let components = Components::parse(list_of(name)).unwrap();
        let mut written = Vec::new();
        Variation::parse(name)
            .expect(name)
            .write_string(
                &borrowed,
                &components,
                Options::default(),
                &mut |piece: &[u8]| {
                    written.extend_from_slice(piece);
                },
            )
            .unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), string, "{name}");
    }
}

#[test]
fn two_and_three_mistakes_at_once_are_found() {
    let string = replaced("post /api/DaxEndPoint", "POST /api/DaxEndPoint?page=2") + "\n";
    let three = "body-with-newline+full-target+method-not-lowercased";
    let variation = Variation::parse(three).unwrap();
    let profile = Profile::Documented;
    assert_eq!(
        found(LIST, &sign(&string, profile)),
        Ok(Finding::Mistake { variation, profile })
    );
    let string = replaced("post /api/DaxEndPoint", "POST /api/DaxEndPoint?page=2");
    let variation = Variation::parse("full-target+method-not-lowercased").unwrap();
    let profile = Profile::Documented;
    assert_eq!(
        found(LIST, &sign(&string, profile)),
        Ok(Finding::Mistake { variation, profile })
    );
}

#[test]
fn a_good_signature_is_told_with_its_profile() {
    for profile in Profile::ALL {
        let finding = found(LIST, &sign(&right(), profile));
        assert_eq!(finding, Ok(Finding::Verifies { profile }));
    }
}

#[test]
fn a_string_that_no_known_mistake_gives_is_told_by_its_hash() {
    let hash = sha2::Sha256::digest("something else");
    let finding = found(LIST, &sign("something else", Profile::Documented));
    let digest = Digest(hash.into());
    assert_eq!(finding, Ok(Finding::Unexplained { digest }));
}

/// A DigestInfo (RFC 8017 9.2 note 1), with a hash of `len` bytes behind it.
fn other(digest_info: &[u8], len: usize) -> Vec<u8> {
    let block = [digest_info, &vec![0x5A; len]].concat();
    key().sign(Pkcs1v15Sign::new_unprefixed(), &block).unwrap()
}

#[test]
fn another_hash_is_named() {
    let sha1 = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
    let md5 = b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10";
    let no_null = b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";
    let with = |scheme, len| key().sign(scheme, &vec![0x5A; len]).unwrap();
    let cases = [
        (other(sha1, 20), "SHA-1"),
        (other(md5, 16), "MD5"),
        (with(Pkcs1v15Sign::new::<sha2::Sha384>(), 48), "SHA-384"),
        (with(Pkcs1v15Sign::new::<sha2::Sha512>(), 64), "SHA-512"),
        (
            other(no_null, 32),
            "SHA-256 without parameters in its DigestInfo",
        ),
        // Bytes alone may be anything; how many there are is known.
        (
            other(b"", 16),
            "16 bytes without a DigestInfo, as long as MD5",
        ),
        (
            other(b"", 20),
            "20 bytes without a DigestInfo, as long as SHA-1",
        ),
        (
            other(b"", 32),
            "32 bytes without a DigestInfo, as long as SHA-256",
        ),
        (
            other(b"", 36),
            "36 bytes without a DigestInfo, as long as MD5 and SHA-1 together",
        ),
        (
            other(b"", 48),
            "48 bytes without a DigestInfo, as long as SHA-384",
        ),
        (
            other(b"", 64),
            "64 bytes without a DigestInfo, as long as SHA-512",
        ),
        (other(b"", 33), "no hash that is known"),
        // MD4 (RFC 1320), of MD5's length.
        (
            other(
                b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x04\x05\x00\x04\x10",
                16,
            ),
            "no hash that is known",
        ),
    ];
    for (signature, name) in cases {
        assert_eq!(found(LIST, &signature), Ok(Finding::OtherHash { name }));
    }
}

#[test]
fn a_signature_of_another_key_does_not_open() {
    let other = RsaPrivateKey::from_pkcs1_der(&key_file("rsa3072.pkcs1.der")).unwrap();
    let hash = sha2::Sha256::digest(right());
    let mut signature = other
        .sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &hash)
        .unwrap();
    signature.truncate(256);
    // Below the modulus, and not: neither opens.
    for first in [0, 0xFF] {
        signature[0] = first;
        assert_eq!(found(LIST, &signature), Ok(Finding::WrongKey));
    }
    signature.pop();
    let error = found(LIST, &signature).unwrap_err();
    let expected = Error::InvalidSignatureEncoding {
        expected: 256,
        found: 340,
        problem: EncodingProblem::Length,
    };
    assert_eq!(error, expected);
}

#[test]
fn a_broken_rule_comes_before_any_signature() {
    let signature = sign(&right(), Profile::Documented);
    let list = LIST.replace("x-a", "x-b");
    let error = found(&list, &signature).unwrap_err();
    assert!(matches!(error, Error::MissingHeader { .. }), "{error}");
}
