//! What the commands have in common: an opened authority, its key, times.

use std::path::{Path, PathBuf};

use daxsign_core::{PrivateKey, Timestamp};
use daxsign_pki::{Access, Authority, Entry, PkiError, Validity};

use crate::authority::arguments::{FolderArgument, PassphraseArgument, YesArgument};
use crate::clock::date_text;
use crate::failure::Failure;
use crate::terminal::shown;
use crate::{ask, input, output, passphrase};

const SECONDS_PER_DAY: i64 = 86_400;

/// An authority, and how messages call it.
pub(super) struct Opened {
    pub(super) authority: Authority,
    pub(super) name: String,
}

impl Opened {
    pub(super) fn new(folder: &Path, access: Access) -> Result<Self, Failure> {
        let name = shown(folder);
        let authority = Authority::open(folder, access).map_err(|error| match error {
            PkiError::NoAuthority { .. } => Failure::Unusable(format!(
                "{name} holds no authority: name its folder with --ca, or make one with `daxsign ca init`"
            )),
            error => Failure::refused_pki(&error, &name),
        })?;
        Ok(Self { authority, name })
    }

    pub(super) fn of(folder: &FolderArgument, access: Access) -> Result<Self, Failure> {
        Self::new(&folder.path()?, access)
    }

    pub(super) fn refused(&self, error: &PkiError) -> Failure {
        Failure::refused_pki(error, &self.name)
    }

    /// Its private key, once the passphrase is known.
    pub(super) fn unlock(
        &self,
        passphrase: &PassphraseArgument,
    ) -> Result<Box<PrivateKey>, Failure> {
        let passphrase = passphrase::read(passphrase.passphrase_file.as_deref(), &self.name)?;
        let key = self.authority.unlock(passphrase.as_bytes());
        key.map_err(|error| self.refused(&error))
    }

    /// The certificate that is meant: by its file, or by number or thumbprint.
    pub(super) fn find(&self, text: &str) -> Result<Entry, Failure> {
        let path = PathBuf::from(text);
        let found = if path.is_file() || input::is_stdin(&path) {
            let input = input::Input::read(&path)?;
            let found = self.authority.find_certificate(&input.bytes);
            found.map_err(|error| Failure::refused_pki(&error, &input.name))
        } else {
            let found = self.authority.find(text);
            found.map_err(|error| self.refused(&error))
        };
        found.cloned()
    }
}

/// This many days later; the end of the range stays.
pub(super) fn later(time: Timestamp, days: u32) -> Result<Timestamp, Failure> {
    let seconds = i64::from(days).saturating_mul(SECONDS_PER_DAY);
    let seconds = time.seconds().saturating_add(seconds);
    Timestamp::from_unix(seconds, 0).map_err(|error| Failure::refused(&error, "--days"))
}

/// Days from now on, no longer than the authority itself; that it is shorter is told.
pub(super) fn validity(
    now: Timestamp,
    days: u32,
    end: Option<Timestamp>,
) -> Result<Validity, Failure> {
    let mut not_after = later(now, days)?;
    if let Some(end) = end.filter(|end| *end < not_after) {
        not_after = end;
        let text = format!(
            "the authority ends on {}, and the certificate with it",
            date_text(end)
        );
        output::labelled("note", &text);
    }
    Ok(Validity {
        not_before: now,
        not_after,
    })
}

/// Whether it is to be done; a script says so.
pub(super) fn is_wanted(yes: &YesArgument, question: &str) -> Result<bool, Failure> {
    if yes.yes {
        return Ok(true);
    }
    if ask::somebody_is_there() {
        return ask::yes(question);
    }
    Err(Failure::Unusable(
        "nothing was done: nobody can be asked here, and --yes is not there".to_owned(),
    ))
}
