//! Bearer tokens: one for each origin, client id and user; fetched by one caller at a time, and
//! before they expire.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, ErrorKind};
use crate::protocol::address::Origin;
use crate::secret::Secret;

/// How long a token lives whose answer does not say (the documentation's example).
const UNTOLD_LIFE: Duration = Duration::from_mins(15);
/// A token is renewed so long before its end, or a tenth of its life if that is longer.
const MARGIN: Duration = Duration::from_mins(1);
/// How long a refused password is not tried again, so that no account is locked.
const REFUSAL_HOLDS: Duration = Duration::from_secs(30);
/// How many accounts are kept; an idle one makes room for a new one.
const MAX_ACCOUNTS: usize = 1_024;

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenKey {
    /// The server that gave it, and the only one that sees it.
    pub origin: Origin,
    /// The caller's instance id.
    pub client_id: Uuid,
    /// The user's name.
    pub user: String,
}

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// What stands behind `Bearer`.
    pub value: Secret,
    /// Which of all tokens of these [`Tokens`] it is.
    pub number: u64,
}

/// What the server gave: a token, and how long it lives.
#[derive(Clone, Debug)]
pub struct Granted {
    pub(crate) value: Secret,
    pub(crate) life: Duration,
}

impl Granted {
    /// Reads `{"access_token":…,"token_type":"bearer","expires_in":900}`.
    pub(crate) fn read(data: &Value) -> Result<Self, &'static str> {
        let value = data
            .get("access_token")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the answer holds no access_token");
        }
        let kind = data
            .get("token_type")
            .and_then(Value::as_str)
            .unwrap_or("bearer");
        if !kind.eq_ignore_ascii_case("bearer") {
            return Err("the answer holds a token that is not of the type bearer");
        }
        let seconds = match data.get("expires_in") {
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        };
        let life = seconds.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
        Ok(Self {
            value: Secret::new(value),
            life: life.unwrap_or(UNTOLD_LIFE),
        })
    }

    /// After how long it is renewed.
    fn fresh_for(&self) -> Duration {
        let margin = MARGIN.max(self.life / 10);
        // One that lives no longer than the margin is used for half its life.
        self.life
            .checked_sub(margin)
            .filter(|fresh| !fresh.is_zero())
            .unwrap_or(self.life / 2)
    }
}

/// The tokens of any number of clients. Cloning shares them.
#[derive(Clone, Default)]
pub struct Tokens(Arc<Shared>);

#[derive(Default)]
struct Shared {
    accounts: Mutex<Accounts>,
    /// For threads; tasks leave wakers.
    landed: Condvar,
}

#[derive(Default)]
struct Accounts {
    by_key: HashMap<TokenKey, Account>,
    /// How many tokens were ever given out.
    count: u64,
    wakers: Vec<Waker>,
}

#[derive(Default)]
struct Account {
    held: Option<Held>,
    /// Somebody fetches one.
    flying: bool,
    /// How many fetches have ended.
    landings: u64,
    /// How the last one ended, if badly, and until when it is not tried again.
    failure: Option<(Error, Duration)>,
}

struct Held {
    token: Token,
    /// How many fetches had ended before the one that brought it.
    landing: u64,
    renew_at: Duration,
    ends_at: Duration,
}

impl core::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Tokens({} accounts)", self.accounts().by_key.len())
    }
}

/// What to do to get a token.
#[derive(Debug)]
pub enum TokenStep {
    /// Here it is.
    Ready(Token),
    /// Fetch one, for all who wait.
    Fetch(Flight),
    /// Somebody fetches it: wait, then ask again with this.
    Pending(Pending),
    /// The fetch that was waited for failed, or the password was refused a moment ago.
    Failed(Error),
}

/// What is known of an account's token.
#[derive(Clone, Debug)]
pub enum TokenState {
    /// None was asked for yet.
    Unknown,
    /// One is there, for so long; or it has ended, and who needs one fetches the next.
    Held(Duration),
    /// The last fetch failed, and there is none.
    Failed(Error),
}

impl Tokens {
    /// What is known of the token of `key` at `now`. Nothing is fetched.
    #[must_use]
    pub fn state(&self, key: &TokenKey, now: Duration) -> TokenState {
        let accounts = self.accounts();
        let account = accounts.by_key.get(key);
        let held = account.and_then(|account| account.held.as_ref());
        let failure = account.and_then(|account| account.failure.as_ref());
        match (held, failure) {
            (Some(held), None) => TokenState::Held(held.ends_at.saturating_sub(now)),
            // It could not be renewed, and holds still.
            (Some(held), _) if now < held.ends_at => {
                TokenState::Held(held.ends_at.saturating_sub(now))
            }
            (_, Some((error, _))) => TokenState::Failed(error.clone()),
            (None, None) => TokenState::Unknown,
        }
    }

    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        let locked = self.0.accounts.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a token of `key` at `now`. `refused` is the number of a token that the server no
    /// longer takes; `waited` is what was waited for since the last time.
    #[must_use]
    pub fn ask(
        &self,
        key: &TokenKey,
        refused: Option<u64>,
        waited: Option<&Pending>,
        now: Duration,
    ) -> TokenStep {
        let mut accounts = self.accounts();
        accounts.make_room(key);
        let account = accounts.by_key.entry(key.clone()).or_default();
        account.forget(refused);
        let token = account.usable(now);
        if let Some(token) = token.or_else(|| account.brought_since(waited)) {
            return TokenStep::Ready(token);
        }
        if let Some((error, holds_until)) = &account.failure {
            let waited_for = waited.is_some_and(|pending| account.landings > pending.landings);
            if waited_for || now < *holds_until {
                return TokenStep::Failed(error.clone());
            }
        }
        if account.flying {
            return TokenStep::Pending(Pending {
                tokens: self.clone(),
                key: key.clone(),
                landings: account.landings,
            });
        }
        account.flying = true;
        TokenStep::Fetch(Flight {
            tokens: self.clone(),
            key: key.clone(),
            landings: account.landings,
            landed: false,
        })
    }

    /// Whether the fetch that `pending` waits for is still under way.
    fn is_flying(accounts: &Accounts, pending: &Pending) -> bool {
        let account = accounts.by_key.get(&pending.key);
        account.is_some_and(|account| account.flying && account.landings == pending.landings)
    }
}

impl Accounts {
    fn make_room(&mut self, key: &TokenKey) {
        if self.by_key.len() < MAX_ACCOUNTS || self.by_key.contains_key(key) {
            return;
        }
        let mut idle = self.by_key.iter().filter(|(_, account)| !account.flying);
        if let Some(key) = idle.next().map(|(key, _)| key.clone()) {
            self.by_key.remove(&key);
        }
    }
}

impl Account {
    /// Drops the token that the server no longer takes, unless there is a newer one.
    fn forget(&mut self, refused: Option<u64>) {
        self.held.take_if(|held| refused == Some(held.token.number));
    }

    /// The token, unless it is to be renewed now by the one who asks.
    fn usable(&self, now: Duration) -> Option<Token> {
        let held = self.held.as_ref()?;
        let usable = now < held.renew_at || (self.flying && now < held.ends_at);
        usable.then(|| held.token.clone())
    }

    /// The token that the fetch brought which was waited for, however short it lives: who waits for it
    /// uses it once, and does not fetch the next.
    fn brought_since(&self, waited: Option<&Pending>) -> Option<Token> {
        let (held, pending) = (self.held.as_ref()?, waited?);
        (held.landing >= pending.landings).then(|| held.token.clone())
    }

    fn hold(&mut self, granted: &Granted, number: u64, now: Duration) -> Token {
        let token = Token {
            value: granted.value.clone(),
            number,
        };
        self.held = Some(Held {
            token: token.clone(),
            landing: self.landings,
            renew_at: now.saturating_add(granted.fresh_for()),
            ends_at: now.saturating_add(granted.life),
        });
        token
    }

    /// A token that could not be renewed is used on, to its end, if the password was not refused.
    fn hold_on(&mut self, error: Error, now: Duration) -> Result<Token, Error> {
        match &mut self.held {
            Some(held) if now < held.ends_at && error.kind() != ErrorKind::Unauthorised => {
                held.renew_at = now.saturating_add(MARGIN / 2);
                Ok(held.token.clone())
            }
            _ => Err(error),
        }
    }
}

/// The right, and the duty, to fetch a token for all who wait. Dropped, it passes to one of them.
///
/// It is not the call's that asked first: that one waits with the others, on what
/// [`pending`](Self::pending) returns, and goes when its own time is over, or when it is cancelled.
pub struct Flight {
    tokens: Tokens,
    key: TokenKey,
    /// How many fetches ended before it.
    landings: u64,
    landed: bool,
}

impl Flight {
    /// What those wait on who wait for it.
    #[must_use]
    pub fn pending(&self) -> Pending {
        Pending {
            tokens: self.tokens.clone(),
            key: self.key.clone(),
            landings: self.landings,
        }
    }

    /// Hands in what came.
    ///
    /// # Errors
    /// That of `outcome`, which all who wait get too.
    pub fn land(mut self, outcome: Result<Granted, Error>, now: Duration) -> Result<Token, Error> {
        self.landed = true;
        self.end(Some(outcome), now)
    }

    fn end(&self, outcome: Option<Result<Granted, Error>>, now: Duration) -> Result<Token, Error> {
        let mut accounts = self.tokens.accounts();
        accounts.count = accounts.count.saturating_add(1);
        let number = accounts.count;
        let account = accounts.by_key.entry(self.key.clone()).or_default();
        account.flying = false;
        let result = match outcome {
            Some(Ok(granted)) => Ok(account.hold(&granted, number, now)),
            Some(Err(error)) => account.hold_on(error, now),
            None => Err(Error::cancelled()),
        };
        account.landings = account.landings.saturating_add(1);
        account.failure = match &result {
            Err(error) if error.kind() == ErrorKind::Unauthorised => {
                Some((error.clone(), now.saturating_add(REFUSAL_HOLDS)))
            }
            // A fetch that was given up passes on instead.
            Err(error) if error.kind() != ErrorKind::Cancelled => {
                Some((error.clone(), Duration::ZERO))
            }
            _ => None,
        };
        let wakers = core::mem::take(&mut accounts.wakers);
        drop(accounts);
        self.tokens.0.landed.notify_all();
        wakers.into_iter().for_each(Waker::wake);
        result
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.landed {
            let _ = self.end(None, Duration::ZERO);
        }
    }
}

impl core::fmt::Debug for Flight {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Flight({})", self.key.origin)
    }
}

/// Somebody else's fetch. A future that ends when it has ended; threads use
/// [`wait`](Self::wait).
pub struct Pending {
    tokens: Tokens,
    key: TokenKey,
    landings: u64,
}

impl Pending {
    /// Blocks until the fetch has ended, at most for `longest`; whether it has.
    #[must_use]
    pub fn wait(&self, longest: Duration) -> bool {
        let accounts = self.tokens.accounts();
        let landed = &self.tokens.0.landed;
        let waited = landed.wait_timeout_while(accounts, longest, |accounts| {
            Tokens::is_flying(accounts, self)
        });
        waited.is_ok_and(|(_, result)| !result.timed_out())
    }
}

impl Future for &Pending {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut accounts = self.tokens.accounts();
        if !Tokens::is_flying(&accounts, &self) {
            return Poll::Ready(());
        }
        let waker = context.waker();
        if !accounts.wakers.iter().any(|other| other.will_wake(waker)) {
            accounts.wakers.push(waker.clone());
        }
        Poll::Pending
    }
}

impl core::fmt::Debug for Pending {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Pending({})", self.key.origin)
    }
}
