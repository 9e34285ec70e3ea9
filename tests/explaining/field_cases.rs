//! Keys and requests as people have them: the tool must say what each is, or what was done wrong.
//! The files stand in `tests/explaining/field-cases`; whoever adds one adds a line here.

use std::path::{Path, PathBuf};

use daxsign_tests::tool::{Run, Tool};
use serde_json::Value;

/// What must be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    /// `daxsign key`.
    Key,
    /// `daxsign sign` with this file as key.
    SignWith,
    /// `daxsign sign` of this request.
    Sign,
    /// `daxsign explain` of this request.
    Explain,
}
use Command::{Explain, Key, Sign, SignWith};

/// A file, what is done with it, the exit codes that are right, and what must be said: all of the
/// texts, of each one of those between bars. In any case.
type Case = (
    &'static str,
    Command,
    &'static [i32],
    &'static [&'static str],
);

/// Loads, or refused with what it is.
const LOADS: &[i32] = &[0];
const REFUSED: &[i32] = &[1, 2];

const CASES: [Case; 67] = [
    ("env_backslash_n.pem", Key, LOADS, &["2048"]),
    ("label_public_on_pkcs1pub.pem", Key, LOADS, &["2048"]),
    ("label_cert_on_pub.pem", Key, LOADS, &["2048", "public key"]),
    (
        "c.pfx",
        SignWith,
        REFUSED,
        &["pkcs#12", "openssl pkcs12 -in", "-nocerts"],
    ),
    ("utf16le.pem", Key, REFUSED, &["utf-16", "powershell"]),
    ("ps_pub.pem", Key, REFUSED, &["utf-16", "--out"]),
    ("bare_b64.txt", Key, REFUSED, &["base64", "begin"]),
    ("hex.txt", Key, REFUSED, &["hex"]),
    ("dash4.pem", Key, REFUSED, &["five dashes"]),
    ("endash.pem", Key, REFUSED, &["five dashes|typographic"]),
    (
        "ssh.pub",
        Key,
        REFUSED,
        &["openssh", "ssh-keygen -e -m pkcs8 -f"],
    ),
    (
        "openssh.pem",
        Key,
        REFUSED,
        &["openssh", "ssh-keygen -p -m pem -f"],
    ),
    ("jwk.json", Key, REFUSED, &["jwk"]),
    ("enc1_cr.pem", Key, REFUSED, &["encrypted"]),
    ("enc1_bsn.pem", Key, REFUSED, &["encrypted"]),
    ("comment_header.pem", Key, REFUSED, &["comment"]),
    ("chain_rev.pem", Key, LOADS, &["1 of 2|first of 2"]),
    ("chain_rev_ec.pem", Key, &[0, 1], &["of 2"]),
    ("pss.http", Explain, REFUSED, &["pss"]),
    ("sig_reversed.http", Explain, REFUSED, &["reverse"]),
    ("type2_di.http", Explain, REFUSED, &["type 2|encryption"]),
    (
        "nopad_di.http",
        Explain,
        REFUSED,
        &["no padding|without padding"],
    ),
    (
        "encrypted_with_pub.http",
        Explain,
        REFUSED,
        &["another key, or by another operation"],
    ),
    (
        "triple_hash.http",
        Explain,
        REFUSED,
        &["three times|once more|triple"],
    ),
    ("sha256_of_sha1.http", Explain, REFUSED, &["sha-1"]),
    (
        "sha1_di_of_sha256.http",
        Explain,
        REFUSED,
        &["sha-1", "digestinfo"],
    ),
    ("pkcs1_hex_hash_no_di.http", Explain, REFUSED, &["hex"]),
    (
        "pkcs1_whole_string.http",
        Explain,
        REFUSED,
        &["did not hash the string"],
    ),
    (
        "titlecase_wire_lower.http",
        Explain,
        REFUSED,
        &["names-not-lowercased"],
    ),
    (
        "no_prefix_target.http",
        Explain,
        REFUSED,
        &["(request-target): "],
    ),
    (
        "json_compact.http",
        Explain,
        REFUSED,
        &["json", "compact|without spaces"],
    ),
    ("body_utf16.http", Explain, REFUSED, &["utf-16"]),
    ("body_bom.http", Explain, REFUSED, &["byte order mark"]),
    ("digest_header_signed.http", Explain, REFUSED, &["digest"]),
    ("host_port_signed.http", Explain, REFUSED, &["port"]),
    ("host_port_dropped.http", Explain, REFUSED, &["port"]),
    (
        "host_rewritten.http",
        Explain,
        REFUSED,
        &["x-forwarded-host"],
    ),
    ("date_replaced_by_proxy.http", Explain, REFUSED, &["x-date"]),
    ("date_plus0000.http", Explain, REFUSED, &["+00:00"]),
    ("date_ms.http", Explain, REFUSED, &["date-fraction-3"]),
    (
        "date_rewritten.http",
        Explain,
        REFUSED,
        &["invalid-date", "rfc 1123", "date-utc-seconds"],
    ),
    (
        "cl_lost.http",
        Explain,
        REFUSED,
        &["content-length", "lost"],
    ),
    (
        "ct_charset_added_after.http",
        Explain,
        REFUSED,
        &["charset"],
    ),
    ("slash_dropped.http", Explain, REFUSED, &["slash|/ at"]),
    ("prefix_stripped_by_proxy.http", Explain, REFUSED, &["/api"]),
    (
        "full_url_port.http",
        Explain,
        REFUSED,
        &["https://", "port"],
    ),
    (
        "split_list_rejoined.http",
        Explain,
        REFUSED,
        &["comma|list"],
    ),
    (
        "utf8_value_latin1_signed.http",
        Explain,
        REFUSED,
        &["latin-1"],
    ),
    ("bsn_literal.http", Explain, REFUSED, &["two characters"]),
    ("utf16_whole.http", Explain, REFUSED, &["utf-16"]),
    (
        "three_mistakes.http",
        Explain,
        REFUSED,
        &["crlf", "method-not-lowercased", "names-not-lowercased"],
    ),
    ("gzip_signed_plain.http", Explain, REFUSED, &["gzip"]),
    ("sig_base64url.http", Explain, REFUSED, &["base64url"]),
    ("sig_hex.http", Explain, REFUSED, &["hexadecimal", "512"]),
    ("sig_wrapped_fold.http", Explain, REFUSED, &["line break"]),
    ("hdr_in_auth.http", Explain, REFUSED, &["authorization"]),
    ("sign_utf16.http", Sign, REFUSED, &["utf-16"]),
    ("sign_chunked.http", Sign, REFUSED, &["transfer-encoding"]),
    (
        "sign_crlf_body.http",
        Sign,
        REFUSED,
        &["11 is its length with \\n|length with \\n"],
    ),
    ("sign_date_p0100.http", Sign, REFUSED, &["colon"]),
    (
        "sign_date_java.http",
        Sign,
        REFUSED,
        &["nothing may follow"],
    ),
    ("sign_date_1970.http", Sign, LOADS, &["years"]),
    ("sign_curl_v.http", Sign, REFUSED, &["curl"]),
    ("sign_gzip.http", Sign, REFUSED, &["content-encoding"]),
    (
        "sign_accept_charset_py.http",
        Sign,
        REFUSED,
        &["remove the field|remove it"],
    ),
    ("test-key.pem", Key, LOADS, &["2048"]),
    ("pub.pem", Key, LOADS, &["2048"]),
];

/// What was said of ten signatures made with the right key.
const FALSE_OF_THE_RIGHT_KEY: &str = "was made with another key than";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("explaining/field-cases")
}

fn path(file: &str) -> String {
    let path = folder().join(file);
    path.to_str().expect("a path in UTF-8").to_owned()
}

fn run(tool: &Tool, file: &str, command: Command) -> Run {
    let (file, key, public) = (path(file), path("test-key.pem"), path("pub.pem"));
    let request = "GET /api/v2.0/contracts HTTP/1.1\nDate: 2026-11-28T12:00:00Z\n\n";
    match command {
        Key => tool.run(&["key", &file]),
        SignWith => tool.run_with_input(&["sign", "--key", &file, "-"], request.as_bytes()),
        Sign => tool.run(&["sign", "--key", &key, &file]),
        Explain => tool.run(&["explain", "--json", "--key", &public, &file]),
    }
}

/// What was printed; of an explanation what was found, without the strings.
fn answer(run: &Run, command: Command) -> String {
    if command != Explain {
        return String::from_utf8_lossy(&run.out).into_owned();
    }
    let Ok(json) = serde_json::from_slice::<Value>(&run.out) else {
        return "(no JSON)".to_owned();
    };
    [
        "finding",
        "mistake",
        "description",
        "signature_finding",
        "error",
    ]
    .map(|name| format!("{name}: {}", json[name]).replace("\\\\", "\\"))
    .join("\n")
}

/// What of a case was not answered as it should.
fn complaints(tool: &Tool, (file, command, codes, texts): Case) -> Vec<String> {
    let run = run(tool, file, command);
    let said = format!("{}\n{}", answer(&run, command), run.err);
    // Sentences are wrapped; files' names say much already.
    let words: Vec<&str> = said.split_whitespace().collect();
    let plain = words
        .join(" ")
        .replace(folder().to_str().expect("a path in UTF-8"), "")
        .replace(file, "FILE")
        .to_lowercase();
    let mut complaints: Vec<String> = texts
        .iter()
        .filter(|text| !text.split('|').any(|one| plain.contains(one)))
        .map(|text| format!("does not say {text:?}"))
        .collect();
    if !codes.contains(&run.code) {
        complaints.push(format!("ends with {}, not {codes:?}", run.code));
    }
    if command == Explain && plain.contains(FALSE_OF_THE_RIGHT_KEY) {
        complaints.push("blames the key".to_owned());
    }
    complaints
        .into_iter()
        .map(|complaint| format!("{file} {complaint}:\n{said}\n"))
        .collect()
}

#[test]
fn each_file_gets_its_answer() {
    let tool = Tool::default();
    let complaints: Vec<String> = CASES
        .iter()
        .flat_map(|case| complaints(&tool, *case))
        .collect();
    assert!(
        complaints.is_empty(),
        "{} complaints\n{}",
        complaints.len(),
        complaints.concat()
    );
}

#[test]
fn each_file_has_its_line() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("a name in UTF-8"))
        .filter(|name| name != "README.md")
        .collect();
    files.sort();
    let mut lines: Vec<&str> = CASES.iter().map(|(file, ..)| *file).collect();
    lines.sort_unstable();
    assert_eq!(files, lines);
}
