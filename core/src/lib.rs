#![doc = include_str!("../README.md")]
#![no_std]

mod base64;
mod body;
mod charset;
mod components;
mod content_length;
mod date;
mod diagnosing;
mod digest;
mod error;
mod explain;
mod field_value;
mod http_date;
#[cfg(daxsign_inner)]
#[doc(hidden)]
pub mod inner;
mod keys;
mod label;
mod machine;
mod message;
mod options;
mod other_hash;
mod profile;
mod progress;
mod refusal;
mod replay_guard;
mod request;
mod request_target;
mod rounding;
mod rsa;
#[cfg(feature = "rsa-signer")]
mod rsa_signer;
mod sha256;
mod sign;
mod signature_header;
mod signer;
mod signing_stream;
mod signing_string;
mod sink;
mod token;
mod variation;
mod verify;

pub use components::{Component, Components, REQUEST_TARGET};
pub use date::{DATE_LEN, DateText, Timestamp};
pub use digest::Digest;
pub use error::{
    BindingProblem, BodyProblem, DateProblem, EncodingProblem, Error, KeyProblem, LengthProblem,
    MissingProblem, SyntaxProblem, ValueProblem,
};
pub use explain::search::Searched;
pub use explain::{Covered, Explainer, Explanation, Finding, explain};
pub use keys::certificate::Certificate;
pub use keys::chain::{CertificateSummary, certificates, write_certificate};
pub use keys::hint::KeyHint;
pub use keys::{KeyEncoding, KeyKind, identify_key};
pub use label::Label;
pub use machine::choice::Kernel;
#[cfg(daxsign_constant_time)]
pub use machine::secrecy::valgrind;
pub use options::{ContentPolicy, Options, Policy, TargetForm};
pub use profile::{Profile, signing_digest};
pub use progress::WithProgress;
pub use replay_guard::{ReplayEntry, ReplayGuard, ReplaySlice, ReplayState, ReplayStore};
pub use request::{HeaderField, HeaderSource, Headers, Request};
#[cfg(daxsign_faults)]
pub use rsa::fault::injected as faults;
pub use rsa::private_key::PrivateKey;
pub use rsa::public_key::PublicKey;
#[cfg(daxsign_row_check)]
#[doc(hidden)]
pub use rsa::row_check::check_rows;
pub use rsa::sizes::{MAX_SIGNATURE_LEN, MIN_MODULUS_BITS};
pub use sha256::Sha256;
pub use sign::{sign, sign_digest};
pub use signature_header::{
    SIGNATURE_FIELD, SignatureHeader, decode_signature, signature_header_len,
    write_signature_header,
};
pub use signer::Signer;
pub use signing_stream::SigningStream;
pub use signing_string::{signing_string, signing_string_len, write_signing_string};
pub use sink::{Counter, Sink, SliceSink, write_decimal};
pub use variation::Variation;
pub use variation::body::BodyAlternative;
pub use variation::deviation::{Deviation, Kind, Part};
pub use verify::{DEFAULT_WINDOW, Verified, Verifier, VerifyingStream};

/// The largest modulus that this build can hold, in bits (features `rsa-3072`, `rsa-4096`).
pub const MAX_MODULUS_BITS: usize = if cfg!(feature = "rsa-4096") {
    4096
} else if cfg!(feature = "rsa-3072") {
    3072
} else {
    2048
};
