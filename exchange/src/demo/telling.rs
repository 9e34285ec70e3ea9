//! How the story is told: lines of at most 96 columns, and times.

use std::io::{self, Write};
use std::time::Duration;

/// No line gets wider, but for what is one word.
const WIDTH: usize = 96;
/// Where a text below a step begins.
const INDENT: usize = 9;
/// Where the explanation beside a command begins.
const BESIDE: usize = 52;

/// Writes the story.
pub(super) struct Telling<'o> {
    out: &'o mut dyn Write,
    /// Long numbers, and what they are called in their place.
    names: Vec<(String, &'static str)>,
}

impl<'o> Telling<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        let names = Vec::new();
        Self { out, names }
    }

    /// From here on a long number is written as this name.
    pub(super) fn call(&mut self, number: &impl ToString, name: &'static str) {
        self.names.push((number.to_string(), name));
    }

    /// A part of the story begins.
    pub(super) fn heading(&mut self, heading: &str) -> io::Result<()> {
        let line = "-".repeat(heading.chars().count());
        write!(self.out, "\n{heading}\n{line}\n")
    }

    /// A paragraph.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.hanging("", 0, text)
    }

    /// Something that takes a while: it is told before.
    pub(super) fn wait(&mut self, text: &str) -> io::Result<()> {
        self.text(text)?;
        self.out.flush()
    }

    /// One of the thirteen, with what it took.
    pub(super) fn step(&mut self, number: u8, title: &str, took: &str) -> io::Result<()> {
        let label = format!("step {number:>2}");
        let title = format!("{label:<INDENT$}{title}");
        let space = WIDTH.saturating_sub(title.chars().count());
        let line = format!("{title}{took:>space$}");
        writeln!(self.out, "\n{}", line.trim_end())
    }

    /// What a step did, or why it matters.
    pub(super) fn below(&mut self, text: &str) -> io::Result<()> {
        self.hanging("", INDENT, text)
    }

    /// A text behind a label of its own.
    pub(super) fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        self.hanging(label, BESIDE.min(16), text)
    }

    /// A line as it is, with numbers as they are.
    pub(super) fn plain(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// A command, and what it is for.
    pub(super) fn command(&mut self, command: &str, what: &str) -> io::Result<()> {
        self.hanging(&format!("  {command}"), BESIDE, what)
    }

    /// The label, then the text with its lines below each other.
    fn hanging(&mut self, label: &str, indent: usize, text: &str) -> io::Result<()> {
        let room = WIDTH.saturating_sub(indent);
        let named = |text: String, (number, name): &(String, &str)| text.replace(number, name);
        let text = self.names.iter().fold(text.to_owned(), named);
        for (index, line) in wrapped(&text, room).iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let line = format!("{label:<indent$}{line}");
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Broken between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let columns = line.chars().count().saturating_add(word.chars().count());
        if !line.is_empty() && columns >= width {
            lines.push(core::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// `0.24 ms`.
pub(super) fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
