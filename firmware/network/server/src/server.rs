//! Judging the board's requests, and the commands in the answers.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use daxsign_core::{
    Components, HeaderField, Options, PrivateKey, Profile, PublicKey, ReplayGuard, Request,
    RequestSigner, Timestamp, Verifier, read_message, signature_header_len,
};

use crate::openssl::{OpenSsl, signed_part};

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/vectors/keys");
const BOARD_KEY: &str = "rsa2048.spki.pem";
const OWN_KEY: &str = "rsa3072.pkcs8.pem";
const OWN_PUBLIC_KEY: &str = "rsa3072.spki.pem";

const TARGET: &str = "/api/v2/DaxEndPoint";
const COMMANDS: &str = "/doors/17/commands";
/// The most header fields of a request.
const MAX_FIELDS: usize = 16;
/// What the board sends in all.
const ROUNDS: usize = 3;

/// The server: its keys, what it has accepted, and its first command.
pub struct Server {
    openssl: OpenSsl,
    board_key: PublicKey,
    key: PrivateKey,
    guard: ReplayGuard<16>,
    accepted: usize,
    refused: usize,
    first: Vec<u8>,
}

fn key_file(name: &str) -> PathBuf {
    Path::new(KEYS).join(name)
}

impl Server {
    pub fn new(folder: PathBuf) -> Result<Self, String> {
        let read = |name| std::fs::read(key_file(name)).map_err(|error| format!("{name}: {error}"));
        Ok(Self {
            openssl: OpenSsl::new(folder)?,
            board_key: PublicKey::from_pem(&read(BOARD_KEY)?).map_err(|error| error.to_string())?,
            key: PrivateKey::from_bytes(&read(OWN_KEY)?).map_err(|error| error.to_string())?,
            guard: ReplayGuard::new(),
            accepted: 0,
            refused: 0,
            first: Vec::new(),
        })
    }

    /// Judges a request; the command to answer with, or why the request is refused.
    pub fn command_for(&mut self, raw: &[u8]) -> Result<Vec<u8>, String> {
        let judged = self.judge(raw);
        if judged.is_err() {
            self.refused += 1;
        }
        judged?;
        self.accepted += 1;
        self.command()
    }

    /// Whether everything that must come came, and nothing else.
    pub fn check(&self) -> Result<(), String> {
        if (self.accepted, self.refused) == (ROUNDS, 0) {
            return Ok(());
        }
        Err(format!(
            "{} requests accepted, {} refused",
            self.accepted, self.refused
        ))
    }

    fn judge(&mut self, raw: &[u8]) -> Result<(), String> {
        let mut places = [HeaderField::new("", ""); MAX_FIELDS];
        let request = read_message(raw, &mut places).map_err(|error| error.to_string())?;
        println!("server: received {} bytes", raw.len());
        self.openssl_accepts(&request, BOARD_KEY, "the request")?;
        let verified = Verifier::new(&self.board_key, Profile::Documented)
            .verify_once(&request, now()?, &mut self.guard)
            .map_err(|error| format!("{}: {error}", error.name()))?;
        let names: Vec<String> = verified
            .components
            .iter()
            .map(|component| component.to_string())
            .collect();
        println!(
            "server: daxsign-core accepts the request: {}",
            names.join(" ")
        );
        if (request.method, request.target) != (b"POST", TARGET.as_bytes()) {
            return Err(format!("nothing is at {}", request.target.escape_ascii()));
        }
        Ok(())
    }

    fn openssl_accepts(&self, request: &Request<'_>, key: &str, what: &str) -> Result<(), String> {
        let (string, signature) = signed_part(request).ok_or("no signature to be found")?;
        if !self.openssl.verifies(&key_file(key), &string, &signature)? {
            return Err(format!("OpenSSL refuses {what}"));
        }
        println!(
            "server: OpenSSL accepts {what} (a signing string of {} bytes)",
            string.len()
        );
        Ok(())
    }

    /// The command of this round.
    fn command(&mut self) -> Result<Vec<u8>, String> {
        let command = self.signed_command()?;
        let mut places = [HeaderField::new("", ""); MAX_FIELDS];
        let parsed = read_message(&command, &mut places).map_err(|error| error.to_string())?;
        match self.accepted {
            1 => {
                self.openssl_accepts(&parsed, OWN_PUBLIC_KEY, "the command")?;
                println!("server: answers with the signed command");
                self.first.clone_from(&command);
                Ok(command)
            }
            2 => {
                self.openssl_accepts(&parsed, OWN_PUBLIC_KEY, "the command")?;
                println!("server: answers with it after changing `5` to `9` in its body");
                let text = String::from_utf8(command).map_err(|error| error.to_string())?;
                Ok(text.replace("\"seconds\":5", "\"seconds\":9").into_bytes())
            }
            _ => {
                println!("server: answers with the first command again");
                Ok(self.first.clone())
            }
        }
    }

    /// A command to the door, as the bytes of an HTTP request.
    fn signed_command(&self) -> Result<Vec<u8>, String> {
        let problem = |error: daxsign_core::Error| error.to_string();
        let body = r#"{"command":"open","seconds":5}"#;
        let (date, length) = (now()?.format().map_err(problem)?, body.len().to_string());
        let fields = [
            HeaderField::new("Host", "door-17"),
            HeaderField::new("Content-Type", "application/json"),
            HeaderField::new("Content-Length", &length),
            HeaderField::new("Date", &date),
        ];
        let request = Request::new("POST", COMMANDS, &fields, body);
        let list = Components::default_for(&request);
        let mut field = [0; signature_header_len(3072, 64)];
        let options = Options::default();
        let signature = RequestSigner::new(&self.key, Profile::Documented)
            .components(list)
            .options(options)
            .sign(&request, &mut field)
            .map_err(problem)?;
        Ok(format!(
            "POST {COMMANDS} HTTP/1.1\r\nHost: door-17\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nDate: {date}\r\nSignature: {signature}\r\n\r\n{body}"
        )
        .into_bytes())
    }
}

fn now() -> Result<Timestamp, String> {
    let age = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|error| error.to_string())?;
    let seconds = i64::try_from(age.as_secs()).map_err(|error| error.to_string())?;
    Timestamp::from_unix(seconds, age.subsec_nanos()).map_err(|error| error.to_string())
}
