//! Makes RSA keys from the operating system's randomness.

use daxsign_core::{EnrolError, PrivateKey, RandomnessFailed, private_key_file_len};
use zeroize::Zeroizing;

use crate::arguments::KeyFormat;
use crate::failure::Failure;

/// What errors here are about.
const PLACE: &str = "the new key";

/// The operating system's randomness.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
    getrandom::fill(bytes).map_err(|_| RandomnessFailed)
}

/// A new private key of `bits` bits with the public exponent 65537, as PEM text.
pub(crate) fn make(bits: usize, format: KeyFormat) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut why = None;
    let mut random = |bytes: &mut [u8]| {
        getrandom::fill(bytes).map_err(|error| {
            why = Some(error);
            RandomnessFailed
        })
    };
    // In its place, so that no copy of the numbers stays on the stack.
    let mut key = Box::new(PrivateKey::empty());
    let made = key.generate(bits, &mut random, &mut || ());
    made.map_err(|error| match (error, why) {
        (EnrolError::RandomnessFailed, Some(why)) => {
            Failure::Unusable(format!("the operating system gives no randomness: {why}"))
        }
        _ => Failure::refused_enrolling(&error, PLACE),
    })?;
    let format = match format {
        KeyFormat::Pkcs1 => daxsign_core::KeyFormat::Pkcs1Pem,
        KeyFormat::Pkcs8 => daxsign_core::KeyFormat::Pkcs8Pem,
    };
    let mut file = Zeroizing::new(vec![0; private_key_file_len(bits, format)]);
    let written = key.write(format, &mut file);
    let len = written
        .map_err(|error| Failure::refused(&error, PLACE))?
        .len();
    file.truncate(len);
    Ok(file)
}
