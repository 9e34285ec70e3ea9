//! Whether a certificate was issued by an authority whose key is pinned (RFC 5280 6.1, as far as it is
//! needed): so that a controller takes the exchange's next certificate without new firmware.

use crate::enrolling::certificate_file::CertificateFile;
use crate::enrolling::error::{EnrolError, TrustProblem};
use crate::enrolling::name::Name;
use crate::request::date::Timestamp;
use crate::rsa::public_key::PublicKey;

/// How many certificates beside the one in question are looked at: with two between it and the anchor,
/// no more than 145 signatures are checked, whatever is sent: 72 with their keys, 73 with the anchor's.
const MAX_INTERMEDIATES: usize = 8;

/// What a certificate is wanted for (RFC 5280 4.2.1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum Purpose {
    /// To be known as a client (clientAuth).
    ClientAuth,
    /// To be known as a server (serverAuth).
    ServerAuth,
}

impl Purpose {
    /// 1.3.6.1.5.5.7.3.2 and .1.
    const fn as_der(self) -> &'static [u8] {
        match self {
            Self::ClientAuth => &[0x2B, 6, 1, 5, 5, 7, 3, 2],
            Self::ServerAuth => &[0x2B, 6, 1, 5, 5, 7, 3, 1],
        }
    }
}

/// anyExtendedKeyUsage, 2.5.29.37.0: the purposes that stand beside it are no bounds.
const ANY_PURPOSE: &[u8] = &[0x55, 0x1D, 0x25, 0];

/// A key that is trusted to issue certificates, in this program's own memory.
///
/// ```no_run
/// # let (pinned, received): (&[u8], &[u8]) = (b"", b"");
/// # let now = daxsign_core::Timestamp::from_unix(1_800_000_000, 0)?;
/// use daxsign_core::{CertificateFile, TrustAnchor};
///
/// let pinned = CertificateFile::from_bytes(pinned)?;
/// let anchor = TrustAnchor::from_certificate(&pinned)?;
/// let certificate = CertificateFile::from_bytes(received)?;
/// anchor.verify(&certificate, &[], now)?;
/// let key = certificate.public_key()?; // may be trusted
/// # Ok::<(), daxsign_core::EnrolError>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrustAnchor<'a> {
    key: PublicKey,
    /// `None` for a bare key, whose name and time nobody states.
    certificate: Option<CertificateFile<'a>>,
    /// `None` for whatever a certificate is for.
    purpose: Option<Purpose>,
}

/// A problem, and how far above the certificate in question it is.
type Failure = (usize, TrustProblem);

impl<'a> TrustAnchor<'a> {
    /// A bare key. Whatever name a certificate has for its issuer, it was issued by this key if its
    /// signature verifies.
    #[must_use]
    pub const fn from_key(key: PublicKey) -> Self {
        Self {
            key,
            certificate: None,
            purpose: None,
        }
    }

    /// The key of an authority's certificate, whose name, time, and constraints count as well.
    ///
    /// # Errors
    /// [`EnrolError::Core`] for a key that this library does not take.
    pub fn from_certificate(certificate: &CertificateFile<'a>) -> Result<Self, EnrolError> {
        Ok(Self {
            key: certificate.public_key()?,
            certificate: Some(certificate.clone()),
            purpose: None,
        })
    }

    /// The same for certificates that may be used for this purpose. Each one on the way that states purposes
    /// (extended key usage) has to name it, or any: an authority's say what may be issued below it. RFC 5280
    /// leaves that open; OpenSSL, Go and Windows read it so. Without a purpose, what is stated is not judged.
    #[must_use]
    pub const fn for_purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// Checks that `certificate` was issued by this authority, itself or through up to two others among
    /// `intermediates`, of which eight are looked at, in any order. Each certificate on the way is of
    /// version 3, signed with SHA-256 and RSA by the key of the next, which has the name of its issuer;
    /// each is valid at `now`, and has no critical extension that is not understood; each but the first is
    /// an authority's that may sign certificates, with no more authorities below it than it allows. Any way
    /// that is good will do.
    ///
    /// Not checked: whether one was revoked, and, unless [a purpose](Self::for_purpose) is named, what the
    /// certificate may be used for.
    ///
    /// # Errors
    /// [`EnrolError::Untrusted`], with the place and the reason.
    pub fn verify(
        &self,
        certificate: &CertificateFile<'_>,
        intermediates: &[CertificateFile<'_>],
        now: Timestamp,
    ) -> Result<(), EnrolError> {
        let untrusted = |(position, problem)| EnrolError::Untrusted { position, problem };
        let standing = standing(certificate, now).and_then(|()| serves(certificate, self.purpose));
        standing.map_err(|problem| untrusted((0, problem)))?;
        let mut search = Search {
            anchor: self,
            intermediates: intermediates
                .get(..MAX_INTERMEDIATES)
                .unwrap_or(intermediates),
            now,
            failure: (0, TrustProblem::OtherIssuer),
        };
        if search.finds(certificate, Path { len: 0, counted: 0 }) {
            return Ok(());
        }
        Err(untrusted(search.failure))
    }
}

/// A way up from the certificate in question.
#[derive(Clone, Copy)]
struct Path {
    /// Authorities on it.
    len: usize,
    /// Those that count for a path length: not those that issued themselves (RFC 5280 4.2.1.9).
    counted: usize,
}

struct Search<'s, 'a> {
    anchor: &'s TrustAnchor<'a>,
    intermediates: &'s [CertificateFile<'s>],
    now: Timestamp,
    /// What was wrong with the way that led furthest.
    failure: Failure,
}

impl Search<'_, '_> {
    /// Whether the anchor issued it, or another that was found and is good.
    fn finds(&mut self, child: &CertificateFile<'_>, path: Path) -> bool {
        if self.is_anchored(child, path) {
            return true;
        }
        let candidates = self.intermediates;
        for parent in candidates {
            let Some(above) = self.climbs(child, parent, path) else {
                continue;
            };
            if self.is_anchored(parent, above) {
                return true;
            }
            // The second and last one: no deeper, so that no function calls itself.
            for grandparent in candidates {
                let top = self.climbs(parent, grandparent, above);
                if top.is_some_and(|top| self.is_anchored(grandparent, top)) {
                    return true;
                }
            }
        }
        false
    }

    /// Whether the anchor issued it.
    fn is_anchored(&mut self, child: &CertificateFile<'_>, path: Path) -> bool {
        let place = path.len.saturating_add(1);
        let anchor = self.anchor;
        let judged = match &anchor.certificate {
            Some(certificate) => issued(child, certificate.subject(), &anchor.key)
                .and_then(|()| self.good_anchor(certificate, path)),
            None => signed(child, &anchor.key),
        };
        self.note(place, judged)
    }

    /// An authority that is pinned needs no version 3, but what it says holds.
    fn good_anchor(
        &self,
        certificate: &CertificateFile<'_>,
        path: Path,
    ) -> Result<(), TrustProblem> {
        in_time(certificate, self.now)?;
        understood(certificate)?;
        serves(certificate, self.anchor.purpose)?;
        match certificate.version() {
            3 => may_issue(certificate, path),
            _ => Ok(()),
        }
    }

    /// The way with `parent` on it, if that issued `child` and may.
    fn climbs(
        &mut self,
        child: &CertificateFile<'_>,
        parent: &CertificateFile<'_>,
        path: Path,
    ) -> Option<Path> {
        let place = path.len.saturating_add(1);
        // Before any arithmetic, which only those that have the name are worth.
        if child.issuer() != parent.subject() {
            return None;
        }
        let judged = standing(parent, self.now)
            .and_then(|()| serves(parent, self.anchor.purpose))
            .and_then(|()| may_issue(parent, path))
            .and_then(|()| match parent.public_key() {
                Ok(key) => signed(child, &key),
                Err(_) => Err(TrustProblem::Key),
            });
        let own = parent.issuer() == parent.subject();
        self.note(place, judged).then(|| Path {
            len: place,
            counted: path.counted.saturating_add(usize::from(!own)),
        })
    }

    /// Keeps the problem of the way that led furthest. That somebody else issued a certificate says less
    /// than any other problem.
    fn note(&mut self, place: usize, judged: Result<(), TrustProblem>) -> bool {
        let Err(problem) = judged else { return true };
        let weight = |(place, problem): Failure| (problem != TrustProblem::OtherIssuer, place);
        if weight((place, problem)) >= weight(self.failure) {
            self.failure = (place, problem);
        }
        false
    }
}

/// What holds for every certificate on the way.
fn standing(certificate: &CertificateFile<'_>, now: Timestamp) -> Result<(), TrustProblem> {
    if certificate.version() != 3 {
        return Err(TrustProblem::Version {
            version: certificate.version(),
        });
    }
    in_time(certificate, now)?;
    understood(certificate)
}

fn in_time(certificate: &CertificateFile<'_>, now: Timestamp) -> Result<(), TrustProblem> {
    if now.seconds() < certificate.not_before().seconds() {
        return Err(TrustProblem::NotYetValid);
    }
    if now.seconds() > certificate.not_after().seconds() {
        return Err(TrustProblem::Expired);
    }
    Ok(())
}

fn understood(certificate: &CertificateFile<'_>) -> Result<(), TrustProblem> {
    match certificate.extensions().unknown_critical() {
        Some(oid) => Err(TrustProblem::UnknownCritical { oid: *oid }),
        None => Ok(()),
    }
}

/// Whether it states no purposes, or this one.
fn serves(certificate: &CertificateFile<'_>, wanted: Option<Purpose>) -> Result<(), TrustProblem> {
    let (Some(wanted), Some(mut stated)) = (wanted, certificate.extensions().extended_key_usage())
    else {
        return Ok(());
    };
    if stated.any(|oid| [wanted.as_der(), ANY_PURPOSE].contains(&oid.as_der())) {
        Ok(())
    } else {
        Err(TrustProblem::OtherPurpose)
    }
}

/// Whether it is an authority's, for that many below it.
fn may_issue(certificate: &CertificateFile<'_>, below: Path) -> Result<(), TrustProblem> {
    let extensions = certificate.extensions();
    let constraints = extensions.basic_constraints();
    let Some(constraints) = constraints.filter(|constraints| constraints.is_authority) else {
        return Err(TrustProblem::NotAnAuthority);
    };
    if extensions
        .key_usage()
        .is_some_and(|usage| !usage.key_cert_sign())
    {
        return Err(TrustProblem::MayNotSign);
    }
    let allowed = constraints.path_len.map(usize::try_from);
    if let Some(Ok(allowed)) = allowed
        && below.counted > allowed
    {
        return Err(TrustProblem::PathTooLong { allowed });
    }
    Ok(())
}

/// Whether the owner of this name and key issued it.
fn issued(
    child: &CertificateFile<'_>,
    name: &Name<'_>,
    key: &PublicKey,
) -> Result<(), TrustProblem> {
    if child.issuer() != name {
        return Err(TrustProblem::OtherIssuer);
    }
    signed(child, key)
}

fn signed(child: &CertificateFile<'_>, key: &PublicKey) -> Result<(), TrustProblem> {
    let signed = child.signed();
    if !signed.is_sha256_with_rsa() {
        return Err(TrustProblem::Algorithm {
            oid: signed.algorithm,
        });
    }
    if !signed.verifies(key) {
        return Err(TrustProblem::Signature);
    }
    Ok(())
}
