//! What all calls of a client share.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use daxsign_core::Timestamp;

use crate::error::Error;
use crate::key::Key;
use crate::protocol::Now;
use crate::protocol::address::{Address, Origin, Scheme};
use crate::protocol::answer::CertificateNotice;
use crate::protocol::moved::Moved;
use crate::protocol::request::{ApiRequest, CallOptions, MAX_TARGET_LEN};
#[cfg(feature = "async")]
use crate::protocol::signed::Prepared;
use crate::protocol::signed::{Fields, OutgoingRequest, Unsigned};
use crate::protocol::tokens::{TokenKey, Tokens};
use crate::settings::Settings;

/// How often it is told that our certificate expires.
const WARNING_INTERVAL: Duration = Duration::from_hours(24);

/// What all calls of a client share: settings, key (with the dates that were used), tokens, moves.
#[derive(Debug)]
pub struct Session {
    pub(crate) settings: Settings,
    key: Key,
    tokens: Tokens,
    token_key: TokenKey,
    pub(crate) moved: Moved,
    /// When it was last told that the certificate expires.
    warned: Mutex<Option<Duration>>,
}

impl Session {
    /// A session with tokens of its own.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for settings that cannot be used.
    pub fn new(settings: Settings, key: Key) -> Result<Self, Error> {
        Self::sharing(settings, key, Tokens::default())
    }

    /// A session that uses the tokens of others too, where server, client id and user are theirs.
    /// Their times since the beginning must be counted from one moment.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn sharing(settings: Settings, key: Key, tokens: Tokens) -> Result<Self, Error> {
        settings.check()?;
        check_plain(&settings, &settings.base).map_err(Error::invalid)?;
        Ok(Self {
            token_key: TokenKey {
                origin: settings.base.clone(),
                client_id: settings.client_id,
                user: settings.user.clone(),
            },
            settings,
            key,
            tokens,
            moved: Moved::default(),
            warned: Mutex::default(),
        })
    }

    /// A session in place of an `earlier` one, whose requests may still be under way: none of its requests
    /// has a date that one of those has.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn after(
        earlier: &Self,
        settings: Settings,
        key: Key,
        tokens: Tokens,
    ) -> Result<Self, Error> {
        Self::sharing(settings, key.after(&earlier.key), tokens)
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The tokens.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Whose token this session uses.
    #[must_use]
    pub fn token_key(&self) -> &TokenKey {
        &self.token_key
    }

    /// A request as it would go out at `now`: nothing is sent. `token` is what stands behind
    /// `Bearer`. Its date counts as used.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for what cannot be sent or signed,
    /// [`ErrorKind::SignerFailed`](crate::ErrorKind::SignerFailed) for a key that does not sign.
    pub fn sign(
        &self,
        request: &ApiRequest,
        options: &CallOptions,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<OutgoingRequest, Error> {
        let unsigned = Unsigned {
            method: request.method,
            address: self.address_of(request)?,
            body: self.body_of(request, options)?,
            token,
            fields: Fields::Own(options.idempotency_key.as_deref()),
            date: self.next_date(now),
        };
        self.sign_unsigned(unsigned)
    }

    pub(crate) fn sign_unsigned(&self, unsigned: Unsigned<'_>) -> Result<OutgoingRequest, Error> {
        unsigned.sign(&self.key, &self.settings.signing)
    }

    /// A request of which nothing but the signature is missing.
    #[cfg(feature = "async")]
    pub(crate) fn prepare(&self, unsigned: Unsigned<'_>) -> Result<Prepared, Error> {
        unsigned.prepare(&self.settings.signing)
    }

    #[cfg(feature = "async")]
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    pub(crate) fn next_date(&self, now: Timestamp) -> Timestamp {
        self.key.next_date(now)
    }

    /// Where a request goes, as far as is known now.
    pub(crate) fn address_of(&self, request: &ApiRequest) -> Result<Address, Error> {
        let (prefix, target) = (&self.settings.api_path, request.target());
        check_target(&target)?;
        let below = target.strip_prefix(prefix.as_str());
        let whole = below.is_some_and(|rest| rest.starts_with('/'));
        Ok(self.current(if whole {
            target
        } else {
            format!("{prefix}{target}")
        }))
    }

    /// Where another's request goes: its target is not touched, unless the server has moved it.
    pub(crate) fn address_of_forwarded(&self, target: &str) -> Result<Address, Error> {
        check_target(target)?;
        Ok(self.current(target.to_owned()))
    }

    fn current(&self, target: String) -> Address {
        let origin = self.settings.base.clone();
        let address = Address { origin, target };
        self.moved.current(address, self.settings.max_redirects)
    }

    /// The body's bytes: with the context, `{}` at least.
    pub(crate) fn body_of(
        &self,
        request: &ApiRequest,
        options: &CallOptions,
    ) -> Result<Vec<u8>, Error> {
        options.check()?;
        let mut body = request.body.clone();
        if let Some(context) = &options.context {
            let name = self.settings.context_name.text();
            body.retain(|other, _| !other.eq_ignore_ascii_case(name));
            body.insert(name.to_owned(), context.as_str().into());
        }
        serde_json::to_vec(&body).map_err(|error| Error::invalid(format!("the body: {error}")))
    }

    /// Tells, once a day, that the certificate expires soon.
    pub(crate) fn watch_certificate(&self, notice: &CertificateNotice, now: Now) {
        if !notice.expires_within(CertificateNotice::WARNING_DAYS, now.utc) {
            return;
        }
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.is_none_or(|last| now.elapsed.saturating_sub(last) >= WARNING_INTERVAL) {
            *warned = Some(now.elapsed);
            tracing::warn!(
                thumbprint = notice.thumbprint.as_deref().unwrap_or_default(),
                expires_at = notice.expires_at.as_ref().map(tracing::field::display),
                "the certificate of this client expires soon: a new key and CSR are needed"
            );
        }
    }
}

/// What goes on a request line as it is, and comes out of it as it was.
fn check_target(target: &str) -> Result<(), Error> {
    let fits = target.starts_with('/')
        && target.len() <= MAX_TARGET_LEN
        && target
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if fits {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "\"{target}\" is no path: it starts with /, is percent-encoded, and has at most \
         {MAX_TARGET_LEN} bytes"
    )))
}

/// Whether requests may go to `origin`.
pub(crate) fn check_plain(settings: &Settings, origin: &Origin) -> Result<(), String> {
    if origin.scheme() == Scheme::Http && !settings.plain_http && !origin.is_loopback() {
        return Err(format!(
            "{origin} is not encrypted, and others could read the token: use https, or set plain_http"
        ));
    }
    Ok(())
}
