//! Whether a certificate may be registered, and still counts: issued by the authority, valid now, not revoked, with
//! the names of its instance (C-CSR).

use core::fmt;

use daxsign_core::{CertificateFile, EnrolError, Purpose, Timestamp, TrustAnchor};
use daxsign_pki::{PkiError, RevocationList};

use crate::party::Party;

/// The authority whose certificates are taken.
#[derive(Debug)]
pub struct Authority {
    /// The root's file, PEM or DER.
    root: Vec<u8>,
    /// Certificates between the root and others, PEM or DER.
    between: Vec<u8>,
    /// Its newest list of revoked certificates; `None` where the operator uses the registry alone.
    list: Option<RevocationList>,
    /// The environment in the names of certificates: `prod`.
    environment: String,
}

/// Why a certificate does not count.
#[derive(Debug)]
#[non_exhaustive]
pub enum CertificateProblem {
    /// It cannot be read, or was not issued by the authority, or is not valid now.
    Untrusted(EnrolError),
    /// The list of revoked certificates cannot be used.
    List(PkiError),
    /// The list of revoked certificates is older than it may be: nobody knows what was revoked since.
    Overdue,
    /// The authority revoked it.
    Revoked,
    /// It does not name the instance and the partner as `<id>.instance.<env>.dax.amido.io` does.
    Names,
}

impl Authority {
    /// An authority. `between` may be empty.
    ///
    /// # Errors
    /// [`CertificateProblem`]: a file cannot be read, or the list is of somebody else.
    pub fn new(
        root: Vec<u8>,
        between: Vec<u8>,
        environment: &str,
    ) -> Result<Self, CertificateProblem> {
        let authority = Self {
            root,
            between,
            list: None,
            environment: environment.to_ascii_lowercase(),
        };
        authority.root()?;
        authority.intermediates()?;
        Ok(authority)
    }

    /// Takes a list of revoked certificates; not one that is older than the one it has.
    ///
    /// # Errors
    /// [`CertificateProblem::List`].
    pub fn take_list(&mut self, file: &[u8], now: Timestamp) -> Result<bool, CertificateProblem> {
        let list = RevocationList::from_bytes(file).map_err(CertificateProblem::List)?;
        let trusted = list.trust(&self.root()?, now);
        trusted.map_err(CertificateProblem::List)?;
        let is_newer = self
            .list
            .as_ref()
            .is_none_or(|old| list.number() > old.number());
        if is_newer {
            self.list = Some(list);
        }
        Ok(is_newer)
    }

    /// Whether a certificate may be registered for `party`.
    ///
    /// # Errors
    /// [`CertificateProblem`].
    pub fn check(
        &self,
        file: &[u8],
        party: Party,
        now: Timestamp,
    ) -> Result<(), CertificateProblem> {
        let certificate = CertificateFile::from_bytes(file)?;
        let anchor = TrustAnchor::from_certificate(&self.root()?)?;
        let anchor = anchor.for_purpose(Purpose::ClientAuth);
        anchor.verify(&certificate, &self.intermediates()?, now)?;
        self.check_revoked(&certificate, now)?;
        if self.names(&certificate, party) {
            Ok(())
        } else {
            Err(CertificateProblem::Names)
        }
    }

    /// Whether the authority revoked it since: for each use, without computing with keys.
    ///
    /// # Errors
    /// [`CertificateProblem::Revoked`], [`CertificateProblem::Overdue`].
    pub fn check_again(&self, der: &[u8], now: Timestamp) -> Result<(), CertificateProblem> {
        if self.list.is_none() {
            return Ok(());
        }
        self.check_revoked(&CertificateFile::from_bytes(der)?, now)
    }

    fn check_revoked(
        &self,
        certificate: &CertificateFile<'_>,
        now: Timestamp,
    ) -> Result<(), CertificateProblem> {
        let Some(list) = &self.list else {
            return Ok(());
        };
        if list.next_update().is_none_or(|next| now > next) {
            return Err(CertificateProblem::Overdue);
        }
        match list.revocation(certificate) {
            // Of one of an authority between this list says nothing.
            Ok(None) | Err(PkiError::OtherList) => Ok(()),
            Ok(Some(_)) => Err(CertificateProblem::Revoked),
            Err(problem) => Err(CertificateProblem::List(problem)),
        }
    }

    /// Both names of C-CSR stand among the alternative names.
    fn names(&self, certificate: &CertificateFile<'_>, party: Party) -> bool {
        let (instance, partner) = (party.instance.hyphenated(), party.partner.hyphenated());
        let environment = &self.environment;
        let wanted = [
            format!("{instance}.instance.{environment}.dax.amido.io"),
            format!("{partner}.partner.{environment}.dax.amido.io"),
        ];
        let found: Vec<String> = certificate
            .extensions()
            .dns_names()
            .map(|name| name.to_string().to_ascii_lowercase())
            .collect();
        wanted.iter().all(|name| found.contains(name))
    }

    fn root(&self) -> Result<CertificateFile<'_>, EnrolError> {
        CertificateFile::from_bytes(&self.root)
    }

    fn intermediates(&self) -> Result<Vec<CertificateFile<'_>>, EnrolError> {
        if self.between.is_empty() {
            return Ok(Vec::new());
        }
        CertificateFile::all(&self.between).collect()
    }
}

impl From<EnrolError> for CertificateProblem {
    fn from(error: EnrolError) -> Self {
        Self::Untrusted(error)
    }
}

impl fmt::Display for CertificateProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted(error) => error.fmt(formatter),
            Self::List(error) => error.fmt(formatter),
            Self::Overdue => formatter.write_str(
                "the authority's list of revoked certificates is older than it may be: give the exchange the newest",
            ),
            Self::Revoked => formatter.write_str("the authority revoked the certificate"),
            Self::Names => formatter.write_str(
                "the certificate does not name this instance and partner: its subjectAltName needs \
                 <instance>.instance.<env>.dax.amido.io and <partner>.partner.<env>.dax.amido.io",
            ),
        }
    }
}

impl std::error::Error for CertificateProblem {}
