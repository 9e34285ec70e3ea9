//! Where settings stand: a file for each name, in the folder where the operating system keeps those
//! of programs.

use std::env;
use std::path::PathBuf;

use crate::failure::Failure;

/// The settings that are used where no name is given.
const DEFAULT_NAME: &str = "default";
/// The name that is used where the command line has none.
const NAME_VARIABLE: &str = "DAXSIGN_AS";
/// Another folder than the operating system's.
const FOLDER_VARIABLE: &str = "DAXSIGN_SETTINGS";
/// The longest name.
const MAX_NAME_CHARS: usize = 64;

/// The name that is meant.
pub(crate) fn name(option: Option<&str>) -> Result<String, Failure> {
    let name = option
        .map(str::to_owned)
        .or_else(|| variable(NAME_VARIABLE));
    let name = name.unwrap_or_else(|| DEFAULT_NAME.to_owned());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > MAX_NAME_CHARS || !name.chars().all(plain) {
        return Err(Failure::Unusable(format!(
            "--as: a name has 1 to {MAX_NAME_CHARS} letters, digits, - and _, such as `test`"
        )));
    }
    Ok(name)
}

/// The file of a name.
pub(crate) fn path(name: &str) -> Result<PathBuf, Failure> {
    let folder = folder().ok_or_else(|| {
        Failure::Unusable(format!(
            "no folder for settings is known (HOME is not set): name one in {FOLDER_VARIABLE}"
        ))
    })?;
    Ok(folder.join(format!("{name}.toml")))
}

fn folder() -> Option<PathBuf> {
    if let Some(folder) = variable(FOLDER_VARIABLE) {
        return Some(folder.into());
    }
    let own = |folder: String| PathBuf::from(folder).join("daxsign");
    if cfg!(windows) {
        return variable("APPDATA").map(own);
    }
    let of_home = || variable("HOME").map(|home| PathBuf::from(home).join(".config/daxsign"));
    variable("XDG_CONFIG_HOME").map(own).or_else(of_home)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|text| !text.is_empty())
}
