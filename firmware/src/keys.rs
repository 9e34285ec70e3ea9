//! The key files, as a controller has them in its flash, and loading them.

use daxsign_core::PrivateKey;
use daxsign_firmware::measure::measure;

use crate::bench::Bench;

/// A key's files, and its secret numbers to look for where they must not be.
#[derive(Clone, Copy)]
pub struct Files {
    pub bits: usize,
    pub pem: &'static [u8],
    pub der: &'static [u8],
    pub secret: &'static [u32],
}

include!(concat!(env!("OUT_DIR"), "/secrets.rs"));

macro_rules! files {
    ($bits:literal, $secret:ident) => {
        Files {
            bits: $bits,
            pem: include_bytes!(concat!("../../tests/vectors/keys/rsa", $bits, ".pkcs8.pem")),
            der: include_bytes!(concat!("../../tests/vectors/keys/rsa", $bits, ".pkcs1.der")),
            secret: &$secret,
        }
    };
}

/// The smallest.
pub const SMALL: Files = files!(2048, SECRET_2048);
#[cfg(not(feature = "large-keys"))]
pub const ALL: [Files; 1] = [SMALL];
#[cfg(feature = "large-keys")]
pub const ALL: [Files; 3] = [SMALL, files!(3072, SECRET_3072), files!(4096, SECRET_4096)];

/// Measures loading from PEM and from DER; the key stays loaded.
pub fn load(bench: &mut Bench, files: Files) {
    for (operation, file) in [(c"load-pem", files.pem), (c"load-der", files.der)] {
        let file = core::hint::black_box(file);
        let key: &mut PrivateKey = bench.key;
        let (result, cost) = measure(&bench.counter, || key.load(file));
        let good = result.is_ok() && key.public_key().modulus_bits() == files.bits;
        bench.line(operation, files.bits, cost, good);
    }
}
