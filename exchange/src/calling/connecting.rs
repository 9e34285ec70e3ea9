//! From a name to a connection. The name is resolved once, every address that it stands for is checked, and one of those is
//! connected to: nothing is asked again in between, so no name can stand for another address then.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use daxsign_client::Roots;
use daxsign_pki::tls::rustls::crypto::ring::default_provider;
use daxsign_pki::tls::rustls::pki_types::{CertificateDer, ServerName};
use daxsign_pki::tls::rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::not_made::NotMade;
use super::settings::CallbackSettings;
use crate::callbacks::CallbackUrl;

/// How many addresses of a name are tried.
const MAX_ADDRESSES: usize = 4;

/// Said beside a certificate whose issuer is not known.
const LACKS_SYSTEM: &str = "there are no certificates of public authorities on this machine: install ca-certificates (or name a file with \
    them in SSL_CERT_FILE) and start again";

/// Makes connections.
pub(super) struct Connecting {
    settings: CallbackSettings,
    tls: TlsConnector,
    /// Whether what the system trusts should be among the roots, and is not there.
    lacks_system: bool,
}

impl Connecting {
    pub(super) fn new(settings: CallbackSettings) -> Result<Self, NotMade> {
        let (roots, lacks_system) = trusted(&settings.roots)?;
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| NotMade(format!("TLS: {error}")))?;
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            settings,
            tls: TlsConnector::from(Arc::new(config)),
            lacks_system,
        })
    }

    pub(super) const fn settings(&self) -> &CallbackSettings {
        &self.settings
    }

    /// A connection with TLS whose certificate is the host's; else why not. No byte of a request has left then.
    pub(super) async fn connect(&self, url: &CallbackUrl) -> Result<TlsStream<TcpStream>, String> {
        let patience = self.settings.connect_patience;
        let connected = timeout(patience, self.connected(url)).await;
        connected.unwrap_or_else(|_| Err(format!("not connected within {patience:?}")))
    }

    async fn connected(&self, url: &CallbackUrl) -> Result<TlsStream<TcpStream>, String> {
        let name = ServerName::try_from(url.host().to_owned());
        let name =
            name.map_err(|_| "the host is no name that a certificate could be for".to_owned())?;
        let addresses = self.resolve(url).await?;
        let mut last = "the name stands for no address".to_owned();
        for address in addresses.into_iter().take(MAX_ADDRESSES) {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    let connected = self.tls.connect(name, stream).await;
                    return connected.map_err(|error| self.refused(&error));
                }
                Err(error) => last = format!("not connected: {}", error.kind()),
            }
        }
        Err(last)
    }

    /// Why there is no TLS. Where the system's roots are missing that is said when one of them may have been needed: who is called
    /// on this machine alone needs none.
    fn refused(&self, error: &io::Error) -> String {
        let told = format!("TLS: {error}");
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        let issuer = Some(&Error::InvalidCertificate(CertificateError::UnknownIssuer));
        if !self.lacks_system || inner != issuer {
            return told;
        }
        let told = format!("{told}; {LACKS_SYSTEM}");
        tracing::warn!("a callback is not delivered: {told}");
        told
    }

    /// All addresses. One that may not be called refuses them all: a name that stands for such an address too is no
    /// receiver's.
    async fn resolve(&self, url: &CallbackUrl) -> Result<Vec<SocketAddr>, String> {
        let resolve = Arc::clone(&self.settings.resolve);
        let (host, port) = (url.host().to_owned(), url.port());
        let resolved = tokio::task::spawn_blocking(move || resolve(&host, port)).await;
        let resolved = resolved.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
        let addresses =
            resolved.map_err(|error| format!("the name is not resolved: {}", error.kind()))?;
        for address in &addresses {
            let allowed = self.settings.allowed.check(address.ip());
            allowed.map_err(|not| format!("not called: {not}"))?;
        }
        Ok(addresses)
    }
}

/// The roots, and whether those of the system should be among them and are not there: then nobody whom they would vouch for is
/// called, which each attempt says, and everything else works.
fn trusted(roots: &Roots) -> Result<(RootCertStore, bool), NotMade> {
    let (own, system) = match roots {
        Roots::Only(pem) => (Some(pem), false),
        Roots::Platform => (None, true),
        Roots::PlatformAnd(pem) => (Some(pem), true),
    };
    let own = own.map(|pem| Roots::Only(pem.clone()).certificates());
    let own = own.transpose();
    let mut all = own
        .map_err(|error| NotMade(error.to_string()))?
        .unwrap_or_default();
    let mut lacks_system = false;
    if system {
        match Roots::Platform.certificates() {
            Ok(more) => all.extend(more),
            Err(error) => {
                lacks_system = true;
                if all.is_empty() {
                    tracing::warn!(%error, "callbacks");
                }
            }
        }
    }
    let mut trusted = RootCertStore::empty();
    trusted.add_parsable_certificates(all.into_iter().map(CertificateDer::from));
    Ok((trusted, lacks_system))
}
