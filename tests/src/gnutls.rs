//! GnuTLS's client and server, which look into the list of revoked certificates, too.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use crate::tls_peer::{Other, PATIENCE};

const PACKAGE: &str = "install gnutls-bin";
/// What it trusts, and shows.
const FILES: [&str; 3] = [
    "--x509cafile=root.crt",
    "--x509crlfile=root.crl",
    "--x509keyfile=own.key",
];

/// Both, in the folder of their certificates.
#[derive(Debug)]
pub struct GnuTls {
    folder: PathBuf,
    serving: Option<Serving>,
}

/// Its server, ended with this.
#[derive(Debug)]
struct Serving {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn of(mut child: Child) -> Self {
        let (sender, lines) = channel();
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let out: Box<dyn Read + Send> = Box::new(out.expect("its output"));
        let err: Box<dyn Read + Send> = Box::new(err.expect("its notes"));
        for stream in [out, err] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        Self { child, lines }
    }

    /// What it says, up to the line that has one of these.
    fn until(&self, ends: &[&str]) -> String {
        let mut said = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|error| panic!("{error}: {said}"));
            said += &line;
            said.push('\n');
            if ends.iter().any(|end| line.contains(end)) {
                return said;
            }
        }
    }
}

impl GnuTls {
    /// Nothing runs yet.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            serving: None,
        }
    }

    fn command(&self, program: &[&str], version: &str, port: u16) -> Command {
        let mut command = Command::new(program[0]);
        command
            .args(&program[1..])
            .arg(format!("--port={port}"))
            .arg(format!("--priority=NORMAL:-VERS-ALL:+VERS-TLS{version}"))
            .args(&FILES[..1])
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

fn said(child: Child) -> String {
    let output = child.wait_with_output().expect("its output");
    let both = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

impl Other for GnuTls {
    fn connect(
        &mut self,
        version: &str,
        port: u16,
        host: &str,
        certificate: Option<&str>,
    ) -> String {
        let mut command = self.command(&["gnutls-cli"], version, port);
        command
            .arg(FILES[1])
            .arg(format!("--verify-hostname={host}"));
        if let Some(name) = certificate {
            command
                .arg(FILES[2])
                .arg(format!("--x509certfile={name}.crt"));
        }
        let mut child = command.arg("127.0.0.1").spawn().expect(PACKAGE);
        // It would leave at the end of its input.
        let input = child.stdin.take();
        let said = said(child);
        drop(input);
        said
    }

    fn serve(&mut self, version: &str, certificate: &str) -> u16 {
        // It does not say which port it was given.
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let child = self
            // Else it says nothing before it ends.
            .command(&["stdbuf", "-oL", "gnutls-serv"], version, port)
            .args(&FILES[1..])
            .arg(format!("--x509certfile={certificate}.crt"))
            .args(["--http", "--require-client-cert", "--verify-client-cert"])
            .spawn();
        let serving = Serving::of(child.expect(PACKAGE));
        serving.until(&["...done"]);
        self.serving = Some(serving);
        port
    }

    fn ended(&mut self) -> String {
        let mut serving = self.serving.take().expect("a server");
        let mut said = serving.until(&["Error in handshake", "- Version: "]);
        let _ = serving.child.kill();
        // What it wrote to its other output before.
        while let Ok(line) = serving.lines.recv_timeout(PATIENCE) {
            said += &line;
            said.push('\n');
        }
        said
    }

    fn alert(&self, name: &'static str) -> &'static str {
        match name {
            "bad certificate" => "[42]",
            "unsupported certificate" => "[43]",
            "certificate revoked" => "[44]",
            "certificate expired" => "[45]",
            "unknown ca" => "[48]",
            "certificate required" => "[116]",
            other => other,
        }
    }
}
