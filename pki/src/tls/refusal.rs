//! Why a certificate is not taken, in words.

use std::error::Error as StdError;
use std::fmt;

use daxsign_core::{Purpose, Timestamp};
use rustls::{CertificateError, OtherError};

use crate::der::time;
use crate::revocation::list::Revocation;

const SECONDS_PER_DAY: i64 = 86_400;
const SECONDS_PER_HOUR: i64 = 3600;
const SECONDS_PER_MINUTE: i64 = 60;

/// A certificate that is not taken: whose it is, and why. [`Display`](fmt::Display) says both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The subject of the certificate that is at fault, which may be that of an authority above the one in
    /// question; `None` where there is none, or it cannot be read.
    pub certificate: Option<String>,
    /// What is wrong.
    pub problem: RefusalProblem,
}

/// What is wrong with a certificate, or with where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalProblem {
    /// None was shown.
    NoCertificate,
    /// It cannot be read.
    Unreadable {
        /// Why.
        why: String,
    },
    /// It is not of version 3.
    Version {
        /// Which version it is of.
        version: u32,
    },
    /// Its validity has not begun.
    NotYetValid {
        /// When it begins.
        not_before: Timestamp,
        /// When it was judged.
        now: Timestamp,
    },
    /// Its validity is over.
    Expired {
        /// When it ended.
        not_after: Timestamp,
        /// When it was judged.
        now: Timestamp,
    },
    /// Somebody issued it who is not trusted.
    OtherIssuer {
        /// Who.
        issuer: String,
        /// Who is trusted.
        trusted: Vec<String>,
    },
    /// It was revoked.
    Revoked(Revocation),
    /// Nothing tells whether it was revoked.
    NoList {
        /// Whose list there should be.
        issuer: String,
    },
    /// The list that would tell whether it was revoked should have a successor.
    ListOverdue {
        /// Whose list.
        issuer: String,
        /// Since when.
        next_update: Timestamp,
    },
    /// The list that would tell whether it was revoked is made only later.
    ListNotYet {
        /// Whose list.
        issuer: String,
        /// When.
        this_update: Timestamp,
    },
    /// It is not for this.
    OtherPurpose {
        /// What it should be for.
        wanted: Purpose,
        /// What it is for: names, or dotted numbers.
        stated: Vec<String>,
    },
    /// It is not that of the host that was called.
    OtherHost {
        /// That host.
        host: String,
        /// The names in it.
        names: Vec<String>,
    },
    /// The signature on it is not that of the authority that it names.
    Signature,
    /// It is signed in a way that is not taken.
    Algorithm,
    /// It has a critical extension that is not understood.
    UnknownCritical,
    /// It is an authority's, and was shown as somebody's own.
    Authority,
    /// It stands above another and is no authority's.
    NotAnAuthority,
    /// It stands above another, and its key may be used for other things than certificates (keyUsage).
    MayNotSign,
    /// More authorities stand below it than it allows (pathLenConstraint).
    PathTooLong,
    /// It has a name that an authority above it may not certify (nameConstraints).
    NameConstraints,
    /// Its key may not be used for handshakes (keyUsage).
    KeyUsage {
        /// What it may be used for, as RFC 5280 calls it.
        stated: Vec<String>,
    },
    /// It says of its holder more than one thing by which it would be known.
    SeveralIdentities {
        /// All of them.
        found: String,
    },
    /// It does not have what its holder would be known by.
    NoIdentity {
        /// What that is: `DNS name`, `UID`.
        wanted: &'static str,
    },
    /// Nobody is known by it.
    UnknownIdentity {
        /// What it says of its holder.
        identity: String,
    },
    /// No rule covers the path.
    NoRule {
        /// The path.
        path: String,
    },
    /// What the library for paths says beside all this.
    Other {
        /// In its words.
        why: String,
    },
}

impl Refusal {
    pub(super) const fn new(certificate: Option<String>, problem: RefusalProblem) -> Self {
        Self {
            certificate,
            problem,
        }
    }

    /// The stable name: `expired`, `revoked`, …
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match &self.problem {
            RefusalProblem::NoCertificate => "no-certificate",
            RefusalProblem::Unreadable { .. } => "malformed-certificate",
            RefusalProblem::Version { .. } => "certificate-version",
            RefusalProblem::NotYetValid { .. } => "not-yet-valid",
            RefusalProblem::Expired { .. } => "expired",
            RefusalProblem::OtherIssuer { .. } => "other-issuer",
            RefusalProblem::Revoked(_) => "revoked",
            RefusalProblem::NoList { .. } => "no-list",
            RefusalProblem::ListOverdue { .. } => "list-overdue",
            RefusalProblem::ListNotYet { .. } => "list-not-yet",
            RefusalProblem::OtherPurpose { .. } => "other-purpose",
            RefusalProblem::OtherHost { .. } => "other-host",
            RefusalProblem::Signature => "certificate-signature",
            RefusalProblem::Algorithm => "certificate-algorithm",
            RefusalProblem::UnknownCritical => "unknown-critical",
            RefusalProblem::Authority => "authority-shown",
            RefusalProblem::NotAnAuthority => "not-an-authority",
            RefusalProblem::MayNotSign => "may-not-sign",
            RefusalProblem::PathTooLong => "path-length",
            RefusalProblem::NameConstraints => "name-constraints",
            RefusalProblem::KeyUsage { .. } => "key-usage",
            RefusalProblem::SeveralIdentities { .. } => "several-identities",
            RefusalProblem::NoIdentity { .. } => "no-identity",
            RefusalProblem::UnknownIdentity { .. } => "unknown-identity",
            RefusalProblem::NoRule { .. } => "no-rule",
            RefusalProblem::Other { .. } => "no-path",
        }
    }

    /// What rustls answers with: the alert that the other side gets is that of RFC 8446 6.2.
    pub(super) fn to_rustls(&self) -> CertificateError {
        match &self.problem {
            RefusalProblem::Unreadable { .. } | RefusalProblem::Version { .. } => {
                CertificateError::BadEncoding
            }
            RefusalProblem::NotYetValid { .. } => CertificateError::NotValidYet,
            RefusalProblem::Expired { .. } => CertificateError::Expired,
            RefusalProblem::OtherIssuer { .. } => CertificateError::UnknownIssuer,
            RefusalProblem::Revoked(_) => CertificateError::Revoked,
            RefusalProblem::NoList { .. }
            | RefusalProblem::ListOverdue { .. }
            | RefusalProblem::ListNotYet { .. } => CertificateError::UnknownRevocationStatus,
            RefusalProblem::OtherPurpose { .. } | RefusalProblem::KeyUsage { .. } => {
                CertificateError::InvalidPurpose
            }
            RefusalProblem::OtherHost { .. } => CertificateError::NotValidForName,
            RefusalProblem::Signature => CertificateError::BadSignature,
            RefusalProblem::UnknownCritical => CertificateError::UnhandledCriticalExtension,
            RefusalProblem::NoIdentity { .. }
            | RefusalProblem::SeveralIdentities { .. }
            | RefusalProblem::UnknownIdentity { .. } => {
                CertificateError::ApplicationVerificationFailure
            }
            _ => CertificateError::Other(OtherError(std::sync::Arc::new(self.clone()))),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.certificate {
            Some(certificate) => write!(f, "the certificate of {certificate} {}", self.problem),
            None if self.problem.is_of_a_certificate() => {
                write!(f, "a certificate among those shown {}", self.problem)
            }
            None => self.problem.fmt(f),
        }
    }
}

impl StdError for Refusal {}

impl fmt::Display for RefusalProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { why } => write!(f, "a certificate cannot be read: {why}"),
            Self::Version { version } => write!(
                f,
                "is of version {version}, which does not say what it is for: its extensions were left out \
                 when it was issued; have it issued anew with them"
            ),
            Self::NotYetValid { not_before, now } => write!(
                f,
                "is not valid yet: it begins in {}, on {}; is a clock wrong?",
                span(*now, *not_before),
                date(*not_before)
            ),
            Self::Expired { not_after, now } => write!(
                f,
                "expired {} ago, on {}: it has to be renewed",
                span(*not_after, *now),
                date(*not_after)
            ),
            Self::OtherIssuer { issuer, trusted } => write!(
                f,
                "was issued by {issuer}, who is not trusted here; who is: {}",
                trusted.join("; ")
            ),
            Self::Revoked(Revocation { time, reason }) => {
                write!(f, "was revoked on {} ({reason})", date(*time))
            }
            Self::NoList { issuer } => write!(
                f,
                "may have been revoked: there is no list of {issuer} here, signed with the key that \
                 issued it"
            ),
            Self::ListOverdue {
                issuer,
                next_update,
            } => write!(
                f,
                "may have been revoked: the list of {issuer} should have been renewed by {}",
                date(*next_update)
            ),
            Self::ListNotYet {
                issuer,
                this_update,
            } => write!(
                f,
                "may have been revoked: the list of {issuer} is made only on {}; is a clock wrong?",
                date(*this_update)
            ),
            Self::OtherPurpose { wanted, stated } => other_purpose(*wanted, stated, f),
            Self::OtherHost { host, names } => write!(
                f,
                "is not for the host {host}: {}",
                named(names, "it names no host at all", "it names ")
            ),
            Self::KeyUsage { stated } => write!(
                f,
                "has a key that may not be used for handshakes (digitalSignature is missing): {}",
                named(stated, "it is for nothing", "it is for ")
            ),
            Self::SeveralIdentities { found } => {
                write!(
                    f,
                    "has more than one UID, and it is not clear which is meant: {found}"
                )
            }
            Self::NoIdentity { wanted } => {
                write!(f, "has no {wanted}, by which its holder would be known")
            }
            Self::UnknownIdentity { identity } => {
                write!(f, "is good, but nobody is known here as {identity}")
            }
            Self::NoRule { path } => write!(f, "no rule says who may use the path {path}"),
            Self::Other { why } => write!(f, "leads to no root: {why}"),
            other => f.write_str(other.plain()),
        }
    }
}

impl RefusalProblem {
    /// Whether the words go on from a certificate.
    const fn is_of_a_certificate(&self) -> bool {
        !matches!(
            self,
            Self::NoCertificate | Self::Unreadable { .. } | Self::NoRule { .. }
        )
    }

    /// What needs no more than words.
    const fn plain(&self) -> &'static str {
        match self {
            Self::NoCertificate => "no certificate was shown, and one has to be",
            Self::Signature => {
                "is not signed by the authority that it names: another has the same name, or it was changed"
            }
            Self::Algorithm => {
                "is signed in a way that is not taken here, as with SHA-1: have it issued with SHA-256"
            }
            Self::UnknownCritical => "has a critical extension that is not understood here",
            Self::Authority => "is an authority's: show one that it issued",
            Self::PathTooLong => {
                "allows fewer authorities below it than stand there (pathLenConstraint)"
            }
            Self::NameConstraints => {
                "has a name that an authority above it may not certify (nameConstraints)"
            }
            Self::MayNotSign => {
                "stands above another and may not sign certificates (keyUsage without keyCertSign)"
            }
            _ => "stands above another and is no authority's",
        }
    }
}

fn other_purpose(wanted: Purpose, stated: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (who, wanted) = if wanted == Purpose::ServerAuth {
        ("servers", "serverAuth")
    } else {
        ("clients", "clientAuth")
    };
    let stated = named(stated, "it is for nothing", "it is for ");
    write!(f, "is not for {who} ({wanted} is missing): {stated}")
}

fn named(all: &[String], none: &str, some: &str) -> String {
    if all.is_empty() {
        none.to_owned()
    } else {
        format!("{some}{}", all.join(", "))
    }
}

/// A time to the second.
pub(super) fn date(time: Timestamp) -> String {
    time::text(time).unwrap_or_else(|_| format!("{} s since 1970", time.seconds()))
}

/// How long it is from one time to a later one, in the largest unit that it is one of.
fn span(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.seconds().saturating_sub(from.seconds()).max(0);
    let units = [
        (SECONDS_PER_DAY, "day"),
        (SECONDS_PER_HOUR, "hour"),
        (SECONDS_PER_MINUTE, "minute"),
    ];
    let unit = units.into_iter().find(|(unit, _)| seconds >= *unit);
    let (unit, name) = unit.unwrap_or((1, "second"));
    let count = seconds.checked_div(unit).unwrap_or_default();
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {name}{end}")
}
