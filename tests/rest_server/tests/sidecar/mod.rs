//! The sidecar as a process, and what its clients send and get, byte for byte.
// Not every test uses all of it.
#![allow(dead_code, reason = "shared by several tests")]

pub(crate) mod answer;
pub(crate) mod upstream;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use daxsign_tests::caller::Caller;
use daxsign_tests::tool::binary;

use answer::Answer;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// `daxsign proxy`, ended when it is dropped.
pub(crate) struct Sidecar {
    child: Child,
    /// Host and port that clients connect to.
    pub(crate) address: String,
    /// The UNIX socket, if it was told to listen at one.
    pub(crate) socket: Option<PathBuf>,
    /// Host and port for the operator, if it was told to.
    pub(crate) admin: Option<String>,
    /// The settings that it runs with.
    pub(crate) caller: Caller,
    log: Arc<Mutex<String>>,
}

impl Sidecar {
    /// Starts it with the caller's settings, at a free port.
    pub(crate) fn start(caller: Caller, options: &[&str]) -> Self {
        let mut command = caller.command(binary());
        command
            .args(["proxy", "--listen", "127.0.0.1:0"])
            .args(options)
            .env("RUST_BACKTRACE", "1")
            // Unless an option says otherwise.
            .env("DAXSIGN_PROXY_ADMIN", "off");
        let mut child = command
            .stdin(Stdio::null())
            .spawn()
            .expect("the tool starts");
        let log = follow(child.stderr.take().expect("its standard error"));
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut next = |before: &str| {
            let line = lines.next().and_then(Result::ok).unwrap_or_default();
            let told = line.strip_prefix(before).map(str::to_owned);
            told.unwrap_or_else(|| panic!("\"{line}\" and not {before}: {}", text(&log)))
        };
        let address = next("listening on http://");
        let listens_at_socket = options.iter().any(|option| option.starts_with("unix:"));
        let socket = listens_at_socket.then(|| next("listening on unix:").into());
        let admin = options
            .contains(&"--admin")
            .then(|| next("admin on http://"));
        Self {
            child,
            address,
            socket,
            admin,
            caller,
            log,
        }
    }

    /// What stands on standard error so far.
    pub(crate) fn log(&self) -> String {
        text(&self.log)
    }

    /// A new connection.
    pub(crate) fn connect(&self) -> Conversation {
        Conversation::with(&self.address)
    }

    /// Sends these bytes; reads `count` answers, or fewer if the connection ends.
    pub(crate) fn exchange(&self, bytes: &[u8], count: usize) -> Vec<Answer> {
        let mut conversation = self.connect();
        conversation.send(bytes);
        std::iter::from_fn(|| conversation.answer())
            .take(count)
            .collect()
    }

    /// Sends one request and reads its answer.
    pub(crate) fn ask(&self, bytes: &[u8]) -> Answer {
        let answers = self.exchange(bytes, 1);
        answers.into_iter().next().expect("an answer")
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("kill starts").success(), "kill");
    }

    /// Waits until it ends by itself; the exit code.
    pub(crate) fn ends_within(&mut self, time: Duration) -> Option<i32> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }

    /// Bytes of memory that it holds, and its open files.
    pub(crate) fn held(&self) -> (usize, usize) {
        let folder = format!("/proc/{}", self.child.id());
        let status = std::fs::read_to_string(format!("{folder}/status")).expect("/proc");
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
        let kilobytes: usize = kilobytes
            .and_then(|text| text.parse().ok())
            .expect("a size");
        let files = std::fs::read_dir(format!("{folder}/fd")).expect("/proc");
        (kilobytes * 1024, files.count())
    }
}

impl Drop for Sidecar {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let log = self.log();
        if !std::thread::panicking() {
            assert!(!log.contains("panicked"), "{log}");
            // Neither the password nor a token is ever shown.
            assert!(!log.contains(rest_server::identity::PASSWORD), "{log}");
            assert!(!log.contains("token+"), "{log}");
        }
    }
}

/// Keeps what comes, so that who writes it never waits.
fn follow(mut from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let kept = Arc::new(Mutex::new(String::new()));
    let into = Arc::clone(&kept);
    std::thread::spawn(move || {
        let mut bytes = [0; 4_096];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let more = String::from_utf8_lossy(&bytes[..count]).into_owned();
            into.lock().expect("no reader panicked").push_str(&more);
        }
    });
    kept
}

fn text(log: &Mutex<String>) -> String {
    log.lock().expect("no writer panicked").clone()
}

/// A client's connection, raw.
pub(crate) struct Conversation {
    stream: BufReader<TcpStream>,
}

impl Conversation {
    pub(crate) fn with(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the other side listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        let stream = BufReader::new(stream);
        Self { stream }
    }

    /// Sends these bytes. The other side may have had enough before their end.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.get_mut().write_all(bytes).is_ok()
    }

    /// The next answer; `None` where the connection ends instead.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        Answer::read(&mut self.stream)
    }

    /// Whether nothing more comes, and the connection is at its end.
    pub(crate) fn is_over_within(&mut self, time: Duration) -> bool {
        self.stream
            .get_ref()
            .set_read_timeout(Some(time))
            .expect("a time limit");
        match self.stream.read(&mut [0; 1]) {
            Ok(count) => count == 0,
            // Cut, where not all was read that was sent.
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
