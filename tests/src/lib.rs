//! What the tests share: the cases, a second reading of the rules, keys of odd shapes, and the two
//! programs that are run as processes (OpenSSL and the tool).
//!
//! Helpers panic when something is not as it must be: a test that uses them then fails with that
//! message.
// Said once above, for all of them.
#![allow(clippy::missing_panics_doc)]
// Some are called for what they check.
#![allow(clippy::must_use_candidate)]

pub mod attack;
pub mod authority_stage;
pub mod c_cases;
pub mod c_certificates;
pub mod c_keys;
pub mod c_program;
pub mod caller;
pub mod cases;
pub mod cpp_interface;
pub mod csharp;
pub mod dax_api;
#[cfg(feature = "hosts")]
pub mod dax_play;
pub mod dotnet;
pub mod dotnet_windows;
pub mod explained;
pub mod faster;
pub mod folder;
#[cfg(feature = "hosts")]
pub mod fuzz_seeds;
pub mod generate;
pub mod gnutls;
#[cfg(feature = "hosts")]
pub mod header;
#[cfg(feature = "hosts")]
pub mod header_text;
pub mod inner;
pub mod kernels;
pub mod loopback;
pub mod made_certificate;
#[cfg(feature = "hosts")]
pub mod made_list;
#[cfg(feature = "hosts")]
pub mod managing;
pub mod model;
pub mod native;
pub mod needles;
pub mod npm;
pub mod nuget;
pub mod open_banking;
pub mod openssl;
pub mod openssl_server;
pub mod pages;
pub mod pkits;
pub mod public_vectors;
pub mod request;
pub mod rest_stage;
pub mod roslyn;
pub mod rsa_keys;
pub mod sandbox;
pub mod sidecar;
#[cfg(feature = "hosts")]
pub mod tls_judged;
pub mod tls_peer;
#[cfg(feature = "hosts")]
pub mod tls_stage;
pub mod tool;
pub mod traced;
pub mod wheel;
pub mod windows;
pub mod wine;

/// The bytes in hexadecimal.
#[must_use]
pub fn lowercase_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The bytes of a string of hexadecimal digits.
#[must_use]
pub fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "{text}");
    let byte = |start| u8::from_str_radix(&text[start..start + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(byte).collect()
}
