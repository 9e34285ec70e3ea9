//! The programs in the pages of docs/ do what the pages say, compiled as they say.

use std::fs;
use std::path::Path;
use std::process::Command;

use daxsign_tests::folder::Folder;
use daxsign_tests::native::{install, installed, project};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pages::{parameter, program, signed_by};

#[test]
fn c_firmware() {
    let folder = Folder::default();
    let small = folder.path("small");
    succeeds(install().args(["--bits", "2048"]).arg(&small));
    let main = folder.write("main.c", program("c-firmware", "c"));
    let der = fs::read(key("rsa2048.pkcs1.der")).unwrap();
    let numbers: Vec<_> = der.iter().map(u8::to_string).collect();
    let flash = format!(
        "const unsigned char client_key[] = {{{}}};\nconst unsigned int client_key_len = {};\n",
        numbers.join(","),
        der.len()
    );
    let flash = folder.write("client_key.c", flash);
    for compiler in ["gcc", "clang"] {
        let mut cc = Command::new(compiler);
        cc.args([
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-Wl,--gc-sections",
        ])
        .args(["-DDAXSIGN_MAX_MODULUS_BITS=2048", "-I"])
        .arg(small.join("include"))
        .args([&main, &flash])
        .arg(project().join("tests/docs/board.c"))
        .arg(small.join("lib/libdaxsign.a"))
        .arg("-o")
        .arg(folder.path("firmware"));
        succeeds(&mut cc);
        let sent = succeeds(&mut Command::new(folder.path("firmware")));

        let (head, body) = sent.split_once("\r\n\r\n").expect("a head and a body");
        assert_eq!(body, "{\"door\": 7}");
        assert!(head.starts_with("POST /api/v2/DaxEndPoint HTTP/1.1\r\nHost: dax.amido.se\r\n"));
        let signing_string = "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\n\
            content-type: application/json\ncontent-length: 11\n\
            date: 2020-05-17T12:44:30.0000000Z\n{\"door\": 7}";
        assert_signed(
            head,
            signing_string,
            "(request-target) host content-type content-length date",
        );
    }
}

#[test]
fn cpp_service() {
    let folder = Folder::default();
    let main = folder.write("service.cpp", program("cpp-service", "cpp"));
    for compiler in ["g++", "clang++"] {
        let mut cc = Command::new(compiler);
        cc.args([
            "-std=c++17",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-I",
        ])
        .arg(installed().join("include"))
        .arg(&main)
        .arg(installed().join("lib/libdaxsign.a"))
        .arg("-o")
        .arg(folder.path("service"));
        succeeds(&mut cc);
        let mut service = Command::new(folder.path("service"));
        service.arg(key("rsa3072.pkcs8.pem"));
        let said = succeeds(service.arg(key("rsa3072.spki.pem")));
        let (head, verdicts) = said.split_once("accepted\n").expect("accepted once");
        assert!(
            verdicts.starts_with("replayed: ") && verdicts.lines().count() == 1,
            "{verdicts}"
        );
        let date = head
            .lines()
            .find_map(|line| line.strip_prefix("Date: "))
            .expect("a date");
        let signing_string = format!(
            "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\ncontent-length: 18\n\
             date: {date}\n{{\"hello\": \"world\"}}"
        );
        let public_key = "rsa3072.spki.pem";
        assert_signed_by(
            public_key,
            head,
            &signing_string,
            "(request-target) host content-length date",
        );

        // With another sender's key.
        let mut other = Command::new(folder.path("service"));
        other
            .arg(key("rsa2048.pkcs8.pem"))
            .arg(key("rsa3072.spki.pem"));
        let said = succeeds(&mut other);
        assert!(
            !said.contains("accepted") && said.contains("\ninvalid-signature-encoding: "),
            "{said}"
        );
    }
}

#[test]
fn csharp_service() {
    let folder = Folder::default();
    let main = folder.write("service.cs", program("csharp-service", "csharp"));
    let mut mcs = Command::new("mcs");
    mcs.args(["-unsafe", "-langversion:latest", "-r:System.Net.Http"])
        .arg(format!("-out:{}", folder.path("service.exe").display()))
        .arg(&main)
        .arg(project().join("bindings/csharp/src/*.cs"));
    succeeds(&mut mcs);
    let mut mono = Command::new("mono");
    mono.arg(folder.path("service.exe"))
        .arg(key("rsa2048.pkcs1.pem"))
        .env("LD_LIBRARY_PATH", installed().join("lib"));
    let said = succeeds(&mut mono);
    let expected = "200 accepted, signed: (request-target) host content-type content-length date";
    assert_eq!(said.trim(), expected);
}

/// Another compiler makes somewhat other code; what is in the page must not be far from the truth.
#[test]
fn sizes_are_those_in_the_page() {
    let said = succeeds(Command::new(project().join("ffi/sizes")).arg(installed()));
    let page = fs::read_to_string(project().join("docs/c-firmware.md")).unwrap();
    let mut compared = 0;
    for line in said.lines() {
        let (what, bytes) = line.rsplit_once(' ').expect("what and how many");
        let bytes: u32 = bytes.parse().expect("a number");
        let stated = page
            .lines()
            .find_map(|line| line.strip_prefix(what.trim_end()))
            .unwrap_or_else(|| panic!("the page lacks: {line}"));
        let stated: u32 = stated.trim().parse().expect("a number");
        assert!(
            stated.abs_diff(bytes) <= bytes / 10,
            "{line}, the page says {stated}"
        );
        compared += 1;
    }
    assert_eq!(compared, 3, "{said}");
}

fn assert_signed(head: &str, signing_string: &str, list: &str) {
    assert_signed_by("rsa2048.spki.pem", head, signing_string, list);
}

/// Fails unless OpenSSL accepts the signature in the `Signature` field.
fn assert_signed_by(public_key: &str, head: &str, signing_string: &str, list: &str) {
    let value = head
        .lines()
        .find_map(|line| line.strip_prefix("Signature: "))
        .expect("a Signature field");
    assert_eq!(parameter(value, "headers"), list);
    let signature = signed_by(value);
    let openssl = OpenSsl::default();
    let public_key = project().join("tests/vectors/keys").join(public_key);
    assert!(openssl.verifies(&public_key, signing_string.as_bytes(), &signature));
}

fn key(file: &str) -> std::path::PathBuf {
    project().join(Path::new("tests/vectors/keys")).join(file)
}

/// Standard output of a program that must succeed.
fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| {
        panic!("cannot run {command:?} ({error}): install gcc, clang and mono-mcs")
    });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}{complaint}");
    said
}
