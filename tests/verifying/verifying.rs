//! What a verifier accepts and refuses beside the signature itself: freshness, binding, replays,
//! bodies in pieces, keys outside the core.

use std::cell::Cell;
use std::collections::HashMap;

use daxsign_core::{
    BindingProblem, Components, Digest, Error, Options, Policy, PrivateKey, Profile, ReplayEntry,
    ReplayGuard, ReplaySlice, ReplayState, ReplayStore, RequestSigner, Signer, SigningStream,
    TargetForm, Timestamp, Verified, Verifier, VerifyingStream, sign_digest, signature_header_len,
    signing_digest, write_signature_header,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::request::OwnedRequest;
use daxsign_tests::rsa_keys::KeyNumbers;
use proptest::collection::vec;
use proptest::test_runner::{Config, TestRunner};
use sha2::Digest as _;

/// The date of [`request`]: 2020-05-17T14:44:30.5+02:00.
const SIGNED_AT: i64 = 1_589_719_470;
const HALF_SECOND: u32 = 500_000_000;
const DEFAULT_LIST: &str = "(request-target) host content-length date";

fn key() -> PrivateKey {
    PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).unwrap()
}

fn at(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::from_unix(seconds, nanoseconds).unwrap()
}

fn now() -> Timestamp {
    at(SIGNED_AT, HALF_SECOND)
}

/// A POST with a body, dated [`SIGNED_AT`].
fn request() -> OwnedRequest {
    OwnedRequest {
        method: "POST".into(),
        target: "/api/v2.0/cards?limit=5".into(),
        headers: Vec::new(),
        body: b"{}".to_vec(),
    }
    .with_header("Host", "dax.amido.se")
    .with_header("Date", "2020-05-17T14:44:30.5+02:00")
    .with_header("Content-Length", "2")
}

/// The value of the Signature field over `request` with `list`.
fn signature(request: &OwnedRequest, list: &str) -> String {
    let fields = request.fields();
    let borrowed = request.borrow(&fields);
    let list = Components::parse(list).unwrap();
    let mut out = vec![0; signature_header_len(2048, list.encoded_len())];
    let options = Options::default();
    RequestSigner::new(&key(), Profile::Documented)
        .components(list)
        .options(options)
        .sign(&borrowed, &mut out)
        .unwrap()
        .to_owned()
}

fn signed(request: &OwnedRequest, list: &str) -> OwnedRequest {
    let value = signature(request, list);
    request.clone().with_header("Signature", value)
}

/// Verifies with `change`d settings at `now`.
fn verify(
    request: &OwnedRequest,
    now: Timestamp,
    change: impl FnOnce(Verifier<'_>) -> Verifier<'_>,
) -> Result<(), Error> {
    let key = key();
    let fields = request.fields();
    let verifier = change(Verifier::new(key.public_key(), Profile::Documented));
    verifier.verify(&request.borrow(&fields), now).map(drop)
}

/// No change: the strict policy, ±300 s.
fn same(verifier: Verifier<'_>) -> Verifier<'_> {
    verifier
}

fn once(
    request: &OwnedRequest,
    now: Timestamp,
    window: u32,
    guard: &mut (impl ReplayStore + ?Sized),
) -> Result<(), Error> {
    let key = key();
    let fields = request.fields();
    let verifier = Verifier::new(key.public_key(), Profile::Documented).window(window);
    verifier
        .verify_once(&request.borrow(&fields), now, guard)
        .map(drop)
}

#[test]
fn the_window_holds_its_edges() {
    let request = signed(&request(), DEFAULT_LIST);
    for (window, seconds) in [(300, 300), (0, 0), (1, 1), (86_400, 86_400)] {
        let verify = |now| verify(&request, now, |verifier| verifier.window(window));
        verify(at(SIGNED_AT + seconds, HALF_SECOND)).unwrap();
        verify(at(SIGNED_AT - seconds, HALF_SECOND)).unwrap();
        let late = verify(at(SIGNED_AT + seconds, HALF_SECOND + 1));
        let age = u64::try_from(seconds).unwrap();
        assert_eq!(late, Err(Error::StaleDate { age, window }));
        let early = verify(at(SIGNED_AT - seconds, HALF_SECOND - 1));
        assert_eq!(early, Err(Error::FutureDate { ahead: age, window }));
    }
    verify(&request, at(SIGNED_AT + 300, 0), same).unwrap();
    assert_eq!(
        verify(&request, at(SIGNED_AT + 3600, HALF_SECOND), same),
        Err(Error::StaleDate {
            age: 3600,
            window: 300
        })
    );
    // The ends of the clock's range.
    for (seconds, name) in [(i64::MAX, "stale-date"), (i64::MIN, "future-date")] {
        let error = verify(&request, at(seconds, 0), same).unwrap_err();
        assert_eq!(error.name(), name);
    }
}

#[test]
fn the_strict_policy_wants_the_body_bound() {
    let unbound = |problem| Err(Error::UnboundBody { problem });
    let cases = [
        (DEFAULT_LIST, Ok(())),
        ("content-length (request-target) DATE", Ok(())),
        (
            "(request-target) date",
            unbound(BindingProblem::ContentLengthNotListed),
        ),
        (
            "(request-target) host date",
            unbound(BindingProblem::ContentLengthNotListed),
        ),
        (
            "(request-target) date content-length",
            unbound(BindingProblem::DateNotLast),
        ),
        (
            "date content-length (request-target)",
            unbound(BindingProblem::DateNotLast),
        ),
    ];
    for (list, expected) in cases {
        let request = signed(&request(), list);
        assert_eq!(verify(&request, now(), same), expected, "{list}");
        verify(&request, now(), |verifier| verifier.policy(Policy::Interop)).unwrap();
    }
    let mut empty = request();
    empty.body.clear();
    empty.headers.retain(|(name, _)| name != "Content-Length");
    verify(
        &signed(&empty, "date (request-target)"),
        now(),
        |verifier| verifier,
    )
    .unwrap();
}

/// The two requests of S-BIND: a line that becomes body has the same signing string, and with it
/// the same valid signature.
#[test]
fn a_line_that_becomes_body_is_refused_by_the_strict_policy() {
    let mut with_role = request().with_header("X-Role", "admin");
    with_role.body.clear();
    with_role
        .headers
        .retain(|(name, _)| name != "Content-Length");
    let value = signature(&with_role, "(request-target) date x-role");
    let mut moved = with_role.clone();
    moved.headers.retain(|(name, _)| name != "X-Role");
    moved.body = b"x-role: admin\n".to_vec();
    let moved = moved.with_header("Signature", value.replace(" x-role", ""));
    verify(&moved, now(), |verifier| verifier.policy(Policy::Interop)).unwrap();
    let problem = BindingProblem::ContentLengthNotListed;
    let refused = verify(&moved, now(), same);
    assert_eq!(refused, Err(Error::UnboundBody { problem }));
}

#[test]
fn the_query_is_covered_with_the_full_target_only() {
    let plain = signed(&request(), DEFAULT_LIST);
    let mut other_query = plain.clone();
    other_query.target = "/api/v2.0/cards?limit=5000".into();
    verify(&other_query, now(), same).unwrap();
    let full = Options {
        target: TargetForm::Full,
        ..Options::default()
    };
    let refused = verify(&plain, now(), |verifier| verifier.options(full));
    assert_eq!(refused, Err(Error::SignatureMismatch));
}

#[test]
fn a_request_is_accepted_once_however_its_field_is_written() {
    let original = request();
    let value = signature(&original, DEFAULT_LIST);
    let mut guard = ReplayGuard::<4>::new();
    let first = original.clone().with_header("Signature", &value);
    once(&first, now(), 300, &mut guard).unwrap();
    let rewritten = [
        value.clone(),
        format!("  {value}\t"),
        value.replace("sha256withrsa", "SHA256withRSA"),
        value.replace(" algorithm", "   algorithm"),
        value.replace("host content-length date", "HOST Content-Length Date"),
        value.replace("headers=\"", "headers=\"date "),
        format!("{value} keyid=\"1\""),
    ];
    for value in rewritten {
        let again = original.clone().with_header("Signature", &value);
        assert_eq!(
            once(&again, now(), 300, &mut guard),
            Err(Error::Replayed),
            "{value}"
        );
    }
    // What is not covered makes no other request either.
    let mut other = first.clone().with_header("X-Trace", "8");
    other.target = "/api/v2.0/cards".into();
    assert_eq!(once(&other, now(), 300, &mut guard), Err(Error::Replayed));
    assert_eq!(guard.len(), 1);
}

/// A request of another second, signed.
fn dated(second: u32) -> OwnedRequest {
    let mut request = request();
    let date = format!("2020-05-17T12:44:{second:02}Z");
    request.headers.retain(|(name, _)| name != "Date");
    signed(&request.with_header("Date", date), DEFAULT_LIST)
}

#[test]
fn a_full_guard_forgets_nothing_that_is_fresh() {
    let minute = SIGNED_AT - 30;
    let window = 20;
    let mut guard = ReplayGuard::<3>::new();
    for second in [10, 11, 12] {
        once(&dated(second), at(minute + 12, 0), window, &mut guard).unwrap();
    }
    let full = Err(Error::ReplayGuardFull { capacity: 3 });
    assert_eq!(
        once(&dated(13), at(minute + 13, 0), window, &mut guard),
        full
    );
    for second in [10, 11, 12] {
        let again = once(&dated(second), at(minute + 30, 0), window, &mut guard);
        assert_eq!(
            again,
            Err(Error::Replayed),
            "second {second} at the window's edge"
        );
    }
    assert_eq!(
        once(&dated(13), at(minute + 30, 0), window, &mut guard),
        full
    );
    // A nanosecond later the first has left the window, and makes room.
    once(&dated(13), at(minute + 30, 1), window, &mut guard).unwrap();
    assert_eq!(guard.len(), 3);
    let none = &mut ReplayGuard::<0>::new();
    let refused = once(&dated(13), at(minute + 13, 0), window, none);
    assert_eq!(refused, Err(Error::ReplayGuardFull { capacity: 0 }));
}

#[test]
fn a_clock_set_back_or_a_larger_window_brings_nothing_back() {
    let minute = SIGNED_AT - 30;
    let mut guard = ReplayGuard::<2>::new();
    once(&dated(10), at(minute + 10, 0), 20, &mut guard).unwrap();
    // Far later the first is forgotten.
    once(&dated(50), at(minute + 50, 0), 20, &mut guard).unwrap();
    assert_eq!(guard.len(), 1);
    for (now, window) in [(minute + 10, 20), (minute + 50, 300)] {
        let error = once(&dated(10), at(now, 0), window, &mut guard).unwrap_err();
        assert_eq!(error.name(), "stale-date", "at {now} with {window}");
    }
    once(&dated(11), at(minute + 11, 0), 20, &mut guard).unwrap();
}

#[test]
fn a_refused_request_leaves_no_trace() {
    let mut guard = ReplayGuard::<1>::new();
    let good = signed(&request(), DEFAULT_LIST);
    let mut tampered = good.clone();
    tampered.body = b"[]".to_vec();
    assert_eq!(
        once(&tampered, now(), 300, &mut guard),
        Err(Error::SignatureMismatch)
    );
    let stale = once(&good, at(SIGNED_AT + 400, 0), 300, &mut guard);
    assert_eq!(stale.unwrap_err().name(), "stale-date");
    assert!(guard.is_empty());
    once(&good, now(), 300, &mut guard).unwrap();
    assert!(!guard.is_empty());
}

#[test]
fn a_guard_in_the_callers_memory_remembers_between_uses() {
    let minute = SIGNED_AT - 30;
    let mut memory = vec![ReplayEntry::EMPTY; 3];
    let mut state = ReplayState::new();
    let guard = ReplaySlice::new(&mut memory, &mut state);
    assert_eq!(
        (guard.len(), guard.is_empty(), guard.capacity()),
        (0, true, 3)
    );
    for second in [10, 11, 12] {
        let mut guard = ReplaySlice::new(&mut memory, &mut state);
        once(&dated(second), at(minute + 12, 0), 20, &mut guard).unwrap();
    }
    let mut guard = ReplaySlice::new(&mut memory, &mut state);
    assert_eq!((guard.len(), guard.is_empty()), (3, false));
    let full = Err(Error::ReplayGuardFull { capacity: 3 });
    let now = at(minute + 13, 0);
    assert_eq!(once(&dated(13), now, 20, &mut guard), full);
    for second in [10, 11, 12] {
        let mut guard = ReplaySlice::new(&mut memory, &mut state);
        let again = once(&dated(second), now, 20, &mut guard);
        assert_eq!(again, Err(Error::Replayed), "second {second}");
    }
    // The first leaves the window, and stays refused when the clock goes back.
    let mut guard = ReplaySlice::new(&mut memory, &mut state);
    once(&dated(13), at(minute + 30, 1), 20, &mut guard).unwrap();
    let mut guard = ReplaySlice::new(&mut memory, &mut state);
    let error = once(&dated(10), now, 20, &mut guard).unwrap_err();
    assert_eq!(error.name(), "stale-date");
}

#[test]
fn a_guard_without_places_or_with_a_wrong_count_refuses() {
    let (first, second, third) = (dated(10), dated(11), dated(12));
    let now = at(SIGNED_AT - 18, 0);
    let mut state = ReplayState::default();
    assert!(state.is_empty());
    let mut guard = ReplaySlice::new(&mut [], &mut state);
    assert_eq!((guard.len(), guard.capacity()), (0, 0));
    assert!(guard.is_empty());
    let full = |capacity| Err(Error::ReplayGuardFull { capacity });
    assert_eq!(once(&first, now, 300, &mut guard), full(0));

    let mut memory = [ReplayEntry::EMPTY; 2];
    let mut guard = ReplaySlice::new(&mut memory, &mut state);
    once(&first, now, 300, &mut guard).unwrap();
    once(&second, now, 300, &mut guard).unwrap();
    assert!(!guard.is_empty());
    assert_eq!((state.len(), state.is_empty()), (2, false));
    // The state counts two, and one is passed.
    let mut guard = ReplaySlice::new(&mut memory[..1], &mut state);
    assert_eq!((guard.len(), guard.capacity()), (1, 1));
    assert_eq!(once(&first, now, 300, &mut guard), Err(Error::Replayed));
    assert_eq!(once(&third, now, 300, &mut guard), full(1));
    let mut guard = ReplaySlice::new(&mut [], &mut state);
    assert_eq!(once(&first, now, 300, &mut guard), full(0));
}

/// Any calls, of twelve requests whose dates are five seconds apart, with clocks that go back and
/// windows that change.
#[test]
fn both_guards_give_the_same_verdicts_and_keep_their_promises() {
    const PLACES: usize = 3;
    const CASES: u32 = 500;
    let calls = vec((0..12_u8, 0..70_i64, 0..40_u32), 1..60);
    let seen = std::cell::RefCell::new(HashMap::<&str, u32>::new());
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let check = |calls: Vec<(u8, i64, u32)>| {
        let mut guard = ReplayGuard::<PLACES>::new();
        let (mut memory, mut state) = ([ReplayEntry::EMPTY; PLACES], ReplayState::new());
        // Dates by request: everything that was ever accepted.
        let mut accepted = HashMap::new();
        for (request, now, window) in calls {
            let seconds = i64::from(request) * 5;
            if seconds.abs_diff(now) > u64::from(window) {
                continue; // The verifier refuses it and does not ask the guard.
            }
            let (hash, date, time) = ([request; 32], at(seconds, 0), at(now, 0));
            let verdict = guard.accept(hash, date, time, window);
            let mut slice = ReplaySlice::new(&mut memory, &mut state);
            assert_eq!(slice.accept(hash, date, time, window), verdict);
            assert_eq!(slice.len(), guard.len());
            let name = verdict.map_or_else(|error| error.name(), |()| "accepted");
            *seen.borrow_mut().entry(name).or_default() += 1;
            let fresh = |date: &&i64| **date + i64::from(window) >= now;
            match verdict {
                Ok(()) => assert_eq!(accepted.insert(request, seconds), None, "accepted twice"),
                Err(Error::Replayed) => assert!(accepted.contains_key(&request)),
                Err(Error::ReplayGuardFull { capacity }) => {
                    assert_eq!(capacity, PLACES);
                    assert!(accepted.values().filter(fresh).count() >= PLACES);
                }
                Err(error) => assert_eq!(error.name(), "stale-date"),
            }
        }
        Ok(())
    };
    TestRunner::new(config).run(&calls, check).unwrap();
    let seen = seen.into_inner();
    for name in ["accepted", "replayed", "replay-guard-full", "stale-date"] {
        assert!(seen.get(name) > Some(&CASES), "{name} is rare: {seen:?}");
    }
}

/// What a request is known by, by other means: the hash of its string with the numbers of its key.
fn request_id(string_hash: &[u8; 32], key_file_name: &str) -> [u8; 32] {
    let key = KeyNumbers::from_pkcs1_der(&key_file(key_file_name));
    let exponent = u32::try_from(&key.e).unwrap();
    sha2::Sha256::new()
        .chain_update(string_hash)
        .chain_update(exponent.to_be_bytes())
        .chain_update(key.n.to_bytes_be())
        .finalize()
        .into()
}

/// What instances of a service share: forgets nothing, and may be out of reach.
#[derive(Default)]
struct Database {
    rows: HashMap<[u8; 32], Timestamp>,
    down: bool,
}

impl ReplayStore for Database {
    fn accept(
        &mut self,
        string_hash: [u8; 32],
        date: Timestamp,
        now: Timestamp,
        window: u32,
    ) -> Result<(), Error> {
        assert!(now.seconds().abs_diff(date.seconds()) <= u64::from(window));
        if self.down {
            return Err(Error::ReplayGuardFull { capacity: 0 });
        }
        match self.rows.insert(string_hash, date) {
            None => Ok(()),
            Some(_) => Err(Error::Replayed),
        }
    }
}

#[test]
fn a_store_of_ones_own_decides() {
    let mut database = Database::default();
    let good = signed(&request(), DEFAULT_LIST);
    let mut tampered = good.clone();
    tampered.body = b"[]".to_vec();
    let refused = once(&tampered, now(), 300, &mut database);
    assert_eq!(refused, Err(Error::SignatureMismatch));
    let stale = once(&good, at(SIGNED_AT + 400, 0), 300, &mut database);
    assert_eq!(stale.unwrap_err().name(), "stale-date");
    assert!(database.rows.is_empty(), "asked for refused requests");

    database.down = true;
    let refused = once(&good, now(), 300, &mut database);
    assert_eq!(refused, Err(Error::ReplayGuardFull { capacity: 0 }));
    database.down = false;
    once(&good, now(), 300, &mut database).unwrap();

    // Another instance, with a body in pieces, through a pointer.
    let key = key();
    let fields = good.fields();
    let verifier = Verifier::new(key.public_key(), Profile::Documented);
    let head = good.borrow_head(&fields);
    let mut stream = verifier.stream(&head, now(), None).unwrap();
    stream.update(b"{}").unwrap();
    let Verified { string_hash, .. } = stream.clone().finish().unwrap();
    let id = request_id(&string_hash, "rsa2048.pkcs1.der");
    let store: &mut dyn ReplayStore = &mut database;
    let again = stream.finish_once(store).map(drop);
    assert_eq!(again, Err(Error::Replayed));
    assert_eq!(database.rows, HashMap::from([(id, now())]));
}

/// Two senders share a receiver's guard: what one of them signs does not stand in the other's way.
#[test]
fn another_keys_request_is_another_request() {
    let [a, b] = ["rsa2048.pkcs8.pem", "rsa3072.pkcs8.pem"]
        .map(|file| PrivateKey::from_bytes(&key_file(file)).unwrap());
    let request = request();
    let list = Components::parse(DEFAULT_LIST).unwrap();
    let signed_by = |key: &PrivateKey| {
        let fields = request.fields();
        let mut out = vec![0; signature_header_len(3072, list.encoded_len())];
        let (profile, options) = (Profile::Documented, Options::default());
        let value = RequestSigner::new(key, profile)
            .components(list)
            .options(options)
            .sign(&request.borrow(&fields), &mut out);
        request.clone().with_header("Signature", value.unwrap())
    };
    let mut memory = [ReplayEntry::EMPTY; 2];
    let mut state = ReplayState::new();
    let mut guards: [Box<dyn ReplayStore>; 3] = [
        Box::new(ReplayGuard::<2>::new()),
        Box::new(ReplaySlice::new(&mut memory, &mut state)),
        Box::new(Database::default()),
    ];
    let mut asked = 0;
    for guard in &mut guards {
        let mut once = |signer: &PrivateKey| {
            let request = signed_by(signer);
            let fields = request.fields();
            let request = request.borrow(&fields);
            let verifier = Verifier::new(signer.public_key(), Profile::Documented);
            asked += 1;
            verifier
                .verify_once(&request, now(), &mut **guard)
                .map(|verified| verified.string_hash)
        };
        let of_b = once(&b).unwrap();
        // The same string, and accepted: A's own first request.
        assert_eq!(once(&a), Ok(of_b));
        assert_eq!(once(&a), Err(Error::Replayed));
        assert_eq!(once(&b), Err(Error::Replayed));
    }
    assert_eq!(asked, 12);
}

#[test]
fn the_first_failed_rule_is_told() {
    let good = signed(&request(), DEFAULT_LIST);
    let replace = |from: &str, to: &str| {
        let mut request = good.clone();
        let (_, value) = request.headers.last_mut().unwrap();
        *value = String::from_utf8(value.clone())
            .unwrap()
            .replace(from, to)
            .into();
        request
    };
    let late = at(SIGNED_AT + 4000, 0);
    let name = |request: &OwnedRequest, now| verify(request, now, same).unwrap_err().name();
    // The field's syntax comes before the list, the list before the date, the date's freshness
    // before the signature.
    let cut = replace("==\"", "=\"");
    assert_eq!(name(&cut, late), "invalid-signature-encoding");
    assert_eq!(name(&replace("dax", "DAX"), late), "wrong-realm");
    assert_eq!(name(&replace(" date\"", "\""), late), "missing-component");
    assert_eq!(name(&replace("host", "x-absent"), late), "missing-header");
    let mut tampered = good.clone();
    tampered.body = b"[]".to_vec();
    assert_eq!(name(&tampered, late), "stale-date");
    assert_eq!(name(&tampered, now()), "signature-mismatch");
    tampered.body = b"[ ]".to_vec();
    assert_eq!(name(&tampered, late), "content-length-mismatch");
    let twice = good.clone().with_header("signature", "x");
    assert_eq!(name(&twice, now()), "malformed-signature-header");
    assert_eq!(name(&request(), now()), "missing-header");
}

#[test]
fn a_body_in_pieces_is_verified_at_its_end() {
    let key = key();
    let request = signed(&request(), DEFAULT_LIST);
    let fields = request.fields();
    let head = request.borrow_head(&fields);
    let verifier = Verifier::new(key.public_key(), Profile::Documented);
    let pieces = |pieces: &[&[u8]]| -> Result<(), Error> {
        let mut stream = verifier.stream(&head, now(), None)?;
        pieces.iter().try_for_each(|piece| stream.update(piece))?;
        let mut guard = ReplayGuard::<1>::new();
        let Verified { date, .. } = stream.clone().finish_once(&mut guard)?;
        assert_eq!(date, now());
        let again = stream.clone().finish_once(&mut guard).map(drop);
        assert_eq!(again, Err(Error::Replayed));
        stream.finish().map(drop)
    };
    pieces(&[b"{}"]).unwrap();
    pieces(&[b"{", b"", b"}"]).unwrap();
    assert_eq!(pieces(&[b"[", b"]"]), Err(Error::SignatureMismatch));
    for wrong in [&[b"{".as_slice()][..], &[b"{}", b"\n"], &[]] {
        assert_eq!(pieces(wrong).unwrap_err().name(), "content-length-mismatch");
    }
    let known = verifier.stream(&head, now(), Some(3)).map(drop);
    assert_eq!(known.unwrap_err().name(), "content-length-mismatch");
}

/// A body in pieces.
type Pieces<'b> = &'b [&'b [u8]];

/// A request that is verified in pieces: at which time, with which length known, and which call
/// gives which error.
type Start<'r> = (
    &'r OwnedRequest,
    Timestamp,
    Option<u64>,
    Pieces<'r>,
    (usize, &'static str),
);

/// The errors that a stream returns: starting it, then each piece, then the end.
fn verify_pieces(
    request: &OwnedRequest,
    now: Timestamp,
    body_len: Option<u64>,
    pieces: &[&[u8]],
) -> Vec<Result<(), Error>> {
    let key = key();
    let fields = request.fields();
    let head = request.borrow_head(&fields);
    let verifier = Verifier::new(key.public_key(), Profile::Documented);
    let mut stream = match verifier.stream(&head, now, body_len) {
        Ok(stream) => stream,
        Err(error) => return vec![Err(error)],
    };
    let mut results = vec![Ok(())];
    results.extend(pieces.iter().map(|piece| stream.update(piece)));
    let mut guard = ReplayGuard::<1>::new();
    let once = stream.clone().finish_once(&mut guard).map(drop);
    let end = stream.finish().map(drop);
    assert_eq!(end, once);
    assert_eq!(
        guard.is_empty(),
        end.is_err(),
        "a trace of a refused request"
    );
    results.push(end);
    results
}

/// The same for signing.
fn sign_pieces(
    request: &OwnedRequest,
    body_len: Option<u64>,
    pieces: &[&[u8]],
) -> Vec<Result<(), Error>> {
    let fields = request.fields();
    let head = request.borrow_head(&fields);
    let list = Components::default_for(&head);
    let mut stream = match SigningStream::new(&head, &list, Options::default(), body_len) {
        Ok(stream) => stream,
        Err(error) => return vec![Err(error)],
    };
    let mut results = vec![Ok(())];
    results.extend(pieces.iter().map(|piece| stream.update(piece)));
    let ends = Profile::ALL.map(|profile| stream.clone().finish(profile).map(drop));
    assert_eq!(ends[0], ends[1]);
    results.push(ends[0]);
    results
}

/// [`request`] without the field, and without body.
fn without(name: &str) -> OwnedRequest {
    let mut request = request();
    request.body.clear();
    request.headers.retain(|(field, _)| field != name);
    request
}

fn declaring(length: &str) -> OwnedRequest {
    without("Content-Length").with_header("Content-Length", length)
}

/// Whatever comes after a refusal is refused too, by the same error: empty pieces, good ones, and
/// the end.
#[test]
fn a_stream_that_refused_once_refuses_for_ever() {
    const AFTER: [&[u8]; 4] = [b"", b"{}", b"\xEF\xBB\xBF", b"0123456789"];
    let open = without("Content-Length");
    let cases: [(OwnedRequest, Option<u64>, Pieces<'_>, &str); 10] = [
        (declaring("5"), None, &[b"\xEF\xBB\xBF"], "invalid-body"),
        (
            declaring("5"),
            None,
            &[b"\xEF", b"\xBB", b"", b"\xBF{"],
            "invalid-body",
        ),
        (declaring("3"), Some(3), &[b"\xEF\xBB\xBF"], "invalid-body"),
        (declaring("2"), None, &[b"{}\n"], "content-length-mismatch"),
        (
            declaring("2"),
            Some(2),
            &[b"{", b"}", b"\n"],
            "content-length-mismatch",
        ),
        (
            declaring("2"),
            None,
            &[b"\xEF\xBB\xBF"],
            "content-length-mismatch",
        ),
        (declaring("0"), None, &[b"{"], "content-length-mismatch"),
        (
            open.clone(),
            Some(0),
            &[b"", b"{"],
            "content-length-mismatch",
        ),
        (open.clone(), None, &[b"", b"", b"\xEF"], "unbound-body"),
        (open, None, &[b"{}"], "unbound-body"),
    ];
    let mut refusals = 0;
    for (request, body_len, pieces, name) in cases {
        let default = "(request-target) host date";
        let list = if request
            .headers
            .iter()
            .any(|(name, _)| name == "Content-Length")
        {
            DEFAULT_LIST
        } else {
            default
        };
        // What is signed does not matter: the body is refused before.
        let mut empty = request.clone();
        empty.headers.retain(|(name, _)| name != "Content-Length");
        let value = signature(&empty, default).replace(default, list);
        let signed = request.clone().with_header("Signature", value);
        let all = [pieces, &AFTER].concat();
        for results in [
            verify_pieces(&signed, now(), body_len, &all),
            sign_pieces(&request, body_len, &all),
        ] {
            let (before, after) = results.split_at(pieces.len());
            assert!(before.iter().all(Result::is_ok), "{name}: {before:?}");
            let error = after[0].unwrap_err();
            assert_eq!(error.name(), name);
            assert_eq!(after, [Err(error); 1 + AFTER.len() + 1], "{pieces:?}");
            refusals += after.len();
        }
    }
    assert_eq!(refusals, 10 * 2 * 6);
}

/// Date and list are judged when a stream starts, the list as soon as a body is known of.
#[test]
fn a_stream_is_judged_as_early_as_possible() {
    let late = at(SIGNED_AT + 4000, 0);
    let early = at(SIGNED_AT - 4000, 0);
    let first_error = |request: &OwnedRequest, now, body_len, pieces: &[&[u8]]| {
        let results = verify_pieces(request, now, body_len, pieces);
        let place = results.iter().position(Result::is_err).unwrap();
        (place, results[place].unwrap_err().name())
    };
    let bound = signed(&request(), DEFAULT_LIST);
    let unlisted = signed(&request(), "(request-target) date");
    let not_last = signed(&request(), "content-length date (request-target)");
    let open = signed(&without("Content-Length"), "(request-target) date");
    let cases: [Start<'_>; 13] = [
        (&bound, late, None, &[b"{}"], (0, "stale-date")),
        (&bound, early, Some(2), &[b"{}"], (0, "future-date")),
        (&open, late, None, &[], (0, "stale-date")),
        (&open, early, Some(0), &[], (0, "future-date")),
        // The declared length tells that there is a body, and so does the caller.
        (&unlisted, now(), None, &[b"{}"], (0, "unbound-body")),
        (&unlisted, now(), Some(2), &[b"{}"], (0, "unbound-body")),
        (&not_last, now(), None, &[b"{}"], (0, "unbound-body")),
        (&open, now(), Some(2), &[b"{}"], (0, "unbound-body")),
        // Nobody told: the first byte does.
        (&open, now(), None, &[b"{}"], (1, "unbound-body")),
        (
            &open,
            now(),
            None,
            &[b"", b"", b"{", b"}"],
            (3, "unbound-body"),
        ),
        // In the order of the rules.
        (
            &unlisted,
            late,
            Some(3),
            &[],
            (0, "content-length-mismatch"),
        ),
        (&unlisted, late, None, &[b"{}"], (0, "stale-date")),
        (&bound, now(), None, &[b"[]"], (2, "signature-mismatch")),
    ];
    for (request, now, body_len, pieces, expected) in cases {
        let found = first_error(request, now, body_len, pieces);
        assert_eq!(found, expected, "{body_len:?} {pieces:?}");
    }
    // Without a body there is nothing to bind.
    for body_len in [None, Some(0)] {
        let good = verify_pieces(&open, now(), body_len, &[b"", b""]);
        assert!(good.iter().all(Result::is_ok), "{body_len:?}: {good:?}");
    }
}

/// A first piece in the head is judged like the body of a whole request, as far as it is one.
#[test]
fn a_first_piece_in_the_head_is_judged_in_the_order_of_the_rules() {
    let key = key();
    let verifier = Verifier::new(key.public_key(), Profile::Documented);
    let late = at(SIGNED_AT + 4000, 0);
    let mark = b"\xEF\xBB\xBF{}".to_vec();
    let mut compared = 0;
    for body in [b"{}".to_vec(), b"{}\n".to_vec(), mark, b"[]".to_vec()] {
        for length in [None, Some("2"), Some("5"), Some("x")] {
            for list in [
                DEFAULT_LIST,
                "(request-target) date",
                "date (request-target)",
            ] {
                for now in [now(), late] {
                    let value = signature(&request(), list);
                    let mut request = without("Content-Length").with_header("Signature", value);
                    request.body.clone_from(&body);
                    if let Some(length) = length {
                        request = request.with_header("Content-Length", length);
                    }
                    let fields = request.fields();
                    let request = request.borrow(&fields);
                    let whole = verifier.verify(&request, now).map(drop);
                    let len = u64::try_from(body.len()).unwrap();
                    let stream = verifier.stream(&request, now, Some(len));
                    let told = stream.and_then(VerifyingStream::finish).map(drop);
                    assert_eq!(told, whole, "{body:?} {length:?} {list}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 4 * 4 * 3 * 2);
}

/// A signer's policy, options and list each hold whichever of the others is set, and when.
#[test]
fn what_a_signer_is_told_holds_in_any_order() {
    let mut request = without("Content-Length").with_header("X-Y", "1");
    request.body = "{}".into();
    let fields = request.fields();
    let borrowed = request.borrow(&fields);
    let (key, interop) = (key(), Policy::Interop);
    let own = Components::parse("(request-target) x-y date").unwrap();
    let full = Options {
        target: TargetForm::Full,
        ..Options::default()
    };
    let new = || RequestSigner::new(&key, Profile::Documented);
    let by_default = Some(r#" headers="(request-target) host date""#);
    let as_told = Some(r#" headers="(request-target) x-y date""#);
    for (name, signer, list) in [
        ("nothing", new(), None),
        ("options", new().options(full), None),
        (
            "back to strict",
            new().policy(interop).policy(Policy::Strict),
            None,
        ),
        (
            "policy, options",
            new().policy(interop).options(full),
            by_default,
        ),
        (
            "options, policy",
            new().options(full).policy(interop),
            by_default,
        ),
        (
            "list, options",
            new().components(own).options(full),
            as_told,
        ),
        (
            "options, list",
            new().options(full).components(own),
            as_told,
        ),
        (
            "list, policy, options",
            new().components(own).policy(interop).options(full),
            as_told,
        ),
        (
            "policy, options, list",
            new().policy(interop).options(full).components(own),
            as_told,
        ),
    ] {
        let mut out = [0; 600];
        let signed = signer.sign(&borrowed, &mut out);
        let Some(list) = list else {
            assert_eq!(signed.unwrap_err().name(), "unbound-body", "{name}");
            continue;
        };
        let value = signed.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(value.contains(list), "{name}: {value}");
        let sent = request.clone().with_header("Signature", value);
        verify(&sent, now(), |verifier| {
            verifier.policy(interop).options(full)
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// Signing a body with the default list of a request without `Content-Length` would make what a
/// strict verifier refuses.
#[test]
fn the_default_list_signs_no_body_without_its_length() {
    let problem = BindingProblem::NoContentLength;
    let unbound = Err(Error::UnboundBody { problem });
    let key = key();
    let mut bodies = 0;
    for (body, known) in [("{}", false), ("{}", true), ("", false), ("", true)] {
        let mut request = without("Content-Length");
        request.body = body.into();
        let fields = request.fields();
        let whole = request.borrow(&fields);
        let head = request.borrow_head(&fields);
        let default = Components::default_for(&whole);
        let own = Components::parse("(request-target) host date").unwrap();
        let interop = default.for_policy(Policy::Interop);
        for (list, good) in [
            (default, body.is_empty()),
            (default.for_policy(Policy::Strict), body.is_empty()),
            (own, true),
            (own.for_policy(Policy::Strict), true),
            (interop, true),
        ] {
            let expected = if good { Ok(()) } else { unbound };
            let (profile, options) = (Profile::VendorSdk, Options::default());
            let mut out = [0xAA; 600];
            let result = RequestSigner::new(&key, profile)
                .components(list)
                .options(options)
                .sign(&whole, &mut out)
                .map(drop);
            assert_eq!((result, out == [0; 600]), (expected, !good));
            let digest = signing_digest(&whole, &list, profile, options);
            assert_eq!(digest.map(drop), expected);
            let len = u64::try_from(body.len()).unwrap();
            let stream = SigningStream::new(&head, &list, options, known.then_some(len));
            assert_eq!(
                stream.as_ref().map(drop).map_err(|error| *error).is_ok(),
                good || !known
            );
            let result = stream.and_then(|mut stream| {
                stream.update(b"")?;
                stream.update(body.as_bytes())?;
                stream.finish(profile)
            });
            assert_eq!(result, digest);
            let first = SigningStream::new(&whole, &list, options, None);
            assert_eq!(first.map(drop), expected);
            bodies += 1;
        }
    }
    assert_eq!(bodies, 20);
}

/// A key that can fail, and whose modulus may be longer than ours.
struct Outside(PrivateKey, Option<OutsideError>, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutsideError {
    Busy,
    Core(Error),
}

impl From<Error> for OutsideError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl Signer for Outside {
    type Error = OutsideError;

    fn modulus_len(&self) -> usize {
        self.2
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), OutsideError> {
        self.0.sign_digest(digest, signature)?;
        self.1.map_or(Ok(()), Err)
    }
}

#[test]
fn a_key_outside_signs_or_says_why_not() {
    let request = request();
    let fields = request.fields();
    let borrowed = request.borrow(&fields);
    let list = Components::parse(DEFAULT_LIST).unwrap();
    let (profile, options) = (Profile::VendorSdk, Options::default());
    let mut out = vec![0xAA; 1000];
    let mut sign_with = |outside: &Outside| {
        let result = RequestSigner::new(outside, profile)
            .components(list)
            .options(options)
            .sign(&borrowed, &mut out);
        let result = result.map(str::to_owned);
        (result, out.iter().all(|byte| *byte == 0))
    };
    let (text, _) = sign_with(&Outside(key(), None, 256));
    let text = text.unwrap();
    let busy = sign_with(&Outside(key(), Some(OutsideError::Busy), 256));
    assert_eq!(busy, (Err(OutsideError::Busy), true));
    for len in [0, 513, usize::MAX] {
        let (result, zeroed) = sign_with(&Outside(key(), None, len));
        assert!(
            matches!(result, Err(OutsideError::Core(_))) && zeroed,
            "{len}"
        );
    }

    // The two steps by hand, and the one with a digest, give the same.
    let digest = signing_digest(&borrowed, &list, profile, options).unwrap();
    let mut raw = [0; 256];
    key().sign_digest(&digest, &mut raw).unwrap();
    let mut out = vec![0; text.len()];
    assert_eq!(write_signature_header(&list, &raw, &mut out).unwrap(), text);
    assert_eq!(sign_digest(&key(), &digest, &list, &mut out).unwrap(), text);
}

/// Says that it signed, but has no modulus.
struct NoKey;

impl Signer for NoKey {
    type Error = Error;

    fn modulus_len(&self) -> usize {
        0
    }

    fn sign_digest(&self, _: &Digest, _: &mut [u8]) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn every_form_of_a_key_signs_the_same() {
    let request = request();
    let fields = request.fields();
    let borrowed = request.borrow(&fields);
    let list = Components::parse(DEFAULT_LIST).unwrap();
    let sign_with = |signer: &dyn Signer<Error = Error>| {
        let mut out = [0; 600];
        let options = Options::default();
        let text = RequestSigner::new(&signer, Profile::Documented)
            .components(list)
            .options(options)
            .sign(&borrowed, &mut out);
        text.map(str::to_owned)
    };
    let key = key();
    let expected = signature(&request, DEFAULT_LIST);
    assert_eq!(sign_with(&key).unwrap(), expected);
    assert_eq!(sign_with(&&key).unwrap(), expected);

    let calls = Cell::new(0);
    let calling = key.with_progress(|| calls.set(calls.get() + 1));
    assert_eq!(sign_with(&calling).unwrap(), expected);
    assert!(calls.get() > 2000, "{} calls", calls.get());
    assert_eq!(
        format!("{calling:?}"),
        "WithProgress { key: PrivateKey { bits: 2048, .. }, .. }"
    );

    let of_the_crate = KeyNumbers::from_pkcs1_der(&key_file("rsa2048.pkcs1.der")).for_rsa_crate();
    assert_eq!(sign_with(&of_the_crate).unwrap(), expected);
    for len in [0, 255, 257] {
        let mut signature = vec![0; len];
        let result = Signer::sign_digest(&of_the_crate, &Digest([1; 32]), &mut signature);
        assert_eq!(result, Err(Error::SigningFault), "{len}");
    }

    assert!(matches!(sign_with(&NoKey), Err(Error::InvalidKey { .. })));
}

#[test]
fn a_wiped_or_empty_key_does_nothing() {
    let mut key = key();
    assert_eq!(format!("{key:?}"), "PrivateKey { bits: 2048, .. }");
    key.wipe();
    assert_eq!(format!("{key:?}"), "PrivateKey { bits: 0, .. }");
    for key in [key, PrivateKey::empty()] {
        let mut out = [0xAA; 256];
        let refused = key.sign_digest(&Digest([1; 32]), &mut out).unwrap_err();
        assert_eq!((refused.name(), out), ("invalid-key", [0; 256]));
        let refused = key.public_key().verify_digest(&Digest([1; 32]), &out);
        assert_eq!(refused.unwrap_err().name(), "invalid-key");
        let request = signed(&request(), DEFAULT_LIST);
        let fields = request.fields();
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        let refused = verifier.verify(&request.borrow(&fields), now());
        assert_eq!(refused.unwrap_err().name(), "invalid-key");
    }
}

/// The sizes that the documentation states.
#[test]
fn sizes_are_as_documented() {
    assert!(size_of::<SigningStream>() <= 160);
    let entry = size_of::<ReplayGuard<2>>() - size_of::<ReplayGuard<1>>();
    assert_eq!((entry, size_of::<ReplayEntry>()), (48, 48));
}
