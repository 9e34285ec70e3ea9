//! What a sandbox is told.

use std::path::PathBuf;

/// What a sandbox is told. By default it is in a folder that is gone afterwards, on ports that are free.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SandboxSettings {
    /// The folder that holds everything. It is made where it is not there, and stays.
    pub folder: Option<PathBuf>,
    /// Whether what happened in the folder before is forgotten; keys, passwords and ports stay.
    pub reset: bool,
    /// Which data: the same number gives the same ids, names and people. 1 where nothing is said.
    pub seed: Option<u32>,
    /// How many card owners each Alliera has; 12 where nothing is said.
    pub card_owners: Option<u32>,
    /// Whether the REST door asks for a client certificate; as before where nothing is said.
    pub client_certificates: Option<bool>,
    /// Where the REST door listens, such as `127.0.0.1:8443`; as before where nothing is said.
    pub rest_listen: Option<String>,
    /// Where the management door listens.
    pub management_listen: Option<String>,
}

impl SandboxSettings {
    /// In that folder.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
            ..Self::default()
        }
    }
}
