//! `daxsign proxy` as a process, on ports of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::folder::Folder;

/// The sidecar, running; killed when it is dropped.
#[derive(Debug)]
pub struct Sidecar {
    /// It.
    pub process: Child,
    /// Kept open: what it prints is not refused.
    _out: BufReader<ChildStdout>,
    /// Where services come in.
    pub port: u16,
    admin: u16,
    /// The access log.
    pub log: PathBuf,
}

impl Sidecar {
    /// Starts it with these further arguments, on ports of its own.
    pub fn start(mut command: Command, folder: &Folder, arguments: &[&str]) -> Self {
        let log = folder.path("access.log");
        command.args(["proxy", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        command.arg("--access-log").arg(&log).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("the sidecar starts");
        let mut out = BufReader::new(process.stdout.take().expect("its output"));
        let mut port = |label: &str| {
            let mut line = String::new();
            out.read_line(&mut line).expect("a line");
            let port = line
                .strip_prefix(label)
                .and_then(|rest| rest.trim().parse().ok());
            port.unwrap_or_else(|| panic!("{label}: {line:?}"))
        };
        let port_of_services = port("listening on http://127.0.0.1:");
        let admin = port("admin on http://127.0.0.1:");
        Self {
            process,
            _out: out,
            port: port_of_services,
            admin,
            log,
        }
    }

    /// Sends a request as a service does.
    pub fn send(&self, request: &[u8]) -> Answer {
        exchange(self.port, request)
    }

    /// Asks as an operator does.
    pub fn ask(&self, path: &str) -> Answer {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        exchange(self.admin, request.as_bytes())
    }

    /// The value of a metric.
    pub fn metric(&self, name: &str) -> f64 {
        let answer = self.ask("/metrics");
        let mut lines = answer.body.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
        value.unwrap_or_else(|| panic!("{name}: {}", answer.body))
    }

    /// Sends it a signal: `-HUP`.
    pub fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Its lines in the access log so far.
    pub fn lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

impl Drop for Sidecar {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its head.
    pub head: String,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// A field's value.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Sends to a port, and reads until the connection ends.
pub fn exchange(port: u16, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a time");
    stream.write_all(request).expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("a status");
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Waits until something holds.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < end, "not within 30 s: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
