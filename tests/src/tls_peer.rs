//! Programs with other libraries for TLS, as one end of a handshake.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The longest that anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// What another program can be told. Certificates are named without the end of their file.
pub trait Other {
    /// Connects to a port of this machine as this host, trusting `root.crt`, with a certificate or none: what it says
    /// of it, with `greetings` if that is what it was greeted with.
    fn connect(
        &mut self,
        version: &str,
        port: u16,
        host: &str,
        certificate: Option<&str>,
    ) -> String;
    /// Serves one connection, of a client below `root.crt`: the port.
    fn serve(&mut self, version: &str, certificate: &str) -> u16;
    /// What it says of that connection, once it is over.
    fn ended(&mut self) -> String;
    /// What it calls this alert, which is here as in OpenSSL.
    fn alert(&self, name: &'static str) -> &'static str {
        name
    }
}

/// A program that is told line by line what to do (`authority/peers/`); ended with this.
#[derive(Debug)]
pub struct Peer {
    child: Child,
    orders: ChildStdin,
    lines: Receiver<String>,
    /// The end of the files that it reads certificates from.
    end: &'static str,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Peer {
    /// Starts it in the folder of its certificates.
    #[must_use]
    pub fn start(mut command: Command, folder: &Path, end: &'static str) -> Self {
        let mut child = command
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let orders = child.stdin.take().expect("its input");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            child,
            orders,
            lines,
            end,
        }
    }

    fn tell(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").expect("it listens");
        self.line()
    }

    fn line(&self) -> String {
        let line = self.lines.recv_timeout(PATIENCE).expect("a line");
        line.replace('_', " ").to_lowercase()
    }
}

impl Other for Peer {
    fn connect(
        &mut self,
        version: &str,
        port: u16,
        host: &str,
        certificate: Option<&str>,
    ) -> String {
        let shown = certificate.map_or("-".to_owned(), |name| format!("{name}.{}", self.end));
        self.tell(&format!("connect {version} {port} {host} {shown}"))
    }

    fn serve(&mut self, version: &str, certificate: &str) -> u16 {
        let line = self.tell(&format!("serve {version} {certificate}.{}", self.end));
        let port = line
            .strip_prefix("port ")
            .and_then(|port| port.parse().ok());
        port.unwrap_or_else(|| panic!("no port: {line}"))
    }

    fn ended(&mut self) -> String {
        self.line()
    }
}
