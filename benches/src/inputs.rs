//! A typical request and the keys.

use daxsign_core::{HeaderField, PrivateKey};

/// A key's files.
pub struct KeyFile {
    /// Size of the modulus in bits.
    pub bits: usize,
    /// PKCS#8 as PEM.
    pub pem: &'static str,
    /// PKCS#8 as DER.
    pub der: &'static [u8],
    /// The public key, PKCS#1 as DER.
    pub public_der: &'static [u8],
}

macro_rules! key_file {
    ($bits:literal) => {
        KeyFile {
            bits: $bits,
            pem: include_str!(concat!("../../tests/vectors/keys/rsa", $bits, ".pkcs8.pem")),
            der: include_bytes!(concat!("../../tests/vectors/keys/rsa", $bits, ".pkcs8.der")),
            public_der: include_bytes!(concat!(
                "../../tests/vectors/keys/rsa",
                $bits,
                ".public-pkcs1.der"
            )),
        }
    };
}

/// The keys, the smallest first.
pub const KEYS: [KeyFile; 3] = [key_file!(2048), key_file!(3072), key_file!(4096)];

/// The body of [`headers`]' request.
pub const BODY: &str = r#"{"Context":"GetContracts","PageSize":100,"Page":1}"#;
/// The method of [`headers`]' request.
pub const METHOD: &str = "POST";
/// The target of [`headers`]' request.
pub const TARGET: &str = "/api/v2.0/contracts";

/// The fields of a request as a host sends it: six fields, 300 bytes with first line and body.
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
        HeaderField::new("Content-Length", "50"),
        HeaderField::new("User-Agent", "daxsign"),
    ]
}

/// What [`headers`]' request is signed over with the default list, written out by hand.
pub const SIGNING_STRING: &str = "(request-target): post /api/v2.0/contracts\n\
    host: api-prod.dax.amido.io\n\
    content-type: application/json; charset=utf-8\n\
    content-length: 50\n\
    date: 2025-12-08T13:51:50.2437457Z\n\
    {\"Context\":\"GetContracts\",\"PageSize\":100,\"Page\":1}";

/// Our key out of a file.
///
/// # Panics
/// If the file is no key.
#[must_use]
pub fn key(file: &KeyFile) -> PrivateKey {
    PrivateKey::from_bytes(file.pem.as_bytes()).expect("a key of the vectors loads")
}
