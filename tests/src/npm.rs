//! Packages from JavaScript's registry that hold what the tests use, fetched with npm when they are
//! first needed. Each is pinned by version and hash.

use std::path::Path;
use std::process::Command;

/// A package.
#[derive(Clone, Copy, Debug)]
pub struct NpmPackage {
    /// `name@version`.
    pub package: &'static str,
    /// The SHA-256 of its archive, in hexadecimal.
    pub sha256: &'static str,
}

/// With the package, its hash and the files as arguments.
const UNPACK: &str = r#"
set -e
mkdir npm
cd npm
npm pack --silent "$1" >/dev/null
archive=$(echo *.tgz)
echo "$2  $archive" | sha256sum --check --quiet
tar -xzf "$archive" -C .. "${@:3}"
cd ..
rm -r npm
"#;

impl NpmPackage {
    /// Downloads the archive and unpacks some of its files into `folder`. None of its code runs.
    pub fn unpack(&self, folder: &Path, files: &[String]) {
        let output = Command::new("bash")
            .args(["-c", UNPACK, "unpack", self.package, self.sha256])
            .args(files)
            .current_dir(folder)
            .output()
            .expect("bash");
        assert!(
            output.status.success(),
            "cannot get {} with npm (package npm): {}{}",
            self.package,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
