//! The tool for Windows, under Wine, beside the tool of this machine: it says, writes and refuses the same.
//! Built without the REST API.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use daxsign_tests::cases::key_path;
use daxsign_tests::native::{project, succeeds, target_folder};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::tool::{PROFILE, Run, Tool};
use daxsign_tests::windows::{GCC, binutils};
use daxsign_tests::wine::{PACKAGES, wine};

/// The folder with `daxsign.exe`.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = target_folder().join("tool-windows");
        let mut build = Command::new(project().join("cli/windows"));
        build
            .arg(folder.join("daxsign.exe"))
            .args(["--profile", "dev", "--no-default-features"])
            .env("CARGO_TARGET_DIR", target_folder());
        let output = build.output().expect("cli/windows starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let mut library = Command::new(GCC);
        library
            .args(["-shared", "-o"])
            .arg(folder.join("bcryptprimitives.dll"))
            .arg(project().join("tests/windows/bcryptprimitives.c"))
            .arg("-ladvapi32");
        succeeds(&mut library, PACKAGES);
        folder
    })
}

/// Runs the tool for Windows in the folder of the other.
fn run(tool: &Tool, arguments: &[&str]) -> Run {
    let output = wine(built().join("daxsign.exe"))
        .args(arguments)
        .current_dir(tool.root())
        .env("DAXSIGN_PROFILE", PROFILE)
        .stdin(Stdio::null())
        .output()
        .expect("wine");
    Run {
        code: output.status.code().expect("an exit code"),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Names as they are outside of ASCII.
const KEY: &str = "nyckel åäö 鍵 🔑.pem";
const REQUEST: &str = "förfrågan 要求.http";
const POSTED: &str = "POST /api/v2/DaxEndPoint HTTP/1.1\r\nHost: dax.amido.se\r\nContent-Length: 21\r\n\
    Date: 2020-05-17T14:44:30+02:00\r\n\r\n{\"namn\": \"Å\r\n\u{1F511}\"}\n";

/// With a key, a request and its signed form in the folder.
fn prepared() -> Tool {
    let tool = Tool::default();
    fs::copy(key_path("rsa2048.pkcs8.pem"), tool.path(KEY)).expect("a copy");
    tool.write(REQUEST, POSTED);
    let signed = tool.run(&["sign", "--key", KEY, REQUEST]).success();
    tool.write("signed.http", signed);
    tool
}

#[test]
fn it_says_what_the_tool_of_this_machine_says() {
    let tool = prepared();
    let now = "2020-05-17T12:44:31Z";
    let commands: [&[&str]; 13] = [
        &["--version"],
        &["string", REQUEST],
        &[
            "string",
            "--headers",
            "(request-target) date host content-length",
            REQUEST,
        ],
        &["sign", "--key", KEY, REQUEST],
        &["sign", "--key", KEY, "--print", "signature", REQUEST],
        &["verify", "--key", KEY, "--now", now, "signed.http"],
        &[
            "verify",
            "--key",
            KEY,
            "--now",
            now,
            "--json",
            "signed.http",
        ],
        &["explain", "--key", KEY, "signed.http"],
        &["key", KEY],
        &["key", KEY, "--public"],
        &[
            "csr",
            "--key",
            KEY,
            "--instance",
            "01234567-89AB-CDEF-0123-456789ABCDEF",
            "--partner",
            "7f8c2b1a-0000-4000-8000-00000000abcd",
            "--country",
            "SE",
            "--locality",
            "Göteborg",
            "--organization",
            "Företag 株式会社",
            "--unit",
            "IS/IT",
            "--environment",
            "prod",
        ],
        &[
            "verify",
            "--key",
            KEY,
            "--now",
            "2020-05-18T12:44:31Z",
            "signed.http",
        ],
        &["sign", "--key", REQUEST, REQUEST],
    ];
    let mut refused = 0;
    for arguments in commands {
        let here = tool.run(arguments);
        let there = run(&tool, arguments);
        assert_eq!(there.code, here.code, "{arguments:?}: {}", there.err);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&there.out), text(&here.out), "{arguments:?}");
        assert_eq!(there.err, here.err, "{arguments:?}");
        refused += usize::from(here.code != 0);
    }
    assert_eq!(
        refused, 2,
        "a request that is too old, and a key that is none"
    );
}

/// Wine keeps an access list as a Unix mode, in which what is the user's is the group's too: others have
/// nothing.
#[test]
fn keys_are_their_owner_s_alone() {
    let tool = prepared();
    let mode = |name: &str| {
        let data = fs::metadata(tool.path(name)).expect("a file");
        data.permissions().mode() & 0o777
    };
    let key = "gjord ключ.pem";
    let said = run(&tool, &["keygen", "--bits", "2048", "--out", key]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(mode(key) & 0o007, 0, "{:o}", mode(key));
    let openssl = OpenSsl::default();
    openssl.write("made.pem", tool.read(key));
    openssl.run("pkey -in made.pem -check -noout");
    // What everybody may read is as the folder has it.
    let _ = run(&tool, &["sign", "--key", key, "--out", "ut.http", REQUEST]).success();
    assert_eq!(mode("ut.http") & 0o007, 0o004);
    assert_eq!(
        tool.run(&["sign", "--key", key, REQUEST]).success(),
        tool.read("ut.http")
    );

    // Never in the place of another, and nothing is left beside.
    let before = tool.read(key);
    let again = run(&tool, &["keygen", "--bits", "2048", "--out", key]);
    again.assert_unusable("a file that is there");
    assert!(
        again.err.contains("exists and is never overwritten"),
        "{}",
        again.err
    );
    assert_eq!(tool.read(key), before);
    let names = fs::read_dir(tool.root()).expect("the folder").count();
    assert_eq!(
        names, 5,
        "the key, the request, two signed ones, and the new key"
    );
}

/// Through `>` of Windows' shell: byte for byte what was read, with its line ends, and no colours.
#[test]
fn what_is_redirected_is_byte_for_byte() {
    let tool = prepared();
    tool.write("request.http", POSTED);
    fs::copy(tool.path(KEY), tool.path("key.pem")).expect("a copy");
    let expected = tool
        .run(&["sign", "--key", "key.pem", "request.http"])
        .success();
    assert!(expected.ends_with("{\"namn\": \"Å\r\n\u{1F511}\"}\n".as_bytes()));
    for name in ["daxsign.exe", "bcryptprimitives.dll"] {
        fs::copy(built().join(name), tool.path(name)).expect("a copy");
    }
    let line = "daxsign.exe sign --key key.pem request.http > out.http";
    let mut shell = wine("cmd");
    shell.args(["/c", line]).current_dir(tool.root());
    shell.env("DAXSIGN_PROFILE", PROFILE).stdin(Stdio::null());
    assert!(shell.status().expect("wine").success());
    assert_eq!(tool.read("out.http"), expected);
}

/// It needs nothing but what Windows has.
#[test]
fn it_needs_the_libraries_of_windows() {
    let program = built().join("daxsign.exe");
    let headers = succeeds(binutils("objdump").arg("-p").arg(program), PACKAGES);
    let mut needed: Vec<String> = headers
        .lines()
        .filter_map(|line| line.trim().strip_prefix("DLL Name: "))
        .map(str::to_lowercase)
        .collect();
    needed.sort();
    needed.dedup();
    assert!(needed.len() > 3, "{needed:?}");
    for library in needed {
        let is_there = [
            "kernel32",
            "msvcrt",
            "ntdll",
            "ws2_32",
            "userenv",
            "advapi32",
            "bcryptprimitives",
        ]
        .iter()
        .any(|known| library == format!("{known}.dll"));
        assert!(
            is_there || library.starts_with("api-ms-win-core-"),
            "{library}"
        );
    }
    for flag in ["HIGH_ENTROPY_VA", "DYNAMIC_BASE", "NX_COMPAT"] {
        assert!(headers.contains(flag), "{flag}");
    }
}
