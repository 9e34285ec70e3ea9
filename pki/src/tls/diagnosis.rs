//! What is wrong with a certificate that the library for paths refuses, and with which one on the way: it tells the
//! kind of fault alone.

use daxsign_core::{AlternativeName, CertificateFile, Purpose, Timestamp};
use rustls::pki_types::{CertificateDer, ServerName};
use webpki::Error;

use crate::tls::question::Question;
use crate::tls::refusal::{Refusal, RefusalProblem};
use crate::tls::roots::RootSet;

/// The refusal for an error, of the first certificate on the way that has the fault.
pub(super) fn of(
    error: &Error,
    question: &Question<'_>,
    between: &[CertificateDer<'_>],
    set: &RootSet,
) -> Refusal {
    let mut way = Vec::new();
    for der in question.chain.iter().take(1).chain(between) {
        match CertificateFile::from_bytes(der) {
            Ok(certificate) => way.push(certificate),
            Err(error) if way.is_empty() => {
                let why = error.to_string();
                return Refusal::new(None, RefusalProblem::Unreadable { why });
            }
            // Whoever is not on the way need not be understood.
            Err(_) => {}
        }
    }
    let way = climbed(way);
    let faulty = way.iter().find_map(|certificate| {
        let problem = own_fault(certificate, question)?;
        Some(refused(certificate, problem))
    });
    if let Some(refusal) = faulty {
        return refusal;
    }
    let top = way.last();
    let problem = match error {
        Error::UnknownIssuer => RefusalProblem::OtherIssuer {
            issuer: top.map_or_else(String::new, |top| top.issuer().to_string()),
            trusted: set.names().collect(),
        },
        other => plain(other),
    };
    match (top, &problem) {
        (Some(top), RefusalProblem::OtherIssuer { .. }) => refused(top, problem),
        _ => Refusal::new(at_fault(&way, &problem).map(subject), problem),
    }
}

/// Whose fault it is, if that can be told: the library does not say it.
fn at_fault<'a>(
    way: &'a [CertificateFile<'a>],
    problem: &RefusalProblem,
) -> Option<&'a CertificateFile<'a>> {
    let own = way.first()?;
    let mut above = way.iter().skip(1);
    match problem {
        RefusalProblem::Authority => Some(own),
        RefusalProblem::NotAnAuthority => above.find(|other| {
            let constraints = other.extensions().basic_constraints();
            !constraints.is_some_and(|constraints| constraints.is_authority)
        }),
        RefusalProblem::UnknownCritical => {
            let unknown =
                |other: &&CertificateFile<'_>| other.extensions().unknown_critical().is_some();
            way.iter().find(unknown)
        }
        _ => (way.len() == 1).then_some(own),
    }
}

/// Those that stand above each other, from the first one up.
fn climbed(mut all: Vec<CertificateFile<'_>>) -> Vec<CertificateFile<'_>> {
    if all.is_empty() {
        return all;
    }
    let mut way = vec![all.remove(0)];
    while let Some(last) = way.last() {
        // A root that is shown is not on the way: here it counts by its place among the trusted alone.
        let between = |other: &CertificateFile<'_>| other.issuer() != other.subject();
        let above = all
            .iter()
            .position(|other| other.subject() == last.issuer() && between(other));
        let Some(above) = above else { break };
        way.push(all.swap_remove(above));
    }
    way
}

/// What a certificate has wrong in itself.
fn own_fault(certificate: &CertificateFile<'_>, question: &Question<'_>) -> Option<RefusalProblem> {
    if certificate.version() != 3 {
        return Some(RefusalProblem::Version {
            version: certificate.version(),
        });
    }
    if let Some(problem) = out_of_time(certificate, question.now) {
        return Some(problem);
    }
    other_purpose(certificate, question.purpose)
}

fn out_of_time(certificate: &CertificateFile<'_>, now: Timestamp) -> Option<RefusalProblem> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if now.seconds() < not_before.seconds() {
        return Some(RefusalProblem::NotYetValid { not_before, now });
    }
    (now.seconds() > not_after.seconds()).then_some(RefusalProblem::Expired { not_after, now })
}

/// Whether a certificate is valid at this time.
pub(super) fn in_time(certificate: &CertificateFile<'_>, now: Timestamp) -> Result<(), Refusal> {
    out_of_time(certificate, now).map_or(Ok(()), |problem| Err(refused(certificate, problem)))
}

/// Whether an authority's key is for certificates (RFC 5280 4.2.1.3).
pub(super) fn may_sign(authority: &CertificateFile<'_>) -> Result<(), Refusal> {
    match authority.extensions().key_usage() {
        Some(usage) if !usage.key_cert_sign() => {
            Err(refused(authority, RefusalProblem::MayNotSign))
        }
        _ => Ok(()),
    }
}

/// Whether a root is an authority, and of so many others (RFC 5280 4.2.1.9). Those that renew an authority's own
/// certificate do not count.
pub(super) fn may_stand_above<'a>(
    root: &CertificateFile<'_>,
    between: impl Iterator<Item = &'a CertificateFile<'a>>,
) -> Result<(), Refusal> {
    let constraints = root.extensions().basic_constraints();
    let Some(constraints) = constraints.filter(|constraints| constraints.is_authority) else {
        return Err(refused(root, RefusalProblem::NotAnAuthority));
    };
    let counted = between.filter(|other| other.issuer() != other.subject());
    let counted = counted.count();
    match constraints.path_len.map(usize::try_from) {
        Some(Ok(allowed)) if counted > allowed => Err(refused(root, RefusalProblem::PathTooLong)),
        _ => Ok(()),
    }
}

/// Whether a key is for handshakes, where its certificate says what it is for (RFC 5280 4.2.1.3, RFC 8446 4.4.2.2).
pub(super) fn key_fits(own: &CertificateFile<'_>, wanted: Purpose) -> Result<(), Refusal> {
    let Some(usage) = own.extensions().key_usage() else {
        return Ok(());
    };
    let mut names = usage.names();
    let server = |name| name == "keyEncipherment" || name == "keyAgreement";
    if usage.digital_signature() || wanted == Purpose::ServerAuth && names.any(server) {
        return Ok(());
    }
    let stated = usage.names().map(str::to_owned).collect();
    Err(refused(own, RefusalProblem::KeyUsage { stated }))
}

fn other_purpose(certificate: &CertificateFile<'_>, wanted: Purpose) -> Option<RefusalProblem> {
    let stated = certificate.extensions().extended_key_usage()?;
    let stated: Vec<String> = stated.map(|oid| purpose_name(&oid.to_string())).collect();
    let own = if wanted == Purpose::ServerAuth {
        "serverAuth"
    } else {
        "clientAuth"
    };
    let fits = stated.iter().any(|name| name == own);
    (!fits).then_some(RefusalProblem::OtherPurpose { wanted, stated })
}

/// As OpenSSL calls the usual ones (RFC 5280 4.2.1.12).
fn purpose_name(oid: &str) -> String {
    let name = match oid {
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        other => other,
    };
    name.to_owned()
}

/// What is wrong between certificates.
fn plain(error: &Error) -> RefusalProblem {
    match error {
        Error::InvalidSignatureForPublicKey => RefusalProblem::Signature,
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)
        | Error::SignatureAlgorithmMismatch => RefusalProblem::Algorithm,
        Error::UnsupportedCriticalExtension => RefusalProblem::UnknownCritical,
        Error::CaUsedAsEndEntity => RefusalProblem::Authority,
        Error::EndEntityUsedAsCa => RefusalProblem::NotAnAuthority,
        Error::PathLenConstraintViolated => RefusalProblem::PathTooLong,
        Error::NameConstraintViolation => RefusalProblem::NameConstraints,
        Error::MaximumNameConstraintComparisonsExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumSignatureChecksExceeded => RefusalProblem::Other {
            why: "too many certificates and ways between them were shown".to_owned(),
        },
        other => RefusalProblem::Other {
            why: format!("{other:?}"),
        },
    }
}

/// A server whose certificate does not have the name that was called.
pub(super) fn other_host(certificate: &CertificateFile<'_>, host: &ServerName<'_>) -> Refusal {
    let names = certificate
        .extensions()
        .alternative_names()
        .filter_map(|name| match name {
            AlternativeName::Dns(name) => Some(name.to_string()),
            AlternativeName::Ipv4(address) => Some(std::net::Ipv4Addr::from(address).to_string()),
            AlternativeName::Ipv6(address) => Some(std::net::Ipv6Addr::from(address).to_string()),
            _ => None,
        });
    let host = host.to_str().into_owned();
    let names = names.collect();
    refused(certificate, RefusalProblem::OtherHost { host, names })
}

fn refused(certificate: &CertificateFile<'_>, problem: RefusalProblem) -> Refusal {
    Refusal::new(Some(subject(certificate)), problem)
}

fn subject(certificate: &CertificateFile<'_>) -> String {
    if certificate.subject().is_empty() {
        return format!("number {}", certificate.serial());
    }
    certificate.subject().to_string()
}
