//! A single departure from the rules.

use super::kind::{Kind, Numbers};
use super::known_names::pick;
use super::part::Part;
use crate::bytes::sink::{Sink, write_decimal};

/// A departure from the rules. Deviations are ordered as their names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    kind: Kind,
    /// One of the kind's [`Numbers`]; 0 for none.
    number: u8,
}

impl Deviation {
    /// All of them, those of a body or of a place in the list for each number that they may have.
    pub(crate) fn all() -> impl Iterator<Item = Self> + Clone {
        Kind::ALL.iter().flat_map(|&kind| {
            let numbers = kind.entry().numbers.all();
            numbers.map(move |number| Self { kind, number })
        })
    }

    /// The deviation of a kind that has no number.
    pub(crate) const fn from_kind(kind: Kind) -> Self {
        Self { kind, number: 0 }
    }

    /// What the signer did.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// Its number, 0 for none.
    pub(crate) const fn number(self) -> u8 {
        self.number
    }

    /// What it changes.
    #[must_use]
    pub const fn part(self) -> Part {
        self.kind.entry().part
    }

    /// The name for scripts without its number: `component-omitted` of `component-omitted-3`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.kind.entry().name
    }

    /// The number in its name: the place in the list of a left out component, counted from 1, say.
    #[must_use]
    pub fn parameter(self) -> Option<usize> {
        (self.number > 0).then_some(self.number.into())
    }

    /// Which of [`Explainer::bodies`](crate::Explainer::bodies) was signed, counted from 0.
    #[must_use]
    pub fn body_alternative(self) -> Option<usize> {
        let index = self.number.checked_sub(1)?;
        (self.kind == Kind::OtherBody).then_some(index.into())
    }

    /// Writes the name for scripts, such as `crlf-line-ends` or `component-omitted-3`.
    pub fn write_name(self, sink: &mut impl Sink) {
        sink.write(self.name().as_bytes());
        if self.number > 0 {
            sink.write(b"-");
            write_decimal(self.number.into(), sink);
        }
    }

    /// Writes what the signer did: `ended the lines with CRLF (\r\n) instead of \n`.
    pub fn write_text(self, sink: &mut impl Sink) {
        let entry = self.kind.entry();
        sink.write(entry.text.as_bytes());
        match entry.numbers {
            Numbers::None => {}
            Numbers::UpTo(_) => write_decimal(self.number.into(), sink),
            Numbers::OneOf(names) => {
                let name = pick(names, self.number).unwrap_or_default();
                sink.write(name.as_bytes());
            }
        }
    }
}
