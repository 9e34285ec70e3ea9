//! The whole verifier on requests that were signed and then changed: what it accepts has the signing
//! string that was signed (by the naive model), is fresh, is bound where the policy wants it, and
//! comes once. In pieces it is judged as in one.
#![no_main]

use std::cell::RefCell;
use std::collections::HashMap;

use daxsign_core::{
    Components, Digest, Error, Explainer, Finding, Options, Policy, PrivateKey, Profile,
    ReplayGuard, Request, SignatureHeader, Signer, Timestamp, Variation, Verified, Verifier,
    signature_header_len, write_signature_header,
};
use daxsign_fuzz::model::{self, ModelOptions};
use daxsign_fuzz::request::OwnedRequest;
use daxsign_fuzz::trial::{self, Trial};
use daxsign_fuzz::{keys, reading};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

/// Where in the switches things are chosen; each change of the signed request has four bytes.
const FLAGS: usize = 0;
const PIECE: usize = 1;
const AGE: usize = 2;
const CHANGES: usize = 3;

/// Seconds from the request's date to now: around the windows' edges, and as far as it goes.
const AGES: [i64; 14] = [
    0,
    1,
    -1,
    299,
    300,
    301,
    -299,
    -300,
    -301,
    86_400,
    -86_400,
    5,
    i64::MAX,
    i64::MIN,
];
const WINDOWS: [u32; 4] = [300, 0, 5, u32::MAX];

thread_local! {
    static KEY: PrivateKey = keys::test_key();
    /// Signing takes long, and most inputs differ in what comes behind it.
    static SIGNED: RefCell<HashMap<[u8; 32], Vec<u8>>> = RefCell::default();
}

/// What an input chooses beside the request.
struct Choice {
    options: ModelOptions,
    profile: Profile,
    policy: Policy,
    window: u32,
    piece: usize,
    is_length_known: bool,
    age: i64,
    /// What now has as nanoseconds.
    nanoseconds: u32,
}

fuzz_target!(|data: &[u8]| {
    let trial = Trial::read(data);
    let flags = trial.switch(FLAGS);
    let age = usize::from(trial.switch(AGE));
    let choice = Choice {
        options: ModelOptions {
            full_target: flags & 1 == 1,
            rest: flags & 2 == 2,
        },
        profile: Profile::ALL[usize::from(flags >> 2 & 1)],
        policy: [Policy::Strict, Policy::Interop][usize::from(flags >> 3 & 1)],
        is_length_known: flags & 16 == 0,
        piece: usize::from(trial.switch(PIECE)).max(1),
        age: AGES[age % AGES.len()],
        window: WINDOWS[age / AGES.len() % WINDOWS.len()],
        nanoseconds: [0, 999_999_999][usize::from(flags >> 5 & 1)],
    };
    let names = trial.names();
    let string = model::signing_string(&trial.request, &names, choice.options).ok();
    let Some(signed) = signed(&trial.request, &names, string.as_deref(), choice.profile) else {
        return;
    };
    let mut received = signed.clone();
    let changes = trial.switches.get(CHANGES..).unwrap_or_default();
    for change in changes.chunks_exact(4) {
        apply(&mut received, [change[0], change[1], change[2], change[3]]);
    }
    let covered = string.filter(|string| is_same(&received, &signed, string, choice.options));
    check(&received, covered.as_deref(), &choice, flags & 64 == 64);
});

/// The request with its `Signature` field; one that breaks a rule gets a signature that nobody made.
fn signed(
    request: &OwnedRequest,
    names: &[String],
    string: Option<&[u8]>,
    profile: Profile,
) -> Option<OwnedRequest> {
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let components = Components::from_names(&list).ok()?;
    let signature = string.map_or_else(|| vec![0x5A; 256], |string| sign(string, profile));
    let mut out = vec![0; signature_header_len(2048, components.encoded_len())];
    let value = write_signature_header(&components, &signature, &mut out).expect("room");
    Some(request.clone().with_header("Signature", value))
}

fn sign(string: &[u8], profile: Profile) -> Vec<u8> {
    let digest = match profile {
        Profile::Documented => Sha256::digest(string).into(),
        Profile::VendorSdk => Sha256::digest(Sha256::digest(string)).into(),
    };
    SIGNED.with_borrow_mut(|signed| {
        if signed.len() > 10_000 {
            signed.clear();
        }
        let make = || {
            let mut signature = vec![0; 256];
            let result = KEY.with(|key| key.sign_digest(&Digest(digest), &mut signature));
            result.expect("a signature");
            signature
        };
        signed.entry(digest).or_insert_with(make).clone()
    })
}

/// Changes a byte of the request, or drops or repeats a field.
fn apply(request: &mut OwnedRequest, [part, high, low, with]: [u8; 4]) {
    let place = usize::from(u16::from_be_bytes([high, low]));
    let fields = request.headers.len();
    let field = usize::from(part >> 3) % fields.max(1);
    let text = |text: &mut String| {
        let mut bytes = text.clone().into_bytes();
        flip(&mut bytes, place, with);
        *text = String::from_utf8_lossy(&bytes).into_owned();
    };
    match part & 7 {
        0 => text(&mut request.method),
        1 => text(&mut request.target),
        2 => flip(&mut request.body, place, with),
        3 => request.body.insert(place % (request.body.len() + 1), with),
        _ if fields == 0 => {}
        4 => text(&mut request.headers[field].0),
        5 => flip(&mut request.headers[field].1, place, with),
        6 => drop(request.headers.remove(field)),
        _ => request
            .headers
            .insert(place % fields, request.headers[field].clone()),
    }
}

fn flip(bytes: &mut [u8], place: usize, with: u8) {
    if !bytes.is_empty() {
        let place = place % bytes.len();
        bytes[place] ^= with;
    }
}

/// Whether `received` still has the signature that was made and its signing string.
fn is_same(
    received: &OwnedRequest,
    signed: &OwnedRequest,
    string: &[u8],
    options: ModelOptions,
) -> bool {
    let (Some((list, signature)), Some((_, known))) = (field(received), field(signed)) else {
        return false;
    };
    let now = model::signing_string(received, &trial::names(&list), options);
    signature == known && now.as_deref() == Ok(string)
}

/// The parameters of the only `Signature` field.
fn field(request: &OwnedRequest) -> Option<(String, String)> {
    let mut fields = request.headers.iter();
    let mut next = || fields.find(|(name, _)| name.eq_ignore_ascii_case("signature"));
    let (Some((_, value)), None) = (next(), next()) else {
        return None;
    };
    model::signature_field(value.trim_ascii()).ok()
}

/// `covered` is the signing string, if the signature is good.
fn check(request: &OwnedRequest, covered: Option<&[u8]>, choice: &Choice, is_explained: bool) {
    let key = KEY.with(|key| key.public_key().clone());
    let judge = Verifier::new(&key, choice.profile)
        .policy(choice.policy)
        .window(choice.window)
        .options(reading::core_options(choice.options));
    let date = covered.map(date_of);
    let (seconds, nanoseconds) = date.unwrap_or_default();
    let now = seconds.saturating_add(choice.age);
    let now = Timestamp::from_unix(now, choice.nanoseconds).expect("in range");
    let expected = covered.map(|_| verdict(request, (seconds, nanoseconds), now, choice));

    let fields = request.fields();
    let borrowed = request.borrow(&fields);
    let mut guard = ReplayGuard::<1>::new();
    let first = judge.verify_once(&borrowed, now, &mut guard);
    match (&first, covered) {
        (Ok(verified), Some(string)) => {
            let hash: [u8; 32] = Sha256::digest(string).into();
            assert_eq!(verified.string_hash, hash);
            assert_eq!(
                date,
                Some((verified.date.seconds(), verified.date.nanoseconds()))
            );
        }
        (Ok(_), None) => panic!("accepted, and not what was signed"),
        (Err(error), _) => assert!(!error.to_string().is_empty()),
    }
    if let Some(expected) = expected {
        assert_eq!(name(&first), expected);
    }
    assert_eq!(
        guard.len(),
        usize::from(first.is_ok()),
        "a trace of a refused request"
    );
    if first.is_ok() {
        let second = judge.verify_once(&borrowed, now, &mut guard);
        assert_eq!(name(&second), "replayed");
    }
    check_stream(&judge, request, now, choice, &first);
    if is_explained {
        check_explanation(&key, request, covered.is_some(), choice);
    }
}

/// What becomes of a request whose signature is good.
fn verdict(
    request: &OwnedRequest,
    (seconds, nanoseconds): (i64, u32),
    now: Timestamp,
    choice: &Choice,
) -> &'static str {
    let nanos = |seconds: i64, rest: u32| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    let age = nanos(now.seconds(), now.nanoseconds()) - nanos(seconds, nanoseconds);
    let window = nanos(i64::from(choice.window), 0);
    let list = field(request).map(|(list, _)| model::reduced(&trial::names(&list)));
    let list = list.unwrap_or_default();
    let is_bound = request.body.is_empty()
        || (list.contains(&"content-length".into()) && list.last() == Some(&"date".into()));
    match age {
        _ if age > window => "stale-date",
        _ if age < -window => "future-date",
        _ if choice.policy == Policy::Strict && !is_bound => "unbound-body",
        _ => "ok",
    }
}

/// In pieces: the same verdict. Only a body in one call is known to be UTF-8, and a length that
/// nobody told is checked last.
fn check_stream(
    verifier: &Verifier<'_>,
    request: &OwnedRequest,
    now: Timestamp,
    choice: &Choice,
    whole: &Result<Verified<'_>, Error>,
) {
    let fields = request.fields();
    let head = request.borrow_head(&fields);
    let len = u64::try_from(request.body.len()).expect("64 bits suffice");
    let len = choice.is_length_known.then_some(len);
    let stream = verifier.stream(&head, now, len).and_then(|mut stream| {
        for piece in request.body.chunks(choice.piece) {
            stream.update(piece)?;
        }
        stream.finish()
    });
    match (whole, &stream) {
        (Ok(whole), Ok(stream)) => assert_eq!(whole.string_hash, stream.string_hash),
        (Err(Error::InvalidBody { .. }), Err(_)) => {}
        (Err(whole), Err(stream)) if choice.is_length_known => {
            assert_eq!(whole.name(), stream.name());
        }
        (Err(_), Err(_)) => {}
        (whole, stream) => panic!("whole: {whole:?}, in pieces: {stream:?}"),
    }
}

fn check_explanation(
    key: &daxsign_core::PublicKey,
    request: &OwnedRequest,
    is_covered: bool,
    choice: &Choice,
) {
    let options: Options = reading::core_options(choice.options);
    let fields = request.fields();
    // A small budget: what is explained is not what is looked at here.
    let explainer = Explainer::new(key).options(options).budget(1 << 16);
    let request = request.borrow(&fields);
    let told = explainer.explain(&request);
    let finding = told.refusal.map_or(Ok(told.finding), Err);
    let verifies = matches!(finding, Ok(Some(Finding::Verifies { .. })));
    assert_eq!(verifies, is_covered, "{finding:?}");
    if let Some(Finding::Mistake { variation, .. }) = told.finding {
        check_mistake(&explainer, &request, &variation);
    }
}

/// The string of a mistake that was found is one that the signature covers.
fn check_mistake(explainer: &Explainer<'_>, request: &Request<'_>, variation: &Variation) {
    assert!(!variation.to_string().is_empty());
    let header = SignatureHeader::from_request(request).expect("a field that was opened");
    let components = header.components().expect("a list that was searched");
    let mut string = Vec::new();
    let mut sink = |bytes: &[u8]| string.extend_from_slice(bytes);
    let written = explainer.write_string(request, &components, variation, &mut sink);
    written.expect("the string that was found");
    let covered = explainer.covers(request, &|sink| sink.write(&string));
    assert!(covered.expect("it was opened").is_some(), "{variation:?}");
}

/// The date in a signing string.
fn date_of(string: &[u8]) -> (i64, u32) {
    let text = String::from_utf8_lossy(string);
    let line = text.lines().find_map(|line| line.strip_prefix("date: "));
    model::date_seconds(line.expect("a date")).expect("a valid date")
}

fn name<T>(result: &Result<T, Error>) -> &'static str {
    result.as_ref().map_or_else(Error::name, |_| "ok")
}
