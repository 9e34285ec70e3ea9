//! The authority's private key at rest: PKCS#8, encrypted with a passphrase (PBES2, RFC 8018 6.2), as OpenSSL reads
//! and writes it, too.

use daxsign_core::{EnrolError, KeyFormat, PrivateKey, Randomness, private_key_file_len};
use pkcs8::der::ErrorKind;
use pkcs8::der::pem::PemLabel;
use pkcs8::pkcs5::{self, pbes2};
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument};
use zeroize::Zeroizing;

use crate::error::PkiError;

/// Iterations of PBKDF2 with HMAC-SHA-256: what OWASP's Password Storage Cheat Sheet asks for.
const ITERATIONS: u32 = 600_000;
/// Bytes of the salt (RFC 8018 4.1 asks for 8 at least) and of AES's block.
const SALT_LEN: usize = 16;
const BLOCK_LEN: usize = 16;

/// The most iterations of PBKDF2 that are done: what RFC 8018 4.2 gives for critical keys.
const MAX_ITERATIONS: u32 = 10_000_000;
/// The most memory and work of scrypt, 128·N·r·p (RFC 7914 2): OpenSSL's own takes 32 MiB at most unless told.
const MAX_SCRYPT: u64 = 256 * 1024 * 1024;

/// The key's file, encrypted with AES-256 in CBC mode.
///
/// # Errors
/// [`PkiError::EmptyPassphrase`]; [`PkiError::Enrol`] without randomness, or for a key that was not loaded.
pub fn encrypt_key(
    key: &PrivateKey,
    passphrase: &[u8],
    random: &mut dyn Randomness,
) -> Result<String, PkiError> {
    if passphrase.is_empty() {
        return Err(PkiError::EmptyPassphrase);
    }
    let encrypted = encrypted_key(key, passphrase, ITERATIONS, random)?;
    let pem = encrypted.to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF);
    let pem = pem.map_err(|_| PkiError::DamagedKey)?;
    // Nothing of it is secret any more.
    Ok(pem.as_str().to_owned())
}

/// EncryptedPrivateKeyInfo (RFC 5958 3), in DER.
///
/// # Errors
/// [`PkiError::Enrol`] without randomness, or for a key that was not loaded.
pub(crate) fn encrypted_key(
    key: &PrivateKey,
    passphrase: &[u8],
    iterations: u32,
    random: &mut dyn Randomness,
) -> Result<SecretDocument, PkiError> {
    let parameters = salted(iterations, random)?;
    let format = KeyFormat::Pkcs8Der;
    let len = private_key_file_len(key.public_key().modulus_bits(), format);
    let mut der = Zeroizing::new(vec![0; len]);
    let written = key.write(format, &mut der)?;
    PrivateKeyInfoRef::try_from(written)
        .and_then(|info| info.encrypt_with_params(parameters, passphrase))
        .map_err(|_| PkiError::DamagedKey)
}

/// AES-256 in CBC mode under a key of PBKDF2 with HMAC-SHA-256, with new salts.
///
/// # Errors
/// [`PkiError::Enrol`] without randomness.
pub(crate) fn salted(
    iterations: u32,
    random: &mut dyn Randomness,
) -> Result<pbes2::Parameters, PkiError> {
    let (mut salt, mut vector) = ([0; SALT_LEN], [0; BLOCK_LEN]);
    for bytes in [&mut salt[..], &mut vector[..]] {
        let filled = random.fill(bytes);
        filled.map_err(|_| EnrolError::RandomnessFailed)?;
    }
    pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(iterations, &salt, vector)
        .map_err(|_| PkiError::DamagedKey)
}

/// The key in an encrypted file, whatever stands around its block: PBES2 with PBKDF2 or scrypt, and AES.
///
/// # Errors
/// [`PkiError::WrongPassphrase`]; [`PkiError::Enrol`] for a key that opens and is none that this library takes;
/// [`PkiError::KeyEncryption`] for older ciphers and hashes; [`PkiError::KeyCost`] for more than 10 million iterations of
/// PBKDF2 or 256 MiB of scrypt; [`PkiError::DamagedKey`] for what is no encrypted key.
pub fn decrypt_key(file: &[u8], passphrase: &[u8]) -> Result<Box<PrivateKey>, PkiError> {
    let text = block(file).ok_or(PkiError::DamagedKey)?;
    let (_, document) = SecretDocument::from_pem(text).map_err(|_| PkiError::DamagedKey)?;
    let info = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|error| {
        // PBES1, or a cipher that is not AES.
        match error {
            pkcs8::Error::Asn1(error) if matches!(error.kind(), ErrorKind::OidUnknown { .. }) => {
                PkiError::KeyEncryption
            }
            _ => PkiError::DamagedKey,
        }
    })?;
    check_cost(&info.encryption_algorithm)?;
    let plain = info.decrypt(passphrase).map_err(|error| match error {
        // One padding in 256 fits by chance: what comes out then is no key.
        pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed) | pkcs8::Error::Asn1(_) => {
            PkiError::WrongPassphrase
        }
        _ => PkiError::KeyEncryption,
    })?;
    // In its place, so that no copy of the numbers stays on the stack.
    let mut key = Box::new(PrivateKey::empty());
    let is_key = PrivateKeyInfoRef::try_from(plain.as_bytes()).is_ok();
    match key.load(plain.as_bytes()) {
        Ok(()) => Ok(key),
        Err(error) if is_key => Err(error.into()),
        Err(_) => Err(PkiError::WrongPassphrase),
    }
}

/// The first block of an encrypted key.
fn block(file: &[u8]) -> Option<&str> {
    let find = |text: &[u8], mark: &str| {
        let mut places = text.windows(mark.len());
        places.position(|place| place == mark.as_bytes())
    };
    let from_begin = file.get(find(file, "-----BEGIN ENCRYPTED PRIVATE KEY-----")?..)?;
    let end = "-----END ENCRYPTED PRIVATE KEY-----";
    let len = find(from_begin, end)?.checked_add(end.len())?;
    std::str::from_utf8(from_begin.get(..len)?).ok()
}

/// Before any of the work is done, which whoever wrote the file chose.
fn check_cost(encryption: &pkcs5::EncryptionScheme) -> Result<(), PkiError> {
    let kdf = encryption.pbes2().map(|parameters| &parameters.kdf);
    let pbkdf2 = kdf.and_then(pbes2::Kdf::pbkdf2);
    let scrypt = kdf.and_then(pbes2::Kdf::scrypt).map(|scrypt| {
        [scrypt.block_size, scrypt.parallelization]
            .into_iter()
            .fold(scrypt.cost_parameter.saturating_mul(128), |cost, factor| {
                cost.saturating_mul(factor.into())
            })
    });
    if pbkdf2.is_some_and(|pbkdf2| pbkdf2.iteration_count > MAX_ITERATIONS)
        || scrypt.is_some_and(|cost| cost > MAX_SCRYPT)
    {
        return Err(PkiError::KeyCost);
    }
    Ok(())
}
