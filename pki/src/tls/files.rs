//! A policy from files, read again when one of them changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::error::PkiError;
use crate::tls::identity::IdentityFrom;
use crate::tls::live::LivePolicy;
use crate::tls::policy::Policy;
use crate::tls::policy_file::{self, NamedSet};
use crate::tls::roots::{Lists, RootSet};

/// Where a policy is read from.
#[derive(Clone, Debug)]
enum Source {
    /// A policy's file.
    File(PathBuf),
    /// One set for every path.
    Roots(NamedSet),
}

/// By what a file is known to be the same: length, time of the last change, and where the operating system keeps it;
/// `None` for one that is not there.
type Stamp = (PathBuf, Option<(u64, SystemTime, u64)>);

/// A policy's files. Whoever serves calls [`refresh`](Self::refresh) more often than once a second.
#[derive(Debug)]
pub struct PolicyFiles {
    source: Source,
    live: Arc<LivePolicy>,
    stamps: Vec<Stamp>,
}

impl PolicyFiles {
    /// Reads a policy's file, with the certificates and lists that it names.
    ///
    /// # Errors
    /// [`PkiError::Policy`] for what the file says wrong; [`PkiError::File`]; as [`RootSet::new`].
    pub fn open(file: &Path) -> Result<Self, PkiError> {
        Self::new(Source::File(file.to_owned()))
    }

    /// The authorities in these files for every path, with these lists; `None` where nobody asks what was revoked.
    ///
    /// # Errors
    /// [`PkiError::File`]; as [`RootSet::new`].
    pub fn of_roots(
        authorities: &[PathBuf],
        lists: Option<&[PathBuf]>,
        identity: IdentityFrom,
    ) -> Result<Self, PkiError> {
        Self::new(Source::Roots(NamedSet {
            name: "roots".to_owned(),
            authorities: authorities.to_vec(),
            lists: lists.map(<[PathBuf]>::to_vec),
            identity,
            clients: None,
        }))
    }

    fn new(source: Source) -> Result<Self, PkiError> {
        let (policy, stamps) = read(&source)?;
        Ok(Self {
            source,
            live: LivePolicy::new(policy),
            stamps,
        })
    }

    /// Where whoever judges finds the policy.
    #[must_use]
    pub const fn live(&self) -> &Arc<LivePolicy> {
        &self.live
    }

    /// Reads all of it anew if a file has changed; whether it has. A file that is written in place may be met half
    /// written: then the policy in use stays, and the next call reads again.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`PkiError::ListOlder`]. The policy in use stays.
    pub fn refresh(&mut self) -> Result<bool, PkiError> {
        if self
            .stamps
            .iter()
            .all(|(file, known)| stamp(file) == *known)
        {
            return Ok(false);
        }
        let (policy, stamps) = read(&self.source)?;
        self.live.replace(policy)?;
        self.stamps = stamps;
        Ok(true)
    }
}

fn read(source: &Source) -> Result<(Policy, Vec<Stamp>), PkiError> {
    let mut stamps = Vec::new();
    match source {
        Source::Roots(set) => {
            let set = read_set(set, &mut stamps)?;
            Ok((Policy::of_roots(set)?, stamps))
        }
        Source::File(file) => {
            let text = read_file(file, &mut stamps)?;
            let in_file = |error| match error {
                PkiError::Policy { text } => PkiError::Policy {
                    text: format!("{}: {text}", file.display()),
                },
                error => error,
            };
            let text = String::from_utf8(text).map_err(|_| PkiError::Policy {
                text: format!("{}: not UTF-8", file.display()),
            })?;
            let folder = file.parent().unwrap_or(file);
            let (sets, rules) = policy_file::parse(&text, folder).map_err(in_file)?;
            let sets = sets.iter().map(|set| read_set(set, &mut stamps));
            let sets = sets.collect::<Result<Vec<_>, _>>()?;
            Ok((Policy::new(sets, rules).map_err(in_file)?, stamps))
        }
    }
}

fn read_set(set: &NamedSet, stamps: &mut Vec<Stamp>) -> Result<RootSet, PkiError> {
    let mut read_all = |files: &[PathBuf]| {
        let read = files.iter().map(|file| read_file(file, stamps));
        read.collect::<Result<Vec<_>, _>>()
    };
    let authorities = read_all(&set.authorities)?;
    let lists = set.lists.as_deref().map(&mut read_all).transpose()?;
    let authorities: Vec<&[u8]> = authorities.iter().map(Vec::as_slice).collect();
    let lists: Option<Vec<&[u8]>> = lists
        .as_ref()
        .map(|files| files.iter().map(Vec::as_slice).collect());
    let lists = lists.as_deref().map_or(Lists::NotAsked, Lists::Required);
    let read = RootSet::new(&set.name, &authorities, lists)?;
    Ok(read.with_identities(set.identity, set.clients.clone()))
}

/// With what the file was before it was read, so that a change meanwhile is seen the next time.
fn read_file(file: &Path, stamps: &mut Vec<Stamp>) -> Result<Vec<u8>, PkiError> {
    stamps.push((file.to_owned(), stamp(file)));
    fs::read(file).map_err(|error| PkiError::file(file, error))
}

fn stamp(file: &Path) -> Option<(u64, SystemTime, u64)> {
    let facts = fs::metadata(file).ok()?;
    Some((facts.len(), facts.modified().ok()?, place(&facts)))
}

/// Another one for a file that was moved here within one tick of the clock.
#[cfg(unix)]
fn place(facts: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(facts)
}

#[cfg(not(unix))]
fn place(_: &fs::Metadata) -> u64 {
    0
}
