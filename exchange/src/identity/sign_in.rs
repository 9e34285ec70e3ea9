//! `/oauth/token`: from name and password to a token, without telling who exists (X-TOKEN).

use core::fmt;
use core::time::Duration;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use daxsign_core::Timestamp;

use super::gate::Gate;
use super::password::PasswordHash;
use super::throttle::Throttle;
use super::token::{TOKEN_SECONDS, TokenKey};
use super::token_request::TokenRequest;
use crate::registry::{Credential, Registry};

/// How many failures are free for a name from one address, and for an address, which many may share.
const FREE_OF_NAME: u32 = 5;
const FREE_OF_ADDRESS: u32 = 50;

/// What `/oauth/token` keeps between requests.
#[derive(Debug, Default)]
pub struct SignIn {
    gate: Gate,
    throttle: Mutex<Throttle>,
}

/// A token.
#[derive(Clone, PartialEq, Eq)]
pub struct Granted {
    /// Its text.
    pub token: String,
    /// How many seconds it holds.
    pub expires_in: i64,
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The name is unknown, or the password or the client's id is not that of the name: 401, which one is not told.
    Wrong,
    /// Too many attempts in vain: 429.
    Throttled(Duration),
    /// Two passwords are being hashed: 503.
    Busy,
}

/// When and from where a token is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time.
    pub now: Timestamp,
    /// The time of a clock that only goes forward.
    pub elapsed: Duration,
    /// Who asks.
    pub from: IpAddr,
    /// Fresh random bytes.
    pub nonce: [u8; 16],
}

impl SignIn {
    /// Judges a request. It takes some milliseconds of a core: not on a thread that serves others.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn grant(
        &self,
        request: &TokenRequest,
        registry: &Registry,
        key: &TokenKey,
        moment: &Moment,
    ) -> Result<Granted, Denied> {
        let (by_name, by_address) = ((&request.name, moment.from), moment.from);
        {
            let throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
            let waits = [
                throttle.wait(&by_name, FREE_OF_NAME, moment.elapsed),
                throttle.wait(&by_address, FREE_OF_ADDRESS, moment.elapsed),
            ];
            if let Some(wait) = waits.into_iter().flatten().max() {
                return Err(Denied::Throttled(wait));
            }
        }
        let permit = self.gate.enter().ok_or(Denied::Busy)?;
        let found = password_holds(request, registry)?;
        drop(permit);
        let Some(credential) = found else {
            let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
            throttle.failed(&by_name, moment.elapsed);
            throttle.failed(&by_address, moment.elapsed);
            return Err(Denied::Wrong);
        };
        let (id, party) = (credential.id, credential.party);
        Ok(Granted {
            token: key.issue(id, party, moment.now, moment.nonce),
            expires_in: TOKEN_SECONDS,
        })
    }
}

/// The credential, if name, password and client belong together. One hash is computed in every case.
fn password_holds<'r>(
    request: &TokenRequest,
    registry: &'r Registry,
) -> Result<Option<&'r Credential>, Denied> {
    let credential = registry.credential(&request.name);
    let hash = credential.and_then(|credential| PasswordHash::parse(&credential.hash).ok());
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(PasswordHash::of_nobody);
    let holds = hash.is_of(&request.password).map_err(|_| Denied::Busy)?;
    let of_client = |credential: &&Credential| credential.party.instance == request.client;
    Ok(credential.filter(|credential| known && holds && of_client(credential)))
}

impl fmt::Debug for Granted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Granted(…)")
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong => formatter
                .write_str("username, password and client_id (the caller's own instance) do not belong together"),
            Self::Throttled(wait) => {
                let seconds = wait.as_secs();
                write!(formatter, "too many attempts in vain: wait {seconds} s")
            }
            Self::Busy => formatter.write_str("too many sign in at once: try again"),
        }
    }
}

impl std::error::Error for Denied {}
