//! What the library for TLS and the other side mean, in words.

use std::io;

use daxsign_pki::tls::rustls::{AlertDescription, CommonState, Error, ProtocolVersion};

/// Why a handshake came to nothing, where no certificate of the other side was refused: a stable name, and the words.
pub(super) fn of(error: &io::Error) -> (&'static str, String) {
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(error) => of_tls(error),
        None => ("connection", of_connection(error)),
    }
}

fn of_tls(error: &Error) -> (&'static str, String) {
    match error {
        Error::NoCertificatesPresented => (
            "no-certificate",
            "no certificate was shown, and one has to be".to_owned(),
        ),
        Error::AlertReceived(alert) => ("refused-there", of_alert(*alert)),
        Error::PeerIncompatible(why) => (
            "no-common-way",
            format!("both sides have no version or cipher of TLS in common ({why:?})"),
        ),
        Error::InvalidMessage(_) => (
            "not-tls",
            "the other side does not speak TLS, or another program answers at this port".to_owned(),
        ),
        Error::InvalidCertificate(_) => (
            "handshake-signature",
            "the signature of the handshake does not hold: the other side does not have the key of the certificate \
             that it showed, or the key is too small or of a kind that is not taken here"
                .to_owned(),
        ),
        other => ("handshake", other.to_string()),
    }
}

/// What the other side says of this one (RFC 8446 6.2).
fn of_alert(alert: AlertDescription) -> String {
    let said = match alert {
        AlertDescription::CertificateRequired => {
            "it wants a certificate, and none was shown, or none of the roots that it named"
        }
        AlertDescription::CertificateExpired => {
            "the certificate shown, or one above it, has expired or is not valid yet, by its clock"
        }
        AlertDescription::CertificateRevoked => {
            "the certificate shown, or one above it, was revoked"
        }
        AlertDescription::UnknownCA => {
            "it does not trust who issued the certificate shown, or cannot tell whether it was revoked"
        }
        AlertDescription::UnsupportedCertificate => {
            "the certificate shown is not for this purpose (extendedKeyUsage), or of a kind that it does not take"
        }
        AlertDescription::BadCertificate => {
            "it cannot use the certificate shown: it is damaged, of version 1, or, with TLS 1.2, missing"
        }
        AlertDescription::CertificateUnknown => {
            "the certificate shown cannot be used, for another reason"
        }
        AlertDescription::AccessDenied => {
            "the certificate shown is good, but nobody is known there by it"
        }
        AlertDescription::DecryptError => {
            "a signature does not hold: that of a certificate, or of the handshake"
        }
        AlertDescription::ProtocolVersion => "it does not speak this version of TLS",
        AlertDescription::HandshakeFailure => {
            "both sides have no cipher in common, or, with TLS 1.2, it wants a certificate and none was shown"
        }
        AlertDescription::UnrecognisedName => "it does not know the host's name",
        _ => "it says no more",
    };
    format!("the other side refuses ({alert:?}): {said}")
}

fn of_connection(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => {
            "the other side closed the connection without a word".to_owned()
        }
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            "the other side said nothing for too long".to_owned()
        }
        _ => error.to_string(),
    }
}

/// `TLS 1.3, TLS13_AES_256_GCM_SHA384`.
pub(super) fn spoken(connection: &CommonState) -> String {
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS",
    };
    match connection.negotiated_cipher_suite() {
        Some(suite) => format!("{version}, {:?}", suite.suite()),
        None => version.to_owned(),
    }
}
