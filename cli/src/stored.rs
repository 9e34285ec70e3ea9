//! What the settings of `daxsign setup` say to commands that call nothing.

use crate::arguments::Profile;
use crate::failure::Failure;

/// The profile of the settings that are used where no name is given; `None` without settings.
#[cfg(feature = "client")]
pub(crate) fn profile() -> Result<Option<Profile>, Failure> {
    crate::rest::connection::stored_profile()
}

/// Nobody makes settings where the commands for the REST API are left out.
#[cfg(not(feature = "client"))]
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn profile() -> Result<Option<Profile>, Failure> {
    Ok(None)
}
