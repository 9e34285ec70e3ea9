//! Why a signature does not match.

use core::ffi::c_char;

use daxsign_core::{
    Error, Explainer, Finding, Options, PublicKey, Request, SignatureHeader, Sink, SliceSink,
    Variation,
};

use crate::call::call;
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::keys::DaxsignPublicKey;
use crate::memory::caller::Caller;
use crate::memory::plain::{Plain, Versioned};
use crate::number::numbers;
use crate::options::{DaxsignOptions, out_of_range, profile_number, read_options, read_profile};
use crate::request::DaxsignRequest;
use crate::signing::DAXSIGN_DIGEST_LEN;
use crate::status::DaxsignStatus;
use crate::text::{collect, fix, unfixed};

/// What `daxsign_explain` found out.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignFinding {
    /// The signature covers exactly the signing string, under `profile`.
    Verifies = 1,
    /// The signature covers another string, made by the mistake `name`, under `profile`.
    Mistake = 2,
    /// The signature opens with this key but holds the hash `name`.
    OtherHash = 3,
    /// Nothing known stands in the signature: another key, another operation, or damage.
    WrongKey = 4,
    /// The signature opens and holds the SHA-256 `digest`, which no known mistake leads to.
    Unexplained = 5,
    /// The signature opens with this key and was made wrongly, by `name`; of what string is not known.
    WrongEncoding = 6,
}

numbers!(DaxsignFinding: u32);

use DaxsignFinding as F;

/// What can be found.
const FINDINGS: [F; 6] = [
    F::Verifies,
    F::Mistake,
    F::OtherHash,
    F::WrongKey,
    F::Unexplained,
    F::WrongEncoding,
];

/// The room for a name in `DaxsignExplanation`, its NUL included.
///
/// Each mistake has a name of up to 35 bytes, and a sign behind it; there are up to ten at once.
pub const DAXSIGN_EXPLANATION_NAME: usize = 360;

/// What `daxsign_explain` found out. Initialise it with `DAXSIGN_EXPLANATION_INIT`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignExplanation {
    /// `sizeof(DaxsignExplanation)`.
    pub struct_size: u32,
    /// A `DaxsignFinding`.
    pub finding: u32,
    /// The `DaxsignProfile` that the signer used; 0 where it is not known.
    pub profile: u32,
    /// The hash in the signature, where nothing explains it; else zeros.
    pub digest: [u8; DAXSIGN_DIGEST_LEN],
    /// The mistake (`crlf-line-ends`, `body-left-out+full-target`, …) or the hash (`SHA-1`); ends in
    /// NUL.
    pub name: [c_char; DAXSIGN_EXPLANATION_NAME],
    /// Read: about how many bytes the search may hash; 0 for 64 MiB, which a PC does in a second or
    /// two and a microcontroller in minutes. Written: as it was.
    pub budget: u64,
    /// How many bytes it took.
    pub searched: u64,
    /// 1 if all combinations of up to three mistakes were tried; else 0, as where a string was found
    /// before.
    pub complete: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: integers.
unsafe impl Plain for DaxsignExplanation {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignExplanation {
    const NAME: &'static str = "explanation";
}

impl DaxsignExplanation {
    fn from_finding(finding: Finding) -> Self {
        let mut known = Self {
            struct_size: Self::size(),
            finding: 0,
            profile: 0,
            digest: [0; DAXSIGN_DIGEST_LEN],
            name: [0; DAXSIGN_EXPLANATION_NAME],
            budget: 0,
            searched: 0,
            complete: 0,
            reserved: 0,
        };
        let found = match finding {
            Finding::Verifies { profile } => {
                known.profile = profile_number(profile);
                F::Verifies
            }
            Finding::Mistake { variation, profile } => {
                known.profile = profile_number(profile);
                name_of(&variation, &mut known.name);
                F::Mistake
            }
            Finding::OtherHash { name } => {
                fix(&mut known.name, name.as_bytes());
                F::OtherHash
            }
            Finding::WrongEncoding { variation } => {
                name_of(&variation, &mut known.name);
                F::WrongEncoding
            }
            Finding::WrongKey => F::WrongKey,
            Finding::Unexplained { digest } => {
                known.digest = *digest.as_bytes();
                F::Unexplained
            }
        };
        known.finding = found.number();
        known
    }
}

fn name_of(variation: &Variation, place: &mut [c_char; DAXSIGN_EXPLANATION_NAME]) {
    let mut buffer = [0; DAXSIGN_EXPLANATION_NAME];
    let mut sink = SliceSink::new(&mut buffer);
    variation.write_name(&mut sink);
    // Every name fits; a test goes through all of them.
    fix(place, sink.finish().unwrap_or_default());
}

/// Finds out what the `Signature` field of a request covers: the hash is taken out of the signature
/// and the mistakes that people make are tried, up to four at once, until some lead to it, under both
/// profiles. The date may be of any time. A diagnosis, never a verdict: to accept a request there is
/// `daxsign_verify`.
///
/// Errors: what is wrong with the `Signature` field, and `explanation` is as it was; or the first
/// rule that the request breaks, and `explanation` tells all the same what the signature covers.
/// Shared: `public_key`, `request`, `options`; exclusive: `explanation`. Stack: DAXSIGN_STACK_EXPLAIN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_explain(
    public_key: *const DaxsignPublicKey,
    request: *const DaxsignRequest,
    options: *const DaxsignOptions,
    explanation: *mut DaxsignExplanation,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let explanation = outputs.versioned(explanation)?;
        let inputs = outputs.inputs();
        let request = inputs.request(request)?;
        let key = inputs.stored(public_key)?.get()?;
        let options = read_options(inputs.optional(options)?)?.options;
        let budget = explanation.read().budget;
        let (known, refusal) = explained(key, &request, options, budget);
        if let Some(known) = known {
            explanation.write(known);
        }
        refusal.map_or(Ok(()), |error| Err(error.into()))
    })
}

/// What is told of a request, and what it breaks.
fn explained(
    key: &PublicKey,
    request: &Request<'_>,
    options: Options,
    budget: u64,
) -> (Option<DaxsignExplanation>, Option<Error>) {
    let mut explainer = Explainer::new(key).options(options);
    if budget > 0 {
        explainer = explainer.budget(budget);
    }
    let told = explainer.explain(request);
    let known = told.finding.map(|finding| DaxsignExplanation {
        budget,
        searched: told.searched.bytes,
        complete: told.searched.complete.into(),
        ..DaxsignExplanation::from_finding(finding)
    });
    (known, told.refusal)
}

/// Writes what was found as one English sentence.
///
/// `out` of 1024 bytes holds every sentence and a NUL behind it. Errors: `invalid-argument` for an
/// explanation that `daxsign_explain` did not write; `buffer-too-small`. Stack:
/// DAXSIGN_STACK_EXPLAIN(2048).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_explanation_message(
    explanation: *const DaxsignExplanation,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let known = outputs.inputs().versioned(explanation)?;
        out.fill(|out| message(known, out))
    })
}

fn message(known: &DaxsignExplanation, out: &mut [u8]) -> Result<usize, CallError> {
    let (bytes, len) = unfixed(&known.name);
    let name = bytes.get(..len).unwrap_or_default();
    let under = |sink: &mut SliceSink<'_>| {
        if let Ok(profile) = read_profile(known.profile) {
            sink.write(b" (profile ");
            sink.write(profile.name().as_bytes());
            sink.write(b")");
        }
    };
    Ok(match finding(known)? {
        F::Verifies => collect(out, |sink| {
            sink.write(b"the signature covers exactly the signing string");
            under(sink);
        })?,
        F::Mistake => {
            let variation = variation(name)?;
            collect(out, |sink| {
                variation.write_text(sink);
                under(sink);
            })?
        }
        F::OtherHash => collect(out, |sink| {
            sink.write(b"the signature opens with this key but holds another hash than SHA-256: ");
            sink.write(name);
        })?,
        F::WrongKey => collect(out, |sink| {
            sink.write(
                b"the signature does not open with this key: it was made with another key or by \
                  another operation, or damaged",
            );
        })?,
        F::WrongEncoding => {
            let variation = variation(name)?;
            collect(out, |sink| {
                sink.write(b"the signature opens with this key; of what string it was made is not known, but ");
                variation.write_text(sink);
            })?
        }
        F::Unexplained => collect(out, |sink| {
            sink.write(b"the signature opens with this key and holds a SHA-256 that no known mistake gives: compare the signing strings of both sides byte by byte");
        })?,
    })
}

/// What an explanation says was found.
fn finding(known: &DaxsignExplanation) -> Result<F, CallError> {
    FINDINGS
        .into_iter()
        .find(|finding| finding.number() == known.finding)
        .ok_or_else(|| no_such_finding(known))
}

fn no_such_finding(known: &DaxsignExplanation) -> CallError {
    out_of_range("explanation.finding", known.finding.into())
}

/// The mistake with this name.
fn variation(name: &[u8]) -> Result<Variation, CallError> {
    core::str::from_utf8(name)
        .ok()
        .and_then(Variation::parse)
        .ok_or(out_of_range("explanation.name", 0))
}

/// Writes the string that the signer signed by the mistake that was found, to be compared with
/// `daxsign_signing_string`. `request` and `options` are those that were explained.
///
/// Errors: `invalid-argument` for an explanation without a known string; what is wrong with the
/// `Signature` field; `buffer-too-small`. Shared: all inputs. Stack: DAXSIGN_STACK_EXPLAIN(2048).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_explanation_string(
    explanation: *const DaxsignExplanation,
    request: *const DaxsignRequest,
    options: *const DaxsignOptions,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.bytes(out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let known = inputs.versioned(explanation)?;
        let request = inputs.request(request)?;
        let options = inputs.optional(options)?;
        out.fill(|out| {
            let options = read_options(options)?.options;
            let variation = string_of(known)?;
            let list = SignatureHeader::from_request(&request)?.components()?;
            let mut sink = SliceSink::new(out);
            variation.write_string(&request, &list, options, &mut sink)?;
            Ok(sink.finish()?.len())
        })
    })
}

/// The mistake by which the string was made that an explanation tells of.
fn string_of(known: &DaxsignExplanation) -> Result<Variation, CallError> {
    match finding(known)? {
        F::Verifies => Ok(Variation::NONE),
        F::Mistake => {
            let (bytes, len) = unfixed(&known.name);
            variation(bytes.get(..len).unwrap_or_default())
        }
        // Of these no string is known.
        F::OtherHash | F::WrongKey | F::Unexplained | F::WrongEncoding => {
            Err(no_such_finding(known))
        }
    }
}
