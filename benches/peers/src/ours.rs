//! daxsign-core. Does not blind (its time does not depend on the message); checks each signature
//! before it gives it out. Loading checks the key's numbers against each other.

use daxsign_benches::inputs::KeyFile;
use daxsign_core::{Digest, Kernel, PrivateKey, Sha256, Signer};

use crate::library::{BoxedKey, Key, Library};

/// As a library among the others, on the best kernel.
pub(crate) const LIBRARY: Library = Library {
    name: "daxsign",
    load_der: |private, _| boxed(private),
    load_pem: Some(|pem| boxed(pem.as_bytes())),
    sha256: Sha256::digest,
};

fn boxed(file: &[u8]) -> BoxedKey {
    let mut key = Box::new(PrivateKey::empty());
    key.load(file).expect("our key loads");
    key
}

/// A key for each kernel that this machine can run, with the kernel's name: the best one first, as
/// `None`.
pub(crate) fn keys_by_kernel(file: &KeyFile) -> Vec<(Option<&'static str>, BoxedKey)> {
    let mut keys = vec![(None, boxed(file.der))];
    for kernel in Kernel::ALL {
        let mut key = Box::new(PrivateKey::empty());
        key.load(file.der).expect("our key loads");
        if key.use_kernel(kernel) {
            keys.push((Some(kernel.name()), key as BoxedKey));
        }
    }
    keys
}

impl Key for PrivateKey {
    fn sign(&self, message: &[u8], signature: &mut [u8]) {
        self.sign_digest(&Digest(Sha256::digest(message)), signature)
            .expect("our key signs");
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public_key()
            .verify_digest(&Digest(Sha256::digest(message)), signature)
            .is_ok()
    }
}
