//! What can be set, with its defaults, units and reasons.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use daxsign_hosting::Address;
use toml::Table;

use super::field::{Field, Place};
use super::wrong::{WrongSettings, nearest};
use crate::callbacks::{Allowed, Network};

/// The file in the exchange's folder. Where it is not there, all is as by default.
pub const SETTINGS_FILE: &str = "exchange.toml";
/// The longest file that is read.
const MAX_FILE_LEN: u64 = 64 << 10;

/// That no private network is called, and that nothing is trusted beside what the system trusts.
const NONE: &str = "none";
const SYSTEM: &str = "system";

/// What an exchange is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The environment in the names of certificates.
    pub environment: String,
    /// Whether senders are told which contract, clause and value refused them.
    pub sandbox: bool,
    /// Where the REST door listens.
    pub rest_listen: String,
    /// Whether it speaks TLS.
    pub rest_tls: bool,
    /// Whether it asks for client certificates (X-MTLS).
    pub rest_client_certificates: bool,
    /// Connections at once.
    pub rest_connections: u64,
    /// Seconds for TLS and a head to arrive.
    pub rest_head_seconds: u64,
    /// Seconds for a body to arrive.
    pub rest_body_seconds: u64,
    /// Requests of one instance in a minute.
    pub rest_requests_per_minute: u64,
    /// Where the management door listens.
    pub management_listen: String,
    /// Requests in work.
    pub in_work: u64,
    /// Accepted requests for one receiver.
    pub per_receiver: u64,
    /// Requests and messages that came and were not looked at.
    pub waiting: u64,
    /// Threads that sign.
    pub signing_threads: u64,
    /// Seconds that what is in work has once the exchange is to end.
    pub drain_seconds: u64,
    /// Days until messages are erased.
    pub keep_days: u64,
    /// Networks that callbacks may go to although they are private, separated by commas; or `none`.
    pub callbacks_allow: String,
    /// A file of the folder with what receivers' certificates may lead to beside what the system trusts; or `system`.
    pub callbacks_roots: String,
    /// Callbacks that are tried at once.
    pub callbacks_at_once: u64,
    /// What is logged.
    pub log_level: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            environment: "prod".to_owned(),
            sandbox: false,
            rest_listen: "127.0.0.1:8443".to_owned(),
            rest_tls: true,
            rest_client_certificates: false,
            rest_connections: 12_000,
            rest_head_seconds: 15,
            rest_body_seconds: 60,
            rest_requests_per_minute: 6_000,
            management_listen: "127.0.0.1:8444".to_owned(),
            in_work: 1_024,
            per_receiver: 256,
            waiting: 1_024,
            signing_threads: 2,
            drain_seconds: 20,
            keep_days: 365,
            callbacks_allow: NONE.to_owned(),
            callbacks_roots: SYSTEM.to_owned(),
            callbacks_at_once: 16,
            log_level: "info".to_owned(),
        }
    }
}

/// All of them, section by section.
const FIELDS: &[Field<Settings>] = &[
    Field {
        name: "exchange.environment",
        unit: "",
        reason: "certificates name <instance>.instance.<environment>.dax.amido.io; another one's are refused",
        place: Place::Text(|settings| &mut settings.environment),
    },
    Field {
        name: "exchange.sandbox",
        unit: "",
        reason: "true tells senders which contract, clause and value refused them; in production that would tell them who \
                 takes part and what others agreed",
        place: Place::Flag(|settings| &mut settings.sandbox),
    },
    Field {
        name: "exchange.drain-seconds",
        unit: "seconds",
        reason: "once it is to end, what is in work has so long: requests expire after 10 seconds unless their contract \
                 says otherwise",
        place: Place::Number(|settings| &mut settings.drain_seconds, 1..=3_600),
    },
    Field {
        name: "exchange.log-level",
        unit: "",
        reason: "error, warn, info, debug or trace; none of them logs bodies, tokens, passwords or keys",
        place: Place::Text(|settings| &mut settings.log_level),
    },
    Field {
        name: "rest.listen",
        unit: "",
        reason: "this machine alone, until somebody decides otherwise",
        place: Place::Text(|settings| &mut settings.rest_listen),
    },
    Field {
        name: "rest.tls",
        unit: "",
        reason: "passwords and tokens pass here: without TLS it listens on loopback alone",
        place: Place::Flag(|settings| &mut settings.rest_tls),
    },
    Field {
        name: "rest.client-certificates",
        unit: "",
        reason: "true asks every client for a certificate of its instance, beside its token",
        place: Place::Flag(|settings| &mut settings.rest_client_certificates),
    },
    Field {
        name: "rest.connections",
        unit: "connections",
        reason: "parties keep theirs open, and an idle one takes some kilobytes",
        place: Place::Number(|settings| &mut settings.rest_connections, 1..=100_000),
    },
    Field {
        name: "rest.head-seconds",
        unit: "seconds",
        reason: "who has not sent a whole head by then is cut off",
        place: Place::Number(|settings| &mut settings.rest_head_seconds, 1..=300),
    },
    Field {
        name: "rest.body-seconds",
        unit: "seconds",
        reason: "4 MB, the longest body, at 600 kbit/s",
        place: Place::Number(|settings| &mut settings.rest_body_seconds, 1..=600),
    },
    Field {
        name: "rest.requests-per-minute",
        unit: "requests of one instance",
        reason: "100 a second from one instance are more than an installation sends; the rest is for the others",
        place: Place::Number(
            |settings| &mut settings.rest_requests_per_minute,
            1..=10_000_000,
        ),
    },
    Field {
        name: "management.listen",
        unit: "",
        reason: "this machine alone: a loopback address, or unix:PATH for a socket in the file system",
        place: Place::Text(|settings| &mut settings.management_listen),
    },
    Field {
        name: "relay.in-work",
        unit: "requests",
        reason: "at 700 a second and 10 seconds to answer few wait; more than this is 503 at once",
        place: Place::Number(|settings| &mut settings.in_work, 1..=1_000_000),
    },
    Field {
        name: "relay.per-receiver",
        unit: "requests",
        reason: "one receiver that is away takes no more than a quarter of the places",
        place: Place::Number(|settings| &mut settings.per_receiver, 1..=1_000_000),
    },
    Field {
        name: "relay.waiting",
        unit: "requests and messages",
        reason: "what came and was not looked at; more than this is 503 at once",
        place: Place::Number(|settings| &mut settings.waiting, 1..=1_000_000),
    },
    Field {
        name: "relay.signing-threads",
        unit: "threads",
        reason: "what waits is signed on these, two signatures to each exchange; where nothing waits the relay signs itself: as many as there are cores, and not more",
        place: Place::Number(|settings| &mut settings.signing_threads, 1..=256),
    },
    Field {
        name: "record.keep-days",
        unit: "days",
        reason: "then messages are erased; the leaves of the log stay",
        place: Place::Number(|settings| &mut settings.keep_days, 1..=36_500),
    },
    Field {
        name: "callbacks.allow",
        unit: "",
        reason: "who registers a callback must not reach through the exchange what they cannot reach themselves: private \
                 addresses are refused, but for the networks written here (127.0.0.0/8, ::1), or none",
        place: Place::Text(|settings| &mut settings.callbacks_allow),
    },
    Field {
        name: "callbacks.roots",
        unit: "",
        reason: "receivers' certificates lead to what the system trusts, or to those in this PEM file of the folder",
        place: Place::Text(|settings| &mut settings.callbacks_roots),
    },
    Field {
        name: "callbacks.at-once",
        unit: "callbacks",
        reason: "one at a time for each receiver; those of others need not wait for one that is slow",
        place: Place::Number(|settings| &mut settings.callbacks_at_once, 1..=256),
    },
];

impl Settings {
    /// Those of the folder: its [file](SETTINGS_FILE), or the defaults where there is none.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn read(folder: &Path) -> Result<Self, WrongSettings> {
        let file = folder.join(SETTINGS_FILE);
        let named = |problem: String| WrongSettings(format!("{}: {problem}", file.display()));
        let text = match std::fs::metadata(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Ok(facts) if facts.len() > MAX_FILE_LEN => {
                return Err(named("longer than 64 KB: no file of settings".to_owned()));
            }
            _ => std::fs::read_to_string(&file).map_err(|error| named(error.to_string()))?,
        };
        Self::parse(&text).map_err(|wrong| named(wrong.0))
    }

    /// Those of a text in TOML, the others by default.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn parse(text: &str) -> Result<Self, WrongSettings> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| WrongSettings(error.to_string().trim().to_owned()))?;
        let mut settings = Self::default();
        for (section, values) in &table {
            let values = values.as_table().ok_or_else(|| unknown(section))?;
            for (key, value) in values {
                let name = format!("{section}.{key}");
                let field = FIELDS.iter().find(|field| field.name == name);
                let field = field.ok_or_else(|| unknown(&name))?;
                let taken = field.take(&mut settings, value);
                taken.map_err(|expected| {
                    WrongSettings(format!("{name} is {value}: write {expected}"))
                })?;
            }
        }
        settings.check()?;
        Ok(settings)
    }

    /// What is unsafe is not taken.
    fn check(&self) -> Result<(), WrongSettings> {
        let rest: SocketAddr = self.rest_address()?;
        self.management_address(Path::new(""))?;
        self.callbacks_allowed()?;
        if !self.rest_tls && !rest.ip().is_loopback() {
            return Err(WrongSettings(format!(
                "rest.tls is false, and rest.listen is {rest}: passwords and tokens would cross the network for \
                 everybody to read. Set rest.tls to true, or rest.listen to a loopback address such as 127.0.0.1:8443"
            )));
        }
        if !self.rest_tls && self.rest_client_certificates {
            return Err(WrongSettings(
                "rest.client-certificates is true, and rest.tls is false: without TLS nobody shows one. Set rest.tls to \
                 true"
                    .to_owned(),
            ));
        }
        if self.per_receiver > self.in_work {
            return Err(WrongSettings(format!(
                "relay.per-receiver is {}, and relay.in-work is {}: one receiver cannot have more than there are in all",
                self.per_receiver, self.in_work
            )));
        }
        if !["error", "warn", "info", "debug", "trace"].contains(&self.log_level.as_str()) {
            return Err(WrongSettings(format!(
                "exchange.log-level is {:?}: write error, warn, info, debug or trace",
                self.log_level
            )));
        }
        Ok(())
    }

    /// Where the REST door listens.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn rest_address(&self) -> Result<SocketAddr, WrongSettings> {
        self.rest_listen.parse().map_err(|_| {
            WrongSettings(format!(
                "rest.listen is {:?}: write an address with its port, such as 127.0.0.1:8443 or [::]:443",
                self.rest_listen
            ))
        })
    }

    /// The networks that callbacks may go to although they are private.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn callbacks_allowed(&self) -> Result<Allowed, WrongSettings> {
        if self.callbacks_allow == NONE {
            return Ok(Allowed::default());
        }
        let networks = self.callbacks_allow.split(',');
        let networks = networks.map(|network| network.trim().parse::<Network>());
        let networks = networks.collect::<Result<_, _>>().map_err(|_| {
            WrongSettings(format!(
                "callbacks.allow is {:?}: write {NONE}, or networks separated by commas, such as 127.0.0.0/8, ::1",
                self.callbacks_allow
            ))
        })?;
        Ok(Allowed::new(networks))
    }

    /// The file of further roots, where there is one.
    #[must_use]
    pub fn callbacks_roots_file(&self) -> Option<&str> {
        (self.callbacks_roots != SYSTEM).then_some(self.callbacks_roots.as_str())
    }

    /// Where the management door listens; a socket's path is taken from the folder.
    ///
    /// # Errors
    /// [`WrongSettings`].
    pub fn management_address(&self, folder: &Path) -> Result<Address, WrongSettings> {
        let named = |problem: String| WrongSettings(format!("management.listen: {problem}"));
        let address: Address = self.management_listen.parse().map_err(named)?;
        if !address.is_local() {
            return Err(WrongSettings(format!(
                "management.listen is {}, where others could come in: write a loopback address such as 127.0.0.1:8444, or \
                 unix: and the path of a socket",
                self.management_listen
            )));
        }
        Ok(match address {
            Address::Unix(path) => Address::Unix(folder.join(path)),
            tcp @ Address::Tcp(_) => tcp,
        })
    }

    /// All of them as a file, each with its unit, its reason and its default.
    #[must_use]
    pub fn print(&self) -> String {
        let (mut own, mut default) = (self.clone(), Self::default());
        let mut text = String::new();
        let mut section = "";
        for field in FIELDS {
            let (own_section, key) = field.path();
            if own_section != section {
                section = own_section;
                let gap = if text.is_empty() { "" } else { "\n" };
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{gap}[{section}]");
            }
            let unit = if field.unit.is_empty() {
                String::new()
            } else {
                format!("{}: ", field.unit)
            };
            let (value, default) = (field.value(&mut own), field.value(&mut default));
            let was = if value == default {
                String::new()
            } else {
                format!(" (by default {default})")
            };
            let _ = writeln!(text, "# {unit}{}{was}\n{key} = {value}", field.reason);
        }
        text
    }
}

fn unknown(name: &str) -> WrongSettings {
    let known = FIELDS.iter().map(|field| field.name);
    let meant = match nearest(name, known) {
        Some(near) => format!("do you mean {near}?"),
        None => "`daxsign-exchange config print` shows all that there are".to_owned(),
    };
    WrongSettings(format!("there is no setting {name}: {meant}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_as_the_same() {
        let printed = Settings::default().print();
        assert_eq!(Settings::parse(&printed), Ok(Settings::default()));
        assert_eq!(Settings::parse(""), Ok(Settings::default()));
        let changed = Settings {
            keep_days: 30,
            rest_listen: "[::]:443".to_owned(),
            sandbox: true,
            ..Settings::default()
        };
        assert_eq!(Settings::parse(&changed.print()), Ok(changed.clone()));
        assert!(changed.print().contains("(by default 365)\nkeep-days = 30"));
    }

    #[test]
    fn every_setting_has_its_reason_and_every_number_its_unit() {
        let mut names = std::collections::BTreeSet::new();
        for field in FIELDS {
            assert!(
                names.insert(field.name),
                "{} stands there twice",
                field.name
            );
            assert!(field.reason.len() > 20, "{} has no reason", field.name);
            let is_number = matches!(field.place, Place::Number(..));
            assert_eq!(!field.unit.is_empty(), is_number, "{}", field.name);
        }
        assert_eq!(names.len(), 20);
    }

    #[test]
    fn mistakes_are_told_with_what_to_write() {
        for (text, told) in [
            (
                "[rest]\nlisen = \"127.0.0.1:1\"",
                "there is no setting rest.lisen: do you mean rest.listen?",
            ),
            ("keep-days = 3", "there is no setting keep-days"),
            ("[bananas]\na = 1", "config print"),
            (
                "[record]\nkeep-days = 0",
                "a number of days from 1 to 36500",
            ),
            (
                "[record]\nkeep-days = -1",
                "a number of days from 1 to 36500",
            ),
            (
                "[record]\nkeep-days = \"3\"",
                "a number of days from 1 to 36500",
            ),
            ("[rest]\ntls = 1", "true or false"),
            ("[rest]\nlisten = \"\"", "which is not empty"),
            ("[rest]\nlisten = \"localhost\"", "an address with its port"),
            ("[exchange]\nlog-level = \"loud\"", "debug or trace"),
            (
                "[management]\nlisten = \"0.0.0.0:8444\"",
                "where others could come in",
            ),
            ("[management]\nlisten = \"here\"", "is no address"),
            (
                "[relay]\nin-work = 8",
                "cannot have more than there are in all",
            ),
            (
                "[callbacks]\nallow = \"localhost\"",
                "such as 127.0.0.0/8, ::1",
            ),
            (
                "[callbacks]\nallow = \"127.0.0.1, 10.0.0.0/33\"",
                "such as 127.0.0.0/8, ::1",
            ),
            (
                "[callbacks]\nat-once = 0",
                "a number of callbacks from 1 to 256",
            ),
            ("[rest", "line 1"),
        ] {
            let wrong = Settings::parse(text).expect_err(text).to_string();
            assert!(wrong.contains(told), "{text}: {wrong}");
        }
    }

    #[test]
    fn what_is_unsafe_is_refused_with_what_to_change() {
        for (listen, allowed) in [
            ("127.0.0.1:8443", true),
            ("[::1]:8443", true),
            ("0.0.0.0:8443", false),
            ("[::]:8443", false),
            ("192.0.2.1:8443", false),
        ] {
            let text = format!("[rest]\ntls = false\nlisten = \"{listen}\"");
            let read = Settings::parse(&text);
            assert_eq!(read.is_ok(), allowed, "{listen}");
            if let Err(wrong) = read {
                assert!(
                    wrong.to_string().contains("Set rest.tls to true"),
                    "{wrong}"
                );
            }
        }
        let wrong = Settings::parse("[rest]\ntls = false\nclient-certificates = true");
        assert!(wrong.is_err());
    }
}
