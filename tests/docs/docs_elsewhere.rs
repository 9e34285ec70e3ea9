//! The pages for those who sign without this library or look at what others signed: their programs
//! run as the pages say, and what they send is judged by the tool and by OpenSSL.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use daxsign_tests::cases::key_path;
use daxsign_tests::loopback::Server;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pages::{commands, program, signed_by};
use daxsign_tests::request::OwnedRequest;
use daxsign_tests::tool::Tool;

/// Body with characters of several bytes, a line end, and what shells and JSON treat specially.
const BODIES: [&str; 3] = [
    "{\"hello\": \"world\"}",
    "",
    "{\"name\": \"Åsa\",\n \"mark\": \"\\u2713 ✓\"}\n",
];
const TARGET: &str = "/api/v2/D%C3%B6rr/?page=2&x=%20";
const PROFILES: [&str; 2] = ["documented", "vendor-sdk"];

/// The value of a field that must come once.
fn only_value<'a>(request: &'a OwnedRequest, name: &str) -> &'a [u8] {
    let value = request.only_value(name);
    value.unwrap_or_else(|| panic!("no {name}"))
}

/// What is signed, by the page's rules, of a request that arrived.
fn string_of(request: &OwnedRequest, list: &str) -> Vec<u8> {
    let path = request.target.split('?').next().expect("a path");
    let mut text = format!("(request-target): post {path}\n").into_bytes();
    for name in list.split(' ').skip(1) {
        let value = only_value(request, name);
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    [text.as_slice(), &request.body].concat()
}

/// Runs a program of the page for both profiles and all bodies, and judges what arrives.
fn judge(interpreter: &str, language: &str, file: &str) {
    const LIST: &str = "(request-target) host content-type content-length date";
    let tool = Tool::default();
    let server = Server::start(|_| (200, None));
    let source = tool.write(file, program("node-and-python", language));
    let key = key_path("rsa2048.pkcs8.pem");
    let public = key_path("rsa2048.spki.pem");
    let public_name = public.to_str().expect("a path in UTF-8");
    let mut judged = 0;
    for profile in PROFILES {
        for body in BODIES {
            let output = Command::new(interpreter)
                .args([&source, &key])
                .args([profile, &format!("{}{TARGET}", server.origin()), body])
                .output()
                .unwrap_or_else(|error| panic!("cannot run `{interpreter}`: {error}"));
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{profile}: {said}");
            assert_eq!(String::from_utf8_lossy(&output.stdout), "200\nok", "{said}");
            let [request] = server.take().try_into().expect("one request");
            assert_eq!(
                (request.target.as_str(), request.method.as_str()),
                (TARGET, "POST")
            );
            assert_eq!(request.body, body.as_bytes());

            tool.write("arrived.http", request.to_http("\r\n"));
            let run = tool.run(&[
                "verify",
                "--profile",
                profile,
                "--key",
                public_name,
                "arrived.http",
            ]);
            assert_eq!(run.code, 0, "{interpreter}, {profile}, {body}: {}", run.err);
            let value = request
                .headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("signature"));
            let value = std::str::from_utf8(&value.expect("a signature").1).expect("text");
            assert!(value.contains(&format!("headers=\"{LIST}\"")), "{value}");
            let string = string_of(&request, LIST);
            let hashed = match profile {
                "vendor-sdk" => <sha2::Sha256 as sha2::Digest>::digest(&string).to_vec(),
                _ => string,
            };
            let openssl = OpenSsl::default();
            assert!(
                openssl.verifies(&public, &hashed, &signed_by(value)),
                "{profile}"
            );
            judged += 1;
        }
    }
    assert_eq!(judged, 6, "requests");
}

#[test]
fn node_signs() {
    judge("node", "js", "sign.js");
}

#[test]
fn python_signs() {
    judge("python3", "python", "sign.py");
}

/// For production the page wants a shorter list: one word of the program changes.
#[test]
fn the_list_of_production_is_one_line() {
    for (interpreter, language, from, to) in [
        (
            "node",
            "js",
            "const LIST = [\"host\", \"content-type\", \"content-length\", \"date\"]",
            "const LIST = [\"date\"]",
        ),
        (
            "python3",
            "python",
            "LIST = [\"host\", \"content-type\", \"content-length\", \"date\"]",
            "LIST = [\"date\"]",
        ),
    ] {
        let text = program("node-and-python", language);
        assert_eq!(text.matches(from).count(), 1, "{language}");
        let tool = Tool::default();
        let source = tool.write("sign", text.replace(from, to));
        let server = Server::start(|_| (200, None));
        let status = Command::new(interpreter)
            .args([&source, &key_path("rsa2048.pkcs8.pem")])
            .args(["vendor-sdk", &format!("{}/a", server.origin()), "{}"])
            .stdout(Stdio::null())
            .status();
        assert!(status.expect("it starts").success());
        let [request] = server.take().try_into().expect("one request");
        tool.write("arrived.http", request.to_http("\r\n"));
        let public = key_path("rsa2048.spki.pem");
        let public = public.to_str().expect("a path in UTF-8");
        let arguments = [
            "verify",
            "--profile",
            "vendor-sdk",
            "--policy",
            "interop",
            "--key",
            public,
            "arrived.http",
        ];
        let run = tool.run(&arguments);
        assert_eq!(run.code, 0, "{language}: {}", run.err);
        assert!(
            run.text().contains("(request-target) date\n"),
            "{}",
            run.text()
        );
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port on loopback");
    listener.local_addr().expect("an address").port()
}

/// A request of some size, signed by the tool for a host.
fn signed(tool: &Tool, host: &str, body: &str) -> Vec<u8> {
    tool.write(
        "plain.http",
        format!(
            "POST {TARGET} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\r\n{body}"
        ),
    );
    let key = key_path("rsa2048.pkcs8.pem");
    let key = key.to_str().expect("a path in UTF-8");
    tool.run(&["sign", "--complete", "--key", key, "plain.http"])
        .success()
}

fn assert_verifies(tool: &Tool, file: &Path) {
    let public = key_path("rsa2048.spki.pem");
    let [public, file] = [&public, file].map(|path| path.to_str().expect("a path in UTF-8"));
    let run = tool.run(&["verify", "--key", public, file]);
    assert_eq!(run.code, 0, "{}", run.err);
    let run = tool.run(&["explain", "--key", public, file]);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn the_listener_writes_what_arrives() {
    let tool = Tool::default();
    let source = tool.write("capture.py", program("capture", "python"));
    for body in ["", BODIES[2], &"0123456789".repeat(100_000)] {
        let (port, file) = (free_port(), tool.path("captured.http"));
        let mut listener = Command::new("python3")
            .arg(&source)
            .arg(port.to_string())
            .arg(&file)
            .spawn()
            .expect("python3 starts");
        let sent = signed(&tool, &format!("127.0.0.1:{port}"), body);
        let mut connection = connect(port);
        connection.write_all(&sent).expect("it is sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(listener.wait().expect("it ends").success());
        assert_eq!(fs::read(&file).unwrap(), sent, "byte for byte");
        assert_verifies(&tool, &file);
    }
}

/// Once the other side listens.
fn connect(port: u16) -> TcpStream {
    for _ in 0..1000 {
        if let Ok(connection) = TcpStream::connect(("127.0.0.1", port)) {
            return connection;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("nobody listens");
}

/// The commands of the page, on what curl prints.
#[test]
fn what_curl_prints_becomes_a_request() {
    let tool = Tool::default();
    let server = Server::start(|_| (200, None));
    for body in [BODIES[0], BODIES[2]] {
        let sent = signed(&tool, &server.host(), body);
        let head = String::from_utf8(sent).expect("text");
        let fields: Vec<_> = head
            .split("\r\n")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .collect();
        tool.write("fields.txt", fields.join("\n") + "\n");
        tool.write("body.json", body);
        let commands = commands("capture", "curl ");
        let output = Command::new("sh")
            .args(["-ec", &commands])
            .env("ADDRESS", format!("{}{TARGET}", server.origin()))
            .current_dir(tool.root())
            .output()
            .expect("sh starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(server.take().len(), 1);
        assert_verifies(&tool, &tool.path("captured.http"));
    }
}

/// The commands of the page for callers of the REST API, with `$ADDRESS` a server of
/// the test.
#[test]
fn the_tool_and_curl_call_the_rest_api() {
    let tool = Tool::default();
    let server = Server::start(|_| (200, None));
    fs::copy(key_path("rsa2048.pkcs8.pem"), tool.path("client.pem")).unwrap();
    // The tool as the page calls it.
    let binary = daxsign_tests::tool::binary().parent().expect("its folder");
    let path = std::env::var("PATH").expect("PATH");
    let output = Command::new("sh")
        .args(["-ec", &commands("rest", "printf ")])
        .env("ADDRESS", server.origin())
        .env("PATH", format!("{}:{path}", binary.display()))
        .current_dir(tool.root())
        .output()
        .expect("sh starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert_eq!(output.stdout, b"ok", "{said}");
    let [request] = server.take().try_into().expect("one request");
    assert_eq!(request.method, "GET");
    assert_eq!(request.target, "/api/v2.0/contracts");
    assert_eq!(request.body, b"{}");
    let value = |name: &str| {
        let value = only_value(&request, name);
        std::str::from_utf8(value).expect("text")
    };
    assert_eq!(value("content-type"), "application/json");
    assert_eq!(value("content-length"), "2");
    let date = value("date");
    let string = format!("(request-target): get /api/v2.0/contracts\ndate: {date}\n{{}}");
    let hash = <sha2::Sha256 as sha2::Digest>::digest(&string);
    let openssl = OpenSsl::default();
    let public = key_path("rsa2048.spki.pem");
    assert!(openssl.verifies(&public, &hash, &signed_by(value("signature"))));
}
