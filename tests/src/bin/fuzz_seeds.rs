//! Writes the seeds of fuzz/corpus out of the vectors: `fuzz_seeds FOLDER`.

fn main() {
    let folder = std::env::args_os()
        .nth(1)
        .expect("usage: fuzz_seeds FOLDER");
    let count = daxsign_tests::fuzz_seeds::write(folder.as_ref());
    println!("{count} seeds");
}
