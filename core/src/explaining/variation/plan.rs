//! A variation by parts, so that a writer finds at once what to do.

use super::deviation::Deviation;
use super::kind::Kind;
use super::part::Part;

/// What a signer did with each part of the string; `None` for what the rules ask for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Plan {
    pub(crate) line_ends: Option<Kind>,
    pub(crate) last_line_end: Option<Kind>,
    pub(crate) body: Option<Deviation>,
    pub(crate) target: Option<Deviation>,
    pub(crate) method: Option<Kind>,
    pub(crate) date: Option<Deviation>,
    pub(crate) fraction: Option<Deviation>,
    pub(crate) content_length: Option<Kind>,
    pub(crate) names: Option<Kind>,
    pub(crate) colons: Option<Kind>,
    pub(crate) joining: Option<Kind>,
    pub(crate) value_end: Option<Deviation>,
    pub(crate) path: Option<Kind>,
    pub(crate) path_start: Option<Deviation>,
    pub(crate) path_prefix: Option<Deviation>,
    pub(crate) target_name: Option<Kind>,
    pub(crate) host_port: Option<Kind>,
    pub(crate) host_twin: Option<Deviation>,
    pub(crate) twin: Option<Deviation>,
    pub(crate) content_type: Option<Kind>,
    pub(crate) omitted: Option<Deviation>,
    pub(crate) missing: Option<Kind>,
    pub(crate) order: Option<Kind>,
    pub(crate) body_digest: Option<Deviation>,
    pub(crate) encoding: Option<Kind>,
}

impl Plan {
    pub(crate) fn from_deviations(deviations: impl Iterator<Item = Deviation>) -> Self {
        let mut plan = Self::default();
        deviations.for_each(|each| plan.set(each));
        plan
    }

    fn set(&mut self, deviation: Deviation) {
        let (whole, kind) = (Some(deviation), Some(deviation.kind()));
        match deviation.part() {
            Part::LineEnds => self.line_ends = kind,
            Part::LastLineEnd => self.last_line_end = kind,
            Part::Body => self.body = whole,
            Part::Target => self.target = whole,
            Part::Method => self.method = kind,
            Part::Date => self.date = whole,
            Part::DateFraction => self.fraction = whole,
            Part::ContentLength => self.content_length = kind,
            Part::Names => self.names = kind,
            Part::Colons => self.colons = kind,
            Part::Joining => self.joining = kind,
            Part::ValueEnd => self.value_end = whole,
            Part::Path => self.path = kind,
            Part::PathStart => self.path_start = whole,
            Part::PathPrefix => self.path_prefix = whole,
            Part::TargetName => self.target_name = kind,
            Part::HostPort => self.host_port = kind,
            Part::HostTwin => self.host_twin = whole,
            Part::Twin => self.twin = whole,
            Part::ContentType => self.content_type = kind,
            Part::Omitted => self.omitted = whole,
            Part::Missing => self.missing = kind,
            Part::Order => self.order = kind,
            Part::BodyDigest => self.body_digest = whole,
            Part::Encoding => self.encoding = kind,
            // What is done with the finished string.
            Part::Hash | Part::ByteOrder | Part::Padding | Part::Content | Part::DigestText => {}
        }
    }

    /// What stands between two lines.
    pub(crate) fn line_end(&self) -> &'static [u8] {
        match self.line_ends {
            Some(Kind::CrLfLineEnds) => b"\r\n",
            Some(Kind::EscapedLineEnds) => b"\\n",
            Some(Kind::CrLineEnds) => b"\r",
            Some(Kind::NoLineEnds) => b"",
            _ => b"\n",
        }
    }

    /// The kind and number of a part.
    pub(crate) fn numbered(choice: Option<Deviation>) -> Option<(Kind, u8)> {
        choice.map(|deviation| (deviation.kind(), deviation.number()))
    }
}

/// Whether a deviation leaves the lines as they are: it changes what comes behind them.
pub(crate) fn is_of_body(deviation: Deviation) -> bool {
    matches!(deviation.part(), Part::Body | Part::BodyDigest)
}
