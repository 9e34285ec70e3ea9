//! What keys are found in that cannot be read as they are.

use crate::error::label::Label;

/// A format that keys are found in, or what happened to one on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Empty,
    Utf16 {
        /// As `iconv` calls it.
        charset: &'static str,
    },
    Pkcs12,
    Pkcs7 {
        der: bool,
    },
    /// PKCS#10.
    Request {
        der: bool,
    },
    TrustedCertificate,
    Encrypted(Encrypted),
    /// Bytes behind the outermost structure, which ends at `end`.
    Behind {
        count: u64,
        end: u64,
        der: bool,
    },
    CutOff {
        missing: u64,
    },
    OpenSshPrivate,
    OpenSshPublic,
    OpenSshOther,
    Ssh2Public,
    Putty,
    Pgp,
    JavaKeyStore,
    MsBlob,
    Pvk,
    Json(Json),
    /// .NET's RSAKeyValue.
    Xml {
        private: bool,
    },
    Base64OfPem,
    BareBase64,
    HexDer,
    HexPem,
    HexDump,
    Quoted,
    QuotedPrintable,
    Html,
    HtmlPage,
    PercentEncoded,
    /// A BEGIN or END line without its five dashes.
    Dashes {
        line: &'static str,
        dashes: Dashes,
    },
    /// An END line with this label and no BEGIN line.
    NoBegin(Label),
    LabelsDiffer,
    /// The name of a header line in a block.
    Header(Label),
    NotBase64 {
        /// Counted from 1.
        line: u64,
    },
}

/// How an encrypted key stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encrypted {
    Pem,
    Der,
    CarriageReturns,
    /// Line ends as `\n` in two characters.
    Escaped,
}

/// Which dashes stand where five belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dashes {
    Number,
    Typographic,
}

/// What a JSON file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Private,
    Public,
    Set,
    OtherAlgorithm,
    Other,
}
