//! The C interface in C programs, of the library as plain `cargo build` makes it: with the standard
//! library, and unwinding.

use daxsign_tests::c_program::{Build, Linked, Programs, compile_and_check};

#[test]
fn c_programs_get_the_same_from_a_plain_build() {
    let test = std::env::current_exe().expect("the test's own path");
    let build = Build {
        compiler: "gcc",
        flags: &["-std=c99"],
        linked: Linked::Static,
        // Beside the test, which depends on it.
        archive: Some(test.with_file_name("libdaxsign.a")),
    };
    compile_and_check(&build, Programs::run);
}
