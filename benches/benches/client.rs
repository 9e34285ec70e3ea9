//! What the client of the REST API costs beside what it must do, against a server of its own in
//! another process.
//!
//! ```sh
//! cargo bench -p daxsign-benches --features client --bench client
//! ```
//!
//! prints two lines: the processor time of a call above that of its signature, and the throughput of
//! 32 calls at once beside that of hyper's own client which sends the same bodies, signed by the
//! core. Each is the median of turns that follow each other, so that other programs on the machine
//! disturb both sides alike.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use daxsign_client::api::ListContracts;
use daxsign_client::{Key, ProxyChoice, Secret, Settings, asynchronous, blocking};
use daxsign_core::{
    Components, HeaderField, PrivateKey, Profile, Request as Signed, RequestSigner, Timestamp,
    signature_header_len,
};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::{Builder, Runtime};

/// Turns of each side.
const TURNS: usize = 25;
/// Calls in a turn, one after the other.
const CALLS: u32 = 100;
/// Calls at once, and how many each of them makes in a turn.
const AT_ONCE: u32 = 32;
const EACH: u32 = 10;

const KEY: &[u8] = include_bytes!("../../tests/vectors/keys/rsa2048.pkcs8.pem");
const LIST: &str = "(request-target) date";
const PATH: &str = "/api/v2.0/contracts";
const TOKEN: &str = r#"{"access_token":"a-token-of-usual-length-0123456789abcdef0123456789abcdef","token_type":"bearer","expires_in":1800}"#;
const ANSWER: &str = r#"{"apiVersion":"2.0","correlationId":"00000000-0000-4000-8000-000000000001","statusCode":200,"message":null,"paging":{"totalCount":1,"offset":0,"limit":50},"data":{"contracts":[{"contractId":"00000000-0000-4000-8000-000000000002","createdOn":"2026-01-31T08:30:00Z","signedOn":"2026-01-31T08:30:00Z","endsOn":"2027-01-31T08:30:00Z"}]}}"#;

fn main() {
    if std::env::args().any(|argument| argument == "--serve") {
        return serve();
    }
    let (mut server, address) = start();
    let overhead = median((0..TURNS).map(|_| overhead(&address)).collect());
    println!("call-above-signing {:.3} ms", overhead * 1e3);
    let throughput = throughput(&address);
    println!("throughput-32-of-hyper-and-signing {throughput:.2}");
    server.kill().expect("the server ends");
    server.wait().expect("the server ends");
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads")
}

/// The processor time of this process, in seconds.
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
    .as_secs_f64()
}

/// The processor time of one of so many, in seconds.
fn each(count: u32, mut work: impl FnMut()) -> f64 {
    let start = processor_time();
    for _ in 0..count {
        work();
    }
    (processor_time() - start) / f64::from(count)
}

fn settings(address: &str) -> Settings {
    let id = "3f0b2f4e-5b5c-4f0f-9d65-0c0f6f1f7a11"
        .parse()
        .expect("a GUID");
    let password = Secret::new("password".to_owned());
    let mut settings = Settings::observed(address, id, "user", password).expect("settings");
    settings.proxy = ProxyChoice::None;
    settings
}

fn client_key() -> Key {
    Key::from_bytes(KEY).expect("a key")
}

/// A call's processor time above that of its signature, in seconds.
fn overhead(address: &str) -> f64 {
    let client = blocking::Client::new(settings(address), client_key()).expect("a client");
    let key = PrivateKey::from_bytes(KEY).expect("a key");
    let call = || drop(client.call(&ListContracts::new()).expect("contracts"));
    // A token and a connection.
    call();
    let calls = each(CALLS, call);
    let signatures = each(CALLS, || drop(sign(&key)));
    calls - signatures
}

/// A date and the signature of a request with it, by the core alone.
fn sign(key: &PrivateKey) -> (String, String) {
    static LAST: AtomicI64 = AtomicI64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    let time = Timestamp::from_unix(1_800_000_000 + number, 0).expect("a time");
    let date = time.format().expect("a date");
    let fields = [
        HeaderField::new("Content-Type", "application/json; charset=utf-8"),
        HeaderField::new("Date", &date),
    ];
    let request = Signed::new("GET", PATH, &fields, "{}");
    let list = Components::parse(LIST).expect("a list");
    let mut out = [0; signature_header_len(2048, LIST.len())];
    let signer = RequestSigner::new(key, Profile::VendorSdk).components(list);
    let signature = signer
        .sign(&request, &mut out)
        .expect("a signature")
        .to_owned();
    (date.to_string(), signature)
}

/// Calls per second of the client over those of hyper's own client.
fn throughput(address: &str) -> f64 {
    let runtime = runtime();
    let ours = asynchronous::Client::new(settings(address), client_key()).expect("a client");
    // As a careful user of hyper sets it up: nothing waits for a packet to fill, and signing does not
    // hold up the tasks.
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let theirs: legacy::Client<HttpConnector, Full<Bytes>> =
        legacy::Client::builder(TokioExecutor::new()).build(connector);
    let key = Arc::new(PrivateKey::from_bytes(KEY).expect("a key"));
    runtime.block_on(ours.log_in()).expect("a token");
    let ours = || {
        at_once(&runtime, || {
            let client = ours.clone();
            async move {
                for _ in 0..EACH {
                    client.call(&ListContracts::new()).await.expect("contracts");
                }
            }
        })
    };
    let theirs = || {
        at_once(&runtime, || {
            let (client, key) = (theirs.clone(), Arc::clone(&key));
            let address = address.to_owned();
            async move {
                for _ in 0..EACH {
                    plain_call(&client, &key, &address).await;
                }
            }
        })
    };
    let turn = |_| {
        let theirs = theirs();
        theirs / ours()
    };
    // Connections for both.
    turn(0);
    median((0..TURNS).map(turn).collect())
}

/// How long so many tasks take, in seconds.
fn at_once<F>(runtime: &Runtime, task: impl Fn() -> F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..AT_ONCE).map(|_| tokio::spawn(task())).collect();
        for task in tasks {
            task.await.expect("no panic");
        }
    });
    start.elapsed().as_secs_f64()
}

/// What hyper does for the same body, and one signature.
async fn plain_call(
    client: &legacy::Client<HttpConnector, Full<Bytes>>,
    key: &Arc<PrivateKey>,
    address: &str,
) {
    let key = Arc::clone(key);
    let signed = tokio::task::spawn_blocking(move || sign(&key)).await;
    let (date, signature) = signed.expect("no panic");
    let request = Request::get(format!("{address}{PATH}"))
        .header(
            "authorization",
            "Bearer a-token-of-usual-length-0123456789abcdef0123456789abcdef",
        )
        .header("content-type", "application/json; charset=utf-8")
        .header("date", date)
        .header("signature", signature)
        .body(Full::from("{}"))
        .expect("a request");
    let answer = client.request(request).await.expect("an answer");
    let body = answer
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    assert_eq!(body.len(), ANSWER.len());
}

/// The server: tokens, and always the same contracts.
fn serve() {
    runtime().block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a port");
        println!("http://{}", listener.local_addr().expect("an address"));
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(async move {
                let connection = hyper::server::conn::http1::Builder::new();
                let _ = connection
                    .serve_connection(TokioIo::new(stream), service_fn(answer))
                    .await;
            });
        }
    });
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let text = if request.uri().path() == PATH {
        ANSWER
    } else {
        TOKEN
    };
    request.into_body().collect().await?;
    let response = Response::builder().header("content-type", "application/json; charset=utf-8");
    Ok(response.body(Full::from(text)).expect("an answer"))
}

fn start() -> (Child, String) {
    let this = std::env::current_exe().expect("this program");
    let mut server = Command::new(this)
        .arg("--serve")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut address = String::new();
    let output = server.stdout.take().expect("its output");
    BufReader::new(output)
        .read_line(&mut address)
        .expect("its address");
    (server, address.trim().to_owned())
}
