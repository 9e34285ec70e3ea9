//! A sandbox in a process of its own, and a client of it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use daxsign_client::asynchronous::Client;
use daxsign_client::{Answers, Instance, Key, Roots, Secret, Settings};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::process::Process;

/// Which program makes them, and where.
pub(crate) struct Place<'p> {
    pub(crate) program: &'p Path,
    pub(crate) folder: &'p Path,
}

/// One that runs, until it is [ended](Self::end).
pub(crate) struct Sandbox {
    child: Child,
    details: Value,
    /// How long it took until it was ready.
    pub(crate) took: Duration,
}

impl Sandbox {
    /// A new one with so many card owners.
    pub(crate) fn start(place: &Place<'_>, card_owners: u32) -> Self {
        let began = Instant::now();
        let folder = place.folder.join(card_owners.to_string());
        let mut child = Command::new(place.program)
            .arg("sandbox")
            .arg(folder)
            .args(["--until-input-ends", "--card-owners"])
            .arg(card_owners.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the sandbox starts");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let mut ready = String::new();
        output.read_line(&mut ready).expect("its output");
        let took = began.elapsed();
        // Nothing else comes there.
        std::thread::spawn(move || output.read_to_end(&mut Vec::new()));
        let ready: Value = serde_json::from_str(&ready).expect("it is ready");
        let details = fs::read_to_string(text(&ready, "/details")).expect("details");
        Self {
            child,
            details: serde_json::from_str(&details).expect("JSON"),
            took,
        }
    }

    pub(crate) fn process(&self) -> Process {
        Process(self.child.id())
    }

    /// The Alliera that is asked.
    pub(crate) fn target(&self) -> Instance {
        let id = |place: &str| text(&self.details, place).parse().expect("a GUID");
        Instance {
            partner: id("/target/partner"),
            instance: id("/target/instance"),
        }
    }

    /// Takes nothing that the exchange did not sign.
    pub(crate) fn client(&self) -> Client {
        let told = |place: &str| text(&self.details, place);
        let file = |place: &str| fs::read(told(place)).expect("a file of the sandbox");
        let password = String::from_utf8(file("/client/passwordFile")).expect("UTF-8");
        let mut settings = Settings::observed(
            told("/rest"),
            told("/client/instance").parse().expect("a GUID"),
            told("/client/user"),
            Secret::new(password.trim()),
        )
        .expect("settings");
        settings.roots = Roots::Only(file("/authority"));
        let exchange = Answers::pinned(&file("/exchangeCertificate"));
        settings.answers = Answers::RequireSigned(exchange.expect("a certificate"));
        let key = Key::read(told("/client/key")).expect("a key");
        Client::new(settings, key).expect("a client")
    }

    pub(crate) fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().expect("it ends").success());
    }
}

/// As many threads as a server of two cores would have.
pub(crate) fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build();
    runtime.expect("threads")
}

fn text<'v>(value: &'v Value, place: &str) -> &'v str {
    let text = value.pointer(place).and_then(Value::as_str);
    text.unwrap_or_else(|| panic!("{place} in {value}"))
}
