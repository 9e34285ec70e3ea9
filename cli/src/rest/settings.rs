//! Settings: where the REST API is, who calls, and how requests are signed. A file of TOML for each
//! name.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use daxsign_client::Uuid;
use toml::{Table, Value};

use crate::arguments::Profile;
use crate::failure::Failure;
use crate::input::Input;
use crate::profile;
use crate::rest::id::id;
use crate::rest::password::Source;

/// What stands at the head of a file.
const HEAD: &str = "\
# Settings of daxsign for the REST API; made by `daxsign setup`, may be changed by hand.
# No password stands here: `password` says where it is, keyring, env:NAME or file:PATH.
";

/// What a file holds.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Scheme and host.
    pub(crate) base: String,
    /// The caller's own instance, whose key signs.
    pub(crate) client_id: Uuid,
    pub(crate) user: String,
    pub(crate) password: Source,
    pub(crate) key: PathBuf,
    /// The target, for operations that have one in their path.
    pub(crate) partner: Option<Uuid>,
    pub(crate) instance: Option<Uuid>,
    /// `None` until it is known.
    pub(crate) profile: Option<Profile>,
    /// The list of signed parts.
    pub(crate) headers: Option<String>,
    pub(crate) scope: Option<String>,
    /// More certificates that the server's may lead to, PEM.
    pub(crate) ca: Option<PathBuf>,
    /// The certificate that this side shows, and its key, PEM.
    pub(crate) client_certificate: Option<PathBuf>,
    pub(crate) client_key: Option<PathBuf>,
    /// What the exchange's answers are verified with: its certificate, or its public key.
    pub(crate) exchange_certificate: Option<PathBuf>,
    /// Whether nothing but an answer that is signed with it is taken; unless told otherwise it is so.
    pub(crate) require_signed_answers: Option<bool>,
}

impl Settings {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let input = Input::read(path)?;
        let text = std::str::from_utf8(&input.bytes).map_err(|_| "not UTF-8".to_owned());
        text.and_then(|text| Self::parse(text, path.parent().unwrap_or(path)))
            .map_err(|why| {
                Failure::Unusable(format!(
                    "{}: {why} (mend it by hand, or remove it and let `daxsign setup` make it anew)",
                    input.name
                ))
            })
    }

    /// Reads a file's text; paths in it are taken from `folder` on.
    fn parse(text: &str, folder: &Path) -> Result<Self, String> {
        let table: Table = toml::from_str(text).map_err(|error| wrong(text, &error))?;
        let mut fields = Fields { table, folder };
        let settings = Self {
            base: fields.required("base")?,
            client_id: fields
                .id("client_id")?
                .ok_or_else(|| missing("client_id"))?,
            user: fields.required("user")?,
            password: Source::parse(&fields.required("password")?)?,
            key: fields.folder.join(fields.required("key")?),
            partner: fields.id("partner")?,
            instance: fields.id("instance")?,
            profile: fields.profile()?,
            headers: fields.text("headers")?,
            scope: fields.text("scope")?,
            ca: fields.path("ca")?,
            client_certificate: fields.path("client_certificate")?,
            client_key: fields.path("client_key")?,
            exchange_certificate: fields.path("exchange_certificate")?,
            require_signed_answers: fields.bool("require_signed_answers")?,
        };
        fields.check_rest()?;
        if settings.require_signed_answers.is_some() && settings.exchange_certificate.is_none() {
            return Err(format!(
                "require_signed_answers: {}, with which answers are verified",
                missing("exchange_certificate")
            ));
        }
        Ok(settings)
    }

    /// Under which name a keyring holds the password: it is for one server alone.
    pub(crate) fn account(&self) -> String {
        format!("{}@{} {}", self.user, self.client_id, self.base)
    }

    /// The file's text.
    pub(crate) fn to_toml(&self) -> String {
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        let rows = [
            ("base", Some(self.base.clone())),
            ("client_id", Some(self.client_id.to_string())),
            ("user", Some(self.user.clone())),
            ("password", Some(self.password.to_string())),
            ("key", Some(path(&self.key))),
            ("partner", self.partner.map(|id| id.to_string())),
            ("instance", self.instance.map(|id| id.to_string())),
            ("profile", self.profile.map(name)),
            ("headers", self.headers.clone()),
            ("scope", self.scope.clone()),
            ("ca", self.ca.as_ref().map(path)),
            (
                "client_certificate",
                self.client_certificate.as_ref().map(path),
            ),
            ("client_key", self.client_key.as_ref().map(path)),
            (
                "exchange_certificate",
                self.exchange_certificate.as_ref().map(path),
            ),
        ];
        let texts = rows
            .into_iter()
            .map(|(key, value)| (key, value.map(Value::String)));
        let required = self.require_signed_answers.map(Value::Boolean);
        let mut text = HEAD.to_owned();
        for (key, value) in texts.chain([("require_signed_answers", required)]) {
            if let Some(value) = value {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        text
    }
}

/// A profile's name, as on the command line.
pub(crate) fn name(profile: Profile) -> String {
    let value = profile.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Where a file is no TOML, and why; its text stays out of it, for a password may stand there.
fn wrong(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let ends = before.unwrap_or_default().matches('\n').count();
    format!("line {}: {}", ends.saturating_add(1), error.message())
}

fn missing(key: &str) -> String {
    format!("{key} is missing")
}

/// The fields of a file that are not read yet.
struct Fields<'f> {
    table: Table,
    folder: &'f Path,
}

impl Fields<'_> {
    fn text(&mut self, key: &str) -> Result<Option<String>, String> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(format!("{key} must be a text that is not empty")),
        }
    }

    fn required(&mut self, key: &str) -> Result<String, String> {
        self.text(key)?.ok_or_else(|| missing(key))
    }

    fn bool(&mut self, key: &str) -> Result<Option<bool>, String> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::Boolean(value)) => Ok(Some(value)),
            Some(_) => Err(format!("{key} must be true or false, without quotes")),
        }
    }

    fn id(&mut self, key: &str) -> Result<Option<Uuid>, String> {
        let text = self.text(key)?;
        text.map(|text| id(&text).map_err(|why| format!("{key}: {why}")))
            .transpose()
    }

    fn path(&mut self, key: &str) -> Result<Option<PathBuf>, String> {
        Ok(self.text(key)?.map(|text| self.folder.join(text)))
    }

    fn profile(&mut self) -> Result<Option<Profile>, String> {
        let Some(text) = self.text("profile")? else {
            return Ok(None);
        };
        let why = || format!("profile: \"{text}\" is none: write documented or vendor-sdk");
        profile::parse(&text).map(Some).ok_or_else(why)
    }

    /// A name that is not known may be one of those above, mistyped.
    fn check_rest(&self) -> Result<(), String> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => Err(format!("\"{key}\" is no setting: is it mistyped?")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
base = "https://dax.example"
client_id = "11111111-1111-4111-8111-111111111111"
user = "a \"b\" \\ c"
password = "env:DAX_PASSWORD"
key = "client.pem"
profile = "vendor-sdk"
headers = "(request-target) date"
exchange_certificate = "exchange.pem"
require_signed_answers = true
"#;

    #[test]
    fn what_is_written_is_read() {
        let read = Settings::parse(TEXT, Path::new("/folder")).unwrap();
        assert_eq!(read.user, "a \"b\" \\ c");
        assert_eq!(read.key, Path::new("/folder/client.pem"));
        assert_eq!(read.require_signed_answers, Some(true));
        let again = Settings::parse(&read.to_toml(), Path::new("/elsewhere")).unwrap();
        assert_eq!(format!("{read:?}"), format!("{again:?}"));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (from, to, says) in [
            ("profile =", "profil =", "no setting"),
            ("vendor-sdk", "sdk", "documented or vendor-sdk"),
            ("user =", "#", "user is missing"),
            ("env:DAX_PASSWORD", "hunter2", "password"),
            ("\"env:DAX_PASSWORD\"", "hunter2", "line 5: "),
            ("env:DAX_PASSWORD\"", "hunter2", "line 5: "),
            ("-1111-", "-", "no id"),
            ("\"client.pem\"", "7", "must be a text"),
            ("= true", "= \"no\"", "true or false"),
            (
                "exchange_certificate",
                "#",
                "exchange_certificate is missing",
            ),
        ] {
            let text = TEXT.replace(from, to);
            let error = Settings::parse(&text, Path::new("/")).unwrap_err();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
