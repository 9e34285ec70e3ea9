//! Measures daxsign beside its peers, alternately in one process, and prints one line each:
//! operation, peer, and the peer's time over ours (above 1: we are faster). `--json` prints one
//! object instead.

use std::time::Instant;

use daxsign_benches::{KEYS, key};
use daxsign_core::{Digest, Signer};
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::DecodePrivateKey;

/// Pairs of runs; the figure is the median of each side.
const RUNS: usize = 101;
/// The DER of a DigestInfo for SHA-256 up to the hash.
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// One line of the result.
struct Row {
    operation: String,
    peer: &'static str,
    ratio: f64,
    our_microseconds: f64,
}

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    let mut rows = Vec::new();
    for (bits, file) in KEYS {
        measure_rsa_crate(bits, file, &mut rows);
    }
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "operation": row.operation,
                    "peer": row.peer,
                    "ratio": row.ratio,
                    "our_microseconds": row.our_microseconds,
                })
            })
            .collect();
        println!("{}", serde_json::Value::Array(rows));
        return;
    }
    for row in rows {
        println!("{} {} {:.2}", row.operation, row.peer, row.ratio);
    }
}

/// Signing and verifying against the `rsa` crate, which signs without blinding here.
fn measure_rsa_crate(bits: usize, file: &str, rows: &mut Vec<Row>) {
    let ours = key(file);
    let theirs = RsaPrivateKey::from_pkcs8_pem(file).expect("a key of the vectors loads");
    let public = theirs.to_public_key();
    let digest = Digest([0xA5; 32]);
    let scheme = || Pkcs1v15Sign {
        hash_len: Some(digest.0.len()),
        prefix: SHA256_PREFIX.into(),
    };
    let mut signature = vec![0; bits / 8];
    ours.sign_digest(&digest, &mut signature).expect("signs");
    let expected = theirs.sign(scheme(), &digest.0).expect("signs");
    assert_eq!(signature, expected, "both make the one signature there is");

    let mut out = signature.clone();
    rows.push(compare(
        format!("sign-{bits}"),
        || ours.sign_digest(&digest, &mut out).expect("signs"),
        || drop(theirs.sign(scheme(), &digest.0).expect("signs")),
    ));
    rows.push(compare(
        format!("verify-{bits}"),
        || {
            ours.public_key()
                .verify_digest(&digest, &signature)
                .expect("verifies");
        },
        || {
            public
                .verify(scheme(), &digest.0, &signature)
                .expect("verifies");
        },
    ));
}

/// The medians of both sides, run in turn.
fn compare(operation: String, mut ours: impl FnMut(), mut theirs: impl FnMut()) -> Row {
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1e6
    };
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        our_times.push(time(&mut ours));
        their_times.push(time(&mut theirs));
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let our_microseconds = median(&mut our_times);
    Row {
        operation,
        peer: "rsa",
        ratio: median(&mut their_times) / our_microseconds,
        our_microseconds,
    }
}
