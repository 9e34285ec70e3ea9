//! What docs/sidecar.md says of `daxsign proxy` is what it does: its flags, its metrics, its log, its service in Node, and what its
//! unit file lets it do.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use daxsign_tests::caller::Caller;
use daxsign_tests::cases::key_file;
use daxsign_tests::loopback::Server;
use daxsign_tests::native::project;
use daxsign_tests::pages::program;
use daxsign_tests::rest_stage::RestStage;
use daxsign_tests::sidecar::{Sidecar, exchange, wait_until};
use daxsign_tests::tool::{Tool, binary};
use serde_json::Value;

fn page() -> String {
    fs::read_to_string(project().join("docs/sidecar.md")).expect("the page")
}

/// What stands in code quotes in the first cells of the tables with this head.
fn first_cells(head: &str) -> BTreeSet<String> {
    let text = page();
    let mut found = BTreeSet::new();
    let mut tables = 0;
    for table in text.split(&format!("\n| {head} |")).skip(1) {
        tables += 1;
        for row in table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with("| "))
        {
            let cell = row.split(" | ").next().expect("a cell");
            found.extend(cell.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    assert!(tables > 0, "no table {head}");
    found
}

#[test]
fn the_page_has_the_flags_that_there_are() {
    let told: BTreeSet<String> = first_cells("flag")
        .into_iter()
        .map(|flag| flag.split(' ').next().expect("a flag").to_owned())
        .collect();
    let help = Tool::default().run(&["proxy", "--help"]);
    let printed: BTreeSet<String> = help
        .text()
        .lines()
        .filter_map(|line| {
            line.trim_start()
                .strip_prefix("--")
                .map(|rest| rest.split([' ', '.', '[']).next().expect("a name"))
        })
        .map(|name| format!("--{name}"))
        .filter(|flag| flag != "--help")
        .collect();
    assert!(printed.len() > 20, "{printed:?}");
    assert_eq!(told, printed);
}

/// The names in a scrape.
fn metrics(sidecar: &Sidecar) -> BTreeSet<String> {
    let text = sidecar.ask("/metrics").body;
    let names = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    names
        .map(|line| line.split(' ').next().expect("a name").to_owned())
        .collect()
}

fn log_fields(sidecar: &Sidecar) -> BTreeSet<String> {
    let lines = sidecar.lines();
    let objects = lines.iter().filter_map(Value::as_object);
    objects.flat_map(|object| object.keys().cloned()).collect()
}

#[test]
fn the_page_has_the_metrics_and_log_fields_that_there_are() {
    let stage = RestStage::start("pages");
    let caller = Caller::with_settings(stage.invitation(), &["--signing", "observed"]);
    let sidecar = Sidecar::start(caller.command(binary()), &caller.folder, &[]);
    let send = |target: &str| {
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        sidecar.send(request.as_bytes()).status
    };
    assert_eq!(send("/api/v2.0/contracts"), 200);
    assert_eq!(send("http://elsewhere.example/"), 400);
    wait_until("two lines of log", || sidecar.lines().len() == 2);

    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let upstream = Server::start(|_| (200, None));
    let (place, peer) = (upstream.origin(), "a=peer.pem");
    let arguments = ["--verify", "--upstream", &place, "--peer", peer];
    let verifying = Sidecar::start(tool.command(), &tool, &arguments);

    let mut printed = &metrics(&sidecar) | &metrics(&verifying);
    // The server of this scenario sets no limit.
    printed.insert("daxsign_proxy_rate_limit_remaining".to_owned());
    assert_eq!(first_cells("metric"), printed);
    let told = first_cells("field");
    let mut logged = log_fields(&sidecar);
    assert!(logged.len() > 12, "{logged:?}");
    // Of verified requests alone.
    logged.insert("peer".to_owned());
    let told: BTreeSet<String> = told
        .into_iter()
        .filter(|name| !name.starts_with("X-"))
        .collect();
    assert_eq!(told, logged);
}

/// A process; ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_service_in_node_gets_card_owners() {
    let stage = RestStage::start("pages");
    let caller = Caller::with_settings(stage.invitation(), &["--signing", "observed"]);
    let sidecar = Sidecar::start(caller.command(binary()), &caller.folder, &[]);
    let source = program("sidecar", "js");
    let lines = source.lines().filter(|line| !line.is_empty());
    assert!(lines.count() <= 11, "ten lines and what brackets take");
    let file = caller.folder.write("service.mjs", &source);
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let node = Command::new("node")
        .arg(&file)
        .env("DAX_PARTNER", stage.told("partner"))
        .env("DAX_INSTANCE", stage.told("instance"))
        .env("SIDECAR", format!("http://127.0.0.1:{}", sidecar.port))
        .env("PORT", port.to_string())
        .stdin(Stdio::null())
        .spawn();
    let _node = Running(node.expect("node starts: install the package `nodejs`"));
    wait_until("the service listens", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    let answer = exchange(
        port,
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(answer.status, 200);
    let (start, end) = (answer.body.find('['), answer.body.rfind(']'));
    let (start, end) = (start.expect("a list"), end.expect("its end"));
    let names: Vec<String> = serde_json::from_str(&answer.body[start..=end]).expect("names");
    assert_eq!(names.len(), 50);
    let report = stage.report();
    let arrived = report["arrived"].as_array().expect("what arrived");
    assert!(
        arrived
            .iter()
            .all(|request| request["faults"].as_array().is_some_and(Vec::is_empty)),
        "{report}"
    );
}

/// `systemd-analyze security` judges the unit file without a running systemd.
#[test]
fn the_unit_file_lets_it_do_no_more_than_the_page_says() {
    let unit = project().join("proxy/systemd/daxsign-proxy.service");
    let judged = Command::new("systemd-analyze")
        .args(["security", "--offline=yes", "--no-pager"])
        .arg(&unit)
        .output()
        .expect("systemd-analyze runs: install the package `systemd`");
    let text = String::from_utf8_lossy(&judged.stdout);
    let exposure = |line: &str| -> Option<f64> {
        let rest = line.split_once("Overall exposure level for ")?.1;
        rest.split(' ').nth(1)?.parse().ok()
    };
    let found = text
        .lines()
        .find_map(exposure)
        .unwrap_or_else(|| panic!("{text}"));
    let page = page();
    let stated = page
        .split("daxsign-proxy.service` says ")
        .nth(1)
        .expect("the figure");
    let stated: f64 = stated
        .split(' ')
        .next()
        .and_then(|text| text.parse().ok())
        .expect("a number");
    assert!(found <= stated, "{found}, and the page says {stated}");
    // And both files are ones that systemd understands; that nothing is installed here does not matter.
    let socket = project().join("proxy/systemd/daxsign-proxy.socket");
    let verified = Command::new("systemd-analyze")
        .arg("verify")
        .args([&unit, &socket])
        .output();
    let said = verified.expect("it runs").stderr;
    let said = String::from_utf8_lossy(&said);
    let faults: Vec<_> = said
        .lines()
        .filter(|line| !line.contains("is not executable"))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

/// systemd's own program listens, and starts the sidecar with the socket when the first client comes.
#[test]
fn systemd_hands_over_its_socket_and_is_told() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let path = tool.path("notify");
    let systemd = UnixDatagram::bind(&path).expect("a socket");
    let patience = Some(Duration::from_secs(30));
    systemd.set_read_timeout(patience).expect("a time");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let log = tool.path("access.log");
    let started = Command::new("systemd-socket-activate")
        .args([
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--fdname",
            "proxy",
        ])
        .arg(format!("--setenv=NOTIFY_SOCKET={}", path.display()))
        .arg("--setenv=WATCHDOG_USEC=2000000")
        .arg(binary())
        .args([
            "proxy",
            "--verify",
            "--profile",
            "documented",
            "--peer",
            "a=peer.pem",
        ])
        .args(["--upstream", "http://127.0.0.1:1", "--access-log"])
        .arg(&log)
        .current_dir(tool.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut process = Running(started.expect("it runs: install the package `systemd`"));
    wait_until("somebody listens", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    let answer = exchange(
        port,
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(
        (answer.status, answer.field("x-dax-proxy-error")),
        (401, Some("missing-header"))
    );
    let told = || {
        let mut buffer = [0; 256];
        let len = systemd.recv(&mut buffer).expect("a message");
        String::from_utf8(buffer[..len].to_vec()).expect("text")
    };
    let (mut ready, mut alive) = (false, 0);
    while !ready || alive < 2 {
        match &*told() {
            "READY=1" => ready = true,
            "WATCHDOG=1" => alive += 1,
            other => panic!("{other}"),
        }
    }
    // It became the sidecar: the process is the same.
    let id = process.0.id().to_string();
    for (signal, expected) in [("-HUP", "RELOADING=1"), ("-TERM", "STOPPING=1")] {
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("kill runs").success());
        while !told().starts_with(expected) {}
    }
    assert_eq!(process.0.wait().expect("it ends").code(), Some(0));
}

/// A unit file reaches as far as the command line does, and no further.
#[test]
fn a_socket_of_systemd_s_that_other_machines_reach_is_refused() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let errors = tool.path("errors");
    let started = Command::new("systemd-socket-activate")
        .args(["--listen", &format!("0.0.0.0:{port}")])
        .arg(binary())
        .args(["proxy", "--verify", "--profile", "documented"])
        .args(["--peer", "a=peer.pem", "--upstream", "http://127.0.0.1:1"])
        .args(["--access-log", "off"])
        .current_dir(tool.root())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&errors).expect("a file"))
        .spawn();
    let mut process = Running(started.expect("it runs: install the package `systemd`"));
    wait_until("somebody listens", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    let mut ended = None;
    wait_until("it ends", || {
        ended = process.0.try_wait().expect("a child");
        ended.is_some()
    });
    let errors = fs::read_to_string(errors).expect("text");
    assert_eq!(ended.and_then(|ended| ended.code()), Some(2), "{errors}");
    let refused = format!("a socket of systemd's: http://0.0.0.0:{port}");
    assert!(
        errors.contains(&refused) && errors.contains("--unsafe-listen"),
        "{errors}"
    );
}
