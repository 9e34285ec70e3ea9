//! Writes keys for `firmware/src/bin/steady.rs` into the file named: PKCS#8 in DER, one behind the
//! other. They have 2048 bits, and all numbers in them the same length: lengths are public, and
//! loading may take its time by them.

use std::path::PathBuf;

use daxsign_tests::rsa_keys::{KeyNumbers, seeded_rng};

/// As the program expects.
const KEYS: usize = 8;

fn main() -> std::io::Result<()> {
    let Some(file) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: steady_keys FILE");
        std::process::exit(2);
    };
    let keys = (0..).map(|seed| KeyNumbers::generate(&mut seeded_rng(seed), 1024, 1024, 65_537));
    let mut keys = keys.peekable();
    let first = keys.peek().map(lengths);
    let same = keys.filter(|key| Some(lengths(key)) == first);
    let all: Vec<u8> = same.take(KEYS).flat_map(|key| key.pkcs8_der()).collect();
    std::fs::write(file, all)
}

/// Bytes of the secret numbers in DER, where the highest bit is a sign.
fn lengths(key: &KeyNumbers) -> [u64; 6] {
    let numbers = [&key.d, &key.p, &key.q, &key.d_p, &key.d_q, &key.q_inv];
    numbers.map(|number| number.bits() / 8 + 1)
}
