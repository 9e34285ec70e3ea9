//! What a caller chooses: the profile, and the options that have a default.

use daxsign_core::{ContentPolicy, DEFAULT_WINDOW, Options, Policy, Profile, TargetForm};

use crate::call_error::CallError;
use crate::memory::plain::{Plain, Versioned};
use crate::number::numbers;
use crate::status::DaxsignStatus;

/// Which reading of "SHA256withRSA over `sha256(signingstring)`" is used. Both sides must use the
/// same one, so there is no default: 0 is no profile.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignProfile {
    /// The signature is over the signing string: its SHA-256 is signed. What the text of DAX says.
    Documented = 1,
    /// The signature is over the SHA-256 of the signing string. What the vendor's SDK does and the
    /// production service was seen to accept.
    VendorSdk = 2,
}

numbers!(DaxsignProfile: u32);

/// How much of the request target is signed.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignTargetForm {
    /// The path: everything before the first `?`. What DAX expects; the query is not protected.
    Path = 0,
    /// The whole target with its query, for peers that expect it.
    Full = 1,
}

/// Which `Content-Type` a request must have.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignContent {
    /// Any, as long as a charset named in it is UTF-8.
    Any = 0,
    /// `application/json`, as the DAX REST API demands (it answers 400 otherwise).
    Rest = 1,
}

/// Which component lists are accepted for a request with a body.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignPolicy {
    /// `content-length` is listed and `date` comes last, so that no byte can move between the lines
    /// and the body.
    Strict = 0,
    /// Any list with the required components, as the vendor's SDK sends them.
    Interop = 1,
}

/// How far a request's date may lie from `now` on either side, in seconds, unless you choose.
pub const DAXSIGN_DEFAULT_WINDOW: u32 = 300;
const _: () = assert!(DAXSIGN_DEFAULT_WINDOW == DEFAULT_WINDOW);

/// Options with a default. Initialise with `DAXSIGN_OPTIONS_INIT`, or pass NULL for what DAX expects.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignOptions {
    /// `sizeof(DaxsignOptions)`.
    pub struct_size: u32,
    /// A `DaxsignTargetForm`.
    pub target_form: u32,
    /// A `DaxsignContent`.
    pub content: u32,
    /// A `DaxsignPolicy`: for verifying, and for signing with the default list, which signs a body
    /// without `Content-Length` under `DAXSIGN_POLICY_INTEROP` only.
    pub policy: u32,
    /// Seconds that a date may lie before and after `now`; for verifying only.
    pub window: u32,
}

// SAFETY: integers.
unsafe impl Plain for DaxsignOptions {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignOptions {
    const NAME: &'static str = "options";
}

/// The options of a call.
pub(crate) struct ReadOptions {
    pub(crate) options: Options,
    pub(crate) policy: Policy,
    pub(crate) window: u32,
}

/// What the numbers in options choose; the defaults for no options.
pub(crate) fn read_options(options: Option<&DaxsignOptions>) -> Result<ReadOptions, OutOfRange> {
    let Some(raw) = options else {
        return Ok(ReadOptions {
            options: Options::DAX,
            policy: Policy::Strict,
            window: DEFAULT_WINDOW,
        });
    };
    Ok(ReadOptions {
        options: Options {
            target: choose(
                "options.target_form",
                raw.target_form,
                [TargetForm::Path, TargetForm::Full],
            )?,
            content: choose(
                "options.content",
                raw.content,
                [ContentPolicy::Any, ContentPolicy::Rest],
            )?,
        },
        policy: choose(
            "options.policy",
            raw.policy,
            [Policy::Strict, Policy::Interop],
        )?,
        window: raw.window,
    })
}

/// The choice with this number, counted from 0.
pub(crate) fn choose<T, const N: usize>(
    argument: &'static str,
    number: u32,
    choices: [T; N],
) -> Result<T, OutOfRange> {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    choices.into_iter().nth(index).ok_or(OutOfRange {
        argument,
        found: number,
    })
}

/// A number that is not a value of its enum.
pub(crate) fn out_of_range(argument: &'static str, found: u64) -> CallError {
    CallError::sized(DaxsignStatus::DaxsignErrInvalidArgument, argument, 0, found)
}

/// A number that is not a value of its enum, in a few words of memory.
pub(crate) struct OutOfRange {
    argument: &'static str,
    found: u32,
}

impl From<OutOfRange> for CallError {
    fn from(OutOfRange { argument, found }: OutOfRange) -> Self {
        out_of_range(argument, found.into())
    }
}

/// The profile with this number.
pub(crate) fn read_profile(number: u32) -> Result<Profile, OutOfRange> {
    [Profile::Documented, Profile::VendorSdk]
        .into_iter()
        .find(|profile| profile_number(*profile) == number)
        .ok_or(OutOfRange {
            argument: "profile",
            found: number,
        })
}

/// The number of a profile.
pub(crate) const fn profile_number(profile: Profile) -> u32 {
    match profile {
        Profile::Documented => DaxsignProfile::Documented.number(),
        Profile::VendorSdk => DaxsignProfile::VendorSdk.number(),
    }
}
