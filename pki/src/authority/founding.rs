//! A new authority's folder: unfinished, with the key in it, before anything is signed; and whole once its certificate
//! is there.

use std::error::Error as StdError;
use std::fs;
use std::path::{Path, PathBuf};

use daxsign_core::{CertificateFile, Name, Signer, Timestamp};

use crate::authority::event::Event;
use crate::authority::files::{self, Readers};
use crate::authority::folder::Paths;
use crate::authority::register::HEAD;
use crate::certificate::issuer::Issuer;
use crate::der::time;
use crate::error::PkiError;
use crate::pem;
use crate::revocation::list::RevocationList;
use crate::revocation::write::{ListTerms, Revoked, write_list};

/// What a new authority is made of, beside its key.
#[derive(Clone, Copy, Debug)]
pub struct NewAuthority<'n> {
    /// Its certificate, PEM or DER; behind it in the same file, those of the authorities above it.
    pub certificate: &'n [u8],
    /// The same, PEM, where they stand elsewhere; the nearest first, none for a root.
    pub above: &'n [u8],
    /// The newest list that it made before, PEM or DER: the first one here has the next number, and everything that
    /// was revoked. It may have run out.
    pub earlier: Option<&'n [u8]>,
    /// When the first list is made, and when the next one will be there at the latest.
    pub list_times: (Timestamp, Timestamp),
}

/// A folder that is still to become an authority's. Dropped before it is, it is gone again, unless it is
/// [kept](Self::keep).
#[derive(Debug)]
pub struct Founding {
    folder: PathBuf,
    unfinished: Paths,
    kept: bool,
}

impl Founding {
    /// Makes the folder beside its place, with the file of the encrypted key
    /// ([`encrypt_key`](crate::encrypt_key)); `None` where an external signer has the key.
    ///
    /// # Errors
    /// [`PkiError::Exists`]; [`PkiError::File`].
    pub fn begin(folder: &Path, key: Option<&str>) -> Result<Self, PkiError> {
        if folder.symlink_metadata().is_ok() {
            return Err(exists(folder));
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let process = std::process::id();
        let unfinished = folder.with_file_name(format!(".unfinished-{name}-{process}"));
        files::make_folder(&unfinished).map_err(|error| PkiError::file(&unfinished, error))?;
        let founding = Self {
            folder: folder.to_owned(),
            unfinished: Paths::of(&unfinished),
            kept: false,
        };
        if let Some(key) = key {
            files::write(&founding.unfinished.key(), key.as_bytes(), Readers::Owner)?;
        }
        Ok(founding)
    }

    /// From now on it stays if it cannot be finished: somebody has signed for its key. Where the key is.
    pub fn keep(&mut self) -> PathBuf {
        self.kept = true;
        self.unfinished.key()
    }

    /// Makes it an authority's, with a first list.
    ///
    /// # Errors
    /// [`PkiError::Exists`] if something has come into its place; [`PkiError::NotAnAuthority`] for another
    /// certificate; [`PkiError::OtherKey`], [`PkiError::Signing`] if the signer does not sign with its key; for an
    /// earlier list as [`RevocationList::from_bytes`], [`PkiError::OtherList`], [`PkiError::ListSignature`] and
    /// [`PkiError::ListNumber`]; [`PkiError::File`].
    pub fn finish<S>(mut self, new: &NewAuthority<'_>, signer: &S) -> Result<(), PkiError>
    where
        S: Signer + ?Sized,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.fill(new, signer)?;
        // Never in the place of another that has something in it.
        fs::rename(self.unfinished.folder(), &self.folder).map_err(|error| {
            match self.folder.symlink_metadata() {
                Ok(_) => exists(&self.folder),
                Err(_) => PkiError::file(&self.folder, error),
            }
        })?;
        self.kept = true;
        let parent = self.folder.parent();
        files::sync_folder(parent).map_err(|error| PkiError::file(&self.folder, error))
    }

    fn fill<S>(&self, new: &NewAuthority<'_>, signer: &S) -> Result<(), PkiError>
    where
        S: Signer + ?Sized,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let paths = &self.unfinished;
        let issuer = Issuer::from_certificate(new.certificate)?;
        let first = FirstList::of(new, &issuer)?;
        let list = write_list(&issuer, &first.terms, &first.revoked, signer)?;
        let mut certificates = pems(new.certificate)?;
        certificates.extend_from_slice(new.above);
        let failed = |error| PkiError::file(paths.folder(), error);
        files::make_folder(&paths.certificates()).map_err(failed)?;
        files::write(&paths.lock(), b"", Readers::All)?;
        files::write(
            &paths.register(),
            first.register()?.as_bytes(),
            Readers::All,
        )?;
        let list = pem::encode(pem::LIST, &list);
        files::write(&paths.list(), list.as_bytes(), Readers::All)?;
        files::write(&paths.certificate(), &certificates, Readers::All)
    }
}

impl Drop for Founding {
    fn drop(&mut self) {
        if !self.kept {
            // Whoever is told of a failure is told of the one before this.
            let _ = fs::remove_dir_all(self.unfinished.folder());
        }
    }
}

/// The first list here: of a new authority an empty one.
struct FirstList {
    terms: ListTerms,
    revoked: Vec<Revoked>,
}

impl FirstList {
    fn of(new: &NewAuthority<'_>, issuer: &Issuer) -> Result<Self, PkiError> {
        let (this_update, next_update) = new.list_times;
        let mut first = Self {
            terms: ListTerms {
                number: 1,
                this_update,
                next_update,
            },
            revoked: Vec::new(),
        };
        if let Some(earlier) = new.earlier {
            let earlier = RevocationList::from_bytes(earlier)?;
            let certificate = CertificateFile::from_bytes(new.certificate)?;
            if Name::from_der(earlier.issuer())? != *certificate.subject() {
                return Err(PkiError::OtherList);
            }
            earlier.verify(&issuer.key)?;
            let number = earlier.number().unwrap_or_default();
            first.terms.number = number.checked_add(1).ok_or(PkiError::ListNumber)?;
            if earlier.this_update() >= next_update {
                let this_update = time::text(earlier.this_update())?;
                return Err(PkiError::ListNotYet { this_update });
            }
            // Should the clock have gone back, the time of the one before.
            first.terms.this_update = this_update.max(earlier.this_update());
            first.revoked = earlier.entries()?;
        }
        Ok(first)
    }

    /// The register's first lines.
    fn register(&self) -> Result<String, PkiError> {
        let mut text = HEAD.to_owned();
        for revoked in &self.revoked {
            text.push_str(&Event::RevokedBefore(revoked.clone()).to_line()?);
        }
        let listed = Event::Listed {
            time: self.terms.this_update,
            number: self.terms.number,
        };
        text.push_str(&listed.to_line()?);
        Ok(text)
    }
}

fn exists(folder: &Path) -> PkiError {
    PkiError::Exists {
        folder: folder.to_owned(),
    }
}

/// All certificates of a file as PEM, one behind the other.
fn pems(file: &[u8]) -> Result<Vec<u8>, PkiError> {
    let mut text = String::new();
    for certificate in CertificateFile::all(file) {
        let mut der = Vec::new();
        certificate?.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
        text.push_str(&pem::encode(pem::CERTIFICATE, &der));
    }
    Ok(text.into_bytes())
}
