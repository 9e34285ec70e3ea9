//! OpenSSL, the system's: assembly, AVX-512 IFMA where the machine has it (for keys of 2048 bits
//! since 3.0, for larger ones since 3.1).
//!
//! Blinds, and checks each signature with the public key before it gives it out. Loading reads the
//! numbers and does not check them against each other. The contexts are made once and used again.

use std::cell::RefCell;

use openssl::md::Md;
use openssl::pkey::{PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sha::sha256;

use crate::library::{BoxedKey, Key, Library, must};

pub(crate) const LIBRARY: Library = Library {
    name: "openssl",
    load_der: |private, _| {
        Loaded::boxed(&must(PKey::private_key_from_pkcs8(private), "load a key"))
    },
    load_pem: Some(|pem| {
        Loaded::boxed(&must(
            PKey::private_key_from_pem(pem.as_bytes()),
            "load a key",
        ))
    }),
    sha256,
};

struct Loaded {
    signing: RefCell<PkeyCtx<Private>>,
    verifying: RefCell<PkeyCtx<Private>>,
}

impl Loaded {
    fn boxed(key: &PKey<Private>) -> BoxedKey {
        let context = |verifying: bool| {
            let mut context = PkeyCtx::new(key)?;
            if verifying {
                context.verify_init()?;
            } else {
                context.sign_init()?;
            }
            context.set_rsa_padding(Padding::PKCS1)?;
            context.set_signature_md(Md::sha256())?;
            Ok::<_, openssl::error::ErrorStack>(RefCell::new(context))
        };
        Box::new(Self {
            signing: must(context(false), "prepare signing"),
            verifying: must(context(true), "prepare verifying"),
        })
    }
}

impl Key for Loaded {
    fn sign(&self, message: &[u8], signature: &mut [u8]) {
        let mut context = self.signing.borrow_mut();
        must(context.sign(&sha256(message), Some(signature)), "sign");
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let mut context = self.verifying.borrow_mut();
        context.verify(&sha256(message), signature).unwrap_or(false)
    }
}
