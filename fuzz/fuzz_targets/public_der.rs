//! A public key in DER that loads is written back, naively, as exactly the bytes that were read.
#![no_main]

use daxsign_core::{KeyEncoding, KeyKind, PrivateKey, PublicKey, identify_key};
use daxsign_fuzz::{keys, mutator};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

thread_local! {
    /// What was loaded before.
    static KEY: PublicKey = keys::test_key().public_key().clone();
}

fuzz_target!(|data: &[u8]| {
    let kind = identify_key(data);
    let mut place = KEY.with(PublicKey::clone);
    let loaded = place.load(data);
    let key = match PublicKey::from_der(data) {
        Ok(key) => key,
        Err(error) => {
            keys::check_error(&error);
            if loaded.is_ok() {
                assert_eq!(kind.expect("a key").1, KeyEncoding::Pem);
            } else {
                assert_eq!(place.modulus_bits(), 0, "the old key is still there");
            }
            return;
        }
    };
    assert_eq!(loaded, Ok(()));
    keys::check_error(&PrivateKey::from_bytes(data).expect_err("not a private key"));
    keys::check_public(&key);
    match kind {
        Ok((KeyKind::Pkcs1Public, KeyEncoding::Der)) => assert_eq!(keys::pkcs1(&key), data),
        Ok((KeyKind::Spki, KeyEncoding::Der)) => {
            assert!(keys::spki(&key).iter().any(|spki| spki == data));
        }
        Ok((KeyKind::Certificate, KeyEncoding::Der)) => {}
        other => panic!("a public key that is {other:?}"),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_der(data, size, max_size, seed)
});
