//! An Alliera's folder: its settings, key and certificates, and its store.

use core::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use daxsign_client::asynchronous::Client;
use daxsign_client::{
    Answers, ClientCertificate, Key, Roots, Secret, Settings as ClientSettings, Signing,
};
use daxsign_core::{CertificateFile, PrivateKey, PublicKey};
use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::{Credentials, IdentityFrom, PolicyFiles, TlsClient};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::announcing::OWN_PATH;
use super::seed::Seed;
use super::settings::Settings;
use super::stand_in::{Alliera, REMEMBERED_SECONDS};
use super::zone::Zone;
use crate::deciding::Schemas;
use crate::operating::only_the_owner_reads;
use crate::party::Party;
use crate::receiving::line::{Line, LineParts, LineSettings};
use crate::running::Clock;

/// The settings.
const SETTINGS_FILE: &str = "alliera.toml";
/// The key that answers are signed with, and that TLS shows: PEM, not encrypted.
const KEY_FILE: &str = "alliera.key";
/// Its certificate, PEM.
const CERTIFICATE_FILE: &str = "alliera.crt";
/// The authority of the certificate that the exchange shows, PEM.
const AUTHORITY_FILE: &str = "authority.crt";
/// The certificate with whose key the exchange signs, PEM: no other counts.
const EXCHANGE_FILE: &str = "exchange.crt";
/// The password with which it gets tokens, to tell the exchange what happened.
const PASSWORD_FILE: &str = "alliera.password";
/// Everything that it knows.
const STORE_FILE: &str = "alliera.db";
/// The longest of these files but the store.
const MAX_FILE_LEN: u64 = 1 << 20;
/// How many requests wait for the store, which takes one at a time.
const WAITING: usize = 256;
/// The exchange is near, most of the time: after it was away it is tried often.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// An Alliera's folder, whose settings were read.
pub struct Installation {
    folder: PathBuf,
    settings: Settings,
    address: String,
    host: ServerName<'static>,
    seed: Seed,
    /// The name of its credential, if it has one.
    user: Option<String>,
    signing: Signing,
}

/// Why a folder is none of an Alliera, or cannot be used: which file, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotInstalled(String);

/// What the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    party: String,
    exchange: String,
    partner_name: String,
    name: String,
    #[serde(default = "stockholm")]
    zone: String,
    #[serde(default = "one")]
    seed: u32,
    #[serde(default = "twelve")]
    card_owners: u32,
    user: Option<String>,
    #[serde(default)]
    signing: WrittenSigning,
}

/// As its instance is registered at the exchange.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WrittenSigning {
    #[default]
    Documented,
    Observed,
}

fn stockholm() -> String {
    "Europe/Stockholm".to_owned()
}

const fn one() -> u32 {
    1
}

const fn twelve() -> u32 {
    12
}

impl Installation {
    /// Reads the settings of a folder.
    ///
    /// # Errors
    /// [`NotInstalled`].
    pub fn read(folder: &Path) -> Result<Self, NotInstalled> {
        let file = folder.join(SETTINGS_FILE);
        let wrong = |problem: &dyn fmt::Display| NotInstalled::at(&file, problem);
        let text = String::from_utf8(bytes(&file)?).map_err(|_| wrong(&"not UTF-8"))?;
        let written: Written = toml::from_str(&text).map_err(|error| wrong(&error))?;
        let (host, _) = written
            .exchange
            .rsplit_once(':')
            .ok_or_else(|| wrong(&"exchange is HOST:PORT, such as \"localhost:8443\""))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let party = written.party.parse();
        Ok(Self {
            folder: folder.to_owned(),
            settings: Settings {
                party: party.map_err(|error| wrong(&format_args!("party: {error}")))?,
                partner_name: written.partner_name,
                name: written.name,
                zone: Zone::named(&written.zone).map_err(|error| wrong(&error))?,
            },
            host: ServerName::try_from(host).map_err(|error| wrong(&error))?,
            address: written.exchange,
            seed: Seed::large(written.seed, written.card_owners),
            user: written.user,
            signing: match written.signing {
                WrittenSigning::Documented => Signing::documented(),
                WrittenSigning::Observed => Signing::observed(),
            },
        })
    }

    /// As which party it is known.
    #[must_use]
    pub const fn party(&self) -> Party {
        self.settings.party
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Where the exchange is.
    #[must_use]
    pub fn exchange(&self) -> &str {
        &self.address
    }

    /// Opens its store; a new one is filled.
    ///
    /// # Errors
    /// [`NotInstalled`].
    pub fn open(&self, clock: &Clock) -> Result<Alliera, NotInstalled> {
        let file = self.folder.join(STORE_FILE);
        let wrong = |problem: &dyn fmt::Display| NotInstalled::at(&file, problem);
        let schemas = Schemas::new().map_err(|error| wrong(&error))?;
        let mut alliera = Alliera::open(&file, self.settings.clone(), Arc::new(schemas))
            .map_err(|error| wrong(&error))?;
        if alliera.is_empty().map_err(|error| wrong(&error))? {
            let filled = alliera.seed(&self.seed, clock());
            filled.map_err(|error| wrong(&error))?;
        }
        Ok(alliera)
    }

    /// Connects to the exchange, and stays connected.
    ///
    /// # Errors
    /// [`NotInstalled`]: a key or a certificate cannot be used. That nobody answers is no error; the line says so.
    pub fn connect(&self, clock: Clock) -> Result<Line, NotInstalled> {
        let (key, own) = self.key()?;
        let roots = [self.folder.join(AUTHORITY_FILE)];
        let policy = PolicyFiles::of_roots(&roots, None, IdentityFrom::DnsName)
            .map_err(|error| NotInstalled::at(&self.folder.join(AUTHORITY_FILE), &error))?;
        let parts = LineParts {
            address: self.address.clone(),
            host: self.host.clone(),
            tls: TlsClient::new(Some(own), Arc::clone(policy.live())),
            party: self.settings.party,
            exchange: vec![self.exchange_key()?],
            clock,
            randomness: Box::new(random),
            settings: LineSettings {
                waiting: WAITING,
                longest_pause: LONGEST_PAUSE,
                keep_seconds: REMEMBERED_SECONDS,
                ..LineSettings::default()
            },
        };
        Line::start(parts, *key).map_err(|error| NotInstalled(error.to_string()))
    }

    /// As which it tells the exchange what happened; `None` where the settings name no user.
    ///
    /// # Errors
    /// [`NotInstalled`]: a key, a certificate or the password cannot be used.
    pub fn client(&self) -> Result<Option<Client>, NotInstalled> {
        let Some(user) = &self.user else {
            return Ok(None);
        };
        let wrong = |error| NotInstalled::at(&self.folder.join(SETTINGS_FILE), &error);
        let base = format!("https://{}", self.address);
        let (own, password) = (self.settings.party.instance, self.password()?);
        let client = ClientSettings::new(&base, own, user, password, self.signing.clone());
        let mut client = client.map_err(wrong)?;
        OWN_PATH.clone_into(&mut client.api_path);
        client.roots = Roots::Only(bytes(&self.folder.join(AUTHORITY_FILE))?);
        let exchange = self.folder.join(EXCHANGE_FILE);
        let pinned = Answers::pinned(&bytes(&exchange)?);
        let pinned = pinned.map_err(|error| NotInstalled::at(&exchange, &error))?;
        client.answers = Answers::RequireSigned(pinned);
        // For an exchange that asks for one (X-MTLS).
        client.client_certificate = Some(ClientCertificate {
            chain: bytes(&self.folder.join(CERTIFICATE_FILE))?,
            key: self.secret(KEY_FILE)?,
        });
        let key = Key::read(self.folder.join(KEY_FILE));
        let key = key.map_err(|error| NotInstalled::at(&self.folder.join(KEY_FILE), &error))?;
        Client::new(client, key).map(Some).map_err(wrong)
    }

    fn password(&self) -> Result<Secret, NotInstalled> {
        let text = self.secret(PASSWORD_FILE)?;
        Ok(Secret::new(text.expose().trim()))
    }

    /// A file that nobody else reads.
    fn secret(&self, name: &str) -> Result<Secret, NotInstalled> {
        let file = self.folder.join(name);
        only_the_owner_reads(&file).map_err(|error| NotInstalled(error.to_string()))?;
        let text = Zeroizing::new(bytes(&file)?);
        let text = str::from_utf8(&text).map_err(|error| NotInstalled::at(&file, &error))?;
        Ok(Secret::new(text))
    }

    fn key(&self) -> Result<(Box<PrivateKey>, Credentials), NotInstalled> {
        let file = self.folder.join(KEY_FILE);
        only_the_owner_reads(&file).map_err(|error| NotInstalled(error.to_string()))?;
        let pem = Zeroizing::new(bytes(&file)?);
        let mut key = Box::new(PrivateKey::empty());
        key.load(&pem)
            .map_err(|error| NotInstalled::at(&file, &error))?;
        let certificate = self.folder.join(CERTIFICATE_FILE);
        let credentials = Credentials::from_pem(&bytes(&certificate)?, &pem);
        let credentials = credentials.map_err(|error| NotInstalled::at(&certificate, &error))?;
        Ok((key, credentials))
    }

    fn exchange_key(&self) -> Result<PublicKey, NotInstalled> {
        let file = self.folder.join(EXCHANGE_FILE);
        let wrong = |problem: &dyn fmt::Display| NotInstalled::at(&file, problem);
        let pem = bytes(&file)?;
        let certificate = CertificateFile::from_bytes(&pem).map_err(|error| wrong(&error))?;
        certificate.public_key().map_err(|error| wrong(&error))
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, NotInstalled> {
    let wrong = |problem: &dyn fmt::Display| NotInstalled::at(file, problem);
    let facts = fs::metadata(file).map_err(|error| wrong(&error))?;
    if facts.len() > MAX_FILE_LEN {
        return Err(wrong(&"longer than 1 MB"));
    }
    fs::read(file).map_err(|error| wrong(&error))
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without it all pauses are the same: no harm to one Alliera.
    let _ = SystemRandom::new().fill(&mut bytes);
    u64::from_be_bytes(bytes)
}

impl NotInstalled {
    fn at(file: &Path, problem: &dyn fmt::Display) -> Self {
        Self(format!("{}: {problem}", file.display()))
    }
}

impl fmt::Display for NotInstalled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotInstalled {}

impl fmt::Debug for Installation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Installation({})", self.settings.party)
    }
}
