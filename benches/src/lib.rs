//! What the measurements share: a typical request and the keys.

use daxsign_core::{HeaderField, PrivateKey};

/// The key files, by modulus size in bits.
pub const KEYS: [(usize, &str); 3] = [
    (
        2048,
        include_str!("../../tests/vectors/keys/rsa2048.pkcs8.pem"),
    ),
    (
        3072,
        include_str!("../../tests/vectors/keys/rsa3072.pkcs8.pem"),
    ),
    (
        4096,
        include_str!("../../tests/vectors/keys/rsa4096.pkcs8.pem"),
    ),
];

/// The body of [`headers`]' request.
pub const BODY: &str = r#"{"Context":"GetContracts"}"#;
/// The target of [`headers`]' request.
pub const TARGET: &str = "/api/v2.0/contracts";

/// The fields of a request as a host sends it: six fields, about 300 bytes with line and body.
#[must_use]
pub fn headers() -> [HeaderField<'static>; 6] {
    [
        HeaderField::new("Host", "api-prod.dax.amido.io"),
        HeaderField::new(
            "Authorization",
            "Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
        ),
        HeaderField::new("Date", "2025-12-08T13:51:50.2437457Z"),
        HeaderField::new("Content-Type", "application/json; charset=utf-8"),
        HeaderField::new("Content-Length", "26"),
        HeaderField::new("User-Agent", "daxsign"),
    ]
}

/// Our key out of a file of [`KEYS`].
///
/// # Panics
/// If the file is no key.
#[must_use]
pub fn key(file: &str) -> PrivateKey {
    PrivateKey::from_bytes(file.as_bytes()).expect("a key of the vectors loads")
}
