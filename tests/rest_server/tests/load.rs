//! One client for ten thousand calls: it asks for one token, and neither its memory nor its open
//! files grow. The server is another process, so that what is measured is the client's.

mod client;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use daxsign_client::api::ListContracts;
use daxsign_client::{asynchronous, blocking};
use serde_json::Value;

use client::{key, settings_at};

const CALLS: usize = 10_000;
/// Calls until everything that a client keeps is there.
const WARM: usize = 2_000;
const AT_ONCE: usize = 8;
/// Pages of an allocator move; a leak of 200 bytes a call is found.
const MAX_GROWTH: usize = 1_600_000;

struct Program {
    child: Child,
    control: String,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rest-server"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("rest-server starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("its address");
        let said: Value = serde_json::from_str(&line).expect("JSON");
        let control = said["control"].as_str().expect("an address").to_owned();
        Self { child, control }
    }

    fn ask(&self, method: &str, path: &str) -> Value {
        let address = format!("{}{path}", self.control);
        let output = Command::new("curl")
            .args(["-sf", "-X", method, &address])
            .output();
        serde_json::from_slice(&output.expect("curl starts").stdout).expect("JSON")
    }

    fn play(&self, name: &str) -> Value {
        self.ask("POST", &format!("/play/{name}"))
    }

    /// Token requests, calls, and everything that was wrong.
    fn judged(&self, invitation: &Value) -> (usize, usize, Vec<String>) {
        let report = self.ask("GET", invitation["report"].as_str().expect("a path"));
        let arrived = report["arrived"].as_array().expect("a list");
        let tokens = arrived
            .iter()
            .filter(|arrived| arrived["kind"] == "token")
            .count();
        let wrong = arrived.iter().filter(|arrived| {
            arrived["faults"] != serde_json::json!([]) || !arrived["refused"].is_null()
        });
        (
            tokens,
            arrived.len() - tokens,
            wrong.map(|arrived| arrived["faults"].to_string()).collect(),
        )
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Bytes of memory that this process holds, and its open files.
fn held() -> (usize, usize) {
    let statm = fs::read_to_string("/proc/self/statm").expect("/proc");
    let pages: usize = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .expect("pages");
    let files = fs::read_dir("/proc/self/fd").expect("/proc").count();
    (pages * 4096, files)
}

/// Makes calls in two parts, and compares what is held after each.
fn load(address: &Value, mut calls: impl FnMut(&str, usize)) {
    let address = address["base"].as_str().expect("an address");
    calls(address, WARM);
    let before = held();
    calls(address, CALLS - WARM);
    let after = held();
    let grown = after.0.saturating_sub(before.0);
    println!(
        "memory {} → {} bytes, files {} → {}",
        before.0, after.0, before.1, after.1
    );
    assert!(grown < MAX_GROWTH, "{grown} bytes more after {CALLS} calls");
    assert!(after.1 <= before.1, "files: {} → {}", before.1, after.1);
}

#[test]
fn ten_thousand_calls_leave_nothing_behind() {
    let program = Program::start();
    with_threads(&program);
    with_tasks(&program);
}

fn with_threads(program: &Program) {
    let played = program.play("many");
    let mut client = None;
    load(&played, |address, count| {
        let client = client.get_or_insert_with(|| {
            blocking::Client::new(settings_at(address), key()).expect("a client")
        });
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    for _ in 0..count / AT_ONCE {
                        client.call(&ListContracts::new()).expect("contracts");
                    }
                });
            }
        });
    });
    assert_eq!(program.judged(&played), (1, CALLS, Vec::new()));
}

fn with_tasks(program: &Program) {
    let played = program.play("many");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads");
    let mut client = None;
    load(&played, |address, count| {
        let client = client.get_or_insert_with(|| {
            asynchronous::Client::new(settings_at(address), key()).expect("a client")
        });
        runtime.block_on(async {
            let tasks: Vec<_> = (0..AT_ONCE)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move {
                        for _ in 0..count / AT_ONCE {
                            client.call(&ListContracts::new()).await.expect("contracts");
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.expect("no panic");
            }
        });
    });
    assert_eq!(program.judged(&played), (1, CALLS, Vec::new()));
}
