//! The rules that the code cites stand in `docs/rules.md`, and each one there is kept by code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use daxsign_tests::native::project;

/// What cites rules: the library and its interfaces.
const SOURCES: [&str; 4] = ["core/src", "ffi/src", "include", "cli/src"];

/// The names of rules in a text: `S-FOLD`, `V-FRESH`.
fn cited(text: &str, names: &mut BTreeSet<String>) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    for word in text.split(|c: char| !is_part(c)) {
        let Some((kind, name)) = word.split_once('-') else {
            continue;
        };
        let is_name = name.len() > 2 && name.starts_with(|c: char| c.is_ascii_uppercase());
        let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        if ["S", "V"].contains(&kind) && is_name && name.chars().all(is_upper) {
            names.insert(word.to_owned());
        }
    }
}

fn cited_below(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            cited_below(&path, names);
        } else if let Ok(text) = fs::read_to_string(&path) {
            cited(&text, names);
        }
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
    assert_eq!(defined.len(), 25);
}
