//! An HTTP server on the loopback address that records what arrives, byte for byte.

use std::io::{ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use daxsign_http::receive::read_request;

use crate::request::OwnedRequest;

/// The longest request that a test sends.
const MAX_LEN: usize = 4 << 20;

/// An answer: status and, for a redirect, where to.
pub type Answer = (u16, Option<String>);

/// The server. Its thread ends with the process.
#[derive(Debug)]
pub struct Server {
    port: u16,
    received: Arc<Mutex<Vec<OwnedRequest>>>,
}

impl Server {
    /// Starts it; `answer` decides by the request's target.
    pub fn start(answer: impl Fn(&str) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port on loopback");
        let port = listener.local_addr().expect("an address").port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&received);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                serve(connection.expect("a connection"), &answer, &list);
            }
        });
        Self { port, received }
    }

    /// `http://127.0.0.1:port`, without a path.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.host())
    }

    /// What a `Host` field must say.
    #[must_use]
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The requests that came since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<OwnedRequest> {
        std::mem::take(&mut self.received.lock().expect("the list"))
    }
}

/// One request, one answer, and the connection is closed.
fn serve(
    mut stream: TcpStream,
    answer: impl Fn(&str) -> Answer,
    received: &Mutex<Vec<OwnedRequest>>,
) {
    let timeout = Some(Duration::from_secs(10));
    stream.set_read_timeout(timeout).expect("a time-out");
    let bytes = match read_request(&mut stream, MAX_LEN) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::InvalidData => panic!("{error}"),
        // A connection opened and not used.
        Err(_) => return,
    };
    let request = OwnedRequest::from_http(&bytes).expect("a request");
    let (status, location) = answer(&request.target);
    received.lock().expect("the list").push(request);
    let location = location.map_or(String::new(), |to| format!("Location: {to}\r\n"));
    let text = format!(
        "HTTP/1.1 {status} Answer\r\n{location}Content-Length: 2\r\nConnection: close\r\n\r\nok"
    );
    stream
        .write_all(text.as_bytes())
        .expect("the answer goes out");
}
