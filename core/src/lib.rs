#![doc = include_str!("../README.md")]
#![no_std]

mod bytes;
mod enrolling;
mod error;
mod explaining;
#[cfg(daxsign_inner)]
#[doc(hidden)]
pub mod inner;
mod keys;
mod machine;
mod message;
mod request;
mod rsa;
mod signing;
mod verifying;

pub use bytes::digest::Digest;
pub use bytes::sha256::Sha256;
pub use bytes::sink::{Counter, Sink, write_decimal};
pub use enrolling::certificate_file::{CertificateFile, Serial, ThumbprintKind};
pub use enrolling::error::{Document, EnrolError, FieldProblem, RequestField, TrustProblem};
pub use enrolling::extensions::{AlternativeName, BasicConstraints, Extensions, KeyUsage};
pub use enrolling::name::{Name, NamePart, NameParts};
pub use enrolling::name_text::NameText;
pub use enrolling::object_identifier::ObjectIdentifier;
pub use enrolling::randomness::{Randomness, RandomnessFailed};
pub use enrolling::request::{CertificateRequest, DaxNames};
pub use enrolling::request_file::RequestFile;
pub use enrolling::thumbprint::Thumbprint;
pub use enrolling::trust::{Purpose, TrustAnchor};
pub use enrolling::write::{KeyFormat, private_key_file_len};
pub use error::key_sizes::{MAX_MODULUS_BITS, MIN_MODULUS_BITS};
pub use error::label::Label;
pub use error::slice_sink::SliceSink;
pub use error::{
    BindingProblem, BodyProblem, DateProblem, EncodingProblem, Error, KeyProblem, LengthProblem,
    MissingProblem, SyntaxProblem, ValueProblem,
};
pub use explaining::explain::{Covered, Explainer, Explanation, Finding, explain};
pub use explaining::search::Searched;
pub use explaining::variation::Variation;
pub use explaining::variation::body::BodyAlternative;
pub use explaining::variation::deviation::Deviation;
pub use explaining::variation::kind::Kind;
pub use explaining::variation::part::Part;
pub use keys::certificate::Certificate;
pub use keys::chain::{CertificateSummary, certificates, write_certificate};
pub use keys::hint::KeyHint;
pub use keys::{KeyEncoding, KeyKind, identify_key};
pub use machine::choice::Kernel;
#[cfg(daxsign_constant_time)]
pub use machine::secrecy::valgrind;
pub use message::ambiguity::Ambiguity;
pub use message::field::MessageField;
pub use message::framing::MessageFraming;
pub use message::line::{MessageLine, MessageLines};
pub use message::problem::{MessageError, MessageProblem};
pub use message::read::read_message;
pub use message::reader::MessageReader;
pub use request::date::{DATE_LEN, DateText, Timestamp};
pub use request::options::{ContentPolicy, Options, Policy, TargetForm};
pub use request::{HeaderField, HeaderSource, Headers, Request};
#[cfg(daxsign_faults)]
pub use rsa::fault::injected as faults;
pub use rsa::private_key::PrivateKey;
pub use rsa::public_key::PublicKey;
#[cfg(daxsign_row_check)]
#[doc(hidden)]
pub use rsa::row_check::check_rows;
pub use rsa::sizes::MAX_SIGNATURE_LEN;
pub use signing::components::{Component, Components, REQUEST_TARGET};
pub use signing::header::{
    SIGNATURE_FIELD, SignatureHeader, decode_signature, signature_header_len,
    write_signature_header,
};
pub use signing::profile::{Profile, signing_digest};
pub use signing::progress::WithProgress;
pub use signing::sign::{RequestSigner, sign_digest, sign_digest_into};
pub use signing::signer::Signer;
pub use signing::stream::SigningStream;
pub use signing::string::{signing_string, signing_string_len, write_signing_string};
pub use verifying::replay_guard::{
    ReplayEntry, ReplayGuard, ReplaySlice, ReplayState, ReplayStore,
};
pub use verifying::verify::{DEFAULT_WINDOW, Verified, Verifier, VerifyingStream};
