//! Two signing strings side by side, or one under the other where they are too wide, with line
//! ends visible and the first difference marked.

use std::fmt::Write;

use crate::terminal::{Paint, visible};

/// What stands between two columns.
const GAP: &str = " | ";
/// What stands before each line of a string that is shown alone.
const INDENT: &str = "    ";
/// What stands for text left out.
const CUT: &str = "...";
/// How many lines are always shown at the start.
const FIRST_LINES: usize = 12;
/// How many lines are shown before and after the first difference.
const NEAR_LINES: usize = 4;
/// No column is narrower than this, however narrow the terminal.
const MIN_COLUMN: usize = 30;

/// A titled string.
#[derive(Clone, Copy)]
pub(super) struct Titled<'a> {
    pub(super) title: &'a str,
    pub(super) string: &'a [u8],
}

/// A line made visible.
struct Shown {
    text: String,
    /// The column of the first difference, if it is on this line.
    mark: Option<usize>,
}

/// The offset of the first byte that differs; the shorter length where one string starts the
/// other; `None` for equal strings.
fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    let differs = one.iter().zip(other).position(|(a, b)| a != b);
    differs.or_else(|| (one.len() != other.len()).then(|| one.len().min(other.len())))
}

/// Both strings, `width` columns wide.
pub(super) fn compare(one: Titled<'_>, other: Titled<'_>, width: usize, paint: Paint) -> String {
    let difference = first_difference(one.string, other.string);
    let column = (width.saturating_sub(GAP.len()) / 2).max(MIN_COLUMN);
    let left = lines(one.string, difference);
    let right = lines(other.string, difference);
    let fits = |lines: &[Shown]| lines.iter().all(|line| columns(&line.text) <= column);
    if fits(&left) && fits(&right) {
        return side_by_side((one.title, &left), (other.title, &right), column, paint);
    }
    let mut text = alone(one.title, &left, width, paint);
    text.push_str(&alone(other.title, &right, width, paint));
    text
}

/// One string under its title.
pub(super) fn show(string: Titled<'_>, width: usize, paint: Paint) -> String {
    alone(string.title, &lines(string.string, None), width, paint)
}

/// One string under its title with the byte at `offset` marked.
pub(super) fn point_at(string: Titled<'_>, offset: usize, width: usize, paint: Paint) -> String {
    alone(
        string.title,
        &lines(string.string, Some(offset)),
        width,
        paint,
    )
}

/// The string's lines. A difference behind the last byte gets a line if the string has none there.
fn lines(string: &[u8], difference: Option<usize>) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut start = 0_usize;
    for line in string.split_inclusive(|&byte| byte == b'\n') {
        let end = start.saturating_add(line.len());
        let on_line = difference.filter(|offset| {
            let behind = *offset == end && end == string.len() && !line.ends_with(b"\n");
            (start..end).contains(offset) || behind
        });
        shown.push(Shown {
            text: visible(line),
            mark: on_line.map(|offset| mark_column(line, offset.saturating_sub(start))),
        });
        start = end;
    }
    if difference == Some(string.len()) && !shown.iter().any(|line| line.mark.is_some()) {
        shown.push(Shown {
            text: String::new(),
            mark: Some(0),
        });
    }
    shown
}

/// The column at which the byte at `offset` shows.
fn mark_column(line: &[u8], mut offset: usize) -> usize {
    // A byte inside a character shows where its character starts.
    while offset > 0 && matches!(line.get(offset), Some(0x80..=0xBF)) {
        offset = offset.saturating_sub(1);
    }
    columns(&visible(line.get(..offset).unwrap_or(line)))
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Which lines are shown: the first ones and those near the difference.
fn is_shown(index: usize, marked: Option<usize>) -> bool {
    index < FIRST_LINES || marked.is_some_and(|marked| index.abs_diff(marked) <= NEAR_LINES)
}

fn marked_line(lines: &[Shown]) -> Option<usize> {
    lines.iter().position(|line| line.mark.is_some())
}

/// Two columns. The first difference is on the same line of both, since all before it is equal.
fn side_by_side(
    (left_title, left): (&str, &[Shown]),
    (right_title, right): (&str, &[Shown]),
    column: usize,
    paint: Paint,
) -> String {
    let pad = |text: &str| format!("{text:<column$}");
    let mut text = format!(
        "{}{GAP}{}\n",
        paint.strong(&pad(left_title)),
        paint.strong(right_title)
    );
    let marked = marked_line(left);
    let mut skipped = 0_usize;
    for index in 0..left.len().max(right.len()) {
        if !is_shown(index, marked) {
            skipped = skipped.saturating_add(1);
            continue;
        }
        push_skipped(&mut text, &mut skipped, "");
        let (left, right) = (left.get(index), right.get(index));
        push_row(&mut text, &pad(text_of(left)), text_of(right));
        if let (Some(left), Some(right)) = (left.and_then(mark_of), right.and_then(mark_of)) {
            push_row(&mut text, &paint.bad(&pad(&left)), &paint.bad(&right));
        }
    }
    push_skipped(&mut text, &mut skipped, "");
    text
}

fn text_of(line: Option<&Shown>) -> &str {
    line.map_or("", |line| &line.text)
}

fn mark_of(line: &Shown) -> Option<String> {
    line.mark.map(|column| format!("{}^", " ".repeat(column)))
}

fn push_row(text: &mut String, left: &str, right: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", format!("{left}{GAP}{right}").trim_end());
}

/// One string, indented, long lines cut around the difference.
fn alone(title: &str, lines: &[Shown], width: usize, paint: Paint) -> String {
    let column = width.saturating_sub(INDENT.len()).max(MIN_COLUMN);
    let marked = marked_line(lines);
    let mut text = format!("{}\n", paint.strong(title));
    let mut skipped = 0_usize;
    for (index, line) in lines.iter().enumerate() {
        if !is_shown(index, marked) {
            skipped = skipped.saturating_add(1);
            continue;
        }
        push_skipped(&mut text, &mut skipped, INDENT);
        let line = cut(line, column);
        let _ = writeln!(text, "{}", format!("{INDENT}{}", line.text).trim_end());
        if let Some(mark) = mark_of(&line) {
            let _ = writeln!(text, "{INDENT}{}", paint.bad(&mark));
        }
    }
    push_skipped(&mut text, &mut skipped, INDENT);
    text
}

fn push_skipped(text: &mut String, skipped: &mut usize, indent: &str) {
    if *skipped > 0 {
        let _ = writeln!(text, "{indent}{CUT} {skipped} more lines {CUT}");
        *skipped = 0;
    }
}

/// The line in at most `column` columns; the difference, if any, stays in sight.
fn cut(line: &Shown, column: usize) -> Shown {
    let count = columns(&line.text);
    if count <= column {
        return Shown {
            text: line.text.clone(),
            mark: line.mark,
        };
    }
    let room = column.saturating_sub(CUT.len().saturating_mul(2));
    let last_start = count.saturating_sub(room);
    let start = line
        .mark
        .map_or(0, |mark| mark.saturating_sub(room / 2).min(last_start));
    let mut text: String = line.text.chars().skip(start).take(room).collect();
    if start > 0 {
        text.insert_str(0, CUT);
    }
    if start.saturating_add(room) < count {
        text.push_str(CUT);
    }
    let moved = if start > 0 { CUT.len() } else { 0 };
    Shown {
        text,
        mark: line
            .mark
            .map(|mark| mark.saturating_sub(start).saturating_add(moved)),
    }
}
