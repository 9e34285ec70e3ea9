//! A third language: Python's ctypes, with nothing but the text of the header.

use std::process::Command;

use daxsign_core::Profile;
use daxsign_tests::c_program::succeed;
use daxsign_tests::cases::{good, key_path};
use daxsign_tests::folder::Folder;
use daxsign_tests::header_text::{functions, header_text};
use daxsign_tests::lowercase_hex;
use daxsign_tests::native::{installed, project};
use serde_json::json;

#[test]
fn python_signs_and_verifies_from_the_header_alone() {
    let (case, known) = good()
        .into_iter()
        .find(|(case, _)| case.name == "documented-post")
        .unwrap();
    let request = &case.request;
    let hex = |text: &str| lowercase_hex(text.as_bytes());
    let fields: Vec<[String; 2]> = request
        .headers
        .iter()
        .map(|(name, value)| [hex(name), lowercase_hex(value)])
        .collect();
    let (_, date) = request
        .headers
        .iter()
        .find(|(name, _)| name == "Date")
        .unwrap();
    let folder = Folder::default();
    let sent = json!({
        "method": hex(&request.method),
        "target": hex(&request.target),
        "fields": fields,
        "body": lowercase_hex(&request.body),
        "components": hex(&case.components.join(" ")),
        "date": lowercase_hex(date),
    });
    let case_file = folder.write("case.json", sent.to_string());
    let output = succeed(
        Command::new("python3")
            .arg(project().join("tests/python/smoke.py"))
            .arg(installed().join("include/daxsign.h"))
            .arg(installed().join("lib/libdaxsign.so"))
            .arg(key_path("rsa2048.pkcs8.pem"))
            .arg(case_file),
    );
    let signature = known
        .signatures
        .iter()
        .find(|known| known.key == "rsa2048" && known.profile == Profile::Documented)
        .unwrap();
    let expected = format!(
        "{} functions\nSignature: realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{}\" \
         signature=\"{}\"\nSHA-256: {}\nstale-date: the request is 301 s old and 300 s are allowed: \
         check both clocks, or sign again with the present time\n",
        functions(&header_text()).len(),
        known.headers_parameter,
        signature.base64,
        lowercase_hex(&known.sha256),
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}
