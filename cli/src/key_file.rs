//! Keys out of files: whatever form they have.

use daxsign_core::{
    Certificate, Error, KeyEncoding, KeyHint, KeyKind, PrivateKey, PublicKey, Timestamp,
    identify_key,
};

use crate::clock::date_text;
use crate::failure::Failure;
use crate::input::Input;

/// A key file's public half and what the file is.
pub(crate) struct KeyFile {
    pub(crate) kind: KeyKind,
    pub(crate) encoding: KeyEncoding,
    pub(crate) public: PublicKey,
    /// Of a certificate.
    pub(crate) validity: Option<Validity>,
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
    /// Reads any form: public, certificate or private.
    pub(crate) fn parse(input: &Input) -> Result<Self, Failure> {
        Self::try_parse(&input.bytes).map_err(|error| refused(&error, input))
    }

    fn try_parse(bytes: &[u8]) -> Result<Self, Error> {
        let (kind, encoding) = identify_key(bytes)?;
        let mut validity = None;
        let public = if kind.is_private() {
            load_private(bytes)?.public_key().clone()
        } else if kind == KeyKind::Certificate {
            let certificate = Certificate::from_bytes(bytes)?;
            validity = Some(Validity {
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
            });
            certificate.public_key().clone()
        } else {
            PublicKey::from_bytes(bytes)?
        };
        Ok(Self {
            kind,
            encoding,
            public,
            validity,
        })
    }
}

/// Reads a private key, PKCS#1 or PKCS#8.
pub(crate) fn private(input: &Input) -> Result<Box<PrivateKey>, Failure> {
    load_private(&input.bytes).map_err(|error| refused(&error, input))
}

/// The refusal of a key file: what it is instead, where that is known.
fn refused(error: &Error, input: &Input) -> Failure {
    match KeyHint::of(&input.bytes, error) {
        Some(hint) => Failure::refused_as(error, &format!("{}: {hint}", input.name)),
        None => Failure::refused(error, &input.name),
    }
}

/// Loads in place, so that no copy of the numbers stays on the stack.
fn load_private(bytes: &[u8]) -> Result<Box<PrivateKey>, Error> {
    let mut key = Box::new(PrivateKey::empty());
    key.load(bytes)?;
    Ok(key)
}
