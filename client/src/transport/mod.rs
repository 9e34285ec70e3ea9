//! What both transports need: the clocks (`clock`), what TLS trusts and shows (`trust`), and who is
//! reached through a proxy (`proxies`); and how the one for tasks connects (`connector`) and signs
//! (`signing`).

mod clock;
#[cfg(feature = "async")]
pub(crate) mod connector;
pub(crate) mod proxies;
#[cfg(feature = "async")]
pub(crate) mod signing;
mod trust;

pub(crate) use clock::Clock;
pub(crate) use trust::{client_certificate, provider, roots, wants_tls};

use crate::error::Sent;
use crate::protocol::call::NoAnswer;

/// How many idle connections are kept.
pub(crate) const MAX_IDLE_CONNECTIONS: usize = 32;

/// Whether TLS was not set up: one side does not accept the other's certificate. Then the request was
/// not read, and the same will happen again.
pub(crate) fn is_refused_by_tls(error: &std::io::Error) -> bool {
    use rustls::{AlertDescription as Alert, Error};
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref()) {
        Some(Error::InvalidCertificate(_) | Error::NoCertificatesPresented) => true,
        Some(Error::AlertReceived(alert)) => matches!(
            alert,
            Alert::AccessDenied
                | Alert::BadCertificate
                | Alert::CertificateExpired
                | Alert::CertificateRequired
                | Alert::CertificateRevoked
                | Alert::CertificateUnknown
                | Alert::HandshakeFailure
                | Alert::ProtocolVersion
                | Alert::UnknownCA
                | Alert::UnsupportedCertificate
        ),
        _ => false,
    }
}

/// An answer whose body passes the limit; asking again would not help.
pub(crate) fn too_large(max_body: usize) -> NoAnswer {
    let text = format!("the answer's body has more than {max_body} bytes (max_body)");
    NoAnswer::new(Sent::Maybe, true, text)
}
