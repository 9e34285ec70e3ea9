//! Whom each path of an API trusts.

use std::collections::BTreeSet;
use std::sync::Arc;

use daxsign_core::{CertificateFile, Purpose, Timestamp};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName};
use webpki::EndEntityCert;

use crate::error::PkiError;
use crate::tls::diagnosis;
use crate::tls::question::Question;
use crate::tls::refusal::{Refusal, RefusalProblem};
use crate::tls::roots::RootSet;

/// Which roots a path trusts.
#[derive(Clone, Debug)]
pub struct Rule {
    /// This path, and every one below it: `/accounts` for `/accounts/7`, and not for `/accounts2`.
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
    rules: Vec<Rule>,
    provider: Arc<CryptoProvider>,
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
    /// same name or path; for no set or no rule.
    pub fn new(sets: Vec<RootSet>, rules: Vec<Rule>) -> Result<Self, PkiError> {
        let names: BTreeSet<&str> = sets.iter().map(|set| set.name.as_str()).collect();
        let paths: BTreeSet<&str> = rules.iter().map(|rule| rule.path.as_str()).collect();
        let wrong = |text: String| Err(PkiError::Policy { text });
        if names.len() != sets.len() || paths.len() != rules.len() {
            return wrong("two root sets have one name, or two rules one path".to_owned());
        }
        if sets.is_empty() || rules.is_empty() {
            return wrong("it trusts nobody: it needs a root set and a rule".to_owned());
        }
        for Rule { path, roots, .. } in &rules {
            if !path.starts_with('/') || plain_path(path) != Some(path.as_str()) {
                return wrong(format!(
                    "`{path}` is no path: it starts with `/` and has no empty parts, dots or escapes of plain letters"
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
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Ok(Self {
            sets,
            rules,
            provider,
        })
    }

    /// One set of roots, for every path.
    ///
    /// # Errors
    /// None that could come of such a policy.
    pub fn of_roots(set: RootSet) -> Result<Self, PkiError> {
        let roots = vec![set.name.clone()];
        let rule = Rule {
            path: "/".to_owned(),
            name: set.name.clone(),
            roots,
        };
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
        let named = |set: &&RootSet| self.rules.iter().any(|rule| rule.roots.contains(&set.name));
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
        let (set, until) = self.first_good(self.sets.iter(), chain, Purpose::ServerAuth, now)?;
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
    /// as another: with `..`, `//`, or letters written as escapes.
    #[must_use]
    pub fn rule(&self, target: &str) -> Option<&Rule> {
        let path = plain_path(target)?;
        let covers = |rule: &&Rule| {
            let prefix = rule.path.trim_end_matches('/');
            path.strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let rules = self.rules.iter().filter(covers);
        rules.max_by_key(|rule| rule.path.trim_end_matches('/').len())
    }

    fn judge_in<'s>(
        &'s self,
        sets: impl Iterator<Item = &'s RootSet>,
        chain: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> Result<Standing, Refusal> {
        let (set, until) = self.first_good(sets, chain, Purpose::ClientAuth, now)?;
        let certificate = own(chain)?;
        let identity = set.identities.of(&certificate);
        let identity = identity
            .map_err(|problem| Refusal::new(Some(certificate.subject().to_string()), problem))?;
        Ok(Standing {
            identity,
            roots: set.name.clone(),
            rule: None,
            until,
        })
    }

    /// The first set in which it is good. What the set says in which its issuer is known counts more than that
    /// others do not know it.
    fn first_good<'s>(
        &'s self,
        sets: impl Iterator<Item = &'s RootSet>,
        chain: &[CertificateDer<'_>],
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<(&'s RootSet, Timestamp), Refusal> {
        let question = Question {
            chain,
            purpose,
            now,
            provider: &self.provider,
        };
        let mut refused: Option<Refusal> = None;
        for set in sets {
            let refusal = match set.verify(&question) {
                Ok(until) => return Ok((set, until)),
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

/// The path of a target, if all servers read it alike (RFC 3986 6.2.2).
fn plain_path(target: &str) -> Option<&str> {
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let mut parts = path.strip_prefix('/')?.split('/').peekable();
    let mut plain = true;
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        plain &= !matches!(part, "." | "..") && (last || !part.is_empty());
        plain &= !part.contains(['\\', '#', ';']) && escapes_are_needed(part);
    }
    plain.then_some(path)
}

/// Whether each `%` has two digits behind it, that stand for what could not stand there itself, and for no
/// separator.
fn escapes_are_needed(part: &str) -> bool {
    part.split('%').skip(1).all(|rest| {
        let code = rest.get(..2).filter(|digits| !digits.starts_with('+'));
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        code.is_some_and(|byte| {
            let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            !unreserved && !b"/\\%;\0".contains(&byte)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_servers_read_differently_are_nobodys() {
        for path in [
            "/",
            "/a",
            "/a/b",
            "/a/",
            "/a%20b",
            "/%C3%A5",
            "/a?b=//..&c=%61",
        ] {
            assert!(plain_path(path).is_some(), "{path}");
        }
        for path in [
            "",
            "a",
            "//a",
            "/a//b",
            "/a/../b",
            "/..",
            "/a/.",
            "/%61",
            "/a%2Fb",
            "/a%5cb",
            "/%2e%2e/b",
            "/a\\b",
            "/a%",
            "/a%2",
            "/a%+1",
            "/a%25",
            "/a;b",
            "/a%00",
            "/a#b",
            "*",
            "http://host/a",
        ] {
            assert!(plain_path(path).is_none(), "{path}");
        }
    }
}
