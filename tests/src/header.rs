//! `include/daxsign.h`, made from the comments in `ffi/src`.

use std::path::PathBuf;

use crate::native::project;

/// The files of `ffi/src` in the order of the header.
const FILES: [&str; 27] = [
    "version",
    "status",
    "problem",
    "detail",
    "detail_message",
    "request",
    "options",
    "date",
    "storage",
    "keys",
    "key_file_message",
    "signing",
    "signer",
    "signing_stream",
    "signature_header",
    "verifying",
    "message",
    "replay_guard",
    "explain",
    "enrolling/generate",
    "enrolling/write_key",
    "enrolling/names",
    "enrolling/write_request",
    "enrolling/read_certificate",
    "enrolling/verify_certificate",
    "enrolling/message",
    "wipe",
];

/// Where the header stands.
#[must_use]
pub fn header_path() -> PathBuf {
    project().join("include/daxsign.h")
}

/// The header as the sources give it now.
#[must_use]
pub fn generate_header() -> String {
    let ffi = project().join("ffi");
    let config = cbindgen::Config::from_file(ffi.join("cbindgen.toml")).expect("ffi/cbindgen.toml");
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in FILES {
        builder = builder.with_src(ffi.join(format!("src/{file}.rs")));
    }
    let mut text = Vec::new();
    builder
        .generate()
        .expect("the sources of ffi")
        .write(&mut text);
    String::from_utf8(text).expect("UTF-8")
}
