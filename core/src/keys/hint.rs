//! What a refused key file is, as people have them, in a sentence with the command that helps.
//!
//! Only what is called is linked: a firmware that loads its key says less and has nothing of this.

use core::fmt;

use super::format::{Dashes, Encrypted, Format, Json};
use super::recognise;
use crate::bytes::sink::{Sink, write_decimal};
use crate::error::label::Label;
use crate::error::message::show;
use crate::error::{Error, KeyProblem};

/// What was recognised in a file that is no key as it is, or in one that is no RSA key.
///
/// ```
/// use daxsign_core::{KeyHint, PublicKey};
/// let file = b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ";
/// let error = PublicKey::from_bytes(file).unwrap_err();
/// let hint = KeyHint::for_refused(file, &error).map(|hint| hint.to_string());
/// assert_eq!(
///     hint.as_deref(),
///     Some(
///         "this is a public key in OpenSSH's one-line format: turn it into PEM with \
///          `ssh-keygen -e -m pkcs8 -f FILE > public.pem`"
///     )
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHint(Found);

/// What was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Format(Format),
    /// A key of the algorithm named.
    Algorithm(Label),
}

impl KeyHint {
    /// Looks at a key file that was refused with `error`. `None` where the error says all that is
    /// known. Takes time by the file's length; what it looks at is no longer kept secret, which is
    /// why it is for files that do not load.
    #[must_use]
    pub fn for_refused(file: &[u8], error: &Error) -> Option<Self> {
        let found = match error {
            Error::UnsupportedKey { found } => unsupported(file, found)?,
            Error::InvalidKey {
                problem:
                    KeyProblem::NotAKey
                    | KeyProblem::PemEnd
                    | KeyProblem::Base64
                    | KeyProblem::Der { .. },
            } => Found::Format(recognise::format(file)?),
            _ => return None,
        };
        Some(Self(found))
    }

    /// Writes the sentence, with `FILE` for the file's name. It has at most 511 bytes.
    pub fn write_text(&self, sink: &mut impl Sink) {
        match self.0 {
            Found::Format(format) => write_format(&format, sink),
            Found::Algorithm(name) => put(
                sink,
                &[
                    "found ",
                    name.as_str(),
                    ": DAX uses RSA keys; make one with `openssl genrsa -out key.pem 2048`",
                ],
            ),
        }
    }
}

impl fmt::Display for KeyHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_text(sink))
    }
}

/// What the label of a key that is not used tells.
fn unsupported(file: &[u8], found: &Label) -> Option<Found> {
    const ELLIPTIC: &str = "an elliptic curve key";
    const OTHERS: [&str; 7] = [
        ELLIPTIC,
        "an Ed25519 key",
        "an Ed448 key",
        "an X25519 key",
        "an X448 key",
        "a DSA key",
        "a Diffie-Hellman key",
    ];
    let text = found.as_str();
    if OTHERS.contains(&text) {
        return Some(Found::Algorithm(*found));
    }
    if text.starts_with("EC ") {
        return Some(Found::Algorithm(Label::new(ELLIPTIC.as_bytes())));
    }
    let format = match text {
        "an encrypted private key" => Format::Encrypted(recognise::encrypted(file)),
        "OPENSSH PRIVATE KEY" => recognise::open_ssh(file),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Format::Request { der: false },
        "PKCS7" | "CMS" => Format::Pkcs7 { der: false },
        "TRUSTED CERTIFICATE" => Format::TrustedCertificate,
        _ if text.starts_with("PGP ") => Format::Pgp,
        _ => return None,
    };
    Some(Found::Format(format))
}

fn put(sink: &mut impl Sink, parts: &[&str]) {
    for part in parts {
        sink.write(part.as_bytes());
    }
}

fn write_format(format: &Format, sink: &mut impl Sink) {
    match format {
        Format::Behind { count, end, der } => behind(*count, *end, *der, sink),
        Format::CutOff { missing } => {
            put(sink, &["the key ends "]);
            write_bytes(*missing, sink);
            put(
                sink,
                &[" early: the file was cut off; copy it once more, as a whole"],
            );
        }
        Format::NotBase64 { line } => {
            put(sink, &["line "]);
            write_decimal(*line, sink);
            put(
                sink,
                &[
                    " of the file holds something that is no base64: remove it, or copy the file \
                     once more",
                ],
            );
        }
        Format::Header(name) => put(
            sink,
            &[
                "a header line '",
                name.as_str(),
                "' stands in the PEM block: take it out with `sed '/^[A-Za-z-]*:/d' FILE > key.pem`",
            ],
        ),
        Format::NoBegin(label) => {
            let label = label.as_str();
            put(
                sink,
                &[
                    "the file has no BEGIN line: put it in front with `(echo '-----BEGIN ",
                    label,
                    "-----'; cat FILE) > key.pem`",
                ],
            );
        }
        Format::Utf16 { charset } => put(
            sink,
            &[
                "the file is UTF-16 (PowerShell's > writes that): turn it into plain text with \
                 `iconv -f ",
                charset,
                " -t UTF-8 FILE > key.pem`, or in PowerShell with `Get-Content FILE | Set-Content \
                 -Encoding ascii key.pem` (`daxsign` itself writes plain files with --out FILE)",
            ],
        ),
        Format::Dashes { line, dashes } => write_dashes(line, *dashes, sink),
        fixed => put(sink, &[sentence(fixed)]),
    }
}

/// `1 byte`, `2 bytes`.
fn write_bytes(count: u64, sink: &mut impl Sink) {
    write_decimal(count, sink);
    put(sink, &[if count == 1 { " byte" } else { " bytes" }]);
}

fn behind(count: u64, end: u64, der: bool, sink: &mut impl Sink) {
    write_bytes(count, sink);
    put(sink, &[if count == 1 { " stands" } else { " stand" }]);
    if der {
        put(
            sink,
            &[" behind the key: take the key alone with `head -c "],
        );
        write_decimal(end, sink);
        put(sink, &[" FILE > key.der`"]);
    } else {
        put(
            sink,
            &[
                " behind the key in the PEM block: write it anew with `openssl pkey -in \
                 FILE -out key.pem` (-pubin for a public key; `openssl x509` for a certificate)",
            ],
        );
    }
}

fn write_dashes(line: &str, dashes: Dashes, sink: &mut impl Sink) {
    let found = match dashes {
        Dashes::Typographic => "typographic ones, as word processors and mail make them",
        Dashes::Number => "another number of them",
    };
    put(
        sink,
        &[
            "the ",
            line,
            " line needs five dashes (-----) on either side and has ",
            found,
            ": mend it with `LC_ALL=C sed -E 's/^[^A-Z]*((BEGIN|END) [A-Z0-9 ]*[A-Z0-9]).*$/-----\\\
             1-----/' FILE > key.pem`",
        ],
    );
}

/// The sentences without a number or a name.
const fn sentence(format: &Format) -> &'static str {
    match format {
        Format::Empty => {
            "the file is empty: was it written to the end? `openssl genrsa -out key.pem 2048` makes \
             a new key"
        }
        Format::Pkcs12 => {
            "this is a PKCS#12 file (.p12, .pfx): take the key out with `openssl pkcs12 -in FILE \
             -nodes -nocerts -out key.pem` (the certificate with -nokeys instead of -nocerts; old \
             files need -legacy)"
        }
        Format::Pkcs7 { der: false } => {
            "this is a PKCS#7 file (.p7b), which holds certificates and no key: take them out with \
             `openssl pkcs7 -in FILE -print_certs -out cert.pem`"
        }
        Format::Pkcs7 { der: true } => {
            "this is a PKCS#7 file (.p7b), which holds certificates and no key: take them out with \
             `openssl pkcs7 -inform DER -in FILE -print_certs -out cert.pem`"
        }
        Format::Request { der: false } => {
            "this is a certificate request (CSR), neither a certificate nor a private key: its \
             public key comes out with `openssl req -in FILE -noout -pubkey -out public.pem`"
        }
        Format::Request { der: true } => {
            "this is a certificate request (CSR), neither a certificate nor a private key: its \
             public key comes out with `openssl req -inform DER -in FILE -noout -pubkey -out \
             public.pem`"
        }
        Format::TrustedCertificate => {
            "this is a certificate with OpenSSL's notes on trust: leave them out with `openssl x509 \
             -in FILE -out cert.pem`"
        }
        Format::Encrypted(encrypted) => encrypted_sentence(*encrypted),
        other => foreign_sentence(other),
    }
}

const fn encrypted_sentence(encrypted: Encrypted) -> &'static str {
    match encrypted {
        Encrypted::Pem => {
            "found an encrypted private key: take the password off with `openssl pkey -in FILE -out \
             key.pem`, and keep that file where nobody else reads it"
        }
        Encrypted::Der => {
            "found an encrypted private key: take the password off with `openssl pkey -inform DER \
             -in FILE -out key.pem`, and keep that file where nobody else reads it"
        }
        Encrypted::CarriageReturns => {
            "found an encrypted private key: take the password off with `tr '\\r' '\\n' < FILE | \
             openssl pkey -out key.pem`, and keep that file where nobody else reads it"
        }
        Encrypted::Escaped => {
            "found an encrypted private key: take the password off with `sed 's/\\\\r//g; \
             s/\\\\n/\\n/g' FILE | openssl pkey -out key.pem`, and keep that file where nobody else \
             reads it"
        }
    }
}

/// Formats of other programs.
const fn foreign_sentence(format: &Format) -> &'static str {
    match format {
        Format::OpenSshPrivate => {
            "this is a private key in OpenSSH's own format: turn a copy of it into PEM with \
             `ssh-keygen -p -m pem -f COPY`"
        }
        Format::OpenSshPublic => {
            "this is a public key in OpenSSH's one-line format: turn it into PEM with `ssh-keygen \
             -e -m pkcs8 -f FILE > public.pem`"
        }
        Format::OpenSshOther => {
            "this is an OpenSSH key of another algorithm: DAX uses RSA keys; make one with \
             `ssh-keygen -t rsa -b 2048 -m pem -f key.pem`"
        }
        Format::Ssh2Public => {
            "this is a public key in the SSH2 format (RFC 4716): turn it into PEM with `ssh-keygen \
             -i -f FILE > ssh.pub && ssh-keygen -e -m pkcs8 -f ssh.pub > public.pem`"
        }
        Format::Putty => {
            "this is a PuTTY key (.ppk): turn it into PEM with `puttygen FILE -O private-openssh -o \
             key.pem`"
        }
        Format::Pgp => {
            "this is an OpenPGP file: DAX uses plain RSA keys; make one with `openssl genrsa -out \
             key.pem 2048`"
        }
        Format::JavaKeyStore => {
            "this is a Java key store: turn it into PKCS#12 with `keytool -importkeystore \
             -srckeystore FILE -destkeystore key.p12 -deststoretype pkcs12`, and that into PEM with \
             `openssl pkcs12 -in key.p12 -nodes -nocerts -out key.pem`"
        }
        Format::MsBlob => {
            "this is a key BLOB of Windows' CryptoAPI (.snk): turn it into PEM with `openssl rsa \
             -inform MSBLOB -in FILE -out key.pem` (-pubin for a public key)"
        }
        Format::Pvk => {
            "this is a PVK file of Windows: turn it into PEM with `openssl rsa -inform PVK -in FILE \
             -out key.pem`"
        }
        Format::Json(json) => json_sentence(*json),
        Format::Xml { private: true } => {
            "this is a private key as XML (.NET's ToXmlString): turn it into PEM with `pwsh -c \
             '$k=[Security.Cryptography.RSA]::Create(); $k.FromXmlString((Get-Content -Raw FILE)); \
             $k.ExportRSAPrivateKeyPem()' > key.pem`"
        }
        Format::Xml { private: false } => {
            "this is a public key as XML (.NET's ToXmlString): turn it into PEM with `pwsh -c \
             '$k=[Security.Cryptography.RSA]::Create(); $k.FromXmlString((Get-Content -Raw FILE)); \
             $k.ExportSubjectPublicKeyInfoPem()' > public.pem`"
        }
        other => wrapped_sentence(other),
    }
}

const fn json_sentence(json: Json) -> &'static str {
    match json {
        Json::Private => {
            "this is a private key as JWK (JSON): turn it into PEM with `node -e \
             'console.log(crypto.createPrivateKey({key:JSON.parse(fs.readFileSync(\"FILE\")),\
             format:\"jwk\"}).export({type:\"pkcs8\",format:\"pem\"}))' > key.pem`"
        }
        Json::Public => {
            "this is a public key as JWK (JSON): turn it into PEM with `node -e \
             'console.log(crypto.createPublicKey({key:JSON.parse(fs.readFileSync(\"FILE\")),\
             format:\"jwk\"}).export({type:\"spki\",format:\"pem\"}))' > public.pem`"
        }
        Json::Set => {
            "this is a set of keys as JWK (JSON): turn the first into PEM with `node -e \
             'console.log(crypto.createPublicKey({key:JSON.parse(fs.readFileSync(\"FILE\")).keys[0],\
             format:\"jwk\"}).export({type:\"spki\",format:\"pem\"}))' > public.pem`"
        }
        Json::OtherAlgorithm => {
            "this is a JWK (JSON) of another algorithm: DAX uses RSA keys; make one with `openssl \
             genrsa -out key.pem 2048`"
        }
        Json::Other => {
            "this is JSON without a key in PEM: write what belongs there into a file of its own"
        }
    }
}

/// Keys that were wrapped on their way.
const fn wrapped_sentence(format: &Format) -> &'static str {
    match format {
        Format::Base64OfPem => {
            "this is the base64 of a PEM file (as in a Kubernetes secret): decode it with `base64 -d \
             < FILE > key.pem`"
        }
        Format::BareBase64 => {
            "this is base64 without BEGIN/END lines: decode it with `base64 -d < FILE > key.der`"
        }
        Format::HexDer => {
            "this is hexadecimal (hex of DER): decode it with `perl -0777 -ne 's/[0\\\\]x//g; \
             s/[^0-9a-f]//gi; print pack \"H*\", $_' FILE > key.der`"
        }
        Format::HexPem => {
            "this is hexadecimal (hex of a PEM file): decode it with `perl -0777 -ne \
             's/[0\\\\]x//g; s/[^0-9a-f]//gi; print pack \"H*\", $_' FILE > key.pem`"
        }
        Format::HexDump => {
            "this is a dump in hexadecimal: turn it back with `perl -ne 's/^\\S+: //; s/  .*//s; \
             s/ //g; print pack \"H*\", $_' FILE > key.der`"
        }
        Format::Quoted => {
            "the lines start with > as in a quoted mail: take that off with `sed 's/^[> ]*//' \
             FILE > key.pem`"
        }
        Format::QuotedPrintable => {
            "the text is quoted-printable, as mail is sent: decode it with `python3 -m quopri -d \
             FILE > key.pem`"
        }
        Format::Html => {
            "the text is HTML: turn it into plain text with `python3 -c 'import html,re,sys; \
             print(html.unescape(re.sub(\"<[^>]*>\",\"\\n\",sys.stdin.read())))' < FILE > key.pem`"
        }
        Format::HtmlPage => {
            "this is a web page, such as one to sign in or of an error: the download did not give \
             the key"
        }
        Format::PercentEncoded => {
            "the text is percent-encoded, as in a URL: decode it with `python3 -c 'import \
             sys,urllib.parse; print(urllib.parse.unquote(sys.stdin.read()))' < FILE > key.pem`"
        }
        // The last one: all others have their sentence above.
        _ => "the BEGIN and END lines name different things: write the label of one into the other",
    }
}
