//! Whom a certificate stands for.

use std::collections::BTreeMap;

use daxsign_core::{CertificateFile, ObjectIdentifier};

use crate::tls::refusal::RefusalProblem;

/// userId (RFC 4519 2.39).
const UID: &str = "0.9.2342.19200300.100.1.1";

/// What a certificate's holder is known by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityFrom {
    /// A DNS name of the subjectAltName.
    #[default]
    DnsName,
    /// The UID of the subject.
    Uid,
    /// The whole subject.
    Subject,
}

impl IdentityFrom {
    /// The one with this name: `dns`, `uid` or `subject`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "dns" => Some(Self::DnsName),
            "uid" => Some(Self::Uid),
            "subject" => Some(Self::Subject),
            _ => None,
        }
    }

    /// What is the same for all that stand for one holder.
    pub(super) fn normalised(self, found: &str) -> String {
        match self {
            // Hosts are the same in any case (RFC 4343).
            Self::DnsName => found.to_ascii_lowercase(),
            _ => found.to_owned(),
        }
    }

    /// All that the certificate says of it, in its order.
    fn found(self, certificate: &CertificateFile<'_>) -> Vec<String> {
        match self {
            Self::DnsName => {
                let names = certificate.extensions().dns_names();
                let text = |name: daxsign_core::NameText<'_>| self.normalised(&name.to_string());
                names.map(text).collect()
            }
            Self::Uid => {
                let uid = ObjectIdentifier::parse(UID);
                let parts = certificate.subject().parts();
                let own = parts.filter(|part| uid.as_ref() == Some(part.oid()));
                let text = own.filter_map(|part| part.text());
                text.map(|uid| uid.to_string()).collect()
            }
            Self::Subject => {
                let subject = certificate.subject();
                let named = (!subject.is_empty()).then(|| subject.to_string());
                named.into_iter().collect()
            }
        }
    }
}

/// How holders are known, and by which names they are called here.
#[derive(Clone, Debug, Default)]
pub(super) struct Identities {
    from: IdentityFrom,
    /// `None`: everybody, as what the certificate says.
    known: Option<BTreeMap<String, String>>,
}

impl Identities {
    pub(super) fn new(from: IdentityFrom, known: Option<BTreeMap<String, String>>) -> Self {
        let lower = |(found, name): (String, String)| (from.normalised(&found), name);
        let known = known.map(|known| known.into_iter().map(lower).collect());
        Self { from, known }
    }

    /// Who its holder is.
    pub(super) fn of(&self, certificate: &CertificateFile<'_>) -> Result<String, RefusalProblem> {
        let found = self.from.found(certificate);
        let Some(first) = found.first() else {
            return Err(RefusalProblem::NoIdentity {
                wanted: match self.from {
                    IdentityFrom::DnsName => "DNS name",
                    IdentityFrom::Uid => "UID",
                    IdentityFrom::Subject => "subject",
                },
            });
        };
        if self.from == IdentityFrom::Uid && found.len() > 1 {
            return Err(RefusalProblem::SeveralIdentities {
                found: found.join(", "),
            });
        }
        let Some(known) = &self.known else {
            return Ok(first.clone());
        };
        let name = found.iter().find_map(|found| known.get(found));
        name.cloned()
            .ok_or_else(|| RefusalProblem::UnknownIdentity {
                identity: found.join(", "),
            })
    }
}
