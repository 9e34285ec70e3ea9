//! The tests' REST server (tests/rest_server) as a program, playing one scenario for other programs.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::native::{AS_TESTS_ARE, project, target_folder};

/// A scenario that is being played.
pub struct RestStage {
    program: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    invitation: Value,
}

impl RestStage {
    /// Plays a scenario of tests/rest_server/scenarios.json.
    ///
    /// # Panics
    /// If the server does not build or knows no such scenario.
    #[must_use]
    pub fn start(scenario: &str) -> Self {
        let mut program = Command::new(binary())
            .arg(scenario)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = program.stdin.take();
        let mut output = BufReader::new(program.stdout.take().expect("its output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("an invitation");
        let invitation = serde_json::from_str(&line).expect("an invitation in JSON");
        Self {
            program,
            input,
            output,
            invitation,
        }
    }

    /// All that a client is told.
    #[must_use]
    pub fn invitation(&self) -> &Value {
        &self.invitation
    }

    /// What a client is told under a name: `base`, `user`, `key`.
    ///
    /// # Panics
    /// If it is not told.
    #[must_use]
    pub fn told(&self, name: &str) -> &str {
        self.invitation[name].as_str().expect(name)
    }

    /// Ends the scenario; returns the report of what arrived.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn report(mut self) -> Value {
        drop(self.input.take());
        let mut text = String::new();
        self.output
            .read_to_string(&mut text)
            .expect("the server's output");
        self.program.wait().expect("the server ends");
        serde_json::from_str(&text).expect("a report in JSON")
    }

    /// The same of a scenario in which all must have arrived as its table says.
    ///
    /// # Panics
    /// If it did not.
    pub fn assert_as_expected(self) {
        let report = self.report();
        assert_eq!(report["as_expected"], true, "{}", report["differences"]);
    }
}

impl Drop for RestStage {
    fn drop(&mut self) {
        // After a report it has ended.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The server's program, built once.
fn binary() -> &'static str {
    static BINARY: OnceLock<String> = OnceLock::new();
    BINARY.get_or_init(|| {
        let folder = target_folder();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .current_dir(project())
            .args(["build", "--quiet", "--locked", "--workspace"])
            .args(["--bin", "rest-server"])
            .args(AS_TESTS_ARE)
            .arg("--target-dir")
            .arg(&folder)
            .status();
        assert!(status.expect("cargo starts").success(), "cargo build");
        let binary = folder.join("debug/rest-server");
        binary.to_str().expect("a path in UTF-8").to_owned()
    })
}
