//! A server that knows its clients by their certificates.

use std::sync::Arc;

use rustls::server::NoServerSessionStorage;
use rustls::{ServerConfig, SupportedProtocolVersion};

use crate::error::PkiError;
use crate::tls::credentials::Credentials;
use crate::tls::live::LivePolicy;
use crate::tls::peer::Witness;
use crate::tls::verifier::Verifier;

/// Makes a configuration for each connection.
#[derive(Clone, Debug)]
pub struct TlsServer {
    credentials: Credentials,
    live: Arc<LivePolicy>,
    versions: Vec<&'static SupportedProtocolVersion>,
    anonymous: bool,
    protocols: Vec<Vec<u8>>,
}

impl TlsServer {
    /// Shows these credentials, and lets in whom the policy of the present trusts, with TLS 1.3 and 1.2.
    #[must_use]
    pub fn new(credentials: Credentials, live: Arc<LivePolicy>) -> Self {
        Self {
            credentials,
            live,
            versions: rustls::ALL_VERSIONS.to_vec(),
            anonymous: false,
            protocols: Vec::new(),
        }
    }

    /// The same, where a client may show no certificate; one that is shown is judged. Who needs one then asks the
    /// [`Witness`], which knows of none: [`RefusalProblem::NoCertificate`](crate::tls::RefusalProblem::NoCertificate).
    #[must_use]
    pub fn with_anonymous_clients(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// The same with these protocols of ALPN (RFC 7301), the first that the client has too.
    #[must_use]
    pub fn with_protocols(mut self, protocols: &[&[u8]]) -> Self {
        self.protocols = protocols.iter().map(|name| name.to_vec()).collect();
        self
    }

    /// The same with these versions of TLS alone.
    #[must_use]
    pub fn with_versions(mut self, versions: &[&'static SupportedProtocolVersion]) -> Self {
        self.versions = versions.to_vec();
        self
    }

    /// The configuration for one connection, and who will tell of it. A client has to show a certificate, unless
    /// [it may be anonymous](Self::with_anonymous_clients). Sessions are not resumed: whoever resumes one is not
    /// asked for a certificate again.
    ///
    /// # Errors
    /// [`PkiError::Credentials`] for no version.
    pub fn connection(&self) -> Result<(Arc<ServerConfig>, Witness), PkiError> {
        let witness = Witness::new(Arc::clone(&self.live), None);
        let provider = Arc::clone(self.live.current().provider());
        let versions = self.credentials.versions(&self.versions);
        let builder = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&versions)
            .map_err(|error| PkiError::Credentials {
                text: error.to_string(),
            })?;
        let verifier = Verifier::new(witness.clone()).or_nobody(self.anonymous);
        let verifier = Arc::new(verifier);
        let resolver = Arc::clone(&self.credentials.resolver);
        let mut config = builder
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(resolver);
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols.clone_from(&self.protocols);
        Ok((Arc::new(config), witness))
    }
}
