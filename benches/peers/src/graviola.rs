//! graviola: assembly from s2n-bignum, MULX and ADX, in Rust.
//!
//! Does not blind; checks each signature before it gives it out. Reads no PEM.

use graviola::hashing::{Hash, Sha256};
use graviola::signing::rsa::{SigningKey, VerifyingKey};

use crate::library::{BoxedKey, Key, Library, must};

pub(crate) const LIBRARY: Library = Library {
    name: "graviola",
    load_der,
    load_pem: None,
    sha256: |bytes| Sha256::hash(bytes).as_ref().try_into().expect("32 bytes"),
};

struct Loaded {
    private: SigningKey,
    public: VerifyingKey,
}

fn load_der(private: &[u8], _: &[u8]) -> BoxedKey {
    let private = must(SigningKey::from_pkcs8_der(private), "load a key");
    Box::new(Loaded {
        public: private.public_key(),
        private,
    })
}

impl Key for Loaded {
    fn sign(&self, message: &[u8], signature: &mut [u8]) {
        must(self.private.sign_pkcs1_sha256(signature, message), "sign");
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verify_pkcs1_sha256(signature, message).is_ok()
    }
}
