//! A private key in DER that loads has numbers that belong together, by another crate's arithmetic,
//! and signs; anything else is refused with an error of keys.
#![no_main]

use daxsign_core::{KeyEncoding, PrivateKey, PublicKey, identify_key};
use daxsign_fuzz::{keys, mutator};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let kind = identify_key(data);
    // To load the key that must be gone afterwards takes long.
    let mut place = match data.len() % 32 {
        1 => keys::test_key(),
        _ => PrivateKey::empty(),
    };
    let loaded = place.load(data);
    let key = match PrivateKey::from_der(data) {
        Ok(key) => key,
        Err(error) => {
            keys::check_error(&error);
            // Text that starts as DER does could be PEM.
            if loaded.is_ok() {
                assert_eq!(kind.expect("a key").1, KeyEncoding::Pem);
            } else {
                let bits = place.public_key().modulus_bits();
                assert_eq!(bits, 0, "a key after an error");
            }
            return;
        }
    };
    assert_eq!(loaded, Ok(()));
    let (kind, encoding) = kind.expect("a key that loads is known");
    assert!(kind.is_private() && encoding == KeyEncoding::Der);
    keys::check_error(&PublicKey::from_bytes(data).expect_err("not a public key"));
    keys::check_private(&key, data);
    keys::check_signing(&key);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_der(data, size, max_size, seed)
});
