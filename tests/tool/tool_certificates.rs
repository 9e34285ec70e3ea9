//! What the tool says of a certificate's time: it judges none, and is silent about none.

use std::path::Path;
use std::process::Command;

use daxsign_tests::cases::key_path;
use daxsign_tests::folder::Folder;
use daxsign_tests::request::example_post;
use daxsign_tests::tool::{Run, Tool};

/// The certificate's time, and the request's, which lies in it.
const FROM: &str = "20200501000000Z";
const UNTIL: &str = "20200531235959Z";
/// Seconds that a request may be away from its date, so that only the certificate is told of.
const WINDOW: &str = "400000000";

/// A certificate of the key that signs, made by OpenSSL for that time: `req` knows days from today
/// only, `ca` dates.
fn certificate(folder: &Folder) -> Vec<u8> {
    let configuration = "[ca]\ndefault_ca=it\n[it]\ndatabase=index\nserial=serial\n\
         new_certs_dir=.\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n";
    folder.write("ca.conf", configuration);
    folder.write("index", "");
    folder.write("serial", "01\n");
    let key = key_path("rsa2048.pkcs1.pem");
    let key = key.to_str().expect("a path in UTF-8");
    let run = |arguments: &str| {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder.root())
            .output()
            .expect("openssl starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "openssl {arguments}: {said}");
    };
    run(&format!(
        "req -new -key {key} -subj /CN=client -out request.pem"
    ));
    run(&format!(
        "ca -batch -notext -config ca.conf -selfsign -keyfile {key} -in request.pem \
         -startdate {FROM} -enddate {UNTIL} -out certificate.pem"
    ));
    folder.read("certificate.pem")
}

fn verify(tool: &Tool, key: &str, now: &str, json: bool) -> Run {
    let mut arguments = vec!["verify", "--key", key, "--now", now, "--max-skew", WINDOW];
    if json {
        arguments.push("--json");
    }
    arguments.push("signed.http");
    tool.run(&arguments)
}

/// A warning of standard error, if there is one.
fn warning(run: &Run) -> Option<&str> {
    let lines: Vec<_> = run
        .err
        .lines()
        .filter(|line| line.contains("warning: "))
        .collect();
    assert!(lines.len() < 2, "{}", run.err);
    lines.first().copied()
}

#[test]
fn verify_warns_of_a_certificate_whose_time_is_not_now() {
    let tool = Tool::default();
    tool.write("certificate.pem", certificate(&Folder::default()));
    tool.write("plain.http", example_post().to_http("\r\n"));
    let key = key_path("rsa2048.pkcs1.pem");
    let public = key_path("rsa2048.spki.pem");
    let [key, public] = [&key, &public].map(|path| path_text(path));
    let signed = tool.run(&["sign", "--key", key, "plain.http"]).success();
    tool.write("signed.http", signed);

    let expired = Some("expired on 2020-05-31T23:59:59");
    let early = Some("not valid before 2020-05-01T00:00:00");
    let times = [
        ("2019-05-17T12:44:30Z", early),
        ("2020-04-30T23:59:59Z", early),
        ("2020-05-01T00:00:00Z", None),
        ("2020-05-17T12:44:30Z", None),
        ("2020-05-31T23:59:59Z", None),
        ("2020-06-01T00:00:00Z", expired),
        ("2026-05-17T12:44:30Z", expired),
    ];
    let mut told = 0;
    for (now, expected) in times {
        for json in [false, true] {
            let run = verify(&tool, "certificate.pem", now, json);
            assert_eq!(run.code, 0, "{now}: {}", run.err);
            let said = warning(&run);
            assert_eq!(said.is_some(), expected.is_some(), "{now}: {}", run.err);
            if let (Some(said), Some(expected)) = (said, expected) {
                assert!(
                    said.contains("certificate.pem") && said.contains(expected),
                    "{now}: {said}"
                );
                told += 1;
            }
            // A key of its own has no time.
            let run = verify(&tool, public, now, json);
            assert_eq!((run.code, warning(&run)), (0, None), "{now}: {}", run.err);
        }
    }
    assert_eq!(told, 2 * 4, "warnings");
}

/// Also when the signature is refused: an expired certificate may be why another key signed.
#[test]
fn the_warning_stands_before_a_refusal_too() {
    let tool = Tool::default();
    tool.write("certificate.pem", certificate(&Folder::default()));
    tool.write("plain.http", example_post().to_http("\r\n"));
    let other = key_path("rsa3072.pkcs8.pem");
    let signed = tool
        .run(&["sign", "--key", path_text(&other), "plain.http"])
        .success();
    tool.write("signed.http", signed);
    let run = verify(&tool, "certificate.pem", "2026-05-17T12:44:30Z", false);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        warning(&run).is_some_and(|said| said.contains("expired on ")),
        "{}",
        run.err
    );
}

/// `key` says the same of the file alone; its time is today's.
#[test]
fn key_says_that_it_is_over() {
    let tool = Tool::default();
    tool.write("certificate.pem", certificate(&Folder::default()));
    let run = tool.run(&["key", "certificate.pem"]);
    let text = String::from_utf8(run.success()).unwrap();
    assert!(text.contains("expired on 2020-05-31T23:59:59"), "{text}");
}

fn path_text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
