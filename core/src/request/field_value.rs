//! A field's value as it is signed: unfolded, trimmed, joined (S-MISSING, S-JOIN, S-TRIM, S-FOLD,
//! S-UTF8).

use crate::bytes::sink::Sink;
use crate::bytes::utf8::check_utf8;
use crate::error::label::Label;
use crate::error::refusal::{Noted, Refusal};
use crate::error::{Error, MissingProblem, ValueProblem};
use crate::request::Request;

/// Writes the joined value of all fields called `name`.
///
/// One copy of this for all sinks, so that firmware does not hold it several times.
pub(crate) fn write_field(
    request: &Request<'_>,
    name: &[u8],
    sink: &mut dyn Sink,
    refusal: &mut Refusal,
) -> Result<(), Noted> {
    let mut values = request.field(name);
    let mut next = values.next();
    let mut instances = 0_usize;
    while let Some(value) = next {
        next = values.next();
        if instances > 0 {
            sink.write(b",");
        }
        instances = instances.saturating_add(1);
        let fault = match write_instance(value, sink) {
            Ok(true) => continue,
            Ok(false) if instances == 1 && next.is_none() => continue,
            Ok(_) => Fault::new(0, ValueProblem::EmptyInstance), // S-JOIN
            Err(fault) => fault,
        };
        return Err(refusal.note(Error::InvalidHeaderValue {
            name: Label::lowercase(name),
            instance: instances,
            offset: fault.offset,
            problem: fault.problem,
        }));
    }
    if instances == 0 {
        return Err(refusal.note(Error::MissingHeader {
            name: Label::lowercase(name),
            problem: MissingProblem::Absent,
        }));
    }
    Ok(())
}

/// What is wrong with one instance, and where.
struct Fault {
    offset: usize,
    problem: ValueProblem,
}

impl Fault {
    const fn new(offset: usize, problem: ValueProblem) -> Self {
        Self { offset, problem }
    }

    /// The same fault, seen from `start` bytes before.
    const fn after(self, start: usize) -> Self {
        Self::new(self.offset.saturating_add(start), self.problem)
    }
}

/// Writes one instance; true if that was any byte at all.
fn write_instance(value: &[u8], sink: &mut dyn Sink) -> Result<bool, Fault> {
    // Most values are visible ASCII with spaces, which only the trimming touches.
    if !value.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) {
        return write_unusual(value, sink);
    }
    let trimmed = trim(value);
    sink.write(trimmed);
    Ok(!trimmed.is_empty())
}

/// As [`write_instance`] for any value (S-FOLD, S-TRIM, S-UTF8).
///
/// The value is a row of segments with folds between them. Each fold takes the white space on both
/// sides with it and leaves one space; spaces at either end fall to the trimming.
fn write_unusual(value: &[u8], sink: &mut dyn Sink) -> Result<bool, Fault> {
    check_utf8(value).map_err(|offset| Fault::new(offset, ValueProblem::NotUtf8))?;
    let mut rest = value;
    let mut folds = 0_usize;
    let mut written = false;
    let (mut last, mut last_start): (&[u8], usize) = (b"", 0);
    loop {
        let start = value.len().saturating_sub(rest.len());
        let (segment, after) = split_at_fold(rest).map_err(|fault| fault.after(start))?;
        check_controls(segment).map_err(|fault| fault.after(start))?;
        let trimmed = trim(segment);
        if !trimmed.is_empty() {
            last_start = start.saturating_add(leading_white_space(segment));
            if written {
                (0..folds).for_each(|_| sink.write(b" "));
            } else if starts_with_white_space(trimmed) {
                return Err(Fault::new(last_start, ValueProblem::EdgeWhiteSpace));
            }
            sink.write(trimmed);
            written = true;
            last = trimmed;
            folds = 0;
        }
        let Some(after) = after else { break };
        folds = folds.saturating_add(1);
        rest = after;
    }
    // The last character starts at the last byte that continues no other.
    let character = last.iter().rposition(|byte| byte & 0xC0 != 0x80);
    let character = character.unwrap_or_default();
    if starts_with_white_space(last.get(character..).unwrap_or_default()) {
        let offset = last_start.saturating_add(character);
        return Err(Fault::new(offset, ValueProblem::EdgeWhiteSpace));
    }
    Ok(written)
}

/// How many SP and HTAB `text` starts with.
fn leading_white_space(text: &[u8]) -> usize {
    let found = text.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
    found.unwrap_or(text.len())
}

/// `text` without the SP and HTAB at its ends (S-TRIM; RFC 9110 5.6.3 OWS).
pub(crate) fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// The bytes up to the next fold, and what follows the fold; `None` for the last segment (S-FOLD). The
/// error tells the offset of a line break that starts no folded line.
fn split_at_fold(text: &[u8]) -> Result<(&[u8], Option<&[u8]>), Fault> {
    let Some((segment, rest)) = text
        .iter()
        .position(|byte| matches!(byte, b'\r' | b'\n'))
        .and_then(|index| text.split_at_checked(index))
    else {
        return Ok((text, None));
    };
    match rest {
        [b'\r', b'\n', b' ' | b'\t', after @ ..] | [b'\n', b' ' | b'\t', after @ ..] => {
            Ok((segment, after.get(leading_white_space(after)..)))
        }
        _ => Err(Fault::new(segment.len(), ValueProblem::LineBreak)),
    }
}

/// Refuses control characters other than HTAB (S-FOLD), with their offset: C0 and DEL, and C1
/// (U+0080–U+009F, in UTF-8 a C2 and 80–9F).
fn check_controls(segment: &[u8]) -> Result<(), Fault> {
    let ascii = segment
        .iter()
        .position(|byte| matches!(byte, 0..=8 | 10..=31 | 0x7F));
    let c1 = || {
        segment
            .windows(2)
            .position(|pair| matches!(pair, [0xC2, 0x80..=0x9F]))
    };
    match ascii.or_else(c1) {
        Some(offset) => Err(Fault::new(offset, ValueProblem::ControlCharacter)),
        None => Ok(()),
    }
}

/// Whether UTF-8 text starts with a Unicode White_Space character beyond ASCII (S-TRIM): U+0085, U+00A0,
/// U+1680, U+2000–U+200A, U+2028, U+2029, U+202F, U+205F or U+3000.
const fn starts_with_white_space(text: &[u8]) -> bool {
    matches!(
        text,
        [0xC2, 0x85 | 0xA0, ..]
            | [0xE1, 0x9A, 0x80, ..]
            | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF, ..]
            | [0xE2, 0x81, 0x9F, ..]
            | [0xE3, 0x80, 0x80, ..]
    )
}
