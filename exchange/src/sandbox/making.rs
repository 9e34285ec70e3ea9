//! The folder of a sandbox: made whole or not at all, and made anew.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use daxsign_core::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::agreements::agree;
use super::failed::Failed;
use super::people::{Member, PARTIES, id, read};
use super::publishing::publish;
use crate::alliera::{Alliera, Seed, Settings as AllieraSettings, Zone};
use crate::deciding::Schemas;
use crate::demo::people::asked_for;
use crate::identity::{Password, PasswordHash};
use crate::judging::SharedRegistry;
use crate::operating::{
    Folder, Locked, NewExchange, NotFounded, Part, Settings, found_with, issue_to_party,
    make_private, new_key, text_secret, write_log_key, write_new,
};
use crate::record::{KEYS_FILE, RECORD_FILE};
use crate::registry::{Change, Instance, NewCredential, REGISTRY_FILE};
use crate::running::Clock;

/// The file by which a folder is known as a sandbox's: the number of its data, and how many card owners there are.
const MARK: &str = "sandbox.seed";
/// The same while it is made anew.
const UNFINISHED_MARK: &str = "sandbox.unfinished";
/// How far its clock was moved.
pub(super) const CLOCK_FILE: &str = "clock.ahead";
/// The host that its TLS certificate is for.
pub(super) const HOST: &str = "localhost";
const LOG_NAME: &str = "localhost/sandbox";
/// How many card owners there are unless somebody says.
const CARD_OWNERS: u32 = 12;

/// Which data a sandbox has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Data {
    pub(super) seed: u32,
    pub(super) card_owners: u32,
}

/// What is asked for.
pub(super) struct Wanted {
    pub(super) seed: Option<u32>,
    pub(super) card_owners: Option<u32>,
    pub(super) reset: bool,
}

/// Has a sandbox in the folder: the one that is there, or a new one.
pub(super) fn make(
    path: &Path,
    wanted: &Wanted,
    settings: &Settings,
    clock: &Clock,
) -> Result<Data, Failed> {
    let there = find(path)?;
    let data = Data {
        seed: wanted
            .seed
            .or(there.map(|(data, _)| data.seed))
            .unwrap_or(1),
        card_owners: wanted
            .card_owners
            .or(there.map(|(data, _)| data.card_owners))
            .unwrap_or(CARD_OWNERS),
    };
    match there {
        None => {
            found(path, data, settings, clock)?;
        }
        Some((_, unfinished)) if wanted.reset || unfinished => {
            make_anew(path, data, clock)?;
        }
        Some((there, _)) if there != data => {
            return Err(Failed::of(format_args!(
                "{} has the data of --seed {} with {} card owners: leave these options out, or forget what happened there \
                 with --reset",
                path.display(),
                there.seed,
                there.card_owners
            )));
        }
        Some(_) => {}
    }
    Ok(data)
}

/// The data of the sandbox that is there, and whether making it anew was cut off; `None` where there is nothing.
fn find(path: &Path) -> Result<Option<(Data, bool)>, Failed> {
    for (mark, unfinished) in [(UNFINISHED_MARK, true), (MARK, false)] {
        let file = path.join(mark);
        if file.exists() {
            let text = read(&file)?;
            let wrong = || Failed::of(format_args!("{}: no mark of a sandbox", file.display()));
            let data = parse(&text).ok_or_else(wrong)?;
            return Ok(Some((data, unfinished)));
        }
    }
    let empty = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failed::of(format_args!("{}: {error}", path.display()))),
    };
    if !empty {
        return Err(Failed::of(format_args!(
            "{} holds something that is no sandbox, which is never overwritten: name a new folder",
            path.display()
        )));
    }
    fs::remove_dir(path).map_err(Failed::of)?;
    Ok(None)
}

fn parse(text: &[u8]) -> Option<Data> {
    let mut numbers = str::from_utf8(text).ok()?.split_whitespace();
    let data = Data {
        seed: numbers.next()?.parse().ok()?,
        card_owners: numbers.next()?.parse().ok()?,
    };
    numbers.next().is_none().then_some(data)
}

fn mark(data: Data) -> String {
    format!("{} {}\n", data.seed, data.card_owners)
}

fn found(path: &Path, data: Data, settings: &Settings, clock: &Clock) -> Result<(), Failed> {
    let new = NewExchange {
        hosts: &[HOST.to_owned()],
        log_name: LOG_NAME,
        settings,
    };
    let fill = |folder: &Folder| {
        let filled = fill(folder, data, clock).and_then(|()| {
            let place = folder.path().join(MARK);
            write_new(&place, mark(data).as_bytes(), false).map_err(Failed::of)
        });
        filled.map_err(NotFounded::of)
    };
    found_with(path, &new, clock(), fill).map_err(Failed::of)?;
    Ok(())
}

/// Forgets what happened. Cut off, it is done at the next start.
fn make_anew(path: &Path, data: Data, clock: &Clock) -> Result<(), Failed> {
    let folder = Folder::new(path);
    let locked = Locked::take(&folder).map_err(Failed::of)?;
    let (marked, unfinished) = (path.join(MARK), path.join(UNFINISHED_MARK));
    fs::write(&unfinished, mark(data)).map_err(Failed::of)?;
    for name in [RECORD_FILE, KEYS_FILE, REGISTRY_FILE] {
        forget_database(&path.join(name))?;
    }
    forget(&path.join(CLOCK_FILE))?;
    forget(&folder.file(Part::LogKey))?;
    write_log_key(&folder, LOG_NAME).map_err(Failed::of)?;
    for member in Member::all(path, data.seed) {
        forget(&member.certificate_file())?;
        forget_database(&member.store_file())?;
    }
    drop(locked);
    fill(&folder, data, clock)?;
    fs::write(&marked, mark(data)).map_err(Failed::of)?;
    forget(&unfinished)
}

fn forget_database(file: &Path) -> Result<(), Failed> {
    forget(file)?;
    for beside in ["-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(beside);
        forget(Path::new(&name))?;
    }
    Ok(())
}

/// Removes a file that may not be there.
fn forget(file: &Path) -> Result<(), Failed> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failed::of(format_args!("{}: {error}", file.display())))
        }
        _ => Ok(()),
    }
}

/// Everybody, what they agreed, and what the Allieras know.
fn fill(folder: &Folder, data: Data, clock: &Clock) -> Result<(), Failed> {
    let now = clock();
    let members = Member::all(folder.path(), data.seed);
    let registry = SharedRegistry::open(folder.path(), Arc::clone(clock)).map_err(Failed::of)?;
    let parties = folder.path().join(PARTIES);
    if !parties.exists() {
        make_private(&parties).map_err(Failed::of)?;
    }
    for member in &members {
        enrol(folder, member, now)?;
        register(&registry, member, data.seed)?;
    }
    agree(&registry, &members, data.seed, now)?;
    let schemas = Arc::new(Schemas::new().map_err(Failed::of)?);
    for (number, member) in (0_u32..).zip(&members) {
        let Some(mut alliera) = alliera(member, &schemas)? else {
            continue;
        };
        // Not the same people in both.
        let number = data.seed.wrapping_mul(2).wrapping_add(number);
        let seed = Seed::large(number, data.card_owners);
        alliera.seed(&seed, now).map_err(Failed::of)?;
        for other in members.iter().filter(|other| other.party != member.party) {
            let released = alliera.release_everything(other.party);
            released.map_err(Failed::of)?;
        }
        let [.., client] = &members;
        publish(&registry, (&mut alliera, member), client, now)?;
    }
    Ok(())
}

/// The store of a member that is an Alliera.
pub(super) fn alliera(member: &Member, schemas: &Arc<Schemas>) -> Result<Option<Alliera>, Failed> {
    let Some(zone) = member.role.zone else {
        return Ok(None);
    };
    let settings = AllieraSettings {
        party: member.party,
        partner_name: member.role.name.to_owned(),
        name: member.role.instance.to_owned(),
        zone: Zone::named(zone).map_err(Failed::of)?,
    };
    let opened = Alliera::open(&member.store_file(), settings, Arc::clone(schemas));
    opened.map(Some).map_err(Failed::of)
}

/// Key, password and certificate; key and password only where there are none yet.
fn enrol(folder: &Folder, member: &Member, now: Timestamp) -> Result<(), Failed> {
    let secret = |file: &Path, bytes: &[u8]| {
        let written = write_new(file, bytes, true);
        written.map_err(|error| Failed::of(format_args!("{}: {error}", file.display())))
    };
    if !member.folder.exists() {
        make_private(&member.folder).map_err(Failed::of)?;
    }
    if !member.key_file().exists() {
        let (pem, _) = new_key().map_err(Failed::of)?;
        secret(&member.key_file(), &pem)?;
    }
    if !member.password_file().exists() {
        let password = text_secret().map_err(Failed::of)?;
        secret(
            &member.password_file(),
            format!("{}\n", *password).as_bytes(),
        )?;
    }
    let key = member.key()?;
    let asked = asked_for(member.party, member.role.name, &key).map_err(Failed::of)?;
    let certificate = issue_to_party(folder, &asked, now).map_err(Failed::of)?;
    write_new(&member.certificate_file(), certificate.as_bytes(), false).map_err(Failed::of)
}

fn register(registry: &SharedRegistry, member: &Member, seed: u32) -> Result<(), Failed> {
    let party = member.party;
    let mut salt = [0; 16];
    let filled = SystemRandom::new().fill(&mut salt);
    filled.map_err(|_| Failed::of("the system gives no randomness"))?;
    let password = Password::new(Zeroizing::clone(&member.password()?).to_string());
    let hash = PasswordHash::of(&password, salt).map_err(Failed::of)?;
    for change in [
        Change::AddPartner {
            partner: party.partner,
            name: member.role.name.into(),
        },
        Change::SetInstance(Instance {
            party,
            name: member.role.instance.into(),
            // As production was observed.
            vendor_sdk: true,
            interop: true,
            // An Alliera knows by the correlation id what it did.
            deduplicates: member.role.zone.is_some(),
        }),
        Change::AddCertificate {
            party,
            der: member.certificate()?,
        },
        Change::SetCredential(NewCredential {
            name: member.role.user.into(),
            id: id(seed, &format!("credential {}", member.role.user)),
            party,
            hash: hash.to_string(),
        }),
    ] {
        registry.change(change, None).map_err(Failed::of)?;
    }
    Ok(())
}
