//! The sandbox of DAX (`daxsign-exchange sandbox`) as a program.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::native::{AS_TESTS_ARE, project, target_folder};

/// Nothing takes longer, or it never comes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A sandbox that runs until it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    program: Child,
    said: Arc<Mutex<String>>,
    reading: Option<JoinHandle<()>>,
    /// The line that says that it is ready.
    pub ready: Value,
    /// How long it took to be ready.
    pub took: Duration,
}

impl Sandbox {
    /// Starts it with these arguments.
    ///
    /// # Panics
    /// If it does not get ready.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Self {
        let began = Instant::now();
        let mut program = Command::new(binary())
            .args(["sandbox", "--until-input-ends"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the sandbox starts");
        let said = Arc::new(Mutex::new(String::new()));
        let (heard, stderr) = (Arc::clone(&said), program.stderr.take().expect("piped"));
        let reading = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut said = heard.lock().expect("said");
                said.push_str(&line);
                said.push('\n');
            }
        });
        let mut line = String::new();
        let mut output = BufReader::new(program.stdout.take().expect("piped"));
        output.read_line(&mut line).expect("its output");
        let took = began.elapsed();
        let ready = serde_json::from_str(&line);
        let ready = ready.unwrap_or_else(|error| {
            let _ = program.wait();
            let _ = reading.is_finished();
            panic!("{line:?}: {error}: {}", said.lock().expect("said"))
        });
        // Nothing else comes there.
        std::thread::spawn(move || output.read_to_end(&mut Vec::new()));
        let reading = Some(reading);
        Self {
            program,
            said,
            reading,
            ready,
            took,
        }
    }

    /// What it said to people so far.
    ///
    /// # Panics
    /// If a thread that reads it did.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().expect("said").clone()
    }

    /// Waits until it has said this.
    ///
    /// # Panics
    /// If it does not.
    pub fn wait_for(&self, part: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.said().contains(part) {
            assert!(Instant::now() < end, "{part}: {}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The commands that it printed, as they are pasted into a shell.
    ///
    /// # Panics
    /// If it prints none.
    #[must_use]
    pub fn commands(&self) -> String {
        // It comes another way than the line that it is ready.
        self.wait_for("docs/sandbox.md");
        let said = self.said();
        let commands = said.lines().filter_map(|line| line.strip_prefix("  "));
        commands.collect::<Vec<_>>().join("\n")
    }

    /// Its folder.
    ///
    /// # Panics
    /// If it did not say.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.ready["dir"].as_str().expect("dir").into()
    }

    /// A command of bash with its variables set, which finds the tool and the exchange's program.
    #[must_use]
    pub fn shell(&self, script: &str) -> Command {
        let programs = Path::new(binary()).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("bash");
        shell
            .args(["-eu", "-o", "pipefail", "-c", script])
            .env("PATH", format!("{}:{path}", programs.display()))
            .env_remove("DAXSIGN_PROFILE")
            .env_remove("DAXSIGN_AS");
        shell
    }

    /// Ends it; what it said.
    ///
    /// # Panics
    /// If it does not end well.
    #[must_use]
    pub fn end(mut self) -> String {
        drop(self.program.stdin.take());
        let status = self.program.wait().expect("it ends");
        if let Some(reading) = self.reading.take() {
            reading.join().expect("read");
        }
        assert!(status.success(), "{status}: {}", self.said());
        self.said()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The exchange's program, built once, with the tool and the client's example that names the sandbox.
///
/// # Panics
/// If it does not build.
pub fn binary() -> &'static str {
    static BINARY: OnceLock<String> = OnceLock::new();
    BINARY.get_or_init(|| {
        let folder = target_folder();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .current_dir(project())
            .args(["build", "--quiet", "--locked", "--workspace"])
            .args(["--bin", "daxsign-exchange", "--bin", "daxsign"])
            .args(["--example", "open_door"])
            .args(AS_TESTS_ARE)
            .arg("--target-dir")
            .arg(&folder)
            .status();
        assert!(status.expect("cargo starts").success(), "cargo build");
        let binary = folder.join("debug/daxsign-exchange");
        binary.to_str().expect("a path in UTF-8").to_owned()
    })
}
