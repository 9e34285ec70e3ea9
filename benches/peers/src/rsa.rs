//! The `rsa` crate of RustCrypto: portable Rust.
//!
//! Called without randomness, so that it does not blind; checks each signature before it gives it
//! out.

use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::{Digest, Sha256};

use crate::library::{BoxedKey, Key, Library, must};

pub(crate) const LIBRARY: Library = Library {
    name: "rsa",
    load_der: |private, _| {
        Loaded::boxed(must(RsaPrivateKey::from_pkcs8_der(private), "load a key"))
    },
    load_pem: Some(|pem| Loaded::boxed(must(RsaPrivateKey::from_pkcs8_pem(pem), "load a key"))),
    sha256,
};

/// The DER of a DigestInfo for SHA-256 up to the hash (RFC 8017 9.2).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn scheme() -> Pkcs1v15Sign {
    Pkcs1v15Sign {
        hash_len: Some(32),
        prefix: SHA256_PREFIX.into(),
    }
}

struct Loaded {
    private: RsaPrivateKey,
    public: RsaPublicKey,
}

impl Loaded {
    fn boxed(private: RsaPrivateKey) -> BoxedKey {
        Box::new(Self {
            public: private.to_public_key(),
            private,
        })
    }
}

impl Key for Loaded {
    fn sign(&self, message: &[u8], signature: &mut [u8]) {
        let made = must(self.private.sign(scheme(), &sha256(message)), "sign");
        signature.copy_from_slice(&made);
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public
            .verify(scheme(), &sha256(message), signature)
            .is_ok()
    }
}
