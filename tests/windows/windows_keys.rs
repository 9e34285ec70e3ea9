//! Keys where Windows keeps them, with the code of the page on C#, as far as Wine has them.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::csharp::{built, key, root, text};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::model;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pages::program;
use rsa::{BoxedUint, Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};

const WINDOWS: Runtime = Runtime::Windows;

/// What the program signs, by the rules.
const SIGNED: &[u8] =
    b"(request-target): get /cards\nhost: dax.example\ndate: 2020-05-17T12:44:30.0000000Z\n";

struct Keys {
    _folder: Folder,
    program: std::path::PathBuf,
}

impl Keys {
    fn new() -> Self {
        let folder = Folder::default();
        let main = fs::read_to_string(root().join("tests/windows/Keys.cs")).expect("Keys.cs");
        let source = folder.write("Keys.cs", main + &program("csharp-service", "cs windows"));
        let library = folder.path("Daxsign.dll");
        fs::copy(&built(WINDOWS).library, &library).expect("the assembly");
        let program = WINDOWS.program(&[source], &library, "keys");
        Self {
            _folder: folder,
            program,
        }
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = WINDOWS.run(&self.program, arguments.iter().copied());
        text(WINDOWS, arguments[0], &output)
    }

    /// The modulus of the key that signed.
    fn signs(&self, arguments: &[&str]) -> Vec<u8> {
        let said = self.run(arguments);
        let (modulus, value) = said.trim().split_once('\n').expect("two lines");
        let modulus: Vec<u8> = (0..modulus.len() / 2)
            .map(|at| u8::from_str_radix(&modulus[2 * at..2 * at + 2], 16).expect("digits"))
            .collect();
        let (list, signature) = model::signature_field(value.as_bytes()).expect("a value");
        assert_eq!(list, "(request-target) host date");
        let signature = BASE64_STANDARD.decode(signature).expect("base64");
        let public = RsaPublicKey::new(
            BoxedUint::from_be_slice_vartime(&modulus),
            BoxedUint::from(65537_u64),
        );
        let padding = Pkcs1v15Sign::new::<Sha256>();
        let hash = Sha256::digest(SIGNED);
        let verified = public.expect("a key").verify(padding, &hash, &signature);
        assert!(verified.is_ok(), "{}: {said}", arguments[0]);
        modulus
    }
}

#[test]
fn keys_of_cng_sign_and_are_not_exported() {
    let keys = Keys::new();
    let one = keys.signs(&["ephemeral"]);
    let other = keys.signs(&["cng"]);
    assert_ne!(one, other);
    assert_eq!(one.len(), 256);
    keys.run(&["not exported"]);
}

#[test]
fn a_key_in_a_container_is_there_for_the_next_process() {
    let (keys, name) = (Keys::new(), format!("daxsign-{}", std::process::id()));
    let made = keys.signs(&["container", &name]);
    assert_eq!(keys.signs(&["container", &name]), made);
    keys.run(&["container not exported", &name]);
}

#[test]
fn a_key_file_is_protected_by_the_user_s_account() {
    let (keys, folder) = (Keys::new(), Folder::default());
    let file = key("rsa2048.pkcs8.pem");
    let protected = folder.path("protected.key").display().to_string();
    keys.run(&["protect", &file, &protected]);
    let bytes = fs::read(&protected).expect("the protected file");
    let plain = fs::read(&file).expect("the key file");
    let longest = plain
        .split(|byte| *byte == b'\n')
        .max_by_key(|line| line.len());
    let line = longest.expect("a line");
    assert!(!bytes.windows(line.len()).any(|piece| piece == line));
    keys.signs(&["protected", &protected]);
}

#[test]
fn the_store_finds_a_certificate_by_a_pasted_thumbprint() {
    let (keys, openssl) = (Keys::new(), OpenSsl::default());
    let file = key("rsa2048.pkcs8.pem");
    openssl.run(&format!(
        "req -x509 -new -key {file} -subj /CN=daxsign -days 30 -out certificate.pem"
    ));
    let said = openssl.run("x509 -in certificate.pem -noout -fingerprint -sha1");
    let said = String::from_utf8(said).expect("text");
    let thumbprint = said.trim().split_once('=').expect("a thumbprint").1;
    let file = openssl.path("certificate.pem").display().to_string();
    assert_eq!(keys.run(&["store", &file, thumbprint]), "1 CN=daxsign\n");
}
