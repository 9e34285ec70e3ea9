//! The lines for libcurl in the page for C++ services: what they send arrives as it was signed.

use std::process::Command;

use daxsign_tests::cases::key_path;
use daxsign_tests::folder::Folder;
use daxsign_tests::loopback::Server;
use daxsign_tests::native::succeeds;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pages::{cpp, parameter, program, signed_by};
use daxsign_tests::request::OwnedRequest;
use daxsign_tests::tool::Tool;

/// Signs and sends a request of its arguments: key, origin, Host, method, target, Content-Type or `-`,
/// and the body's file.
const MAIN: &str = r#"
int main(int, char **argument)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    auto key = daxsign::PrivateKey::load(read(argument[1]));
    Http http{argument[4], argument[5], {{"Host", argument[3]}}, read(argument[7])};
    if (argument[6] != std::string("-")) {
        http.fields.emplace_back("Content-Type", argument[6]);
    }
    http.fields.emplace_back("X-Empty", "");
    if (!key || !sign(key.value(), http)) {
        return 1;
    }
    std::cout << send(argument[2], http) << '\n';
}
"#;

/// What is sent: method, target, Content-Type, body.
const REQUESTS: [(&str, &str, &str, &str); 7] = [
    (
        "POST",
        "/api/v2/DaxEndPoint",
        "application/json",
        "{\"hello\": \"world\"}",
    ),
    (
        "GET",
        "/api/v2.0/contracts?page=2",
        "application/json; charset=utf-8",
        "{}",
    ),
    ("GET", "/", "-", ""),
    ("DELETE", "/a/../b//c/./d/%2e%2E/?x=/../y", "-", ""),
    ("PUT", "/api", "-", "no type\n and two lines\r\n"),
    (
        "PATCH",
        "/api",
        "application/json;charset=\"UTF-8\"",
        "{\"å\": \"\u{2713}\"}",
    ),
    ("POST", "/large", "application/json", ""),
];
/// Bytes of the last one's body: so large that libcurl would ask whether to send it.
const LARGE: usize = 3 << 20;

fn compile(folder: &Folder, compiler: &str) -> std::path::PathBuf {
    let page = program("cpp-service", "cpp");
    let page = page.split_once("\nint main(").expect("its main").0;
    let lines = program("cpp-service", "c++");
    let source = folder.write("sender.cpp", [page, lines.as_str(), MAIN].join("\n"));
    let said = Command::new("curl-config")
        .args(["--cflags", "--libs"])
        .output();
    let flags = said
        .expect("curl-config starts: install libcurl4-openssl-dev")
        .stdout;
    let flags = String::from_utf8(flags).expect("text");
    let binary = folder.path("sender");
    succeeds(
        cpp(compiler, &source, &binary).args(flags.split_whitespace()),
        "g++ and clang",
    );
    binary
}

fn judge(tool: &Tool, request: &OwnedRequest) {
    tool.write("arrived.http", request.to_http("\r\n"));
    let public = key_path("rsa2048.spki.pem");
    let name = public.to_str().expect("a path in UTF-8");
    let run = tool.run(&[
        "verify",
        "--profile",
        "documented",
        "--key",
        name,
        "arrived.http",
    ]);
    assert_eq!(
        run.code, 0,
        "{} {}: {}",
        request.method, request.target, run.err
    );

    let value = |name: &str| {
        let value = request.only_value(name)?;
        Some(String::from_utf8_lossy(value).into_owned())
    };
    let signature = value("signature").expect("a signature");
    let (method, path) = (
        request.method.to_lowercase(),
        request.target.split('?').next(),
    );
    let mut string = format!("(request-target): {method} {}\n", path.expect("a path")).into_bytes();
    for name in parameter(&signature, "headers").split(' ').skip(1) {
        let value = value(name).expect("a listed field");
        string.extend_from_slice(format!("{name}: {value}\n").as_bytes());
    }
    string.extend_from_slice(&request.body);
    assert!(OpenSsl::default().verifies(&public, &string, &signed_by(&signature)));
    for own in ["transfer-encoding", "expect"] {
        assert_eq!(value(own), None, "{own}");
    }
    assert_eq!(
        value("x-empty").as_deref(),
        Some(""),
        "a field without a value arrives"
    );
}

#[test]
fn what_libcurl_sends_arrives_as_it_was_signed() {
    let (folder, tool) = (Folder::default(), Tool::default());
    let server = Server::start(|target| {
        let moved = target.starts_with("/large");
        (
            if moved { 307 } else { 200 },
            moved.then(|| "/elsewhere".into()),
        )
    });
    let sender = compile(&folder, "g++");
    let mut judged = 0;
    for (method, target, content_type, body) in REQUESTS {
        let large = "x".repeat(LARGE);
        let body = if target == "/large" { &large } else { body };
        let file = folder.write("body", body);
        let output = Command::new(&sender)
            .arg(key_path("rsa2048.pkcs8.pem"))
            .args([
                &server.origin(),
                &server.host(),
                method,
                target,
                content_type,
            ])
            .arg(file)
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout);
        let status = if target == "/large" { "307" } else { "200" };
        // The answer, which libcurl writes out itself.
        assert_eq!(said.trim(), format!("ok{status}"), "{method} {target}");
        // One: a redirect is not followed.
        let [request] = server.take().try_into().expect("one request");
        assert_eq!(
            (request.method.as_str(), request.target.as_str()),
            (method, target)
        );
        assert_eq!(request.body, body.as_bytes());
        let types = request
            .headers
            .iter()
            .filter(|(name, _)| name == "Content-Type");
        assert_eq!(types.count(), usize::from(content_type != "-"), "{target}");
        judge(&tool, &request);
        judged += 1;
    }
    assert_eq!(judged, 7, "requests");
    compile(&folder, "clang++");
}
