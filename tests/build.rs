//! Writes the assembly that `kernels.rs` takes into itself and `constant_time.rs` reads.

use std::env;
use std::path::Path;

#[path = "../core/build/ifma/mod.rs"]
mod ifma;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../core/build");
    let folder = env::var("OUT_DIR").expect("cargo gives a folder");
    ifma::write(Path::new(&folder)).expect("the folder can be written");
}
