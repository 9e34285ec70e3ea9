//! The cases of `vectors/signing.json`, and the key files beside them.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::Profile;
use serde_json::Value;

use crate::request::OwnedRequest;
use crate::unhex;

/// How many cases the file holds of each kind. A test that iterates over the cases compares its own
/// count with these, so that no case is left out unseen.
pub const GOOD: usize = 29;
/// See [`GOOD`].
pub const REFUSED: usize = 32;
/// All signatures of all good cases.
pub const SIGNATURES: usize = 70;

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name in the file.
    pub name: String,
    /// What is signed.
    pub request: OwnedRequest,
    /// The component list as the caller gives it.
    pub components: Vec<String>,
    /// What must come out.
    pub outcome: Outcome,
}

/// What must come out of a case.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A signature.
    Good(Good),
    /// The error of this name.
    Refused(String),
}

/// The results of a good case.
#[derive(Clone, Debug)]
pub struct Good {
    /// The signing string.
    pub signing_string: Vec<u8>,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    /// The `headers` parameter.
    pub headers_parameter: String,
    /// At least one for each profile.
    pub signatures: Vec<KnownSignature>,
}

/// One known signature.
#[derive(Clone, Debug)]
pub struct KnownSignature {
    /// The key's name: its files start with it.
    pub key: String,
    /// The profile.
    pub profile: Profile,
    /// The signature in base64.
    pub base64: String,
}

impl KnownSignature {
    /// The signature's bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        decode(&self.base64)
    }
}

impl Case {
    /// The list's names as the core takes them.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.components.iter().map(String::as_str).collect()
    }
}

/// All cases.
///
/// # Panics
/// If the file is not as expected.
#[must_use]
pub fn load() -> Vec<Case> {
    let text = std::fs::read(folder().join("signing.json")).expect("vectors/signing.json");
    let file: Value = serde_json::from_slice(&text).expect("signing.json is JSON");
    array(&file["cases"]).iter().map(case).collect()
}

/// The good cases with their results.
#[must_use]
pub fn good() -> Vec<(Case, Good)> {
    let pick = |case: Case| match case.outcome.clone() {
        Outcome::Good(good) => Some((case, good)),
        Outcome::Refused(_) => None,
    };
    load().into_iter().filter_map(pick).collect()
}

/// The refused cases with the names of their errors.
#[must_use]
pub fn refused() -> Vec<(Case, String)> {
    let pick = |case: Case| match case.outcome.clone() {
        Outcome::Refused(error) => Some((case, error)),
        Outcome::Good(_) => None,
    };
    load().into_iter().filter_map(pick).collect()
}

/// The path of a key file: `rsa2048.pkcs1.pem`.
#[must_use]
pub fn key_path(file: &str) -> PathBuf {
    folder().join("keys").join(file)
}

/// The bytes of a key file.
///
/// # Panics
/// If there is no such file.
#[must_use]
pub fn key_file(file: &str) -> Vec<u8> {
    std::fs::read(key_path(file)).unwrap_or_else(|error| panic!("vectors/keys/{file}: {error}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn case(value: &Value) -> Case {
    let request = &value["request"];
    let header = |pair: &Value| (string(&pair[0]), decode(&string(&pair[1])));
    let outcome = match value.get("error") {
        Some(error) => Outcome::Refused(string(error)),
        None => Outcome::Good(good_outcome(value)),
    };
    Case {
        name: string(&value["name"]),
        request: OwnedRequest {
            method: string(&request["method"]),
            target: string(&request["target"]),
            headers: array(&request["headers"]).iter().map(header).collect(),
            body: decode(&string(&request["body"])),
        },
        components: array(&value["components"]).iter().map(string).collect(),
        outcome,
    }
}

fn good_outcome(value: &Value) -> Good {
    let signatures = value["signature"].as_object().expect("signatures by key");
    Good {
        signing_string: decode(&string(&value["signing_string"])),
        sha256: unhex(&string(&value["sha256"])),
        headers_parameter: string(&value["headers_parameter"]),
        signatures: signatures.iter().map(known_signature).collect(),
    }
}

fn known_signature((place, base64): (&String, &Value)) -> KnownSignature {
    let (key, profile) = place.split_once('/').expect("key/profile");
    KnownSignature {
        key: key.into(),
        profile: Profile::ALL
            .into_iter()
            .find(|known| known.name() == profile)
            .expect("a known profile"),
        base64: string(base64),
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

fn string(value: &Value) -> String {
    value.as_str().expect("a string").into()
}

fn decode(base64: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(base64).expect("base64")
}
