//! Backups, and the way back.
//!
//! A backup is a folder with the registry, the record, the settings and the certificates, each as it was at one moment, and a list
//! of their hashes. It holds no secret: the keys that an exchange signs with never change, and are kept elsewhere once; those
//! that decrypt messages lie in a file of their own, which is copied apart and kept no longer than an erasure may take (X-ERASE).

use core::fmt;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use daxsign_core::{Sha256, Sink as _, Timestamp};
use serde::{Deserialize, Serialize};

use super::folder::{Folder, Part, make_private, write_new};
use super::keys::log_key;
use super::locked::Locked;
use super::settings::SETTINGS_FILE;
use super::unfinished::Unfinished;
use crate::doors::management::NotBackedUp;
use crate::record::{
    Bereft, Cause, Halt, KEYS_FILE, RECORD_FILE, SqliteStore, adopt_database, copy_database,
    copy_keys,
};
use crate::registry::REGISTRY_FILE;

/// The list of a backup's files.
const LIST_FILE: &str = "backup.json";
/// What the list says of itself.
const FORMAT: u32 = 1;
/// What is hashed at a time.
const PIECE: usize = 1 << 16;

/// Files that are copied as they are, where they are there. None of them is a secret.
const PLAIN: [&str; 5] = [
    SETTINGS_FILE,
    Part::Certificate.name(),
    Part::TlsCertificate.name(),
    Part::Authority.name(),
    Part::AuthorityList.name(),
];
/// What must be there before a restore, since no backup has it.
const SECRETS: [Part; 4] = [
    Part::Key,
    Part::LogKey,
    Part::TokenKey,
    Part::ManagementToken,
];

/// A backup's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    format: u32,
    /// When it was begun.
    at: String,
    /// The SHA-256 of each file, in hexadecimal digits.
    files: BTreeMap<String, String>,
}

/// Why there is no way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupProblem(String);

impl fmt::Display for BackupProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for BackupProblem {}

fn of(problem: impl fmt::Display) -> BackupProblem {
    BackupProblem(problem.to_string())
}

fn at_file(file: &Path) -> impl Fn(std::io::Error) -> BackupProblem {
    let shown = file.display().to_string();
    move |error| BackupProblem(format!("{shown}: {error}"))
}

/// Writes a backup into the new folder `to`, while the exchange runs or while it does not. The keys go to the new file `keys`,
/// where one is named. Both get their names once they are whole. `halt` ends it before.
///
/// # Errors
/// [`NotBackedUp`]; of what was written nothing is left.
pub fn back_up(
    folder: &Folder,
    to: &Path,
    keys: Option<&Path>,
    now: Timestamp,
    halt: &Halt,
) -> Result<(), NotBackedUp> {
    if !folder.path().join(REGISTRY_FILE).exists() {
        return Err(NotBackedUp::Place(format!(
            "{} has nothing to be backed up: no exchange was served there yet",
            folder.path().display()
        )));
    }
    for place in [Some(to), keys].into_iter().flatten() {
        check_place(folder, place)?;
    }
    let begun = |path: &Path| Unfinished::new(path).map_err(not_there(path));
    let mut unfinished = begun(to)?;
    make_private(unfinished.place()).map_err(not_there(to))?;
    unfinished.made();
    let at = unfinished.place();
    let failed = |problem: BackupProblem| NotBackedUp::Failed(problem.to_string());
    // The registry before the record: of a change between the two the record has the leaf, and the next start finds that out.
    for name in [REGISTRY_FILE, RECORD_FILE] {
        let copied = copy_database(&folder.path().join(name), &at.join(name), halt);
        copied.map_err(|failure| failed(of(failure)))?;
    }
    copy_plain(folder, at).map_err(failed)?;
    // After the record: keys that are missing lose messages.
    let mut unfinished_keys = keys.map(begun).transpose()?;
    if let Some(keys) = &mut unfinished_keys {
        keys.made();
        let copied = copy_keys(
            &folder.path().join(KEYS_FILE),
            keys.place(),
            &at.join(RECORD_FILE),
            halt,
        );
        copied.map_err(|failure| match failure.cause {
            Cause::ReadOnly => NotBackedUp::Forbidden(failure.to_string()),
            _ => failed(of(failure)),
        })?;
        private(keys.place()).map_err(failed)?;
    }
    write_list(at, now, halt).map_err(failed)?;
    if let (Some(unfinished), Some(keys)) = (unfinished_keys, keys) {
        unfinished.finish().map_err(not_there(keys))?;
    }
    unfinished.finish().map_err(|error| {
        // Keys without their record are none that anybody waits for.
        keys.map(fs::remove_file);
        not_there(to)(error)
    })
}

/// That it is new, in a folder that is there, and not among the exchange's own files.
fn check_place(folder: &Folder, place: &Path) -> Result<(), NotBackedUp> {
    let shown = place.display();
    let wrong = |text: &str| Err(NotBackedUp::Place(format!("{shown} {text}")));
    if place.symlink_metadata().is_ok() {
        return wrong("exists and is never overwritten");
    }
    let (Some(parent), Some(_)) = (place.parent(), place.file_name()) else {
        return wrong("is no name for something new");
    };
    let parent = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    let parent = parent.canonicalize().map_err(not_there(parent))?;
    let own = folder.path().canonicalize();
    let own = own.map_err(not_there(folder.path()))?;
    if parent.starts_with(own) {
        return wrong("lies in the exchange's own folder: name another place");
    }
    Ok(())
}

/// Why something cannot come to be at a place.
fn not_there(place: &Path) -> impl Fn(std::io::Error) -> NotBackedUp {
    use std::io::ErrorKind;
    let shown = place.display().to_string();
    move |error| {
        let text = format!("{shown}: {error}");
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                NotBackedUp::Forbidden(text)
            }
            ErrorKind::AlreadyExists
            | ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput => NotBackedUp::Place(text),
            _ => NotBackedUp::Failed(text),
        }
    }
}

fn copy_plain(folder: &Folder, to: &Path) -> Result<(), BackupProblem> {
    for name in PLAIN {
        let from = folder.path().join(name);
        if from.exists() {
            let bytes = fs::read(&from).map_err(at_file(&from))?;
            write_new(&to.join(name), &bytes, false).map_err(at_file(&to.join(name)))?;
        }
    }
    Ok(())
}

/// The list of what is there, which makes it a backup.
fn write_list(at: &Path, now: Timestamp, halt: &Halt) -> Result<(), BackupProblem> {
    let mut files = BTreeMap::new();
    for name in [REGISTRY_FILE, RECORD_FILE].into_iter().chain(PLAIN) {
        let file = at.join(name);
        if file.exists() {
            private(&file)?;
            files.insert(name.to_owned(), hash(&file, halt)?);
        }
    }
    let list = List {
        format: FORMAT,
        at: now.format().map_err(of)?.to_string(),
        files,
    };
    let text = serde_json::to_string_pretty(&list).map_err(of)?;
    let place = at.join(LIST_FILE);
    write_new(&place, format!("{text}\n").as_bytes(), false).map_err(at_file(&place))
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was begun.
    pub at: String,
    /// How many leaves the log has.
    pub leaves: u64,
    /// What cannot be read any more.
    pub bereft: Bereft,
}

/// Puts a backup back into `folder`, which has the exchange's secrets and no record. Without `keys`, or with keys that are older,
/// what was said is lost where no key is left: it counts as erased from then on.
///
/// # Errors
/// [`BackupProblem`]: nothing that was there is overwritten.
pub fn restore(
    from: &Path,
    folder: &Folder,
    keys: Option<&Path>,
) -> Result<Restored, BackupProblem> {
    let list = check(from)?;
    let missing: Vec<&str> = SECRETS
        .into_iter()
        .filter(|part| !folder.file(*part).exists())
        .map(Part::name)
        .collect();
    if !missing.is_empty() {
        return Err(of(format_args!(
            "{} has no {}: no backup has the exchange's secrets; put them there from where you keep them, then restore",
            folder.path().display(),
            missing.join(", ")
        )));
    }
    let _locked = Locked::take(folder).map_err(of)?;
    let databases = [REGISTRY_FILE, RECORD_FILE, KEYS_FILE];
    if let Some(name) = databases
        .iter()
        .find(|name| folder.path().join(name).exists())
    {
        return Err(of(format_args!(
            "{} has a {name}, which is never overwritten: move {}, {} and {} with what SQLite keeps beside them (-wal, -shm) \
             elsewhere first",
            folder.path().display(),
            databases[0],
            databases[1],
            databases[2]
        )));
    }
    put_back(from, folder, &list, keys)?;
    let log_key = || log_key(folder).map_err(of);
    let bereft = SqliteStore::mark_lost_keys(folder.path(), log_key()?).map_err(of)?;
    let store = SqliteStore::open(folder.path(), log_key()?).map_err(of)?;
    Ok(Restored {
        at: list.at,
        leaves: store.size().map_err(of)?,
        bereft,
    })
}

/// The list of a backup, whose files are as they were written.
fn check(from: &Path) -> Result<List, BackupProblem> {
    let place = from.join(LIST_FILE);
    let text = fs::read_to_string(&place).map_err(at_file(&place))?;
    let list: List = serde_json::from_str(&text)
        .map_err(|error| of(format_args!("{}: {error}", place.display())))?;
    if list.format != FORMAT {
        return Err(of(format_args!(
            "{}: a backup of form {}; this program knows {FORMAT}",
            place.display(),
            list.format
        )));
    }
    for (name, known) in &list.files {
        let is_known =
            [REGISTRY_FILE, RECORD_FILE].contains(&name.as_str()) || PLAIN.contains(&name.as_str());
        if !is_known || hash(&from.join(name), &Halt::default())? != *known {
            return Err(of(format_args!(
                "{}: not as it was written: take another backup",
                from.join(name).display()
            )));
        }
    }
    for name in [REGISTRY_FILE, RECORD_FILE] {
        if !list.files.contains_key(name) {
            return Err(of(format_args!("{} has no {name}", from.display())));
        }
    }
    Ok(list)
}

fn put_back(
    from: &Path,
    folder: &Folder,
    list: &List,
    keys: Option<&Path>,
) -> Result<(), BackupProblem> {
    let copies = list
        .files
        .keys()
        .map(|name| (from.join(name), folder.path().join(name)));
    let keys = keys.map(|keys| (keys.to_owned(), folder.path().join(KEYS_FILE)));
    for (source, target) in copies.chain(keys) {
        // Settings and certificates that are there may be newer.
        if target.exists() {
            continue;
        }
        fs::copy(&source, &target).map_err(at_file(&source))?;
        private(&target)?;
        let synced = fs::File::open(&target).and_then(|file| file.sync_all());
        synced.map_err(at_file(&target))?;
        if target
            .extension()
            .is_some_and(|extension| extension == "db")
        {
            adopt_database(&target).map_err(of)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn private(file: &Path) -> Result<(), BackupProblem> {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(file, mode).map_err(at_file(file))
}

/// Who may read it is what its folder says.
#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), BackupProblem> {
    Ok(())
}

fn hash(file: &Path, halt: &Halt) -> Result<String, BackupProblem> {
    let mut source = fs::File::open(file).map_err(at_file(file))?;
    let mut hash = Sha256::default();
    let mut piece = vec![0; PIECE];
    loop {
        let read = std::io::Read::read(&mut source, &mut piece).map_err(at_file(file))?;
        if read == 0 {
            break;
        }
        if halt.is_halted() {
            return Err(of(format_args!("{}: it was to end", file.display())));
        }
        hash.write(piece.get(..read).unwrap_or_default());
    }
    Ok(hash.finish().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
        text
    }))
}
