//! Measures daxsign-core beside its peers in one process and prints the run as JSON. Started by
//! `cargo run --release -p daxsign-benches --bin peers` in the folder above.

mod aws_lc;
mod circumstances;
mod contest;
mod generate;
mod graviola;
mod keys;
mod library;
mod openssl;
mod ours;
mod peers;
mod requests;
mod ring;
mod rsa;

fn main() {
    let mut run = circumstances::run();
    if std::env::args().any(|argument| argument == "generate") {
        // Nothing else, for who works on that.
        run.rows.extend(generate::generate());
        println!("{}", run.to_json());
        return;
    }
    run.rows.extend(keys::sign_and_verify());
    run.rows.extend(keys::batch());
    run.rows.extend(requests::typical());
    run.rows.extend(requests::large());
    run.rows.extend(keys::load());
    run.rows.extend(generate::generate());
    println!("{}", run.to_json());
}
