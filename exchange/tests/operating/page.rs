//! What docs/exchange.md says is so: settings, metrics, commands, and the test of each rule.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use daxsign_exchange::faults::Kind;
use daxsign_exchange::operating::Settings;

use crate::made::{Exchange, PATIENCE, done};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn page() -> String {
    fs::read_to_string(project().join("docs/exchange.md")).expect("the page")
}

/// The cells of the table under a heading, without its head.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let section = page
        .split_once(&format!("## {heading}\n"))
        .expect(heading)
        .1;
    let rows = section.lines().skip_while(|line| !line.starts_with('|'));
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(cells).collect()
}

fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            found.push((path, text));
        }
    }
}

/// `X-ONCE` and the like, wherever they stand in a text.
fn rules(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_uppercase() || c == '-';
    let mut rules = BTreeSet::new();
    for (place, _) in text.match_indices("X-") {
        let rest = &text[place..];
        let before = text[..place].chars().next_back();
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('-');
        let whole = rest[end..]
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric());
        if name.len() > 3 && whole && before.is_none_or(|c| !c.is_alphanumeric() && c != '`') {
            rules.insert(name.to_owned());
        }
    }
    rules
}

#[test]
fn every_rule_has_its_test() {
    let page = page();
    let mut files = Vec::new();
    let exchange = Path::new(env!("CARGO_MANIFEST_DIR"));
    sources(&exchange.join("src"), &mut files);
    let cited: BTreeSet<String> = files.iter().flat_map(|(_, text)| rules(text)).collect();
    sources(&exchange.join("tests"), &mut files);
    let rows = table(&page, "Rules and their tests");
    let mut listed = BTreeSet::new();
    for row in &rows {
        let names: Vec<&str> = quoted(&row[2]).collect();
        assert!(!names.is_empty(), "{} has no test", row[0]);
        for name in names {
            let test = format!("fn {name}()");
            let is_there = |(_, text): &(PathBuf, String)| {
                let place = text.find(&test);
                place.is_some_and(|place| text[..place].trim_end().ends_with("#[test]"))
            };
            assert!(
                files.iter().any(is_there),
                "{}: there is no test {name}",
                row[0]
            );
        }
        assert!(listed.insert(row[0].clone()), "{} twice", row[0]);
    }
    let section = page.split_once("## Rules and their tests").expect("it").1;
    let told = rules(section);
    let missing: Vec<&String> = cited.difference(&told).collect();
    assert!(
        missing.is_empty(),
        "cited in the code, and not on the page: {missing:?}"
    );
    assert!(listed.len() >= 25, "{}", listed.len());
}

#[test]
fn every_setting_stands_on_the_page_with_its_default() {
    let page = page();
    let mut printed = BTreeSet::new();
    let mut section = String::new();
    for line in Settings::default().print().lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
        } else if let Some((key, value)) = line.split_once(" = ").filter(|_| !line.starts_with('#'))
        {
            printed.insert(vec![format!("`{section}.{key}`"), format!("`{value}`")]);
        }
    }
    let on_page: BTreeSet<Vec<String>> = table(&page, "Settings").into_iter().collect();
    assert_eq!(on_page, printed);
}

#[test]
fn every_fault_stands_on_the_page_with_what_it_does() {
    let on_page: BTreeSet<Vec<String>> = table(&page(), "Faults to order").into_iter().collect();
    let kinds = Kind::ALL.map(|kind| vec![format!("`{}`", kind.name()), kind.says().to_owned()]);
    assert_eq!(on_page, kinds.into_iter().collect());
    let told = done(&["fault", "kinds"]);
    assert!(
        Kind::ALL.iter().all(|kind| told.contains(kind.says())),
        "{told}"
    );
}

#[test]
fn every_command_and_metric_stands_on_the_page() {
    let page = page();
    let help = done(&["--help"]);
    let commands = help.split_once("Commands:\n").expect("commands").1;
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let named = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let named: Vec<&str> = named
        .filter(|name| !name.is_empty() && *name != "help")
        .collect();
    assert!(named.len() >= 18, "{named:?}");
    for name in named {
        assert!(
            page.contains(&format!("`{name} ")) || page.contains(&format!("`{name}`")),
            "{name}"
        );
    }
    let exchange = Exchange::new();
    let served = exchange.serve();
    let get = |path: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        exchange.send(head.as_bytes())
    };
    // Those of the record are there once it has answered.
    let since = Instant::now();
    while !get("/readyz").starts_with("HTTP/1.1 200") {
        assert!(since.elapsed() < PATIENCE, "{}", get("/readyz"));
        std::thread::sleep(Duration::from_millis(20));
    }
    let told = get("/metrics");
    let metrics = told
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE daxsign_exchange_"));
    let metrics: BTreeSet<&str> = metrics.filter_map(|line| line.split(' ').next()).collect();
    let section = page.split_once("## Operating").expect("it").1;
    let on_page: BTreeSet<&str> = table(&format!("## Operating{section}"), "Operating")
        .iter()
        .flat_map(|row| quoted(&row[0]).map(ToOwned::to_owned).collect::<Vec<_>>())
        .map(|name| &*Box::leak(name.into_boxed_str()))
        .collect();
    assert_eq!(metrics, on_page);
    served.end();
}
