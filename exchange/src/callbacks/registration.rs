//! A callback as it is registered, and what is given back of it.

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::field;
use super::hidden::Hidden;
use super::url::{CallbackUrl, NotAUrl};

/// How many callbacks an instance has at most.
pub const MAX_CALLBACKS: usize = 50;
/// How many fields a callback has at most.
const MAX_HEADERS: usize = 20;
/// The longest domain, type and token.
const MAX_WORD_LEN: usize = 64;
const MAX_TOKEN_LEN: usize = 4_096;

/// A callback as it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Of which domain it is told; of each, where it is not said.
    pub domain: Option<String>,
    /// Of which events; of each, where it is not said.
    pub event_type: Option<String>,
    /// The address as it was written: its path may hold a secret too.
    url: Hidden,
    /// Sent as bearer token.
    token: Option<Hidden>,
    /// Sent beside.
    headers: Vec<(String, Hidden)>,
}

/// As it lies in the record.
#[derive(Serialize, Deserialize)]
struct Kept<'k> {
    #[serde(borrow)]
    domain: Option<std::borrow::Cow<'k, str>>,
    #[serde(borrow)]
    event: Option<std::borrow::Cow<'k, str>>,
    #[serde(borrow)]
    url: std::borrow::Cow<'k, str>,
    #[serde(borrow)]
    token: Option<std::borrow::Cow<'k, str>>,
    #[serde(borrow)]
    headers: Vec<(std::borrow::Cow<'k, str>, std::borrow::Cow<'k, str>)>,
}

/// What is wrong with a callback that somebody registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRegistered(pub String);

impl Registration {
    /// What an item of `callbacks` says, which fits its schema. Of one that is changed, `before` is what it was: what answers
    /// never give, null or nothing keeps, and an empty text removes.
    ///
    /// # Errors
    /// [`NotRegistered`].
    pub fn of(item: &Value, before: Option<&Self>) -> Result<Self, NotRegistered> {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let word = |name: &'static str| text(name).map(|text| word(name, text)).transpose();
        let url =
            text("callbackUrl").ok_or_else(|| NotRegistered::text("callbackUrl is missing"))?;
        CallbackUrl::parse(url)?;
        let token = match text("bearerToken") {
            None => before.and_then(|before| before.token.clone()),
            Some("") => None,
            Some(token) => Some(checked_token(token)?),
        };
        let headers = match item.get("headers").and_then(Value::as_object) {
            None => before
                .map(|before| before.headers.clone())
                .unwrap_or_default(),
            Some(headers) => fields(headers, before)?,
        };
        Ok(Self {
            domain: word("domain")?,
            event_type: word("eventType")?,
            url: Hidden::new(url.to_owned()),
            token,
            headers,
        })
    }

    /// As it lies in the record, sealed.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let header = |(name, value): &(String, Hidden)| {
            (name.clone().into(), value.expose().to_owned().into())
        };
        let kept = Kept {
            domain: self.domain.as_deref().map(Into::into),
            event: self.event_type.as_deref().map(Into::into),
            url: self.url.expose().into(),
            token: self.token.as_ref().map(|token| token.expose().into()),
            headers: self.headers.iter().map(header).collect(),
        };
        // Text and lists of text are always JSON.
        Zeroizing::new(serde_json::to_vec(&kept).unwrap_or_default())
    }

    /// Reads what [`to_bytes`](Self::to_bytes) writes; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept: Kept<'_> = serde_json::from_slice(bytes).ok()?;
        let headers = kept.headers.into_iter();
        Some(Self {
            domain: kept.domain.map(Into::into),
            event_type: kept.event.map(Into::into),
            url: Hidden::new(kept.url.into_owned()),
            token: kept.token.map(|token| Hidden::new(token.into_owned())),
            headers: headers
                .map(|(name, value)| (name.into_owned(), Hidden::new(value.into_owned())))
                .collect(),
        })
    }

    /// Where it goes; `None` only where the record holds what would not be registered.
    #[must_use]
    pub fn url(&self) -> Option<CallbackUrl> {
        CallbackUrl::parse(self.url.expose()).ok()
    }

    /// Its token.
    #[must_use]
    pub const fn token(&self) -> Option<&Hidden> {
        self.token.as_ref()
    }

    /// Its fields.
    #[must_use]
    pub fn headers(&self) -> &[(String, Hidden)] {
        &self.headers
    }

    /// Whether it is told of such an event.
    #[must_use]
    pub fn is_for(&self, domain: &str, event_type: &str) -> bool {
        let fits = |registered: &Option<String>, found: &str| {
            registered
                .as_ref()
                .is_none_or(|registered| registered == found)
        };
        fits(&self.domain, domain) && fits(&self.event_type, event_type)
    }

    /// What its owner is given back, `CallbackItem` of the description: neither the token nor a field's value.
    #[must_use]
    pub fn item(&self, id: Uuid) -> Value {
        let headers = self
            .headers
            .iter()
            .map(|(name, _)| (name.clone(), Value::Null));
        json!({
            "callbackId": id.hyphenated().to_string(),
            "domain": self.domain,
            "eventType": self.event_type,
            "callbackUrl": self.url.expose(),
            "bearerToken": null,
            "headers": headers.collect::<serde_json::Map<_, _>>(),
        })
    }
}

fn word(name: &str, text: &str) -> Result<String, NotRegistered> {
    let fits = (1..=MAX_WORD_LEN).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(text.to_owned())
    } else {
        let problem = format!("{name} has 1 to {MAX_WORD_LEN} visible ASCII characters");
        Err(NotRegistered(problem))
    }
}

/// RFC 6750, 2.1, without which nobody reads it as a token.
fn checked_token(token: &str) -> Result<Hidden, NotRegistered> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.len() > MAX_TOKEN_LEN || !token.bytes().all(fits) {
        let problem = "bearerToken has letters, digits and -._~+/= only, at most 4096 of them";
        return Err(NotRegistered::text(problem));
    }
    Ok(Hidden::new(token.to_owned()))
}

/// A value of null is that of before.
fn fields(
    headers: &serde_json::Map<String, Value>,
    before: Option<&Registration>,
) -> Result<Vec<(String, Hidden)>, NotRegistered> {
    if headers.len() > MAX_HEADERS {
        return Err(NotRegistered(format!(
            "headers has at most {MAX_HEADERS} fields"
        )));
    }
    let mut fields: Vec<(String, Hidden)> = Vec::new();
    for (name, value) in headers {
        let kept = || {
            let before = before?.headers.iter().find(|(known, _)| known == name)?;
            Some(before.1.expose())
        };
        let value = value.as_str().or_else(kept).unwrap_or_default();
        // A name that is none is not written back: it may hold anything.
        if let Some(fault) = field::fault(name, value) {
            let shown: String = name
                .chars()
                .filter(char::is_ascii_graphic)
                .take(MAX_WORD_LEN)
                .collect();
            return Err(NotRegistered(format!("headers: {shown} {fault}")));
        }
        if fields
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            return Err(NotRegistered(format!("headers: {name} stands there twice")));
        }
        fields.push((name.clone(), Hidden::new(value.to_owned())));
    }
    Ok(fields)
}

impl NotRegistered {
    fn text(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<NotAUrl> for NotRegistered {
    fn from(problem: NotAUrl) -> Self {
        Self(problem.to_string())
    }
}

impl fmt::Display for NotRegistered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotRegistered {}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Value {
        json!({
            "domain": "Delivery", "eventType": "Created", "callbackUrl": "https://example.com/in?key=path-secret",
            "bearerToken": "token-secret", "headers": {"X-Api-Key": "field-secret", "X-B": null},
        })
    }

    #[test]
    fn what_is_registered_is_read_back_and_its_secrets_are_shown_to_nobody() {
        let registered = Registration::of(&full(), None).unwrap();
        assert_eq!(
            Registration::from_bytes(&registered.to_bytes()),
            Some(registered.clone())
        );
        assert_eq!(registered.token().unwrap().expose(), "token-secret");
        let shown = format!("{registered:?}{}", registered.item(Uuid::nil()));
        assert!(
            !shown.contains("token-secret") && !shown.contains("field-secret"),
            "{shown}"
        );
        assert!(!format!("{registered:?}").contains("path-secret"));
        assert!(
            registered.is_for("Delivery", "Created") && !registered.is_for("Delivery", "Pickup")
        );
        let any = Registration::of(&json!({"callbackUrl": "https://example.com"}), None).unwrap();
        assert!(any.is_for("Delivery", "Created") && any.is_for("x", "y"));
    }

    #[test]
    fn what_is_never_given_back_is_kept_by_a_change_that_does_not_say_it() {
        let before = Registration::of(&full(), None).unwrap();
        // As it was listed.
        let same = Registration::of(&before.item(Uuid::nil()), Some(&before)).unwrap();
        assert_eq!(same, before);
        let other = json!({"callbackUrl": "https://example.org", "bearerToken": "", "headers": {"X-B": "b"}});
        let other = Registration::of(&other, Some(&before)).unwrap();
        assert_eq!((other.token(), other.headers().len()), (None, 1));
    }

    #[test]
    fn what_cannot_be_sent_is_not_registered() {
        let with = |name: &str, value: Value| {
            let mut item = full();
            item[name] = value;
            Registration::of(&item, None)
        };
        let many: serde_json::Map<_, _> = (0..21).map(|n| (format!("X-{n}"), json!("v"))).collect();
        for (name, value) in [
            ("callbackUrl", json!(null)),
            ("callbackUrl", json!("http://example.com")),
            ("bearerToken", json!("a b")),
            ("bearerToken", json!("a\r\nHost: b")),
            ("bearerToken", json!("a".repeat(4097))),
            ("domain", json!("")),
            ("domain", json!("a b")),
            ("eventType", json!("\u{e9}")),
            ("headers", json!({"X-Dax-Receiver": "x"})),
            ("headers", json!({"X-A": "1\r\nX-Dax-Receiver: 2"})),
            ("headers", json!({"X-A": "1", "x-a": "2"})),
            ("headers", Value::Object(many)),
        ] {
            assert!(with(name, value.clone()).is_err(), "{name}: {value}");
        }
    }
}
