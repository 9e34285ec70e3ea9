//! What the pages say of the tool, the errors and the sources: transcripts are what the tool prints,
//! the table of errors is whole, files that are named are there, and every page is found from the
//! README.

use std::collections::BTreeSet;
use std::fs;

use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::explained::field;
use daxsign_tests::header_text::{header_text, statuses};
use daxsign_tests::native::project;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::tool::Tool;

fn page(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks of plain text of a page, each with the line before it that is not empty.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\n```text\n") {
        let (block, behind) = behind.split_once("\n```\n").expect("its end");
        let above = before.lines().rev().find(|line| !line.is_empty());
        blocks.push((above.unwrap_or_default(), block));
        rest = behind;
    }
    blocks
}

/// A line without what differs from run to run: dates, times taken, signatures, ages.
fn settled(line: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        let digits = word.starts_with(|c: char| c.is_ascii_digit());
        words.push(match word.split_once('T') {
            Some((day, time)) if day.len() == 10 && digits => {
                format!("DATE{}", time.split_once('Z').map_or("", |(_, rest)| rest))
            }
            _ if word.starts_with("signature=\"") => "signature=".into(),
            _ => word.into(),
        });
    }
    for place in 1..words.len() {
        let number = words[place - 1]
            .trim_start_matches('(')
            .parse::<f64>()
            .is_ok();
        let behind = words.get(place + 1);
        let is_age = words[place] == "s"
            && behind.is_some_and(|word| ["old", "ago", "ago,", "ago)"].contains(&word.as_str()));
        if number && (words[place] == "ms" || is_age) {
            words[place - 1] = "N".into();
        }
    }
    words.join(" ")
}

/// Fails unless the lines are those printed. A line `…` stands for any.
fn assert_printed(shown: &str, printed: &str, command: &str) {
    let printed: Vec<_> = printed.lines().map(settled).collect();
    let mut place = 0;
    let mut skips = false;
    for part in shown
        .split_inclusive('\n')
        .collect::<Vec<_>>()
        .split(|line| line.trim_end() == "…")
    {
        let part: Vec<_> = part.iter().map(|line| settled(line)).collect();
        let is_here = |from: usize| printed.get(from..from + part.len()) == Some(&part[..]);
        let last = if skips { printed.len() } else { place };
        let Some(found) = (place..=last).find(|from| is_here(*from)) else {
            panic!("{command}: {part:#?} is not in {printed:#?} from line {place}");
        };
        place = found + part.len();
        skips = true;
    }
    let rest = &printed[place..];
    assert!(
        rest.is_empty() || shown.trim_end().ends_with('…'),
        "{command}: not shown: {rest:#?}"
    );
}

/// Runs the commands of a page's transcripts in this folder, after writing the files that the page
/// tells to write; returns how many.
fn run_transcripts(path: &str, tool: &Tool) -> usize {
    let text = page(path);
    let mut runs = 0;
    for (above, block) in blocks(&text) {
        let file = above
            .strip_prefix("In `")
            .and_then(|rest| rest.strip_suffix("`:"));
        if let Some(file) = file {
            tool.write(file, block);
        }
        let Some(commands) = block.strip_prefix("$ ") else {
            continue;
        };
        for run in commands.split("\n$ ") {
            let (command, shown) = run.split_once('\n').expect("what it prints");
            let arguments: Vec<_> = command.split(' ').collect();
            assert_eq!(arguments[0], "daxsign");
            // As whoever copies it runs it: without a profile from elsewhere.
            let needs = ["sign", "verify"].contains(&arguments[1]);
            assert!(!needs || arguments.contains(&"--profile"), "{command}");
            let run = tool.run(&arguments[1..]);
            let printed = if run.out.is_empty() {
                &run.err
            } else {
                run.text()
            };
            assert_printed(shown, printed, command);
            runs += 1;
        }
    }
    runs
}

#[test]
fn the_demo_prints_what_the_readme_shows() {
    let text = page("README.md");
    let shown: Vec<_> = blocks(&text)
        .into_iter()
        .filter(|(_, block)| block.starts_with("3  "))
        .collect();
    let [(_, shown)] = shown[..] else {
        panic!("{} blocks of the demo", shown.len());
    };
    let run = Tool::default().run(&["demo"]);
    let printed = run.text();
    let start = printed.find("\n3  ").expect("the third step") + 1;
    assert_printed(&format!("{shown}\n…\n"), &printed[start..], "demo");
}

#[test]
fn the_tool_s_page_is_true() {
    assert_eq!(run_transcripts("docs/tool.md", &Tool::default()), 4);
}

#[test]
fn the_page_on_certificates_is_true() {
    let tool = Tool::default();
    assert_eq!(run_transcripts("docs/enrolment.md", &tool), 3);
    let openssl = OpenSsl::default();
    openssl.write("request.csr", tool.read("request.csr"));
    let _ = openssl.run("req -in request.csr -noout -verify");
}

const REQUEST: &str = "POST /api/v2/DaxEndPoint HTTP/1.1\nHost: dax.amido.se\nContent-Length: 18\n";
const BODY: &str = "{\"hello\": \"world\"}";

#[test]
fn the_page_on_refused_signatures_is_true() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let date = "2026-11-28T16:20:05Z";
    let list = "(request-target) host content-length date";
    let string = format!(
        "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\ncontent-length: 18\n\
         date: {date}\n{BODY}"
    );
    let hash = <sha2::Sha256 as sha2::Digest>::digest(&string).to_vec();
    for (file, message) in [
        ("crlf.http", string.replace('\n', "\r\n").into_bytes()),
        ("signed.http", hash),
    ] {
        let signature = openssl.sign(&key_path("rsa2048.pkcs8.pem"), &message);
        let value = field(list, &signature);
        let request = format!("{REQUEST}Date: {date}\nSignature: {value}\n\n{BODY}");
        tool.write(file, request);
    }
    for file in ["client.pub.pem", "peer.pub.pem"] {
        tool.write(file, key_file("rsa2048.spki.pem"));
    }
    assert_eq!(run_transcripts("docs/refused.md", &tool), 2);
}

#[test]
fn the_page_on_errors_is_true() {
    let tool = Tool::default();
    tool.write("client.pub.pem", key_file("rsa2048.spki.pem"));
    tool.write("request.http", format!("{REQUEST}\n{BODY}"));
    let key = key_path("rsa2048.pkcs8.pem").display().to_string();
    let arguments = [
        "sign",
        "--key",
        &key,
        "--complete",
        "--out",
        "signed.http",
        "request.http",
    ];
    let _ = tool.run(&arguments).success();
    assert_eq!(run_transcripts("docs/errors.md", &tool), 1);
}

/// In each table of the page on errors the first column has names.
#[test]
fn every_error_stands_on_its_page_once() {
    let text = page("docs/errors.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut named: Vec<_> = rows
        .flat_map(|row| {
            let names = row.split(" |").next().expect("a cell");
            names
                .split('`')
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty())
        .collect();
    let statuses = statuses(&header_text());
    let name = |constant: &String| {
        let name = constant.strip_prefix("ERR_")?;
        Some(name.to_lowercase().replace('_', "-"))
    };
    let expected: BTreeSet<_> = statuses.keys().filter_map(name).collect();
    assert!(expected.len() > 35, "{expected:?}");
    // Rust's own, with those that C has no number for.
    let rust = names_in_rust();
    assert!(rust.len() > 35, "{rust:?}");
    let beyond: Vec<_> = rust.difference(&expected).collect();
    assert_eq!(
        beyond,
        [
            "invalid-thumbprint",
            "malformed-request",
            "request-not-signed"
        ]
    );
    let authority = names_of("pki/src/error.rs");
    assert!(authority.len() > 45, "{authority:?}");
    let authority = authority
        .iter()
        .filter(|name| !OF_FILES.contains(&name.as_str()));
    let expected: BTreeSet<_> = expected.union(&rust).chain(authority).cloned().collect();
    let expected: Vec<_> = expected.into_iter().collect();
    named.sort();
    assert_eq!(named, expected);
}

/// Names of `PkiError` that the tool shows nobody: they are about files alone.
const OF_FILES: [&str; 8] = [
    "damaged-authority",
    "shortened-register",
    "contradiction",
    "stray-file",
    "no-authority",
    "exists",
    "busy",
    "file",
];

/// The names that the core's errors give, as its sources have them.
fn names_in_rust() -> BTreeSet<String> {
    let paths = ["core/src/error/mod.rs", "core/src/enrolling/error.rs"];
    paths.into_iter().flat_map(names_of).collect()
}

fn names_of(path: &str) -> BTreeSet<String> {
    let text = page(path);
    let (_, after) = text
        .split_once("fn name(&self) -> &'static str {\n")
        .expect("the function");
    let (body, _) = after.split_once("\n    }\n").expect("its end");
    body.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// What stands in code quotes on a page and looks like a path of the sources is there.
#[test]
fn files_named_on_pages_are_there() {
    let names = |path: &str| {
        let entries = fs::read_dir(project().join(path)).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let names = names.map(|name| format!("{}/", name.display()));
        names.collect::<Vec<_>>()
    };
    let (folders, rooms) = (names("."), names("core/src"));
    let mut checked = 0;
    let mut missing = Vec::new();
    for path in [
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "README.md",
        "docs/auditors.md",
        "docs/install.md",
    ] {
        let text = page(path);
        for quoted in text.split('`').skip(1).step_by(2) {
            let starts =
                |folders: &[String]| folders.iter().any(|folder| quoted.starts_with(folder));
            let is_path = !quoted.contains([' ', '…', '*', '(', '{', '\n']);
            let real = if !is_path {
                continue;
            } else if starts(&folders) {
                project().join(quoted)
            } else if path == "ARCHITECTURE.md" && starts(&rooms) {
                project().join("core/src").join(quoted)
            } else {
                continue;
            };
            checked += 1;
            if !real.exists() {
                missing.push(format!("{path}: {quoted}"));
            }
        }
    }
    assert!(checked > 60, "only {checked} paths");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_page_is_found_from_the_readme() {
    let text = page("README.md");
    assert!(text.lines().count() < 150, "it is a first page");
    let mut pages = 0;
    for entry in fs::read_dir(project().join("docs")).expect("the pages") {
        let name = entry.expect("a page").file_name().display().to_string();
        assert!(
            text.contains(&format!("](docs/{name}")),
            "docs/{name} is not linked"
        );
        pages += 1;
    }
    assert!(pages >= 14, "{pages} pages");
}

#[test]
fn a_transcript_that_is_not_true_is_seen() {
    let printed = "date 2026-11-22T05:28:46.7374765Z (1 s ago)\ntwo\nthree\nfour\n";
    for good in [
        "date 2020-01-01T00:00:00Z (0 s ago)\ntwo\nthree\nfour",
        "date 2020-01-01T00:00:00Z (0 s ago)\n…\nfour\n",
        "…\nthree\n…\n",
    ] {
        assert_printed(good, printed, "good");
    }
    for bad in [
        "date 2020-01-01T00:00:00Z (0 s ago)\n",
        "…\nthree",
        "…\nfour\n…\ntwo\n…",
        "two\n…",
    ] {
        let seen = std::panic::catch_unwind(|| assert_printed(bad, printed, "bad"));
        assert!(seen.is_err(), "{bad}");
    }
}
