//! Makes RSA keys from the operating system's randomness.

use getrandom::SysRng;
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::rand_core::UnwrapErr;
use zeroize::Zeroizing;

use crate::arguments::KeyFormat;
use crate::failure::Failure;

/// A new private key of `bits` bits with the public exponent 65537, as PEM text.
pub(crate) fn make(bits: usize, format: KeyFormat) -> Result<Zeroizing<String>, Failure> {
    // The key's maker cannot pass on a failure of the randomness, so it is tried beforehand: a
    // system that gave some once does not stop giving it.
    let mut probe = [0; 32];
    getrandom::fill(&mut probe).map_err(|error| {
        Failure::Unusable(format!("the operating system gives no randomness: {error}"))
    })?;
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::Unusable(format!("cannot make a key of {bits} bits: {error}"))
    };
    let key = RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits).map_err(|error| cannot(&error))?;
    match format {
        KeyFormat::Pkcs1 => key
            .to_pkcs1_pem(LineEnding::LF)
            .map_err(|error| cannot(&error)),
        KeyFormat::Pkcs8 => key
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|error| cannot(&error)),
    }
}
