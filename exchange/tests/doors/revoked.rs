//! Connections that are open when the certificate that was shown on them is revoked (X-REVOKE, X-MTLS).

use std::io::{Read as _, Write as _};

use daxsign_core::Sha256;
use daxsign_exchange::doors::rest::Settings;
use daxsign_exchange::identity::TokenKey;
use daxsign_exchange::registry::Change;
use daxsign_pki::certificate_pem;
use daxsign_pki::tls::Credentials;
use daxsign_pki::tls::rustls::{ClientConnection, StreamOwned};
use uuid::Uuid;

use crate::http2::{as_http2, card, config, connect, heard, host};
use crate::made::*;

/// The key of the certificate that A shows; it signs with another one.
const SHOWN: &str = "../generated2048";

/// A door that asks for client certificates, and what A shows there.
fn place() -> (Place, Vec<u8>, Credentials) {
    let place = Place::secure(Settings {
        client_certificates: true,
        ..settings()
    });
    let der = certificate(a(), SHOWN, 5);
    let add = Change::AddCertificate {
        party: a(),
        der: der.clone(),
    };
    place.registry.change(add, None).unwrap();
    let key = std::fs::read(key_path(SHOWN)).unwrap();
    let shown = Credentials::from_pem(certificate_pem(&der).as_bytes(), &key).unwrap();
    (place, der, shown)
}

/// A's, which holds all the while: it signs with a certificate that counts.
fn token() -> String {
    TokenKey::new(&[5; 32]).issue(Uuid::from_u128(100), a(), now(), [1; 16])
}

fn request() -> Vec<u8> {
    signed_request(&token(), "POST", &cards(), CARD, "")
}

fn revoke(place: &Place, der: &[u8]) {
    let thumbprint = Sha256::digest(der);
    let revoke = Change::Revoke { thumbprint };
    place.registry.change(revoke, None).unwrap();
}

#[test]
fn a_connection_of_http1_asks_for_nothing_more() {
    let (place, der, shown) = place();
    let mut config = config(Some(shown));
    std::sync::Arc::make_mut(&mut config).alpn_protocols = vec![b"http/1.1".to_vec()];
    let connection = ClientConnection::new(config, host()).unwrap();
    let mut stream = StreamOwned::new(connection, place.connect());
    let mut ask = || {
        stream.write_all(&request()).unwrap();
        let mut read = Vec::new();
        // Each answer says how long it is.
        loop {
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).unwrap();
            assert!(count > 0, "the connection ended");
            read.extend_from_slice(&piece[..count]);
            let answer = Answer::read(&read);
            let length = answer.field("content-length").map(str::parse::<usize>);
            if length.is_some_and(|length| answer.body.len() == length.unwrap()) {
                return answer;
            }
        }
    };
    assert_eq!(ask().status, 201);
    revoke(&place, &der);
    let answer = ask();
    assert_eq!((answer.status, &*answer.problem()), (401, "no-certificate"));
    assert_eq!(place.received(), 1);
}

#[test]
fn a_connection_of_http2_asks_for_nothing_more() {
    let (place, der, shown) = place();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut sender = runtime.block_on(connect(&place, Some(shown), None));
    let mut ask = || {
        let request = as_http2(&request(), "localhost").body(card()).unwrap();
        let response = runtime.block_on(sender.send_request(request));
        runtime.block_on(heard(response.unwrap())).unwrap()
    };
    assert_eq!(ask().status, 201);
    revoke(&place, &der);
    let answer = ask();
    assert_eq!((answer.status, &*answer.problem()), (401, "no-certificate"));
    assert_eq!(place.received(), 1);
}
