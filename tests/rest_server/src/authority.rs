//! A made-up authority for TLS, and the exchange's certificate: made by OpenSSL when a server starts.

use std::path::PathBuf;
use std::sync::Arc;

use daxsign_tests::openssl::OpenSsl;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::exchange;

const EXTENSIONS: &str = "\
[server]
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1
[client]
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectAltName=DNS:3f0b2f4e-5b5c-4f0f-9d65-0c0f6f1f7a11.instance.prod.dax.amido.io
";

/// Keys and certificates in a folder of their own.
#[derive(Debug)]
pub struct Authority {
    openssl: OpenSsl,
}

impl Authority {
    /// Makes all of them.
    pub fn make() -> Self {
        let openssl = OpenSsl::default();
        openssl.write("extensions", EXTENSIONS);
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        openssl.run(&format!(
            "req -x509 {key} -keyout ca.key -out ca.pem -days 30 -subj /CN=made-up-authority"
        ));
        for name in ["server", "client"] {
            openssl.run(&format!(
                "req {key} -keyout {name}.key -out {name}.csr -subj /CN={name}"
            ));
            openssl.run(&format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 30 \
                 -extfile extensions -extensions {name}"
            ));
        }
        let key = exchange::private_key();
        openssl.run(&format!(
            "req -x509 -key {} -out exchange.pem -days 30 -subj /CN=made-up-exchange",
            key.display()
        ));
        Self { openssl }
    }

    /// A file of the folder: `ca.pem`, `client.pem`, `client.key`, `exchange.pem`.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.openssl.path(name)
    }

    /// TLS for a server, with or without a certificate of the client's.
    pub(crate) fn tls(&self, needs_certificate: bool) -> Arc<ServerConfig> {
        let certificate =
            |name: &str| CertificateDer::from_pem_file(self.file(name)).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(self.file("server.key")).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("versions of TLS");
        let builder = if needs_certificate {
            let mut roots = RootCertStore::empty();
            roots.add(certificate("ca.pem")).expect("a root");
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        } else {
            builder.with_no_client_auth()
        };
        let config = builder.with_single_cert(vec![certificate("server.pem")], key);
        Arc::new(config.expect("a certificate and its key"))
    }
}
