//! Who is at the other end of a connection, from the handshake to its end.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use daxsign_core::{CertificateFile, Timestamp};
use rustls::pki_types::{CertificateDer, ServerName};

use crate::tls::live::LivePolicy;
use crate::tls::policy::{Policy, Standing};
use crate::tls::refusal::{Refusal, RefusalProblem};

/// What a connection's verifier saw, for whoever runs the handshake: the library tells the kind of a refusal alone.
#[derive(Clone, Debug)]
pub struct Witness {
    pub(super) live: Arc<LivePolicy>,
    /// The server that is called; `None` on a server.
    pub(super) host: Option<ServerName<'static>>,
    pub(super) seen: Arc<Mutex<Seen>>,
}

/// Chain and verdict.
#[derive(Debug, Default)]
pub(super) struct Seen {
    chain: Vec<CertificateDer<'static>>,
    verdict: Option<Result<(u64, Standing), Refusal>>,
}

impl Witness {
    pub(super) fn new(live: Arc<LivePolicy>, host: Option<ServerName<'static>>) -> Self {
        Self {
            live,
            host,
            seen: Arc::default(),
        }
    }

    /// Judges what is shown, and keeps it.
    pub(super) fn judge(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let chain = [own].into_iter().chain(others);
        let chain: Vec<_> = chain.map(|der| der.clone().into_owned()).collect();
        let (generation, policy) = self.live.numbered();
        let verdict = judge(&policy, &chain, self.host.as_ref(), now);
        let outcome = verdict.as_ref().map(drop).map_err(Clone::clone);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Seen {
            chain,
            verdict: Some(verdict.map(|standing| (generation, standing))),
        };
        outcome
    }

    /// Why the other side was refused; `None` if it was not, or showed nothing so far.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.verdict.clone().and_then(Result::err)
    }

    /// Who is at the other end, once the handshake is done.
    ///
    /// # Errors
    /// Why it is refused: [`RefusalProblem::NoCertificate`] for one that showed nothing.
    pub fn peer(&self) -> Result<Peer, Refusal> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let verdict = seen.verdict.clone();
        let verdict = verdict.unwrap_or(Err(Refusal::new(None, RefusalProblem::NoCertificate)));
        let (generation, standing) = verdict?;
        Ok(Peer {
            live: Arc::clone(&self.live),
            host: self.host.clone(),
            chain: seen.chain.clone(),
            judged: Mutex::new((generation, standing.until)),
            refused: OnceLock::new(),
            standing,
        })
    }
}

fn judge(
    policy: &Policy,
    chain: &[CertificateDer<'_>],
    host: Option<&ServerName<'_>>,
    now: Timestamp,
) -> Result<Standing, Refusal> {
    match host {
        Some(host) => policy.judge_server(chain, host, now),
        None => policy.judge_client(chain, now),
    }
}

/// The other end of an open connection. A transport asks [`is_still_good`](Self::is_still_good) before each
/// request that it takes, and once a second while it waits.
#[derive(Debug)]
pub struct Peer {
    live: Arc<LivePolicy>,
    host: Option<ServerName<'static>>,
    chain: Vec<CertificateDer<'static>>,
    standing: Standing,
    /// By which policy, and until when that holds.
    judged: Mutex<(u64, Timestamp)>,
    refused: OnceLock<Refusal>,
}

impl Peer {
    /// As what it was found good in the handshake.
    #[must_use]
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Its certificate, and those above it that it showed.
    #[must_use]
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// Whose certificate it is.
    #[must_use]
    pub fn subject(&self) -> String {
        let first = self.chain.first();
        let read = first.and_then(|der| CertificateFile::from_bytes(der).ok());
        read.map_or_else(String::new, |certificate| certificate.subject().to_string())
    }

    /// Whether it would be let in now as well, as the same one. It is judged anew where the policy was replaced or a
    /// certificate or list has ended, and takes no time otherwise. Once refused it stays refused: close the connection.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn is_still_good(&self, now: Timestamp) -> Result<(), Refusal> {
        if let Some(refusal) = self.refused.get() {
            return Err(refusal.clone());
        }
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let (generation, until) = *judged;
        if self.live.generation() == generation && now <= until {
            return Ok(());
        }
        let (generation, policy) = self.live.numbered();
        let again = judge(&policy, &self.chain, self.host.as_ref(), now);
        let again = again.and_then(|again| self.same(again));
        match again {
            Ok(standing) => {
                *judged = (generation, standing.until);
                Ok(())
            }
            Err(refusal) => Err(self.refused.get_or_init(|| refusal).clone()),
        }
    }

    /// Nobody becomes another while connected.
    fn same(&self, again: Standing) -> Result<Standing, Refusal> {
        if again.identity == self.standing.identity {
            return Ok(again);
        }
        let identity = again.identity;
        let problem = RefusalProblem::UnknownIdentity { identity };
        Err(Refusal::new(Some(self.subject()), problem))
    }

    /// Whether it may use a path now. That it may not says nothing of the connection, unless
    /// [`is_still_good`](Self::is_still_good) says it, too.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn may_use(&self, target: &str, now: Timestamp) -> Result<Standing, Refusal> {
        self.is_still_good(now)?;
        let policy = self.live.current();
        policy.judge_path(&self.chain, target, now)
    }
}
