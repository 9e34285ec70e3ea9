//! A disk that is or becomes read-only: refused with the reason, nothing lost, and it goes on once it can be written to.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::caller::{Ask, Caller, Sender, field};
use crate::made::{Exchange, PATIENCE, Served, done, program, shown, text};

/// What is looked at twice a second is seen by then.
const SOON: Duration = Duration::from_secs(30);

/// An exchange whose folder's disk can be made read-only under it.
struct Disk<'e> {
    exchange: &'e Exchange,
    library: PathBuf,
    marker: PathBuf,
}

impl<'e> Disk<'e> {
    fn of(exchange: &'e Exchange) -> Self {
        let place = exchange.place.path();
        let library = place.join("disk.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/operating/disk.c");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-o", shown(&library), source, "-ldl"])
            .output()
            .expect("a C compiler");
        assert!(made.status.success(), "{}", text(&made.stderr));
        Self {
            exchange,
            library,
            marker: place.join("read-only"),
        }
    }

    fn make_read_only(&self) {
        std::fs::write(&self.marker, "").expect("written");
    }

    fn make_writable(&self) {
        std::fs::remove_file(&self.marker).expect("removed");
    }

    fn serve(&self) -> (Served, String) {
        let mut command = program();
        command.args(["serve", self.exchange.path()]);
        command.env("LD_PRELOAD", &self.library);
        command.env("DISK_FOLDER", &self.exchange.folder);
        command.env("DISK_READ_ONLY", &self.marker);
        Served::spawn(command)
    }

    /// Where it refuses to start: code and reason.
    fn refused(&self) -> String {
        let output = Command::new("timeout")
            .args(["120", shown(program().get_program().as_ref())])
            .args(["serve", self.exchange.path()])
            .env("LD_PRELOAD", &self.library)
            .env("DISK_FOLDER", &self.exchange.folder)
            .env("DISK_READ_ONLY", &self.marker)
            .output()
            .expect("the program");
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        text(&output.stderr)
    }
}

/// An event in any case: no operation has that name.
fn nothing(caller: &Caller<'_>, a: &Sender) -> (String, String) {
    let ask = Ask {
        method: "POST",
        target: "/api/v2.0/nothing",
        body: "{}",
    };
    caller.told(a, ask)
}

fn readiness(exchange: &Exchange) -> String {
    exchange.send(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
}

/// Asks whether it is ready until the answer begins so.
fn wait_until_ready_is(exchange: &Exchange, status: &str) -> String {
    let since = Instant::now();
    loop {
        let told = readiness(exchange);
        if told.starts_with(&format!("HTTP/1.1 {status}")) {
            return told;
        }
        assert!(since.elapsed() < PATIENCE, "{told}");
    }
}

#[test]
fn a_disk_that_becomes_read_only_is_refused_with_the_reason_and_goes_on_once_it_is_not() {
    let exchange = Exchange::new();
    let disk = Disk::of(&exchange);
    let (served, line) = disk.serve();
    let caller = Caller::new(&exchange, &line);
    let a = caller.sender("alpha", "rsa2048");
    let (status, first) = nothing(&caller, &a);
    assert_eq!(status, "404", "{first}");
    let first = field(&first, "X-Correlation-Id").expect("an id");

    // It is noticed before anything is refused for it; whether writing works is tried once a minute in any case.
    disk.make_read_only();
    let since = Instant::now();
    let told = wait_until_ready_is(&exchange, "503");
    assert!(told.contains("mend the permissions or the mount"), "{told}");
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    disk.make_writable();
    wait_until_ready_is(&exchange, "200");

    disk.make_read_only();
    for _ in 0..3 {
        let (status, told) = nothing(&caller, &a);
        assert_eq!(status, "503", "{told}");
        assert!(field(&told, "Retry-After").is_some(), "{told}");
    }
    // It stays so, also where nothing is asked any more.
    for _ in 0..3 {
        let told = wait_until_ready_is(&exchange, "503");
        assert!(told.contains("mend the permissions or the mount"), "{told}");
        std::thread::sleep(Duration::from_millis(600));
    }
    // Operators are told the same, and what is on record can be read.
    let told = exchange.ask_refused(&["partner", "add", "Beta"]);
    assert!(told.contains("mend the permissions or the mount"), "{told}");
    assert_eq!(exchange.ask_json(&["outcome", first])["outcome"], "refused");

    disk.make_writable();
    wait_until_ready_is(&exchange, "200");
    let (status, last) = nothing(&caller, &a);
    assert_eq!(status, "404", "{last}");
    exchange.ask(&["partner", "add", "Beta"]);
    let last = field(&last, "X-Correlation-Id").expect("an id");
    assert_eq!(exchange.ask_json(&["outcome", last])["outcome"], "refused");
    served.end();
    // The beginning, two events and what the registry told of certificates: nothing of what was refused.
    let checked = done(&["fsck", exchange.path()]);
    assert!(checked.starts_with("leaves hashed: 4;"), "{checked}");
}

#[test]
fn on_a_disk_that_is_read_only_it_does_not_start_and_says_why() {
    let exchange = Exchange::new();
    let disk = Disk::of(&exchange);
    for once_before in [false, true] {
        disk.make_read_only();
        let told = disk.refused();
        assert!(
            told.contains("Read-only file system")
                && told.contains("mend the permissions or the mount"),
            "{told}"
        );
        disk.make_writable();
        if !once_before {
            disk.serve().0.end();
        }
    }
    disk.serve().0.end();
    let checked = done(&["fsck", exchange.path()]);
    assert!(checked.starts_with("leaves hashed: 1;"), "{checked}");
}
