//! The tool as somebody who calls the REST API has it: with settings, a password, perhaps a terminal.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::folder::Folder;
use crate::tool::{Run, binary};

/// How long a question is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it takes to answer one.
const THINKING: Duration = Duration::from_millis(300);
/// What may name a proxy. Tests name their own, or none.
pub const PROXY_VARIABLES: [&str; 8] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// The tool with a folder of settings of its own, and the secrets that it must never show.
#[derive(Debug)]
pub struct Caller {
    /// Where it runs; settings are below `settings`.
    pub folder: Folder,
    /// The `PATH` of the programs that it starts.
    pub path: String,
    password: String,
}

impl Caller {
    /// Without settings. The password is in the variable `DAX_PASSWORD`.
    #[must_use]
    pub fn new(password: &str) -> Self {
        Self {
            folder: Folder::default(),
            password: password.to_owned(),
            path: std::env::var("PATH").expect("a PATH"),
        }
    }

    /// With the settings that an invitation of the tests' REST server asks for, and more options of
    /// `setup`.
    #[must_use]
    pub fn with_settings(invitation: &Value, more: &[&str]) -> Self {
        let caller = Self::new(invitation["password"].as_str().expect("a password"));
        let run = caller.setup(invitation, more);
        assert_eq!(run.code, 0, "{}", run.err);
        caller
    }

    /// Runs `setup` for an invitation.
    #[must_use]
    pub fn setup(&self, invitation: &Value, more: &[&str]) -> Run {
        let told = |name: &str| invitation[name].as_str().expect("a text");
        let mut arguments = vec!["setup"];
        for (option, name) in [
            ("--base", "base"),
            ("--client-id", "client_id"),
            ("--partner", "partner"),
            ("--instance", "instance"),
            ("--user", "user"),
        ] {
            arguments.extend([option, told(name)]);
        }
        if !more.contains(&"--key") {
            arguments.extend(["--key", told("key")]);
        }
        if !more.contains(&"--password-keyring") {
            arguments.extend(["--password-env", "DAX_PASSWORD"]);
        }
        arguments.extend(more);
        self.run(&arguments)
    }

    /// A program in the caller's folder and environment.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for name in PROXY_VARIABLES {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.root())
            .env("DAXSIGN_SETTINGS", self.folder.path("settings"))
            .env("DAX_PASSWORD", &self.password)
            .env("PATH", &self.path)
            .env_remove("DAXSIGN_PROFILE")
            .env_remove("DAXSIGN_AS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the tool.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with_input(arguments, "")
    }

    /// Runs the tool with a text on its standard input.
    #[must_use]
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(binary());
        command.args(arguments);
        self.finish(command, input)
    }

    /// The tool on a terminal, where `input` is typed.
    #[must_use]
    pub fn type_to(&self, arguments: &[&str], input: &str) -> Run {
        self.finish(self.on_terminal(arguments), input)
    }

    /// The tool on a terminal, in a conversation: each answer is typed once its question is there.
    #[must_use]
    pub fn talk(&self, arguments: &[&str], conversation: &[(&str, &str)]) -> Run {
        let mut child = self.on_terminal(arguments).spawn().expect("script starts");
        let mut typed = child.stdin.take().expect("its input");
        let mut screen = child.stdout.take().expect("its output");
        let (sender, shown) = mpsc::channel();
        let reader = thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                let _ = sender.send(bytes[..count].to_vec());
            }
        });
        let (mut out, mut read) = (Vec::new(), 0);
        for (question, answer) in conversation {
            loop {
                let text = String::from_utf8_lossy(&out[read..]).into_owned();
                if text.contains(question) {
                    break;
                }
                let more = shown.recv_timeout(PATIENCE);
                out.extend(more.unwrap_or_else(|_| panic!("\"{question}\" is not asked: {text}")));
            }
            read = out.len();
            // Nobody types at once, and the tool hides what is typed just after it has asked.
            thread::sleep(THINKING);
            typed
                .write_all(format!("{answer}\n").as_bytes())
                .expect("a terminal");
        }
        out.extend(shown.iter().flatten());
        reader.join().expect("no panic");
        drop(typed);
        let code = child.wait().expect("the tool ends").code();
        let err = String::new();
        self.checked(Run {
            code: code.expect("an exit code"),
            out,
            err,
        })
    }

    fn on_terminal(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(Path::new("script"));
        let line = format!("{} {}", binary().display(), arguments.join(" "));
        command
            .args(["--quiet", "--return", "--command", &line, "/dev/null"])
            .env("SHELL", "/bin/sh");
        command
    }

    /// Runs a command to its end. Neither password nor token may be shown.
    #[must_use]
    pub fn finish(&self, mut command: Command, input: &str) -> Run {
        let mut child = command.spawn().expect("the tool starts");
        let mut pipe = child.stdin.take().expect("its input");
        // Whoever needs no input does not read it.
        let _ = pipe.write_all(input.as_bytes());
        drop(pipe);
        let output = child.wait_with_output().expect("the tool ends");
        self.checked(Run {
            code: output.status.code().expect("an exit code"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            out: output.stdout,
        })
    }

    /// Neither password nor token may be shown.
    fn checked(&self, run: Run) -> Run {
        assert!(!run.err.contains("panicked"), "{}", run.err);
        for shown in [run.err.as_str(), run.text()] {
            assert!(!shown.contains(&self.password), "the password: {shown}");
            assert!(!shown.contains("token+"), "a token: {shown}");
        }
        run
    }

    /// The text of settings.
    #[must_use]
    pub fn settings(&self, name: &str) -> String {
        let file = self.folder.path(&format!("settings/{name}.toml"));
        std::fs::read_to_string(file).expect("settings")
    }
}
