//! `daxsign key`: what a key file holds, and its public key.

use std::fmt::Write;

use daxsign_core::{KeyEncoding, KeyKind, PublicKey, Sha256, write_certificate};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::arguments::KeyArguments;
use crate::chain::Chain;
use crate::clock::{self, date_text};
use crate::failure::Failure;
use crate::hex::hex;
use crate::input::Input;
use crate::key_file::KeyFile;
use crate::output;
use crate::terminal::Paint;

/// Runs the command.
pub(crate) fn run(arguments: &KeyArguments) -> Result<(), Failure> {
    let file = output::new_file(arguments.out.as_deref())?;
    let outcome = read(arguments);
    match &outcome {
        Ok(report) if arguments.json.json => output::json(&report.to_json())?,
        Ok(report) if arguments.public => output::product(report.spki_pem.as_bytes(), file)?,
        Ok(report) => output::write(report.to_text(Paint::for_stdout())?.as_bytes())?,
        Err(failure) => {
            if let Some(error) = failure.to_json().filter(|_| arguments.json.json) {
                output::json(&json!({ "error": error }))?;
            }
        }
    }
    outcome.map(drop)
}

/// A key file and its public key in the form that DAX gets.
struct Report {
    file: String,
    key: KeyFile,
    spki_pem: String,
    spki_sha256: String,
    /// Of a certificate.
    thumbprints: Option<Thumbprints>,
}

/// The hashes that a certificate is known by, over its DER.
struct Thumbprints {
    /// As DAX and .NET name certificates: uppercase.
    sha1: String,
    sha256: String,
}

impl Thumbprints {
    /// `None` for a file without a certificate.
    fn from_file(file: &[u8]) -> Option<Self> {
        let mut der = Vec::new();
        write_certificate(file, &mut |bytes: &[u8]| der.extend_from_slice(bytes)).ok()?;
        Some(Self {
            sha1: hex(&Sha1::digest(&der)).to_uppercase(),
            sha256: hex(&Sha256::digest(&der)).to_uppercase(),
        })
    }
}

fn read(arguments: &KeyArguments) -> Result<Report, Failure> {
    let input = Input::read(&arguments.file)?;
    let key = KeyFile::parse(&input)?;
    let (spki_pem, spki_sha256) = encode(&key.public)
        .ok_or_else(|| Failure::Unusable(format!("{}: cannot encode its key", input.name)))?;
    let thumbprints =
        Thumbprints::from_file(&input.bytes).filter(|_| key.kind == KeyKind::Certificate);
    Ok(Report {
        thumbprints,
        file: input.name,
        key,
        spki_pem,
        spki_sha256,
    })
}

/// The SubjectPublicKeyInfo as PEM, and the SHA-256 of its DER.
fn encode(key: &PublicKey) -> Option<(String, String)> {
    let file = |encoding| {
        let mut file = Vec::new();
        let written = key.write_spki(encoding, &mut |bytes: &[u8]| file.extend_from_slice(bytes));
        written.ok().map(|()| file)
    };
    let pem = String::from_utf8(file(KeyEncoding::Pem)?).ok()?;
    Some((pem, hex(&Sha256::digest(&file(KeyEncoding::Der)?))))
}

impl Report {
    fn to_json(&self) -> Value {
        let mut object = json!({
            "kind": kind_name(self.key.kind),
            "description": self.key.kind.description(),
            "encoding": encoding_name(self.key.encoding),
            "private": self.key.kind.is_private(),
            "bits": self.key.public.modulus_bits(),
            "exponent": self.key.public.exponent(),
            "spki_sha256": self.spki_sha256,
            "spki_pem": self.spki_pem,
        });
        if let (Some(validity), Some(object)) = (self.key.validity, object.as_object_mut()) {
            object.insert("not_before".into(), date_text(validity.not_before).into());
            object.insert("not_after".into(), date_text(validity.not_after).into());
        }
        if let (Some(thumbprints), Some(object)) = (&self.thumbprints, object.as_object_mut()) {
            object.insert("thumbprint_sha1".into(), thumbprints.sha1.clone().into());
            object.insert(
                "thumbprint_sha256".into(),
                thumbprints.sha256.clone().into(),
            );
            let count = self.key.chain.as_ref().map_or(1, Chain::count);
            object.insert("certificates".into(), count.into());
        }
        object
    }

    fn to_text(&self, paint: Paint) -> Result<String, Failure> {
        let mut text = String::new();
        let mut row = |label: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} {value}", paint.strong(&format!("{label:<12}")));
        };
        row("file", &self.file);
        row("holds", self.key.kind.description());
        row("encoding", encoding_name(self.key.encoding));
        row("size", &format!("{} bits", self.key.public.modulus_bits()));
        row("exponent", &self.key.public.exponent().to_string());
        row(
            "SPKI SHA-256",
            &format!("{} (hex, no colons)", self.spki_sha256),
        );
        if let Some(thumbprints) = &self.thumbprints {
            row(
                "SHA-1",
                &format!("{} (thumbprint, as DAX names it)", thumbprints.sha1),
            );
            row("SHA-256", &format!("{} (thumbprint)", thumbprints.sha256));
        }
        if let Some(chain) = &self.key.chain {
            row("taken", &format!("certificate 1 of {}", chain.count()));
        }
        if let Some(validity) = self.key.validity {
            row("valid from", &date_text(validity.not_before));
            row("valid until", &date_text(validity.not_after));
            match validity.problem(clock::now()?) {
                None => row("at present", &paint.good("valid")),
                Some(problem) => row("at present", &paint.bad(&problem)),
            }
        }
        Ok(text)
    }
}

/// Stable names for scripts.
const fn kind_name(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Pkcs1Private => "pkcs1-private",
        KeyKind::Pkcs8Private => "pkcs8-private",
        KeyKind::Pkcs1Public => "pkcs1-public",
        KeyKind::Spki => "spki",
        KeyKind::Certificate => "certificate",
        _ => "other",
    }
}

const fn encoding_name(encoding: KeyEncoding) -> &'static str {
    match encoding {
        KeyEncoding::Pem => "PEM",
        KeyEncoding::Der => "DER",
    }
}
