//! The bus begins at the same door: what comes behind the 101 reaches it as it is.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use daxsign_exchange::Party;
use daxsign_pki::certificate_pem;
use daxsign_pki::tls::rustls::{ClientConnection, StreamOwned};
use daxsign_pki::tls::{Credentials, Lists, LivePolicy, Policy, RootSet, TlsClient};

use crate::made::*;

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// A connection over which B shows its certificate, or nobody any.
fn connect(place: &Place, shows: bool) -> Stream {
    connect_as(place, shows.then(|| (b(), "rsa4096", 3)))
}

/// A connection over which a party shows its certificate, by its key and number.
pub(crate) fn connect_as(place: &Place, shown: Option<(Party, &str, u8)>) -> Stream {
    let set = RootSet::new("exchange", &[&root()], Lists::NotAsked).unwrap();
    let live = LivePolicy::new(Policy::of_roots(set).unwrap());
    let own = shown.map(|(party, key, serial)| {
        let pem = certificate_pem(&certificate(party, key, serial));
        let key = std::fs::read(key_path(key)).unwrap();
        Credentials::from_pem(pem.as_bytes(), &key).unwrap()
    });
    let host = daxsign_pki::tls::rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let (config, _) = TlsClient::new(own, live).connection(&host).unwrap();
    let connection = ClientConnection::new(config, host).unwrap();
    StreamOwned::new(connection, place.connect())
}

/// The head of the answer to a handshake (RFC 6455 4.1), and nothing behind it.
pub(crate) fn shake(stream: &mut Stream) -> Answer {
    let request = "GET /exchange/v1/bus HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
                   Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    Answer::read(&head)
}

#[test]
fn what_comes_behind_the_handshake_reaches_the_bus_as_it_is() {
    let place = Place::secure(settings());
    let mut stream = connect(&place, true);
    let answer = shake(&mut stream);
    assert_eq!(answer.status, 101, "{answer:?}");
    // The answer to the key of RFC 6455 1.3, as it stands there.
    let accept = answer.field("sec-websocket-accept");
    assert_eq!(accept, Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert!(answer.field("x-correlation-id").is_some());
    // A ping that is masked with zeros, and looks like no head at all; its pong comes back.
    stream.write_all(b"\x89\x84\0\0\0\0\r\n\r\n").unwrap();
    let mut pong = [0; 6];
    stream.read_exact(&mut pong).unwrap();
    assert_eq!(&pong, b"\x8a\x04\r\n\r\n");
}

#[test]
fn nobody_without_a_certificate_comes_to_the_bus() {
    let place = Place::secure(settings());
    let answer = shake(&mut connect(&place, false));
    assert_eq!(
        (answer.status, answer.field("content-type").is_some()),
        (401, true)
    );
    let plain = Place::plain(settings());
    let request = b"GET /exchange/v1/bus HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = plain.send(request);
    assert_eq!((answer.status, &*answer.problem()), (404, "not-found"));
}
