//! What stands in the text of `include/daxsign.h`, for tests that compare other lists with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::header::header_path;

/// The header as it is kept.
#[must_use]
pub fn header_text() -> String {
    std::fs::read_to_string(header_path()).expect("include/daxsign.h")
}

/// The functions that it declares, without those defined in it.
#[must_use]
pub fn functions(header: &str) -> BTreeSet<String> {
    let declared = |line: &str| {
        let (before, _) = line.split_once('(')?;
        let name = before.rsplit([' ', '*']).next()?;
        let is_declaration = !line.starts_with([' ', '/', '#', '}']) && !line.contains("static");
        (is_declaration && name.starts_with("daxsign_")).then(|| name.to_owned())
    };
    header.lines().filter_map(declared).collect()
}

/// The names by which the header calls those of them that fill storage, which end in its size.
#[must_use]
pub fn sized_names(header: &str) -> BTreeSet<String> {
    let bits = defined(header, "DAXSIGN_MAX_MODULUS_BITS");
    let text = header.replace("\\\n", "");
    let named = |line: &str| {
        let (_, call) = line.strip_prefix("#define daxsign_")?.split_once(' ')?;
        let (kind, arguments) = call.trim().trim_end_matches(')').split_once('(')?;
        Some(match (kind, arguments.split_once(", ")) {
            ("DAXSIGN_KEY_NAME", None) => format!("{arguments}_{bits}"),
            ("DAXSIGN_SIZED_NAME", Some((name, size))) => {
                format!("{name}_{}", defined(header, size))
            }
            _ => panic!("{line}"),
        })
    };
    text.lines().filter_map(named).collect()
}

/// The statuses: `ERR_MISSING_HEADER` and its number.
#[must_use]
pub fn statuses(header: &str) -> BTreeMap<String, i32> {
    let body = header
        .split_once("enum DaxsignStatus")
        .and_then(|(_, rest)| rest.split_once("};"))
        .expect("enum DaxsignStatus")
        .0;
    body.lines()
        .filter_map(|line| line.trim().strip_prefix("DAXSIGN_")?.split_once(" = "))
        .map(|(name, number)| (name.into(), number.trim_end_matches(',').parse().unwrap()))
        .collect()
}

/// The value of a `#define`.
#[must_use]
pub fn defined<'h>(header: &'h str, name: &str) -> &'h str {
    let start = format!("#define {name} ");
    header
        .lines()
        .find_map(|line| line.strip_prefix(&start))
        .unwrap_or_else(|| panic!("no {name} in the header"))
}

/// The example of the first page: the comment's lines from the first `#include` on.
#[must_use]
pub fn first_example(header: &str) -> String {
    let (comment, _) = header.split_once("*/").expect("a first comment");
    let code = comment
        .lines()
        .filter_map(|line| line.strip_prefix(" *"))
        .skip_while(|line| !line.contains("#include"))
        .take_while(|line| line.is_empty() || line.starts_with("     "));
    code.map(|line| line.strip_prefix("     ").unwrap_or_default())
        .fold(String::new(), |text, line| text + line + "\n")
}
