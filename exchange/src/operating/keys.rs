//! The exchange's keys, as its folder has them.

use daxsign_core::{CertificateFile, PrivateKey, Sha256, Timestamp};
use zeroize::Zeroizing;

use super::folder::{Folder, Part};
use super::wrong::WrongSettings;
use crate::doors::management::ManagementToken;
use crate::identity::TokenKey;
use crate::record::{HASH_LEN, LogKey, SEED_LEN};

/// What the exchange signs with.
pub(super) struct OwnKey {
    /// The key.
    pub(super) key: Box<PrivateKey>,
    /// Its certificate, DER.
    pub(super) certificate: Vec<u8>,
    /// The SHA-256 of that.
    pub(super) thumbprint: [u8; HASH_LEN],
    /// When that ends.
    pub(super) not_after: Timestamp,
}

impl OwnKey {
    /// Reads key and certificate.
    ///
    /// # Errors
    /// [`WrongSettings`]: also for a certificate of another key.
    pub(super) fn read(folder: &Folder) -> Result<Self, WrongSettings> {
        let file = Zeroizing::new(folder.read(Part::Key)?);
        let mut key = Box::new(PrivateKey::empty());
        let loaded = key.load(&file);
        loaded.map_err(|error| folder.wrong(Part::Key, &error))?;
        let file = folder.read(Part::Certificate)?;
        let wrong = |problem: &dyn core::fmt::Display| folder.wrong(Part::Certificate, problem);
        let read = CertificateFile::from_bytes(&file).map_err(|error| wrong(&error))?;
        let public = read.public_key().map_err(|error| wrong(&error))?;
        if public != *key.public_key() {
            return Err(wrong(&format_args!(
                "it is of another key than {}",
                Part::Key.name()
            )));
        }
        let mut certificate = Vec::new();
        read.write_der(&mut |bytes: &[u8]| certificate.extend_from_slice(bytes));
        let not_after = read.not_after();
        Ok(Self {
            thumbprint: Sha256::digest(&certificate),
            key,
            certificate,
            not_after,
        })
    }
}

/// The log's key: its name in the first line, its seed in the second.
///
/// # Errors
/// [`WrongSettings`].
pub fn log_key(folder: &Folder) -> Result<LogKey, WrongSettings> {
    let text = Zeroizing::new(folder.read_text(Part::LogKey)?);
    let wrong = |problem: &dyn core::fmt::Display| folder.wrong(Part::LogKey, problem);
    let (name, seed) = text
        .split_once('\n')
        .ok_or_else(|| wrong(&"the log's name is missing in its first line"))?;
    let seed: Zeroizing<[u8; SEED_LEN]> =
        digits(seed).ok_or_else(|| wrong(&"its second line is not 64 hexadecimal digits"))?;
    LogKey::from_seed(name.trim(), &seed).map_err(|problem| wrong(&problem))
}

/// The key of tokens.
///
/// # Errors
/// [`WrongSettings`].
pub fn token_key(folder: &Folder) -> Result<TokenKey, WrongSettings> {
    let text = Zeroizing::new(folder.read_text(Part::TokenKey)?);
    let key: Option<Zeroizing<[u8; 32]>> = digits(&text);
    let wrong = || folder.wrong(Part::TokenKey, &"not 64 hexadecimal digits");
    Ok(TokenKey::new(&*key.ok_or_else(wrong)?))
}

/// What operators show.
///
/// # Errors
/// [`WrongSettings`].
pub(super) fn management_token(folder: &Folder) -> Result<ManagementToken, WrongSettings> {
    let text = Zeroizing::new(folder.read_text(Part::ManagementToken)?);
    let wrong = |short| folder.wrong(Part::ManagementToken, &short);
    ManagementToken::new(&text).map_err(wrong)
}

/// Bytes in hexadecimal digits, and nothing else.
fn digits<const N: usize>(text: &str) -> Option<Zeroizing<[u8; N]>> {
    let text = text.trim().as_bytes();
    let mut bytes = Zeroizing::new([0; N]);
    let pairs = text.chunks_exact(2);
    if pairs.len() != N || !pairs.remainder().is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let pair = core::str::from_utf8(pair).ok()?;
        let is_digits = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
        *byte = u8::from_str_radix(pair, 16).ok().filter(|_| is_digits)?;
    }
    Some(bytes)
}
