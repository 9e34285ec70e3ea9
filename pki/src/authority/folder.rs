//! Which files an authority's folder has.
//!
//! | file | what |
//! |---|---|
//! | `authority.crt` | its certificate, and behind it those of the authorities above it, PEM |
//! | `authority.key` | its private key, encrypted with the passphrase (PKCS#8, PEM); not there if it is kept elsewhere |
//! | `authority.crl` | the newest list of what was revoked, PEM |
//! | `register.txt` | what was issued, revoked and listed: a line each, the newest last |
//! | `certificates/` | each certificate that was issued, by its number, PEM |
//! | `lock` | empty; locked while a process works in the folder |

use std::path::{Path, PathBuf};

use crate::certificate::serial::SerialNumber;

/// The end of certificates' names.
const CERTIFICATE_END: &str = ".crt";

/// The paths of the files.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    folder: PathBuf,
}

impl Paths {
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.join("authority.crt")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.join("authority.key")
    }

    pub(crate) fn list(&self) -> PathBuf {
        self.folder.join("authority.crl")
    }

    pub(crate) fn register(&self) -> PathBuf {
        self.folder.join("register.txt")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    pub(crate) fn certificates(&self) -> PathBuf {
        self.folder.join("certificates")
    }

    /// That of one certificate.
    pub(crate) fn issued(&self, serial: &SerialNumber) -> PathBuf {
        self.certificates()
            .join(format!("{serial}{CERTIFICATE_END}"))
    }

    /// The number of the certificate in the file of this name; `None` for other files.
    pub(crate) fn serial_of(name: &str) -> Option<SerialNumber> {
        let digits = name.strip_suffix(CERTIFICATE_END)?;
        let serial = SerialNumber::parse(digits).ok()?;
        (serial.to_string() == digits).then_some(serial)
    }
}
