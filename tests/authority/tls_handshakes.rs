//! TLS with certificates on both sides: handshakes with OpenSSL, accepted and refused for each reason, with TLS 1.2
//! and 1.3.

use std::io::Read;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use daxsign_core::{Digest, Error, PrivateKey, Signer};
use daxsign_pki::Profile;
use daxsign_pki::tls::rustls::crypto::ring;
use daxsign_pki::tls::rustls::pki_types::PrivateKeyDer;
use daxsign_pki::tls::rustls::pki_types::pem::PemObject;
use daxsign_pki::tls::rustls::sign::SigningKey;
use daxsign_pki::tls::rustls::{SignatureAlgorithm, SignatureScheme};
use daxsign_pki::tls::{
    Credentials, IdentityFrom, Lists, LivePolicy, Policy, PolicyFiles, RootSet,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::openssl_server::OpenSslServer;
use daxsign_tests::tls_judged::{REFUSED_CLIENTS, SERVERS, call, with_wrong_ones};
use daxsign_tests::tls_stage::{CLIENT, Server, Shape, Stage, Verdict, days, serve};

const VERSIONS: [&str; 2] = ["-tls1_2", "-tls1_3"];
/// The longest that anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn next(server: &Server) -> Verdict {
    server.said.recv_timeout(PATIENCE).expect("a verdict")
}

#[test]
fn openssls_client_is_let_in_or_told_why_not() {
    let stage = with_wrong_ones();
    let live = LivePolicy::new(stage.policy("root.crl"));
    let server = serve(stage.credentials("server.crt"), &live, false);
    let mut cases = 0;
    for version in VERSIONS {
        let said = stage.s_client(
            server.port,
            version,
            &["-cert", "client.crt", "-key", "own.key"],
        );
        assert!(
            said.contains("Verify return code: 0 (ok)") && said.contains("greetings"),
            "{version}: {said}"
        );
        assert_eq!(next(&server), Ok("tpp1.example".to_owned()), "{version}");
        for (file, reason, alert) in REFUSED_CLIENTS {
            let file = format!("{file}.crt");
            let said = stage.s_client(server.port, version, &["-cert", &file, "-key", "own.key"]);
            let verdict = next(&server).expect_err(&file);
            assert!(verdict.starts_with(reason), "{version} {file}: {verdict}");
            assert!(
                said.contains(alert) && !said.contains("greetings"),
                "{version} {file}: {said}"
            );
            cases += 1;
        }
        let said = stage.s_client(server.port, version, &[]);
        assert!(
            !said.contains("greetings") && said.contains("alert"),
            "{said}"
        );
        let verdict = next(&server).expect_err("no certificate");
        assert!(verdict.contains("no certificates"), "{verdict}");
    }
    assert_eq!(cases, 12);
}

#[test]
fn a_client_below_an_authority_that_was_revoked_is_refused() {
    let stage = Stage::default();
    let authority = Shape {
        name: "Example Clients",
        uid: None,
        host: None,
        profile: Profile::Authority { path_len: Some(0) },
        days: (-50, 500),
        serial: "21",
    };
    let clients = stage.below(&stage.root, "clients.crt", &authority);
    stage.make(&clients, "below.crt", &CLIENT);
    stage.list(&clients, "clients.crl", 1, &[]);
    let policy = |between: bool, list: &str| {
        let read = |file: &str| stage.read(file);
        let (root, clients) = (read("root.crt"), read("clients.crt"));
        let (own, theirs) = (read(list), read("clients.crl"));
        let authorities: Vec<&[u8]> = if between {
            vec![&clients, &root]
        } else {
            vec![&root]
        };
        let lists: Vec<&[u8]> = if between {
            vec![&own, &theirs]
        } else {
            vec![&own]
        };
        let set = RootSet::new("roots", &authorities, Lists::Required(&lists)).expect("roots");
        Policy::of_roots(set).expect("a policy")
    };
    let live = LivePolicy::new(policy(true, "root.crl"));
    let server = serve(stage.credentials("server.crt"), &live, false);
    let shown = ["-cert", "below.crt", "-key", "own.key"];
    // The authority between is known here, so that the client need not show it.
    let said = stage.s_client(server.port, "-tls1_3", &shown);
    assert!(said.contains("greetings"), "{said}");
    assert_eq!(next(&server), Ok("tpp1.example".to_owned()));
    // One that shows it, to whom does not know it: nothing tells what that authority has revoked.
    live.replace(policy(false, "root.crl")).expect("a policy");
    let with_chain = [&shown[..], &["-cert_chain", "clients.crt"]].concat();
    let _ = stage.s_client(server.port, "-tls1_3", &with_chain);
    assert_eq!(
        next(&server),
        Err("the certificate of CN=tpp1.example may have been revoked: there is no list of CN=Example Clients \
             here, signed with the key that issued it"
            .to_owned())
    );
    stage.list(&stage.root, "root.crl", 2, &["21"]);
    live.replace(policy(true, "root.crl")).expect("a policy");
    let _ = stage.s_client(server.port, "-tls1_3", &shown);
    let verdict = next(&server).expect_err("a revoked authority");
    assert!(
        verdict.starts_with("the certificate of CN=Example Clients was revoked on "),
        "{verdict}"
    );
}

#[test]
fn a_list_that_should_have_a_successor_lets_nobody_in() {
    let stage = Stage::default();
    stage.list_until(&stage.root, "root.crl", 2, &[], days(-1));
    let live = LivePolicy::new(stage.policy("root.crl"));
    let server = serve(stage.credentials("server.crt"), &live, false);
    let said = stage.s_client(
        server.port,
        "-tls1_3",
        &["-cert", "client.crt", "-key", "own.key"],
    );
    let verdict = next(&server).expect_err("an old list");
    assert!(
        verdict.contains(
            "may have been revoked: the list of CN=Example Root should have been renewed by "
        ),
        "{verdict}"
    );
    assert!(said.contains("unknown ca"), "{said}");
}

#[test]
fn whoever_is_revoked_while_connected_is_out_within_a_second() {
    for version in VERSIONS {
        revoked_while_connected(version);
    }
}

fn revoked_while_connected(version: &str) {
    let stage = Stage::default();
    let (root, list) = (stage.path("root.crt"), stage.path("root.crl"));
    let files = PolicyFiles::of_roots(&[root], Some(&[list]), IdentityFrom::DnsName);
    let mut files = files.expect("a policy");
    let server = serve(stage.credentials("server.crt"), files.live(), true);
    let own = ["-cert", "client.crt", "-key", "own.key"];
    let mut client = stage
        .s_client_command(server.port, version, &own)
        .arg("-quiet")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl starts");
    assert!(next(&server).is_ok(), "{version}");
    assert!(!files.refresh().expect("the same"), "nothing has changed");
    // Somebody else's number: it stays.
    stage.list(&stage.root, "root.crl", 2, &["55"]);
    assert!(files.refresh().expect("a newer list"));
    let silence = server.said.recv_timeout(Duration::from_millis(300));
    assert!(silence.is_err(), "{version}: {silence:?}");
    stage.list(&stage.root, "root.crl", 3, &["55", CLIENT.serial]);
    let since = Instant::now();
    assert!(files.refresh().expect("a newer list"));
    let verdict = next(&server).expect_err("revoked");
    let took = since.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert!(verdict.contains("was revoked on"), "{verdict}");
    let mut said = String::new();
    let mut out = client.stdout.take().expect("its output");
    out.read_to_string(&mut said).expect("text");
    assert_eq!(said, "greetings\n", "{version}");
    client.wait().expect("it ends");
    // The one before would let it in again, and is not taken; neither is one that is damaged.
    stage.list(&stage.root, "root.crl", 2, &[]);
    assert_eq!(
        files.refresh().expect_err("an older list").name(),
        "list-older"
    );
    stage.write("root.crl", "-----BEGIN X509 CRL-----\nMIIB\n");
    assert!(files.refresh().is_err());
    let said = stage.s_client(server.port, version, &own);
    assert!(said.contains("certificate revoked"), "{version}: {said}");
    assert!(next(&server).is_err());
}

#[test]
fn openssls_server_is_trusted_or_refused_with_the_reason() {
    let stage = with_wrong_ones();
    let mut count = 0;
    for version in VERSIONS {
        for (certificate, host, refused) in SERVERS {
            let server = OpenSslServer::start(stage.root(), version, certificate);
            let said = call(
                &stage,
                Some(stage.credentials("client.crt")),
                server.port,
                host,
            );
            match (refused, said) {
                (None, Ok(page)) => assert!(page.contains("tpp1.example"), "{version}: {page}"),
                (Some(reason), Err(said)) => {
                    assert!(said.starts_with(reason), "{version} {certificate}: {said}");
                }
                (_, said) => panic!("{version} {certificate} {host}: {said:?}"),
            }
            count += 1;
        }
        let server = OpenSslServer::start(stage.root(), version, "server.crt");
        let said = call(&stage, None, server.port, "localhost").expect_err("nothing shown");
        assert!(said.contains("alert"), "{version}: {said}");
    }
    assert_eq!(count, 20);
}

/// A key in a security module: what it has signed, and whether it still does.
#[derive(Debug)]
struct Module {
    key: PrivateKey,
    signatures: Arc<AtomicUsize>,
}

impl Module {
    fn new(file: &str) -> (Self, Arc<AtomicUsize>) {
        let key = PrivateKey::from_bytes(&key_file(file)).expect("a key");
        let signatures = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&signatures);
        (Self { key, signatures }, count)
    }
}

impl Signer for Module {
    type Error = Error;

    fn modulus_len(&self) -> usize {
        Signer::modulus_len(&self.key)
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Error> {
        // The third does not get through.
        if self.signatures.fetch_add(1, Ordering::SeqCst) == 2 {
            return Err(Error::SigningFault);
        }
        self.key.sign_digest(digest, signature)
    }
}

#[test]
fn a_key_that_signs_elsewhere_shakes_hands_with_tls_1_2() {
    let stage = Stage::default();
    let live = LivePolicy::new(stage.policy("root.crl"));
    let certificate = stage.read("server.crt");
    let (other, _) = Module::new("rsa3072.pkcs8.pem");
    let refused = Credentials::from_signer(&certificate, other).expect_err("another key");
    assert!(refused.to_string().contains("does not belong"), "{refused}");

    let (module, signatures) = Module::new("rsa2048.pkcs8.pem");
    let own = Credentials::from_signer(&certificate, module).expect("its key");
    let server = serve(own, &live, false);
    let shown = ["-cert", "client.crt", "-key", "own.key"];
    let said = stage.s_client(server.port, "-tls1_2", &shown);
    assert!(said.contains("greetings"), "{said}");
    assert_eq!(next(&server), Ok("tpp1.example".to_owned()));
    // Once to see that it does, once in the handshake; then it fails, and works again.
    assert_eq!(signatures.load(Ordering::SeqCst), 2);
    let said = stage.s_client(server.port, "-tls1_2", &shown);
    assert!(!said.contains("greetings"), "{said}");
    assert!(next(&server).is_err());
    let said = stage.s_client(server.port, "-tls1_2", &shown);
    assert!(said.contains("greetings"), "{said}");
    assert!(next(&server).is_ok());
    let said = stage.s_client(server.port, "-tls1_3", &shown);
    assert!(said.contains("protocol version"), "{said}");
    assert!(next(&server).is_err());

    let openssl = OpenSslServer::start(stage.root(), "-tls1_2", "server.crt");
    let (module, signatures) = Module::new("rsa2048.pkcs8.pem");
    let own = Credentials::from_signer(&stage.read("client.crt"), module).expect("its key");
    let page = call(&stage, Some(own), openssl.port, "localhost").expect("a page");
    assert!(page.contains("tpp1.example"), "{page}");
    assert_eq!(signatures.load(Ordering::SeqCst), 2);
}

/// A key of which no more is known here than that it signs as rustls asks.
#[derive(Debug)]
struct Foreign(Arc<dyn SigningKey>);

impl SigningKey for Foreign {
    fn choose_scheme(
        &self,
        offered: &[SignatureScheme],
    ) -> Option<Box<dyn daxsign_pki::tls::rustls::sign::Signer>> {
        self.0.choose_scheme(offered)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }
}

#[test]
fn a_key_of_rustls_shakes_hands_with_both_versions() {
    let stage = Stage::default();
    let der = PrivateKeyDer::from_pem_file(stage.path("own.key")).expect("a key");
    let key = ring::default_provider().key_provider.load_private_key(der);
    let key = Arc::new(Foreign(key.expect("a key")));
    let own = Credentials::with_key(&stage.read("client.crt"), key).expect("both");
    for version in VERSIONS {
        let openssl = OpenSslServer::start(stage.root(), version, "server.crt");
        let page = call(&stage, Some(own.clone()), openssl.port, "localhost").expect("a page");
        assert!(page.contains("tpp1.example"), "{version}: {page}");
    }
}
