//! What is made of a run: lines, JSON, table, page; and that the contest compares as it says.

use std::time::{Duration, Instant};

use daxsign_benches::inputs::{self, BODY, METHOD, SIGNING_STRING, TARGET};
use daxsign_benches::run::{Row, Run};
use daxsign_benches::turns::{Contestant, Quartiles, quartiles, take_turns};
use daxsign_benches::{page, table};
use daxsign_core::{Components, Options, Request, signing_string};

fn row(operation: &str, peer: &str, ratio: f64) -> Row {
    Row {
        operation: operation.into(),
        peer: peer.into(),
        ratio,
        ratio_low: ratio * 0.5,
        ratio_high: ratio * 2.0,
        our_microseconds: 300.25,
        peer_microseconds: 300.25 * ratio,
    }
}

fn run() -> Run {
    Run {
        date: "2026-01-02".into(),
        machine: "a <machine> & \"more\"".into(),
        kernel: "ifma".into(),
        versions: vec![
            ("aws-lc-rs".into(), "1.2.3".into()),
            ("ring".into(), "4.5".into()),
        ],
        rows: vec![
            row("sign-2048", "aws-lc-rs", 1.125),
            row("sign-2048", "ring", 0.5),
            row("verify-2048", "ring", 2.0),
            row("canonicalise-hash-300", "own-sign", 95.0),
        ],
    }
}

#[test]
fn lines_have_operation_peer_and_ratio() {
    assert_eq!(
        run().lines(),
        "sign-2048 aws-lc-rs 1.12\nsign-2048 ring 0.50\nverify-2048 ring 2.00\n\
         canonicalise-hash-300 own-sign 95.00\n"
    );
}

#[test]
fn json_gives_the_run_back() {
    assert_eq!(Run::from_json(&run().to_json()), Ok(run()));
    let broken = run().to_json().replace("ratio_low", "something");
    assert!(Run::from_json(&broken).unwrap_err().contains("`ratio_low`"));
    assert!(Run::from_json("error: no such library").is_err());
}

#[test]
fn the_table_has_a_row_for_each_operation_and_the_aims() {
    let markdown = run().markdown();
    let has = |line: &str| {
        assert!(
            markdown.lines().any(|found| found == line),
            "{line}\n{markdown}"
        );
    };
    has("| operation | ours, µs | aws-lc-rs | ring |");
    has("| `sign-2048` | 300 | 1.12 | 0.50 |");
    has("| `verify-2048` | 300 | – | 2.00 |");
    has("| `sign-2048 aws-lc-rs` | 1.1 | 1.12 |");
    has("| `canonicalise-hash-300 own-sign` | 100 | 95.0 |");
}

#[test]
fn a_table_is_replaced_between_its_comments_alone() {
    let document = "before\n<!-- peers -->\nold\n<!-- end of peers -->\nbehind\n";
    let replaced = table::replace(document, "peers", "new\n");
    let expected = "before\n<!-- peers -->\nnew\n<!-- end of peers -->\nbehind\n";
    assert_eq!(replaced.as_deref(), Ok(expected));
    assert!(table::replace("no table", "peers", "new\n").is_err());
    let readme = include_str!("../README.md");
    assert!(table::replace(readme, "peers", "").is_ok());
}

#[test]
fn the_page_stands_alone_and_shows_all() {
    let page = page::page(&run());
    for foreign in ["http:", "https:", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("prefers-color-scheme: dark"));
    assert!(page.contains("a &lt;machine&gt; &amp; &quot;more&quot;"));
    assert_eq!(
        page.matches("<svg").count(),
        3,
        "a drawing for each operation"
    );
    assert_eq!(page.matches("<rect").count(), run().rows.len());
    for text in [
        "2026-01-02",
        "aws-lc-rs 1.2.3",
        "kernel `ifma`",
        "95.0 ✗",
        "1.12 ✓",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn quartiles_are_the_middle_half() {
    let expected = Quartiles {
        low: 2.0,
        median: 3.0,
        high: 4.0,
    };
    assert_eq!(quartiles(vec![5.0, 1.0, 4.0, 2.0, 3.0]), expected);
}

#[test]
fn who_works_four_times_as_long_has_a_ratio_of_four() {
    let spin = |steps: u32| {
        move || {
            for step in 0..steps {
                std::hint::black_box(step);
            }
        }
    };
    let mut contestants = [
        Contestant::new("one", spin(10_000)),
        Contestant::new("four", spin(40_000)),
    ];
    let start = Instant::now();
    take_turns(&mut contestants, Duration::from_millis(500));
    assert!(start.elapsed() >= Duration::from_millis(500));
    let [one, four] = &contestants;
    let ratio = four.over(one).median;
    assert!((3.0..5.0).contains(&ratio), "{ratio}");
    assert!(one.microseconds() > 0.0);
}

#[test]
fn the_typical_request_has_300_bytes_and_its_signing_string_is_the_one_written_by_hand() {
    let headers = inputs::headers();
    let first_line = format!("{METHOD} {TARGET} HTTP/1.1\r\n").len();
    let field = |field: &daxsign_core::HeaderField<'_>| field.name.len() + field.value.len() + 4;
    let fields: usize = headers.iter().map(field).sum();
    assert_eq!(first_line + fields + 2 + BODY.len(), 300);

    let request = Request::new(METHOD, TARGET, &headers, BODY);
    let list = Components::default_for(&request);
    let mut buffer = [0; 300];
    let string = signing_string(&request, &list, Options::default(), &mut buffer);
    assert_eq!(string, Ok(SIGNING_STRING.as_bytes()));
}
