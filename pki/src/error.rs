//! What can be refused, and what can fail in a folder.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use daxsign_core::{EnrolError, Error};

use crate::der::reader::Malformed;

/// Why something could not be done around an authority.
#[derive(Debug)]
#[non_exhaustive]
pub enum PkiError {
    /// A certificate, a request or a key that the core refuses.
    Enrol(EnrolError),
    /// The key that is to sign could not.
    Signing(Box<dyn StdError + Send + Sync>),
    /// The key that is to sign is another than the authority's.
    OtherKey,
    /// A request names nobody: neither a subject nor an alternative name.
    NoName,
    /// A request for a server's certificate without a name that a client could look for.
    NoServerName,
    /// An alternative name of a kind that nobody who is asked can be shown.
    UnshownName {
        /// The number of its kind in RFC 5280.
        kind: u8,
    },
    /// More alternative names than a certificate is given.
    TooManyNames {
        /// How many it is given at most.
        max: usize,
    },
    /// Somebody else asks for a certificate with the authority's own name or key.
    AuthoritysOwn,
    /// A request for a key that was revoked since somebody else may have it.
    CompromisedKey {
        /// The number of the certificate that was revoked.
        serial: String,
    },
    /// A certificate would be valid for longer than the authority that issues it.
    Outlives {
        /// The authority's last moment, as text.
        end: String,
    },
    /// A certificate's last moment does not lie behind its first.
    NoTime,
    /// The certificate is no authority's, or that of one that may have none below it.
    NotAnAuthority,
    /// Text that is no serial number.
    InvalidSerial,
    /// A list of revoked certificates whose structure is not that of one.
    MalformedList {
        /// Where in its DER.
        offset: usize,
    },
    /// A list that is signed in another way than with SHA-256 and RSA.
    ListAlgorithm {
        /// Which, in numbers.
        oid: String,
    },
    /// A file of more than one list.
    SeveralLists,
    /// A list that is not this authority's.
    OtherList,
    /// A list whose signature is not that of its authority.
    ListSignature,
    /// A list that has something critical in it which is not understood.
    UnknownCriticalInList,
    /// A list of a part of what its authority revoked, of changes alone, or of several authorities.
    PartialList,
    /// A list that does not say when its successor will be there.
    ListWithoutEnd,
    /// A list that is made only later.
    ListNotYet {
        /// When, as text.
        this_update: String,
    },
    /// A list with the greatest number that there is here: none can follow it.
    ListNumber,
    /// A list of an authority that may not make any.
    NoListSigner,
    /// A list whose successor should be there already.
    ListOverdue {
        /// When it should have been, as text.
        next_update: String,
    },
    /// A list that is older than the newest one of its authority that was seen, or that lacks what another of the same
    /// number has.
    ListOlder {
        /// Its number and time, as text.
        found: String,
        /// Those of the newest.
        newest: String,
    },
    /// What is wrong with one of several files.
    InFile {
        /// Which.
        file: PathBuf,
        /// What.
        error: Box<Self>,
    },
    /// Lists of revoked certificates are required, and none is there.
    NoLists,
    /// No root is among the certificates that are to be trusted.
    NoRoot,
    /// A policy that says who is trusted where, and cannot be used.
    Policy {
        /// Why.
        text: String,
    },
    /// A certificate and a key that cannot be shown.
    Credentials {
        /// Why.
        text: String,
    },
    /// A certificate that this authority has not issued.
    NotIssued {
        /// What was looked for.
        wanted: String,
    },
    /// A certificate that was revoked before.
    AlreadyRevoked {
        /// When, as text.
        time: String,
    },
    /// The passphrase opens nothing, or what it opens was changed.
    WrongPassphrase,
    /// An empty passphrase protects nothing.
    EmptyPassphrase,
    /// A private key that is encrypted in a way that is not read here.
    KeyEncryption,
    /// A private key whose encryption asks for more work or memory than is given to it.
    KeyCost,
    /// A PKCS#12 file that is none, or is not whole.
    MalformedPkcs12,
    /// A PKCS#12 file that is protected in a way that is not read here.
    Pkcs12Algorithm,
    /// A PKCS#12 file in which nothing shows that nobody changed it.
    NoMac,
    /// A PKCS#12 file with more than one private key.
    SeveralKeys,
    /// A PKCS#12 file with more certificates than are read.
    TooManyCertificates,
    /// A file that wants its passphrase hashed more often than is done.
    TooMuchWork {
        /// How often it is done for a file at most.
        limit: u32,
    },
    /// A key that none of the certificates is for.
    NotItsCertificate,
    /// The authority's key is not in its folder.
    NoKey,
    /// The private key's file is damaged.
    DamagedKey,
    /// A file of the folder is not as it was written.
    Damaged {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// The register lacks what the newest list has.
    Shortened {
        /// The register.
        file: PathBuf,
    },
    /// A line does not fit those that stand in the register.
    Contradiction {
        /// The register.
        file: PathBuf,
    },
    /// A file among an authority's certificates that is not the one which its name says.
    Stray {
        /// The file.
        file: PathBuf,
    },
    /// The folder holds no authority.
    NoAuthority {
        /// The folder.
        folder: PathBuf,
    },
    /// There is something already where an authority is to be made.
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// Another process works in the folder.
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// A file could not be read or written.
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl PkiError {
    /// The stable name: `not-issued`, …, or that of what the core refuses.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Enrol(error) => error.name(),
            Self::InFile { error, .. } => error.name(),
            Self::Signing(_) => "signing-fault",
            Self::OtherKey => "other-key",
            Self::NoName => "no-name",
            Self::NoServerName => "no-server-name",
            Self::UnshownName { .. } => "unshown-name",
            Self::TooManyNames { .. } => "too-many-names",
            Self::AuthoritysOwn => "authoritys-own",
            Self::CompromisedKey { .. } => "compromised-key",
            Self::Outlives { .. } => "outlives-authority",
            Self::NoTime => "no-time",
            Self::NotAnAuthority => "not-an-authority",
            Self::InvalidSerial => "invalid-serial",
            Self::MalformedList { .. } => "malformed-list",
            Self::ListAlgorithm { .. } => "list-algorithm",
            Self::SeveralLists => "several-lists",
            Self::OtherList => "other-list",
            Self::ListSignature => "list-signature",
            Self::UnknownCriticalInList => "unknown-critical",
            Self::PartialList => "partial-list",
            Self::ListWithoutEnd => "list-without-end",
            Self::ListNotYet { .. } => "list-not-yet",
            Self::ListNumber => "list-number",
            Self::NoListSigner => "no-list-signer",
            Self::ListOverdue { .. } => "list-overdue",
            Self::ListOlder { .. } => "list-older",
            Self::NoLists => "no-list",
            Self::NoRoot => "no-root",
            Self::Policy { .. } => "policy",
            Self::Credentials { .. } => "credentials",
            Self::NotIssued { .. } => "not-issued",
            Self::AlreadyRevoked { .. } => "already-revoked",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::EmptyPassphrase => "empty-passphrase",
            Self::KeyEncryption => "key-encryption",
            Self::KeyCost => "key-cost",
            Self::MalformedPkcs12 => "malformed-pkcs12",
            Self::Pkcs12Algorithm => "pkcs12-algorithm",
            Self::NoMac => "no-mac",
            Self::SeveralKeys => "several-keys",
            Self::TooManyCertificates => "too-many-certificates",
            Self::TooMuchWork { .. } => "too-much-work",
            Self::NotItsCertificate => "not-its-certificate",
            Self::NoKey => "no-key",
            Self::DamagedKey => "damaged-key",
            Self::Damaged { .. } => "damaged-authority",
            Self::Shortened { .. } => "shortened-register",
            Self::Contradiction { .. } => "contradiction",
            Self::Stray { .. } => "stray-file",
            Self::NoAuthority { .. } => "no-authority",
            Self::Exists { .. } => "exists",
            Self::Busy { .. } => "busy",
            Self::File { .. } => "file",
        }
    }

    /// Whether nothing was judged: a file or a folder cannot be used at all.
    #[must_use]
    pub const fn is_about_files(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. }
                | Self::Shortened { .. }
                | Self::Contradiction { .. }
                | Self::Stray { .. }
                | Self::NoAuthority { .. }
                | Self::Exists { .. }
                | Self::Busy { .. }
                | Self::File { .. }
        )
    }

    /// The same, if it does not say already in which file.
    #[cfg(feature = "tls")]
    pub(crate) fn in_file(self, file: &Path) -> Self {
        match self {
            Self::File { .. } | Self::InFile { .. } => self,
            error => Self::InFile {
                file: file.to_owned(),
                error: Box::new(error),
            },
        }
    }

    pub(crate) fn file(file: &Path, error: io::Error) -> Self {
        Self::File {
            file: file.to_owned(),
            error,
        }
    }
}

impl fmt::Display for PkiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enrol(error) => error.fmt(f),
            Self::Signing(error) => write!(f, "the authority's key did not sign: {error}"),
            Self::Outlives { end } => write!(
                f,
                "it would be valid for longer than the authority, which ends on {end}: ask for fewer days, \
                 or renew the authority first"
            ),
            Self::UnshownName { kind } => write!(
                f,
                "it asks for an alternative name of kind {kind} (RFC 5280 4.2.1.6), which cannot be shown and is not \
                 issued unseen: ask with DNS names, addresses, e-mail addresses or URIs"
            ),
            Self::TooManyNames { max } => write!(
                f,
                "it asks for more than {max} alternative names: ask for several certificates"
            ),
            Self::CompromisedKey { serial } => write!(
                f,
                "its key was revoked with number {serial}, since somebody else may have it: ask with a new key"
            ),
            Self::ListNotYet { this_update } => write!(
                f,
                "the list of revoked certificates is made only on {this_update}: are both clocks right?"
            ),
            Self::MalformedList { offset } => write!(
                f,
                "the file is no list of revoked certificates at byte {offset} of its DER: is it damaged, or \
                 something else?"
            ),
            Self::ListAlgorithm { oid } => write!(
                f,
                "the list of revoked certificates is signed with {oid}, and is read only with SHA-256 and RSA \
                 (1.2.840.113549.1.1.11): have its authority sign it so"
            ),
            Self::ListOverdue { next_update } => write!(
                f,
                "the list of revoked certificates should have been renewed by {next_update}: who was revoked \
                 since is not known; have the authority renew it"
            ),
            Self::ListOlder { found, newest } => write!(
                f,
                "the list of revoked certificates is {found}, and the newest that was seen is {newest}: an older \
                 one, or one of the same number with fewer in it, would let in whom it does not know"
            ),
            Self::InFile { file, error } => write!(f, "{}: {error}", file.display()),
            Self::Policy { text } | Self::Credentials { text } => f.write_str(text),
            Self::NotIssued { wanted } => {
                write!(f, "this authority has issued nothing with {wanted}")
            }
            Self::AlreadyRevoked { time } => write!(f, "it was revoked before, on {time}"),
            Self::TooMuchWork { limit } => write!(
                f,
                "the file wants its passphrase hashed more than {limit} times, which would take long and protects no \
                 better: make it anew with fewer iterations"
            ),
            Self::Damaged { file, line } => write!(
                f,
                "{}:{line}: the line is not as it was written: take the folder from a backup",
                file.display()
            ),
            Self::Shortened { file } => write!(
                f,
                "{} lacks what the newest list of revoked certificates has: lines are missing; take the folder from \
                 a backup",
                file.display()
            ),
            Self::Contradiction { file } => write!(
                f,
                "{} has something else than what is to be added to it: nothing was written",
                file.display()
            ),
            Self::Stray { file } => write!(
                f,
                "{} is no certificate of this authority with the number in its name: move it out of the folder",
                file.display()
            ),
            Self::NoAuthority { folder } => {
                write!(f, "{} holds no authority: make one first", folder.display())
            }
            Self::Exists { folder } => write!(
                f,
                "{} exists and is never overwritten: name a new folder",
                folder.display()
            ),
            Self::Busy { folder } => write!(
                f,
                "another process works in {}: try again once it is done",
                folder.display()
            ),
            Self::File { file, error } => write!(f, "{}: {error}", file.display()),
            other => f.write_str(other.plain()),
        }
    }
}

impl PkiError {
    /// What needs no more than words.
    const fn plain(&self) -> &'static str {
        match self {
            Self::OtherKey => "the key that is to sign is not the authority's",
            Self::NoName => {
                "it names nobody: neither a subject nor an alternative name stands in it"
            }
            Self::NoServerName => {
                "a server needs a name that its clients look for: ask with a DNS name or an address in the \
                 subjectAltName"
            }
            Self::AuthoritysOwn => {
                "it has the authority's own name or key, which nobody else gets: ask with another"
            }
            Self::ListWithoutEnd => {
                "the list of revoked certificates does not say until when it holds: have the authority make one \
                 with nextUpdate"
            }
            Self::PartialList => {
                "the list of revoked certificates is not a whole one of one authority: it has changes alone, a part, or \
                 several authorities; take the whole list"
            }
            Self::ListNumber => {
                "the list's number has 64 bits or more, and no list here could have a greater one"
            }
            Self::NoListSigner => {
                "the authority's certificate does not allow it to sign lists of revoked certificates (cRLSign)"
            }
            Self::KeyCost => {
                "the key's encryption asks for more work than is done here, 10 million iterations or 256 MiB: \
                 `openssl pkcs8 -topk8 -in FILE -v2 aes-256-cbc -out NEW` writes it anew"
            }
            Self::NoTime => "a certificate's end must lie behind its beginning",
            Self::NotAnAuthority => {
                "the certificate is no authority's, or none that may sign certificates and lists (keyCertSign, cRLSign) \
                 or have another below it"
            }
            Self::InvalidSerial => "a serial number is 1 to 40 hexadecimal digits and not zero",
            Self::SeveralLists => {
                "the file has more than one list of revoked certificates: put each into a file of its own"
            }
            Self::OtherList => "the list of revoked certificates is another authority's",
            Self::ListSignature => {
                "the list of revoked certificates is not signed by its authority's key: it was changed"
            }
            Self::NoLists => {
                "there is no list of revoked certificates: name one, or say that nobody asks"
            }
            Self::NoRoot => {
                "no certificate among them issued itself: name the root, with those below it or without"
            }
            Self::UnknownCriticalInList => {
                "the list of revoked certificates has a critical extension that is not understood: it may \
                 not be complete"
            }
            Self::WrongPassphrase => {
                "the passphrase does not open it: it is another one, or the file was changed or damaged since"
            }
            Self::EmptyPassphrase => "an empty passphrase protects nothing: choose one",
            Self::KeyEncryption => {
                "the key is encrypted in an old way, which is not read here: `openssl pkcs8 -topk8 -in FILE -v2 \
                 aes-256-cbc -out NEW` writes it anew"
            }
            Self::MalformedPkcs12 => {
                "the file is no PKCS#12 file in DER, or it is damaged or cut off: take it anew from where it was made"
            }
            Self::Pkcs12Algorithm => {
                "the file is protected in a way that is not read here: `openssl pkcs12 -in FILE -nodes`, and `daxsign p12 \
                 export` of what that gives, write it anew"
            }
            Self::NoMac => {
                "the file has no MAC that its passphrase makes, so nothing shows that nobody changed it: make it anew"
            }
            Self::SeveralKeys => {
                "the file holds more than one private key: take the one that is meant out of it, such as with `keytool \
                 -importkeystore -srcalias NAME`"
            }
            Self::TooManyCertificates => {
                "the file holds more than 1000 certificates: take out those that are meant"
            }
            Self::NotItsCertificate => {
                "none of the certificates is the key's: another key or another certificate is meant"
            }
            Self::NoKey => "the authority's key is not in its folder: it is kept elsewhere",
            _ => "the file of the encrypted key is damaged: take it from a backup",
        }
    }
}

impl StdError for PkiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Enrol(error) => Some(error),
            Self::File { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<EnrolError> for PkiError {
    fn from(error: EnrolError) -> Self {
        Self::Enrol(error)
    }
}

impl From<Error> for PkiError {
    fn from(error: Error) -> Self {
        Self::Enrol(error.into())
    }
}

/// Only lists are read here whose structure nobody checked before.
impl From<Malformed> for PkiError {
    fn from(Malformed { offset }: Malformed) -> Self {
        Self::MalformedList { offset }
    }
}
