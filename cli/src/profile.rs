//! Which profile is used: one that somebody chose, on the command line, in the environment, or in
//! their settings.

use std::env;

use clap::ValueEnum;

use crate::arguments::Profile;
use crate::failure::Failure;
use crate::terminal::visible;

/// Chooses the profile where the command line does not.
const VARIABLE: &str = "DAXSIGN_PROFILE";

/// The profile of the option, else of the variable, else of the settings.
pub(crate) fn choose(
    option: Option<Profile>,
    settings: impl FnOnce() -> Result<Option<Profile>, Failure>,
) -> Result<Profile, Failure> {
    if let Some(profile) = option {
        return Ok(profile);
    }
    if let Some(profile) = from_environment()? {
        return Ok(profile);
    }
    settings()?.ok_or_else(|| Failure::Unusable(UNCHOSEN.to_owned()))
}

/// What is said where nobody chose.
const UNCHOSEN: &str = "\
no profile is chosen, and what one signs the other refuses: `vendor-sdk` is the only one that the \
production service was seen to accept, `documented` is what the DAX text says; choose with --profile, \
with the variable DAXSIGN_PROFILE, or once for all in settings (`daxsign setup`); for a request that \
is signed already `daxsign explain` tells which one it has";

fn from_environment() -> Result<Option<Profile>, Failure> {
    let Some(text) = env::var_os(VARIABLE).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.to_str().and_then(parse).map(Some).ok_or_else(|| {
        Failure::Unusable(format!(
            "{VARIABLE}: \"{}\" is no profile: write documented or vendor-sdk",
            visible(text.as_encoded_bytes())
        ))
    })
}

/// Reads a profile's name.
pub(crate) fn parse(text: &str) -> Option<Profile> {
    Profile::from_str(text, false).ok()
}
