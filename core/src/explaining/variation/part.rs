//! The parts of a signing string, and of a signature, that signers get wrong.

/// What a deviation changes. Two deviations of one part exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// What stands between two lines.
    LineEnds,
    /// The end of the last line.
    LastLineEnd,
    /// Which bytes stand for the body.
    Body,
    /// How much of the target is signed.
    Target,
    /// The method.
    Method,
    /// The date's zone or format.
    Date,
    /// The line of `content-length`.
    ContentLength,
    /// The case of names.
    Names,
    /// What stands between name and value.
    Colons,
    /// How values are trimmed and joined.
    Joining,
    /// What stands behind values.
    ValueEnd,
    /// What the path looks like.
    Path,
    /// Where the path starts.
    PathStart,
    /// What stands before the path.
    PathPrefix,
    /// How `(request-target)` is written.
    TargetName,
    /// The digits of the date's fraction.
    DateFraction,
    /// The port in `Host`.
    HostPort,
    /// Which field stands for `Host`.
    HostTwin,
    /// Which field stands for another one.
    Twin,
    /// The parameters of `Content-Type`.
    ContentType,
    /// A line that is not there.
    Omitted,
    /// The listed fields that the request lacks.
    Missing,
    /// The order of the lines.
    Order,
    /// A digest in place of the body.
    BodyDigest,
    /// The encoding of the whole string.
    Encoding,
    /// How often, and with what, the string was hashed.
    Hash,
    /// The order of the signature's bytes.
    ByteOrder,
    /// The padding around what was signed.
    Padding,
    /// What stands in the padding.
    Content,
    /// The text that the hash was made into.
    DigestText,
}
