//! Two roots with certificates of all kinds below the first, for handshakes with other programs.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Deref;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use daxsign_core::{CertificateRequest, KeyEncoding, ObjectIdentifier, PrivateKey, Timestamp};
use daxsign_pki::tls::rustls::{ServerConnection, Stream};
use daxsign_pki::tls::{Credentials, Lists, LivePolicy, Peer, Policy, Refusal, RootSet, TlsServer};
use daxsign_pki::{
    Asked, Issuer, ListTerms, Profile, Reason, Revoked, SerialNumber, Terms, issue, issue_root,
    write_list,
};

use crate::cases::key_file;
use crate::folder::Folder;
use crate::made_certificate::pem;
use crate::openssl::OpenSsl;

const SECONDS_PER_DAY: i64 = 86_400;
/// The number of the certificate that is revoked in `revoked.crl`.
pub const REVOKED: &str = "77";

/// Now, and so many days later or before.
#[must_use]
pub fn days(days: i64) -> Timestamp {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock");
    let now = i64::try_from(now.as_secs()).expect("a time");
    Timestamp::from_unix(now + days * SECONDS_PER_DAY, 0).expect("a time")
}

/// A certificate that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// The common name, which is the DNS name as well.
    pub name: &'a str,
    /// The UID of the subject.
    pub uid: Option<&'a str>,
    /// Another DNS name.
    pub host: Option<&'a str>,
    /// What it is for.
    pub profile: Profile,
    /// The first and last day, counted from now.
    pub days: (i64, i64),
    /// Its number.
    pub serial: &'a str,
}

/// A good client.
pub const CLIENT: Shape<'_> = Shape {
    name: "tpp1.example",
    uid: None,
    host: None,
    profile: Profile::OpenBanking,
    days: (-10, 100),
    serial: "11",
};

/// A good server.
pub const SERVER: Shape<'_> = Shape {
    name: "gateway.example",
    uid: None,
    host: Some("localhost"),
    profile: Profile::Server,
    days: (-10, 100),
    serial: "12",
};

/// An authority.
pub struct Root {
    key: PrivateKey,
    issuer: Issuer,
}

/// Files of two roots, `root.crt` and `other.crt`, with lists, in a folder.
pub struct Stage {
    folder: Folder,
    /// That of `root.crt`.
    pub root: Root,
    /// That of `other.crt`.
    pub other: Root,
}

impl Deref for Stage {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.folder
    }
}

fn private(file: &str) -> PrivateKey {
    PrivateKey::from_bytes(&key_file(file)).expect("a key")
}

/// A request with these names.
fn asked(key: &PrivateKey, shape: &Shape<'_>) -> Asked {
    let common_name = ObjectIdentifier::parse("2.5.4.3").expect("an identifier");
    let uid = ObjectIdentifier::parse("0.9.2342.19200300.100.1.1").expect("an identifier");
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&common_name, shape.name).expect("a name");
    if let Some(value) = shape.uid {
        request.add_name(&uid, value).expect("a name");
    }
    for host in [Some(shape.name), shape.host].into_iter().flatten() {
        if !host.contains(' ') {
            request.add_dns_name(host).expect("a host");
        }
    }
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request
        .write(key, KeyEncoding::Der, &mut der)
        .expect("a request");
    Asked::from_request(&der).expect("a request")
}

fn terms(shape: &Shape<'_>) -> Terms {
    Terms {
        profile: shape.profile,
        serial: SerialNumber::parse(shape.serial).expect("a number"),
        not_before: days(shape.days.0),
        not_after: days(shape.days.1),
    }
}

fn root_certificate(key: &PrivateKey, name: &str, days: (i64, i64)) -> Vec<u8> {
    let shape = Shape {
        name,
        uid: None,
        host: None,
        profile: Profile::Authority { path_len: None },
        days,
        serial: "01",
    };
    let der = issue_root(&asked(key, &shape), key.public_key(), &terms(&shape), key);
    der.expect("a root")
}

impl Root {
    /// Its key.
    #[must_use]
    pub const fn key(&self) -> &PrivateKey {
        &self.key
    }
}

impl Default for Stage {
    fn default() -> Self {
        let folder = Folder::default();
        let root = |name: &str, key: &str, file: &str| {
            let key = private(key);
            let shape = Shape {
                name,
                uid: None,
                host: None,
                profile: Profile::Authority { path_len: None },
                days: (-1000, 1000),
                serial: "01",
            };
            let der = issue_root(&asked(&key, &shape), key.public_key(), &terms(&shape), &key);
            let der = der.expect("a root");
            folder.write(file, pem("CERTIFICATE", &der));
            let issuer = Issuer::from_certificate(&der).expect("an authority");
            Root { key, issuer }
        };
        let (first, second) = (
            root("Example Root", "rsa3072.pkcs8.pem", "root.crt"),
            root("Other Root", "rsa4096.pkcs8.pem", "other.crt"),
        );
        let stage = Self {
            folder,
            root: first,
            other: second,
        };
        stage.write("own.key", key_file("rsa2048.pkcs8.pem"));
        stage.list(&stage.root, "root.crl", 1, &[]);
        stage.list(&stage.other, "other.crl", 1, &[]);
        stage.make(&stage.root, "server.crt", &SERVER);
        stage.make(&stage.root, "client.crt", &CLIENT);
        stage
    }
}

impl Stage {
    /// Makes a certificate for `own.key`.
    pub fn make(&self, issuer: &Root, file: &str, shape: &Shape<'_>) {
        let key = private("rsa2048.pkcs8.pem");
        let der = issue(
            &issuer.issuer,
            &asked(&key, shape),
            &terms(shape),
            &issuer.key,
        );
        self.write(file, pem("CERTIFICATE", &der.expect("a certificate")));
    }

    /// Makes one for `own.key` as the commands of the Open Banking text do, which drop the extensions.
    pub fn version_1(&self, file: &str) {
        let openssl = OpenSsl::default();
        for (file, bytes) in [
            ("own.key", self.read("own.key")),
            ("root.crt", self.read("root.crt")),
            ("root.key", key_file("rsa3072.pkcs8.pem")),
        ] {
            openssl.write(file, bytes);
        }
        let names = "-subj /CN=tpp1.example -addext subjectAltName=DNS:gateway.example";
        openssl.run(&format!("req -new -key own.key {names} -out v1.csr"));
        openssl.run(
            "x509 -req -in v1.csr -CA root.crt -CAkey root.key -set_serial 9 -days 9 -out v1.crt",
        );
        self.write(file, openssl.read("v1.crt"));
    }

    /// Makes another certificate of `root.crt`'s holder and key.
    pub fn root_again(&self, file: &str, days: (i64, i64)) {
        let der = root_certificate(&self.root.key, "Example Root", days);
        self.write(file, pem("CERTIFICATE", &der));
    }

    /// Certifies another authority's key.
    pub fn certify(&self, above: &Root, holder: &Root, file: &str, shape: &Shape<'_>) {
        let der = issue(
            &above.issuer,
            &asked(&holder.key, shape),
            &terms(shape),
            &above.key,
        );
        self.write(file, pem("CERTIFICATE", &der.expect("a certificate")));
    }

    /// Makes an authority below another, with a key of its own.
    pub fn below(&self, above: &Root, file: &str, shape: &Shape<'_>) -> Root {
        let made = PrivateKey::from_bytes(
            &fs::read(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/vectors/generated2048.pem"
            ))
            .expect("a key"),
        );
        let key = made.expect("a key");
        let der = issue(
            &above.issuer,
            &asked(&key, shape),
            &terms(shape),
            &above.key,
        );
        let der = der.expect("an authority");
        self.write(file, pem("CERTIFICATE", &der));
        let issuer = Issuer::from_certificate(&der).expect("an authority");
        Root { key, issuer }
    }

    /// Writes a list of these numbers, good for 30 days from now on.
    pub fn list(&self, root: &Root, file: &str, number: u64, revoked: &[&str]) {
        self.list_until(root, file, number, revoked, days(30));
    }

    /// The same with its end.
    pub fn list_until(
        &self,
        root: &Root,
        file: &str,
        number: u64,
        revoked: &[&str],
        next_update: Timestamp,
    ) {
        let revoked: Vec<Revoked> = revoked
            .iter()
            .map(|serial| Revoked {
                serial: SerialNumber::parse(serial).expect("a number"),
                time: Timestamp::parse("2026-01-02T03:04:05Z").expect("a time"),
                reason: Reason::KeyCompromise,
            })
            .collect();
        let terms = ListTerms {
            number,
            this_update: days(-60),
            next_update,
        };
        self.put_list(&root.issuer, root, file, &terms, &revoked);
    }

    /// Writes an empty list from one day to another, counted from now.
    pub fn list_from(&self, root: &Root, file: &str, (first, last): (i64, i64)) {
        let terms = ListTerms {
            number: 1,
            this_update: days(first),
            next_update: days(last),
        };
        self.put_list(&root.issuer, root, file, &terms, &[]);
    }

    fn put_list(
        &self,
        issuer: &Issuer,
        root: &Root,
        file: &str,
        terms: &ListTerms,
        revoked: &[Revoked],
    ) {
        let der = write_list(issuer, terms, revoked, &root.key).expect("a list");
        // As one that is written beside it and moved there.
        let new = self.write("new.crl", pem("X509 CRL", &der));
        fs::rename(new, self.path(file)).expect("a list");
    }

    /// Everybody below `root.crt`, with the list in this file.
    #[must_use]
    pub fn policy(&self, list: &str) -> Policy {
        let (root, list) = (self.read("root.crt"), self.read(list));
        let lists: [&[u8]; 1] = [&list];
        let set = RootSet::new("roots", &[&root], Lists::Required(&lists)).expect("roots");
        Policy::of_roots(set).expect("a policy")
    }

    /// What the holder of this certificate shows.
    #[must_use]
    pub fn credentials(&self, certificate: &str) -> Credentials {
        Credentials::from_pem(&self.read(certificate), &self.read("own.key")).expect("both")
    }

    /// Runs OpenSSL's client against a port until the server closes: what it said, both outputs.
    #[must_use]
    pub fn s_client(&self, port: u16, version: &str, more: &[&str]) -> String {
        let output = self.s_client_command(port, version, more).output();
        let output = output.expect("openssl starts");
        let both = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&both).into_owned()
    }

    /// The same, to be started.
    #[must_use]
    pub fn s_client_command(&self, port: u16, version: &str, more: &[&str]) -> Command {
        let mut command = Command::new("openssl");
        command
            .args([
                "s_client",
                "-connect",
                &format!("127.0.0.1:{port}"),
                version,
            ])
            .args(["-CAfile", "root.crt", "-verify_return_error", "-ign_eof"])
            .args([
                "-servername",
                "gateway.example",
                "-verify_hostname",
                "gateway.example",
            ])
            .args(more)
            .current_dir(self.root())
            .stdin(Stdio::null());
        command
    }
}

/// What a server says of a connection: who came in or why not, then why it was closed.
pub type Verdict = Result<String, String>;

/// A server of ours. Its threads end with the process.
pub struct Server {
    /// Where it listens.
    pub port: u16,
    /// What it says, in its order.
    pub said: Receiver<Verdict>,
}

/// Starts a server that greets who is let in, and keeps the connection open while the client is good, if
/// `keep` says so.
pub fn serve(credentials: Credentials, live: &Arc<LivePolicy>, keep: bool) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = TlsServer::new(credentials, Arc::clone(live));
    let (sender, said) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (server, sender) = (server.clone(), sender.clone());
            std::thread::spawn(move || {
                attend(&server, stream.expect("a connection"), keep, &sender);
            });
        }
    });
    Server { port, said }
}

fn attend(server: &TlsServer, mut stream: TcpStream, keep: bool, said: &Sender<Verdict>) {
    let (config, witness) = server.connection().expect("a configuration");
    let mut connection = ServerConnection::new(config).expect("a connection");
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut stream) {
            let refusal = witness.refusal().map(|refusal| refusal.to_string());
            let _ = said.send(Err(refusal.unwrap_or(error.to_string())));
            // What it has to say has gone out; the client's last words are not waited for.
            linger(&mut stream);
            return;
        }
    }
    let peer = witness.peer().expect("somebody");
    let mut tls = Stream::new(&mut connection, &mut stream);
    tls.write_all(b"greetings\n").expect("a greeting");
    let _ = said.send(Ok(peer.standing().identity.clone()));
    if keep {
        let _ = said.send(Err(no_longer_good(&peer).to_string()));
    }
    connection.send_close_notify();
    let _ = connection.write_tls(&mut stream);
    linger(&mut stream);
}

/// Waits until it is not.
fn no_longer_good(peer: &Peer) -> Refusal {
    loop {
        std::thread::sleep(Duration::from_millis(20));
        if let Err(refusal) = peer.is_still_good(days(0)) {
            return refusal;
        }
    }
}

/// Lets the client read what was sent, and close first.
fn linger(stream: &mut TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let mut rest = [0; 1024];
    while stream.read(&mut rest).is_ok_and(|len| len > 0) {}
}
