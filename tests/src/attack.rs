//! What tests of attacks share: a signed request to attack, and a verifier to attack it before.

use daxsign_core::{
    Components, Error, Options, Policy, PrivateKey, Profile, ReplayStore, RequestSigner, Timestamp,
    Verifier, signature_header_len,
};

use crate::cases::key_file;
use crate::model::{self, ModelOptions};
use crate::request::{OwnedRequest, example_post};

/// Makes a test `refused::NAME` of each of these functions, each of which makes what an attacker
/// would send and panics if it is not refused. How many there are stands before them: one more or
/// less does not compile.
#[macro_export]
macro_rules! refused {
    ($count:literal: $($attack:ident),+ $(,)?) => {
        const _: [&str; $count] = [$(stringify!($attack)),+];

        mod refused {
            $(
                #[test]
                fn $attack() {
                    super::$attack();
                }
            )+
        }
    };
}

/// The component list of [`genuine`]: the strict policy takes it.
pub const LIST: &str = "(request-target) host content-type content-length x-role date";
/// The time of [`request`], in seconds since 1970.
pub const SIGNED_AT: i64 = 1_589_719_470;

/// The time at which requests are verified: that of [`request`].
///
/// # Panics
/// Never.
#[must_use]
pub fn now() -> Timestamp {
    at(SIGNED_AT, 0)
}

/// A time.
///
/// # Panics
/// If there is no such time.
#[must_use]
pub fn at(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::from_unix(seconds, nanoseconds).unwrap()
}

/// The key of the genuine signer.
#[must_use]
pub fn key() -> PrivateKey {
    PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.pem")).unwrap()
}

/// What the signer means to send.
#[must_use]
pub fn request() -> OwnedRequest {
    set(&example_post(), "Date", "2020-05-17T12:44:30Z").with_header("X-Role", "user")
}

/// [`request`] without a body.
#[must_use]
pub fn request_without_body() -> OwnedRequest {
    let mut request = without(&without(&request(), "Content-Length"), "Content-Type");
    request.body.clear();
    request
}

/// [`request`] with the signer's signature over [`LIST`], which is accepted.
#[must_use]
pub fn genuine() -> OwnedRequest {
    let request = signed(&request(), LIST);
    assert_eq!(verdict(&request), "accepted");
    request
}

/// The request without the fields of a name.
#[must_use]
pub fn without(request: &OwnedRequest, name: &str) -> OwnedRequest {
    let mut request = request.clone();
    let others = |(other, _): &(String, Vec<u8>)| !other.eq_ignore_ascii_case(name);
    request.headers.retain(others);
    request
}

/// The request with one field of this name, at the end.
#[must_use]
pub fn set(request: &OwnedRequest, name: &str, value: impl AsRef<[u8]>) -> OwnedRequest {
    without(request, name).with_header(name, value)
}

/// The value of the Signature field that the signer makes.
///
/// # Errors
/// If the signer refuses.
pub fn try_signature(
    request: &OwnedRequest,
    list: &str,
    options: Options,
) -> Result<String, Error> {
    let fields = request.fields();
    let list = Components::parse(list)?;
    let mut out = vec![0; signature_header_len(2048, list.encoded_len())];
    let profile = Profile::Documented;
    let value = RequestSigner::new(&key(), profile)
        .components(list)
        .options(options)
        .sign(&request.borrow(&fields), &mut out)?;
    Ok(value.to_owned())
}

/// The request with the signer's signature over `list`.
#[must_use]
pub fn signed(request: &OwnedRequest, list: &str) -> OwnedRequest {
    let value = try_signature(request, list, Options::default()).expect("the signer signs");
    set(request, "Signature", value)
}

/// The value of the Signature field.
#[must_use]
pub fn signature_value(request: &OwnedRequest) -> String {
    let (_, value) = request
        .headers
        .iter()
        .find(|(name, _)| name == "Signature")
        .expect("a Signature field");
    String::from_utf8(value.clone()).expect("text")
}

/// The request with another text in place of `from` in its Signature field.
#[must_use]
pub fn rewritten(request: &OwnedRequest, from: &str, to: &str) -> OwnedRequest {
    let value = signature_value(request);
    assert!(value.contains(from), "{value}");
    set(request, "Signature", value.replacen(from, to, 1))
}

/// The request with the same signature under another list.
#[must_use]
pub fn relisted(request: &OwnedRequest, list: &str) -> OwnedRequest {
    let value = signature_value(request);
    let (before, rest) = value.split_once("headers=\"").expect("a list");
    let (_, after) = rest.split_once('"').expect("the list's end");
    set(
        request,
        "Signature",
        format!("{before}headers=\"{list}\"{after}"),
    )
}

/// `accepted`, or the error's name, of a strict verifier with the default window.
#[must_use]
pub fn verdict(request: &OwnedRequest) -> &'static str {
    verdict_of(request, now(), |verifier| verifier)
}

/// As [`verdict`], of the interop policy.
#[must_use]
pub fn interop_verdict(request: &OwnedRequest) -> &'static str {
    verdict_of(request, now(), |verifier| verifier.policy(Policy::Interop))
}

/// As [`verdict`], at another time and of another verifier.
#[must_use]
pub fn verdict_of(
    request: &OwnedRequest,
    now: Timestamp,
    change: impl FnOnce(Verifier<'_>) -> Verifier<'_>,
) -> &'static str {
    let key = key();
    let fields = request.fields();
    let verifier = change(Verifier::new(key.public_key(), Profile::Documented));
    let result = verifier.verify(&request.borrow(&fields), now);
    result.map_or_else(|error| error.name(), |_| "accepted")
}

/// As [`verdict`], with a guard against replays.
#[must_use]
pub fn verdict_once(
    request: &OwnedRequest,
    now: Timestamp,
    window: u32,
    guard: &mut impl ReplayStore,
) -> &'static str {
    let key = key();
    let fields = request.fields();
    let verifier = Verifier::new(key.public_key(), Profile::Documented).window(window);
    let result = verifier.verify_once(&request.borrow(&fields), now, guard);
    result.map_or_else(|error| error.name(), |_| "accepted")
}

/// The signing string by the tests' own reading of the rules.
///
/// # Errors
/// The name of the first rule that is broken.
pub fn string(request: &OwnedRequest, list: &str) -> Result<Vec<u8>, &'static str> {
    let list: Vec<String> = list.split(' ').map(str::to_owned).collect();
    model::signing_string(request, &list, ModelOptions::default())
}
