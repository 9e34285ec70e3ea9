//! Keys out of files: whatever form they have.

use std::path::Path;

use daxsign_core::{
    Certificate, Error, KeyEncoding, KeyFormat, KeyHint, KeyKind, PrivateKey, PublicKey, Timestamp,
    identify_key, private_key_file_len,
};
use zeroize::Zeroizing;

use crate::chain::Chain;
use crate::clock::date_text;
use crate::failure::Failure;
use crate::input::Input;
use crate::{ask, output, passphrase};

/// A key file's public half and what the file is.
pub(crate) struct KeyFile {
    pub(crate) kind: KeyKind,
    pub(crate) encoding: KeyEncoding,
    pub(crate) public: PublicKey,
    /// Of a certificate.
    pub(crate) validity: Option<Validity>,
    /// Of a certificate among others.
    pub(crate) chain: Option<Chain>,
}

/// From when until when a certificate holds.
#[derive(Clone, Copy)]
pub(crate) struct Validity {
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
}

impl Validity {
    /// What is wrong with the certificate at `now`, if anything.
    pub(crate) fn problem(&self, now: Timestamp) -> Option<String> {
        if now < self.not_before {
            Some(format!("not valid before {}", date_text(self.not_before)))
        } else if now > self.not_after {
            Some(format!("expired on {}", date_text(self.not_after)))
        } else {
            None
        }
    }
}

impl KeyFile {
    /// Reads any form: public, certificate or private. Standard error is told which certificate
    /// of several is used.
    pub(crate) fn parse(input: &Input) -> Result<Self, Failure> {
        let key = Self::try_parse(&input.bytes).map_err(|error| refused(&error, input))?;
        if let Some(chain) = &key.chain {
            output::labelled("note", &format!("{}: {}", input.name, chain.note()));
        }
        Ok(key)
    }

    fn try_parse(bytes: &[u8]) -> Result<Self, Error> {
        let (kind, encoding) = identify_key(bytes)?;
        let (mut validity, mut chain) = (None, None);
        let public = if kind.is_private() {
            load_private(bytes)?.public_key().clone()
        } else if kind == KeyKind::Certificate {
            let certificate = Certificate::from_bytes(bytes)?;
            validity = Some(Validity {
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
            });
            chain = Chain::from_file(bytes);
            certificate.public_key().clone()
        } else {
            PublicKey::from_bytes(bytes)?
        };
        Ok(Self {
            kind,
            encoding,
            public,
            validity,
            chain,
        })
    }
}

/// The start of a private key that is encrypted (PKCS#8, RFC 7468 11).
const ENCRYPTED: &[u8] = b"-----BEGIN ENCRYPTED PRIVATE KEY-----";

/// Whether such a key stands in the file.
pub(crate) fn is_encrypted(file: &[u8]) -> bool {
    let mut places = file.windows(ENCRYPTED.len());
    places.any(|place| place == ENCRYPTED)
}

/// Reads a private key, PKCS#1 or PKCS#8. For one that is encrypted the passphrase is asked for, on a terminal.
pub(crate) fn private(input: &Input) -> Result<Box<PrivateKey>, Failure> {
    let error = match load_private(&input.bytes) {
        Ok(key) => return Ok(key),
        Err(error) => error,
    };
    if is_encrypted(&input.bytes) && ask::somebody_is_there() {
        return decrypted(input, None);
    }
    Err(refused(&error, input))
}

/// The same with the file that a passphrase is in, of the command's `--passphrase-file`.
#[cfg(feature = "tls")]
pub(crate) fn private_under(
    input: &Input,
    passphrase_file: Option<&Path>,
) -> Result<Box<PrivateKey>, Failure> {
    if is_encrypted(&input.bytes) {
        return decrypted(input, passphrase_file);
    }
    private(input)
}

fn decrypted(input: &Input, passphrase_file: Option<&Path>) -> Result<Box<PrivateKey>, Failure> {
    let passphrase = passphrase::read(passphrase_file, &input.name)?;
    let key = daxsign_pki::decrypt_key(&input.bytes, passphrase.as_bytes());
    key.map_err(|error| Failure::refused_pki(&error, &input.name))
}

/// As a PKCS#8 PEM file, without a passphrase.
pub(crate) fn pkcs8(key: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let format = KeyFormat::Pkcs8Pem;
    let len = private_key_file_len(key.public_key().modulus_bits(), format);
    let mut file = Zeroizing::new(vec![0; len]);
    let written = key.write(format, &mut file);
    let len = written
        .map_err(|error| Failure::refused(&error, "the key"))?
        .len();
    file.truncate(len);
    Ok(file)
}

/// The refusal of a key file: what it is instead, where that is known.
pub(crate) fn refused(error: &Error, input: &Input) -> Failure {
    let certificate = matches!(identify_key(&input.bytes), Ok((KeyKind::Certificate, _)));
    let chain = Chain::from_file(&input.bytes).filter(|_| certificate);
    let said = match (KeyHint::for_refused(&input.bytes, error), chain) {
        // A new key is no help where another certificate is meant.
        (_, Some(chain)) => format!("{error}; {}", chain.note()),
        (Some(hint), None) => hint.to_string(),
        (None, None) => error.to_string(),
    };
    Failure::refused_as(error, &format!("{}: {said}", input.name))
}

/// Loads in place, so that no copy of the numbers stays on the stack.
fn load_private(bytes: &[u8]) -> Result<Box<PrivateKey>, Error> {
    let mut key = Box::new(PrivateKey::empty());
    key.load(bytes)?;
    Ok(key)
}
