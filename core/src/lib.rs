#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_auto_cfg))]

mod base64;
mod body;
mod charset;
mod components;
mod content_length;
mod date;
mod digest;
mod error;
mod field_value;
mod label;
mod options;
mod request;
mod request_target;
mod sha256;
mod signature_header;
mod signing_stream;
mod signing_string;
mod sink;
mod token;

pub use components::{Component, Components, REQUEST_TARGET};
pub use date::{DATE_LEN, DateText, Timestamp};
pub use digest::{Digest, Profile, signing_digest};
pub use error::{
    BindingProblem, BodyProblem, DateProblem, Error, KeyProblem, SyntaxProblem, ValueProblem,
};
pub use label::Label;
pub use options::{ContentPolicy, Options, TargetForm};
pub use request::{HeaderField, Request};
pub use sha256::Sha256;
pub use signature_header::{
    SIGNATURE_FIELD, SignatureHeader, signature_header_len, write_signature_header,
};
pub use signing_stream::SigningStream;
pub use signing_string::{signing_string, signing_string_len, write_signing_string};
pub use sink::{Counter, Sink, SliceSink};

/// The largest modulus that this build can hold, in bits (features `rsa-3072`, `rsa-4096`).
pub const MAX_MODULUS_BITS: usize = if cfg!(feature = "rsa-4096") {
    4096
} else if cfg!(feature = "rsa-3072") {
    3072
} else {
    2048
};
