//! What the commands have in common: an opened authority, its key, times.

use std::path::{Path, PathBuf};

use daxsign_core::{PrivateKey, Thumbprint, Timestamp};
use daxsign_pki::{Access, Authority, Entry, PkiError, SerialNumber, Validity};

use crate::authority::arguments::{FolderArgument, PassphraseArgument, YesArgument};
use crate::clock::date_text;
use crate::enrolling::kind::Kind;
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::terminal::shown;
use crate::{ask, output, passphrase};

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
        key.map_err(|error| {
            let hint = matches!(error, PkiError::WrongPassphrase).then(|| {
                "it is the one that was chosen when the folder was made; of a file its first line counts, blanks \
                 and all"
                    .to_owned()
            });
            self.refused(&error).with_hint(hint)
        })
    }

    /// The certificate that is meant: by its file, or by number or thumbprint.
    pub(super) fn find(&self, text: &str) -> Result<Found, Failure> {
        let path = PathBuf::from(text);
        if path.is_file() || input::is_stdin(&path) {
            return self.find_file(&Input::read(&path)?);
        }
        let name = shown(&path);
        if path.is_dir() {
            return Err(Failure::Unusable(format!(
                "{name} is a folder: name the certificate's file, its number or its thumbprint"
            )));
        }
        if SerialNumber::parse(text).is_err() && Thumbprint::parse(text).is_err() {
            return Err(Failure::Unusable(format!(
                "there is no file {name}, and it is no serial number and no thumbprint, either: `daxsign ca list` \
                 shows what was issued"
            )));
        }
        let entry = self.authority.find(text).map_err(|error| {
            let hint = matches!(error, PkiError::NotIssued { .. }).then(|| {
                "one that was issued before the authority was taken over is named by its file"
                    .to_owned()
            });
            self.refused(&error).with_hint(hint)
        })?;
        Ok(Found {
            entry: entry.clone(),
            file: None,
        })
    }

    fn find_file(&self, input: &Input) -> Result<Found, Failure> {
        if let Ok(entry) = self.authority.find_certificate(&input.bytes) {
            return Ok(Found {
                entry: entry.clone(),
                file: None,
            });
        }
        match self.authority.recognise(&input.bytes) {
            Ok(entry) => Ok(Found {
                entry,
                file: Some(input.bytes.to_vec()),
            }),
            Err(error) => Err(match Kind::of(&input.bytes) {
                None | Some(Kind::Certificate) => Failure::refused_pki(&error, &input.name),
                Some(kind) => Failure::Unusable(format!(
                    "{}: this is {}, no certificate",
                    input.name,
                    kind.words()
                )),
            }),
        }
    }

    /// Enters the certificate that was found, if the register does not have it: for an authority that was opened to
    /// be changed.
    pub(super) fn enter(&mut self, found: &Found) -> Result<(), Failure> {
        let Some(file) = &found.file else {
            return Ok(());
        };
        let entered = self.authority.adopt(file);
        entered.map(drop).map_err(|error| self.refused(&error))
    }
}

/// A certificate of the authority.
pub(super) struct Found {
    pub(super) entry: Entry,
    /// Its file, where it was issued before the authority was taken over.
    pub(super) file: Option<Vec<u8>>,
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
