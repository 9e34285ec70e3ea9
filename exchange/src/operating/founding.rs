//! A new exchange: its folder with an authority, keys and certificates to begin with.

use core::fmt;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use daxsign_core::{
    CertificateRequest, EnrolError, KeyEncoding, KeyFormat, ObjectIdentifier, PrivateKey,
    RandomnessFailed, Timestamp, private_key_file_len,
};
use daxsign_pki::{
    Access, Asked, Authority, NewAuthority, PkiError, Profile, SerialNumber, Terms, Validity,
    encrypt_key, issue_root,
};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::folder::{Folder, Part, make_private, write_new};
use super::settings::{SETTINGS_FILE, Settings};

/// The folder of the authority in the exchange's: a folder of `daxsign ca`.
pub const AUTHORITY_FOLDER: &str = "authority";
/// What its key is encrypted with.
pub const PASSPHRASE_FILE: &str = "authority.passphrase";

const KEY_BITS: usize = 2048;
const SECONDS_PER_DAY: i64 = 86_400;
/// For how many days the authority is there, and what it issues here.
const ROOT_DAYS: i64 = 3_650;
const DAYS: i64 = 365;
/// For how many days its first list of revoked certificates holds.
const LIST_DAYS: i64 = 365;
/// Random bytes of keys, of the token, of the passphrase.
const SECRET_LEN: usize = 32;
/// `commonName`.
const COMMON_NAME: &str = "2.5.4.3";

/// What a new exchange is told.
#[derive(Clone, Debug)]
pub struct NewExchange<'a> {
    /// The names by which clients reach it, in its TLS certificate: `localhost`.
    pub hosts: &'a [String],
    /// The log's name.
    pub log_name: &'a str,
    /// Its settings.
    pub settings: &'a Settings,
}

/// Why there is no new exchange.
#[derive(Debug)]
pub struct NotFounded(String);

impl fmt::Display for NotFounded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotFounded {}

impl NotFounded {
    /// For this reason.
    pub(crate) fn of(problem: impl fmt::Display) -> Self {
        Self(problem.to_string())
    }
}

impl From<EnrolError> for NotFounded {
    fn from(error: EnrolError) -> Self {
        Self(error.to_string())
    }
}

impl From<daxsign_core::Error> for NotFounded {
    fn from(error: daxsign_core::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<PkiError> for NotFounded {
    fn from(error: PkiError) -> Self {
        Self(error.to_string())
    }
}

impl From<RandomnessFailed> for NotFounded {
    fn from(_: RandomnessFailed) -> Self {
        Self("the system gives no randomness".to_owned())
    }
}

/// Makes the folder of a new exchange, whole or not at all. It must not be there.
///
/// # Errors
/// [`NotFounded`].
pub fn found(path: &Path, new: &NewExchange<'_>, now: Timestamp) -> Result<Folder, NotFounded> {
    found_with(path, new, now, |_| Ok(()))
}

/// The same with more in it: the folder has its place once `more` has put that there.
///
/// # Errors
/// [`NotFounded`].
pub fn found_with(
    path: &Path,
    new: &NewExchange<'_>,
    now: Timestamp,
    more: impl FnOnce(&Folder) -> Result<(), NotFounded>,
) -> Result<Folder, NotFounded> {
    let shown = path.display();
    if path.symlink_metadata().is_ok() {
        return Err(NotFounded(format!(
            "{shown} exists and is never overwritten: name a new folder"
        )));
    }
    let cannot = |error: std::io::Error| NotFounded(format!("cannot make {shown}: {error}"));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = path.with_file_name(format!(".unfinished-{name}-{}", std::process::id()));
    make_private(&unfinished).map_err(cannot)?;
    let folder = Folder::new(&unfinished);
    let filled = fill(&folder, new, now).and_then(|()| more(&folder));
    let renamed = filled.and_then(|()| fs::rename(&unfinished, path).map_err(cannot));
    renamed.inspect_err(|_| {
        // It is no exchange: nothing is lost with it.
        let _ = fs::remove_dir_all(&unfinished);
    })?;
    Ok(Folder::new(path))
}

fn fill(folder: &Folder, new: &NewExchange<'_>, now: Timestamp) -> Result<(), NotFounded> {
    let write = |part: Part, bytes: &[u8]| {
        let written = folder.write_new(part, bytes);
        written.map_err(|error| NotFounded(format!("cannot write {}: {error}", part.name())))
    };
    let settings = new.settings.print();
    let place = folder.path().join(SETTINGS_FILE);
    write_new(&place, settings.as_bytes(), false)
        .map_err(|error| NotFounded(format!("cannot write {SETTINGS_FILE}: {error}")))?;
    write_log_key(folder, new.log_name)?;
    write(Part::TokenKey, format!("{}\n", *hex_secret()?).as_bytes())?;
    write(
        Part::ManagementToken,
        format!("{}\n", *text_secret()?).as_bytes(),
    )?;
    let passphrase = text_secret()?;
    let place = folder.path().join(PASSPHRASE_FILE);
    write_new(&place, format!("{}\n", *passphrase).as_bytes(), true)
        .map_err(|error| NotFounded(format!("cannot write {PASSPHRASE_FILE}: {error}")))?;
    let at = folder.path().join(AUTHORITY_FOLDER);
    found_authority(&at, &passphrase, now)?;
    let mut authority = Authority::open(&at, Access::Change)?;
    let signer = authority.unlock(passphrase.as_bytes())?;
    write(Part::Authority, authority.certificate())?;
    let certificates = [
        (
            Part::Key,
            Part::Certificate,
            Profile::Dax,
            &["exchange".to_owned()][..],
        ),
        (
            Part::TlsKey,
            Part::TlsCertificate,
            Profile::Server,
            new.hosts,
        ),
    ];
    for (key_file, certificate_file, profile, hosts) in certificates {
        let (pem, key) = new_key()?;
        let asked = asked(&key, hosts)?;
        let validity = Validity {
            not_before: now,
            not_after: later(now, DAYS)?,
        };
        let issued = authority.issue(&asked, (profile, validity), &mut random, &*signer)?;
        write(key_file, &pem)?;
        write(certificate_file, issued.pem.as_bytes())?;
    }
    Ok(())
}

/// A new key of the log, in a folder that has none.
///
/// # Errors
/// [`NotFounded`].
pub fn write_log_key(folder: &Folder, name: &str) -> Result<(), NotFounded> {
    let text = Zeroizing::new(format!("{name}\n{}\n", *hex_secret()?));
    let written = folder.write_new(Part::LogKey, text.as_bytes());
    written.map_err(|error| NotFounded(format!("cannot write {}: {error}", Part::LogKey.name())))
}

/// A certificate for a party, PEM, by the authority in the exchange's folder.
///
/// # Errors
/// [`NotFounded`].
pub fn issue_to_party(
    folder: &Folder,
    asked: &Asked,
    now: Timestamp,
) -> Result<String, NotFounded> {
    let file = folder.path().join(PASSPHRASE_FILE);
    let passphrase = fs::read_to_string(&file).map(Zeroizing::new);
    let passphrase =
        passphrase.map_err(|error| NotFounded(format!("{}: {error}", file.display())))?;
    let mut authority = Authority::open(&folder.path().join(AUTHORITY_FOLDER), Access::Change)?;
    let signer = authority.unlock(passphrase.trim().as_bytes())?;
    let validity = Validity {
        not_before: now,
        not_after: later(now, DAYS)?,
    };
    let issued = authority.issue(asked, (Profile::Dax, validity), &mut random, &*signer)?;
    Ok(issued.pem)
}

fn found_authority(at: &Path, passphrase: &str, now: Timestamp) -> Result<(), NotFounded> {
    let (_, key) = new_key()?;
    let asked = asked(&key, &["DAX exchange authority".to_owned()])?;
    let terms = Terms {
        profile: Profile::Authority { path_len: None },
        serial: SerialNumber::random(&mut random)?,
        not_before: now,
        not_after: later(now, ROOT_DAYS)?,
    };
    let certificate = issue_root(&asked, key.public_key(), &terms, &*key)?;
    let encrypted = encrypt_key(&key, passphrase.as_bytes(), &mut random)?;
    let new = NewAuthority {
        certificate: &certificate,
        above: &[],
        earlier: None,
        list_times: (now, later(now, LIST_DAYS)?),
    };
    Ok(Authority::create(at, Some(&encrypted), &new, &*key)?)
}

/// A request for a certificate: the first name is its common name; those with a dot, and `localhost`, are names of hosts.
fn asked(key: &PrivateKey, names: &[String]) -> Result<Asked, NotFounded> {
    let common = ObjectIdentifier::parse(COMMON_NAME);
    let mut request = CertificateRequest::new(key.public_key());
    if let (Some(common), Some(name)) = (&common, names.first()) {
        request.add_name(common, name)?;
    }
    let is_host = |name: &&String| name.contains('.') || *name == "localhost";
    for name in names.iter().filter(is_host) {
        request.add_dns_name(name)?;
    }
    let mut bytes = vec![0; request.encoded_len(KeyEncoding::Der)];
    request.write(key, KeyEncoding::Der, &mut bytes)?;
    Ok(Asked::from_request(&bytes)?)
}

/// A key, as a file and as it is.
///
/// # Errors
/// [`NotFounded`].
pub(crate) fn new_key() -> Result<(Zeroizing<Vec<u8>>, Box<PrivateKey>), NotFounded> {
    // In its place, so that no copy of the numbers stays on the stack.
    let mut key = Box::new(PrivateKey::empty());
    key.generate(KEY_BITS, &mut random, &mut || ())?;
    let format = KeyFormat::Pkcs8Pem;
    let mut file = Zeroizing::new(vec![0; private_key_file_len(KEY_BITS, format)]);
    let len = key.write(format, &mut file)?.len();
    file.truncate(len);
    Ok((file, key))
}

fn random(bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| RandomnessFailed)
}

fn secret() -> Result<Zeroizing<[u8; SECRET_LEN]>, NotFounded> {
    let mut bytes = Zeroizing::new([0; SECRET_LEN]);
    random(&mut *bytes)?;
    Ok(bytes)
}

fn hex_secret() -> Result<Zeroizing<String>, NotFounded> {
    let secret = secret()?;
    let digits = secret.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
        text
    });
    Ok(Zeroizing::new(digits))
}

/// 256 bits that nobody foretells, in base64 for URLs.
///
/// # Errors
/// [`NotFounded`].
pub(crate) fn text_secret() -> Result<Zeroizing<String>, NotFounded> {
    Ok(Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(*secret()?)))
}

fn later(time: Timestamp, days: i64) -> Result<Timestamp, NotFounded> {
    let seconds = days.saturating_mul(SECONDS_PER_DAY);
    let later = Timestamp::from_unix(time.seconds().saturating_add(seconds), 0);
    later.map_err(|error| NotFounded(error.to_string()))
}
