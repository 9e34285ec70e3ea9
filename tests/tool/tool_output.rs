//! What the tool gives out: nothing from outside steers the terminal that shows it, and files are
//! whole, new, and of the right mode.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};

use daxsign_tests::cases::key_path;
use daxsign_tests::request::example_post;
use daxsign_tests::tool::{PROFILE, Run, Tool, binary};

fn key(file: &str) -> String {
    key_path(file).to_str().expect("a path in UTF-8").into()
}

/// What must not reach a terminal: escape sequences, controls of C0, DEL and C1, what turns text
/// around, a line of one's own.
const HOSTILE: [&str; 10] = [
    "a\u{1b}[31mred",
    "a\u{1b}]0;title\u{7}",
    "a\u{9b}31m",
    "a\rerror: none",
    "a\nerror: none",
    "a\u{8}\u{7f}",
    "\u{202e}lmx.a\u{202c}",
    "\u{2066}a\u{2069}",
    "\u{200f}a\u{200e}",
    "a\u{2028}b\u{feff}\u{ad}",
];

/// Fails for a character that a terminal obeys, colours of the tool's own and line ends aside.
fn assert_tame(output: &[u8], case: &str) {
    let text = String::from_utf8(output.to_vec()).unwrap_or_else(|error| panic!("{case}: {error}"));
    // A terminal gets a carriage return before each line end, one that is there already too.
    let mut tame = text.replace("\r\r\n", "\n").replace("\r\n", "\n");
    for colour in [
        "\u{1b}[0m",
        "\u{1b}[1m",
        "\u{1b}[2m",
        "\u{1b}[4m",
        "\u{1b}[1;31m",
        "\u{1b}[1;32m",
    ] {
        tame = tame.replace(colour, "");
    }
    let wild = tame.chars().find(|character| {
        let turns = matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let breaks = matches!(character, '\u{2028}' | '\u{2029}');
        turns || breaks || (character.is_control() && *character != '\n')
    });
    assert_eq!(wild, None, "{case}: {text:?}");
}

/// Every command with a file of this name, as all of its files.
fn commands(name: &str) -> Vec<Vec<&str>> {
    vec![
        vec!["string", name],
        vec!["sign", "--key", name, name],
        vec!["verify", "--key", name, name],
        vec!["verify", "--json", "--key", name, name],
        vec!["explain", "--key", name, name],
        vec!["explain", "--json", "--key", name, name],
        vec!["key", name],
        vec!["key", "--json", name],
        vec!["key", "--public", name],
        vec!["keygen", "--out", name],
        vec!["string", "--out", name, name],
        vec!["string", "--headers", name, "request.http"],
        vec!["sign", "--profile", name, "--key", name, name],
        vec!["verify", "--now", name, "--key", name, name],
        vec![name],
        vec!["--", name],
    ]
}

fn assert_shown(run: &Run, case: &str) {
    assert_tame(run.err.as_bytes(), case);
    assert_tame(&run.out, case);
    let forged = run.err.lines().any(|line| line.starts_with("error: none"));
    assert!(!forged, "{case}: {}", run.err);
}

/// Names of files that are there (no request, no key) and that are not.
#[test]
fn hostile_names_show_escaped_in_every_command() {
    let mut runs = 0;
    for name in HOSTILE {
        let tool = Tool::default();
        tool.write("request.http", example_post().to_http("\r\n"));
        for there in [false, true] {
            if there {
                tool.write(name, "neither a key nor a request");
            }
            for arguments in commands(name) {
                let case = format!("{arguments:?}");
                assert_shown(&tool.run(&arguments), &case);
                runs += 1;
            }
        }
    }
    assert_eq!(runs, 10 * 2 * 16);
}

/// The same for names of files that are what they should be.
#[test]
fn hostile_names_of_good_files_show_escaped() {
    let (private, public) = (key("rsa2048.pkcs1.pem"), key("rsa2048.spki.pem"));
    let mut runs = 0;
    for name in HOSTILE {
        let tool = Tool::default();
        tool.write("plain.http", example_post().to_http("\r\n"));
        let signed = tool
            .run(&["sign", "--key", &private, "plain.http"])
            .success();
        let changed = String::from_utf8(signed).unwrap().replace("amido", "amigo");
        let [request, public_name, new, new_key] =
            ["http", "pem", "new", "key"].map(|end| format!("{name}.{end}"));
        tool.write(&request, changed);
        tool.write(&public_name, fs::read(&public).unwrap());
        for arguments in [
            vec![
                "verify",
                "--key",
                &public_name,
                "--now",
                "2020-05-17T12:44:30Z",
                &request,
            ],
            vec!["explain", "--key", &public_name, &request],
            vec!["explain", "--json", "--key", &public_name, &request],
            vec!["key", &public_name],
            vec!["string", "--out", &new, &request],
            vec!["keygen", "--out", &new_key],
        ] {
            let run = tool.run(&arguments);
            assert!(run.code < 2, "{arguments:?}: {}", run.err);
            assert_shown(&run, &format!("{arguments:?}"));
            runs += 1;
        }
        assert!(tool.path(&new).is_file() && tool.path(&new_key).is_file());
    }
    assert_eq!(runs, 10 * 6);
}

/// What the request holds, in each of its places.
fn hostile_requests(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let request = |edit: &dyn Fn(&mut daxsign_tests::request::OwnedRequest)| {
        let mut request = example_post();
        edit(&mut request);
        request.to_http("\r\n")
    };
    vec![
        ("method", request(&|request| request.method = text.into())),
        (
            "target",
            request(&|request| request.target = format!("/{text}")),
        ),
        (
            "query",
            request(&|request| request.target = format!("/a?{text}")),
        ),
        (
            "date",
            request(&|request| request.headers[1].1 = text.into()),
        ),
        (
            "type",
            request(&|request| request.headers[2].1 = format!("a/b; charset={text}").into()),
        ),
        (
            "length",
            request(&|request| request.headers[5].1 = text.into()),
        ),
        (
            "name",
            request(&|request| request.headers.push((text.into(), b"a".to_vec()))),
        ),
        (
            "value",
            request(&|request| request.headers.push(("X-A".into(), text.into()))),
        ),
        (
            "body",
            request(&|request| {
                request.body = text.into();
                request.headers[5].1 = text.len().to_string().into();
            }),
        ),
        (
            "field",
            request(&|request| {
                let field = format!("realm=\"{text}\" algorithm=\"{text}\"");
                request.headers.push(("Signature".into(), field.into()));
            }),
        ),
        (
            "authorization",
            request(&|request| {
                request
                    .headers
                    .push(("Authorization".into(), format!("Signature {text}").into()));
            }),
        ),
    ]
}

/// On a terminal: whatever stands in a request, in every command that reads one. Files and pipes get
/// the bytes as they are.
#[test]
fn nothing_in_a_request_steers_the_terminal() {
    let (private, public) = (key("rsa2048.pkcs1.pem"), key("rsa2048.spki.pem"));
    let mut runs = 0;
    for text in HOSTILE {
        let tool = Tool::default();
        for (place, request) in hostile_requests(text) {
            tool.write("request.http", &request);
            let list = "(request-target) x-a date";
            for arguments in [
                vec!["string", "request.http"],
                vec!["string", "--headers", list, "request.http"],
                vec!["sign", "--key", &private, "request.http"],
                vec!["verify", "--key", &public, "request.http"],
                vec!["explain", "--key", &public, "request.http"],
            ] {
                let case = format!("{text:?} as {place}: {arguments:?}");
                let shown = tool.run_on_terminal(&arguments);
                assert!(!shown.is_empty(), "{case}");
                assert_tame(&shown, &case);
                runs += 1;
            }
        }
    }
    assert_eq!(runs, 10 * 11 * 5);
}

/// JSON holds every character, and none that a terminal obeys: it has escapes of its own for them.
#[test]
fn json_holds_every_character_and_none_that_steers() {
    let tool = Tool::default();
    let (private, public) = (key("rsa2048.pkcs1.pem"), key("rsa2048.spki.pem"));
    let mut read = 0;
    for text in HOSTILE {
        let mut request = example_post();
        request.body = format!("{{\"{text}\": 1}}").into();
        request.headers[5].1 = request.body.len().to_string().into();
        tool.write("plain.http", request.to_http("\r\n"));
        let signed = tool
            .run(&["sign", "--key", &private, "plain.http"])
            .success();
        let changed = String::from_utf8(signed)
            .unwrap()
            .replacen("POST", "PUT", 1);
        tool.write("signed.http", changed);
        let run = tool.run(&["explain", "--json", "--key", &public, "signed.http"]);
        assert_tame(&run.out, text);
        let report: serde_json::Value = serde_json::from_slice(&run.out).expect("JSON");
        let string = report["expected_string"].as_str().expect("a string");
        assert!(
            string.as_bytes().ends_with(&request.body),
            "{text:?}: {string:?}"
        );
        read += 1;
    }
    assert_eq!(read, 10);
}

/// The escapes are for eyes: a pipe and a file get what a terminal does not.
#[test]
fn pipes_and_files_get_every_byte() {
    let tool = Tool::default();
    let mut bodies = 0;
    for body in ["{\"\u{1b}[31m\": \"\u{202e}\"}", "a\rb", "\0", "\u{9b}"] {
        let head = "POST /a HTTP/1.1\r\nDate: 2020-05-17T12:44:30Z\r\n\r\n";
        tool.write("request.http", format!("{head}{body}"));
        let expected =
            format!("(request-target): post /a\ndate: 2020-05-17T12:44:30Z\n{body}").into_bytes();
        assert_eq!(tool.run(&["string", "request.http"]).success(), expected);
        let file = format!("{bodies}.string");
        let run = tool.run(&["string", "--out", &file, "request.http"]);
        assert!(run.success().is_empty());
        assert_eq!(tool.read(&file), expected);
        let shown = tool.run_on_terminal(&["string", "request.http"]);
        assert!(
            String::from_utf8_lossy(&shown).contains("--out FILE"),
            "{shown:?}"
        );
        bodies += 1;
    }
    assert_eq!(bodies, 4);
}

/// The commands that make a file, each with what it prints without `--out`.
fn products(private: &str) -> [Vec<&str>; 6] {
    [
        vec!["string", "request.http"],
        vec!["sign", "--key", private, "request.http"],
        vec!["sign", "--key", private, "--complete", "request.http"],
        vec![
            "sign",
            "--key",
            private,
            "--print",
            "header",
            "request.http",
        ],
        vec![
            "sign",
            "--key",
            private,
            "--print",
            "signature",
            "request.http",
        ],
        vec!["key", "--public", private],
    ]
}

#[test]
fn out_writes_what_is_else_printed_into_a_new_file() {
    let tool = Tool::default();
    tool.write("request.http", example_post().to_http("\r\n"));
    let private = key("rsa2048.pkcs1.pem");
    let mut made = 0;
    for (number, arguments) in products(&private).iter().enumerate() {
        let printed = tool.run(arguments).success();
        let file = format!("{number}.new");
        let with_out = [&arguments[..], &["--out", &file]].concat();
        let run = tool.run(&with_out);
        assert!(run.err.contains(&file), "{}", run.err);
        assert!(run.success().is_empty(), "{arguments:?}");
        assert_eq!(tool.read(&file), printed, "{arguments:?}");
        // Once more it is there, and stays.
        tool.run(&with_out).assert_unusable(&file);
        assert_eq!(tool.read(&file), printed, "{arguments:?}");
        let dash = [&arguments[..], &["--out", "-"]].concat();
        assert_eq!(tool.run(&dash).success(), printed, "{arguments:?}");
        made += 1;
    }
    assert_eq!(made, 6);
    tool.run(&["key", &private, "--out", "file"])
        .assert_unusable("without --public");
    assert!(!tool.path("file").exists());
}

/// What is not made leaves nothing: neither under its name nor under another.
#[test]
fn what_is_refused_makes_no_file() {
    let tool = Tool::default();
    tool.write("bad.http", "POST /a b HTTP/1.1\r\nDate: x\r\n\r\n");
    tool.write("request.http", example_post().to_http("\r\n"));
    tool.write("there", "precious");
    symlink("nowhere", tool.path("dangling")).unwrap();
    symlink("there", tool.path("link")).unwrap();
    fs::create_dir(tool.path("folder")).unwrap();
    let private = key("rsa2048.pkcs1.pem");
    let before = names(&tool);
    for (out, arguments) in [
        ("new", vec!["string", "bad.http"]),
        ("new", vec!["sign", "--key", &private, "bad.http"]),
        ("new", vec!["sign", "--key", "bad.http", "request.http"]),
        ("new", vec!["key", "--public", "bad.http"]),
        ("there", vec!["string", "request.http"]),
        (
            "request.http",
            vec!["sign", "--key", &private, "request.http"],
        ),
        ("dangling", vec!["string", "request.http"]),
        ("link", vec!["string", "request.http"]),
        ("folder", vec!["key", "--public", &private]),
        ("folder/none/new", vec!["key", "--public", &private]),
    ] {
        let run = tool.run(&[&arguments[..], &["--out", out]].concat());
        assert_ne!(run.code, 0, "{arguments:?}");
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
        assert_eq!(names(&tool), before, "{arguments:?} --out {out}");
    }
    assert_eq!(tool.read("there"), b"precious");
}

/// All that stands in the tool's folder.
fn names(tool: &Tool) -> Vec<String> {
    let entries = fs::read_dir(tool.root()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The mode of a file made under a mask: what the mask leaves of everybody's for what is public, and
/// of its owner's for a key.
#[test]
fn files_have_the_mode_that_their_content_needs() {
    let private = key("rsa2048.pkcs1.pem");
    let tool = Tool::default();
    tool.write("request.http", example_post().to_http("\r\n"));
    let mut made = 0;
    for (mask, of_public, of_key) in [
        ("000", 0o666, 0o600),
        ("022", 0o644, 0o600),
        ("077", 0o600, 0o600),
        ("027", 0o640, 0o600),
        ("277", 0o400, 0o400),
    ] {
        let [string, signed, public, new] =
            ["string", "signed", "public", "key"].map(|name| format!("{mask}.{name}"));
        for (arguments, file, mode) in [
            (
                vec!["string", "request.http", "--out", &string],
                &string,
                of_public,
            ),
            (
                vec!["sign", "--key", &private, "request.http", "--out", &signed],
                &signed,
                of_public,
            ),
            (
                vec!["key", "--public", &private, "--out", &public],
                &public,
                of_public,
            ),
            (vec!["keygen", "--out", &new], &new, of_key),
        ] {
            let status = Command::new("sh")
                .args(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", mask])
                .arg(binary())
                .args(&arguments)
                .env("DAXSIGN_PROFILE", PROFILE)
                .current_dir(tool.root())
                .stderr(Stdio::null())
                .status()
                .expect("sh starts");
            assert!(status.success(), "{arguments:?}");
            let data = tool.path(file).metadata().unwrap();
            let found = data.permissions().mode() & 0o7777;
            assert_eq!(found, mode, "{file}: {found:o}");
            assert_eq!(data.nlink(), 1, "{file}: no other name is left");
            made += 1;
        }
    }
    assert_eq!(made, 20);
    let left = names(&tool)
        .into_iter()
        .filter(|name| name.starts_with('.'));
    assert_eq!(left.count(), 0);
}

/// A shell's command with the tool as `$DAXSIGN`, without a terminal.
fn shell(tool: &Tool, command: &str) -> (Option<i32>, String) {
    let output = Command::new("sh")
        .args(["-c", command])
        .env("DAXSIGN", binary())
        .env("DAXSIGN_PROFILE", PROFILE)
        .current_dir(tool.root())
        .stdin(Stdio::null())
        .output()
        .expect("sh starts");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), err)
}

/// Colours go to a terminal that wants them and nowhere else, for each of the two outputs by itself.
#[test]
fn colours_are_for_the_terminal_alone() {
    let tool = Tool::default();
    let (private, public) = (key("rsa2048.pkcs1.pem"), key("rsa2048.spki.pem"));
    tool.write("plain.http", example_post().to_http("\r\n"));
    let run = tool.run(&["sign", "--key", &private, "plain.http"]);
    tool.write("signed.http", run.success());
    let now = "2020-05-17T12:44:30Z";
    let commands = [
        format!("verify --key '{public}' --now {now} signed.http"),
        format!("verify --key '{public}' --json --now {now} signed.http"),
        format!("verify --key '{public}' plain.http"),
        format!("explain --key '{public}' signed.http"),
        format!("explain --key '{public}' plain.http"),
        format!("key '{private}'"),
        format!("sign --key '{private}' plain.http"),
        "string plain.http".to_owned(),
        "string absent".to_owned(),
        "demo".to_owned(),
    ];
    let coloured = |bytes: &[u8]| bytes.contains(&0x1b);
    let mut on_terminal = (0, 0);
    for command in &commands {
        let terminal = tool.shell_on_terminal(&format!("\"$DAXSIGN\" {command} 2>err"));
        assert!(
            !coloured(&tool.read("err")),
            "{command}: standard error in a file"
        );
        on_terminal.0 += usize::from(coloured(&terminal));
        let terminal = tool.shell_on_terminal(&format!("\"$DAXSIGN\" {command} >out"));
        assert!(
            !coloured(&tool.read("out")),
            "{command}: standard output in a file"
        );
        on_terminal.1 += usize::from(coloured(&terminal));
        for unwanted in ["NO_COLOR=1", "TERM=dumb"] {
            let shown = tool.shell_on_terminal(&format!("{unwanted} \"$DAXSIGN\" {command}"));
            assert!(!coloured(&shown), "{unwanted} {command}");
        }
    }
    // Standard output: all but JSON, products and failures. Standard error: failures and notes.
    assert_eq!(on_terminal, (5, 4));
}

/// A reader that went away wants no more, and that is no failure; a full device is one.
#[test]
fn outputs_that_cannot_be_written_are_told() {
    let tool = Tool::default();
    tool.write("request.http", example_post().to_http("\r\n"));
    let body = "x".repeat(1 << 20);
    tool.write(
        "large.http",
        format!("POST / HTTP/1.1\nDate: 2020-05-17T12:44:30Z\n\n{body}"),
    );
    let private = key("rsa2048.pkcs1.pem");
    let mut runs = 0;
    for command in [
        "string large.http".to_owned(),
        format!("sign --complete --key '{private}' large.http"),
        format!("key '{private}'"),
        format!("key --json '{private}'"),
        format!("key --public '{private}'"),
    ] {
        let full = shell(&tool, &format!("\"$DAXSIGN\" {command} >/dev/full"));
        assert_eq!(full.0, Some(2), "{command}: {}", full.1);
        assert!(
            full.1.contains("cannot write to standard output"),
            "{}",
            full.1
        );
        // The reader is gone before the tool writes.
        let gone = format!("{{ sleep 0.2; \"$DAXSIGN\" {command}; echo $? >code; }} | true");
        let (_, err) = shell(&tool, &gone);
        assert_eq!(tool.read("code"), b"0\n", "{command}: {err}");
        assert!(!err.contains("error"), "{err}");
        let closed = shell(&tool, &format!("\"$DAXSIGN\" {command} >/dev/null 2>&-"));
        assert_eq!(closed.0, Some(0), "{command}");
        runs += 3;
    }
    assert_eq!(runs, 15);
}

/// A file that cannot be written whole is not there, under no name: the limit of a file's size stands
/// for a full disk.
#[test]
fn no_half_of_a_file_is_left() {
    let tool = Tool::default();
    let body = "x".repeat(1 << 20);
    tool.write(
        "large.http",
        format!("POST / HTTP/1.1\nDate: 2020-05-17T12:44:30Z\n\n{body}"),
    );
    let private = key("rsa2048.pkcs1.pem");
    let before = names(&tool);
    for (blocks, command) in [
        (0, "string large.http --out new".to_owned()),
        (100, "string large.http --out new".to_owned()),
        (
            100,
            format!("sign --complete --key '{private}' large.http --out new"),
        ),
        (0, format!("key --public '{private}' --out new")),
        (0, "keygen --out new".to_owned()),
    ] {
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; \"$DAXSIGN\" {command}");
        let (code, err) = shell(&tool, &limited);
        assert_eq!(code, Some(2), "{command}: {err}");
        assert!(err.contains("cannot write new"), "{command}: {err}");
        assert_eq!(names(&tool), before, "{command} with {blocks} blocks");
    }
}
