//! The single departures from the rules: what part of the string each changes, its name, its text.

use crate::bytes::sink::{Sink, write_decimal};

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

/// What a signer did, without the number that some come with: [`Deviation::kind`]. Who gives advice
/// by it sees from the compiler when there is a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "`TABLE` says what each is, in the words of `Deviation`"
)]
pub enum Kind {
    CrLfLineEnds,
    NoLastNewline,
    BodyLeftOut,
    BodyWithNewline,
    BodyWithCrLf,
    BodyWithoutLastNewline,
    BodyLfOnly,
    EmptyLineBeforeBody,
    FullTarget,
    HttpsUrl,
    HttpUrl,
    HostAndPath,
    LowercasePath,
    MethodNotLowercased,
    DateUtcSeconds,
    DateUtcFraction,
    DateRfc1123,
    ContentLengthOmitted,
    ContentLengthBeforeDate,
    ContentLengthLast,
    NamesNotLowercased,
    NoSpaceAfterColon,
    JoinedWithSpace,
    FirstInstanceOnly,
    LastInstanceOnly,
    ValuesNotTrimmed,
    // Found in the field later than those above.
    EscapedLineEnds,
    CrLineEnds,
    NoLineEnds,
    BodyCrLfOnly,
    BodyTrimmed,
    BodyEmptyObject,
    BodyByteOrderMark,
    BodyUtf16Le,
    BodyUtf16LeMark,
    BodyUtf16Be,
    BodyLatin1,
    BodyBase64,
    OtherBody,
    BodyDigestHex,
    BodyDigestBase64,
    BodyDigestBytes,
    BodyDigestField,
    BodyDigestLine,
    BodyDigestText,
    BodyContentDigest,
    DigestFieldForBody,
    HttpsUrlPort,
    HttpUrlPort,
    HttpsUrlPath,
    HttpUrlPath,
    HostAndTarget,
    TargetTwin,
    TargetWithVersion,
    PathDecoded,
    PathEncodedTwice,
    PathEscapesLowercase,
    PathEscapesUppercase,
    SlashesCollapsed,
    SlashAdded,
    SlashDropped,
    SlashDoubled,
    NoFirstSlash,
    PathWithout,
    PathWith,
    PathWithForwarded,
    MethodUppercase,
    MethodOmitted,
    NoTargetName,
    TargetNameBare,
    DatePlusZero,
    DateWithoutZone,
    DateZoneZ,
    DateZoneHours,
    DateWithSpace,
    DateUnix,
    DateUnixMillis,
    DateNoFraction,
    DateDigits,
    HostPort443,
    HostPort80,
    HostWithoutPort,
    HostLowercase,
    HostForwarded,
    TwinPrefixed,
    CharsetRemoved,
    CharsetAdded,
    CharsetAddedTight,
    CharsetAddedUpper,
    ContentLengthOfSigned,
    ContentLengthZero,
    ContentLengthCharacters,
    NamesTitleCase,
    NamesUppercase,
    ValuesOnly,
    NamesOnly,
    SpaceBeforeColon,
    EqualsSign,
    ListWithoutSpaces,
    ListWithSpaces,
    ValuesLatin1,
    ValuesLowercase,
    InstancesOnLines,
    ComponentOmitted,
    MissingOmitted,
    MissingEmpty,
    OrderAsSent,
    OrderSorted,
    OrderReversed,
    DateFirst,
    DateSecond,
    DateLast,
    TargetFirst,
    TargetLast,
    TargetAndDateOnly,
    DefaultList,
    StringUtf16Le,
    StringUtf16LeMark,
    StringUtf16Be,
    StringLatin1,
    StringByteOrderMark,
    StringLowercase,
    HashedThreeTimes,
    HexHashed,
    HexUpperHashed,
    Base64Hashed,
    Sha1Hashed,
    Sha1HexHashed,
    Sha384Hashed,
    Sha512Hashed,
    NotHashed,
    SignedWithSha1,
    SignedWithSha384,
    SignedWithSha512,
    SignedWithMd5,
    SignedWithMd5Sha1,
    SignatureReversed,
    EncryptionPadding,
    NoPadding,
    PssPadding,
    X931Padding,
    NoDigestInfo,
    DigestInfoTwice,
    DigestInfoWithoutNull,
    DigestInfoOfOther,
    HexDigest,
    Base64Digest,
}

/// One kind of deviation.
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) part: Part,
    /// The kind comes with a number from 1 to this; 0 for none.
    pub(crate) parameters: u8,
    name: &'static str,
    text: &'static str,
}

const fn plain(kind: Kind, part: Part, name_and_text: &'static str) -> Entry {
    numbered(kind, part, 0, name_and_text)
}

/// `name_and_text` is one literal, `name=text`. On its own a name may have 8, 16 or 32 bytes, and
/// compilers put all constants of such a length into one section, which firmware that never explains
/// would then carry for the sake of another constant in it.
const fn numbered(kind: Kind, part: Part, parameters: u8, name_and_text: &'static str) -> Entry {
    let (name, text) = split(name_and_text);
    Entry {
        kind,
        part,
        parameters,
        name,
        text,
    }
}

/// The two sides of the first `=`; a text without one is all name, which no test lets pass.
const fn split(text: &str) -> (&str, &str) {
    let mut len: usize = 0;
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        if let (b'=', Some((name, text))) = (*byte, text.split_at_checked(len))
            && let Some((_, text)) = text.split_at_checked(1)
        {
            return (name, text);
        }
        (rest, len) = (tail, len.saturating_add(1));
    }
    (text, "")
}

/// How many bodies of the caller are tried.
pub(crate) const MAX_BODIES: usize = 32;
/// Beyond this place in the list no single line is left out.
const MAX_OMITTED: u8 = 16;
/// Beyond this many slashes the start of a path is not moved.
const MAX_PATH_STARTS: u8 = 8;

/// What proxies are configured to take off the path.
pub(crate) const PREFIXES: [&str; 14] = [
    "/api",
    "/v2.0",
    "/api/v2.0",
    "/api/v2",
    "/v2",
    "/v1",
    "/api/v1",
    "/v1.0",
    "/api/v1.0",
    "/dax",
    "/dax/api",
    "/rest",
    "/gateway",
    "/services",
];
/// What stands before a field's name in the name of its twin.
pub(crate) const TWINS: [&str; 4] = ["X-", "X-Original-", "X-Forwarded-", "Original-"];
/// Fields that say which host or target was asked for.
pub(crate) const HOST_TWINS: [&str; 5] = [
    "X-Forwarded-Host",
    "X-Original-Host",
    "X-Host",
    "X-Forwarded-Server",
    "X-Original-Forwarded-Host",
];
pub(crate) const TARGET_TWINS: [&str; 4] = [
    "X-Original-URI",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Forwarded-Uri",
];
/// Fields that hold a digest of the body.
pub(crate) const DIGEST_FIELDS: [&str; 4] =
    ["Digest", "Content-Digest", "Repr-Digest", "Content-MD5"];
/// Hours that clocks are ahead of UTC where the service is used.
const MAX_ZONE_HOURS: u8 = 3;
/// Dates are read to nanoseconds.
const MAX_FRACTION: u8 = 9;

use Kind as K;
use Part as P;

/// A table's length as a number of [`Entry::parameters`]; no table is longer.
const fn count(len: usize) -> u8 {
    len.to_le_bytes()[0]
}

/// Every deviation. The first names are preferred where two give the same string, and this is the
/// order in which names are written.
pub(crate) static TABLE: [Entry; 147] = [
    plain(
        K::CrLfLineEnds,
        P::LineEnds,
        "crlf-line-ends=ended the lines with CRLF (\\r\\n) instead of \\n",
    ),
    plain(
        K::NoLastNewline,
        P::LastLineEnd,
        "no-last-newline=left out the \\n behind the last line",
    ),
    plain(K::BodyLeftOut, P::Body, "body-left-out=left out the body"),
    plain(
        K::BodyWithNewline,
        P::Body,
        "body-with-newline=signed the body with one more \\n at its end",
    ),
    plain(
        K::BodyWithCrLf,
        P::Body,
        "body-with-crlf=signed the body with one more \\r\\n at its end",
    ),
    plain(
        K::BodyWithoutLastNewline,
        P::Body,
        "body-without-last-newline=signed the body without the line end at its end",
    ),
    plain(
        K::BodyLfOnly,
        P::Body,
        "body-lf-only=signed the body with \\n where \\r\\n was sent",
    ),
    plain(
        K::EmptyLineBeforeBody,
        P::Body,
        "empty-line-before-body=put an empty line between the header lines and the body",
    ),
    plain(
        K::FullTarget,
        P::Target,
        "full-target=signed the target with its query",
    ),
    plain(
        K::HttpsUrl,
        P::Target,
        "https-url=signed the full https:// URL as target",
    ),
    plain(
        K::HttpUrl,
        P::Target,
        "http-url=signed the full http:// URL as target",
    ),
    plain(
        K::HostAndPath,
        P::Target,
        "host-and-path=signed host and path as target",
    ),
    plain(
        K::LowercasePath,
        P::Path,
        "lowercase-path=lowercased the path",
    ),
    plain(
        K::MethodNotLowercased,
        P::Method,
        "method-not-lowercased=did not lowercase the method",
    ),
    plain(
        K::DateUtcSeconds,
        P::Date,
        "date-utc-seconds=signed the date as YYYY-MM-DDTHH:MM:SSZ, not as it was sent",
    ),
    plain(
        K::DateUtcFraction,
        P::Date,
        "date-utc-fraction=signed the date with seven fraction digits and Z, not as it was sent",
    ),
    plain(
        K::DateRfc1123,
        P::Date,
        "date-rfc1123=signed the date in the RFC 1123 format, not as it was sent",
    ),
    plain(
        K::ContentLengthOmitted,
        P::ContentLength,
        "content-length-omitted=listed content-length but did not sign it",
    ),
    plain(
        K::ContentLengthBeforeDate,
        P::ContentLength,
        "content-length-before-date=signed content-length before date but did not list it",
    ),
    plain(
        K::ContentLengthLast,
        P::ContentLength,
        "content-length-last=signed content-length last but did not list it",
    ),
    plain(
        K::NamesNotLowercased,
        P::Names,
        "names-not-lowercased=did not lowercase the field names",
    ),
    plain(
        K::NoSpaceAfterColon,
        P::Colons,
        "no-space-after-colon=left out the space behind the colons",
    ),
    plain(
        K::JoinedWithSpace,
        P::Joining,
        "joined-with-space=joined fields of one name with a comma and a space",
    ),
    plain(
        K::FirstInstanceOnly,
        P::Joining,
        "first-instance-only=signed only the first field of a name",
    ),
    plain(
        K::LastInstanceOnly,
        P::Joining,
        "last-instance-only=signed only the last field of a name",
    ),
    plain(
        K::ValuesNotTrimmed,
        P::Joining,
        "values-not-trimmed=signed the values untrimmed and folded",
    ),
    plain(
        K::EscapedLineEnds,
        P::LineEnds,
        "escaped-line-ends=wrote the line ends as the two characters \\ and n",
    ),
    plain(
        K::CrLineEnds,
        P::LineEnds,
        "cr-line-ends=ended the lines with CR (\\r) instead of \\n",
    ),
    plain(
        K::NoLineEnds,
        P::LineEnds,
        "no-line-ends=put no line ends between the lines",
    ),
    plain(
        K::NamesTitleCase,
        P::Names,
        "names-title-case=did not lowercase the field names: signed them in Title-Case",
    ),
    plain(
        K::NamesUppercase,
        P::Names,
        "names-uppercase=signed the field names in capitals",
    ),
    plain(
        K::NoTargetName,
        P::TargetName,
        "no-target-name=left out `(request-target): ` before the method",
    ),
    plain(
        K::TargetNameBare,
        P::TargetName,
        "target-name-without-parentheses=wrote request-target without parentheses",
    ),
    plain(
        K::ValuesOnly,
        P::Colons,
        "values-only=signed the values without their names",
    ),
    plain(
        K::NamesOnly,
        P::Colons,
        "names-only=signed the names without their values",
    ),
    plain(
        K::SpaceBeforeColon,
        P::Colons,
        "space-before-colon=put a space before the colons too",
    ),
    plain(
        K::EqualsSign,
        P::Colons,
        "equals-signs=wrote = where a colon and a space belong",
    ),
    plain(
        K::HostPort443,
        P::HostPort,
        "host-port-443=signed Host with :443, which was not sent",
    ),
    plain(
        K::HostPort80,
        P::HostPort,
        "host-port-80=signed Host with :80, which was not sent",
    ),
    plain(
        K::HostWithoutPort,
        P::HostPort,
        "host-without-port=signed Host without the port that was sent",
    ),
    plain(
        K::HostLowercase,
        P::HostPort,
        "host-lowercase=lowercased the Host",
    ),
    plain(
        K::HttpsUrlPort,
        P::Target,
        "https-url-with-port=signed the full https:// URL with :443 as target",
    ),
    plain(
        K::HttpUrlPort,
        P::Target,
        "http-url-with-port=signed the full http:// URL with :80 as target",
    ),
    plain(
        K::HttpsUrlPath,
        P::Target,
        "https-url-without-query=signed the https:// URL without its query as target",
    ),
    plain(
        K::HttpUrlPath,
        P::Target,
        "http-url-without-query=signed the http:// URL without its query as target",
    ),
    plain(
        K::HostAndTarget,
        P::Target,
        "host-and-target=signed host, path and query as target",
    ),
    numbered(
        K::TargetTwin,
        P::Target,
        count(TARGET_TWINS.len()),
        "target-twin=signed the target that stands in ",
    ),
    plain(
        K::TargetWithVersion,
        P::Target,
        "target-with-version=signed the target with HTTP/1.1 behind it",
    ),
    plain(
        K::SlashAdded,
        P::Path,
        "slash-added=signed the path with a / at its end, which was not sent",
    ),
    plain(
        K::SlashDropped,
        P::Path,
        "slash-dropped=signed the path without the / at its end",
    ),
    plain(
        K::PathDecoded,
        P::Path,
        "path-decoded=signed the path percent-decoded",
    ),
    plain(
        K::PathEncodedTwice,
        P::Path,
        "path-encoded-twice=percent-encoded the path twice",
    ),
    plain(
        K::PathEscapesLowercase,
        P::Path,
        "path-escapes-lowercase=signed the path's percent-encoding in small letters",
    ),
    plain(
        K::PathEscapesUppercase,
        P::Path,
        "path-escapes-uppercase=signed the path's percent-encoding in capitals",
    ),
    plain(
        K::SlashesCollapsed,
        P::Path,
        "slashes-collapsed=signed one / where the path has several in a row",
    ),
    plain(
        K::SlashDoubled,
        P::Path,
        "slash-doubled=signed the path with // at its start",
    ),
    plain(
        K::NoFirstSlash,
        P::Path,
        "no-first-slash=signed the path without its first /",
    ),
    numbered(
        K::PathWithout,
        P::PathStart,
        MAX_PATH_STARTS,
        "path-without-start=signed the path without what it starts with, up to its / number ",
    ),
    numbered(
        K::PathWith,
        P::PathPrefix,
        count(PREFIXES.len()),
        "path-with-prefix=signed the path with a prefix that did not arrive: ",
    ),
    plain(
        K::PathWithForwarded,
        P::PathPrefix,
        "path-with-forwarded-prefix=signed the path with what stands in X-Forwarded-Prefix before it",
    ),
    plain(
        K::MethodUppercase,
        P::Method,
        "method-uppercase=signed the method in capitals",
    ),
    plain(
        K::MethodOmitted,
        P::Method,
        "method-omitted=left out the method",
    ),
    plain(
        K::DatePlusZero,
        P::Date,
        "date-plus-zero=signed the date with the zone +00:00, not as it was sent",
    ),
    plain(
        K::DateZoneZ,
        P::Date,
        "date-zone-z=signed the date in UTC with the zone Z, not as it was sent",
    ),
    plain(
        K::DateWithoutZone,
        P::Date,
        "date-without-zone=signed the date without its zone",
    ),
    numbered(
        K::DateZoneHours,
        P::Date,
        MAX_ZONE_HOURS,
        "date-zone-hours=signed the date in local time, in the zone of UTC and hours ",
    ),
    plain(
        K::DateWithSpace,
        P::Date,
        "date-with-space=signed the date with a space in place of the T",
    ),
    plain(
        K::DateUnix,
        P::Date,
        "date-unix-seconds=signed the date as seconds since 1970",
    ),
    plain(
        K::DateUnixMillis,
        P::Date,
        "date-unix-milliseconds=signed the date as milliseconds since 1970",
    ),
    plain(
        K::DateNoFraction,
        P::DateFraction,
        "date-without-fraction=signed the date without the fraction of its second",
    ),
    numbered(
        K::DateDigits,
        P::DateFraction,
        MAX_FRACTION,
        "date-fraction=signed the date with another number of fraction digits than was sent: ",
    ),
    numbered(
        K::HostForwarded,
        P::HostTwin,
        count(HOST_TWINS.len()),
        "host-twin=signed the host that stands in ",
    ),
    numbered(
        K::TwinPrefixed,
        P::Twin,
        count(TWINS.len()),
        "field-twin=signed, for a listed field, its twin that a proxy makes (as X-Date is of Date): the one whose name starts with ",
    ),
    plain(
        K::CharsetRemoved,
        P::ContentType,
        "charset-removed=signed Content-Type without its parameters",
    ),
    plain(
        K::CharsetAdded,
        P::ContentType,
        "charset-added=signed Content-Type with ; charset=utf-8, which was not sent",
    ),
    plain(
        K::CharsetAddedTight,
        P::ContentType,
        "charset-added-without-space=signed Content-Type with ;charset=utf-8, which was not sent",
    ),
    plain(
        K::CharsetAddedUpper,
        P::ContentType,
        "charset-added-uppercase=signed Content-Type with ; charset=UTF-8, which was not sent",
    ),
    plain(
        K::ContentLengthOfSigned,
        P::ContentLength,
        "content-length-of-signed-body=signed as content-length the length of the body that was signed, not what was sent",
    ),
    plain(
        K::ContentLengthZero,
        P::ContentLength,
        "content-length-zero=signed content-length as 0",
    ),
    plain(
        K::ContentLengthCharacters,
        P::ContentLength,
        "content-length-in-characters=signed as content-length the body's number of characters, not of bytes",
    ),
    plain(
        K::ListWithoutSpaces,
        P::Joining,
        "list-without-spaces=signed lists without the spaces behind their commas",
    ),
    plain(
        K::ListWithSpaces,
        P::Joining,
        "list-with-spaces=signed lists with spaces behind their commas",
    ),
    plain(
        K::ValuesLatin1,
        P::Joining,
        "values-latin1=signed the values as Latin-1, not as UTF-8",
    ),
    plain(
        K::ValuesLowercase,
        P::Joining,
        "values-lowercase=lowercased the values",
    ),
    plain(
        K::InstancesOnLines,
        P::Joining,
        "instances-on-lines=gave each field of a name a line of its own",
    ),
    plain(
        K::MissingOmitted,
        P::Missing,
        "missing-fields-omitted=left out the lines of listed fields that the request lacks",
    ),
    plain(
        K::MissingEmpty,
        P::Missing,
        "missing-fields-empty=signed listed fields that the request lacks as empty",
    ),
    numbered(
        K::ComponentOmitted,
        P::Omitted,
        MAX_OMITTED,
        "component-omitted=left out the line of the listed component number ",
    ),
    plain(
        K::OrderAsSent,
        P::Order,
        "order-as-sent=put the lines in the order of the fields as sent, not of the list",
    ),
    plain(K::OrderSorted, P::Order, "order-sorted=sorted the lines"),
    plain(
        K::OrderReversed,
        P::Order,
        "order-reversed=put the lines in the reverse order of the list",
    ),
    plain(K::DateFirst, P::Order, "date-first=put the date first"),
    plain(
        K::DateSecond,
        P::Order,
        "date-second=put the date right behind (request-target)",
    ),
    plain(K::DateLast, P::Order, "date-last=put the date last"),
    plain(
        K::TargetFirst,
        P::Order,
        "target-first=put (request-target) first",
    ),
    plain(
        K::TargetLast,
        P::Order,
        "target-last=put (request-target) last",
    ),
    plain(
        K::TargetAndDateOnly,
        P::Order,
        "target-and-date-only=signed (request-target) and date only, not all that is listed",
    ),
    plain(
        K::DefaultList,
        P::Order,
        "default-list=signed (request-target), host, content-type, content-length and date, not what is listed",
    ),
    plain(
        K::StringUtf16Le,
        P::Encoding,
        "string-utf16-le=signed the string as UTF-16LE, not as UTF-8",
    ),
    plain(
        K::StringUtf16LeMark,
        P::Encoding,
        "string-utf16-le-mark=signed the string as UTF-16LE with a byte order mark, not as UTF-8",
    ),
    plain(
        K::StringUtf16Be,
        P::Encoding,
        "string-utf16-be=signed the string as UTF-16BE, not as UTF-8",
    ),
    plain(
        K::StringLatin1,
        P::Encoding,
        "string-latin1=signed the string as Latin-1, not as UTF-8",
    ),
    plain(
        K::StringByteOrderMark,
        P::Encoding,
        "string-byte-order-mark=signed the string with a byte order mark before it",
    ),
    plain(
        K::StringLowercase,
        P::Encoding,
        "string-lowercase=lowercased the whole string",
    ),
    plain(
        K::BodyCrLfOnly,
        P::Body,
        "body-crlf-only=signed the body with \\r\\n where \\n was sent",
    ),
    plain(
        K::BodyTrimmed,
        P::Body,
        "body-trimmed=signed the body without the white space around it",
    ),
    plain(
        K::BodyEmptyObject,
        P::Body,
        "body-empty-object=signed {} where no body was sent",
    ),
    plain(
        K::BodyByteOrderMark,
        P::Body,
        "body-byte-order-mark=signed the body with a byte order mark before it",
    ),
    plain(
        K::BodyUtf16Le,
        P::Body,
        "body-utf16-le=signed the body as UTF-16LE, not as it was sent",
    ),
    plain(
        K::BodyUtf16LeMark,
        P::Body,
        "body-utf16-le-mark=signed the body as UTF-16LE with a byte order mark, not as it was sent",
    ),
    plain(
        K::BodyUtf16Be,
        P::Body,
        "body-utf16-be=signed the body as UTF-16BE, not as it was sent",
    ),
    plain(
        K::BodyLatin1,
        P::Body,
        "body-latin1=signed the body as Latin-1, not as it was sent",
    ),
    plain(
        K::BodyBase64,
        P::Body,
        "body-base64=signed the body in base64",
    ),
    numbered(
        K::OtherBody,
        P::Body,
        count(MAX_BODIES),
        "other-body=signed another body: alternative ",
    ),
    plain(
        K::BodyDigestField,
        P::BodyDigest,
        "body-digest=signed SHA-256= and the base64 of the body's SHA-256 in place of the body",
    ),
    plain(
        K::BodyDigestLine,
        P::BodyDigest,
        "body-digest-line=signed a line digest: SHA-256=... in place of the body",
    ),
    plain(
        K::BodyDigestText,
        P::BodyDigest,
        "body-digest-line-unended=signed digest: SHA-256=... without a line end in place of the body",
    ),
    plain(
        K::BodyContentDigest,
        P::BodyDigest,
        "body-content-digest=signed sha-256=:...: in place of the body",
    ),
    plain(
        K::BodyDigestHex,
        P::BodyDigest,
        "body-digest-hex=signed the hexadecimal SHA-256 of the body in place of the body",
    ),
    plain(
        K::BodyDigestBase64,
        P::BodyDigest,
        "body-digest-base64=signed the base64 of the body's SHA-256 in place of the body",
    ),
    plain(
        K::BodyDigestBytes,
        P::BodyDigest,
        "body-digest-bytes=signed the 32 bytes of the body's SHA-256 in place of the body",
    ),
    numbered(
        K::DigestFieldForBody,
        P::BodyDigest,
        count(DIGEST_FIELDS.len()),
        "digest-field-for-body=signed, in place of the body, the field ",
    ),
    plain(
        K::HashedThreeTimes,
        P::Hash,
        "hashed-three-times=hashed three times",
    ),
    plain(
        K::HexHashed,
        P::Hash,
        "hexadecimal-hashed=signed the SHA-256 of the string in hexadecimal, hashed once more",
    ),
    plain(
        K::HexUpperHashed,
        P::Hash,
        "hexadecimal-capitals-hashed=signed the SHA-256 of the string in hexadecimal capitals, hashed once more",
    ),
    plain(
        K::Base64Hashed,
        P::Hash,
        "base64-hashed=signed the SHA-256 of the string in base64, hashed once more",
    ),
    plain(
        K::Sha1Hashed,
        P::Hash,
        "sha1-before-sha256=hashed with SHA-1 and signed the SHA-256 of that",
    ),
    plain(
        K::Sha1HexHashed,
        P::Hash,
        "sha1-hexadecimal-before-sha256=hashed with SHA-1 and signed the SHA-256 of that in hexadecimal",
    ),
    plain(
        K::Sha384Hashed,
        P::Hash,
        "sha384-before-sha256=hashed with SHA-384 and signed the SHA-256 of that",
    ),
    plain(
        K::Sha512Hashed,
        P::Hash,
        "sha512-before-sha256=hashed with SHA-512 and signed the SHA-256 of that",
    ),
    plain(K::NotHashed, P::Hash, "not-hashed=did not hash the string"),
    plain(
        K::SignedWithSha1,
        P::Hash,
        "signed-with-sha1=signed with SHA-1, not with SHA-256",
    ),
    plain(
        K::SignedWithSha384,
        P::Hash,
        "signed-with-sha384=signed with SHA-384, not with SHA-256",
    ),
    plain(
        K::SignedWithSha512,
        P::Hash,
        "signed-with-sha512=signed with SHA-512, not with SHA-256",
    ),
    plain(
        K::SignedWithMd5,
        P::Hash,
        "signed-with-md5=signed with MD5, not with SHA-256",
    ),
    plain(
        K::SignedWithMd5Sha1,
        P::Hash,
        "signed-with-md5-sha1=signed MD5 and SHA-1 together, not SHA-256",
    ),
    plain(
        K::SignatureReversed,
        P::ByteOrder,
        "signature-reversed=sent the signature's bytes in reverse order, as CryptoAPI gives them",
    ),
    plain(
        K::EncryptionPadding,
        P::Padding,
        "padding-of-encryption=used the padding of encryption (type 2), not of signatures",
    ),
    plain(
        K::NoPadding,
        P::Padding,
        "no-padding=used the raw RSA operation without padding",
    ),
    plain(
        K::PssPadding,
        P::Padding,
        "pss-padding=used PSS padding, not PKCS#1 v1.5",
    ),
    plain(
        K::X931Padding,
        P::Padding,
        "x931-padding=used X9.31 padding, not PKCS#1 v1.5",
    ),
    plain(
        K::NoDigestInfo,
        P::Content,
        "no-digest-info=padded the hash without its DigestInfo",
    ),
    plain(
        K::DigestInfoTwice,
        P::Content,
        "digest-info-twice=put the DigestInfo around the hash twice",
    ),
    plain(
        K::DigestInfoWithoutNull,
        P::Content,
        "digest-info-without-null=left out the NULL parameters in the DigestInfo",
    ),
    plain(
        K::DigestInfoOfOther,
        P::Content,
        "digest-info-of-another-hash=named another hash in the DigestInfo (such as SHA-1) than the one that stands in it",
    ),
    plain(
        K::HexDigest,
        P::DigestText,
        "hexadecimal-digest=signed the hash as hexadecimal text, not as bytes",
    ),
    plain(
        K::Base64Digest,
        P::DigestText,
        "base64-digest=signed the hash as base64 text, not as bytes",
    ),
];

/// A departure from the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    /// Its place in [`TABLE`].
    index: u8,
    parameter: u8,
}

impl Deviation {
    /// All of them, those of a body or of a place in the list for each number that they may have.
    pub(crate) fn all() -> impl Iterator<Item = Self> + Clone {
        TABLE.iter().zip(0_u8..).flat_map(|(entry, index)| {
            let first = u8::from(entry.parameters > 0);
            (first..=entry.parameters).map(move |parameter| Self { index, parameter })
        })
    }

    /// The deviation of a kind that has no number.
    pub(crate) fn from_kind(kind: Kind) -> Self {
        let index = TABLE
            .iter()
            .zip(0_u8..)
            .find(|(entry, _)| entry.kind == kind);
        Self {
            index: index.map_or(0, |(_, index)| index),
            parameter: 0,
        }
    }

    pub(crate) fn entry(self) -> &'static Entry {
        // The index is one of the table.
        TABLE.get(usize::from(self.index)).unwrap_or(&TABLE[0])
    }

    /// What the signer did.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// Its number, 0 for none.
    pub(crate) const fn number(self) -> u8 {
        self.parameter
    }

    /// What it changes.
    #[must_use]
    pub fn part(self) -> Part {
        self.entry().part
    }

    /// The name for scripts without its number: `component-omitted` of `component-omitted-3`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The number in its name: the place in the list of a left out component, counted from 1, say.
    #[must_use]
    pub fn parameter(self) -> Option<usize> {
        (self.parameter > 0).then_some(self.parameter.into())
    }

    /// Which of [`Explainer::bodies`](crate::Explainer::bodies) was signed, counted from 0.
    #[must_use]
    pub fn body_alternative(self) -> Option<usize> {
        let number = self.parameter.checked_sub(1)?;
        (self.kind() == Kind::OtherBody).then_some(number.into())
    }

    /// Writes the name for scripts, such as `crlf-line-ends` or `component-omitted-3`.
    pub fn write_name(self, sink: &mut impl Sink) {
        sink.write(self.name().as_bytes());
        if self.parameter > 0 {
            sink.write(b"-");
            write_decimal(self.parameter.into(), sink);
        }
    }

    /// Writes what the signer did: `ended the lines with CRLF (\r\n) instead of \n`.
    pub fn write_text(self, sink: &mut impl Sink) {
        sink.write(self.entry().text.as_bytes());
        let known: &[&str] = match self.kind() {
            Kind::PathWith => &PREFIXES,
            Kind::HostForwarded => &HOST_TWINS,
            Kind::TargetTwin => &TARGET_TWINS,
            Kind::TwinPrefixed => &TWINS,
            Kind::DigestFieldForBody => &DIGEST_FIELDS,
            _ => &[],
        };
        match pick(known, self.parameter) {
            Some(text) => sink.write(text.as_bytes()),
            None if self.parameter > 0 => write_decimal(self.parameter.into(), sink),
            None => {}
        }
    }
}

/// The entry of a table with this number, counted from 1.
pub(crate) fn pick(table: &'static [&'static str], number: u8) -> Option<&'static str> {
    table.get(usize::from(number.checked_sub(1)?)).copied()
}
