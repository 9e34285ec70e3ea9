//! The folder of an exchange: what its files are called, and who may read them.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::wrong::WrongSettings;
use crate::record::KEYS_FILE;

/// The longest file of keys or certificates that is read.
const MAX_FILE_LEN: u64 = 1 << 20;

/// An exchange's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// A file of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The key that the exchange signs with, PEM.
    Key,
    /// Its certificate, PEM.
    Certificate,
    /// The key of the log: its name, and its seed in hexadecimal digits.
    LogKey,
    /// The key of tokens, in hexadecimal digits.
    TokenKey,
    /// What operators show at the management door.
    ManagementToken,
    /// The key of the TLS certificate, PEM.
    TlsKey,
    /// The certificate that the doors show, and those above it, PEM.
    TlsCertificate,
    /// The authority whose certificates parties have, and those between, PEM.
    Authority,
    /// Its newest list of revoked certificates; it need not be there.
    AuthorityList,
}

impl Part {
    /// All that must be there.
    const NEEDED: [Self; 8] = [
        Self::Key,
        Self::Certificate,
        Self::LogKey,
        Self::TokenKey,
        Self::ManagementToken,
        Self::TlsKey,
        Self::TlsCertificate,
        Self::Authority,
    ];

    /// What the file is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "exchange.key",
            Self::Certificate => "exchange.crt",
            Self::LogKey => "log.key",
            Self::TokenKey => "token.key",
            Self::ManagementToken => "management.token",
            Self::TlsKey => "tls.key",
            Self::TlsCertificate => "tls.crt",
            Self::Authority => "authority.crt",
            Self::AuthorityList => "authority.crl",
        }
    }

    const fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Key | Self::LogKey | Self::TokenKey | Self::ManagementToken | Self::TlsKey
        )
    }
}

impl Folder {
    /// The folder at that place.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where a file of it is.
    #[must_use]
    pub fn file(&self, part: Part) -> PathBuf {
        self.0.join(part.name())
    }

    /// That everything is there that an exchange cannot run without, and secrets are their owner's alone.
    ///
    /// # Errors
    /// What is missing, and which command makes it; which file others can read, and how to change that.
    pub fn check(&self, tls: bool) -> Result<(), WrongSettings> {
        let shown = self.0.display();
        if !self.0.is_dir() {
            return Err(WrongSettings(format!(
                "there is no folder {shown}: `daxsign-exchange init {shown}` makes one, with an authority, keys and \
                 certificates to begin with"
            )));
        }
        let is_tls = |part: &Part| matches!(part, Part::TlsKey | Part::TlsCertificate);
        let needed = Part::NEEDED.iter().filter(|part| tls || !is_tls(part));
        let missing: Vec<&str> = needed
            .filter(|part| !self.file(**part).exists())
            .map(|part| part.name())
            .collect();
        if !missing.is_empty() {
            return Err(WrongSettings(format!(
                "{shown} has no {}: `daxsign-exchange init FOLDER` makes a new folder with all of them; or put your own there",
                missing.join(", ")
            )));
        }
        for part in Part::NEEDED.into_iter().filter(|part| part.is_secret()) {
            if part != Part::TlsKey || tls {
                only_the_owner_reads(&self.file(part))?;
            }
        }
        // Made by the first start.
        let keys = self.0.join(KEYS_FILE);
        if keys.exists() {
            only_the_owner_reads(&keys)?;
        }
        Ok(())
    }

    /// What a file holds. A secret that others can read is not taken.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn read(&self, part: Part) -> Result<Vec<u8>, WrongSettings> {
        let file = self.file(part);
        let named =
            |error: &dyn core::fmt::Display| WrongSettings(format!("{}: {error}", file.display()));
        if part.is_secret() {
            only_the_owner_reads(&file)?;
        }
        let len = fs::metadata(&file).map_err(|error| named(&error))?.len();
        if len > MAX_FILE_LEN {
            return Err(named(&"longer than 1 MB: no key and no certificate"));
        }
        fs::read(&file).map_err(|error| named(&error))
    }

    /// The same of one that may be missing.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn read_if_there(&self, part: Part) -> Result<Option<Vec<u8>>, WrongSettings> {
        if self.file(part).exists() {
            self.read(part).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The text of a file, without white space at its ends.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn read_text(&self, part: Part) -> Result<String, WrongSettings> {
        let text = String::from_utf8(self.read(part)?);
        let text = text.map_err(|_| self.wrong(part, &"not UTF-8"))?;
        Ok(text.trim().to_owned())
    }

    /// That something is wrong with a file.
    #[must_use]
    pub fn wrong(&self, part: Part, problem: &dyn core::fmt::Display) -> WrongSettings {
        WrongSettings(format!("{}: {problem}", self.file(part).display()))
    }

    /// Writes a new file of it; a secret is its owner's alone from its first moment on.
    ///
    /// # Errors
    /// The system's; `AlreadyExists`.
    pub fn write_new(&self, part: Part, bytes: &[u8]) -> io::Result<()> {
        write_new(&self.file(part), bytes, part.is_secret())
    }
}

/// Writes a file that must not exist yet, and has it on disk.
pub(crate) fn write_new(path: &Path, bytes: &[u8], secret: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = secret;
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a folder that its owner alone gets into.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// That a secret is its owner's alone.
///
/// # Errors
/// [`WrongSettings`]: how to change that.
#[cfg(unix)]
pub(crate) fn only_the_owner_reads(file: &Path) -> Result<(), WrongSettings> {
    use std::os::unix::fs::PermissionsExt as _;
    let shown = file.display();
    let facts = fs::metadata(file).map_err(|error| WrongSettings(format!("{shown}: {error}")))?;
    let mode = facts.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    Err(WrongSettings(format!(
        "{shown} is a secret, and others can read or change it (mode {mode:04o}): chmod 600 {shown}"
    )))
}

/// Who may read it is what its folder says.
#[cfg(not(unix))]
pub(crate) fn only_the_owner_reads(_: &Path) -> Result<(), WrongSettings> {
    Ok(())
}
