//! A client that knows its servers by the roots that it was told, and shows a certificate.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, SupportedProtocolVersion};

use crate::error::PkiError;
use crate::tls::credentials::Credentials;
use crate::tls::live::LivePolicy;
use crate::tls::peer::Witness;
use crate::tls::verifier::Verifier;

/// Makes a configuration for each connection.
#[derive(Clone, Debug)]
pub struct TlsClient {
    credentials: Option<Credentials>,
    live: Arc<LivePolicy>,
    versions: Vec<&'static SupportedProtocolVersion>,
}

impl TlsClient {
    /// Trusts servers whom the policy of the present trusts, whatever its rules say of paths, and shows these
    /// credentials or nothing.
    #[must_use]
    pub fn new(credentials: Option<Credentials>, live: Arc<LivePolicy>) -> Self {
        Self {
            credentials,
            live,
            versions: rustls::ALL_VERSIONS.to_vec(),
        }
    }

    /// The same with these versions of TLS alone.
    #[must_use]
    pub fn with_versions(mut self, versions: &[&'static SupportedProtocolVersion]) -> Self {
        self.versions = versions.to_vec();
        self
    }

    /// The configuration for one connection to this host, and who will tell of it. Sessions are not resumed: a server
    /// that resumes one does not show its certificate again.
    ///
    /// # Errors
    /// [`PkiError::Credentials`] for no version.
    pub fn connection(
        &self,
        host: &ServerName<'static>,
    ) -> Result<(Arc<ClientConfig>, Witness), PkiError> {
        let witness = Witness::new(Arc::clone(&self.live), Some(host.clone()));
        let provider = Arc::clone(self.live.current().provider());
        let versions = match &self.credentials {
            Some(own) => own.versions(&self.versions),
            None => self.versions.clone(),
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&versions)
            .map_err(|error| PkiError::Credentials {
                text: error.to_string(),
            })?;
        let verifier = Arc::new(Verifier::new(witness.clone()));
        let builder = builder
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match &self.credentials {
            Some(own) => {
                let resolver: Arc<SingleCertAndKey> = Arc::clone(&own.resolver);
                builder.with_client_cert_resolver(resolver)
            }
            None => builder.with_no_client_auth(),
        };
        config.resumption = Resumption::disabled();
        Ok((Arc::new(config), witness))
    }
}
