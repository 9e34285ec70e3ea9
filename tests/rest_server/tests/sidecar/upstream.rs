//! An upstream that keeps what arrives byte for byte, and answers whatever it is told to: also what no
//! server should.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use daxsign_http::receive::read_request;
use daxsign_tests::caller::Caller;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::request::OwnedRequest;
use rest_server::identity;
use rest_server::scenario::Rule;
use rest_server::signature::Verifier;
use serde_json::json;

/// The longest request that a test sends.
const MAX_LEN: usize = 4 << 20;
/// The token that is given out.
pub(crate) const TOKEN: &str = "token+upstream/1==";
/// What is answered by default.
pub(crate) const GOOD: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"data\":{}}";

/// What the upstream does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Sends these bytes, and waits for the next request.
    Say(Vec<u8>),
    /// The same after some time.
    SayLater(Duration, Vec<u8>),
    /// Sends these bytes, and ends the connection.
    SayAndCut(Vec<u8>),
}

impl Act {
    pub(crate) fn good() -> Self {
        Self::Say(GOOD.to_vec())
    }

    /// An answer of JSON.
    pub(crate) fn json(status: &str, body: &str) -> Self {
        let length = body.len();
        let text = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        Self::Say(text.into_bytes())
    }

    /// A token that is good for so many seconds.
    pub(crate) fn token(expires_in: u64) -> Self {
        let body = json!({"access_token": TOKEN, "token_type": "bearer", "expires_in": expires_in});
        Self::json("200 OK", &body.to_string())
    }
}

/// The upstream. Its threads end with the process.
pub(crate) struct Upstream {
    /// Host and port.
    pub(crate) address: String,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    calls: Vec<Vec<u8>>,
    tokens: usize,
    connections: usize,
}

impl Upstream {
    /// One that gives tokens and answers [`GOOD`].
    pub(crate) fn start() -> Self {
        Self::acting(|_| Act::good())
    }

    /// One that gives tokens, and does with calls as it is told.
    pub(crate) fn acting(act: impl Fn(&OwnedRequest) -> Act + Send + Sync + 'static) -> Self {
        Self::acting_with_tokens(|| Act::token(1_800), act)
    }

    /// One that does as it is told.
    pub(crate) fn acting_with_tokens(
        token: impl Fn() -> Act + Send + Sync + 'static,
        act: impl Fn(&OwnedRequest) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port on loopback");
        let address = listener.local_addr().expect("an address").to_string();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let keeping = Arc::clone(&kept);
        let acts = Arc::new((token, act));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (keeping, acts) = (Arc::clone(&keeping), Arc::clone(&acts));
                keeping.lock().expect("no panic").connections += 1;
                std::thread::spawn(move || {
                    converse(stream.expect("a connection"), &keeping, &acts.0, &acts.1);
                });
            }
        });
        Self { address, kept }
    }

    /// Settings of a caller of it.
    pub(crate) fn caller(&self, more: &[&str]) -> Caller {
        let invitation = json!({
            "base": format!("http://{}", self.address),
            "user": identity::USER,
            "password": identity::PASSWORD,
            "client_id": identity::CLIENT_ID,
            "partner": identity::PARTNER,
            "instance": identity::INSTANCE,
            "key": identity::private_key(),
        });
        let options = [&["--signing", "observed"], more].concat();
        Caller::with_settings(&invitation, &options)
    }

    /// The calls that came since this was asked last, byte for byte.
    pub(crate) fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.kept.lock().expect("no panic").calls)
    }

    /// How many calls came since they were taken.
    pub(crate) fn count(&self) -> usize {
        self.kept.lock().expect("no panic").calls.len()
    }

    /// How many tokens were asked for.
    pub(crate) fn tokens(&self) -> usize {
        self.kept.lock().expect("no panic").tokens
    }

    /// How many connections were opened.
    pub(crate) fn connections(&self) -> usize {
        self.kept.lock().expect("no panic").connections
    }
}

fn converse(
    mut stream: TcpStream,
    kept: &Mutex<Kept>,
    token: &impl Fn() -> Act,
    act: &impl Fn(&OwnedRequest) -> Act,
) {
    let _ = stream.set_nodelay(true);
    while let Ok(bytes) = read_request(&mut stream, MAX_LEN) {
        let request = OwnedRequest::from_http(&bytes).expect("a request");
        let act = if request.target == "/oauth/token" {
            kept.lock().expect("no panic").tokens += 1;
            token()
        } else {
            kept.lock().expect("no panic").calls.push(bytes);
            act(&request)
        };
        let sent = match act {
            Act::Say(bytes) => stream.write_all(&bytes),
            Act::SayLater(time, bytes) => {
                std::thread::sleep(time);
                stream.write_all(&bytes)
            }
            Act::SayAndCut(bytes) => {
                let _ = stream.write_all(&bytes);
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Judges signatures by OpenSSL and the rsa crate.
pub(crate) struct Judge(Verifier);

impl Judge {
    pub(crate) fn new() -> Self {
        let _ = OpenSsl::default().run("version");
        Self(Verifier::new(true))
    }

    /// Fails unless what arrived is signed as it must be. What it was, without what differs from time to
    /// time: the head's lines with names in lowercase, a blank line, and the body.
    pub(crate) fn without_signature(&self, bytes: &[u8]) -> String {
        let request = OwnedRequest::from_http(bytes).expect("a request");
        let trimmed = |(name, value): &(String, Vec<u8>)| {
            (name.to_ascii_lowercase(), value.trim_ascii().to_vec())
        };
        let request = OwnedRequest {
            headers: request.headers.iter().map(trimmed).collect(),
            ..request
        };
        let held = self.0.verify(&request, &[Rule::observed()]);
        let text = String::from_utf8_lossy(bytes);
        held.unwrap_or_else(|why| panic!("{why}: {text}"));
        let mut shown = format!("{} {}\n", request.method, request.target);
        for (name, value) in &request.headers {
            if name != "date" && name != "signature" {
                for part in [name, ": ", &String::from_utf8_lossy(value), "\n"] {
                    shown += part;
                }
            }
        }
        shown + "\n" + &String::from_utf8_lossy(&request.body)
    }
}
