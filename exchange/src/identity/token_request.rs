//! What stands in a request for a token.

use core::fmt;

use uuid::Uuid;

use super::password::Password;

/// The longest form.
pub const MAX_FORM_LEN: usize = 4 << 10;

/// A request for a token: `username`, `password`, `client_id`, `grant_type=password`.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The credential's name.
    pub name: String,
    /// Its password.
    pub password: Password,
    /// The caller's own instance.
    pub client: Uuid,
}

/// What is wrong with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAForm {
    /// Longer than [`MAX_FORM_LEN`].
    Long,
    /// Not `name=value` joined by `&` and percent-encoded UTF-8.
    Encoding,
    /// A field is missing.
    Missing(&'static str),
    /// A field stands there twice.
    Twice(&'static str),
    /// `grant_type` is not `password`.
    GrantType,
    /// `client_id` is no GUID.
    ClientId,
}

const FIELDS: [&str; 4] = ["username", "password", "client_id", "grant_type"];

impl TokenRequest {
    /// Reads a form's body or a query. Other fields, such as `scope`, are passed over.
    ///
    /// # Errors
    /// [`NotAForm`].
    pub fn from_form(form: &[u8]) -> Result<Self, NotAForm> {
        if form.len() > MAX_FORM_LEN {
            return Err(NotAForm::Long);
        }
        let mut found: [Option<String>; 4] = [None, None, None, None];
        for pair in form.split(|byte| *byte == b'&') {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(parts.next().unwrap_or_default())?;
            let value = decoded(parts.next().unwrap_or_default())?;
            let slots = FIELDS.iter().zip(found.iter_mut());
            for (field, slot) in slots.filter(|(field, _)| **field == name) {
                if slot.replace(value.clone()).is_some() {
                    return Err(NotAForm::Twice(field));
                }
            }
        }
        let [name, password, client, grant] = found;
        let password = password.map(Password::new);
        if grant.ok_or(NotAForm::Missing("grant_type"))? != "password" {
            return Err(NotAForm::GrantType);
        }
        let client = client.ok_or(NotAForm::Missing("client_id"))?;
        Ok(Self {
            name: name.ok_or(NotAForm::Missing("username"))?,
            password: password.ok_or(NotAForm::Missing("password"))?,
            client: Uuid::try_parse(&client).map_err(|_| NotAForm::ClientId)?,
        })
    }
}

/// Percent-decodes, with `+` for a space (URL Standard, application/x-www-form-urlencoded).
fn decoded(text: &[u8]) -> Result<String, NotAForm> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = digit(rest.next())?;
                high << 4 | digit(rest.next())?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).map_err(|_| NotAForm::Encoding)
}

fn digit(byte: Option<&u8>) -> Result<u8, NotAForm> {
    let digit = byte.and_then(|byte| char::from(*byte).to_digit(16));
    let digit = digit.ok_or(NotAForm::Encoding)?;
    u8::try_from(digit).map_err(|_| NotAForm::Encoding)
}

impl fmt::Display for NotAForm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Long => write!(formatter, "the form has more than {MAX_FORM_LEN} bytes"),
            Self::Encoding => formatter.write_str("the form is not percent-encoded UTF-8"),
            Self::Missing(name) => write!(formatter, "the field {name} is missing"),
            Self::Twice(name) => write!(formatter, "the field {name} stands there twice"),
            Self::GrantType => formatter.write_str("grant_type is not password"),
            Self::ClientId => formatter.write_str("client_id is no GUID"),
        }
    }
}

impl std::error::Error for NotAForm {}
