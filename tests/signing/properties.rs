//! Properties over many made-up requests, dates, fields and files. The signing string is compared
//! with the naive model in `src/model.rs`, dates with the `time` crate.

use std::cell::RefCell;
use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Certificate, Components, ContentPolicy, Error, Finding, KeyHint, Options, Policy, PrivateKey,
    Profile, PublicKey, Request, RequestSigner, SignatureHeader, SigningStream, TargetForm,
    Timestamp, Verifier, decode_signature, explain, identify_key, signature_header_len,
    signing_digest, signing_string, signing_string_len, write_signature_header,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::generate::{Trial, any_trial, good_trial, near_date};
use daxsign_tests::model::{self, ModelOptions};
use daxsign_tests::request::OwnedRequest;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use sha2::Digest;

/// How often each outcome came about.
type Tally = BTreeMap<&'static str, u32>;

/// Runs `check` on `cases` values of `strategy` and counts the outcomes that it names.
fn run<S: Strategy>(cases: u32, strategy: S, check: impl Fn(S::Value) -> &'static str) -> Tally {
    let tally = RefCell::new(Tally::new());
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&strategy, |value| {
            *tally.borrow_mut().entry(check(value)).or_default() += 1;
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    let tally = tally.into_inner();
    eprintln!("outcomes: {tally:?}");
    assert_eq!(tally.values().sum::<u32>(), cases, "cases that ran");
    tally
}

/// Every outcome of `names` came about, so that the property says something about each.
fn assert_all_seen(tally: &Tally, names: &[&str]) {
    for name in names {
        assert!(tally.contains_key(name), "no case with the outcome {name}");
    }
}

fn outcome<T>(result: &Result<T, &'static str>) -> &'static str {
    result.as_ref().err().copied().unwrap_or("ok")
}

fn core_options(options: ModelOptions) -> Options {
    Options {
        target: if options.full_target {
            TargetForm::Full
        } else {
            TargetForm::Path
        },
        content: if options.rest {
            ContentPolicy::Rest
        } else {
            ContentPolicy::Any
        },
    }
}

fn any_options() -> impl Strategy<Value = ModelOptions> {
    let often = |share| prop::bool::weighted(share);
    (often(0.2), often(0.1)).prop_map(|(full_target, rest)| ModelOptions { full_target, rest })
}

fn names(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

fn write_list(components: &Components<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    components.write_to(&mut |bytes: &[u8]| text.extend_from_slice(bytes));
    text
}

/// The core's signing string, or its error; its length and digest functions must agree with it.
fn core_string(
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
) -> Result<Vec<u8>, Error> {
    let mut out = vec![0xAA; 4096];
    let string = signing_string(request, components, options, &mut out).map(<[u8]>::to_vec);
    let len = signing_string_len(request, components, options);
    assert_eq!(len, string.as_ref().map(Vec::len).map_err(|error| *error));
    let digest = signing_digest(request, components, Profile::Documented, options);
    let expected = string
        .as_ref()
        .map(|s| <[u8; 32]>::from(sha2::Sha256::digest(s)));
    assert_eq!(digest.map(|d| d.0), expected.map_err(|error| *error));
    if string.is_err() {
        assert!(out.iter().all(|byte| *byte == 0), "output after an error");
    }
    string
}

#[test]
fn the_signing_string_is_that_of_the_model() {
    let tally = run(30_000, (any_trial(), any_options()), |(trial, options)| {
        let Trial { request, list } = &trial;
        let expected = model::signing_string(request, list, options);
        let fields = request.fields();
        let names = names(list);
        let result = Components::from_names(&names).and_then(|components| {
            let parameter = write_list(&components);
            assert_eq!(parameter, model::reduced(list).join(" ").into_bytes());
            assert_eq!(components.encoded_len(), parameter.len());
            core_string(&request.borrow(&fields), &components, core_options(options))
        });
        match (&result, &expected) {
            (Ok(string), Ok(expected)) => assert_eq!(string, expected),
            (Err(error), Err(expected)) => assert_eq!(error.name(), *expected, "{error}"),
            _ => panic!("core: {result:?}, model: {expected:?}"),
        }
        outcome(&expected)
    });
    assert_all_seen(
        &tally,
        &[
            "ok",
            "invalid-component",
            "missing-component",
            "unsupported-component",
            "invalid-method",
            "invalid-target",
            "missing-header",
            "invalid-header-value",
            "invalid-date",
            "content-length-mismatch",
            "unsupported-charset",
            "invalid-content-type",
            "invalid-body",
        ],
    );
    assert!(tally["ok"] > 5_000, "too few good requests");
}

#[test]
fn the_default_list_is_that_of_the_model() {
    let tally = run(2_000, any_trial(), |Trial { request, .. }| {
        let fields = request.fields();
        let request_of_core = request.borrow(&fields);
        let components = Components::default_for(&request_of_core);
        let expected = model::default_list(&request);
        assert_eq!(write_list(&components), expected.join(" ").into_bytes());
        assert!(components.ends_with("date"));
        let expected = model::signing_string(&request, &expected, ModelOptions::default());
        let interop = components.for_policy(Policy::Interop);
        let string = core_string(&request_of_core, &interop, Options::default());
        assert_eq!(string.map_err(|error| error.name()), expected);
        let profile = Profile::Documented;
        let digest = signing_digest(&request_of_core, &components, profile, Options::default());
        let unbound = !request.body.is_empty() && !components.contains("content-length");
        match expected {
            Ok(_) if unbound => assert_eq!(digest.unwrap_err().name(), "unbound-body"),
            _ => assert_eq!(
                digest.map(drop).map_err(|error| error.name()),
                expected.as_ref().map(drop).map_err(|name| *name)
            ),
        }
        if unbound && expected.is_ok() {
            "unbound"
        } else {
            outcome(&expected)
        }
    });
    assert_all_seen(&tally, &["ok", "missing-header", "unbound"]);
}

#[test]
fn a_list_as_text_is_that_of_its_names() {
    let text = vec(
        select(
            &[
                "(request-target)",
                "date",
                "Date",
                "HOST",
                " ",
                "",
                "(x)",
                "é",
                "\t",
                "a(",
                "x,y",
            ][..],
        ),
        0..6,
    );
    let tally = run(3_000, text, |names| {
        let text = names.join(" ");
        let split: Vec<&str> = match text.as_str() {
            "" => vec![],
            text => text.split(' ').collect(),
        };
        let by_text = Components::parse(&text);
        let by_names = Components::from_names(&split);
        match (&by_text, &by_names) {
            (Ok(one), Ok(other)) => assert_eq!(write_list(one), write_list(other)),
            (Err(one), Err(other)) => assert_eq!(one, other),
            _ => panic!("{by_text:?} and {by_names:?}"),
        }
        if by_text.is_ok() { "ok" } else { "refused" }
    });
    assert_all_seen(&tally, &["ok", "refused"]);
}

#[test]
fn a_body_in_pieces_is_judged_as_one() {
    let tally = run(
        8_000,
        (any_trial(), 1_usize..40, any::<bool>()),
        |(trial, piece, known)| {
            let Trial { request, list } = &trial;
            let expected = model::signing_string(request, list, ModelOptions::default());
            let names = names(list);
            let Ok(components) = Components::from_names(&names) else {
                return "no list";
            };
            let fields = request.fields();
            let result = stream(
                request,
                &request.borrow_head(&fields),
                &components,
                piece,
                known,
            );
            let hash = expected
                .as_ref()
                .map_err(|name| *name)
                .map(|s| <[u8; 32]>::from(sha2::Sha256::digest(s)));
            match (&result, &hash) {
                (Ok(digest), Ok(hash)) => assert_eq!(digest, hash),
                // Only a body in one call is known to be UTF-8.
                (Ok(_), Err("invalid-body")) => {
                    assert!(!request.body.starts_with(b"\xef\xbb\xbf"));
                    return "not known to be UTF-8";
                }
                // Without the length, a wrong one shows after everything else.
                (Err(error), Err("content-length-mismatch")) if !known => {
                    let later = [
                        "content-length-mismatch",
                        "unsupported-charset",
                        "invalid-body",
                    ];
                    assert!(later.contains(&error.name()), "{error}");
                }
                (Err(error), Err(expected)) => assert_eq!(error.name(), *expected),
                _ => panic!("core: {result:?}, model: {expected:?}"),
            }
            outcome(&expected)
        },
    );
    assert_all_seen(
        &tally,
        &["ok", "not known to be UTF-8", "content-length-mismatch"],
    );
}

fn stream(
    request: &OwnedRequest,
    head: &Request<'_>,
    components: &Components<'_>,
    piece: usize,
    known: bool,
) -> Result<[u8; 32], Error> {
    let len = u64::try_from(request.body.len()).unwrap();
    let options = Options::default();
    let mut stream = SigningStream::new(head, components, options, known.then_some(len))?;
    for piece in request.body.chunks(piece) {
        stream.update(piece)?;
    }
    Ok(stream.finish(Profile::Documented)?.0)
}

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
const DATES: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

#[test]
fn dates_are_written_as_the_time_crate_writes_them() {
    let format = time::macros::format_description!(
        version = 2,
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z"
    );
    let days = (
        0_i64..3_652_059,
        select(&[0, 1, 43_200, 86_398, 86_399][..]),
    )
        .prop_map(|(day, second)| DATES.start() + day * 86_400 + second);
    let seconds = prop_oneof![DATES, days];
    let tally = run(
        20_000,
        (seconds, 0_u32..1_000_000_000),
        |(seconds, nanos)| {
            let date = Timestamp::from_unix(seconds, nanos).unwrap();
            let text = date.format().unwrap();
            let moment = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let moment = moment.replace_nanosecond(nanos).unwrap();
            assert_eq!(text.as_str(), moment.format(format).unwrap());
            let read = Timestamp::parse(text.as_str()).unwrap();
            let expected = (seconds, nanos / 100 * 100);
            assert_eq!((read.seconds(), read.nanoseconds()), expected);
            "ok"
        },
    );
    assert_all_seen(&tally, &["ok"]);
}

#[test]
fn dates_are_read_as_the_model_reads_them() {
    let tally = run(30_000, near_date(), |text| {
        let expected = model::date_seconds(&text);
        let read = Timestamp::parse(&text);
        let read = read.map(|date| (date.seconds(), date.nanoseconds()));
        assert_eq!(read.map_err(|error| error.name()), expected);
        outcome(&expected)
    });
    assert!(tally["ok"] > 1_000, "too few valid dates");
    assert_all_seen(&tally, &["invalid-date"]);
}

#[test]
fn a_date_outside_its_years_is_not_written() {
    for seconds in [i64::MIN, DATES.start() - 1, DATES.end() + 1, i64::MAX] {
        let date = Timestamp::from_unix(seconds, 0).unwrap();
        assert_eq!(date.format().unwrap_err().name(), "invalid-date");
    }
    assert_eq!(
        Timestamp::from_unix(0, 1_000_000_000).unwrap_err().name(),
        "invalid-date"
    );
}

#[test]
fn the_signature_field_reads_back_as_written() {
    let signature = (
        select(&[256_usize, 257, 258, 384, 512][..]),
        any::<u8>(),
        any::<u8>(),
    );
    let tally = run(
        2_000,
        (good_trial(), signature),
        |(trial, (len, first, step))| {
            let byte = |index: usize| step.wrapping_mul(u8::try_from(index % 251).unwrap());
            let signature: Vec<u8> = (0..len).map(|i| first.wrapping_add(byte(i))).collect();
            let names = names(&trial.list);
            let components = Components::from_names(&names).unwrap();
            let parameter = model::reduced(&trial.list).join(" ");
            let mut out = vec![0; signature_header_len(len * 8, parameter.len())];
            let text = write_signature_header(&components, &signature, &mut out).unwrap();
            let expected = (parameter.clone(), BASE64_STANDARD.encode(&signature));
            assert_eq!(model::signature_field(text.as_bytes()), Ok(expected));
            let header = SignatureHeader::parse(text).unwrap();
            assert_eq!(header.headers_parameter(), parameter.as_bytes());
            let mut decoded = vec![0; len];
            header.decode_signature(&mut decoded).unwrap();
            assert_eq!(decoded, signature);
            for wrong in [len - 1, len + 1, len - 3, 0] {
                let mut decoded = vec![0xAA; wrong];
                let error = header.decode_signature(&mut decoded).unwrap_err();
                let Error::InvalidSignatureEncoding {
                    expected, found, ..
                } = error
                else {
                    panic!("{error}");
                };
                assert_eq!((expected, found), (wrong, header.signature_base64().len()));
                assert!(decoded.iter().all(|byte| *byte == 0));
            }
            "ok"
        },
    );
    assert_all_seen(&tally, &["ok"]);
}

/// A field made of right and wrong parts.
fn near_field() -> impl Strategy<Value = Vec<u8>> {
    let parameter = prop_oneof![
        8 => select(&[
            "realm=\"dax\"", "algorithm=\"SHA256withRSA\"", "headers=\"(request-target) date\"",
            "signature=\"AAAA\"",
        ][..]),
        2 => select(&[
            "realm=\"DAX\"", "realm=\"\"", "algorithm=\"rsa-sha256\"", "Realm=\"dax\"", "keyId=\"a,b=c\"",
            "x=\"\"", "x=\"\"", "headers=\"\"", "signature=\"\"",
        ][..]),
        1 => select(&[
            "realm=dax", "realm", "=\"x\"", "x= \"y\"", "x=\"a\\\"b\"", "x=\"é\"", "x=\"\t\"", "x=\"", "\"", ",",
            "x =\"y\"", "x='y'", "a b=\"c\"", "",
        ][..]),
    ];
    let separator = prop_oneof![
        12 => Just(" "),
        2 => Just("   "),
        1 => select(&["", ",", ", ", "\t", "\r\n ", ";"][..]),
    ];
    let all = [
        "realm=\"dax\"",
        "algorithm=\"sha256withrsa\"",
        "headers=\"x\"",
        "signature=\"AA==\"",
    ];
    let parts = prop_oneof![
        2 => Just(all.to_vec()).prop_shuffle(),
        1 => (Just(all.to_vec()), parameter.clone())
            .prop_map(|(mut all, more)| { all.push(more); all })
            .prop_shuffle(),
        2 => vec(parameter, 0..6),
    ];
    let edit = (any::<Index>(), any::<u8>(), 0_u8..4);
    (
        parts,
        vec(separator, 6),
        edit,
        select(&["", "", "", " ", "x", ","][..]),
    )
        .prop_map(|(parts, separators, (place, byte, chance), end)| {
            let mut text = String::new();
            for (index, part) in parts.iter().enumerate() {
                text.push_str(if index > 0 { separators[index % 6] } else { "" });
                text.push_str(part);
            }
            let mut bytes = (text + end).into_bytes();
            if chance == 0 && !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes
        })
}

#[test]
fn the_signature_field_is_read_as_the_model_reads_it() {
    let tally = run(20_000, near_field(), |field| {
        let expected = model::signature_field(&field);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let read = SignatureHeader::parse(&field)
            .map(|h| (text(h.headers_parameter()), text(h.signature_base64())))
            .map_err(|error| error.name());
        assert_eq!(read, expected, "{}", String::from_utf8_lossy(&field));
        outcome(&expected)
    });
    assert_all_seen(
        &tally,
        &[
            "ok",
            "malformed-signature-header",
            "missing-parameter",
            "duplicate-parameter",
            "wrong-realm",
            "unsupported-algorithm",
        ],
    );
}

#[test]
fn every_character_of_base64_is_judged_as_an_independent_decoder_does() {
    let mut accepted = 0;
    for byte in 0..=u8::MAX {
        for text in [0, 1, 2, 3].map(|place| {
            let mut text = *b"Zg/9";
            text[place] = byte;
            text
        }) {
            let expected = BASE64_STANDARD.decode(text).ok();
            let len = expected.as_ref().map_or(3, Vec::len);
            let mut out = [0; 3];
            let result = decode_signature(&text, &mut out[..len]);
            assert_eq!(result.is_ok(), expected.is_some(), "{text:?}");
            if let Some(expected) = expected {
                assert_eq!(out[..len], expected, "{text:?}");
                let list = ["(request-target)", "date"];
                let mut field = [0; 128];
                let list = Components::from_names(&list).unwrap();
                let field = write_signature_header(&list, &expected, &mut field).unwrap();
                let text = str::from_utf8(&text).unwrap();
                assert!(field.ends_with(&format!("\"{text}\"")), "{field}");
                accepted += 1;
            }
        }
    }
    // 64 characters in each place. No padding: the bits of `/` before it are not all used.
    assert_eq!(accepted, 4 * 64);
}

#[test]
fn base64_is_read_as_an_independent_decoder_reads_it() {
    let text = vec(select(&b"AQgwZz09+/==_-x."[..]), 0..12);
    let tally = run(10_000, (text, 0_usize..10), |(text, len)| {
        let text = String::from_utf8(text).unwrap();
        let field =
            format!("realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"\" signature=\"{text}\"");
        let mut out = vec![0; len];
        let result = SignatureHeader::parse(&field)
            .unwrap()
            .decode_signature(&mut out);
        match BASE64_STANDARD.decode(&text) {
            Ok(expected) if expected.len() == len => {
                result.unwrap();
                assert_eq!(out, expected);
                "ok"
            }
            _ => result.unwrap_err().name(),
        }
    });
    assert_all_seen(&tally, &["ok", "invalid-signature-encoding"]);
}

/// The model's string for a trial, if it has one.
fn valid(trial: &Trial) -> Option<Vec<u8>> {
    model::signing_string(&trial.request, &trial.list, ModelOptions::default()).ok()
}

fn date_of(trial: &Trial) -> Timestamp {
    let (_, value) = trial
        .request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("date"))
        .unwrap();
    let (seconds, nanos) = model::date_seconds(std::str::from_utf8(value).unwrap().trim()).unwrap();
    Timestamp::from_unix(seconds, nanos).unwrap()
}

/// The trial's request with its `Signature` field.
fn signed(trial: &Trial, key: &PrivateKey, profile: Profile) -> OwnedRequest {
    let names = names(&trial.list);
    let components = Components::from_names(&names).unwrap();
    let fields = trial.request.fields();
    let request = trial.request.borrow(&fields);
    let mut out = vec![0; 2048];
    let options = Options::default();
    let value = RequestSigner::new(key, profile)
        .components(components)
        .options(options)
        .sign(&request, &mut out)
        .unwrap();
    trial.request.clone().with_header("Signature", value)
}

fn verify(
    request: &OwnedRequest,
    key: &PublicKey,
    profile: Profile,
    now: Timestamp,
) -> Result<(), Error> {
    let fields = request.fields();
    let verifier = Verifier::new(key, profile).policy(Policy::Interop);
    verifier.verify(&request.borrow(&fields), now).map(|_| ())
}

fn private_key() -> PrivateKey {
    PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).unwrap()
}

#[test]
fn what_is_signed_verifies() {
    let key = private_key();
    let tally = run(
        200,
        (good_trial(), select(&Profile::ALL[..])),
        |(trial, profile)| {
            if valid(&trial).is_none() {
                return "skipped";
            }
            let request = signed(&trial, &key, profile);
            verify(&request, key.public_key(), profile, date_of(&trial)).unwrap();
            let other = Profile::ALL
                .into_iter()
                .find(|other| *other != profile)
                .unwrap();
            let error = verify(&request, key.public_key(), other, date_of(&trial)).unwrap_err();
            assert_eq!(error, Error::SignatureMismatch);
            "ok"
        },
    );
    assert!(tally["ok"] > 180, "too few good requests");
}

/// Where a byte is changed.
#[derive(Clone, Copy, Debug)]
enum Place {
    Method(Index),
    Target(Index),
    Header(Index, Index),
    Signature(Index),
    Body(Index),
}

fn place() -> impl Strategy<Value = Place> {
    let index = any::<Index>;
    prop_oneof![
        1 => index().prop_map(Place::Method),
        2 => index().prop_map(Place::Target),
        4 => (index(), index()).prop_map(|(header, byte)| Place::Header(header, byte)),
        3 => index().prop_map(Place::Signature),
        2 => index().prop_map(Place::Body),
    ]
}

/// The request with one byte changed; `None` if there is none or text would no longer be text.
fn changed(request: &OwnedRequest, place: Place, with: u8) -> Option<OwnedRequest> {
    let mut request = request.clone();
    let change = |bytes: &mut Vec<u8>, index: Index| {
        let place = (!bytes.is_empty()).then(|| index.index(bytes.len()))?;
        bytes[place] ^= with;
        Some(())
    };
    let text = |text: &mut String, index: Index| {
        let mut bytes = text.clone().into_bytes();
        change(&mut bytes, index)?;
        *text = String::from_utf8(bytes).ok()?;
        Some(())
    };
    match place {
        Place::Method(index) => text(&mut request.method, index)?,
        Place::Target(index) => text(&mut request.target, index)?,
        Place::Body(index) => change(&mut request.body, index)?,
        Place::Header(header, index) => {
            let header = header.index(request.headers.len());
            change(&mut request.headers[header].1, index)?;
        }
        Place::Signature(index) => change(&mut request.headers.last_mut()?.1, index)?,
    }
    Some(request)
}

#[test]
fn a_changed_byte_is_refused_where_it_is_covered() {
    let key = private_key();
    let strategy = (
        good_trial(),
        select(&Profile::ALL[..]),
        vec((place(), 1_u8..=255), 24),
    );
    let changes = std::cell::Cell::new([0_u32; 2]);
    run(150, strategy, |(trial, profile, edits)| {
        let Some(string) = valid(&trial) else {
            return "skipped";
        };
        let original = signed(&trial, &key, profile);
        for (place, with) in edits {
            let Some(request) = changed(&original, place, with) else {
                continue;
            };
            let result = verify(&request, key.public_key(), profile, date_of(&trial));
            let [refused, untouched] = changes.get();
            if same_string(&request, &original, &string) {
                result.unwrap();
                changes.set([refused, untouched + 1]);
            } else {
                result.unwrap_err();
                changes.set([refused + 1, untouched]);
            }
        }
        "ok"
    });
    let [refused, untouched] = changes.get();
    eprintln!("{refused} changes refused, {untouched} not covered and accepted");
    assert!(refused > 1_000 && untouched > 100);
}

/// Whether `request` still has the signature of `original` and its signing string, by the model.
fn same_string(request: &OwnedRequest, original: &OwnedRequest, string: &[u8]) -> bool {
    let field = |request: &OwnedRequest| model::signature_field(&request.headers.last().unwrap().1);
    let (Ok((list, signature)), Ok((_, known))) = (field(request), field(original)) else {
        return false;
    };
    let list: Vec<String> = list.split(' ').map(str::to_string).collect();
    let now = model::signing_string(request, &list, ModelOptions::default());
    signature == known && now.as_deref() == Ok(string)
}

/// Files that readers of keys and certificates know, and what damages them.
fn damaged_file() -> impl Strategy<Value = Vec<u8>> {
    let files = [
        "rsa2048.pkcs1.der",
        "rsa2048.pkcs1.pem",
        "rsa2048.pkcs8.der",
        "rsa2048.pkcs8.pem",
        "rsa2048.public-pkcs1.der",
        "rsa2048.public-pkcs1.pem",
        "rsa2048.spki.der",
        "rsa2048.spki.pem",
        "rsa3072.pkcs1.der",
        "rsa4096.pkcs8.der",
    ];
    let file = select(files.to_vec()).prop_map(key_file);
    let edits = vec((any::<Index>(), any::<u8>(), 0_u8..5), 0..4);
    (file, edits).prop_map(|(mut bytes, edits)| {
        for (place, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            // The start holds the structure: it is hit half of the time.
            let reach = if kind % 2 == 0 {
                bytes.len()
            } else {
                bytes.len().min(64)
            };
            let place = place.index(reach);
            match kind {
                0 | 1 => bytes[place] = byte,
                2 => bytes.truncate(place),
                3 => bytes.insert(place, byte),
                _ => {
                    bytes.remove(place);
                }
            }
        }
        bytes
    })
}

/// DER that is right in its shape and wild in its content.
fn wild_der() -> impl Strategy<Value = Vec<u8>> {
    let leaf = (
        select(&[0x02_u8, 0x03, 0x04, 0x05, 0x06, 0x13, 0x17, 0x18, 0xA0][..]),
        vec(any::<u8>(), 0..20),
    )
        .prop_map(|(tag, content)| tlv(tag, &content));
    leaf.prop_recursive(4, 40, 8, |inner| {
        (
            select(&[0x30_u8, 0x31, 0xA0, 0xA3, 0x03, 0x04][..]),
            vec(inner, 0..8),
        )
            .prop_map(|(tag, parts)| tlv(tag, &parts.concat()))
    })
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(len @ 0..=0x7F) => out.push(len),
        Ok(len) => out.extend([0x81, len]),
        Err(_) => {
            out.push(0x82);
            out.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        }
    }
    out.extend_from_slice(content);
    out
}

#[test]
fn no_key_file_makes_a_reader_panic() {
    let bytes = prop_oneof![
        3 => damaged_file(),
        1 => wild_der(),
        1 => vec(any::<u8>(), 0..300),
        1 => "(-----BEGIN [A-Z ]{0,20}-----\n)?[A-Za-z0-9+/=\r\n -]{0,200}".prop_map(String::into_bytes),
    ];
    let tally = run(4_000, bytes, |bytes| {
        let _ = identify_key(&bytes);
        let public = PublicKey::from_bytes(&bytes);
        let private = PrivateKey::from_bytes(&bytes);
        let certificate = Certificate::from_bytes(&bytes);
        let _ = (PublicKey::from_pem(&bytes), PublicKey::from_der(&bytes));
        let _ = (PrivateKey::from_pem(&bytes), PrivateKey::from_der(&bytes));
        let errors = [
            public.as_ref().err(),
            private.as_ref().err(),
            certificate.as_ref().err(),
        ];
        for error in errors.into_iter().flatten() {
            let known = ["invalid-key", "unsupported-key", "key-too-small"];
            assert!(known.contains(&error.name()), "{error}");
            if let Some(hint) = KeyHint::for_refused(&bytes, error) {
                assert!(hint.to_string().len() < 512, "{hint}");
            }
        }
        match (public, private) {
            (Ok(_), Ok(_)) => panic!("both a public and a private key"),
            (Ok(_), _) => "public",
            (_, Ok(_)) => "private",
            _ => "refused",
        }
    });
    assert_all_seen(&tally, &["public", "private", "refused"]);
}

#[test]
fn no_text_makes_a_parser_panic() {
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..120),
        "[ -~]{0,120}".prop_map(String::into_bytes)
    ];
    run(10_000, bytes, |bytes| {
        let _ = Components::parse(&bytes).map(|list| write_list(&list));
        let _ = Timestamp::parse(&bytes).map(|date| date.format());
        let header = SignatureHeader::parse(&bytes);
        let _ = header.map(|h| {
            (
                h.components().map(|_| ()),
                h.decode_signature(&mut [0; 256]),
            )
        });
        "ok"
    });
}

/// A signature of the right length that nobody made, for the trial's own list.
fn unsigned(trial: &Trial, first: u8) -> Vec<u8> {
    let signature = BASE64_STANDARD.encode([&[0, first], [0x5A; 254].as_slice()].concat());
    let list = trial.list.join(" ");
    let text = format!(
        "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{signature}\""
    );
    text.into_bytes()
}

#[test]
fn no_request_makes_a_verifier_panic() {
    let key = private_key();
    let strategy = (any_trial(), near_field(), any::<bool>(), any::<u8>());
    let tally = run(4_000, strategy, |(trial, near, is_whole, first)| {
        let field = if is_whole {
            unsigned(&trial, first)
        } else {
            near
        };
        let request = trial.request.with_header("Signature", field);
        let now = Timestamp::from_unix(1_589_719_470, 0).unwrap();
        let fields = request.fields();
        let borrowed = request.borrow(&fields);
        match explain(key.public_key(), &borrowed, Options::default()) {
            Ok(finding) => assert_eq!(finding, Finding::WrongKey, "nothing was signed"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        let result = verify(&request, key.public_key(), Profile::Documented, now);
        result.expect_err("nothing was signed").name()
    });
    let seen = [
        "malformed-signature-header",
        "duplicate-parameter",
        "missing-parameter",
        "invalid-signature-encoding",
        "invalid-header-value",
        "invalid-date",
        "stale-date",
        "future-date",
        "signature-mismatch",
    ];
    assert_all_seen(&tally, &seen);
}
