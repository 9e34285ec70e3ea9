//! What a client is told once: where, who, and how requests are signed.

use std::time::Duration;

use daxsign_core::{Certificate, Components, Profile, PublicKey, TargetForm};
use uuid::Uuid;

use crate::error::Error;
use crate::protocol::address::Origin;
use crate::secret::Secret;

/// Which parts of a request are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// Target, host, content type, length and date: no byte can move between lines and body.
    Bound,
    /// These names, separated by single spaces.
    Names(String),
}

impl List {
    /// The list that production was seen to accept.
    pub const OBSERVED: &'static str = "(request-target) date";
    /// What [`Bound`](Self::Bound) signs of a request without an idempotency key.
    pub const BOUND: &'static str = "(request-target) host content-type content-length date";
}

/// How requests are signed. There is no default: both sides must use the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// Which reading of "SHA256withRSA over `sha256(signingstring)`".
    pub profile: Profile,
    /// Which parts are signed.
    pub list: List,
    /// Whether the query is signed too.
    pub target: TargetForm,
}

impl Signing {
    /// What production was seen to accept: `vendor-sdk`, `(request-target) date`, the path.
    #[must_use]
    pub fn observed() -> Self {
        Self {
            profile: Profile::VendorSdk,
            list: List::Names(List::OBSERVED.into()),
            target: TargetForm::Path,
        }
    }

    /// Whether a field of this name must be there, since it is signed.
    pub(crate) fn names(&self, name: &str) -> bool {
        let List::Names(list) = &self.list else {
            return false;
        };
        let mut names = list.split(' ');
        names.any(|other| other.eq_ignore_ascii_case(name))
    }

    /// What the documentation says, with all that can be bound: never seen accepted or refused by
    /// production.
    #[must_use]
    pub fn documented() -> Self {
        Self {
            profile: Profile::Documented,
            list: List::Bound,
            target: TargetForm::Path,
        }
    }
}

/// How the name of the context is spelt in a body. ASP.NET reads both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextName {
    /// `Context`, as the documentation has it and production was seen to accept.
    Upper,
    /// `context`, as the API's description has it.
    Lower,
}

impl ContextName {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Upper => "Context",
            Self::Lower => "context",
        }
    }
}

/// What is asked of answers.
#[derive(Clone, Debug, Default)]
pub enum Answers {
    /// Nothing: DAX does not sign what it answers over REST.
    #[default]
    Any,
    /// An answer that is signed must verify with this key of the exchange.
    VerifyIfSigned(Box<PublicKey>),
    /// Only an answer that is signed with this key of the exchange is a result.
    RequireSigned(Box<PublicKey>),
}

impl Answers {
    /// The public key in the exchange's certificate (or a bare public key), PEM or DER.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) with what is wrong with the file.
    pub fn pinned(file: &[u8]) -> Result<Box<PublicKey>, Error> {
        let key = match Certificate::from_bytes(file) {
            Ok(certificate) => certificate.public_key().clone(),
            Err(_) => PublicKey::from_bytes(file)
                .map_err(|error| Error::invalid(format!("the exchange's certificate: {error}")))?,
        };
        Ok(Box::new(key))
    }
}

/// Whose certificates a server may have.
#[derive(Clone, Debug, Default)]
pub enum Roots {
    /// Those that the operating system trusts.
    #[default]
    Platform,
    /// These and the operating system's. PEM.
    PlatformAnd(Vec<u8>),
    /// These alone. PEM.
    Only(Vec<u8>),
}

/// The certificate that this side shows (mTLS).
#[derive(Clone)]
pub struct ClientCertificate {
    /// The chain, its own certificate first. PEM.
    pub chain: Vec<u8>,
    /// Its private key. PEM.
    pub key: Secret,
}

impl core::fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ClientCertificate({} bytes)", self.chain.len())
    }
}

/// Through which proxy requests go. A proxy sees the name of the server alone: what goes through
/// one goes encrypted, `http` goes straight.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// What `HTTPS_PROXY`, or else `ALL_PROXY`, says, but for the hosts in `NO_PROXY`; small letters do
    /// too.
    #[default]
    Environment,
    /// None.
    None,
    /// This one: `http://proxy:3128`.
    Url(String),
}

impl core::fmt::Debug for ProxyChoice {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            Self::Url(_) => "Url(…)",
        })
    }
}

/// What a client is told once. The fields may be changed before the client is made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The server.
    pub base: Origin,
    /// What stands before the paths of all operations: `/api/v2.0`.
    pub api_path: String,
    /// Where tokens are asked for: `/oauth/token`.
    pub token_path: String,
    /// Whether name and password go in the query instead of the body of the token request, where logs
    /// of servers, proxies and HTTP libraries hold them.
    pub token_in_query: bool,
    /// The scope of tokens, if one is asked for.
    pub scope: Option<String>,
    /// The *caller's* instance id, whose key signs. The target's stands in each request.
    pub client_id: Uuid,
    /// The user's name.
    pub user: String,
    /// The user's password.
    pub password: Secret,
    /// How requests are signed.
    pub signing: Signing,
    /// How the context's name is spelt.
    pub context_name: ContextName,
    /// What is asked of answers.
    pub answers: Answers,
    /// Whether `http` is used beyond the loopback address, where others can read along.
    pub plain_http: bool,
    /// The largest body of an answer, in bytes.
    pub max_body: usize,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a call may take as a whole, with all that is sent again.
    pub timeout: Duration,
    /// The longest wait that a server's limit is obeyed for within a call.
    pub max_wait: Duration,
    /// How many redirects a call follows.
    pub max_redirects: u8,
    /// How often a call is sent again that failed and may be.
    pub retries: u8,
    /// Whether a call asks for another token, once, where its own is refused.
    pub renews_token: bool,
    /// Whose certificates the server may have.
    pub roots: Roots,
    /// The certificate that this side shows.
    pub client_certificate: Option<ClientCertificate>,
    /// Through which proxy.
    pub proxy: ProxyChoice,
}

impl Settings {
    /// The scope that the API's description asks for, and production was seen to give tokens for.
    pub const OBSERVED_SCOPE: &'static str = "daxapi";

    /// Settings for the server at `base` (`https://api-prod.dax.amido.io`); `client_id` is the
    /// caller's own instance id.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for an address or a list that is none.
    pub fn new(
        base: &str,
        client_id: Uuid,
        user: impl Into<String>,
        password: Secret,
        signing: Signing,
    ) -> Result<Self, Error> {
        let settings = Self {
            base: Origin::parse(base)?,
            api_path: "/api/v2.0".into(),
            token_path: "/oauth/token".into(),
            token_in_query: false,
            scope: None,
            client_id,
            user: user.into(),
            password,
            signing,
            context_name: ContextName::Upper,
            answers: Answers::Any,
            plain_http: false,
            max_body: 16 << 20,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            max_wait: Duration::from_secs(10),
            max_redirects: 5,
            retries: 2,
            renews_token: true,
            roots: Roots::Platform,
            client_certificate: None,
            proxy: ProxyChoice::Environment,
        };
        settings.check()?;
        Ok(settings)
    }

    /// Settings as production was seen to accept them: [`Signing::observed`], scope `daxapi`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn observed(
        base: &str,
        client_id: Uuid,
        user: impl Into<String>,
        password: Secret,
    ) -> Result<Self, Error> {
        let mut settings = Self::new(base, client_id, user, password, Signing::observed())?;
        settings.scope = Some(Self::OBSERVED_SCOPE.into());
        Ok(settings)
    }

    /// Settings as the documentation reads: [`Signing::documented`], no scope.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn documented(
        base: &str,
        client_id: Uuid,
        user: impl Into<String>,
        password: Secret,
    ) -> Result<Self, Error> {
        Self::new(base, client_id, user, password, Signing::documented())
    }

    /// Settings for a `daxsign-exchange`: [`Signing::documented`], and nothing is a result that the exchange did not sign as
    /// the answer to this request. `certificate` is the exchange's, PEM or DER, pinned: the one that it signs with.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use daxsign_client::{Answers, Secret, Settings, Uuid};
    /// # let certificate = include_bytes!("../../tests/vectors/keys/rsa2048.spki.pem");
    /// let base = "https://exchange.example";
    /// let settings = Settings::exchange(base, Uuid::nil(), "office", Secret::new("…"), certificate)?;
    /// assert!(matches!(settings.answers, Answers::RequireSigned(_)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for what is no certificate.
    pub fn exchange(
        base: &str,
        client_id: Uuid,
        user: impl Into<String>,
        password: Secret,
        certificate: &[u8],
    ) -> Result<Self, Error> {
        let mut settings = Self::documented(base, client_id, user, password)?;
        settings.answers = Answers::RequireSigned(Answers::pinned(certificate)?);
        Ok(settings)
    }

    /// What a client cannot work with.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if let List::Names(names) = &self.signing.list {
            Components::parse(names)
                .map_err(|error| Error::invalid(format!("the list of signed parts: {error}")))?;
        }
        if self.user.is_empty() || self.password.expose().is_empty() {
            return Err(Error::invalid("user and password must not be empty"));
        }
        for path in [&self.api_path, &self.token_path] {
            if !path.starts_with('/') || path.ends_with('/') {
                return Err(Error::invalid(format!(
                    "\"{path}\": a path starts with / and does not end with it"
                )));
            }
        }
        Ok(())
    }
}
