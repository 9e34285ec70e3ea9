//! HTTP/2: what hangs on pseudo-fields, and floods of frames.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use daxsign_exchange::doors::rest::Settings;
use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::rustls::{ClientConfig, ClientConnection, StreamOwned};
use daxsign_pki::tls::{Credentials, Lists, LivePolicy, Policy, RootSet, TlsClient};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};

use crate::made::*;

/// Of a client that shows this, or nothing.
pub(crate) fn config(own: Option<Credentials>) -> Arc<ClientConfig> {
    let set = RootSet::new("exchange", &[&root()], Lists::NotAsked).unwrap();
    let live = LivePolicy::new(Policy::of_roots(set).unwrap());
    let (config, _) = TlsClient::new(own, live).connection(&host()).unwrap();
    let mut config = Arc::unwrap_or_clone(config);
    config.alpn_protocols = vec![b"h2".to_vec()];
    Arc::new(config)
}

pub(crate) fn host() -> ServerName<'static> {
    "localhost".try_into().unwrap()
}

/// A connection that a library keeps, with the window for each answer.
pub(crate) async fn connect(
    place: &Place,
    own: Option<Credentials>,
    window: Option<u32>,
) -> SendRequest<Full<Bytes>> {
    let stream = tokio::net::TcpStream::connect(place.address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(config(own));
    let stream = connector.connect(host(), stream).await.unwrap();
    let (sender, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    sender
}

/// What was answered; `None` where it was reset.
pub(crate) async fn heard(response: http::Response<Incoming>) -> Option<Answer> {
    let (parts, body) = response.into_parts();
    let fields = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    Some(Answer {
        status: parts.status.as_u16(),
        fields: fields.collect(),
        body: body.collect().await.ok()?.to_bytes().to_vec(),
    })
}

/// The answer to one request that a library sends; `None` where it was reset.
fn ask(place: &Place, request: Request<Full<Bytes>>) -> Option<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async move {
        let mut sender = connect(place, None, None).await;
        heard(sender.send_request(request).await.ok()?).await
    })
}

/// The same request as bytes of HTTP/1.1 have it.
pub(crate) fn as_http2(message: &[u8], authority: &str) -> http::request::Builder {
    let text = String::from_utf8(message.to_vec()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap(), first.next().unwrap());
    let mut request = Request::builder()
        .method(method)
        .uri(format!("https://{authority}{target}"));
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        if !["connection", "host"].contains(&&*name.to_lowercase()) {
            request = request.header(name, value);
        }
    }
    request
}

pub(crate) fn card() -> Full<Bytes> {
    Full::new(Bytes::from_static(CARD.as_bytes()))
}

fn token(place: &Place) -> String {
    let form = form("anna", PASSWORD, a().instance);
    let request = Request::post("https://localhost/oauth/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(form)));
    let answer = ask(place, request.unwrap()).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_signed_request_goes_through_and_its_host_is_the_authority() {
    let place = Place::secure(settings());
    let message = signed_request(&token(&place), "POST", &cards(), CARD, "");
    // `host` is listed: the authority stands for it.
    let answer = ask(
        &place,
        as_http2(&message, "localhost").body(card()).unwrap(),
    )
    .unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.field("signature").is_some());
    assert_eq!(answer.body, ANSWER.as_bytes());
    assert_eq!(place.received(), 1);
}

#[test]
fn fields_that_contradict_the_frames_are_refused() {
    let place = Place::secure(settings());
    let token = token(&place);
    let message = signed_request(&token, "POST", &cards(), CARD, "");
    let made = || as_http2(&message, "localhost");
    let cases = [
        (
            "another host",
            as_http2(&message, "evil.example").header("host", "localhost"),
        ),
        (
            "two hosts",
            made()
                .header("host", "localhost")
                .header("host", "localhost"),
        ),
        ("two lengths", made().header("content-length", "4")),
    ];
    let count = cases.len();
    for (name, request) in cases {
        let answer = ask(&place, request.body(card()).unwrap());
        // The library resets what it finds itself.
        let refused = answer.is_none_or(|answer| answer.status == 400);
        assert!(refused, "{name}");
    }
    assert_eq!(count, 3);
    // The authority alone is another than what was signed.
    let answer = ask(
        &place,
        as_http2(&message, "evil.example").body(card()).unwrap(),
    )
    .unwrap();
    assert_eq!(
        (answer.status, &*answer.problem()),
        (401, "signature-mismatch")
    );
    assert_eq!(place.received(), 0);
}

#[test]
fn a_head_that_is_too_large_is_refused_with_its_id() {
    let place = Place::secure(settings());
    let many = (0..101).fold(Request::get("https://localhost/a"), |request, number| {
        request.header(format!("x-{number}"), "y")
    });
    let long = Request::get("https://localhost/a").header("x", "a".repeat(40_000));
    for request in [many, long] {
        let answer = ask(&place, request.body(Full::default()).unwrap()).unwrap();
        assert_eq!(answer.status, 431, "{answer:?}");
        assert!(answer.field("x-correlation-id").is_some());
    }
}

/// A connection of HTTP/2 whose frames are made by hand.
struct Frames(StreamOwned<ClientConnection, TcpStream>);

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

impl Frames {
    fn open(place: &Place) -> Self {
        let stream = place.connect();
        let connection = ClientConnection::new(config(None), host()).unwrap();
        let mut frames = Self(StreamOwned::new(connection, stream));
        frames
            .0
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .unwrap();
        frames.send(4, 0, 0, &[]).unwrap();
        frames
    }

    /// Type, flags, stream.
    fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
        self.0.write_all(&[&head, payload].concat())
    }

    /// Until a frame of this type, or the end; whether it came.
    fn until(&mut self, kind: u8) -> bool {
        loop {
            let mut head = [0; 9];
            if let Err(error) = self.0.read_exact(&mut head) {
                assert!(
                    !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                    "it never ended"
                );
                return false;
            }
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            if self.0.read_exact(&mut payload).is_err() {
                return false;
            }
            if head[3] == kind {
                return true;
            }
        }
    }
}

/// Each field as a literal that is never indexed (RFC 7541 6.2.3).
fn fields(all: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    all.iter()
        .flat_map(|(name, value)| [vec![0x10], text(name), text(value)].concat())
        .collect()
}

const GET: [(&str, &str); 4] = [
    (":method", "GET"),
    (":scheme", "https"),
    (":authority", "localhost"),
    (":path", "/a"),
];

#[test]
fn requests_that_are_taken_back_at_once_end_the_connection() {
    let place = Place::secure(settings());
    let mut frames = Frames::open(&place);
    let head = fields(&GET);
    for number in 0..2_000_u32 {
        let stream = 2 * number + 1;
        let sent = frames
            .send(HEADERS, END_HEADERS | END_STREAM, stream, &head)
            .and_then(|()| frames.send(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
        if sent.is_err() {
            break;
        }
    }
    // It is told so, or finds the connection closed.
    let _ = frames.until(GOAWAY);
    let counters = place.counters();
    assert!(counters.requests.load(Ordering::SeqCst) < 2_000);
    becomes(|| counters.in_work.load(Ordering::SeqCst) == 0);
    // Others are served.
    assert!(
        ask(
            &place,
            Request::get("https://localhost/a")
                .body(Full::default())
                .unwrap()
        )
        .is_some()
    );
}

#[test]
fn a_head_without_end_ends_the_connection() {
    let place = Place::secure(settings());
    let mut frames = Frames::open(&place);
    frames.send(HEADERS, END_STREAM, 1, &fields(&GET)).unwrap();
    let since = Instant::now();
    let piece = fields(&[(
        "x-flood",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    )]);
    let mut sent = 0;
    while sent < 64 << 20 && frames.send(CONTINUATION, 0, 1, &piece.repeat(100)).is_ok() {
        sent += piece.len() * 100;
    }
    assert!(sent < 32 << 20, "{sent} bytes were taken");
    assert!(since.elapsed() < Duration::from_secs(10));
    let counters = place.counters();
    becomes(|| counters.connections.load(Ordering::SeqCst) == 0);
    assert_eq!(counters.requests.load(Ordering::SeqCst), 0);
}

#[test]
fn an_answer_whose_window_stays_shut_keeps_its_place_no_longer_than_it_may() {
    let place = Place::secure(Settings {
        in_work: 2,
        read_time: Duration::from_millis(500),
        ..settings()
    });
    let token = token(&place);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let mut sender = runtime.block_on(connect(&place, None, Some(0)));
    let request = || {
        let message = signed_request(&token, "POST", &cards(), CARD, "");
        as_http2(&message, "localhost").body(card()).unwrap()
    };
    let since = Instant::now();
    let kept: Vec<_> = (0..2)
        .map(|_| runtime.block_on(sender.send_request(request())).unwrap())
        .collect();
    assert!(kept.iter().all(|answer| answer.status() == 201));
    if since.elapsed() < Duration::from_millis(400) {
        assert_eq!(ask(&place, request()).unwrap().status, 503);
    }
    // Nothing is read of them, and the connection answers pings all the while.
    becomes(|| ask(&place, request()).unwrap().status == 201);
    let took = since.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    becomes(|| sender.is_closed());
}
