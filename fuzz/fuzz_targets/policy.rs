//! A policy of TLS is read whole or refused with words; the rule that it finds for a target is that of the longest
//! path above it, and for no target that servers read differently.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use daxsign_pki::tls::{Policy, PolicyFiles};
use libfuzzer_sys::fuzz_target;

/// Between the file and the targets.
const SEPARATOR: u8 = 0xFE;
const ROOT: &[u8] = include_bytes!("../src/root.pem");

fuzz_target!(|data: &[u8]| {
    let mut parts = data.split(|byte| *byte == SEPARATOR);
    let text = parts.next().unwrap_or_default();
    // The files that it names are read: none that never ends. With `\` such a name can be hidden.
    let endless = [&b"/dev"[..], b"/proc", b"/sys", b"\\", b".."];
    if endless
        .iter()
        .any(|part| text.windows(part.len()).any(|found| found == *part))
    {
        return;
    }
    let file = folder().join("policy.toml");
    fs::write(&file, text).expect("a file");
    match PolicyFiles::open(&file) {
        Err(error) => assert!(!error.to_string().is_empty() && !error.name().is_empty()),
        Ok(files) => {
            let policy = files.live().current();
            assert_eq!(policy.root_names(), ["CN=Example Root"]);
            for target in parts {
                if let Ok(target) = std::str::from_utf8(target) {
                    find(&policy, target);
                }
            }
        }
    }
});

/// Made once, with the root that policies name.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let name = format!("daxsign-fuzz-policy-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("root.crt"), ROOT).expect("a root");
        folder
    })
}

fn find(policy: &Policy, target: &str) {
    let path = target.split('?').next().unwrap_or_default();
    let found = policy
        .rule(target)
        .map(|rule| rule.path.trim_end_matches('/'));
    if let Some(found) = found {
        assert_eq!(
            read_otherwise(path),
            path,
            "other servers read it otherwise"
        );
        assert!(
            path == found
                || path
                    .strip_prefix(found)
                    .is_some_and(|rest| rest.starts_with('/'))
        );
    }
    if !is_plain(path) {
        return;
    }
    // Each path above it, from the longest on.
    let ends = path
        .char_indices()
        .filter(|(_, c)| *c == '/')
        .map(|(end, _)| end);
    let ends = ends.chain([path.len()]);
    let mut above: Vec<&str> = ends.map(|end| &path[..end]).collect();
    above.reverse();
    let longest = above.into_iter().find(|above| {
        let asked = if above.is_empty() { "/" } else { above };
        let rule = policy.rule(asked);
        rule.is_some_and(|rule| rule.path.trim_end_matches('/') == *above)
    });
    assert_eq!(found, longest, "{target}");
}

/// What no server changes.
fn is_plain(path: &str) -> bool {
    let mut parts = path.split('/');
    let names = path
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/-_~".contains(&byte));
    let first = parts.next() == Some("");
    let full = path == "/"
        || path
            .trim_end_matches('/')
            .split('/')
            .skip(1)
            .all(|part| !part.is_empty());
    // A target is never empty.
    names && first && full && !path.is_empty() && !path.ends_with("//")
}

/// As servers may, one after the other: escapes of any character, `\` for `/`, parameters, empty and dotted steps.
fn read_otherwise(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let code = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.filter(|code| byte == b'%' && changes(*code)) {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => bytes.push(byte),
        }
    }
    let text = String::from_utf8_lossy(&bytes).replace('\\', "/");
    let mut steps: Vec<&str> = Vec::new();
    let mut parts = text.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let name = part.split(';').next().unwrap_or_default();
        match name {
            ".." => drop(steps.pop()),
            "." => {}
            "" if parts.peek().is_some() => {}
            _ => steps.push(name),
        }
    }
    format!("/{}", steps.join("/"))
}

/// Whether a server may find another path where it reads the character itself.
fn changes(code: u8) -> bool {
    code.is_ascii_alphanumeric() || b"-._~/\\;%".contains(&code)
}
