//! Handshakes with Java, .NET, Mono and GnuTLS at the other end, each as client and as server: accepted, and
//! refused for each reason by either side.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use daxsign_pki::tls::LivePolicy;
use daxsign_tests::gnutls::GnuTls;
use daxsign_tests::native::{project, succeeds};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::roslyn;
use daxsign_tests::tls_judged::{REFUSED_CLIENTS, SERVERS, call, with_wrong_ones};
use daxsign_tests::tls_peer::{Other, PATIENCE, Peer};
use daxsign_tests::tls_stage::{Server, Stage, Verdict, serve};

const BOTH: [&str; 2] = ["1.2", "1.3"];

/// Handshakes in each of the four directions, and what the other program says where it is the one that refuses.
struct Trial<'a> {
    stage: &'a Stage,
    versions: &'a [&'a str],
    /// Clients of ours, and its reason.
    refused_clients: &'a [(&'a str, &'a str)],
    /// Servers of ours, as which host, and its reason.
    refused_servers: &'a [(&'a str, &'a str, &'a str)],
}

impl Trial<'_> {
    /// How many handshakes there were.
    fn run(&self, other: &mut dyn Other) -> usize {
        let live = LivePolicy::new(self.stage.policy("root.crl"));
        let mut count = 0;
        for version in self.versions {
            count += self.its_clients(version, other, &live);
            count += self.its_servers(version, other);
            count += self.our_clients(version, other);
            count += self.our_servers(version, other, &live);
        }
        count
    }

    /// Judged by our server, which it hears.
    fn its_clients(&self, version: &str, other: &mut dyn Other, live: &Arc<LivePolicy>) -> usize {
        let server = serve(self.stage.credentials("server.crt"), live, false);
        let host = "gateway.example";
        let said = other.connect(version, server.port, host, Some("client"));
        assert!(said.contains("greetings"), "{version}: {said}");
        assert_eq!(next(&server), Ok("tpp1.example".to_owned()), "{version}");
        for (name, reason, alert) in REFUSED_CLIENTS {
            let said = other.connect(version, server.port, host, Some(name));
            let verdict = next(&server).expect_err(name);
            assert!(verdict.starts_with(reason), "{version} {name}: {verdict}");
            let heard = said.contains(other.alert(alert)) && !said.contains("greetings");
            assert!(heard, "{version} {name}: {said}");
        }
        let said = other.connect(version, server.port, host, None);
        let verdict = next(&server).expect_err("no certificate");
        assert!(verdict.contains("no certificates"), "{version}: {verdict}");
        assert!(!said.contains("greetings"), "{version}: {said}");
        REFUSED_CLIENTS.len() + 2
    }

    /// Judged by our client.
    fn its_servers(&self, version: &str, other: &mut dyn Other) -> usize {
        for (certificate, host, refused) in SERVERS {
            let name = certificate.trim_end_matches(".crt");
            let port = other.serve(version, name);
            let own = Some(self.stage.credentials("client.crt"));
            let said = call(self.stage, own, port, host);
            let there = other.ended();
            match (refused, said) {
                (None, Ok(page)) => {
                    assert!(page.contains("tpp1.example"), "{version}: {page} {there}");
                }
                (Some(reason), Err(said)) => {
                    assert!(said.starts_with(reason), "{version} {name}: {said}");
                }
                (_, said) => panic!("{version} {name} {host}: {said:?} {there}"),
            }
        }
        SERVERS.len()
    }

    /// Judged by its server.
    fn our_clients(&self, version: &str, other: &mut dyn Other) -> usize {
        for (name, why) in self.refused_clients {
            let port = other.serve(version, "server");
            let own = self.stage.credentials(&format!("{name}.crt"));
            let said = call(self.stage, Some(own), port, "localhost");
            let there = other.ended();
            assert!(said.is_err(), "{version} {name}: {said:?} {there}");
            assert!(there.contains(why), "{version} {name}: {there}");
        }
        let port = other.serve(version, "server");
        let said = call(self.stage, None, port, "localhost");
        let there = other.ended();
        assert!(said.is_err(), "{version}: {said:?} {there}");
        self.refused_clients.len() + 1
    }

    /// Judged by its client.
    fn our_servers(&self, version: &str, other: &mut dyn Other, live: &Arc<LivePolicy>) -> usize {
        for (name, host, why) in self.refused_servers {
            let own = self.stage.credentials(&format!("{name}.crt"));
            let server = serve(own, live, false);
            let said = other.connect(version, server.port, host, Some("client"));
            let refused = said.contains(why) && !said.contains("greetings");
            assert!(refused, "{version} {name}: {said}");
        }
        self.refused_servers.len()
    }
}

fn next(server: &Server) -> Verdict {
    server.said.recv_timeout(PATIENCE).expect("a verdict")
}

fn source(name: &str) -> std::path::PathBuf {
    project().join("tests/authority/peers").join(name)
}

/// Java's own compiler is part of Debian's runtime, so that a source is a program.
#[test]
fn java() {
    let stage = with_wrong_ones();
    let mut java = Command::new("java");
    // Compiling well would take longer than what runs.
    java.arg("-XX:TieredStopAtLevel=1").arg(source("Peer.java"));
    let mut peer = Peer::start(java, stage.root(), "crt");
    let trial = Trial {
        stage: &stage,
        versions: &BOTH,
        refused_clients: &[
            ("expired-client", "validity check failed"),
            ("early-client", "validity check failed"),
            (
                "purpose-client",
                "extended key usage does not permit use for tls client",
            ),
            ("stranger-client", "unable to find valid certification path"),
        ],
        refused_servers: &[
            ("expired-server", "localhost", "validity check failed"),
            ("early-server", "localhost", "validity check failed"),
            (
                "purpose-server",
                "localhost",
                "extended key usage does not permit use for tls server",
            ),
            (
                "stranger-server",
                "localhost",
                "unable to find valid certification path",
            ),
            (
                "server",
                "elsewhere.example",
                "no subject alternative dns name matching elsewhere.example",
            ),
        ],
    };
    assert_eq!(trial.run(&mut peer), 2 * (8 + 10 + 5 + 5));
}

/// Files that .NET and Mono read certificates with their keys from.
fn with_files(stage: &Stage) {
    let openssl = OpenSsl::default();
    openssl.write("own.key", stage.read("own.key"));
    for entry in std::fs::read_dir(stage.root()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name");
        let key = name == "client" || name == "server" || name.contains('-');
        if key && path.extension().is_some_and(|end| end == "crt") {
            openssl.write("one.crt", stage.read(&format!("{name}.crt")));
            openssl.run(
                "pkcs12 -export -in one.crt -inkey own.key -out one.p12 -passout pass: \
                 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
            );
            stage.write(&format!("{name}.p12"), openssl.read("one.p12"));
        }
    }
}

const NET_CLIENTS: [(&str, &str); 4] = [
    ("expired-client", "nottimevalid"),
    ("early-client", "nottimevalid"),
    ("purpose-client", "notvalidforusage"),
    ("stranger-client", "partialchain"),
];
const NET_SERVERS: [(&str, &str, &str); 5] = [
    ("expired-server", "localhost", "nottimevalid"),
    ("early-server", "localhost", "nottimevalid"),
    ("purpose-server", "localhost", "notvalidforusage"),
    ("stranger-server", "localhost", "partialchain"),
    ("server", "elsewhere.example", "another host"),
];

fn compiled(mut compiler: Command, folder: &Path) -> std::path::PathBuf {
    let out = folder.join("Peer.exe");
    compiler
        .arg(format!("-out:{}", out.display()))
        .arg(source("Peer.cs"));
    succeeds(&mut compiler, "mono-mcs, npm and python3-pip");
    out
}

#[test]
fn net_8() {
    let stage = with_wrong_ones();
    with_files(&stage);
    let program = compiled(roslyn::net8_compiler(), stage.root());
    roslyn::write_config(&program);
    let mut dotnet = Command::new(roslyn::dotnet());
    dotnet
        .arg(program)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    let mut peer = Peer::start(dotnet, stage.root(), "p12");
    let trial = Trial {
        stage: &stage,
        versions: &BOTH,
        refused_clients: &NET_CLIENTS,
        refused_servers: &NET_SERVERS,
    };
    assert_eq!(trial.run(&mut peer), 2 * (8 + 10 + 5 + 5));
}

/// Mono 6.8 speaks no TLS 1.3, its chains do not ask what a certificate is for, and it does not tell a callback that
/// the host has another name.
#[test]
fn mono() {
    let stage = with_wrong_ones();
    with_files(&stage);
    let mut mcs = Command::new("mcs");
    mcs.args(["-langversion:7", "-warn:4", "-warnaserror"]);
    let program = compiled(mcs, stage.root());
    let mut mono = Command::new("mono");
    mono.arg(program);
    let mut peer = Peer::start(mono, stage.root(), "p12");
    let trial = Trial {
        stage: &stage,
        versions: &BOTH[..1],
        refused_clients: &[NET_CLIENTS[0], NET_CLIENTS[1], NET_CLIENTS[3]],
        refused_servers: &[NET_SERVERS[0], NET_SERVERS[1], NET_SERVERS[3]],
    };
    assert_eq!(trial.run(&mut peer), 8 + 10 + 4 + 3);
}

/// It reads our list, too; its server does not ask what a client's certificate is for.
#[test]
fn gnutls() {
    let stage = with_wrong_ones();
    let mut gnutls = GnuTls::in_folder(stage.root());
    let trial = Trial {
        stage: &stage,
        versions: &BOTH,
        refused_clients: &[
            ("expired-client", "uses expired certificate"),
            ("early-client", "uses not yet valid certificate"),
            ("revoked-client", "certificate chain is revoked"),
            ("stranger-client", "issuer is unknown"),
        ],
        refused_servers: &[
            ("expired-server", "localhost", "uses expired certificate"),
            (
                "early-server",
                "localhost",
                "uses not yet valid certificate",
            ),
            (
                "revoked-server",
                "localhost",
                "certificate chain is revoked",
            ),
            (
                "purpose-server",
                "localhost",
                "not match the intended purpose",
            ),
            ("stranger-server", "localhost", "issuer is unknown"),
            (
                "server",
                "elsewhere.example",
                "name in the certificate does not match",
            ),
        ],
    };
    assert_eq!(trial.run(&mut gnutls), 2 * (8 + 10 + 5 + 6));
}
