//! A run as a page: one file without scripts and without anything from elsewhere, for light and dark
//! screens.

use std::fmt::Write as _;

use crate::run::{Row, Run, figure};

/// Lengths in the drawings, in their own units.
const LABEL_WIDTH: f64 = 120.0;
const BARS_WIDTH: f64 = 480.0;
const FIGURE_WIDTH: f64 = 150.0;
const LINE_HEIGHT: f64 = 24.0;
const BAR_HEIGHT: f64 = 14.0;

const STYLE: &str = "
:root { color-scheme: light dark; --text: #1c1c1c; --quiet: #666; --ground: #fff; --line: #bbb;
  --faster: #2b7a4b; --slower: #b4552d; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e6e6; --quiet: #a0a0a0; --ground: #161616;
  --line: #555; --faster: #5fb98a; --slower: #e0895f; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground);
  max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 0.25rem; } p, caption { color: var(--quiet); }
table { border-collapse: collapse; } th, td { text-align: left; padding: 0.1rem 1.5rem 0.1rem 0; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; font: 13px system-ui, sans-serif; }
svg text { fill: var(--text); } svg .quiet { fill: var(--quiet); }
.faster { fill: var(--faster); } .slower { fill: var(--slower); }
.one { stroke: var(--text); stroke-dasharray: 3 3; } .range { stroke: var(--text); }
.axis { stroke: var(--line); }
td.reached { color: var(--faster); } td.missed { color: var(--slower); }
";

/// The whole page.
#[must_use]
pub fn page(run: &Run) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    let _ = write!(
        out,
        "<title>daxsign beside its peers</title>\n<style>{STYLE}</style>\n"
    );
    let _ = writeln!(
        out,
        "<h1>daxsign beside its peers</h1>\n<p>{}</p>\n<p>Each bar is a peer's time over ours, the \
         median of all rounds; the thin line is the middle half of the rounds. Right of the dashed \
         line, at 1, we are faster.</p>",
        escaped(&run.circumstances())
    );
    write_aims(&mut out, run);
    for operation in run.operations() {
        let rows: Vec<&Row> = run.rows_of(operation).collect();
        let Some(first) = rows.first() else { continue };
        let _ = writeln!(
            out,
            "<h2>{} <small>ours: {} µs</small></h2>",
            escaped(operation),
            figure(first.our_microseconds)
        );
        write_bars(&mut out, operation, &rows);
    }
    out.push_str("</html>\n");
    out
}

fn write_aims(out: &mut String, run: &Run) {
    out.push_str("<table><caption>Aims</caption>\n");
    out.push_str("<tr><th>operation</th><th>beside</th><th>wanted</th><th>measured</th></tr>\n");
    for (row, aim) in run.aims() {
        let (class, mark) = if row.ratio >= aim {
            ("reached", "✓")
        } else {
            ("missed", "✗")
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"number\">{aim}</td>\
             <td class=\"number {class}\">{} {mark}</td></tr>",
            escaped(&row.operation),
            escaped(&row.peer),
            figure(row.ratio)
        );
    }
    out.push_str("</table>\n");
}

/// A bar for each row, all on one scale from zero that ends behind the longest bar.
fn write_bars(out: &mut String, operation: &str, rows: &[&Row]) {
    let longest = rows.iter().map(|row| row.ratio).fold(1.0, f64::max) * 1.05;
    let place = |ratio: f64| LABEL_WIDTH + ratio.min(longest) / longest * BARS_WIDTH;
    let height = rows.iter().fold(0.0, |height, _| height + LINE_HEIGHT);
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"{}: peers' times over ours\">",
        LABEL_WIDTH + BARS_WIDTH + FIGURE_WIDTH,
        escaped(operation)
    );
    let mut top = 0.0;
    for row in rows {
        let class = if row.ratio >= 1.0 { "faster" } else { "slower" };
        let (bar, middle) = (
            top + (LINE_HEIGHT - BAR_HEIGHT) / 2.0,
            top + LINE_HEIGHT / 2.0,
        );
        let _ = writeln!(
            out,
            "<text x=\"0\" y=\"{baseline:.1}\">{peer}</text>\
             <rect class=\"{class}\" x=\"{LABEL_WIDTH}\" y=\"{bar:.1}\" width=\"{width:.1}\" height=\"{BAR_HEIGHT}\"/>\
             <line class=\"range\" x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\"/>\
             <text x=\"{behind}\" y=\"{baseline:.1}\">{ratio} \
             <tspan class=\"quiet\">{time} µs</tspan></text>",
            peer = escaped(&row.peer),
            baseline = middle + 4.5,
            width = place(row.ratio) - LABEL_WIDTH,
            low = place(row.ratio_low),
            high = place(row.ratio_high),
            behind = LABEL_WIDTH + BARS_WIDTH + 10.0,
            ratio = figure(row.ratio),
            time = figure(row.peer_microseconds),
        );
        top += LINE_HEIGHT;
    }
    let _ = writeln!(
        out,
        "<line class=\"axis\" x1=\"{LABEL_WIDTH}\" x2=\"{LABEL_WIDTH}\" y1=\"0\" y2=\"{height}\"/>\
         <line class=\"one\" x1=\"{one:.1}\" x2=\"{one:.1}\" y1=\"0\" y2=\"{height}\"/></svg>",
        one = place(1.0)
    );
}

/// Text as it may stand in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
