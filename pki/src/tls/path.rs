//! From a certificate to a root: the signatures and constraints on the way are the library's to check
//! (rustls-webpki, RFC 5280 6.1); that each on the way was not revoked, that keys are for what they are used for, which
//! the library leaves out, and what a root says of itself, its time and how many may stand below it, are looked at here.

use std::cell::RefCell;

use daxsign_core::{CertificateFile, Purpose, Timestamp};
use rustls::pki_types::CertificateDer;
use webpki::{Cert, EndEntityCert, Error, KeyUsage, VerifiedPath};

use crate::revocation::list::Revocation;
use crate::tls::diagnosis;
use crate::tls::edition::SignedList;
use crate::tls::question::Question;
use crate::tls::refusal::{Refusal, RefusalProblem};
use crate::tls::roots::RootSet;
use crate::tls::time::to_unix;

impl RootSet {
    /// Looks for a way to a root that is good. Until when it is, if nothing else changes.
    pub(super) fn verify(&self, question: &Question<'_>) -> Result<Timestamp, Refusal> {
        let Some((own, shown)) = question.chain.split_first() else {
            return Err(Refusal::new(None, RefusalProblem::NoCertificate));
        };
        let between: Vec<CertificateDer<'_>> = shown
            .iter()
            .chain(&self.between)
            .map(|der| CertificateDer::from(der.as_ref()))
            .collect();
        let outcome = RefCell::new(None);
        let judge = |path: &VerifiedPath<'_>| {
            let judged = self.judge(path, question);
            let good = judged.is_ok();
            *outcome.borrow_mut() = Some(judged);
            // It looks for another way then.
            if good {
                Ok(())
            } else {
                Err(Error::CertRevoked)
            }
        };
        let usage = if question.purpose == Purpose::ServerAuth {
            KeyUsage::server_auth()
        } else {
            KeyUsage::client_auth()
        };
        let found = EndEntityCert::try_from(own).and_then(|certificate| {
            let verified = certificate.verify_for_usage(
                question.provider.signature_verification_algorithms.all,
                &self.anchors,
                &between,
                to_unix(question.now),
                usage,
                None,
                Some(&judge),
            );
            verified.map(drop)
        });
        match (found, outcome.into_inner()) {
            (Ok(()), Some(judged)) => judged,
            (Err(_), Some(Err(refusal))) => Err(refusal),
            (Err(error), _) => Err(diagnosis::of(&error, question, &between, self)),
            // A way was found, and nobody asked whether it is good.
            (Ok(()), None) => Err(diagnosis::of(
                &Error::UnknownIssuer,
                question,
                &between,
                self,
            )),
        }
    }

    /// Whether a way that the library finds good is so for its times and lists, too.
    fn judge(
        &self,
        path: &VerifiedPath<'_>,
        question: &Question<'_>,
    ) -> Result<Timestamp, Refusal> {
        let now = question.now;
        let place = self
            .anchors
            .iter()
            .position(|anchor| std::ptr::eq(anchor, path.anchor()));
        let root = place.and_then(|place| self.roots.get(place));
        let below = [path.end_entity().der()].into_iter();
        let below = below.chain(path.intermediate_certificates().map(Cert::der));
        let way: Vec<CertificateDer<'_>> = below.chain(root.cloned()).collect();
        let way: Vec<_> = way.iter().map(read).collect::<Result<_, _>>()?;
        if let Some(own) = way.first() {
            diagnosis::key_fits(own, question.purpose)?;
        }
        let mut until = None;
        for pair in way.windows(2) {
            if let [certificate, issuer] = pair {
                diagnosis::may_sign(issuer)?;
                let good = self.not_revoked(certificate, issuer, now)?;
                until = earlier(until, earlier(good, Some(certificate.not_after())));
            }
        }
        match way.last() {
            Some(root) => {
                let between = way.iter().skip(1).rev().skip(1);
                diagnosis::may_stand_above(root, between)?;
                diagnosis::in_time(root, now)?;
                Ok(earlier(until, Some(root.not_after())).unwrap_or(now))
            }
            None => Err(Refusal::new(None, RefusalProblem::NoCertificate)),
        }
    }

    /// Until when the list that says so is good.
    fn not_revoked(
        &self,
        certificate: &CertificateFile<'_>,
        issuer: &CertificateFile<'_>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Refusal> {
        let Some(lists) = &self.lists else {
            return Ok(None);
        };
        let refused = |problem| {
            Err(Refusal::new(
                Some(certificate.subject().to_string()),
                problem,
            ))
        };
        let key = issuer.public_key().ok();
        let mut known: Option<&SignedList> = None;
        for each in lists {
            let each: &SignedList = each;
            // Of another authority.
            let Ok(found) = each.list.revocation(certificate) else {
                continue;
            };
            if let Some(Revocation { time, reason }) = found {
                let (time, reason) = (*time, *reason);
                return refused(RefusalProblem::Revoked(Revocation { time, reason }));
            }
            if key.as_ref() == Some(&each.key) {
                known = Some(each);
            }
        }
        let Some(known) = known else {
            let issuer = issuer.subject().to_string();
            return refused(RefusalProblem::NoList { issuer });
        };
        let this_update = known.list.this_update();
        if this_update > now {
            let issuer = known.issuer.clone();
            return refused(RefusalProblem::ListNotYet {
                issuer,
                this_update,
            });
        }
        match known.list.next_update() {
            Some(next_update) if now > next_update => refused(RefusalProblem::ListOverdue {
                issuer: known.issuer.clone(),
                next_update,
            }),
            next_update => Ok(next_update),
        }
    }
}

fn read<'a>(der: &'a CertificateDer<'a>) -> Result<CertificateFile<'a>, Refusal> {
    CertificateFile::from_bytes(der).map_err(|error| {
        let why = error.to_string();
        Refusal::new(None, RefusalProblem::Unreadable { why })
    })
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
