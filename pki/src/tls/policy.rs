//! Whom each path of an API trusts.

use std::collections::BTreeSet;
use std::sync::Arc;

use daxsign_core::{CertificateFile, Purpose, Timestamp};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName};
use webpki::EndEntityCert;

use crate::error::PkiError;
use crate::tls::diagnosis;
use crate::tls::edition::{Newest, SignedList};
use crate::tls::question::Question;
use crate::tls::refusal::{Refusal, RefusalProblem};
use crate::tls::roots::RootSet;
use crate::tls::spelling::Readings;

/// Which roots a path trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// This path, and every one below it: `/accounts` for `/accounts/7`, and not for `/accounts2`. Escapes are the same as
    /// what they stand for.
    pub path: String,
    /// What people call the rule; `FDX_MTLS`.
    pub name: String,
    /// The names of root sets.
    pub roots: Vec<String>,
}

/// Root sets, and which of them each path trusts. A path without a rule is nobody's.
#[derive(Debug)]
pub struct Policy {
    sets: Vec<RootSet>,
    /// With how each one's path is read.
    rules: Vec<(Readings, Rule)>,
    provider: Arc<CryptoProvider>,
}

impl Rule {
    /// That of every path.
    pub(super) fn of_everything(set: &str) -> Self {
        Self {
            path: "/".to_owned(),
            name: set.to_owned(),
            roots: vec![set.to_owned()],
        }
    }
}

/// A certificate that was found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whom it stands for; empty for a server, which its host's name stands for.
    pub identity: String,
    /// The root set that it was found good by.
    pub roots: String,
    /// The rule that it was judged by, where a path was.
    pub rule: Option<String>,
    /// Until when that holds, if nothing is loaded anew: the end of a certificate or of a list.
    pub until: Timestamp,
}

impl Policy {
    /// The policy of these sets and rules.
    ///
    /// # Errors
    /// [`PkiError::Policy`] for a rule that trusts nobody, or a set that is not there; for two sets or rules of the
    /// same name or path, also where the paths differ in case or a slash at the end alone; for no set or no rule.
    pub fn new(sets: Vec<RootSet>, rules: Vec<Rule>) -> Result<Self, PkiError> {
        let names: BTreeSet<&str> = sets.iter().map(|set| set.name.as_str()).collect();
        let wrong = |text: String| Err(PkiError::Policy { text });
        if names.len() != sets.len() {
            return wrong("two root sets have one name".to_owned());
        }
        if sets.is_empty() || rules.is_empty() {
            return wrong("it trusts nobody: it needs a root set and a rule".to_owned());
        }
        let mut read: Vec<(Readings, Rule)> = Vec::new();
        for rule in rules {
            let Rule { path, roots, .. } = &rule;
            let readings = Readings::of(path).filter(|_| !path.contains('?'));
            let Some(readings) = readings else {
                return wrong(format!(
                    "`{path}` is no path: it starts with `/`, has no empty parts, dots or escapes of plain letters, and \
                     is percent-encoded"
                ));
            };
            let same = |(other, _): &&(Readings, Rule)| other.loose == readings.loose;
            if let Some((_, other)) = read.iter().find(same) {
                return wrong(format!(
                    "two rules have one path, `{}` and `{path}`",
                    other.path
                ));
            }
            if roots.is_empty() {
                return wrong(format!(
                    "the rule for {path} trusts nobody: name a root set"
                ));
            }
            let missing = roots.iter().find(|name| !names.contains(name.as_str()));
            if let Some(missing) = missing {
                return wrong(format!(
                    "{path} trusts `{missing}`, which is no root set here"
                ));
            }
            read.push((readings, rule));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Ok(Self {
            sets,
            rules: read,
            provider,
        })
    }

    /// One set of roots, for every path.
    ///
    /// # Errors
    /// None that could come of such a policy.
    pub fn of_roots(set: RootSet) -> Result<Self, PkiError> {
        let rule = Rule::of_everything(&set.name);
        Self::new(vec![set], vec![rule])
    }

    /// Judges a client by its certificate, with those that it showed above it, before a path is known: any set that
    /// some rule names will do.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn judge_client(
        &self,
        chain: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> Result<Standing, Refusal> {
        let rules = || self.rules.iter().map(|(_, rule)| rule);
        let named = |set: &&RootSet| rules().any(|rule| rule.roots.contains(&set.name));
        self.judge_in(self.sets.iter().filter(named), chain, now)
    }

    /// Judges a client that wants this path, which may have a query behind it.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn judge_path(
        &self,
        chain: &[CertificateDer<'_>],
        target: &str,
        now: Timestamp,
    ) -> Result<Standing, Refusal> {
        let Some(rule) = self.rule(target) else {
            let path = target.to_owned();
            return Err(Refusal::new(None, RefusalProblem::NoRule { path }));
        };
        let named = |set: &&RootSet| rule.roots.contains(&set.name);
        let standing = self.judge_in(self.sets.iter().filter(named), chain, now)?;
        Ok(Standing {
            rule: Some(rule.name.clone()),
            ..standing
        })
    }

    /// Judges a server that was called by this name.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn judge_server(
        &self,
        chain: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        now: Timestamp,
    ) -> Result<Standing, Refusal> {
        let anybody = |_: &RootSet| Ok(());
        let (set, (), until) =
            self.first_good(self.sets.iter(), chain, Purpose::ServerAuth, now, anybody)?;
        let certificate = own(chain)?;
        let named = chain.first().map(EndEntityCert::try_from);
        match named {
            Some(Ok(parsed)) if parsed.verify_is_valid_for_subject_name(host).is_ok() => {
                Ok(Standing {
                    identity: String::new(),
                    roots: set.name.clone(),
                    rule: None,
                    until,
                })
            }
            _ => Err(diagnosis::other_host(&certificate, host)),
        }
    }

    /// The rule with the longest path that this one is at or below. None for one that a server behind it may read
    /// as another: with `..`, `//`, or letters written as escapes, or one that another rule is for without regard to
    /// case, and to dots and blanks at the end of a part.
    #[must_use]
    pub fn rule(&self, target: &str) -> Option<&Rule> {
        let path = Readings::of(target)?;
        let strict = self.longest(&path, |readings| &readings.strict)?;
        let loose = self.longest(&path, |readings| &readings.loose)?;
        (strict == loose).then_some(strict)
    }

    fn longest(&self, path: &Readings, read: fn(&Readings) -> &str) -> Option<&Rule> {
        let covers = |(rule, _): &&(Readings, Rule)| {
            let rest = read(path).strip_prefix(read(rule));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let rules = self.rules.iter().filter(covers);
        let longest = rules.max_by_key(|(rule, _)| read(rule).len());
        longest.map(|(_, rule)| rule)
    }

    fn judge_in<'s>(
        &'s self,
        sets: impl Iterator<Item = &'s RootSet>,
        chain: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> Result<Standing, Refusal> {
        let known = |set: &RootSet| {
            let certificate = own(chain)?;
            let identity = set.identities.of(&certificate);
            identity
                .map_err(|problem| Refusal::new(Some(certificate.subject().to_string()), problem))
        };
        let (set, identity, until) =
            self.first_good(sets, chain, Purpose::ClientAuth, now, known)?;
        Ok(Standing {
            identity,
            roots: set.name.clone(),
            rule: None,
            until,
        })
    }

    /// The first set in which it is good, and known. What the set says in which its issuer is known counts more than
    /// that others do not know it.
    fn first_good<'s, T>(
        &'s self,
        sets: impl Iterator<Item = &'s RootSet>,
        chain: &[CertificateDer<'_>],
        purpose: Purpose,
        now: Timestamp,
        known: impl Fn(&RootSet) -> Result<T, Refusal>,
    ) -> Result<(&'s RootSet, T, Timestamp), Refusal> {
        let question = Question {
            chain,
            purpose,
            now,
            provider: &self.provider,
        };
        let mut refused: Option<Refusal> = None;
        for set in sets {
            let good = set.verify(&question);
            let refusal = match good.and_then(|until| Ok((known(set)?, until))) {
                Ok((known, until)) => return Ok((set, known, until)),
                Err(refusal) => refusal,
            };
            refused = Some(match refused {
                Some(before) => weightier(before, refusal),
                None => refusal,
            });
        }
        Err(refused.unwrap_or(Refusal::new(None, RefusalProblem::NoCertificate)))
    }

    /// The subjects of all roots.
    #[must_use]
    pub fn root_names(&self) -> Vec<String> {
        let names = self.sets.iter().flat_map(RootSet::names);
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The names of the sets in which nobody asks what was revoked.
    #[must_use]
    pub fn without_lists(&self) -> Vec<String> {
        let sets = self.sets.iter().filter(|set| set.lists.is_none());
        sets.map(|set| set.name.clone()).collect()
    }

    pub(super) fn lists(&self) -> impl Iterator<Item = &Arc<SignedList>> {
        self.sets.iter().flat_map(|set| set.lists.iter().flatten())
    }

    /// Asks the newest lists of the same authorities.
    pub(super) fn renew_lists(&mut self, newest: &Newest) {
        for set in &mut self.sets {
            set.renew_lists(newest);
        }
    }

    pub(super) fn sets(&self) -> &[RootSet] {
        &self.sets
    }

    pub(super) const fn provider(&self) -> &Arc<CryptoProvider> {
        &self.provider
    }
}

fn weightier(before: Refusal, after: Refusal) -> Refusal {
    match (before, after) {
        (
            Refusal {
                certificate,
                problem:
                    RefusalProblem::OtherIssuer {
                        issuer,
                        mut trusted,
                    },
            },
            after,
        ) => match after.problem {
            RefusalProblem::OtherIssuer { trusted: more, .. } => {
                let new = more.into_iter().filter(|name| !trusted.contains(name));
                let new: Vec<String> = new.collect();
                trusted.extend(new);
                let problem = RefusalProblem::OtherIssuer { issuer, trusted };
                Refusal::new(certificate, problem)
            }
            problem => Refusal::new(after.certificate, problem),
        },
        (before, _) => before,
    }
}

fn own<'a>(chain: &'a [CertificateDer<'_>]) -> Result<CertificateFile<'a>, Refusal> {
    let Some(der) = chain.first() else {
        return Err(Refusal::new(None, RefusalProblem::NoCertificate));
    };
    CertificateFile::from_bytes(der).map_err(|error| {
        let why = error.to_string();
        Refusal::new(None, RefusalProblem::Unreadable { why })
    })
}
