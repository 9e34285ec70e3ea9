//! Authorities that are trusted together, and what they have revoked.

use std::sync::Arc;

use daxsign_core::{CertificateFile, PublicKey};
use rustls::pki_types::{CertificateDer, TrustAnchor};

use crate::error::PkiError;
use crate::revocation::list::RevocationList;
use crate::tls::edition::{Newest, SignedList};
use crate::tls::identity::{Identities, IdentityFrom};

/// Whether lists tell what was revoked. There is no default: that nobody asks has to be said.
#[derive(Clone, Copy, Debug)]
pub enum Lists<'a> {
    /// Each certificate below a root is looked up in a list that its issuer signed, which must be there and not be
    /// overdue. PEM or DER; where there are several of one authority, the newest counts.
    Required(&'a [&'a [u8]]),
    /// Nobody asks whether a certificate was revoked.
    NotAsked,
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
    pub(super) lists: Option<Vec<Arc<SignedList>>>,
    pub(super) identities: Identities,
}

impl RootSet {
    /// Reads authorities, PEM or DER, each with those above it or without, and their lists. A certificate that names
    /// itself as its issuer is a root; the others are known, and trusted as far as a root stands above them.
    ///
    /// # Errors
    /// [`PkiError::NoRoot`] where none is among them; [`PkiError::NotAnAuthority`] for a root whose certificate does not
    /// say that it is one (basicConstraints); [`PkiError::NoLists`] where lists are required and
    /// there are none; [`PkiError::OtherList`], [`PkiError::NoListSigner`] or [`PkiError::ListSignature`] for a list
    /// that none of them signed; [`PkiError::ListWithoutEnd`] for one that would hold for ever; what cannot be read.
    pub fn new(name: &str, authorities: &[&[u8]], lists: Lists<'_>) -> Result<Self, PkiError> {
        let mut set = Self::without_authorities(name);
        for file in authorities {
            set.take(file)?;
        }
        set.has_root()?;
        if let Lists::Required(files) = lists {
            let read = files.iter().map(|file| set.signed_list(file).map(Arc::new));
            let read = read.collect::<Result<Vec<_>, _>>()?;
            set.set_lists(&read)?;
        }
        Ok(set)
    }

    pub(super) fn without_authorities(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            roots: Vec::new(),
            anchors: Vec::new(),
            between: Vec::new(),
            lists: None,
            identities: Identities::default(),
        }
    }

    pub(super) const fn has_root(&self) -> Result<(), PkiError> {
        if self.roots.is_empty() {
            return Err(PkiError::NoRoot);
        }
        Ok(())
    }

    /// Asks these, from now on.
    pub(super) fn set_lists(&mut self, lists: &[Arc<SignedList>]) -> Result<(), PkiError> {
        if lists.is_empty() {
            return Err(PkiError::NoLists);
        }
        let mut newest = Newest::default();
        for list in lists {
            newest.take(list);
        }
        self.lists = Some(newest.in_place_of(lists));
        Ok(())
    }

    /// Asks the newest of the same authorities.
    pub(super) fn renew_lists(&mut self, newest: &Newest) {
        if let Some(lists) = &mut self.lists {
            *lists = newest.in_place_of(lists);
        }
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

    /// Trusts the authorities of a file.
    pub(super) fn take(&mut self, file: &[u8]) -> Result<(), PkiError> {
        let mut any = false;
        for certificate in CertificateFile::all(file) {
            let certificate = certificate?;
            any = true;
            let der = der(&certificate);
            if certificate.issuer() != certificate.subject() {
                self.between.push(der);
                continue;
            }
            // As the library for paths takes a root for what it is said to be.
            let constraints = certificate.extensions().basic_constraints();
            if !constraints.is_some_and(|constraints| constraints.is_authority) {
                return Err(PkiError::NotAnAuthority);
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

    pub(super) fn signed_list(&self, file: &[u8]) -> Result<SignedList, PkiError> {
        let list = RevocationList::from_bytes(file)?;
        let (key, issuer) = self.signer(&list)?;
        Ok(SignedList { list, key, issuer })
    }

    /// Which of its authorities signed a list: key and name.
    pub(super) fn signer(&self, list: &RevocationList) -> Result<(PublicKey, String), PkiError> {
        if list.next_update().is_none() {
            return Err(PkiError::ListWithoutEnd);
        }
        let mut problem = PkiError::OtherList;
        for der in self.roots.iter().chain(&self.between) {
            let authority = CertificateFile::from_bytes(der)?;
            match list.signed_by(&authority) {
                Ok(key) => return Ok((key, authority.subject().to_string())),
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
