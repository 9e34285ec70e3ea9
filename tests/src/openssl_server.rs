//! OpenSSL's server, which asks clients for a certificate and shows them what it saw.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server, ended with this.
#[derive(Debug)]
pub struct OpenSslServer {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl Drop for OpenSslServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl OpenSslServer {
    /// Starts it with a certificate for `own.key` and clients below `root.crt`, all in this folder; `version` is
    /// `-tls1_2` or `-tls1_3`.
    #[must_use]
    pub fn start(folder: &Path, version: &str, certificate: &str) -> Self {
        Self::with(folder, &[version, "-www"], certificate)
    }

    /// The same, but it never answers, nor closes.
    #[must_use]
    pub fn silent(folder: &Path, version: &str, certificate: &str) -> Self {
        Self::with(folder, &[version], certificate)
    }

    fn with(folder: &Path, options: &[&str], certificate: &str) -> Self {
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0"])
            .args(options)
            .args([
                "-cert",
                certificate,
                "-key",
                "own.key",
                "-CAfile",
                "root.crt",
            ])
            .args(["-Verify", "1", "-verify_return_error"])
            .current_dir(folder)
            // Open as long as it runs: at the end of its input it would close connections.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("ACCEPT")));
        let line = line.expect("a port").expect("a line");
        let port = line.rsplit(':').next().and_then(|port| port.parse().ok());
        // It is read until it ends, so that the server never waits.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            port: port.expect("a port"),
        }
    }
}
