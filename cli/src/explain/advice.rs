//! What to change, and on which side, for each finding of `daxsign explain`.

use daxsign_core::{Finding, Kind, Profile};

use super::bodies::Kind as BodyKind;

/// What the command lines in the advice are made of.
pub(super) struct Names<'a> {
    pub(super) key_file: &'a str,
    pub(super) request_file: &'a str,
    /// The component list of the request.
    pub(super) list: &'a str,
    /// Whether the full target is signed.
    pub(super) full_target: bool,
}

/// The advice, most useful first. `mistakes` is what to do about each mistake that was found.
pub(super) fn for_finding(
    finding: &Finding,
    mistakes: Vec<String>,
    names: &Names<'_>,
) -> Vec<String> {
    let string_command = names.string_command();
    let mut advice = mistakes;
    match finding {
        Finding::Verifies { profile } => advice = for_verifies(*profile, names),
        Finding::Mistake { profile, .. } => advice.push(format!(
            "sender: sign exactly the bytes that {string_command} prints, with the profile \
             {profile}"
        )),
        Finding::OtherHash { .. } => advice.push(
            "sender: use SHA256withRSA as the RSA library offers it (RSASSA-PKCS1-v1_5 with \
             SHA-256), not its raw RSA operation and no other hash"
                .to_owned(),
        ),
        Finding::WrongEncoding { .. } => advice.push(format!(
            "sender: use SHA256withRSA as the RSA library offers it, and sign exactly the bytes \
             that {string_command} prints"
        )),
        Finding::WrongKey => advice.extend(for_wrong_key(names)),
        Finding::Unexplained { .. } => advice.extend(for_unexplained(names)),
    }
    advice
}

/// What to do where the sender's log is proved and shows what was signed.
pub(super) fn for_proved(names: &Names<'_>) -> Vec<String> {
    vec![
        format!(
            "sender: sign exactly the bytes that {} prints; what was signed differs from them as \
             marked",
            names.string_command()
        ),
        "both: where the sender's bytes fit what it meant to send, look for a proxy or library that \
         changes the body, the target or a listed field after signing"
            .to_owned(),
    ]
}

fn for_wrong_key(names: &Names<'_>) -> [String; 2] {
    [
        format!(
            "receiver: compare the SPKI SHA-256 that `daxsign key {}` shows with that of the \
             sender's key",
            names.key_file
        ),
        "sender: sign with the private key that belongs to it (SHA256withRSA); an encrypting \
         operation, with the public key, does not give a signature"
            .to_owned(),
    ]
}

fn for_unexplained(names: &Names<'_>) -> [String; 3] {
    let (key, request) = (names.key_file, names.request_file);
    [
        format!(
            "sender: log the exact bytes before signing and compare them with those that {} prints; \
             `daxsign explain --signed LOG --key {key} {request}` proves that they were signed and \
             marks the first difference",
            names.string_command()
        ),
        "the SHA-256 above is of those bytes (profile documented), or the SHA-256 of their \
         SHA-256 (profile vendor-sdk)"
            .to_owned(),
        "both: look for a proxy or library that changes the body, the target or a listed field \
         after signing"
            .to_owned(),
    ]
}

/// What to do about a body that was signed in place of the one sent.
pub(super) const fn for_other_body(kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::Compressed => {
            "sender: sign the bytes that are sent, and send them as they are: DAX signs a body in \
             UTF-8, without Content-Encoding; look for a library or proxy that compresses"
        }
        BodyKind::Chunked => {
            "sender: sign the body, not the chunks in which it is sent, and send it whole with its \
             Content-Length"
        }
        BodyKind::Json => {
            "sender: make the JSON once, and both sign and send these bytes. receiver: verify the \
             bytes that arrive, before anything reads the JSON and writes it again"
        }
        BodyKind::Form => "sender: encode the form once, and both sign and send these bytes",
        BodyKind::Encoding => {
            "sender: encode the body as UTF-8 once, and both sign and send these bytes"
        }
    }
}

impl Names<'_> {
    /// The command that prints the signing string. The list comes with the request: what a shell
    /// could take for more than a list is not put into a command to copy.
    fn string_command(&self) -> String {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" ()-_.".contains(&byte);
        let list = if !self.list.is_empty() && self.list.bytes().all(is_plain) {
            format!("'{}'", self.list)
        } else {
            "LIST".to_owned()
        };
        let option = self.target_option();
        format!(
            "`daxsign string --headers {list}{option} {}`",
            self.request_file
        )
    }

    const fn target_option(&self) -> &'static str {
        if self.full_target {
            " --full-target"
        } else {
            ""
        }
    }
}

fn for_verifies(profile: Profile, names: &Names<'_>) -> Vec<String> {
    let mut advice = Vec::new();
    if profile == Profile::VendorSdk {
        advice.push(
            "the sender signs as the vendor's SDK does: pass --profile vendor-sdk to `daxsign \
             verify`, and to `daxsign sign` for requests to this peer"
                .to_owned(),
        );
    }
    advice.push(format!(
        "the date and the policy were not judged here: `daxsign verify --key {} --profile \
         {profile}{} {}` does",
        names.key_file,
        names.target_option(),
        names.request_file
    ));
    advice
}

/// What to do about one departure from the rules. Each kind is named: a new one needs its advice.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) const fn for_kind(kind: Kind) -> &'static str {
    use Kind as K;
    match kind {
        K::CrLfLineEnds | K::CrLineEnds => {
            "sender: end each line of the signing string with \\n alone, whatever the \
             platform's or HTTP's line end is"
        }
        K::EscapedLineEnds => {
            "sender: end each line with the one byte 0x0A; in this language the quotes around \
             \\n do not make a line end of it"
        }
        K::NoLineEnds => "sender: end each line with \\n",
        K::NoLastNewline => {
            "sender: end the last line with \\n too: do not join the lines, end each of them"
        }
        K::BodyLeftOut => {
            "sender: the body follows the last line of the signing string, for every method; \
             read it before signing, not after"
        }
        K::BodyWithNewline | K::BodyWithCrLf => {
            "sender: nothing follows the body; sign exactly the bytes that are sent. receiver: \
             was a line end at the end of the body lost on the way?"
        }
        K::BodyWithoutLastNewline => {
            "sender: sign exactly the bytes that are sent. receiver: was a line end added to \
             the body, by an editor or `echo`, say?"
        }
        K::BodyTrimmed => {
            "sender: sign exactly the bytes that are sent, white space at both ends too"
        }
        K::BodyLfOnly | K::BodyCrLfOnly => {
            "both: look for what changes the line ends of the body on its way (text mode, git, \
             an editor)"
        }
        K::EmptyLineBeforeBody => {
            "sender: the body follows the last line at once; the blank line of HTTP is not \
             signed"
        }
        K::BodyEmptyObject => {
            "both: no body arrived where {} was signed: send the body that is signed, with GET \
             too, or sign none; look for a proxy that drops bodies of GET requests"
        }
        K::BodyByteOrderMark => {
            "sender: encode the body as UTF-8 without a byte order mark (new \
             UTF8Encoding(false)), for signing and for sending"
        }
        K::BodyUtf16Le | K::BodyUtf16LeMark | K::BodyUtf16Be => {
            "sender: sign the bytes of the body in UTF-8 (Encoding.UTF8, not Encoding.Unicode), \
             the same bytes that are sent"
        }
        K::BodyLatin1 => {
            "sender: sign the bytes of the body in UTF-8, the same bytes that are sent"
        }
        K::BodyBase64 => "sender: the bytes of the body itself follow the lines, not their base64",
        K::OtherBody => {
            "sender: make the bytes of the body once, and both sign and send these bytes"
        }
        K::BodyDigestText
        | K::BodyDigestHex
        | K::BodyDigestBase64
        | K::BodyDigestBytes
        | K::BodyDigestField
        | K::BodyDigestLine
        | K::BodyContentDigest
        | K::DigestFieldForBody => {
            "sender: the body itself follows the lines, not its hash; other schemes of HTTP \
             signatures sign a Digest, this one does not"
        }
        K::FullTarget => {
            "sender: sign the path only, without ? and the query. receiver: --full-target \
             accepts such signatures, if both sides agree on it"
        }
        K::HttpsUrl
        | K::HttpUrl
        | K::HttpsUrlPort
        | K::HttpUrlPort
        | K::HttpsUrlPath
        | K::HttpUrlPath
        | K::HostAndPath
        | K::HostAndTarget => "sender: sign the path only: no scheme, no host, no port, no query",
        K::TargetWithVersion => {
            "sender: sign the method and the path; the version of HTTP is not signed"
        }
        K::TargetTwin => {
            "receiver: a proxy changed the target and keeps the original in another field: \
             verify before the proxy, or with the original target"
        }
        K::LowercasePath => "sender: only the method is lowercased; sign the path as it is sent",
        K::PathDecoded
        | K::PathEncodedTwice
        | K::PathEscapesLowercase
        | K::PathEscapesUppercase => {
            "both: sign the path with its percent-encoding exactly as it stands on the request \
             line, and look for a library or proxy that decodes or encodes it"
        }
        K::SlashesCollapsed
        | K::SlashAdded
        | K::SlashDropped
        | K::SlashDoubled
        | K::NoFirstSlash => {
            "both: sign the path exactly as it stands on the request line, each slash too, and \
             look for a library or proxy that normalises it"
        }
        K::PathWithout => {
            "both: a proxy adds a prefix to the path, or the sender signs the path relative to \
             its base address: sign the path as it arrives at the receiver"
        }
        K::PathWith | K::PathWithForwarded => {
            "both: a proxy takes the start of the path away, or the sender signs a prefix that \
             it does not send: verify with the path as it was sent"
        }
        K::MethodNotLowercased | K::MethodUppercase => {
            "sender: lowercase the method in the signing string"
        }
        K::MethodOmitted => {
            "sender: the first line has the lowercased method, one space, and the path"
        }
        K::NoTargetName | K::TargetNameBare => {
            "sender: the line starts with `(request-target): `, in parentheses, as any other \
             line starts with its name"
        }
        K::DateUtcSeconds
        | K::DateUtcFraction
        | K::DatePlusZero
        | K::DateZoneZ
        | K::DateWithSpace
        | K::DateNoFraction
        | K::DateDigits => {
            "sender: format the date once, and put the same text into the Date field and the \
             signing string"
        }
        K::DateWithoutZone | K::DateZoneHours => {
            "sender: format the date once, in UTC with Z, and put the same text into the Date \
             field and the signing string"
        }
        K::DateUnix | K::DateUnixMillis => {
            "sender: sign the text of the Date field, not a number of seconds"
        }
        K::DateRfc1123 => {
            "sender: sign the text of the Date field as it is sent; HTTP libraries tend to \
             format a date on their own"
        }
        K::HostPort443 | K::HostPort80 | K::HostWithoutPort | K::HostLowercase => {
            "both: sign Host exactly as the HTTP library sends it; ports that are the scheme's \
             own are left out by most libraries and added by some proxies"
        }
        K::HostForwarded => {
            "receiver: a proxy replaced Host and keeps the original in another field: let it \
             pass Host on (`proxy_set_header Host $host;` in nginx), or verify before the proxy"
        }
        K::TwinPrefixed => {
            "receiver: something on the way replaced a signed field and keeps the original in \
             another one: let it pass the field on unchanged, or verify before it"
        }
        K::CharsetRemoved | K::CharsetAdded | K::CharsetAddedTight | K::CharsetAddedUpper => {
            "both: sign Content-Type exactly as it is sent: the HTTP library adds or drops its \
             charset parameter, so set the whole value yourself and read it back before signing"
        }
        K::ContentLengthOmitted => {
            "sender: every listed field has its line: sign content-length too, or do not list \
             it"
        }
        K::ContentLengthBeforeDate | K::ContentLengthLast => {
            "sender: every signed line must be listed, in its order: add content-length to the \
             list"
        }
        K::ContentLengthOfSigned => {
            "both: content-length was lost on the way or changed with the body: let the proxy \
             pass it on with the body as it was sent, or verify before it"
        }
        K::ContentLengthZero => {
            "sender: take the length of the body that is sent, once the body is complete"
        }
        K::ContentLengthCharacters => {
            "sender: count the bytes of the body in UTF-8, not its characters"
        }
        K::NamesNotLowercased | K::NamesTitleCase | K::NamesUppercase => {
            "sender: lowercase the field names in the signing string"
        }
        K::NoSpaceAfterColon | K::SpaceBeforeColon | K::EqualsSign => {
            "sender: write a colon and one space behind each name, and nothing else"
        }
        K::ValuesOnly | K::NamesOnly => {
            "sender: each line is the name, a colon, one space and the value"
        }
        K::JoinedWithSpace | K::ListWithSpaces | K::ListWithoutSpaces => {
            "both: fields of one name are joined with a comma and no space, and each value \
             stays as it is sent: look for a library or proxy that splits and joins lists"
        }
        K::InstancesOnLines => {
            "sender: join all fields of one name, in their order, with a comma, on one line"
        }
        K::FirstInstanceOnly | K::LastInstanceOnly => {
            "sender: join all fields of one name, in their order, with a comma; or send one \
             field"
        }
        K::ValuesNotTrimmed => {
            "sender: trim spaces and tabs off both ends of each value, and make each fold one \
             space"
        }
        K::BlankBehindValues | K::BlankBehindValue => {
            "sender: trim spaces and tabs off both ends of each value before it is signed: HTTP \
             libraries take them off what is sent"
        }
        K::ValuesLatin1 | K::StringLatin1 => {
            "sender: encode the signing string as UTF-8; keep field values to ASCII, since HTTP \
             libraries differ in what they send for other characters"
        }
        K::ValuesLowercase | K::StringLowercase => {
            "sender: only names and the method are lowercased, values and body stay as they are \
             sent"
        }
        K::ComponentOmitted | K::MissingOmitted => {
            "sender: every listed field has its line: sign it and send it, or take it off the \
             list. receiver: was the field lost on the way?"
        }
        K::MissingEmpty => {
            "sender: send the listed field, with an empty value too, or take it off the list"
        }
        K::OrderAsSent
        | K::OrderSorted
        | K::OrderReversed
        | K::DateFirst
        | K::DateSecond
        | K::DateLast
        | K::TargetFirst
        | K::TargetLast => {
            "sender: write the lines in the order of the list in the Signature field"
        }
        K::TargetAndDateOnly | K::DefaultList => {
            "sender: put exactly those names into the list that are signed, in their order"
        }
        K::StringUtf16Le | K::StringUtf16LeMark | K::StringUtf16Be => {
            "sender: encode the signing string as UTF-8 (Encoding.UTF8, not Encoding.Unicode) \
             before it is hashed"
        }
        K::StringByteOrderMark => {
            "sender: encode the signing string as UTF-8 without a byte order mark"
        }
        K::HashedThreeTimes | K::HexHashed | K::HexUpperHashed | K::Base64Hashed => {
            "sender: give the bytes of the string to SHA256withRSA (profile documented), or the \
             32 bytes of its SHA-256 (profile vendor-sdk): SHA256withRSA hashes by itself"
        }
        K::Sha1Hashed | K::Sha1HexHashed | K::Sha384Hashed | K::Sha512Hashed => {
            "sender: no other hash belongs before SHA256withRSA, which hashes by itself"
        }
        K::NotHashed => {
            "sender: use SHA256withRSA as the RSA library offers it; its raw or NONEwithRSA \
             operation does not hash"
        }
        K::SignedWithSha1
        | K::SignedWithSha384
        | K::SignedWithSha512
        | K::SignedWithMd5
        | K::SignedWithMd5Sha1 => {
            "sender: use SHA256withRSA: in .NET HashAlgorithmName.SHA256, with older CSPs a \
             provider of type 24"
        }
        K::SignatureReversed => {
            "sender: CryptoAPI gives the bytes of a signature last one first: reverse them \
             before base64"
        }
        K::EncryptionPadding => {
            "sender: use the signing operation of the RSA library with the private key, not an \
             encrypting one"
        }
        K::NoPadding => {
            "sender: use SHA256withRSA as the RSA library offers it (RSASSA-PKCS1-v1_5), not \
             its raw RSA operation"
        }
        K::PssPadding | K::X931Padding => {
            "sender: use the padding PKCS#1 v1.5 (in .NET RSASignaturePadding.Pkcs1, in Java \
             SHA256withRSA)"
        }
        K::NoDigestInfo | K::DigestInfoTwice | K::DigestInfoWithoutNull | K::DigestInfoOfOther => {
            "sender: let SHA256withRSA of the RSA library make the DigestInfo: it belongs \
             around the SHA-256 once"
        }
        K::HexDigest | K::Base64Digest => "sender: sign the 32 bytes of the hash, not their text",
    }
}
