//! How signers depart from the rules, for finding out what a peer did.

pub(crate) mod body;
pub(crate) mod dates;
pub(crate) mod deviation;
pub(crate) mod kind;
pub(crate) mod known_names;
pub(crate) mod part;
pub(crate) mod plan;
pub(crate) mod rewriting;
pub(crate) mod string;
pub(crate) mod target;
pub(crate) mod values;

use crate::bytes::sink::Sink;
use crate::error::Error;
use crate::error::message::show;
use crate::request::Request;
use crate::request::options::Options;
use crate::signing::components::Components;
use deviation::Deviation;
use kind::Kind;
use plan::Plan;
use string::Writer;

/// How many deviations one variation can hold: four of the string that are searched, one for what
/// the request lacks, and those that a wrongly made signature shows of itself.
pub(crate) const MAX_DEVIATIONS: usize = 10;

/// How a signer may have departed from the rules: not at all, in one way or in several.
///
/// [`Display`](core::fmt::Display) says what the signer did; [`write_name`](Self::write_name) writes
/// names for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variation {
    /// In the table's order, without gaps, each of another part.
    deviations: [Option<Deviation>; MAX_DEVIATIONS],
}

impl Variation {
    /// The signing string of the rules.
    pub const NONE: Self = Self {
        deviations: [None; MAX_DEVIATIONS],
    };

    /// All ways to depart from the rules once.
    pub fn single() -> impl Iterator<Item = Self> {
        Deviation::all().filter_map(|deviation| Self::NONE.with(deviation))
    }

    /// What the signer did, each once.
    pub fn deviations(&self) -> impl Iterator<Item = Deviation> {
        self.deviations.into_iter().flatten()
    }

    /// The same by parts.
    pub(crate) fn plan(&self) -> Plan {
        Plan::from_deviations(self.deviations())
    }

    /// With one more deviation; `None` if there is one of this part, or no room.
    #[must_use]
    pub fn with(self, deviation: Deviation) -> Option<Self> {
        if self
            .deviations()
            .any(|known| known.part() == deviation.part())
        {
            return None;
        }
        let mut all = self.deviations;
        // In the table's order: what comes later moves on. (Sorting would link code that panics.)
        let mut moved = Some(deviation);
        for slot in &mut all {
            let is_later = match (*slot, moved) {
                (Some(known), Some(moved)) => known > moved,
                (known, _) => known.is_none(),
            };
            if is_later {
                core::mem::swap(slot, &mut moved);
            }
        }
        moved.is_none().then_some(Self { deviations: all })
    }

    /// With a deviation that no other excludes.
    pub(crate) fn and(self, kind: Kind) -> Self {
        self.with(Deviation::from_kind(kind)).unwrap_or(self)
    }

    /// Those of another variation too, as far as they do not exclude each other.
    pub(crate) fn joined(self, other: &Self) -> Self {
        other
            .deviations()
            .fold(self, |all, deviation| all.with(deviation).unwrap_or(all))
    }

    /// Writes the name for scripts, such as `crlf-line-ends` or `body-left-out+full-target`;
    /// `none` for no deviation.
    pub fn write_name(&self, sink: &mut impl Sink) {
        let mut separator: &[u8] = b"";
        for deviation in self.deviations() {
            sink.write(separator);
            deviation.write_name(sink);
            separator = b"+";
        }
        if separator.is_empty() {
            sink.write(b"none");
        }
    }

    /// The variation that [`write_name`](Self::write_name) calls this; `None` if there is none.
    ///
    /// ```
    /// use daxsign_core::Variation;
    /// let variation = Variation::parse("full-target+body-left-out");
    /// assert_eq!(variation, None, "the order is that of `write_name`");
    /// let variation = Variation::parse("body-left-out+full-target").unwrap_or(Variation::NONE);
    /// assert_eq!(
    ///     variation.to_string(),
    ///     "the signer left out the body, and signed the target with its query"
    /// );
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if name == "none" {
            return Some(Self::NONE);
        }
        let mut variation = Self::NONE;
        for part in name.as_bytes().split(|byte| *byte == b'+') {
            let mut all = Deviation::all();
            variation = variation.with(all.find(|known| has_name(*known, part))?)?;
        }
        // Only in their order, so that each variation has one name.
        variation.has_name(name.as_bytes()).then_some(variation)
    }

    fn has_name(&self, name: &[u8]) -> bool {
        is_written(name, |sink| self.write_name(sink))
    }

    /// Writes what the signer did, as [`Display`](core::fmt::Display) shows it, in pieces that are
    /// UTF-8 each. This uses nothing of `core::fmt`.
    pub fn write_text(&self, sink: &mut impl Sink) {
        let mut start = "the signer ";
        for deviation in self.deviations() {
            sink.write(start.as_bytes());
            deviation.write_text(sink);
            start = ", and ";
        }
        if *self == Self::NONE {
            sink.write(b"the signer kept the rules");
        }
    }

    /// Writes the string that such a signer signs. Only the listed fields are checked.
    /// A variation with a body of the caller is written by
    /// [`Explainer::write_string`](crate::Explainer::write_string).
    ///
    /// # Errors
    /// [`Error::MissingHeader`] for a field that such a signer needs and the request lacks;
    /// [`Error::InvalidBody`] for a body of the caller.
    pub fn write_string(
        &self,
        request: &Request<'_>,
        components: &Components<'_>,
        options: Options,
        sink: &mut impl Sink,
    ) -> Result<(), Error> {
        Writer {
            request,
            components,
            options,
            bodies: &[],
        }
        .write(&self.plan(), sink)
    }
}

fn has_name(deviation: Deviation, name: &[u8]) -> bool {
    is_written(name, |sink| deviation.write_name(sink))
}

/// Whether `write` writes exactly `text`.
fn is_written(text: &[u8], write: impl FnOnce(&mut Compared<'_>)) -> bool {
    let mut compared = Compared { rest: Some(text) };
    write(&mut compared);
    compared.rest.is_some_and(<[u8]>::is_empty)
}

/// What is still to come of a text; `None` once another byte came.
struct Compared<'a> {
    rest: Option<&'a [u8]>,
}

impl Sink for Compared<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.rest = self.rest.and_then(|rest| rest.strip_prefix(bytes));
    }
}

impl core::fmt::Display for Variation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}
