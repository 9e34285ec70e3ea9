//! An exchange in a folder of its own, and its commands.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use daxsign_core::{
    CertificateRequest, DaxNames, KeyEncoding, PrivateKey, RandomnessFailed, Timestamp,
};
use daxsign_pki::{Access, Asked, Authority, Profile, Reason, Validity};

use crate::exchange_program;

/// Nothing takes longer, or it never comes.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Exchange {
    /// Gone afterwards.
    pub(crate) place: tempfile::TempDir,
    pub(crate) folder: PathBuf,
}

pub(crate) struct Served {
    child: Child,
    lines: Receiver<String>,
}

/// Runs a command that ends. One that serves where it is to refuse would not: it is ended after two minutes, with code 124.
pub(crate) fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.args(["120", exchange_program()]).args(arguments);
    command.env_remove("DAXSIGN_EXCHANGE_DIR");
    command.output().expect("the program")
}

pub(crate) fn program() -> Command {
    Command::new(exchange_program())
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// What it says where it does not do what it is asked.
pub(crate) fn refused(arguments: &[&str], code: i32) -> String {
    let output = run(arguments);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(told.contains("error: "), "{told}");
    told
}

pub(crate) fn done(arguments: &[&str]) -> String {
    let output = run(arguments);
    let told = text(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {told}");
    text(&output.stdout)
}

pub(crate) fn shown(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

impl Exchange {
    /// A new one, which says why it refuses, and whose operators come by a socket in its folder.
    pub(crate) fn new() -> Self {
        Self::founded(&["--sandbox"])
    }

    /// The same, with other arguments: none for one that is run for real.
    pub(crate) fn founded(more: &[&str]) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("ex");
        let said = done(&[&["init", shown(&folder)], more].concat());
        assert!(said.contains("Go on with"), "{said}");
        let exchange = Self { place, folder };
        exchange.set("listen = \"127.0.0.1:8444\"", "listen = \"unix:m.sock\"");
        exchange.set("listen = \"127.0.0.1:8443\"", "listen = \"127.0.0.1:0\"");
        exchange
    }

    /// Changes its settings.
    pub(crate) fn set(&self, old: &str, new: &str) {
        let file = self.folder.join("exchange.toml");
        let settings = std::fs::read_to_string(&file).expect("settings");
        assert!(settings.contains(old), "{old} in {settings}");
        std::fs::write(&file, settings.replace(old, new)).expect("written");
    }

    pub(crate) fn path(&self) -> &str {
        shown(&self.folder)
    }

    pub(crate) fn serve(&self) -> Served {
        self.serve_told().0
    }

    /// With the line in which it says where it is.
    pub(crate) fn serve_told(&self) -> (Served, String) {
        let mut command = Command::new(exchange_program());
        command.args(["serve", self.path()]);
        Served::spawn(command)
    }

    /// On a disk where no file grows beyond so many kilobytes.
    pub(crate) fn serve_within(&self, kilobytes: u32) -> Served {
        self.serve_told_within(kilobytes).0
    }

    pub(crate) fn serve_told_within(&self, kilobytes: u32) -> (Served, String) {
        let mut command = Command::new("bash");
        let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        command.args(["-c", &script, exchange_program(), "serve", self.path()]);
        Served::spawn(command)
    }

    /// A command that asks the running one.
    pub(crate) fn ask(&self, arguments: &[&str]) -> String {
        done(&[arguments, &["--dir", self.path()]].concat())
    }

    pub(crate) fn ask_json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.ask(arguments)).expect("JSON")
    }

    pub(crate) fn ask_refused(&self, arguments: &[&str]) -> String {
        refused(&[arguments, &["--dir", self.path()]].concat(), 1)
    }

    /// Sends bytes to the management door; what it answers.
    pub(crate) fn send(&self, bytes: &[u8]) -> String {
        let mut socket = UnixStream::connect(self.folder.join("m.sock")).expect("it listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("set");
        // It may answer before all is sent, and close.
        let _ = socket.write_all(bytes);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn token(&self) -> String {
        let file = self.folder.join("management.token");
        std::fs::read_to_string(file)
            .expect("a token")
            .trim()
            .to_owned()
    }

    /// A partner with an instance: `<partner>/<instance>`.
    pub(crate) fn instance(&self, name: &str) -> String {
        let partner = self.ask(&["partner", "add", name]);
        self.ask(&["instance", "set", partner.trim(), name])
            .trim()
            .to_owned()
    }

    /// Its authority, with its key.
    fn authority(&self) -> (Authority, Box<PrivateKey>) {
        let passphrase = std::fs::read_to_string(self.folder.join("authority.passphrase"));
        let at = self.folder.join("authority");
        let authority = Authority::open(&at, Access::Change).expect("an authority");
        let signer = authority
            .unlock(passphrase.expect("it").trim().as_bytes())
            .expect("its key");
        (authority, signer)
    }

    /// The authority revokes a certificate. Where its new list is.
    pub(crate) fn revoked(&self, certificate: &Path) -> PathBuf {
        let (mut authority, signer) = self.authority();
        let file = std::fs::read(certificate).expect("a certificate");
        let serial = authority.find_certificate(&file).expect("its own");
        let serial = serial.serial.clone();
        let revoked = authority.revoke(&serial, Reason::KeyCompromise, now());
        revoked.expect("revoked");
        let renewed = authority.renew_list(now(), later(1), &*signer);
        renewed.expect("a list");
        authority.list_file()
    }

    /// A certificate of its authority for a party, in a file.
    pub(crate) fn certificate(&self, party: &str, key: &str) -> PathBuf {
        let (partner, instance) = party.split_once('/').expect("two ids");
        let names = DaxNames {
            instance_id: instance,
            partner_id: partner,
            environment: "prod",
            country: "SE",
            locality: "Malmo",
            organization: "Alpha",
            unit: "IT",
        };
        let key = self::key(key);
        let request = CertificateRequest::dax(key.public_key(), &names).expect("names");
        let mut bytes = vec![0; request.encoded_len(KeyEncoding::Der)];
        request
            .write(&key, KeyEncoding::Der, &mut bytes)
            .expect("a request");
        let asked = Asked::from_request(&bytes).expect("a request");
        let (mut authority, signer) = self.authority();
        let validity = Validity {
            not_before: now(),
            not_after: later(30),
        };
        let mut random = |bytes: &mut [u8]| -> Result<(), RandomnessFailed> {
            let random = std::fs::File::open("/dev/urandom");
            let read = random.and_then(|mut random| random.read_exact(bytes));
            read.map_err(|_| RandomnessFailed)
        };
        let issued = authority.issue(&asked, (Profile::Dax, validity), &mut random, &*signer);
        let file = self.place.path().join(format!("{instance}.crt"));
        std::fs::write(&file, issued.expect("issued").pem).expect("written");
        file
    }
}

pub(crate) fn now() -> Timestamp {
    later(0)
}

pub(crate) fn later(days: i64) -> Timestamp {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = i64::try_from(now.expect("after 1970").as_secs()).expect("small");
    Timestamp::from_unix(seconds + days * 86_400, 0).expect("a time")
}

impl Served {
    /// A program that runs on; its lines are those of standard error and of standard output.
    pub(crate) fn new(mut command: Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let (sender, lines) = channel();
        let stdout = Box::new(child.stdout.take().expect("piped")) as Box<dyn Read + Send>;
        let stderr = Box::new(child.stderr.take().expect("piped"));
        for output in [stdout, stderr] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        Self { child, lines }
    }

    /// An exchange, with the line in which it says where it is.
    pub(crate) fn spawn(command: Command) -> (Self, String) {
        let served = Self::new(command);
        let line = served.wait_for("operators at");
        (served, line)
    }

    /// The stand-in for an Alliera of a folder.
    pub(crate) fn alliera(folder: &Path) -> Self {
        let mut command = Command::new(exchange_program());
        command.args(["alliera", shown(folder)]);
        Self::new(command)
    }

    /// Waits for a line.
    pub(crate) fn wait_for(&self, part: &str) -> String {
        self.said_until(part).pop().expect("the line")
    }

    /// What it says until a line, and that line.
    pub(crate) fn said_until(&self, part: &str) -> Vec<String> {
        let end = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    seen.push(line);
                    if seen.last().is_some_and(|line| line.contains(part)) {
                        return seen;
                    }
                }
                Err(error) => panic!("no line with {part:?} in {seen:?}: {error}"),
            }
        }
    }

    /// Asks it to end, as systemd does, and waits until it has.
    pub(crate) fn end(self) {
        self.end_saying("ended: all that was accepted had its end");
    }

    /// The same, with what it says last.
    pub(crate) fn end_saying(mut self, last: &str) {
        let id = self.child.id().to_string();
        let told = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("kill");
        assert!(told.success());
        self.wait_for(last);
        assert!(self.child.wait().expect("it ends").success());
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The file of a test key.
pub(crate) fn key_path(name: &str) -> PathBuf {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys");
    vectors.join(format!("{name}.pkcs8.pem"))
}

pub(crate) fn key(name: &str) -> PrivateKey {
    let key = std::fs::read(key_path(name)).expect("a key");
    PrivateKey::from_bytes(&key).expect("a key")
}
