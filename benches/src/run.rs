//! What one run of the measurements gave, as JSON, as lines and as a table.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// When, as in ISO 8601.
    pub date: String,
    /// The processor.
    pub machine: String,
    /// The fastest kernel that it can run, which is what rows without a kernel's name are about.
    pub kernel: String,
    /// The peers and their versions.
    pub versions: Vec<(String, String)>,
    /// The results, in the order in which they were measured.
    pub rows: Vec<Row>,
}

/// One side against us at one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Such as `sign-2048`.
    pub operation: String,
    /// Such as `ring`; `own-sign` is our own `sign-2048`, `sha256` the fastest SHA-256 of all peers.
    pub peer: String,
    /// The peer's time over ours, median of all rounds. Above 1: we are faster.
    pub ratio: f64,
    /// The ratio that a quarter of the rounds stayed below.
    pub ratio_low: f64,
    /// The ratio that a quarter of the rounds went above.
    pub ratio_high: f64,
    /// Our median time.
    pub our_microseconds: f64,
    /// The peer's median time.
    pub peer_microseconds: f64,
}

/// What we want to reach: operation, peer, ratio.
const AIMS: [(&str, &str, f64); 11] = [
    ("sign-2048", "aws-lc-rs", 1.1),
    ("sign-3072", "aws-lc-rs", 1.1),
    ("sign-4096", "aws-lc-rs", 1.1),
    ("sign-2048-adx", "ring", 1.0),
    ("verify-2048", "aws-lc-rs", 1.0),
    ("sign-batch-2048", "aws-lc-rs", 2.0),
    ("generate-2048", "aws-lc-rs", 1.0),
    ("generate-2048", "openssl", 1.0),
    // At most a hundredth of our signature.
    ("canonicalise-hash-300", "own-sign", 100.0),
    ("stream-16mb", "sha256", 0.97),
    ("load-2048-pem", "own-sign", 1.0),
];

impl Row {
    /// What we want to reach here, if anything.
    #[must_use]
    pub fn aim(&self) -> Option<f64> {
        AIMS.iter()
            .find(|(operation, peer, _)| *operation == self.operation && *peer == self.peer)
            .map(|(_, _, aim)| *aim)
    }

    fn to_json(&self) -> Value {
        json!({
            "operation": self.operation,
            "peer": self.peer,
            "ratio": self.ratio,
            "ratio_low": self.ratio_low,
            "ratio_high": self.ratio_high,
            "our_microseconds": self.our_microseconds,
            "peer_microseconds": self.peer_microseconds,
        })
    }

    fn from_json(value: &Value) -> Result<Self, String> {
        let number = |name: &str| {
            let found = value.get(name).and_then(Value::as_f64);
            found.ok_or_else(|| format!("a row has no number `{name}`: {value}"))
        };
        Ok(Self {
            operation: text(value, "operation")?,
            peer: text(value, "peer")?,
            ratio: number("ratio")?,
            ratio_low: number("ratio_low")?,
            ratio_high: number("ratio_high")?,
            our_microseconds: number("our_microseconds")?,
            peer_microseconds: number("peer_microseconds")?,
        })
    }
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    let found = value.get(name).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| format!("no text `{name}` in the run"))
}

impl Run {
    /// As one JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        let versions: serde_json::Map<_, _> = self
            .versions
            .iter()
            .map(|(name, version)| (name.clone(), version.clone().into()))
            .collect();
        let rows: Vec<_> = self.rows.iter().map(Row::to_json).collect();
        json!({
            "date": self.date,
            "machine": self.machine,
            "kernel": self.kernel,
            "versions": versions,
            "rows": rows,
        })
        .to_string()
    }

    /// Out of [`to_json`](Self::to_json)'s text.
    ///
    /// # Errors
    /// What is missing in it.
    pub fn from_json(json: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(json)
            .map_err(|error| format!("not the JSON of a run: {error}"))?;
        let versions = value.get("versions").and_then(Value::as_object);
        let rows = value.get("rows").and_then(Value::as_array);
        Ok(Self {
            date: text(&value, "date")?,
            machine: text(&value, "machine")?,
            kernel: text(&value, "kernel")?,
            versions: versions
                .ok_or("no `versions` in the run")?
                .iter()
                .map(|(name, version)| (name.clone(), version.as_str().unwrap_or("?").to_owned()))
                .collect(),
            rows: rows
                .ok_or("no `rows` in the run")?
                .iter()
                .map(Row::from_json)
                .collect::<Result<_, _>>()?,
        })
    }

    /// One line each: operation, peer, ratio.
    #[must_use]
    pub fn lines(&self) -> String {
        self.rows.iter().fold(String::new(), |mut out, row| {
            let _ = writeln!(out, "{} {} {:.2}", row.operation, row.peer, row.ratio);
            out
        })
    }

    /// The operations, each once, in the order of the rows.
    #[must_use]
    pub fn operations(&self) -> Vec<&str> {
        let mut operations: Vec<&str> = self.rows.iter().map(|row| &*row.operation).collect();
        operations.dedup();
        operations
    }

    /// The rows of one operation.
    pub fn rows_of<'a>(&'a self, operation: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows
            .iter()
            .filter(move |row| row.operation == operation)
    }

    /// The rows with an aim.
    pub fn aims(&self) -> impl Iterator<Item = (&Row, f64)> {
        self.rows.iter().filter_map(|row| Some((row, row.aim()?)))
    }

    /// Where and with what it was measured, in one sentence.
    #[must_use]
    pub fn circumstances(&self) -> String {
        let versions: Vec<String> = self
            .versions
            .iter()
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        format!(
            "{}, kernel `{}`, {}; beside {}.",
            self.machine,
            self.kernel,
            self.date,
            versions.join(", ")
        )
    }

    /// Two tables for a page in Markdown: against the libraries, and against ourselves.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut peers: Vec<&str> = Vec::new();
        for row in &self.rows {
            if !peers.contains(&&*row.peer) && self.is_library(&row.peer) {
                peers.push(&row.peer);
            }
        }
        let mut out = format!("{}\n\n| operation | ours, µs |", self.circumstances());
        for peer in &peers {
            let _ = write!(out, " {peer} |");
        }
        let _ = writeln!(out, "\n|---|---|{}", "---|".repeat(peers.len()));
        for operation in self.operations() {
            let cell = |peer: &&str| self.rows_of(operation).find(|row| row.peer == **peer);
            let Some(first) = peers.iter().find_map(cell) else {
                continue;
            };
            let _ = write!(
                out,
                "| `{operation}` | {} |",
                figure(first.our_microseconds)
            );
            for peer in &peers {
                let ratio = cell(peer).map_or("–".to_owned(), |row| format!("{:.2}", row.ratio));
                let _ = write!(out, " {ratio} |");
            }
            out.push('\n');
        }
        out.push_str("\n| aim | wanted | measured |\n|---|---|---|\n");
        for (row, aim) in self.aims() {
            let _ = writeln!(
                out,
                "| `{} {}` | {aim} | {} |",
                row.operation,
                row.peer,
                figure(row.ratio)
            );
        }
        out
    }

    fn is_library(&self, peer: &str) -> bool {
        self.versions.iter().any(|(name, _)| name == peer)
    }
}

/// With three digits or so.
#[must_use]
pub fn figure(number: f64) -> String {
    match number {
        100.0.. => format!("{number:.0}"),
        10.0..100.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}
