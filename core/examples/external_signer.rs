//! Signs with a key that the library never sees. Here the program `openssl` has it; an HSM, a secure
//! element or a key service takes its place.
//!
//! `cargo run -p daxsign-core --example external_signer -- client.pem '{"hello": "world"}'`
#![allow(clippy::print_stdout, reason = "what an example is for")]

use std::error::Error;
use std::io::Write;
use std::process::{Command, Stdio};

use daxsign_core::{
    Digest, HeaderField, Profile, PublicKey, Request, RequestSigner, Signer, signature_header_len,
};

#[allow(dead_code, reason = "each example takes what it needs")]
mod common;

/// A key in a file that only `openssl` opens.
struct Elsewhere {
    file: String,
    public: PublicKey,
}

impl Signer for Elsewhere {
    type Error = Box<dyn Error>;

    fn modulus_len(&self) -> usize {
        self.public.modulus_len()
    }

    /// The digest is an already made SHA-256: "sign hash", never "sign data".
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Self::Error> {
        let mut openssl = Command::new("openssl")
            .args(["pkeyutl", "-sign", "-pkeyopt", "digest:sha256", "-inkey"])
            .arg(&self.file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut input = openssl.stdin.take().ok_or("no standard input")?;
        input.write_all(digest.as_bytes())?;
        drop(input);
        let made = openssl.wait_with_output()?.stdout;
        // What the library checks for a key of its own is checked here: a wrong signature stays inside.
        self.public.verify_digest(digest, &made)?;
        signature.copy_from_slice(&made);
        Ok(())
    }
}

impl Elsewhere {
    fn new(file: String) -> Result<Self, Box<dyn Error>> {
        let said = Command::new("openssl")
            .args(["pkey", "-pubout", "-in", &file])
            .output()?;
        let public = PublicKey::from_bytes(&said.stdout)?;
        Ok(Self { file, public })
    }
}

fn main() -> Result<(), common::AnyError> {
    let mut arguments = std::env::args().skip(1);
    let (Some(key), Some(body)) = (arguments.next(), arguments.next()) else {
        return Err("usage: external_signer KEY-FILE BODY".into());
    };
    let key = Elsewhere::new(key)?;

    let date = common::now()?.format()?;
    let length = body.len().to_string();
    let mut fields = vec![
        HeaderField::new("Host", "dax.amido.se"),
        HeaderField::new("Content-Length", &length),
        HeaderField::new("Date", &date),
    ];
    let request = Request::new("POST", "/api/v2/DaxEndPoint", &fields, &body);
    let mut buffer = [0; signature_header_len(4096, 128)];
    let value = RequestSigner::new(&key, Profile::VendorSdk).sign(&request, &mut buffer)?;

    fields.push(HeaderField::new("Signature", value));
    common::print("POST /api/v2/DaxEndPoint", &fields, &body);
    Ok(())
}
