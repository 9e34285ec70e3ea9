//! The command-line tool, run as a process on files.

use std::io::Write;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::folder::Folder;
use crate::native::AS_TESTS_ARE;

/// The tool in a folder of its own.
#[derive(Debug, Default)]
pub struct Tool {
    folder: Folder,
}

impl Deref for Tool {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.folder
    }
}

/// What one run gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// Standard output as text.
    ///
    /// # Panics
    /// If it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("output in UTF-8")
    }

    /// Standard output of a run that must have succeeded.
    ///
    /// # Panics
    /// If it did not.
    #[must_use]
    pub fn success(self) -> Vec<u8> {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// Fails unless the run refused its input under this name and gave nothing out.
    ///
    /// # Panics
    /// If it did anything else.
    pub fn assert_refused(&self, name: &str, case: &str) {
        let said = self.err.contains(&format!("error[{name}]: "));
        assert!(
            said && self.code == 1,
            "{case}, expected {name}: {} {}",
            self.code,
            self.err
        );
        assert!(self.out.is_empty(), "{case}: output after an error");
    }

    /// Fails unless the run could not be carried out as asked.
    ///
    /// # Panics
    /// If it did anything else.
    pub fn assert_unusable(&self, case: &str) {
        assert_eq!(self.code, 2, "{case}: {}", self.err);
        assert!(self.out.is_empty() && !self.err.is_empty(), "{case}");
    }
}

/// The profile that tests take which are not about profiles.
pub const PROFILE: &str = "documented";

impl Tool {
    /// The tool as a command in its folder, for tests that start it in another way. Where they name no
    /// profile it is [`PROFILE`], and the settings of whoever runs the tests are not read.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(binary());
        command
            .current_dir(self.root())
            .env("DAXSIGN_PROFILE", PROFILE)
            .env("DAXSIGN_SETTINGS", self.root());
        command
    }

    /// Runs the tool.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with_input(arguments, b"")
    }

    /// Runs the tool with bytes on its standard input.
    ///
    /// # Panics
    /// If it cannot be started or is ended by a signal.
    #[must_use]
    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        // Whoever needs no input does not read it.
        let _ = child
            .stdin
            .take()
            .expect("its standard input")
            .write_all(input);
        let output = child.wait_with_output().expect("the tool ends");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!err.contains("panicked"), "daxsign {arguments:?}: {err}");
        Run {
            code: output.status.code().expect("an exit code"),
            out: output.stdout,
            err,
        }
    }
}

impl Tool {
    /// Runs the tool with a terminal as its standard input, output and error: what the terminal gets,
    /// line ends as the terminal makes them, both outputs in one.
    ///
    /// # Panics
    /// If util-linux's `script`, which makes the terminal, cannot be started.
    #[must_use]
    pub fn run_on_terminal(&self, arguments: &[&str]) -> Vec<u8> {
        let quoted = |text: &&str| format!(" '{}'", text.replace('\'', "'\\''"));
        let arguments: String = arguments.iter().map(quoted).collect();
        self.shell_on_terminal(&format!("\"$DAXSIGN\"{arguments}"))
    }

    /// Runs a shell's command on a terminal in the same way; `$DAXSIGN` is the tool.
    ///
    /// # Panics
    /// As [`run_on_terminal`](Self::run_on_terminal).
    #[must_use]
    pub fn shell_on_terminal(&self, command: &str) -> Vec<u8> {
        let output = Command::new("script")
            .args(["--quiet", "--return", "--command", command])
            .arg("/dev/null")
            .env("DAXSIGN", binary())
            .env("DAXSIGN_PROFILE", PROFILE)
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .current_dir(self.root())
            .stdin(Stdio::null())
            .output()
            .expect("script starts");
        output.stdout
    }
}

/// The tool's program, built once into the folder that this test was built into.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        // …/<target folder>/<profile>/deps/<this test>
        let test = std::env::current_exe().expect("the test's own path");
        let profile = test.ancestors().nth(2).expect("the profile's folder");
        let target = profile.parent().expect("the target folder");
        let mut build = Command::new(env!("CARGO"));
        // With the whole workspace, so that dependencies keep the features they are built with.
        build
            .args([
                "build",
                "--quiet",
                "--workspace",
                "--bin",
                "daxsign",
                "--target-dir",
            ])
            .arg(target)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        if profile.ends_with("release") {
            build.arg("--release");
        } else {
            build.args(AS_TESTS_ARE);
        }
        assert!(
            build.status().expect("cargo runs").success(),
            "the tool does not build"
        );
        let binary = profile.join(format!("daxsign{}", std::env::consts::EXE_SUFFIX));
        assert!(binary.is_file(), "{} is missing", binary.display());
        binary
    })
}

/// What [`Tool::converse`] waits for before it types each answer.
const CONVERSATION: &str = "\
import json, os, pty, sys, termios
steps = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
seen, mark = b'', 0
def read():
    global seen
    try:
        part = os.read(terminal, 65536)
    except OSError:
        part = b''
    seen += part
    return part
for question, answer in steps:
    while question.encode() not in seen[mark:]:
        assert read(), (question, seen)
    mark = len(seen)
    # When the question for a secret is there, the terminal shows nothing any more.
    secret = 'Pass' in question or 'again' in question
    assert not (secret and termios.tcgetattr(terminal)[3] & termios.ECHO), (question, 'is shown')
    os.write(terminal, answer.encode() + b'\\n')
while read():
    pass
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";

impl Tool {
    /// Runs the tool on a terminal where somebody waits for each question and types its answer; what the
    /// terminal showed is the output.
    ///
    /// # Panics
    /// If a question does not come, or `python3`, which makes the terminal, cannot be started.
    #[must_use]
    pub fn converse(&self, arguments: &[&str], steps: &[(&str, &str)]) -> Run {
        let output = Command::new("python3")
            .args(["-c", CONVERSATION])
            .arg(serde_json::to_string(steps).expect("text"))
            .arg(binary())
            .args(arguments)
            .current_dir(self.root())
            .env("TERM", "dumb")
            .stdin(Stdio::null())
            .output()
            .expect("python3 starts");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!err.contains("AssertionError"), "{err}");
        Run {
            code: output.status.code().expect("an exit code"),
            out: output.stdout,
            err,
        }
    }
}
