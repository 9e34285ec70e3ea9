//! aws-lc-rs: AWS-LC, assembly, AVX-512 IFMA where the machine has it.
//!
//! Blinds, and checks each signature with the public key before it gives it out. Loading checks the
//! key's numbers against each other. Reads no PEM. A context is allocated for each signature: its
//! interface offers no way around it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};

use crate::library::{BoxedKey, Key, Library, must};

pub(crate) const LIBRARY: Library = Library {
    name: "aws-lc-rs",
    load_der,
    load_pem: None,
    sha256: |bytes| {
        digest(&SHA256, bytes)
            .as_ref()
            .try_into()
            .expect("32 bytes")
    },
};

struct Loaded {
    private: KeyPair,
    /// Parsed once, as a server would keep it.
    public: ParsedPublicKey,
    random: SystemRandom,
}

fn load_der(private: &[u8], public: &[u8]) -> BoxedKey {
    Box::new(Loaded {
        private: must(KeyPair::from_pkcs8(private), "load a key"),
        public: must(
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public),
            "load a public key",
        ),
        random: SystemRandom::new(),
    })
}

impl Key for Loaded {
    fn sign(&self, message: &[u8], signature: &mut [u8]) {
        let signed = self
            .private
            .sign(&RSA_PKCS1_SHA256, &self.random, message, signature);
        must(signed, "sign");
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(message, signature).is_ok()
    }
}
