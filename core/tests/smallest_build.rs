//! The build without features: keys of 2048 bits only.
#![cfg(not(feature = "rsa-3072"))]

use daxsign_core::{Digest, Error, MAX_MODULUS_BITS, PrivateKey, PublicKey, Signer};

const KEY: &[u8] = include_bytes!("../../tests/vectors/keys/rsa2048.pkcs1.der");
const LARGER_KEY: &[u8] = include_bytes!("../../tests/vectors/keys/rsa3072.pkcs8.pem");
const LARGER_PUBLIC_KEY: &[u8] = include_bytes!("../../tests/vectors/keys/rsa3072.spki.pem");

#[test]
fn a_key_of_2048_bits_signs() {
    assert_eq!(MAX_MODULUS_BITS, 2048);
    let key = PrivateKey::from_bytes(KEY).unwrap();
    let digest = Digest([7; 32]);
    let mut signature = [0; 256];
    key.sign_digest(&digest, &mut signature).unwrap();
    key.public_key().verify_digest(&digest, &signature).unwrap();
}

#[test]
fn larger_keys_are_unsupported() {
    let private = PrivateKey::from_bytes(LARGER_KEY).map(drop);
    let public = PublicKey::from_bytes(LARGER_PUBLIC_KEY).map(drop);
    for error in [private.unwrap_err(), public.unwrap_err()] {
        assert!(matches!(error, Error::UnsupportedKey { .. }), "{error}");
    }
}
