//! Measures daxsign-core beside its peers in one process and prints the run as JSON. Started by
//! `cargo run --release -p daxsign-benches --bin peers` in the folder above.

mod aws_lc;
mod circumstances;
mod graviola;
mod keys;
mod library;
mod openssl;
mod ours;
mod requests;
mod ring;
mod rsa;

use std::time::Duration;

use daxsign_benches::run::Row;
use daxsign_benches::turns::Contestant;

/// How long one contest lasts: hundreds of rounds for most, and all of them in about a minute.
const GROUP_TIME: Duration = Duration::from_secs(6);

fn main() {
    let mut run = circumstances::run();
    run.rows.extend(keys::sign_and_verify());
    run.rows.extend(keys::batch());
    run.rows.extend(requests::typical());
    run.rows.extend(requests::large());
    run.rows.extend(keys::load());
    println!("{}", run.to_json());
}

/// A line of the result.
fn row(operation: &str, peer: &str, ours: &Contestant<'_>, theirs: &Contestant<'_>) -> Row {
    let ratio = theirs.over(ours);
    Row {
        operation: operation.to_owned(),
        peer: peer.to_owned(),
        ratio: ratio.median,
        ratio_low: ratio.low,
        ratio_high: ratio.high,
        our_microseconds: ours.microseconds(),
        peer_microseconds: theirs.microseconds(),
    }
}
