//! The programs in the pages of docs/, and what they send.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::prelude::{BASE64_STANDARD, Engine};

use crate::native::{installed, project};

/// The one program of a page: its block in this language.
#[must_use]
pub fn program(page: &str, language: &str) -> String {
    let path = project().join(format!("docs/{page}.md"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{page}: {error}"));
    let fence = format!("\n```{language}\n");
    let mut blocks = text.split(fence.as_str()).skip(1);
    let block = blocks.next().expect("a program");
    assert!(blocks.next().is_none(), "{page} has more than one program");
    block.split_once("\n```\n").expect("its end").0.to_owned() + "\n"
}

/// The block of commands of a page that starts so.
#[must_use]
pub fn commands(page: &str, start: &str) -> String {
    let path = project().join(format!("docs/{page}.md"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{page}: {error}"));
    let blocks = text.split("\n```sh\n").skip(1);
    let mut found = blocks.filter(|block| block.starts_with(start));
    let block = found.next().expect("such a block");
    block.split_once("\n```\n").expect("its end").0.to_owned()
}

/// A parameter of a `Signature` field.
#[must_use]
pub fn parameter<'v>(value: &'v str, name: &str) -> &'v str {
    let rest = value.split_once(&format!("{name}=\"")).expect(name).1;
    rest.split_once('"').expect("its end").0
}

/// The signature in a `Signature` field.
#[must_use]
pub fn signed_by(value: &str) -> Vec<u8> {
    let base64 = parameter(value, "signature");
    BASE64_STANDARD.decode(base64).expect("base64")
}

/// A compiler's command for a program in C++ with the installed library, which is to have no warning.
#[must_use]
pub fn cpp(compiler: &str, source: &Path, program: &Path) -> Command {
    let mut command = Command::new(compiler);
    command
        .args(["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg("-I")
        .arg(installed().join("include"))
        .arg(source)
        .arg(installed().join("lib/libdaxsign.a"))
        .arg("-o")
        .arg(program);
    command
}
