//! The access log: a line of JSON for each request. It holds no query, field or body, so no secret; values are
//! written as JSON strings, so that nobody writes a line of his own; and what cannot be written is counted and
//! left out: requests never wait for a log.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use daxsign_core::Timestamp;
use serde_json::{Map, Value, json};

/// How many lines may wait to be written.
const MAX_WAITING: usize = 1024;
/// Longer paths and methods are cut.
const MAX_TEXT: usize = 1024;
/// The writer needs little.
const STACK: usize = 128 << 10;

/// What is told of a request. Each field of a line has the name that it has here.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// When it was received.
    pub time: Option<Timestamp>,
    /// The id by which it is found in other logs.
    pub correlation_id: String,
    /// The id that the upstream gave it, where that is another.
    pub upstream_correlation_id: Option<String>,
    /// The method.
    pub method: String,
    /// The target without its query.
    pub path: String,
    /// The status of the answer; `None` where the client went before there was one.
    pub status: Option<u16>,
    /// The name of the error, where the sidecar itself answered.
    pub error: Option<&'static str>,
    /// Whose key signed it (verifying).
    pub peer: Option<String>,
    /// The bytes of the body that was received.
    pub body_bytes: u64,
    /// From the first byte of the head to the head of the answer.
    pub total: Duration,
    /// What of that went by in the queue.
    pub queued: Option<Duration>,
    /// What of that went by for a token.
    pub token: Option<Duration>,
    /// What of that went by for signing, or for verifying.
    pub signature: Option<Duration>,
    /// What of that went by until the upstream answered.
    pub upstream: Option<Duration>,
    /// How often it was sent: more than once after a redirect or a new token.
    pub attempts: Option<u32>,
}

impl Entry {
    /// The line, with its end.
    #[must_use]
    pub fn line(&self) -> String {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                fields.insert(name.to_owned(), value);
            }
        };
        let time = self.time.and_then(|time| time.format().ok());
        put("time", json!(time.map(|time| time.to_string())));
        put("correlation_id", json!(self.correlation_id));
        put(
            "upstream_correlation_id",
            json!(self.upstream_correlation_id.as_deref().map(cut)),
        );
        put("method", json!(cut(&self.method)));
        // Whatever was handed in: what follows the path may be a secret.
        put(
            "path",
            json!(cut(self.path.split(['?', '#']).next().unwrap_or_default())),
        );
        put("status", json!(self.status));
        put("error", json!(self.error));
        put("peer", json!(self.peer));
        put("body_bytes", json!(self.body_bytes));
        put("total_ms", milliseconds(Some(self.total)));
        put("queued_ms", milliseconds(self.queued));
        put("token_ms", milliseconds(self.token));
        put("signature_ms", milliseconds(self.signature));
        put("upstream_ms", milliseconds(self.upstream));
        put("attempts", json!(self.attempts));
        let mut line = ascii(&Value::Object(fields).to_string());
        line.push('\n');
        line
    }
}

/// JSON without a byte that means more than itself to terminals and readers of lines.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for one in json.chars() {
        if matches!(one, ' '..='~') {
            text.push(one);
            continue;
        }
        for unit in one.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// Milliseconds to the microsecond.
fn milliseconds(time: Option<Duration>) -> Value {
    json!(time.map(|time| (time.as_secs_f64() * 1e6).round() / 1e3))
}

/// The start of a text.
fn cut(text: &str) -> &str {
    let end = text.floor_char_boundary(MAX_TEXT);
    text.get(..end).unwrap_or_default()
}

/// Where lines go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nowhere.
    Off,
    /// Standard error.
    StandardError,
    /// The end of this file, which is opened anew after [`AccessLog::reopen`].
    File(PathBuf),
}

enum Message {
    Line(String),
    Reopen,
}

/// The log, for every task. A thread of its own writes.
#[derive(Clone, Debug)]
pub struct AccessLog {
    sender: Option<SyncSender<Message>>,
    lost: Arc<AtomicU64>,
}

impl AccessLog {
    /// A log.
    ///
    /// # Errors
    /// A file that cannot be opened, or a thread that cannot be started.
    pub fn start(target: Target) -> io::Result<Self> {
        let lost = Arc::new(AtomicU64::new(0));
        let sink: Box<dyn Write + Send> = match &target {
            Target::Off => return Ok(Self { sender: None, lost }),
            Target::StandardError => Box::new(io::stderr()),
            Target::File(path) => Box::new(open(path)?),
        };
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let writer = Writer {
            target,
            sink,
            lost: Arc::clone(&lost),
        };
        let thread = std::thread::Builder::new()
            .name("access-log".into())
            .stack_size(STACK);
        thread.spawn(move || writer.run(&receiver))?;
        Ok(Self {
            sender: Some(sender),
            lost,
        })
    }

    /// Tells of a request. Never waits.
    pub fn tell(&self, entry: &Entry) {
        if self.sender.is_some() {
            self.send(Message::Line(entry.line()));
        }
    }

    /// Opens the file anew, since it was moved away. Never waits.
    pub fn reopen(&self) {
        self.send(Message::Reopen);
    }

    /// How many lines were left out, since they could not be written.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    fn send(&self, message: Message) {
        let Some(sender) = &self.sender else { return };
        if let Err(TrySendError::Full(Message::Line(_)) | TrySendError::Disconnected(_)) =
            sender.try_send(message)
        {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.open(path)
}

struct Writer {
    target: Target,
    sink: Box<dyn Write + Send>,
    lost: Arc<AtomicU64>,
}

impl Writer {
    /// Until nobody can tell anything any more.
    fn run(mut self, messages: &Receiver<Message>) {
        while let Ok(message) = messages.recv() {
            match message {
                // One call for each line: lines of several writers do not mix, and a full disk takes a line whole.
                Message::Line(line) => {
                    if self.sink.write_all(line.as_bytes()).is_err() {
                        self.lost.fetch_add(1, Ordering::Relaxed);
                    }
                }
                Message::Reopen => {
                    if let Target::File(path) = &self.target
                        && let Ok(file) = open(path)
                    {
                        self.sink = Box::new(file);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_stands_in_it() {
        let entry = Entry {
            time: Timestamp::from_unix(1_589_719_470, 0).ok(),
            correlation_id: "a".into(),
            method: "GET\n{\"method\":\"POST\"}".into(),
            path: "/a\r\n\"\u{1b}[31m\u{2028}\u{9b}\u{7f}é🙂?pin=1234".into(),
            status: Some(200),
            total: Duration::from_micros(1234),
            ..Entry::default()
        };
        let line = entry.line();
        assert!(
            line.ends_with('\n') && line.matches('\n').count() == 1,
            "{line}"
        );
        assert!(
            line.trim_end()
                .bytes()
                .all(|byte| matches!(byte, b' '..=b'~'))
                && !line.contains("1234\"")
                && !line.contains("pin")
        );
        let read: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(read["path"], "/a\r\n\"\u{1b}[31m\u{2028}\u{9b}\u{7f}é🙂");
        assert_eq!(read["time"], "2020-05-17T12:44:30.0000000Z");
        assert_eq!(read["total_ms"], 1.234);
        assert!(read.get("peer").is_none());
    }

    #[test]
    fn a_long_path_is_cut_between_characters() {
        let path = "é".repeat(MAX_TEXT);
        let read: Value = serde_json::from_str(
            &Entry {
                path,
                ..Entry::default()
            }
            .line(),
        )
        .expect("JSON");
        assert_eq!(read["path"].as_str().map(str::len), Some(MAX_TEXT));
    }

    /// Waits until `found` gives something.
    fn wait_for<T>(mut found: impl FnMut() -> Option<T>) -> T {
        for _ in 0..500 {
            if let Some(found) = found() {
                return found;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("nothing within five seconds");
    }

    #[test]
    fn a_file_that_was_moved_away_is_opened_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, moved) = (folder.path().join("log"), folder.path().join("log.1"));
        let log = AccessLog::start(Target::File(path.clone())).expect("a log");
        log.tell(&Entry {
            method: "ONE".into(),
            ..Entry::default()
        });
        wait_for(|| {
            std::fs::read_to_string(&path)
                .ok()
                .filter(|text| text.contains("ONE"))
        });
        std::fs::rename(&path, &moved).expect("moved");
        log.reopen();
        log.tell(&Entry {
            method: "TWO".into(),
            ..Entry::default()
        });
        wait_for(|| {
            std::fs::read_to_string(&path)
                .ok()
                .filter(|text| text.contains("TWO"))
        });
        assert!(
            !std::fs::read_to_string(&moved)
                .expect("the old one")
                .contains("TWO")
        );
        assert_eq!(log.lost(), 0);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_counted_and_stops_nothing() {
        let log = AccessLog::start(Target::File("/dev/full".into())).expect("a log");
        for _ in 0..10 {
            log.tell(&Entry::default());
        }
        wait_for(|| (log.lost() == 10).then_some(()));
    }

    #[test]
    fn a_writer_that_hangs_stops_nothing() {
        /// Takes nothing, ever.
        struct Hanging(Receiver<()>);
        impl Write for Hanging {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let _ = self.0.recv();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (held, hanging) = sync_channel(0);
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let sink = Box::new(Hanging(hanging));
        let writer = Writer {
            target: Target::StandardError,
            sink,
            lost: Arc::clone(&lost),
        };
        let thread = std::thread::spawn(move || writer.run(&receiver));
        let log = AccessLog {
            sender: Some(sender),
            lost,
        };
        let told = MAX_WAITING + 10;
        for _ in 0..told {
            log.tell(&Entry::default());
        }
        // One may be with the writer.
        assert!((9..=10).contains(&log.lost()), "{} lost", log.lost());
        drop((held, log));
        thread.join().expect("the writer ends with the log");
    }
}
