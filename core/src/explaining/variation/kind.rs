//! The table of deviations: of which part each is, its name for scripts, what the signer did.

use Numbers::{OneOf, UpTo};

use super::known_names::{DIGEST_FIELDS, HOST_TWINS, PREFIXES, TARGET_TWINS, TWINS};
use super::part::Part;

/// How many bodies of the caller are tried.
pub(crate) const MAX_BODIES: usize = 32;
/// Beyond this place in the list no line is looked at by itself.
const MAX_PLACES: usize = 16;
/// Beyond this many slashes the start of a path is not moved.
const MAX_PATH_STARTS: usize = 8;
/// Hours that clocks are ahead of UTC where the service is used.
const MAX_ZONE_HOURS: usize = 3;
/// Dates are read to nanoseconds.
const MAX_FRACTION: usize = 9;

/// What the number means that a kind comes with.
pub(crate) enum Numbers {
    /// The kind has no number.
    None,
    /// A number from 1 to this.
    UpTo(usize),
    /// The place of one of these, counted from 1.
    OneOf(&'static [&'static str]),
}

impl Numbers {
    /// The numbers there are: 0 alone for a kind without.
    pub(crate) fn all(&self) -> core::ops::RangeInclusive<u8> {
        let last = match self {
            Self::None => 0,
            Self::UpTo(last) => *last,
            Self::OneOf(names) => names.len(),
        };
        let last = u8::try_from(last).unwrap_or(u8::MAX);
        last.min(1)..=last
    }
}

/// A row of the table.
pub(crate) struct Entry {
    pub(crate) part: Part,
    pub(crate) name: &'static str,
    pub(crate) numbers: Numbers,
    pub(crate) text: &'static str,
}

impl Entry {
    /// `name_and_text` is one literal. On its own a name may have 8, 16 or 32 bytes, and compilers
    /// put all constants of such a length into one section, which firmware that never explains
    /// would then carry for the sake of another constant in it.
    const fn new(
        part: Part,
        numbers: Numbers,
        name_and_text: &'static str,
        name_len: usize,
    ) -> Self {
        assert!(
            !matches!(name_and_text.len(), 4 | 8 | 16 | 32),
            "write the text in a word more or less: see `Entry::new`"
        );
        let (name, text) = match name_and_text.split_at_checked(name_len) {
            Some(sides) => sides,
            None => (name_and_text, ""),
        };
        Self {
            part,
            name,
            numbers,
            text,
        }
    }
}

/// The numbers of a row: `None` unless it has some.
macro_rules! numbers {
    () => {
        Numbers::None
    };
    ($numbers:expr) => {
        $numbers
    };
}

/// Makes [`Kind`] and its entries of the table, so that neither is without the other.
macro_rules! deviations {
    ($($kind:ident of $part:ident, $name:literal $(, $numbers:expr)? => $text:literal;)+) => {
        /// What a signer did, without the number that some come with: [`Deviation::kind`]. Who
        /// gives advice by it sees from the compiler when there is a new one.
        ///
        /// [`Deviation::kind`]: crate::Deviation::kind
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = concat!("`", $name, "`: the signer ", $text)] $kind,)+
        }

        impl Kind {
            /// All of them, in the table's order.
            pub(crate) const ALL: &[Self] = &[$(Self::$kind),+];

            pub(crate) const fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$kind => {
                        const ROW: &Entry = &Entry::new(
                            Part::$part,
                            numbers!($($numbers)?),
                            concat!($name, $text),
                            $name.len(),
                        );
                        ROW
                    })+
                }
            }
        }
    };
}

// Where two give the same string, the first is preferred; names are written in this order.
deviations! {
    CrLfLineEnds of LineEnds, "crlf-line-ends" =>
        "ended the lines with CRLF (\\r\\n) instead of \\n";
    NoLastNewline of LastLineEnd, "no-last-newline" =>
        "left out the \\n behind the last line";
    BodyLeftOut of Body, "body-left-out" =>
        "left out the body";
    BodyWithNewline of Body, "body-with-newline" =>
        "signed the body with one more \\n at its end";
    BodyWithCrLf of Body, "body-with-crlf" =>
        "signed the body with one more \\r\\n at its end";
    BodyWithoutLastNewline of Body, "body-without-last-newline" =>
        "signed the body without the line end at its end";
    BodyLfOnly of Body, "body-lf-only" =>
        "signed the body with \\n where \\r\\n was sent";
    EmptyLineBeforeBody of Body, "empty-line-before-body" =>
        "put an empty line between the header lines and the body";
    FullTarget of Target, "full-target" =>
        "signed the target with its query";
    HttpsUrl of Target, "https-url" =>
        "signed the full https:// URL as target";
    HttpUrl of Target, "http-url" =>
        "signed the full http:// URL as target";
    HostAndPath of Target, "host-and-path" =>
        "signed host and path as target";
    LowercasePath of Path, "lowercase-path" =>
        "lowercased the path";
    MethodNotLowercased of Method, "method-not-lowercased" =>
        "did not lowercase the method";
    DateUtcSeconds of Date, "date-utc-seconds" =>
        "signed the date as YYYY-MM-DDTHH:MM:SSZ, not as it was sent";
    DateUtcFraction of Date, "date-utc-fraction" =>
        "signed the date with seven fraction digits and Z, not as it was sent";
    DateRfc1123 of Date, "date-rfc1123" =>
        "signed the date in the RFC 1123 format, not as it was sent";
    ContentLengthOmitted of ContentLength, "content-length-omitted" =>
        "listed content-length but did not sign it";
    ContentLengthBeforeDate of ContentLength, "content-length-before-date" =>
        "signed content-length before date but did not list it";
    ContentLengthLast of ContentLength, "content-length-last" =>
        "signed content-length last but did not list it";
    NamesNotLowercased of Names, "names-not-lowercased" =>
        "did not lowercase the field names";
    NoSpaceAfterColon of Colons, "no-space-after-colon" =>
        "left out the space behind the colons";
    JoinedWithSpace of Joining, "joined-with-space" =>
        "joined fields of one name with a comma and a space";
    FirstInstanceOnly of Joining, "first-instance-only" =>
        "signed only the first field of a name";
    LastInstanceOnly of Joining, "last-instance-only" =>
        "signed only the last field of a name";
    ValuesNotTrimmed of Joining, "values-not-trimmed" =>
        "signed the values untrimmed and folded";
    EscapedLineEnds of LineEnds, "escaped-line-ends" =>
        "wrote the line ends as the two characters \\ and n";
    CrLineEnds of LineEnds, "cr-line-ends" =>
        "ended the lines with CR (\\r) instead of \\n";
    NoLineEnds of LineEnds, "no-line-ends" =>
        "put no line ends between the lines";
    NamesTitleCase of Names, "names-title-case" =>
        "did not lowercase the field names: signed them in Title-Case";
    NamesUppercase of Names, "names-uppercase" =>
        "signed the field names in capitals";
    NoTargetName of TargetName, "no-target-name" =>
        "left out `(request-target): ` before the method";
    TargetNameBare of TargetName, "target-name-without-parentheses" =>
        "wrote request-target without parentheses";
    ValuesOnly of Colons, "values-only" =>
        "signed the values without their names";
    NamesOnly of Colons, "names-only" =>
        "signed the names without their values";
    SpaceBeforeColon of Colons, "space-before-colon" =>
        "put a space before the colons too";
    EqualsSign of Colons, "equals-signs" =>
        "wrote = where a colon and a space belong";
    HostPort443 of HostPort, "host-port-443" =>
        "signed Host with :443, which was not sent";
    HostPort80 of HostPort, "host-port-80" =>
        "signed Host with :80, which was not sent";
    HostWithoutPort of HostPort, "host-without-port" =>
        "signed Host without the port that was sent";
    HostLowercase of HostPort, "host-lowercase" =>
        "lowercased the Host";
    HttpsUrlPort of Target, "https-url-with-port" =>
        "signed the full https:// URL with :443 as target";
    HttpUrlPort of Target, "http-url-with-port" =>
        "signed the full http:// URL with :80 as target";
    HttpsUrlPath of Target, "https-url-without-query" =>
        "signed the https:// URL without its query as target";
    HttpUrlPath of Target, "http-url-without-query" =>
        "signed the http:// URL without its query as target";
    HostAndTarget of Target, "host-and-target" =>
        "signed host, path and query as target";
    TargetTwin of Target, "target-twin", OneOf(&TARGET_TWINS) =>
        "signed the target that stands in ";
    TargetWithVersion of Target, "target-with-version" =>
        "signed the target with HTTP/1.1 behind it";
    SlashAdded of Path, "slash-added" =>
        "signed the path with a / at its end, which was not sent";
    SlashDropped of Path, "slash-dropped" =>
        "signed the path without the / at its end";
    PathDecoded of Path, "path-decoded" =>
        "signed the path percent-decoded";
    PathEncodedTwice of Path, "path-encoded-twice" =>
        "percent-encoded the path twice";
    PathEscapesLowercase of Path, "path-escapes-lowercase" =>
        "signed the path's percent-encoding in small letters";
    PathEscapesUppercase of Path, "path-escapes-uppercase" =>
        "signed the path's percent-encoding in capitals";
    SlashesCollapsed of Path, "slashes-collapsed" =>
        "signed one / where the path has several in a row";
    SlashDoubled of Path, "slash-doubled" =>
        "signed the path with // at its start";
    NoFirstSlash of Path, "no-first-slash" =>
        "signed the path without its first /";
    PathWithout of PathStart, "path-without-start", UpTo(MAX_PATH_STARTS) =>
        "signed the path without what it starts with, up to its / number ";
    PathWith of PathPrefix, "path-with-prefix", OneOf(&PREFIXES) =>
        "signed the path with a prefix that did not arrive: ";
    PathWithForwarded of PathPrefix, "path-with-forwarded-prefix" =>
        "signed the path with what stands in X-Forwarded-Prefix before it";
    MethodUppercase of Method, "method-uppercase" =>
        "signed the method in capitals";
    MethodOmitted of Method, "method-omitted" =>
        "left out the method";
    DatePlusZero of Date, "date-plus-zero" =>
        "signed the date with the zone +00:00, not as it was sent";
    DateZoneZ of Date, "date-zone-z" =>
        "signed the date in UTC with the zone Z, not as it was sent";
    DateWithoutZone of Date, "date-without-zone" =>
        "signed the date without its zone";
    DateZoneHours of Date, "date-zone-hours", UpTo(MAX_ZONE_HOURS) =>
        "signed the date in local time, in the zone of UTC and hours ";
    DateWithSpace of Date, "date-with-space" =>
        "signed the date with a space in place of the T";
    DateUnix of Date, "date-unix-seconds" =>
        "signed the date as seconds since 1970";
    DateUnixMillis of Date, "date-unix-milliseconds" =>
        "signed the date as milliseconds since 1970";
    DateNoFraction of DateFraction, "date-without-fraction" =>
        "signed the date without the fraction of its second";
    DateDigits of DateFraction, "date-fraction", UpTo(MAX_FRACTION) =>
        "signed the date with another number of fraction digits than was sent: ";
    HostForwarded of HostTwin, "host-twin", OneOf(&HOST_TWINS) =>
        "signed the host that stands in ";
    TwinPrefixed of Twin, "field-twin", OneOf(&TWINS) =>
        "signed, for a listed field, its twin that a proxy makes (as X-Date is of Date): the one \
         whose name starts with ";
    CharsetRemoved of ContentType, "charset-removed" =>
        "signed Content-Type without its parameters";
    CharsetAdded of ContentType, "charset-added" =>
        "signed Content-Type with ; charset=utf-8, which was not sent";
    CharsetAddedTight of ContentType, "charset-added-without-space" =>
        "signed Content-Type with ;charset=utf-8, which was not sent";
    CharsetAddedUpper of ContentType, "charset-added-uppercase" =>
        "signed Content-Type with ; charset=UTF-8, which was not sent";
    ContentLengthOfSigned of ContentLength, "content-length-of-signed-body" =>
        "signed as content-length the length of the body that was signed, not what was sent";
    ContentLengthZero of ContentLength, "content-length-zero" =>
        "signed content-length as 0";
    ContentLengthCharacters of ContentLength, "content-length-in-characters" =>
        "signed as content-length the body's number of characters, not of bytes";
    ListWithoutSpaces of Joining, "list-without-spaces" =>
        "signed lists without the spaces behind their commas";
    ListWithSpaces of Joining, "list-with-spaces" =>
        "signed lists with spaces behind their commas";
    ValuesLatin1 of Joining, "values-latin1" =>
        "signed the values as Latin-1, not as UTF-8";
    ValuesLowercase of Joining, "values-lowercase" =>
        "lowercased the values";
    InstancesOnLines of Joining, "instances-on-lines" =>
        "gave each field of a name a line of its own";
    BlankBehindValues of ValueEnd, "blank-behind-values" =>
        "signed each value with a space behind it, which is not sent";
    BlankBehindValue of ValueEnd, "blank-behind-value", UpTo(MAX_PLACES) =>
        "signed a space, which is not sent, behind the value of the listed component number ";
    MissingOmitted of Missing, "missing-fields-omitted" =>
        "left out the lines of listed fields that the request lacks";
    MissingEmpty of Missing, "missing-fields-empty" =>
        "signed listed fields that the request lacks as empty";
    ComponentOmitted of Omitted, "component-omitted", UpTo(MAX_PLACES) =>
        "left out the line of the listed component number ";
    OrderAsSent of Order, "order-as-sent" =>
        "put the lines in the order of the fields as sent, not of the list";
    OrderSorted of Order, "order-sorted" =>
        "sorted the lines";
    OrderReversed of Order, "order-reversed" =>
        "put the lines in the reverse order of the list";
    DateFirst of Order, "date-first" =>
        "put the date first";
    DateSecond of Order, "date-second" =>
        "put the date right behind (request-target)";
    DateLast of Order, "date-last" =>
        "put the date last";
    TargetFirst of Order, "target-first" =>
        "put (request-target) first";
    TargetLast of Order, "target-last" =>
        "put (request-target) last";
    TargetAndDateOnly of Order, "target-and-date-only" =>
        "signed (request-target) and date only, not all that is listed";
    DefaultList of Order, "default-list" =>
        "signed (request-target), host, content-type, content-length and date, not what is listed";
    StringUtf16Le of Encoding, "string-utf16-le" =>
        "signed the string as UTF-16LE, not as UTF-8";
    StringUtf16LeMark of Encoding, "string-utf16-le-mark" =>
        "signed the string as UTF-16LE with a byte order mark, not as UTF-8";
    StringUtf16Be of Encoding, "string-utf16-be" =>
        "signed the string as UTF-16BE, not as UTF-8";
    StringLatin1 of Encoding, "string-latin1" =>
        "signed the string as Latin-1, not as UTF-8";
    StringByteOrderMark of Encoding, "string-byte-order-mark" =>
        "signed the string with a byte order mark before it";
    StringLowercase of Encoding, "string-lowercase" =>
        "lowercased the whole string";
    BodyCrLfOnly of Body, "body-crlf-only" =>
        "signed the body with \\r\\n where \\n was sent";
    BodyTrimmed of Body, "body-trimmed" =>
        "signed the body without the white space around it";
    BodyEmptyObject of Body, "body-empty-object" =>
        "signed {} where no body was sent";
    BodyByteOrderMark of Body, "body-byte-order-mark" =>
        "signed the body with a byte order mark before it";
    BodyUtf16Le of Body, "body-utf16-le" =>
        "signed the body as UTF-16LE, not as it was sent";
    BodyUtf16LeMark of Body, "body-utf16-le-mark" =>
        "signed the body as UTF-16LE with a byte order mark, not as it was sent";
    BodyUtf16Be of Body, "body-utf16-be" =>
        "signed the body as UTF-16BE, not as it was sent";
    BodyLatin1 of Body, "body-latin1" =>
        "signed the body as Latin-1, not as it was sent";
    BodyBase64 of Body, "body-base64" =>
        "signed the body in base64";
    OtherBody of Body, "other-body", UpTo(MAX_BODIES) =>
        "signed another body: alternative ";
    BodyDigestField of BodyDigest, "body-digest" =>
        "signed SHA-256= and the base64 of the body's SHA-256 in place of the body";
    BodyDigestLine of BodyDigest, "body-digest-line" =>
        "signed a line digest: SHA-256=... in place of the body";
    BodyDigestText of BodyDigest, "body-digest-line-unended" =>
        "signed digest: SHA-256=... without a line end in place of the body";
    BodyContentDigest of BodyDigest, "body-content-digest" =>
        "signed sha-256=:...: in place of the body";
    BodyDigestHex of BodyDigest, "body-digest-hex" =>
        "signed the hexadecimal SHA-256 of the body in place of the body";
    BodyDigestBase64 of BodyDigest, "body-digest-base64" =>
        "signed the base64 of the body's SHA-256 in place of the body";
    BodyDigestBytes of BodyDigest, "body-digest-bytes" =>
        "signed the 32 bytes of the body's SHA-256 in place of the body";
    DigestFieldForBody of BodyDigest, "digest-field-for-body", OneOf(&DIGEST_FIELDS) =>
        "signed, in place of the body, the field ";
    HashedThreeTimes of Hash, "hashed-three-times" =>
        "hashed three times";
    HexHashed of Hash, "hexadecimal-hashed" =>
        "signed the SHA-256 of the string in hexadecimal, hashed once more";
    HexUpperHashed of Hash, "hexadecimal-capitals-hashed" =>
        "signed the SHA-256 of the string in hexadecimal capitals, hashed once more";
    Base64Hashed of Hash, "base64-hashed" =>
        "signed the SHA-256 of the string in base64, hashed once more";
    Sha1Hashed of Hash, "sha1-before-sha256" =>
        "hashed with SHA-1 and signed the SHA-256 of that";
    Sha1HexHashed of Hash, "sha1-hexadecimal-before-sha256" =>
        "hashed with SHA-1 and signed the SHA-256 of that in hexadecimal";
    Sha384Hashed of Hash, "sha384-before-sha256" =>
        "hashed with SHA-384 and signed the SHA-256 of that";
    Sha512Hashed of Hash, "sha512-before-sha256" =>
        "hashed with SHA-512 and signed the SHA-256 of that";
    NotHashed of Hash, "not-hashed" =>
        "did not hash the string";
    SignedWithSha1 of Hash, "signed-with-sha1" =>
        "signed with SHA-1, not with SHA-256";
    SignedWithSha384 of Hash, "signed-with-sha384" =>
        "signed with SHA-384, not with SHA-256";
    SignedWithSha512 of Hash, "signed-with-sha512" =>
        "signed with SHA-512, not with SHA-256";
    SignedWithMd5 of Hash, "signed-with-md5" =>
        "signed with MD5, not with SHA-256";
    SignedWithMd5Sha1 of Hash, "signed-with-md5-sha1" =>
        "signed MD5 and SHA-1 together, not SHA-256";
    SignatureReversed of ByteOrder, "signature-reversed" =>
        "sent the signature's bytes in reverse order, as CryptoAPI gives them";
    EncryptionPadding of Padding, "padding-of-encryption" =>
        "used the padding of encryption (type 2), not of signatures";
    NoPadding of Padding, "no-padding" =>
        "used the raw RSA operation without padding";
    PssPadding of Padding, "pss-padding" =>
        "used PSS padding, not PKCS#1 v1.5";
    X931Padding of Padding, "x931-padding" =>
        "used X9.31 padding, not PKCS#1 v1.5";
    NoDigestInfo of Content, "no-digest-info" =>
        "padded the hash without its DigestInfo";
    DigestInfoTwice of Content, "digest-info-twice" =>
        "put the DigestInfo around the hash twice";
    DigestInfoWithoutNull of Content, "digest-info-without-null" =>
        "left out the NULL parameters in the DigestInfo";
    DigestInfoOfOther of Content, "digest-info-of-another-hash" =>
        "named another hash in the DigestInfo (such as SHA-1) than the one that stands in it";
    HexDigest of DigestText, "hexadecimal-digest" =>
        "signed the hash as hexadecimal text, not as bytes";
    Base64Digest of DigestText, "base64-digest" =>
        "signed the hash as base64 text, not as bytes";
}
