//! An authority: what it does, one step after the other, so that its folder is whole at any instant.

use std::error::Error as StdError;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use daxsign_core::{
    CertificateFile, PrivateKey, Randomness, Sha256, Signer, Thumbprint, ThumbprintKind, Timestamp,
    TrustAnchor,
};

use crate::authority::event::{Entry, Event};
use crate::authority::files::{self, Readers};
use crate::authority::folder::Paths;
use crate::authority::founding::{Founding, NewAuthority};
use crate::authority::key::decrypt_key;
use crate::authority::lock::Lock;
use crate::authority::register::Register;
use crate::certificate::asked::Asked;
use crate::certificate::issue::{Terms, issue};
use crate::certificate::issuer::Issuer;
use crate::certificate::profile::Profile;
use crate::certificate::serial::SerialNumber;
use crate::error::PkiError;
use crate::pem;
use crate::revocation::list::{Revocation, RevocationList};
use crate::revocation::reason::Reason;
use crate::revocation::write::{ListTerms, write_list};

/// A certificate that was just issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its number.
    pub serial: SerialNumber,
    /// It, as PEM.
    pub pem: String,
    /// Where the authority keeps it.
    pub file: PathBuf,
}

/// From when until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first moment.
    pub not_before: Timestamp,
    /// The last moment.
    pub not_after: Timestamp,
}

/// The profile of what the register learned from a certificate alone.
const RECOVERED: &str = "recovered";

/// What a folder is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its files are read, as they are at that instant.
    Read,
    /// Its files are changed, which nobody else may do meanwhile.
    Change,
}

/// An authority in its folder, which is locked as long as this is there if it was opened for changing it.
#[derive(Debug)]
pub struct Authority {
    paths: Paths,
    certificate: Vec<u8>,
    issuer: Issuer,
    register: Register,
    _lock: Option<Lock>,
}

impl Authority {
    /// Makes the folder of a new authority, whole or not at all. Where its certificate is still to be issued,
    /// [`Founding`] does it in two steps.
    ///
    /// # Errors
    /// As [`Founding::begin`] and [`Founding::finish`].
    pub fn create<S>(
        folder: &Path,
        key: Option<&str>,
        new: &NewAuthority<'_>,
        signer: &S,
    ) -> Result<(), PkiError>
    where
        S: Signer + ?Sized,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        Founding::begin(folder, key)?.finish(new, signer)
    }

    /// Opens the folder of an authority, once no other process is in its way. For changing it, what a process left
    /// unfinished is put right first: a certificate that was made is in the register, and a line that was cut off
    /// is gone.
    ///
    /// # Errors
    /// [`PkiError::NoAuthority`]; [`PkiError::Busy`]; [`PkiError::Damaged`] for a line of the register that was
    /// changed; [`PkiError::Shortened`] for a register that lacks what the list has; [`PkiError::ListSignature`] for
    /// a list that is not the authority's; [`PkiError::Stray`] for a file among the certificates that is none of
    /// them; [`PkiError::File`].
    pub fn open(folder: &Path, access: Access) -> Result<Self, PkiError> {
        let paths = Paths::of(folder);
        if !paths.lock().is_file() || !paths.certificate().is_file() {
            return Err(PkiError::NoAuthority {
                folder: folder.to_owned(),
            });
        }
        let lock = match access {
            Access::Read => None,
            Access::Change => Some(Lock::take(folder)?),
        };
        let certificate = files::read(&paths.certificate())?;
        let issuer = Issuer::from_certificate(&certificate)?;
        // Before the register, which only grows: what the list has is there, then, though others work meanwhile.
        let list = own_list(&paths, &issuer)?;
        let mut authority = Self {
            issuer,
            register: Register::read(&paths)?,
            certificate,
            paths,
            _lock: lock,
        };
        if let Some(list) = list {
            authority.register.check(&list)?;
        }
        if access == Access::Change {
            authority.mend()?;
        }
        Ok(authority)
    }

    fn mend(&mut self) -> Result<(), PkiError> {
        self.register.mend()?;
        for folder in [self.paths.folder(), &self.paths.certificates()] {
            files::remove_unfinished(folder)?;
        }
        for name in files::names(&self.paths.certificates())? {
            let Some(serial) = Paths::serial_of(&name) else {
                continue;
            };
            if self.register.find(&serial).is_none() {
                let entry = self.recovered(&serial)?;
                self.register.add(Event::Issued(entry))?;
            }
        }
        Ok(())
    }

    /// What the register lacks of a certificate in the folder, which must be one of this authority's, of this
    /// number.
    fn recovered(&self, serial: &SerialNumber) -> Result<Entry, PkiError> {
        let file = self.paths.issued(serial);
        let entry = self.of_this_authority(&files::read(&file)?)?;
        let entry = entry.filter(|entry| entry.serial == *serial);
        entry.ok_or(PkiError::Stray { file })
    }

    /// What the register would say of a certificate that this authority's key signed; `None` for any other, and for
    /// its own.
    fn of_this_authority(&self, file: &[u8]) -> Result<Option<Entry>, PkiError> {
        let Ok(certificate) = CertificateFile::from_bytes(file) else {
            return Ok(None);
        };
        let own = CertificateFile::from_bytes(&self.certificate)?;
        let time = certificate.not_before();
        let issued = TrustAnchor::from_key(self.issuer.key.clone()).verify(&certificate, &[], time);
        let another = certificate.thumbprint(ThumbprintKind::Sha256)
            != own.thumbprint(ThumbprintKind::Sha256);
        let is_its = issued.is_ok() && certificate.issuer() == own.subject() && another;
        Ok(entry(file, time, RECOVERED).ok().filter(|_| is_its))
    }

    /// What is known of a certificate that the authority issued before its folder was there: the register does not
    /// have it.
    ///
    /// # Errors
    /// [`PkiError::NotIssued`] for one that its key did not sign, for its own, and for a number that the register
    /// has; [`PkiError::AlreadyRevoked`] for one of the list that was taken over.
    pub fn recognise(&self, file: &[u8]) -> Result<Entry, PkiError> {
        let certificate = CertificateFile::from_bytes(file)?;
        let entry = self.of_this_authority(file)?;
        let entry = entry.filter(|entry| self.register.find(&entry.serial).is_none());
        let entry = entry.ok_or_else(|| PkiError::NotIssued {
            wanted: format!(
                "the thumbprint {}",
                certificate.thumbprint(ThumbprintKind::Sha1)
            ),
        })?;
        match self.register.revoked_before(&entry.serial) {
            None => Ok(entry),
            Some(revocation) => Err(already_revoked(revocation)?),
        }
    }

    /// Enters such a certificate, to revoke or renew it like those that were issued here.
    ///
    /// # Errors
    /// As [`recognise`](Self::recognise); [`PkiError::File`].
    pub fn adopt(&mut self, file: &[u8]) -> Result<Entry, PkiError> {
        let entry = self.recognise(file)?;
        let path = self.paths.issued(&entry.serial);
        let pem = pem::encode(pem::CERTIFICATE, &pem::der_of_certificate(file)?);
        files::write(&path, pem.as_bytes(), Readers::All)?;
        self.register.add(Event::Issued(entry.clone()))?;
        Ok(entry)
    }

    /// Its certificate and those above it, as PEM.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// As certificates and lists name it.
    #[must_use]
    pub const fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// How many certificates the next list has: those that were revoked here, and those of the list that was taken
    /// over.
    #[must_use]
    pub fn revoked_count(&self) -> usize {
        self.register.revoked().len()
    }

    /// What it issued, the oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.register.entries()
    }

    /// Its private key, out of its folder.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] if it is kept elsewhere; as [`decrypt_key`](crate::decrypt_key); [`PkiError::OtherKey`]
    /// if it is another authority's.
    pub fn unlock(&self, passphrase: &[u8]) -> Result<Box<PrivateKey>, PkiError> {
        if !self.paths.key().exists() {
            return Err(PkiError::NoKey);
        }
        let key = decrypt_key(&files::read(&self.paths.key())?, passphrase)?;
        if key.public_key() == self.issuer.public_key() {
            Ok(key)
        } else {
            Err(PkiError::OtherKey)
        }
    }

    /// What it issued before for the same key or the same subject, the oldest first.
    ///
    /// # Errors
    /// [`PkiError::Enrol`] for a subject that is no name.
    pub fn issued_before(&self, asked: &Asked) -> Result<Vec<&Entry>, PkiError> {
        let (key, subject) = (key_hash(asked), asked.subject_text()?);
        let same = |entry: &&Entry| {
            entry.key == key || !subject.is_empty() && entry.subject.eq_ignore_ascii_case(&subject)
        };
        Ok(self.entries().iter().filter(same).collect())
    }

    /// Issues a certificate. It is kept in the folder before it is given out.
    ///
    /// # Errors
    /// As [`issue`](fn@crate::issue); [`PkiError::CompromisedKey`] for a key that was revoked as such;
    /// [`PkiError::Enrol`] without randomness; [`PkiError::File`].
    pub fn issue<S>(
        &mut self,
        asked: &Asked,
        (profile, validity): (Profile, Validity),
        random: &mut dyn Randomness,
        signer: &S,
    ) -> Result<Issued, PkiError>
    where
        S: Signer + ?Sized,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.check_key(asked)?;
        let terms = Terms {
            profile,
            serial: self.new_serial(random)?,
            not_before: validity.not_before,
            not_after: validity.not_after,
        };
        let der = issue(&self.issuer, asked, &terms, signer)?;
        let pem = pem::encode(pem::CERTIFICATE, &der);
        let file = self.paths.issued(&terms.serial);
        let entry = entry(&der, validity.not_before, profile.name())?;
        files::write(&file, pem.as_bytes(), Readers::All)?;
        self.register.add(Event::Issued(entry))?;
        Ok(Issued {
            serial: terms.serial,
            pem,
            file,
        })
    }

    /// Issues a certificate in the place of another, which may not be revoked by now.
    ///
    /// # Errors
    /// [`PkiError::NotIssued`], [`PkiError::AlreadyRevoked`] for that other; as [`issue`](Self::issue).
    pub fn renew<S>(
        &mut self,
        serial: &SerialNumber,
        asked: &Asked,
        granted: (Profile, Validity),
        random: &mut dyn Randomness,
        signer: &S,
    ) -> Result<Issued, PkiError>
    where
        S: Signer + ?Sized,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.check_not_revoked(serial)?;
        self.issue(asked, granted, random, signer)
    }

    fn check_not_revoked(&self, serial: &SerialNumber) -> Result<(), PkiError> {
        match self.find(&serial.to_string())?.revocation {
            None => Ok(()),
            Some(revocation) => Err(already_revoked(&revocation)?),
        }
    }

    /// A key that somebody else may have gets no certificate any more.
    fn check_key(&self, asked: &Asked) -> Result<(), PkiError> {
        let key = key_hash(asked);
        let compromised = |entry: &&Entry| {
            let reason = entry.revocation.map(|revocation| revocation.reason);
            entry.key == key && matches!(reason, Some(Reason::KeyCompromise | Reason::CaCompromise))
        };
        match self.entries().iter().find(compromised) {
            None => Ok(()),
            Some(entry) => Err(PkiError::CompromisedKey {
                serial: entry.serial.to_string(),
            }),
        }
    }

    /// One that no other certificate has.
    fn new_serial(&self, random: &mut dyn Randomness) -> Result<SerialNumber, PkiError> {
        let serial = SerialNumber::random(random)?;
        if self.register.has(&serial) {
            // By chance that does not happen.
            return Err(daxsign_core::EnrolError::RandomnessStuck.into());
        }
        Ok(serial)
    }

    /// The certificate with this number or thumbprint (C-THUMB).
    ///
    /// # Errors
    /// [`PkiError::NotIssued`]; [`PkiError::AlreadyRevoked`] for a number of the list that was taken over.
    pub fn find(&self, text: &str) -> Result<&Entry, PkiError> {
        let serial = SerialNumber::parse(text).ok();
        let before = serial
            .as_ref()
            .and_then(|serial| self.register.revoked_before(serial));
        if let Some(revocation) = before {
            return Err(already_revoked(revocation)?);
        }
        let by_serial = serial.and_then(|serial| self.register.find(&serial));
        let thumbprint = Thumbprint::parse(text).ok();
        let found = by_serial.or_else(|| {
            let thumbprint = thumbprint?;
            let mut entries = self.entries().iter();
            entries.find(|entry| self.has_thumbprint(entry, &thumbprint))
        });
        found.ok_or_else(|| PkiError::NotIssued {
            wanted: format!("the number or thumbprint {}", text.trim()),
        })
    }

    fn has_thumbprint(&self, entry: &Entry, wanted: &Thumbprint) -> bool {
        /// Bytes of SHA-1, which the register has.
        const SHA1_LEN: usize = 20;
        if wanted.as_bytes().len() == SHA1_LEN {
            return entry.thumbprint == wanted.to_string();
        }
        let file = files::read(&self.paths.issued(&entry.serial)).unwrap_or_default();
        CertificateFile::from_bytes(&file)
            .is_ok_and(|made| made.thumbprint(ThumbprintKind::Sha256) == *wanted)
    }

    /// The certificate in this file, PEM or DER, which must be one of this authority's.
    ///
    /// # Errors
    /// [`PkiError::NotIssued`]; [`PkiError::Enrol`] for a file that holds no certificate.
    pub fn find_certificate(&self, file: &[u8]) -> Result<&Entry, PkiError> {
        let certificate = CertificateFile::from_bytes(file)?;
        let thumbprint = certificate.thumbprint(ThumbprintKind::Sha1).to_string();
        let serial = SerialNumber::from_bytes(certificate.serial().as_bytes());
        serial
            .and_then(|serial| self.register.find(&serial))
            .filter(|entry| entry.thumbprint == thumbprint)
            .ok_or_else(|| PkiError::NotIssued {
                wanted: format!("the thumbprint {thumbprint}"),
            })
    }

    /// The PEM of a certificate that was issued.
    ///
    /// # Errors
    /// [`PkiError::File`].
    pub fn read_issued(&self, entry: &Entry) -> Result<Vec<u8>, PkiError> {
        files::read(&self.paths.issued(&entry.serial))
    }

    /// Revokes a certificate, expired or not. Who trusts the authority knows once there is a new list
    /// ([`renew_list`](Self::renew_list)).
    ///
    /// # Errors
    /// [`PkiError::NotIssued`], [`PkiError::AlreadyRevoked`]; [`PkiError::File`].
    pub fn revoke(
        &mut self,
        serial: &SerialNumber,
        reason: Reason,
        now: Timestamp,
    ) -> Result<(), PkiError> {
        self.check_not_revoked(serial)?;
        self.register.add(Event::Revoked {
            serial: serial.clone(),
            revocation: Revocation { time: now, reason },
        })
    }

    /// Whether the list in the folder has all that was revoked.
    ///
    /// # Errors
    /// [`PkiError::File`]; as [`RevocationList::from_bytes`].
    pub fn list_is_current(&self) -> Result<bool, PkiError> {
        let list = self.list()?;
        let number = list.number();
        Ok(!self.register.unlisted && number == Some(self.register.list_number))
    }

    /// The list in the folder.
    ///
    /// # Errors
    /// [`PkiError::File`]; as [`RevocationList::from_bytes`].
    pub fn list(&self) -> Result<RevocationList, PkiError> {
        RevocationList::from_bytes(&files::read(&self.paths.list())?)
    }

    /// Where the list is.
    #[must_use]
    pub fn list_file(&self) -> PathBuf {
        self.paths.list()
    }

    /// Makes a new list of all that was revoked, with a number above that of every list before it, and no earlier time:
    /// should the clock have gone back, that of the list before.
    ///
    /// # Errors
    /// As [`write_list`](crate::write_list); [`PkiError::File`].
    pub fn renew_list<S>(
        &mut self,
        now: Timestamp,
        next_update: Timestamp,
        signer: &S,
    ) -> Result<u64, PkiError>
    where
        S: Signer + ?Sized,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let this_update = self.register.list_time.map_or(now, |last| last.max(now));
        if next_update <= this_update {
            return Err(PkiError::NoTime);
        }
        let number = self.register.next_list(this_update)?;
        let terms = ListTerms {
            number,
            this_update,
            next_update,
        };
        let list = write_list(&self.issuer, &terms, &self.register.revoked(), signer)?;
        let pem = pem::encode(pem::LIST, &list);
        files::write(&self.paths.list(), pem.as_bytes(), Readers::All)?;
        Ok(number)
    }
}

/// The folder's list, which must be the authority's own; `None` where it is not there: it can be made again.
fn own_list(paths: &Paths, issuer: &Issuer) -> Result<Option<RevocationList>, PkiError> {
    if !paths.list().exists() {
        return Ok(None);
    }
    let list = RevocationList::from_bytes(&files::read(&paths.list())?)?;
    list.verify(&issuer.key)?;
    Ok(Some(list))
}

fn already_revoked(revocation: &Revocation) -> Result<PkiError, PkiError> {
    let time = crate::der::time::text(revocation.time)?;
    Ok(PkiError::AlreadyRevoked { time })
}

/// What the register says of a certificate.
fn entry(file: &[u8], time: Timestamp, profile: &str) -> Result<Entry, PkiError> {
    let certificate = CertificateFile::from_bytes(file)?;
    let serial = SerialNumber::from_bytes(certificate.serial().as_bytes());
    Ok(Entry {
        time,
        serial: serial.ok_or(PkiError::InvalidSerial)?,
        not_after: certificate.not_after(),
        profile: profile.to_owned(),
        thumbprint: certificate.thumbprint(ThumbprintKind::Sha1).to_string(),
        key: key_hash(&Asked::from_certificate(file)?),
        subject: certificate.subject().to_string(),
        revocation: None,
    })
}

fn key_hash(asked: &Asked) -> String {
    let hash = Sha256::digest(asked.spki());
    hash.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02X}");
        text
    })
}
