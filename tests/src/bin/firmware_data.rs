//! Writes the vectors, their keys and the randomness of a new key as C headers, `cases.h`, `keys.h` and
//! `randomness.h`, to the folder named.

use std::path::PathBuf;

use daxsign_tests::c_cases::small_cases_header;
use daxsign_tests::c_keys::{keys_header, randomness_header};

fn main() -> std::io::Result<()> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: firmware_data FOLDER");
        std::process::exit(2);
    };
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("cases.h"), small_cases_header())?;
    std::fs::write(folder.join("keys.h"), keys_header())?;
    std::fs::write(folder.join("randomness.h"), randomness_header())
}
