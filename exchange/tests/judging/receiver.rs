//! A receiver of callbacks that is not ours: Python's HTTPS server, with a certificate that OpenSSL makes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_client::Roots;
use daxsign_exchange::callbacks::Allowed;
use daxsign_exchange::calling::CallbackSettings;
use serde_json::Value;

/// What its certificate is for.
pub(crate) const HOST: &str = "callbacks.example";
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Receiver {
    child: Child,
    orders: ChildStdin,
    requests: mpsc::Receiver<Got>,
    folder: tempfile::TempDir,
    pub(crate) port: u16,
    /// How often names were resolved, and what they stand for.
    pub(crate) resolved: Arc<AtomicUsize>,
    pub(crate) addresses: Arc<Mutex<Vec<IpAddr>>>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Got {
    /// The one value of a field.
    pub(crate) fn field(&self, name: &str) -> &str {
        let all = self.fields.iter();
        let mut values = all.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        let (_, value) = values.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(values.next().is_none(), "{name} stands there twice");
        value
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let made = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("openssl");
    assert!(made.status.success(), "{arguments:?}: {made:?}");
}

fn certificate(folder: &Path) {
    const KEY: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let name = format!("subjectAltName=DNS:{HOST}");
    let root = ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=root"];
    let root = [
        &root[..],
        &KEY,
        &["-keyout", "root.key", "-out", "root.crt"],
    ]
    .concat();
    openssl(folder, &root);
    let own = ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=own"];
    let by = ["-CA", "root.crt", "-CAkey", "root.key", "-addext", &name];
    let not = ["-addext", "basicConstraints=critical,CA:FALSE"];
    let out = ["-keyout", "own.key", "-out", "own.crt"];
    openssl(folder, &[&own[..], &KEY, &by, &not, &out].concat());
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        certificate(folder.path());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judging/receiver.py");
        let mut child = Command::new("python3")
            .args([script, "own.crt", "own.key"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let orders = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        let (sender, requests) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if sender.send(got(&line)).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            orders,
            requests,
            folder,
            port: first["port"].as_u64().unwrap().try_into().unwrap(),
            resolved: Arc::default(),
            addresses: Arc::new(Mutex::new(vec![IpAddr::from([127, 0, 0, 1])])),
        }
    }

    /// With which this receiver is found, and called where that is allowed.
    pub(crate) fn settings(&self, allowed: &[&str]) -> CallbackSettings {
        let (resolved, addresses) = (Arc::clone(&self.resolved), Arc::clone(&self.addresses));
        let networks = allowed.iter().map(|text| text.parse().unwrap());
        CallbackSettings {
            allowed: Allowed::new(networks.collect()),
            roots: Roots::Only(std::fs::read(self.folder.path().join("root.crt")).unwrap()),
            resolve: Arc::new(move |host, port| {
                assert_eq!(host, HOST);
                resolved.fetch_add(1, Ordering::SeqCst);
                let all = addresses.lock().unwrap();
                Ok(all.iter().map(|one| SocketAddr::new(*one, port)).collect())
            }),
            ..CallbackSettings::default()
        }
    }

    pub(crate) fn url(&self, target: &str) -> String {
        format!("https://{HOST}:{}{target}", self.port)
    }

    /// How it answers the next request that has no order yet.
    pub(crate) fn order(&mut self, order: &str) {
        writeln!(self.orders, "{order}").unwrap();
    }

    pub(crate) fn next(&self) -> Got {
        self.requests
            .recv_timeout(PATIENCE)
            .expect("a callback comes")
    }

    pub(crate) fn got_nothing(&self) -> bool {
        self.requests.try_recv().is_err()
    }
}

fn got(line: &str) -> Got {
    let request: Value = serde_json::from_str(line).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fields = request["fields"].as_array().unwrap();
    Got {
        method: text(&request["method"]),
        target: text(&request["target"]),
        fields: fields
            .iter()
            .map(|pair| (text(&pair[0]), text(&pair[1])))
            .collect(),
        body: BASE64_STANDARD.decode(text(&request["body"])).unwrap(),
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
