//! Certificates that are good and wrong, for handshakes with other programs, and what is said of each here.

use std::io::{Read, Write};
use std::net::TcpStream;

use daxsign_pki::Profile;
use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::rustls::{ClientConnection, Stream};
use daxsign_pki::tls::{Credentials, LivePolicy, TlsClient};

use crate::tls_stage::{CLIENT, REVOKED, SERVER, Shape, Stage};

/// Certificates that are wrong, as `NAME.crt`.
#[must_use]
pub fn with_wrong_ones() -> Stage {
    let stage = Stage::default();
    stage.list(&stage.root, "root.crl", 2, &[REVOKED]);
    let root = &stage.root;
    for (who, good) in [("client", CLIENT), ("server", SERVER)] {
        let make = |what: &str, shape: Shape<'_>| {
            stage.make(root, &format!("{what}-{who}.crt"), &shape);
        };
        make(
            "expired",
            Shape {
                days: (-30, -3),
                ..good
            },
        );
        make(
            "early",
            Shape {
                days: (2, 30),
                ..good
            },
        );
        make(
            "revoked",
            Shape {
                serial: REVOKED,
                ..good
            },
        );
        let other = if who == "client" {
            Profile::Server
        } else {
            Profile::Dax
        };
        make(
            "purpose",
            Shape {
                profile: other,
                ..good
            },
        );
        stage.make(&stage.other, &format!("stranger-{who}.crt"), &good);
    }
    for who in ["client", "server"] {
        stage.version_1(&format!("v1-{who}.crt"));
    }
    stage
}

/// Clients that a server of ours refuses: a part of the reason in words, and what OpenSSL calls the alert.
pub const REFUSED_CLIENTS: [(&str, &str, &str); 6] = [
    (
        "expired-client",
        "the certificate of CN=tpp1.example expired 3 days ago, on ",
        "certificate expired",
    ),
    (
        "early-client",
        "the certificate of CN=tpp1.example is not valid yet: it begins in ",
        "certificate expired",
    ),
    (
        "revoked-client",
        "the certificate of CN=tpp1.example was revoked on 2026-01-02T03:04:05Z (keyCompromise)",
        "certificate revoked",
    ),
    (
        "purpose-client",
        "the certificate of CN=tpp1.example is not for clients (clientAuth is missing): it is for serverAuth",
        "unsupported certificate",
    ),
    (
        "stranger-client",
        "the certificate of CN=tpp1.example was issued by CN=Other Root, who is not trusted here; who is: \
         CN=Example Root",
        "unknown ca",
    ),
    (
        "v1-client",
        "the certificate of CN=tpp1.example is of version 1, which does not say",
        "bad certificate",
    ),
];

/// Servers: what they show, the host that is called, and a part of the reason where a client of ours refuses.
pub const SERVERS: [(&str, &str, Option<&str>); 10] = [
    ("server.crt", "gateway.example", None),
    ("server.crt", "localhost", None),
    (
        "server.crt",
        "elsewhere.example",
        Some(
            "the certificate of CN=gateway.example is not for the host elsewhere.example: it names \
                 gateway.example, localhost",
        ),
    ),
    (
        "server.crt",
        "127.0.0.1",
        Some("the certificate of CN=gateway.example is not for the host 127.0.0.1"),
    ),
    (
        "expired-server.crt",
        "localhost",
        Some("the certificate of CN=gateway.example expired 3 days ago"),
    ),
    (
        "early-server.crt",
        "localhost",
        Some("the certificate of CN=gateway.example is not valid yet: it begins in"),
    ),
    (
        "revoked-server.crt",
        "localhost",
        Some("the certificate of CN=gateway.example was revoked on 2026-01-02"),
    ),
    (
        "purpose-server.crt",
        "localhost",
        Some(
            "the certificate of CN=gateway.example is not for servers (serverAuth is missing): it is for clientAuth",
        ),
    ),
    (
        "stranger-server.crt",
        "localhost",
        Some("the certificate of CN=gateway.example was issued by CN=Other Root"),
    ),
    (
        "v1-server.crt",
        "gateway.example",
        Some("the certificate of CN=tpp1.example is of version 1"),
    ),
];

/// Calls another's server with a client of ours, as that host: what it answers, or why one of them refuses.
///
/// # Errors
/// The reason of ours, or the words of the library for TLS.
pub fn call(
    stage: &Stage,
    credentials: Option<Credentials>,
    port: u16,
    host: &str,
) -> Result<String, String> {
    let client = TlsClient::new(credentials, LivePolicy::new(stage.policy("root.crl")));
    let host = ServerName::try_from(host.to_owned()).expect("a host");
    let (config, witness) = client.connection(&host).expect("a configuration");
    let mut connection = ClientConnection::new(config, host).expect("a connection");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a server");
    let mut tls = Stream::new(&mut connection, &mut stream);
    let mut page = Vec::new();
    let asked = tls
        .write_all(b"GET / HTTP/1.0\r\n\r\n")
        .and_then(|()| tls.read_to_end(&mut page));
    let text = String::from_utf8_lossy(&page).into_owned();
    match (witness.refusal(), asked) {
        (Some(refusal), _) => Err(refusal.to_string()),
        (None, Err(error)) if page.is_empty() => Err(error.to_string()),
        _ => Ok(text),
    }
}
