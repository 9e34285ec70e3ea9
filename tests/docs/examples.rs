//! The examples of the core, run as programs: what they sign OpenSSL accepts, and they accept what
//! OpenSSL signed, once.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use daxsign_tests::cases::key_path;
use daxsign_tests::explained::field;
use daxsign_tests::native::{project, target_folder};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pages::{parameter, signed_by};
use sha2::{Digest, Sha256};

const BODY: &str = "{\"name\": \"Åsa\",\n \"mark\": \"✓\"}\n";

/// The folder of the built examples.
fn examples() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let status = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--locked",
                "-p",
                "daxsign-core",
                "--examples",
            ])
            .arg("--target-dir")
            .arg(target_folder())
            .current_dir(project())
            .status();
        assert!(status.expect("cargo starts").success(), "they do not build");
        target_folder().join("debug/examples")
    };
    FOLDER.get_or_init(build).clone()
}

fn run(example: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(examples().join(example))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // Those that sign do not read it.
    let _ = child.stdin.take().expect("its input").write_all(input);
    child.wait_with_output().expect("it ends")
}

fn printed(example: &str, arguments: &[&str], input: &[u8]) -> String {
    let output = run(example, arguments, input);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example}: {complaint}");
    String::from_utf8(output.stdout).expect("text")
}

/// What it says on standard error where it fails.
fn refusal(example: &str, arguments: &[&str], input: &[u8]) -> String {
    let output = run(example, arguments, input);
    assert_eq!(output.status.code(), Some(1), "{example}");
    assert!(output.stdout.is_empty(), "{example}: output after an error");
    String::from_utf8(output.stderr).expect("text")
}

fn key(file: &str) -> String {
    key_path(file).display().to_string()
}

/// Fails unless OpenSSL accepts the signature of a printed head over these lines, the date and the
/// body; `vendor_sdk` hashes them first.
fn assert_signed(printed: &str, lines: &str, body: &[u8], vendor_sdk: bool) {
    let value = |name: &str| {
        let found = printed
            .split("\r\n")
            .find_map(|line| line.strip_prefix(name));
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    let (date, signature) = (value("Date: "), value("Signature: "));
    let list: Vec<_> = lines
        .lines()
        .filter_map(|line| line.split_once(": "))
        .collect();
    let list: Vec<_> = list.iter().map(|(name, _)| *name).chain(["date"]).collect();
    assert_eq!(parameter(signature, "headers"), list.join(" "));
    let string = [lines.as_bytes(), format!("date: {date}\n").as_bytes(), body].concat();
    let hashed = if vendor_sdk {
        Sha256::digest(&string).to_vec()
    } else {
        string
    };
    let openssl = OpenSsl::default();
    assert!(openssl.verifies(
        &key_path("rsa2048.spki.pem"),
        &hashed,
        &signed_by(signature)
    ));
}

#[test]
fn sign() {
    let printed = printed("sign", &[&key("rsa2048.pkcs1.pem"), BODY], b"");
    let lines = format!(
        "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\n\
         content-type: application/json\ncontent-length: {}\n",
        BODY.len()
    );
    assert_signed(&printed, &lines, BODY.as_bytes(), false);
    assert!(printed.ends_with(&format!("\r\n\r\n{BODY}")), "{printed}");

    let said = refusal("sign", &[&key("rsa2048.spki.pem"), BODY], b"");
    assert!(said.contains("public key"), "{said}");
}

/// OpenSSL finds the request signed, for the key and with the names that were given.
#[test]
fn request_certificate() {
    let instance = "01234567-89AB-CDEF-0123-456789ABCDEF";
    let partner = "7f8c2b1a-0000-4000-8000-00000000abcd";
    let file = key("rsa2048.pkcs1.pem");
    let printed = printed("request_certificate", &[&file, instance, partner], b"");
    let openssl = OpenSsl::default();
    openssl.write("request.csr", &printed);
    let said = openssl.try_run("req -in request.csr -verify -noout -text -nameopt sname,utf8");
    let text = String::from_utf8_lossy(&said.stdout);
    let complaint = String::from_utf8_lossy(&said.stderr);
    assert!(complaint.contains("verify OK"), "{complaint}");
    let host = format!("{}.instance.prod.dax.amido.io", instance.to_lowercase());
    assert!(
        text.contains(&format!("CN={host}")) || text.contains(&format!("CN = {host}")),
        "{text}"
    );
    let other = format!("DNS:{partner}.partner.prod.dax.amido.io");
    assert!(text.contains(&format!("DNS:{host}, {other}")), "{text}");
    let public = openssl.run("req -in request.csr -pubkey -noout");
    assert!(public == fs::read(key_path("rsa2048.spki.pem")).expect("the key"));

    let said = refusal("request_certificate", &[&file, "7", partner], b"");
    assert!(said.contains("the instance id cannot be used"), "{said}");
}

#[test]
fn external_signer() {
    let printed = printed("external_signer", &[&key("rsa2048.pkcs8.pem"), BODY], b"");
    let lines = format!(
        "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\ncontent-length: {}\n",
        BODY.len()
    );
    assert_signed(&printed, &lines, BODY.as_bytes(), true);
}

/// Bodies that end with a piece, within one, and are empty.
#[test]
fn stream() {
    let openssl = OpenSsl::default();
    for len in [0, 1, 64 * 1024, 1_000_000] {
        let body = vec![b'7'; len];
        let file = openssl.write("body", &body).display().to_string();
        let printed = printed("stream", &[&key("rsa2048.pkcs1.pem"), &file], b"");
        let lines = format!(
            "(request-target): put /api/v2/DaxEndPoint\nhost: dax.amido.se\ncontent-length: {len}\n"
        );
        assert_signed(&printed, &lines, &body, false);
    }
}

/// A request of now, signed by OpenSSL.
fn signed() -> String {
    let openssl = OpenSsl::default();
    let output = Command::new("date")
        .args(["-u", "+%Y-%m-%dT%H:%M:%SZ"])
        .output();
    let date = String::from_utf8(output.expect("the date").stdout).expect("text");
    let date = date.trim();
    let string = format!(
        "(request-target): post /api/v2/DaxEndPoint\ncontent-length: {}\ndate: {date}\n{BODY}",
        BODY.len()
    );
    let signature = openssl.sign(&key_path("rsa2048.pkcs8.pem"), string.as_bytes());
    let value = field("(request-target) content-length date", &signature);
    format!(
        "POST /api/v2/DaxEndPoint?page=2 HTTP/1.1\r\nDate: {date}\r\nX-Door: 7\r\n\
         Content-Length: {}\r\nSignature: {value}\r\n\r\n{BODY}",
        BODY.len()
    )
}

#[test]
fn verify() {
    let (key, request) = (key("rsa2048.spki.pem"), signed());
    let said = printed("verify", &[&key], request.as_bytes());
    assert_eq!(
        said,
        "covered: (request-target)\ncovered: content-length\ncovered: date\nnot covered: x-door\n"
    );
    let tampered = request.replace("Åsa", "Ása");
    let said = refusal("verify", &[&key], tampered.as_bytes());
    assert!(said.contains("does not belong to this request"), "{said}");
}

/// Also by another process, and of two at once by one.
#[test]
fn replay_store() {
    let folder = OpenSsl::default();
    let (key, seen) = (key("rsa2048.spki.pem"), folder.root().display().to_string());
    let request = signed();
    let accept = || run("replay_store", &[&key, &seen], request.as_bytes());
    let outputs: Vec<_> = std::thread::scope(|scope| {
        let both = [scope.spawn(accept), scope.spawn(accept)];
        both.map(|one| one.join().expect("an output")).into()
    });
    let accepted = outputs.iter().filter(|output| output.status.success());
    let accepted: Vec<_> = accepted.map(|output| &output.stdout[..]).collect();
    assert_eq!(accepted, [b"accepted\n"]);
    let said = refusal("replay_store", &[&key, &seen], request.as_bytes());
    assert!(said.contains("accepted before"), "{said}");
    assert_eq!(fs::read_dir(folder.root()).expect("the folder").count(), 1);

    let nowhere = folder.path("none").display().to_string();
    let said = refusal("replay_store", &[&key, &nowhere], signed().as_bytes());
    assert!(said.contains("replay guard"), "{said}");
}
