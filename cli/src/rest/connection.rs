//! From settings and command line to what the client takes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use daxsign_client::protocol::tokens::Tokens;
use daxsign_client::{
    Answers, CallOptions, ClientCertificate, Key, List, Roots, Secret, Session, Signing,
    TargetForm, Uuid,
};
use daxsign_core::PublicKey;

use crate::arguments::Profile;
use crate::failure::Failure;
use crate::input::Input;
use crate::rest::arguments::CallArguments;
use crate::rest::client_error::failure;
use crate::rest::files;
use crate::rest::operations::Target;
#[cfg(feature = "proxy")]
use crate::rest::password::Source;
use crate::rest::settings::{self, Settings};
use crate::terminal::shown;
use crate::{key_file, profile};

/// A way of signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) profile: daxsign_client::Profile,
    pub(crate) headers: String,
}

impl Way {
    /// The client's word for it.
    pub(crate) fn signing(&self) -> Signing {
        Signing {
            profile: self.profile,
            list: List::Names(self.headers.clone()),
            target: TargetForm::Path,
        }
    }
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.profile.name(), self.headers)
    }
}

/// Settings and key, read.
pub(crate) struct Connection {
    pub(crate) settings: Settings,
    /// The settings' file.
    pub(crate) file: PathBuf,
    key: Key,
}

impl Connection {
    /// Reads the settings of a name, and their key.
    pub(crate) fn open(name: Option<&str>) -> Result<Self, Failure> {
        let file = files::path(&files::name(name)?)?;
        // What may not be looked at is no file that is not there: reading it says so.
        if file.try_exists().is_ok_and(|there| !there) {
            return Err(Failure::Unusable(format!(
                "{} does not exist: `daxsign setup` makes it",
                shown(&file)
            )));
        }
        let settings = Settings::read(&file)?;
        let key = Input::read(&settings.key).map_err(|failure| named(failure, "key", &file))?;
        // It says more of a file that is no key.
        key_file::private(&key)?;
        let key = Key::from_bytes(&key.bytes).map_err(|error| failure(&error))?;
        Ok(Self {
            settings,
            file,
            key,
        })
    }

    /// The files that all of it is read from.
    #[cfg(feature = "proxy")]
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        named_files(&self.file, &self.settings)
    }

    /// How requests are signed: as the command line, the environment or the settings say.
    pub(crate) fn way(
        &self,
        profile: Option<Profile>,
        headers: Option<&str>,
    ) -> Result<Way, Failure> {
        let profile = profile::choose(profile, || Ok(self.settings.profile))?;
        let headers = headers.map(str::to_owned);
        let headers = headers.or_else(|| self.settings.headers.clone());
        let headers = headers.ok_or_else(|| {
            Failure::Unusable(format!(
                "{}: no list of signed parts is chosen: --headers, or `headers` in the settings; \
                 `daxsign probe` finds out which one is accepted",
                shown(&self.file)
            ))
        })?;
        Ok(Way {
            profile: profile.into(),
            headers,
        })
    }

    /// A part of the target.
    pub(crate) fn target(&self, part: Target, call: &CallArguments) -> Result<Uuid, Failure> {
        let (id, name) = match part {
            Target::Partner => (call.partner.or(self.settings.partner), "partner"),
            Target::Instance => (call.instance.or(self.settings.instance), "instance"),
        };
        id.ok_or_else(|| {
            Failure::Unusable(format!(
                "the target's {name} is not known: --{name} ID, or `{name}` in {}",
                shown(&self.file)
            ))
        })
    }

    /// The password, from where the settings say it is.
    pub(crate) fn password(&self) -> Result<Secret, Failure> {
        let password = self.settings.password.read(&self.settings.account());
        password.map_err(|failure| named(failure, "password", &self.file))
    }

    /// What the client is told.
    pub(crate) fn client_settings(
        &self,
        way: &Way,
        password: Secret,
    ) -> Result<daxsign_client::Settings, Failure> {
        let own = &self.settings;
        let mut settings = daxsign_client::Settings::new(
            &own.base,
            own.client_id,
            &own.user,
            password,
            way.signing(),
        )
        .map_err(|error| failure(&error))?;
        settings.scope.clone_from(&own.scope);
        if let Some(file) = &own.ca {
            settings.roots = Roots::PlatformAnd(self.certificates("ca", file)?);
        }
        settings.client_certificate = self.client_certificate()?;
        settings.answers = self.answers()?;
        Ok(settings)
    }

    /// The certificate that this side shows.
    fn client_certificate(&self) -> Result<Option<ClientCertificate>, Failure> {
        let (chain, key) = match (&self.settings.client_certificate, &self.settings.client_key) {
            (None, None) => return Ok(None),
            (Some(chain), Some(key)) => (chain, key),
            _ => {
                return Err(Failure::Unusable(format!(
                    "{}: client_certificate and client_key must both be set, or neither",
                    shown(&self.file)
                )));
            }
        };
        let key = Input::read(key).map_err(|failure| named(failure, "client_key", &self.file))?;
        Ok(Some(ClientCertificate {
            chain: self.certificates("client_certificate", chain)?,
            key: Secret::new(String::from_utf8_lossy(&key.bytes)),
        }))
    }

    /// What is asked of answers: where the exchange's certificate is known, its signature, unless the
    /// settings say that it may be missing.
    fn answers(&self) -> Result<Answers, Failure> {
        let Some(file) = &self.settings.exchange_certificate else {
            return Ok(Answers::Any);
        };
        let named = |failure| named(failure, "exchange_certificate", &self.file);
        let key = pinned(file).map_err(named)?;
        Ok(match self.settings.require_signed_answers {
            Some(false) => Answers::VerifyIfSigned(key),
            Some(true) | None => Answers::RequireSigned(key),
        })
    }

    /// The file of a setting that names certificates.
    fn certificates(&self, setting: &str, file: &Path) -> Result<Vec<u8>, Failure> {
        let input = Input::read(file).map_err(|failure| named(failure, setting, &self.file))?;
        if !String::from_utf8_lossy(&input.bytes).contains(CERTIFICATE) {
            let why = format!("{}: no certificate in PEM", input.name);
            return Err(named(Failure::Unusable(why), setting, &self.file));
        }
        Ok(input.bytes.to_vec())
    }

    /// What all calls share.
    pub(crate) fn session(
        &self,
        settings: daxsign_client::Settings,
        tokens: Tokens,
    ) -> Result<Arc<Session>, Failure> {
        let session = Session::sharing(settings, self.key.clone(), tokens);
        session.map(Arc::new).map_err(|error| failure(&error))
    }

    /// A session in place of `before`, if there was one: its tokens are used on, unless there is another
    /// password, and its dates are not.
    #[cfg(feature = "proxy")]
    pub(crate) fn session_after(
        &self,
        settings: daxsign_client::Settings,
        before: Option<&Session>,
    ) -> Result<Arc<Session>, Failure> {
        let Some(before) = before else {
            return self.session(settings, Tokens::default());
        };
        let same = settings.password.expose() == before.settings().password.expose();
        let tokens = if same {
            before.tokens().clone()
        } else {
            Tokens::default()
        };
        let session = Session::after(before, settings, self.key.clone(), tokens);
        session.map(Arc::new).map_err(|error| failure(&error))
    }

    /// Writes what is accepted into the settings' file.
    pub(crate) fn keep(&mut self, way: &Way) -> Result<(), Failure> {
        self.settings.profile = profile::parse(way.profile.name());
        self.settings.headers = Some(way.headers.clone());
        crate::new_file::replace(&self.file, self.settings.to_toml().as_bytes())
    }

    /// Whether the settings say so already.
    pub(crate) fn keeps(&self, way: &Way) -> bool {
        let profile = self.settings.profile.map(settings::name);
        profile.as_deref() == Some(way.profile.name())
            && self.settings.headers.as_ref() == Some(&way.headers)
    }
}

/// The exchange's public key, in its certificate or by itself.
pub(crate) fn pinned(file: &Path) -> Result<Box<PublicKey>, Failure> {
    let input = Input::read(file)?;
    Answers::pinned(&input.bytes)
        .map_err(|error| Failure::Unusable(format!("{}: {}", input.name, error.text())))
}

/// The files that the settings of a name are read from, whether what they name is there or not.
#[cfg(feature = "proxy")]
pub(crate) fn files(name: Option<&str>) -> Result<Vec<PathBuf>, Failure> {
    let file = files::path(&files::name(name)?)?;
    let settings = Settings::read(&file)?;
    Ok(named_files(&file, &settings))
}

#[cfg(feature = "proxy")]
fn named_files(file: &Path, own: &Settings) -> Vec<PathBuf> {
    let password = match &own.password {
        Source::File(path) => Some(path),
        Source::Keyring | Source::Variable(_) => None,
    };
    let others = [
        &own.ca,
        &own.client_certificate,
        &own.client_key,
        &own.exchange_certificate,
    ];
    let others = others
        .into_iter()
        .flatten()
        .chain(password)
        .chain([&own.key]);
    let others = others.cloned();
    [file.to_owned()].into_iter().chain(others).collect()
}

/// How a certificate begins in PEM.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// A failure with the setting that led to it.
fn named(failure: Failure, setting: &str, file: &Path) -> Failure {
    match failure {
        Failure::Unusable(why) => {
            Failure::Unusable(format!("{why} (`{setting}` in {})", shown(file)))
        }
        other => other,
    }
}

/// What is said of a call.
pub(crate) fn options(call: &CallArguments) -> CallOptions {
    CallOptions {
        context: call.context.clone(),
        timeout: call.max_time,
        ..CallOptions::default()
    }
}

/// The profile that settings name, for commands that call nothing; `None` without settings.
pub(crate) fn stored_profile() -> Result<Option<Profile>, Failure> {
    let name = files::name(None)?;
    match files::path(&name) {
        Ok(file) if file.exists() => Ok(Settings::read(&file)?.profile),
        _ => Ok(None),
    }
}
