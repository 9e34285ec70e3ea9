//! The rules that the code cites stand in `docs/rules.md` with their reasons, and each one there is
//! kept by code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use daxsign_tests::native::project;

/// What keeps rules: the library and its interfaces.
const SOURCES: [&str; 6] = [
    "core/src", "ffi/src", "include", "http/src", "pki/src", "cli/src",
];
/// What may cite them beside.
const OTHERS: [&str; 6] = [
    "ARCHITECTURE.md",
    "bindings/csharp",
    "docs",
    "firmware",
    "fuzz/fuzz_targets",
    "tests",
];

/// The names of rules in a text: `S-FOLD`, `V-FRESH`.
fn cited(text: &str, names: &mut BTreeSet<String>) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    for word in text.split(|c: char| !is_part(c)) {
        let Some((kind, name)) = word.split_once('-') else {
            continue;
        };
        let is_name = name.len() > 2 && name.starts_with(|c: char| c.is_ascii_uppercase());
        let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        if ["C", "S", "V"].contains(&kind) && is_name && name.chars().all(is_upper) {
            names.insert(word.to_owned());
        }
    }
}

/// In a file, or in all files of a folder.
fn cited_below(path: &Path, names: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder of sources") {
            cited_below(&entry.expect("an entry").path(), names);
        }
    } else if let Ok(text) = fs::read_to_string(path) {
        cited(&text, names);
    }
}

#[test]
fn the_page_and_the_code_know_the_same_rules() {
    let page = fs::read_to_string(project().join("docs/rules.md")).expect("the page");
    let mut defined = BTreeSet::new();
    for bold in page.split("**").skip(1).step_by(2) {
        cited(bold, &mut defined);
    }
    let mut used = BTreeSet::new();
    for folder in SOURCES {
        cited_below(&project().join(folder), &mut used);
    }
    assert_eq!(defined, used, "docs/rules.md, and what the code cites");
    assert_eq!(defined.len(), 30);

    let mut elsewhere = BTreeSet::new();
    for path in OTHERS {
        cited_below(&project().join(path), &mut elsewhere);
    }
    assert!(elsewhere.len() > 10, "{elsewhere:?}");
    let unknown: Vec<_> = elsewhere.difference(&defined).collect();
    assert!(unknown.is_empty(), "{unknown:?} are not in docs/rules.md");
}

#[test]
fn every_rule_says_why() {
    let page = fs::read_to_string(project().join("docs/rules.md")).expect("the page");
    let rules = page.split("\n\n").filter(|text| text.starts_with("**"));
    let mut checked = 0;
    for rule in rules {
        assert!(rule.contains("*Why"), "{rule}");
        checked += 1;
    }
    // Realm and algorithm share one.
    assert_eq!(checked, 29);
}
