//! What a door controller sends.

use daxsign_core::{Components, Error, HeaderField, Profile, Request, RequestSigner, Signer};

/// The time of the messages: 2020-05-17T12:44:30Z.
pub const NOW: i64 = 1_589_719_470;
pub const HOST: HeaderField<'static> = HeaderField {
    name: b"Host",
    value: b"dax.amido.se",
};
pub const DATE: HeaderField<'static> = HeaderField {
    name: b"Date",
    value: b"2020-05-17T14:44:30+02:00",
};
const CONTENT_TYPE: HeaderField<'static> = HeaderField {
    name: b"Content-Type",
    value: b"application/json",
};

/// A card was shown.
pub const CARD_EVENT: &[u8; 77] =
    br#"{"event":"card","door":17,"card":"04A2246B5C6180","at":"2020-05-17T14:44:30"}"#;
pub const CARD_EVENT_FIELDS: [HeaderField<'static>; 4] = [
    HOST,
    CONTENT_TYPE,
    HeaderField {
        name: b"Content-Length",
        value: b"77",
    },
    DATE,
];

/// What the answer is asked for.
pub const CONTEXT: &[u8; 37] = br#"{"context":{"door":17,"revision":12}}"#;
pub const CONTEXT_FIELDS: [HeaderField<'static>; 4] = [
    HOST,
    CONTENT_TYPE,
    HeaderField {
        name: b"Content-Length",
        value: b"37",
    },
    DATE,
];

/// The card event as it is posted.
pub fn card_event<'a>(fields: &'a [HeaderField<'a>]) -> Request<'a> {
    Request::new("POST", "/api/v2/DaxEndPoint", fields, CARD_EVENT)
}

/// The question for what belongs to the context.
pub fn question<'a>(fields: &'a [HeaderField<'a>]) -> Request<'a> {
    Request::new("GET", "/api/v2/DaxEndPoint?kind=cards", fields, CONTEXT)
}

/// Signs a message with the list that DAX prescribes for it.
pub fn sign_message<'o>(
    key: &impl Signer<Error = Error>,
    message: &Request<'_>,
    profile: Profile,
    field: &'o mut [u8],
) -> Result<&'o str, Error> {
    let list = Components::default_for(message);
    RequestSigner::new(key, profile)
        .components(list)
        .sign(message, field)
}
