//! The one status that every function returns, with its name and what to do.

use core::ffi::{CStr, c_char};

use daxsign_core::Error;

use crate::number::numbers;

/// cbindgen:rename-all=ScreamingSnakeCase
/// What a function says. 0 is the only success. The names are those of the rules
/// (`daxsign_status_name`); numbers below 100 are errors of the request, the signature or the key,
/// numbers from 101 are errors of the call itself.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names)]
pub enum DaxsignStatus {
    /// Done; or verified.
    DaxsignOk = 0,
    /// A name in the component list is no HTTP field name.
    DaxsignErrInvalidComponent = 1,
    /// The component list lacks `(request-target)` or `date`.
    DaxsignErrMissingComponent = 2,
    /// The component list holds a name in parentheses other than `(request-target)`.
    DaxsignErrUnsupportedComponent = 3,
    /// The method is not an HTTP token.
    DaxsignErrInvalidMethod = 4,
    /// The target does not start with `/` or is not visible ASCII.
    DaxsignErrInvalidTarget = 5,
    /// A listed field is not in the request, or a request to verify has no `Signature`.
    DaxsignErrMissingHeader = 6,
    /// A listed field has a value that cannot be signed.
    DaxsignErrInvalidHeaderValue = 7,
    /// The `Date` field is not an ISO 8601 time with a zone.
    DaxsignErrInvalidDate = 8,
    /// `Content-Length` is not the body's length.
    DaxsignErrContentLengthMismatch = 9,
    /// A field names a charset other than UTF-8.
    DaxsignErrUnsupportedCharset = 10,
    /// `DAXSIGN_CONTENT_REST` asks for `Content-Type: application/json`.
    DaxsignErrInvalidContentType = 11,
    /// The body is not UTF-8 or starts with a byte order mark.
    DaxsignErrInvalidBody = 12,
    /// The output does not fit; the length needed was written.
    DaxsignErrBufferTooSmall = 13,
    /// The `Signature` field breaks the grammar.
    DaxsignErrMalformedSignatureHeader = 14,
    /// The `Signature` field lacks a parameter.
    DaxsignErrMissingParameter = 15,
    /// The `Signature` field has a parameter twice.
    DaxsignErrDuplicateParameter = 16,
    /// The realm is not `dax`.
    DaxsignErrWrongRealm = 17,
    /// The algorithm is not `sha256withrsa`.
    DaxsignErrUnsupportedAlgorithm = 18,
    /// The signature is not canonical base64 of exactly the modulus's length.
    DaxsignErrInvalidSignatureEncoding = 19,
    /// The signature does not belong to this request, key and profile.
    DaxsignErrSignatureMismatch = 20,
    /// The date lies too far in the past.
    DaxsignErrStaleDate = 21,
    /// The date lies too far ahead.
    DaxsignErrFutureDate = 22,
    /// This request was accepted before.
    DaxsignErrReplayed = 23,
    /// The replay guard holds as many fresh requests as it can.
    DaxsignErrReplayGuardFull = 24,
    /// The strict policy refuses a body that the list does not bind.
    DaxsignErrUnboundBody = 25,
    /// The key cannot be read, or its numbers do not belong together.
    DaxsignErrInvalidKey = 26,
    /// The key is of a kind that DAX does not use, or larger than this build can hold.
    DaxsignErrUnsupportedKey = 27,
    /// The modulus has fewer than 2048 bits.
    DaxsignErrKeyTooSmall = 28,
    /// The signature just made does not verify; nothing was given out.
    DaxsignErrSigningFault = 29,
    /// A fault of this library, not of the caller's: report it. Nothing was given out.
    DaxsignErrInternalFault = 30,
    /// What was given for a field of a certificate request cannot stand there.
    DaxsignErrInvalidField = 31,
    /// No key of so many bits is made.
    DaxsignErrKeySize = 32,
    /// The caller's source of randomness failed.
    DaxsignErrRandomnessFailed = 33,
    /// The caller's source of randomness repeats itself.
    DaxsignErrRandomnessStuck = 34,
    /// No prime was found among as many numbers as may be tried.
    DaxsignErrNoPrime = 35,
    /// A certificate whose structure is not that of one.
    DaxsignErrMalformedCertificate = 36,
    /// A certificate that the pinned authority did not issue, or not so that it may be trusted.
    DaxsignErrUntrustedCertificate = 37,
    /// Bytes that are no message which everybody reads in the same way.
    DaxsignErrMalformedMessage = 38,
    /// A pointer is NULL where something must be.
    DaxsignErrNullPointer = 101,
    /// A length is larger than any object can be.
    DaxsignErrInvalidLength = 102,
    /// A number is not a value of its enum, or out of its range.
    DaxsignErrInvalidArgument = 103,
    /// An output overlaps another output or an input.
    DaxsignErrOverlap = 104,
    /// A pointer does not have its type's alignment.
    DaxsignErrMisaligned = 105,
    /// Caller's storage is smaller than this build of the library needs.
    DaxsignErrTooSmall = 106,
    /// A struct does not have the size that this library knows: header and library differ.
    DaxsignErrAbiMismatch = 107,
    /// Nothing was loaded or started in this storage, or it was finished or wiped.
    DaxsignErrNotInitialised = 108,
    /// The caller's signing callback reported a failure.
    DaxsignErrSignerFailed = 109,
    /// An error that this version of the interface has no number for.
    DaxsignErrUnknown = 199,
}

use DaxsignStatus as S;

/// All statuses with their names.
pub const STATUSES: [(DaxsignStatus, &CStr); 49] = [
    (S::DaxsignOk, c"ok"),
    (S::DaxsignErrInvalidComponent, c"invalid-component"),
    (S::DaxsignErrMissingComponent, c"missing-component"),
    (S::DaxsignErrUnsupportedComponent, c"unsupported-component"),
    (S::DaxsignErrInvalidMethod, c"invalid-method"),
    (S::DaxsignErrInvalidTarget, c"invalid-target"),
    (S::DaxsignErrMissingHeader, c"missing-header"),
    (S::DaxsignErrInvalidHeaderValue, c"invalid-header-value"),
    (S::DaxsignErrInvalidDate, c"invalid-date"),
    (
        S::DaxsignErrContentLengthMismatch,
        c"content-length-mismatch",
    ),
    (S::DaxsignErrUnsupportedCharset, c"unsupported-charset"),
    (S::DaxsignErrInvalidContentType, c"invalid-content-type"),
    (S::DaxsignErrInvalidBody, c"invalid-body"),
    (S::DaxsignErrBufferTooSmall, c"buffer-too-small"),
    (
        S::DaxsignErrMalformedSignatureHeader,
        c"malformed-signature-header",
    ),
    (S::DaxsignErrMissingParameter, c"missing-parameter"),
    (S::DaxsignErrDuplicateParameter, c"duplicate-parameter"),
    (S::DaxsignErrWrongRealm, c"wrong-realm"),
    (S::DaxsignErrUnsupportedAlgorithm, c"unsupported-algorithm"),
    (
        S::DaxsignErrInvalidSignatureEncoding,
        c"invalid-signature-encoding",
    ),
    (S::DaxsignErrSignatureMismatch, c"signature-mismatch"),
    (S::DaxsignErrStaleDate, c"stale-date"),
    (S::DaxsignErrFutureDate, c"future-date"),
    (S::DaxsignErrReplayed, c"replayed"),
    (S::DaxsignErrReplayGuardFull, c"replay-guard-full"),
    (S::DaxsignErrUnboundBody, c"unbound-body"),
    (S::DaxsignErrInvalidKey, c"invalid-key"),
    (S::DaxsignErrUnsupportedKey, c"unsupported-key"),
    (S::DaxsignErrKeyTooSmall, c"key-too-small"),
    (S::DaxsignErrSigningFault, c"signing-fault"),
    (S::DaxsignErrInternalFault, c"internal-fault"),
    (S::DaxsignErrInvalidField, c"invalid-field"),
    (S::DaxsignErrKeySize, c"key-size"),
    (S::DaxsignErrRandomnessFailed, c"randomness-failed"),
    (S::DaxsignErrRandomnessStuck, c"randomness-stuck"),
    (S::DaxsignErrNoPrime, c"no-prime"),
    (S::DaxsignErrMalformedCertificate, c"malformed-certificate"),
    (S::DaxsignErrUntrustedCertificate, c"untrusted-certificate"),
    (S::DaxsignErrMalformedMessage, c"malformed-message"),
    (S::DaxsignErrNullPointer, c"null-pointer"),
    (S::DaxsignErrInvalidLength, c"invalid-length"),
    (S::DaxsignErrInvalidArgument, c"invalid-argument"),
    (S::DaxsignErrOverlap, c"overlap"),
    (S::DaxsignErrMisaligned, c"misaligned"),
    (S::DaxsignErrTooSmall, c"too-small"),
    (S::DaxsignErrAbiMismatch, c"abi-mismatch"),
    (S::DaxsignErrNotInitialised, c"not-initialised"),
    (S::DaxsignErrSignerFailed, c"signer-failed"),
    (S::DaxsignErrUnknown, c"unknown"),
];

numbers!(DaxsignStatus: i32);

impl DaxsignStatus {
    /// The status with this number.
    pub(crate) fn from_number(number: i32) -> Option<Self> {
        KNOWN.into_iter().find(|status| status.number() == number)
    }

    /// The status of an error of the core.
    #[must_use]
    pub const fn from_error(error: &Error) -> Self {
        match error {
            Error::InvalidComponent { .. } => S::DaxsignErrInvalidComponent,
            Error::MissingComponent { .. } => S::DaxsignErrMissingComponent,
            Error::UnsupportedComponent { .. } => S::DaxsignErrUnsupportedComponent,
            Error::InvalidMethod { .. } => S::DaxsignErrInvalidMethod,
            Error::InvalidTarget { .. } => S::DaxsignErrInvalidTarget,
            Error::MissingHeader { .. } => S::DaxsignErrMissingHeader,
            Error::InvalidHeaderValue { .. } => S::DaxsignErrInvalidHeaderValue,
            Error::InvalidDate { .. } => S::DaxsignErrInvalidDate,
            Error::ContentLengthMismatch { .. } => S::DaxsignErrContentLengthMismatch,
            Error::UnsupportedCharset { .. } => S::DaxsignErrUnsupportedCharset,
            Error::InvalidContentType => S::DaxsignErrInvalidContentType,
            Error::InvalidBody { .. } => S::DaxsignErrInvalidBody,
            Error::BufferTooSmall { .. } => S::DaxsignErrBufferTooSmall,
            Error::MalformedSignatureHeader { .. } => S::DaxsignErrMalformedSignatureHeader,
            Error::MissingParameter { .. } => S::DaxsignErrMissingParameter,
            Error::DuplicateParameter { .. } => S::DaxsignErrDuplicateParameter,
            Error::WrongRealm { .. } => S::DaxsignErrWrongRealm,
            Error::UnsupportedAlgorithm { .. } => S::DaxsignErrUnsupportedAlgorithm,
            Error::InvalidSignatureEncoding { .. } => S::DaxsignErrInvalidSignatureEncoding,
            Error::SignatureMismatch => S::DaxsignErrSignatureMismatch,
            Error::StaleDate { .. } => S::DaxsignErrStaleDate,
            Error::FutureDate { .. } => S::DaxsignErrFutureDate,
            Error::Replayed => S::DaxsignErrReplayed,
            Error::ReplayGuardFull { .. } => S::DaxsignErrReplayGuardFull,
            Error::UnboundBody { .. } => S::DaxsignErrUnboundBody,
            Error::InvalidKey { .. } => S::DaxsignErrInvalidKey,
            Error::UnsupportedKey { .. } => S::DaxsignErrUnsupportedKey,
            Error::KeyTooSmall { .. } => S::DaxsignErrKeyTooSmall,
            Error::SigningFault => S::DaxsignErrSigningFault,
            Error::InternalFault => S::DaxsignErrInternalFault,
        }
    }
}

/// The name of a status: `missing-header`, `invalid-date`, …; `ok` for 0, and `unknown` for a number
/// that is no status. The same names stand in the rules, in Rust and in the tool's messages.
///
/// Returns a constant string that ends in NUL; never NULL. Any thread, any time. Stack: small.
#[unsafe(no_mangle)]
pub extern "C" fn daxsign_status_name(status: i32) -> *const c_char {
    let mut name = NAMES.as_slice();
    // The last one is that of the error without a number: `unknown`.
    for number in &NUMBERS {
        if i32::from(*number) == status || i32::from(*number) == S::DaxsignErrUnknown.number() {
            break;
        }
        while let [byte, rest @ ..] = name {
            name = rest;
            if *byte == 0 {
                break;
            }
        }
    }
    name.as_ptr().cast()
}

/// The statuses of [`STATUSES`].
static KNOWN: [DaxsignStatus; STATUSES.len()] = known();
/// Their numbers, a byte each: a program that prints names only needs no more.
static NUMBERS: [u8; STATUSES.len()] = bytes();
/// The names one behind the other, each with its NUL. Not as in [`STATUSES`]: the linker puts all C
/// strings of a compilation together, so that a single one brings every sentence with it.
static NAMES: [u8; names_len()] = names();

const fn known() -> [DaxsignStatus; STATUSES.len()] {
    let mut all = [S::DaxsignOk; STATUSES.len()];
    let mut free = all.as_mut_slice();
    let mut left = STATUSES.as_slice();
    while let ([slot, slots @ ..], [(status, _), rest @ ..]) = (free, left) {
        *slot = *status;
        free = slots;
        left = rest;
    }
    all
}

const fn bytes() -> [u8; STATUSES.len()] {
    let mut all = [0; STATUSES.len()];
    let mut free = all.as_mut_slice();
    let mut left = STATUSES.as_slice();
    while let ([slot, slots @ ..], [(status, _), rest @ ..]) = (free, left) {
        // None is larger, which the names show.
        if let [byte, 0, 0, 0] = status.number().to_le_bytes() {
            *slot = byte;
        }
        free = slots;
        left = rest;
    }
    all
}

const fn names_len() -> usize {
    let mut len = 0;
    let mut left = STATUSES.as_slice();
    while let [(_, name), rest @ ..] = left {
        len = name.to_bytes_with_nul().len().saturating_add(len);
        left = rest;
    }
    len
}

const fn names() -> [u8; names_len()] {
    let mut all = [0; names_len()];
    let mut free = all.as_mut_slice();
    let mut left = STATUSES.as_slice();
    let mut name: &[u8] = &[];
    while let [slot, slots @ ..] = free {
        if let ([], [(_, next), rest @ ..]) = (name, left) {
            name = next.to_bytes_with_nul();
            left = rest;
        }
        if let [byte, bytes @ ..] = name {
            *slot = *byte;
            name = bytes;
        }
        free = slots;
    }
    all
}

/// What a status means and what to do, in one English sentence. `daxsign_detail_message` says it
/// with the names and numbers of the case at hand.
///
/// Returns a constant string that ends in NUL; never NULL. Any thread, any time. Stack: small.
#[unsafe(no_mangle)]
pub extern "C" fn daxsign_status_message(status: i32) -> *const c_char {
    DaxsignStatus::from_number(status)
        .map_or(c"this number is no status of this library", message)
        .as_ptr()
}

/// The sentence for a status. Those of a call's own errors are the whole message; the others are
/// told in detail by the core.
#[expect(clippy::too_many_lines, reason = "one match, an arm for each status")]
pub(crate) const fn message(status: DaxsignStatus) -> &'static CStr {
    match status {
        S::DaxsignOk => c"done",
        S::DaxsignErrNullPointer => {
            c"a pointer is NULL: only a length of 0 and what is documented as optional may come with NULL"
        }
        S::DaxsignErrInvalidLength => {
            c"a length is larger than any object can be: is it a negative number, or not initialised?"
        }
        S::DaxsignErrInvalidArgument => {
            c"a number is not a value of its enum or out of its range: use the DAXSIGN_... constants"
        }
        S::DaxsignErrOverlap => {
            c"an output overlaps another output or an input: give each its own memory"
        }
        S::DaxsignErrMisaligned => {
            c"a pointer does not have its type's alignment: declare the storage with its union type, or align it to 8 bytes"
        }
        S::DaxsignErrTooSmall => {
            c"the storage is too small for this build: was DAXSIGN_MAX_MODULUS_BITS set smaller than the library was built for?"
        }
        S::DaxsignErrAbiMismatch => {
            c"a struct does not have the size that this library knows: initialise it with its ..._INIT macro, and compile with the header that belongs to the library"
        }
        S::DaxsignErrNotInitialised => {
            c"nothing was loaded or started in this storage, or it was finished or wiped: load or start first"
        }
        S::DaxsignErrSignerFailed => {
            c"the signing callback reported a failure: its number stands in the detail"
        }
        S::DaxsignErrUnknown => {
            c"an error that this version of the interface has no number for"
        }
        S::DaxsignErrInvalidComponent => {
            c"a name in the component list is no HTTP field name: write names such as content-type, separated by single spaces"
        }
        S::DaxsignErrMissingComponent => {
            c"the component list lacks (request-target) or date: add it"
        }
        S::DaxsignErrUnsupportedComponent => {
            c"the only name in parentheses that a component list may hold is (request-target)"
        }
        S::DaxsignErrInvalidMethod => c"the method is not an HTTP token such as GET or POST",
        S::DaxsignErrInvalidTarget => {
            c"the target must start with / and hold visible ASCII only: percent-encode everything else"
        }
        S::DaxsignErrMissingHeader => {
            c"a listed field is not in the request, or a request to verify has no Signature"
        }
        S::DaxsignErrInvalidHeaderValue => {
            c"a listed field has a value that cannot be signed: a line break, a control character, or not UTF-8"
        }
        S::DaxsignErrInvalidDate => {
            c"the date is not ISO 8601 with a zone, such as 2020-05-17T14:44:30.2437457Z: make it with daxsign_date_format"
        }
        S::DaxsignErrContentLengthMismatch => {
            c"Content-Length is not the body's length: send exactly the bytes that are signed"
        }
        S::DaxsignErrUnsupportedCharset => {
            c"a field names a charset other than UTF-8: encode the request as UTF-8"
        }
        S::DaxsignErrInvalidContentType => {
            c"Content-Type is not application/json, which the REST API asks for"
        }
        S::DaxsignErrInvalidBody => c"the body is not UTF-8, or starts with a byte order mark",
        S::DaxsignErrBufferTooSmall => {
            c"the output does not fit: give a buffer of the length that was written"
        }
        S::DaxsignErrMalformedSignatureHeader => c"the Signature field is malformed",
        S::DaxsignErrMissingParameter => {
            c"the Signature field lacks realm, algorithm, headers or signature"
        }
        S::DaxsignErrDuplicateParameter => c"the Signature field has a parameter twice",
        S::DaxsignErrWrongRealm => c"the realm in the Signature field is not dax",
        S::DaxsignErrUnsupportedAlgorithm => {
            c"the algorithm in the Signature field is not sha256withrsa"
        }
        S::DaxsignErrInvalidSignatureEncoding => {
            c"the signature is not canonical base64 of the modulus's length: cut off, or for another key?"
        }
        S::DaxsignErrSignatureMismatch => {
            c"the signature does not belong to this request, key and profile: daxsign_explain finds out why"
        }
        S::DaxsignErrStaleDate => c"the request's date lies too far back: check both clocks",
        S::DaxsignErrFutureDate => c"the request's date lies too far ahead: check both clocks",
        S::DaxsignErrReplayed => {
            c"this request was accepted before: a repeated request needs a new date and signature"
        }
        S::DaxsignErrReplayGuardFull => {
            c"the replay guard is full of fresh requests: try later, or give it more entries"
        }
        S::DaxsignErrUnboundBody => {
            c"the signature does not bind the body: list content-length, and date last"
        }
        S::DaxsignErrInvalidKey => {
            c"the key cannot be read, or its numbers do not belong together: is the file damaged?"
        }
        S::DaxsignErrUnsupportedKey => {
            c"use an unencrypted RSA key (private: PKCS#1, PKCS#8; public: SPKI, PKCS#1, X.509) of a size this build holds"
        }
        S::DaxsignErrKeyTooSmall => c"the key has fewer than 2048 bits: make a new one",
        S::DaxsignErrSigningFault => {
            c"the signature just made does not verify and was not given out: load the key again, and replace the device if it recurs"
        }
        S::DaxsignErrInternalFault => {
            c"this library failed, not the key or the request: report it, with the library's version and what was done"
        }
        S::DaxsignErrInvalidField => {
            c"a field of the certificate request cannot be used: daxsign_enrolling_message says why"
        }
        S::DaxsignErrKeySize => c"keys of 2048, 3072 or 4096 bits are made, up to what this build holds",
        S::DaxsignErrRandomnessFailed => {
            c"the source of randomness failed, so no key was made: its number stands in the detail"
        }
        S::DaxsignErrRandomnessStuck => {
            c"the source of randomness repeats itself: replace it, and all that was made with it"
        }
        S::DaxsignErrNoPrime => c"no prime was found: the source of randomness gives no random numbers",
        S::DaxsignErrMalformedCertificate => {
            c"the file is no certificate, or damaged: daxsign_enrolling_message says where"
        }
        S::DaxsignErrUntrustedCertificate => {
            c"the certificate is not trusted: daxsign_enrolling_message says why"
        }
        S::DaxsignErrMalformedMessage => {
            c"the bytes are no message that everybody reads in the same way: daxsign_reading_message says why"
        }
    }
}
