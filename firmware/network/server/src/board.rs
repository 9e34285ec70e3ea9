//! The emulated board, a process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

/// What it must have said, each once and in this order.
const VERDICTS: [&str; 3] = [
    "board: accepted, obeys {\"command\":\"open\",\"seconds\":5}",
    "board: refused, signature-mismatch",
    "board: refused, replayed",
];

/// QEMU with the program. It is ended when this is dropped.
pub struct Board {
    emulator: Child,
    output: Option<JoinHandle<Vec<String>>>,
}

impl Board {
    /// Starts it; what it prints is printed at once.
    pub fn start(program: &Path, port: u16) -> Result<Self, String> {
        let semihosting = format!("enable=on,target=native,arg=door,arg={port}");
        let mut emulator = Command::new("qemu-system-arm")
            .args(["-M", "mps2-an386", "-nic", "user,model=lan9118"])
            .args(["-display", "none", "-monitor", "none", "-serial", "none"])
            .args(["-semihosting-config", &semihosting, "-kernel"])
            .arg(program)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // Where semihosting's console is.
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                format!(
                    "cannot run `qemu-system-arm` ({error}): install the package qemu-system-arm"
                )
            })?;
        let console = emulator.stderr.take().ok_or("no console")?;
        let output = std::thread::spawn(move || {
            let lines = BufReader::new(console).lines().map_while(Result::ok);
            lines.inspect(|line| println!("{line}")).collect()
        });
        Ok(Self {
            emulator,
            output: Some(output),
        })
    }

    /// Its exit code, if it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, String> {
        self.emulator.try_wait().map_err(|error| error.to_string())
    }

    /// Whether it ended well and came to the verdicts that it must come to.
    pub fn check(mut self, status: ExitStatus) -> Result<(), String> {
        let lines = self.output.take().and_then(|thread| thread.join().ok());
        let lines = lines.ok_or("the board's output was lost")?;
        let verdict = |line: &&String| {
            ["board: accepted", "board: refused"]
                .iter()
                .any(|start| line.starts_with(start))
        };
        let verdicts: Vec<&String> = lines.iter().filter(verdict).collect();
        if !status.success() || verdicts != VERDICTS {
            return Err(format!("the board: {status}, verdicts {verdicts:?}"));
        }
        Ok(())
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // It has ended unless something went wrong; then these have nothing to tell.
        let _ = self.emulator.kill();
        let _ = self.emulator.wait();
    }
}
