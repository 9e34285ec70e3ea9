//! Making keys, which takes a time by chance: what is compared is the mean of as many keys of each side.

use std::hint::black_box;

use aws_lc_rs::rsa::{KeyPair, KeySize};
use daxsign_benches::run::Row;
use daxsign_benches::turns::{Contestant, take_single_turns};
use daxsign_core::{PrivateKey, RandomnessFailed};
use openssl::rsa::Rsa;

use crate::library::must;

/// Keys of each side. The mean then has a standard error of some 5 %.
const KEYS: usize = 200;

/// Random bytes of OpenSSL, as its own keys are made of.
fn random(bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
    openssl::rand::rand_bytes(bytes).map_err(|_| RandomnessFailed)
}

/// The mean times, and between which two the ratio lies with the standard errors of both.
pub(crate) fn generate() -> Vec<Row> {
    let ours = Contestant::new("daxsign", || {
        let mut key = PrivateKey::empty();
        key.generate(2048, &mut random, &mut || ())
            .expect("our key is made");
        black_box(&key);
    });
    let aws_lc = Contestant::new("aws-lc-rs", || {
        black_box(must(KeyPair::generate(KeySize::Rsa2048), "make a key"));
    });
    let openssl = Contestant::new("openssl", || {
        black_box(must(Rsa::generate(2048), "make a key"));
    });
    let mut contestants = [ours, aws_lc, openssl];
    take_single_turns(&mut contestants, KEYS);
    let [ours, peers @ ..] = &contestants;
    let (our_mean, our_error) = ours.mean();
    let rows = peers.iter().map(|peer| {
        let (mean, error) = peer.mean();
        Row {
            operation: "generate-2048".to_owned(),
            peer: peer.name().to_owned(),
            ratio: mean / our_mean,
            ratio_low: (mean - error) / (our_mean + our_error),
            ratio_high: (mean + error) / (our_mean - our_error),
            our_microseconds: our_mean,
            peer_microseconds: mean,
        }
    });
    rows.collect()
}
