//! How `daxsign explain` shows what it found: nothing from outside does anything to a terminal, and
//! text and JSON say the same, at the right place.

use std::process::Command;

use daxsign_tests::explained::{Bench, Explained, LIST, field, key, post, string};
use daxsign_tests::request::OwnedRequest;
use serde_json::Value;

/// What a terminal would act on, or show in another order, or not at all.
const HOSTILE: &str = "\u{1b}[31m\u{1b}]0;t\u{7}\u{8}\r\u{0}\u{7f}\u{9b}2J\u{85}\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}";

/// Fails if a byte of the output is not plain to see.
fn assert_plain(output: &[u8], case: &str) {
    let text = std::str::from_utf8(output).unwrap_or_else(|_| panic!("{case}: not UTF-8"));
    let is_hostile =
        |c: char| c != '\n' && (c.is_control() || HOSTILE[5..].contains(c) && !c.is_ascii());
    let found = text.chars().find(|c| is_hostile(*c));
    assert_eq!(found, None, "{case}: {text:?}");
}

/// Requests with hostile bytes in each part that `explain` shows, and files with hostile names.
fn hostile_requests(bench: &Bench) -> Vec<(&'static str, Vec<u8>)> {
    let body = format!("{{\"a\": \"{HOSTILE}\"}}\n\u{1b}[2Jx");
    let body = body.as_bytes();
    let right = string(body.len(), body);
    let unknown = bench.signed(post(body), b"other");
    // What does not open is not searched for, which takes less time.
    let noise = || post(body).with_header("Signature", field(LIST, &[1; 256]));
    let mistake = bench.signed(post(body), &[&right[..], b"\n"].concat());
    let raw = [b"{\"a\": \"\x9b31m\xff\xfe", HOSTILE.as_bytes(), b"\"}"].concat();
    let broken = bench.signed(post(&raw), &string(raw.len(), &raw));
    let anew = bench.signed(
        post(b"{\"a\" :\"\xe2\x80\xae\"}"),
        &string(14, b"{\"a\":\"\xe2\x80\xae\"}"),
    );
    let value = |value: &str| {
        let mut request = noise();
        request.headers[0].1 = value.as_bytes().to_vec();
        request.to_http("\n")
    };
    let mut target = noise();
    target.target = format!("/{}", HOSTILE.replace(['\r', '\u{2028}'], ""));
    let mut method = noise();
    method.method = format!("P{}", HOSTILE.replace('\r', ""));
    let mut length = noise();
    length.headers[2].1 = b"9\x1b[31m".to_vec();
    let list = format!("(request-target) {HOSTILE} date");
    let named = post(body).with_header("Signature", field(&list, &[1; 256]));
    let malformed = post(body).with_header("Signature", format!("realm=\"dax\" {HOSTILE}"));
    vec![
        ("an unknown body", unknown.to_http("\r\n")),
        ("a known mistake", mistake.to_http("\r\n")),
        ("a body that is not UTF-8", broken.to_http("\r\n")),
        ("JSON written anew", anew.to_http("\r\n")),
        (
            "a listed value with direction marks",
            value("a\u{202e}b\u{2066}c"),
        ),
        (
            "a listed value with controls",
            value(&HOSTILE.replace('\r', "")),
        ),
        ("a target", target.to_http("\n")),
        ("a method", method.to_http("\n")),
        ("a length", length.to_http("\n")),
        ("the list", named.to_http("\n")),
        ("the Signature field", malformed.to_http("\n")),
    ]
}

#[test]
fn no_byte_from_outside_reaches_a_terminal_raw() {
    let bench = Bench::default();
    let key = key("rsa2048.spki.pem");
    let mut shown = 0;
    for (case, request) in hostile_requests(&bench) {
        bench.tool.write("signed.http", &request);
        bench
            .tool
            .write("sender.log", [HOSTILE.as_bytes(), b"\x9b\xff"].concat());
        for further in [
            &[][..],
            &["--json"],
            &["--signed", "sender.log"],
            &["--full-target"],
        ] {
            let run = bench
                .tool
                .run(&[&["explain", "--key", &key, "signed.http"], further].concat());
            assert!(run.code > 0, "{case}");
            assert_plain(&run.out, case);
            assert_plain(run.err.as_bytes(), case);
            shown += 1;
        }
    }
    assert_eq!(shown, 44);
}

#[test]
fn a_terminal_gets_colours_and_nothing_else() {
    let bench = Bench::default();
    let body = format!("{{\"a\": \"{HOSTILE}\"}}");
    let signed = bench.signed(post(body.as_bytes()), b"other");
    bench.tool.write("signed.http", signed.to_http("\n"));
    let tool = bench.tool.command();
    let seen = |variable: (&str, &str)| {
        let script = "import pty, sys; pty.spawn(sys.argv[1:])";
        let output = Command::new("python3")
            .args(["-c", script])
            .arg(tool.get_program())
            .args(["explain", "--key", &key("rsa2048.spki.pem"), "signed.http"])
            .current_dir(bench.tool.root())
            .env("TERM", "xterm")
            .env(variable.0, variable.1)
            .output()
            .expect("python3");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .replace("\r\n", "\n")
    };
    let coloured = seen(("NO_COLOR", ""));
    assert!(
        coloured.contains("\u{1b}[1;31mnot verified\u{1b}[0m"),
        "{coloured:?}"
    );
    let mut plain = coloured.replace("\r\u{1b}[K", "");
    for code in ["1;31", "1;32", "1", "2", "0"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    let quiet = |text: &str| {
        let line = text.rfind("% of the search");
        line.map_or(text.to_owned(), |end| text[end..].to_owned())
    };
    assert_plain(
        quiet(&plain).trim_start_matches('\r').as_bytes(),
        "in colour",
    );
    let without = seen(("NO_COLOR", "1"));
    assert_plain(
        quiet(&without).replace("\r\u{1b}[K", "").as_bytes(),
        "without colour",
    );
}

/// The line that `^` stands under, and the character above it.
fn marked(text: &str) -> (String, Option<char>) {
    let lines: Vec<&str> = text.lines().collect();
    let is_mark = |line: &&str| line.trim_matches([' ', '|']).starts_with('^');
    let place = lines
        .iter()
        .position(is_mark)
        .unwrap_or_else(|| panic!("no mark: {text}"));
    let column = lines[place].chars().position(|c| c == '^').unwrap();
    let above = lines[place - 1];
    (above.to_owned(), above.chars().nth(column))
}

/// The text with its white space in single spaces, since it is broken into lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn with_list(bench: &Bench, list: &str, message: &[u8], header: (&str, &str)) -> OwnedRequest {
    let signature = bench.openssl.sign(
        &daxsign_tests::cases::key_path("rsa2048.pkcs1.pem"),
        message,
    );
    let request = post(b"{}").with_header(header.0, header.1);
    request.with_header("Signature", field(list, &signature))
}

/// A fault that `explain`'s output could have, and what shows that it does not.
type Fault = (&'static str, fn(&Bench));

const FAULTS: [Fault; 10] = [
    ("the mark counts bytes instead of characters", |bench| {
        let body = "{\"\u{e5}\u{e4}\u{f6}\": \"\u{1b}\t\", \"z\": 1}";
        let signed = body.replace('z', "y");
        let signed = string(body.len(), signed.as_bytes());
        let explained = bench.explain(
            &bench.signed(post(body.as_bytes()), &signed),
            &proved(bench, &signed),
        );
        assert_eq!(marked(explained.text.text()).1, Some('z'));
    }),
    (
        "a long line is cut so that the difference is out of sight",
        |bench| {
            let body = format!("{}z{}", "a".repeat(3000), "b".repeat(3000));
            let signed = string(body.len(), body.replace('z', "y").as_bytes());
            let explained = bench.explain(
                &bench.signed(post(body.as_bytes()), &signed),
                &proved(bench, &signed),
            );
            let text = explained.text.text();
            assert_eq!(marked(text).1, Some('z'));
            assert!(
                text.lines()
                    .all(|line| line.starts_with("  - ") || line.chars().count() <= 200),
                "{text}"
            );
        },
    ),
    ("lines are left out and not counted", |bench| {
        let body: Vec<String> = (0..60).map(|line| format!("line {line}\n")).collect();
        let body = body.concat();
        let signed = string(body.len(), body.replace("line 40", "line 4O").as_bytes());
        let explained = bench.explain(
            &bench.signed(post(body.as_bytes()), &signed),
            &proved(bench, &signed),
        );
        let text = explained.text.text();
        let left_out = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("... "));
        let left_out: usize = left_out
            .map(|line| line.split(' ').next().unwrap().parse::<usize>().unwrap())
            .sum();
        let shown = text
            .lines()
            .filter(|line| line.contains(" | ") && line.contains("\\n"))
            .count();
        assert_eq!(left_out + shown, 64, "{text}");
    }),
    ("JSON gives another place than the text marks", |bench| {
        let signed = string(2, b"{}\n");
        let explained = bench.explain(&bench.signed(post(b"{}"), &signed), &[]);
        assert_eq!(explained.json["first_difference"], signed.len() - 1);
        assert!(
            marked(explained.text.text()).0.starts_with("{}"),
            "{}",
            explained.text.text()
        );
    }),
    ("JSON gives other advice than the text", |bench| {
        let explained = bench.explain(&bench.signed(post(b"{}"), b"other"), &[]);
        let (text, advice) = (
            flat(explained.text.text()),
            explained.json["advice"].as_array().unwrap(),
        );
        assert_eq!(advice.len(), 3);
        assert!(
            advice
                .iter()
                .all(|item| text.contains(&flat(item.as_str().unwrap()))),
            "{text}"
        );
    }),
    ("JSON gives another error than standard error", |bench| {
        let mut request = bench.signed(post(b"{}"), b"other");
        request.headers[1].1 = b"now".to_vec();
        let Explained { json, text } = bench.explain(&request, &[]);
        let (name, message) = (
            &json["error"]["name"],
            json["error"]["message"].as_str().unwrap(),
        );
        let expected = format!("error[{}]: {message}", name.as_str().unwrap());
        assert_eq!(text.err.lines().next(), Some(expected.as_str()));
    }),
    ("a list from outside stands in a command to copy", |bench| {
        let run = bench.explain(
            &with_list(
                bench,
                "(request-target) x'y`z date",
                b"other",
                ("x'y`z", "1"),
            ),
            &[],
        );
        let advice = run.json["advice"].to_string();
        assert!(
            advice.contains("--headers LIST") && !advice.contains("x'y"),
            "{advice}"
        );
        let run = bench.explain(&bench.signed(post(b"{}"), b"other"), &[]);
        assert!(
            run.json["advice"]
                .to_string()
                .contains(&format!("'{LIST}'"))
        );
    }),
    (
        "--full-target is lost in the command that prints the string",
        |bench| {
            let request = bench.signed(post(b"{}"), b"other");
            for (arguments, count) in [(&[][..], 0), (&["--full-target"], 1)] {
                let advice = bench.explain(&request, arguments).json["advice"].to_string();
                assert_eq!(
                    advice.matches(" --full-target signed.http`").count(),
                    count,
                    "{advice}"
                );
            }
        },
    ),
    (
        "the string of the default list is shown as that of the field",
        |bench| {
            let default = "the signing string of the default list";
            let unsigned = bench.explain(&post(b"{}"), &[]);
            assert!(
                unsigned.text.text().contains(default),
                "{}",
                unsigned.text.text()
            );
            let mut broken = bench.signed(post(b"{}"), b"other");
            broken.headers[1].1 = b"now".to_vec();
            let broken = bench.explain(&broken, &[]);
            assert!(
                !broken.text.text().contains(default)
                    && broken.text.text().contains("up to the broken rule")
            );
            assert!(
                broken.text.text().contains("date: now"),
                "the line that is to blame"
            );
        },
    ),
    (
        "the place in the Signature field is not the one of the error",
        |bench| {
            let request =
                post(b"{}").with_header("Signature", "realm=\"dax\" algorithm=\"x\", headers=\"\"");
            let explained = bench.explain(&request, &[]);
            assert_eq!(marked(explained.text.text()).1, Some(','));
            assert!(
                explained.text.err.contains("at byte 25"),
                "{}",
                explained.text.err
            );
        },
    ),
];

/// Arguments by which it is known what was signed, and so where it differs.
fn proved(bench: &Bench, signed: &[u8]) -> [&'static str; 2] {
    bench.tool.write("sender.log", signed);
    ["--signed", "sender.log"]
}

#[test]
fn what_is_shown_is_what_was_found() {
    let mut ruled_out = 0;
    for (fault, check) in FAULTS {
        println!("{fault}");
        check(&Bench::default());
        ruled_out += 1;
    }
    assert_eq!(ruled_out, 10);
}

#[test]
fn verified_is_said_of_what_verifies_alone() {
    let bench = Bench::default();
    let right = string(2, b"{}");
    let mut refused = bench.signed(post(b"{}"), &right);
    let good = bench.explain(&refused, &[]);
    assert_eq!((&good.json["verified"], good.text.code), (&true.into(), 0));
    assert_eq!(good.json["error"], Value::Null);
    assert!(good.text.text().starts_with("verified: "));
    // The signature covers the request, which is refused all the same.
    refused.headers.push(("Host".into(), b"other".to_vec()));
    refused.headers.push(("X".into(), b"\x01".to_vec()));
    for request in [refused.clone(), bench.signed(post(b"{}"), b"other")] {
        let explained = bench.explain(&request, &[]);
        assert_eq!(
            (&explained.json["verified"], explained.text.code),
            (&false.into(), 1)
        );
        assert!(explained.text.text().starts_with("not verified: "));
        assert!(explained.json["error"]["name"].is_string());
    }
}
