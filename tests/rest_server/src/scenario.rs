//! The table of scenarios, `scenarios.json`: what the server does, what a client is told to do, and
//! what must come of it.
//!
//! One table for all languages: a test program reads it (or gets it from the server), makes the
//! call, and compares. The server compares what arrived with [`Scenario::arrives`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::origin::Origin;

/// The table.
const TABLE: &str = include_str!("../scenarios.json");

/// One scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// What happens, in a sentence.
    pub about: String,
    /// What the client does.
    pub call: Call,
    /// What the client is told besides.
    #[serde(default)]
    pub client: Client,
    /// What the server does.
    #[serde(default)]
    pub server: Script,
    /// What the client must say of it.
    pub outcome: Outcome,
    /// What must arrive.
    pub arrives: Arrives,
}

/// What the client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// `list_contracts`, once.
    Contracts,
    /// `list_contracts`, twice, one after the other, with one client. The outcome is the second's.
    ContractsTwice,
    /// `list_contracts`, 32 times at once, with one client. The outcome is every one's.
    ContractsAtOnce,
    /// All pages of `list_card_owners`, asked for in pages of 50.
    CardOwners,
    /// `get_card_owner`, once.
    CardOwner,
    /// `create_card_owner`, once.
    CreateCardOwner,
    /// `open_card_owner_door`, once.
    OpenDoor,
    /// A token and nothing else. A client without such a call makes [`Call::Contracts`].
    Token,
}

/// How the client is set up. What is not said is as `documented` in the server's page: the base
/// address `home`, the preset `observed`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Client {
    /// The base address, if it is not `home`.
    pub base: Option<Origin>,
    /// The profile and list, if they are not those of the preset `observed`.
    pub preset: Preset,
    /// What is asked of the exchange's signature on answers.
    pub answers: Answers,
    /// Whether the client shows a certificate of its own to TLS.
    pub shows_certificate: bool,
    /// A password that is not right.
    pub wrong_password: bool,
    /// After how many milliseconds the client gives up.
    pub timeout_ms: Option<u64>,
    /// What the client sends as context.
    pub context: Option<String>,
}

/// What a client asks of answers. For all but the first it holds the exchange's certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answers {
    /// Nothing.
    #[default]
    Any,
    /// A signature that is there must be right.
    VerifyIfSigned,
    /// There must be one, and it must be right.
    RequireSigned,
}

/// Profile and list of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// `vendor-sdk`, `(request-target) date`, seven digits, UTC.
    #[default]
    Observed,
    /// `documented`, with the default list of the rules.
    Documented,
}

/// What the server does.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Script {
    /// The signatures that it takes.
    pub accepts: Vec<Rule>,
    /// Answers to token requests, one after the other; then right ones.
    pub tokens: Vec<Answer>,
    /// Answers to calls, one after the other; then the operation's own.
    pub answers: Vec<Answer>,
    /// How many items each list has.
    pub items: u64,
    /// How many items a page has at most, if fewer than the API says.
    pub page: Option<u64>,
    /// How far the server's clock is ahead, in seconds.
    pub clock: i64,
    /// What happens to requests between the client and the server.
    pub on_the_way: Vec<Mangling>,
    /// Whether OpenSSL's command verifies each signature too, beside the rsa crate: one that does not
    /// is there for many calls.
    pub openssl: bool,
    /// Whether connections with TLS need a certificate of the client.
    pub needs_certificate: bool,
    /// Headers that each answer to a call carries.
    pub headers: BTreeMap<String, String>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            accepts: vec![Rule::observed()],
            tokens: Vec::new(),
            answers: Vec::new(),
            items: 2,
            page: None,
            clock: 0,
            on_the_way: Vec::new(),
            openssl: true,
            needs_certificate: false,
            headers: BTreeMap::new(),
        }
    }
}

/// A way to sign that the server takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `documented` or `vendor-sdk`.
    pub profile: Profile,
    /// The list, as it stands in the field's `headers` parameter.
    pub headers: String,
    /// Whether the target is signed with its query.
    #[serde(default)]
    pub full_target: bool,
}

impl Rule {
    /// What production was seen to take.
    #[must_use]
    pub fn observed() -> Self {
        Self {
            profile: Profile::VendorSdk,
            headers: "(request-target) date".into(),
            full_target: false,
        }
    }
}

/// What PKCS#1 v1.5 with SHA-256 is applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// The signing string.
    Documented,
    /// Its SHA-256.
    VendorSdk,
}

/// What a proxy does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mangling {
    /// `Date` becomes an HTTP date.
    Date,
    /// `Host` becomes the inner server's, and `X-Forwarded-Host` keeps it.
    Host,
    /// `Content-Type` gains another charset parameter.
    Charset,
}

/// How one request is answered. Nothing said: as the API says, 200 or 201 with the operation's data.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// How many requests are answered like this; 0 is one.
    pub times: usize,
    /// The status, if it is not the operation's.
    pub status: Option<u16>,
    /// `message` of the envelope.
    pub message: Option<String>,
    /// A body of JSON instead of the envelope.
    pub json: Option<Value>,
    /// A body of another kind instead of the envelope.
    pub text: Option<String>,
    /// The media type, if it is not the body's own.
    pub content_type: Option<String>,
    /// Fields of the head besides.
    pub headers: BTreeMap<String, String>,
    /// A redirect.
    pub redirect: Option<Redirect>,
    /// What is odd about the envelope.
    pub odd: Option<Oddity>,
    /// `totalCount`, if it is not how many there are.
    pub total: Option<i64>,
    /// The first item and how many, whatever was asked for.
    pub page: Option<(u64, u64)>,
    /// The token with which this came is no longer good, and the answer is 401.
    pub withdraws_token: bool,
    /// How many milliseconds pass before the head.
    pub waits_ms: u64,
    /// How many milliseconds pass before each hundred bytes of the body.
    pub drips_ms: u64,
    /// After how many bytes of the body the connection ends.
    pub cut_after: Option<usize>,
    /// The connection ends: before the answer, or after it and unannounced.
    pub hangs_up: Option<Moment>,
    /// How the exchange signs the answer.
    pub signed: Option<Signed>,
}

/// Before or after the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Before anything of the answer was sent.
    Before,
    /// After all of it was sent.
    After,
}

/// Where a redirect leads.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// The origin; none for a `Location` without one.
    #[serde(default)]
    pub to: Option<Origin>,
    /// What stands before the request's own target.
    #[serde(default)]
    pub prefix: String,
}

/// What is odd about an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// Fields that nobody described, in the envelope and in every object of the data; words that no
    /// list of words has.
    Unknown,
    /// Names of the envelope's fields begin with a capital.
    OtherCase,
    /// No envelope: the data alone.
    Bare,
    /// No body.
    Empty,
    /// A body that ends too early for JSON, with a right length.
    Broken,
    /// What was asked for lies in `data` as null.
    Null,
}

/// How the exchange signs an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signed {
    /// As it must.
    Right,
    /// With another key.
    WrongKey,
    /// The signature of the answer before, with all its fields.
    Replayed,
    /// For another request.
    OtherRequest,
    /// The body was changed afterwards.
    ChangedBody,
    /// The status was changed afterwards.
    ChangedStatus,
}

/// What the client must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The kind.
    pub kind: Kind,
    /// How many items a list has; how many answers came to calls at once.
    #[serde(default)]
    pub items: Option<usize>,
    /// The status of the answer that a failure tells of.
    #[serde(default)]
    pub status: Option<u16>,
    /// What the failure's text must hold.
    #[serde(default)]
    pub says: Option<String>,
}

/// The kinds of outcomes: data, or the kinds of a client's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The data came.
    Ok,
    /// 404.
    NotFound,
    /// No token, or one that is not taken.
    Unauthorised,
    /// The server does not take the signature.
    SignatureRefused,
    /// 403: no contract, or no clause of it.
    ContractRefused,
    /// 429.
    RateLimited,
    /// Another 4xx.
    Rejected,
    /// 5xx.
    ServerFailed,
    /// No answer came.
    Unreachable,
    /// The exchange's signature on the answer is missing or wrong.
    AnswerRefused,
    /// Any other answer.
    Unexpected,
}

/// What must arrive, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrives {
    /// Token requests.
    pub tokens: usize,
    /// Calls by origin; an origin that is not named gets none.
    pub calls: BTreeMap<Origin, usize>,
    /// Calls that were refused because of what the client sent.
    #[serde(default)]
    pub refused: usize,
    /// At most how many connections.
    #[serde(default)]
    pub connections: Option<usize>,
}

/// All scenarios.
pub fn all() -> Vec<Scenario> {
    serde_json::from_str(TABLE).expect("scenarios.json is as scenario.rs says")
}

/// The scenario of this name.
#[must_use]
pub fn named(name: &str) -> Option<Scenario> {
    all().into_iter().find(|scenario| scenario.name == name)
}
