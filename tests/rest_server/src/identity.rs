//! Who calls: the one caller that every scenario knows.

use std::path::PathBuf;

use daxsign_tests::native::project;

/// The user's name. It holds what a form must percent-encode.
pub const USER: &str = "anna+dax@example.org";
/// The user's password. It holds what a form must percent-encode.
pub const PASSWORD: &str = "p&ss=w%rd+ å;#";
/// The caller's own instance: its key signs, and the token is asked for in its name.
pub const CLIENT_ID: &str = "3f0b2f4e-5b5c-4f0f-9d65-0c0f6f1f7a11";
/// The partner that is asked.
pub const PARTNER: &str = "9a1d8e02-64c3-4c6c-8d55-2f7b8c1d0e21";
/// The partner's instance that is asked.
pub const INSTANCE: &str = "c5a7e3b4-0d19-4f7e-a3b2-71e6d4c8f931";

/// The caller's private key, a PEM file.
pub fn private_key() -> PathBuf {
    keys().join("rsa2048.pkcs8.pem")
}

/// The same key's public part, a PEM file.
pub fn public_key() -> PathBuf {
    keys().join("rsa2048.spki.pem")
}

/// The folder of the tests' keys.
pub(crate) fn keys() -> PathBuf {
    project().join("tests/vectors/keys")
}
