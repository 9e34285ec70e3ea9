//! The tool with an authority in a folder, and OpenSSL beside it.

use std::fs;

use serde_json::Value;

use crate::open_banking;
use crate::openssl::OpenSsl;
use crate::tool::{Run, Tool};

/// That of every authority here.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// The tool with an authority in the folder `root`, whose passphrase is in `pass`, and the text's requests.
///
/// # Panics
/// If it cannot be made.
#[must_use]
pub fn with_root() -> (Tool, OpenSsl) {
    let (tool, openssl) = (Tool::default(), OpenSsl::default());
    write_passphrase(&tool);
    let made = tool.run(&[
        "ca",
        "init",
        "root",
        "--name",
        "C=US, ST=Arizona, L=Phoenix, O=Axway, CN=Axway Root CA",
        "--bits",
        "2048",
        "--passphrase-file",
        "pass",
    ]);
    assert_eq!(made.code, 0, "{}", made.err);
    for number in [1, 2] {
        open_banking::request(&openssl, number);
        let name = format!("tpp{number}.csr");
        tool.write(&name, openssl.read(&name));
    }
    (tool, openssl)
}

/// The passphrase in the file `pass`, as only its owner can read it.
///
/// # Panics
/// If it cannot be written.
pub fn write_passphrase(tool: &Tool) {
    use std::os::unix::fs::PermissionsExt;
    let path = tool.write("pass", format!("{PASSPHRASE}\n"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// `daxsign ca …` in the folder `root`, with its passphrase.
#[must_use]
pub fn ca(tool: &Tool, arguments: &[&str]) -> Run {
    let own = ["--ca", "root", "--passphrase-file", "pass"];
    tool.run(&[&["ca"], arguments, &own].concat())
}

/// A certificate of the profile `open-banking`, which must be issued.
///
/// # Panics
/// If it is not.
pub fn issued(tool: &Tool, request: &str, out: &str) -> Run {
    let run = ca(
        tool,
        &[
            "issue",
            request,
            "--profile",
            "open-banking",
            "--yes",
            "--out",
            out,
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    run
}

/// What `daxsign ca list` says of the folder `root`.
///
/// # Panics
/// If it is no JSON.
#[must_use]
pub fn listed(tool: &Tool) -> Value {
    let run = tool.run(&["ca", "list", "--ca", "root", "--json"]);
    serde_json::from_slice(&run.success()).expect("JSON")
}

/// What OpenSSL prints.
///
/// # Panics
/// If it fails.
#[must_use]
pub fn said(openssl: &OpenSsl, arguments: &str) -> String {
    String::from_utf8(openssl.run(arguments))
        .expect("text")
        .trim()
        .to_owned()
}

/// Where the tool's file is, for OpenSSL.
#[must_use]
pub fn at(tool: &Tool, file: &str) -> String {
    tool.path(file).display().to_string()
}
