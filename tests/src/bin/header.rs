//! Writes `include/daxsign.h`.

use daxsign_tests::header::{generate_header, header_path};

fn main() -> std::io::Result<()> {
    std::fs::write(header_path(), generate_header())
}
