//! ring: assembly with MULX and ADX, no AVX-512.
//!
//! Does not blind; checks each signature before it gives it out. Loading leaves to that check how dP,
//! dQ, e and n belong together. Reads no PEM. A public key for verifying is read anew each time: its
//! interface keeps none, so that its figure for verifying has the key's preparation in it.

use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};

use crate::library::{BoxedKey, Key, Library, must};

pub(crate) const LIBRARY: Library = Library {
    name: "ring",
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
    public: UnparsedPublicKey<Vec<u8>>,
    random: SystemRandom,
}

fn load_der(private: &[u8], public: &[u8]) -> BoxedKey {
    Box::new(Loaded {
        private: must(KeyPair::from_pkcs8(private), "load a key"),
        public: UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.to_vec()),
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
        self.public.verify(message, signature).is_ok()
    }
}
