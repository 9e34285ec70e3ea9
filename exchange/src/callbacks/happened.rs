//! What a party tells the exchange: that something happened, of which who registered for it is told.

use core::fmt;

use daxsign_core::{
    Components, HeaderField, PrivateKey, Profile, Request, RequestSigner, Timestamp,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::party::Party;

/// Where it is told: `POST`, signed as every request.
pub const EVENTS_TARGET: &str = "/exchange/v1/events";
/// The longest body of it, and so of a callback.
const MAX_EVENT_LEN: usize = 64 << 10;
const MAX_WORD_LEN: usize = 64;
/// More than a `Signature` field with this list takes, whatever the key.
const SIGNATURE_ROOM: usize = 4 << 10;
const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Something that happened.
///
/// ```
/// use daxsign_exchange::callbacks::Happened;
///
/// let created = Happened {
///     domain: "Delivery".to_owned(),
///     event_type: "Created".to_owned(),
///     to: None,
///     data: serde_json::json!({"parcelId": "7"}),
/// };
/// assert_eq!(Happened::from_body(&created.to_body()), Ok(created));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// In which domain: `Delivery`.
    pub domain: String,
    /// What: `Created`, `Pickup`.
    pub event_type: String,
    /// Who is told; all whose contracts allow it, where it is not said.
    pub to: Option<To>,
    /// What else is told.
    pub data: Value,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct To {
    /// The partner.
    pub partner: Uuid,
    /// One of its instances; all of them, where it is not said.
    pub instance: Option<Uuid>,
}

/// Why a body tells nothing, or nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotHappened(pub String);

impl Happened {
    /// Reads the body of what a party tells.
    ///
    /// # Errors
    /// [`NotHappened`].
    pub fn from_body(body: &[u8]) -> Result<Self, NotHappened> {
        if body.len() > MAX_EVENT_LEN {
            return Err(NotHappened(format!(
                "the body is longer than {MAX_EVENT_LEN} bytes"
            )));
        }
        let body = crate::deciding::read_json(body).map_err(NotHappened)?;
        let Value::Object(mut members) = body else {
            return Err(NotHappened::text(
                "the body is an object with domain and eventType",
            ));
        };
        let mut word = |name: &str| match members.remove(name) {
            Some(Value::String(text)) if is_word(&text) => Ok(text),
            _ => {
                let problem = format!("{name} has 1 to {MAX_WORD_LEN} visible ASCII characters");
                Err(NotHappened(problem))
            }
        };
        let (domain, event_type) = (word("domain")?, word("eventType")?);
        let to = match members.remove("to") {
            None | Some(Value::Null) => None,
            Some(to) => Some(To::of(&to)?),
        };
        let data = members.remove("data").unwrap_or_default();
        if let Some(name) = members.keys().next() {
            let problem = format!("nothing is known of {name}: data is for what else is told");
            return Err(NotHappened(problem));
        }
        Ok(Self {
            domain,
            event_type,
            to,
            data,
        })
    }

    /// The body.
    #[must_use]
    pub fn to_body(&self) -> Vec<u8> {
        let mut body =
            json!({"domain": self.domain, "eventType": self.event_type, "data": self.data});
        if let Some(to) = &self.to
            && let Some(members) = body.as_object_mut()
        {
            let mut who = json!({"partnerId": to.partner.hyphenated().to_string()});
            if let (Some(instance), Some(who)) = (to.instance, who.as_object_mut()) {
                who.insert(
                    "instanceId".into(),
                    instance.hyphenated().to_string().into(),
                );
            }
            members.insert("to".into(), who);
        }
        body.to_string().into_bytes()
    }

    /// The message by which a party tells it, of the type `message/http`, signed as such a party signs its requests.
    ///
    /// # Errors
    /// [`NotHappened`]: the key did not sign.
    pub fn signed(
        &self,
        signer: &PrivateKey,
        profile: Profile,
        now: Timestamp,
    ) -> Result<Vec<u8>, NotHappened> {
        let body = self.to_body();
        let not = |what: &dyn fmt::Display| NotHappened(format!("it was not signed: {what}"));
        let fields = [
            (
                "Date",
                now.format().map_err(|error| not(&error))?.to_string(),
            ),
            ("Content-Type", CONTENT_TYPE.to_owned()),
            ("Content-Length", body.len().to_string()),
        ];
        let headers = fields
            .each_ref()
            .map(|(name, value)| HeaderField::new(*name, value));
        let request = Request::new("POST", EVENTS_TARGET, &headers, &body);
        let signer =
            RequestSigner::new(signer, profile).components(Components::default_for(&request));
        let mut out = vec![0; SIGNATURE_ROOM];
        let signature = signer
            .sign(&request, &mut out)
            .map_err(|error| not(&error))?;
        let mut head = format!("POST {EVENTS_TARGET} HTTP/1.1\r\n");
        for (name, value) in &fields {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.extend(["Signature: ", signature, "\r\n\r\n"]);
        Ok([head.as_bytes(), &body].concat())
    }
}

impl To {
    fn of(to: &Value) -> Result<Self, NotHappened> {
        let id = |name: &str| match to.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let id = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
                id.map(Some)
                    .ok_or_else(|| NotHappened(format!("to.{name} is a GUID")))
            }
        };
        let partner = id("partnerId")?;
        let partner = partner.ok_or_else(|| NotHappened::text("to has a partnerId"))?;
        Ok(Self {
            partner,
            instance: id("instanceId")?,
        })
    }

    /// Whether this one is told.
    #[must_use]
    pub fn is(&self, party: Party) -> bool {
        self.partner == party.partner
            && self
                .instance
                .is_none_or(|instance| instance == party.instance)
    }
}

fn is_word(text: &str) -> bool {
    (1..=MAX_WORD_LEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl NotHappened {
    fn text(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for NotHappened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotHappened {}
