//! What TLS trusts and shows.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::Error;
use crate::protocol::address::Scheme;
use crate::settings::{ClientCertificate, Roots, Settings};

/// The arithmetic below TLS. It is named: a program may hold more than one.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The certificates in `pem`.
fn certificates(what: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(Error::invalid(format!("{what}: no certificate in PEM"))),
        Err(error) => Err(Error::invalid(format!("{what}: {error}"))),
    }
}

/// Whether connections with TLS can come up: to the server itself, or, where roots are given, where a
/// server without it redirects to. What the operating system trusts is not read for such a server.
pub(crate) fn wants_tls(settings: &Settings) -> bool {
    settings.base.scheme() == Scheme::Https || !matches!(settings.roots, Roots::Platform)
}

/// The roots that a server's certificate must lead to.
///
/// # Errors
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) where there are none.
pub(crate) fn roots(roots: &Roots) -> Result<Vec<CertificateDer<'static>>, Error> {
    let own = |pem: &[u8]| certificates("the roots", pem);
    match roots {
        Roots::Only(pem) => own(pem),
        Roots::Platform => platform(),
        Roots::PlatformAnd(pem) => {
            let mut all = own(pem)?;
            all.extend(platform()?);
            Ok(all)
        }
    }
}

fn platform() -> Result<Vec<CertificateDer<'static>>, Error> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        let why = found
            .errors
            .first()
            .map_or_else(String::new, |error| format!(": {error}"));
        return Err(Error::invalid(format!(
            "the operating system trusts no certificates (install ca-certificates, or set roots){why}"
        )));
    }
    Ok(found.certs)
}

impl Roots {
    /// The certificates, DER: for what else is connected to under the same trust.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) where there are none.
    pub fn certificates(&self) -> Result<Vec<Vec<u8>>, Error> {
        let all = roots(self)?;
        Ok(all.iter().map(|one| one.to_vec()).collect())
    }
}

/// The chain and the key of the certificate that this side shows.
///
/// # Errors
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for what cannot be read.
pub(crate) fn client_certificate(
    own: &ClientCertificate,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let chain = certificates("the client certificate", &own.chain)?;
    let key = PrivateKeyDer::from_pem_slice(own.key.expose().as_bytes())
        .map_err(|error| Error::invalid(format!("the client certificate's key: {error}")))?;
    Ok((chain, key))
}
