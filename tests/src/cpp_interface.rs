//! What stands in `include/daxsign.hpp` that a program can call, for a test that leaves none out.

use std::collections::BTreeSet;

/// The classes whose objects can be moved from and are then empty.
const EMPTIED: [&str; 11] = [
    "Request",
    "PublicKey",
    "Certificate",
    "TrustAnchor",
    "PrivateKey",
    "ExternalSigner",
    "CertificateRequest",
    "SigningStream",
    "ReplayGuard",
    "VerifyingStream",
    "Verifier",
];

/// The calls of it that an object which was moved from can take part in: `PublicKey::modulus` for a
/// method of one, `Verifier::verify(ReplayGuard)` for a call that gets one, `sign(Request)` for
/// a function. A second form of a name has a 2: `sign 2(Request)`.
#[must_use]
pub fn calls(header: &str) -> BTreeSet<String> {
    let code = without_comments(header);
    let mut found = BTreeSet::new();
    let mut seen = Vec::new();
    for part in namespace_parts(&code) {
        collect(&part, "", &mut seen, &mut found);
    }
    found
}

/// Comments and preprocessor lines are left out.
fn without_comments(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        rest = after.split_once("*/").expect("the comment's end").1;
    }
    code.push_str(rest);
    let mut continues = false;
    let mut kept = String::new();
    for line in code.lines() {
        let skipped = continues || line.trim_start().starts_with('#');
        continues = skipped && line.ends_with('\\');
        if !skipped {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The insides of every `namespace daxsign { … }`.
fn namespace_parts(code: &str) -> Vec<String> {
    code.split("namespace daxsign {")
        .skip(1)
        .map(|after| inside(after).0.to_owned())
        .collect()
}

/// What stands before the brace that closes, and behind it.
fn inside(text: &str) -> (&str, &str) {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&text[..at], &text[at + 1..]);
        }
    }
    panic!("a brace is not closed: {text}");
}

/// The declarations of a scope: each one's head, and its body where it has one.
fn declarations(scope: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = scope;
    while let Some(end) = head_end(rest) {
        let head = rest[..end].trim().to_owned();
        if rest[end..].starts_with('{') {
            let (body, after) = inside(&rest[end + 1..]);
            found.push((head, body.to_owned()));
            rest = after;
        } else {
            found.push((head, String::new()));
            rest = &rest[end + 1..];
        }
    }
    found
}

/// Where a declaration's head ends: a `{` or `;` outside of parentheses, and not the `{` of an
/// initial value.
fn head_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return Some(at),
            '{' if depth == 0 && before != '=' => return Some(at),
            _ => {}
        }
        if !letter.is_whitespace() {
            before = letter;
        }
    }
    None
}

/// Adds the calls in a scope. `class` is empty outside of one.
fn collect(scope: &str, class: &str, seen: &mut Vec<String>, found: &mut BTreeSet<String>) {
    let mut public = true;
    for (head, body) in declarations(scope) {
        let mut head = head.as_str();
        for (label, is_public) in [("public:", true), ("private:", false)] {
            if let Some((_, behind)) = head.rsplit_once(label) {
                public = is_public;
                head = behind.trim();
            }
        }
        let plain = without_template(head);
        let mut words = plain.split_whitespace();
        match words.next() {
            Some("class" | "struct") if !plain.contains('(') => {
                let name = words.find(|word| !word.starts_with('[')).expect("a name");
                let is_open = plain.starts_with("struct");
                if public {
                    let body = if is_open {
                        body
                    } else {
                        format!("private: {body}")
                    };
                    collect(&body, name, seen, found);
                }
            }
            Some("namespace" | "friend" | "using" | "enum" | "typedef") | None => {}
            _ if public && plain.contains('(') && !plain.ends_with("= delete") => {
                add(plain, class, seen, found);
            }
            _ => {}
        }
    }
}

/// A head without `template <…>`.
fn without_template(head: &str) -> &str {
    let Some(after) = head.strip_prefix("template <") else {
        return head;
    };
    let mut depth = 1;
    for (at, letter) in after.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return after[at + 1..].trim();
        }
    }
    head
}

/// Adds one function: as a method of an object that was moved from, and for each kind of such an
/// object that it gets.
fn add(head: &str, class: &str, seen: &mut Vec<String>, found: &mut BTreeSet<String>) {
    let (before, arguments) = head.split_once('(').expect("arguments");
    let word = before
        .rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .next()
        .expect("a name");
    let name = if class.is_empty() {
        word.to_owned()
    } else {
        format!("{class}::{word}")
    };
    seen.push(name.clone());
    let form = seen.iter().filter(|known| **known == name).count();
    let name = if form > 1 {
        format!("{name} {form}")
    } else {
        name
    };
    if EMPTIED.contains(&class) && word != class && !before.contains("static ") {
        found.insert(name.clone());
    }
    // Up to the parenthesis that closes; initial values of members stand behind it.
    let mut depth = 1;
    let end = arguments.char_indices().find(|(_, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let arguments = &arguments[..end.expect("the closing one").0];
    for kind in EMPTIED {
        if arguments
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
            .any(|word| word == kind)
        {
            found.insert(format!("{name}({kind})"));
        }
    }
}
