//! What is known of a sandbox that runs: where it is, who takes part, in which files.

use std::path::{Path, PathBuf};

use super::door::FirstDoor;
use super::people::Member;
use crate::operating::{Folder, Part};

/// What is known of a sandbox that runs.
pub(super) struct Facts {
    pub(super) folder: PathBuf,
    /// Whether that is gone once it ends.
    pub(super) temporary: bool,
    pub(super) seed: u32,
    /// Where the REST API is.
    pub(super) base: String,
    /// Where operators ask.
    pub(super) management: String,
    /// Whether clients have to show a certificate.
    pub(super) client_certificates: bool,
    pub(super) members: [Member; 3],
    pub(super) door: Option<FirstDoor>,
}

impl Facts {
    pub(super) const fn estates(&self) -> &Member {
        let [estates, ..] = &self.members;
        estates
    }

    pub(super) const fn office(&self) -> &Member {
        let [_, office, _] = &self.members;
        office
    }

    pub(super) const fn client(&self) -> &Member {
        let [.., client] = &self.members;
        client
    }

    pub(super) fn file(&self, part: Part) -> PathBuf {
        Folder::new(&self.folder).file(part)
    }

    /// Where the tool keeps its settings for the sandbox.
    pub(super) fn tool_settings(&self) -> PathBuf {
        self.folder.join("tool")
    }
}

/// A path as others are told of it.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
