//! A policy from files, read again when one of them changes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::error::PkiError;
use crate::tls::edition::SignedList;
use crate::tls::identity::IdentityFrom;
use crate::tls::live::LivePolicy;
use crate::tls::policy::{Policy, Rule};
use crate::tls::policy_file::{self, NamedSet};
use crate::tls::roots::RootSet;

/// The longest file that is read, as elsewhere in the tool.
const MAX_FILE: u64 = 256 << 20;

/// Where a policy is read from.
#[derive(Clone, Debug)]
enum Source {
    /// A policy's file.
    File(PathBuf),
    /// One set for every path.
    Roots(NamedSet),
}

/// Sets whose files are still to be read, and rules.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Definition {
    sets: Vec<NamedSet>,
    rules: Vec<Rule>,
}

/// What was taken from a file.
#[derive(Clone, Debug)]
struct Content {
    bytes: Arc<Vec<u8>>,
    /// `None` for certificates.
    list: Option<Arc<SignedList>>,
}

/// What was taken from each file of each set.
type Contents = BTreeMap<(String, PathBuf), Content>;

/// What a policy was made of.
#[derive(Debug)]
struct Used {
    definition: Definition,
    contents: Contents,
}

impl Used {
    fn is_the_same(&self, other: &Self) -> bool {
        let each = |used: &Self| {
            let all = used.contents.iter();
            all.map(|(place, content)| (place.clone(), Arc::clone(&content.bytes)))
                .collect::<Vec<_>>()
        };
        self.definition == other.definition && each(self) == each(other)
    }
}

/// By what a file is known to be the same: length, time of the last change, and where the operating system keeps it;
/// `None` for one that is not there.
type Stamp = (PathBuf, Option<(u64, SystemTime, u64)>);

/// A policy's files. Whoever serves calls [`refresh`](Self::refresh) more often than once a second.
#[derive(Debug)]
pub struct PolicyFiles {
    source: Source,
    live: Arc<LivePolicy>,
    used: Used,
    /// `None` where a file could not be used: then all are read again.
    stamps: Option<Vec<Stamp>>,
}

impl PolicyFiles {
    /// Reads a policy's file, with the certificates and lists that it names.
    ///
    /// # Errors
    /// [`PkiError::Policy`] for what the file says wrong; [`PkiError::File`]; as [`RootSet::new`],
    /// [in the file](PkiError::InFile).
    pub fn open(file: &Path) -> Result<Self, PkiError> {
        Self::new(Source::File(file.to_owned()))
    }

    /// The authorities in these files for every path, with these lists; `None` where nobody asks what was revoked.
    ///
    /// # Errors
    /// [`PkiError::File`]; as [`RootSet::new`], [in the file](PkiError::InFile).
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
        let mut reading = Reading::new(None);
        let definition = reading.definition(&source)?;
        let policy = reading.policy(&source, &definition)?;
        Ok(Self {
            source,
            live: LivePolicy::new(policy),
            used: Used {
                definition,
                contents: reading.contents,
            },
            stamps: Some(reading.stamps),
        })
    }

    /// From the next [`refresh`](Self::refresh) on these lists are asked, if nobody was asked until then what was revoked. Until
    /// all of them can be used, nobody is. A policy that has a file of its own says there what is asked.
    pub fn ask_lists(&mut self, files: &[PathBuf]) {
        if let Source::Roots(set) = &mut self.source
            && set.lists.is_none()
        {
            set.lists = Some(files.to_vec());
            self.stamps = None;
        }
    }

    /// Where whoever judges finds the policy.
    #[must_use]
    pub const fn live(&self) -> &Arc<LivePolicy> {
        &self.live
    }

    /// Reads all of it anew if a file has changed; whether it has. Of a file that cannot be used, what was read
    /// before stays in use, and the next call reads it again; all others take effect. A file that is written in place
    /// may be met half written. A file that is none, such as a pipe, is not waited for.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`PkiError::ListOlder`]: what is wrong with the first file that cannot be used.
    pub fn refresh(&mut self) -> Result<bool, PkiError> {
        let unchanged = |(file, known): &Stamp| stamp(file) == *known;
        if self
            .stamps
            .as_ref()
            .is_some_and(|all| all.iter().all(unchanged))
        {
            return Ok(false);
        }
        let mut reading = Reading::new(Some((&self.used, &self.live)));
        let found = reading.definition(&self.source).and_then(|definition| {
            let policy = reading.policy(&self.source, &definition)?;
            Ok((definition, policy))
        });
        let (definition, policy) = match found {
            Ok(found) => found,
            Err(error) => {
                // By the policy of before, with what is new in its files.
                reading.problems = vec![error];
                reading.contents.clear();
                let definition = self.used.definition.clone();
                let policy = reading.policy(&self.source, &definition)?;
                (definition, policy)
            }
        };
        let Reading {
            contents,
            stamps,
            problems,
            ..
        } = reading;
        let used = Used {
            definition,
            contents,
        };
        if !used.is_the_same(&self.used) {
            self.live.replace(policy)?;
            self.used = used;
        }
        let problem = problems.into_iter().next();
        self.stamps = problem.is_none().then_some(stamps);
        problem.map_or(Ok(true), Err)
    }
}

/// One pass over the files.
struct Reading<'a> {
    /// What is in use; `None` at the start, when there is nothing to fall back to.
    before: Option<(&'a Used, &'a LivePolicy)>,
    stamps: Vec<Stamp>,
    contents: Contents,
    /// What is wrong with files of which something else is used.
    problems: Vec<PkiError>,
}

impl<'a> Reading<'a> {
    const fn new(before: Option<(&'a Used, &'a LivePolicy)>) -> Self {
        Self {
            before,
            stamps: Vec::new(),
            contents: Contents::new(),
            problems: Vec::new(),
        }
    }

    fn definition(&mut self, source: &Source) -> Result<Definition, PkiError> {
        let file = match source {
            Source::Roots(set) => {
                let rules = vec![Rule::of_everything(&set.name)];
                let sets = vec![set.clone()];
                return Ok(Definition { sets, rules });
            }
            Source::File(file) => file,
        };
        let wrong = |text: &str| {
            let text = text.to_owned();
            PkiError::Policy { text }.in_file(file)
        };
        let text = self.read(file)?;
        let text = String::from_utf8(text).map_err(|_| wrong("not UTF-8"))?;
        let folder = file.parent().unwrap_or(file);
        let read = policy_file::parse(&text, folder);
        let (sets, rules) = read.map_err(|error| error.in_file(file))?;
        Ok(Definition { sets, rules })
    }

    fn policy(&mut self, source: &Source, definition: &Definition) -> Result<Policy, PkiError> {
        let sets = definition.sets.iter().map(|set| self.set(set));
        let sets = sets.collect::<Result<Vec<_>, _>>()?;
        let policy = Policy::new(sets, definition.rules.clone());
        policy.map_err(|error| match source {
            Source::File(file) => error.in_file(file),
            Source::Roots(_) => error,
        })
    }

    /// A set with what is new; if its authorities cannot be used so, with those of before.
    fn set(&mut self, set: &NamedSet) -> Result<RootSet, PkiError> {
        self.set_of(set, true).or_else(|error| {
            let known = |file: &PathBuf| self.content_before(set, file).is_some();
            if !set.authorities.iter().all(known) {
                return Err(error);
            }
            self.problems.push(error);
            self.set_of(set, false)
        })
    }

    fn set_of(&mut self, set: &NamedSet, anew: bool) -> Result<RootSet, PkiError> {
        let mut read = RootSet::without_authorities(&set.name);
        for file in &set.authorities {
            let content = self.authorities(set, file, anew)?;
            let taken = read.take(&content.bytes);
            taken.map_err(|error| error.in_file(file))?;
            self.keep(set, file, content);
        }
        read.has_root()?;
        if let Some(files) = &set.lists {
            let lists = files.iter().map(|file| self.list(set, &read, file));
            let lists = lists.collect::<Result<Vec<_>, _>>()?;
            read.set_lists(&lists)?;
        }
        Ok(read.with_identities(set.identity, set.clients.clone()))
    }

    fn authorities(
        &mut self,
        set: &NamedSet,
        file: &Path,
        anew: bool,
    ) -> Result<Content, PkiError> {
        let before = self.content_before(set, file).cloned();
        match (anew, before) {
            (false, Some(before)) => Ok(before),
            (_, before) => match (self.read(file), before) {
                (Ok(bytes), _) => Ok(Content {
                    bytes: Arc::new(bytes),
                    list: None,
                }),
                (Err(problem), Some(before)) => {
                    self.problems.push(problem);
                    Ok(before)
                }
                (Err(problem), None) => Err(problem),
            },
        }
    }

    /// The list in a file, if it may be used; otherwise the newest of the authority whose list was there before.
    fn list(
        &mut self,
        set: &NamedSet,
        authorities: &RootSet,
        file: &Path,
    ) -> Result<Arc<SignedList>, PkiError> {
        let before = self.content_before(set, file).cloned();
        let known = before.as_ref().and_then(|before| before.list.clone());
        let read = self.read(file).and_then(|bytes| {
            let same = before.as_ref().filter(|before| *before.bytes == bytes);
            let same = same.and(known.clone());
            let list = signed(authorities, &bytes, same).map_err(|error| error.in_file(file))?;
            if let Some((_, live)) = self.before {
                live.check(&list).map_err(|error| error.in_file(file))?;
            }
            let content = Content {
                bytes: Arc::new(bytes),
                list: Some(Arc::clone(&list)),
            };
            Ok((content, list))
        });
        let (content, list) = match (read, before, known, self.before) {
            (Ok(read), ..) => read,
            (Err(problem), Some(before), Some(known), Some((_, live))) => {
                // Its authority may be trusted no longer.
                authorities.signer(&known.list)?;
                self.problems.push(problem);
                (before, live.newest(&known))
            }
            (Err(problem), ..) => return Err(problem),
        };
        self.keep(set, file, content);
        Ok(list)
    }

    fn content_before(&self, set: &NamedSet, file: &Path) -> Option<&'a Content> {
        let (used, _) = self.before?;
        used.contents.get(&(set.name.clone(), file.to_owned()))
    }

    fn keep(&mut self, set: &NamedSet, file: &Path, content: Content) {
        let place = (set.name.clone(), file.to_owned());
        self.contents.insert(place, content);
    }

    /// With what the file was before it was read, so that a change meanwhile is seen the next time.
    fn read(&mut self, file: &Path) -> Result<Vec<u8>, PkiError> {
        self.stamps.push((file.to_owned(), stamp(file)));
        let any = self.before.is_none();
        read_file(file, any).map_err(|error| PkiError::file(file, error))
    }
}

/// The list of one of these authorities, without reading it again if it is the same.
fn signed(
    authorities: &RootSet,
    bytes: &[u8],
    same: Option<Arc<SignedList>>,
) -> Result<Arc<SignedList>, PkiError> {
    match same {
        Some(list) => {
            let (key, _) = authorities.signer(&list.list)?;
            if key == list.key {
                return Ok(list);
            }
            authorities.signed_list(bytes).map(Arc::new)
        }
        None => authorities.signed_list(bytes).map(Arc::new),
    }
}

/// Reads a file whole: a regular one, unless any will do, since others may keep the reader waiting for ever.
fn read_file(file: &Path, any: bool) -> io::Result<Vec<u8>> {
    if !any && !fs::metadata(file)?.is_file() {
        let text = "it is no regular file, and is not waited for";
        return Err(io::Error::new(ErrorKind::InvalidInput, text));
    }
    let mut bytes = Vec::new();
    let mut limited = File::open(file)?.take(MAX_FILE.saturating_add(1));
    limited.read_to_end(&mut bytes)?;
    if limited.limit() == 0 {
        let text = "it is longer than 256 MiB";
        return Err(io::Error::new(ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
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
