//! Whether a certificate was revoked, or an authority on the way to the one that is trusted: of each, the list of who
//! issued it is asked.

use daxsign_core::{CertificateFile, Timestamp, TrustAnchor};
use daxsign_pki::{PkiError, RevocationList};

use crate::clock::date_text;
use crate::failure::{Failure, Refusal};
use crate::input::Input;

/// How many certificates of a file may stand between: as many as the core looks at.
const MAX_BETWEEN: usize = 8;

/// A certificate, and that of who issued it; `None` where only its key is known.
pub(super) type Link<'a> = (&'a CertificateFile<'a>, Option<&'a CertificateFile<'a>>);

/// What is not good, as it is shown and as the command ends with it.
pub(super) type Bad = (String, Failure);

/// The lists of `--crl`.
pub(super) struct Lists {
    lists: Vec<(String, RevocationList)>,
    now: Timestamp,
}

impl Lists {
    /// Reads them; whose they are is asked later.
    pub(super) fn read(files: &[Input], now: Timestamp) -> Result<Self, Bad> {
        let lists = files.iter().map(|file| {
            let list = RevocationList::from_bytes(&file.bytes);
            let list = list.map_err(|error| unknown_by(&error, &file.name))?;
            Ok((file.name.clone(), list))
        });
        let lists = lists.collect::<Result<_, Bad>>()?;
        Ok(Self { lists, now })
    }

    /// What the lists say of a way, the certificate in question first: nobody on it was revoked, and who says so.
    pub(super) fn ask(&self, way: &[Link<'_>], name: &str) -> Result<String, Bad> {
        let mut said = Vec::new();
        for (place, link) in way.iter().enumerate() {
            said.extend(self.ask_of(place > 0, *link, name)?);
        }
        let end = said.iter().filter_map(|(_, list)| list.next_update()).min();
        let end = end.map(date_text).unwrap_or_default();
        let mut names: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        let names = names.join(", ");
        Ok(if way.len() > 1 {
            format!(
                "no, nor is an authority between, say {names}, the first of which holds until {end}"
            )
        } else {
            format!("no, says {names}, which holds until {end}")
        })
    }

    /// The lists that know a certificate's authority, and say nothing bad of it.
    fn ask_of(
        &self,
        is_above: bool,
        (certificate, issuer): Link<'_>,
        name: &str,
    ) -> Result<Vec<&(String, RevocationList)>, Bad> {
        let subject = certificate.subject();
        let issuer = issuer.ok_or_else(|| {
            let message = format!(
                "{name}: for --crl the authority's certificate is needed which issued that of {subject}, in the file of \
                 --ca or behind it"
            );
            (format!("not known of {subject}"), Failure::Unusable(message))
        })?;
        let (mut good, mut bad) = (Vec::new(), None);
        for named in &self.lists {
            let (file, list) = named;
            match list.trust(issuer, self.now) {
                Ok(()) => {
                    let found = list.revocation(certificate);
                    if let Some(found) = found.map_err(|error| unknown_by(&error, file))? {
                        let since = date_text(found.time);
                        let text = format!("on {since}, {}", found.reason);
                        return Err(revoked(is_above.then_some(certificate), name, text));
                    }
                    good.push(named);
                }
                // Of another authority on the way, or of nobody there.
                Err(PkiError::OtherList) => {}
                Err(error) => bad = bad.or_else(|| Some(unknown_by(&error, file))),
            }
        }
        match bad {
            _ if !good.is_empty() => Ok(good),
            Some(bad) => Err(bad),
            None => Err(self.no_list_of(certificate, name)),
        }
    }

    /// No list is that of a certificate's authority.
    fn no_list_of(&self, certificate: &CertificateFile<'_>, name: &str) -> Bad {
        let (subject, issuer) = (certificate.subject(), certificate.issuer());
        let files: Vec<&str> = self.lists.iter().map(|(file, _)| file.as_str()).collect();
        let message = format!(
            "{name}: whether {subject} was revoked is not known: {} is not the list of {issuer}; name that, too, with \
             another --crl",
            files.join(", ")
        );
        (
            format!("not known of {subject}"),
            refusal("no-list", message),
        )
    }
}

fn unknown_by(error: &PkiError, file: &str) -> Bad {
    (
        format!("not known by {file}"),
        Failure::refused_pki(error, file),
    )
}

/// `above` is an authority on the way.
fn revoked(above: Option<&CertificateFile<'_>>, name: &str, text: String) -> Bad {
    match above {
        None => {
            let message = format!("{name}: it was revoked {text}: a new one takes a new request");
            (text, refusal("revoked", message))
        }
        Some(above) => {
            let who = above.subject();
            let message = format!(
                "{name}: the authority {who}, through which it was issued, was revoked {text}: nothing that it issued is \
                 to be trusted"
            );
            (
                format!("its authority {who} was, {text}"),
                refusal("revoked", message),
            )
        }
    }
}

/// The ways from a certificate to the authority that is trusted, whose certificate is `pinned` where it has one.
pub(super) fn ways<'a>(
    anchor: &TrustAnchor<'_>,
    pinned: Option<&'a CertificateFile<'a>>,
    certificate: &'a CertificateFile<'a>,
    others: &'a [CertificateFile<'a>],
    now: Timestamp,
) -> Vec<Vec<Link<'a>>> {
    let others = others.get(..MAX_BETWEEN).unwrap_or(others);
    let above = |child: &'a CertificateFile<'a>| {
        let parents = others.iter().filter(move |one| issued(one, child, now));
        parents.collect::<Vec<_>>()
    };
    let mut ways = vec![vec![certificate]];
    for parent in above(certificate) {
        ways.push(vec![certificate, parent]);
        let tops = above(parent).into_iter();
        ways.extend(tops.map(|top| vec![certificate, parent, top]));
    }
    let holds = |way: &[&CertificateFile<'a>]| {
        let between: Vec<_> = way.iter().skip(1).copied().cloned().collect();
        let top = way.last();
        top.is_some_and(|top| anchor.verify(top, &[], now).is_ok())
            && anchor.verify(certificate, &between, now).is_ok()
    };
    ways.retain(|way| holds(way));
    ways.into_iter().map(|way| linked(&way, pinned)).collect()
}

/// Each with the one above it.
fn linked<'a>(
    way: &[&'a CertificateFile<'a>],
    top: Option<&'a CertificateFile<'a>>,
) -> Vec<Link<'a>> {
    let above = way.iter().skip(1).copied().map(Some).chain([top]);
    way.iter().copied().zip(above).collect()
}

/// Whether the holder of `parent` issued `child`, itself.
fn issued(parent: &CertificateFile<'_>, child: &CertificateFile<'_>, now: Timestamp) -> bool {
    parent.subject() == child.issuer()
        && TrustAnchor::from_certificate(parent)
            .is_ok_and(|parent| parent.verify(child, &[], now).is_ok())
}

pub(super) const fn refusal(name: &'static str, message: String) -> Failure {
    Failure::Refused(Refusal {
        name,
        message,
        hints: Vec::new(),
    })
}
