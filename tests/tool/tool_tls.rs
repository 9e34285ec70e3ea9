//! `daxsign tls`: handshakes with curl and OpenSSL as a person sees them, each refusal with its reason.

use std::io::{BufRead, BufReader, Read};
use std::ops::Deref;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use daxsign_pki::Profile;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::openssl_server::OpenSslServer;
use daxsign_tests::pages::{commands, program};
use daxsign_tests::tls_stage::{CLIENT, REVOKED, SERVER, Shape, Stage};
use daxsign_tests::tool::{Run, Tool};

const POLICY: &str = r#"
[roots.accounts]
certificates = ["root.crt"]
lists = ["root.crl"]
[roots.accounts.clients]
"tpp1.example" = "first"

[roots.authorization]
certificates = ["other.crt"]
lists = ["other.crl"]

[[paths]]
path = "/fdx/accounts"
rule = "FDX_MTLS"
roots = ["accounts"]

[[paths]]
path = "/fdx/authorization"
rule = "FDX_Authorization_MTLS"
roots = ["authorization"]
"#;
/// The longest that anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const VERSIONS: [&str; 2] = ["1.2", "1.3"];

/// The tool's server, ended with this.
struct Serving {
    stage: Stage,
    child: Child,
    port: u16,
    lines: Receiver<String>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Deref for Serving {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

fn with_certificates() -> Stage {
    let stage = Stage::default();
    stage.write("fdx.toml", POLICY);
    stage.list(&stage.root, "root.crl", 2, &[REVOKED]);
    let make = |file: &str, shape: Shape<'_>| stage.make(&stage.root, file, &shape);
    make(
        "expired.crt",
        Shape {
            days: (-30, -3),
            ..CLIENT
        },
    );
    make(
        "early.crt",
        Shape {
            days: (2, 30),
            ..CLIENT
        },
    );
    make(
        "revoked.crt",
        Shape {
            serial: REVOKED,
            ..CLIENT
        },
    );
    make(
        "purpose.crt",
        Shape {
            profile: Profile::Server,
            ..CLIENT
        },
    );
    make(
        "unknown.crt",
        Shape {
            name: "tpp2.example",
            ..CLIENT
        },
    );
    make(
        "expired-server.crt",
        Shape {
            days: (-30, -3),
            ..SERVER
        },
    );
    make(
        "revoked-server.crt",
        Shape {
            serial: REVOKED,
            ..SERVER
        },
    );
    stage.make(&stage.other, "stranger.crt", &CLIENT);
    stage.make(&stage.other, "stranger-server.crt", &SERVER);
    stage.version_1("v1.crt");
    stage
}

fn serving(more: &[&str]) -> Serving {
    let stage = with_certificates();
    let mut command = Command::new(daxsign_tests::tool::binary());
    command
        .args(["tls", "serve", "--listen", "127.0.0.1:0"])
        .args(["--certificate", "server.crt", "--key", "own.key"])
        .args(more)
        .current_dir(stage.root());
    Serving::start(stage, command)
}

impl Serving {
    fn start(stage: Stage, mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        let mut notes = BufReader::new(child.stderr.take().expect("its notes")).lines();
        let line = notes.find_map(|line| line.ok()?.strip_prefix("listening: ").map(str::to_owned));
        let port = line.and_then(|line| line.rsplit(':').next()?.parse().ok());
        std::thread::spawn(move || notes.for_each(drop));
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                // Behind the client's address.
                let text = line
                    .split_once(": ")
                    .map_or(line.as_str(), |(_, text)| text);
                let _ = sender.send(text.to_owned());
            }
        });
        Self {
            stage,
            child,
            port: port.expect("a port"),
            lines,
        }
    }

    fn next(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }

    /// curl's exit code, with what it got.
    fn curl(&self, certificate: Option<&str>, version: &str, paths: &[&str]) -> (i32, String) {
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--cacert",
            "root.crt",
            "--path-as-is",
        ])
        .args([&format!("--tlsv{version}"), "--tls-max", version])
        .current_dir(self.root());
        if let Some(certificate) = certificate {
            curl.args(["--cert", certificate, "--key", "own.key"]);
        }
        for path in paths {
            curl.arg(format!("https://localhost:{}{path}", self.port));
        }
        let output = curl.output().expect("curl starts");
        let both = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&both).into_owned();
        (output.status.code().expect("a code"), said)
    }
}

#[test]
fn curl_is_answered_for_each_path_by_the_policy() {
    let serving = serving(&["--policy", "fdx.toml"]);
    for version in VERSIONS {
        // All on one connection.
        let paths = [
            "/fdx/accounts/7",
            "/fdx/authorization",
            "/other",
            "/fdx/accounts/../x",
        ];
        let (code, said) = serving.curl(Some("client.crt"), version, &paths);
        assert_eq!(code, 0, "{said}");
        let answers: Vec<&str> = said.lines().collect();
        assert_eq!(answers.len(), 4, "{said}");
        assert!(
            answers[0].contains("\"identity\":\"first\"") && answers[0].contains("FDX_MTLS"),
            "{said}"
        );
        for (answer, name) in answers[1..]
            .iter()
            .zip(["other-issuer", "no-rule", "no-rule"])
        {
            assert!(answer.contains(&format!("\"name\":\"{name}\"")), "{answer}");
        }
        let line = serving.next();
        let spoken = format!("let in: first, as CN=tpp1.example, by accounts; TLS {version}, ");
        assert!(line.starts_with(&spoken), "{line}");
        for start in [
            "GET /fdx/accounts/7: allowed for first, by FDX_MTLS",
            "GET /fdx/authorization: refused[other-issuer]: the certificate of CN=tpp1.example was issued by \
             CN=Example Root, who is not trusted here; who is: CN=Other Root",
            "GET /other: refused[no-rule]: no rule says who may use the path /other",
            "GET /fdx/accounts/../x: refused[no-rule]",
        ] {
            let line = serving.next();
            assert!(line.starts_with(start), "{line}");
        }
        let (_, said) = serving.curl(Some("stranger.crt"), version, &["/fdx/authorization"]);
        assert!(said.contains("\"identity\":\"tpp1.example\""), "{said}");
        for line in [
            "let in: tpp1.example",
            "GET /fdx/authorization: allowed for tpp1.example",
        ] {
            assert!(serving.next().starts_with(line));
        }
    }
}

#[test]
fn the_server_tells_why_it_refuses_curl() {
    let serving = serving(&["--ca", "root.crt", "--crl", "root.crl"]);
    let cases = [
        (None, "refused[no-certificate]: no certificate was shown"),
        (
            Some("expired.crt"),
            "refused[expired]: the certificate of CN=tpp1.example expired 3 days ago",
        ),
        (
            Some("early.crt"),
            "refused[not-yet-valid]: the certificate of CN=tpp1.example is not valid yet",
        ),
        (
            Some("revoked.crt"),
            "refused[revoked]: the certificate of CN=tpp1.example was revoked on 2026-01-02",
        ),
        (
            Some("purpose.crt"),
            "refused[other-purpose]: the certificate of CN=tpp1.example is not for clients",
        ),
        (
            Some("v1.crt"),
            "refused[certificate-version]: the certificate of CN=tpp1.example is of version 1",
        ),
        (
            Some("stranger.crt"),
            "refused[other-issuer]: the certificate of CN=tpp1.example was issued by CN=Other Root",
        ),
    ];
    for version in VERSIONS {
        for (certificate, start) in cases {
            let (code, said) = serving.curl(certificate, version, &["/"]);
            assert_ne!(code, 0, "{certificate:?} {version}: {said}");
            let line = serving.next();
            assert!(line.starts_with(start), "{version}: {line}");
        }
    }
}

#[test]
fn whoever_is_revoked_is_disconnected_within_a_second() {
    for version in VERSIONS {
        revoked_while_connected(version);
    }
}

fn revoked_while_connected(version: &str) {
    let serving = serving(&["--policy", "fdx.toml"]);
    let mut client = serving
        .s_client_command(
            serving.port,
            &format!("-tls{}", version.replace('.', "_")),
            &["-cert", "client.crt", "-key", "own.key"],
        )
        .arg("-quiet")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl starts");
    assert!(serving.next().starts_with("let in: first"));
    serving.list(&serving.root, "root.crl", 3, &[REVOKED, CLIENT.serial]);
    let since = Instant::now();
    let line = serving.next();
    let took = since.elapsed();
    assert!(
        line.starts_with("closed: the certificate of CN=tpp1.example was revoked on"),
        "{line}"
    );
    assert!(took < Duration::from_secs(1), "{took:?}");
    let mut rest = Vec::new();
    client
        .stdout
        .take()
        .expect("its output")
        .read_to_end(&mut rest)
        .expect("its end");
    client.wait().expect("it ends");
    let (code, _) = serving.curl(Some("client.crt"), version, &["/fdx/accounts"]);
    assert_ne!(code, 0);
    assert!(serving.next().starts_with("refused[revoked]"));
}

/// Runs `daxsign tls connect` in the folder of the stage.
fn connect(stage: &Stage, port: u16, more: &[&str]) -> Run {
    let tool = Tool::default();
    let output = tool
        .command()
        .args([
            "tls",
            "connect",
            &format!("127.0.0.1:{port}"),
            "--ca",
            "root.crt",
            "--crl",
            "root.crl",
        ])
        .args(more)
        .current_dir(stage.root())
        .stdin(Stdio::null())
        .output()
        .expect("the tool starts");
    Run {
        code: output.status.code().expect("an exit code"),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

const OWN: [&str; 4] = ["--certificate", "client.crt", "--key", "own.key"];

#[test]
fn connect_tells_what_it_thinks_of_openssls_server() {
    let stage = with_certificates();
    let cases = [
        ("server.crt", "localhost", None),
        (
            "server.crt",
            "elsewhere.example",
            Some(("other-host", "it names gateway.example, localhost")),
        ),
        (
            "expired-server.crt",
            "localhost",
            Some(("expired", "expired 3 days ago")),
        ),
        (
            "revoked-server.crt",
            "localhost",
            Some((
                "revoked",
                "was revoked on 2026-01-02T03:04:05Z (keyCompromise)",
            )),
        ),
        (
            "client.crt",
            "tpp1.example",
            Some((
                "other-purpose",
                "is not for servers (serverAuth is missing): it is for clientAuth",
            )),
        ),
        (
            "stranger-server.crt",
            "localhost",
            Some((
                "other-issuer",
                "was issued by CN=Other Root, who is not trusted here",
            )),
        ),
    ];
    for version in VERSIONS {
        for (certificate, host, refused) in cases {
            let openssl = format!("-tls{}", version.replace('.', "_"));
            let server = OpenSslServer::start(stage.root(), &openssl, certificate);
            let run = connect(
                &stage,
                server.port,
                &[&OWN[..], &["--host", host, "--path", "/"]].concat(),
            );
            match refused {
                None => {
                    assert_eq!(run.code, 0, "{version} {}", run.err);
                    let said = run.text();
                    assert!(said.starts_with(&format!("TLS {version}, ")), "{said}");
                    assert!(
                        said.contains("server: CN=gateway.example; good until "),
                        "{said}"
                    );
                    assert!(
                        said.contains("tpp1.example"),
                        "OpenSSL shows the client's: {said}"
                    );
                }
                Some((name, why)) => {
                    run.assert_refused(name, certificate);
                    assert!(run.err.contains(why), "{}", run.err);
                }
            }
        }
    }
}

#[test]
fn connect_tells_what_the_server_thinks_of_its_certificate() {
    let serving = serving(&["--policy", "fdx.toml"]);
    let cases = [
        ("expired.crt", "has expired"),
        ("revoked.crt", "was revoked"),
        ("purpose.crt", "is not for this purpose"),
        ("v1.crt", "of version 1"),
        ("unknown.crt", "is good, but nobody is known there by it"),
    ];
    for version in VERSIONS {
        let common = ["--host", "localhost", "--tls", version];
        for (certificate, why) in cases {
            let own = ["--certificate", certificate, "--key", "own.key"];
            let run = connect(&serving, serving.port, &[&common[..], &own].concat());
            assert_eq!(run.code, 1, "{version} {certificate}: {}", run.err);
            assert!(
                run.err.contains("error[refused-there]: ") && run.err.contains(why),
                "{}",
                run.err
            );
        }
        let run = connect(&serving, serving.port, &common);
        assert_eq!(run.code, 1, "{version}: {}", run.err);
        assert!(run.err.contains("error[refused-there]: "), "{}", run.err);
        let path = ["--path", "/fdx/accounts"];
        let run = connect(&serving, serving.port, &[&common[..], &OWN, &path].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(
            run.text().contains("\"identity\":\"first\""),
            "{}",
            run.text()
        );
    }
}

/// As OpenSSL and `daxsign ca` keep keys.
#[test]
fn keys_are_read_in_every_form() {
    let stage = with_certificates();
    let openssl = OpenSsl::default();
    openssl.write("own.key", stage.read("own.key"));
    openssl.write("pass", "a passphrase\n");
    openssl.run("pkcs8 -topk8 -in own.key -passout file:pass -out encrypted.key");
    openssl.run("rsa -in own.key -outform DER -out der.key");
    for file in ["pass", "encrypted.key", "der.key"] {
        stage.write(file, openssl.read(file));
    }
    let server = OpenSslServer::start(stage.root(), "-tls1_3", "server.crt");
    let run = |key: &[&str]| {
        let common = [
            "--host",
            "localhost",
            "--path",
            "/",
            "--certificate",
            "client.crt",
        ];
        connect(&stage, server.port, &[&common[..], key].concat())
    };
    for key in [
        &["--key", "der.key"][..],
        &["--key", "encrypted.key", "--passphrase-file", "pass"],
    ] {
        let run = run(key);
        assert_eq!(run.code, 0, "{key:?}: {}", run.err);
    }
    let wrong = run(&["--key", "encrypted.key", "--passphrase-file", "root.crl"]);
    wrong.assert_refused("wrong-passphrase", "another's");
    // Nobody can be asked here.
    let unsaid = run(&["--key", "encrypted.key"]);
    assert_eq!(unsaid.code, 2, "{}", unsaid.err);
    assert!(
        unsaid.err.contains("--passphrase-file is missing"),
        "{}",
        unsaid.err
    );
    let other = run(&["--key", "client.crt"]);
    assert_eq!(other.code, 1, "{}", other.err);
    assert!(other.err.contains("certificate"), "{}", other.err);
}

#[test]
fn a_server_that_says_nothing_is_told_from_one_that_closes() {
    let stage = with_certificates();
    let server = OpenSslServer::silent(stage.root(), "-tls1_3", "server.crt");
    let host = ["--host", "localhost"];
    let run = connect(&stage, server.port, &[&host[..], &OWN].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let said = "client: shown; the server said nothing against it for a second";
    assert!(run.text().contains(said), "{}", run.text());
    let run = connect(
        &stage,
        server.port,
        &[&host[..], &OWN, &["--path", "/"]].concat(),
    );
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("said nothing for too long"), "{}", run.err);
}

#[test]
fn a_server_s_own_certificate_is_looked_at() {
    let stage = with_certificates();
    for (certificate, says) in [
        ("server.crt", None),
        ("expired-server.crt", Some("expired on ")),
        ("client.crt", Some("serverAuth is missing")),
    ] {
        let mut child = Command::new(daxsign_tests::tool::binary())
            .args([
                "tls",
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--key",
                "own.key",
            ])
            .args(["--ca", "root.crt", "--no-crl", "--certificate", certificate])
            .current_dir(stage.root())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        let notes = BufReader::new(child.stderr.take().expect("its notes")).lines();
        let notes = notes.map_while(Result::ok);
        let before: Vec<String> = notes
            .take_while(|line| !line.starts_with("listening"))
            .collect();
        let _ = child.kill();
        let _ = child.wait();
        let warned = before
            .iter()
            .find(|line| line.starts_with(&format!("warning: {certificate}: ")));
        match says {
            None => assert_eq!(warned, None),
            Some(says) => assert!(warned.is_some_and(|line| line.contains(says)), "{before:?}"),
        }
    }
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is() {
    let stage = with_certificates();
    let tool = Tool::default();
    let run = |arguments: &[&str]| {
        let output = tool
            .command()
            .args(arguments)
            .current_dir(stage.root())
            .output()
            .expect("the tool starts");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), err)
    };
    let serve = [
        "tls",
        "serve",
        "--certificate",
        "server.crt",
        "--key",
        "own.key",
        "--listen",
        "127.0.0.1:0",
    ];
    let connect = ["tls", "connect", "localhost:1"];
    let roots = ["--ca", "root.crt", "--no-crl"];
    let no_connection = [&roots[..], &["--connections", "0"]].concat();
    let cases: [(&[&str], &[&str], i32, &str); 9] = [
        (&serve, &[], 2, "required"),
        (&serve, &no_connection, 2, "--connections"),
        (
            &serve,
            &["--ca", "root.crt"],
            2,
            "what was revoked is not said",
        ),
        (
            &serve,
            &["--ca", "client.crt", "--no-crl"],
            1,
            "error[no-root]",
        ),
        (
            &serve,
            &["--ca", "other.crt", "--crl", "root.crl"],
            1,
            "error[other-list]",
        ),
        (
            &serve,
            &["--policy", "root.crt"],
            1,
            "error[policy]: root.crt: ",
        ),
        (&connect, &["--no-crl"], 2, "whom to trust is not said"),
        (
            &connect,
            &["--ca", "root.crt", "--no-crl"],
            2,
            "cannot connect to localhost:1",
        ),
        (&connect, &["--ca", "gone.crt", "--no-crl"], 2, "gone.crt"),
    ];
    for (command, more, code, why) in cases {
        let (found, err) = run(&[command, more].concat());
        assert_eq!(found, Some(code), "{more:?}: {err}");
        assert!(err.contains(why), "{more:?}: {err}");
    }
}

/// The page's own commands, from nothing to handshakes with three programs.
#[test]
fn the_page_can_be_followed() {
    let tool = Tool::default();
    tool.write("fdx.toml", program("mutual-tls", "toml"));
    let block = commands("mutual-tls", "daxsign ca demo");
    let (made, served) = block.rsplit_once('\n').expect("the server's line");
    let folder = daxsign_tests::tool::binary().parent().expect("its folder");
    let path = format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").expect("a path")
    );
    let shell = |script: &str| {
        let output = Command::new("sh")
            .args(["-ec", script])
            .current_dir(tool.root())
            .env("PATH", &path)
            .stdin(Stdio::null())
            .output()
            .expect("sh starts");
        let both = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&both).into_owned();
        assert!(output.status.success(), "{script}: {said}");
        said
    };
    let _ = shell(made);
    let arguments: Vec<&str> = served.split(' ').skip(3).collect();
    let mut command = tool.command();
    command
        .args(["tls", "serve", "--listen", "127.0.0.1:0"])
        .args(arguments);
    let serving = Serving::start(Stage::default(), command);
    let calls = commands("mutual-tls", "daxsign tls connect");
    let calls = calls.replace("8443", &serving.port.to_string());
    let calls: Vec<&str> = calls.lines().collect();
    assert_eq!(calls.len(), 3);
    for call in &calls[..2] {
        let said = shell(call);
        assert!(
            said.contains("\"identity\":\"tpp1\"") && said.contains("FDX_MTLS"),
            "{call}: {said}"
        );
    }
    let said = shell(calls[2]);
    assert!(said.contains("Verify return code: 0 (ok)"), "{said}");
    let told: Vec<String> = (0..5).map(|_| serving.next()).collect();
    let let_in = told
        .iter()
        .filter(|line| line.starts_with("let in: tpp1, as "));
    assert_eq!(let_in.count(), 3, "{told:?}");
}
