//! Key files: what they hold, and the keys read out of them.
//!
//! No heap and no buffer: [`pem`] decodes base64 as it goes, [`der`] takes bytes one by one, and
//! the readers of the formats put the numbers straight into their place.
//!
//! Those are [`algorithm`] (what a key is for), [`spki`] and [`certificate`], [`public_key`] and
//! [`private_key`]. For a person: [`chain`] (which of several certificates was taken), and for what is
//! refused [`recognise`] and [`format`](mod@format) (what it is instead) and [`hint`] (in words).

pub(crate) mod algorithm;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod der;
mod format;
pub(crate) mod hint;
pub(crate) mod pem;
mod private_key;
mod public_key;
mod recognise;
pub(crate) mod spki;

use crate::error::diagnosing::DIAGNOSES;
use crate::error::key_refusal::{Algorithm, FileRefusal, Holding, KeyRefusal};
use crate::error::{Error, KeyProblem};
use der::{BIT_STRING, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, Source};
use pem::{Block, Blocks};

/// What a key file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// A private key in PKCS#1 ("traditional", `BEGIN RSA PRIVATE KEY`).
    Pkcs1Private,
    /// A private key in PKCS#8 (`BEGIN PRIVATE KEY`).
    Pkcs8Private,
    /// A public key in PKCS#1 (`BEGIN RSA PUBLIC KEY`).
    Pkcs1Public,
    /// A public key in SPKI (`BEGIN PUBLIC KEY`).
    Spki,
    /// An X.509 certificate (`BEGIN CERTIFICATE`).
    Certificate,
}

/// How a key file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEncoding {
    /// Base64 between `-----BEGIN …-----` and `-----END …-----`.
    Pem,
    /// Binary.
    Der,
}

impl KeyKind {
    /// Whether it is a private key.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Pkcs1Private | Self::Pkcs8Private)
    }

    /// For a person: `RSA private key, PKCS#1`.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Pkcs1Private => "RSA private key, PKCS#1",
            Self::Pkcs8Private => "RSA private key, PKCS#8",
            Self::Pkcs1Public => "RSA public key, PKCS#1",
            Self::Spki => "RSA public key, SPKI",
            Self::Certificate => "X.509 certificate",
        }
    }

    const fn holding(self) -> Holding {
        match self {
            Self::Pkcs1Private | Self::Pkcs8Private => Holding::PrivateKey,
            Self::Pkcs1Public | Self::Spki => Holding::PublicKey,
            Self::Certificate => Holding::Certificate,
        }
    }

    /// What a PEM label promises of its block, where it promises a key in DER at all. What the block
    /// holds is decided by its structure alone.
    fn promised(label: &[u8]) -> Option<Self> {
        /// Ends of PEM labels.
        const ENDS: [(&[u8], KeyKind); 3] = [
            (b"PRIVATE KEY", KeyKind::Pkcs8Private),
            (b"PUBLIC KEY", KeyKind::Spki),
            (b"CERTIFICATE", KeyKind::Certificate),
        ];
        // Those two have a format of their own, which is no DER of ours.
        if DIAGNOSES && (label.starts_with(b"OPENSSH ") || label.starts_with(b"TRUSTED ")) {
            return None;
        }
        let mut ends = ENDS.iter();
        ends.find(|(end, _)| label.ends_with(end))
            .map(|(_, kind)| *kind)
    }
}

/// What kind of key `file` holds, PEM or DER. Of several PEM blocks the first that is a key or a
/// certificate counts, by its structure: labels are mixed up. The key itself is not read.
///
/// # Errors
/// [`Error::InvalidKey`] if it is no key file; [`Error::UnsupportedKey`] for a key of another kind.
pub fn identify_key(file: &[u8]) -> Result<(KeyKind, KeyEncoding), Error> {
    if is_pem(file) {
        let (kind, _) = open_pem(file, |_| true)?;
        Ok((kind, KeyEncoding::Pem))
    } else {
        Ok((
            der_kind(Reader::new(Source::Der(file.iter())))?,
            KeyEncoding::Der,
        ))
    }
}

/// A key of some kind, to be read.
pub(crate) type Opened<'a> = Result<(KeyKind, Reader<'a>), FileRefusal<'a>>;

/// A reader at the start of the first key in `file` that is wanted, and its kind.
pub(crate) fn open(file: &[u8], wanted: fn(KeyKind) -> bool) -> Opened<'_> {
    if is_pem(file) {
        open_pem(file, wanted)
    } else {
        open_der(file, wanted)
    }
}

/// The first block that is wanted. Without one, the error tells what the first block is.
fn open_pem(file: &[u8], wanted: fn(KeyKind) -> bool) -> Opened<'_> {
    let mut first = None;
    for block in Blocks::new(file) {
        let block = match (block, first) {
            (Ok(block), _) => block,
            // What was found before the broken block says more.
            (Err(_), Some(_)) => break,
            (Err(problem), None) => return Err(problem.into()),
        };
        let promised = KeyKind::promised(block.label);
        let refusal = match open_block(block, promised.is_some()) {
            Ok((kind, reader)) if wanted(kind) => return Ok((kind, reader)),
            Ok((kind, _)) => unwanted(kind, wanted).into(),
            // The key that was meant is damaged: another one is no replacement.
            Err(FileRefusal::Key(refusal))
                if refusal.is_invalid() && promised.is_some_and(wanted) =>
            {
                return Err(refusal.into());
            }
            Err(refusal) => refusal,
        };
        first = first.or(Some(refusal));
    }
    Err(first.unwrap_or(KeyProblem::NotAKey.into()))
}

/// A block's kind, and a reader at its start. One whose label promises no key has none: its DER may
/// look like that of a key (Diffie-Hellman parameters are two numbers, too).
fn open_block(block: Block<'_>, has_key: bool) -> Opened<'_> {
    if !has_key {
        return Err(FileRefusal::Label(block.label));
    }
    let reader = Reader::new(Source::Pem(block.bytes()?));
    match der_kind(reader.clone()) {
        // As many numbers as an RSA key, in part, and none that make one.
        Ok(KeyKind::Pkcs1Private) if DIAGNOSES && block.label.starts_with(b"DSA ") => {
            Err(KeyRefusal::algorithm(Algorithm::Dsa).into())
        }
        Ok(kind) => Ok((kind, reader)),
        Err(KeyRefusal::NOT_A_KEY) => Err(KeyRefusal::der(0).into()),
        Err(refusal) => Err(refusal.into()),
    }
}

fn open_der(file: &[u8], wanted: fn(KeyKind) -> bool) -> Opened<'_> {
    let reader = Reader::new(Source::Der(file.iter()));
    let kind = der_kind(reader.clone())?;
    if !wanted(kind) {
        return Err(unwanted(kind, wanted).into());
    }
    Ok((kind, reader))
}

/// DER starts with a SEQUENCE, which as text is the digit 0: not how PEM files start.
pub(crate) fn is_pem(file: &[u8]) -> bool {
    // The start of a DER SEQUENCE of 128 bytes or more, and of no text: nothing is looked for in it.
    if matches!(file, [SEQUENCE, 0x81..=0x84, ..]) {
        return false;
    }
    file.first() != Some(&SEQUENCE) || Blocks::new(file).next().is_some_and(|block| block.is_ok())
}

/// The refusal of a key file of one kind where another is wanted.
fn unwanted(found: KeyKind, wanted: fn(KeyKind) -> bool) -> KeyRefusal {
    let mut kinds = [KeyKind::Pkcs8Private, KeyKind::Spki].into_iter();
    let needed = kinds.find(|kind| wanted(*kind));
    KeyRefusal::unwanted(
        found.holding(),
        needed.unwrap_or(KeyKind::Certificate).holding(),
    )
}

/// The kind of a DER structure, from its first elements:
///
/// ```text
/// SEQUENCE { INTEGER 0, INTEGER …            PKCS#1 private key
///            INTEGER 0 or 1, SEQUENCE …      PKCS#8 private key
///            INTEGER …, INTEGER }            PKCS#1 public key
///            INTEGER …, OCTET STRING …       elliptic curve key (RFC 5915)
///            SEQUENCE { OID … BIT STRING     SPKI
///            SEQUENCE { OID … OCTET STRING   encrypted PKCS#8
///            SEQUENCE { otherwise            certificate
/// ```
fn der_kind(mut reader: Reader<'_>) -> Result<KeyKind, KeyRefusal> {
    let not_a_key = |refusal: KeyRefusal| match refusal {
        refusal if refusal.is_der() => KeyRefusal::NOT_A_KEY,
        other => other,
    };
    let _ = reader.enter(SEQUENCE).map_err(not_a_key)?;
    if reader.peek()? == INTEGER {
        let version = reader.small_integer()?;
        return match (version, reader.peek()?) {
            (Some(0 | 1), SEQUENCE) => Ok(KeyKind::Pkcs8Private),
            (Some(0 | 1), INTEGER) => Ok(KeyKind::Pkcs1Private),
            (_, INTEGER) => Ok(KeyKind::Pkcs1Public),
            (_, OCTET_STRING) => Err(KeyRefusal::ELLIPTIC_CURVE),
            _ => Err(KeyRefusal::NOT_A_KEY),
        };
    }
    let outer = reader.enter(SEQUENCE).map_err(not_a_key)?;
    if reader.peek()? != OBJECT_IDENTIFIER {
        return Ok(KeyKind::Certificate);
    }
    reader.leave_early(outer)?;
    match reader.peek()? {
        BIT_STRING => Ok(KeyKind::Spki),
        OCTET_STRING => Err(KeyRefusal::ENCRYPTED),
        _ => Err(KeyRefusal::NOT_A_KEY),
    }
}
