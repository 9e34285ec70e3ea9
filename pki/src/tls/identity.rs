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

    /// All that the certificate says of it, in its order.
    fn found(self, certificate: &CertificateFile<'_>) -> Vec<String> {
        match self {
            Self::DnsName => {
                let names = certificate.extensions().dns_names();
                // Hosts are the same in any case (RFC 4343).
                let text = |name: daxsign_core::NameText<'_>| name.to_string().to_ascii_lowercase();
                names.map(text).collect()
            }
            Self::Uid => {
                let uid = ObjectIdentifier::parse(UID);
                let found = uid.and_then(|uid| certificate.subject().find(&uid));
                found.map(|uid| uid.to_string()).into_iter().collect()
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
        let lower = |(found, name): (String, String)| match from {
            IdentityFrom::DnsName => (found.to_ascii_lowercase(), name),
            _ => (found, name),
        };
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
