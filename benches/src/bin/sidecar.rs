//! The two ends of `benches/sidecar`: an upstream of the REST API's kind with TLS, and a client that sends so many
//! requests a second.
//!
//! ```text
//! sidecar serve CERTIFICATE KEY        prints its port; answers until its input ends
//! sidecar pairs RATE SECONDS TURNS DIRECT-PORT CA SIDECAR-ADDRESS
//! ```
//!
//! `pairs` prints `direct-p50 direct-p99 proxied-p50 proxied-p99` in milliseconds, each the median of the turns. In a turn both
//! sides have their seconds, one after the other, so that other programs on the machine disturb both alike. A request's time
//! counts from when it was to be sent, so that one which waits behind a slow one is not forgiven.

use std::convert::Infallible;
use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep_until};
use tokio_rustls::{TlsAcceptor, TlsConnector};

const TOKEN: &str = r#"{"access_token":"a-token-of-usual-length-0123456789abcdef0123456789abcdef","token_type":"bearer","expires_in":1800}"#;
const ANSWER: &str = r#"{"apiVersion":"2.0","correlationId":"00000000-0000-4000-8000-000000000001","statusCode":200,"message":null,"paging":{"totalCount":1,"offset":0,"limit":50},"data":{"contracts":[{"contractId":"00000000-0000-4000-8000-000000000002","createdOn":"2026-01-31T08:30:00Z","signedOn":"2026-01-31T08:30:00Z","endsOn":"2027-01-31T08:30:00Z"}]}}"#;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    match words[..] {
        ["serve", certificate, key] => runtime.block_on(serve(certificate, key)),
        ["pairs", rate, seconds, turns, port, ca, sidecar] => {
            let number = |text: &str| text.parse().expect("a number");
            let load = Load {
                rate: number(rate),
                seconds: number(seconds),
            };
            let sides = [
                Side::direct(u16::try_from(number(port)).expect("a port"), ca),
                Side::proxied(sidecar),
            ];
            runtime.block_on(pairs(load, number(turns), sides));
        }
        _ => panic!("see benches/sidecar"),
    }
}

async fn serve(certificate: &str, key: &str) {
    let chain = vec![CertificateDer::from_pem_file(certificate).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    let tls = TlsAcceptor::from(Arc::new(config.expect("a certificate and its key")));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    println!("{}", listener.local_addr().expect("an address").port());
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let tls = tls.clone();
        tokio::spawn(async move {
            if let Ok(stream) = tls.accept(stream).await {
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(answer))
                    .await;
            }
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let text = if request.uri().path() == "/oauth/token" {
        TOKEN
    } else {
        ANSWER
    };
    let _ = request.into_body().collect().await;
    let response = Response::builder().header("content-type", "application/json; charset=utf-8");
    Ok(response
        .body(Full::new(Bytes::from_static(text.as_bytes())))
        .expect("an answer"))
}

/// So many requests a second, for so many seconds.
#[derive(Clone, Copy)]
struct Load {
    rate: u32,
    seconds: u32,
}

/// Where requests go, and the connections that lie idle.
struct Side {
    host: String,
    address: String,
    tls: Option<TlsConnector>,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

impl Side {
    fn direct(port: u16, ca: &str) -> Self {
        let mut roots = RootCertStore::empty();
        let ca = CertificateDer::from_pem_file(ca).expect("a certificate");
        roots.add(ca).expect("a root");
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            host: format!("localhost:{port}"),
            address: format!("127.0.0.1:{port}"),
            tls: Some(TlsConnector::from(Arc::new(config))),
            idle: Mutex::default(),
        }
    }

    fn proxied(address: &str) -> Self {
        Self {
            host: address.into(),
            address: address.into(),
            tls: None,
            idle: Mutex::default(),
        }
    }

    async fn open(&self) -> SendRequest<Full<Bytes>> {
        let stream = TcpStream::connect(&self.address).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        if let Some(tls) = &self.tls {
            let name = ServerName::try_from("localhost").expect("a name");
            let stream = tls.connect(name, stream).await.expect("TLS");
            let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP");
            tokio::spawn(connection);
            sender
        } else {
            let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP");
            tokio::spawn(connection);
            sender
        }
    }

    /// Sends one request and reads its answer.
    async fn call(&self) {
        let idle = self.idle.lock().expect("no panic").pop();
        let mut sender = match idle {
            Some(sender) => sender,
            None => self.open().await,
        };
        let request = Request::builder()
            .uri("/api/v2.0/contracts")
            .header("host", &self.host)
            .header("content-type", "application/json; charset=utf-8")
            .body(Full::new(Bytes::from_static(b"{}")))
            .expect("a request");
        let answer = sender.send_request(request).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.into_body().collect().await.expect("its body");
        if sender.ready().await.is_ok() {
            self.idle.lock().expect("no panic").push(sender);
        }
    }

    /// Times of all requests, in milliseconds, sorted.
    async fn run(self: &Arc<Self>, load: Load) -> Vec<f64> {
        let start = Instant::now() + Duration::from_millis(20);
        let mut calls = Vec::new();
        for number in 0..load.rate * load.seconds {
            let due = start + Duration::from_secs(1) * number / load.rate;
            let side = Arc::clone(self);
            sleep_until(due).await;
            calls.push(tokio::spawn(async move {
                side.call().await;
                due.elapsed().as_secs_f64() * 1e3
            }));
        }
        let mut times = Vec::new();
        for call in calls {
            times.push(call.await.expect("no panic"));
        }
        times.sort_by(f64::total_cmp);
        times
    }
}

async fn pairs(load: Load, turns: u32, sides: [Side; 2]) {
    let sides = sides.map(Arc::new);
    let mut columns: [Vec<f64>; 4] = Default::default();
    for turn in 0..=turns {
        for (place, side) in sides.iter().enumerate() {
            let times = side.run(load).await;
            // The first turn opens connections and fetches a token.
            if turn > 0 {
                columns[place * 2].push(times[times.len() / 2]);
                columns[place * 2 + 1].push(times[times.len() * 99 / 100]);
            }
        }
    }
    let medians = columns.map(|mut all| {
        all.sort_by(f64::total_cmp);
        format!("{:.3}", all[all.len() / 2])
    });
    println!("{}", medians.join(" "));
}
