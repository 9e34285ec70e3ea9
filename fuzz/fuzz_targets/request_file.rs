//! A request for a certificate that is taken is signed by its own key, as a naive walk and another crate's
//! hash say.
#![no_main]

use daxsign_core::{Digest, RequestFile};
use daxsign_fuzz::der::{split, take};
use daxsign_fuzz::mutator;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use sha2::{Digest as _, Sha256};

const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

fuzz_target!(|data: &[u8]| {
    let request = match RequestFile::unverified(data) {
        Ok(request) => request,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let shown = request.subject().to_string();
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    for name in request.extensions().alternative_names() {
        assert!(!name.to_string().chars().any(char::is_control));
    }
    let taken = RequestFile::from_bytes(data).is_ok();
    if data.first() == Some(&SEQUENCE) {
        let signed = request.public_key().is_ok_and(|key| {
            let (digest, signature) = walk(data).expect("it was read");
            key.verify_digest(&digest, signature).is_ok()
        });
        // Another algorithm over the same bytes is not taken.
        assert!(signed || !taken);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_der(data, size, max_size, seed)
});

/// The hash of what is signed, and the signature.
fn walk(mut file: &[u8]) -> Option<(Digest, &[u8])> {
    let mut outer = take(&mut file, SEQUENCE)?;
    let (_, _, rest) = split(outer)?;
    let info = &outer[..outer.len() - rest.len()];
    outer = rest;
    take(&mut outer, SEQUENCE)?;
    let bits = take(&mut outer, BIT_STRING)?;
    Some((Digest(Sha256::digest(info).into()), bits.get(1..)?))
}
