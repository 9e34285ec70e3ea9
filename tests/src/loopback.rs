//! An HTTP server on the loopback address that records what arrives, byte for byte.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::request::OwnedRequest;

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
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let request = loop {
        match stream.read(&mut buffer) {
            // A connection opened and not used.
            Ok(0) | Err(_) => return,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
        if let Some(request) = parse(&bytes) {
            break request;
        }
    };
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

/// The request, once all of it is there. What follows the body would be a fault of the client.
fn parse(bytes: &[u8]) -> Option<OwnedRequest> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).expect("a head in UTF-8");
    let mut lines = head.split("\r\n");
    let first: Vec<&str> = lines.next().expect("a request line").split(' ').collect();
    assert_eq!((first.len(), first[2]), (3, "HTTP/1.1"), "{head}");
    let headers: Vec<(String, Vec<u8>)> = lines
        .map(|line| line.split_once(':').expect("a field"))
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    let body = &bytes[end + 4..];
    let length = |(_, value): &(String, Vec<u8>)| -> usize {
        let text = std::str::from_utf8(value).expect("a length");
        text.trim().parse().expect("a length")
    };
    let is_length = |(name, _): &&(String, Vec<u8>)| name.eq_ignore_ascii_case("content-length");
    let declared = headers.iter().find(is_length).map_or(0, length);
    assert!(body.len() <= declared, "more than the declared body came");
    (body.len() == declared).then(|| OwnedRequest {
        method: first[0].into(),
        target: first[1].into(),
        headers,
        body: body.to_vec(),
    })
}
