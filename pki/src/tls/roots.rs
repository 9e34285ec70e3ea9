//! Authorities that are trusted together, and what they have revoked.

use daxsign_core::{CertificateFile, PublicKey};
use rustls::pki_types::{CertificateDer, TrustAnchor};

use crate::error::PkiError;
use crate::revocation::list::RevocationList;
use crate::tls::identity::{Identities, IdentityFrom};

/// Whether lists tell what was revoked. There is no default: that nobody asks has to be said.
#[derive(Clone, Copy, Debug)]
pub enum Lists<'a> {
    /// Each certificate below a root is looked up in a list that its issuer signed, which must be there and not be
    /// overdue. PEM or DER, one of each authority.
    Required(&'a [&'a [u8]]),
    /// Nobody asks whether a certificate was revoked.
    NotAsked,
}

/// A list, and the authority that signed it.
#[derive(Debug)]
pub(super) struct SignedList {
    pub(super) list: RevocationList,
    pub(super) key: PublicKey,
    /// Its subject.
    pub(super) issuer: String,
}

/// Roots that are trusted together, authorities below them that are known, their lists, and by what those whom
/// they certify are known.
#[derive(Debug)]
pub struct RootSet {
    /// What a policy calls it.
    pub(super) name: String,
    /// DER, in the order of `anchors`.
    pub(super) roots: Vec<CertificateDer<'static>>,
    pub(super) anchors: Vec<TrustAnchor<'static>>,
    /// Those that the other side need not show.
    pub(super) between: Vec<CertificateDer<'static>>,
    /// `None`: not asked.
    pub(super) lists: Option<Vec<SignedList>>,
    pub(super) identities: Identities,
}

impl RootSet {
    /// Reads authorities, PEM or DER, each with those above it or without, and their lists. A certificate that names
    /// itself as its issuer is a root; the others are known, and trusted as far as a root stands above them.
    ///
    /// # Errors
    /// [`PkiError::NoRoot`] where none is among them; [`PkiError::NoLists`] where lists are required and
    /// there are none; [`PkiError::OtherList`], [`PkiError::NoListSigner`] or [`PkiError::ListSignature`] for a list
    /// that none of them signed; [`PkiError::ListWithoutEnd`] for one that would hold for ever; what cannot be read.
    pub fn new(name: &str, authorities: &[&[u8]], lists: Lists<'_>) -> Result<Self, PkiError> {
        let mut set = Self {
            name: name.to_owned(),
            roots: Vec::new(),
            anchors: Vec::new(),
            between: Vec::new(),
            lists: None,
            identities: Identities::default(),
        };
        for file in authorities {
            set.take(file)?;
        }
        if set.roots.is_empty() {
            return Err(PkiError::NoRoot);
        }
        if let Lists::Required(files) = lists {
            let read = files.iter().map(|file| set.signed_list(file));
            let read = read.collect::<Result<Vec<_>, _>>()?;
            if read.is_empty() {
                return Err(PkiError::NoLists);
            }
            set.lists = Some(read);
        }
        Ok(set)
    }

    /// The same, with how those are known whom its authorities certify, and under which names here: what a
    /// certificate says, and the name for it. Without names everybody is known as what the certificate says.
    #[must_use]
    pub fn with_identities(
        mut self,
        from: IdentityFrom,
        names: Option<std::collections::BTreeMap<String, String>>,
    ) -> Self {
        self.identities = Identities::new(from, names);
        self
    }

    fn take(&mut self, file: &[u8]) -> Result<(), PkiError> {
        let mut any = false;
        for certificate in CertificateFile::all(file) {
            let certificate = certificate?;
            any = true;
            let der = der(&certificate);
            if certificate.issuer() != certificate.subject() {
                self.between.push(der);
                continue;
            }
            let anchor = webpki::anchor_from_trusted_cert(&der).map(|anchor| anchor.to_owned());
            self.anchors
                .push(anchor.map_err(|_| PkiError::NotAnAuthority)?);
            self.roots.push(der);
        }
        if any {
            return Ok(());
        }
        // The core says what the file is instead.
        CertificateFile::from_bytes(file)?;
        Err(PkiError::NoRoot)
    }

    fn signed_list(&self, file: &[u8]) -> Result<SignedList, PkiError> {
        let list = RevocationList::from_bytes(file)?;
        if list.next_update().is_none() {
            return Err(PkiError::ListWithoutEnd);
        }
        let mut problem = PkiError::OtherList;
        for der in self.roots.iter().chain(&self.between) {
            let authority = CertificateFile::from_bytes(der)?;
            match list.signed_by(&authority) {
                Ok(key) => {
                    return Ok(SignedList {
                        list,
                        key,
                        issuer: authority.subject().to_string(),
                    });
                }
                Err(PkiError::OtherList) => {}
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    /// The subjects of the roots.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let read = self
            .roots
            .iter()
            .filter_map(|der| CertificateFile::from_bytes(der).ok());
        read.map(|root| root.subject().to_string())
    }
}

/// Its DER, in memory of its own.
fn der(certificate: &CertificateFile<'_>) -> CertificateDer<'static> {
    let mut der = Vec::new();
    certificate.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
    CertificateDer::from(der)
}
