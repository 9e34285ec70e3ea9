//! What the parts of a file are encrypted with: PBES2 with PBKDF2 and AES, or the old ways of RFC 7292 C.

use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use des::{TdesEde2, TdesEde3};
use pkcs8::der::Decode;
use pkcs8::pkcs5::{self, pbes2};
use rc2::Rc2;
use sha1::Sha1;
use zeroize::Zeroizing;

use crate::der::reader::{Element, Reader};
use crate::der::{INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::error::PkiError;
use crate::pkcs12::budget::Budget;
use crate::pkcs12::derive::{Purpose, derive};
use crate::pkcs12::oid;
use crate::pkcs12::passphrase::Passphrase;
use crate::pkcs12::refused::Refused;

/// Bytes of the blocks of DES and RC2.
const OLD_BLOCK_LEN: usize = 8;

/// What was encrypted, and whether in an old way.
pub(crate) struct Decrypted {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    pub(crate) is_old: bool,
}

/// Decrypts `data` as an AlgorithmIdentifier says.
pub(crate) fn decrypt(
    algorithm: &Element<'_>,
    data: &[u8],
    passphrase: &Passphrase<'_>,
    budget: &mut Budget,
) -> Result<Decrypted, Refused> {
    let mut parts = algorithm.reader();
    let oid = parts.take(OBJECT_IDENTIFIER)?.contents;
    if oid == oid::PBES2 {
        let parameters = parts.take(SEQUENCE)?;
        parts.finish()?;
        let bytes = decrypt_pbes2(parameters.whole, data, passphrase, budget)?;
        let is_old = false;
        return Ok(Decrypted { bytes, is_old });
    }
    let decrypt: fn(&Old<'_>) -> Option<Vec<u8>> = match oid {
        oid::TRIPLE_DES => |old| old.decrypt::<TdesEde3>(24),
        oid::TWO_KEY_TRIPLE_DES => |old| old.decrypt::<TdesEde2>(16),
        oid::RC2_128 => |old| old.decrypt::<Rc2>(16),
        oid::RC2_40 => |old| old.decrypt::<Rc2>(5),
        _ => return Err(PkiError::Pkcs12Algorithm.into()),
    };
    let old = Old::read(&mut parts, data, passphrase, budget)?;
    let bytes = Zeroizing::new(decrypt(&old).ok_or(PkiError::WrongPassphrase)?);
    let is_old = true;
    Ok(Decrypted { bytes, is_old })
}

fn decrypt_pbes2(
    parameters: &[u8],
    data: &[u8],
    passphrase: &Passphrase<'_>,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, PkiError> {
    let parameters =
        pbes2::Parameters::from_der(parameters).map_err(|_| PkiError::Pkcs12Algorithm)?;
    match &parameters.kdf {
        pbes2::Kdf::Pbkdf2(pbkdf2) => budget.spend(pbkdf2.iteration_count)?,
        // Nobody writes it here, and what it takes is counted in another way.
        _ => return Err(PkiError::Pkcs12Algorithm),
    }
    let plain = parameters.decrypt(passphrase.utf8, data);
    plain.map(Zeroizing::new).map_err(|error| match error {
        pkcs5::Error::DecryptFailed => PkiError::WrongPassphrase,
        _ => PkiError::Pkcs12Algorithm,
    })
}

/// A cipher in CBC mode whose key and first block are made of the passphrase with SHA-1.
struct Old<'a> {
    salt: &'a [u8],
    iterations: u32,
    data: &'a [u8],
    passphrase: &'a Passphrase<'a>,
}

impl<'a> Old<'a> {
    /// pkcs-12PbeParams ::= SEQUENCE { salt, iterations }.
    fn read(
        parts: &mut Reader<'a>,
        data: &'a [u8],
        passphrase: &'a Passphrase<'a>,
        budget: &mut Budget,
    ) -> Result<Self, Refused> {
        let mut parameters = parts.take(SEQUENCE)?.reader();
        parts.finish()?;
        let salt = parameters.take(OCTET_STRING)?.contents;
        let iterations = budget.spend_read(&parameters.take(INTEGER)?)?;
        parameters.finish()?;
        Ok(Self {
            salt,
            iterations,
            data,
            passphrase,
        })
    }

    fn decrypt<C: BlockCipherDecrypt + KeyInit>(&self, key_len: usize) -> Option<Vec<u8>> {
        let key = self.derive(Purpose::Key, key_len);
        let vector = self.derive(Purpose::Vector, OLD_BLOCK_LEN);
        let cipher = Decryptor::<C>::new_from_slices(&key, &vector).ok()?;
        cipher.decrypt_padded_vec::<Pkcs7>(self.data).ok()
    }

    fn derive(&self, purpose: Purpose, len: usize) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(vec![0; len]);
        derive::<Sha1>(
            &self.passphrase.utf16,
            self.salt,
            purpose,
            self.iterations,
            &mut out,
        );
        out
    }
}
